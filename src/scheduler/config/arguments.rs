//! What plugins are told, with Kubernetes' defaults. Source: `config/v1/types_pluginargs.go` and
//! `defaults.go`.

use std::time::Duration;

use k8s_openapi::api::core::v1::{NodeAffinity, TopologySpreadConstraint};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// The arguments of one profile's plugins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments {
    pub(crate) preemption: PreemptionArguments,
    pub(crate) pod_affinity: PodAffinityArguments,
    pub(crate) fit: FitArguments,
    pub(crate) balanced: BalancedArguments,
    pub(crate) spread: SpreadArguments,
    pub(crate) node_affinity: NodeAffinityArguments,
    pub(crate) volumes: VolumeArguments,
}

impl Arguments {
    /// Takes what one plugin is told. Errors: it cannot be read.
    pub(super) fn take(&mut self, plugin: &str, value: Value) -> Result<(), String> {
        match plugin {
            "DefaultPreemption" => self.preemption = read(value)?,
            "InterPodAffinity" => self.pod_affinity = read(value)?,
            "NodeResourcesFit" => self.fit = read(value)?,
            "NodeResourcesBalancedAllocation" => self.balanced = read(value)?,
            "PodTopologySpread" => self.spread = read(value)?,
            "NodeAffinity" => self.node_affinity = read(value)?,
            "VolumeBinding" => self.volumes = read(value)?,
            _ => {}
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// `DefaultPreemptionArgs`: how many nodes are tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct PreemptionArguments {
    #[serde(rename = "minCandidateNodesPercentage")]
    pub(crate) percentage: i32,
    #[serde(rename = "minCandidateNodesAbsolute")]
    pub(crate) absolute: i32,
}

impl Default for PreemptionArguments {
    fn default() -> Self {
        Self { percentage: 10, absolute: 100 }
    }
}

/// `InterPodAffinityArgs`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodAffinityArguments {
    /// What a required term of a pod that runs counts for one that it means.
    pub(crate) hard_pod_affinity_weight: i32,
    pub(crate) ignore_preferred_terms_of_existing_pods: bool,
}

impl Default for PodAffinityArguments {
    fn default() -> Self {
        Self { hard_pod_affinity_weight: 1, ignore_preferred_terms_of_existing_pods: false }
    }
}

/// `NodeResourcesFitArgs`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FitArguments {
    pub(crate) ignored_resources: Vec<String>,
    pub(crate) ignored_resource_groups: Vec<String>,
    pub(crate) scoring_strategy: Strategy,
}

/// How nodes are rated by what is taken of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Strategy {
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
    #[serde(deserialize_with = "usual_resources")]
    pub(crate) resources: Vec<Resource>,
    pub(crate) requested_to_capacity_ratio: Option<Shape>,
}

impl Default for Strategy {
    fn default() -> Self {
        Self {
            kind: "LeastAllocated".into(),
            resources: cpu_and_memory(),
            requested_to_capacity_ratio: None,
        }
    }
}

/// A resource and how much it counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Resource {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) weight: i64,
}

fn cpu_and_memory() -> Vec<Resource> {
    ["cpu", "memory"].map(|name| Resource { name: name.into(), weight: 1 }).into()
}

fn usual_resources<'de, D: serde::Deserializer<'de>>(
    decoder: D,
) -> Result<Vec<Resource>, D::Error> {
    let mut given = Vec::<Resource>::deserialize(decoder)?;
    if given.is_empty() {
        return Ok(cpu_and_memory());
    }
    for one in given.iter_mut().filter(|one| one.weight == 0) {
        one.weight = 1;
    }
    Ok(given)
}

/// `RequestedToCapacityRatioParam`: scores by utilization, straight lines between.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shape {
    pub(crate) shape: Vec<Point>,
}

/// A point of the line: percent, and 0 to 10.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Point {
    pub(crate) utilization: i32,
    pub(crate) score: i32,
}

/// `NodeResourcesBalancedAllocationArgs`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct BalancedArguments {
    #[serde(deserialize_with = "usual_resources")]
    pub(crate) resources: Vec<Resource>,
}

impl Default for BalancedArguments {
    fn default() -> Self {
        Self { resources: cpu_and_memory() }
    }
}

/// `PodTopologySpreadArgs`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SpreadArguments {
    pub(crate) default_constraints: Vec<TopologySpreadConstraint>,
    /// `System`, `List`, or what else was written.
    pub(crate) defaulting_type: String,
}

/// Which constraints pods have that say nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defaulting {
    /// Kubernetes' own.
    System,
    /// Those that are listed.
    List,
}

impl SpreadArguments {
    /// Which constraints are the default ones; `None`: nobody knows the word.
    pub(crate) fn defaulting(&self) -> Option<Defaulting> {
        match self.defaulting_type.as_str() {
            "" | "System" => Some(Defaulting::System),
            "List" => Some(Defaulting::List),
            _ => None,
        }
    }
}

/// `NodeAffinityArgs`: what every pod wants besides its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeAffinityArguments {
    pub(crate) added_affinity: Option<NodeAffinity>,
}

/// `VolumeBindingArgs`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct VolumeArguments {
    pub(crate) bind_timeout_seconds: i64,
    pub(crate) shape: Option<Vec<Point>>,
}

impl Default for VolumeArguments {
    fn default() -> Self {
        Self { bind_timeout_seconds: 600, shape: None }
    }
}

impl VolumeArguments {
    /// How long a pod waits for its volumes on a node.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.bind_timeout_seconds.try_into().unwrap_or(0))
    }
}
