//! The endpoints that pods are to a Service, by their ports. No clock, no I/O.
//! Source: `k8s.io/endpointslice`, `utils.go`, and its `util`, `controller_utils.go`.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use k8s_openapi::{
    api::{
        core::v1::{Container, ObjectReference, Pod, Service, ServicePort},
        discovery::v1::{Endpoint, EndpointConditions, EndpointPort},
    },
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::reconcile::Observed;
use crate::pods;

/// What tells endpoints apart: addresses, host name, and the pod's namespace and name.
pub(super) type EndpointKey = (Vec<String>, String, String, String);

/// Endpoints of pods that have the same ports.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) ports: Vec<EndpointPort>,
    pub(super) endpoints: BTreeMap<EndpointKey, Endpoint>,
}

/// The kinds of addresses that a Service has.
pub(super) fn families(service: &Service) -> BTreeSet<&'static str> {
    let (v4, v6) = ("IPv4", "IPv6");
    let spec = service.spec.as_ref();
    let named = spec.and_then(|spec| spec.ip_families.as_ref()).into_iter().flatten();
    let known = [v4, v6];
    let named: BTreeSet<_> =
        named.filter_map(|name| known.into_iter().find(|one| one == name)).collect();
    if !named.is_empty() {
        return named;
    }
    match spec.and_then(|spec| spec.cluster_ip.as_deref()).filter(|ip| !ip.is_empty()) {
        None | Some("None") => known.into(),
        Some(address) => [if address.contains(':') { v6 } else { v4 }].into(),
    }
}

/// The same for the same ports, in whatever order they are.
pub(super) fn key_of_ports(ports: &[EndpointPort]) -> Vec<String> {
    let mut keys: Vec<String> =
        ports.iter().map(|port| serde_json::to_string(port).unwrap_or_default()).collect();
    keys.sort();
    keys
}

/// What tells an endpoint from others.
pub(super) fn key_of(endpoint: &Endpoint) -> EndpointKey {
    let mut addresses = endpoint.addresses.clone();
    addresses.sort();
    let target = endpoint.target_ref.as_ref();
    (
        addresses,
        endpoint.hostname.clone().unwrap_or_default(),
        target.and_then(|it| it.namespace.clone()).unwrap_or_default(),
        target.and_then(|it| it.name.clone()).unwrap_or_default(),
    )
}

/// Tells whether two endpoints of one key are the same; hints are not of an endpoint's own.
pub(super) fn same(left: &Endpoint, right: &Endpoint) -> bool {
    let target = |one: &Endpoint| {
        let target = one.target_ref.clone()?;
        Some(ObjectReference { resource_version: None, ..target })
    };
    left.node_name == right.node_name
        && left.zone == right.zone
        && left.conditions == right.conditions
        && target(left) == target(right)
}

/// Endpoints with addresses of a family, by the key of their ports. Pods whose node is not known are
/// left out, unless all are to be published.
pub(super) fn wanted(seen: &Observed<'_>, family: &str) -> BTreeMap<Vec<String>, Group> {
    let mut groups: BTreeMap<Vec<String>, Group> = BTreeMap::new();
    for pod in seen.pods.iter().filter(|pod| counts(pod)) {
        let ports = ports_of(seen.service, Some(pod));
        let group = groups.entry(key_of_ports(&ports)).or_default();
        group.ports = ports;
        if is_lost(seen, pod) {
            continue;
        }
        let addresses = addresses(pod, family);
        if !addresses.is_empty() {
            let endpoint = endpoint(seen, pod, addresses);
            group.endpoints.insert(key_of(&endpoint), endpoint);
        }
    }
    groups
}

/// Tells whether a pod has an address and has not ended.
pub(super) fn counts(pod: &Pod) -> bool {
    let ended = matches!(pods::phase(pod), "Succeeded" | "Failed");
    let status = pod.status.as_ref();
    let has_address = |it: &k8s_openapi::api::core::v1::PodStatus| {
        let first = it.pod_ip.as_deref().is_some_and(|ip| !ip.is_empty());
        first || it.pod_ips.as_ref().is_some_and(|all| !all.is_empty())
    };
    !ended && status.is_some_and(has_address)
}

/// Tells whether a pod is left out because nobody knows its node.
pub(super) fn is_lost(seen: &Observed<'_>, pod: &Pod) -> bool {
    !publishes_unready(seen.service) && !seen.zones.contains_key(pods::node_name(pod))
}

fn publishes_unready(service: &Service) -> bool {
    service.spec.as_ref().and_then(|spec| spec.publish_not_ready_addresses) == Some(true)
}

fn addresses(pod: &Pod, family: &str) -> Vec<String> {
    let Some(status) = pod.status.as_ref() else { return Vec::new() };
    let all = status.pod_ips.as_deref().unwrap_or_default();
    let first = status.pod_ip.iter().filter(|_| all.is_empty());
    let parsed = all.iter().map(|one| &one.ip).chain(first).filter_map(|ip| ip.parse().ok());
    parsed
        .filter(|ip: &IpAddr| ip.is_ipv6() == (family == "IPv6"))
        .map(|ip| ip.to_string())
        .collect()
}

fn endpoint(seen: &Observed<'_>, pod: &Pod, addresses: Vec<String>) -> Endpoint {
    let spec = pod.spec.as_ref();
    let node = spec.and_then(|spec| spec.node_name.clone()).filter(|name| !name.is_empty());
    let zone = node.as_ref().and_then(|name| seen.zones.get(name)?.clone());
    let terminating = pod.metadata.deletion_timestamp.is_some();
    let serving = pods::is_ready(pod);
    let named = spec.filter(|spec| {
        spec.subdomain.as_ref() == seen.service.metadata.name.as_ref()
            && pod.metadata.namespace == seen.service.metadata.namespace
    });
    let hostname = named.and_then(|spec| spec.hostname.clone()).filter(|name| !name.is_empty());
    Endpoint {
        addresses,
        conditions: Some(EndpointConditions {
            ready: Some(publishes_unready(seen.service) || serving && !terminating),
            serving: Some(serving),
            terminating: Some(terminating),
        }),
        hostname,
        node_name: node,
        zone,
        target_ref: Some(pods::target(pod)),
        ..Endpoint::default()
    }
}

/// The ports of a Service as this pod has them; a name that the pod lacks is left out.
pub(crate) fn ports_of(service: &Service, pod: Option<&Pod>) -> Vec<EndpointPort> {
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
    ports
        .into_iter()
        .flatten()
        .filter_map(|port| {
            Some(EndpointPort {
                name: Some(port.name.clone().unwrap_or_default()),
                port: Some(target(port, pod)?),
                protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".into())),
                app_protocol: port.app_protocol.clone(),
            })
        })
        .collect()
}

fn target(port: &ServicePort, pod: Option<&Pod>) -> Option<i32> {
    match &port.target_port {
        None => Some(port.port),
        Some(IntOrString::Int(number)) => Some(*number),
        Some(IntOrString::String(name)) => {
            let spec = pod?.spec.as_ref()?;
            let sidecar = |one: &&Container| one.restart_policy.as_deref() == Some("Always");
            let sidecars = spec.init_containers.iter().flatten().filter(sidecar);
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            let containers = spec.containers.iter().chain(sidecars);
            let ports = containers.flat_map(|container| container.ports.iter().flatten());
            ports
                .filter(|one| one.protocol.as_deref().unwrap_or("TCP") == protocol)
                .find(|one| one.name.as_ref() == Some(name))
                .map(|one| one.container_port)
        }
    }
}
