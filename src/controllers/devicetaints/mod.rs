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
    driver::{Controller, Next, Shop, SyncError, settled},
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
        settled(api.patch_status(&key.name, &patch, &WriteOptions::default()).await)?;
        let words = format!("Marking for deletion {key}");
        self.recorder.event(
            &reference(pod),
            EventKind::Normal,
            "DeviceTaintManagerEviction",
            words,
        );
        settled(api.delete(&key.name, &DeleteOptions::of_uid(pods::uid(pod))).await)?;
        Ok(())
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{
        driver,
        scripted::{First, Scene},
    };

    /// A pod whose claim has a device that drives it away.
    fn lists(path: &str) -> Value {
        match path {
            "/api/v1/pods" => json!([{
                "metadata": {"name": "p", "namespace": "n", "uid": "1", "resourceVersion": "1"},
                "spec": {"nodeName": "far", "containers": [],
                    "resourceClaims": [{"name": "r", "resourceClaimName": "c"}]},
            }]),
            "/apis/resource.k8s.io/v1/resourceclaims" => json!([{
                "metadata": {"name": "c", "namespace": "n", "uid": "2", "resourceVersion": "1"},
                "spec": {}, "status": {
                    "allocation": {"devices": {"results": [
                        {"request": "r", "driver": "d", "pool": "p", "device": "x"}]}},
                    "reservedFor": [{"resource": "pods", "name": "p", "uid": "1"}]},
            }]),
            "/apis/resource.k8s.io/v1/resourceslices" => json!([{
                "metadata": {"name": "s", "uid": "3", "resourceVersion": "1"},
                "spec": {"driver": "d",
                    "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1},
                    "devices": [{"name": "x", "taints": [{"key": "k", "effect": "NoExecute",
                        "timeAdded": "2020-01-01T00:00:00Z"}]}]},
            }]),
            _ => json!([]),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_eviction_that_meets_a_conflict_is_tried_again() {
        let mut scene = Scene::new(lists, First::Conflicts);
        let _tasks = driver::run(&scene.shop, DeviceTaints::new(&scene.shop));
        let (patch, path) =
            ("PATCH /api/v1/namespaces/n/pods/p/status", "/api/v1/namespaces/n/pods/p");
        assert_eq!(scene.next().await, patch);
        assert_eq!(scene.next().await, patch);
        assert_eq!(scene.next().await, format!("DELETE {path}"));
    }
}
