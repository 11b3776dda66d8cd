//! What must hold of devices and claims. Source:
//! `k8s.io/kubernetes/pkg/apis/resource/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{
    check,
    core::{pod::check_node_selector, shown},
};

const MOST_REQUESTS: usize = 32;
const MOST_SELECTORS: usize = 32;
const MOST_CHOICES: usize = 8;
const MOST_CONSTRAINTS: usize = 32;
const MOST_CONFIGS: usize = 32;
const MOST_DEVICES: usize = 128;
const MOST_USERS: usize = 256;
const MAX_DRIVER: usize = 63;
const MAX_POOL: usize = 253;

pub(super) fn check_claim(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_devices(&spec["devices"], &at.child("devices"), errors);
    if let Some(old) = change.old {
        check_same(&old["spec"], spec, &at, errors);
    }
}

/// Checks who has a claim, and what it got. Source: `ValidateResourceClaimStatusUpdate`.
pub(super) fn check_claim_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status");
    let status = &change.new["status"];
    let users = meta::items(status, "/reservedFor");
    let path = at.child("reservedFor");
    if users.len() > MOST_USERS {
        errors.too_many(&path, users.len(), MOST_USERS);
    }
    for (index, user) in users.iter().enumerate() {
        for field in ["resource", "name", "uid"] {
            check::required(user, field, &path.index(index), errors);
        }
    }
    if !users.is_empty() && status.get("allocation").is_none() {
        errors.forbidden(&path, "may not be specified when `allocated` is not set");
    }
}

pub(super) fn check_template(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check::claim_metadata(spec, &at.child("metadata"), errors);
    check_devices(&spec["spec"]["devices"], &at.child("spec").child("devices"), errors);
    if let Some(old) = change.old
        && old["spec"] != *spec
    {
        let inner = shown::shown("ResourceClaimSpec", &spec["spec"]);
        errors.invalid_shown(&at, &format!("{{\"Spec\":{inner}}}"), "field is immutable");
    }
}

fn check_same(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    if old != new {
        errors.invalid_shown(at, &shown::shown("ResourceClaimSpec", new), "field is immutable");
    }
}

fn check_devices(devices: &Value, at: &Path, errors: &mut Errors) {
    let requests = meta::items(devices, "/requests");
    let path = at.child("requests");
    if requests.len() > MOST_REQUESTS {
        errors.too_many(&path, requests.len(), MOST_REQUESTS);
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let path = path.index(index);
        check_request(request, &path, errors);
        let name = meta::text(request, "/name");
        if seen.contains(&name) {
            errors.duplicate(&path, &json!(name));
        }
        seen.push(name);
    }
    let constraints = meta::items(devices, "/constraints");
    if constraints.len() > MOST_CONSTRAINTS {
        errors.too_many(&at.child("constraints"), constraints.len(), MOST_CONSTRAINTS);
    }
    for (index, constraint) in constraints.iter().enumerate() {
        let path = at.child("constraints").index(index);
        check_names(constraint, requests, &path.child("requests"), errors);
        let given = ["matchAttribute", "distinctAttribute"]
            .iter()
            .filter(|field| constraint.get(**field).is_some())
            .count();
        if given == 0 {
            errors.required(&path.child("matchAttribute"), "");
        } else if let Some(attribute) = constraint.get("matchAttribute") {
            check_full_name(attribute, &path.child("matchAttribute"), errors);
        }
    }
    let configs = meta::items(devices, "/config");
    if configs.len() > MOST_CONFIGS {
        errors.too_many(&at.child("config"), configs.len(), MOST_CONFIGS);
    }
    for (index, config) in configs.iter().enumerate() {
        let path = at.child("config").index(index);
        check_names(config, requests, &path.child("requests"), errors);
        check_config(config, &path, errors);
    }
}

/// Checks that those named are among the requests, or among the choices of one.
fn check_names(parent: &Value, requests: &[Value], at: &Path, errors: &mut Errors) {
    let given = meta::items(parent, "/requests");
    for (index, name) in given.iter().enumerate() {
        let text = name.as_str().unwrap_or_default();
        let known = requests.iter().any(|request| {
            let main = meta::text(request, "/name");
            let mut choices = meta::items(request, "/firstAvailable").iter();
            text == main
                || choices.any(|choice| text == format!("{main}/{}", meta::text(choice, "/name")))
        });
        if !known {
            let why = "must be the name of a request in the claim or the name of a request and a \
                       subrequest separated by '/'";
            errors.invalid(&at.index(index), name, why);
        }
        if given.iter().take(index).any(|one| one == name) {
            errors.duplicate(&at.index(index), name);
        }
    }
}

