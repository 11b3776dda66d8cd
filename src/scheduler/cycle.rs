//! One scheduling decision. No clock, no I/O; what is random is given by the caller.
//! Source: `k8s.io/kubernetes/pkg/scheduler/schedule_one.go`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use k8s_openapi::api::core::v1::Pod;

use crate::{
    nodes::{NodeInfo, priority, same},
    plugins::{Change, Plugin, Refusal, Round},
};

/// Pods that wait for room which is being made for them, by node.
pub(crate) type Nominated = HashMap<String, Vec<Arc<Pod>>>;

/// Clusters of up to so many nodes are looked at whole.
const FEW_NODES: usize = 100;

/// What each plugin has seen, in the order of the plugins.
#[derive(Debug)]
pub(crate) struct Rounds(Vec<Option<Box<dyn Round>>>);

impl Rounds {
    /// A copy to try something on.
    pub(crate) fn copy(&self) -> Self {
        Self(self.0.iter().map(|round| round.as_ref().map(|it| it.copy())).collect())
    }

    /// Another pod comes to a node or leaves it.
    pub(crate) fn count(&mut self, other: &Pod, node: &NodeInfo, change: Change) {
        self.0.iter_mut().flatten().for_each(|round| round.count(other, node, change));
    }
}

/// Why a pod fits nowhere.
#[derive(Debug)]
pub(crate) struct Unschedulable {
    nodes: usize,
    /// What each node that was looked at says.
    pub(crate) refusals: Vec<(Arc<NodeInfo>, Refusal)>,
    /// Why no node can have the pod, whatever they are.
    pub(crate) everywhere: Option<String>,
}

/// Reasons and how many nodes give them, in the order in which they are told.
pub(crate) fn counted<'a>(reasons: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut words: Vec<String> =
        counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    words.sort();
    words
}

impl Unschedulable {
    /// The words of the event and the condition; `preemption` is what making room came to.
    pub(crate) fn message(&self, preemption: Option<&str>) -> String {
        if self.nodes == 0 {
            return "no nodes available to schedule pods".into();
        }
        let reasons = counted(self.refusals.iter().flat_map(|(_, refusal)| &refusal.reasons));
        let reasons = match &self.everywhere {
            Some(words) => words.clone(),
            None => reasons.join(", "),
        };
        let told = format!("0/{} nodes are available: {reasons}.", self.nodes);
        match preemption {
            None => told,
            Some(words) => {
                format!("{told} no new claims to deallocate, preemption: {words}")
            }
        }
    }
}

/// The choices that chance makes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Luck {
    /// Among equal nodes.
    pub(crate) tie: usize,
    /// The node to begin with.
    pub(crate) start: usize,
}

/// A pod, the nodes, and what the plugins have seen of them.
#[derive(Debug)]
pub(crate) struct Cycle<'a> {
    pub(crate) pod: &'a Arc<Pod>,
    pub(crate) nodes: &'a [Arc<NodeInfo>],
    pub(crate) nominated: &'a Nominated,
    plugins: &'a [Box<dyn Plugin>],
    pub(crate) rounds: Rounds,
}

impl<'a> Cycle<'a> {
    /// Has the plugins look at all nodes. Errors: no node can have the pod.
    pub(crate) fn begin(
        pod: &'a Arc<Pod>,
        nodes: &'a [Arc<NodeInfo>],
        nominated: &'a Nominated,
        plugins: &'a [Box<dyn Plugin>],
    ) -> Result<Self, Unschedulable> {
        if let Some(words) = plugins.iter().find_map(|plugin| plugin.pre_filter(pod).err()) {
            let (nodes, everywhere) = (nodes.len(), Some(words));
            return Err(Unschedulable { nodes, refusals: Vec::new(), everywhere });
        }
        let rounds = plugins.iter().map(|plugin| plugin.prepare(pod, nodes)).collect();
        Ok(Self { pod, nodes, nominated, plugins, rounds: Rounds(rounds) })
    }

