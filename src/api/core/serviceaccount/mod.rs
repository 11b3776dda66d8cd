//! ServiceAccount: the identity of a pod.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ServiceAccount;
use machinery::{
    kind::{Change, Column, Kind, Subresource},
    meta,
};
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
        .warns(warn)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), age_cell(object, now)]
}

fn warn(change: &Change<'_>) -> Vec<String> {
    const SECRETS: &str = "kubernetes.io/enforce-mountable-secrets";
    let has = |object| meta::annotation(object, SECRETS).is_some();
    if !has(change.new) || change.old.is_some_and(has) {
        return Vec::new();
    }
    vec![format!(
        "metadata.annotations[{SECRETS}]: deprecated in v1.32+; prefer separate namespaces to \
         isolate access to mounted secrets"
    )]
}
