//! Room for what a pod asks for; the emptiest and best balanced node wins.

use k8s_openapi::api::core::v1::Pod;

use super::{MAX_SCORE, Plugin, Refusal};
use crate::{nodes::NodeInfo, resources::requests};

/// Filters by room and scores by what would be left (`LeastAllocated`).
#[derive(Debug)]
pub(super) struct Fit;

/// Scores by how evenly processor and memory would be used.
#[derive(Debug)]
pub(super) struct BalancedAllocation;

/// What a pod without requests is taken to need, for scores alone: 100m and 200 MiB.
const TYPICAL_CPU: i64 = 100;
const TYPICAL_MEMORY: i64 = 200 << 20;

impl Plugin for Fit {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let mut reasons = Vec::new();
        let room = usize::try_from(node.allocatable.get("pods")).unwrap_or(0);
        if node.pods + 1 > room {
            reasons.push("Too many pods".into());
        }
        let asked = requests(pod);
        let mut beyond = false;
        for (name, amount) in asked.0.iter().filter(|(_, amount)| **amount > 0) {
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

    fn score(&self, pod: &Pod, node: &NodeInfo) -> i64 {
        let shares = shares(pod, node);
        let free = shares.iter().map(|(used, all)| ((all - used).max(0) * MAX_SCORE) / all.max(&1));
        free.sum::<i64>() / i64::try_from(shares.len()).unwrap_or(1)
    }
}

impl Plugin for BalancedAllocation {
    fn score(&self, pod: &Pod, node: &NodeInfo) -> i64 {
        let [(cpu, all_cpu), (memory, all_memory)] = shares(pod, node);
        let percent = |used: i64, all: i64| (used * MAX_SCORE / all.max(1)).min(MAX_SCORE);
        MAX_SCORE - (percent(cpu, all_cpu) - percent(memory, all_memory)).abs() / 2
    }
}

/// Used and existing amounts of processor and memory once the pod runs here.
fn shares(pod: &Pod, node: &NodeInfo) -> [(i64, i64); 2] {
    let asked = requests(pod);
    let or_typical = |amount: i64, typical: i64| if amount == 0 { typical } else { amount };
    let cpu = or_typical(asked.get("cpu"), TYPICAL_CPU);
    let memory = or_typical(asked.get("memory"), TYPICAL_MEMORY);
    [
        (node.requested.get("cpu") + cpu, node.allocatable.get("cpu")),
        (node.requested.get("memory") + memory, node.allocatable.get("memory")),
    ]
}
