//! Which EndpointSlices mirror Endpoints that somebody wrote by hand. No clock, no I/O.
//! Source: `k8s.io/kubernetes/pkg/controller/endpointslicemirroring`.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::{
    api::{
        core::v1::{EndpointAddress, EndpointSubset, Endpoints, Service},
        discovery::v1::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice},
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use machinery::well_known;

use crate::{endpointslice::reconcile::Plan, owner};

/// Who manages mirrors.
pub(super) const MANAGER: &str = "endpointslicemirroring-controller.k8s.io";
/// Addresses of one subset that are mirrored.
const MOST_ADDRESSES: usize = 1000;
const SKIP: &str = "endpointslice.kubernetes.io/skip-mirror";
/// Endpoints that were once a lock of leaders; they are no service's.
const LEADER: &str = "control-plane.alpha.kubernetes.io/leader";
/// What a copy does not take over.
const NOT_COPIED: [&str; 1] = ["kubectl.kubernetes.io/last-applied-configuration"];

/// Tells whether Endpoints are mirrored: by hand, of a service that selects nobody.
pub(super) fn is_mirrored(endpoints: &Endpoints, service: Option<&Service>) -> bool {
    let meta = &endpoints.metadata;
    let labels = meta.labels.as_ref();
    let skipped = labels.and_then(|all| all.get(SKIP)).is_some_and(|value| value == "true");
    let lock = meta.annotations.as_ref().is_some_and(|all| all.contains_key(LEADER));
    let manual = service
        .is_some_and(|service| service.spec.as_ref().is_none_or(|spec| spec.selector.is_none()));
    !skipped && !lock && manual && meta.deletion_timestamp.is_none()
}

/// The writes that make mirrors right; `None` for Endpoints that have none.
pub(super) fn reconcile(endpoints: Option<&Endpoints>, mirrors: &[Arc<EndpointSlice>]) -> Plan {
    let mut plan = Plan::default();
    let mut free = mirrors.to_vec();
    let mut wanted = endpoints.map(wanted).unwrap_or_default();
    // Right ones first, so that no other takes their place.
    wanted.retain(|slice| {
        let right = free.iter().position(|known| same(known, slice));
        right.map(|at| free.swap_remove(at)).is_none()
    });
    for slice in wanted {
        let alike = |known: &Arc<EndpointSlice>| {
            known.address_type == slice.address_type && known.ports == slice.ports
        };
        match free.iter().position(alike) {
            None => plan.create.push(slice),
            Some(at) => {
                let mut changed = (*free.swap_remove(at)).clone();
                changed.endpoints = slice.endpoints;
                changed.metadata.labels = slice.metadata.labels;
                changed.metadata.annotations = slice.metadata.annotations;
                plan.update.push(changed);
            }
        }
    }
    plan.delete = free;
    plan
}

fn same(known: &EndpointSlice, wanted: &EndpointSlice) -> bool {
    let text = |slice: &EndpointSlice| {
        let annotations = slice.metadata.annotations.clone().unwrap_or_default();
        (slice.metadata.labels.clone().unwrap_or_default(), annotations)
    };
    let inside = |slice: &EndpointSlice| {
        (slice.endpoints.clone().unwrap_or_default(), slice.ports.clone().unwrap_or_default())
    };
    known.address_type == wanted.address_type
        && inside(known) == inside(wanted)
        && text(known) == text(wanted)
}

fn wanted(endpoints: &Endpoints) -> Vec<EndpointSlice> {
    let mut slices = Vec::new();
    for subset in endpoints.subsets.iter().flatten() {
        for (family, list) in by_family(subset) {
            slices.push(slice(endpoints, family, ports(subset), list));
        }
    }
    if slices.is_empty() {
        // One that says that there is nobody.
        slices.push(slice(endpoints, "IPv4", Vec::new(), Vec::new()));
    }
    slices
}

/// The endpoints of a subset, by their kind of address.
fn by_family(subset: &EndpointSubset) -> BTreeMap<&'static str, Vec<Endpoint>> {
    let ready = subset.addresses.iter().flatten().map(|one| (one, true));
    let waiting = subset.not_ready_addresses.iter().flatten().map(|one| (one, false));
    let mut families: BTreeMap<&'static str, Vec<Endpoint>> = BTreeMap::new();
    for (address, ready) in ready.chain(waiting).take(MOST_ADDRESSES) {
        let family = if address.ip.contains(':') { "IPv6" } else { "IPv4" };
        families.entry(family).or_default().push(endpoint(address, ready));
    }
    families
}

fn endpoint(address: &EndpointAddress, ready: bool) -> Endpoint {
    Endpoint {
        addresses: vec![address.ip.clone()],
        conditions: Some(EndpointConditions {
            ready: Some(ready),
            ..EndpointConditions::default()
        }),
        hostname: address.hostname.clone().filter(|name| !name.is_empty()),
        node_name: address.node_name.clone(),
        target_ref: address.target_ref.clone(),
        ..Endpoint::default()
    }
}

fn ports(subset: &EndpointSubset) -> Vec<EndpointPort> {
    let ports = subset.ports.iter().flatten().map(|port| EndpointPort {
        name: Some(port.name.clone().unwrap_or_default()),
        port: Some(port.port),
        protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".into())),
        app_protocol: port.app_protocol.clone(),
    });
    ports.collect()
}

fn slice(
    endpoints: &Endpoints,
    family: &str,
    ports: Vec<EndpointPort>,
    list: Vec<Endpoint>,
) -> EndpointSlice {
    let meta = &endpoints.metadata;
    let name = meta.name.clone().unwrap_or_default();
    let mut labels = meta.labels.clone().unwrap_or_default();
    labels.insert(well_known::SERVICE_NAME.into(), name.clone());
    labels.insert(well_known::SLICE_MANAGED_BY.into(), MANAGER.into());
    let mut annotations = meta.annotations.clone().unwrap_or_default();
    annotations.retain(|key, _| !NOT_COPIED.contains(&key.as_str()));
    EndpointSlice {
        metadata: ObjectMeta {
            generate_name: Some(format!("{name}-")),
            namespace: meta.namespace.clone(),
            labels: Some(labels),
            annotations: (!annotations.is_empty()).then_some(annotations),
            owner_references: Some(vec![owner::controller_reference::<Endpoints>(meta)]),
            ..ObjectMeta::default()
        },
        address_type: family.into(),
        endpoints: Some(list),
        ports: Some(ports),
    }
}
