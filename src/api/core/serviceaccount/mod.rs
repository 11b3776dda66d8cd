//! ServiceAccount: the identity of a pod.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ServiceAccount;
use machinery::kind::{Column, Kind, Subresource};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell};

pub(crate) fn kind() -> Kind {
    build::<ServiceAccount>("", "v1", "ServiceAccount", "serviceaccounts")
        .short("sa")
        .subresource(Subresource {
            name: "token",
            kind: "TokenRequest",
            group: "authentication.k8s.io",
            version: "v1",
            verbs: &["create"],
            options: &[],
            piece: None,
        })
        .answers_deletion_with_object()
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), age_cell(object, now)]
}
