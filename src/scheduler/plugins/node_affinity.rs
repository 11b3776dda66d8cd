//! Node selectors and node affinity. Source: Kubernetes documentation, "Assigning Pods to Nodes".

use api::placement::{selects_node, term_holds};
use k8s_openapi::api::core::v1::Pod;

use super::{Best, Plugin, Refusal, stretched};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct NodeAffinity;

impl Plugin for NodeAffinity {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        match &pod.spec {
            Some(spec) if !selects_node(spec, &node.node) => {
                Err(Refusal::firm("node(s) didn't match Pod's node affinity/selector"))
            }
            _ => Ok(()),
        }
    }

    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let preferred = pod
            .spec
            .as_ref()
            .and_then(|spec| spec.affinity.as_ref()?.node_affinity.as_ref())
            .and_then(|it| it.preferred_during_scheduling_ignored_during_execution.as_deref());
        let terms = preferred.unwrap_or_default();
        if terms.is_empty() {
            return Vec::new();
        }
        let met = |node: &&NodeInfo| -> i64 {
            let held = terms.iter().filter(|term| term_holds(&term.preference, &node.node));
            held.map(|term| i64::from(term.weight)).sum()
        };
        stretched(nodes.iter().map(met).collect(), Best::Most)
    }

    fn weight(&self) -> i64 {
        2
    }
}
