//! Courses, the choice among metrics, conditions and events.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::autoscaling::v2::{
    HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, MetricStatus,
};
use serde_json::{Value, json};

use super::super::{
    behavior::History,
    measure::{Failed, Measured, Outcome},
    reconcile::{Chosen, Course, choose, course, disabled, metrics_of, settle, tolerances},
    status::{ABLE, Draft},
};

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

fn spec(fields: &Value) -> HorizontalPodAutoscalerSpec {
    let mut spec = json!({
        "scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 5,
    });
    spec.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(spec).unwrap()
}

fn draft() -> Draft {
    Draft::of(&HorizontalPodAutoscaler { spec: spec(&json!({})), ..Default::default() }, now())
}

#[expect(clippy::unnecessary_wraps, reason = "rows have it beside failures")]
fn asks(replicas: i32, name: &str) -> Outcome {
    let status = MetricStatus { type_: name.to_owned(), ..MetricStatus::default() };
    Outcome::Ok(Measured { replicas, name: name.to_owned(), status })
}

fn fails(why: &str) -> Outcome {
    let error = format!("failed: {why}");
    Err(Failed { reason: "FailedGetPodsMetric", why: why.to_owned(), error })
}

/// `type status reason: message` of each condition.
fn conditions(draft: &Draft) -> Vec<String> {
    let conditions = draft.status.conditions.iter().flatten();
    let text = conditions.map(|one| {
        let (reason, message) = (one.reason.as_ref().unwrap(), one.message.as_ref().unwrap());
        format!("{} {} {reason}: {message}", one.type_, one.status)
    });
    text.collect()
}

