//! The Endpoints that a Service should have. No clock, no I/O, no randomness.
//! Source: `k8s.io/kubernetes/pkg/controller/endpoint`.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::{
    api::core::v1::{EndpointAddress, EndpointPort, EndpointSubset, Endpoints, Pod, Service},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use machinery::well_known;

use crate::{endpointslice::endpoint::ports_of, pods};

const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const MANAGER: &str = "endpoint-controller";
/// Addresses in one object at most; more are cut off and marked so.
const MAX_ADDRESSES: usize = 1000;

/// Tells whether this controller made the object.
pub(super) fn is_ours(endpoints: &Endpoints) -> bool {
    let labels = endpoints.metadata.labels.as_ref();
    labels.and_then(|labels| labels.get(MANAGED_BY)).map(String::as_str) == Some(MANAGER)
}

/// The object as it should be; `None` where it is so.
pub(super) fn reconcile(
    service: &Service,
    pods: &[Arc<Pod>],
    current: Option<&Endpoints>,
) -> Option<Endpoints> {
    let subsets = Some(subsets(service, pods)).filter(|subsets| !subsets.is_empty());
    let labels = Some(labels(service));
    if let Some(current) = current
        && current.subsets == subsets
        && current.metadata.labels == labels
    {
        return None;
    }
    let mut metadata = current.map_or_else(ObjectMeta::default, |one| one.metadata.clone());
    metadata.name.clone_from(&service.metadata.name);
    metadata.namespace.clone_from(&service.metadata.namespace);
    metadata.labels = labels;
    Some(Endpoints { metadata, subsets })
}

fn labels(service: &Service) -> BTreeMap<String, String> {
    let mut labels = service.metadata.labels.clone().unwrap_or_default();
    labels.insert(MANAGED_BY.into(), MANAGER.into());
    let headless =
        service.spec.as_ref().and_then(|spec| spec.cluster_ip.as_deref()) == Some("None");
    if headless {
        labels.insert(well_known::HEADLESS.into(), String::new());
    }
    labels
}

fn subsets(service: &Service, pods: &[Arc<Pod>]) -> Vec<EndpointSubset> {
    let unready_too =
        service.spec.as_ref().and_then(|spec| spec.publish_not_ready_addresses) == Some(true);
    let mut groups: BTreeMap<String, EndpointSubset> = BTreeMap::new();
    let counted = pods.iter().filter(|pod| pods::is_active(pod)).take(MAX_ADDRESSES);
    for pod in counted {
        let Some(address) = address(service, pod) else { continue };
        let ports: Vec<EndpointPort> = ports_of(service, Some(pod))
            .into_iter()
            .map(|port| EndpointPort {
                name: port.name.filter(|name| !name.is_empty()),
                port: port.port.unwrap_or_default(),
                protocol: port.protocol,
                app_protocol: port.app_protocol,
            })
            .collect();
        let key = serde_json::to_string(&ports).unwrap_or_default();
        let group = groups.entry(key).or_insert_with(|| EndpointSubset {
            ports: Some(ports).filter(|ports| !ports.is_empty()),
            ..EndpointSubset::default()
        });
        let list = if unready_too || pods::is_ready(pod) {
            &mut group.addresses
        } else {
            &mut group.not_ready_addresses
        };
        list.get_or_insert_default().push(address);
    }
    for group in groups.values_mut() {
        for list in [&mut group.addresses, &mut group.not_ready_addresses].into_iter().flatten() {
            list.sort_by(|left, right| left.ip.cmp(&right.ip));
        }
    }
    groups.into_values().collect()
}

fn address(service: &Service, pod: &Pod) -> Option<EndpointAddress> {
    let ip = pod.status.as_ref()?.pod_ip.clone().filter(|ip| !ip.is_empty())?;
    let spec = pod.spec.as_ref()?;
    let named = spec.subdomain.as_ref() == service.metadata.name.as_ref();
    Some(EndpointAddress {
        ip,
        hostname: spec.hostname.clone().filter(|_| named),
        node_name: spec.node_name.clone(),
        target_ref: Some(pods::target(pod)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ready_and_unready_pods_stand_apart() {
        let service: Service = serde_json::from_value(json!({
            "metadata": {"name": "s", "namespace": "n"},
            "spec": {"selector": {"a": "1"}, "ports": [{"port": 80, "protocol": "TCP"}]},
        }))
        .unwrap();
        let pod = |name: &str, ip: &str, ready: &str| -> Arc<Pod> {
            Arc::new(
                serde_json::from_value(json!({
                    "metadata": {"name": name}, "spec": {"containers": []},
                    "status": {"phase": "Running", "podIP": ip,
                        "conditions": [{"type": "Ready", "status": ready}]},
                }))
                .unwrap(),
            )
        };
        let pods = [pod("a", "10.0.0.1", "True"), pod("b", "10.0.0.2", "False")];
        let made = reconcile(&service, &pods, None).unwrap();
        let subset = &made.subsets.as_ref().unwrap()[0];
        assert_eq!(subset.addresses.as_ref().unwrap()[0].ip, "10.0.0.1");
        assert_eq!(subset.not_ready_addresses.as_ref().unwrap()[0].ip, "10.0.0.2");
        assert_eq!(reconcile(&service, &pods, Some(&made)), None);
    }
}
