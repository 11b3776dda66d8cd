//! The scheduler's shell: pods that wait, what wakes them, and the binding.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use client::{
    Api, Client, EventKind, Informers, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Node, Pod};
use lifecycle::{StopToken, Task};
use serde_json::{Value, json};

use crate::{
    DEFAULT_SCHEDULER,
    cycle::{Unschedulable, schedule},
    nodes::NodeInfo,
    plugins::{self, Plugin},
};

/// Runs the scheduler until `stop`.
pub(crate) fn run(client: &Client, informers: &Informers, stop: &StopToken) -> Task {
    let shell = Arc::new(Shell {
        client: client.clone(),
        pods: informers.cache(),
        nodes: informers.cache(),
        queue: WorkQueue::new(),
        assumed: Mutex::default(),
        waiting: Mutex::default(),
        plugins: plugins::all(),
        recorder: Recorder::new(client, DEFAULT_SCHEDULER, "", stop),
    });
    lifecycle::spawn("scheduler", stop, shell.work())
}

#[derive(Debug)]
struct Shell {
    client: Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    queue: WorkQueue<ObjectKey>,
    /// Pods that are bound and not yet shown so by the cache: by key, uid and node.
    assumed: Mutex<HashMap<ObjectKey, (String, String)>>,
    /// Pods that fit nowhere, until something changes.
    waiting: Mutex<HashMap<ObjectKey, String>>,
    plugins: Vec<Box<dyn Plugin>>,
    recorder: Recorder,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells whether a pod is ours and has no node.
fn wants_a_node(pod: &Pod) -> bool {
    let Some(spec) = &pod.spec else { return false };
    let unbound = spec.node_name.as_deref().is_none_or(str::is_empty);
    let ours = spec.scheduler_name.as_deref().unwrap_or(DEFAULT_SCHEDULER) == DEFAULT_SCHEDULER;
    let gated = spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty());
    unbound && ours && !gated && pod.metadata.deletion_timestamp.is_none()
}

fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

impl Shell {
    fn watch(self: &Arc<Self>) {
        let shell = Arc::downgrade(self);
        self.pods.on_change(move |old, new| {
            if let Some(shell) = shell.upgrade() {
                shell.pod_changed(old, new);
            }
        });
        let shell = Arc::downgrade(self);
        self.nodes.on_change(move |old, new| {
            let Some(shell) = shell.upgrade() else { return };
            if new.is_some_and(|new| old.is_none_or(|old| matters(old, new))) {
                shell.wake_all();
            }
        });
    }

    fn pod_changed(&self, old: Option<&Arc<Pod>>, new: Option<&Arc<Pod>>) {
        let Some(pod) = new.or(old) else { return };
        let key = ObjectKey::of(&**pod);
        match new {
            Some(pod) if wants_a_node(pod) => {
                let known = old.is_some_and(|old| old.spec == pod.spec);
                if !known {
                    lock(&self.waiting).remove(&key);
                    self.queue.add(key);
                }
            }
            Some(pod) if !has_ended(pod) => {
                lock(&self.assumed).remove(&key);
                lock(&self.waiting).remove(&key);
            }
            _ => {
                // A pod has gone or ended: what it held is free.
                lock(&self.assumed).remove(&key);
                lock(&self.waiting).remove(&key);
                self.wake_all();
            }
        }
    }

    fn wake_all(&self) {
        for (key, _) in lock(&self.waiting).drain() {
            self.queue.add(key);
        }
    }

    async fn work(self: Arc<Self>) {
        self.watch();
        self.nodes.synced().await;
        self.pods.synced().await;
        while let Some(key) = self.queue.take().await {
            if let Err(error) = self.sync(&key).await {
                tracing::debug!(%key, %error, "scheduling failed, will retry");
                lock(&self.assumed).remove(&key);
                self.queue.add_rate_limited(key.clone());
            }
            self.queue.done(&key);
        }
    }