fn told(draft: &Draft) -> Vec<String> {
    draft.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn bounds_come_before_metrics() {
    let above = Course::Bound { to: 5, why: "Current number of replicas above Spec.MaxReplicas" };
    let below = Course::Bound { to: 2, why: "Current number of replicas below Spec.MinReplicas" };
    for (case, fields, current, want) in [
        ("off", json!({}), 0, Course::Disabled),
        ("none is allowed", json!({"minReplicas": 0}), 0, Course::Measure),
        ("no least means one", json!({"minReplicas": null}), 1, Course::Measure),
        ("above", json!({}), 6, above),
        ("below", json!({}), 1, below),
        ("at the least", json!({}), 2, Course::Measure),
        ("at the most", json!({}), 5, Course::Measure),
    ] {
        assert_eq!(course(&spec(&fields), current), want, "{case}");
    }
    let mut draft = draft();
    disabled(&mut draft);
    let words = "ScalingActive False ScalingDisabled: scaling is disabled since the replica count of the target is zero";
    assert_eq!(conditions(&draft), [words]);
}

#[test]
fn the_largest_wish_wins_and_failures_stop_shrinking() {
    for (case, outcomes, want) in [
        ("one", vec![asks(4, "a")], Ok((4, "a"))),
        ("the larger", vec![asks(4, "a"), asks(5, "b"), asks(2, "c")], Ok((5, "b"))),
        ("the first of equals", vec![asks(4, "a"), asks(4, "b")], Ok((4, "a"))),
        ("one fails, more", vec![fails("x"), asks(4, "b")], Ok((4, "b"))),
        ("one fails, the same", vec![asks(3, "a"), fails("x")], Ok((3, "a"))),
        ("one fails, fewer", vec![asks(2, "a"), fails("x"), fails("y")], Err(2)),
        ("all fail", vec![fails("x"), fails("y")], Err(2)),
    ] {
        let mut draft = draft();
        let all = outcomes.len();
        let got = choose(&mut draft, 3, &outcomes);
        let failures = outcomes.iter().filter(|one| one.is_err()).count();
        assert_eq!(draft.remarks.len(), failures, "{case}");
        match want {
            Ok((replicas, name)) => {
                let name = name.to_owned();
                let words = format!(
                    "ScalingActive True ValidMetricFound: the HPA was able to successfully calculate a replica count from {name}"
                );
                assert_eq!(got, Ok(Chosen { replicas, name }), "{case}");
                assert_eq!(conditions(&draft), [words], "{case}");
            }
            Err(failures) => {
                let words = "ScalingActive False FailedGetPodsMetric: the HPA was unable to compute the replica count: x";
                assert_eq!(
                    got.unwrap_err(),
                    format!(
                        "invalid metrics ({failures} invalid out of {all}), first error is: failed: x"
                    ),
                    "{case}"
                );
                assert_eq!(conditions(&draft), [words], "{case}");
                assert!(told(&draft).contains(&"FailedGetPodsMetric: x".to_owned()), "{case}");
            }
        }
    }
    let types = metrics_of(&[asks(1, "Pods"), fails("x")]).into_iter().map(|one| one.type_);
    assert_eq!(types.collect::<Vec<_>>(), ["Pods", ""]);
}

#[test]
fn a_settled_wish_says_what_it_does() {
    let calm = json!({"behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}}});
    for (case, fields, current, wish, to, why, conditions_end) in [
        ("up", json!({}), 3, 4, Some(4), "cpu above target", "False DesiredWithinRange"),
        ("up to the most", json!({}), 3, 9, Some(5), "cpu above target", "True TooManyReplicas"),
        (
            "down",
            calm.clone(),
            4,
            3,
            Some(3),
            "All metrics below target",
            "False DesiredWithinRange",
        ),
        (
            "down to the least",
            calm,
            4,
            0,
            Some(2),
            "All metrics below target",
            "True TooFewReplicas",
        ),
        ("down, later", json!({}), 4, 3, None, "", "False DesiredWithinRange"),
        ("calm", json!({}), 3, 3, None, "", "False DesiredWithinRange"),
    ] {
        let (mut draft, mut history) = (draft(), History::default());
        history.begin(current, now());
        let chosen = Chosen { replicas: wish, name: "cpu".to_owned() };
        let got = settle(&mut draft, &spec(&fields), &mut history, (current, chosen), now());
        assert_eq!(got.as_ref().map(|got| got.to), to, "{case}");
        assert_eq!(got.map_or(String::new(), |got| got.why), why, "{case}");
        let limited = conditions(&draft).pop().unwrap();
        assert!(
            limited.starts_with(&format!("ScalingLimited {conditions_end}: ")),
            "{case}: {limited}"
        );
    }
}

#[test]
fn conditions_keep_their_time_until_they_turn() {
    let mut first = draft();
    first.no_scale("gone");
    let words = "the HPA controller was unable to get the target's current scale: gone";
    assert_eq!(conditions(&first), [format!("AbleToScale False FailedGetScale: {words}")]);
    assert_eq!(told(&first), ["FailedGetScale: gone"]);

    let later = now() + SignedDuration::from_secs(15);
    let autoscaler = HorizontalPodAutoscaler {
        spec: spec(&json!({})),
        status: Some(first.status.clone()),
        ..Default::default()
    };
    let since = |draft: &Draft| {
        let conditions = draft.status.conditions.as_ref().unwrap();
        conditions[0].last_transition_time.as_ref().unwrap().0
    };
    let mut second = Draft::of(&autoscaler, later);
    second.no_scale("gone");
    assert_eq!(second.status, first.status, "nothing new is nothing to write");
    second.condition(ABLE, false, "Other", "words");
    assert_eq!(since(&second), now());
    second.rescaled(3, "because");
    assert_eq!(since(&second), later);
    assert_eq!(told(&second).last().unwrap(), "SuccessfulRescale: New size: 3; reason: because");
    second.not_rescaled(4, "because", "refused");
    assert_eq!(
        told(&second).last().unwrap(),
        "FailedRescale: New size: 4; reason: because; error: refused"
    );
    let words = "AbleToScale False FailedUpdateScale: the HPA controller was unable to update the target scale: refused";
    assert_eq!(conditions(&second), [words]);
}

#[test]
fn tolerances_are_given_or_a_tenth() {
    let got = tolerances(&spec(&json!({"behavior": {"scaleUp": {"tolerance": "50m"}}})));
    assert!((got.up - 0.05).abs() < 1e-9 && (got.down - 0.1).abs() < 1e-9, "{got:?}");
}
