//! Ephemeral volumes: makes the claims that pods have for themselves alone.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/ephemeral`.
//!
//! A claim belongs to its pod and goes with it, by the garbage collector.

mod reconcile;

use std::sync::Arc;

use client::{Api, Client, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};

use self::reconcile::missing;
use crate::driver::{Controller, Next, Shop, SyncError};

/// The shell.
#[derive(Debug)]
pub(crate) struct Ephemeral {
    client: Client,
    pods: SharedCache<Pod>,
    claims: SharedCache<PersistentVolumeClaim>,
}

impl Ephemeral {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            pods: shop.informers.cache(),
            claims: shop.informers.cache(),
        }
    }
}

impl Controller for Ephemeral {
    fn name(&self) -> &'static str {
        "ephemeral-volume-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            if let (None, Some(pod)) = (old, new) {
                keys.add(ObjectKey::of(&**pod));
            }
        });
        let keys = queue.clone();
        self.claims.on_change(move |old, new| {
            // A pod's claim that goes is made again.
            if let (Some(claim), None) = (old, new)
                && let Some(pod) = crate::owner::controller_key::<Pod>(&**claim)
            {
                keys.add(pod);
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.claims.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key) else { return Ok(Next::Settled) };
        let api = Api::<PersistentVolumeClaim>::namespaced(&self.client, key.namespace.clone());
        for claim in missing(&pod, |name| self.claims.get(&key.namespace, name))? {
            api.create(&claim, &WriteOptions::default()).await?;
        }
        Ok(Next::Settled)
    }
}
