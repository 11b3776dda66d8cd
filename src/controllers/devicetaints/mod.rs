//! Device taint eviction: pods leave devices with `NoExecute` taints that their claims do not tolerate, at
//! once or after the time for which they do.
//! Source: `k8s.io/kubernetes/pkg/controller/devicetainteviction`.

mod reconcile;

use std::sync::Arc;

use client::{
    Api, Client, DeleteOptions, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use k8s_openapi::api::{
    core::v1::Pod,
    resource::v1::{ResourceClaim, ResourceSlice},
};
use serde_json::json;

use self::reconcile::{Fate, driving, fate};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    pods,
};

const NAME: &str = "device-taint-eviction-controller";

/// The shell; its keys are pods.
#[derive(Debug)]
pub(crate) struct DeviceTaints {
    client: Client,
    pods: SharedCache<Pod>,
    claims: SharedCache<ResourceClaim>,
    slices: SharedCache<ResourceSlice>,
    recorder: Recorder,
}

impl DeviceTaints {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            pods: shop.informers.cache(),
            claims: shop.informers.cache(),
            slices: shop.informers.cache(),
            recorder: shop.recorder(NAME),
        }
    }

    async fn evict(&self, key: &ObjectKey, pod: &Pod) -> Result<(), SyncError> {
        let words = format!("Marking for deletion {key}");
        self.recorder.event(
            &reference(pod),
            EventKind::Normal,
            "DeviceTaintManagerEviction",
            words,
        );
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        let condition = json!({
            "type": "DisruptionTarget", "status": "True", "reason": "DeletionByDeviceTaintManager",
            "message": "Device Taint manager: deleting due to NoExecute taint",
            "lastTransitionTime": now, "observedGeneration": pod.metadata.generation,
        });
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": pod.metadata.uid}, "status": {"conditions": [condition]},
        }));
        match api.patch_status(&key.name, &patch, &WriteOptions::default()).await {
            // Gone, or another of its name.
            Err(error) if error.not_found() || error.conflict() => return Ok(()),
            answer => drop(answer?),
        }
        match api.delete(&key.name, &DeleteOptions::of_uid(pods::uid(pod))).await {
            Err(error) if !error.not_found() && !error.conflict() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Queues the pods that use a claim.
fn queue_users(claim: &ResourceClaim, queue: &WorkQueue<ObjectKey>) {
    let namespace = claim.metadata.namespace.clone().unwrap_or_default();
    let users = claim.status.iter().flat_map(|status| status.reserved_for.iter().flatten());
    for user in users.filter(|user| user.resource == "pods") {
        queue.add(ObjectKey::new(namespace.clone(), user.name.clone()));
    }
}

/// The taints of a slice's devices.
fn taints(slice: &ResourceSlice) -> Vec<(&str, &[k8s_openapi::api::resource::v1::DeviceTaint])> {
    let devices = slice.spec.devices.iter().flatten();
    devices
        .map(|device| (device.name.as_str(), device.taints.as_deref().unwrap_or_default()))
        .collect()
}

impl Controller for DeviceTaints {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.claims.on_change(move |_, new| {
            if let Some(claim) = new {
                queue_users(claim, &keys);
            }
        });
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            let Some(pod) = new.filter(|pod| !pods::node_name(pod).is_empty()) else { return };
            let claims = pod.spec.as_ref().and_then(|spec| spec.resource_claims.as_ref());
            if claims.is_some() && old.is_none_or(|old| pods::node_name(old).is_empty()) {
                keys.add(ObjectKey::of(&**pod));
            }
        });
        let (keys, claims) = (queue.clone(), self.claims.clone());
        self.slices.on_change(move |old, new| {
            let differ = match (old, new) {
                (Some(old), Some(new)) => taints(old) != taints(new),
                _ => true,
            };
            if differ {
                claims.list().iter().for_each(|claim| queue_users(claim, &keys));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.claims.synced().await;
        self.slices.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key) else { return Ok(Next::Settled) };
        let (claims, slices) = (self.claims.in_namespace(&key.namespace), self.slices.list());
        let now = lifecycle::clock::now();
        match fate(&pod, &claims, &driving(&slices), now) {
            Fate::Stay => Ok(Next::Settled),
            Fate::Until(left) => Ok(Next::After(left)),
            Fate::Go => {
                self.evict(key, &pod).await?;
                Ok(Next::Settled)
            }
        }
    }
}
