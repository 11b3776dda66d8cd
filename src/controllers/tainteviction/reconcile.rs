//! How long a pod may stay on a node with `NoExecute` taints. No clock, no I/O.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod, Taint};

use crate::pods;

/// What becomes of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing drives it away.
    Stay,
    /// It may stay so long, counted from when it was first seen in danger.
    Until(Duration),
    /// It has to go now.
    Go,
}

/// The taints that drive pods away.
pub(super) fn driving(node: &Node) -> Vec<&Taint> {
    let taints = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    taints.into_iter().filter(|taint| taint.effect == "NoExecute").collect()
}

/// Decides over one pod; `waited` is how long it has been in danger.
pub(super) fn fate(pod: &Pod, node: Option<&Node>, waited: Duration) -> Fate {
    let Some(node) = node.filter(|_| pod.metadata.deletion_timestamp.is_none()) else {
        return Fate::Stay;
    };
    let taints = driving(node);
    let Some(spec) = pod.spec.as_ref().filter(|_| !taints.is_empty()) else { return Fate::Stay };
    match api::placement::tolerance(spec, &taints) {
        None => Fate::Stay,
        Some(time) if time <= waited => Fate::Go,
        Some(time) => Fate::Until(time.saturating_sub(waited)),
    }
}

/// The condition of a pod that has to go.
pub(super) fn condition(pod: &Pod, now: &str) -> serde_json::Value {
    serde_json::json!({
        "type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
        "message": "Taint manager: deleting due to NoExecute taint", "lastTransitionTime": now,
        "observedGeneration": pod.metadata.generation,
    })
}

/// Tells whether a node's taints drive other pods away than before.
pub(super) fn differs(old: Option<&Node>, new: Option<&Node>) -> bool {
    let taints = |node: Option<&Node>| -> Vec<Taint> {
        node.map(|node| driving(node).into_iter().cloned().collect()).unwrap_or_default()
    };
    taints(old) != taints(new)
}

/// Tells whether a pod may be in danger where it was not, or no more.
pub(super) fn concerns(old: Option<&Pod>, new: Option<&Pod>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return true };
    let tolerations = |pod: &Pod| pod.spec.as_ref().and_then(|spec| spec.tolerations.clone());
    pods::node_name(old) != pods::node_name(new)
        || tolerations(old) != tolerations(new)
        || old.metadata.uid != new.metadata.uid
}
