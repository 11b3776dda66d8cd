//! Cluster role aggregation: a role may be made of the rules of others, by their labels.

mod reconcile;

use std::sync::Arc;

use client::{Api, Client, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::rbac::v1::ClusterRole;
use serde_json::json;

use self::reconcile::aggregate;
use crate::driver::{Controller, Next, Shop, SyncError};

const NAME: &str = "clusterrole-aggregation-controller";

/// The shell.
#[derive(Debug)]
pub(crate) struct Aggregation {
    client: Client,
    roles: SharedCache<ClusterRole>,
}

impl Aggregation {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), roles: shop.informers.cache() }
    }
}

impl Controller for Aggregation {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        // Any role may be part of any other.
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.roles.on_change(move |_, new| {
            let Some(shell) = shell.upgrade() else { return };
            let made = |role: &&Arc<ClusterRole>| role.aggregation_rule.is_some();
            let all = shell.roles.list();
            for role in all.iter().chain(new).filter(made) {
                keys.add(ObjectKey::of(&**role));
            }
        });
    }

    async fn ready(&self) {
        self.roles.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(role) = self.roles.find(key) else { return Ok(Next::Settled) };
        let Some(rules) = aggregate(&role, &self.roles.list()) else { return Ok(Next::Settled) };
        let patch = Patch::Apply(json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": key.name}, "rules": rules,
        }));
        let options = WriteOptions { force: true, ..WriteOptions::manager(NAME) };
        Api::<ClusterRole>::all(&self.client).patch(&key.name, &patch, &options).await?;
        Ok(Next::Settled)
    }
}
