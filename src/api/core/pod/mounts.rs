//! What must hold of the volumes that containers use.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::sources::{check_local_path, no_way_up};
use crate::check;

/// A pod's volumes that are well, by their names.
#[derive(Default)]
pub(super) struct Volumes<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Volumes<'a> {
    /// The volume of that name.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, volume)| *volume)
    }

    /// Adds a volume.
    pub(super) fn insert(&mut self, name: &'a str, volume: &'a Value) {
        self.0.push((name, volume));
    }

    /// Checks what a container mounts, and what it takes as it is.
    pub(super) fn check_uses(&self, container: &Value, at: &Path, errors: &mut Errors) {
        self.check_mounts(container, &at.child("volumeMounts"), errors);
        self.check_devices(container, &at.child("volumeDevices"), errors);
    }

    fn check_mounts(&self, container: &Value, at: &Path, errors: &mut Errors) {
        let mut places: Vec<&str> = Vec::new();
        let devices = meta::items(container, "/volumeDevices");
        for (index, mount) in meta::items(container, "/volumeMounts").iter().enumerate() {
            let path = at.index(index);
            let name = meta::text(mount, "/name");
            if name.is_empty() {
                errors.required(&path.child("name"), "");
            }
            if self.get(name).is_none() {
                errors.not_found(&path.child("name"), &json!(name));
            }
            let place = meta::text(mount, "/mountPath");
            if place.is_empty() {
                errors.required(&path.child("mountPath"), "");
            }
            if places.contains(&place) {
                errors.invalid(&path.child("mountPath"), &json!(place), "must be unique");
            }
            places.push(place);
            if devices.iter().any(|device| meta::text(device, "/name") == name) {
                let why = "must not already exist in volumeDevices";
                errors.invalid(&path.child("name"), &json!(name), why);
            }
            if devices.iter().any(|device| meta::text(device, "/devicePath") == place) {
                let why = "must not already exist as a path in volumeDevices";
                errors.invalid(&path.child("mountPath"), &json!(place), why);
            }
            check_below(mount, &path, at, errors);
            check_manner(mount, container, at, errors);
        }
    }

    fn check_devices(&self, container: &Value, at: &Path, errors: &mut Errors) {
        let mounts = meta::items(container, "/volumeMounts");
        let (mut seen, mut places): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for (index, device) in meta::items(container, "/volumeDevices").iter().enumerate() {
            let (path, place_at) = (at.index(index).child("name"), at.index(index));
            let place_at = place_at.child("devicePath");
            let name = meta::text(device, "/name");
            let shown = json!(name);
            if name.is_empty() {
                errors.required(&path, "");
            }
            if !name.is_empty() && seen.contains(&name) {
                errors.invalid(&path, &shown, "must be unique");
            }
            seen.push(name);
            let claimed = ["persistentVolumeClaim", "ephemeral"];
            match self.get(name) {
                None => errors.not_found(&path, &shown),
                Some(volume) if claimed.iter().all(|kind| volume.get(*kind).is_none()) => {
                    let why = "can only use volume source type of PersistentVolumeClaim or \
                               Ephemeral for block mode";
                    errors.invalid(&path, &shown, why);
                }
                Some(_) => {}
            }
            if mounts.iter().any(|mount| meta::text(mount, "/name") == name) {
                errors.invalid(&path, &shown, "must not already exist in volumeMounts");
            }
            let place = meta::text(device, "/devicePath");
            check_place(place, &mut places, &place_at, errors);
            if mounts.iter().any(|mount| meta::text(mount, "/mountPath") == place) {
                let why = "must not already exist as a path in volumeMounts";
                errors.invalid(&place_at, &json!(place), why);
            }
        }
    }
}

fn check_place<'a>(place: &'a str, places: &mut Vec<&'a str>, path: &Path, errors: &mut Errors) {
    if place.is_empty() {
        errors.required(path, "");
    }
    if places.contains(&place) {
        errors.invalid(path, &json!(place), "must be unique");
    }
    let mut wrong = Errors::default();
    no_way_up(place, path, &mut wrong);
    if wrong.is_empty() {
        places.push(place);
    } else {
        errors.invalid(path, &json!(place), "can not contain backsteps ('..')");
    }
}

/// Checks the part of a volume that is mounted. Kubernetes does not always say of which mount.
fn check_below(mount: &Value, path: &Path, at: &Path, errors: &mut Errors) {
    let sub = meta::text(mount, "/subPath");
    let expression = meta::text(mount, "/subPathExpr");
    if !sub.is_empty() {
        check_local_path(sub, &at.child("subPath"), errors);
    }
    if expression.is_empty() {
        return;
    }
    if !sub.is_empty() {
        let why = "subPathExpr and subPath are mutually exclusive";
        errors.invalid(&path.child("subPathExpr"), &json!(expression), why);
    }
    check_local_path(expression, &at.child("subPathExpr"), errors);
}

/// Checks how a volume is mounted. Kubernetes does not say of which mount.
fn check_manner(mount: &Value, container: &Value, at: &Path, errors: &mut Errors) {
    let known = ["Bidirectional", "HostToContainer", "None"];
    check::one_of(mount, "mountPropagation", &known, at, errors);
    let privileged = container.pointer("/securityContext/privileged") == Some(&json!(true));
    if mount["mountPropagation"] == "Bidirectional" && !privileged {
        let why = "Bidirectional mount propagation is available only to privileged containers";
        errors.forbidden(&at.child("mountPropagation"), why);
    }
    let path = at.child("recursiveReadOnly");
    match mount.get("recursiveReadOnly").and_then(Value::as_str) {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") => {
            if mount["readOnly"] != true {
                errors.forbidden(&path, "may only be specified when readOnly is true");
            }
            if mount.get("mountPropagation").is_some_and(|it| it != "None") {
                let why = "may only be specified when mountPropagation is None or not specified";
                errors.forbidden(&path, why);
            }
        }
        Some(other) => {
            let known = ["Disabled", "Enabled", "IfPossible"];
            errors.not_supported(&path, &json!(other), &known);
        }
    }
}
