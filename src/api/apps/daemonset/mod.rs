//! DaemonSet: a pod on each node.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::DaemonSet;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::template::wide_cells;
use crate::{
    core::pod::fill_template,
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, count, kind as build, labels_cell, name_cell,
        number, of_field, wide,
    },
};

pub(crate) fn kind() -> Kind {
    build::<DaemonSet>("apps", "v1", "DaemonSet", "daemonsets")
        .short("ds")
        .category("all")
        .status()
        .generation()
        .defaults(defaults)
        .prepare(prepare)
        .table(COLUMNS, cells)
}

const STATUS: &str = "v1.DaemonSetStatus";
const COLUMNS: &[Column] = &[
    NAME,
    number(of_field("Desired", STATUS, "desiredNumberScheduled")),
    number(of_field("Current", STATUS, "currentNumberScheduled")),
    number(of_field("Ready", STATUS, "numberReady")),
    number(of_field("Up-to-date", STATUS, "updatedNumberScheduled")),
    number(of_field("Available", STATUS, "numberAvailable")),
    of_field("Node Selector", "v1.PodSpec", "nodeSelector"),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.DaemonSetSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let mut row = vec![
        name_cell(object),
        count(object, "/status/desiredNumberScheduled").into(),
        count(object, "/status/currentNumberScheduled").into(),
        count(object, "/status/numberReady").into(),
        count(object, "/status/updatedNumberScheduled").into(),
        count(object, "/status/numberAvailable").into(),
        labels_cell(object, "/spec/template/spec/nodeSelector"),
        age_cell(object, now),
    ];
    row.extend(wide_cells(object));
    row
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "revisionHistoryLimit", 10);
    let strategy = meta::as_object(spec.entry("updateStrategy").or_insert(Value::Null));
    meta::set_default(strategy, "type", "RollingUpdate");
    if strategy["type"] == "RollingUpdate" {
        let rolling = meta::as_object(strategy.entry("rollingUpdate").or_insert(Value::Null));
        meta::set_default(rolling, "maxUnavailable", 1);
        meta::set_default(rolling, "maxSurge", 0);
    }
    fill_template(spec.entry("template").or_insert(Value::Null));
}

/// Counts the templates. Older than `metadata.generation`, served as an annotation.
fn prepare(object: &mut Value, old: Option<&Value>) {
    const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
    let generation = match old {
        None => 1,
        Some(old) => {
            let before = meta::annotation(old, TEMPLATE_GENERATION);
            let before = before.and_then(|count| count.parse().ok()).unwrap_or(1);
            let same = old.pointer("/spec/template") == object.pointer("/spec/template");
            if same { before } else { before + 1 }
        }
    };
    let annotations = meta::metadata_mut(object).entry("annotations").or_insert(Value::Null);
    meta::as_object(annotations).insert(TEMPLATE_GENERATION.into(), generation.to_string().into());
}
