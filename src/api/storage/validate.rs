//! What must hold of where disks come from. Source:
//! `k8s.io/kubernetes/pkg/apis/storage/validation`.

use std::collections::{BTreeMap, BTreeSet};

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check, core::shown::shown};

const MAX_PARAMETERS: usize = 256 * 1024;
const MAX_PARAMETER_COUNT: usize = 512;
const MAX_DRIVER: usize = 63;
/// What Kubernetes calls `attachRequired` where it says what is wrong with it.
const ATTACH: &str = "attachedRequired";

pub(super) fn check_class(change: &Change<'_>, errors: &mut Errors) {
    let class = change.new;
    let at = Path::default();
    check_provisioner(class, "provisioner", &at, errors);
    check_parameters(class, false, &at, errors);
    if !meta::text(class, "/reclaimPolicy").is_empty() {
        check::one_of(class, "reclaimPolicy", &["Delete", "Retain"], &at, errors);
    }
    let modes = ["Immediate", "WaitForFirstConsumer"];
    match class.get("volumeBindingMode") {
        None => errors.required(&at.child("volumeBindingMode"), ""),
        Some(_) => check::one_of(class, "volumeBindingMode", &modes, &at, errors),
    }
    check_topologies(meta::items(class, "/allowedTopologies"), errors);
    let Some(old) = change.old else { return };
    for field in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
        check::immutable(class, old, field, &at, errors);
    }
}

fn check_provisioner(class: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if check::required(class, field, at, errors) {
        let name = json!(meta::text(class, &format!("/{field}")).to_lowercase());
        check::named(&name, names::qualified_name, &at.child(field), errors);
    }
}

/// Refuses places that are given twice. Kubernetes compares each with as many empty ones, too.
fn check_topologies(terms: &[Value], errors: &mut Errors) {
    let mut seen = vec![BTreeMap::new(); terms.len()];
    for (index, term) in terms.iter().enumerate() {
        let path = Path::new("allowedTopologies").index(index);
        check_topology(term, &path, errors);
        let rules = meta::items(term, "/matchLabelExpressions").iter().map(|rule| {
            let values: BTreeSet<&str> =
                meta::items(rule, "/values").iter().filter_map(Value::as_str).collect();
            (meta::text(rule, "/key"), values)
        });
        let place: BTreeMap<&str, BTreeSet<&str>> = rules.collect();
        for _ in seen.iter().filter(|one| **one == place) {
            errors.duplicate(&path.child("matchLabelExpressions"), &json!(""));
        }
        seen.push(place);
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
        // Kubernetes says so of the count of parameters as if it were of bytes.
        errors.too_long(&path, MAX_PARAMETER_COUNT);
        return;
    }
    let mut bytes = 0;
    for (key, value) in &parameters {
        if key.is_empty() {
            errors.invalid(&path, &json!(key), "field can not be empty.");
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
    check::twice_if_changed(change, errors, |errors| {
        check_provisioner(change.new, "driverName", &at, errors);
        check_parameters(change.new, true, &at, errors);
    });
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
    for (field, shown) in [
        ("attachRequired", ATTACH),
        ("podInfoOnMount", "podInfoOnMount"),
        ("storageCapacity", "storageCapacity"),
        ("seLinuxMount", "seLinuxMount"),
    ] {
        if spec.get(field).is_none() {
            errors.required(&at.child(shown), "");
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
    let in_secrets = "serviceAccountTokenInSecrets";
    if let Some(value) = spec.get(in_secrets)
        && meta::items(spec, "/tokenRequests").is_empty()
    {
        let why = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
        errors.invalid(&at.child(in_secrets), value, why);
    }
    if let Some(old) = change.old {
        if old["spec"].get("attachRequired") != spec.get("attachRequired") {
            errors.immutable(&at.child(ATTACH), &spec["attachRequired"]);
        }
        check::immutable(spec, &old["spec"], "volumeLifecycleModes", &at, errors);
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
            continue;
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
    let at = Path::new("spec").child("drivers");
    let drivers = meta::items(&change.new["spec"], "/drivers");
    check::twice_if_changed(change, errors, |errors| check_node_drivers(drivers, &at, errors));
    let Some(old) = change.old else { return };
    let fixed = |driver: &Value| {
        let mut driver = driver.clone();
        meta::as_object(&mut driver).remove("allocatable");
        driver
    };
    for before in meta::items(&old["spec"], "/drivers").iter().map(fixed) {
        let same = drivers.iter().filter(|driver| driver["name"] == before["name"]).map(fixed);
        for driver in same.filter(|driver| *driver != before) {
            errors.invalid_shown(&at, &shown("CSINodeDriver", &driver), "field is immutable");
        }
    }
}

fn check_node_drivers(drivers: &[Value], at: &Path, errors: &mut Errors) {
    const MAX_NODE_ID: usize = 256;
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
            if key == "" {
                errors.required(&path, "");
            }
            if keys.iter().take(number).any(|one| one == key) {
                errors.duplicate(&path, key);
            }
            check::named(key, names::qualified_name, &path, errors);
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
        if old.get("nodeTopology") != object.get("nodeTopology") {
            let topology = object.get("nodeTopology");
            let shown = topology.map_or_else(|| "null".into(), check::shown_selector);
            errors.invalid_shown(&at.child("nodeTopology"), &shown, "field is immutable");
        }
        check::immutable(object, old, "storageClassName", &at, errors);
    }
}
