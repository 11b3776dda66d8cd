//! Endpoints written by hand, and their mirrors.

use std::sync::Arc;

use k8s_openapi::api::{
    core::v1::{Endpoints, Service},
    discovery::v1::EndpointSlice,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::reconcile::{is_mirrored, reconcile};
use crate::endpointslice::reconcile::Plan;

fn endpoints(subsets: &Value, meta: &Value) -> Endpoints {
    let mut object = json!({"metadata": {"name": "db", "namespace": "n", "uid": "u"}});
    object["subsets"] = subsets.clone();
    machinery::patch::apply_merge_patch(&mut object["metadata"], meta);
    serde_json::from_value(object).unwrap()
}

fn subset(ready: &[&str], waiting: &[&str], port: u16) -> Value {
    let list = |all: &[&str]| all.iter().map(|ip| json!({"ip": ip})).collect::<Vec<_>>();
    json!({"addresses": list(ready), "notReadyAddresses": list(waiting),
        "ports": [{"name": "p", "port": port}]})
}

/// A slice in short: family, port, addresses with their readiness.
fn short(slice: &EndpointSlice) -> String {
    let port = slice.ports.iter().flatten().next().and_then(|port| port.port).unwrap_or(0);
    let all = slice.endpoints.iter().flatten().map(|one| {
        let ready = one.conditions.as_ref().and_then(|it| it.ready) == Some(true);
        format!("{}{}", one.addresses[0], if ready { "" } else { "!" })
    });
    format!("{} {port}: {}", slice.address_type, all.collect::<Vec<_>>().join(" "))
}

/// What the slices are once a plan is carried out.
fn carried_out(mirrors: &[Arc<EndpointSlice>], plan: Plan) -> Vec<Arc<EndpointSlice>> {
    let name = |slice: &EndpointSlice| slice.metadata.name.clone();
    let mut left: Vec<Arc<EndpointSlice>> = mirrors.to_vec();
    left.retain(|one| !plan.delete.iter().any(|gone| name(gone) == name(one)));
    for changed in plan.update {
        left.retain(|one| name(one) != name(&changed));
        left.push(Arc::new(changed));
    }
    for (at, mut new) in plan.create.into_iter().enumerate() {
        new.metadata.name = Some(format!("new-{at}-{}", left.len()));
        left.push(Arc::new(new));
    }
    left
}

#[test]
fn endpoints_by_hand_have_mirrors() {
    for (case, subsets, want) in [
        ("nobody", json!([]), vec!["IPv4 0: "]),
        ("one", json!([subset(&["1.1.1.1"], &["1.1.1.2"], 80)]), vec!["IPv4 80: 1.1.1.1 1.1.1.2!"]),
        (
            "both families",
            json!([subset(&["1.1.1.1", "fd00::1"], &[], 80)]),
            vec!["IPv4 80: 1.1.1.1", "IPv6 80: fd00::1"],
        ),
        (
            "two subsets",
            json!([subset(&["1.1.1.1"], &[], 80), subset(&["1.1.1.2"], &[], 90)]),
            vec!["IPv4 80: 1.1.1.1", "IPv4 90: 1.1.1.2"],
        ),
    ] {
        let plan = reconcile(Some(&endpoints(&subsets, &json!({}))), &[]);
        let got: Vec<String> = plan.create.iter().map(short).collect();
        assert_eq!(got, want, "{case}");
        let owner = &plan.create[0].metadata.owner_references.as_ref().unwrap()[0];
        assert_eq!((owner.kind.as_str(), owner.uid.as_str()), ("Endpoints", "u"), "{case}");
    }
}

#[test]
fn only_those_of_services_without_selector_are_mirrored() {
    let service = |selector: &Value| -> Service {
        serde_json::from_value(json!({"spec": {"selector": selector}})).unwrap()
    };
    let (manual, selects) = (service(&Value::Null), service(&json!({"a": "b"})));
    let plain = endpoints(&json!([]), &json!({}));
    let skip = json!({"labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}});
    let lock = json!({"annotations": {"control-plane.alpha.kubernetes.io/leader": "x"}});
    assert!(is_mirrored(&plain, Some(&manual)));
    assert!(!is_mirrored(&plain, Some(&selects)));
    assert!(!is_mirrored(&plain, None));
    assert!(!is_mirrored(&endpoints(&json!([]), &skip), Some(&manual)));
    assert!(!is_mirrored(&endpoints(&json!([]), &lock), Some(&manual)));
}

#[test]
fn labels_and_notes_are_copied() {
    let meta = json!({"labels": {"team": "x"}, "annotations": {"note": "y",
        "kubectl.kubernetes.io/last-applied-configuration": "z"}});
    let plan = reconcile(Some(&endpoints(&json!([]), &meta)), &[]);
    let meta = &plan.create[0].metadata;
    assert_eq!(meta.labels.as_ref().unwrap()["team"], "x");
    assert_eq!(meta.labels.as_ref().unwrap()["kubernetes.io/service-name"], "db");
    assert_eq!(meta.annotations.as_ref().unwrap().len(), 1);
}

proptest! {
    /// Whatever was there before, one pass makes the mirrors right, and a second does nothing.
    #[test]
    fn one_pass_is_enough(
        before in prop::collection::vec((0_u8..4, 0_u16..3), 0..5),
        after in prop::collection::vec((0_u8..4, 0_u16..3), 0..5),
    ) {
        let made = |list: &[(u8, u16)]| {
            let all: Vec<Value> =
                list.iter().map(|(ip, port)| subset(&[&format!("1.1.1.{ip}")], &[], *port)).collect();
            endpoints(&json!(all), &json!({}))
        };
        let first = carried_out(&[], reconcile(Some(&made(&before)), &[]));
        let wanted = made(&after);
        let second = carried_out(&first, reconcile(Some(&wanted), &first));
        prop_assert_eq!(reconcile(Some(&wanted), &second), Plan::default());
        let mut got: Vec<String> = second.iter().map(|slice| short(slice)).collect();
        let mut want: Vec<String> = reconcile(Some(&wanted), &[]).create.iter().map(short).collect();
        got.sort();
        want.sort();
        prop_assert_eq!(got, want);
        prop_assert!(carried_out(&second, reconcile(None, &second)).is_empty());
    }
}
