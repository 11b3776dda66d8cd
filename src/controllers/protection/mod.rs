//! Protection of storage in use: a claim goes when no pod has it, a volume when no claim is bound to it,
//! a class of attributes when no claim and no volume names it.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/pvcprotection` and `pvprotection`.

mod reconcile;

use std::sync::Arc;

use client::{Api, Client, ListOptions, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::{
    core::v1::{PersistentVolume, PersistentVolumeClaim, Pod},
    storage::v1::VolumeAttributesClass,
};
use serde_json::json;

use self::reconcile::{
    Move, attributes_of, attributes_of_volume, claims_of, for_claim, for_volume, is_bound, uses,
};
use crate::{
    claim::Kind,
    driver::{Controller, Next, Shop, SyncError, queue_each},
};

const CLAIM: &str = "kubernetes.io/pvc-protection";
const VOLUME: &str = "kubernetes.io/pv-protection";
const ATTRIBUTES: &str = "kubernetes.io/vac-protection";

/// The shell that looks after claims.
#[derive(Debug)]
pub(crate) struct Claims {
    client: Client,
    known: SharedCache<PersistentVolumeClaim>,
    pods: SharedCache<Pod>,
}

impl Claims {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            known: shop.informers.cache(),
            pods: shop.informers.cache(),
        }
    }

    /// Whether a pod has a claim; a cache may be late, so that the server has the last word.
    async fn in_use(
        &self,
        claim: &PersistentVolumeClaim,
        key: &ObjectKey,
    ) -> Result<bool, SyncError> {
        if self.pods.in_namespace(&key.namespace).iter().any(|pod| uses(pod, claim)) {
            return Ok(true);
        }
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let pods = api.list(&ListOptions::default()).await?;
        Ok(pods.items.iter().any(|pod| uses(pod, claim)))
    }
}

impl Controller for Claims {
    fn name(&self) -> &'static str {
        "persistentvolumeclaim-protection-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.known, queue);
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            // A pod that is replaced under its name, ends or goes may be the last that had a claim.
            let gone = old.filter(|old| new.is_none_or(|new| new.metadata.uid != old.metadata.uid));
            let live = new.filter(|pod| crate::pods::is_shut_down(pod));
            for pod in gone.into_iter().chain(live) {
                let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
                for name in claims_of(pod) {
                    keys.add(ObjectKey::new(namespace, name));
                }
            }
        });
    }

    async fn ready(&self) {
        self.known.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(claim) = self.known.find(key) else { return Ok(Next::Settled) };
        let next = match for_claim(&claim.metadata, CLAIM) {
            Move::Remove if self.in_use(&claim, key).await? => Move::Stay,
            next => next,
        };
        carry_out(&self.client, &*claim, next, CLAIM).await
    }
}

/// The shell that looks after volumes.
#[derive(Debug)]
pub(crate) struct Volumes {
    client: Client,
    volumes: SharedCache<PersistentVolume>,
}

impl Volumes {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), volumes: shop.informers.cache() }
    }
}

impl Controller for Volumes {
    fn name(&self) -> &'static str {
        "persistentvolume-protection-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.volumes, queue);
    }

    async fn ready(&self) {
        self.volumes.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(volume) = self.volumes.find(key) else { return Ok(Next::Settled) };
        let next = for_volume(&volume.metadata, is_bound(&volume), VOLUME);
        carry_out(&self.client, &*volume, next, VOLUME).await
    }
}

/// The shell that looks after classes of attributes of volumes.
#[derive(Debug)]
pub(crate) struct Attributes {
    client: Client,
    classes: SharedCache<VolumeAttributesClass>,
    claims: SharedCache<PersistentVolumeClaim>,
    volumes: SharedCache<PersistentVolume>,
}

impl Attributes {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            classes: shop.informers.cache(),
            claims: shop.informers.cache(),
            volumes: shop.informers.cache(),
        }
    }

    fn in_use(&self, name: &str) -> bool {
        self.claims.list().iter().any(|claim| attributes_of(claim).contains(&name))
            || self.volumes.list().iter().any(|volume| attributes_of_volume(volume) == Some(name))
    }
}

impl Controller for Attributes {
    fn name(&self) -> &'static str {
        "volumeattributesclass-protection-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.classes, queue);
        let keys = queue.clone();
        self.claims.on_change(move |old, _| {
            for name in old.iter().flat_map(|claim| attributes_of(claim)) {
                keys.add(ObjectKey::new("", name));
            }
        });
        let keys = queue.clone();
        self.volumes.on_change(move |old, _| {
            if let Some(name) = old.and_then(|volume| attributes_of_volume(volume)) {
                keys.add(ObjectKey::new("", name));
            }
        });
    }

    async fn ready(&self) {
        self.classes.synced().await;
        self.claims.synced().await;
        self.volumes.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(class) = self.classes.find(key) else { return Ok(Next::Settled) };
        let next = for_volume(&class.metadata, self.in_use(&key.name), ATTRIBUTES);
        carry_out(&self.client, &*class, next, ATTRIBUTES).await
    }
}

/// Adds or takes off a finalizer, of the object as it was seen.
async fn carry_out<K: Kind>(
    client: &Client,
    object: &K,
    next: Move,
    finalizer: &str,
) -> Result<Next, SyncError> {
    let meta = object.metadata();
    let mut finalizers = meta.finalizers.clone().unwrap_or_default();
    match next {
        Move::Stay => return Ok(Next::Settled),
        Move::Add => finalizers.push(finalizer.to_owned()),
        Move::Remove => finalizers.retain(|known| known != finalizer),
    }
    let patch = Patch::Merge(json!({"metadata": {
        "finalizers": finalizers, "uid": meta.uid, "resourceVersion": meta.resource_version,
    }}));
    let namespace = meta.namespace.clone().unwrap_or_default();
    let api = if namespace.is_empty() {
        Api::<K>::all(client)
    } else {
        Api::<K>::namespaced(client, namespace)
    };
    let name = meta.name.as_deref().unwrap_or_default();
    match api.patch(name, &patch, &WriteOptions::default()).await {
        Err(error) if !error.not_found() => Err(error.into()),
        _ => Ok(Next::Settled),
    }
}
