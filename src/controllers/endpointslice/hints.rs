//! Whose traffic endpoints are meant for, where a Service asks for near ones. No clock, no I/O.
//! Source: `k8s.io/endpointslice/trafficdist`. Not done: `service.kubernetes.io/topology-mode: Auto`.

use k8s_openapi::api::{
    core::v1::Service,
    discovery::v1::{Endpoint, EndpointHints, EndpointSlice, ForNode, ForZone},
};

/// How near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    Anywhere,
    Zone,
    Node,
}

/// What a Service asks for.
pub(super) fn asked(service: &Service) -> Near {
    let spec = service.spec.as_ref();
    match spec.and_then(|spec| spec.traffic_distribution.as_deref()) {
        Some("PreferClose" | "PreferSameZone") => Near::Zone,
        Some("PreferSameNode") => Near::Node,
        _ => Near::Anywhere,
    }
}

/// Gives a slice's endpoints their hints; tells whether that changed anything.
pub(super) fn give(slice: &mut EndpointSlice, near: Near) -> bool {
    let mut changed = false;
    for endpoint in slice.endpoints.iter_mut().flatten() {
        if let Some(right) = wanted(endpoint, near).filter(|right| *right != endpoint.hints) {
            endpoint.hints = right;
            changed = true;
        }
    }
    changed
}

/// The hints that an endpoint is to have; `None` where they are left as they are.
#[expect(clippy::option_option, reason = "to have no hints is an answer, too")]
fn wanted(endpoint: &Endpoint, near: Near) -> Option<Option<EndpointHints>> {
    let ready = endpoint.conditions.as_ref().and_then(|conditions| conditions.ready);
    if near == Near::Anywhere {
        return Some(None);
    }
    if ready != Some(true) {
        return None;
    }
    let zone = endpoint.zone.clone().map(|name| vec![ForZone { name }]);
    let node = endpoint.node_name.clone().filter(|_| near == Near::Node);
    let node = node.map(|name| vec![ForNode { name }]);
    let any = zone.is_some() || node.is_some();
    Some(any.then_some(EndpointHints { for_nodes: node, for_zones: zone }))
}
