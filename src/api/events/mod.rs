//! The group events.k8s.io: Event in its newer form, stored in the older one.

use k8s_openapi::api::events::v1::Event;
use machinery::{kind::Kind, meta};
use serde_json::Value;

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
