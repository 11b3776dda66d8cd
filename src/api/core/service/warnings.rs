//! What is accepted in services, and unwise.
//! Source: `pkg/api/service/warnings.go` of k8s.io/kubernetes.

use machinery::{field::Path, kind::Change, meta};
use serde_json::Value;

use crate::check::{address_warning, range_warning};

const OLD_HINTS: &str = "service.kubernetes.io/topology-aware-hints";
const HINTS: &str = "service.kubernetes.io/topology-mode";

pub(super) fn of_service(change: &Change<'_>) -> Vec<String> {
    let service = change.new;
    let at = Path::new("spec");
    let mut found = Vec::new();
    if meta::annotation(service, OLD_HINTS).is_some() {
        found.push(format!("annotation {OLD_HINTS} is deprecated, please use {HINTS} instead"));
    }
    let texts = |name: &str| -> Vec<(Path, &str)> {
        let list = service["spec"][name].as_array().into_iter().flatten().enumerate();
        let all = list.map(|(index, it)| (at.child(name).index(index), it.as_str().unwrap_or("")));
        all.collect()
    };
    for (at, address) in texts("clusterIPs").into_iter().filter(|(_, it)| *it != "None") {
        found.extend(address_warning(&at, address));
    }
    let external = texts("externalIPs");
    let outward = meta::text(service, "/spec/type");
    let headless = outward == "ClusterIP" && meta::text(service, "/spec/clusterIP") == "None";
    if headless {
        let ignored = |field: &str| format!("spec.{field} is ignored for headless services");
        if !meta::text(service, "/spec/loadBalancerIP").is_empty() {
            found.push(ignored("loadBalancerIP"));
        }
        if !external.is_empty() {
            found.push(ignored("externalIPs"));
        }
        if !matches!(meta::text(service, "/spec/sessionAffinity"), "" | "None") {
            found.push(ignored("SessionAffinity"));
        }
    }
    let named = outward == "ExternalName";
    if !external.is_empty() && named {
        found.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if !named && !meta::text(service, "/spec/externalName").is_empty() {
        let words = "spec.externalName is ignored when spec.type is not \"ExternalName\"";
        found.push(words.to_owned());
    }
    if !external.is_empty() && !headless && !named {
        let words =
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
        found.push(words.to_owned());
    }
    for (at, address) in external {
        found.extend(address_warning(&at, address));
    }
    let balancer = meta::text(service, "/spec/loadBalancerIP");
    if !balancer.is_empty() {
        found.extend(address_warning(&at.child("loadBalancerIP"), balancer));
    }
    for (at, range) in texts("loadBalancerSourceRanges") {
        found.extend(range_warning(&at, range));
    }
    if meta::text(service, "/spec/trafficDistribution") == "PreferClose" {
        let words =
            "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"";
        found.push(words.to_owned());
    }
    unchanged_removed(change, found)
}

/// What was so before is not said again when something else changes.
fn unchanged_removed(change: &Change<'_>, mut found: Vec<String>) -> Vec<String> {
    const ONCE: [(&str, &str); 2] = [
        ("externalIPs", "spec.externalIPs is deprecated"),
        ("trafficDistribution", "spec.traffic"),
    ];
    if let Some(old) = change.old {
        let same = |name: &str| old["spec"].get(name) == change.new["spec"].get(name);
        for (name, words) in ONCE {
            if same(name) && !Value::is_null(&old["spec"][name]) {
                found.retain(|one| !one.starts_with(words));
            }
        }
    }
    found
}
