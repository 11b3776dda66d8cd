//! What must hold of a pod's volumes. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::{
    container::check_pull_policy,
    mounts::Volumes,
    projected,
    sources::{self, check_source},
    validate::Subject,
};
use crate::{check, core::persistentvolumeclaim::check_claim_spec};

/// The kinds of volumes, in the order in which Kubernetes looks for them.
const SOURCES: [&str; 29] = [
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// Checks `spec.volumes` and returns those that are well.
pub(super) fn check_volumes<'a>(subject: &Subject<'a>, errors: &mut Errors) -> Volumes<'a> {
    let mut well = Volumes::default();
    let volumes = meta::items(subject.spec, "/volumes");
    let made: Vec<String> = volumes
        .iter()
        .filter(|volume| volume.get("ephemeral").is_some())
        .filter_map(|volume| claim_name(volume, subject))
        .collect();
    for (index, volume) in volumes.iter().enumerate() {
        let path = subject.at.child("volumes").index(index);
        let name = meta::text(volume, "/name");
        let mut wrong = Errors::default();
        check_volume(volume, subject, &path, &mut wrong);
        if name.is_empty() {
            wrong.required(&path.child("name"), "");
        } else {
            check::named(&json!(name), names::dns_label, &path.child("name"), &mut wrong);
        }
        if well.get(name).is_some() {
            wrong.duplicate(&path.child("name"), &json!(name));
        }
        if wrong.is_empty() {
            well.insert(name, volume);
        }
        errors.extend(wrong);
        let claim = meta::text(volume, "/persistentVolumeClaim/claimName");
        if made.iter().any(|one| one == claim) {
            let path = path.child("persistentVolumeClaim").child("claimName");
            let why = "must not reference a PVC that gets created for an ephemeral volume";
            errors.invalid(&path, &json!(claim), why);
        }
    }
    well
}

/// The name of the claim that is made for an ephemeral volume.
fn claim_name(volume: &Value, subject: &Subject<'_>) -> Option<String> {
    let pod = subject.pod.filter(|pod| !pod.is_empty())?;
    Some(format!("{pod}-{}", meta::text(volume, "/name")))
}

fn check_volume(volume: &Value, subject: &Subject<'_>, path: &Path, errors: &mut Errors) {
    let mut found = false;
    if let Some(folder) = volume.get("emptyDir") {
        found = true;
        let limit = folder.get("sizeLimit").and_then(check::amount);
        if limit.is_some_and(Quantity::is_negative) {
            let why = "SizeLimit field must be a valid resource quantity";
            errors.forbidden(&path.child("emptyDir").child("sizeLimit"), why);
        }
    }
    for kind in SOURCES {
        let Some(source) = volume.get(kind) else { continue };
        if found {
            let shown = match kind {
                "cephfs" => "cephFS",
                "downwardAPI" => "downwarAPI",
                _ => kind,
            };
            errors.forbidden(&path.child(shown), "may not specify more than 1 volume type");
        } else {
            found = true;
            check_kind(kind, source, path, errors);
            if kind == "ephemeral" {
                check_claim_name(volume, subject, path, errors);
            }
        }
        if kind == "iscsi" {
            let target = meta::text(source, "/targetPortal");
            let name = meta::text(volume, "/name");
            sources::check_initiator_length(source, (name, target), &path.child("name"), errors);
        }
    }
    if !found {
        errors.required(path, "must specify a volume type");
    }
}

fn check_kind(kind: &str, source: &Value, path: &Path, errors: &mut Errors) {
    let at = path.child(kind);
    match kind {
        "secret" | "configMap" => {
            let name = if kind == "secret" { "secretName" } else { "name" };
            check::required(source, name, &at, errors);
            sources::check_mode(source, "defaultMode", &at, errors);
            projected::check_keys(source, &at, errors);
        }
        "downwardAPI" => {
            sources::check_mode(source, "defaultMode", &at, errors);
            projected::check_files(source, &at, errors);
        }
        "projected" => projected::check(source, &at, errors),
        "persistentVolumeClaim" => drop(check::required(source, "claimName", &at, errors)),
        "gitRepo" => {
            check::required(source, "repository", &at, errors);
            let folder = meta::text(source, "/directory");
            sources::check_local_path(folder, &at.child("directory"), errors);
        }
        "ephemeral" => check_claim(source, &at, errors),
        "image" => {
            check::required(source, "reference", &at, errors);
            check_pull_policy(source, "pullPolicy", &at, errors);
        }
        _ => check_source(kind, source, false, path, errors),
    }
}

fn check_claim(source: &Value, at: &Path, errors: &mut Errors) {
    let at = at.child("volumeClaimTemplate");
    let Some(template) = source.get("volumeClaimTemplate") else {
        return errors.required(&at, "");
    };
    check::claim_metadata(template, &at.child("metadata"), errors);
    check_claim_spec(&template["spec"], &at.child("spec"), errors);
}

fn check_claim_name(volume: &Value, subject: &Subject<'_>, path: &Path, errors: &mut Errors) {
    let name = meta::text(volume, "/name");
    let Some(claim) = claim_name(volume, subject).filter(|_| !name.is_empty()) else { return };
    for why in names::dns_subdomain(&claim) {
        let why = format!("PVC name {claim:?}: {why}");
        errors.invalid(&path.child("name"), &json!(name), why);
    }
}
