//! Service: one address for many pods. Addresses and node ports are given out by the API server.

mod addresses;
mod carry;
mod families;
mod status;
mod validate;
mod warnings;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Service;
use machinery::{
    kind::{Column, Kind, Subresource},
    meta, names,
};
use serde_json::{Map, Value, json};

use super::pod::options::PROXY;
use crate::parts::{
    AGE, NAME, age_cell, drop_zero, items_mut, kind as build, name_cell, of_field, or_none, wide,
};

pub use carry::{carry_over, drop_of_type};
pub use families::{addresses_wanted, settle_families};
pub(crate) use validate::not_for_endpoints;

pub(crate) fn kind() -> Kind {
    build::<Service>("", "v1", "Service", "services")
        .short("svc")
        .category("all")
        .status()
        .named(names::dns_label)
        .subresource(Subresource {
            options: PROXY,
            ..Subresource::of_core("proxy", "ServiceProxyOptions", Subresource::PROXY)
        })
        .creates_on_update()
        .defaults(defaults)
        .validate(validate::check)
        .validate_status(status::check)
        .warns(warnings::of_service)
        .answers_deletion_with_object()
        .table(COLUMNS, cells)
        .selectable("spec.clusterIP", |it| meta::text(it, "/spec/clusterIP").into())
        .selectable("spec.type", |it| meta::text(it, "/spec/type").into())
}

const COLUMNS: &[Column] = &[
    NAME,
    of_field("Type", "v1.ServiceSpec", "type"),
    of_field("Cluster-IP", "v1.ServiceSpec", "clusterIP"),
    of_field("External-IP", "v1.ServiceSpec", "externalIPs"),
    of_field("Port(s)", "v1.ServiceSpec", "ports"),
    AGE,
    wide(of_field("Selector", "v1.ServiceSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let addresses: Vec<&str> =
        meta::items(object, "/spec/clusterIPs").iter().filter_map(Value::as_str).collect();
    let selector: Vec<String> = meta::strings(object, "/spec/selector")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    vec![
        name_cell(object),
        meta::text(object, "/spec/type").into(),
        or_none(addresses.first().copied().unwrap_or_default()),
        external(object).into(),
        or_none(&ports(object)),
        age_cell(object, now),
        or_none(&selector.join(",")),
    ]
}

fn external(object: &Value) -> String {
    let listed = |pointer: &str| -> Vec<&str> {
        meta::items(object, pointer).iter().filter_map(Value::as_str).collect()
    };
    let given = listed("/spec/externalIPs");
    match meta::text(object, "/spec/type") {
        "ExternalName" => meta::text(object, "/spec/externalName").to_owned(),
        "LoadBalancer" => {
            let mut all: Vec<&str> = meta::items(object, "/status/loadBalancer/ingress")
                .iter()
                .map(|ingress| match meta::text(ingress, "/ip") {
                    "" => meta::text(ingress, "/hostname"),
                    ip => ip,
                })
                .filter(|address| !address.is_empty())
                .collect();
            all.sort_unstable();
            all.dedup();
            all.extend(given);
            if all.is_empty() { "<pending>".into() } else { all.join(",") }
        }
        _ if given.is_empty() => "<none>".into(),
        _ => given.join(","),
    }
}

fn ports(object: &Value) -> String {
    let words = meta::items(object, "/spec/ports").iter().map(|port| {
        let number = meta::number(port, "/port").unwrap_or(0);
        let protocol = meta::text(port, "/protocol");
        match meta::number(port, "/nodePort").unwrap_or(0) {
            0 => format!("{number}/{protocol}"),
            node => format!("{number}:{node}/{protocol}"),
        }
    });
    words.collect::<Vec<_>>().join(",")
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    drop_zero(
        spec,
        &["selector", "externalIPs", "loadBalancerIP", "externalName", "sessionAffinity", "type"],
    );
    meta::set_default(spec, "sessionAffinity", "None");
    meta::set_default(spec, "type", "ClusterIP");
    if spec["sessionAffinity"] == json!("ClientIP") {
        let config = spec.entry("sessionAffinityConfig").or_insert(Value::Null);
        let client = meta::object_at(config, "clientIP");
        meta::set_default(client, "timeoutSeconds", 10_800);
    } else if spec["sessionAffinity"] == json!("None") {
        spec.remove("sessionAffinityConfig");
    }
    for port in items_mut(spec, "ports") {
        let port = meta::as_object(port);
        meta::set_default(port, "protocol", "TCP");
        drop_zero(port, &["name", "nodePort", "targetPort"]);
        if let Some(number) = port.get("port").cloned() {
            meta::set_default(port, "targetPort", number);
        }
    }
    fill_by_type(spec);
    let status = meta::object_at(object, "status");
    meta::set_default(status, "loadBalancer", json!({}));
    status::fill(object);
}

fn fill_by_type(spec: &mut Map<String, Value>) {
    let service_type = spec.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let named = spec.get("externalIPs").and_then(Value::as_array).is_some_and(|it| !it.is_empty());
    let reaches_out = matches!(service_type.as_str(), "NodePort" | "LoadBalancer");
    if reaches_out || service_type == "ClusterIP" && named {
        meta::set_default(spec, "externalTrafficPolicy", "Cluster");
    }
    if service_type == "LoadBalancer" {
        meta::set_default(spec, "allocateLoadBalancerNodePorts", true);
    }
    if service_type != "ExternalName" {
        meta::set_default(spec, "internalTrafficPolicy", "Cluster");
    }
}

fn drop_same(spec: &mut Map<String, Value>, former: &Value, field: &str) {
    if spec.get(field) == former.get(field) {
        spec.remove(field);
    }
}
