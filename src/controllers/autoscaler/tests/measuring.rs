//! Replicas of measurements.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Pod;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{
    metrics::resource_samples,
    replicas::{
        Fleet, Goal, Proposal, Sample, Samples, Tolerances, for_average, for_pods, for_value,
    },
};

const TENTH: Tolerances = Tolerances { up: 0.1, down: 0.1 };

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

/// What a pod is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Like {
    Ready,
    /// Ready for five seconds of its minute.
    Fresh,
    /// Not ready, in its first minutes.
    Starting,
    /// Not ready after it was, and old.
    Broken,
    /// Never ready, and old.
    Stuck,
    Pending,
    Failed,
    Going,
}

fn before(seconds: i64) -> String {
    (now() - SignedDuration::from_secs(seconds)).to_string()
}

/// A pod that requests a thousand thousandths of everything.
fn pod(name: &str, like: Like) -> Arc<Pod> {
    let (started, turned, ready) = match like {
        Like::Fresh => (60, 5, "True"),
        Like::Starting => (60, 55, "False"),
        Like::Broken => (3600, 60, "False"),
        Like::Stuck => (3600, 3590, "False"),
        _ => (3600, 3500, "True"),
    };
    let phase = match like {
        Like::Pending => "Pending",
        Like::Failed => "Failed",
        _ => "Running",
    };
    let deleted = (like == Like::Going).then(|| before(1));
    let requests = json!({"cpu": "1", "memory": "1"});
    let object = json!({
        "metadata": {"name": name, "deletionTimestamp": deleted},
        "spec": {"containers": [{"name": "c", "resources": {"requests": requests}}]},
        "status": {
            "phase": phase, "startTime": before(started),
            "conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": before(turned)}],
        },
    });
    Arc::new(serde_json::from_value(object).unwrap())
}

/// Pods and what is known of their use.
fn crowd(pods: &[(Like, Option<i64>)]) -> (Vec<Arc<Pod>>, Samples) {
    let name = |at: usize| format!("p{at}");
    let made = pods.iter().enumerate().map(|(at, (like, _))| pod(&name(at), *like)).collect();
    let known = pods.iter().enumerate().filter_map(|(at, (_, milli))| {
        let sample = Sample { milli: (*milli)?, at: now(), window: SignedDuration::from_secs(15) };
        Some((name(at), sample))
    });
    (made, known.collect())
}

fn fleet(pods: &[Arc<Pod>], current: i32) -> Fleet<'_> {
    Fleet { pods, current, observed: current, tolerances: TENTH, now: now() }
}

fn percent(of: &str, percent: i32) -> Goal<'_> {
    Goal::Percent { of, container: None, percent }
}

