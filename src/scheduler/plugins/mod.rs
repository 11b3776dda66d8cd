//! Filters say where a pod cannot run and why; scores say where it runs best.
//! Source: `k8s.io/kubernetes/pkg/scheduler/framework/plugins`.

mod image_locality;
mod node_affinity;
mod node_name;
mod node_ports;
mod node_resources;
mod node_unschedulable;
mod taints;

use std::fmt::Debug;

use k8s_openapi::api::core::v1::Pod;

use crate::nodes::NodeInfo;

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
    /// Refuses nodes on which the pod cannot run.
    fn filter(&self, _pod: &Pod, _node: &NodeInfo) -> Result<(), Refusal> {
        Ok(())
    }

    /// Rates a node from 0 to 100; greater is better.
    fn score(&self, _pod: &Pod, _node: &NodeInfo) -> i64 {
        0
    }

    /// How much the score counts.
    fn weight(&self) -> i64 {
        1
    }
}

/// The best score.
pub(crate) const MAX_SCORE: i64 = 100;

/// The plugins, in the order in which Kubernetes asks them.
pub(crate) fn all() -> Vec<Box<dyn Plugin>> {
    vec![
        Box::new(node_unschedulable::NodeUnschedulable),
        Box::new(node_name::NodeName),
        Box::new(taints::TaintToleration),
        Box::new(node_affinity::NodeAffinity),
        Box::new(node_ports::NodePorts),
        Box::new(node_resources::Fit),
        Box::new(node_resources::BalancedAllocation),
        Box::new(image_locality::ImageLocality),
    ]
}
