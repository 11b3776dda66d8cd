//! What must hold of slices of endpoints. Source:
//! `k8s.io/kubernetes/pkg/apis/discovery/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check, core::service::not_for_endpoints};

const ADDRESS_TYPES: [&str; 3] = ["FQDN", "IPv4", "IPv6"];
const MOST_ENDPOINTS: usize = 1000;
const MOST_ADDRESSES: usize = 100;
const MOST_PORTS: usize = 20_000;
const MOST_HINTS: usize = 8;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let path = Path::new("addressType");
    let family = json!(meta::text(change.new, "/addressType"));
    check::required_one_of(change.new, "addressType", &ADDRESS_TYPES, &Path::default(), errors);
    check_endpoints(change, &Path::new("endpoints"), errors);
    check_ports(meta::items(change.new, "/ports"), &Path::new("ports"), errors);
    if change.old.is_some_and(|old| old["addressType"] != family) {
        errors.immutable(&path, &family);
    }
}

fn check_endpoints(change: &Change<'_>, at: &Path, errors: &mut Errors) {
    let endpoints = meta::items(change.new, "/endpoints");
    if endpoints.len() > MOST_ENDPOINTS {
        errors.too_many(at, endpoints.len(), MOST_ENDPOINTS);
        return;
    }
    for (index, endpoint) in endpoints.iter().enumerate() {
        let at = at.index(index);
        let path = at.child("addresses");
        let addresses = meta::items(endpoint, "/addresses");
        if addresses.is_empty() {
            errors.required(&path, "must contain at least 1 address");
        } else if addresses.len() > MOST_ADDRESSES {
            errors.too_many(&path, addresses.len(), MOST_ADDRESSES);
        }
        for (index, address) in addresses.iter().enumerate() {
            check_address(change, address, &path.index(index), errors);
        }
        if let Some(node) = endpoint.get("nodeName") {
            check::named(node, names::dns_subdomain, &at.child("nodeName"), errors);
        }
        if let Some(host) = endpoint.get("hostname") {
            check::named(host, names::dns_label, &at.child("hostname"), errors);
        }
        let hints = at.child("hints");
        check_hints(&endpoint["hints"], ("forZones", names::label_value), &hints, errors);
        check_hints(&endpoint["hints"], ("forNodes", names::dns_subdomain), &hints, errors);
    }
}

fn check_address(change: &Change<'_>, address: &Value, path: &Path, errors: &mut Errors) {
    let text = address.as_str().unwrap_or_default();
    let family = meta::text(change.new, "/addressType");
    match family {
        "FQDN" => check_domain(text, path, errors),
        "IPv4" | "IPv6" => {
            if let Some(why) = check::ip_problem(text) {
                errors.invalid(path, address, why);
                return;
            }
            let Ok(ip) = text.parse::<IpAddr>() else { return };
            if ip.is_ipv4() != (family == "IPv4") {
                errors.invalid(path, address, format!("must be a valid {family} address"));
            }
            for why in not_for_endpoints(ip) {
                errors.invalid(path, address, why);
            }
        }
        _ => {}
    }
}

/// Source: `IsFullyQualifiedDomainName`.
fn check_domain(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.required(path, "");
        return;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let problems = names::dns_subdomain(name);
    if !problems.is_empty() {
        errors.invalid(path, &json!(name), problems.join(","));
        return;
    }
    if !name.contains('.') {
        let why = "should be a domain with at least two segments separated by dots";
        errors.invalid(path, &json!(name), why);
        return;
    }
    let wrong = name.split('.').find(|label| !names::dns_label(label).is_empty());
    if let Some(label) = wrong {
        errors.invalid(path, &json!(label), names::dns_label(label).join(","));
    }
}

fn check_hints(
    hints: &Value,
    (field, rule): (&str, check::NameRule),
    at: &Path,
    errors: &mut Errors,
) {
    let path = at.child(field);
    let hints = meta::items(hints, &format!("/{field}"));
    if hints.len() > MOST_HINTS {
        errors.too_many(&path, hints.len(), MOST_HINTS);
        return;
    }
    for (index, hint) in hints.iter().enumerate() {
        let path = path.index(index).child("name");
        let name = &hint["name"];
        if hints.iter().take(index).any(|one| one["name"] == *name) {
            errors.duplicate(&path, name);
        }
        check::named(name, rule, &path, errors);
    }
}

fn check_ports(ports: &[Value], at: &Path, errors: &mut Errors) {
    if ports.len() > MOST_PORTS {
        errors.too_many(at, ports.len(), MOST_PORTS);
        return;
    }
    for (index, port) in ports.iter().enumerate() {
        let at = at.index(index);
        let name = json!(meta::text(port, "/name"));
        if name != "" {
            check::named(&name, names::dns_label, &at.child("name"), errors);
        }
        if ports.iter().take(index).any(|one| meta::text(one, "/name") == name) {
            errors.duplicate(&at.child("name"), &name);
        }
        match port.get("protocol") {
            None => errors.required(&at.child("protocol"), ""),
            Some(_) => check::one_of(port, "protocol", &["SCTP", "TCP", "UDP"], &at, errors),
        }
        if let Some(protocol) = port.get("appProtocol") {
            check::named(protocol, names::qualified_name, &at.child("appProtocol"), errors);
        }
    }
}
