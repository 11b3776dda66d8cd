//! What must hold of where disks come from. Source:
//! `k8s.io/kubernetes/pkg/apis/storage/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check, core::pod::check_node_selector};

const MAX_PARAMETERS: usize = 256 * 1024;
const MAX_PARAMETER_COUNT: usize = 512;
const MAX_DRIVER: usize = 63;

pub(super) fn check_class(change: &Change<'_>, errors: &mut Errors) {
    let class = change.new;
    let at = Path::default();
    let path = at.child("provisioner");
    let provisioner = meta::text(class, "/provisioner");
    if provisioner.is_empty() {
        errors.required(&path, "");
    } else {
        check::named(&json!(provisioner.to_lowercase()), names::qualified_name, &path, errors);
    }
    check_parameters(class, false, &at, errors);
    check::one_of(class, "reclaimPolicy", &["Delete", "Retain"], &at, errors);
    let modes = ["Immediate", "WaitForFirstConsumer"];
    match class.get("volumeBindingMode") {
        None => errors.required(&at.child("volumeBindingMode"), ""),
        Some(_) => check::one_of(class, "volumeBindingMode", &modes, &at, errors),
    }
    for (index, term) in meta::items(class, "/allowedTopologies").iter().enumerate() {
        let path = at.child("allowedTopologies").index(index);
        check_topology(term, &path, errors);
    }
    let Some(old) = change.old else { return };
    for field in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
        check::immutable(class, old, field, &at, errors);
    }
}

fn check_topology(term: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, it) in meta::items(term, "/matchLabelExpressions").iter().enumerate() {
        let path = at.child("matchLabelExpressions").index(index);
        let key = meta::text(it, "/key");
        let values = meta::items(it, "/values");
        if values.is_empty() {
            errors.required(&path.child("values"), "");
        }
        for (number, value) in values.iter().enumerate() {
            if values.iter().take(number).any(|one| one == value) {
                errors.duplicate(&path.child("values").index(number), value);
            }
        }
        check::named(&it["key"], names::qualified_name, &path.child("key"), errors);
        if seen.contains(&key) {
            errors.duplicate(&path.child("key"), &json!(key));
        }
        seen.push(key);
    }
}

fn check_parameters(object: &Value, needed: bool, at: &Path, errors: &mut Errors) {
    let path = at.child("parameters");
    let parameters: Vec<(&str, &str)> = meta::strings(object, "/parameters").collect();
    if parameters.len() > MAX_PARAMETER_COUNT {
        errors.too_many(&path, parameters.len(), MAX_PARAMETER_COUNT);
    }
    let mut bytes = 0;
    for (key, value) in &parameters {
        if key.is_empty() {
            errors.invalid(&path, &json!(key), "field can not be empty");
        }
        bytes += key.len() + value.len();
    }
    if bytes > MAX_PARAMETERS {
        errors.too_long(&path, MAX_PARAMETERS);
    }
    if needed && parameters.is_empty() {
        errors.required(&path, "must contain at least one key/value pair");
    }
}

pub(super) fn check_attributes_class(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::default();
    check_driver_name(&change.new["driverName"], &at.child("driverName"), errors);
    check_parameters(change.new, true, &at, errors);
    if let Some(old) = change.old {
        for field in ["driverName", "parameters"] {
            check::immutable(change.new, old, field, &at, errors);
        }
    }
}

/// Checks the name of a driver.
pub(super) fn check_driver_name(name: &Value, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    if text.len() > MAX_DRIVER {
        errors.too_long(path, MAX_DRIVER);
    }
    for why in names::dns_subdomain(&text.to_lowercase()) {
        errors.invalid(path, name, why);
    }
}

pub(super) fn check_driver(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let name = meta::name(change.new);
    if name.len() > MAX_DRIVER {
        errors.too_long(&Path::new("metadata").child("name"), MAX_DRIVER);
    }
    for field in ["attachRequired", "podInfoOnMount", "storageCapacity", "seLinuxMount"] {
        if spec.get(field).is_none() {
            errors.required(&at.child(field), "");
        }
    }
    let policies = ["File", "None", "ReadWriteOnceWithFSType"];
    check::one_of(spec, "fsGroupPolicy", &policies, &at, errors);
    check_tokens(spec, &at, errors);
    let modes = ["Persistent", "Ephemeral"];
    for mode in meta::items(spec, "/volumeLifecycleModes") {
        if !modes.iter().any(|known| mode == known) {
            errors.not_supported(&at.child("volumeLifecycleModes"), mode, &modes);
        }
    }
    if let Some(seconds) = meta::number(spec, "/nodeAllocatableUpdatePeriodSeconds")
        && seconds < 10
    {
        let why = "must be greater than or equal to 10 seconds";
        errors.invalid(&at.child("nodeAllocatableUpdatePeriodSeconds"), &json!(seconds), why);
    }
    if let Some(old) = change.old {
        for field in ["attachRequired", "volumeLifecycleModes"] {
            check::immutable(spec, &old["spec"], field, &at, errors);
        }
    }
}

