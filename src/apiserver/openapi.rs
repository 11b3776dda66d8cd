//! The API's description for clients: `/openapi/v3` by group and version, `/openapi/v2` as a whole.

use std::sync::Arc;

use axum::response::Response;
use http::HeaderMap;
use machinery::{kind::Kind, status::Status};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{http::answer, server::Inner};

/// Answers `/openapi/REST`.
pub(crate) fn respond(
    server: &Arc<Inner>,
    rest: &str,
    headers: &HeaderMap,
    _query: &str,
) -> Result<Response, Status> {
    let accept = headers.get(http::header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or("*/*");
    let json = ["json", "*/*", "application/*"].iter().any(|range| accept.contains(range));
    if !json {
        return Err(Status::not_acceptable(&["application/json"]));
    }
    if rest == "v3" || rest == "v3/" {
        return Ok(answer::json(200, &index(server), false));
    }
    if let Some(path) = rest.strip_prefix("v3/") {
        let kinds = kinds_at(server, path);
        if kinds.is_empty() {
            return Ok(answer::nothing(404));
        }
        return Ok(answer::json(200, &document(&kinds), false));
    }
    Ok(answer::nothing(404))
}

fn path_of(kind: &Kind) -> String {
    if kind.group.is_empty() {
        format!("api/{}", kind.version)
    } else {
        format!("apis/{}/{}", kind.group, kind.version)
    }
}

fn kinds_at(server: &Inner, path: &str) -> Vec<Arc<Kind>> {
    let kinds = server.registry.kinds();
    kinds.iter().filter(|kind| path_of(kind) == path).map(Arc::clone).collect()
}

fn index(server: &Inner) -> Value {
    let mut paths = Map::new();
    for kind in server.registry.kinds().iter() {
        let path = path_of(kind);
        let names: Vec<String> =
            kinds_at(server, &path).iter().map(|kind| kind.kind.clone()).collect();
        let hash = Sha256::digest(names.join(",").as_bytes());
        let hash = hex(&hash);
        let url = format!("/openapi/v3/{path}?hash={hash}");
        paths.insert(path, json!({"serverRelativeURL": url}));
    }
    json!({"paths": paths})
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn document(kinds: &[Arc<Kind>]) -> Value {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for kind in kinds {
        let (name, definitions) = kind.documents();
        for (definition, mut schema) in definitions {
            point_to_components(&mut schema);
            schemas.insert(definition, schema);
        }
        if let Some(schema) = schemas.get_mut(&name) {
            schema["x-kubernetes-group-version-kind"] = json!([gvk(kind)]);
        }
        add_paths(kind, &name, &mut paths);
    }
    json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": crate::http::GIT_VERSION},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn gvk(kind: &Kind) -> Value {
    json!({"group": kind.group, "version": kind.version, "kind": kind.kind})
}

fn point_to_components(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if key == "$ref"
                    && let Some(name) = value.as_str().and_then(|text| text.rsplit('/').next())
                {
                    *value = format!("#/components/schemas/{name}").into();
                } else {
                    point_to_components(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_components),
        _ => {}
    }
}

fn add_paths(kind: &Kind, name: &str, paths: &mut Map<String, Value>) {
    let root = format!("/{}", path_of(kind));
    let base = if kind.is_namespaced() {
        format!("{root}/namespaces/{{namespace}}/{}", kind.plural)
    } else {
        format!("{root}/{}", kind.plural)
    };
    let content =
        json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let operation = |action: &str, writes: bool| {
        let mut parameters = vec![parameter("dryRun"), parameter("fieldManager")];
        if writes {
            parameters.push(parameter("fieldValidation"));
        } else {
            parameters.clear();
        }
        json!({
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": gvk(kind),
            "parameters": parameters,
            "responses": {"200": {"description": "OK", "content": content}},
        })
    };
    paths.insert(
        base.clone(),
        json!({
            "get": operation("list", false), "post": operation("post", true),
            "delete": operation("deletecollection", false),
        }),
    );
    paths.insert(
        format!("{base}/{{name}}"),
        json!({
            "get": operation("get", false), "put": operation("put", true),
            "patch": operation("patch", true), "delete": operation("delete", false),
        }),
    );
}

fn parameter(name: &str) -> Value {
    json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}})
}
