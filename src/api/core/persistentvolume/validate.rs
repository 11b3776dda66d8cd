//! What must hold of disks. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Map, Value, json};

use crate::{
    check,
    core::{
        persistentvolumeclaim::{check_modes, check_positive},
        pod::{check_node_selector, check_volume_source},
        shown,
    },
};

/// The kinds of disks, in the order of Go's struct.
pub(super) const SOURCES: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "nfs",
    "iscsi",
    "rbd",
    "glusterfs",
    "cinder",
    "cephfs",
    "fc",
    "flexVolume",
    "flocker",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let path = at.child("accessModes");
    if meta::items(spec, "/accessModes").is_empty() {
        errors.required(&path, "");
    }
    check_modes(spec, &path, errors);
    check_capacity(&spec["capacity"], &at.child("capacity"), errors);
    let policies = ["Delete", "Recycle", "Retain"];
    check::one_of(spec, "persistentVolumeReclaimPolicy", &policies, &at, errors);
    if let Some(affinity) = spec.get("nodeAffinity") {
        let at = at.child("nodeAffinity");
        match affinity.get("required") {
            None => {
                errors.required(&at.child("required"), "must specify required node constraints");
            }
            Some(required) => check_node_selector(required, &at.child("required"), errors),
        }
    }
    check_sources(spec, &at, errors);
    let recycled = spec["persistentVolumeReclaimPolicy"] == "Recycle";
    if recycled && meta::text(spec, "/hostPath/path") == "/" {
        let why = "may not be 'recycle' for a hostPath mount of '/'";
        errors.forbidden(&at.child("persistentVolumeReclaimPolicy"), why);
    }
    for field in ["storageClassName", "volumeAttributesClassName"] {
        if !meta::text(spec, &format!("/{field}")).is_empty() {
            check::named(&spec[field], names::dns_subdomain, &at.child(field), errors);
        }
    }
    check::one_of(spec, "volumeMode", &["Block", "Filesystem"], &at, errors);
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, &at, errors);
    }
}

fn check_capacity(capacity: &Value, path: &Path, errors: &mut Errors) {
    let amounts = capacity.as_object();
    let count = amounts.map_or(0, Map::len);
    if count == 0 {
        errors.required(path, "");
    }
    if count > 1 || capacity.get("storage").is_none() {
        let shown = if capacity.is_null() { json!({}) } else { capacity.clone() };
        errors.not_supported(path, &shown, &["storage"]);
    }
    for (resource, value) in amounts.into_iter().flatten() {
        check_positive(value, &path.key(resource), errors);
    }
}

fn check_sources(spec: &Value, at: &Path, errors: &mut Errors) {
    let given: Vec<&str> =
        SOURCES.into_iter().filter(|source| spec.get(*source).is_some()).collect();
    let Some((first, others)) = given.split_first() else {
        errors.required(at, "must specify a volume type");
        return;
    };
    check_volume_source(first, &spec[*first], &at.child(first), errors);
    if *first == "csi" {
        check::required(&spec["csi"], "volumeHandle", &at.child("csi"), errors);
    }
    for other in others {
        errors.forbidden(&at.child(other), "may not specify more than 1 volume type");
    }
}

fn check_update(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let source = |spec: &Value| -> Value {
        let kept = SOURCES.iter().filter_map(|name| Some(((*name).to_owned(), spec.get(*name)?)));
        kept.map(|(name, value)| (name, value.clone())).collect::<Map<_, _>>().into()
    };
    let (before, after) = (source(old), source(new));
    if before != after {
        let why = format!(
            "spec.persistentvolumesource is immutable after creation\n{}",
            shown::difference("PersistentVolumeSource", &before, &after)
        );
        errors.forbidden(&at.child("persistentvolumesource"), &why);
    }
    check::immutable(new, old, "volumeMode", at, errors);
    if old.get("nodeAffinity").is_some() {
        check::immutable(new, old, "nodeAffinity", at, errors);
    }
}