fn check_request(request: &Value, at: &Path, errors: &mut Errors) {
    check_request_name(request, at, errors);
    let exactly = request.get("exactly");
    let choices = meta::items(request, "/firstAvailable");
    match (exactly, choices.is_empty()) {
        (None, true) => {
            let why = "exactly one of `exactly` or `firstAvailable` is required";
            errors.required(at, why);
        }
        (Some(_), false) => {
            let why = "exactly one of `exactly` or `firstAvailable` is required, but multiple \
                       fields are set";
            errors.invalid(at, &Value::Null, why);
        }
        (Some(exactly), true) => check_exact(exactly, &at.child("exactly"), errors),
        (None, false) => {
            let at = at.child("firstAvailable");
            if choices.len() > MOST_CHOICES {
                errors.too_many(&at, choices.len(), MOST_CHOICES);
            }
            let mut seen: Vec<&str> = Vec::new();
            for (index, choice) in choices.iter().enumerate() {
                let path = at.index(index);
                check_request_name(choice, &path, errors);
                let name = meta::text(choice, "/name");
                if seen.contains(&name) {
                    errors.duplicate(&path, &json!(name));
                }
                seen.push(name);
                check_exact(choice, &path, errors);
            }
        }
    }
}

fn check_request_name(request: &Value, at: &Path, errors: &mut Errors) {
    if check::required(request, "name", at, errors) {
        check::named(&request["name"], names::dns_label, &at.child("name"), errors);
    }
}

fn check_exact(request: &Value, at: &Path, errors: &mut Errors) {
    if check::required(request, "deviceClassName", at, errors) {
        let path = at.child("deviceClassName");
        check::named(&request["deviceClassName"], names::dns_subdomain, &path, errors);
    }
    check_selectors(request, at, errors);
    let count = meta::number(request, "/count").unwrap_or(0);
    match meta::text(request, "/allocationMode") {
        "ExactCount" => {
            if count <= 0 {
                errors.invalid(&at.child("count"), &json!(count), "must be greater than zero");
            }
        }
        "All" => {
            if count != 0 {
                let why = "must not be specified when allocationMode is 'All'";
                errors.invalid(&at.child("count"), &json!(count), why);
            }
        }
        _ => {
            let known = ["All", "ExactCount"];
            errors.not_supported(&at.child("allocationMode"), &request["allocationMode"], &known);
        }
    }
    for (index, one) in meta::items(request, "/tolerations").iter().enumerate() {
        let path = at.child("tolerations").index(index);
        check::required_one_of(one, "operator", &["Equal", "Exists"], &path, errors);
        let effects = ["NoExecute", "NoSchedule", "None"];
        check::one_of(one, "effect", &effects, &path, errors);
    }
}

fn check_selectors(parent: &Value, at: &Path, errors: &mut Errors) {
    let selectors = meta::items(parent, "/selectors");
    if selectors.len() > MOST_SELECTORS {
        errors.too_many(&at.child("selectors"), selectors.len(), MOST_SELECTORS);
    }
    for (index, selector) in selectors.iter().enumerate() {
        let path = at.child("selectors").index(index).child("cel");
        match selector.get("cel") {
            None => errors.required(&path, ""),
            Some(cel) => {
                check::required(cel, "expression", &path, errors);
            }
        }
    }
}

fn check_config(config: &Value, at: &Path, errors: &mut Errors) {
    let at = at.child("opaque");
    let Some(opaque) = config.get("opaque") else {
        errors.required(&at, "");
        return;
    };
    check_driver(&opaque["driver"], &at.child("driver"), errors);
    match opaque.get("parameters") {
        None | Some(Value::Null) => errors.required(&at.child("parameters"), ""),
        Some(Value::Object(_)) => {}
        Some(_) => {
            let why = "parameters must be a valid JSON object";
            errors.invalid(&at.child("parameters"), &json!("<value omitted>"), why);
        }
    }
}

