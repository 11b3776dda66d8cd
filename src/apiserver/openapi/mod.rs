//! The API's description for clients: `/openapi/v3` by group and version, `/openapi/v2` as a whole.
//! Source: kube-openapi's `pkg/handler` and `pkg/handler3`.

mod document;
mod gnostic;
pub(crate) mod merged;
mod operations;
mod parameters;
mod parts;
mod registered;
mod v2;

use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use document::Builder;
use http::{HeaderMap, HeaderValue, header};
use machinery::{kind::Kind, status::Status};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

use crate::{
    http::{Query, answer},
    server::Inner,
    subresources::REVIEWS,
};

/// As clients ask for it, and as it is answered: Go reads no `@` in a media type.
const V2_ASKED: &str = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const V2_PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// Answers `/openapi/REST`.
pub(crate) fn respond(
    server: &Arc<Inner>,
    rest: &str,
    headers: &HeaderMap,
    query: &str,
) -> Result<Response, Status> {
    match rest.trim_end_matches('/') {
        "v2" => Ok(version_2(server, headers)),
        "v3" => {
            accepts_json(headers)?;
            let mut index = index(server);
            for remote in server.aggregation.now().iter().filter(|it| !it.openapi.is_empty()) {
                let page = format!("apis/{}/{}", remote.group, remote.version);
                index["paths"][page] = json!({"serverRelativeURL": remote.openapi});
            }
            let index = index.to_string();
            Ok(answer::raw(200, index.into(), "text/plain; charset=utf-8"))
        }
        path => match path.strip_prefix("v3/").and_then(|path| page(server, path)) {
            Some(document) => version_3(&document, headers, query),
            None => Ok(answer::nothing(404)),
        },
    }
}

fn accepts_json(headers: &HeaderMap) -> Result<(), Status> {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or("*/*");
    if ["json", "*/*", "application/*"].iter().any(|range| accept.contains(range)) {
        return Ok(());
    }
    Err(Status::not_acceptable(&["application/json"]))
}

/// A document with its fingerprint, for clients that keep it.
fn version_3(document: &Value, headers: &HeaderMap, query: &str) -> Result<Response, Status> {
    accepts_json(headers)?;
    let body = document.to_string();
    let tag = hash(body.as_bytes());
    if let Some(asked) = Query::parse(query).all("hash").find(|asked| *asked != tag) {
        tracing::debug!(asked, tag, "an OpenAPI document has changed since its index was read");
    } else if !query.is_empty() {
        let mut response = tagged(headers, body.into(), "application/json", &tag);
        // Whoever names the fingerprint gets what never changes.
        let long = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, long);
        return Ok(response);
    }
    Ok(tagged(headers, body.into(), "application/json", &tag))
}

/// The document, or 304 where the client has it.
fn tagged(headers: &HeaderMap, body: bytes::Bytes, media: &'static str, tag: &str) -> Response {
    let quoted = format!("\"{tag}\"");
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| list.split(',').any(|one| one.trim().trim_start_matches("W/") == quoted));
    let mut response = if known { answer::nothing(304) } else { answer::raw(200, body, media) };
    let fields = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&quoted) {
        fields.insert(header::ETAG, value);
    }
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Accept"));
    response
}

/// The whole API in one document, as JSON or as gnostic's protobuf.
fn version_2(server: &Arc<Inner>, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or("*/*");
    let protobuf = accept.contains(V2_ASKED) || accept.contains(V2_PROTOBUF);
    if !protobuf && accepts_json(headers).is_err() {
        return answer::nothing(406);
    }
    let mut document = v2::document(every_page(server).into_iter().map(|(_, page)| page));
    for remote in server.aggregation.now().iter() {
        merged::join(&mut document, &remote.openapi_v2);
    }
    let (body, media) = if protobuf {
        (gnostic::encode(&document), V2_PROTOBUF)
    } else {
        (document.to_string().into_bytes(), "application/json")
    };
    let tag = hash(&body);
    tagged(headers, body.into(), media, &tag)
}

