//! Room for what a pod asks for; the emptiest and best balanced node wins.
//! Source: `framework/plugins/noderesources`.

use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;

use super::{MAX_SCORE, Plugin, Refusal, Round};
use crate::{
    nodes::NodeInfo,
    resources::{Resources, estimate, requests},
};

/// Filters by room and scores by what would be left (`LeastAllocated`).
#[derive(Debug)]
pub(super) struct Fit;

/// Scores by how evenly processor and memory would be used.
#[derive(Debug)]
pub(super) struct BalancedAllocation;

/// What nodes are rated by.
const RATED: [&str; 2] = ["cpu", "memory"];

/// What one pod needs.
#[derive(Debug, Clone)]
struct Need {
    asked: Resources,
    estimate: Resources,
}

impl Plugin for Fit {
    fn prepare(&self, pod: &Arc<Pod>, _: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        Some(Box::new(Need { asked: requests(pod), estimate: estimate(pod) }))
    }
}

impl Round for Need {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        let mut reasons = Vec::new();
        let room = usize::try_from(node.allocatable.get("pods")).unwrap_or(0);
        if node.running.len() + 1 > room {
            reasons.push("Too many pods".into());
        }
        let mut beyond = false;
        for (name, amount) in self.asked.0.iter().filter(|(_, amount)| **amount > 0) {
            let all = node.allocatable.get(name);
            if *amount > all - node.requested.get(name) {
                reasons.push(format!("Insufficient {name}"));
                beyond |= *amount > all;
            }
        }
        if reasons.is_empty() {
            return Ok(());
        }
        Err(Refusal { reasons, preemptible: !beyond })
    }

    fn scores(&self, nodes: &[&NodeInfo]) -> Vec<i64> {
        nodes.iter().map(|node| self.left_over(node)).collect()
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}

impl Need {
    fn left_over(&self, node: &NodeInfo) -> i64 {
        let (mut sum, mut count) = (0, 0);
        for name in RATED {
            let all = node.allocatable.get(name);
            if all == 0 {
                continue;
            }
            let used = node.estimated.get(name) + self.estimate.get(name);
            sum += (all - used).max(0) * MAX_SCORE / all;
            count += 1;
        }
        if count == 0 { 0 } else { sum / count }
    }
}

impl Plugin for BalancedAllocation {
    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let asked = requests(pod);
        if asked.0.values().all(|amount| *amount == 0) {
            return Vec::new();
        }
        let balance = |node: &&NodeInfo| {
            let share = |name: &str| {
                let all = node.allocatable.get(name);
                let used = node.requested.get(name) + asked.get(name);
                if all == 0 { 0 } else { (used * MAX_SCORE / all).min(MAX_SCORE) }
            };
            MAX_SCORE - (share(RATED[0]) - share(RATED[1])).abs() / 2
        };
        nodes.iter().map(balance).collect()
    }
}
