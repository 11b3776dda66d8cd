//! DaemonSet: a pod on each node.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::DaemonSet;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use super::template::{check_pods, check_selected, shown_strategy, wide_cells};
use crate::{
    check,
    core::pod::{fill_template, keep_served, warnings::of_template},
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
        .field_as(TEMPLATE_GENERATION)
        .defaults(defaults)
        .prepare(prepare)
        .validate(validate)
        .validate_status(check_status)
        .warns(|change| of_template(change, "spec.template"))
        .table(COLUMNS, cells)
}

/// The count of the templates: older than `metadata.generation`, served as an annotation.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
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

/// Counts the templates.
fn prepare(object: &mut Value, old: Option<&Value>) {
    keep_served(object, old, "/spec/template");
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

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check::twice_if_changed(change, errors, |errors| check_spec(spec, &at, errors));
    if let Some(old) = change.old {
        check::immutable_selector(spec, &old["spec"], &at, errors);
    }
}

fn check_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    let selector = &spec["selector"];
    check::selector(selector, &at.child("selector"), errors);
    check_selected(selector, &spec["template"], &at.child("template"), errors);
    let empty = meta::items(selector, "/matchExpressions").is_empty()
        && meta::strings(selector, "/matchLabels").next().is_none();
    if !selector.is_null() && empty {
        let why = "empty selector is invalid for daemonset";
        errors.invalid(&at.child("selector"), &json!({}), why);
    }
    check_pods(&spec["template"], "DaemonSet", &at.child("template"), errors);
    check::not_negative(spec, "minReadySeconds", at, errors);
    check_strategy(&spec["updateStrategy"], &at.child("updateStrategy"), errors);
    check::not_negative(spec, "revisionHistoryLimit", at, errors);
}

fn check_strategy(strategy: &Value, at: &Path, errors: &mut Errors) {
    match meta::text(strategy, "/type") {
        "OnDelete" => {}
        "RollingUpdate" => {
            let Some(rolling) = strategy.get("rollingUpdate") else {
                errors.required(&at.child("rollingUpdate"), "");
                return;
            };
            let at = at.child("rollingUpdate");
            let unavailable = check::share(rolling, "maxUnavailable", &at, errors).unwrap_or(0);
            let surge = check::share(rolling, "maxSurge", &at, errors).unwrap_or(0);
            if unavailable != 0 && surge != 0 {
                let why = "may not be set when maxUnavailable is non-zero";
                errors.invalid(&at.child("maxSurge"), &rolling["maxSurge"], why);
            } else if unavailable == 0 && surge == 0 {
                errors.required(&at.child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
            }
            check::at_most_all(rolling, "maxUnavailable", &at, errors);
            check::at_most_all(rolling, "maxSurge", &at, errors);
        }
        _ => {
            let rolling = [("MaxUnavailable", "maxUnavailable"), ("MaxSurge", "maxSurge")];
            let shown = shown_strategy(strategy, &rolling);
            errors.not_supported_shown(at, &shown, &["RollingUpdate", "OnDelete"]);
        }
    }
}

/// Source: `ValidateDaemonSetStatus`.
fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let counts = [
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "observedGeneration",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
        "collisionCount",
    ];
    check::status_counts(&change.new["status"], &counts, &[], errors);
    check::collisions_kept(change, errors);
}
