//! What must hold of slices of devices. Source: `k8s.io/kubernetes/pkg/apis/resource/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::validate::{EFFECTS, check_attribute_name, check_driver, check_unique, within};
use crate::{check, core::pod::check_node_selector};

const MOST_DEVICES: usize = 128;
/// How many devices there may be where one has taints or draws on counters.
const MOST_WITH_TAINTS: usize = 64;
const MOST_COUNTER_SETS: usize = 8;
const MOST_ATTRIBUTES: usize = 32;
const MOST_TAINTS: usize = 16;
const MAX_POOL: usize = 253;
const PLACES: &str = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, \
                      `perDeviceNodeSelection` is required";
const PLACES_OF_DEVICE: &str = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required \
     when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_driver(&spec["driver"], &at.child("driver"), errors);
    check_pool(&spec["pool"], &at.child("pool"), errors);
    if let Some(old) = change.old {
        let (new, before) = (&spec["pool"], &old["spec"]["pool"]);
        check::immutable(new, before, "name", &at.child("pool"), errors);
        for field in ["driver", "nodeName"] {
            check::immutable(spec, &old["spec"], field, &at, errors);
        }
    }
    check_places(spec, &at, errors);
    if spec.get("sharedCounters").is_some() && spec.get("devices").is_some() {
        errors.invalid(&at, &json!(""), "only one of `sharedCounters` or `devices` is allowed");
    }
    check_devices(spec, &at.child("devices"), errors);
    let sets = meta::items(spec, "/sharedCounters");
    let path = at.child("sharedCounters");
    for (index, set) in within(sets, MOST_COUNTER_SETS, &path, errors) {
        check_counters(set, "name", &path.index(index), errors);
    }
    check_unique(sets, &path, errors);
}

fn check_places(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut given = Vec::new();
    if let Some(name) = spec.get("nodeName") {
        let path = at.child("nodeName");
        if name == "" {
            let why = "must be either unset or set to a non-empty string";
            errors.invalid(&path, name, why);
        } else {
            given.push("`nodeName`");
            check::named(name, names::dns_subdomain, &path, errors);
        }
    }
    if let Some(selector) = spec.get("nodeSelector") {
        given.push("`nodeSelector`");
        let path = at.child("nodeSelector");
        check_node_selector(selector, &path, errors);
        if meta::items(selector, "/nodeSelectorTerms").len() != 1 {
            let why = "must have exactly one node selector term";
            errors.invalid(&path.child("nodeSelectorTerms"), &selector["nodeSelectorTerms"], why);
        }
    }
    for (field, shown) in
        [("allNodes", "`allNodes`"), ("perDeviceNodeSelection", "`perDeviceNodeSelection`")]
    {
        flag(spec, (field, shown), at, &mut given, errors);
    }
    match given.as_slice() {
        [] => errors.required(at, PLACES),
        [_] => {}
        several => {
            let why = format!("{PLACES}, but multiple fields are set");
            errors.invalid(at, &json!(format!("{{{}}}", several.join(", "))), why);
        }
    }
}

