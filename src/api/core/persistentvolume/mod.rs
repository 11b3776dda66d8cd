//! `PersistentVolume`: a disk of the cluster.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::PersistentVolume;
use machinery::{
    field::Path,
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Map, Value, json};

use super::pod::warnings::of_node_selector;
use crate::parts::{
    AGE, NAME, add_finalizer, age_cell, kind as build, name_cell, of_field, or_unset, text, wide,
};

/// Old home of the name of a volume's class.
pub(crate) const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

pub(crate) fn kind() -> Kind {
    build::<PersistentVolume>("", "v1", "PersistentVolume", "persistentvolumes")
        .cluster()
        .short("pv")
        .status()
        .answers_deletion_with_object()
        .defaults(defaults)
        .prepare(prepare)
        .validate(validate::check)
        .warns(warn)
        .table(COLUMNS, cells)
}

const SPEC: &str = "v1.PersistentVolumeSpec";
const COLUMNS: &[Column] = &[
    NAME,
    of_field("Capacity", SPEC, "capacity"),
    of_field("Access Modes", SPEC, "accessModes"),
    of_field("Reclaim Policy", SPEC, "persistentVolumeReclaimPolicy"),
    of_field("Status", "v1.PersistentVolumeStatus", "phase"),
    of_field("Claim", SPEC, "claimRef"),
    text("StorageClass", "StorageClass of the pv"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
    of_field("Reason", "v1.PersistentVolumeStatus", "reason"),
    AGE,
    wide(of_field("VolumeMode", SPEC, "volumeMode")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let claim = object.pointer("/spec/claimRef").map_or_else(String::new, |claim| {
        format!("{}/{}", meta::text(claim, "/namespace"), meta::text(claim, "/name"))
    });
    let text = |pointer: &str| meta::text(object, pointer);
    vec![
        name_cell(object),
        object.pointer("/spec/capacity/storage").cloned().unwrap_or_else(|| "0".into()),
        access_modes(object, "/spec/accessModes"),
        text("/spec/persistentVolumeReclaimPolicy").into(),
        phase(object),
        claim.into(),
        meta::annotation(object, CLASS_ANNOTATION)
            .unwrap_or_else(|| text("/spec/storageClassName"))
            .into(),
        or_unset(text("/spec/volumeAttributesClassName")),
        text("/status/reason").into(),
        age_cell(object, now),
        or_unset(text("/spec/volumeMode")),
    ]
}

/// The phase, or that the object is on its way out.
pub(crate) fn phase(object: &Value) -> Value {
    if meta::is_deleting(object) {
        return "Terminating".into();
    }
    meta::text(object, "/status/phase").into()
}

/// `RWO,ROX`: how a disk can be used, in short.
pub(crate) fn access_modes(object: &Value, pointer: &str) -> Value {
    const SHORT: [(&str, &str); 4] = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let given = meta::items(object, pointer);
    let shown = SHORT.iter().filter(|(mode, _)| given.iter().any(|one| one == mode));
    shown.map(|(_, short)| *short).collect::<Vec<_>>().join(",").into()
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "persistentVolumeReclaimPolicy", "Retain");
    meta::set_default(spec, "volumeMode", "Filesystem");
    fill_source(spec);
    meta::set_default(meta::object_at(object, "status"), "phase", "Pending");
}

/// What kinds of disks leave open. Source: defaults of `core/v1`.
pub(crate) fn fill_source(source: &mut Map<String, Value>) {
    const FILLED: [(&str, &[(&str, &str)]); 5] = [
        ("hostPath", &[("type", "")]),
        ("iscsi", &[("iscsiInterface", "default")]),
        ("rbd", &[("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring")]),
        ("azureDisk", &[("cachingMode", "ReadWrite"), ("kind", "Shared"), ("fsType", "ext4")]),
        ("scaleIO", &[("storageMode", "ThinProvisioned"), ("fsType", "xfs")]),
    ];
    for (name, fields) in FILLED {
        let Some(disk) = source.get_mut(name) else { continue };
        for (field, value) in fields {
            meta::set_default(meta::as_object(disk), field, *value);
        }
        if name == "azureDisk" {
            meta::set_default(meta::as_object(disk), "readOnly", false);
        }
    }
}

fn prepare(object: &mut Value, old: Option<&Value>) {
    if old.is_some() {
        return;
    }
    let born = object["metadata"]["creationTimestamp"].clone();
    let status = json!({"phase": "Pending", "lastPhaseTransitionTime": born});
    meta::as_object(object).insert("status".into(), status);
    add_finalizer(object, "kubernetes.io/pv-protection");
}

fn warn(change: &Change<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let spec = &change.new["spec"];
    if spec["persistentVolumeReclaimPolicy"] == "Recycle" {
        warnings.push(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, \
             the recommended approach is to use dynamic provisioning."
                .to_owned(),
        );
    }
    for (annotation, since, field) in [
        (CLASS_ANNOTATION, "v1.8", "storageClassName"),
        ("volume.beta.kubernetes.io/mount-options", "v1.31", "mountOptions"),
    ] {
        if meta::annotation(change.new, annotation).is_some() {
            warnings.push(format!(
                "metadata.annotations[{annotation}]: deprecated since {since}; use \
                 \"{field}\" attribute instead"
            ));
        }
    }
    if let Some(required) = spec.pointer("/nodeAffinity/required") {
        let at = Path::new("spec").child("nodeAffinity").child("required");
        of_node_selector(required, &at, &mut warnings);
    }
    for (source, shown, since, gone) in [
        ("cephfs", "cephfs", "v1.28", "v1.31"),
        ("photonPersistentDisk", "photonPersistentDisk", "v1.11", "v1.16"),
        ("rbd", "rbd", "v1.28", "v1.31"),
        ("scaleIO", "scaleIO", "v1.16", "v1.22"),
        ("storageos", "storageOS", "v1.22", "v1.25"),
        ("glusterfs", "glusterfs", "v1.25", "v1.26"),
    ] {
        if spec.get(source).is_some() {
            warnings
                .push(format!("spec.{shown}: deprecated in {since}, non-functional in {gone}+"));
        }
    }
    warnings
}
