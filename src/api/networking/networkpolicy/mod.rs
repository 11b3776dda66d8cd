//! `NetworkPolicy`: who may speak with a namespace's pods.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use machinery::{
    field::Path,
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use super::GROUP;
use crate::{
    check::range_warning,
    parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field, selector_cell},
};

pub(crate) fn kind() -> Kind {
    build::<NetworkPolicy>(GROUP, "v1", "NetworkPolicy", "networkpolicies")
        .short("netpol")
        .generation()
        .defaults(defaults)
        .validate(validate::check)
        .warns(warn)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] =
    &[NAME, of_field("Pod-Selector", "v1.NetworkPolicySpec", "podSelector"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), selector_cell(object, "/spec/podSelector"), age_cell(object, now)]
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "podSelector", json!({}));
    if !spec.contains_key("policyTypes") {
        let mut types = vec!["Ingress"];
        if spec.contains_key("egress") {
            types.push("Egress");
        }
        spec.insert("policyTypes".into(), types.into());
    }
    for direction in ["ingress", "egress"] {
        for rule in items_mut(spec, direction) {
            for port in items_mut(meta::as_object(rule), "ports") {
                meta::set_default(meta::as_object(port), "protocol", "TCP");
            }
        }
    }
}

/// Ranges that can be read in more than one way.
fn warn(change: &Change<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (way, side) in [("ingress", "from"), ("egress", "to")] {
        let rules = meta::items(change.new, &format!("/spec/{way}")).iter().enumerate();
        let peers = rules.flat_map(|(index, rule)| {
            let at = Path::new("spec").child(way).index(index).child(side);
            let peers = meta::items(rule, &format!("/{side}")).iter().enumerate();
            peers.map(move |(index, peer)| (at.index(index).child("ipBlock"), &peer["ipBlock"]))
        });
        for (at, block) in peers {
            found.extend(range_warning(&at.child("cidr"), meta::text(block, "/cidr")));
            for (index, range) in meta::items(block, "/except").iter().enumerate() {
                let at = at.child("except").index(index);
                found.extend(range_warning(&at, range.as_str().unwrap_or_default()));
            }
        }
    }
    found
}
