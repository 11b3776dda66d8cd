//! Pods that are to be spread over nodes, zones and the like.
//! Source: Kubernetes documentation, "Pod Topology Spread Constraints", and
//! `framework/plugins/podtopologyspread`. Pods without constraints that something selects are spread by
//! Kubernetes' default ones.

use std::{collections::HashMap, sync::Arc};

use api::placement::{selects_node, tolerates};
use k8s_openapi::api::core::v1::{Pod, TopologySpreadConstraint};
use machinery::selector::LabelSelector;
use serde_json::json;

use super::{
    Change, MAX_SCORE, Plugin, Refusal, Round,
    owners::Owners,
    terms::{domain, selector_of, selects},
};
use crate::{
    config::{Defaulting, SpreadArguments},
    nodes::NodeInfo,
};

#[derive(Debug)]
pub(super) struct PodTopologySpread {
    alike: Arc<dyn Alike>,
    /// What spreads pods that have no constraints of their own.
    defaults: Vec<TopologySpreadConstraint>,
    /// Whether the defaults are Kubernetes' own, which bear nodes without a key.
    system: bool,
}

impl PodTopologySpread {
    /// A plugin that knows which pods belong together.
    pub(super) fn new(alike: Arc<dyn Alike>, arguments: &SpreadArguments) -> Self {
        let system = arguments.defaulting() != Some(Defaulting::List);
        let listed = arguments.default_constraints.clone();
        let defaults = if system { DEFAULTS.into_iter().map(usual).collect() } else { listed };
        Self { alike, defaults, system }
    }
}

fn usual((key, skew): (&str, i32)) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        max_skew: skew,
        topology_key: key.into(),
        when_unsatisfiable: "ScheduleAnyway".into(),
        ..TopologySpreadConstraint::default()
    }
}

/// Knows which pods belong together.
pub(super) trait Alike: std::fmt::Debug + Send + Sync {
    /// What selects a pod and its like; `None` where nothing does.
    fn selector(&self, pod: &Pod) -> Option<LabelSelector>;
}

impl Alike for Owners {
    fn selector(&self, pod: &Pod) -> Option<LabelSelector> {
        Self::selector(self, pod)
    }
}

/// The default constraints: key and the skew that does not count. They are wishes.
const DEFAULTS: [(&str, i32); 2] = [(HOSTNAME, 3), ("topology.kubernetes.io/zone", 5)];
const HOSTNAME: &str = "kubernetes.io/hostname";

/// A constraint with what is counted for it.
#[derive(Debug, Clone)]
struct Spread {
    constraint: TopologySpreadConstraint,
    selector: Option<LabelSelector>,
    /// The keys that a node must have to be counted.
    keys: Vec<String>,
    hard: bool,
    /// One, where the pod itself is counted.
    own: i64,
    counts: HashMap<String, i64>,
    /// The count of the emptiest domain.
    least: i64,
}

/// All constraints of a pod.
#[derive(Debug, Clone)]
struct State {
    pod: Arc<Pod>,
    spreads: Vec<Spread>,
    /// Whether nodes without a key are the worst.
    strict: bool,
}

fn constraints(pod: &Pod) -> &[TopologySpreadConstraint] {
    let spec = pod.spec.as_ref();
    spec.and_then(|spec| spec.topology_spread_constraints.as_deref()).unwrap_or_default()
}

/// The constraint's selector, with the pod's own values of `matchLabelKeys`.
fn selector(constraint: &TopologySpreadConstraint, pod: &Pod) -> Option<LabelSelector> {
    let mut selector = constraint.label_selector.clone()?;
    for key in constraint.match_label_keys.iter().flatten() {
        let value = pod.metadata.labels.as_ref().and_then(|labels| labels.get(key));
        if let Some(value) = value {
            let wanted = json!({"key": key, "operator": "In", "values": [value]});
            let wanted = serde_json::from_value(wanted).ok()?;
            selector.match_expressions.get_or_insert_default().push(wanted);
        }
    }
    selector_of(Some(&selector))
}

