//! Where a balancer in front of a service is reached. Source: `ValidateLoadBalancerStatus`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check as common, parts::items_mut};

const MODES: [&str; 2] = ["Proxy", "VIP"];

/// An address of a balancer is a virtual one, where nobody says else.
pub(super) fn fill(object: &mut Value) {
    if object["spec"]["type"] != "LoadBalancer" {
        return;
    }
    let Some(balancer) = object.pointer_mut("/status/loadBalancer") else { return };
    for ingress in items_mut(meta::as_object(balancer), "ingress") {
        if !meta::text(ingress, "/ip").is_empty() {
            meta::set_default(meta::as_object(ingress), "ipMode", "VIP");
        }
    }
}

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status").child("loadBalancer").child("ingress");
    let listed = |object| meta::items(object, "/status/loadBalancer/ingress");
    let all = listed(change.new);
    if change.new["spec"]["type"] != "LoadBalancer" && !all.is_empty() {
        errors.forbidden(&at, "may only be used when `spec.type` is 'LoadBalancer'");
        return;
    }
    let accepted = change.old.map_or(&[][..], listed);
    for (index, ingress) in all.iter().enumerate() {
        let at = at.index(index);
        let ip = meta::text(ingress, "/ip");
        if !ip.is_empty() && !accepted.iter().any(|old| meta::text(old, "/ip") == ip) {
            common::ip(&json!(ip), &at.child("ip"), errors);
        }
        check_mode(ingress, &at.child("ipMode"), errors);
        check_name(meta::text(ingress, "/hostname"), &at.child("hostname"), errors);
    }
}

fn check_mode(ingress: &Value, at: &Path, errors: &mut Errors) {
    let addressed = !meta::text(ingress, "/ip").is_empty();
    match (ingress.get("ipMode"), addressed) {
        (None, true) => errors.required(at, "must be specified when `ip` is set"),
        (Some(_), false) => errors.forbidden(at, "may not be specified when `ip` is not set"),
        (Some(mode), true) if !MODES.iter().any(|known| mode == known) => {
            errors.not_supported(at, mode, &MODES);
        }
        _ => {}
    }
}

fn check_name(name: &str, at: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return;
    }
    for why in names::dns_subdomain(name) {
        errors.invalid(at, &json!(name), why);
    }
    if name.parse::<IpAddr>().is_ok() {
        errors.invalid(at, &json!(name), "must be a DNS name, not an IP address");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balancers_are_checked() {
        let service = |kind: &str, ingress: &Value| json!({"spec": {"type": kind}, "status": {"loadBalancer": {"ingress": [ingress]}}});
        for (kind, old, new, said) in [
            (
                "ClusterIP",
                json!({}),
                json!({"hostname": "a"}),
                "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is \
                 'LoadBalancer'",
            ),
            ("LoadBalancer", json!({}), json!({"ip": "10.0.0.1"}), "[]"),
            ("LoadBalancer", json!({"ip": "010.0.0.1"}), json!({"ip": "010.0.0.1"}), "[]"),
            (
                "LoadBalancer",
                json!({}),
                json!({"hostname": "10.0.0.1", "ipMode": "VIP"}),
                "[status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` \
                 is not set, status.loadBalancer.ingress[0].hostname: Invalid value: \"10.0.0.1\": \
                 must be a DNS name, not an IP address]",
            ),
            (
                "LoadBalancer",
                json!({}),
                json!({"ip": "10.0.0.1", "ipMode": "vip"}),
                "status.loadBalancer.ingress[0].ipMode: Unsupported value: \"vip\": supported \
                 values: \"Proxy\", \"VIP\"",
            ),
        ] {
            let (old, mut new) = (service(kind, &old), service(kind, &new));
            fill(&mut new);
            let mut errors = Errors::default();
            check(&Change { new: &new, old: Some(&old) }, &mut errors);
            assert_eq!(errors.sentence(), said);
        }
    }
}
