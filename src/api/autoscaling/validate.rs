//! What must hold of autoscalers. Source: `k8s.io/kubernetes/pkg/apis/autoscaling/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::v1;
use crate::check;

const SOURCES: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];
const MOST_WINDOW: i64 = 3600;
const MOST_PERIOD: i64 = 1800;

/// Checks an autoscaler in either version.
pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    if change.new["apiVersion"] == "autoscaling/v2" {
        check_newer(change.new, errors);
        return;
    }
    let mut newer = change.new.clone();
    v1::to_stored(&mut newer);
    check_newer(&newer, errors);
}

fn check_newer(object: &Value, errors: &mut Errors) {
    let spec = &object["spec"];
    let at = Path::new("spec");
    let most = meta::number(spec, "/maxReplicas").unwrap_or(0);
    let least = meta::number(spec, "/minReplicas");
    if let Some(least) = least
        && least < 1
    {
        let why = "must be greater than or equal to 1";
        errors.invalid(&at.child("minReplicas"), &json!(least), why);
    }
    let path = at.child("maxReplicas");
    if most < 1 {
        errors.invalid(&path, &json!(most), "must be greater than 0");
    }
    if least.is_some_and(|least| most < least) {
        errors.invalid(&path, &json!(most), "must be greater than or equal to `minReplicas`");
    }
    check_target(&spec["scaleTargetRef"], &at.child("scaleTargetRef"), errors);
    for (index, metric) in meta::items(spec, "/metrics").iter().enumerate() {
        check_metric(metric, &at.child("metrics").index(index), errors);
    }
    if let Some(behavior) = spec.get("behavior") {
        for direction in ["scaleUp", "scaleDown"] {
            if let Some(rules) = behavior.get(direction) {
                check_rules(rules, &at.child("behavior").child(direction), errors);
            }
        }
    }
}

fn check_target(target: &Value, at: &Path, errors: &mut Errors) {
    for field in ["kind", "name"] {
        if check::required(target, field, at, errors) {
            check::named(&target[field], names::path_segment, &at.child(field), errors);
        }
    }
    let version = meta::text(target, "/apiVersion");
    let core = matches!(meta::text(target, "/kind"), "ReplicationController");
    if !version.contains('/') && !core {
        let why = "apiVersion must specify API group";
        errors.invalid(&at.child("apiVersion"), &json!(version), why);
    }
}

fn check_metric(metric: &Value, at: &Path, errors: &mut Errors) {
    let known = SOURCES.map(|(kind, _)| kind);
    let kind = &metric["type"];
    let path = at.child("type");
    let name = kind.as_str().unwrap_or_default();
    if name.is_empty() {
        errors.required(&path, "must specify a metric source type");
    }
    if !known.contains(&name) {
        errors.not_supported(&path, kind, &known);
    }
    let given: Vec<&str> = SOURCES
        .iter()
        .map(|(_, field)| *field)
        .filter(|field| metric.get(*field).is_some())
        .collect();
    let expected = SOURCES.iter().find(|(kind, _)| *kind == name).map(|(_, field)| *field);
    match expected {
        None => {
            if !name.is_empty() {
                errors.not_supported(&path, kind, &known);
            }
        }
        Some(field) if !given.contains(&field) => {
            let why = "must populate information for the given metric source";
            errors.required(&at.child(field), why);
        }
        Some(field) => {
            for other in given.iter().filter(|other| **other != field) {
                let why = "must populate the given metric source only";
                errors.forbidden(&at.child(other), why);
            }
        }
    }
    for field in given {
        check_source(field, &metric[field], &at.child(field), errors);
    }
}

