//! What must hold of claims. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use crate::{
    check,
    core::{persistentvolume::CLASS_ANNOTATION, resources, shown},
};

const MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    check_claim_spec(&change.new["spec"], &Path::new("spec"), errors);
    if let Some(old) = change.old {
        check_update(old, change.new, errors);
    }
}

/// Checks what a claim wishes for, also that in a pod's volume.
pub(crate) fn check_claim_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    check::selector(&spec["selector"], &at.child("selector"), errors);
    let path = at.child("accessModes");
    if meta::items(spec, "/accessModes").is_empty() {
        errors.required(&path, "at least 1 access mode is required");
    }
    check_modes(spec, &path, errors);
    let path = at.child("resources").key("storage");
    match spec.pointer("/resources/requests/storage") {
        None => errors.required(&path, ""),
        Some(value) => check_positive(value, &path, errors),
    }
    for field in ["storageClassName", "volumeAttributesClassName"] {
        let name = &spec[field];
        if name.as_str().is_some_and(|name| !name.is_empty()) {
            check::named(name, names::dns_subdomain, &at.child(field), errors);
        }
    }
    check::one_of(spec, "volumeMode", &["Block", "Filesystem"], at, errors);
    check_sources(spec, at, errors);
}

/// Checks the ways in which a disk may be used.
pub(crate) fn check_modes(spec: &Value, path: &Path, errors: &mut Errors) {
    let modes = meta::items(spec, "/accessModes");
    for mode in modes {
        if !MODES.iter().any(|known| mode == known) {
            errors.not_supported(path, mode, &MODES);
        }
    }
    if modes.len() > 1 && modes.iter().any(|mode| mode == "ReadWriteOncePod") {
        errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
}

/// Refuses an amount that is not above nothing.
pub(crate) fn check_positive(value: &Value, path: &Path, errors: &mut Errors) {
    let amount = check::amount(value);
    if amount.is_some_and(|amount| amount.is_zero() || amount.is_negative()) {
        errors.invalid(path, value, "must be greater than zero");
    }
}

fn check_sources(spec: &Value, at: &Path, errors: &mut Errors) {
    for field in ["dataSource", "dataSourceRef"] {
        let Some(source) = spec.get(field) else { continue };
        let path = at.child(field);
        check::required(source, "name", &path, errors);
        check::required(source, "kind", &path, errors);
        let group = meta::text(source, "/apiGroup");
        if group.is_empty() && meta::text(source, "/kind") != "PersistentVolumeClaim" {
            let why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
            errors.invalid(&path, &source["kind"], why);
        }
        if !group.is_empty() {
            check::named(&json!(group), names::dns_subdomain, &path.child("apiGroup"), errors);
        }
        if field == "dataSourceRef" && !meta::text(source, "/namespace").is_empty() {
            let path = path.child("namespace");
            check::named(&source["namespace"], names::dns_label, &path, errors);
        }
    }
    let (Some(source), Some(reference)) = (spec.get("dataSource"), spec.get("dataSourceRef"))
    else {
        return;
    };
    if !meta::text(reference, "/namespace").is_empty() {
        let why = "may not be specified when dataSourceRef.namespace is specified";
        errors.invalid(at, &json!({}), why);
    } else if source != reference {
        errors.invalid(at, &json!({}), "must match dataSourceRef");
    }
}

/// A claim stays as it is, but that it is bound, grows and changes its attributes.
fn check_update(old: &Value, new: &Value, errors: &mut Errors) {
    let (mut before, mut after) = (old["spec"].clone(), new["spec"].clone());
    if meta::text(old, "/spec/volumeName").is_empty() {
        copy(&mut before, &after, "volumeName");
    }
    check_class(old, new, (&before, &mut after), errors);
    if meta::text(new, "/status/phase") == "Bound" && after["resources"].get("requests").is_some() {
        after["resources"]["requests"]["storage"] =
            before["resources"]["requests"]["storage"].clone();
        if after.get("volumeAttributesClassName").is_some() {
            copy(&mut after, &before, "volumeAttributesClassName");
        }
    }
    let path = Path::new("spec");
    if before != after {
        let why = format!(
            "spec is immutable after creation except resources.requests and \
             volumeAttributesClassName for bound claims\n{}",
            shown::difference("PersistentVolumeClaimSpec", &before, &after)
        );
        errors.forbidden(&path, &why);
    }
    let size = |object: &Value, pointer: &str| object.pointer(pointer).and_then(check::amount);
    let asked = "/spec/resources/requests/storage";
    let (was, is) = (size(old, asked), size(new, asked));
    let given = size(old, "/status/capacity/storage").unwrap_or(Quantity::whole(0));
    if is < was && is.is_some_and(|is| is <= given) {
        let path = path.child("resources").child("requests").child("storage");
        errors.forbidden(&path, "field can not be less than status.capacity");
    }
    if old["spec"].get("volumeMode") != new["spec"].get("volumeMode") {
        let shown = new["spec"].get("volumeMode").cloned().unwrap_or_default();
        errors.invalid(&Path::new("volumeMode"), &shown, "field is immutable");
    }
    check_attributes_class(old, new, &path, errors);
}

/// The class may be told once, or move out of the annotation in which it used to be.
fn check_class(
    old: &Value,
    new: &Value,
    (before, after): (&Value, &mut Value),
    errors: &mut Errors,
) {
    const FIELD: &str = "storageClassName";
    let annotated = |object: &Value| meta::annotation(object, CLASS_ANNOTATION).map(str::to_owned);
    let (was, is) = (annotated(old), annotated(new));
    let class = new["spec"].get(FIELD).and_then(Value::as_str);
    let told = old["spec"].get(FIELD);
    if was.is_some()
        && was.as_deref() == class
        && told.is_none()
        && is.is_none_or(|is| Some(&is) == was.as_ref())
    {
        meta::as_object(after).remove(FIELD);
        return;
    }
    let is = annotated(new);
    if was != is {
        let path = Path::new("metadata").key(CLASS_ANNOTATION);
        errors.invalid(&path, &json!(is.unwrap_or_default()), "field is immutable");
    }
    if was.is_none() && told.is_none() && class.is_some() {
        copy(after, before, FIELD);
    }
}

/// Attributes that a disk once got are changed, never taken away.
fn check_attributes_class(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    const FIELD: &str = "volumeAttributesClassName";
    let (was, is) = (old["spec"].get(FIELD), new["spec"].get(FIELD));
    if was == is || old["status"].get("currentVolumeAttributesClassName").is_none() {
        return;
    }
    let gone = match is {
        None => "nil",
        Some(name) if name == "" => "empty string",
        Some(_) => return,
    };
    let why = format!(
        "update to {gone} is forbidden when status.currentVolumeAttributesClassName is not nil"
    );
    errors.forbidden(&at.child(FIELD), &why);
}

/// Checks what is told of a claim's disk.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    const STEPS: [&str; 5] = [
        "ControllerResizeInProgress",
        "ControllerResizeInfeasible",
        "NodeResizeInProgress",
        "NodeResizeInfeasible",
        "NodeResizePending",
    ];
    if change.old.is_none() {
        return;
    }
    let (status, at) = (&change.new["status"], Path::new("status"));
    if meta::items(change.new, "/spec/accessModes").is_empty() {
        errors.required(&Path::new("spec").child("accessModes"), "");
    }
    for (name, amount) in status["capacity"].as_object().into_iter().flatten() {
        check_amount(amount, &at.child("capacity").key(name), errors);
    }
    let path = at.child("allocatedResourceStatus");
    for (name, step) in status["allocatedResourceStatuses"].as_object().into_iter().flatten() {
        check_resource(name, &path, errors);
        if !STEPS.iter().any(|known| step == known) {
            let mut known = STEPS;
            known.sort_unstable();
            errors.not_supported(&path, step, &known);
        }
    }
    let path = at.child("allocatedResources");
    for (name, amount) in status["allocatedResources"].as_object().into_iter().flatten() {
        check_resource(name, &path, errors);
        check_amount(amount, &path.key(name), errors);
    }
}

fn check_amount(value: &Value, path: &Path, errors: &mut Errors) {
    if let Some(amount) = check::amount(value).filter(|amount| amount.is_negative()) {
        errors.invalid(path, &json!(amount.value()), "must be a valid resource quantity");
    }
}

fn check_resource(name: &str, path: &Path, errors: &mut Errors) {
    let problems = names::qualified_name(name);
    let sound = problems.is_empty();
    for why in problems {
        errors.invalid(path, &json!(name), why);
    }
    if sound && resources::is_native(name) && name != "storage" {
        errors.not_supported(path, &json!(name), &["storage"]);
    }
}

fn copy(target: &mut Value, source: &Value, field: &str) {
    match source.get(field) {
        Some(value) => target[field] = value.clone(),
        None => drop(meta::as_object(target).remove(field)),
    }
}
