//! What must hold of claims. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use crate::{check, core::shown};

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
    }
    let (Some(source), Some(reference)) = (spec.get("dataSource"), spec.get("dataSourceRef"))
    else {
        return;
    };
    if meta::text(reference, "/namespace").is_empty() && source != reference {
        errors.invalid(&at.child("dataSource"), &source["name"], "must match dataSourceRef");
    }
}

/// A claim stays as it is, but that it is bound, grows and changes its attributes.
fn check_update(old: &Value, new: &Value, errors: &mut Errors) {
    let (mut before, mut after) = (old["spec"].clone(), new["spec"].clone());
    if meta::text(old, "/spec/volumeName").is_empty() {
        copy(&mut before, &after, "volumeName");
    }
    if before.get("storageClassName").is_none() {
        copy(&mut before, &after, "storageClassName");
    }
    if meta::text(new, "/status/phase") == "Bound" && after["resources"].get("requests").is_some() {
        after["resources"]["requests"]["storage"] =
            before["resources"]["requests"]["storage"].clone();
        copy(&mut after, &before, "volumeAttributesClassName");
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
}

fn copy(target: &mut Value, source: &Value, field: &str) {
    match source.get(field) {
        Some(value) => target[field] = value.clone(),
        None => drop(meta::as_object(target).remove(field)),
    }
}
