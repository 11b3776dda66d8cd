//! `ComponentStatus`: how the parts of the control plane are, in the old way.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ComponentStatus;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{NAME, kind as build, name_cell, text};

pub(crate) fn kind() -> Kind {
    build::<ComponentStatus>("", "v1", "ComponentStatus", "componentstatuses")
        .cluster()
        .short("cs")
        .only_verbs(&["get", "list"])
        .deprecated("v1 ComponentStatus is deprecated in v1.19+")
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "Status of the component conditions"),
    text("Message", "Message of the component conditions"),
    text("Error", "Error of the component conditions"),
];

fn cells(object: &Value, _now: Timestamp) -> Vec<Value> {
    let healthy =
        meta::items(object, "/conditions").iter().find(|it| meta::text(it, "/type") == "Healthy");
    let status = match healthy.map(|it| meta::text(it, "/status")) {
        None => "Unknown",
        Some("True") => "Healthy",
        Some(_) => "Unhealthy",
    };
    let of = |pointer: &str| healthy.map_or("", |it| meta::text(it, pointer));
    vec![name_cell(object), status.into(), of("/message").into(), of("/error").into()]
}