#[test]
fn shares_of_requests_ask_for_replicas() {
    use Like::{Broken, Failed, Fresh, Going, Pending, Ready, Starting, Stuck};
    let on = |milli| (Ready, Some(milli));
    let missing = (Ready, None);
    for (case, goal, current, pods, replicas, utilization) in [
        ("more", percent("cpu", 30), 3, vec![on(300), on(500), on(700)], 5, 50),
        ("less", percent("cpu", 50), 5, vec![on(100), on(300), on(500), on(250), on(250)], 3, 28),
        ("as wanted", percent("cpu", 100), 3, vec![on(1010), on(1030), on(1020)], 3, 102),
        ("at the tolerance", percent("cpu", 100), 1, vec![on(1100)], 1, 110),
        ("above the tolerance", percent("cpu", 100), 1, vec![on(1110)], 2, 111),
        ("below the tolerance", percent("cpu", 100), 2, vec![on(500), on(490)], 1, 49),
        ("nothing used", percent("cpu", 50), 2, vec![on(0), on(0)], 0, 0),
        ("missing, growing", percent("cpu", 30), 3, vec![missing, on(500), on(700)], 4, 60),
        ("missing, turned", percent("cpu", 50), 2, vec![missing, on(600)], 2, 60),
        (
            "missing, shrinking",
            percent("cpu", 50),
            4,
            vec![missing, on(100), on(100), on(100)],
            3,
            10,
        ),
        ("missing, over a hundred", percent("cpu", 200), 2, vec![missing, on(100)], 2, 10),
        (
            "starting, growing",
            percent("cpu", 30),
            3,
            vec![(Starting, Some(900)), on(500), on(700)],
            4,
            60,
        ),
        (
            "starting, shrinking",
            percent("cpu", 50),
            3,
            vec![(Starting, Some(100)), on(100), on(100)],
            1,
            10,
        ),
        (
            "fresh counts as starting",
            percent("cpu", 30),
            2,
            vec![(Fresh, Some(900)), on(600)],
            2,
            60,
        ),
        ("fresh memory counts", percent("memory", 50), 2, vec![(Fresh, Some(900)), on(600)], 3, 75),
        ("never ready", percent("cpu", 50), 2, vec![(Stuck, Some(0)), on(1000)], 2, 100),
        ("ready once", percent("cpu", 50), 2, vec![(Broken, Some(1000)), on(1000)], 4, 100),
        ("pending", percent("cpu", 30), 3, vec![(Pending, None), on(500), on(700)], 4, 60),
        ("failed", percent("cpu", 50), 2, vec![(Failed, Some(9000)), on(1000)], 2, 100),
        ("going", percent("cpu", 50), 2, vec![(Going, Some(9000)), on(1000)], 2, 100),
    ] {
        let (pods, samples) = crowd(&pods);
        let got = for_pods(&fleet(&pods, current), goal, &samples).unwrap();
        assert_eq!((got.replicas, got.utilization), (replicas, Some(utilization)), "{case}");
    }
}

#[test]
fn averages_ask_for_replicas() {
    let on = |milli| (Like::Ready, Some(milli));
    let metric = |milli| Goal::Metric { milli };
    let cpu = Goal::Resource { of: "cpu", milli: 500 };
    for (case, goal, current, pods, replicas, average) in [
        ("more", metric(15_000), 3, vec![on(20_000), on(10_000), on(30_000)], 4, 20_000),
        (
            "less",
            metric(20_000),
            5,
            vec![on(10_000), on(10_000), on(10_000), on(10_000), on(10_000)],
            3,
            10_000,
        ),
        ("tolerated", metric(20_000), 3, vec![on(20_000), on(21_000), on(21_000)], 3, 20_666),
        (
            "missing, growing",
            metric(15_000),
            3,
            vec![(Like::Ready, None), on(50_000), on(30_000)],
            6,
            40_000,
        ),
        (
            "missing, shrinking",
            metric(20_000),
            3,
            vec![(Like::Ready, None), on(5000), on(5000)],
            2,
            5000,
        ),
        ("starting counts", metric(1000), 2, vec![(Like::Starting, Some(3000)), on(3000)], 6, 3000),
        ("starting processor", cpu, 2, vec![(Like::Starting, Some(3000)), on(1500)], 3, 1500),
    ] {
        let (pods, samples) = crowd(&pods);
        let got = for_pods(&fleet(&pods, current), goal, &samples).unwrap();
        assert_eq!((got.replicas, got.milli), (replicas, average), "{case}");
    }
}

