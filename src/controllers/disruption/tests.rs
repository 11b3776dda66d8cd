//! Disruption budgets by their statuses.

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::{core::v1::Pod, policy::v1::PodDisruptionBudget};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::reconcile::{Observed, Plan, Scales, asks_for_scales, fail_safe, reconcile};

const NOW: &str = "2026-01-01T00:01:00Z";

fn budget(spec: Value, status: Value) -> PodDisruptionBudget {
    let mut object = json!({"metadata": {"name": "b", "generation": 2}});
    object["spec"] = spec;
    object["status"] = status;
    serde_json::from_value(object).unwrap()
}

fn pod(name: &str, ready: bool, deleted: bool) -> Arc<Pod> {
    let time = deleted.then_some(NOW);
    let ready = json!({"type": "Ready", "status": if ready { "True" } else { "False" }});
    let object = json!({
        "metadata": {"name": name, "deletionTimestamp": time}, "status": {"conditions": [ready]},
    });
    Arc::new(serde_json::from_value(object).unwrap())
}

fn plan(budget: &PodDisruptionBudget, pods: &[Arc<Pod>], wanted: i32) -> Plan {
    let now: Timestamp = NOW.parse().unwrap();
    reconcile(&Observed { budget, pods, scales: Scales { wanted, unmanaged: 0 }, now })
}

/// Expected, desired, healthy, allowed.
fn numbers(plan: &Plan) -> [i32; 4] {
    let status = &plan.status;
    let counts = [
        status.expected_pods,
        status.desired_healthy,
        status.current_healthy,
        status.disruptions_allowed,
    ];
    counts.map(Option::unwrap)
}

#[test]
fn budgets_count_what_they_allow() {
    let pods = [
        pod("a", true, false),
        pod("b", true, false),
        pod("c", false, false),
        pod("d", true, true),
    ];
    for (case, spec, wanted, want) in [
        ("at least one", json!({"minAvailable": 1}), 0, [4, 1, 2, 1]),
        ("at least all", json!({"minAvailable": 4}), 0, [4, 4, 2, 0]),
        ("at least half", json!({"minAvailable": "50%"}), 3, [3, 2, 2, 0]),
        ("at least none", json!({"minAvailable": "0%"}), 3, [3, 0, 2, 2]),
        ("one less", json!({"maxUnavailable": 1}), 3, [3, 2, 2, 0]),
        ("a third less", json!({"maxUnavailable": "34%"}), 3, [3, 1, 2, 1]),
        ("many less", json!({"maxUnavailable": 9}), 3, [3, 0, 2, 2]),
        ("none wanted", json!({"maxUnavailable": 1}), 0, [0, 0, 2, 0]),
    ] {
        let budget = budget(spec, json!({}));
        let plan = plan(&budget, &pods, wanted);
        assert_eq!(numbers(&plan), want, "{case}");
        let condition = &plan.status.conditions.as_ref().unwrap()[0];
        let reason = if want[3] > 0 { "SufficientPods" } else { "InsufficientPods" };
        assert_eq!((condition.reason.as_str(), condition.observed_generation), (reason, Some(2)));
        assert_eq!(
            asks_for_scales(budget.spec.as_ref().unwrap()),
            wanted > 0 || case == "none wanted",
            "{case}"
        );
    }
}

#[test]
fn evictions_under_way_count_as_gone_for_a_while() {
    let evicted = json!({"disruptedPods": {
        "a": "2026-01-01T00:00:30Z", "b": "2025-12-31T23:50:00Z", "gone": "2026-01-01T00:00:50Z",
    }});
    let budget = budget(json!({"minAvailable": 1}), evicted);
    let pods = [pod("a", true, false), pod("b", true, false), pod("c", true, false)];
    let plan = plan(&budget, &pods, 0);
    assert_eq!(numbers(&plan), [3, 1, 2, 1]);
    let left: Vec<_> = plan.status.disrupted_pods.unwrap().into_keys().collect();
    assert_eq!(left, ["a"]);
    assert_eq!(plan.again.unwrap().as_secs(), 90);
    assert_eq!(plan.alive.len(), 1, "b was to go and did not");
}

#[test]
fn a_budget_that_cannot_be_measured_allows_nothing() {
    let budget = budget(json!({"maxUnavailable": 1}), json!({"disruptionsAllowed": 3}));
    let status = fail_safe(&budget, "found no controllers for pod \"x\"", NOW.parse().unwrap());
    assert_eq!(status.disruptions_allowed, Some(0));
    let condition = &status.conditions.unwrap()[0];
    assert_eq!((condition.status.as_str(), condition.reason.as_str()), ("False", "SyncFailed"));
}

#[test]
fn what_is_odd_is_said() {
    let selector = json!({"matchLabels": {"a": "1"}});
    let budget = budget(json!({"maxUnavailable": 1, "selector": selector}), json!({}));
    let scales = Scales { wanted: 0, unmanaged: 1 };
    let now = NOW.parse().unwrap();
    let plan = reconcile(&Observed { budget: &budget, pods: &[], scales, now });
    let words: Vec<_> = plan.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(words[0], "NoPods: No matching pods found");
    let selector = "&LabelSelector{MatchLabels:map[string]string{a: 1,},\
                    MatchExpressions:[]LabelSelectorRequirement{},}";
    assert!(words[1].contains(selector), "{}", words[1]);
}

proptest! {
    /// What is allowed never takes the healthy pods below what is desired, and a status at rest
    /// stays.
    #[test]
    fn evictions_never_go_below_the_budget(
        states in proptest::collection::vec((any::<bool>(), any::<bool>()), 0..12),
        number in 0_i32..12, percent in any::<bool>(), most in any::<bool>(), wanted in 0_i32..12,
    ) {
        let value = if percent { json!(format!("{}%", number * 8)) } else { json!(number) };
        let field = if most { "maxUnavailable" } else { "minAvailable" };
        let mut budget = budget(json!({field: value}), json!({}));
        let pods: Vec<_> = states
            .iter()
            .enumerate()
            .map(|(at, (ready, deleted))| pod(&at.to_string(), *ready, *deleted))
            .collect();
        let first = plan(&budget, &pods, wanted);
        let [_, desired, healthy, allowed] = numbers(&first);
        prop_assert!(allowed >= 0 && (allowed == 0 || healthy - allowed >= desired));
        budget.status = Some(first.status.clone());
        prop_assert_eq!(plan(&budget, &pods, wanted).status, first.status);
    }
}
