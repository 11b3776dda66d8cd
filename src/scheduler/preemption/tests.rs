//! Tables and properties of preemption.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    cycle::{Luck, Nominated},
    plugins,
};

/// A pod: name, priority, processor and labels.
fn pod(name: &str, priority: i32, cpu: i64) -> Arc<Pod> {
    with(name, priority, cpu, &json!({}))
}

fn with(name: &str, priority: i32, cpu: i64, more: &Value) -> Arc<Pod> {
    let requests = json!({"requests": {"cpu": format!("{cpu}m")}});
    let mut object = json!({
        "metadata": {"name": name, "namespace": "n", "uid": name, "labels": {"app": name}},
        "spec": {"priority": priority, "containers": [{"name": "c", "resources": requests}]},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    Arc::new(serde_json::from_value(object).unwrap())
}

fn node(name: &str, cpu: i64, running: &[Arc<Pod>]) -> Arc<NodeInfo> {
    let node = serde_json::from_value(json!({
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "status": {"allocatable": {"cpu": format!("{cpu}m"), "memory": "8Gi", "pods": "110"}},
    }));
    let mut info = NodeInfo::new(Arc::new(node.unwrap()));
    for pod in running {
        info.add(pod);
    }
    Arc::new(info)
}

fn budget(app: &str, allowed: i32, more: &Value) -> Arc<PodDisruptionBudget> {
    let mut object = json!({
        "metadata": {"name": app, "namespace": "n"},
        "spec": {"selector": {"matchLabels": {"app": app}}},
        "status": {"disruptionsAllowed": allowed, "currentHealthy": 0, "desiredHealthy": 0,
            "expectedPods": 0},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    Arc::new(serde_json::from_value(object).unwrap())
}

/// What becomes of a pod, or `None` where it fits without harm.
fn attempt(
    pod: &Arc<Pod>,
    nodes: &[Arc<NodeInfo>],
    budgets: &[Arc<PodDisruptionBudget>],
) -> Option<Preemption> {
    let (nominated, plugins) = (Nominated::new(), plugins::all_for_tests());
    let cycle = Cycle::begin(pod, nodes, &nominated, &plugins).unwrap();
    let refused = cycle.choose(Luck::default()).err()?;
    Some(preempt(&cycle, &refused, budgets, 0))
}

fn outcome(
    pod: &Arc<Pod>,
    nodes: &[Arc<NodeInfo>],
    budgets: &[Arc<PodDisruptionBudget>],
) -> String {
    match attempt(pod, nodes, budgets) {
        None => "fits".into(),
        Some(Preemption::Wait(found)) => {
            let names = found.victims.iter().filter_map(|pod| pod.metadata.name.clone());
            format!("{}: {}", found.node, names.collect::<Vec<_>>().join(" "))
        }
        Some(Preemption::Hopeless(words) | Preemption::NotNow(words)) => words,
        Some(Preemption::Off) => "off".into(),
    }
}

#[test]
fn as_few_as_need_be_leave_and_the_least_important() {
    let running = [pod("low", 1, 500), pod("mid", 2, 500), pod("high", 9, 1000)];
    let nodes = [node("a", 2000, &running)];
    let none = "0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    for (case, priority, cpu, want) in [
        ("one is enough", 5, 500, "a: low"),
        ("both are needed", 5, 1000, "a: mid low"),
        ("the high one stays", 5, 1500, "0/1 nodes are available: 1 Insufficient cpu."),
        ("all leave", 10, 2000, "a: high mid low"),
        ("equals stay", 1, 500, none),
        (
            "too large for the node",
            10,
            3000,
            "0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
        ),
    ] {
        assert_eq!(outcome(&pod("new", priority, cpu), &nodes, &[]), want, "{case}");
    }
}

#[test]
fn some_may_not_make_room() {
    let nodes = [node("a", 1000, &[pod("low", 1, 1000)])];
    let never = with("new", 5, 500, &json!({"spec": {"preemptionPolicy": "Never"}}));
    assert_eq!(outcome(&never, &nodes, &[]), "not eligible due to preemptionPolicy=Never.");
    let goes = json!({
        "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"},
        "status": {"conditions": [{"type": "DisruptionTarget", "status": "True",
            "reason": "PreemptionByScheduler"}]},
    });
    let waits = with("new", 5, 500, &json!({"status": {"nominatedNodeName": "a"}}));
    let words = "not eligible due to a terminating pod on the nominated node.";
    let leaving = [node("a", 1000, &[with("low", 1, 1000, &goes)])];
    assert_eq!(outcome(&waits, &leaving, &[]), words);
    assert_eq!(outcome(&waits, &nodes, &[]), "a: low", "nobody leaves, so somebody must");
}

#[test]
fn budgets_are_kept_where_they_can_be() {
    let running = [pod("web", 1, 500), pod("job", 2, 500)];
    let nodes = [node("a", 1000, &running)];
    let new = pod("new", 5, 500);
    for (case, budgets, want) in [
        ("none", vec![], "a: web"),
        ("kept", vec![budget("web", 0, &json!({}))], "a: job"),
        ("room in it", vec![budget("web", 1, &json!({}))], "a: web"),
        ("both", vec![budget("web", 0, &json!({})), budget("job", 0, &json!({}))], "a: web"),
        ("another's", vec![budget("web", 0, &json!({"metadata": {"namespace": "m"}}))], "a: web"),
        (
            "empty",
            vec![budget("web", 0, &json!({"spec": {"selector": {"matchLabels": null}}}))],
            "a: web",
        ),
        (
            "leaves already",
            vec![budget(
                "web",
                0,
                &json!({"status": {"disruptedPods":
            {"web": "2026-01-01T00:00:00Z"}}}),
            )],
            "a: web",
        ),
    ] {
        assert_eq!(outcome(&new, &nodes, &budgets), want, "{case}");
    }
    let other = node("b", 1000, &[pod("big", 4, 1000)]);
    let nodes = [Arc::clone(&nodes[0]), other];
    let budgets = [budget("web", 0, &json!({})), budget("job", 0, &json!({}))];
    assert_eq!(outcome(&new, &nodes, &budgets), "b: big", "a broken budget weighs most");
}

#[test]
fn the_node_with_the_least_harm_is_taken() {
    let since = |name: &str, priority: i32, cpu: i64, day: u8| {
        let start = format!("2026-01-0{day}T00:00:00Z");
        with(name, priority, cpu, &json!({"status": {"startTime": start}}))
    };
    let one = |name: &str, priority: i32| vec![pod(name, priority, 1000)];
    let two = |a: &str, b: &str, low: i32, high: i32| vec![pod(a, low, 500), pod(b, high, 500)];
    for (case, first, second, want) in [
        ("least important first victim", one("x", 3), one("y", 2), "b: y"),
        ("smallest sum", two("x", "y", 1, 3), two("z", "w", 0, 3), "b: w z"),
        ("fewest below zero", two("x", "y", -5, -5), one("z", -5), "b: z"),
        ("latest start", vec![since("x", 1, 1000, 1)], vec![since("y", 1, 1000, 2)], "b: y"),
        ("the first of equals", one("x", 1), one("y", 1), "a: x"),
    ] {
        let nodes = [node("a", 1000, &first), node("b", 1000, &second)];
        assert_eq!(outcome(&pod("new", 5, 1000), &nodes, &[]), want, "{case}");
    }
}

#[test]
fn the_longer_of_two_equals_stays() {
    let since = |name: &str, day: u8| {
        let start = format!("2026-01-0{day}T00:00:00Z");
        with(name, 1, 500, &json!({"status": {"startTime": start}}))
    };
    let nodes = [node("a", 1000, &[since("new-one", 3), since("old-one", 1)])];
    assert_eq!(outcome(&pod("new", 5, 500), &nodes, &[]), "a: new-one");
}

#[test]
fn those_who_keep_others_off_leave() {
    let apart = json!({"spec": {"affinity": {"podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [{
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": {"matchLabels": {"app": "lonely"}}}]}}},
        "metadata": {"labels": {"app": "lonely"}}});
    let running = [with("one", 1, 100, &apart), pod("two", 0, 100)];
    let nodes = [node("a", 4000, &running)];
    assert_eq!(outcome(&with("new", 5, 100, &apart), &nodes, &[]), "a: one");
    let spread = json!({"spec": {"topologySpreadConstraints": [{"maxSkew": 1, "minDomains": 2,
        "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "web"}}}]}, "metadata": {"labels": {"app": "web"}}});
    let running = [with("one", 1, 100, &spread), pod("two", 0, 100)];
    let nodes = [node("a", 4000, &running)];
    assert_eq!(outcome(&with("new", 5, 100, &spread), &nodes, &[]), "a: one");
}

/// Nodes with pods (priority and processor) on them.
fn clusters() -> impl Strategy<Value = Vec<Vec<(i32, i64)>>> {
    let pods = prop::collection::vec((0_i32..6, 1_i64..800), 0..8);
    prop::collection::vec(pods, 1..5)
}

proptest! {
    #[test]
    fn only_the_lower_leave_and_each_of_them_must(
        cluster in clusters(),
        priority in 0_i32..6,
        cpu in 1_i64..2500,
        allowed in 0_i32..3,
    ) {
        let nodes: Vec<Arc<NodeInfo>> = cluster.iter().enumerate().map(|(at, pods)| {
            let mut free = 2000;
            let pods: Vec<Arc<Pod>> = pods.iter().enumerate().filter_map(|(nth, (priority, cpu))| {
                free -= cpu;
                (free >= 0).then(|| pod(&format!("p{at}-{nth}"), *priority, *cpu))
            }).collect();
            node(&format!("n{at}"), 2000, &pods)
        }).collect();
        let new = pod("new", priority, cpu);
        let budgets = [budget("p0-0", allowed, &json!({}))];
        let Some(Preemption::Wait(found)) = attempt(&new, &nodes, &budgets) else { return Ok(()) };
        let place = nodes.iter().position(|node| node.name() == found.node).unwrap();
        prop_assert!(!found.victims.is_empty());
        prop_assert!(found.victims.iter().all(|it| it.spec.as_ref().unwrap().priority < Some(priority)));
        let fits_without = |gone: &[&Arc<Pod>]| {
            let mut info = (*nodes[place]).clone();
            for pod in gone { info.remove(pod); }
            attempt(&new, &[Arc::new(info)], &[]).is_none()
        };
        let all: Vec<&Arc<Pod>> = found.victims.iter().collect();
        prop_assert!(fits_without(&all), "the pod fits once they are gone");
        for spared in 0..all.len() {
            let mut fewer = all.clone();
            fewer.remove(spared);
            prop_assert!(!fits_without(&fewer), "each of them is needed");
        }
    }
}
