//! What must hold of quotas. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
    quantity::Quantity,
};
use serde_json::{Value, json};

use crate::{
    check,
    core::{resources, shown::shown},
};

const COMPUTE: [&str; 7] =
    ["pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];
const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// The scopes that are there or not, and have no values.
const CLOSED: [&str; 5] =
    ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let hard = spec.get("hard").and_then(Value::as_object);
    for (resource, value) in hard.into_iter().flatten() {
        let path = at.child("hard").key(resource);
        resources::check_quota_name(resource, &path, errors);
        check_amount(resource, value, &path, errors);
    }
    check_scopes(spec, &at, errors);
    check_scope_selector(spec, &at, errors);
    if let Some(old) = change.old {
        let set = |spec: &Value| -> Vec<String> {
            let mut scopes: Vec<String> =
                meta::items(spec, "/scopes").iter().map(Value::to_string).collect();
            scopes.sort_unstable();
            scopes
        };
        if set(&old["spec"]) != set(spec) {
            errors.immutable(&at.child("scopes"), &spec["scopes"]);
        }
    }
}

/// Source: `ValidateResourceQuotaStatusUpdate`.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    for part in ["hard", "used"] {
        let amounts = change.new["status"][part].as_object();
        for (resource, value) in amounts.into_iter().flatten() {
            let path = Path::new("status").child(part).key(resource);
            resources::check_quota_name(resource, &path, errors);
            check_amount(resource, value, &path, errors);
        }
    }
}

fn check_amount(resource: &str, value: &Value, path: &Path, errors: &mut Errors) {
    check::amount_not_negative(value, path, errors);
    let whole = |amount: Quantity| amount.milli_value() % 1000 == 0;
    if resources::is_whole(resource) && check::amount(value).is_some_and(|amount| !whole(amount)) {
        errors.invalid(path, value, "must be an integer");
    }
}

fn fits(scope: &str, resource: &str) -> bool {
    match scope {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => {
            matches!(resource, "persistentvolumeclaims" | "requests.storage")
        }
        _ => COMPUTE.contains(&resource),
    }
}

fn standard_resources(spec: &Value) -> impl Iterator<Item = &String> {
    let hard = spec.get("hard").and_then(Value::as_object).into_iter().flatten();
    hard.map(|(resource, _)| resource).filter(|resource| resources::is_quota(resource))
}

fn check_scopes(spec: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("scopes");
    let scopes = meta::items(spec, "/scopes");
    for scope in scopes.iter().filter_map(Value::as_str) {
        if !SCOPES.contains(&scope) {
            errors.invalid(&path, &spec["scopes"], "unsupported scope");
        }
        for _ in standard_resources(spec).filter(|resource| !fits(scope, resource)) {
            let why = "unsupported scope applied to resource";
            errors.invalid(&path, &spec["scopes"], why);
        }
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| scopes.iter().any(|given| given == scope)) {
            errors.invalid(&path, &spec["scopes"], "conflicting scopes");
        }
    }
}

fn check_scope_selector(spec: &Value, at: &Path, errors: &mut Errors) {
    let Some(selector) = spec.get("scopeSelector") else { return };
    let path = at.child("scopeSelector").child("matchExpressions");
    let expressions = meta::items(selector, "/matchExpressions");
    let mut names: Vec<&str> = Vec::new();
    for it in expressions {
        let scope = meta::text(it, "/scopeName");
        if !SCOPES.contains(&scope) {
            errors.invalid(&path.child("scopeName"), &it["scopeName"], "unsupported scope");
        }
        for _ in standard_resources(spec).filter(|resource| !fits(scope, resource)) {
            let why = "unsupported scope applied to resource";
            errors.invalid_shown(&path, &shown("ScopeSelector", selector), why);
        }
        let operator = meta::text(it, "/operator");
        if CLOSED.contains(&scope) && operator != "Exists" {
            let why = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, \
                       ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, \
                       ResourceQuotaScopeNotBestEffort or \
                       ResourceQuotaScopeCrossNamespacePodAffinity";
            errors.invalid(&path.child("operator"), &it["operator"], why);
        }
        let values = meta::items(it, "/values");
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                let why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope \
                           selector";
                errors.required(&path.child("values"), why);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope \
                           selector";
                errors.invalid(&path.child("values"), &json!(values), why);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => {
                let why = "not a valid selector operator";
                errors.invalid(&path.child("operator"), &it["operator"], why);
            }
        }
        names.push(scope);
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| names.contains(scope)) {
            let shown = spec.get("scopes").cloned().unwrap_or_default();
            errors.invalid(&path, &shown, "conflicting scopes");
        }
    }
}
