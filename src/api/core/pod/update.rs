//! What may change of a pod. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use crate::{core::shown, parts::items_mut};

/// Running pods may change their images, deadline, grace period after a negative one, and gain
/// tolerations; those that wait for gates may also lose gates and narrow where they go.
pub(super) fn check(old: &Value, new: &Value, errors: &mut Errors) {
    let at = Path::new("spec");
    let mut munged = new.clone();
    for list in ["containers", "initContainers"] {
        let before = meta::items(old, &format!("/{list}"));
        let after = items_mut(meta::as_object(&mut munged), list);
        if before.len() != after.len() {
            let why = "pod updates may not add or remove containers";
            errors.forbidden(&at.child(list), why);
            return;
        }
        for (index, (container, before)) in after.iter_mut().zip(before).enumerate() {
            if meta::text(container, "/image").is_empty() {
                errors.required(&at.child(list).index(index).child("image"), "");
            }
            container["image"] = before["image"].clone();
        }
    }
    check_deadline(old, new, &at, errors);
    check_gates(old, new, &at, errors);
    let mut open = vec!["activeDeadlineSeconds", "tolerations", "schedulingGates"];
    let grace = |spec: &Value| meta::number(spec, "/terminationGracePeriodSeconds");
    if grace(old).is_some_and(|grace| grace < 0) && grace(new) == Some(1) {
        open.push("terminationGracePeriodSeconds");
    }
    let gated = !meta::items(old, "/schedulingGates").is_empty();
    if gated && only_adds(old, new, "nodeSelector") {
        open.push("nodeSelector");
    }
    for field in open {
        match old.get(field) {
            Some(value) => munged[field] = value.clone(),
            None => drop(meta::as_object(&mut munged).remove(field)),
        }
    }
    if munged != *old {
        let why = format!(
            "pod updates may not change fields other than \
             `spec.containers[*].image`,`spec.initContainers[*].image`,\
             `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
             tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was \
             previously negative)\n{}",
            shown::difference("PodSpec", old, &munged)
        );
        errors.forbidden(&at, &why);
    }
    check_tolerations(old, new, &at, errors);
}

fn only_adds(old: &Value, new: &Value, field: &str) -> bool {
    let after = new.get(field);
    meta::strings(old, &format!("/{field}")).all(|(key, value)| {
        after.and_then(|map| map.get(key)).and_then(Value::as_str) == Some(value)
    })
}

fn check_deadline(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("activeDeadlineSeconds");
    let of = |spec: &Value| meta::number(spec, "/activeDeadlineSeconds");
    match (of(old), of(new)) {
        (Some(before), Some(after)) if after > before => {
            errors.invalid(&path, &json!(after), "must be less than or equal to previous value");
        }
        (Some(_), None) => {
            let why = "must not update from a positive integer to nil value";
            errors.invalid(&path, &Value::Null, why);
        }
        _ => {}
    }
}

fn check_gates(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let before = meta::items(old, "/schedulingGates");
    for (index, gate) in meta::items(new, "/schedulingGates").iter().enumerate() {
        if !before.contains(gate) {
            let name = meta::text(gate, "/name");
            let why = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.forbidden(&at.child("schedulingGates").index(index), &why);
        }
    }
}

fn check_tolerations(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let plain = |toleration: &Value| {
        let mut toleration = toleration.clone();
        meta::as_object(&mut toleration).remove("tolerationSeconds");
        toleration
    };
    let kept: Vec<Value> = meta::items(new, "/tolerations").iter().map(plain).collect();
    if meta::items(old, "/tolerations").iter().any(|one| !kept.contains(&plain(one))) {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        errors.forbidden(&at.child("tolerations"), why);
    }
}
