//! `ResourceQuota`: how much of everything a namespace may have.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ResourceQuota;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

pub(crate) fn kind() -> Kind {
    build::<ResourceQuota>("", "v1", "ResourceQuota", "resourcequotas")
        .short("quota")
        .status()
        .answers_deletion_with_object()
        .validate(validate::check)
        .validate_status(validate::check_status)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Request",
        "Request represents a minimum amount of cpu/memory that a container may consume.",
    ),
    text(
        "Limit",
        "Limits control the maximum amount of cpu/memory that a container may use independent of \
         contention on the node.",
    ),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let used = |resource: &str| {
        let amount = object.pointer("/status/used").and_then(|used| used.get(resource)?.as_str());
        amount.unwrap_or("0")
    };
    let mut requests = Vec::new();
    let mut limits = Vec::new();
    let mut hard: Vec<(&str, &str)> = meta::strings(object, "/status/hard").collect();
    hard.sort_unstable();
    for (resource, amount) in hard {
        let column = if resource.starts_with("limits.") { &mut limits } else { &mut requests };
        column.push(format!("{resource}: {}/{amount}", used(resource)));
    }
    vec![
        name_cell(object),
        requests.join(", ").into(),
        limits.join(", ").into(),
        age_cell(object, now),
    ]
}
