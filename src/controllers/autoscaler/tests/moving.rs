//! Behavior: windows, policies and bounds.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::behavior::{Allowed, History, Wish};

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
}

fn rules(behavior: &Value) -> Option<HorizontalPodAutoscalerBehavior> {
    serde_json::from_value(behavior.clone()).unwrap()
}

/// What comes of wishes at times: sizes, and what the last answer says of itself.
fn play(
    behavior: &Value,
    bounds: (i32, i32),
    start: i32,
    wishes: &[(i64, i32)],
) -> (Vec<i32>, Allowed) {
    let (rules, mut history) = (rules(behavior), History::default());
    let (mut current, mut sizes, mut last) = (start, Vec::new(), None);
    for (seconds, desired) in wishes {
        let now = at(*seconds);
        history.begin(current, now);
        let wish = Wish { current, desired: *desired, least: bounds.0, most: bounds.1 };
        let allowed = history.allow(rules.as_ref(), wish, now);
        if allowed.replicas != current {
            history.changed(rules.as_ref(), (current, allowed.replicas), now);
        }
        current = allowed.replicas;
        sizes.push(current);
        last = Some(allowed);
    }
    (sizes, last.unwrap())
}

fn policy(kind: &str, value: i32, period: i32) -> Value {
    json!({"type": kind, "value": value, "periodSeconds": period})
}

/// Rules as text: `up 60s Max Pods/1/60 Percent/50/60`, each part but the first as it pleases.
fn behavior(text: &str) -> Value {
    let mut words = text.split(' ');
    let key = match words.next().unwrap() {
        "" => return Value::Null,
        "up" => "scaleUp",
        _ => "scaleDown",
    };
    let mut rules = json!({});
    for word in words {
        if let Some(seconds) = word.strip_suffix('s') {
            rules["stabilizationWindowSeconds"] = seconds.parse::<i32>().unwrap().into();
        } else if let [kind, value, period] = word.split('/').collect::<Vec<_>>()[..] {
            let (value, period) = (value.parse().unwrap(), period.parse().unwrap());
            let policies = rules.as_object_mut().unwrap().entry("policies").or_insert(json!([]));
            policies.as_array_mut().unwrap().push(policy(kind, value, period));
        } else {
            rules["selectPolicy"] = word.into();
        }
    }
    json!({ key: rules })
}

/// Plays `start: time=wish ...` between 2 and 100 and tells the sizes, whether the last wish had to
/// wait, and what limited it.
fn told(rules: &str, text: &str) -> String {
    let (start, wishes) = text.split_once(": ").unwrap();
    let wishes: Vec<(i64, i32)> = wishes
        .split(' ')
        .map(|wish| {
            let (at, size) = wish.split_once('=').unwrap();
            (at.parse().unwrap(), size.parse().unwrap())
        })
        .collect();
    let (sizes, last) = play(&behavior(rules), (2, 100), start.parse().unwrap(), &wishes);
    let mut told: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    if last.able.0 != "ReadyForNewScale" {
        told.push(last.able.0.to_owned());
    }
    if last.limited {
        told.push(last.limit.0.to_owned());
    } else {
        assert_eq!(last.limit.0, "DesiredWithinRange");
    }
    told.join(" ")
}

#[test]
fn sizes_follow_wishes_as_far_as_they_may() {
    const BOTH: &str = "Pods/1/60 Percent/50/60";
    for (case, rules, wishes, want) in [
        ("within", "", "3: 0=5", "5"),
        ("four at once", "", "2: 0=50", "4 ScaleUpLimit"),
        ("twice as many", "", "4: 0=50", "8 ScaleUpLimit"),
        ("the most", "", "60: 0=200", "100 TooManyReplicas"),
        ("five minutes", "", "8: 0=3 300=3 301=3", "8 8 3"),
        ("still waiting", "", "8: 0=3 299=2", "8 8 ScaleDownStabilized"),
        ("the least", "", "2: 0=2 301=0 602=0", "2 2 2 TooFewReplicas"),
        ("default up", "up", "2: 0=50 15=50 30=50", "6 12 24 ScaleUpLimit"),
        ("default up, too soon", "up", "2: 0=50 5=50", "6 6 ScaleUpLimit"),
        ("default up to the most", "up", "90: 0=500", "100 TooManyReplicas"),
        ("default down waits", "down", "8: 0=3 299=3", "8 8 ScaleDownStabilized"),
        ("default down", "down", "8: 0=3 300=3", "8 3"),
        ("down at once", "down 0s", "8: 0=3", "3"),
        ("down to the least", "down 0s", "8: 0=0", "2 TooFewReplicas"),
        ("one a minute", "down 0s Pods/1/60", "8: 0=3 30=3 61=3", "7 7 6 ScaleDownLimit"),
        ("half a minute", "down 0s Percent/50/60", "9: 0=2 30=2 61=2", "4 4 2"),
        ("down, gently", &format!("down 0s Min {BOTH}"), "10: 0=2", "9 ScaleDownLimit"),
        ("down, boldly", &format!("down 0s Max {BOTH}"), "10: 0=2", "5 ScaleDownLimit"),
        ("down never", "down 0s Disabled", "10: 0=2", "10 ScaleDownLimit"),
        ("up, gently", &format!("up Min {BOTH}"), "10: 0=50", "11 ScaleUpLimit"),
        ("up, boldly", &format!("up Max {BOTH}"), "10: 0=50", "15 ScaleUpLimit"),
        ("a share, rounded up", "up Percent/10/60", "3: 0=50", "4 ScaleUpLimit"),
        ("up never", "up Disabled", "3: 0=50", "3 ScaleUpLimit"),
        ("up waits", "up 60s", "3: 0=6 59=6", "3 3 ScaleUpStabilized"),
        ("up has waited", "up 60s", "3: 0=6 60=6", "3 6"),
    ] {
        assert_eq!(told(rules, wishes), want, "{case}");
    }
}