    /// Picks the node and tells how many were looked at.
    ///
    /// Cost: O(nodes x plugins); of many nodes a share is enough.
    pub(crate) fn choose(&self, luck: Luck) -> Result<(Arc<NodeInfo>, usize), Unschedulable> {
        if let Some(node) = self.promised() {
            return Ok((node, 0));
        }
        let wanted = enough(self.nodes.len());
        let mut fitting: Vec<&Arc<NodeInfo>> = Vec::new();
        let mut refusals = Vec::new();
        let begin = luck.start % self.nodes.len().max(1);
        let (before, after) = self.nodes.split_at(begin);
        let mut seen = 0;
        for node in after.iter().chain(before) {
            if fitting.len() >= wanted {
                break;
            }
            seen += 1;
            match self.fits(node, &self.rounds) {
                Ok(()) => fitting.push(node),
                Err(refusal) => refusals.push((Arc::clone(node), refusal)),
            }
        }
        let found = self.best(&fitting, luck.tie).map(|node| (Arc::clone(node), seen));
        let total = self.nodes.len();
        found.ok_or(Unschedulable { nodes: total, refusals, everywhere: None })
    }

    /// The node on which room was made for this pod, if it can have it now.
    fn promised(&self) -> Option<Arc<NodeInfo>> {
        let name = self.pod.status.as_ref()?.nominated_node_name.as_deref()?;
        let node = self.nodes.iter().find(|node| node.name() == name)?;
        self.fits(node, &self.rounds).is_ok().then(|| Arc::clone(node))
    }

    /// Tells whether a node can have the pod, with and without those that wait for room there.
    pub(crate) fn fits(&self, node: &NodeInfo, rounds: &Rounds) -> Result<(), Refusal> {
        let waiting = self.nominated.get(node.name()).into_iter().flatten();
        let mut waiting = waiting
            .filter(|other| priority(other) >= priority(self.pod) && !same(other, self.pod))
            .peekable();
        if waiting.peek().is_some() {
            let (mut fuller, mut seen) = (node.clone(), rounds.copy());
            for other in waiting {
                fuller.add(other);
                seen.count(other, node, Change::Comes);
            }
            self.filter(&fuller, &seen)?;
        }
        self.filter(node, rounds)
    }

    /// The first plugin that refuses speaks for the node.
    fn filter(&self, node: &NodeInfo, rounds: &Rounds) -> Result<(), Refusal> {
        for (plugin, round) in self.plugins.iter().zip(&rounds.0) {
            plugin.filter(self.pod, node)?;
            if let Some(round) = round {
                round.filter(node)?;
            }
        }
        Ok(())
    }

    fn best<'n>(&self, nodes: &[&'n Arc<NodeInfo>], tie: usize) -> Option<&'n Arc<NodeInfo>> {
        if let [] | [_] = nodes {
            return nodes.first().copied();
        }
        let infos: Vec<&NodeInfo> = nodes.iter().map(|node| &***node).collect();
        let mut sums = vec![0; nodes.len()];
        for (plugin, round) in self.plugins.iter().zip(&self.rounds.0) {
            let own = plugin.scores(self.pod, &infos);
            let seen = round.as_ref().map(|round| round.scores(&infos)).unwrap_or_default();
            for (sum, score) in sums.iter_mut().zip(own) {
                *sum += plugin.weight() * score;
            }
            for (sum, score) in sums.iter_mut().zip(seen) {
                *sum += plugin.weight() * score;
            }
        }
        let top = sums.iter().copied().max()?;
        let best = || nodes.iter().zip(&sums).filter(|(_, sum)| **sum == top);
        best().nth(tie % best().count()).map(|(node, _)| *node)
    }
}

/// How many fitting nodes are enough to choose among.
fn enough(nodes: usize) -> usize {
    let percent = 50_usize.saturating_sub(nodes / 125).max(5);
    (nodes * percent / 100).max(FEW_NODES.min(nodes))
}

