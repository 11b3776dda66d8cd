//! Node health: nodes whose lease is not renewed are unknown, and tainted so that pods leave.
//! Source: `k8s.io/kubernetes/pkg/controller/nodelifecycle`.

mod reconcile;

use std::{collections::HashMap, sync::Arc};

use client::{
    Api, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue, WriteOptions, reference,
};
use k8s_openapi::api::{coordination::v1::Lease, core::v1::Node};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

use self::reconcile::{Observed, reconcile};
use crate::driver::{Controller, Next, Shop, SyncError};

const LEASES: &str = "kube-node-lease";

/// The shell.
#[derive(Debug)]
pub(crate) struct NodeLifecycle {
    client: client::Client,
    nodes: SharedCache<Node>,
    leases: SharedCache<Lease>,
    /// When each node was last heard of, by our own clock: a node's may be wrong.
    heard: Mutex<HashMap<String, (String, Instant)>>,
    recorder: Recorder,
}

impl NodeLifecycle {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            nodes: shop.informers.cache(),
            leases: shop.informers.cache(),
            heard: Mutex::default(),
            recorder: shop.recorder("node-controller"),
        }
    }

    /// How long nothing was heard of a node.
    fn silence(&self, node: &Node, name: &str) -> std::time::Duration {
        let mark = sign_of_life(node, self.leases.get(LEASES, name).as_deref());
        let now = lifecycle::clock::instant();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = heard.entry(name.to_owned()).or_insert_with(|| (mark.clone(), now));
        if entry.0 != mark {
            *entry = (mark, now);
        }
        now.duration_since(entry.1)
    }
}

impl Controller for NodeLifecycle {
    fn name(&self) -> &'static str {
        "node-lifecycle-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.nodes.on_change(move |old, new| {
            if let Some(node) = new.or(old) {
                keys.add(ObjectKey::of(&**node));
            }
        });
        let keys = queue.clone();
        self.leases.on_change(move |_, new| {
            let Some(lease) = new else { return };
            if lease.metadata.namespace.as_deref() == Some(LEASES) {
                keys.add(ObjectKey::new("", lease.metadata.name.clone().unwrap_or_default()));
            }
        });
    }

    async fn ready(&self) {
        self.nodes.synced().await;
        self.leases.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(node) = self.nodes.find(key) else {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.name);
            return Ok(Next::Settled);
        };
        let silence = self.silence(&node, &key.name);
        let seen = Observed { node: &node, silence, now: lifecycle::clock::now() };
        let plan = reconcile(&seen);
        let api = Api::<Node>::all(&self.client);
        let options = WriteOptions::default();
        if let Some(conditions) = plan.conditions {
            let patch = of_this_revision(&node, json!({"status": {"conditions": conditions}}));
            let patch = Patch::Strategic(patch);
            api.patch_status(&key.name, &patch, &options).await?;
            let words = format!("Node {} status is now: NodeNotReady", key.name);
            self.recorder.event(&reference(&*node), EventKind::Normal, "NodeNotReady", words);
        }
        if let Some(taints) = plan.taints {
            let patch = of_this_revision(&node, json!({"spec": {"taints": taints}}));
            let patch = Patch::Merge(patch);
            api.patch(&key.name, &patch, &options).await?;
        }
        Ok(plan.look_again.map_or(Next::Settled, Next::After))
    }
}

/// What changes whenever a node is heard of, by its lease or by what it says of itself: either
/// may be known later than the other.
fn sign_of_life(node: &Node, lease: Option<&Lease>) -> String {
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    let ready = conditions.into_iter().flatten().find(|one| one.type_ == "Ready");
    let said = ready.and_then(|one| one.last_heartbeat_time.as_ref());
    let renewed = lease.map_or(&node.metadata, |lease| &lease.metadata).resource_version.as_deref();
    let said = said.map(|time| time.0.to_string()).unwrap_or_default();
    format!("{} {said}", renewed.unwrap_or_default())
}

/// A patch of the node as it was looked at: it may just have said that it is well.
fn of_this_revision(node: &Node, mut patch: Value) -> Value {
    patch["metadata"] = json!({"resourceVersion": node.metadata.resource_version});
    patch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_heard_of_by_its_lease_and_by_its_own_word() {
        let node = |revision: &str, said: &str| -> Node {
            serde_json::from_value(json!({
                "metadata": {"name": "n", "resourceVersion": revision},
                "status": {"conditions": [
                    {"type": "Ready", "status": "True", "lastHeartbeatTime": said}]},
            }))
            .unwrap()
        };
        let lease = |revision: &str| -> Lease {
            serde_json::from_value(json!({"metadata": {"resourceVersion": revision}})).unwrap()
        };
        let (noon, later) = ("2026-01-01T12:00:00Z", "2026-01-01T12:00:10Z");
        let first = sign_of_life(&node("1", noon), Some(&lease("5")));
        assert_eq!(first, sign_of_life(&node("2", noon), Some(&lease("5"))), "others write too");
        assert_ne!(first, sign_of_life(&node("2", later), Some(&lease("5"))));
        assert_ne!(first, sign_of_life(&node("1", noon), Some(&lease("6"))));
    }

    #[test]
    fn what_is_said_of_a_node_is_said_of_the_revision_that_was_looked_at() {
        let node: Node =
            serde_json::from_value(json!({"metadata": {"name": "n", "resourceVersion": "7"}}))
                .unwrap();
        let patch = of_this_revision(&node, json!({"status": {"conditions": []}}));
        let whole = json!({"metadata": {"resourceVersion": "7"}, "status": {"conditions": []}});
        assert_eq!(patch, whole);
    }
}
