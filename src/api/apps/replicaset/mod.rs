//! ReplicaSet: so many pods of one template.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::ReplicaSet;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind, Scale},
    meta,
};
use serde_json::{Value, json};

use super::template::{Named, check_spec, wide_cells};
use crate::{
    check,
    core::pod::{
        fill_template, keep_served,
        warnings::{of_template, of_workload_name},
    },
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, count, drop_zero, kind as build, name_cell,
        number, of_field, wide,
    },
};

pub(crate) fn kind() -> Kind {
    build::<ReplicaSet>("apps", "v1", "ReplicaSet", "replicasets")
        .short("rs")
        .category("all")
        .status()
        .generation()
        .scaled(Scale::at("/spec/replicas", "/status/replicas", "/spec/selector"))
        .defaults(defaults)
        .prepare(|object, old| keep_served(object, old, "/spec/template"))
        .validate(validate)
        .validate_status(check_status)
        .warns(of_workload_name)
        .warns(|change| of_template(change, "spec.template"))
        .table(COLUMNS, cells)
        .selectable("status.replicas", |it| count(it, "/status/replicas").to_string())
}

const COLUMNS: &[Column] = &[
    NAME,
    number(of_field("Desired", "v1.ReplicaSetSpec", "replicas")),
    number(of_field("Current", "v1.ReplicaSetStatus", "replicas")),
    number(of_field("Ready", "v1.ReplicaSetStatus", "readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.ReplicaSetSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let mut row = vec![
        name_cell(object),
        count(object, "/spec/replicas").into(),
        count(object, "/status/replicas").into(),
        count(object, "/status/readyReplicas").into(),
        age_cell(object, now),
    ];
    row.extend(wide_cells(object));
    row
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "replicas", 1);
    drop_zero(spec, &["minReadySeconds"]);
    let template = spec.entry("template").or_insert_with(|| json!({}));
    fill_template(template);
    let status = meta::object_at(object, "status");
    meta::set_default(status, "replicas", 0);
    drop_zero(
        status,
        &["availableReplicas", "fullyLabeledReplicas", "readyReplicas", "observedGeneration"],
    );
}

/// How errors name a set of replicas, also where a deployment makes it.
pub(crate) const PODS_OF_SETS: Named =
    Named { selects: "deployment", pods_of: "ReplicaSet", unreadable: "invalid label selector" };

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    check::twice_if_changed(change, errors, |errors| check_spec(spec, PODS_OF_SETS, errors));
    if let Some(old) = change.old {
        check::immutable_selector(spec, &old["spec"], &Path::new("spec"), errors);
    }
}

/// Source: `ValidateReplicaSetStatus` and `ValidateReplicationControllerStatus`.
pub(crate) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let counts = [
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "observedGeneration",
    ];
    let parts = [
        ("fullyLabeledReplicas", "replicas", "status.replicas"),
        ("readyReplicas", "replicas", "status.replicas"),
        ("availableReplicas", "replicas", "status.replicas"),
        ("availableReplicas", "readyReplicas", "readyReplicas"),
    ];
    check::status_counts(&change.new["status"], &counts, &parts, errors);
}
