//! The group events.k8s.io: Event in its newer form, stored in the older one.

use k8s_openapi::api::events::v1::Event;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Kind},
    meta, names,
};
use serde_json::{Value, json};

use crate::{
    core::event::{COLUMNS, cells},
    parts::{drop_zero, kind as build},
    schema::openapi_definitions,
};

/// Field names in core/v1 and here. Source: conversion of events.k8s.io/v1.
const RENAMED: [(&str, &str); 7] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("reportingComponent", "reportingController"),
];

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<Event>("events.k8s.io", "v1", "Event", "events")
            .short("ev")
            .creates_on_update()
            .stored_as("", "events")
            .converted(to_stored, from_stored)
            .explained_by(openapi_definitions::<k8s_openapi::api::core::v1::Event>)
            .validate(validate)
            .table(COLUMNS, |object, now| cells(object, "regarding", "note", now))
            .selectable("reason", |it| meta::text(it, "/reason").into())
            .selectable("regarding.kind", |it| meta::text(it, "/regarding/kind").into())
            .selectable("regarding.name", |it| meta::text(it, "/regarding/name").into())
            .selectable("regarding.namespace", |it| meta::text(it, "/regarding/namespace").into())
            .selectable("regarding.uid", |it| meta::text(it, "/regarding/uid").into())
            .selectable("reportingController", |it| meta::text(it, "/reportingController").into())
            .selectable("type", |it| meta::text(it, "/type").into()),
    ]
}

/// The newer form has no room for what the older one had. Source: `ValidateEventCreate`.
fn validate(change: &Change<'_>, errors: &mut Errors) {
    let event = change.new;
    if change.old.is_some() {
        return;
    }
    if meta::text(event, "/eventTime").is_empty() {
        errors.required(&Path::new("eventTime"), "");
    }
    let given = meta::text(event, "/type");
    if !matches!(given, "Normal" | "Warning") {
        errors.invalid(&Path::new("type"), &json!(""), format!("has invalid value: {given}"));
    }
    for (field, shown) in [
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
    ] {
        if !matches!(event[field], Value::Null) && event[field] != 0 {
            errors.invalid(&Path::new(shown), &json!(""), "needs to be unset");
        }
    }
    let source = &event["deprecatedSource"];
    if ["component", "host"].iter().any(|part| !meta::text(&source[*part], "").is_empty()) {
        errors.invalid(&Path::new("source"), &json!(""), "needs to be unset");
    }
    named(event, errors);
}

/// An event with a time says who reports it, what was done and why.
fn named(event: &Value, errors: &mut Errors) {
    if meta::text(event, "/eventTime").is_empty() {
        return;
    }
    let controller = meta::text(event, "/reportingController");
    let at = Path::new("reportingController");
    if controller.is_empty() {
        errors.required(&at, "");
    }
    for why in names::qualified_name(controller) {
        errors.invalid(&at, &json!(controller), why);
    }
    for (field, longest) in [("reportingInstance", 128), ("action", 128), ("reason", 128)] {
        let text = meta::text(event, &format!("/{field}"));
        if text.is_empty() {
            errors.required(&Path::new(field), "");
        } else if text.len() > longest {
            let why = format!("can have at most {longest} characters");
            errors.invalid(&Path::new(field), &json!(""), why);
        }
    }
    if meta::text(event, "/note").len() > 1024 {
        errors.invalid(&Path::new("message"), &json!(""), "can have at most 1024 characters");
    }
}

fn to_stored(object: &mut Value) {
    let fields = meta::as_object(object);
    fields.insert("apiVersion".into(), "v1".into());
    for (stored, here) in RENAMED {
        if let Some(value) = fields.remove(here) {
            fields.insert(stored.into(), value);
        }
    }
    crate::core::event::fill(object);
}

fn from_stored(object: &mut Value) {
    let fields = meta::as_object(object);
    fields.insert("apiVersion".into(), "events.k8s.io/v1".into());
    for (stored, here) in RENAMED {
        if let Some(value) = fields.remove(stored) {
            fields.insert(here.into(), value);
        }
    }
    drop_zero(fields, &["reportingController", "reportingInstance"]);
}