/// Whether a constraint looks at a node at all.
fn counts_node(constraint: &TopologySpreadConstraint, pod: &Pod, node: &NodeInfo) -> bool {
    let Some(spec) = &pod.spec else { return false };
    let honors = |policy: &Option<String>, usual: bool| match policy.as_deref() {
        Some(policy) => policy == "Honor",
        None => usual,
    };
    if honors(&constraint.node_affinity_policy, true) && !selects_node(spec, &node.node) {
        return false;
    }
    let taints = node.node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
    let mut hostile = taints.into_iter().flatten().filter(|taint| {
        matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute") && !tolerates(spec, taint)
    });
    !honors(&constraint.node_taints_policy, false) || hostile.next().is_none()
}

/// The keys of all constraints that are as hard as one of them.
fn keys(one: &TopologySpreadConstraint, all: &[TopologySpreadConstraint]) -> Vec<String> {
    let same =
        |other: &&TopologySpreadConstraint| other.when_unsatisfiable == one.when_unsatisfiable;
    all.iter().filter(same).map(|other| other.topology_key.clone()).collect()
}

impl Spread {
    fn new(constraint: &TopologySpreadConstraint, selector: Option<LabelSelector>) -> Self {
        Self {
            selector,
            keys: Vec::new(),
            hard: constraint.when_unsatisfiable != "ScheduleAnyway",
            own: 0,
            counts: HashMap::new(),
            least: 0,
            constraint: constraint.clone(),
        }
    }

    /// A constraint that the pod itself has, one of `all`.
    fn own(
        constraint: &TopologySpreadConstraint,
        all: &[TopologySpreadConstraint],
        pod: &Pod,
    ) -> Self {
        let keys = keys(constraint, all);
        Self { keys, ..Self::new(constraint, selector(constraint, pod)) }
    }

    /// A constraint of pods that have none.
    fn default_one(
        constraint: &TopologySpreadConstraint,
        plugin: &PodTopologySpread,
        selector: &LabelSelector,
    ) -> Self {
        let keys = if plugin.system { Vec::new() } else { keys(constraint, &plugin.defaults) };
        Self { keys, ..Self::new(constraint, Some(selector.clone())) }
    }

    /// Counts the pods that run.
    fn counted(mut self, pod: &Pod, nodes: &[Arc<NodeInfo>]) -> Self {
        self.own = i64::from(self.means(pod, pod));
        for node in nodes {
            let Some(value) = self.domain_of(pod, node) else { continue };
            let here = node.running.iter().filter(|other| self.means(pod, other)).count();
            let here = i64::try_from(here).unwrap_or(i64::MAX);
            match self.counts.get_mut(value) {
                Some(count) => *count += here,
                None => drop(self.counts.insert(value.to_owned(), here)),
            }
        }
        self.settle();
        self
    }

    /// Whether a pod is counted.
    fn means(&self, pod: &Pod, other: &Pod) -> bool {
        other.metadata.namespace == pod.metadata.namespace
            && other.metadata.deletion_timestamp.is_none()
            && self.selector.as_ref().is_some_and(|it| selects(it, &other.metadata))
    }

    /// The domain of a node whose pods are counted.
    fn domain_of<'a>(&self, pod: &Pod, node: &'a NodeInfo) -> Option<&'a str> {
        let value = domain(&node.node, &self.constraint.topology_key)?;
        let all_keys = self.keys.iter().all(|key| domain(&node.node, key).is_some());
        (all_keys && counts_node(&self.constraint, pod, node)).then_some(value)
    }

    /// Finds the emptiest domain anew.
    fn settle(&mut self) {
        let wanted = i64::from(self.constraint.min_domains.unwrap_or(1));
        let domains = i64::try_from(self.counts.len()).unwrap_or(i64::MAX);
        let least = self.counts.values().copied().min().unwrap_or(0);
        self.least = if domains < wanted { 0 } else { least };
    }

    fn here(&self, node: &NodeInfo) -> Option<i64> {
        let value = domain(&node.node, &self.constraint.topology_key)?;
        Some(self.counts.get(value).copied().unwrap_or_default())
    }

    fn most(&self) -> i64 {
        i64::from(self.constraint.max_skew)
    }
}

