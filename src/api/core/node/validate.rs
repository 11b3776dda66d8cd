//! What must hold of nodes. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check as common, core::shown::shown};

/// Most ranges of addresses that a node has: one of each family.
const MOST_RANGES: usize = 2;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    // Kubernetes looks for the taints in the metadata, by a slip that stayed.
    check_taints(change.new, &Path::new("metadata").child("taints"), errors);
    let spec = Path::new("spec");
    let Some(old) = change.old else {
        check_ranges(change.new, &spec.child("podCIDRs"), errors);
        check_amounts(change.new, errors);
        return;
    };
    let ranges = |node: &Value| meta::items(node, "/spec/podCIDRs").to_vec();
    let (before, after) = (ranges(old), ranges(change.new));
    let moved = if before.is_empty() {
        0
    } else if before.len() == after.len() {
        before.iter().zip(&after).filter(|(before, after)| before != after).count()
    } else {
        1
    };
    for _ in 0..moved {
        let why = "node updates may not change podCIDR except from \"\" to valid";
        errors.forbidden(&spec.child("podCIDRs"), why);
    }
    let text = |node, field: &str| meta::text(node, &format!("/spec/{field}")).to_owned();
    let provider = text(old, "providerID");
    if !provider.is_empty() && provider != text(change.new, "providerID") {
        let why = "node updates may not change providerID except from \"\" to valid";
        errors.forbidden(&spec.child("providerID"), why);
    }
    if text(old, "externalID") != text(change.new, "externalID") {
        errors.forbidden(&spec.child("externalID"), "may not be updated");
    }
}

fn check_taints(node: &Value, at: &Path, errors: &mut Errors) {
    const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (index, taint) in meta::items(node, "/spec/taints").iter().enumerate() {
        let path = at.index(index);
        let (key, value) = (meta::text(taint, "/key"), meta::text(taint, "/value"));
        for why in names::qualified_name(key) {
            errors.invalid(&path.child("key"), &json!(key), why);
        }
        let wrong = names::label_value(value);
        if !wrong.is_empty() {
            errors.invalid(&path.child("value"), &json!(value), wrong.join(";"));
        }
        let effect = meta::text(taint, "/effect");
        if effect.is_empty() {
            errors.required(&path.child("effect"), "");
        } else if !EFFECTS.contains(&effect) {
            errors.not_supported(&path.child("effect"), &json!(effect), &EFFECTS);
        }
        if seen.contains(&(key, effect)) {
            let why = "taints must be unique by key and effect pair";
            errors.duplicate_shown(&path, &format!("{}: {why}", shown("Taint", taint)));
        }
        seen.push((key, effect));
    }
}

fn check_ranges(node: &Value, path: &Path, errors: &mut Errors) {
    let ranges = meta::items(node, "/spec/podCIDRs");
    let parsed: Vec<_> = ranges
        .iter()
        .enumerate()
        .map(|(index, range)| common::cidr(range, &path.index(index), errors))
        .collect();
    let (mut four, mut six) = (false, false);
    for (address, _) in parsed.iter().flatten() {
        four |= address.is_ipv4();
        six |= address.is_ipv6();
    }
    let both = parsed.iter().all(Option::is_some) && four && six;
    if ranges.len() > 1 && (!both || ranges.len() > MOST_RANGES) {
        let why = "may specify no more than one CIDR for each IP family";
        errors.invalid(path, &json!(ranges), why);
    }
}

/// Checks what a node tells of itself. Source: `ValidateNodeResources`.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    check_amounts(change.new, errors);
    if change.old.is_none() {
        return;
    }
    let addresses = meta::items(change.new, "/status/addresses");
    for (index, address) in addresses.iter().enumerate() {
        if addresses[..index].contains(address) {
            let path = Path::new("status").child("addresses").index(index);
            errors.duplicate_shown(&path, &shown("NodeAddress", address));
        }
    }
}

fn check_amounts(node: &Value, errors: &mut Errors) {
    for part in ["capacity", "allocatable"] {
        let amounts = node["status"][part].as_object();
        for (resource, value) in amounts.into_iter().flatten() {
            let path = Path::new("status").child(part).child(resource);
            common::amount_not_negative(value, &path, errors);
            let Some(amount) = common::amount(value) else { continue };
            let whole = resource.contains('/') || resource == "pods";
            if whole && amount.milli_value() % 1000 != 0 {
                errors.invalid(&path, &json!(amount.to_string()), "must be an integer");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(new: &Value, old: Option<&Value>) -> String {
        let mut errors = Errors::default();
        check(&Change { new, old }, &mut errors);
        errors.sentence()
    }

    #[test]
    fn tells_what_is_wrong_with_taints_and_ranges() {
        let taints =
            |one: Value| json!({"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}, one]}});
        for (node, said) in [
            (taints(json!({"key": "b", "effect": "NoExecute"})), "[]"),
            (taints(json!({"key": "b"})), "metadata.taints[1].effect: Required value"),
            (
                taints(json!({"key": "a", "value": "x", "effect": "NoSchedule"})),
                "metadata.taints[1]: Duplicate value: {\"Key\":\"a\",\"Value\":\"x\",\
                 \"Effect\":\"NoSchedule\",\"TimeAdded\":null}: taints must be unique by key and \
                 effect pair",
            ),
            (
                json!({"spec": {"podCIDRs": ["10.0.0.0/24", "10.0.1.0/24"]}}),
                "spec.podCIDRs: Invalid value: [\"10.0.0.0/24\",\"10.0.1.0/24\"]: may specify no \
                 more than one CIDR for each IP family",
            ),
        ] {
            assert_eq!(sentence(&node, None), said);
        }
    }

    #[test]
    fn keeps_the_ranges_and_the_machine_behind_a_node() {
        let node = |range: &str, id: &str| json!({"spec": {"podCIDRs": [range], "providerID": id}});
        let (old, new) = (node("10.0.0.0/24", "a"), node("10.0.1.0/24", "b"));
        let said = sentence(&new, Some(&old));
        assert!(said.contains("spec.podCIDRs: Forbidden") && said.contains("spec.providerID"));
        assert_eq!(sentence(&old, Some(&old)), "[]");
    }
}
