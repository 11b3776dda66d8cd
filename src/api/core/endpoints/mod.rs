//! Endpoints: the addresses of a Service, in the old form.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Endpoints;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use super::service::not_for_endpoints;
use crate::check;
use crate::parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<Endpoints>("", "v1", "Endpoints", "endpoints")
        .short("ep")
        .creates_on_update()
        .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        .defaults(defaults)
        .validate(validate)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, of_field("Endpoints", "v1.Endpoints", "subsets"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let none = meta::items(object, "/subsets").is_empty();
    let all = if none { "<none>".to_owned() } else { summary(object) };
    vec![name_cell(object), all.into(), age_cell(object, now)]
}

/// `10.0.0.1:80,10.0.0.2:80 + 3 more...`
fn summary(object: &Value) -> String {
    const SHOWN: usize = 3;
    let mut all = Vec::new();
    for subset in meta::items(object, "/subsets") {
        let addresses = meta::items(subset, "/addresses");
        let ports = meta::items(subset, "/ports");
        let address = |address: &Value| meta::text(address, "/ip").to_owned();
        if ports.is_empty() {
            all.extend(addresses.iter().map(address));
        }
        for port in ports {
            let port = meta::number(port, "/port").unwrap_or(0);
            all.extend(addresses.iter().map(address).map(|ip| {
                if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
            }));
        }
    }
    let more = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    let list = all.join(",");
    if more > 0 { format!("{list} + {more} more...") } else { list }
}

fn defaults(object: &mut Value) {
    for subset in items_mut(meta::as_object(object), "subsets") {
        for port in items_mut(meta::as_object(subset), "ports") {
            meta::set_default(meta::as_object(port), "protocol", "TCP");
        }
    }
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    // What was there before may go on.
    if change.old.is_some_and(|old| old.get("subsets") == change.new.get("subsets")) {
        return;
    }
    for (index, subset) in meta::items(change.new, "/subsets").iter().enumerate() {
        let path = Path::new("subsets").index(index);
        let lists = ["addresses", "notReadyAddresses"];
        let all = |list: &str| meta::items(subset, &format!("/{list}"));
        if lists.iter().all(|list| all(list).is_empty()) {
            errors.required(&path, "must specify `addresses` or `notReadyAddresses`");
        }
        for list in lists {
            for (at, address) in all(list).iter().enumerate() {
                check_address(address, &path.child(list).index(at), errors);
            }
        }
        let ports = meta::items(subset, "/ports");
        for (at, port) in ports.iter().enumerate() {
            check_port(port, ports.len() > 1, &path.child("ports").index(at), errors);
        }
    }
}

fn check_address(address: &Value, at: &Path, errors: &mut Errors) {
    let path = at.child("ip");
    let shown = json!(meta::text(address, "/ip"));
    match check::ip(&shown, &path, errors) {
        // Kubernetes tells it twice, once in the words of its check for endpoints.
        None => errors.invalid(&path, &shown, "must be a valid IP address"),
        Some(ip) => {
            for why in not_for_endpoints(ip) {
                errors.invalid(&path, &shown, why);
            }
        }
    }
    let host = meta::text(address, "/hostname");
    if !host.is_empty() {
        check::named(&json!(host), names::dns_label, &at.child("hostname"), errors);
    }
    if let Some(node) = address.get("nodeName") {
        check::named(node, names::dns_subdomain, &at.child("nodeName"), errors);
    }
}

fn check_port(port: &Value, needs_name: bool, at: &Path, errors: &mut Errors) {
    let name = meta::text(port, "/name");
    if name.is_empty() {
        if needs_name {
            errors.required(&at.child("name"), "");
        }
    } else {
        check::named(&json!(name), names::dns_label, &at.child("name"), errors);
    }
    check::port(&port["port"], &at.child("port"), errors);
    check::required_one_of(port, "protocol", &["SCTP", "TCP", "UDP"], at, errors);
    if let Some(protocol) = port.get("appProtocol") {
        check::named(protocol, names::qualified_name, &at.child("appProtocol"), errors);
    }
}