fn check_tokens(spec: &Value, at: &Path, errors: &mut Errors) {
    const LEAST_SECONDS: i64 = 600;
    const MOST_SECONDS: i64 = 1 << 32;
    let mut seen: Vec<&str> = Vec::new();
    for (index, request) in meta::items(spec, "/tokenRequests").iter().enumerate() {
        let path = at.child("tokenRequests").index(index);
        let audience = meta::text(request, "/audience");
        if seen.contains(&audience) {
            errors.duplicate(&path.child("audience"), &json!(audience));
        }
        seen.push(audience);
        let Some(seconds) = meta::number(request, "/expirationSeconds") else { continue };
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
}

pub(super) fn check_node(change: &Change<'_>, errors: &mut Errors) {
    const MAX_NODE_ID: usize = 256;
    let at = Path::new("spec").child("drivers");
    let drivers = meta::items(&change.new["spec"], "/drivers");
    let mut seen: Vec<&str> = Vec::new();
    for (index, driver) in drivers.iter().enumerate() {
        let path = at.index(index);
        check_driver_name(&driver["name"], &path.child("name"), errors);
        let name = meta::text(driver, "/name");
        if seen.contains(&name) {
            errors.duplicate(&path.child("name"), &json!(name));
        }
        seen.push(name);
        let id = meta::text(driver, "/nodeID");
        if id.is_empty() {
            errors.required(&path.child("nodeID"), "");
        } else if id.len() > MAX_NODE_ID {
            errors.invalid(
                &path.child("nodeID"),
                &json!(id),
                format!("must be {MAX_NODE_ID} characters or less"),
            );
        }
        check::not_negative(&driver["allocatable"], "count", &path.child("allocatable"), errors);
        let keys = meta::items(driver, "/topologyKeys");
        for (number, key) in keys.iter().enumerate() {
            if keys.iter().take(number).any(|one| one == key) {
                errors.duplicate(&path.child("topologyKeys").index(number), key);
            }
            check::named(key, names::qualified_name, &path.child("topologyKeys"), errors);
        }
    }
    let Some(old) = change.old else { return };
    for before in meta::items(&old["spec"], "/drivers") {
        let same = drivers.iter().find(|driver| driver["name"] == before["name"]);
        if same.is_some_and(|driver| {
            driver["nodeID"] != before["nodeID"]
                || driver.get("topologyKeys") != before.get("topologyKeys")
        }) {
            errors.invalid(&Path::new("CSINodeDriver"), &json!(drivers), "field is immutable");
        }
    }
}

pub(super) fn check_capacity(change: &Change<'_>, errors: &mut Errors) {
    let object = change.new;
    let at = Path::default();
    check::named(
        &object["storageClassName"],
        names::dns_subdomain,
        &at.child("storageClassName"),
        errors,
    );
    check::selector(&object["nodeTopology"], &at.child("nodeTopology"), errors);
    // Kubernetes leaves the size of the largest volume unchecked.
    if let Some(value) = object.get("capacity") {
        check::amount_not_negative(value, &at.child("capacity"), errors);
    }
    if let Some(old) = change.old {
        for field in ["nodeTopology", "storageClassName"] {
            check::immutable(object, old, field, &at, errors);
        }
    }
}

pub(super) fn check_attachment(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_driver_name(&spec["attacher"], &at.child("attacher"), errors);
    let source = &spec["source"];
    let path = at.child("source");
    let volume = source.get("persistentVolumeName").and_then(Value::as_str);
    let inline = source.get("inlineVolumeSpec");
    match (volume, inline) {
        (None, None) => {
            errors.required(
                &path,
                "must specify exactly one of inlineVolumeSpec and persistentVolumeName",
            );
        }
        (Some(_), Some(_)) => {
            errors.forbidden(
                &path,
                "must specify exactly one of inlineVolumeSpec and persistentVolumeName",
            );
        }
        (Some(name), None) => {
            if name.is_empty() {
                errors.required(
                    &path.child("persistentVolumeName"),
                    "must specify non empty persistentVolumeName",
                );
            } else {
                check::named(
                    &json!(name),
                    names::dns_subdomain,
                    &path.child("persistentVolumeName"),
                    errors,
                );
            }
        }
        (None, Some(inline)) => {
            if let Some(required) = inline.pointer("/nodeAffinity/required") {
                let path = path.child("inlineVolumeSpec").child("nodeAffinity").child("required");
                check_node_selector(required, &path, errors);
            }
        }
    }
    check::named(&spec["nodeName"], names::dns_subdomain, &at.child("nodeName"), errors);
    if let Some(old) = change.old
        && old["spec"] != *spec
    {
        errors.invalid(&at, spec, "field is immutable");
    }
}
