//! `IPAddress`: an address that is taken, and by whom.

use std::net::IpAddr;

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IPAddress;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use super::GROUP;
use crate::check::{self, IP_WORDS};
use crate::core::shown::shown;
use crate::parts::{NAME, age_cell, kind as build, name_cell, of_field};

/// The label that names an address's family.
pub const FAMILY: &str = "ipaddress.kubernetes.io/ip-family";
/// The label that names who looks after the object.
pub const MANAGED_BY: &str = "ipaddress.kubernetes.io/managed-by";
/// Who looks after those of services. Source: `ipallocator.ControllerName`.
pub const ALLOCATOR: &str = "ipallocator.k8s.io";

/// The family of an address, in the words of services.
pub fn family_of(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

/// The object that says that a service has an address.
pub fn of_service(address: IpAddr, namespace: &str, name: &str) -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
        "metadata": {"name": address.to_string(), "labels": {
            FAMILY: family_of(address), MANAGED_BY: ALLOCATOR}},
        "spec": {"parentRef": {
            "resource": "services", "namespace": namespace, "name": name}},
    })
}

pub(crate) fn kind() -> Kind {
    build::<IPAddress>(GROUP, "v1", "IPAddress", "ipaddresses")
        .cluster()
        .short("ip")
        .named(canonical)
        .validate(validate)
        .table(COLUMNS, cells)
}

/// Kubernetes defines two columns and fills three.
const COLUMNS: &[Column] = &[NAME, of_field("ParentRef", "v1.IPAddressSpec", "parentRef")];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let parent = object.pointer("/spec/parentRef").map_or_else(
        || "<none>".to_owned(),
        |parent| {
            let text = |pointer: &str| meta::text(parent, pointer);
            let mut road = text("/resource").to_owned();
            if !text("/group").is_empty() {
                road = format!("{road}.{}", text("/group"));
            }
            for part in ["/namespace", "/name"] {
                if !text(part).is_empty() {
                    road = format!("{road}/{}", text(part));
                }
            }
            road
        },
    );
    vec![name_cell(object), parent.into(), age_cell(object, now)]
}

/// An address is its own name, in the one form that its standard gives it.
fn canonical(text: &str) -> Vec<String> {
    if let Some(problem) = check::ip_problem(text) {
        return vec![problem.to_owned()];
    }
    let Ok(address) = text.parse::<IpAddr>() else { return vec![IP_WORDS.to_owned()] };
    let canonical = address.to_string();
    if canonical == text {
        return Vec::new();
    }
    vec![format!("must be in canonical form ({canonical:?})")]
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec").child("parentRef");
    match spec.get("parentRef") {
        None => errors.required(&at, ""),
        Some(parent) => check_parent(parent, &at, errors),
    }
    if let Some(old) = change.old
        && old["spec"].get("parentRef") != spec.get("parentRef")
    {
        let parent = spec.get("parentRef");
        let shown = parent.map_or_else(|| "null".into(), |it| shown("ParentReference", it));
        errors.invalid_shown(&at, &shown, "field is immutable");
    }
}

fn check_parent(parent: &Value, at: &Path, errors: &mut Errors) {
    let group = meta::text(parent, "/group");
    if !group.is_empty() {
        check::named(&json!(group), names::dns_subdomain, &at.child("group"), errors);
    }
    for field in ["resource", "name"] {
        if check::required(parent, field, at, errors) {
            check::named(&parent[field], names::path_segment, &at.child(field), errors);
        }
    }
    let namespace = meta::text(parent, "/namespace");
    if !namespace.is_empty() {
        check::named(&json!(namespace), names::path_segment, &at.child("namespace"), errors);
    }
}
