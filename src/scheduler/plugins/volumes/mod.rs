//! `VolumeBinding`: a pod goes where its volumes are, and its claims wait for the pod's node.
//! Source: `k8s.io/kubernetes/pkg/scheduler/framework/plugins/volumebinding`.
//!
//! A pod is bound only once all of its claims are: [`VolumeBinding::prepare`] writes what its node asks
//! for, and [`VolumeBinding::is_ready`] says when that has come true.

mod decide;
pub(super) mod limits;
pub(super) mod restrictions;
#[cfg(test)]
mod tests;
pub(super) mod zone;

use std::sync::Arc;

use api::binding::{self, SELECTED_NODE};
use client::{Api, Client, ClientError, Informers, Patch, SharedCache, WriteOptions};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod};
use k8s_openapi::api::storage::v1::{CSINode, StorageClass};
use serde_json::json;

use self::decide::{Deed, Known, claims, on_node};
use super::{Plugin, Refusal};
use crate::nodes::NodeInfo;

/// Storage as the caches show it.
#[derive(Debug, Clone)]
pub(crate) struct VolumeBinding {
    pub(crate) claims: SharedCache<PersistentVolumeClaim>,
    pub(crate) volumes: SharedCache<PersistentVolume>,
    pub(crate) classes: SharedCache<StorageClass>,
    pub(crate) drivers: SharedCache<CSINode>,
}

impl Known for VolumeBinding {
    fn claim(&self, namespace: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>> {
        self.claims.get(namespace, name)
    }

    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>> {
        self.volumes.get("", name)
    }

    fn volumes(&self) -> Vec<Arc<PersistentVolume>> {
        self.volumes.list()
    }

    fn class(&self, name: &str) -> Option<Arc<StorageClass>> {
        self.classes.get("", name)
    }

    fn limits(&self, node: &str) -> Vec<(String, usize)> {
        let Some(known) = self.drivers.get("", node) else { return Vec::new() };
        let limits = known.spec.drivers.iter().filter_map(|driver| {
            let limit = driver.allocatable.as_ref()?.count?;
            Some((driver.name.clone(), usize::try_from(limit).unwrap_or(0)))
        });
        limits.collect()
    }
}

/// Tells whether a pod has a volume by claim.
pub(crate) fn has_claims(pod: &Pod) -> bool {
    let mut volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    volumes.any(|volume| binding::claim_of(pod, volume).is_some())
}

impl VolumeBinding {
    /// Storage of a cluster.
    pub(crate) fn new(informers: &Informers) -> Self {
        Self {
            claims: informers.cache(),
            volumes: informers.cache(),
            classes: informers.cache(),
            drivers: informers.cache(),
        }
    }

    /// Resolves once the caches are filled.
    pub(crate) async fn synced(&self) {
        self.claims.synced().await;
        self.volumes.synced().await;
        self.classes.synced().await;
        self.drivers.synced().await;
    }

    /// Tells whether all claims of a pod have their volumes.
    pub(crate) fn is_ready(&self, pod: &Pod) -> bool {
        !has_claims(pod) || claims(pod, self).is_ok_and(|claims| claims.waiting.is_empty())
    }

    /// Writes what a pod's claims need on the node that was chosen.
    pub(crate) async fn prepare(
        &self,
        client: &Client,
        pod: &Pod,
        node: &NodeInfo,
    ) -> client::Result<()> {
        let Ok(claims) = claims(pod, self) else { return Ok(()) };
        let options = WriteOptions::default();
        for deed in on_node(&claims, &node.node, self).unwrap_or_default() {
            match deed {
                Deed::Keep(volume) => {
                    Api::<PersistentVolume>::all(client).update(&volume, &options).await?;
                }
                Deed::Select(claim) => select(client, &claim, node.name()).await?,
            }
        }
        Ok(())
    }
}

async fn select(
    client: &Client,
    claim: &PersistentVolumeClaim,
    node: &str,
) -> Result<(), ClientError> {
    let meta = &claim.metadata;
    let patch = Patch::Merge(json!({"metadata": {
        "uid": meta.uid, "resourceVersion": meta.resource_version,
        "annotations": {SELECTED_NODE: node},
    }}));
    let namespace = meta.namespace.clone().unwrap_or_default();
    let api = Api::<PersistentVolumeClaim>::namespaced(client, namespace);
    let name = meta.name.as_deref().unwrap_or_default();
    api.patch(name, &patch, &WriteOptions::default()).await.map(drop)
}

impl Plugin for VolumeBinding {
    fn pre_filter(&self, pod: &Pod) -> Result<(), String> {
        claims(pod, self).map(drop)
    }

    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        if !has_claims(pod) {
            return Ok(());
        }
        let claims = claims(pod, self).map_err(|why| Refusal::firm(&why))?;
        on_node(&claims, &node.node, self).map(drop).map_err(Refusal::firm)
    }
}
