//! The group events.k8s.io: Event in its newer form, stored in the older one.

use k8s_openapi::api::events::v1::Event;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::{
    core::{
        event::{COLUMNS, cells, check_event},
        shown::shown,
    },
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
            .without_dependents()
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

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let stored = |object: &Value| {
        let mut object = object.clone();
        to_stored(&mut object);
        object
    };
    let event = stored(change.new);
    check_event(&event, "reportingController", errors);
    match change.old.map(stored) {
        None => check_new(&event, errors),
        Some(old) => check_update(&event, &old, errors),
    }
}

/// The newer form has no room for what the older one had. Source: `ValidateEventCreate`.
fn check_new(event: &Value, errors: &mut Errors) {
    check_series(event, errors);
    if meta::text(event, "/eventTime").is_empty() {
        errors.required(&Path::new("eventTime"), "");
    }
    let given = meta::text(event, "/type");
    if !matches!(given, "Normal" | "Warning") {
        errors.invalid(&Path::new("type"), &json!(""), format!("has invalid value: {given}"));
    }
    for field in ["firstTimestamp", "lastTimestamp", "count"] {
        if event.get(field).is_some_and(|value| !value.is_null() && *value != 0) {
            errors.invalid(&Path::new(field), &json!(""), "needs to be unset");
        }
    }
    if ["/source/component", "/source/host"].iter().any(|it| !meta::text(event, it).is_empty()) {
        errors.invalid(&Path::new("source"), &json!(""), "needs to be unset");
    }
}

fn check_series(event: &Value, errors: &mut Errors) {
    let Some(series) = event.get("series").filter(|series| series.is_object()) else { return };
    if meta::number(series, "/count").unwrap_or(0) < 2 {
        errors.invalid(&Path::new("series.count"), &json!(""), "should be at least 2");
    }
    if meta::text(series, "/lastObservedTime").is_empty() {
        errors.required(&Path::new("series.lastObservedTime"), "");
    }
}

/// Only the series of an event goes on. Source: `ValidateEventUpdate`.
fn check_update(new: &Value, old: &Value, errors: &mut Errors) {
    // The reason is looked at twice.
    const KEPT: [(&str, &str); 14] = [
        ("involvedObject", "ObjectReference"),
        ("reason", ""),
        ("message", ""),
        ("source", "EventSource"),
        ("firstTimestamp", "?"),
        ("lastTimestamp", "?"),
        ("count", "#"),
        ("reason", ""),
        ("type", ""),
        ("eventTime", "?"),
        ("action", ""),
        ("related", "ObjectReference"),
        ("reportingComponent", ""),
        ("reportingInstance", ""),
    ];
    if new.get("series") != old.get("series") {
        check_series(new, errors);
    }
    for (field, form) in KEPT {
        let (now, before) = (&new[field], &old[field]);
        if now == before {
            continue;
        }
        let shown = match (now, form) {
            (Value::Null, "") => "\"\"".to_owned(),
            (Value::Null, "#") => "0".to_owned(),
            (Value::Object(_), _) => shown(form, now),
            _ => now.to_string(),
        };
        let field = if field == "reportingComponent" { "reportingController" } else { field };
        errors.invalid_shown(&Path::new(field), &shown, "field is immutable");
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
