//! Pod garbage collector: pods of nodes that are gone, pods that never had one and are deleted, and
//! ended pods where there are too many.

mod reconcile;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use client::{Api, DeleteOptions, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use futures::future::try_join_all;
use k8s_openapi::api::core::v1::{Node, Pod};
use serde_json::{Value, json};
use tokio::time::Instant;

use self::reconcile::{Fate, MOST_ENDED, fate, has_ended, over_limit};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    pods::{self, BY_NODE, index_by_node, node_name},
};

/// The shell; its keys are pods, and one for all that have ended.
#[derive(Debug)]
pub(crate) struct PodGc {
    client: client::Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    /// Since when nodes that pods name are not there.
    missing: Mutex<HashMap<String, Instant>>,
    ended: Arc<AtomicUsize>,
}

/// The key of all ended pods: no pod is without a namespace.
fn ended_key() -> ObjectKey {
    ObjectKey::new("", "ended")
}

impl PodGc {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let pods: SharedCache<Pod> = shop.informers.cache();
        index_by_node(&pods);
        Self {
            client: shop.client.clone(),
            pods,
            nodes: shop.informers.cache(),
            missing: Mutex::default(),
            ended: Arc::default(),
        }
    }

    /// How long a node has been missing; nothing where it is there.
    fn missing_for(&self, name: &str, node: Option<&Arc<Node>>) -> Duration {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if node.is_some() {
            missing.remove(name);
            return Duration::ZERO;
        }
        let now = lifecycle::clock::instant();
        now.duration_since(*missing.entry(name.to_owned()).or_insert(now))
    }

    /// Lets a pod fail, where it has not ended, and deletes it at once.
    async fn remove(&self, pod: &Pod, condition: Option<Value>) -> Result<(), SyncError> {
        let namespace = pod.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        if !has_ended(pod) {
            let mut status = json!({"phase": "Failed"});
            if let Some(condition) = condition {
                status["conditions"] = json!([condition]);
            }
            let patch = json!({"metadata": {"uid": pod.metadata.uid}, "status": status});
            let patch = Patch::Strategic(patch);
            match api.patch_status(pods::name(pod), &patch, &WriteOptions::default()).await {
                Err(error) if !error.not_found() => return Err(error.into()),
                _ => {}
            }
        }
        let options = DeleteOptions::of_uid(pods::uid(pod)).with_grace(0);
        match api.delete(pods::name(pod), &options).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes the ended pods that are too many.
    async fn thin_out(&self) -> Result<Next, SyncError> {
        let ended = self.pods.list().into_iter().filter(|pod| has_ended(pod)).collect();
        let gone = over_limit(ended, MOST_ENDED);
        try_join_all(gone.iter().map(|pod| self.remove(pod, None))).await?;
        Ok(Next::Settled)
    }
}

impl Controller for PodGc {
    fn name(&self) -> &'static str {
        "pod-garbage-collector-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let (keys, count) = (queue.clone(), Arc::clone(&self.ended));
        self.pods.on_change(move |old, new| {
            if let Some(pod) = new {
                keys.add(ObjectKey::of(&**pod));
            }
            let ended = |pod: Option<&Arc<Pod>>| pod.is_some_and(|pod| has_ended(pod));
            match (ended(old), ended(new)) {
                (false, true) if count.fetch_add(1, Ordering::Relaxed) >= MOST_ENDED => {
                    keys.add(ended_key());
                }
                (true, false) => {
                    count.fetch_sub(1, Ordering::Relaxed);
                }
                _ => {}
            }
        });
        let (keys, pods) = (queue.clone(), self.pods.clone());
        self.nodes.on_change(move |old, new| {
            let Some(node) = new.or(old) else { return };
            let name = node.metadata.name.as_deref().unwrap_or_default();
            let leaves = |pod: &Pod| new.is_none() || pod.metadata.deletion_timestamp.is_some();
            for pod in pods.indexed(BY_NODE, name).iter().filter(|pod| leaves(pod)) {
                keys.add(ObjectKey::of(&**pod));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.nodes.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        if *key == ended_key() {
            return self.thin_out().await;
        }
        let Some(pod) = self.pods.find(key) else { return Ok(Next::Settled) };
        let name = node_name(&pod);
        let node = self.nodes.get("", name);
        let missing = self.missing_for(name, node.as_ref());
        match fate(&pod, node.as_deref(), missing) {
            Fate::Stay => {}
            Fate::Wait(left) => return Ok(Next::After(left)),
            Fate::Go => self.remove(&pod, None).await?,
            Fate::GoWithNode => {
                if Api::<Node>::all(&self.client).find(name).await?.is_none() {
                    self.remove(&pod, Some(lost_its_node(&pod))).await?;
                }
            }
        }
        Ok(Next::Settled)
    }
}

/// The condition of a pod that goes because its node is gone.
fn lost_its_node(pod: &Pod) -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    json!({
        "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC",
        "message": "PodGC: node no longer exists", "lastTransitionTime": now,
        "observedGeneration": pod.metadata.generation,
    })
}
