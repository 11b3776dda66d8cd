//! What must hold of what containers and whole pods request and may use at most.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`, `k8s.io/component-helpers/resource`.

use std::collections::BTreeMap;

use machinery::{
    field::{Errors, Path},
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::validate::Subject;
use crate::{check, core::resources};

/// Checks the name of a resource at its place.
type ResourceRule = fn(&str, &Path, &mut Errors);

fn amounts<'a>(
    of: &'a Value,
    side: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    of.get(side).and_then(Value::as_object).into_iter().flatten()
}

fn amount(of: &Value, side: &str, name: &str) -> Option<Quantity> {
    of.get(side)?.get(name).and_then(check::amount)
}

/// Checks a container's amounts and the claims that it uses.
pub(super) fn check_container(
    resources: &Value,
    subject: &Subject<'_>,
    at: &Path,
    errors: &mut Errors,
) {
    check_amounts(resources, at, resources::check_container_name, errors);
    check_claims(resources, subject, &at.child("claims"), errors);
}

/// Checks amounts whose names `rule` knows.
pub(super) fn check_amounts(resources: &Value, at: &Path, rule: ResourceRule, errors: &mut Errors) {
    let (mut huge, mut ordinary) = (false, false);
    for side in ["limits", "requests"] {
        for (name, value) in amounts(resources, side) {
            let path = at.child(side).key(name);
            rule(name, &path, errors);
            check_amount(name, value, &path, errors);
            huge |= resources::is_hugepages(name);
            ordinary |= matches!(name.as_str(), "cpu" | "memory");
        }
    }
    for (name, value) in amounts(resources, "requests") {
        let fixed = resources::is_hugepages(name) || !resources::is_native(name);
        let path = at.child("requests");
        let Some(limit) = amount(resources, "limits", name) else {
            if fixed {
                let why = "Limit must be set for non overcommitable resources";
                errors.required(&at.child("limits"), why);
            }
            continue;
        };
        let Some(request) = check::amount(value) else { continue };
        if fixed && request != limit {
            let why = format!("must be equal to {name} limit of {limit}");
            errors.invalid(&path, value, why);
        } else if request > limit {
            let why = format!("must be less than or equal to {name} limit of {limit}");
            errors.invalid(&path, value, why);
        }
    }
    if huge && !ordinary {
        errors.forbidden(at, "HugePages require cpu or memory");
    }
}

fn check_amount(name: &str, value: &Value, path: &Path, errors: &mut Errors) {
    check::amount_not_negative(value, path, errors);
    let Some(given) = check::amount(value) else { return };
    if resources::is_whole(name) && given.milli_value() % 1000 != 0 {
        errors.invalid(path, value, "must be an integer");
    }
    let Some(size) = name.strip_prefix("hugepages-") else { return };
    let pages = size.parse::<Quantity>().is_ok_and(|size| {
        let whole = size.value() > 0 && size.milli_value() % 1000 == 0;
        whole && given.value() % size.value() == 0
    });
    if !pages {
        let why = format!("{given} is not positive integer multiple of {name}");
        errors.invalid(path, value, why);
    }
}

/// Each claim, or request of a claim, is used once, and is one of the pod's.
fn check_claims(resources: &Value, subject: &Subject<'_>, at: &Path, errors: &mut Errors) {
    let claims = meta::items(subject.spec, "/resourceClaims").iter();
    let mut known: Vec<&str> = claims.map(|claim| meta::text(claim, "/name")).collect();
    known.retain(|name| !name.is_empty());
    known.sort_unstable();
    known.dedup();
    let mut seen: Vec<String> = Vec::new();
    for (index, claim) in meta::items(resources, "/claims").iter().enumerate() {
        let path = at.index(index);
        let name = meta::text(claim, "/name");
        if name.is_empty() {
            errors.required(&path, "");
            continue;
        }
        check_claim(name, meta::text(claim, "/request"), &path, &mut seen, errors);
        if !known.contains(&name) {
            let rest = if known.is_empty() {
                " which is empty".to_owned()
            } else {
                format!(": {}", known.join(", "))
            };
            let why = format!("must be one of the names in pod.spec.resourceClaims{rest}");
            errors.not_found_because(&path, &json!(name), &why);
        }
    }
}

