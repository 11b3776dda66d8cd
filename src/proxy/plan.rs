//! What traffic to one Service should do. No clock, no I/O, no randomness.

use std::{collections::BTreeSet, net::Ipv4Addr, sync::Arc};

use k8s_openapi::api::{
    core::v1::{Service, ServicePort},
    discovery::v1::{Endpoint, EndpointSlice},
};

/// Where a connection may be sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Target {
    pub(crate) address: Ipv4Addr,
    pub(crate) port: u16,
}

/// One port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PortPlan {
    /// `namespace/name:port`, for names.
    pub(crate) id: String,
    /// `tcp`, `udp` or `sctp`.
    pub(crate) protocol: String,
    pub(crate) port: u16,
    /// The addresses inside the cluster.
    pub(crate) internal: Vec<Ipv4Addr>,
    /// Addresses for the world: external ones and those of load balancers.
    pub(crate) external: Vec<Ipv4Addr>,
    /// The node's port.
    pub(crate) node_port: Option<u16>,
    /// Targets of traffic from inside.
    pub(crate) targets: Vec<Target>,
    /// Targets of traffic from outside.
    pub(crate) external_targets: Vec<Target>,
    /// Outside traffic keeps its source address: its targets are all on this node.
    pub(crate) keeps_source: bool,
    /// Seconds for which a client stays with its target.
    pub(crate) affinity_seconds: Option<i32>,
}

/// The plans of a Service's ports; none for headless and external ones.
pub(crate) fn plan(service: &Service, slices: &[Arc<EndpointSlice>], node: &str) -> Vec<PortPlan> {
    let Some(spec) = &service.spec else { return Vec::new() };
    let internal: Vec<Ipv4Addr> =
        spec.cluster_ips.iter().flatten().filter_map(|ip| ip.parse().ok()).collect();
    if internal.is_empty() || spec.type_.as_deref() == Some("ExternalName") {
        return Vec::new();
    }
    let ports = spec.ports.iter().flatten();
    ports.filter_map(|port| port_plan(service, port, slices, node, internal.clone())).collect()
}

fn port_plan(
    service: &Service,
    port: &ServicePort,
    slices: &[Arc<EndpointSlice>],
    node: &str,
    internal: Vec<Ipv4Addr>,
) -> Option<PortPlan> {
    let spec = service.spec.as_ref()?;
    let meta = &service.metadata;
    let name = port.name.clone().unwrap_or_default();
    let protocol = port.protocol.as_deref().unwrap_or("TCP");
    let local = |policy: Option<&str>| policy == Some("Local");
    let inner = Scope { node: local(spec.internal_traffic_policy.as_deref()).then_some(node) };
    let keeps_source = local(spec.external_traffic_policy.as_deref());
    let outer = Scope { node: keeps_source.then_some(node) };
    let affinity = spec.session_affinity.as_deref() == Some("ClientIP");
    let timeout = spec.session_affinity_config.as_ref();
    let timeout = timeout.and_then(|config| config.client_ip.as_ref()?.timeout_seconds);
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    let own = meta.name.as_deref().unwrap_or_default();
    Some(PortPlan {
        id: format!("{namespace}/{own}:{name}/{protocol}/{}", port.port),
        protocol: protocol.to_lowercase(),
        port: u16::try_from(port.port).ok()?,
        internal,
        external: external(service),
        node_port: port.node_port.and_then(|port| u16::try_from(port).ok()).filter(|it| *it > 0),
        targets: targets(slices, &name, protocol, &inner),
        external_targets: targets(slices, &name, protocol, &outer),
        keeps_source,
        affinity_seconds: affinity.then(|| timeout.unwrap_or(10_800)),
    })
}

fn external(service: &Service) -> Vec<Ipv4Addr> {
    let spec = service.spec.as_ref();
    let given = spec.and_then(|spec| spec.external_ips.as_ref()).into_iter().flatten();
    let balancer = service.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let ingress = balancer.and_then(|balancer| balancer.ingress.as_ref()).into_iter().flatten();
    let all = given.chain(ingress.filter_map(|ingress| ingress.ip.as_ref()));
    all.filter_map(|ip| ip.parse().ok()).collect()
}

