//! Tables for the decision, and histories played to their end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use k8s_openapi::api::{
    apps::v1::DaemonSet,
    core::v1::{Node, Pod},
};
use machinery::well_known::REVISION_HASH;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    placement::{Place, node_of, place, pod_for},
    reconcile::{Observed, Plan, reconcile},
    status::status,
};
use crate::pods;

/// A set and nodes in a world where pods become ready when told to.
struct World {
    set: DaemonSet,
    nodes: Vec<Arc<Node>>,
    pods: Vec<Arc<Pod>>,
    hash: String,
    held: BTreeMap<String, Duration>,
    made: usize,
}

fn node(name: &str, more: &Value) -> Arc<Node> {
    let mut object = json!({"metadata": {"name": name}});
    machinery::patch::apply_merge_patch(&mut object, more);
    Arc::new(serde_json::from_value(object).unwrap())
}

fn set(spec: &Value) -> DaemonSet {
    let mut object = json!({
        "metadata": {"name": "d", "namespace": "n", "uid": "set", "generation": 1},
        "spec": {"selector": {"matchLabels": {"a": "1"}},
            "updateStrategy": {"type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
            "template": {"metadata": {"labels": {"a": "1"}},
                "spec": {"containers": [{"name": "c", "image": "i"}]}}},
    });
    machinery::patch::apply_merge_patch(&mut object["spec"], spec);
    serde_json::from_value(object).unwrap()
}

impl World {
    fn new(spec: &Value, nodes: usize) -> Self {
        let nodes = (0..nodes).map(|at| node(&format!("n{at}"), &json!({}))).collect();
        let (pods, held) = (Vec::new(), BTreeMap::new());
        Self { set: set(spec), nodes, pods, hash: "h1".into(), held, made: 0 }
    }

    fn seen(&self) -> Observed<'_> {
        Observed {
            set: &self.set,
            nodes: &self.nodes,
            pods: &self.pods,
            hash: &self.hash,
            held: &self.held,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn plan(&self) -> Plan {
        reconcile(&self.seen())
    }

    /// What the plan does, in words; pods are shown by node and revision.
    fn says(&self) -> String {
        let plan = self.plan();
        let created = plan.create.iter().map(|node| format!("+{node}"));
        let deleted = plan.delete.iter().map(|pod| format!("-{}", shown(pod)));
        created.chain(deleted).collect::<Vec<_>>().join(" ")
    }

    /// Carries the plan out; pods that go are gone at once, new ones are bound and pending.
    fn apply(&mut self) -> bool {
        let plan = self.plan();
        let gone: BTreeSet<_> = plan.delete.iter().map(|pod| pods::name(pod).to_owned()).collect();
        self.pods.retain(|pod| !gone.contains(pods::name(pod)));
        for node in &plan.create {
            let mut pod = pod_for(&self.set, node, &self.hash);
            pod.metadata.name = Some(format!("p{}", self.made));
            self.made += 1;
            pod.spec.as_mut().unwrap().node_name = Some(node.clone());
            pod.status = serde_json::from_value(json!({"phase": "Pending"})).unwrap();
            self.pods.push(Arc::new(pod));
        }
        !plan.create.is_empty() || !plan.delete.is_empty()
    }

    fn turn(&mut self, at: usize, phase: &str, ready: bool) {
        let mut pod = (*self.pods[at]).clone();
        let ready = if ready { "True" } else { "False" };
        let conditions = json!([{"type": "Ready", "status": ready,
            "lastTransitionTime": "1969-01-01T00:00:00Z"}]);
        pod.status =
            serde_json::from_value(json!({"phase": phase, "conditions": conditions})).unwrap();
        self.pods[at] = Arc::new(pod);
    }

    fn ready_all(&mut self) {
        (0..self.pods.len()).for_each(|at| self.turn(at, "Running", true));
    }

    /// Plays until nothing is to be done.
    fn settle(&mut self) {
        for _ in 0..200 {
            let moved = self.apply();
            self.ready_all();
            if !moved && self.says().is_empty() {
                return;
            }
        }
        panic!("the set does not settle: {}", self.says());
    }

    fn shows(&self) -> String {
        let mut pods: Vec<_> = self.pods.iter().map(|pod| shown(pod)).collect();
        pods.sort();
        pods.join(" ")
    }
}

fn shown(pod: &Pod) -> String {
    let hash = pod.metadata.labels.as_ref().and_then(|labels| labels.get(REVISION_HASH));
    format!("{}@{}", node_of(pod).unwrap_or("?"), hash.map_or("?", String::as_str))
}

#[test]
fn every_node_that_fits_gets_one_pod() {
    let mut world = World::new(&json!({}), 2);
    assert_eq!(world.says(), "+n0 +n1");
    world.settle();
    assert_eq!(world.shows(), "n0@h1 n1@h1");
    world.nodes.push(node("n2", &json!({})));
    assert_eq!(world.says(), "+n2");
    world.settle();
    world.nodes.remove(0);
    assert_eq!(world.says(), "", "a pod of a node that is gone is the garbage collector's");
    let mut twin = (*world.pods[1]).clone();
    twin.metadata.name = Some("twin".into());
    world.pods.push(Arc::new(twin));
    assert_eq!(world.says(), "-n1@h1", "one is enough");
}

#[test]
fn nodes_are_wanted_by_selector_and_taints() {
    let taint =
        |key: &str, effect: &str| json!({"spec": {"taints": [{"key": key, "effect": effect}]}});
    let selector = json!({"template": {"spec": {"nodeSelector": {"disk": "ssd"}}}});
    let host = json!({"template": {"spec": {"hostNetwork": true}}});
    let bound = json!({"template": {"spec": {"nodeName": "other"}}});
    for (case, spec, more, want) in [
        ("plain", json!({}), json!({}), Place::Wanted),
        ("other label", selector.clone(), json!({}), Place::Refused),
        ("label", selector, json!({"metadata": {"labels": {"disk": "ssd"}}}), Place::Wanted),
        ("another node's", bound, json!({}), Place::Refused),
        ("tainted", json!({}), taint("k", "NoSchedule"), Place::Kept),
        ("driven out", json!({}), taint("k", "NoExecute"), Place::Refused),
        ("disliked", json!({}), taint("k", "PreferNoSchedule"), Place::Wanted),
        ("not ready", json!({}), taint("node.kubernetes.io/not-ready", "NoExecute"), Place::Wanted),
        (
            "cordoned",
            json!({}),
            taint("node.kubernetes.io/unschedulable", "NoSchedule"),
            Place::Wanted,
        ),
        (
            "no network",
            json!({}),
            taint("node.kubernetes.io/network-unavailable", "NoSchedule"),
            Place::Kept,
        ),
        (
            "no network needed",
            host,
            taint("node.kubernetes.io/network-unavailable", "NoSchedule"),
            Place::Wanted,
        ),
    ] {
        assert_eq!(place(&set(&spec), &node("n", &more)), want, "{case}");
    }
}

#[test]
fn a_pod_is_held_to_its_node_and_bears_its_taints() {
    let affinity = json!({"template": {"spec": {"affinity": {"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
            [{"matchExpressions": [{"key": "disk", "operator": "Exists"}]}]}}}}}});
    let mut set = set(&affinity);
    let annotation = ("deprecated.daemonset.template.generation".to_owned(), "7".to_owned());
    set.metadata.annotations = Some([annotation].into());
    let pod = json!(pod_for(&set, "n1", "h1"));
    let required = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let want = json!({"nodeSelectorTerms": [{"matchFields":
        [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}]});
    assert_eq!(pod.pointer(required), Some(&want));
    assert_eq!(pod["spec"]["tolerations"].as_array().map(Vec::len), Some(6));
    assert_eq!(pod["metadata"]["labels"]["controller-revision-hash"], "h1");
    assert_eq!(pod["metadata"]["labels"]["pod-template-generation"], "7");
    let pod: Pod = serde_json::from_value(pod).unwrap();
    assert_eq!(node_of(&pod), Some("n1"));
}

#[test]
fn pods_that_ended_go_and_failed_ones_wait() {
    let mut world = World::new(&json!({}), 2);
    world.settle();
    world.turn(0, "Failed", false);
    world.turn(1, "Succeeded", false);
    let plan = world.plan();
    assert_eq!((plan.failed.len(), plan.succeeded.len()), (1, 1));
    assert_eq!(world.says(), "-n0@h1 -n1@h1");
    world.held.insert("n0".into(), Duration::from_secs(4));
    let plan = world.plan();
    assert_eq!((plan.failed.len(), plan.again), (0, Some(Duration::from_secs(4))));
    assert_eq!(world.says(), "-n1@h1");
}

#[test]
fn updates_keep_within_what_the_strategy_allows() {
    let rolling = |surge: Value, unavailable: Value| {
        json!({"updateStrategy": {"rollingUpdate":
            {"maxSurge": surge, "maxUnavailable": unavailable}}})
    };
    for (case, spec, first, end) in [
        ("one at a time", json!({}), "-n0@h1", "n0@h2 n1@h2 n2@h2"),
        ("two", rolling(json!(0), json!(2)), "-n0@h1 -n1@h1", "n0@h2 n1@h2 n2@h2"),
        ("half", rolling(json!(0), json!("50%")), "-n0@h1 -n1@h1", "n0@h2 n1@h2 n2@h2"),
        ("surge", rolling(json!(1), json!(0)), "+n0", "n0@h2 n1@h2 n2@h2"),
        ("surge all", rolling(json!("100%"), json!(0)), "+n0 +n1 +n2", "n0@h2 n1@h2 n2@h2"),
        (
            "on delete",
            json!({"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}),
            "",
            "n0@h1 n1@h1 n2@h1",
        ),
    ] {
        let mut world = World::new(&spec, 3);
        world.settle();
        world.hash = "h2".into();
        assert_eq!(world.says(), first, "{case}");
        world.settle();
        assert_eq!(world.shows(), end, "{case}");
    }
}

#[test]
fn a_surge_waits_for_the_new_pod() {
    let spec = json!({"updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}});
    let mut world = World::new(&spec, 2);
    world.settle();
    world.hash = "h2".into();
    world.apply();
    assert_eq!(world.shows(), "n0@h1 n0@h2 n1@h1");
    assert_eq!(world.says(), "", "it is not ready");
    world.ready_all();
    assert_eq!(world.says(), "-n0@h1");
    world.turn(0, "Running", false);
    world.turn(2, "Running", false);
    assert_eq!(world.says(), "-n0@h1", "an old one that is not ready is no use");
}

#[test]
fn an_update_replaces_what_is_down_first() {
    let mut world = World::new(&json!({}), 3);
    world.settle();
    world.hash = "h2".into();
    world.turn(2, "Running", false);
    assert_eq!(world.says(), "-n2@h1");
}

#[test]
fn status_counts_nodes() {
    let mut world = World::new(&json!({"minReadySeconds": 5}), 3);
    world.settle();
    world.hash = "h2".into();
    world.turn(0, "Running", false);
    let taints = json!({"spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]}});
    world.nodes[2] = node("n2", &taints);
    let status = status(&world.seen(), 0, true);
    assert_eq!((status.desired_number_scheduled, status.current_number_scheduled), (2, 2));
    assert_eq!((status.number_misscheduled, status.number_ready), (1, 1));
    assert_eq!((status.number_available, status.number_unavailable), (Some(1), Some(1)));
    assert_eq!((status.updated_number_scheduled, status.observed_generation), (None, Some(1)));
}

#[test]
fn a_pod_that_waits_for_a_lost_node_goes() {
    let mut world = World::new(&json!({}), 1);
    world.apply();
    let mut pod = (*world.pods[0]).clone();
    pod.spec.as_mut().unwrap().node_name = None;
    world.pods = vec![Arc::new(pod)];
    assert_eq!(world.says(), "");
    world.nodes.clear();
    assert_eq!(world.says(), "-n0@h1");
}

/// Something that happens to a set.
#[derive(Debug, Clone)]
enum Turn {
    Roll(u8),
    Join,
    Leave(usize),
    Taint(usize),
    Break(usize),
    End(usize),
    Lose(usize),
    Sync,
    Ready,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let one = prop_oneof![
        (0_u8..3).prop_map(Turn::Roll),
        Just(Turn::Join),
        (0_usize..6).prop_map(Turn::Leave),
        (0_usize..6).prop_map(Turn::Taint),
        (0_usize..6).prop_map(Turn::Break),
        (0_usize..6).prop_map(Turn::End),
        (0_usize..6).prop_map(Turn::Lose),
        Just(Turn::Sync),
        Just(Turn::Sync),
        Just(Turn::Ready),
    ];
    proptest::collection::vec(one, 0..30)
}

impl World {
    fn play(&mut self, turn: &Turn) {
        let pods = self.pods.len();
        match *turn {
            Turn::Roll(revision) => self.hash = format!("h{revision}"),
            Turn::Join => {
                self.made += 1;
                let name = format!("m{}", self.made);
                self.nodes.push(node(&name, &json!({})));
            }
            Turn::Leave(at) if at < self.nodes.len() => {
                let gone = self.nodes.remove(at);
                self.pods.retain(|pod| node_of(pod) != gone.metadata.name.as_deref());
            }
            Turn::Taint(at) if at < self.nodes.len() => {
                let name = self.nodes[at].metadata.name.clone().unwrap();
                let taints = json!({"spec": {"taints": [{"key": "k", "effect": "NoExecute"}]}});
                self.nodes[at] = node(&name, &taints);
            }
            Turn::Break(at) if at < pods => self.turn(at, "Running", false),
            Turn::End(at) if at < pods => self.turn(at, "Failed", false),
            Turn::Lose(at) if at < pods => drop(self.pods.remove(at)),
            Turn::Ready => self.ready_all(),
            Turn::Sync => drop(self.apply()),
            Turn::Leave(_) | Turn::Taint(_) | Turn::Break(_) | Turn::End(_) | Turn::Lose(_) => {}
        }
    }
}

proptest! {
    #[test]
    fn any_history_converges_within_bounds(
        turns in turns(),
        surge in 0_usize..3,
        unavailable in 0_usize..3,
    ) {
        let spec = json!({"updateStrategy": {"rollingUpdate":
            {"maxSurge": surge, "maxUnavailable": if surge == 0 { unavailable } else { 0 }}}});
        let mut world = World::new(&spec, 3);
        for turn in &turns {
            let before = world.pods.iter().filter(|pod| pods::is_ready(pod)).count();
            let plan = world.plan();
            let lost = plan.delete.iter().filter(|pod| {
                let replaced = |other: &Arc<Pod>| {
                    pods::name(other) != pods::name(pod) && node_of(other) == node_of(pod)
                };
                pods::is_ready(pod)
                    && pods::phase(pod) == "Running"
                    && world.seen().wants(node_of(pod).unwrap_or_default())
                    && !world.pods.iter().any(replaced)
            });
            let most = if surge == 0 { unavailable.max(1) } else { 0 };
            prop_assert!(lost.count() <= most, "of {before}: {turn:?}");
            world.play(turn);
        }
        world.ready_all();
        world.settle();
        let mut want: Vec<_> =
            world.seen().wanted().iter().map(|node| format!("{node}@{}", world.hash)).collect();
        want.sort();
        prop_assert_eq!(world.shows(), want.join(" "));
    }
}
