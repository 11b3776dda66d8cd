//! `scale`: the wanted number of any kind that has one, as `autoscaling/v1` Scale.

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    age,
    field::{Errors, Path},
    kind::{Kind, Scale},
    meta,
    patch::{apply_json_patch, apply_merge_patch},
    selector::LabelSelector,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::read;
use crate::{
    http::{
        Call,
        answer::{self, Accept, Form},
        body::document,
    },
    registry::{self, Part, Update},
};

/// Answers get, update and patch.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let Some(scale) = &call.kind.scale else { return Err(Status::no_such_path()) };
    if call.info.verb == "get" {
        let bytes = registry::served(call, call.name()).await?;
        let object: Value = serde_json::from_slice(&bytes).map_err(Status::internal)?;
        if call.kind.custom.is_some() && object.pointer(&scale.replicas).is_none() {
            let road = scale.replicas.replace('/', ".");
            let why = format!("the spec replicas field {road:?} does not exist");
            return Err(Status::internal(why));
        }
        return Ok(written(&shown(&object, scale), accept));
    }
    let given = given(call, body)?;
    let update = Update::of(call, Part::Whole)?;
    let updated = update
        .run(&mut |old| {
            let wanted = wanted(call, &shown(old, scale), &given)?;
            let mut new = old.clone();
            set(&mut new, &scale.replicas, wanted.replicas.into());
            let metadata = meta::metadata_mut(&mut new);
            match wanted.version {
                Some(version) => metadata.insert("resourceVersion".into(), version.into()),
                None => metadata.remove("resourceVersion"),
            };
            Ok(new)
        })
        .await?;
    let object: Value = serde_json::from_slice(&updated.bytes).map_err(Status::internal)?;
    Ok(written(&shown(&object, scale), accept))
}

/// A Scale as it is, or as a row.
fn written(shown: &Value, accept: Accept) -> Response {
    if accept.form != Form::Table {
        return answer::document(200, shown, accept);
    }
    let age = age::since(meta::text(shown, "/metadata/creationTimestamp"), lifecycle::clock::now());
    let column = |name: &str, kind: &str, format: &str, words: &str| json!({"name": name, "type": kind, "format": format, "description": words, "priority": 0});
    let row = json!({
        "cells": [
            meta::name(shown), meta::number(shown, "/spec/replicas").unwrap_or(0),
            meta::number(shown, "/status/replicas").unwrap_or(0), age,
        ],
        "object": {
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": shown["metadata"],
        },
    });
    let table = json!({
        "kind": "Table", "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": meta::resource_version(shown)},
        "columnDefinitions": [
            column("Name", "string", "name", "The object's name."),
            column("Desired", "integer", "", "How many there should be."),
            column("Available", "integer", "", "How many there are."),
            column("Age", "string", "", "How long ago the object was created."),
        ],
        "rows": [row],
    });
    answer::document(200, &table, accept)
}

/// The body: a Scale, or a patch of one.
fn given(call: &Call, body: &Bytes) -> Result<Value, Status> {
    if call.info.verb != "update" {
        return document(&call.headers, body);
    }
    let scale = read(call, body, ("autoscaling", "v1", "Scale"))?;
    let (name, asked) = (call.name(), meta::name(&scale));
    if asked.is_empty() {
        return Err(Status::bad_request(format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        )));
    }
    if asked != name {
        return Err(Status::bad_request(format!(
            "the name of the object ({asked}) does not match the name on the URL ({name})"
        )));
    }
    Ok(scale)
}

struct Wanted {
    replicas: i64,
    version: Option<String>,
}

fn wanted(call: &Call, old: &Value, given: &Value) -> Result<Wanted, Status> {
    let mut new = old.clone();
    let media = call.headers.get(http::header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    if call.info.verb == "update" {
        new = given.clone();
    } else if media.is_some_and(|media| media.starts_with("application/json-patch")) {
        apply_json_patch(&mut new, given).map_err(registry::json_refused)?;
    } else {
        apply_merge_patch(&mut new, given);
    }
    let replicas = meta::number(&new, "/spec/replicas").unwrap_or(0);
    check(&call.kind, call.name(), replicas)?;
    let explicit = match call.info.verb {
        "update" => meta::resource_version(&new),
        _ => meta::text(given, "/metadata/resourceVersion"),
    };
    let version = Some(explicit.to_owned()).filter(|version| !version.is_empty());
    Ok(Wanted { replicas, version })
}

/// Refuses a number of replicas that is none.
fn check(kind: &Kind, name: &str, replicas: i64) -> Result<(), Status> {
    if replicas >= 0 {
        return Ok(());
    }
    let mut errors = Errors::default();
    if kind.custom.is_some() {
        let path = Path::new(".spec").child("replicas");
        errors.invalid(&path, &replicas.into(), "should be a non-negative integer");
        return Err(Status::invalid(kind.group_kind(), name, &errors));
    }
    let path = Path::new("spec").child("replicas");
    errors.invalid(&path, &replicas.into(), "must be greater than or equal to 0");
    Err(Status::invalid(Resource { group: "autoscaling", name: "Scale" }, name, &errors))
}

/// Takes a Scale that was changed into its object. Errors: its number is none.
pub(crate) fn rescale(
    kind: &Kind,
    object: &mut Value,
    scale: &Scale,
    changed: &Value,
) -> Result<(), Status> {
    let replicas = meta::number(changed, "/spec/replicas").unwrap_or(0);
    check(kind, meta::name(object), replicas)?;
    set(object, &scale.replicas, replicas.into());
    Ok(())
}

fn set(object: &mut Value, pointer: &str, value: Value) {
    if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(parent) = object.pointer_mut(parent)
    {
        meta::as_object(parent).insert(key.to_owned(), value);
    }
}

/// An object as the Scale that it is.
pub(crate) fn shown(object: &Value, scale: &Scale) -> Value {
    let selector = match object.pointer(&scale.selector) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(labels)) if labels.values().all(Value::is_string) => {
            let pairs =
                labels.iter().filter_map(|(key, it)| Some(format!("{key}={}", it.as_str()?)));
            pairs.collect::<Vec<_>>().join(",")
        }
        Some(given) => {
            LabelSelector::from_object(given).map(|it| it.to_string()).unwrap_or_default()
        }
        None => String::new(),
    };
    let mut metadata = json!({});
    for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
        if let Some(value) = object.pointer(&format!("/metadata/{key}")) {
            metadata[key] = value.clone();
        }
    }
    let mut spec = json!({});
    if let Some(replicas) = meta::number(object, &scale.replicas).filter(|it| *it != 0) {
        spec["replicas"] = replicas.into();
    }
    let mut status = json!({"replicas": meta::number(object, &scale.observed).unwrap_or(0)});
    if !selector.is_empty() {
        status["selector"] = selector.into();
    }
    json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec,
        "status": status,
    })
}
