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

/// What extenders add to the scores of nodes, by name.
pub(crate) type Added = HashMap<String, i64>;

/// Pods that wait for room which is being made for them, by node.
pub(crate) type Nominated = HashMap<String, Vec<Arc<Pod>>>;

/// Clusters of up to so many nodes are looked at whole.
const FEW_NODES: usize = 100;

/// How many fitting nodes are enough to choose among.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Share {
    /// The larger the cluster, the smaller a share.
    #[default]
    Adaptive,
    /// So many of a hundred.
    Percent(usize),
}

impl Share {
    /// A share as settings write it: 0 leaves it to the number of nodes.
    pub(crate) fn of(percent: i32) -> Self {
        match usize::try_from(percent) {
            Ok(percent @ 1..) => Self::Percent(percent),
            _ => Self::Adaptive,
        }
    }

    fn enough(self, nodes: usize) -> usize {
        let percent = match self {
            Self::Adaptive => 50_usize.saturating_sub(nodes / 125).max(5),
            Self::Percent(percent) => percent,
        };
        (nodes * percent / 100).max(FEW_NODES.min(nodes))
    }
}

/// Nodes that can have a pod, why others cannot, and how many were looked at.
#[derive(Debug)]
pub(crate) struct Fitting {
    pub(crate) nodes: Vec<Arc<NodeInfo>>,
    pub(crate) refusals: Vec<(Arc<NodeInfo>, Refusal)>,
    pub(crate) seen: usize,
}

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
    share: Share,
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
        let (share, rounds) = (Share::default(), Rounds(rounds));
        Ok(Self { pod, nodes, nominated, plugins, share, rounds })
    }

    /// Looks for so many fitting nodes.
    pub(crate) fn looking_for(mut self, share: Share) -> Self {
        self.share = share;
        self
    }

    /// Picks the node and tells how many were looked at.
    #[cfg(test)]
    pub(crate) fn choose(&self, luck: Luck) -> Result<(Arc<NodeInfo>, usize), Unschedulable> {
        let fitting = self.promised().unwrap_or_else(|| self.fitting(luck));
        let seen = fitting.seen;
        self.pick(fitting, &Added::new(), luck).map(|node| (node, seen))
    }

    /// The nodes that can have the pod.
    ///
    /// Cost: O(nodes x plugins); of many nodes a share is enough.
    pub(crate) fn fitting(&self, luck: Luck) -> Fitting {
        let wanted = self.share.enough(self.nodes.len());
        let mut fitting = Fitting { nodes: Vec::new(), refusals: Vec::new(), seen: 0 };
        let begin = luck.start % self.nodes.len().max(1);
        let (before, after) = self.nodes.split_at(begin);
        for node in after.iter().chain(before) {
            if fitting.nodes.len() >= wanted {
                break;
            }
            fitting.seen += 1;
            match self.fits(node, &self.rounds) {
                Ok(()) => fitting.nodes.push(Arc::clone(node)),
                Err(refusal) => fitting.refusals.push((Arc::clone(node), refusal)),
            }
        }
        fitting
    }

    /// The best of the nodes that fit; `added` is what others say of them.
    pub(crate) fn pick(
        &self,
        fitting: Fitting,
        added: &Added,
        luck: Luck,
    ) -> Result<Arc<NodeInfo>, Unschedulable> {
        let (nodes, refusals) = (self.nodes.len(), fitting.refusals);
        let found = self.best(&fitting.nodes, added, luck.tie).map(Arc::clone);
        found.ok_or(Unschedulable { nodes, refusals, everywhere: None })
    }

    /// The node on which room was made for this pod, if it can have it now.
    pub(crate) fn promised(&self) -> Option<Fitting> {
        let name = self.pod.status.as_ref()?.nominated_node_name.as_deref()?;
        let node = self.nodes.iter().find(|node| node.name() == name)?;
        let fits = self.fits(node, &self.rounds).is_ok();
        let nodes = vec![Arc::clone(node)];
        fits.then(|| Fitting { nodes, refusals: Vec::new(), seen: 0 })
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

    fn best<'n>(
        &self,
        nodes: &'n [Arc<NodeInfo>],
        added: &Added,
        tie: usize,
    ) -> Option<&'n Arc<NodeInfo>> {
        if let [] | [_] = nodes {
            return nodes.first();
        }
        let infos: Vec<&NodeInfo> = nodes.iter().map(|node| &**node).collect();
        let own = |node: &&NodeInfo| added.get(node.name()).copied().unwrap_or(0);
        let mut sums: Vec<i64> = infos.iter().map(own).collect();
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
        best().nth(tie % best().count()).map(|(node, _)| node)
    }
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
            assert_eq!(Share::of(0).enough(nodes), want, "{nodes}");
        }
        let nodes: Vec<_> = (0..300).map(|at| node(&format!("n{at}"), "1", &json!({}))).collect();
        let (pod, nominated, plugins) =
            (pod("1m", &json!({})), Nominated::new(), plugins::all_for_tests());
        let cycle = Cycle::begin(&pod, &nodes, &nominated, &plugins).unwrap();
        let (_, seen) = cycle.choose(Luck { tie: 0, start: 290 }).unwrap();
        assert_eq!(seen, Share::of(0).enough(300));
        let cycle = cycle.looking_for(Share::of(50));
        assert_eq!(cycle.choose(Luck::default()).unwrap().1, 150);
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
