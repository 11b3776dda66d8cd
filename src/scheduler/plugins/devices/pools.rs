//! Pools of devices as one node sees them. Pure.
//!
//! Of a pool only the newest generation counts, and only when all of its slices are there. Source:
//! `k8s.io/dynamic-resource-allocation/structured`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use api::placement::term_holds;
use k8s_openapi::api::{
    core::v1::{Node, NodeSelector},
    resource::v1::{Device, ResourceSlice},
};
use machinery::quantity::Quantity;

/// A device of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DeviceId {
    pub(crate) driver: String,
    pub(crate) pool: String,
    pub(crate) device: String,
}

/// What allocations hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken {
    /// Devices that one claim has for itself.
    pub(crate) whole: HashSet<DeviceId>,
    /// What claims have of devices that several may have.
    pub(crate) shares: HashMap<DeviceId, BTreeMap<String, Quantity>>,
}

impl Taken {
    pub(super) fn has(&self, id: &DeviceId) -> bool {
        self.whole.contains(id) || self.shares.contains_key(id)
    }
}

/// Counters by set and name.
pub(super) type Counters = BTreeMap<(String, String), Quantity>;

/// A pool, as a node sees it.
#[derive(Debug)]
pub(super) struct Pool {
    /// `driver/name`.
    pub(super) name: String,
    /// Why nothing is taken out of it.
    pub(super) trouble: Option<Trouble>,
    /// The slices whose devices the node can reach.
    pub(super) near: Vec<Arc<ResourceSlice>>,
    /// What is left of its counters.
    pub(super) left: Counters,
}

/// Why a pool cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Slices are missing: it is being changed.
    Incomplete,
    /// It contradicts itself.
    Invalid,
}

/// Tells whether a node is one of those that are named.
pub(super) fn reaches(
    node: &Node,
    name: Option<&str>,
    all: Option<bool>,
    selector: Option<&NodeSelector>,
) -> bool {
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return node.metadata.name.as_deref() == Some(name);
    }
    all == Some(true)
        || selector
            .is_some_and(|it| it.node_selector_terms.iter().any(|term| term_holds(term, node)))
}

pub(super) fn reaches_device(node: &Node, device: &Device) -> bool {
    reaches(node, device.node_name.as_deref(), device.all_nodes, device.node_selector.as_ref())
}

fn has_counters(slice: &ResourceSlice) -> bool {
    slice.spec.shared_counters.as_ref().is_some_and(|all| !all.is_empty())
}

pub(super) fn devices(slice: &ResourceSlice) -> &[Device] {
    slice.spec.devices.as_deref().unwrap_or_default()
}

fn is_near(slice: &ResourceSlice, node: &Node) -> bool {
    let spec = &slice.spec;
    if spec.per_device_node_selection == Some(true) {
        return devices(slice).iter().any(|device| reaches_device(node, device));
    }
    reaches(node, spec.node_name.as_deref(), spec.all_nodes, spec.node_selector.as_ref())
}

/// The pools out of which a node may have devices, in the order of their names.
pub(super) fn gather(slices: &[Arc<ResourceSlice>], node: &Node, taken: &Taken) -> Vec<Pool> {
    let mut pools: BTreeMap<(&str, &str), Vec<&Arc<ResourceSlice>>> = BTreeMap::new();
    for slice in slices {
        let spec = &slice.spec;
        pools.entry((&spec.driver, &spec.pool.name)).or_default().push(slice);
    }
    let mut found = Vec::new();
    for ((driver, name), mut all) in pools {
        let newest = all.iter().map(|slice| slice.spec.pool.generation).max();
        all.retain(|slice| Some(slice.spec.pool.generation) == newest);
        all.sort_by(|one, other| one.metadata.name.cmp(&other.metadata.name));
        if all.iter().any(|slice| has_counters(slice) || is_near(slice, node)) {
            found.push(pool(format!("{driver}/{name}"), &all, node, taken));
        }
    }
    found
}

fn pool(name: String, all: &[&Arc<ResourceSlice>], node: &Node, taken: &Taken) -> Pool {
    let mut pool = Pool { name, trouble: None, near: Vec::new(), left: Counters::new() };
    let expected = all.first().map_or(0, |slice| slice.spec.pool.resource_slice_count);
    if usize::try_from(expected) != Ok(all.len()) {
        pool.trouble = Some(Trouble::Incomplete);
        return pool;
    }
    let near = all.iter().filter(|slice| !has_counters(slice) && is_near(slice, node));
    pool.near = near.map(|slice| Arc::clone(slice)).collect();
    match counters(all).and_then(|left| reduced(left, all, taken)) {
        Some(left) if are_distinct(&pool.near) => pool.left = left,
        _ => {
            pool.near.clear();
            pool.trouble = Some(Trouble::Invalid);
        }
    }
    pool
}

fn are_distinct(slices: &[Arc<ResourceSlice>]) -> bool {
    let mut seen = BTreeSet::new();
    slices.iter().flat_map(|slice| devices(slice)).all(|device| seen.insert(&device.name))
}

/// All counters of a pool; `None` where a set is there twice.
fn counters(slices: &[&Arc<ResourceSlice>]) -> Option<Counters> {
    let mut names = BTreeSet::new();
    let mut found = Counters::new();
    for set in slices.iter().flat_map(|slice| slice.spec.shared_counters.iter().flatten()) {
        if !names.insert(&set.name) {
            return None;
        }
        for (name, counter) in &set.counters {
            let value = counter.value.0.parse().unwrap_or_default();
            found.insert((set.name.clone(), name.clone()), value);
        }
    }
    Some(found)
}

/// What a device takes of its pool's counters.
pub(super) fn consumption(device: &Device) -> impl Iterator<Item = ((String, String), Quantity)> {
    let sets = device.consumes_counters.iter().flatten();
    sets.flat_map(|set| {
        set.counters.iter().map(|(name, counter)| {
            let value = counter.value.0.parse().unwrap_or_default();
            ((set.counter_set.clone(), name.clone()), value)
        })
    })
}

/// What allocated devices leave; `None` where a device wants counters that there are not.
fn reduced(mut left: Counters, slices: &[&Arc<ResourceSlice>], taken: &Taken) -> Option<Counters> {
    for slice in slices {
        for device in devices(slice) {
            let is_taken = taken.has(&id_of(slice, device));
            for (counter, value) in consumption(device) {
                let known = left.get_mut(&counter)?;
                if is_taken {
                    *known = known.minus(value);
                }
            }
        }
    }
    Some(left)
}

/// The device's name in the cluster.
pub(super) fn id_of(slice: &ResourceSlice, device: &Device) -> DeviceId {
    DeviceId {
        driver: slice.spec.driver.clone(),
        pool: slice.spec.pool.name.clone(),
        device: device.name.clone(),
    }
}
