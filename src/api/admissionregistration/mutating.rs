//! What must hold of policies that change objects, and of statuses of those that refuse them.
//! Source: `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

use super::validate::check_policy;
use crate::{check, conditions};

/// What a policy may change: there is nothing to change of what is deleted.
const OPERATIONS: [&str; 4] = ["*", "CONNECT", "CREATE", "UPDATE"];
const KINDS: [(&str, &str, &str); 2] = [
    ("ApplyConfiguration", "applyConfiguration", "{applyConfiguration}"),
    ("JSONPatch", "jsonPatch", "{jsonPatch}"),
];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_policy(spec, &at, errors);
    check_operations(&spec["matchConstraints"], &at.child("matchConstraints"), errors);
    let mutations = meta::items(spec, "/mutations");
    if mutations.is_empty() {
        let why = "mutations must contain at least one item";
        errors.required(&at.child("mutations"), why);
    }
    for (index, mutation) in mutations.iter().enumerate() {
        check_mutation(mutation, &at.child("mutations").index(index), errors);
    }
    check::required_one_of(spec, "reinvocationPolicy", &["Never", "IfNeeded"], &at, errors);
}

/// Checks where a policy that changes holds.
pub(super) fn check_binding(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("spec").child("matchResources");
    check_operations(&change.new["spec"]["matchResources"], &at, errors);
}

fn check_operations(target: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("resourceRules").child("operations");
    let rules = meta::items(target, "/resourceRules").iter();
    for operation in rules.flat_map(|rule| meta::items(rule, "/operations")) {
        if !OPERATIONS.iter().any(|known| operation == known) {
            errors.not_supported(&path, operation, &OPERATIONS);
        }
    }
}

fn check_mutation(mutation: &Value, at: &Path, errors: &mut Errors) {
    check::required_one_of(mutation, "patchType", &KINDS.map(|(kind, ..)| kind), at, errors);
    let chosen = meta::text(mutation, "/patchType");
    if !KINDS.iter().any(|(kind, ..)| *kind == chosen) {
        return;
    }
    for (kind, field, shown) in KINDS {
        match (kind == chosen, mutation.get(field)) {
            (true, None) => {
                let why = format!("must be specified when patchType is {kind}");
                errors.required(&at.child(field), &why);
            }
            (true, Some(part)) if meta::text(part, "/expression").trim().is_empty() => {
                errors.required(&at.child(field).child("expression"), "");
            }
            (false, Some(_)) => {
                let why = format!("must not be specified when patchType is {chosen}");
                errors.invalid(&at.child(field), &json!(shown), why);
            }
            _ => {}
        }
    }
}

/// Checks what is told of a policy that refuses.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status").child("typeChecking").child("expressionWarnings");
    let warnings = meta::items(change.new, "/status/typeChecking/expressionWarnings");
    for (index, warning) in warnings.iter().enumerate() {
        check::required(warning, "warning", &at.index(index), errors);
        if meta::text(warning, "/fieldRef").trim().is_empty() {
            errors.required(&at.index(index).child("fieldRef"), "");
        }
    }
    let at = Path::new("status").child("conditions");
    conditions::check(meta::items(change.new, "/status/conditions"), &at, errors);
}
