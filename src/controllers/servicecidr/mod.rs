//! Ranges of service addresses: each says whether it is good, and goes only when no address needs it.
//! Source: `k8s.io/kubernetes/pkg/controller/servicecidrs`.

mod reconcile;

use std::sync::Arc;

use client::{Api, Client, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::networking::v1::{IPAddress, ServiceCIDR};
use serde_json::json;

pub(crate) use self::reconcile::ranges_hold;
use self::reconcile::{FINALIZER, Observed, Step, reconcile};
use crate::driver::{Controller, Next, Shop, SyncError, queue_each, settled};

const READY: &str = "Kubernetes Service CIDR is ready";
const HELD: &str = "There are still IPAddresses referencing the ServiceCIDR, please remove them or \
                    create a new ServiceCIDR";

/// The shell.
#[derive(Debug)]
pub(crate) struct ServiceRanges {
    client: Client,
    ranges: SharedCache<ServiceCIDR>,
    addresses: SharedCache<IPAddress>,
}

impl ServiceRanges {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            ranges: shop.informers.cache(),
            addresses: shop.informers.cache(),
        }
    }

    async fn carry_out(&self, range: &ServiceCIDR, step: Step) -> client::Result<()> {
        let api = Api::<ServiceCIDR>::all(&self.client);
        let name = range.metadata.name.as_deref().unwrap_or_default();
        let uid = &range.metadata.uid;
        let finalizers =
            |field: &str| Patch::Strategic(json!({"metadata": {"uid": uid, field: [FINALIZER]}}));
        let options = WriteOptions::default();
        let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        let status = |status: &str, reason: &str, message: &str| {
            Patch::Strategic(json!({"metadata": {"uid": uid}, "status": {"conditions": [{
                "type": "Ready", "status": status, "reason": reason, "message": message,
                "lastTransitionTime": now,
            }]}}))
        };
        let told = match step {
            Step::Protect => api.patch(name, &finalizers("finalizers"), &options).await,
            Step::Release => {
                let gone = finalizers("$deleteFromPrimitiveList/finalizers");
                api.patch(name, &gone, &options).await
            }
            Step::Ready => api.patch_status(name, &status("True", "", READY), &options).await,
            Step::Held => {
                api.patch_status(name, &status("False", "Terminating", HELD), &options).await
            }
            Step::Wait(_) => return Ok(()),
        };
        settled(told)
    }
}

/// Queues the ranges that are on their way out: they may be held, or no longer.
fn queue_leaving(ranges: &SharedCache<ServiceCIDR>, queue: &WorkQueue<ObjectKey>) {
    for range in ranges.list() {
        if range.metadata.deletion_timestamp.is_some() {
            queue.add(ObjectKey::of(&*range));
        }
    }
}

impl Controller for ServiceRanges {
    fn name(&self) -> &'static str {
        "service-cidr-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.ranges, queue);
        let (keys, ranges) = (queue.clone(), self.ranges.clone());
        self.ranges.on_change(move |old, new| {
            if old.is_none() != new.is_none() {
                queue_leaving(&ranges, &keys);
            }
        });
        let (keys, ranges) = (queue.clone(), self.ranges.clone());
        self.addresses.on_change(move |old, new| {
            if old.is_none() != new.is_none() {
                queue_leaving(&ranges, &keys);
            }
        });
    }

    async fn ready(&self) {
        self.ranges.synced().await;
        self.addresses.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(range) = self.ranges.find(key) else { return Ok(Next::Settled) };
        let (ranges, addresses) = (self.ranges.list(), self.addresses.list());
        let now = lifecycle::clock::now();
        let seen = Observed { range: &range, ranges: &ranges, addresses: &addresses, now };
        let mut next = Next::Settled;
        for step in reconcile(&seen) {
            self.carry_out(&range, step).await?;
            if let Step::Wait(left) = step {
                next = Next::After(left);
            }
        }
        Ok(next)
    }
}
