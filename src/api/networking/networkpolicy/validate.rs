//! What must hold of network policies. Source:
//! `k8s.io/kubernetes/pkg/apis/networking/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

use crate::check;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    check::twice_if_changed(change, errors, |errors| check_spec(change, errors));
}

fn check_spec(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check::selector(&spec["podSelector"], &at.child("podSelector"), errors);
    for (direction, side) in [("ingress", "from"), ("egress", "to")] {
        for (index, rule) in meta::items(spec, &format!("/{direction}")).iter().enumerate() {
            let path = at.child(direction).index(index);
            for (number, port) in meta::items(rule, "/ports").iter().enumerate() {
                check_port(port, &path.child("ports").index(number), errors);
            }
            for (number, peer) in meta::items(rule, &format!("/{side}")).iter().enumerate() {
                check_peer(peer, change.old, &path.child(side).index(number), errors);
            }
        }
    }
    let types = meta::items(spec, "/policyTypes");
    if types.len() > 2 {
        let why = "may not specify more than two policyTypes";
        errors.invalid(&at.child("policyTypes"), &json!(types), why);
        return;
    }
    for (index, one) in types.iter().enumerate() {
        let known = ["Ingress", "Egress"];
        if !known.iter().any(|word| one == word) {
            errors.not_supported(&at.child("policyTypes").index(index), one, &known);
        }
    }
}

fn check_port(port: &Value, at: &Path, errors: &mut Errors) {
    check::one_of(port, "protocol", &["TCP", "UDP", "SCTP"], at, errors);
    let end = port.get("endPort").filter(|end| !end.is_null());
    let path = at.child("endPort");
    let Some(start) = port.get("port") else {
        if let Some(end) = end {
            errors.invalid(&path, end, "may not be specified when `port` is not specified");
        }
        return;
    };
    check::port_or_name(start, &at.child("port"), errors);
    let Some(end) = end else { return };
    if start.is_string() {
        errors.invalid(&path, end, "may not be specified when `port` is non-numeric");
        return;
    }
    if end.as_i64() < start.as_i64() {
        errors.invalid(&path, start, "must be greater than or equal to `port`");
    }
    check::port(end, &path, errors);
}

fn check_peer(peer: &Value, old: Option<&Value>, at: &Path, errors: &mut Errors) {
    let kinds = ["podSelector", "namespaceSelector", "ipBlock"];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| peer.get(*kind).is_some()).collect();
    for kind in &given {
        if *kind == "ipBlock" {
            check_block(&peer["ipBlock"], old, &at.child("ipBlock"), errors);
        } else {
            check::selector(&peer[*kind], &at.child(kind), errors);
        }
    }
    if given.is_empty() {
        errors.required(at, "must specify a peer");
    } else if given.len() > 1 && given.contains(&"ipBlock") {
        errors.forbidden(at, "may not specify both ipBlock and another peer");
    }
}

fn check_block(block: &Value, old: Option<&Value>, at: &Path, errors: &mut Errors) {
    if !check::required(block, "cidr", at, errors) {
        return;
    }
    let Some(range) = check_range(&block["cidr"], old, &at.child("cidr"), errors) else { return };
    for (index, except) in meta::items(block, "/except").iter().enumerate() {
        let path = at.child("except").index(index);
        let Some(inner) = check_range(except, old, &path, errors) else { continue };
        if !contains(range, inner) || range.1 >= inner.1 {
            errors.invalid(&path, except, "must be a strict subset of `cidr`");
        }
    }
}

/// Checks a range in the strict form that only what was there before may lack.
fn check_range(
    range: &Value,
    old: Option<&Value>,
    path: &Path,
    errors: &mut Errors,
) -> Option<(IpAddr, u8)> {
    let text = range.as_str().unwrap_or_default();
    if !old.is_some_and(|old| has_range(old, range)) {
        check::cidr(range, path, errors);
    }
    check::parse_cidr(text)
}

fn has_range(policy: &Value, range: &Value) -> bool {
    [("/spec/ingress", "/from"), ("/spec/egress", "/to")].iter().any(|(rules, side)| {
        meta::items(policy, rules).iter().flat_map(|rule| meta::items(rule, side)).any(|peer| {
            let block = &peer["ipBlock"];
            block["cidr"] == *range || meta::items(block, "/except").contains(range)
        })
    })
}

/// Tells whether the first range holds the start of the second one.
fn contains((base, length): (IpAddr, u8), (address, _): (IpAddr, u8)) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32_u8),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((base, width), (address, other)) = (bits(base), bits(address));
    let shift = u32::from(width.saturating_sub(length));
    width == other && (shift >= 128 || base >> shift == address >> shift)
}