    async fn sync(&self, key: &ObjectKey) -> client::Result<()> {
        let Some(pod) = self.pods.find(key).filter(|pod| wants_a_node(pod)) else { return Ok(()) };
        if lock(&self.assumed).contains_key(key) {
            return Ok(());
        }
        let nodes = self.snapshot();
        let tie = rand::random::<u32>() as usize;
        match schedule(&pod, &nodes, &self.plugins, tie) {
            Ok(node) => self.bind(key, &pod, node.name()).await,
            Err(refused) => self.refuse(key, &pod, &refused).await,
        }
    }

    /// The nodes with all pods that run on them or are about to.
    fn snapshot(&self) -> Vec<NodeInfo> {
        let mut nodes: HashMap<String, NodeInfo> = self
            .nodes
            .list()
            .into_iter()
            .map(NodeInfo::new)
            .map(|node| (node.name().to_owned(), node))
            .collect();
        let assumed = lock(&self.assumed).clone();
        for pod in self.pods.list() {
            if has_ended(&pod) {
                continue;
            }
            let own = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            let own = own.filter(|name| !name.is_empty());
            let promised = assumed.get(&ObjectKey::of(&*pod)).map(|(_, node)| node.as_str());
            if let Some(node) = own.or(promised).and_then(|name| nodes.get_mut(name)) {
                node.add(&pod);
            }
        }
        let mut nodes: Vec<NodeInfo> = nodes.into_values().collect();
        nodes.sort_by(|left, right| left.name().cmp(right.name()));
        nodes
    }

    async fn bind(&self, key: &ObjectKey, pod: &Pod, node: &str) -> client::Result<()> {
        let uid = pod.metadata.uid.clone().unwrap_or_default();
        lock(&self.assumed).insert(key.clone(), (uid.clone(), node.to_owned()));
        let binding = json!({
            "apiVersion": "v1", "kind": "Binding",
            "metadata": {"name": key.name, "namespace": key.namespace, "uid": uid},
            "target": {"apiVersion": "v1", "kind": "Node", "name": node},
        });
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        match api.create_sub::<Value, Value>(&key.name, "binding", &binding).await {
            Ok(_) => {}
            // Gone or bound by somebody else: the cache will show it.
            Err(error) if error.not_found() || error.conflict() => {
                lock(&self.assumed).remove(key);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.queue.forget(key);
        let words = format!("Successfully assigned {key} to {node}");
        self.recorder.event(&reference(pod), EventKind::Normal, "Scheduled", words);
        Ok(())
    }

    async fn refuse(
        &self,
        key: &ObjectKey,
        pod: &Pod,
        refused: &Unschedulable,
    ) -> client::Result<()> {
        let message = refused.message();
        lock(&self.waiting).insert(key.clone(), message.clone());
        self.recorder.event(
            &reference(pod),
            EventKind::Warning,
            "FailedScheduling",
            message.clone(),
        );
        if told_already(pod, &message) {
            return Ok(());
        }
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": pod.metadata.uid},
            "status": {"conditions": [condition(&message, lifecycle::clock::now())]},
        }));
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        match api.patch_status(&key.name, &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error),
            _ => Ok(()),
        }
    }
}

/// Tells whether a node's change could make room.
fn matters(old: &Node, new: &Node) -> bool {
    let allocatable =
        |node: &Node| node.status.as_ref().and_then(|status| status.allocatable.clone());
    old.spec != new.spec
        || old.metadata.labels != new.metadata.labels
        || allocatable(old) != allocatable(new)
}

fn told_already(pod: &Pod, message: &str) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.into_iter().flatten().any(|one| {
        one.type_ == "PodScheduled"
            && one.status == "False"
            && one.message.as_deref() == Some(message)
    })
}

fn condition(message: &str, now: Timestamp) -> Value {
    json!({
        "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message,
        "lastTransitionTime": lifecycle::clock::rfc3339_seconds(now), "lastProbeTime": null,
    })
}
