//! ServiceAccount: the identity of a pod.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ServiceAccount;
use machinery::{
    kind::{Column, Kind, Subresource},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<ServiceAccount>("", "v1", "ServiceAccount", "serviceaccounts")
        .short("sa")
        .subresource(Subresource {
            name: "token",
            kind: "TokenRequest",
            group: "authentication.k8s.io",
            version: "v1",
            verbs: &["create"],
        })
        .answers_deletion_with_object()
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, of_field("Secrets", "v1.ServiceAccount", "secrets"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let secrets = meta::items(object, "/secrets").len().to_string();
    vec![name_cell(object), secrets.into(), age_cell(object, now)]
}
