//! What must hold of volumes and their mounts.

use machinery::{
    field::{Errors, Path},
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::env;
use crate::{check, core::persistentvolumeclaim::check_claim_spec};

/// Checks `spec.volumes` and returns their names.
pub(super) fn check_volumes<'a>(spec: &'a Value, at: &Path, errors: &mut Errors) -> Vec<&'a str> {
    let mut seen: Vec<&str> = Vec::new();
    for (index, volume) in meta::items(spec, "/volumes").iter().enumerate() {
        let path = at.child("volumes").index(index);
        let name = meta::text(volume, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            for why in names::dns_label(name) {
                errors.invalid(&path.child("name"), &json!(name), why);
            }
            if seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
        }
        seen.push(name);
        check_source(volume, &path, errors);
    }
    seen
}

fn check_source(volume: &Value, path: &Path, errors: &mut Errors) {
    let sources = volume.as_object().into_iter().flatten().filter(|(key, _)| *key != "name");
    for (index, (key, source)) in sources.enumerate() {
        let here = path.child(key);
        if index > 0 {
            errors.forbidden(&here, "may not specify more than 1 volume type");
            continue;
        }
        check_volume_source(key, source, &here, errors);
    }
}

/// The fields that kinds of volumes must have.
const REQUIRED: [(&str, &[&str]); 19] = [
    ("gcePersistentDisk", &["pdName"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("gitRepo", &["repository"]),
    ("secret", &["secretName"]),
    ("configMap", &["name"]),
    ("nfs", &["server"]),
    ("iscsi", &["targetPortal", "iqn"]),
    ("glusterfs", &["endpoints", "path"]),
    ("persistentVolumeClaim", &["claimName"]),
    ("rbd", &["image"]),
    ("cinder", &["volumeID"]),
    ("flexVolume", &["driver"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("csi", &["driver"]),
];

/// Checks a volume of the kind `name`, in a pod or as a disk of the cluster.
pub(crate) fn check_volume_source(name: &str, source: &Value, at: &Path, errors: &mut Errors) {
    let fields = REQUIRED.iter().find(|(kind, _)| *kind == name).map_or(&[][..], |(_, it)| *it);
    for field in fields {
        check::required(source, field, at, errors);
    }
    match name {
        "hostPath" => check_host_path(source, at, errors),
        "nfs" | "local" => check_path(name, source, at, errors),
        "rbd" | "cephfs" if meta::items(source, "/monitors").is_empty() => {
            errors.required(&at.child("monitors"), "");
        }
        "emptyDir" => {
            if let Some(limit) = source.get("sizeLimit")
                && check::amount(limit).is_some_and(Quantity::is_negative)
            {
                let why = "SizeLimit field must be a valid resource quantity";
                errors.forbidden(&at.child("sizeLimit"), why);
            }
        }
        "secret" | "configMap" | "downwardAPI" | "projected" => {
            check_mode(source, "defaultMode", at, errors);
            check_items(source, "items", name == "downwardAPI", at, errors);
            if name == "projected" {
                check_projected(source, at, errors);
            }
        }
        "ephemeral" => match source.get("volumeClaimTemplate") {
            None => errors.required(&at.child("volumeClaimTemplate"), ""),
            Some(template) => {
                let at = at.child("volumeClaimTemplate").child("spec");
                check_claim_spec(&template["spec"], &at, errors);
            }
        },
        _ => {}
    }
}

fn check_path(name: &str, source: &Value, at: &Path, errors: &mut Errors) {
    if !check::required(source, "path", at, errors) {
        return;
    }
    let path = at.child("path");
    let text = meta::text(source, "/path");
    if name == "nfs" && !text.starts_with('/') {
        errors.invalid(&path, &json!(text), "must be an absolute path");
    }
    if name == "local" {
        no_way_up(text, &path, errors);
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
    if check::required(source, "path", at, errors) {
        no_way_up(meta::text(source, "/path"), &at.child("path"), errors);
        check::one_of(source, "type", &TYPES, at, errors);
    }
}

fn no_way_up(text: &str, path: &Path, errors: &mut Errors) {
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

fn check_mode(parent: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if let Some(mode) = parent.get(field).and_then(Value::as_i64)
        && !(0..=0o777).contains(&mode)
    {
        let why = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid(&at.child(field), &json!(mode), why);
    }
}

fn check_items(source: &Value, list: &str, of_pod: bool, at: &Path, errors: &mut Errors) {
    for (index, item) in meta::items(source, &format!("/{list}")).iter().enumerate() {
        let path = at.child(list).index(index);
        if !of_pod {
            check::required(item, "key", &path, errors);
        }
        if check::required(item, "path", &path, errors) {
            let text = meta::text(item, "/path");
            check_local_path(text, &path.child("path"), errors);
            if text.starts_with("..") && !text.starts_with("../") && text != ".." {
                errors.invalid(&path.child("path"), &json!(text), "must not start with '..'");
            }
        }
        check_mode(item, "mode", &path, errors);
        if !of_pod {
            continue;
        }
        match (item.get("fieldRef"), item.get("resourceFieldRef")) {
            (None, None) => {
                errors.required(
                    &path.child("fieldRef"),
                    "one of fieldRef and resourceFieldRef is required",
                );
            }
            (Some(_), Some(_)) => {
                let why = "fieldRef and resourceFieldRef can not be specified simultaneously";
                errors.invalid(&path, &json!("resource"), why);
            }
            (Some(field), None) => env::check_file_field(field, &path.child("fieldRef"), errors),
            (None, Some(resource)) => {
                let path = path.child("resourceFieldRef");
                check::required(resource, "containerName", &path, errors);
                env::check_resource(resource, &path, errors);
            }
        }
    }
}

fn check_projected(source: &Value, at: &Path, errors: &mut Errors) {
    let sources = meta::items(source, "/sources");
    let at = at.child("sources");
    for (index, one) in sources.iter().enumerate() {
        let path = at.index(index);
        let given: Vec<&String> =
            one.as_object().into_iter().flatten().map(|(key, _)| key).collect();
        if given.is_empty() {
            // What is empty is nothing, and does no harm.
            continue;
        }
        for extra in given.iter().skip(1) {
            let why = "may not specify more than 1 volume type per source";
            errors.forbidden(&path.child(extra), why);
        }
        for kind in ["secret", "configMap", "downwardAPI"] {
            let Some(part) = one.get(kind) else { continue };
            let path = path.child(kind);
            if kind != "downwardAPI" {
                check::required(part, "name", &path, errors);
            }
            check_items(part, "items", kind == "downwardAPI", &path, errors);
        }
        if let Some(token) = one.get("serviceAccountToken") {
            check_token(token, &path.child("serviceAccountToken"), errors);
        }
    }
}

fn check_token(token: &Value, path: &Path, errors: &mut Errors) {
    const LEAST_SECONDS: i64 = 600;
    const MOST_SECONDS: i64 = 1 << 32;
    if let Some(seconds) = meta::number(token, "/expirationSeconds") {
        let path = path.child("expirationSeconds");
        if seconds < LEAST_SECONDS {
            errors.invalid(
                &path,
                &json!(seconds),
                "may not specify a duration less than 10 minutes",
            );
        }
        if seconds > MOST_SECONDS {
            let why = "may not specify a duration larger than 2^32 seconds";
            errors.invalid(&path, &json!(seconds), why);
        }
    }
    if check::required(token, "path", path, errors) {
        check_local_path(meta::text(token, "/path"), &path.child("path"), errors);
    }
}

/// Checks a container's mounts against the pod's volumes.
pub(super) fn check_mounts(container: &Value, at: &Path, volumes: &[&str], errors: &mut Errors) {
    let mut paths: Vec<&str> = Vec::new();
    for (index, mount) in meta::items(container, "/volumeMounts").iter().enumerate() {
        let path = at.child("volumeMounts").index(index);
        let name = meta::text(mount, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else if !volumes.contains(&name) {
            errors.not_found(&path.child("name"), &json!(name));
        }
        let place = meta::text(mount, "/mountPath");
        if place.is_empty() {
            errors.required(&path.child("mountPath"), "");
        } else if paths.contains(&place) {
            errors.invalid(&path.child("mountPath"), &json!(place), "must be unique");
        }
        paths.push(place);
        let known = ["Bidirectional", "HostToContainer", "None"];
        check::one_of(mount, "mountPropagation", &known, &path, errors);
        let sub = meta::text(mount, "/subPath");
        let expression = meta::text(mount, "/subPathExpr");
        if !sub.is_empty() && !expression.is_empty() {
            let why = "subPathExpr and subPath are mutually exclusive";
            errors.invalid(&path.child("subPathExpr"), &json!(expression), why);
        } else if !expression.is_empty() {
            check_local_path(expression, &path.child("subPathExpr"), errors);
        }
        if sub.starts_with('/') {
            errors.invalid(&path.child("subPath"), &json!(sub), "must be a relative path");
        } else if sub.split('/').any(|part| part == "..") {
            errors.invalid(&path.child("subPath"), &json!(sub), "must not contain '..'");
        }
    }
}
