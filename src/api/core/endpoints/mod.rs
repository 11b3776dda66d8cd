//! Endpoints: the addresses of a Service, in the old form.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Endpoints;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field, or_none};

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
    vec![name_cell(object), or_none(&summary(object)), age_cell(object, now)]
}

/// `10.0.0.1:80,10.0.0.2:80 + 3 more...`
fn summary(object: &Value) -> String {
    const SHOWN: usize = 3;
    let mut all = Vec::new();
    for subset in meta::items(object, "/subsets") {
        let addresses = meta::items(subset, "/addresses");
        let ports = meta::items(subset, "/ports");
        for address in addresses {
            let ip = meta::text(address, "/ip");
            if ports.is_empty() {
                all.push(ip.to_owned());
            }
            for port in ports {
                let port = meta::number(port, "/port").unwrap_or(0);
                let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
                all.push(format!("{host}:{port}"));
            }
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
    for (index, subset) in meta::items(change.new, "/subsets").iter().enumerate() {
        let path = Path::new("subsets").index(index);
        let addresses = [("addresses", "/addresses"), ("notReadyAddresses", "/notReadyAddresses")];
        if addresses.iter().all(|(_, pointer)| meta::items(subset, pointer).is_empty()) {
            errors.required(&path, "must specify `addresses` or `notReadyAddresses`");
        }
        for (field, pointer) in addresses {
            for (at, address) in meta::items(subset, pointer).iter().enumerate() {
                let ip = meta::text(address, "/ip");
                if ip.parse::<std::net::IpAddr>().is_err() {
                    let why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
                    errors.invalid(&path.child(field).index(at).child("ip"), &json!(ip), why);
                }
            }
        }
    }
}
