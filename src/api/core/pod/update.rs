//! What may change of a pod. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::affinity;
use crate::{core::shown, parts::items_mut};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

/// Running pods may change their images, deadline, grace period after a negative one, and gain
/// tolerations; those that wait for gates may also lose gates and narrow where they go.
pub(super) fn check(old: &Value, new: &Value, errors: &mut Errors) {
    let at = Path::new("spec");
    for list in ["containers", "initContainers"] {
        let before = meta::items(old, &format!("/{list}"));
        let after = meta::items(new, &format!("/{list}"));
        if before.len() != after.len() {
            let why = "pod updates may not add or remove containers";
            return errors.forbidden(&at.child(list), why);
        }
        for (index, container) in after.iter().enumerate() {
            let path = at.child(list).index(index).child("image");
            let image = meta::text(container, "/image");
            if image.is_empty() {
                errors.required(&path, "");
            } else if image.trim() != image {
                let why = "must not have leading or trailing whitespace";
                errors.invalid(&path, &json!(image), why);
            }
        }
    }
    if !check_deadline(old, new, &at, errors) {
        return;
    }
    check_tolerations(old, new, &at, errors);
    check_gates(old, new, &at, errors);
    let munged = munged(old, new, &at, errors);
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
}

/// The new spec with what may change as it was.
fn munged(old: &Value, new: &Value, at: &Path, errors: &mut Errors) -> Value {
    let mut munged = new.clone();
    for list in ["containers", "initContainers"] {
        let before = meta::items(old, &format!("/{list}"));
        let after = items_mut(meta::as_object(&mut munged), list);
        for (container, before) in after.iter_mut().zip(before) {
            container["image"] = before["image"].clone();
        }
    }
    let mut open = vec!["activeDeadlineSeconds", "tolerations", "schedulingGates"];
    let grace = |spec: &Value| meta::number(spec, "/terminationGracePeriodSeconds");
    if grace(old).is_some_and(|grace| grace < 0) && grace(new) == Some(1) {
        open.push("terminationGracePeriodSeconds");
    }
    if !meta::items(old, "/schedulingGates").is_empty() {
        check_node_selector(old, new, at, errors);
        check_node_affinity(old, new, at, errors);
        open.push("nodeSelector");
        keep_node_affinity(&mut munged, old);
    }
    for field in open {
        match old.get(field) {
            Some(value) => munged[field] = value.clone(),
            None => drop(meta::as_object(&mut munged).remove(field)),
        }
    }
    munged
}

fn check_node_selector(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let kept = meta::strings(old, "/nodeSelector")
        .all(|(key, value)| new["nodeSelector"][key].as_str() == Some(value));
    if !kept {
        let path = at.child("nodeSelector");
        let why = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
        errors.invalid(&path, &new["nodeSelector"], why);
    }
}

fn check_node_affinity(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let terms = |spec: &'_ Value| {
        let pointer = format!("/affinity/nodeAffinity/{REQUIRED}/nodeSelectorTerms");
        meta::items(spec, &pointer).to_vec()
    };
    let (before, after) = (terms(old), terms(new));
    let path = at.child("affinity").child("nodeAffinity").child(REQUIRED);
    let path = path.child("nodeSelectorTerms");
    if before.is_empty() {
        return;
    }
    if before.len() != after.len() {
        let terms: Vec<String> =
            after.iter().map(|term| shown::shown("NodeSelectorTerm", term)).collect();
        let list =
            if after.is_empty() { "null".to_owned() } else { format!("[{}]", terms.join(",")) };
        let why = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        return errors.invalid_shown(&path, &list, why);
    }
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        if !only_adds(before, after) {
            let shown = shown::shown("NodeSelectorTerm", after);
            let why = "only additions are allowed (no mutations or deletions)";
            errors.invalid_shown(&path.index(index), &shown, why);
        }
    }
}

/// Tells whether a term asks for all that the other did, in the same order, and more.
fn only_adds(before: &Value, after: &Value) -> bool {
    let lists = ["/matchExpressions", "/matchFields"];
    let was_empty = lists.iter().all(|list| meta::items(before, list).is_empty());
    lists.iter().all(|list| {
        let (before, after) = (meta::items(before, list), meta::items(after, list));
        after.starts_with(before) && (!was_empty || after.is_empty())
    })
}

