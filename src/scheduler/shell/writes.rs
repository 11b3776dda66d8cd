//! What decisions write: bindings, refusals, and the end of pods that make room.

use std::sync::Arc;

use client::{
    Api, ClientError, DeleteOptions, EventKind, ObjectKey, Patch, WriteOptions, reference,
};
use k8s_openapi::api::core::v1::{Pod, PodCondition};
use serde_json::{Value, json};

use super::{Nominated, Shell, lock, nominated_node};
use crate::{DEFAULT_SCHEDULER, nodes::priority, plugins::devices::Unwritten, waiting::Change};

/// The reason of events that say why a pod has no node.
const FAILED: &str = "FailedScheduling";

impl Shell {
    /// Gives a pod its node; the write goes on beside the next decision.
    pub(super) async fn bind(self: &Arc<Self>, pod: Arc<Pod>, node: String) {
        lock(&self.ledger).assume(&pod, &node);
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(&self.bindings).acquire_owned().await else { return };
        let shell = Arc::clone(self);
        self.tasks.spawn("scheduler/bind", async move {
            let key = ObjectKey::of(&*pod);
            if let Err(error) = shell.carry_binding_out(&key, &pod, &node).await {
                tracing::debug!(%key, %error, "binding failed, will retry");
                shell.around.devices.unbind(&shell.client, &pod).await;
                shell.failed(&key);
                // What it would have held is free for others.
                shell.wake(Change::Room);
            }
            drop(permit);
        });
    }

    /// Binds a pod, or has an extender bind it.
    async fn carry_binding_out(
        &self,
        key: &ObjectKey,
        pod: &Pod,
        node: &str,
    ) -> client::Result<()> {
        if !self.bind_devices(key, pod).await? {
            return Ok(());
        }
        match self.extenders.bind(pod, node).await {
            None => self.write_binding(key, pod, node).await,
            Some(Ok(())) => {
                self.bound(key, pod, node);
                Ok(())
            }
            Some(Err(words)) => {
                self.fail(key, pod, &words).await?;
                self.wake(Change::Room);
                Ok(())
            }
        }
    }

    /// Writes a pod's claims to devices; tells whether it goes on.
    async fn bind_devices(&self, key: &ObjectKey, pod: &Pod) -> client::Result<bool> {
        let words = match self.around.devices.bind(&self.client, pod).await {
            Ok(()) => return Ok(true),
            Err(Unwritten::Client(error)) if error.not_found() => format!("{error}"),
            Err(Unwritten::Client(error)) => return Err(error),
            Err(Unwritten::Changed(words)) => words,
        };
        let words = format!("running PreBind plugin \"DynamicResources\": {words}");
        self.around.devices.unbind(&self.client, pod).await;
        self.fail(key, pod, &words).await?;
        self.wake(Change::Room);
        Ok(false)
    }