#[test]
fn values_ask_for_replicas() {
    let (pods, _) = crowd(&[(Like::Ready, None), (Like::Ready, None), (Like::Broken, None)]);
    for (case, current, milli, target, replicas) in [
        ("more by those ready", 3, 20_000, 10_000, 4),
        ("less", 3, 5000, 10_000, 1),
        ("tolerated", 3, 10_900, 10_000, 3),
        ("from nothing", 0, 35_000, 10_000, 4),
        ("to nothing", 0, 0, 10_000, 0),
        ("beyond all numbers", 3, i64::MAX, 1, i32::MAX),
    ] {
        assert_eq!(
            for_value(&fleet(&pods, current), milli, target).unwrap().replicas,
            replicas,
            "{case}"
        );
    }
    for (case, current, milli, target, replicas, part) in [
        ("split", 3, 50_000, 10_000, 5, 16_667),
        ("tolerated", 5, 52_000, 10_000, 5, 10_400),
        ("fewer", 5, 11_000, 10_000, 2, 2200),
        ("beyond all numbers", 5, i64::MAX, 1, i32::MAX, i64::MAX),
    ] {
        let want = Proposal { replicas, utilization: None, milli: part };
        assert_eq!(for_average(&fleet(&pods, current), milli, target), want, "{case}");
    }
    let why = "unable to calculate ready pods: no pods returned by selector while calculating replica count";
    assert_eq!(for_value(&fleet(&[], 3), 50_000, 1000).unwrap_err(), why);
}

#[test]
fn tolerances_are_of_a_direction() {
    let (pods, samples) = crowd(&[(Like::Ready, Some(600)), (Like::Ready, Some(600))]);
    let with = |up, down, goal| {
        let fleet = Fleet { tolerances: Tolerances { up, down }, ..fleet(&pods, 2) };
        for_pods(&fleet, percent("cpu", goal), &samples).unwrap().replicas
    };
    assert_eq!(with(0.25, 0.0, 50), 2);
    assert_eq!(with(0.0, 0.25, 50), 3);
    assert_eq!(with(0.0, 0.5, 120), 2);
    assert_eq!(with(0.5, 0.0, 120), 1);
}

#[test]
fn what_cannot_be_measured_is_told() {
    let unready = "did not receive metrics for targeted pods (pods might be unready)";
    let on = |milli| (Like::Ready, Some(milli));
    let of = |container| Goal::Percent { of: "cpu", container, percent: 50 };
    let gpu = Goal::Percent { of: "gpu", container: None, percent: 50 };
    for (case, pods, goal, why) in [
        (
            "nobody",
            vec![],
            of(None),
            "no pods returned by selector while calculating replica count",
        ),
        ("nothing known", vec![(Like::Ready, None)], of(None), unready),
        ("starting", vec![(Like::Starting, Some(5))], of(None), unready),
        ("no request", vec![on(5)], gpu, "missing request for gpu in container c of Pod p0"),
        ("no container", vec![on(5)], of(Some("x")), "container x not found in Pod p0"),
    ] {
        let (pods, samples) = crowd(&pods);
        assert_eq!(for_pods(&fleet(&pods, 1), goal, &samples).unwrap_err(), why, "{case}");
    }
    let (pods, mut samples) = crowd(&[on(5)]);
    let stray = samples.remove("p0").unwrap();
    samples.insert("other".to_owned(), stray);
    let why = "no metrics returned matched known pods";
    assert_eq!(for_pods(&fleet(&pods, 1), of(None), &samples).unwrap_err(), why);
}

#[test]
fn requests_are_those_of_lasting_containers() {
    let cpu = |text: &str| json!({"requests": {"cpu": text}});
    let spec = json!({
        "containers": [{"name": "a", "resources": cpu("100m")}, {"name": "b", "resources": cpu("300m")}],
        "initContainers": [
            {"name": "side", "restartPolicy": "Always", "resources": cpu("100m")}, {"name": "first"},
        ],
    });
    let whole = |own: Value| {
        let mut spec = spec.clone();
        spec["resources"] = own;
        spec
    };
    for (case, spec, container, utilization) in [
        ("all", spec.clone(), None, 40),
        ("one", spec.clone(), Some("a"), 200),
        ("a sidecar", spec.clone(), Some("side"), 200),
        ("the pod's own", whole(cpu("1")), None, 20),
        ("one all the same", whole(cpu("1")), Some("a"), 200),
        ("of another resource", whole(json!({"requests": {"memory": "1"}})), None, 40),
    ] {
        let mut one: Pod = Pod::clone(&pod("p0", Like::Ready));
        one.spec = serde_json::from_value(spec).unwrap();
        let (_, samples) = crowd(&[(Like::Ready, Some(200))]);
        let goal = Goal::Percent { of: "cpu", container, percent: 50 };
        let got = for_pods(&fleet(&[Arc::new(one)], 1), goal, &samples).unwrap();
        assert_eq!(got.utilization, Some(utilization), "{case}");
    }
}

