//! `NodeVolumeLimits`: a driver attaches so many volumes to a node and no more.
//! Source: `framework/plugins/nodevolumelimits`. Volumes of drivers that set no limit are not counted.

use std::{collections::BTreeSet, sync::Arc};

use api::binding;
use k8s_openapi::api::core::v1::Pod;

use super::{Known, VolumeBinding};
use crate::{
    nodes::NodeInfo,
    plugins::{Plugin, Refusal, Round},
};

/// A volume as its driver knows it: driver and handle.
type Attached = (String, String);

/// Refuses nodes to which a pod's volumes cannot be attached any more.
#[derive(Debug, Clone)]
pub(crate) struct NodeVolumeLimits<K = VolumeBinding>(pub(crate) K);

/// The volumes that one pod needs.
#[derive(Debug, Clone)]
struct Wanted<K> {
    storage: K,
    volumes: BTreeSet<Attached>,
}

/// The volumes of a pod that drivers attach.
fn attached(pod: &Pod, storage: &impl Known) -> BTreeSet<Attached> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let claims = volumes.filter_map(|volume| binding::claim_of(pod, volume));
    let found = claims.filter_map(|(name, _)| {
        let claim = storage.claim(namespace, &name)?;
        if let Some(volume) = storage.volume(binding::volume_name(&claim)) {
            let csi = volume.spec.as_ref()?.csi.as_ref()?;
            return Some((csi.driver.clone(), csi.volume_handle.clone()));
        }
        // It is still to be made: a volume of its own.
        let class = storage.class(binding::class_of(&claim))?;
        Some((class.provisioner.clone(), format!("{namespace}/{name}")))
    });
    found.collect()
}

impl<K: Known + Clone + std::fmt::Debug + Send + Sync + 'static> Plugin for NodeVolumeLimits<K> {
    fn prepare(&self, pod: &Arc<Pod>, _: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let volumes = attached(pod, &self.0);
        if volumes.is_empty() {
            return None;
        }
        Some(Box::new(Wanted { storage: self.0.clone(), volumes }))
    }
}

impl<K: Known + Clone + std::fmt::Debug + Send + Sync + 'static> Round for Wanted<K> {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let limits = self.storage.limits(node.name());
        if limits.is_empty() {
            return Ok(());
        }
        let mut here: BTreeSet<Attached> = BTreeSet::new();
        for pod in &node.running {
            here.extend(attached(pod, &self.storage));
        }
        for (driver, limit) in &limits {
            let of = |it: &&Attached| it.0 == *driver;
            let new = self.volumes.difference(&here).filter(of).count();
            if new > 0 && here.iter().filter(of).count() + new > *limit {
                return Err(Refusal::soft(vec!["node(s) exceed max volume count".into()]));
            }
        }
        Ok(())
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}
