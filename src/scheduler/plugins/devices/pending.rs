//! Allocations that are promised and that the caches do not show yet.

use std::{collections::HashMap, sync::Arc};

use client::ObjectKey;
use k8s_openapi::api::resource::v1::{AllocationResult, ResourceClaim};

use super::{
    Amounts, allocation_of,
    pools::{DeviceId, Taken},
    uid_of,
};

/// One promise.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    claim: ObjectKey,
    pod: ObjectKey,
    pub(super) allocation: AllocationResult,
    /// The version of the claim that has it, once it is written.
    written: Option<u64>,
}

/// Promises by the claim's uid.
#[derive(Debug, Default)]
pub(super) struct Pending(HashMap<String, Promise>);

fn version(claim: &ResourceClaim) -> u64 {
    let version = claim.metadata.resource_version.as_deref();
    version.and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Pending {
    pub(super) fn has(&self, uid: &str) -> bool {
        self.0.contains_key(uid)
    }

    pub(super) fn get(&self, uid: &str) -> Option<&Promise> {
        self.0.get(uid)
    }

    pub(super) fn allocations(&self) -> impl Iterator<Item = &AllocationResult> {
        self.0.values().map(|promise| &promise.allocation)
    }

    pub(super) fn promise(
        &mut self,
        claim: &ResourceClaim,
        pod: ObjectKey,
        allocation: AllocationResult,
    ) {
        let key = ObjectKey::of(claim);
        let promise = Promise { claim: key, pod, allocation, written: None };
        self.0.insert(uid_of(claim).to_owned(), promise);
    }

    /// A promise stands in the store from this version of its claim on.
    pub(super) fn written(&mut self, claim: &ResourceClaim) {
        if let Some(promise) = self.0.get_mut(uid_of(claim)) {
            promise.written = Some(version(claim));
        }
    }

    /// Takes back what was promised to a pod and is not written.
    pub(super) fn forget(&mut self, pod: &ObjectKey) {
        self.0.retain(|_, promise| promise.pod != *pod || promise.written.is_some());
    }

    /// Drops what the caches show, and what has no claim any more.
    pub(super) fn prune(&mut self, find: impl Fn(&str, &str) -> Option<Arc<ResourceClaim>>) {
        self.0.retain(|uid, promise| {
            let cached = find(&promise.claim.namespace, &promise.claim.name);
            match cached.filter(|claim| uid_of(claim) == uid) {
                Some(claim) => {
                    let shown = promise.written.is_some_and(|written| version(&claim) >= written);
                    allocation_of(&claim).is_none() && !shown
                }
                None => promise.written.is_none(),
            }
        });
    }
}

/// What allocations hold; administrators take nothing from others.
pub(super) fn taken<'a>(allocations: impl Iterator<Item = &'a AllocationResult>) -> Taken {
    let mut taken = Taken::default();
    let results = allocations.flat_map(|it| it.devices.iter());
    for result in results.flat_map(|devices| devices.results.iter().flatten()) {
        if result.admin_access == Some(true) {
            continue;
        }
        let id = DeviceId {
            driver: result.driver.clone(),
            pool: result.pool.clone(),
            device: result.device.clone(),
        };
        if result.share_id.is_none() && result.consumed_capacity.is_none() {
            taken.whole.insert(id);
            continue;
        }
        let sum: &mut Amounts = taken.shares.entry(id).or_default();
        for (name, amount) in result.consumed_capacity.iter().flatten() {
            let known = sum.entry(name.clone()).or_default();
            *known = known.plus(amount.0.parse().unwrap_or_default());
        }
    }
    taken
}

/// Gives each share of a device a name of its own.
pub(super) fn name_shares(allocation: &mut AllocationResult) {
    let results = allocation.devices.iter_mut().flat_map(|devices| devices.results.iter_mut());
    for result in results.flatten().filter(|result| result.consumed_capacity.is_some()) {
        let bits = rand::random::<u128>();
        // Version 4, variant 1. Source: RFC 9562.
        let bits = bits & !(0xf << 76) | 0x4 << 76;
        let hex = format!("{:032x}", bits & !(0x3 << 62) | 0x2 << 62);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
        result.share_id = Some(parts.join("-"));
    }
}
