//! What changes in the cluster mean for the ledger and for pods that wait.

use std::sync::{Arc, atomic::Ordering};

use client::ObjectKey;
use k8s_openapi::api::core::v1::{Node, Pod, PodResourceClaimStatus};

use super::{Shell, has_ended, lock, node_of, nominated_node};
use crate::{nodes::priority, queue::Turn, waiting::Change};

/// Tells whether a node's change could make room.
fn matters(old: &Node, new: &Node) -> bool {
    let allocatable =
        |node: &Node| node.status.as_ref().and_then(|status| status.allocatable.clone());
    old.spec != new.spec
        || old.metadata.labels != new.metadata.labels
        || allocatable(old) != allocatable(new)
}

/// The claims that were made for a pod.
fn made_claims(pod: &Pod) -> Option<&Vec<PodResourceClaimStatus>> {
    pod.status.as_ref()?.resource_claim_statuses.as_ref()
}

impl Shell {
    /// Subscribes to everything that matters.
    pub(super) fn watch(self: &Arc<Self>) {
        let shell = Arc::downgrade(self);
        self.nodes.on_change(move |old, new| {
            if let Some(shell) = shell.upgrade() {
                shell.node_changed(old, new);
            }
        });
        let shell = Arc::downgrade(self);
        self.pods.on_change(move |old, new| {
            if let Some(shell) = shell.upgrade() {
                shell.pod_changed(old, new);
            }
        });
        let shell = Arc::downgrade(self);
        self.around.namespaces.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake(Change::Neighbours);
            }
        });
        self.watch_storage();
        self.watch_devices();
    }

    fn watch_devices(self: &Arc<Self>) {
        let shell = Arc::downgrade(self);
        self.around.devices.claims.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake(Change::Devices);
            }
        });
        let shell = Arc::downgrade(self);
        self.around.devices.slices.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake(Change::Devices);
            }
        });
        let shell = Arc::downgrade(self);
        self.around.devices.classes.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake(Change::Devices);
            }
        });
    }

    fn watch_storage(self: &Arc<Self>) {
        let shell = Arc::downgrade(self);
        self.around.storage.claims.on_change(move |old, new| {
            let (Some(shell), Some(claim)) = (shell.upgrade(), new.or(old)) else { return };
            shell.wake_for_storage(claim.metadata.namespace.as_deref());
        });
        let shell = Arc::downgrade(self);
        self.around.storage.volumes.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake_for_storage(None);
            }
        });
        let shell = Arc::downgrade(self);
        self.around.storage.drivers.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake_for_storage(None);
            }
        });
        let shell = Arc::downgrade(self);
        self.around.storage.classes.on_change(move |_, _| {
            if let Some(shell) = shell.upgrade() {
                shell.wake_for_storage(None);
            }
        });
    }

    fn node_changed(&self, old: Option<&Arc<Node>>, new: Option<&Arc<Node>>) {
        match (old, new) {
            (_, Some(node)) => lock(&self.ledger).set_node(node),
            (Some(node), None) => {
                lock(&self.ledger).drop_node(node.metadata.name.as_deref().unwrap_or_default());
            }
            (None, None) => {}
        }
        if new.is_some_and(|new| old.is_none_or(|old| matters(old, new))) {
            self.wake(Change::Room);
        }
    }

    fn pod_changed(&self, old: Option<&Arc<Pod>>, new: Option<&Arc<Pod>>) {
        let Some(pod) = new.or(old) else { return };
        let key = ObjectKey::of(&**pod);
        match new {
            Some(pod) if self.desk_of(pod).is_some() => self.waiter_changed(key, old, pod),
            Some(pod) if has_ended(pod) => self.pod_gone(&key),
            Some(pod) => {
                let Some(node) = node_of(pod) else { return self.pod_gone(&key) };
                self.settle(&key);
                lock(&self.ledger).place(pod, node);
                let differs = |old: &Arc<Pod>| {
                    node_of(old).is_none() || old.metadata.labels != pod.metadata.labels
                };
                if old.is_none_or(differs) {
                    self.wake(Change::Neighbours);
                }
            }
            None => self.pod_gone(&key),
        }
    }

    /// A pod without a node has come or changed.
    fn waiter_changed(&self, key: ObjectKey, old: Option<&Arc<Pod>>, pod: &Arc<Pod>) {
        let node = nominated_node(pod);
        if lock(&self.ledger).assumed(&key).is_none() {
            lock(&self.ledger).nominate(pod, node);
        }
        let known = old.is_some_and(|old| {
            // One whose promised room was given to another may find room elsewhere.
            old.spec == pod.spec
                && made_claims(old) == made_claims(pod)
                && (nominated_node(old).is_empty() || nominated_node(old) == node)
        });
        if !known {
            lock(&self.waiting).remove(&key);
            self.queue.add(key, priority(pod), Turn::New);
        }
    }

    /// What a pod held is free; one that held nothing helps nobody.
    fn pod_gone(&self, key: &ObjectKey) {
        self.settle(key);
        if lock(&self.ledger).take(key) {
            self.wake(Change::Room);
        }
    }

    /// Nothing is to be decided for a pod any more.
    fn settle(&self, key: &ObjectKey) {
        self.queue.forget(key);
        if lock(&self.ledger).unnominate(key) {
            self.wake(Change::Room);
        }
        lock(&self.promised).remove(key);
        lock(&self.waiting).remove(key);
        self.around.devices.forget(key);
    }

    /// Takes back what was decided for a pod.
    pub(super) fn forget(&self, key: &ObjectKey) {
        lock(&self.ledger).forget(key);
        self.around.devices.forget(key);
        lock(&self.promised).remove(key);
        lock(&self.waiting).remove(key);
    }

    /// Queues the pods that wait and may be helped.
    pub(super) fn wake(&self, change: Change<'_>) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        let helped = lock(&self.waiting).helped(change);
        for (key, priority) in helped {
            self.queue.add(key, priority, Turn::Again);
        }
    }

    /// Storage has changed: pods of `namespace`, or of all where none is given, may be helped.
    fn wake_for_storage(&self, namespace: Option<&str>) {
        self.wake(Change::Storage(namespace));
        let promised: Vec<ObjectKey> = lock(&self.promised).keys().cloned().collect();
        for key in promised {
            let concerned = namespace.is_none_or(|namespace| key.namespace == namespace);
            if let Some(pod) = self.pods.find(&key).filter(|_| concerned) {
                self.queue.add(key, priority(&pod), Turn::New);
            }
        }
    }
}
