//! `DynamicResources`: a pod goes where its claims have devices, or can have some.
//!
//! What a decision allocates is promised in memory at once, so that no later decision gives it again,
//! and written before the pod is bound. Not done: conditions of binding (such devices are not given),
//! resources of nodes by classes, and taking back allocations that no pod uses to make room. Source:
//! `k8s.io/kubernetes/pkg/scheduler/framework/plugins/dynamicresources`.

mod allocate;
mod capacity;
mod pending;
mod pools;
mod request;
mod result;
#[cfg(test)]
mod tests;
mod writes;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use api::{placement::term_holds, resource::Selector};
use client::{Informers, ObjectKey, SharedCache};
use k8s_openapi::api::{
    core::v1::{Node, Pod},
    resource::v1::{AllocationResult, DeviceClass, ResourceClaim, ResourceSlice},
};

use self::{
    allocate::{Denied, Known, allocate},
    pending::Pending,
    pools::Taken,
    request::{Classes, classes_of, name_of},
};
pub(crate) use writes::Unwritten;

use super::{Plugin, Refusal, Round};
use crate::nodes::NodeInfo;

/// Most pods that use one claim. Source: `ResourceClaimReservedForMaxSize`.
const MOST_USERS: usize = 256;

/// Most expressions that are kept compiled; where more are in use, they are compiled anew.
const MOST_COMPILED: usize = 512;

/// Compiled expressions.
type Compiled = HashMap<String, Arc<Result<Selector, String>>>;

/// Claims and devices as the caches show them, and what is promised.
#[derive(Debug, Clone)]
pub(crate) struct Devices {
    pub(crate) claims: SharedCache<ResourceClaim>,
    pub(crate) slices: SharedCache<ResourceSlice>,
    pub(crate) classes: SharedCache<DeviceClass>,
    pending: Arc<Mutex<Pending>>,
    compiled: Arc<Mutex<Compiled>>,
}

/// Tells whether a pod has claims to devices.
pub(crate) fn has_claims(pod: &Pod) -> bool {
    let claims = pod.spec.as_ref().and_then(|spec| spec.resource_claims.as_ref());
    claims.is_some_and(|claims| !claims.is_empty())
}

/// The names of a pod's claims. Errors: one has not been made yet.
fn claim_names(pod: &Pod) -> Result<Vec<String>, String> {
    let made = pod.status.as_ref().and_then(|status| status.resource_claim_statuses.as_ref());
    let mut names = Vec::new();
    for wish in pod.spec.iter().flat_map(|spec| spec.resource_claims.iter().flatten()) {
        if let Some(name) = &wish.resource_claim_name {
            names.push(name.clone());
            continue;
        }
        let found = made.into_iter().flatten().find(|one| one.name == wish.name);
        let Some(found) = found else {
            let pod = ObjectKey::of(pod);
            return Err(format!("pod {:?}: ResourceClaim not created yet", pod.to_string()));
        };
        names.extend(found.resource_claim_name.clone());
    }
    Ok(names)
}

/// The uid of an object.
fn uid_of(claim: &ResourceClaim) -> &str {
    claim.metadata.uid.as_deref().unwrap_or_default()
}

fn allocation_of(claim: &ResourceClaim) -> Option<&AllocationResult> {
    claim.status.as_ref()?.allocation.as_ref()
}

/// Tells whether a pod is among those for whom a claim is reserved.
fn is_reserved(claim: &ResourceClaim, pod: &Pod) -> bool {
    let users = claim.status.iter().flat_map(|status| status.reserved_for.iter().flatten());
    users.into_iter().any(|user| Some(&user.uid) == pod.metadata.uid.as_ref())
}

impl Devices {
    /// Claims and devices of a cluster.
    pub(crate) fn new(informers: &Informers) -> Self {
        Self {
            claims: informers.cache(),
            slices: informers.cache(),
            classes: informers.cache(),
            pending: Arc::default(),
            compiled: Arc::default(),
        }
    }

    /// Those of an empty cluster.
    #[cfg(test)]
    pub(crate) fn nothing() -> Self {
        Self {
            claims: SharedCache::default(),
            slices: SharedCache::default(),
            classes: SharedCache::default(),
            pending: Arc::default(),
            compiled: Arc::default(),
        }
    }

