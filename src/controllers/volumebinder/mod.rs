//! Persistent volume binder: gives claims their volumes, and says what became of both.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/persistentvolume`.
//!
//! Makes and deletes no storage: that is the work of whoever a class names as its provisioner.

mod reconcile;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use api::binding::{self, claim_ref, class_of, class_of_volume, volume_name};
use client::{Api, Client, ObjectKey, Recorder, SharedCache, WorkQueue, WriteOptions, reference};
use k8s_openapi::{
    api::{
        core::v1::{ObjectReference, PersistentVolume, PersistentVolumeClaim, Pod},
        storage::v1::StorageClass,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};

use self::reconcile::{ClaimSeen, Plan, Step, for_claim, for_volume};
use crate::driver::{Controller, Next, Shop, SyncError};

const NAME: &str = "persistentvolume-binder";
/// Index of claims: by the volume that they name, or by their class where they name none.
const BY_WISH: &str = "wish";
/// Index of volumes: by the claim that they name.
const BY_CLAIM: &str = "claim";

/// The shell. Keys of volumes have no namespace.
#[derive(Debug)]
pub(crate) struct Binder {
    client: Client,
    claims: SharedCache<PersistentVolumeClaim>,
    volumes: SharedCache<PersistentVolume>,
    classes: SharedCache<StorageClass>,
    pods: SharedCache<Pod>,
    recorder: Recorder,
}

impl Binder {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            claims: shop.informers.cache(),
            volumes: shop.informers.cache(),
            classes: shop.informers.cache(),
            pods: shop.informers.cache(),
            recorder: shop.recorder("persistentvolume-controller"),
        }
    }

    fn plan_for_claim(&self, claim: &PersistentVolumeClaim) -> Plan {
        let class = self.classes.get("", class_of(claim));
        let mut defaults = self.classes.list();
        defaults.retain(|class| binding::is_default(class));
        let newest = defaults.iter().max_by(|left, right| {
            let born = |class: &StorageClass| class.metadata.creation_timestamp.clone();
            // Of those of one second the first by name.
            born(left).cmp(&born(right)).then(right.metadata.name.cmp(&left.metadata.name))
        });
        let namespace = claim.metadata.namespace.as_deref().unwrap_or_default();
        let mut pods = self.pods.in_namespace(namespace);
        pods.retain(|pod| waits_with(pod, claim));
        let pods: Vec<String> = pods.iter().map(|pod| crate::pods::name(pod).to_owned()).collect();
        for_claim(&ClaimSeen {
            claim,
            volumes: &self.volumes.list(),
            class: class.as_deref(),
            default_class: newest.and_then(|class| class.metadata.name.as_deref()),
            pods: &pods,
        })
    }

    /// The claim that a volume names. A cache may be late, and what is released may be deleted: that a
    /// claim is gone is the server's word.
    async fn claim_of(
        &self,
        volume: &PersistentVolume,
    ) -> Result<Option<Arc<PersistentVolumeClaim>>, SyncError> {
        let Some(named) = claim_ref(volume) else { return Ok(None) };
        let (namespace, name) = names(named);
        let same = |claim: &PersistentVolumeClaim| claim.metadata.uid == named.uid;
        if let Some(claim) = self.claims.get(namespace, name).filter(|claim| same(claim)) {
            return Ok(Some(claim));
        }
        let api = Api::<PersistentVolumeClaim>::namespaced(&self.client, namespace);
        Ok(api.find(name).await?.filter(same).map(Arc::new))
    }

    async fn carry_out(&self, plan: Plan, about: &ObjectReference) -> Result<Next, SyncError> {
        let options = WriteOptions::default();
        let volumes = Api::<PersistentVolume>::all(&self.client);
        let claims = |claim: &PersistentVolumeClaim| {
            let namespace = claim.metadata.namespace.clone().unwrap_or_default();
            Api::<PersistentVolumeClaim>::namespaced(&self.client, namespace)
        };
        // The second write of an object rests on the first.
        let (mut volume_at, mut claim_at) = (None, None);
        for step in plan.steps {
            match step {
                Step::Volume(volume) => {
                    let written = volumes.update(&volume, &options).await?;
                    volume_at = written.metadata.resource_version;
                }
                Step::VolumeStatus(mut volume) => {
                    let known = volume.metadata.resource_version.take();
                    volume.metadata.resource_version = volume_at.take().or(known);
                    volume.status.get_or_insert_default().last_phase_transition_time =
                        Some(Time(lifecycle::clock::now()));
                    volumes.update_status(&volume, &options).await?;
                }
                Step::Claim(claim) => {
                    let written = claims(&claim).update(&claim, &options).await?;
                    claim_at = written.metadata.resource_version;
                }
                Step::ClaimStatus(mut claim) => {
                    let known = claim.metadata.resource_version.take();
                    claim.metadata.resource_version = claim_at.take().or(known);
                    claims(&claim).update_status(&claim, &options).await?;
                }
            }
        }
        for remark in plan.remarks {
            remark.say(&self.recorder, about);
        }
        Ok(Next::Settled)
    }

    /// Claims that a volume may concern: those that name it, and those that wait for one like it.
    fn claims_for(&self, volume: &PersistentVolume) -> Vec<Arc<PersistentVolumeClaim>> {
        let name = volume.metadata.name.as_deref().unwrap_or_default();
        let mut found = self.claims.indexed(BY_WISH, name);
        found.extend(self.claims.indexed(BY_WISH, &wish_for(class_of_volume(volume))));
        found
    }

    fn watch_claims(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.claims.index(BY_WISH, |claim| match volume_name(claim) {
            "" => vec![wish_for(class_of(claim))],
            name => vec![name.to_owned()],
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.claims.on_change(move |old, new| {
            let Some(shell) = shell.upgrade() else { return };
            let Some(claim) = new.or(old) else { return };
            let key = ObjectKey::of(&**claim);
            for volume in shell.volumes.indexed(BY_CLAIM, &key.to_string()) {
                keys.add(ObjectKey::of(&*volume));
            }
            if new.is_some() {
                keys.add(key);
            }
        });
    }

    fn watch_volumes(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.volumes.index(BY_CLAIM, |volume| {
            let key = claim_ref(volume).map(|it| {
                let (namespace, name) = names(it);
                ObjectKey::new(namespace, name).to_string()
            });
            key.into_iter().collect()
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.volumes.on_change(move |old, new| {
            let Some(shell) = shell.upgrade() else { return };
            let Some(volume) = new.or(old) else { return };
            if new.is_some() {
                keys.add(ObjectKey::of(&**volume));
            }
            if let Some(named) = claim_ref(volume) {
                let (namespace, name) = names(named);
                keys.add(ObjectKey::new(namespace, name));
            }
            for claim in shell.claims_for(volume) {
                keys.add(ObjectKey::of(&*claim));
            }
        });
    }
}

fn wish_for(class: &str) -> String {
    // No volume can be called so.
    format!("/{class}")
}

fn names(reference: &ObjectReference) -> (&str, &str) {
    let namespace = reference.namespace.as_deref().unwrap_or_default();
    (namespace, reference.name.as_deref().unwrap_or_default())
}

/// Tells whether a pod without a node has a claim.
fn waits_with(pod: &Pod, claim: &PersistentVolumeClaim) -> bool {
    let spec = pod.spec.as_ref();
    let Some(spec) = spec.filter(|it| it.node_name.as_deref().is_none_or(str::is_empty)) else {
        return false;
    };
    let mut named = spec.volumes.iter().flatten().filter_map(|it| binding::claim_of(pod, it));
    named.any(|(name, _)| Some(&name) == claim.metadata.name.as_ref())
}

impl Controller for Binder {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.watch_claims(queue);
        self.watch_volumes(queue);
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.classes.on_change(move |_, new| {
            let (Some(shell), Some(class)) = (shell.upgrade(), new) else { return };
            let name = class.metadata.name.as_deref().unwrap_or_default();
            let mut claims = shell.claims.indexed(BY_WISH, &wish_for(name));
            if binding::is_default(class) {
                claims.extend(shell.claims.indexed(BY_WISH, &wish_for("")));
            }
            for claim in claims {
                keys.add(ObjectKey::of(&*claim));
            }
        });
    }

    async fn ready(&self) {
        self.claims.synced().await;
        self.volumes.synced().await;
        self.classes.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        if key.namespace.is_empty() {
            let Some(volume) = self.volumes.find(key) else { return Ok(Next::Settled) };
            let claim = self.claim_of(&volume).await?;
            let plan = for_volume(&volume, claim.as_deref());
            return self.carry_out(plan, &reference(&*volume)).await;
        }
        let Some(claim) = self.claims.find(key) else { return Ok(Next::Settled) };
        let plan = self.plan_for_claim(&claim);
        self.carry_out(plan, &reference(&*claim)).await
    }
}