#[test]
fn what_was_added_may_be_taken_away_again() {
    // Two of eight may go in a minute; four came within it, so all that came may go, and two more.
    let behavior = json!({
        "scaleUp": {"stabilizationWindowSeconds": 0},
        "scaleDown": {
            "stabilizationWindowSeconds": 0, "policies": [policy("Pods", 2, 60)],
        },
    });
    let (sizes, _) = play(&behavior, (1, 100), 8, &[(0, 12), (30, 1), (40, 1)]);
    assert_eq!(sizes, [12, 6, 6]);
}

fn any_policy() -> impl Strategy<Value = Value> {
    (prop_oneof!["Pods", "Percent"], 1..150, 1..120)
        .prop_map(|(kind, value, period)| policy(&kind, value, period))
}

fn any_rules() -> impl Strategy<Value = Value> {
    let select = prop_oneof!["Max", "Min", "Disabled"];
    (proptest::collection::vec(any_policy(), 1..4), select, 0..400).prop_map(
        |(policies, select, window)| {
            json!({
                "policies": policies, "selectPolicy": select, "stabilizationWindowSeconds": window,
            })
        },
    )
}

fn any_behavior() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (any_rules(), any_rules()).prop_map(|(up, down)| json!({"scaleUp": up, "scaleDown": down})),
    ]
}

/// The change that the boldest policy of a direction allows from a size, with nothing done lately.
fn boldest(behavior: &Value, direction: &str, from: i32) -> i32 {
    let of = |policy: &Value| {
        let value = i32::try_from(policy["value"].as_i64().unwrap()).unwrap();
        if policy["type"] == "Pods" { value } else { (from * value + 99) / 100 }
    };
    let policies = behavior[direction]["policies"].as_array().unwrap();
    policies.iter().map(of).max().unwrap()
}

proptest! {
    /// Within the bounds, between what is and what was ever asked for.
    #[test]
    fn sizes_stay_within_bounds(
        behavior in any_behavior(),
        least in 1..10_i32,
        spread in 0..50_i32,
        start in 0..50_i32,
        wishes in proptest::collection::vec((1..60_i64, 0..500), 1..40),
    ) {
        let most = least + spread;
        let start = least + start.min(spread);
        let mut seconds = 0;
        let wishes: Vec<(i64, i32)> = wishes.into_iter().map(|(step, wish)| {
            seconds += step;
            (seconds, wish)
        }).collect();
        let (sizes, _) = play(&behavior, (least, most), start, &wishes);
        let (mut low, mut high) = (start, start);
        for (size, (_, wish)) in sizes.iter().zip(&wishes) {
            (low, high) = (low.min(*wish), high.max(*wish));
            prop_assert!((least..=most).contains(size), "{size} of {least}..={most}");
            prop_assert!((low.max(least).min(start)..=high.min(most).max(start)).contains(size));
        }
    }

    /// A first step is never longer than the boldest policy's; one more is for shares that are
    /// counted in floating-point numbers, as Kubernetes does.
    #[test]
    fn steps_obey_policies(up in any_rules(), down in any_rules(), start in 1..100, wish in 0..500) {
        let behavior = json!({"scaleUp": up, "scaleDown": down});
        let (sizes, _) = play(&behavior, (1, 1000), start, &[(0, wish)]);
        let step = sizes[0] - start;
        prop_assert!(step <= boldest(&behavior, "scaleUp", start) + 1);
        prop_assert!(-step <= boldest(&behavior, "scaleDown", start) + 1);
        prop_assert!(step == 0 || (step > 0) == (wish > start));
    }

    /// A wish that lasts is granted, as far as the bounds and policies that allow something let it be.
    #[test]
    fn lasting_wishes_are_granted(
        behavior in any_behavior(),
        start in 1..60,
        wish in 0..100,
    ) {
        let off = |direction: &str| behavior[direction]["selectPolicy"] == "Disabled";
        prop_assume!(!off("scaleUp") && !off("scaleDown"));
        let wishes: Vec<(i64, i32)> = (0..400).map(|at| (at * 121, wish)).collect();
        let (sizes, last) = play(&behavior, (1, 60), start, &wishes);
        prop_assert_eq!(*sizes.last().unwrap(), wish.clamp(1, 60));
        prop_assert_eq!(last.able.0, "ReadyForNewScale");
    }
}
