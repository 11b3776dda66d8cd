//! The group discovery.k8s.io: EndpointSlice.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use machinery::{
    field::Path,
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<EndpointSlice>("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
            .generation()
            .defaults(defaults)
            .prepare(drop_topology)
            .validate(validate::check)
            .warns(warn)
            .table(COLUMNS, cells),
    ]
}

const COLUMNS: &[Column] = &[
    NAME,
    of_field("AddressType", "v1.EndpointSlice", "addressType"),
    of_field("Ports", "v1.EndpointSlice", "ports"),
    of_field("Endpoints", "v1.EndpointSlice", "endpoints"),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let ports = meta::items(object, "/ports").iter().map(|port| {
        meta::number(port, "/port").map_or_else(|| "*".to_owned(), |port| port.to_string())
    });
    let addresses = meta::items(object, "/endpoints")
        .iter()
        .flat_map(|endpoint| meta::items(endpoint, "/addresses"))
        .filter_map(|address| Some(address.as_str()?.to_owned()));
    vec![
        name_cell(object),
        meta::text(object, "/addressType").into(),
        brief(ports.collect()).into(),
        brief(addresses.collect()).into(),
        age_cell(object, now),
    ]
}

fn brief(mut all: Vec<String>) -> String {
    const SHOWN: usize = 3;
    if all.is_empty() {
        return "<unset>".into();
    }
    let more = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    let list = all.join(",");
    if more > 0 { format!("{list} + {more} more...") } else { list }
}

fn defaults(object: &mut Value) {
    let fields = meta::as_object(object);
    for key in ["endpoints", "ports"] {
        let list = fields.entry(key).or_insert(Value::Null);
        if list.as_array().is_some_and(Vec::is_empty) {
            *list = Value::Null;
        }
    }
    for port in items_mut(fields, "ports") {
        let port = meta::as_object(port);
        meta::set_default(port, "name", "");
        meta::set_default(port, "protocol", "TCP");
    }
    for endpoint in items_mut(fields, "endpoints") {
        meta::set_default(meta::as_object(endpoint), "conditions", json!({}));
    }
}

/// Topologies are of older versions: new endpoints have none.
fn drop_topology(object: &mut Value, old: Option<&Value>) {
    let had = |old: &Value| {
        let mut endpoints = meta::items(old, "/endpoints").iter();
        endpoints.any(|it| it.get("deprecatedTopology").is_some())
    };
    if old.is_some_and(had) {
        return;
    }
    for endpoint in items_mut(meta::as_object(object), "endpoints") {
        meta::as_object(endpoint).remove("deprecatedTopology");
    }
}

fn warn(change: &Change<'_>) -> Vec<String> {
    if change.new["addressType"] == "FQDN" {
        return vec!["addressType: FQDN endpoints are deprecated".to_owned()];
    }
    let mut found = Vec::new();
    for (index, endpoint) in meta::items(change.new, "/endpoints").iter().enumerate() {
        let at = Path::new("endpoints").index(index).child("addresses");
        for (index, address) in meta::items(endpoint, "/addresses").iter().enumerate() {
            let text = address.as_str().unwrap_or_default();
            found.extend(crate::check::address_warning(&at.index(index), text));
        }
    }
    found
}
