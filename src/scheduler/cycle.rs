//! One scheduling decision. No clock, no I/O; ties are broken by the caller's number.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

use crate::{nodes::NodeInfo, plugins::Plugin};

/// Why a pod fits nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unschedulable {
    nodes: usize,
    reasons: BTreeMap<String, usize>,
    hopeless: usize,
}

impl Unschedulable {
    /// The words of the event and the condition.
    pub(crate) fn message(&self) -> String {
        if self.nodes == 0 {
            return "no nodes available to schedule pods".into();
        }
        let mut reasons: Vec<String> =
            self.reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        reasons.sort();
        let total = self.nodes;
        let mut preemption = Vec::new();
        let victims = total - self.hopeless;
        if victims > 0 {
            preemption.push(format!("{victims} No preemption victims found for incoming pod"));
        }
        if self.hopeless > 0 {
            preemption.push(format!("{} Preemption is not helpful for scheduling", self.hopeless));
        }
        preemption.sort();
        format!(
            "0/{total} nodes are available: {}. no new claims to deallocate, preemption: 0/{total} \
             nodes are available: {}.",
            reasons.join(", "),
            preemption.join(", ")
        )
    }
}

/// Picks the node for a pod; `tie` chooses among equals.
///
/// Cost: O(nodes x plugins).
pub(crate) fn schedule<'a>(
    pod: &Pod,
    nodes: &'a [NodeInfo],
    plugins: &[Box<dyn Plugin>],
    tie: usize,
) -> Result<&'a NodeInfo, Unschedulable> {
    let mut refused = Unschedulable { nodes: nodes.len(), reasons: BTreeMap::new(), hopeless: 0 };
    let mut best: Vec<&NodeInfo> = Vec::new();
    let mut best_score = i64::MIN;
    for node in nodes {
        // The first plugin that refuses speaks for the node.
        let refusal = plugins.iter().find_map(|plugin| plugin.filter(pod, node).err());
        if let Some(refusal) = refusal {
            refused.hopeless += usize::from(!refusal.preemptible);
            for reason in refusal.reasons {
                *refused.reasons.entry(reason).or_default() += 1;
            }
            continue;
        }
        let score: i64 =
            plugins.iter().map(|plugin| plugin.weight() * plugin.score(pod, node)).sum();
        if score > best_score {
            best.clear();
            best_score = score;
        }
        if score == best_score {
            best.push(node);
        }
    }
    if best.is_empty() {
        return Err(refused);
    }
    Ok(best[tie % best.len()])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::plugins;

    fn node(name: &str, cpu: &str, spec: &serde_json::Value) -> NodeInfo {
        let node = serde_json::from_value(json!({
            "metadata": {"name": name, "labels": {"disk": name}}, "spec": spec,
            "status": {"allocatable": {"cpu": cpu, "memory": "8Gi", "pods": "110"}},
        }));
        NodeInfo::new(Arc::new(node.unwrap()))
    }

    fn pod(cpu: &str, spec: &serde_json::Value) -> Pod {
        let mut object = json!({"spec": {"containers": [
            {"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        machinery::patch::apply_merge_patch(&mut object["spec"], spec);
        serde_json::from_value(object).unwrap()
    }

    fn outcome(pod: &Pod, nodes: &[NodeInfo]) -> Result<String, String> {
        match schedule(pod, nodes, &plugins::all(), 0) {
            Ok(node) => Ok(node.name().to_owned()),
            Err(refused) => Err(refused.message()),
        }
    }

    #[test]
    fn pods_go_where_they_fit_and_say_why_not() {
        let nodes = [
            node("a", "1", &json!({})),
            node("b", "4", &json!({})),
            node("c", "8", &json!({"unschedulable": true})),
        ];
        assert_eq!(outcome(&pod("500m", &json!({})), &nodes), Ok("b".into()));
        let picky = pod("1m", &json!({"nodeSelector": {"disk": "a"}}));
        assert_eq!(outcome(&picky, &nodes), Ok("a".into()));
        assert_eq!(
            outcome(&pod("6", &json!({})), &nodes),
            Err("0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. no new \
                 claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not \
                 helpful for scheduling."
                .into())
        );
        assert_eq!(
            outcome(&pod("1", &json!({})), &[]),
            Err("no nodes available to schedule pods".into())
        );
    }

    #[test]
    fn taints_are_told() {
        let nodes = [node("a", "1", &json!({"taints": [{"key": "k", "effect": "NoSchedule"}]}))];
        let told = outcome(&pod("1m", &json!({})), &nodes).unwrap_err();
        assert!(told.starts_with("0/1 nodes are available: 1 node(s) had untolerated taint(s)."));
    }

    proptest! {
        #[test]
        fn no_node_is_filled_beyond_its_measure(cpus in prop::collection::vec(1_i64..4000, 1..60)) {
            let mut nodes = [node("a", "2", &json!({})), node("b", "3", &json!({}))];
            for (tie, cpu) in cpus.iter().enumerate() {
                let pod = pod(&format!("{cpu}m"), &json!({}));
                let chosen = schedule(&pod, &nodes, &plugins::all(), tie).map(|it| it.name().to_owned());
                if let Ok(name) = chosen {
                    nodes.iter_mut().find(|node| node.name() == name).unwrap().add(&pod);
                }
            }
            for node in &nodes {
                prop_assert!(node.requested.get("cpu") <= node.allocatable.get("cpu"));
            }
        }
    }
}
