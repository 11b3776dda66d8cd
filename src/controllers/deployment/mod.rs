//! Deployment: moves from one ReplicaSet to the next without losing more pods than allowed.

mod reconcile;
mod revision;
mod rolling;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use client::{
    Api, DeleteOptions, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use k8s_openapi::api::{
    apps::v1::{Deployment, DeploymentStatus, ReplicaSet},
    core::v1::Pod,
};
use machinery::well_known;
use serde_json::{Value, json};

use self::{
    reconcile::{Action, Observed, reconcile},
    revision::{name, newest},
    rolling::spec_replicas,
    status::{Deed, Facts, refused, status, time_left},
};
use crate::{
    claim::Claim,
    driver::{Controller, Next, Shop, SyncError, settled},
    expectations::Expectations,
    owner,
    podcontrol::namespace_ends,
};

/// The shell.
#[derive(Debug)]
pub(crate) struct Deployments {
    client: client::Client,
    objects: SharedCache<Deployment>,
    sets: SharedCache<ReplicaSet>,
    pods: SharedCache<Pod>,
    /// Sets that were made: until they show, how many pods there are is not known.
    expectations: Arc<Expectations>,
    recorder: Recorder,
}

impl Deployments {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            objects: shop.informers.cache(),
            sets: shop.informers.cache(),
            pods: shop.informers.cache(),
            expectations: Arc::default(),
            recorder: shop.recorder("deployment-controller"),
        }
    }

    /// The sets that the Deployment controls, after taking in and letting go.
    async fn claim(
        &self,
        deployment: &Deployment,
        key: &ObjectKey,
    ) -> Result<Vec<Arc<ReplicaSet>>, SyncError> {
        let selector = deployment.spec.as_ref().map(|spec| &spec.selector);
        let Some(selector) = selector.and_then(owner::selector_of) else { return Ok(Vec::new()) };
        let claim = Claim { client: &self.client, owner: deployment, finalizer: None };
        let sets = self.sets.in_namespace(&key.namespace);
        claim.run(sets, |set: &ReplicaSet| owner::selects(&selector, &set.metadata)).await
    }

    async fn patch_set(&self, set: &ReplicaSet, patch: &Value) -> Result<(), SyncError> {
        let namespace = set.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<ReplicaSet>::namespaced(&self.client, namespace);
        let mut patch = patch.clone();
        // Only the set that was looked at: a name may have changed hands.
        patch["metadata"]["uid"] = json!(set.metadata.uid);
        let patch = Patch::Merge(patch);
        match api.patch(name(set), &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn carry_out(
        &self,
        deployment: &Deployment,
        key: &ObjectKey,
        action: Action,
    ) -> Result<Option<Deed>, SyncError> {
        match action {
            Action::Create(set) => return Box::pin(self.create(deployment, key, *set)).await,
            Action::Adjust { set, annotations, min_ready_seconds } => {
                let patch = json!({
                    "metadata": {"annotations": annotations},
                    "spec": {"minReadySeconds": min_ready_seconds},
                });
                self.patch_set(&set, &patch).await?;
            }
            Action::Resize { set, replicas, annotations } => {
                let before = spec_replicas(&set);
                let patch = json!({
                    "metadata": {"annotations": annotations, "resourceVersion": set.metadata.resource_version},
                    "spec": {"replicas": replicas},
                });
                self.patch_set(&set, &patch).await?;
                if before != replicas {
                    self.tell_scaling(deployment, name(&set), before, replicas);
                }
            }
            Action::Delete(set) => {
                let api = Api::<ReplicaSet>::namespaced(&self.client, key.namespace.clone());
                let uid = set.metadata.uid.clone().unwrap_or_default();
                match api.delete(name(&set), &DeleteOptions::of_uid(uid)).await {
                    Err(error) if !error.not_found() => return Err(error.into()),
                    _ => {}
                }
            }
            Action::SetRevision(number) => {
                let api = Api::<Deployment>::namespaced(&self.client, key.namespace.clone());
                let patch = json!({"metadata": {
                    "uid": deployment.metadata.uid,
                    "annotations": {well_known::REVISION: number.to_string()},
                }});
                api.patch(&key.name, &Patch::Merge(patch), &WriteOptions::default()).await?;
            }
        }
        Ok(None)
    }

    fn tell_scaling(&self, deployment: &Deployment, set: &str, from: i32, to: i32) {
        let way = if to > from { "up" } else { "down" };
        let words = format!("Scaled {way} replica set {set} from {from} to {to}");
        self.recorder.event(&reference(deployment), EventKind::Normal, "ScalingReplicaSet", words);
    }

    /// Makes the newest set; a stranger under its name makes the next hash another one.
    async fn create(
        &self,
        deployment: &Deployment,
        key: &ObjectKey,
        set: ReplicaSet,
    ) -> Result<Option<Deed>, SyncError> {
        let api = Api::<ReplicaSet>::namespaced(&self.client, key.namespace.clone());
        let wanted = spec_replicas(&set);
        self.expectations.expect(key, 1, Vec::new());
        let answer = api.create(&set, &WriteOptions::default()).await;
        if answer.is_err() {
            self.expectations.created(key);
        }
        match answer {
            Ok(made) => {
                if wanted > 0 {
                    self.tell_scaling(deployment, name(&made), 0, wanted);
                }
                Ok(Some(Deed::Created(name(&made).to_owned())))
            }
            Err(error) if error.already_exists() => {
                let found = api.get(name(&set)).await?;
                let ours = owner::is_controlled_by(&found.metadata, &deployment.metadata);
                let found = Arc::new(found);
                if ours && newest(deployment, std::slice::from_ref(&found)).is_some() {
                    // Its making was not heard of, and the cache may not show it yet.
                    self.expectations.expect(key, 1, Vec::new());
                    if self.sets.get(&key.namespace, name(&found)).is_some() {
                        self.expectations.created(key);
                    }
                    return Ok(Some(Deed::Found(name(&found).to_owned())));
                }
                self.count_collision(deployment, key).await?;
                Err(format!("replica set {} belongs to somebody else", name(&set)).into())
            }
            // Every creation would fail, and nobody reads what is told of it.
            Err(error) if namespace_ends(&error) => Err(error.into()),
            Err(error) => {
                let words = format!("Failed to create new replica set {:?}: {error}", name(&set));
                let status = refused(deployment, &words, lifecycle::clock::now());
                // The refusal is what there is to report.
                drop(self.write_status(deployment, key, status).await);
                let about = reference(deployment);
                self.recorder.event(&about, EventKind::Warning, "ReplicaSetCreateError", words);
                Err(error.into())
            }
        }
    }

    async fn count_collision(
        &self,
        deployment: &Deployment,
        key: &ObjectKey,
    ) -> Result<(), SyncError> {
        let mut status = deployment.status.clone().unwrap_or_default();
        status.collision_count = Some(status.collision_count.unwrap_or(0) + 1);
        self.write_status(deployment, key, status).await
    }

    async fn write_status(
        &self,
        deployment: &Deployment,
        key: &ObjectKey,
        status: DeploymentStatus,
    ) -> Result<(), SyncError> {
        if deployment.status.as_ref() == Some(&status) {
            return Ok(());
        }
        let mut new = deployment.clone();
        new.status = Some(status);
        let api = Api::<Deployment>::namespaced(&self.client, key.namespace.clone());
        // Where somebody wrote in between, that is kept, and the status told of what it made.
        Ok(settled(api.update_status(&new, &WriteOptions::default()).await)?)
    }
}

impl Controller for Deployments {
    fn name(&self) -> &'static str {
        "deployment-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let (keys, expectations) = (queue.clone(), Arc::clone(&self.expectations));
        self.objects.on_change(move |old, new| {
            let Some(deployment) = new.or(old) else { return };
            let key = ObjectKey::of(&**deployment);
            if new.is_none() {
                expectations.forget(&key);
            }
            keys.add(key);
        });
        let (keys, deployments) = (queue.clone(), self.objects.clone());
        let expectations = Arc::clone(&self.expectations);
        self.sets.on_change(move |old, new| {
            let fresh = new.filter(|_| old.is_none());
            if let Some(key) = fresh.and_then(|set| owner::controller_key::<Deployment>(&**set)) {
                expectations.created(&key);
            }
            for set in [old, new].into_iter().flatten() {
                match owner::controller_key::<Deployment>(&**set) {
                    Some(key) => keys.add(key),
                    None => queue_those_that_match(&keys, &deployments, set),
                }
            }
        });
        // A recreation waits for the last old pod to go.
        let (keys, sets) = (queue.clone(), self.sets.clone());
        self.pods.on_change(move |old, new| {
            let gone = old.filter(|_| new.is_none());
            let set = gone.and_then(|pod| owner::controller_key::<ReplicaSet>(&**pod));
            let set = set.and_then(|key| sets.find(&key));
            if let Some(key) = set.and_then(|set| owner::controller_key::<Deployment>(&*set)) {
                keys.add(key);
            }
        });
    }

    async fn ready(&self) {
        self.objects.synced().await;
        self.sets.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(deployment) = self.objects.find(key) else { return Ok(Next::Settled) };
        let sets = self.claim(&deployment, key).await?;
        let uids: Vec<_> = sets.iter().map(|set| set.metadata.uid.clone()).collect();
        let mut pods = self.pods.in_namespace(&key.namespace);
        pods.retain(|pod| {
            let owner = owner::controller_of(&pod.metadata);
            owner.is_some_and(|owner| uids.contains(&Some(owner.uid.clone())))
        });
        let mut deed = None;
        for action in reconcile(&Observed { deployment: &deployment, sets: &sets, pods: &pods }) {
            let patience = self.expectations.patience(key);
            if let (Action::Create(_), Some(left)) = (&action, patience) {
                return Ok(Next::After(left));
            }
            deed = Box::pin(self.carry_out(&deployment, key, action)).await?.or(deed);
        }
        let now = lifecycle::clock::now();
        let newest = newest(&deployment, &sets);
        let facts = Facts { deployment: &deployment, newest, all: &sets, deed, now };
        let status = status(&facts);
        let left = time_left(&deployment, &status, now);
        self.write_status(&deployment, key, status).await?;
        Ok(left.map_or(Next::Settled, Next::After))
    }
}

/// A set that nobody controls may be wanted by any Deployment of its namespace.
fn queue_those_that_match(
    queue: &WorkQueue<ObjectKey>,
    deployments: &SharedCache<Deployment>,
    set: &ReplicaSet,
) {
    let namespace = set.metadata.namespace.as_deref().unwrap_or_default();
    for deployment in deployments.in_namespace(namespace) {
        let selector = deployment.spec.as_ref().and_then(|spec| owner::selector_of(&spec.selector));
        if selector.is_some_and(|selector| owner::selects(&selector, &set.metadata)) {
            queue.add(ObjectKey::of(&*deployment));
        }
    }
}
