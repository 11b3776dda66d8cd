//! The group node.k8s.io: ways to run containers.

use jiff::Timestamp;
use k8s_openapi::api::node::v1::RuntimeClass;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<RuntimeClass>("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses")
            .cluster()
            .table(COLUMNS, cells),
    ]
}

/// Kubernetes explains the handler with nothing.
const COLUMNS: &[Column] = &[NAME, text("Handler", ""), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), meta::text(object, "/handler").into(), age_cell(object, now)]
}