#[test]
fn samples_are_read_as_they_are_served() {
    let pod = |name: &str, containers: Value| {
        json!({
            "metadata": {"name": name, "namespace": "n"}, "containers": containers,
            "timestamp": "2026-01-01T00:00:00Z", "window": "15s",
        })
    };
    let c = |name: &str, usage: Value| json!({"name": name, "usage": usage});
    let two =
        json!([c("a", json!({"cpu": "1500000n", "memory": "4Ki"})), c("b", json!({"cpu": "1"}))]);
    let pods = [pod("x", two), pod("none", json!([]))];
    let read = |resource: &str, container| resource_samples(&pods, resource, container);
    let cpu = read("cpu", None).unwrap();
    assert_eq!(cpu.len(), 1);
    let sample = &cpu["x"];
    // A part of a thousandth counts as a whole one.
    assert_eq!((sample.milli, sample.window), (1002, SignedDuration::from_secs(15)));
    assert!(read("memory", None).unwrap().is_empty(), "a container tells nothing of it");
    let why = "container a not present in metrics for pod n/none";
    assert_eq!(read("memory", Some("a")).unwrap_err(), why);
    assert_eq!(resource_samples(&pods[..1], "memory", Some("a")).unwrap()["x"].milli, 4_096_000);
}

fn any_like() -> impl Strategy<Value = Like> {
    use Like::{Broken, Failed, Fresh, Going, Pending, Ready, Starting, Stuck};
    prop_oneof![
        4 => Just(Ready), 1 => Just(Fresh), 1 => Just(Starting), 1 => Just(Broken),
        1 => Just(Stuck), 1 => Just(Pending), 1 => Just(Failed), 1 => Just(Going),
    ]
}

proptest! {
    /// Pods of which nothing is known never make a change bigger, nor turn it.
    #[test]
    fn doubt_makes_changes_smaller(
        pods in proptest::collection::vec((any_like(), proptest::option::of(0..3000_i64)), 1..12),
        target in 1..200,
    ) {
        let (all, samples) = crowd(&pods);
        let current = i32::try_from(all.len()).unwrap();
        let Ok(got) = for_pods(&fleet(&all, current), percent("cpu", target), &samples) else {
            return Ok(());
        };
        let utilization = got.utilization.unwrap();
        let counted = pods.iter().filter(|(like, _)| !matches!(like, Like::Failed | Like::Going)).count();
        let whole = f64::from(utilization) / f64::from(target);
        let most = (whole * f64::from(i32::try_from(counted).unwrap())).ceil();
        if utilization > target {
            prop_assert!(got.replicas <= current || f64::from(got.replicas) <= most);
        }
        prop_assert!(got.replicas >= 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Load that stays the same however many carry it: the same size is asked for again.
    #[test]
    fn steady_load_converges(load in 1..20_000_i64, target in 5..150, start in 1..20_usize) {
        let mut size = start;
        let mut seen = Vec::new();
        for _ in 0..20 {
            let each = load / i64::try_from(size).unwrap();
            let (pods, samples) = crowd(&vec![(Like::Ready, Some(each)); size]);
            let current = i32::try_from(size).unwrap();
            let got = for_pods(&fleet(&pods, current), percent("cpu", target), &samples).unwrap();
            size = usize::try_from(got.replicas.clamp(1, 20)).unwrap();
            seen.push(size);
        }
        prop_assert_eq!(seen[19], seen[18], "{:?}", seen);
    }
}