fn hash(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    let digest = Sha512::digest(bytes);
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// The fingerprints of all pages, made anew when kinds come or go.
#[derive(Debug, Default)]
pub(crate) struct Index {
    made: Mutex<Option<Made>>,
}

#[derive(Debug)]
struct Made {
    kinds: Arc<[Arc<Kind>]>,
    index: Value,
}

fn index(server: &Arc<Inner>) -> Value {
    let kinds = server.registry.kinds();
    {
        let made = server.openapi.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = made.as_ref().filter(|made| Arc::ptr_eq(&made.kinds, &kinds)) {
            return made.index.clone();
        }
    }
    let paths: Map<String, Value> = every_page(server)
        .into_iter()
        .map(|(path, page)| {
            let url = format!("/openapi/v3/{path}?hash={}", hash(page.to_string().as_bytes()));
            (path, json!({"serverRelativeURL": url}))
        })
        .collect();
    let index = json!({"paths": paths});
    let mut made = server.openapi.made.lock().unwrap_or_else(PoisonError::into_inner);
    *made = Some(Made { kinds, index: index.clone() });
    index
}

/// The groups and versions that are served.
fn versions(server: &Inner) -> Vec<(String, String)> {
    let kinds = server.registry.kinds();
    let own = kinds.iter().map(|kind| (kind.group.clone(), kind.version.clone()));
    let reviews = REVIEWS.iter().map(|review| (review.group.to_owned(), "v1".to_owned()));
    let mut all: Vec<_> = own.chain(reviews).collect();
    all.sort();
    all.dedup();
    all
}

fn every_page(server: &Inner) -> Vec<(String, Value)> {
    let mut paths: Vec<String> =
        FIXED.iter().map(|(path, ..)| path.trim_matches('/').to_owned()).collect();
    for (group, version) in versions(server) {
        if group.is_empty() {
            paths.push(format!("api/{version}"));
        } else {
            paths.push(format!("apis/{group}"));
            paths.push(format!("apis/{group}/{version}"));
        }
    }
    paths.sort();
    paths.dedup();
    let page = |path: String| page(server, &path).map(|page| (path, page));
    paths.into_iter().filter_map(page).collect()
}

/// Pages that are no resources: path, words, id, tag, body.
const FIXED: &[(&str, (&str, &str, &str), &str)] = &[
    (
        "/.well-known/openid-configuration/",
        (
            "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
            "getServiceAccountIssuerOpenIDConfiguration",
            "WellKnown",
        ),
        "",
    ),
    ("/api/", ("get available API versions", "getCoreAPIVersions", "core"), "APIVersions"),
    ("/apis/", ("get available API versions", "getAPIVersions", "apis"), "APIGroupList"),
    (
        "/openid/v1/jwks/",
        (
            "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)",
            "getServiceAccountIssuerOpenIDKeyset",
            "openid",
        ),
        "",
    ),
    (
        "/version/",
        ("get the version information for this server", "getCodeVersion", "version"),
        "Info",
    ),
];

/// The document at a path below `/openapi/v3/`.
fn page(server: &Inner, path: &str) -> Option<Value> {
    if let Some((path, about, body)) = FIXED.iter().find(|it| it.0.trim_matches('/') == path) {
        return Some(Builder::of_page(path, *about, body));
    }
    let versions = versions(server);
    let parts: Vec<&str> = path.split('/').collect();
    let (group, version) = match parts.as_slice() {
        ["api", version] => ("", *version),
        ["apis", group, version] => (*group, *version),
        ["apis", group] if versions.iter().any(|(one, _)| one == group) => {
            let id = format!("get{}APIGroup", operations::camel(group, ""));
            let tag = operations::tag(group, "");
            let about = ("get information of a group", id.as_str(), tag.as_str());
            return Some(Builder::of_page(&format!("/apis/{group}/"), about, "APIGroup"));
        }
        _ => return None,
    };
    if !versions.iter().any(|one| one.0 == group && one.1 == version) {
        return None;
    }
    let all = server.registry.kinds();
    let kinds: Vec<_> =
        all.iter().filter(|kind| kind.group == group && kind.version == version).cloned().collect();
    Some(Builder::of_version(group, version, &kinds))
}
