//! Which pods nobody else will ever remove. No clock, no I/O: all facts are given.
//! Source: `k8s.io/kubernetes/pkg/controller/podgc`, `gc_controller.go`.

use std::{sync::Arc, time::Duration};

use k8s_openapi::api::core::v1::{Node, Pod};

use crate::pods::{self, node_name};

/// Ended pods that a cluster keeps.
pub(super) const MOST_ENDED: usize = 12_500;
/// A node that is not there for so long is gone.
pub(super) const QUARANTINE: Duration = Duration::from_secs(40);
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// What becomes of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Somebody looks after it.
    Stay,
    /// Its node may come back until then.
    Wait(Duration),
    /// It fails and goes.
    Go,
    /// It goes with its node, if the server says too that there is none.
    GoWithNode,
}

/// Decides over one pod. `node` is its node, `missing` since when there is none.
pub(super) fn fate(pod: &Pod, node: Option<&Node>, missing: Duration) -> Fate {
    let deleted = pod.metadata.deletion_timestamp.is_some();
    let assigned = !node_name(pod).is_empty();
    match node {
        _ if !assigned && deleted => Fate::Go,
        _ if !assigned => Fate::Stay,
        Some(node) if deleted && is_out_of_service(node) => Fate::Go,
        Some(_) => Fate::Stay,
        None => match QUARANTINE.saturating_sub(missing) {
            Duration::ZERO => Fate::GoWithNode,
            left => Fate::Wait(left),
        },
    }
}

/// Tells whether a pod has ended.
pub(super) fn has_ended(pod: &Pod) -> bool {
    matches!(pods::phase(pod), "Succeeded" | "Failed")
}

fn is_out_of_service(node: &Node) -> bool {
    let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let mut ready = conditions.filter(|one| one.type_ == "Ready" && one.status == "True");
    let taints = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    ready.next().is_none() && taints.into_iter().any(|taint| taint.key == OUT_OF_SERVICE)
}

/// The ended pods over the limit: evicted ones first, then the oldest.
pub(super) fn over_limit(mut ended: Vec<Arc<Pod>>, limit: usize) -> Vec<Arc<Pod>> {
    let surplus = ended.len().saturating_sub(limit);
    let evicted = |pod: &Pod| {
        let reason = pod.status.as_ref().and_then(|status| status.reason.as_deref());
        pods::phase(pod) == "Failed" && reason == Some("Evicted")
    };
    let born = |pod: &Pod| pod.metadata.creation_timestamp.clone();
    ended.sort_by_cached_key(|pod| (!evicted(pod), born(pod), pods::name(pod).to_owned()));
    ended.truncate(surplus);
    ended
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(node: &str, deleted: bool) -> Pod {
        let time = deleted.then_some("2026-01-01T00:00:00Z");
        let object = json!({
            "metadata": {"deletionTimestamp": time}, "spec": {"nodeName": node, "containers": []},
        });
        serde_json::from_value(object).unwrap()
    }

    fn node(ready: &str, taint: &str) -> Node {
        let object = json!({
            "spec": {"taints": [{"key": taint, "effect": "NoExecute"}]},
            "status": {"conditions": [{"type": "Ready", "status": ready}]},
        });
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn pods_that_nobody_looks_after_go() {
        let (out, well) = (node("Unknown", OUT_OF_SERVICE), node("True", OUT_OF_SERVICE));
        let second = Duration::from_secs(1);
        for (case, (at, deleted), node, missing, want) in [
            ("waits for a node", ("", false), None, second, Fate::Stay),
            ("never had a node", ("", true), None, second, Fate::Go),
            ("lives", ("n", false), Some(&out), second, Fate::Stay),
            ("out of service", ("n", true), Some(&out), second, Fate::Go),
            ("in service", ("n", true), Some(&well), second, Fate::Stay),
            ("just lost", ("n", false), None, second, Fate::Wait(Duration::from_secs(39))),
            ("lost", ("n", false), None, QUARANTINE, Fate::GoWithNode),
        ] {
            let pod = pod(at, deleted);
            assert_eq!(fate(&pod, node, missing), want, "{case}");
        }
    }

    #[test]
    fn evicted_and_old_pods_go_first() {
        let pod = |name: &str, born: &str, reason: &str| -> Arc<Pod> {
            let object = json!({
                "metadata": {"name": name, "creationTimestamp": born},
                "status": {"phase": "Failed", "reason": reason},
            });
            Arc::new(serde_json::from_value(object).unwrap())
        };
        let (early, late) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        let all = vec![
            pod("b", early, ""),
            pod("a", early, ""),
            pod("c", late, ""),
            pod("d", late, "Evicted"),
        ];
        let gone = over_limit(all.clone(), 2);
        assert_eq!(gone.iter().map(|pod| pods::name(pod)).collect::<Vec<_>>(), ["d", "a"]);
        assert!(over_limit(all, 4).is_empty());
    }
}
