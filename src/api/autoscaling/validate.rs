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
    let newer = |object: &Value| {
        let mut object = object.clone();
        if object["apiVersion"] == "autoscaling/v1" {
            v1::to_stored(&mut object);
        }
        object
    };
    let old = change.old.map(newer);
    check_newer(&newer(change.new), old.as_ref(), errors);
}

/// Source: `ValidateHorizontalPodAutoscalerStatusUpdate`.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let counts = ["currentReplicas", "desiredReplicas"];
    check::status_counts(&change.new["status"], &counts, &[], errors);
}

fn check_newer(object: &Value, old: Option<&Value>, errors: &mut Errors) {
    let spec = &object["spec"];
    let at = Path::new("spec");
    check_bounds(spec, old, &at, errors);
    let target = &spec["scaleTargetRef"];
    let before = old.map(|old| &old["spec"]["scaleTargetRef"]);
    let same = |field: &str| before.is_some_and(|before| before.get(field) == target.get(field));
    let version = if same("apiVersion") && same("kind") {
        Version::Any
    } else if target["kind"] == "ReplicationController" {
        Version::Core
    } else {
        Version::Grouped
    };
    check_target(target, version, &at.child("scaleTargetRef"), errors);
    let metrics = meta::items(spec, "/metrics");
    let version = if old.is_some_and(has_bad_object) { Version::Any } else { Version::Core };
    for (index, metric) in metrics.iter().enumerate() {
        check_metric(metric, version, &at.child("metrics").index(index), errors);
    }
    let outside = |it: &Value| it["type"] == "Object" || it["type"] == "External";
    if spec["minReplicas"] == 0 && !metrics.iter().any(outside) {
        let why = "must specify at least one Object or External metric to support scaling to zero \
                   replicas";
        errors.forbidden(&at.child("metrics"), why);
    }
    if let Some(behavior) = spec.get("behavior") {
        for direction in ["scaleUp", "scaleDown"] {
            if let Some(rules) = behavior.get(direction) {
                check_rules(rules, &at.child("behavior").child(direction), errors);
            }
        }
    }
}

fn check_bounds(spec: &Value, old: Option<&Value>, at: &Path, errors: &mut Errors) {
    let most = meta::number(spec, "/maxReplicas").unwrap_or(0);
    let least = meta::number(spec, "/minReplicas");
    let bound = i64::from(old.is_none_or(|old| old["spec"]["minReplicas"] != 0));
    if let Some(least) = least.filter(|least| *least < bound) {
        let why = format!("must be greater than or equal to {bound}");
        errors.invalid(&at.child("minReplicas"), &json!(least), why);
    }
    let path = at.child("maxReplicas");
    if most < 1 {
        errors.invalid(&path, &json!(most), "must be greater than 0");
    }
    if least.is_some_and(|least| most < least) {
        errors.invalid(&path, &json!(most), "must be greater than or equal to `minReplicas`");
    }
}

/// Which versions an object that is referred to may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Anything, as it was so before.
    Any,
    /// One without a group too.
    Core,
    /// One with a group.
    Grouped,
}

impl Version {
    fn problem(self, version: &str) -> Option<String> {
        if self == Self::Any {
            return None;
        }
        if version.matches('/').count() > 1 {
            return Some(format!("unexpected GroupVersion string: {version}"));
        }
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let missing = self == Self::Grouped && group.is_empty();
        missing.then(|| "apiVersion must specify API group".to_owned())
    }
}

/// Tells whether an autoscaler has an object's metric that cannot be.
fn has_bad_object(autoscaler: &Value) -> bool {
    meta::items(autoscaler, "/spec/metrics").iter().any(|metric| {
        let version = meta::text(metric, "/object/describedObject/apiVersion");
        metric["type"] == "Object" && Version::Core.problem(version).is_some()
    })
}

fn check_target(target: &Value, allowed: Version, at: &Path, errors: &mut Errors) {
    for field in ["kind", "name"] {
        if check::required(target, field, at, errors) {
            check::named(&target[field], names::path_segment, &at.child(field), errors);
        }
    }
    let version = meta::text(target, "/apiVersion");
    if let Some(why) = allowed.problem(version) {
        errors.invalid(&at.child("apiVersion"), &json!(version), why);
    }
}

fn check_metric(metric: &Value, version: Version, at: &Path, errors: &mut Errors) {
    let known = SOURCES.map(|(kind, _)| kind);
    let path = at.child("type");
    let name = meta::text(metric, "/type");
    if name.is_empty() {
        errors.required(&path, "must specify a metric source type");
    }
    if !known.contains(&name) {
        errors.not_supported(&path, &json!(name), &known);
    }
    let present = ["object", "external", "pods", "resource", "containerResource"];
    let given: Vec<&str> =
        present.into_iter().filter(|field| metric.get(*field).is_some()).collect();
    if let Some(field) = given.first() {
        check_source(field, (&metric[field], version), &at.child(field), errors);
    }
    let expected = SOURCES.iter().find(|(kind, _)| *kind == name).map(|(_, field)| *field);
    match expected {
        None => errors.not_supported(&path, &json!(name), &known),
        Some(field) if !given.contains(&field) => {
            let why = "must populate information for the given metric source";
            errors.required(&at.child(field), why);
        }
        Some(_) => {}
    }
    if given.len() != 1 {
        for other in given.iter().filter(|given| Some(**given) != expected) {
            errors.forbidden(&at.child(other), "must populate the given metric source only");
        }
    }
}

fn check_source(field: &str, (source, version): (&Value, Version), at: &Path, errors: &mut Errors) {
    let target = source.get("target");
    let path = at.child("target");
    match field {
        "object" => {
            let path = at.child("describedObject");
            check_target(&source["describedObject"], version, &path, errors);
        }
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
    }
    let target = target.unwrap_or(&Value::Null);
    check_goal(target, &path, errors);
    check_sides(field, target, &path, errors);
}

/// Checks that a target says what it is a target of.
fn check_sides(field: &str, target: &Value, path: &Path, errors: &mut Errors) {
    let has = |name: &str| target.get(name).is_some();
    match field {
        "object" | "external" => {
            if !has("value") && !has("averageValue") {
                let why = if field == "object" {
                    "must set either a target value or averageValue"
                } else {
                    "must set either a target value for metric or a per-pod target"
                };
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
    let kind = meta::text(target, "/type");
    if kind.is_empty() {
        errors.required(&at.child("type"), "must specify a metric target type");
    }
    if !["AverageValue", "Utilization", "Value"].contains(&kind) {
        let why = "must be either Utilization, Value, or AverageValue";
        errors.invalid(&at.child("type"), &json!(kind), why);
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
    if let Some(tolerance) = rules.get("tolerance") {
        check::amount_not_negative(tolerance, &at.child("tolerance"), errors);
    }
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