fn check_driver(name: &Value, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    if text.len() > MAX_DRIVER {
        errors.too_long(path, MAX_DRIVER);
    }
    check::named(&json!(text.to_lowercase()), names::dns_subdomain, path, errors);
}

fn check_full_name(name: &Value, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    if text.split_once('/').is_none() {
        errors.invalid(path, name, "must include a domain");
    }
}

pub(super) fn check_class(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_selectors(spec, &at, errors);
    let configs = meta::items(spec, "/config");
    if configs.len() > MOST_CONFIGS {
        errors.too_many(&at.child("config"), configs.len(), MOST_CONFIGS);
    }
    for (index, config) in configs.iter().enumerate() {
        check_config(config, &at.child("config").index(index), errors);
    }
}

pub(super) fn check_slice(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_driver(&spec["driver"], &at.child("driver"), errors);
    check_pool(&spec["pool"], &at.child("pool"), errors);
    let places = ["nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection"];
    let given: Vec<&str> = places.into_iter().filter(|field| spec.get(*field).is_some()).collect();
    match given.as_slice() {
        [] => {
            let why = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, \
                       `perDeviceNodeSelection` is required";
            if meta::items(spec, "/sharedCounters").is_empty() {
                errors.required(&at, why);
            }
        }
        [_] => {}
        several => {
            let shown = format!(
                "{{{}}}",
                several.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
            );
            let why = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, \
                       `perDeviceNodeSelection` is required, but multiple fields are set";
            errors.invalid_shown(&at, &shown, why);
        }
    }
    if let Some(name) = spec.get("nodeName").filter(|name| *name != "") {
        check::named(name, names::dns_subdomain, &at.child("nodeName"), errors);
    }
    if let Some(selector) = spec.get("nodeSelector") {
        let path = at.child("nodeSelector");
        check_node_selector(selector, &path, errors);
        if meta::items(selector, "/nodeSelectorTerms").len() != 1 {
            let why = "must have exactly one node selector term";
            errors.invalid(&path.child("nodeSelectorTerms"), &selector["nodeSelectorTerms"], why);
        }
    }
    if spec["allNodes"] == false {
        let why = "must be either unset or set to true";
        errors.invalid(&at.child("allNodes"), &json!(false), why);
    }
    check_listed(spec, &at, errors);
    if let Some(old) = change.old {
        for field in ["driver", "nodeName"] {
            check::immutable(spec, &old["spec"], field, &at, errors);
        }
        let (new, old) = (&spec["pool"], &old["spec"]["pool"]);
        check::immutable(new, old, "name", &at.child("pool"), errors);
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
    check::not_negative(pool, "generation", at, errors);
}

fn check_listed(spec: &Value, at: &Path, errors: &mut Errors) {
    let devices = meta::items(spec, "/devices");
    let at = at.child("devices");
    if devices.len() > MOST_DEVICES {
        errors.too_many(&at, devices.len(), MOST_DEVICES);
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, device) in devices.iter().enumerate() {
        let path = at.index(index);
        let name = meta::text(device, "/name");
        if check::required(device, "name", &path, errors) {
            check::named(&device["name"], names::dns_label, &path.child("name"), errors);
        }
        if seen.contains(&name) {
            errors.duplicate(&path, &json!(name));
        }
        seen.push(name);
        let attributes = device.get("attributes").and_then(Value::as_object);
        for (key, attribute) in attributes.into_iter().flatten() {
            let kinds = ["bool", "int", "string", "version"];
            let given = kinds.iter().filter(|kind| attribute.get(**kind).is_some()).count();
            let path = path.child("attributes").key(key);
            if given == 0 {
                errors.required(&path, "exactly one value must be specified");
            } else if given > 1 {
                errors.invalid(&path, attribute, "exactly one value must be specified");
            }
        }
        for (number, taint) in meta::items(device, "/taints").iter().enumerate() {
            let path = path.child("taints").index(number);
            check::named(&taint["key"], names::qualified_name, &path.child("key"), errors);
            let effects = ["NoExecute", "NoSchedule", "None"];
            check::required_one_of(taint, "effect", &effects, &path, errors);
        }
    }
}