/// Whose endpoints count: all, or those of one node.
struct Scope<'a> {
    node: Option<&'a str>,
}

/// The ready endpoints, or where there is none those that still serve while they end (KEP-1669).
fn targets(
    slices: &[Arc<EndpointSlice>],
    name: &str,
    protocol: &str,
    scope: &Scope<'_>,
) -> Vec<Target> {
    let mut ready = BTreeSet::new();
    let mut ending = BTreeSet::new();
    for slice in slices.iter().filter(|slice| slice.address_type == "IPv4") {
        let port = slice.ports.iter().flatten().find(|port| {
            port.name.as_deref().unwrap_or_default() == name
                && port.protocol.as_deref().unwrap_or("TCP") == protocol
        });
        let Some(port) = port.and_then(|port| u16::try_from(port.port?).ok()) else { continue };
        let endpoints = slice.endpoints.iter().flatten();
        let here = endpoints
            .filter(|one| scope.node.is_none_or(|node| one.node_name.as_deref() == Some(node)));
        for endpoint in here {
            let set = match standing(endpoint) {
                Standing::Ready => &mut ready,
                Standing::Ending => &mut ending,
                Standing::Out => continue,
            };
            let addresses = endpoint.addresses.iter().filter_map(|one| one.parse().ok());
            set.extend(addresses.map(|address| Target { address, port }));
        }
    }
    let chosen = if ready.is_empty() { ending } else { ready };
    chosen.into_iter().collect()
}

enum Standing {
    Ready,
    Ending,
    Out,
}

fn standing(endpoint: &Endpoint) -> Standing {
    let Some(conditions) = &endpoint.conditions else { return Standing::Ready };
    let serving = conditions.serving.or(conditions.ready).unwrap_or(true);
    match (conditions.ready.unwrap_or(true), conditions.terminating.unwrap_or(false)) {
        (true, _) => Standing::Ready,
        (false, true) if serving => Standing::Ending,
        (false, _) => Standing::Out,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A NodePort service with endpoints `(address, ready, terminating)`.
    pub(crate) fn sample(endpoints: &[(&str, bool, bool)]) -> Vec<PortPlan> {
        let service = serde_json::from_value(json!({
            "metadata": {"name": "s", "namespace": "n"},
            "spec": {"type": "NodePort", "clusterIPs": ["10.96.0.5"],
                "ports": [{"port": 80, "protocol": "TCP", "nodePort": 30080}]},
        }))
        .unwrap();
        let endpoints: Vec<_> = endpoints
            .iter()
            .map(|(address, ready, terminating)| {
                json!({"addresses": [address], "nodeName": "here", "conditions": {
                    "ready": ready, "serving": true, "terminating": terminating}})
            })
            .collect();
        let slice = serde_json::from_value(json!({
            "addressType": "IPv4", "ports": [{"name": "", "port": 8080, "protocol": "TCP"}],
            "endpoints": endpoints, "metadata": {},
        }))
        .unwrap();
        plan(&service, &[Arc::new(slice)], "here")
    }

    fn addresses(plans: &[PortPlan]) -> Vec<String> {
        plans[0].targets.iter().map(|target| target.address.to_string()).collect()
    }

    #[test]
    fn traffic_goes_to_the_ready_and_else_to_the_ending() {
        let mixed = sample(&[("10.0.0.1", true, false), ("10.0.0.2", false, true)]);
        assert_eq!(addresses(&mixed), ["10.0.0.1"]);
        let ending = sample(&[("10.0.0.2", false, true), ("10.0.0.3", false, false)]);
        assert_eq!(addresses(&ending), ["10.0.0.2"]);
        assert!(addresses(&sample(&[])).is_empty());
    }
}