    /// Resolves once the caches are filled.
    pub(crate) async fn synced(&self) {
        self.claims.synced().await;
        self.slices.synced().await;
        self.classes.synced().await;
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The claims of a pod. Errors: one is not there, or is not the pod's.
    fn claims_of(&self, pod: &Pod) -> Result<Vec<Arc<ResourceClaim>>, String> {
        if !has_claims(pod) {
            return Ok(Vec::new());
        }
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let names = claim_names(pod)?;
        let found = names.iter().map(|name| {
            let missing = || format!("resourceclaim.resource.k8s.io {name:?} not found");
            let claim = self.claims.get(namespace, name).ok_or_else(missing)?;
            if claim.metadata.deletion_timestamp.is_some() {
                return Err(format!("resourceclaim {name:?} is being deleted"));
            }
            Ok(claim)
        });
        found.collect()
    }

    /// Tells whether a pod must not be tried yet: a claim is not there.
    pub(crate) fn hold(&self, pod: &Pod) -> bool {
        self.claims_of(pod).is_err()
    }

    fn compiled(&self, text: &str) -> Arc<Result<Selector, String>> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(text) {
            return Arc::clone(known);
        }
        let made = Arc::new(Selector::compile(text));
        if compiled.len() >= MOST_COMPILED {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), Arc::clone(&made));
        made
    }

    /// All that decisions look at, as of now.
    fn look(&self) -> View {
        let claims = self.claims.list();
        let mut pending = self.pending();
        pending.prune(|namespace, name| self.claims.get(namespace, name));
        let written = claims.iter().filter_map(|claim| allocation_of(claim));
        let taken = pending::taken(written.chain(pending.allocations()));
        drop(pending);
        let classes = self.classes.list().into_iter();
        let classes: Classes =
            classes.filter_map(|it| Some((it.metadata.name.clone()?, it))).collect();
        View { devices: self.clone(), slices: self.slices.list(), classes, taken }
    }

    /// Allocates devices on a node to those claims of a pod that have none, and promises them to it.
    ///
    /// Errors: they cannot be had any more; the words say why.
    pub(crate) fn reserve(&self, pod: &Pod, node: &Node) -> Result<(), String> {
        let claims = self.claims_of(pod)?;
        let open: Vec<_> =
            claims.into_iter().filter(|claim| allocation_of(claim).is_none()).collect();
        if open.is_empty() {
            return Ok(());
        }
        let found =
            self.look().allocate(&open, node).map_err(|refusal| refusal.reasons.join(", "))?;
        let mut pending = self.pending();
        for (claim, mut allocation) in open.iter().zip(found) {
            pending::name_shares(&mut allocation);
            pending.promise(claim, ObjectKey::of(pod), allocation);
        }
        Ok(())
    }

    /// Takes back what was promised to a pod and is not written.
    pub(crate) fn forget(&self, pod: &ObjectKey) {
        self.pending().forget(pod);
    }
}

/// What a decision looks at.
#[derive(Debug)]
struct View {
    devices: Devices,
    slices: Vec<Arc<ResourceSlice>>,
    classes: Classes,
    taken: Taken,
}

impl View {
    fn allocate(
        &self,
        claims: &[Arc<ResourceClaim>],
        node: &Node,
    ) -> Result<Vec<AllocationResult>, Refusal> {
        let judge = |text: &str, driver: &str, device: &_| match &*self.devices.compiled(text) {
            Ok(selector) => {
                selector.chooses(driver, device).map_err(|why| format!("runtime error: {why}"))
            }
            Err(why) => Err(format!("compile error: {why}")),
        };
        let known = Known {
            slices: &self.slices,
            classes: &self.classes,
            taken: &self.taken,
            judge: &judge,
        };
        allocate(claims, node, &known).map_err(|denied| match denied {
            Denied::Nothing => Refusal::soft(vec!["cannot allocate all claims".into()]),
            Denied::Wrong(words) => Refusal::firm(&words),
        })
    }
}

/// A pod's claims in one round of decisions.
#[derive(Debug, Clone)]
struct Devising {
    view: Arc<View>,
    /// Claims that have devices.
    settled: Vec<Arc<ResourceClaim>>,
    /// Claims that need some.
    open: Vec<Arc<ResourceClaim>>,
}

impl Round for Devising {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let elsewhere = self.settled.iter().any(|claim| {
            let selector = allocation_of(claim).and_then(|it| it.node_selector.as_ref());
            selector.is_some_and(|it| {
                !it.node_selector_terms.iter().any(|term| term_holds(term, &node.node))
            })
        });
        if elsewhere {
            return Err(Refusal::soft(vec!["resourceclaim not available on the node".into()]));
        }
        if self.open.is_empty() {
            return Ok(());
        }
        self.view.allocate(&self.open, &node.node).map(drop)
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}

impl Plugin for Devices {
    fn pre_filter(&self, pod: &Pod) -> Result<(), String> {
        for claim in self.claims_of(pod)? {
            let users = claim.status.as_ref().and_then(|status| status.reserved_for.as_ref());
            let full = users.is_some_and(|users| users.len() >= MOST_USERS);
            if allocation_of(&claim).is_some() {
                if full && !is_reserved(&claim, pod) {
                    return Err("resourceclaim in use".into());
                }
                continue;
            }
            if self.pending().has(uid_of(&claim)) {
                let name = name_of(&claim);
                return Err(format!("resource claim {name} is in the process of being allocated"));
            }
            for (request, class) in classes_of(&claim) {
                if self.classes.get("", class).is_none() {
                    return Err(format!("request {request}: device class {class} does not exist"));
                }
            }
        }
        Ok(())
    }

    fn prepare(&self, pod: &Arc<Pod>, _nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let claims = self.claims_of(pod).ok().filter(|claims| !claims.is_empty())?;
        let has = |claim: &Arc<ResourceClaim>| allocation_of(claim).is_some();
        let (settled, open) = claims.into_iter().partition(has);
        Some(Box::new(Devising { view: Arc::new(self.look()), settled, open }))
    }
}

/// Amounts by name, as they are written.
type Amounts = BTreeMap<String, machinery::quantity::Quantity>;
