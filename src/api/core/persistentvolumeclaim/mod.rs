//! `PersistentVolumeClaim`: a namespace's wish for a disk.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use machinery::{
    field::Path,
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Map, Value, json};

use super::persistentvolume::{CLASS_ANNOTATION, access_modes, phase};
use super::pod::warnings::of_claim_spec;
use crate::parts::{
    AGE, NAME, add_finalizer, age_cell, kind as build, name_cell, of_field, or_unset, text, wide,
};

pub(crate) use validate::{check_claim_spec, check_modes, check_positive};

pub(crate) fn kind() -> Kind {
    build::<PersistentVolumeClaim>("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")
        .short("pvc")
        .status()
        .answers_deletion_with_object()
        .defaults(fill_claim)
        .prepare(prepare)
        .validate(validate::check)
        .validate_status(validate::check_status)
        .warns(warn)
        .table(COLUMNS, cells)
}

const SPEC: &str = "v1.PersistentVolumeClaimSpec";
const STATUS: &str = "v1.PersistentVolumeClaimStatus";
const COLUMNS: &[Column] = &[
    NAME,
    of_field("Status", STATUS, "phase"),
    of_field("Volume", SPEC, "volumeName"),
    of_field("Capacity", STATUS, "capacity"),
    of_field("Access Modes", STATUS, "accessModes"),
    text("StorageClass", "StorageClass of the pvc"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
    AGE,
    wide(of_field("VolumeMode", SPEC, "volumeMode")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let text = |pointer: &str| meta::text(object, pointer);
    let volume = text("/spec/volumeName");
    let (capacity, modes) = if volume.is_empty() {
        ("".into(), "".into())
    } else {
        let capacity = object.pointer("/status/capacity/storage").cloned();
        (capacity.unwrap_or_else(|| "0".into()), access_modes(object, "/status/accessModes"))
    };
    vec![
        name_cell(object),
        phase(object),
        volume.into(),
        capacity,
        modes,
        meta::annotation(object, CLASS_ANNOTATION)
            .unwrap_or_else(|| text("/spec/storageClassName"))
            .into(),
        or_unset(text("/spec/volumeAttributesClassName")),
        age_cell(object, now),
        or_unset(text("/spec/volumeMode")),
    ]
}

/// Fills in a claim, also one in a StatefulSet's template.
pub(crate) fn fill_claim(object: &mut Value) {
    fill_claim_spec(meta::object_at(object, "spec"));
    meta::set_default(meta::object_at(object, "status"), "phase", "Pending");
}

/// Fills in what a claim wishes for.
pub(crate) fn fill_claim_spec(spec: &mut Map<String, Value>) {
    meta::set_default(spec, "volumeMode", "Filesystem");
}

fn prepare(object: &mut Value, old: Option<&Value>) {
    if old.is_some() {
        return;
    }
    let spec = meta::object_at(object, "spec");
    drop_unknown_sources(spec);
    share_source(spec);
    meta::as_object(object).insert("status".into(), json!({"phase": "Pending"}));
    add_finalizer(object, "kubernetes.io/pvc-protection");
}

/// Takes out sources that no one here can fill a disk from.
fn drop_unknown_sources(spec: &mut Map<String, Value>) {
    if spec.get("dataSourceRef").is_some_and(|it| !meta::text(it, "/namespace").is_empty()) {
        spec.remove("dataSourceRef");
    }
    if spec.contains_key("dataSourceRef") {
        return;
    }
    let known = spec.get("dataSource").is_none_or(|source| {
        matches!(
            (meta::text(source, "/apiGroup"), meta::text(source, "/kind")),
            ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
        )
    });
    if !known {
        spec.remove("dataSource");
    }
}

fn warn(change: &Change<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    if meta::annotation(change.new, CLASS_ANNOTATION).is_some() {
        warnings.push(format!(
            "metadata.annotations[{CLASS_ANNOTATION}]: deprecated since v1.8; use \
             \"storageClassName\" attribute instead"
        ));
    }
    of_claim_spec(&change.new["spec"], &Path::new("spec"), &mut warnings);
    warnings
}

/// `dataSource` is the old form of `dataSourceRef`; where only one is given both are kept.
fn share_source(spec: &mut Map<String, Value>) {
    match (spec.get("dataSource").cloned(), spec.get("dataSourceRef").cloned()) {
        (Some(source), None) => {
            spec.insert("dataSourceRef".into(), source);
        }
        (None, Some(reference)) if meta::text(&reference, "/namespace").is_empty() => {
            let mut source = reference;
            meta::as_object(&mut source).remove("namespace");
            spec.insert("dataSource".into(), source);
        }
        _ => {}
    }
}