/// Notes a flag that is set; to unset it in so many words makes no sense.
fn flag(
    parent: &Value,
    (field, shown): (&str, &'static str),
    at: &Path,
    given: &mut Vec<&'static str>,
    errors: &mut Errors,
) {
    match parent.get(field).and_then(Value::as_bool) {
        Some(true) => given.push(shown),
        Some(false) => {
            let why = "must be either unset or set to true";
            errors.invalid(&at.child(field), &json!(false), why);
        }
        None => {}
    }
}

fn check_pool(pool: &Value, at: &Path, errors: &mut Errors) {
    let name = meta::text(pool, "/name");
    if name.is_empty() {
        errors.required(&at.child("name"), "");
    } else {
        if name.len() > MAX_POOL {
            errors.too_long(&at.child("name"), MAX_POOL);
        }
        for part in name.split('/') {
            check::named(&json!(part), names::dns_subdomain, &at.child("name"), errors);
        }
    }
    let count = meta::number(pool, "/resourceSliceCount").unwrap_or(0);
    if count <= 0 {
        let path = at.child("resourceSliceCount");
        errors.invalid(&path, &json!(count), "must be greater than zero");
    }
    if let Some(generation) = meta::number(pool, "/generation").filter(|it| *it < 0) {
        let why = "must be greater than or equal to zero";
        errors.invalid(&at.child("generation"), &json!(generation), why);
    }
}

fn check_devices(spec: &Value, at: &Path, errors: &mut Errors) {
    let devices = meta::items(spec, "/devices");
    let special = |device: &Value| {
        ["/taints", "/consumesCounters"].iter().any(|it| !meta::items(device, it).is_empty())
    };
    let most = if devices.iter().any(special) { MOST_WITH_TAINTS } else { MOST_DEVICES };
    let apart = spec["perDeviceNodeSelection"] == true;
    for (index, device) in within(devices, most, at, errors) {
        let at = at.index(index);
        if check::required(device, "name", &at, errors) {
            check::named(&device["name"], names::dns_label, &at.child("name"), errors);
        }
        check_attributes(device, &at, errors);
        check_taints(device, &at, errors);
        for (index, set) in meta::items(device, "/consumesCounters").iter().enumerate() {
            check_counters(set, "counterSet", &at.child("consumesCounters").index(index), errors);
        }
        if apart {
            check_place_of_device(device, &at, errors);
        } else if ["nodeName", "nodeSelector", "allNodes"]
            .iter()
            .any(|it| device.get(*it).is_some())
        {
            let why = "`nodeName`, `nodeSelector` and `allNodes` can only be set if \
                       `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
            errors.invalid(&at, &Value::Null, why);
        }
    }
    if devices.len() <= most {
        check_unique(devices, at, errors);
    }
}

fn check_place_of_device(device: &Value, at: &Path, errors: &mut Errors) {
    let mut given = Vec::new();
    if let Some(name) = device.get("nodeName") {
        if name == "" {
            errors.invalid(&at.child("nodeName"), name, "must not be empty");
        } else {
            given.push("`nodeName`");
            check::named(name, names::dns_subdomain, &at.child("nodeName"), errors);
        }
    }
    if let Some(selector) = device.get("nodeSelector") {
        given.push("`nodeSelector`");
        check_node_selector(selector, &at.child("nodeSelector"), errors);
    }
    flag(device, ("allNodes", "`allNodes`"), at, &mut given, errors);
    match given.as_slice() {
        [] => errors.required(at, PLACES_OF_DEVICE),
        [_] => {}
        several => {
            let shown = json!(format!("{{{}}}", several.join(", ")));
            errors.invalid(at, &shown, PLACES_OF_DEVICE);
        }
    }
}

fn check_attributes(device: &Value, at: &Path, errors: &mut Errors) {
    let of = |field: &str| device.get(field).and_then(Value::as_object);
    let count = of("attributes").map_or(0, serde_json::Map::len)
        + of("capacity").map_or(0, serde_json::Map::len);
    if count > MOST_ATTRIBUTES {
        let why = format!(
            "the total number of attributes and capacities must not exceed {MOST_ATTRIBUTES}"
        );
        errors.invalid(at, &json!(count), why);
    }
    for (name, attribute) in of("attributes").into_iter().flatten() {
        let path = at.child("attributes").key(name);
        check_attribute_name(name, &path, errors);
        check_attribute(attribute, &path, errors);
    }
    for (name, capacity) in of("capacity").into_iter().flatten() {
        let path = at.child("capacity").key(name);
        check_attribute_name(name, &path, errors);
        if capacity.get("requestPolicy").is_some() && device["allowMultipleAllocations"] != true {
            let why = "allowMultipleAllocations must be true";
            errors.forbidden(&path.child("requestPolicy"), why);
        }
    }
}

fn check_attribute(attribute: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST: usize = 64;
    const ONE: &str = "exactly one value must be specified";
    for field in ["string", "version"] {
        if meta::text(attribute, &format!("/{field}")).len() > LONGEST {
            errors.too_long(&at.child(field), LONGEST);
        }
    }
    let kinds = ["bool", "int", "string", "version"];
    match kinds.iter().filter(|kind| attribute.get(**kind).is_some()).count() {
        0 => errors.invalid(at, &json!(""), ONE),
        1 => {}
        _ => {
            let of = |field: &str| check::or_null(attribute.get(field));
            let shown = check::ordered(&[
                ("IntValue", of("int")),
                ("BoolValue", of("bool")),
                ("StringValue", of("string")),
                ("VersionValue", of("version")),
            ]);
            errors.invalid_shown(at, &shown, ONE);
        }
    }
}

fn check_taints(device: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("taints");
    for (index, taint) in within(meta::items(device, "/taints"), MOST_TAINTS, &path, errors) {
        let path = path.index(index);
        check::named(&taint["key"], names::qualified_name, &path.child("key"), errors);
        if !meta::text(taint, "/value").is_empty() {
            check::named(&taint["value"], names::label_value, &path.child("value"), errors);
        }
        check::required_one_of(taint, "effect", &EFFECTS, &path, errors);
    }
}

/// Checks counters that a set has, or that a device takes of the set that `named` names.
fn check_counters(set: &Value, named: &str, at: &Path, errors: &mut Errors) {
    if check::required(set, named, at, errors) {
        check::named(&set[named], names::dns_label, &at.child(named), errors);
    }
    let counters = set.get("counters").and_then(Value::as_object);
    if counters.is_none_or(serde_json::Map::is_empty) {
        errors.required(&at.child("counters"), "");
    }
    for name in counters.into_iter().flatten().map(|(name, _)| name) {
        check::named(&json!(name), names::dns_label, &at.child("counters").key(name), errors);
    }
}