fn check_source(field: &str, source: &Value, at: &Path, errors: &mut Errors) {
    let target = source.get("target");
    let path = at.child("target");
    match field {
        "object" => check_target(&source["describedObject"], &at.child("describedObject"), errors),
        "resource" | "containerResource" => {
            if meta::text(source, "/name").is_empty() {
                errors.required(&at.child("name"), "must specify a resource name");
            }
            if field == "containerResource" {
                if meta::text(source, "/container").is_empty() {
                    errors.required(&at.child("container"), "must specify a container");
                } else {
                    let path = at.child("container");
                    check::named(&source["container"], names::dns_label, &path, errors);
                }
            }
        }
        _ => {}
    }
    if matches!(field, "object" | "pods" | "external") {
        let metric = at.child("metric");
        if meta::text(source, "/metric/name").is_empty() {
            errors.required(&metric.child("name"), "must specify a metric name");
        } else {
            let path = metric.child("name");
            check::named(&source["metric"]["name"], names::path_segment, &path, errors);
        }
        check::selector(&source["metric"]["selector"], &metric.child("selector"), errors);
    }
    let Some(target) = target else {
        errors.required(&path, "must specify a metric target");
        return;
    };
    check_goal(target, &path, errors);
    check_sides(field, target, &path, errors);
}

/// Checks that a target says what it is a target of.
fn check_sides(field: &str, target: &Value, path: &Path, errors: &mut Errors) {
    let has = |name: &str| target.get(name).is_some();
    match field {
        "object" | "external" => {
            if !has("value") && !has("averageValue") {
                let why = "must set either a target value for metric or a per-pod target";
                errors.required(&path.child("averageValue"), why);
            }
            if field == "external" && has("value") && has("averageValue") {
                let why = "may not set both a target value for metric and a per-pod target";
                errors.forbidden(&path.child("value"), why);
            }
        }
        "pods" => {
            if !has("averageValue") {
                let why = "must specify a positive target averageValue";
                errors.required(&path.child("averageValue"), why);
            }
        }
        _ => {
            if has("averageUtilization") && has("averageValue") {
                let why = "may not set both a target raw value and a target utilization";
                errors.forbidden(&path.child("averageValue"), why);
            } else if !has("averageUtilization") && !has("averageValue") {
                let why = "must set either a target raw value or a target utilization";
                errors.required(&path.child("averageUtilization"), why);
            }
        }
    }
}

fn check_goal(target: &Value, at: &Path, errors: &mut Errors) {
    let kinds = ["AverageValue", "Utilization", "Value"];
    match target["type"].as_str() {
        None | Some("") => {
            errors.required(&at.child("type"), "must specify a metric target type");
        }
        Some(known) if kinds.contains(&known) => {}
        Some(other) => {
            let why = "must be either Utilization, Value, or AverageValue";
            errors.invalid(&at.child("type"), &json!(other), why);
        }
    }
    for (field, words) in [("value", "must be positive"), ("averageValue", "must be positive")] {
        if let Some(value) = target.get(field)
            && check::amount(value).is_some_and(|it| it <= Quantity::whole(0))
        {
            errors.invalid(&at.child(field), value, words);
        }
    }
    if let Some(percent) = meta::number(target, "/averageUtilization")
        && percent < 1
    {
        errors.invalid(&at.child("averageUtilization"), &json!(percent), "must be greater than 0");
    }
}

fn check_rules(rules: &Value, at: &Path, errors: &mut Errors) {
    if let Some(window) = meta::number(rules, "/stabilizationWindowSeconds") {
        let path = at.child("stabilizationWindowSeconds");
        if window < 0 {
            errors.invalid(&path, &json!(window), "must be greater than or equal to zero");
        }
        if window > MOST_WINDOW {
            let why = format!("must be less than or equal to {MOST_WINDOW}");
            errors.invalid(&path, &json!(window), why);
        }
    }
    check::one_of(rules, "selectPolicy", &["Disabled", "Max", "Min"], at, errors);
    let policies = meta::items(rules, "/policies");
    let at = at.child("policies");
    if policies.is_empty() {
        errors.required(&at, "must specify at least one Policy");
    }
    for (index, policy) in policies.iter().enumerate() {
        let path = at.index(index);
        if !matches!(meta::text(policy, "/type"), "Pods" | "Percent") {
            errors.not_supported(&path.child("type"), &policy["type"], &["Percent", "Pods"]);
        }
        for field in ["value", "periodSeconds"] {
            let value = meta::number(policy, &format!("/{field}")).unwrap_or(0);
            if value <= 0 {
                errors.invalid(&path.child(field), &json!(value), "must be greater than zero");
            }
            if field == "periodSeconds" && value > MOST_PERIOD {
                let why = format!("must be less than or equal to {MOST_PERIOD}");
                errors.invalid(&path.child(field), &json!(value), why);
            }
        }
    }
}
