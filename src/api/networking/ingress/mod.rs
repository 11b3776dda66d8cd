//! Ingress: HTTP from outside to services.

mod validate;

pub(super) use validate::check_reference;

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::Ingress;
use machinery::{
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::Value;

use super::GROUP;
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, or_none, text};

pub(crate) fn kind() -> Kind {
    build::<Ingress>(GROUP, "v1", "Ingress", "ingresses")
        .short("ing")
        .status()
        .generation()
        .validate(validate::check)
        .validate_status(validate::check_status)
        .warns(warn)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Class",
        "The name of the IngressClass resource that should be used for additional configuration",
    ),
    text("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
    text("Address", "Address is a list containing ingress points for the load-balancer"),
    text("Ports", "Ports of TLS configurations that open"),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let class = meta::text(object, "/spec/ingressClassName");
    let secured = !meta::items(object, "/spec/tls").is_empty();
    vec![
        name_cell(object),
        or_none(class),
        hosts(meta::items(object, "/spec/rules")).into(),
        addresses(object).into(),
        if secured { "80, 443" } else { "80" }.into(),
        age_cell(object, now),
    ]
}

fn hosts(rules: &[Value]) -> String {
    const SHOWN: usize = 3;
    let mut list: Vec<&str> = Vec::new();
    let mut more = false;
    for rule in rules {
        more |= list.len() == SHOWN;
        let host = meta::text(rule, "/host");
        if !more && !host.is_empty() {
            list.push(host);
        }
    }
    if list.is_empty() {
        return "*".into();
    }
    let shown = list.join(",");
    if more { format!("{shown} + {} more...", rules.len() - SHOWN) } else { shown }
}

fn addresses(object: &Value) -> String {
    let mut all: Vec<&str> = meta::items(object, "/status/loadBalancer/ingress")
        .iter()
        .map(|point| match meta::text(point, "/ip") {
            "" => meta::text(point, "/hostname"),
            ip => ip,
        })
        .filter(|address| !address.is_empty())
        .collect();
    all.sort_unstable();
    all.dedup();
    all.join(",")
}

/// The old home of the class's name.
fn warn(change: &Change<'_>) -> Vec<String> {
    const CLASS: &str = "kubernetes.io/ingress.class";
    let old = change.old.is_none()
        && meta::annotation(change.new, CLASS).is_some()
        && change.new.pointer("/spec/ingressClassName").is_none();
    let words = || {
        format!("annotation {CLASS:?} is deprecated, please use 'spec.ingressClassName' instead")
    };
    old.then(words).into_iter().collect()
}
