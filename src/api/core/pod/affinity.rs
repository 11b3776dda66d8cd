//! What must hold of where pods want to be. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use super::spread::check_label_keys;
use crate::check;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Checks which nodes and which other pods a pod wants near or far.
pub(super) fn check(affinity: &Value, at: &Path, errors: &mut Errors) {
    if let Some(nodes) = affinity.get("nodeAffinity") {
        let at = at.child("nodeAffinity");
        if let Some(required) = nodes.get(REQUIRED) {
            check_node_selector(required, &at.child(REQUIRED), errors);
        }
        for (index, term) in meta::items(nodes, &format!("/{PREFERRED}")).iter().enumerate() {
            let path = at.child(PREFERRED).index(index);
            check_weight(term, &path, errors);
            check_node_term(&term["preference"], false, &path.child("preference"), errors);
        }
    }
    for which in ["podAffinity", "podAntiAffinity"] {
        let Some(pods) = affinity.get(which) else { continue };
        let at = at.child(which);
        for (index, term) in meta::items(pods, &format!("/{REQUIRED}")).iter().enumerate() {
            check_pod_term(term, &at.child(REQUIRED).index(index), errors);
        }
        for (index, term) in meta::items(pods, &format!("/{PREFERRED}")).iter().enumerate() {
            let path = at.child(PREFERRED).index(index);
            check_weight(term, &path, errors);
            check_pod_term(&term["podAffinityTerm"], &path.child("podAffinityTerm"), errors);
        }
    }
}

fn check_weight(term: &Value, path: &Path, errors: &mut Errors) {
    let weight = meta::number(term, "/weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        errors.invalid(&path.child("weight"), &json!(weight), "must be in the range 1-100");
    }
}

/// Checks which nodes are meant.
pub(crate) fn check_node_selector(selector: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("nodeSelectorTerms");
    let terms = meta::items(selector, "/nodeSelectorTerms");
    if terms.is_empty() {
        errors.required(&path, "must have at least one node selector term");
    }
    for (index, term) in terms.iter().enumerate() {
        check_node_term(term, true, &path.index(index), errors);
    }
}

/// Checks a term; values that no label has are refused where all of it must hold.
fn check_node_term(term: &Value, must_hold: bool, at: &Path, errors: &mut Errors) {
    for (index, it) in meta::items(term, "/matchExpressions").iter().enumerate() {
        let path = at.child("matchExpressions").index(index);
        let values = meta::items(it, "/values");
        let at = path.child("values");
        match meta::text(it, "/operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(&at, "must be specified when `operator` is 'In' or 'NotIn'");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.forbidden(&at, why);
            }
            "Gt" | "Lt" if values.len() != 1 => {
                let why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                errors.required(&at, why);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            _ => {
                let why = "not a valid selector operator";
                errors.invalid(&path.child("operator"), &it["operator"], why);
            }
        }
        check::named(&it["key"], names::qualified_name, &path.child("key"), errors);
        for (index, value) in values.iter().enumerate().filter(|_| must_hold) {
            check::named(value, names::label_value, &at.index(index), errors);
        }
    }
    for (index, it) in meta::items(term, "/matchFields").iter().enumerate() {
        check_node_field(it, &at.child("matchFields").index(index), errors);
    }
}

fn check_node_field(it: &Value, path: &Path, errors: &mut Errors) {
    let values = meta::items(it, "/values");
    match meta::text(it, "/operator") {
        "In" | "NotIn" if values.len() != 1 => {
            let why = "must be only one value when `operator` is 'In' or 'NotIn' for node field \
                       selector";
            errors.required(&path.child("values"), why);
        }
        "In" | "NotIn" => {}
        _ => {
            let why = "not a valid selector operator";
            errors.invalid(&path.child("operator"), &it["operator"], why);
        }
    }
    if it["key"] == "metadata.name" {
        for (index, value) in values.iter().enumerate() {
            let path = path.child("values").index(index);
            check::named(value, names::dns_subdomain, &path, errors);
        }
    } else {
        errors.invalid(&path.child("key"), &it["key"], "not a valid field selector key");
    }
}

fn check_pod_term(term: &Value, at: &Path, errors: &mut Errors) {
    for field in ["labelSelector", "namespaceSelector"] {
        check::selector(&term[field], &at.child(field), errors);
    }
    for name in meta::items(term, "/namespaces") {
        check::named(name, names::dns_label, &at.child("namespace"), errors);
    }
    check_label_keys(term, at, errors);
    let key = json!(meta::text(term, "/topologyKey"));
    let path = at.child("topologyKey");
    if key == "" {
        errors.required(&path, "can not be empty");
    }
    check::named(&key, names::qualified_name, &path, errors);
}

/// Checks which taints of nodes a pod stands.
pub(crate) fn check_tolerations(spec: &Value, at: &Path, errors: &mut Errors) {
    for (index, one) in meta::items(spec, "/tolerations").iter().enumerate() {
        let path = at.child("tolerations").index(index);
        let key = meta::text(one, "/key");
        let operator = meta::text(one, "/operator");
        let value = meta::text(one, "/value");
        if !key.is_empty() {
            check::named(&json!(key), names::qualified_name, &path.child("key"), errors);
        }
        if key.is_empty() && operator != "Exists" {
            let why = "operator must be Exists when `key` is empty, which means \"match all values \
                       and all keys\"";
            errors.invalid(&path.child("operator"), &json!(operator), why);
        }
        let effect = meta::text(one, "/effect");
        if one.get("tolerationSeconds").is_some() && effect != "NoExecute" {
            let why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.invalid(&path.child("effect"), &json!(effect), why);
        }
        match operator {
            "" | "Equal" => {
                let wrong = names::label_value(value);
                if !wrong.is_empty() {
                    errors.invalid(&path.child("operator"), &json!(value), wrong.join(";"));
                }
            }
            "Exists" if !value.is_empty() => {
                let why = "value must be empty when `operator` is 'Exists'";
                errors.invalid(&path.child("operator"), &json!(value), why);
            }
            "Exists" => {}
            // What compares numbers is known, and not on by default.
            "Lt" | "Gt" => {
                let known = ["Equal", "Exists", "Lt", "Gt"];
                errors.not_supported(&path.child("operator"), &json!(operator), &known);
            }
            _ => {
                let known = ["Equal", "Exists"];
                errors.not_supported(&path.child("operator"), &json!(operator), &known);
            }
        }
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        if !effect.is_empty() {
            check::one_of(one, "effect", &effects, &path, errors);
        }
    }
}
