//! Which EndpointSlices a Service should have. No clock, no I/O, no randomness.
//!
//! As few slices as possible change: what is in one stays there, new endpoints go where something
//! changes anyway, then into the slice that they fill best; what would be deleted becomes what would
//! be made. Source: `k8s.io/endpointslice`, `reconciler.go`.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use k8s_openapi::{
    api::{
        core::v1::{Pod, Service},
        discovery::v1::{Endpoint, EndpointPort, EndpointSlice},
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use machinery::well_known;

use super::{
    endpoint::{EndpointKey, Group, families, key_of, key_of_ports, same, wanted},
    hints,
};
use crate::owner;

/// Endpoints in one slice at most. Source: `--max-endpoints-per-slice`.
pub(super) const MAX_ENDPOINTS: usize = 100;
/// Who manages our slices.
pub(super) const MANAGER: &str = "endpointslice-controller.k8s.io";
/// Labels that are not the Service's to set.
const RESERVED: [&str; 3] =
    [well_known::SERVICE_NAME, well_known::SLICE_MANAGED_BY, well_known::HEADLESS];

/// Everything that the decision rests on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed<'a> {
    pub(super) service: &'a Service,
    /// The pods that the Service selects.
    pub(super) pods: &'a [Arc<Pod>],
    /// The zones of the pods' nodes, by node; those that nobody knows are absent.
    pub(super) zones: &'a BTreeMap<String, Option<String>>,
    /// The Service's slices that are ours, by name.
    pub(super) slices: &'a [Arc<EndpointSlice>],
}

/// The writes that make the slices right.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) create: Vec<EndpointSlice>,
    pub(crate) update: Vec<EndpointSlice>,
    pub(crate) delete: Vec<Arc<EndpointSlice>>,
}

impl Plan {
    fn extend(&mut self, other: Self) {
        self.create.extend(other.create);
        self.update.extend(other.update);
        self.delete.extend(other.delete);
    }
}

type Slices = Vec<Arc<EndpointSlice>>;

/// Decides the writes; slices that are right are left alone.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let families = families(seen.service);
    let mut plan = Plan::default();
    let unknown = |slice: &&Arc<EndpointSlice>| !families.contains(slice.address_type.as_str());
    plan.delete = seen.slices.iter().filter(unknown).cloned().collect();
    for family in families {
        plan.extend(for_family(seen, family));
    }
    plan
}

fn for_family(seen: &Observed<'_>, family: &str) -> Plan {
    let mut plan = Plan::default();
    let all = seen.slices.iter().filter(|slice| slice.address_type == family);
    let (owned, foreign): (Slices, Slices) =
        all.cloned().partition(|slice| is_owned(slice, seen.service));
    let existing = owned.len() + foreign.len();
    plan.delete = foreign;
    let mut by_ports: BTreeMap<Vec<String>, Slices> = BTreeMap::new();
    for slice in &owned {
        let key = key_of_ports(slice.ports.as_deref().unwrap_or_default());
        by_ports.entry(key).or_default().push(Arc::clone(slice));
    }
    for (key, group) in wanted(seen, family) {
        let slices = by_ports.remove(&key).unwrap_or_default();
        plan.extend(for_ports(seen.service, family, &slices, group));
    }
    plan.delete.extend(by_ports.into_values().flatten());
    if plan.delete.len() == existing && plan.create.is_empty() {
        // One that says that there is nobody.
        let nobody = new_slice(seen.service, family, Vec::new());
        match plan.delete.as_slice() {
            [one] if says_the_same(one, &nobody) => plan.delete.clear(),
            _ => plan.create.push(nobody),
        }
    }
    hint(seen.service, &owned, &mut plan);
    reuse(seen.service, &mut plan);
    plan
}

/// Tells whether a slice belongs to this very Service, not to a former one of its name.
fn is_owned(slice: &EndpointSlice, service: &Service) -> bool {
    slice.metadata.owner_references.iter().flatten().any(|owner| {
        Some(&owner.uid) == service.metadata.uid.as_ref()
            && owner.kind == "Service"
            && owner.api_version == "v1"
    })
}

fn says_the_same(slice: &EndpointSlice, nobody: &EndpointSlice) -> bool {
    let none = slice.endpoints.as_ref().is_none_or(Vec::is_empty);
    none && slice.ports.as_ref().is_none_or(Vec::is_empty)
        && slice.metadata.labels == nobody.metadata.labels
        && slice.metadata.owner_references == nobody.metadata.owner_references
}

/// Brings the slices of one set of ports in line.
fn for_ports(service: &Service, family: &str, slices: &[Arc<EndpointSlice>], group: Group) -> Plan {
    let mut left = group.endpoints;
    let (mut plan, mut calm) = keep(service, slices, &mut left);
    plan.update.sort_by_key(|slice| Reverse(size(slice)));
    for slice in &mut plan.update {
        fill(slice, &mut left);
    }
    while !left.is_empty() {
        let Some(at) = best(&calm, left.len()) else {
            let mut slice = new_slice(service, family, group.ports.clone());
            fill(&mut slice, &mut left);
            plan.create.push(slice);
            continue;
        };
        let mut slice = (*calm.remove(at)).clone();
        fill(&mut slice, &mut left);
        plan.update.push(slice);
    }
    plan
}

