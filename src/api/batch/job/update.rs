//! What may change of a job. Source: `ValidateJobSpecUpdate`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::Value;

use crate::{
    check,
    core::shown::{shown, shown_template},
};

pub(super) fn check(old_job: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let old = &old_job["spec"];
    check_completions(old, new, at, errors);
    check::immutable_selector(new, old, at, errors);
    check_template(old_job, new, at, errors);
    check::immutable(new, old, "completionMode", at, errors);
    immutable_shown("PodFailurePolicy", "podFailurePolicy", (old, new), at, errors);
    check::immutable(new, old, "backoffLimitPerIndex", at, errors);
    check::immutable(new, old, "managedBy", at, errors);
    immutable_shown("SuccessPolicy", "successPolicy", (old, new), at, errors);
}

fn immutable_shown(
    name: &str,
    field: &str,
    (old, new): (&Value, &Value),
    at: &Path,
    errors: &mut Errors,
) {
    if old.get(field) != new.get(field) {
        let shown = new.get(field).map_or_else(|| "null".to_owned(), |value| shown(name, value));
        errors.invalid_shown(&at.child(field), &shown, "field is immutable");
    }
}

/// Indexed jobs grow and shrink as long as all their pods run at once.
fn check_completions(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    if new["completionMode"] != "Indexed" {
        check::immutable(new, old, "completions", at, errors);
        return;
    }
    let Some(completions) = new.get("completions") else { return };
    if old.get("completions") != Some(completions) && new.get("parallelism") != Some(completions) {
        let why = "can only be modified in tandem with spec.parallelism";
        errors.invalid(&at.child("completions"), completions, why);
    }
}

/// What the scheduler looks at may change while a job is suspended and has no pods, and so may
/// what its containers ask for (KEP-5440).
fn check_template(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    const DIRECTIVES: [&str; 3] = ["nodeSelector", "tolerations", "schedulingGates"];
    let before = &old["spec"]["template"];
    let mut munged = new["template"].clone();
    if rests(old) {
        for part in ["labels", "annotations"] {
            keep(&mut munged, before, "metadata", part);
        }
        for part in DIRECTIVES {
            keep(&mut munged, before, "spec", part);
        }
        keep_node_affinity(&mut munged, before);
        for list in ["containers", "initContainers"] {
            keep_resources(&mut munged, before, list);
        }
    }
    if munged != *before {
        let shown = shown_template(&new["template"]);
        errors.invalid_shown(&at.child("template"), &shown, "field is immutable");
    }
}

/// Tells whether a job is suspended and none of its pods is left.
fn rests(job: &Value) -> bool {
    let suspended = || {
        meta::items(job, "/status/conditions")
            .iter()
            .any(|it| it["type"] == "Suspended" && it["status"] == "True")
    };
    let started = !meta::text(job, "/status/startTime").is_empty();
    job["spec"]["suspend"] == true
        && meta::number(job, "/status/active").unwrap_or(0) == 0
        && (!started || suspended())
}

fn keep(target: &mut Value, source: &Value, part: &str, field: &str) {
    let fields = meta::object_at(target, part);
    match source.get(part).and_then(|part| part.get(field)) {
        Some(value) => fields.insert(field.into(), value.clone()),
        None => fields.remove(field),
    };
}

fn keep_node_affinity(target: &mut Value, source: &Value) {
    let empty = |value: Option<&Value>| {
        value.and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
    };
    let mut affinity = target["spec"].get("affinity").cloned().unwrap_or_default();
    let fields = meta::as_object(&mut affinity);
    match source.pointer("/spec/affinity/nodeAffinity") {
        Some(value) => fields.insert("nodeAffinity".into(), value.clone()),
        None => fields.remove("nodeAffinity"),
    };
    if empty(Some(&affinity)) && empty(source.pointer("/spec/affinity")) {
        keep(target, source, "spec", "affinity");
    } else {
        meta::object_at(target, "spec").insert("affinity".into(), affinity);
    }
}

fn keep_resources(target: &mut Value, source: &Value, list: &str) {
    let before = meta::items(source, &format!("/spec/{list}"));
    let now = target.pointer_mut(&format!("/spec/{list}")).and_then(Value::as_array_mut);
    for (container, old) in now.into_iter().flatten().zip(before) {
        if let Some(resources) = old.get("resources") {
            meta::as_object(container).insert("resources".into(), resources.clone());
        }
    }
}
