//! Each node is told for how long its kubelet may keep what it has read of secrets and config maps:
//! the more nodes, the longer. Source: `k8s.io/kubernetes/pkg/controller/ttl`.

mod reconcile;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use client::{Api, Client, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::core::v1::Node;
use serde_json::json;

use self::reconcile::{ANNOTATION, seconds, step};
use crate::driver::{Controller, Next, Shop, SyncError};

/// The shell.
#[derive(Debug)]
pub(crate) struct NodeTtl {
    client: Client,
    nodes: SharedCache<Node>,
    /// How large the cluster is, in steps.
    step: Arc<AtomicUsize>,
}

impl NodeTtl {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), nodes: shop.informers.cache(), step: Arc::default() }
    }
}

impl Controller for NodeTtl {
    fn name(&self) -> &'static str {
        "ttl-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        let (size, now) = (Arc::clone(&self.step), Arc::new(AtomicUsize::new(0)));
        self.nodes.on_change(move |old, new| {
            // The cache tells of one node after the other.
            let nodes = match (old, new) {
                (None, Some(_)) => now.fetch_add(1, Ordering::Relaxed) + 1,
                (Some(_), None) => now.fetch_sub(1, Ordering::Relaxed) - 1,
                _ => now.load(Ordering::Relaxed),
            };
            size.store(step(size.load(Ordering::Relaxed), nodes), Ordering::Relaxed);
            if let Some(node) = new {
                keys.add(ObjectKey::of(&**node));
            }
        });
    }

    async fn ready(&self) {
        self.nodes.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(node) = self.nodes.find(key) else { return Ok(Next::Settled) };
        let wanted = seconds(self.step.load(Ordering::Relaxed)).to_string();
        let told = node.metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION));
        if told == Some(&wanted) {
            return Ok(Next::Settled);
        }
        let patch = Patch::Strategic(json!({"metadata": {
            "uid": node.metadata.uid, "annotations": {ANNOTATION: wanted},
        }}));
        match Api::<Node>::all(&self.client)
            .patch(&key.name, &patch, &WriteOptions::default())
            .await
        {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(Next::Settled),
        }
    }
}
