//! What must hold of the disks and folders behind volumes, of pods and of the cluster.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use super::disks;
use crate::check;

/// The fields that kinds of volumes must have.
const REQUIRED: [(&str, &[&str]); 15] = [
    ("gcePersistentDisk", &["pdName"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("nfs", &["server", "path"]),
    ("iscsi", &["targetPortal"]),
    ("glusterfs", &["endpoints", "path"]),
    ("rbd", &["image"]),
    ("cinder", &["volumeID"]),
    ("flexVolume", &["driver"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("hostPath", &["path"]),
];

/// Checks a volume of the kind `kind` of the object at `path`: one of the cluster if `persistent`,
/// else a pod's.
pub(crate) fn check_source(
    kind: &str,
    source: &Value,
    persistent: bool,
    path: &Path,
    errors: &mut Errors,
) {
    // Go's name of one of them is not JSON's.
    let shown = if kind == "gcePersistentDisk" { "persistentDisk" } else { kind };
    let at = path.child(shown);
    let fields = REQUIRED.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, it)| *it);
    for field in fields {
        check::required(source, field, &at, errors);
    }
    match kind {
        "hostPath" => check_host_path(source, &at, errors),
        "local" => check_local(source, &at, errors),
        "nfs" if !meta::text(source, "/path").starts_with('/') => {
            let text = json!(meta::text(source, "/path"));
            errors.invalid(&at.child("path"), &text, "must be an absolute path");
        }
        "gcePersistentDisk" | "awsElasticBlockStore" => {
            disks::check_range(source, "partition", &at, errors);
        }
        "rbd" | "cephfs" if meta::items(source, "/monitors").is_empty() => {
            errors.required(&at.child("monitors"), "");
        }
        "iscsi" => disks::check_iscsi(source, persistent, &at, errors),
        "fc" => disks::check_fibre(source, &at, errors),
        "quobyte" => disks::check_quobyte(source, &at, errors),
        "flocker" => disks::check_flocker(source, &at, errors),
        "flexVolume" => disks::check_flex(source, &at, errors),
        "azureDisk" => disks::check_azure(source, &at, errors),
        "storageos" => {
            disks::check_storage_os(source, &at, errors);
            check_secret(source, persistent, &at, errors);
        }
        "cinder" => check_secret(source, persistent, &at, errors),
        "glusterfs" if persistent => disks::check_gluster_namespace(source, &at, errors),
        "azureFile" if persistent && source["secretNamespace"] == "" => {
            errors.required(&at.child("secretNamespace"), "");
        }
        "csi" => check_csi(source, persistent, &at, errors),
        _ => {}
    }
}

/// Checks the reference to a secret; where its namespace is not the volume's, it is told.
fn check_secret(source: &Value, persistent: bool, at: &Path, errors: &mut Errors) {
    let Some(secret) = source.get("secretRef") else { return };
    let at = at.child("secretRef");
    check::required(secret, "name", &at, errors);
    if persistent {
        check::required(secret, "namespace", &at, errors);
    }
}

fn check_csi(source: &Value, persistent: bool, at: &Path, errors: &mut Errors) {
    check_driver(&json!(meta::text(source, "/driver")), &at.child("driver"), errors);
    if !persistent {
        let Some(secret) = source.get("nodePublishSecretRef") else { return };
        if check::required(secret, "name", &at.child("nodePublishSecretRef"), errors) {
            check::named(&secret["name"], names::dns_subdomain, &at.child("name"), errors);
        }
        return;
    }
    check::required(source, "volumeHandle", at, errors);
    for field in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let Some(secret) = source.get(field) else { continue };
        let at = at.child(field);
        let rules: [(&str, check::NameRule); 2] =
            [("name", names::dns_subdomain), ("namespace", names::dns_label)];
        for (field, rule) in rules {
            if check::required(secret, field, &at, errors) {
                check::named(&secret[field], rule, &at.child(field), errors);
            }
        }
    }
}

/// Checks the name of a driver. Source: `ValidateCSIDriverName`.
pub(crate) fn check_driver(name: &Value, path: &Path, errors: &mut Errors) {
    const LONGEST: usize = 63;
    let text = name.as_str().unwrap_or_default();
    if text.is_empty() {
        errors.required(path, "");
    }
    if text.len() > LONGEST {
        errors.too_long(path, LONGEST);
    }
    for why in names::dns_subdomain(&text.to_lowercase()) {
        errors.invalid(path, name, why);
    }
}

/// Checks that the names of a volume and of what it is on are not too long together.
pub(crate) fn check_initiator_length(
    source: &Value,
    (volume, target): (&str, &str),
    path: &Path,
    errors: &mut Errors,
) {
    const LONGEST: usize = 64;
    if source.get("initiatorName").is_some() && volume.len() + 1 + target.len() > LONGEST {
        let shown = if path.to_string().ends_with("targetportal") { target } else { volume };
        let why = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters \
                   if iscsi.initiatorName is specified.";
        errors.invalid(path, &json!(shown), why);
    }
}

fn check_host_path(source: &Value, at: &Path, errors: &mut Errors) {
    const TYPES: [&str; 8] = [
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    let path = meta::text(source, "/path");
    if !path.is_empty() {
        no_way_up(path, &at.child("path"), errors);
        check::one_of(source, "type", &TYPES, at, errors);
    }
}

fn check_local(source: &Value, at: &Path, errors: &mut Errors) {
    if check::required(source, "path", at, errors) {
        no_way_up(meta::text(source, "/path"), &at.child("path"), errors);
    }
}

/// Refuses paths that lead out of where they start by their parts.
pub(super) fn no_way_up(text: &str, path: &Path, errors: &mut Errors) {
    if text.split('/').any(|part| part == "..") {
        errors.invalid(path, &json!(text), "must not contain '..'");
    }
}

/// Refuses paths that lead out of where they start.
pub(super) fn check_local_path(text: &str, path: &Path, errors: &mut Errors) {
    if text.starts_with('/') {
        errors.invalid(path, &json!(text), "must be a relative path");
    }
    no_way_up(text, path, errors);
}

/// Refuses paths of files that lead elsewhere, or that the kubelet keeps for itself.
pub(super) fn check_file_path(text: &str, path: &Path, errors: &mut Errors) {
    check_local_path(text, path, errors);
    if text.starts_with("..") && !text.starts_with("../") {
        errors.invalid(path, &json!(text), "must not start with '..'");
    }
}

/// Refuses what are no rights of a file.
pub(super) fn check_mode(parent: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if let Some(mode) = parent.get(field).and_then(Value::as_i64)
        && !(0..=0o777).contains(&mode)
    {
        let why = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid(&at.child(field), &json!(mode), why);
    }
}