    async fn write_binding(&self, key: &ObjectKey, pod: &Pod, node: &str) -> client::Result<()> {
        let binding = json!({
            "apiVersion": "v1", "kind": "Binding",
            "metadata": {"name": key.name, "namespace": key.namespace, "uid": pod.metadata.uid},
            "target": {"apiVersion": "v1", "kind": "Node", "name": node},
        });
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        match api.create_sub::<Value, Value>(&key.name, "binding", &binding).await {
            Ok(_) => {}
            // Gone: the cache will show it. Whatever else is in the way, a conflict too, may not be
            // there the next time; one that somebody else bound is no more looked at then.
            Err(error) if error.not_found() => {
                lock(&self.ledger).forget(key);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.bound(key, pod, node);
        Ok(())
    }

    fn bound(&self, key: &ObjectKey, pod: &Pod, node: &str) {
        self.queue.forget(key);
        let words = format!("Successfully assigned {key} to {node}");
        self.tell(pod, pod, (EventKind::Normal, "Scheduled"), &words);
    }

    /// Tells something of `about`, as the scheduler of `pod`.
    fn tell(&self, pod: &Pod, about: &Pod, what: (EventKind, &str), words: &str) {
        if let Some(desk) = self.desk(pod) {
            desk.recorder.event(&reference(about), what.0, what.1, words);
        }
    }

    /// Says that nobody could decide for a pod, takes back what was decided, and tries again later.
    pub(super) async fn fail(&self, key: &ObjectKey, pod: &Pod, words: &str) -> client::Result<()> {
        self.forget(key);
        self.queue.add_failed(key.clone(), priority(pod));
        self.tell(pod, pod, (EventKind::Warning, FAILED), words);
        if told_already(pod, words) {
            return Ok(());
        }
        let condition = refusal(pod, "SchedulerError", words);
        self.patch_status(pod, json!({ "conditions": [condition] })).await
    }

    /// Says why a pod has no node, and where room is made for it.
    pub(super) async fn refuse(
        &self,
        pod: &Pod,
        message: &str,
        nominated: &Nominated,
    ) -> client::Result<()> {
        self.tell(pod, pod, (EventKind::Warning, FAILED), message);
        let mut status = json!({});
        if !told_already(pod, message) {
            status["conditions"] = json!([refusal(pod, "Unschedulable", message)]);
        }
        if let Nominated::Becomes(node) = nominated
            && nominated_node(pod) != node
        {
            let node = Some(node).filter(|node| !node.is_empty());
            status["nominatedNodeName"] = json!(node);
        }
        if status.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        self.patch_status(pod, status).await
    }

    /// Deletes the pods that are to leave for another.
    pub(super) async fn evict(
        &self,
        pod: &Pod,
        nominated: &Nominated,
        victims: &[Arc<Pod>],
    ) -> client::Result<()> {
        let Nominated::Becomes(node) = nominated else { return Ok(()) };
        if victims.is_empty() {
            return Ok(());
        }
        self.displace(pod, node).await?;
        for victim in victims.iter().filter(|it| it.metadata.deletion_timestamp.is_none()) {
            self.remove(pod, node, victim).await?;
        }
        Ok(())
    }

    /// Pods that count less and wait for room on the same node look elsewhere.
    async fn displace(&self, pod: &Pod, node: &str) -> client::Result<()> {
        let waiting = lock(&self.ledger).nominated().remove(node).unwrap_or_default();
        for other in waiting.iter().filter(|other| priority(other) < priority(pod)) {
            lock(&self.ledger).unnominate(&ObjectKey::of(&**other));
            self.patch_status(other, json!({ "nominatedNodeName": null })).await?;
        }
        Ok(())
    }

    async fn remove(&self, pod: &Pod, node: &str, victim: &Pod) -> client::Result<()> {
        let name = victim.metadata.name.as_deref().unwrap_or_default();
        let namespace = victim.metadata.namespace.clone().unwrap_or_default();
        self.patch_status(victim, json!({ "conditions": [displacement(pod, victim)] })).await?;
        let options = DeleteOptions::of_uid(victim.metadata.uid.clone().unwrap_or_default());
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        gone_is_well(api.delete(name, &options).await)?;
        let uid = pod.metadata.uid.as_deref().unwrap_or_default();
        let words = format!("Preempted by pod {uid} on node {node}");
        self.tell(pod, victim, (EventKind::Normal, "Preempted"), &words);
        Ok(())
    }

    async fn patch_status(&self, pod: &Pod, status: Value) -> client::Result<()> {
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": pod.metadata.uid}, "status": status,
        }));
        let namespace = pod.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        let name = pod.metadata.name.as_deref().unwrap_or_default();
        gone_is_well(api.patch_status(name, &patch, &WriteOptions::default()).await)
    }
}

/// A pod that is gone, or another of its name, needs nothing.
fn gone_is_well<T>(answer: Result<T, ClientError>) -> Result<(), ClientError> {
    match answer {
        Err(error) if !error.not_found() && !error.conflict() => Err(error),
        _ => Ok(()),
    }
}

fn conditions(pod: &Pod) -> &[PodCondition] {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref());
    conditions.unwrap_or_default()
}

fn told_already(pod: &Pod, message: &str) -> bool {
    conditions(pod).iter().any(|one| {
        one.type_ == "PodScheduled"
            && one.status == "False"
            && one.message.as_deref() == Some(message)
    })
}

fn condition(pod: &Pod, kind: &str, status: &str) -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    // The time is that of the last change, not of the last word.
    let known = conditions(pod).iter().find(|one| one.type_ == kind && one.status == status);
    let since = known.and_then(|one| one.last_transition_time.as_ref()).map(|it| json!(it));
    json!({
        "type": kind, "status": status, "observedGeneration": pod.metadata.generation,
        "lastTransitionTime": since.unwrap_or_else(|| json!(now)), "lastProbeTime": null,
    })
}

fn refusal(pod: &Pod, reason: &str, message: &str) -> Value {
    let mut condition = condition(pod, "PodScheduled", "False");
    condition["reason"] = reason.into();
    condition["message"] = message.into();
    condition
}

fn displacement(pod: &Pod, victim: &Pod) -> Value {
    let mut condition = condition(victim, "DisruptionTarget", "True");
    let scheduler = pod.spec.as_ref().and_then(|spec| spec.scheduler_name.as_deref());
    let scheduler = scheduler.unwrap_or(DEFAULT_SCHEDULER);
    condition["reason"] = "PreemptionByScheduler".into();
    condition["message"] =
        format!("{scheduler}: preempting to accommodate a higher priority pod").into();
    condition
}
