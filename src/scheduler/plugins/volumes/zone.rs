//! `VolumeZone`: a pod goes to the zone and region of its volumes.
//! Source: `framework/plugins/volumezone`.

use std::sync::Arc;

use api::binding;
use k8s_openapi::api::core::v1::Pod;

use super::{Known, VolumeBinding};
use crate::{
    nodes::NodeInfo,
    plugins::{Plugin, Refusal, Round},
};

/// Labels of places: today's name, and the one before.
const PLACES: [(&str, &str); 2] = [
    ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
    ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
];
/// Between the zones of a volume that is in several.
const SEPARATOR: &str = "__";

/// Refuses nodes in other zones than the pod's volumes.
#[derive(Debug, Clone)]
pub(crate) struct VolumeZone<K = VolumeBinding>(pub(crate) K);

/// The places that one pod's volumes are in.
#[derive(Debug, Clone)]
struct Places(Vec<(&'static str, &'static str, Vec<String>)>);

impl<K: Known + std::fmt::Debug + Send + Sync> Plugin for VolumeZone<K> {
    fn prepare(&self, pod: &Arc<Pod>, _: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
        let claims = volumes.filter_map(|volume| binding::claim_of(pod, volume));
        let mut places = Vec::new();
        for (name, _) in claims {
            let claim = self.0.claim(namespace, &name);
            let volume = claim.and_then(|claim| self.0.volume(binding::volume_name(&claim)));
            let Some(labels) = volume.as_ref().and_then(|it| it.metadata.labels.as_ref()) else {
                continue;
            };
            for (key, former) in PLACES {
                let Some(value) = labels.get(key).or_else(|| labels.get(former)) else { continue };
                places.push((key, former, value.split(SEPARATOR).map(str::to_owned).collect()));
            }
        }
        if places.is_empty() { None } else { Some(Box::new(Places(places))) }
    }
}

impl Round for Places {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let labels = node.node.metadata.labels.as_ref();
        let value = |key: &str| labels.and_then(|labels| labels.get(key));
        let nowhere = PLACES.iter().all(|(key, former)| value(key).or(value(former)).is_none());
        // A node that says nothing of places is in all of them.
        let fits = |(key, former, wanted): &(&str, &str, Vec<String>)| {
            value(key).or(value(former)).is_some_and(|value| wanted.contains(value))
        };
        if nowhere || self.0.iter().all(fits) {
            return Ok(());
        }
        Err(Refusal::firm("node(s) had no available volume zone"))
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}