impl Plugin for PodTopologySpread {
    fn prepare(&self, pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let own = constraints(pod);
        let strict = !own.is_empty() || !self.system;
        let spreads: Vec<Spread> = if !own.is_empty() {
            own.iter().map(|one| Spread::own(one, own, pod)).collect()
        } else if self.defaults.is_empty() {
            return None;
        } else {
            let selector = self.alike.selector(pod)?;
            let spread = |one| Spread::default_one(one, self, &selector);
            self.defaults.iter().map(spread).collect()
        };
        let spreads = spreads.into_iter().map(|one| one.counted(pod, nodes)).collect();
        Some(Box::new(State { pod: Arc::clone(pod), spreads, strict }))
    }
}

impl State {
    /// How full the node's domains are; `None` where it has not all of them.
    fn badness(&self, node: &NodeInfo) -> Option<i64> {
        let mut sum = 0.0;
        for spread in self.spreads.iter().filter(|spread| !spread.hard) {
            let here = match spread.here(node) {
                None if self.strict => return None,
                None => continue,
                Some(here) => here,
            };
            #[expect(clippy::cast_precision_loss, reason = "a score is a rough figure")]
            let weight = (spread.counts.len() as f64 + 2.0).ln();
            #[expect(clippy::cast_precision_loss, reason = "a score is a rough figure")]
            let full = here as f64 * weight + (spread.most() - 1) as f64;
            sum += full;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a score is a rough figure")]
        Some(sum.round() as i64)
    }
}

impl Round for State {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        const WORDS: &str = "node(s) didn't match pod topology spread constraints";
        for spread in self.spreads.iter().filter(|spread| spread.hard) {
            let Some(here) = spread.here(node) else {
                return Err(Refusal::firm(&format!("{WORDS} (missing required label)")));
            };
            if here + spread.own - spread.least > spread.most() {
                return Err(Refusal::soft(vec![WORDS.into()]));
            }
        }
        Ok(())
    }

    fn scores(&self, nodes: &[&NodeInfo]) -> Vec<i64> {
        if self.spreads.iter().all(|spread| spread.hard) {
            return Vec::new();
        }
        let bad: Vec<Option<i64>> = nodes.iter().map(|node| self.badness(node)).collect();
        let least = bad.iter().flatten().copied().min().unwrap_or_default();
        let greatest = bad.iter().flatten().copied().max().unwrap_or_default();
        let rate = |bad: &Option<i64>| match bad {
            None => 0,
            Some(_) if greatest == 0 => MAX_SCORE,
            Some(bad) => MAX_SCORE * (greatest + least - bad) / greatest,
        };
        bad.iter().map(rate).collect()
    }

