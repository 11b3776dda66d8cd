//! Room for what a pod asks for; nodes are rated by what is taken of them, and how evenly.
//! Source: `framework/plugins/noderesources`.

mod rating;

use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;

use self::rating::Rating;
use super::{MAX_SCORE, Plugin, Refusal, Round};
use crate::{
    config::{BalancedArguments, FitArguments, Resource},
    nodes::NodeInfo,
    resources::{Resources, estimate, requests},
};

/// Filters by room and scores by what would be taken.
#[derive(Debug)]
pub(super) struct Fit {
    ignored: Vec<String>,
    ignored_groups: Vec<String>,
    rating: Arc<Rating>,
}

/// Scores by how evenly resources would be used.
#[derive(Debug)]
pub(super) struct BalancedAllocation {
    resources: Vec<Resource>,
}

/// What one pod needs.
#[derive(Debug, Clone)]
struct Need {
    /// What there must be room for.
    counted: Resources,
    asked: Resources,
    estimate: Resources,
    rating: Arc<Rating>,
}

/// Tells whether a resource is somebody else's than Kubernetes'.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

impl Fit {
    /// A plugin as its arguments want it.
    pub(super) fn new(arguments: &FitArguments) -> Self {
        Self {
            ignored: arguments.ignored_resources.clone(),
            ignored_groups: arguments.ignored_resource_groups.clone(),
            rating: Arc::new(Rating::new(&arguments.scoring_strategy)),
        }
    }

    fn ignores(&self, name: &str) -> bool {
        let group = name.split('/').next().unwrap_or_default();
        is_extended(name)
            && (self.ignored.iter().any(|one| one == name)
                || self.ignored_groups.iter().any(|one| one == group))
    }
}

impl Plugin for Fit {
    fn prepare(&self, pod: &Arc<Pod>, _: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let asked = requests(pod);
        let mut counted = asked.clone();
        counted.0.retain(|name, amount| *amount > 0 && !self.ignores(name));
        let (estimate, rating) = (estimate(pod), Arc::clone(&self.rating));
        Some(Box::new(Need { counted, asked, estimate, rating }))
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
        for (name, amount) in &self.counted.0 {
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
        nodes.iter().map(|node| self.rating.score(|name| self.taken(node, name))).collect()
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}

impl Need {
    /// What would be taken of a resource, and what there is; `None`: it does not matter.
    fn taken(&self, node: &NodeInfo, name: &str) -> Option<(i64, i64)> {
        let all = node.allocatable.get(name);
        if all == 0 || is_extended(name) && self.asked.get(name) == 0 {
            return None;
        }
        let taken = match name {
            // Containers without requests are taken to need something.
            "cpu" | "memory" => node.estimated.get(name) + self.estimate.get(name),
            _ => node.requested.get(name) + self.asked.get(name),
        };
        Some((taken, all))
    }
}

impl BalancedAllocation {
    /// A plugin as its arguments want it.
    pub(super) fn new(arguments: &BalancedArguments) -> Self {
        Self { resources: arguments.resources.clone() }
    }
}

impl Plugin for BalancedAllocation {
    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let asked = requests(pod);
        if self.resources.iter().all(|one| asked.get(&one.name) == 0) {
            return Vec::new();
        }
        let balance = |node: &&NodeInfo| {
            let share = |one: &Resource| {
                let (name, all) = (one.name.as_str(), node.allocatable.get(&one.name));
                let matters = all > 0 && (!is_extended(name) || asked.get(name) > 0);
                matters.then(|| share(node.requested.get(name) + asked.get(name), all))
            };
            let shares: Vec<f64> = self.resources.iter().filter_map(share).collect();
            #[expect(clippy::cast_possible_truncation, reason = "a score is a rough figure")]
            #[expect(clippy::cast_precision_loss, reason = "the best score is small")]
            let score = ((1.0 - deviation(&shares)) * MAX_SCORE as f64) as i64;
            score
        };
        nodes.iter().map(balance).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is a rough figure")]
fn share(taken: i64, all: i64) -> f64 {
    (taken as f64 / all as f64).min(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "there are few resources")]
fn deviation(shares: &[f64]) -> f64 {
    match shares {
        [] | [_] => 0.0,
        [one, other] => ((one - other) / 2.0).abs(),
        many => {
            let count = many.len() as f64;
            let mean = many.iter().sum::<f64>() / count;
            (many.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count).sqrt()
        }
    }
}
