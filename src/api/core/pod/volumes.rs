//! What must hold of volumes and their mounts.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

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
        match key.as_str() {
            "hostPath" if meta::text(source, "/path").is_empty() => {
                errors.required(&here.child("path"), "");
            }
            "configMap" if meta::text(source, "/name").is_empty() => {
                errors.required(&here.child("name"), "");
            }
            "secret" if meta::text(source, "/secretName").is_empty() => {
                errors.required(&here.child("secretName"), "");
            }
            "persistentVolumeClaim" if meta::text(source, "/claimName").is_empty() => {
                errors.required(&here.child("claimName"), "");
            }
            _ => {}
        }
        if let Some(mode) = meta::number(source, "/defaultMode")
            && !(0..=0o777).contains(&mode)
        {
            let why = "must be a number between 0 and 0777 (octal), both inclusive";
            errors.invalid(&here.child("defaultMode"), &json!(mode), why);
        }
        for (at, item) in meta::items(source, "/items").iter().enumerate() {
            check_item(item, &here.child("items").index(at), errors);
        }
    }
}

fn check_item(item: &Value, path: &Path, errors: &mut Errors) {
    let file = meta::text(item, "/path");
    if item.get("key").is_some_and(|key| key.as_str() == Some("")) {
        errors.required(&path.child("key"), "");
    }
    if file.is_empty() {
        errors.required(&path.child("path"), "");
    } else if file.starts_with('/') {
        errors.invalid(&path.child("path"), &json!(file), "must be a relative path");
    } else if file.split('/').any(|part| part == "..") {
        errors.invalid(&path.child("path"), &json!(file), "must not contain '..'");
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
        let sub = meta::text(mount, "/subPath");
        if sub.starts_with('/') {
            errors.invalid(&path.child("subPath"), &json!(sub), "must be a relative path");
        } else if sub.split('/').any(|part| part == "..") {
            errors.invalid(&path.child("subPath"), &json!(sub), "must not contain '..'");
        }
    }
}
