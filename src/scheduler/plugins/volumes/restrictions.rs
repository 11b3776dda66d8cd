//! `VolumeRestrictions`: some disks bear one pod a node, some claims one pod at all.
//! Source: `framework/plugins/volumerestrictions`.

use std::sync::Arc;

use api::binding;
use k8s_openapi::api::core::v1::{Pod, Volume};

use super::{Known, VolumeBinding};
use crate::{
    nodes::NodeInfo,
    plugins::{Change, Plugin, Refusal, Round},
};

/// Refuses nodes whose pods use what the pod needs for itself.
#[derive(Debug, Clone)]
pub(crate) struct VolumeRestrictions<K = VolumeBinding>(pub(crate) K);

/// What one pod needs for itself.
#[derive(Debug, Clone)]
struct Alone {
    namespace: Option<String>,
    disks: Vec<Volume>,
    /// Claims that one pod may use.
    claims: Vec<String>,
    /// Pods that use them.
    users: i64,
}

fn volumes(pod: &Pod) -> impl Iterator<Item = &Volume> {
    pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten())
}

/// Tells whether a volume is a disk that does not bear everybody.
fn is_picky(volume: &Volume) -> bool {
    volume.gce_persistent_disk.is_some()
        || volume.aws_elastic_block_store.is_some()
        || volume.iscsi.is_some()
        || volume.rbd.is_some()
}

/// Tells whether two pods cannot have these on one node.
fn conflict(one: &Volume, other: &Volume) -> bool {
    if let (Some(one), Some(other)) = (&one.gce_persistent_disk, &other.gce_persistent_disk) {
        let reads = one.read_only == Some(true) && other.read_only == Some(true);
        return one.pd_name == other.pd_name && !reads;
    }
    if let (Some(one), Some(other)) = (&one.aws_elastic_block_store, &other.aws_elastic_block_store)
    {
        return one.volume_id == other.volume_id;
    }
    if let (Some(one), Some(other)) = (&one.iscsi, &other.iscsi) {
        let reads = one.read_only == Some(true) && other.read_only == Some(true);
        return one.iqn == other.iqn && !reads;
    }
    if let (Some(one), Some(other)) = (&one.rbd, &other.rbd) {
        let reads = one.read_only == Some(true) && other.read_only == Some(true);
        let pool = |pool: &Option<String>| pool.clone().unwrap_or_else(|| "rbd".into());
        let shared = one.monitors.iter().any(|monitor| other.monitors.contains(monitor));
        return shared
            && pool(&one.pool) == pool(&other.pool)
            && one.image == other.image
            && !reads;
    }
    false
}

impl Alone {
    fn uses(&self, other: &Pod) -> bool {
        other.metadata.namespace == self.namespace
            && volumes(other).any(|volume| {
                let claim = binding::claim_of(other, volume);
                claim.is_some_and(|(name, _)| self.claims.contains(&name))
            })
    }
}

impl<K: Known + std::fmt::Debug + Send + Sync> Plugin for VolumeRestrictions<K> {
    fn prepare(&self, pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let namespace = pod.metadata.namespace.clone();
        let lonely = |name: &String| {
            let claim = self.0.claim(namespace.as_deref().unwrap_or_default(), name);
            let modes = claim.as_ref().and_then(|claim| claim.spec.as_ref()?.access_modes.as_ref());
            modes.is_some_and(|modes| modes.iter().any(|mode| mode == "ReadWriteOncePod"))
        };
        let claims = volumes(pod).filter_map(|volume| binding::claim_of(pod, volume));
        let claims: Vec<String> = claims.map(|(name, _)| name).filter(lonely).collect();
        let disks: Vec<Volume> = volumes(pod).filter(|it| is_picky(it)).cloned().collect();
        if claims.is_empty() && disks.is_empty() {
            return None;
        }
        let mut alone = Alone { namespace, disks, claims, users: 0 };
        if !alone.claims.is_empty() {
            let running = nodes.iter().flat_map(|node| &node.running);
            let users = running.filter(|other| alone.uses(other)).count();
            alone.users = i64::try_from(users).unwrap_or(i64::MAX);
        }
        Some(Box::new(alone))
    }
}

impl Round for Alone {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let mut others = node.running.iter().flat_map(|pod| volumes(pod));
        if others.any(|other| self.disks.iter().any(|disk| conflict(disk, other))) {
            return Err(Refusal::soft(vec!["node(s) had no available disk".into()]));
        }
        if self.users > 0 {
            let words = "node has pod using PersistentVolumeClaim with the same name and \
                         ReadWriteOncePod access mode";
            return Err(Refusal::soft(vec![words.into()]));
        }
        Ok(())
    }

    fn count(&mut self, other: &Pod, _: &NodeInfo, change: Change) {
        if !self.claims.is_empty() && self.uses(other) {
            self.users += change.sign();
        }
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}
