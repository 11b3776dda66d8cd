//! Paths that are not resources: version, discovery, OpenAPI, keys of tokens.

use std::sync::Arc;

use axum::response::Response;
use http::{Method, request::Parts};
use machinery::status::Status;
use serde_json::json;

use super::{answer, health, not_found};
use crate::{authn::User, discovery, metrics, openapi, server::Inner};

/// The version of Kubernetes whose behaviour this server has.
pub(crate) const GIT_VERSION: &str = "v1.36.2";

/// Answers a path.
pub(crate) async fn respond(
    server: &Arc<Inner>,
    _user: &User,
    parts: &Parts,
    _body: &bytes::Bytes,
) -> Result<Response, Status> {
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(Status::http_method_not_allowed());
    }
    let resources = path.starts_with("/api/") || path.starts_with("/apis/");
    if parts.method == Method::HEAD && (resources || matches!(path, "/api" | "/apis")) {
        return Err(Status::http_method_not_allowed());
    }
    let accept = answer::accept(&parts.headers, query);
    if let Some(rest) = path.strip_prefix("/openapi/") {
        return openapi::respond(server, rest, &parts.headers, query);
    }
    match path.trim_end_matches('/') {
        "/version" => Ok(answer::json(200, &version(), true)),
        "/metrics" => {
            let page = metrics::page(server).await?;
            Ok(answer::raw(200, page.into(), metrics::CONTENT_TYPE))
        }
        "/api" | "/apis" => {
            discovery::respond(server, path.trim_end_matches('/'), &parts.headers, query)
        }
        "/openid/v1/jwks" => {
            let keys = server.config.signer.key_set();
            Ok(answer::raw(200, keys.to_string().into(), "application/jwk-set+json"))
        }
        "/.well-known/openid-configuration" => Ok(openid_configuration(server)),
        "" => Ok(answer::document(200, &json!({"paths": paths(server)}), accept?)),
        other if other.starts_with("/api/") || other.starts_with("/apis/") => {
            discovery::respond(server, other, &parts.headers, query)
        }
        other => Ok(health::respond(server, other, query).await.unwrap_or_else(not_found)),
    }
}

/// What `/version` tells.
pub(crate) fn version() -> serde_json::Value {
    let commit = option_env!("KANOE_GIT_COMMIT").unwrap_or("unknown");
    json!({
        "major": "1",
        "minor": "36",
        "emulationMajor": "1",
        "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35",
        "gitVersion": format!("{GIT_VERSION}+kanoe"),
        "gitCommit": commit,
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "rustc",
        "platform": format!("linux/{}", architecture()),
    })
}

/// The processor as Go names it.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn openid_configuration(server: &Inner) -> Response {
    let issuer = &server.config.issuer;
    let document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/openid/v1/jwks"),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [server.config.signer.algorithm()],
    });
    answer::json(200, &document, false)
}

fn paths(server: &Inner) -> Vec<String> {
    let mut paths: Vec<String> = vec!["/api".into(), "/api/v1".into(), "/apis".into()];
    for kind in server.registry.kinds().iter().filter(|kind| !kind.group.is_empty()) {
        paths.push(format!("/apis/{}", kind.group));
        paths.push(format!("/apis/{}/{}", kind.group, kind.version));
    }
    for fixed in [
        "/.well-known/openid-configuration",
        "/metrics",
        "/openapi/v2",
        "/openapi/v3",
        "/openid/v1/jwks",
        "/version",
    ] {
        paths.push(fixed.into());
    }
    paths.extend(health::paths());
    paths.sort();
    paths.dedup();
    paths
}