fn keep_node_affinity(munged: &mut Value, old: &Value) {
    let before = old.pointer("/affinity/nodeAffinity").cloned();
    if munged.get("affinity").is_none() && before.is_none() {
        return;
    }
    let affinity = meta::object_at(munged, "affinity");
    match before {
        Some(before) => drop(affinity.insert("nodeAffinity".into(), before)),
        None => drop(affinity.remove("nodeAffinity")),
    }
    if affinity.is_empty() && old.get("affinity").is_none() {
        meta::as_object(munged).remove("affinity");
    }
}

/// Tells whether the rest is looked at.
fn check_deadline(old: &Value, new: &Value, at: &Path, errors: &mut Errors) -> bool {
    let path = at.child("activeDeadlineSeconds");
    let of = |spec: &Value| meta::number(spec, "/activeDeadlineSeconds");
    match (of(old), of(new)) {
        (_, Some(after)) if !(0..=i64::from(i32::MAX)).contains(&after) => {
            let why = "must be between 0 and 2147483647, inclusive";
            errors.invalid(&path, &json!(after), why);
            false
        }
        (Some(before), Some(after)) if after > before => {
            errors.invalid(&path, &json!(after), "must be less than or equal to previous value");
            false
        }
        (Some(_), None) => {
            let why = "must not update from a positive integer to nil value";
            errors.invalid(&path, &Value::Null, why);
            true
        }
        _ => true,
    }
}

fn check_gates(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let before = meta::items(old, "/schedulingGates");
    for (index, gate) in meta::items(new, "/schedulingGates").iter().enumerate() {
        if !before.contains(gate) {
            let name = meta::text(gate, "/name");
            let why = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.forbidden(&at.child("schedulingGates").index(index).child("name"), &why);
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
        return errors.forbidden(&at.child("tolerations"), why);
    }
    affinity::check_tolerations(new, at, errors);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(old: &Value, new: &Value) -> Vec<String> {
        let mut errors = Errors::default();
        check(old, new, &mut errors);
        errors.iter().map(|error| error.to_string().lines().next().unwrap_or("").into()).collect()
    }

    #[test]
    fn pods_behind_gates_may_narrow_where_they_go() {
        let pod = |gated: bool, nodes: Value, terms: Value| {
            let mut spec = json!({"containers": [{"name": "c", "image": "i"}],
                "nodeSelector": nodes, "affinity": {"nodeAffinity": {REQUIRED: {
                    "nodeSelectorTerms": terms}}}});
            if gated {
                spec["schedulingGates"] = json!([{"name": "g"}]);
            }
            spec
        };
        let term = |keys: &[&str]| {
            let expressions: Vec<Value> =
                keys.iter().map(|key| json!({"key": key, "operator": "Exists"})).collect();
            json!([{"matchExpressions": expressions}])
        };
        let old = |gated| pod(gated, json!({"a": "1"}), term(&["x"]));
        let narrower = |gated| pod(gated, json!({"a": "1", "b": "2"}), term(&["x", "y"]));
        assert_eq!(wrong(&old(true), &narrower(true)), Vec::<String>::new());
        assert!(wrong(&old(false), &narrower(false))[0].starts_with("spec: Forbidden"));
        assert_eq!(
            wrong(&old(true), &pod(true, json!({"a": "2"}), term(&["y"]))),
            [
                "spec.nodeSelector: Invalid value: {\"a\":\"2\"}: only additions to \
                 spec.nodeSelector are allowed (no mutations or deletions)",
                "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.\
                 nodeSelectorTerms[0]: Invalid value: \
                 {\"MatchExpressions\":[{\"Key\":\"y\",\"Operator\":\"Exists\",\"Values\":null}],\
                 \"MatchFields\":null}: only additions are allowed (no mutations or deletions)",
            ]
        );
    }

    #[test]
    fn gates_only_go() {
        let pod = |gates: Value| json!({"containers": [], "schedulingGates": gates});
        let (one, two) = (json!([{"name": "a"}]), json!([{"name": "a"}, {"name": "b"}]));
        assert_eq!(wrong(&pod(two.clone()), &pod(one.clone())), Vec::<String>::new());
        assert_eq!(
            wrong(&pod(one), &pod(two)),
            ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new \
              scheduling gate 'b'"]
        );
    }
}