    fn count(&mut self, other: &Pod, node: &NodeInfo, change: Change) {
        for spread in &mut self.spreads {
            if !spread.means(&self.pod, other) {
                continue;
            }
            let Some(value) = spread.domain_of(&self.pod, node) else { continue };
            if let Some(count) = spread.counts.get_mut(value) {
                *count += change.sign();
                spread.settle();
            }
        }
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::cycle::schedule;

    /// Pods with the label `app` belong together by it.
    #[derive(Debug)]
    struct ByApp;

    impl Alike for ByApp {
        fn selector(&self, pod: &Pod) -> Option<LabelSelector> {
            let app = pod.metadata.labels.as_ref()?.get("app")?;
            LabelSelector::parse(&format!("app={app}")).ok()
        }
    }

    #[test]
    fn pods_of_a_set_are_spread_by_default() {
        let mut pod = (*pod(&constraint(&json!({})))).clone();
        pod.spec.as_mut().unwrap().topology_spread_constraints = None;
        let pod = Arc::new(pod);
        let mut nodes: Vec<Arc<NodeInfo>> = ["a", "b", "c"]
            .into_iter()
            .map(|name| {
                let node = json!({"metadata": {"name": name, "labels": {HOSTNAME: name}}});
                Arc::new(NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap())))
            })
            .collect();
        for _ in 0..9 {
            let name = schedule(&pod, &nodes, &plugins(), 0).unwrap().name().to_owned();
            let node = nodes.iter_mut().find(|node| node.name() == name).unwrap();
            Arc::make_mut(node).add(&pod);
        }
        let counts: Vec<usize> = nodes.iter().map(|node| node.running.len()).collect();
        assert_eq!(counts, [3, 3, 3]);
    }

    fn pod(constraint: &Value) -> Arc<Pod> {
        let object = json!({
            "metadata": {"namespace": "n", "name": "p", "labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c"}], "topologySpreadConstraints": [constraint]},
        });
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn constraint(more: &Value) -> Value {
        let mut all = json!({
            "maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "web"}},
        });
        machinery::patch::apply_merge_patch(&mut all, more);
        all
    }

    /// Nodes with a zone each; one without where the zone is empty.
    fn nodes(zones: &[&str]) -> Vec<Arc<NodeInfo>> {
        let made = zones.iter().enumerate().map(|(at, zone)| {
            let labels = if zone.is_empty() { json!({}) } else { json!({"zone": zone}) };
            let node = json!({"metadata": {"name": format!("n{at}"), "labels": labels}});
            Arc::new(NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap())))
        });
        made.collect()
    }

    fn plugins() -> Vec<Box<dyn Plugin>> {
        vec![Box::new(PodTopologySpread::new(Arc::new(ByApp), &SpreadArguments::default()))]
    }

    fn outcome(pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> String {
        match schedule(pod, nodes, &plugins(), 0) {
            Ok(node) => node.name().to_owned(),
            Err(refused) => refused.message(None),
        }
    }

    #[test]
    fn no_zone_gets_ahead_of_the_others() {
        let pod = pod(&constraint(&json!({})));
        let mut nodes = nodes(&["z1", "z2"]);
        Arc::make_mut(&mut nodes[0]).add(&pod);
        assert_eq!(outcome(&pod, &nodes), "n1");
        let told = outcome(&pod, &nodes[..1]);
        assert_eq!(told, "n0", "one zone alone is never ahead");
        nodes.push(self::nodes(&[""]).remove(0));
        let bare = Arc::clone(&nodes[2].node);
        Arc::make_mut(&mut nodes[1]).node = bare;
        assert_eq!(outcome(&pod, &nodes), "n0", "nodes without the label do not count");
        let told = outcome(&pod, &nodes[1..]);
        assert!(told.contains("2 node(s) didn't match pod topology spread constraints (missing"));
    }

    #[test]
    fn domains_may_be_wanted_and_constraints_be_wishes() {
        let wide = pod(&constraint(&json!({"minDomains": 2})));
        let mut one = nodes(&["z1"]);
        Arc::make_mut(&mut one[0]).add(&wide);
        let told = outcome(&wide, &one);
        assert!(told.contains("1 node(s) didn't match pod topology spread constraints"), "{told}");
        let wish = pod(&constraint(&json!({"whenUnsatisfiable": "ScheduleAnyway"})));
        let mut two = nodes(&["z1", "z2"]);
        Arc::make_mut(&mut two[0]).add(&wish);
        assert_eq!(outcome(&wish, &two), "n1");
        assert_eq!(outcome(&wish, &one), "n0");
    }

    proptest! {
        #[test]
        fn the_skew_is_never_exceeded(skew in 1_i64..4, zones in 2_usize..5, pods in 1_usize..40) {
            let names: Vec<String> = (0..zones).map(|zone| format!("z{zone}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut nodes = nodes(&names);
            let pod = pod(&constraint(&json!({"maxSkew": skew})));
            for tie in 0..pods {
                let chosen = schedule(&pod, &nodes, &plugins(), tie * 7).map(|it| it.name().to_owned());
                let chosen = chosen.expect("there is always the emptiest zone");
                let node = nodes.iter_mut().find(|node| node.name() == chosen).unwrap();
                Arc::make_mut(node).add(&pod);
            }
            let counts: Vec<usize> = nodes.iter().map(|node| node.running.len()).collect();
            let spread = counts.iter().max().unwrap() - counts.iter().min().unwrap();
            prop_assert!(i64::try_from(spread).unwrap() <= skew);
        }
    }
}
