//! Taint eviction: pods leave nodes with `NoExecute` taints that they do not tolerate, at once or
//! after the time for which they do. Source: `k8s.io/kubernetes/pkg/controller/tainteviction`.

mod reconcile;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use client::{
    Api, Client, DeleteOptions, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use k8s_openapi::api::core::v1::{Node, Pod};
use serde_json::json;
use tokio::time::Instant;

use self::reconcile::{Fate, concerns, condition, differs, fate};
use crate::{
    driver::{Controller, Next, Shop, SyncError, settled},
    pods::{self, BY_NODE, index_by_node, node_name},
};

const NAME: &str = "taint-eviction-controller";

/// The shell; its keys are pods.
#[derive(Debug)]
pub(crate) struct TaintEviction {
    client: Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    /// Since when pods are in danger: their uid, and the time.
    since: Mutex<HashMap<ObjectKey, (String, Instant)>>,
    recorder: Recorder,
}

impl TaintEviction {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let pods: SharedCache<Pod> = shop.informers.cache();
        index_by_node(&pods);
        Self {
            client: shop.client.clone(),
            pods,
            nodes: shop.informers.cache(),
            since: Mutex::default(),
            recorder: shop.recorder(NAME),
        }
    }

    fn since(&self) -> MutexGuard<'_, HashMap<ObjectKey, (String, Instant)>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a pod has been in danger.
    fn waited(&self, key: &ObjectKey, pod: &Pod) -> Duration {
        let now = lifecycle::clock::instant();
        let since = self.since();
        let known = since.get(key).filter(|(uid, _)| uid == pods::uid(pod));
        known.map_or(Duration::ZERO, |(_, since)| now.duration_since(*since))
    }

    /// Notes that a pod is in danger from now on, if it was not before.
    fn note(&self, key: &ObjectKey, pod: &Pod) {
        let mut since = self.since();
        let known = since.get(key).is_some_and(|(uid, _)| uid == pods::uid(pod));
        if !known {
            let now = lifecycle::clock::instant();
            since.insert(key.clone(), (pods::uid(pod).to_owned(), now));
        }
    }

    async fn evict(&self, key: &ObjectKey, pod: &Pod) -> Result<(), SyncError> {
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": pod.metadata.uid},
            "status": {"conditions": [condition(pod, &now)]},
        }));
        settled(api.patch_status(&key.name, &patch, &WriteOptions::default()).await)?;
        let words = format!("Marking for deletion Pod {key}");
        self.recorder.event(&reference(pod), EventKind::Normal, "TaintManagerEviction", words);
        settled(api.delete(&key.name, &DeleteOptions::of_uid(pods::uid(pod))).await)?;
        Ok(())
    }
}

impl Controller for TaintEviction {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            if concerns(old.map(|pod| &**pod), new.map(|pod| &**pod))
                && let Some(pod) = new.or(old)
            {
                keys.add(ObjectKey::of(&**pod));
            }
        });
        let (keys, pods) = (queue.clone(), self.pods.clone());
        self.nodes.on_change(move |old, new| {
            let Some(node) = new.or(old) else { return };
            if !differs(old.map(|node| &**node), new.map(|node| &**node)) {
                return;
            }
            let name = node.metadata.name.as_deref().unwrap_or_default();
            for pod in pods.indexed(BY_NODE, name) {
                keys.add(ObjectKey::of(&*pod));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.nodes.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key) else {
            self.since().remove(key);
            return Ok(Next::Settled);
        };
        let node = self.nodes.get("", node_name(&pod));
        match fate(&pod, node.as_deref(), self.waited(key, &pod)) {
            Fate::Stay => {
                let waited = self.since().remove(key).is_some();
                if waited && pod.metadata.deletion_timestamp.is_none() {
                    let words = format!("Cancelling deletion of Pod {key}");
                    let about = reference(&*pod);
                    self.recorder.event(&about, EventKind::Normal, "TaintManagerEviction", words);
                }
                Ok(Next::Settled)
            }
            Fate::Until(left) => {
                self.note(key, &pod);
                Ok(Next::After(left))
            }
            Fate::Go => {
                self.evict(key, &pod).await?;
                Ok(Next::Settled)
            }
        }
    }
}