fn check_claim(
    name: &str,
    request: &str,
    path: &Path,
    seen: &mut Vec<String>,
    errors: &mut Errors,
) {
    if seen.iter().any(|one| one == name) {
        return errors.duplicate(path, &json!(name));
    }
    let mut key = name.to_owned();
    if !request.is_empty() {
        check::named(&json!(request), names::dns_label, &path.child("request"), errors);
        key = format!("{name}/{request}");
    }
    if seen.contains(&key) {
        errors.duplicate(path, &json!(key));
    } else if request.is_empty() {
        for _ in seen.iter().filter(|one| one.split_once('/').is_some_and(|(it, _)| it == name)) {
            errors.duplicate(path, &json!(name));
        }
    }
    seen.push(key);
}

/// Checks what a pod requests as a whole.
pub(super) fn check_pod(subject: &Subject<'_>, errors: &mut Errors) {
    let Some(given) = subject.spec.get("resources") else { return };
    let at = subject.at.child("resources");
    if meta::text(subject.spec, "/os/name") == "windows" {
        return errors.forbidden(&at, "may not be set for a windows pod");
    }
    if given.get("claims").is_some() {
        errors.forbidden(&at.child("claims"), "claims may not be set for Resources at pod-level");
    }
    check_amounts(given, &at, check_pod_name, errors);
    check_claims(given, subject, &at.child("claims"), errors);
    for (side, only_huge) in [("requests", false), ("limits", true)] {
        for (name, total) in aggregate(subject.spec, side) {
            let Some(whole) = amount(given, side, &name) else { continue };
            if total > whole && (!only_huge || resources::is_hugepages(&name)) {
                let why = format!(
                    "must be greater than or equal to aggregate container {side} of {total}"
                );
                errors.invalid(&at.child(side).key(&name), &json!(whole.to_string()), why);
            }
        }
    }
    for (index, one) in meta::items(subject.spec, "/containers").iter().enumerate() {
        for (name, value) in amounts(&one["resources"], "limits") {
            let (Some(whole), Some(own)) = (amount(given, "limits", name), check::amount(value))
            else {
                continue;
            };
            if own > whole {
                let path = at.child("containers").index(index).key(name).child("limits");
                let why = format!("must be less than or equal to pod limits of {whole}");
                errors.invalid(&path, value, why);
            }
        }
    }
}

/// Tells whether whole pods may request the resource.
pub(super) fn is_of_pods(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || resources::is_hugepages(name)
}

fn check_pod_name(name: &str, path: &Path, errors: &mut Errors) {
    let mut wrong = Errors::default();
    resources::check_name(name, path, &mut wrong);
    if wrong.is_empty() && !is_of_pods(name) {
        wrong.not_supported(path, &json!(name), &["cpu", "hugepages-", "memory"]);
    }
    errors.extend(wrong);
}

/// What the containers of a pod's spec need together, with what comes before them one by one; `side` is
/// `requests` or `limits`. Source: `AggregateContainerRequests` of k8s.io/component-helpers.
pub fn aggregate(spec: &Value, side: &str) -> BTreeMap<String, Quantity> {
    let own = |container: &Value| -> BTreeMap<String, Quantity> {
        amounts(&container["resources"], side)
            .filter_map(|(name, value)| Some((name.clone(), check::amount(value)?)))
            .collect()
    };
    let add = |total: &mut BTreeMap<String, Quantity>, more: &BTreeMap<String, Quantity>| {
        for (name, value) in more {
            let sum = total.get(name).map_or(*value, |total| total.plus(*value));
            total.insert(name.clone(), sum);
        }
    };
    let (mut total, mut sidecars, mut most) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for container in meta::items(spec, "/containers") {
        add(&mut total, &own(container));
    }
    for container in meta::items(spec, "/initContainers") {
        let mut needs = own(container);
        if meta::text(container, "/restartPolicy") == "Always" {
            add(&mut total, &needs);
            add(&mut sidecars, &needs);
            needs = sidecars.clone();
        } else {
            add(&mut needs, &sidecars);
        }
        for (name, value) in needs {
            let greatest = most.entry(name).or_insert(value);
            *greatest = value.max(*greatest);
        }
    }
    for (name, value) in most {
        let slot = total.entry(name).or_insert(value);
        *slot = value.max(*slot);
    }
    total
}
