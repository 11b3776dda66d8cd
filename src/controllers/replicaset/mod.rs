//! ReplicaSet: keeps so many pods of a template, and takes in and lets go of pods by their labels.

mod reconcile;

use std::sync::{Arc, Mutex, PoisonError};

use client::{
    Api, ClientError, DeleteOptions, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use futures::future::join_all;
use k8s_openapi::{
    api::{
        apps::v1::{ReplicaSet, ReplicaSetStatus},
        core::v1::{Pod, PodTemplateSpec},
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde_json::json;

use self::reconcile::{Observed, Plan, next_available, reconcile, status};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    expectations::Expectations,
    owner, pods,
};

/// The shell.
#[derive(Debug)]
pub(crate) struct ReplicaSets {
    client: client::Client,
    sets: SharedCache<ReplicaSet>,
    pods: SharedCache<Pod>,
    expectations: Arc<Expectations>,
    recorder: Recorder,
}

impl ReplicaSets {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            sets: shop.informers.cache(),
            pods: shop.informers.cache(),
            expectations: Arc::default(),
            recorder: shop.recorder("replicaset-controller"),
        }
    }

    /// The pods that the set controls, after taking in and letting go.
    async fn claim(&self, set: &ReplicaSet, key: &ObjectKey) -> Result<Vec<Arc<Pod>>, SyncError> {
        let selector = set.spec.as_ref().map(|spec| &spec.selector);
        let Some(selector) = selector.and_then(owner::selector_of) else { return Ok(Vec::new()) };
        let deleting = set.metadata.deletion_timestamp.is_some();
        let mut claimed = Vec::new();
        for pod in self.pods.in_namespace(&key.namespace) {
            let matches = owner::selects(&selector, &pod.metadata);
            let ours = owner::is_controlled_by(&pod.metadata, &set.metadata);
            if ours && matches {
                claimed.push(pod);
            } else if ours && !deleting {
                self.release(set, &pod).await?;
            } else if matches
                && !deleting
                && owner::controller_of(&pod.metadata).is_none()
                && pods::is_active(&pod)
            {
                self.adopt(set, &pod).await?;
                claimed.push(pod);
            }
        }
        Ok(claimed)
    }

    async fn adopt(&self, set: &ReplicaSet, pod: &Pod) -> Result<(), SyncError> {
        let reference = owner::controller_reference::<ReplicaSet>(&set.metadata);
        let mut references = pod.metadata.owner_references.clone().unwrap_or_default();
        references.push(reference);
        self.patch_pod(pod, json!({"ownerReferences": references, "uid": pod.metadata.uid})).await
    }

    async fn release(&self, set: &ReplicaSet, pod: &Pod) -> Result<(), SyncError> {
        let mut references = pod.metadata.owner_references.clone().unwrap_or_default();
        references.retain(|reference| Some(&reference.uid) != set.metadata.uid.as_ref());
        self.patch_pod(pod, json!({"ownerReferences": references, "uid": pod.metadata.uid})).await
    }

    async fn patch_pod(&self, pod: &Pod, metadata: serde_json::Value) -> Result<(), SyncError> {
        let namespace = pod.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        let patch = Patch::Merge(json!({"metadata": metadata}));
        match api.patch(pods::name(pod), &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Carries a plan out; returns why it could not be, in a condition's words.
    async fn carry_out(
        &self,
        set: &ReplicaSet,
        key: &ObjectKey,
        plan: Plan,
    ) -> Option<(&'static str, String)> {
        if plan.create > 0 {
            self.expectations.expect(key, plan.create, Vec::new());
            let failed = self.create(set, key, plan.create).await;
            return failed.map(|error| ("FailedCreate", error.to_string()));
        }
        if plan.delete.is_empty() {
            return None;
        }
        let uids = plan.delete.iter().map(|pod| pods::uid(pod).to_owned()).collect();
        self.expectations.expect(key, 0, uids);
        let failed = self.delete(set, key, &plan.delete).await;
        failed.map(|error| ("FailedDelete", error.to_string()))
    }

    /// Creates pods in growing batches, so that a refusal of all costs little.
    async fn create(&self, set: &ReplicaSet, key: &ObjectKey, count: usize) -> Option<ClientError> {
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let pod = pod_of(set);
        let about = reference(set);
        let mut left = count;
        let mut batch = 1;
        while left > 0 {
            let size = batch.min(left);
            let options = WriteOptions::default();
            let made = join_all((0..size).map(|_| api.create(&pod, &options))).await;
            left -= size;
            batch *= 2;
            let mut failed = None;
            for one in made {
                match one {
                    Ok(pod) => {
                        let words = format!("Created pod: {}", pods::name(&pod));
                        self.recorder.event(&about, EventKind::Normal, "SuccessfulCreate", words);
                    }
                    Err(error) => {
                        self.expectations.created(key);
                        let words = format!("Error creating: {error}");
                        self.recorder.event(&about, EventKind::Warning, "FailedCreate", words);
                        failed = Some(error);
                    }
                }
            }
            if failed.is_some() {
                (0..left).for_each(|_| self.expectations.created(key));
                return failed;
            }
        }
        None
    }

    async fn delete(
        &self,
        set: &ReplicaSet,
        key: &ObjectKey,
        surplus: &[Arc<Pod>],
    ) -> Option<ClientError> {
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let about = reference(set);
        let failed = Mutex::new(None);
        join_all(surplus.iter().map(async |pod| {
            let options = DeleteOptions::of_uid(pods::uid(pod));
            match api.delete(pods::name(pod), &options).await {
                Ok(_) => {
                    let words = format!("Deleted pod: {}", pods::name(pod));
                    self.recorder.event(&about, EventKind::Normal, "SuccessfulDelete", words);
                }
                Err(error) => {
                    self.expectations.deleted(key, pods::uid(pod));
                    if !error.not_found() {
                        let words = format!("Error deleting: {error}");
                        self.recorder.event(&about, EventKind::Warning, "FailedDelete", words);
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    }
                }
            }
        }))
        .await;
        failed.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_status(
        &self,
        set: &ReplicaSet,
        key: &ObjectKey,
        status: ReplicaSetStatus,
    ) -> Result<(), SyncError> {
        if set.status.as_ref() == Some(&status) {
            return Ok(());
        }
        let mut new = set.clone();
        new.status = Some(status);
        let api = Api::<ReplicaSet>::namespaced(&self.client, key.namespace.clone());
        match api.update_status(&new, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl Controller for ReplicaSets {
    fn name(&self) -> &'static str {
        "replicaset-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let (keys, expectations) = (queue.clone(), Arc::clone(&self.expectations));
        self.sets.on_change(move |old, new| {
            if let Some(set) = new.or(old) {
                let key = ObjectKey::of(&**set);
                if new.is_none() {
                    expectations.forget(&key);
                }
                keys.add(key);
            }
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.pods.on_change(move |old, new| {
            if let Some(shell) = shell.upgrade() {
                shell.pod_changed(&keys, old, new);
            }
        });
    }

    async fn ready(&self) {
        self.sets.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(set) = self.sets.find(key) else { return Ok(Next::Settled) };
        let settled = self.expectations.met(key);
        let owned = self.claim(&set, key).await?;
        let seen = Observed { set: &set, pods: &owned, now: lifecycle::clock::now() };
        let plan = if settled { reconcile(&seen) } else { Plan::default() };
        let failure = self.carry_out(&set, key, plan).await;
        let words = failure.as_ref().map(|(reason, message)| (*reason, message.as_str()));
        self.write_status(&set, key, status(&seen, words)).await?;
        if let Some((_, message)) = failure {
            return Err(message.into());
        }
        Ok(next_available(&seen).map_or(Next::Settled, Next::After))
    }
}

impl ReplicaSets {
    fn pod_changed(
        &self,
        queue: &WorkQueue<ObjectKey>,
        old: Option<&Arc<Pod>>,
        new: Option<&Arc<Pod>>,
    ) {
        let owner_of = |pod: &Arc<Pod>| owner::controller_key::<ReplicaSet>(&**pod);
        let before = old.and_then(owner_of);
        let after = new.and_then(owner_of);
        if let (None, Some(key)) = (old, &after) {
            self.expectations.created(key);
        }
        let leaving = |pod: &Arc<Pod>| pod.metadata.deletion_timestamp.is_some();
        if let (Some(pod), Some(key)) = (old.or(new), before.as_ref().or(after.as_ref()))
            && new.is_none_or(leaving)
        {
            self.expectations.deleted(key, pods::uid(pod));
        }
        let orphan = new.filter(|pod| owner::controller_of(&pod.metadata).is_none());
        if let Some(pod) = orphan {
            self.queue_those_that_match(queue, pod);
        }
        before.into_iter().chain(after).for_each(|key| queue.add(key));
    }

    /// A pod that nobody controls may be wanted by any set of its namespace.
    fn queue_those_that_match(&self, queue: &WorkQueue<ObjectKey>, pod: &Pod) {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        for set in self.sets.in_namespace(namespace) {
            let selector = set.spec.as_ref().and_then(|spec| owner::selector_of(&spec.selector));
            if selector.is_some_and(|selector| owner::selects(&selector, &pod.metadata)) {
                queue.add(ObjectKey::of(&*set));
            }
        }
    }
}

/// A pod of the set's template.
fn pod_of(set: &ReplicaSet) -> Pod {
    let template = set.spec.as_ref().and_then(|spec| spec.template.clone());
    let PodTemplateSpec { metadata, spec } = template.unwrap_or_default();
    let template = metadata.unwrap_or_default();
    let name = set.metadata.name.as_deref().unwrap_or_default();
    Pod {
        metadata: ObjectMeta {
            generate_name: Some(format!("{name}-")),
            labels: template.labels,
            annotations: template.annotations,
            finalizers: template.finalizers,
            owner_references: Some(vec![owner::controller_reference::<ReplicaSet>(&set.metadata)]),
            ..ObjectMeta::default()
        },
        spec,
        status: None,
    }
}
