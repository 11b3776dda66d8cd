//! Deployment: a ReplicaSet that moves from one template to the next.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::Deployment;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind, Scale},
    meta,
};
use serde_json::{Map, Value, json};

use super::{
    replicaset::PODS_OF_SETS,
    template::{check_spec, shown_strategy, wide_cells},
};
use crate::{
    check,
    core::pod::{
        fill_template, keep_served,
        warnings::{of_template, of_workload_name},
    },
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, count, drop_zero, kind as build, name_cell,
        of_field, text, wide,
    },
};

pub(crate) fn kind() -> Kind {
    build::<Deployment>("apps", "v1", "Deployment", "deployments")
        .short("deploy")
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
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Ready", "Number of the pod with ready state"),
    of_field("Up-to-date", "v1.DeploymentStatus", "updatedReplicas"),
    of_field("Available", "v1.DeploymentStatus", "availableReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.DeploymentSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let ready = count(object, "/status/readyReplicas");
    let wanted = count(object, "/spec/replicas");
    let mut row = vec![
        name_cell(object),
        format!("{ready}/{wanted}").into(),
        count(object, "/status/updatedReplicas").into(),
        count(object, "/status/availableReplicas").into(),
        age_cell(object, now),
    ];
    row.extend(wide_cells(object));
    row
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "replicas", 1);
    meta::set_default(spec, "revisionHistoryLimit", 10);
    meta::set_default(spec, "progressDeadlineSeconds", 600);
    drop_zero(spec, &["minReadySeconds", "paused"]);
    let strategy = spec.entry("strategy").or_insert_with(|| json!({}));
    fill_strategy(meta::as_object(strategy));
    let template = spec.entry("template").or_insert_with(|| json!({}));
    fill_template(template);
    let status = meta::object_at(object, "status");
    drop_zero(
        status,
        &[
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "observedGeneration",
        ],
    );
}

fn fill_strategy(strategy: &mut Map<String, Value>) {
    drop_zero(strategy, &["type"]);
    meta::set_default(strategy, "type", "RollingUpdate");
    if strategy["type"] != json!("RollingUpdate") {
        return;
    }
    let rolling = meta::as_object(strategy.entry("rollingUpdate").or_insert(Value::Null));
    meta::set_default(rolling, "maxUnavailable", "25%");
    meta::set_default(rolling, "maxSurge", "25%");
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_spec(spec, PODS_OF_SETS, errors);
    check_strategy(&spec["strategy"], &at.child("strategy"), errors);
    check::not_negative(spec, "revisionHistoryLimit", &at, errors);
    if let Some(deadline) = meta::number(spec, "/progressDeadlineSeconds") {
        let path = at.child("progressDeadlineSeconds");
        check::not_negative(spec, "progressDeadlineSeconds", &at, errors);
        if deadline <= meta::number(spec, "/minReadySeconds").unwrap_or(0) {
            errors.invalid(&path, &json!(deadline), "must be greater than minReadySeconds");
        }
    }
    if let Some(old) = change.old {
        check::immutable_selector(spec, &old["spec"], &at, errors);
    }
}

fn check_strategy(strategy: &Value, at: &Path, errors: &mut Errors) {
    const ROLLING: [(&str, &str); 2] =
        [("MaxUnavailable", "maxUnavailable"), ("MaxSurge", "maxSurge")];
    match meta::text(strategy, "/type") {
        "Recreate" => {
            if strategy.get("rollingUpdate").is_some() {
                let why = "may not be specified when strategy `type` is 'Recreate'";
                errors.forbidden(&at.child("rollingUpdate"), why);
            }
        }
        "RollingUpdate" => {
            let rolling = &strategy["rollingUpdate"];
            let at = at.child("rollingUpdate");
            let unavailable = check::share(rolling, "maxUnavailable", &at, errors);
            let surge = check::share(rolling, "maxSurge", &at, errors);
            if unavailable == Some(0) && surge == Some(0) {
                let why = "may not be 0 when `maxSurge` is 0";
                errors.invalid(&at.child("maxUnavailable"), &rolling["maxUnavailable"], why);
            }
            check::at_most_all(rolling, "maxUnavailable", &at, errors);
        }
        _ => {
            let shown = shown_strategy(strategy, &ROLLING);
            errors.not_supported_shown(at, &shown, &["Recreate", "RollingUpdate"]);
        }
    }
}

/// Source: `ValidateDeploymentStatus`.
fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let status = &change.new["status"];
    let counts = [
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "collisionCount",
    ];
    let parts = [
        ("updatedReplicas", "replicas", "status.replicas"),
        ("readyReplicas", "replicas", "status.replicas"),
        ("availableReplicas", "replicas", "status.replicas"),
        ("availableReplicas", "readyReplicas", "readyReplicas"),
    ];
    check::status_counts(status, &counts, &parts, errors);
    check::collisions_kept(change, errors);
}
