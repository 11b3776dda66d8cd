//! Filters say where a pod cannot run and why; scores say where it runs best.
//! Source: `k8s.io/kubernetes/pkg/scheduler/framework/plugins`.

pub(crate) mod devices;
mod image_locality;
mod node_affinity;
mod node_name;
mod node_ports;
mod node_resources;
mod node_unschedulable;
pub(crate) mod owners;
mod pod_affinity;
mod taints;
mod terms;
mod topology_spread;
pub(crate) mod volumes;

use std::{fmt::Debug, sync::Arc};

use client::SharedCache;
use k8s_openapi::api::core::v1::{Namespace, Pod};

use crate::{config::Arguments, nodes::NodeInfo};

/// Why a node cannot take a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The words, counted over all nodes in the event.
    pub(crate) reasons: Vec<String>,
    /// Whether removing other pods could help.
    pub(crate) preemptible: bool,
}

impl Refusal {
    fn firm(reason: &str) -> Self {
        Self { reasons: vec![reason.into()], preemptible: false }
    }

    fn soft(reasons: Vec<String>) -> Self {
        Self { reasons, preemptible: true }
    }
}

/// One concern of scheduling.
pub(crate) trait Plugin: Debug + Send + Sync {
    /// Refuses a pod that no node can have; the words are the event's.
    fn pre_filter(&self, _pod: &Pod) -> Result<(), String> {
        Ok(())
    }

    /// Looks at all nodes and their pods before one of them is chosen; `None`: there is nothing to say.
    fn prepare(&self, _pod: &Arc<Pod>, _nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        None
    }

    /// Refuses nodes on which the pod cannot run.
    fn filter(&self, _pod: &Pod, _node: &NodeInfo) -> Result<(), Refusal> {
        Ok(())
    }

    /// Rates the nodes that can have the pod from 0 to 100; greater is better. Nothing: all are alike.
    fn scores(&self, _pod: &Pod, _nodes: &[&NodeInfo]) -> Vec<i64> {
        Vec::new()
    }

    /// How much the scores count.
    fn weight(&self) -> i64 {
        1
    }
}

/// What a plugin says of nodes in one round, having seen them all.
pub(crate) trait Round: Debug + Send + Sync {
    /// Refuses nodes on which the pod cannot run.
    fn filter(&self, _node: &NodeInfo) -> Result<(), Refusal> {
        Ok(())
    }

    /// Rates the nodes that can have the pod from 0 to 100; greater is better. Nothing: all are alike.
    fn scores(&self, _nodes: &[&NodeInfo]) -> Vec<i64> {
        Vec::new()
    }

    /// Another pod comes to a node or leaves it; later filters heed it, scores need not.
    fn count(&mut self, _other: &Pod, _node: &NodeInfo, _change: Change) {}

    /// A copy to try something on.
    fn copy(&self) -> Box<dyn Round>;
}

/// Whether a pod comes to a node or leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It comes.
    Comes,
    /// It leaves.
    Leaves,
}

impl Change {
    /// What is added to a count.
    fn sign(self) -> i64 {
        match self {
            Self::Comes => 1,
            Self::Leaves => -1,
        }
    }
}

/// Stretches counts so that the greatest is the best score.
fn stretched(mut counts: Vec<i64>, best: Best) -> Vec<i64> {
    let most = counts.iter().copied().max().unwrap_or(0);
    for count in &mut counts {
        let share = if most == 0 { 0 } else { *count * MAX_SCORE / most };
        *count = match best {
            Best::Most => share,
            Best::Least => MAX_SCORE - share,
        };
    }
    counts
}

/// Which count is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Best {
    Most,
    Least,
}

/// The best score.
pub(crate) const MAX_SCORE: i64 = 100;

/// What plugins see of the cluster besides nodes and their pods.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) storage: volumes::VolumeBinding,
    pub(crate) devices: devices::Devices,
    pub(crate) owners: owners::Owners,
    pub(crate) namespaces: SharedCache<Namespace>,
}

/// The plugin of a name, as its arguments want it; `None` for those that neither filter nor score.
pub(crate) fn build(
    name: &str,
    around: &Surroundings,
    arguments: &Arguments,
) -> Option<Box<dyn Plugin>> {
    let storage = || around.storage.clone();
    Some(match name {
        "NodeUnschedulable" => Box::new(node_unschedulable::NodeUnschedulable),
        "NodeName" => Box::new(node_name::NodeName),
        "TaintToleration" => Box::new(taints::TaintToleration),
        "NodeAffinity" => Box::new(node_affinity::NodeAffinity::new(&arguments.node_affinity)),
        "NodePorts" => Box::new(node_ports::NodePorts),
        "NodeResourcesFit" => Box::new(node_resources::Fit::new(&arguments.fit)),
        "VolumeRestrictions" => Box::new(volumes::restrictions::VolumeRestrictions(storage())),
        "NodeVolumeLimits" => Box::new(volumes::limits::NodeVolumeLimits(storage())),
        "VolumeBinding" => Box::new(storage()),
        "DynamicResources" => Box::new(around.devices.clone()),
        "VolumeZone" => Box::new(volumes::zone::VolumeZone(storage())),
        "PodTopologySpread" => {
            let alike = Arc::new(around.owners.clone());
            Box::new(topology_spread::PodTopologySpread::new(alike, &arguments.spread))
        }
        "InterPodAffinity" => {
            let (namespaces, wishes) = (around.namespaces.clone(), &arguments.pod_affinity);
            Box::new(pod_affinity::InterPodAffinity::new(namespaces, wishes))
        }
        "NodeResourcesBalancedAllocation" => {
            Box::new(node_resources::BalancedAllocation::new(&arguments.balanced))
        }
        "ImageLocality" => Box::new(image_locality::ImageLocality),
        _ => return None,
    })
}

/// The surroundings of an empty cluster.
#[cfg(test)]
pub(crate) fn nothing_around() -> Surroundings {
    let storage = volumes::VolumeBinding {
        claims: SharedCache::default(),
        volumes: SharedCache::default(),
        classes: SharedCache::default(),
        drivers: SharedCache::default(),
    };
    Surroundings {
        storage,
        devices: devices::Devices::nothing(),
        owners: owners::Owners::default(),
        namespaces: SharedCache::default(),
    }
}

/// The usual plugins over empty caches.
#[cfg(test)]
pub(crate) fn all_for_tests() -> Vec<Box<dyn Plugin>> {
    let config = crate::config::SchedulerConfig::default();
    crate::profile::Profile::new(&config.profiles[0], &config, &nothing_around()).plugins
}
