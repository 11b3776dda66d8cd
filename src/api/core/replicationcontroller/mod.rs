//! ReplicationController: so many pods of one template, in the old form.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ReplicationController;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind, Scale},
    meta,
};
use serde_json::{Value, json};

use super::pod::{
    check_template, fill_template, keep_served,
    warnings::{of_template, of_workload_name},
};
use crate::{
    check,
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, container_cells, count, kind as build,
        labels_cell, name_cell, number, of_field, wide,
    },
};

pub(crate) fn kind() -> Kind {
    build::<ReplicationController>("", "v1", "ReplicationController", "replicationcontrollers")
        .orphans(None)
        .short("rc")
        .category("all")
        .status()
        .generation()
        .scaled(Scale::at("/spec/replicas", "/status/replicas", "/spec/selector"))
        .defaults(defaults)
        .prepare(|object, old| keep_served(object, old, "/spec/template"))
        .validate(validate)
        .validate_status(crate::apps::replicaset::check_status)
        .warns(of_workload_name)
        .warns(|change| of_template(change, "spec.template"))
        .table(COLUMNS, cells)
        .selectable("status.replicas", |it| count(it, "/status/replicas").to_string())
}

const COLUMNS: &[Column] = &[
    NAME,
    number(of_field("Desired", "v1.ReplicationControllerSpec", "replicas")),
    number(of_field("Current", "v1.ReplicationControllerStatus", "replicas")),
    number(of_field("Ready", "v1.ReplicationControllerStatus", "readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.ReplicationControllerSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let [names, images] = container_cells(object, "/spec/template/spec/containers");
    vec![
        name_cell(object),
        count(object, "/spec/replicas").into(),
        count(object, "/status/replicas").into(),
        count(object, "/status/readyReplicas").into(),
        age_cell(object, now),
        names,
        images,
        labels_cell(object, "/spec/selector"),
    ]
}

fn defaults(object: &mut Value) {
    let labels = object.pointer("/spec/template/metadata/labels").cloned();
    if let Some(labels) = labels {
        meta::set_default(meta::object_at(object, "spec"), "selector", labels.clone());
        meta::set_default(meta::metadata_mut(object), "labels", labels);
    }
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "replicas", 1);
    if let Some(template) = spec.get_mut("template") {
        fill_template(template);
    }
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    check::twice_if_changed(change, errors, |errors| {
        check_spec(spec, &Path::new("spec"), errors);
    });
}

fn check_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    check::not_negative(spec, "minReadySeconds", at, errors);
    let selector: Vec<(&str, &str)> = meta::strings(spec, "/selector").collect();
    if selector.is_empty() {
        errors.required(&at.child("selector"), "");
    }
    check::not_negative(spec, "replicas", at, errors);
    let Some(template) = spec.get("template").filter(|template| template.is_object()) else {
        errors.required(&at.child("template"), "");
        return;
    };
    let at = at.child("template");
    let labels = template.pointer("/metadata/labels").cloned().unwrap_or_default();
    if selector.iter().any(|(key, value)| labels.get(*key) != Some(&json!(value))) {
        let path = at.child("metadata").child("labels");
        errors.invalid(&path, &labels, "`selector` does not match template `labels`");
    }
    check_template(template, &at, true, errors);
    if meta::number(template, "/spec/activeDeadlineSeconds").is_some() {
        let why = "activeDeadlineSeconds in ReplicationController is not Supported";
        errors.forbidden(&at.child("spec").child("activeDeadlineSeconds"), why);
    }
}