/// Decides for a pod alone, without anybody who waits for room.
#[cfg(test)]
pub(crate) fn schedule(
    pod: &Arc<Pod>,
    nodes: &[Arc<NodeInfo>],
    plugins: &[Box<dyn Plugin>],
    tie: usize,
) -> Result<Arc<NodeInfo>, Unschedulable> {
    let nominated = Nominated::new();
    let cycle = Cycle::begin(pod, nodes, &nominated, plugins)?;
    cycle.choose(Luck { tie, start: 0 }).map(|(node, _)| node)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{plugins, preemption};

    fn node(name: &str, cpu: &str, spec: &serde_json::Value) -> Arc<NodeInfo> {
        let node = serde_json::from_value(json!({
            "metadata": {"name": name, "labels": {"disk": name}}, "spec": spec,
            "status": {"allocatable": {"cpu": cpu, "memory": "8Gi", "pods": "110"}},
        }));
        Arc::new(NodeInfo::new(Arc::new(node.unwrap())))
    }

    fn pod(cpu: &str, spec: &serde_json::Value) -> Arc<Pod> {
        let mut object = json!({"spec": {"containers": [
            {"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        machinery::patch::apply_merge_patch(&mut object["spec"], spec);
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn outcome(pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Result<String, String> {
        let (plugins, nominated) = (plugins::all_for_tests(), Nominated::new());
        let refused = match Cycle::begin(pod, nodes, &nominated, &plugins) {
            Ok(cycle) => match cycle.choose(Luck::default()) {
                Ok((node, _)) => return Ok(node.name().to_owned()),
                Err(refused) => {
                    let words = preemption::words_for_tests(&cycle, &refused);
                    return Err(refused.message(Some(&words)));
                }
            },
            Err(refused) => refused,
        };
        Err(refused.message(None))
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

    #[test]
    fn who_waits_for_room_is_counted_by_those_below() {
        let nodes = [node("a", "2", &json!({}))];
        let plugins = plugins::all_for_tests();
        let waits = pod("2", &json!({"priority": 5}));
        let nominated = Nominated::from([("a".to_owned(), vec![Arc::clone(&waits)])]);
        let fits = |priority: i32| {
            let mut pod = pod("1", &json!({"priority": priority}));
            Arc::make_mut(&mut pod).metadata.name = Some("other".into());
            let cycle = Cycle::begin(&pod, &nodes, &nominated, &plugins).unwrap();
            cycle.choose(Luck::default()).is_ok()
        };
        assert_eq!([fits(4), fits(5), fits(6)], [false, false, true]);
        let cycle = Cycle::begin(&waits, &nodes, &nominated, &plugins).unwrap();
        assert!(cycle.choose(Luck::default()).is_ok(), "it does not stand in its own way");
    }

    #[test]
    fn of_many_nodes_a_share_is_enough() {
        for (nodes, want) in [(0, 0), (1, 1), (100, 100), (200, 100), (1000, 420), (5000, 500)] {
            assert_eq!(enough(nodes), want, "{nodes}");
        }
        let nodes: Vec<_> = (0..300).map(|at| node(&format!("n{at}"), "1", &json!({}))).collect();
        let (pod, nominated, plugins) =
            (pod("1m", &json!({})), Nominated::new(), plugins::all_for_tests());
        let cycle = Cycle::begin(&pod, &nodes, &nominated, &plugins).unwrap();
        let (_, seen) = cycle.choose(Luck { tie: 0, start: 290 }).unwrap();
        assert_eq!(seen, enough(300));
    }

    proptest! {
        #[test]
        fn no_node_is_filled_beyond_its_measure(cpus in prop::collection::vec(1_i64..4000, 1..60)) {
            let mut nodes = [node("a", "2", &json!({})), node("b", "3", &json!({}))];
            for (tie, cpu) in cpus.iter().enumerate() {
                let pod = pod(&format!("{cpu}m"), &json!({}));
                let chosen = schedule(&pod, &nodes, &plugins::all_for_tests(), tie);
                if let Ok(chosen) = chosen {
                    let name = chosen.name().to_owned();
                    drop(chosen);
                    let node = nodes.iter_mut().find(|node| node.name() == name).unwrap();
                    Arc::make_mut(node).add(&pod);
                }
            }
            for node in &nodes {
                prop_assert!(node.requested.get("cpu") <= node.allocatable.get("cpu"));
            }
        }
    }
}
