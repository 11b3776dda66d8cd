//! Taints keep pods away that do not tolerate them. Source: Kubernetes documentation, "Taints and
//! Tolerations".

use api::placement;
use k8s_openapi::api::core::v1::{Pod, Taint};

use super::{Best, MAX_SCORE, Plugin, Refusal, stretched};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct TaintToleration;

/// Tells whether a pod tolerates a taint.
pub(super) fn tolerates(pod: &Pod, taint: &Taint) -> bool {
    pod.spec.as_ref().is_some_and(|spec| placement::tolerates(spec, taint))
}

impl Plugin for TaintToleration {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let taints = node.node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
        let forbids = |taint: &&Taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute");
        let found =
            taints.into_iter().flatten().filter(forbids).any(|taint| !tolerates(pod, taint));
        if found { Err(Refusal::firm("node(s) had untolerated taint(s)")) } else { Ok(()) }
    }

    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let disliked = |node: &&NodeInfo| {
            let taints = node.node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
            let disliked = taints
                .into_iter()
                .flatten()
                .filter(|taint| taint.effect == "PreferNoSchedule" && !tolerates(pod, taint));
            i64::try_from(disliked.count()).unwrap_or(i64::MAX / MAX_SCORE)
        };
        stretched(nodes.iter().map(disliked).collect(), Best::Least)
    }
}
