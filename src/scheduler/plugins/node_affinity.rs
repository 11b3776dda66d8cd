//! Node selectors and node affinity. Source: Kubernetes documentation, "Assigning Pods to Nodes".

use api::placement::{selects_node, term_holds};
use k8s_openapi::api::core::v1::{self, Pod, PreferredSchedulingTerm};

use super::{Best, Plugin, Refusal, stretched};
use crate::{config::NodeAffinityArguments, nodes::NodeInfo};

/// Filters and scores by labels; every pod also wants what the scheduler was told.
#[derive(Debug)]
pub(super) struct NodeAffinity {
    added: Option<v1::NodeAffinity>,
}

impl NodeAffinity {
    /// A plugin that was told what every pod wants.
    pub(super) fn new(arguments: &NodeAffinityArguments) -> Self {
        Self { added: arguments.added_affinity.clone() }
    }

    fn holds(&self, node: &NodeInfo) -> bool {
        let required = self
            .added
            .as_ref()
            .and_then(|added| added.required_during_scheduling_ignored_during_execution.as_ref());
        required
            .is_none_or(|it| it.node_selector_terms.iter().any(|term| term_holds(term, &node.node)))
    }
}

/// What a pod would rather have.
fn wishes(affinity: Option<&v1::NodeAffinity>) -> &[PreferredSchedulingTerm] {
    let wishes =
        affinity.and_then(|it| it.preferred_during_scheduling_ignored_during_execution.as_deref());
    wishes.unwrap_or_default()
}

impl Plugin for NodeAffinity {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        if !self.holds(node) {
            let words = "node(s) didn't match scheduler-enforced node affinity";
            return Err(Refusal::firm(words));
        }
        match &pod.spec {
            Some(spec) if !selects_node(spec, &node.node) => {
                Err(Refusal::firm("node(s) didn't match Pod's node affinity/selector"))
            }
            _ => Ok(()),
        }
    }

    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let own = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref()?.node_affinity.as_ref());
        let (own, added) = (wishes(own), wishes(self.added.as_ref()));
        if own.is_empty() && added.is_empty() {
            return Vec::new();
        }
        let met = |node: &&NodeInfo| -> i64 {
            let terms = own.iter().chain(added);
            let held = terms.filter(|term| term_holds(&term.preference, &node.node));
            held.map(|term| i64::from(term.weight)).sum()
        };
        stretched(nodes.iter().map(met).collect(), Best::Most)
    }
}