/// Takes out of `left` what slices have already, and out of slices what is wanted no more; those that
/// need no change come back beside the plan.
fn keep(
    service: &Service,
    slices: &[Arc<EndpointSlice>],
    left: &mut BTreeMap<EndpointKey, Endpoint>,
) -> (Plan, Slices) {
    let (mut plan, mut calm) = (Plan::default(), Vec::new());
    for slice in slices {
        let (mut kept, mut changed) = (Vec::new(), false);
        for endpoint in slice.endpoints.iter().flatten() {
            if let Some(wanted) = left.remove(&key_of(endpoint)) {
                changed |= !same(&wanted, endpoint);
                kept.push(wanted);
            }
        }
        changed |= kept.len() != size(slice);
        let labelled = own_labels(&slice.metadata) == own_labels(&service.metadata);
        if !changed && labelled {
            calm.push(Arc::clone(slice));
        } else if changed && kept.is_empty() {
            plan.delete.push(Arc::clone(slice));
        } else {
            let mut slice = (**slice).clone();
            if changed {
                slice.endpoints = Some(kept);
            }
            slice.metadata.labels = Some(labels(service));
            plan.update.push(slice);
        }
    }
    (plan, calm)
}

fn size(slice: &EndpointSlice) -> usize {
    slice.endpoints.as_ref().map_or(0, Vec::len)
}

fn fill(slice: &mut EndpointSlice, left: &mut BTreeMap<EndpointKey, Endpoint>) {
    let endpoints = slice.endpoints.get_or_insert_default();
    while endpoints.len() < MAX_ENDPOINTS
        && let Some((_, endpoint)) = left.pop_first()
    {
        endpoints.push(endpoint);
    }
}

/// The slice that so many endpoints would fill best, if they all go in.
fn best(slices: &[Arc<EndpointSlice>], endpoints: usize) -> Option<usize> {
    let with_room = slices.iter().enumerate().filter_map(|(at, slice)| {
        let room = MAX_ENDPOINTS.checked_sub(size(slice) + endpoints)?;
        Some((room, at))
    });
    with_room.min().map(|(_, at)| at).filter(|_| endpoints < MAX_ENDPOINTS)
}

/// Gives endpoints their hints, also those of slices that nothing else changes.
fn hint(service: &Service, owned: &[Arc<EndpointSlice>], plan: &mut Plan) {
    let near = hints::asked(service);
    let touched: BTreeSet<_> = plan
        .update
        .iter()
        .chain(plan.delete.iter().map(|slice| &**slice))
        .filter_map(|slice| slice.metadata.name.clone())
        .collect();
    let name = |slice: &EndpointSlice| slice.metadata.name.clone().unwrap_or_default();
    for slice in owned.iter().filter(|slice| !touched.contains(&name(slice))) {
        let mut slice = (**slice).clone();
        if hints::give(&mut slice, near) {
            plan.update.push(slice);
        }
    }
    for slice in plan.create.iter_mut().chain(&mut plan.update) {
        hints::give(slice, near);
    }
}

/// Makes of slices that would go those that would come.
fn reuse(service: &Service, plan: &mut Plan) {
    let mut gone = Vec::new();
    for slice in std::mem::take(&mut plan.delete) {
        if !is_owned(&slice, service) {
            gone.push(slice);
            continue;
        }
        let Some(mut fresh) = plan.create.pop() else {
            gone.push(slice);
            continue;
        };
        fresh.metadata.name.clone_from(&slice.metadata.name);
        fresh.metadata.resource_version.clone_from(&slice.metadata.resource_version);
        plan.update.push(fresh);
    }
    plan.delete = gone;
}

fn new_slice(service: &Service, family: &str, ports: Vec<EndpointPort>) -> EndpointSlice {
    let name = service.metadata.name.as_deref().unwrap_or_default();
    EndpointSlice {
        metadata: ObjectMeta {
            generate_name: Some(format!("{name}-")),
            namespace: service.metadata.namespace.clone(),
            labels: Some(labels(service)),
            owner_references: Some(vec![owner::controller_reference::<Service>(&service.metadata)]),
            ..ObjectMeta::default()
        },
        address_type: family.into(),
        endpoints: Some(Vec::new()),
        ports: Some(ports),
    }
}

/// The labels that a slice takes over from its Service.
fn own_labels(meta: &ObjectMeta) -> BTreeMap<&str, &str> {
    let all = meta.labels.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
    all.filter(|(key, _)| !RESERVED.contains(key)).collect()
}

fn labels(service: &Service) -> BTreeMap<String, String> {
    let own = own_labels(&service.metadata).into_iter();
    let mut labels: BTreeMap<String, String> =
        own.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let name = service.metadata.name.clone().unwrap_or_default();
    labels.insert(well_known::SERVICE_NAME.into(), name);
    labels.insert(well_known::SLICE_MANAGED_BY.into(), MANAGER.into());
    let address = service.spec.as_ref().and_then(|spec| spec.cluster_ip.as_deref());
    if matches!(address.unwrap_or_default(), "" | "None") {
        labels.insert(well_known::HEADLESS.into(), String::new());
    }
    labels
}
