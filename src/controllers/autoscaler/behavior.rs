//! From what metrics ask for to what may be done now: bounds, rates and memory of the near past.
//!
//! Always: the answer is within the bounds of the autoscaler, if the present size is · it is no
//! farther from the present size than a policy allows · no change goes beyond what was asked for.
//! Source: `k8s.io/kubernetes/pkg/controller/podautoscaler`, `horizontal.go`.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::autoscaling::v2::{
    HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscalerBehavior,
};

/// How long a shrink waits for higher recommendations to grow old
/// (`--horizontal-pod-autoscaler-downscale-stabilization`).
const DOWN_WINDOW_SECONDS: i32 = 300;
const PERIOD_SECONDS: i32 = 15;
/// Without rules nothing grows by more than this factor, or to this size, at a time.
const UP_FACTOR: i32 = 2;
const UP_LEAST: i32 = 4;

/// What is remembered of one autoscaler, in memory alone, as in Kubernetes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct History {
    recommendations: Vec<(Timestamp, i32)>,
    ups: Vec<(Timestamp, i32)>,
    downs: Vec<(Timestamp, i32)>,
}

/// What is asked for and between which bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) current: i32,
    pub(super) desired: i32,
    pub(super) least: i32,
    pub(super) most: i32,
}

/// A reason and a message, as conditions have them.
pub(super) type Words = (&'static str, &'static str);

/// What may be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) replicas: i32,
    /// Of the condition `AbleToScale`.
    pub(super) able: Words,
    /// The condition `ScalingLimited`.
    pub(super) limited: bool,
    pub(super) limit: Words,
}

const READY: Words = ("ReadyForNewScale", "recommended size matches current size");
const DOWN_STABILIZED: Words = (
    "ScaleDownStabilized",
    "recent recommendations were higher than current one, applying the highest recent \
     recommendation",
);
const UP_STABILIZED: Words = (
    "ScaleUpStabilized",
    "recent recommendations were lower than current one, applying the lowest recent recommendation",
);
const UP_LIMIT: Words =
    ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
const DOWN_LIMIT: Words = (
    "ScaleDownLimit",
    "the desired replica count is decreasing faster than the maximum scale rate",
);
const TOO_MANY: Words =
    ("TooManyReplicas", "the desired replica count is more than the maximum replica count");
const TOO_FEW: Words =
    ("TooFewReplicas", "the desired replica count is less than the minimum replica count");
const WITHIN: Words = ("DesiredWithinRange", "the desired count is within the acceptable range");

impl History {
    /// Takes the size that an autoscaler finds for its first recommendation.
    pub(super) fn begin(&mut self, current: i32, now: Timestamp) {
        if self.recommendations.is_empty() {
            self.recommendations.push((now, current));
        }
    }

    /// What may be done of a wish; remembers the wish.
    pub(super) fn allow(
        &mut self,
        rules: Option<&HorizontalPodAutoscalerBehavior>,
        wish: Wish,
        now: Timestamp,
    ) -> Allowed {
        let (calm, stabilized) = match rules {
            None => self.highest(wish.desired, now),
            Some(rules) => self.calm(rules, wish, now),
        };
        let able = if calm == wish.desired { READY } else { stabilized };
        let wish = Wish { desired: calm, ..wish };
        let (replicas, limit) = match rules {
            None => without_rules(wish),
            Some(rules) => self.with_rules(rules, wish, now),
        };
        Allowed { replicas, able, limited: replicas != calm, limit }
    }

    /// Remembers a change that was made.
    pub(super) fn changed(
        &mut self,
        rules: Option<&HorizontalPodAutoscalerBehavior>,
        (from, to): (i32, i32),
        now: Timestamp,
    ) {
        let Some(rules) = rules else { return };
        let up = to > from;
        let longest = Rules::of(rules, up).longest_period();
        let events = if up { &mut self.ups } else { &mut self.downs };
        events.retain(|(when, _)| *when >= before(now, longest));
        events.push((now, to.abs_diff(from).try_into().unwrap_or(i32::MAX)));
    }

    /// The highest recommendation of the last minutes.
    fn highest(&mut self, desired: i32, now: Timestamp) -> (i32, Words) {
        let cutoff = before(now, DOWN_WINDOW_SECONDS);
        self.recommendations.retain(|(when, _)| *when >= cutoff);
        let recent = self.recommendations.iter().map(|(_, size)| *size);
        let highest = recent.fold(desired, i32::max);
        self.recommendations.push((now, desired));
        (highest, DOWN_STABILIZED)
    }

    /// The present size, moved no more than all recommendations in the windows agree on.
    fn calm(
        &mut self,
        rules: &HorizontalPodAutoscalerBehavior,
        wish: Wish,
        now: Timestamp,
    ) -> (i32, Words) {
        let up_cutoff = before(now, Rules::of(rules, true).window_seconds);
        let down_cutoff = before(now, Rules::of(rules, false).window_seconds);
        let (mut lowest, mut highest) = (wish.desired, wish.desired);
        for (when, size) in &self.recommendations {
            if *when > up_cutoff {
                lowest = lowest.min(*size);
            }
            if *when > down_cutoff {
                highest = highest.max(*size);
            }
        }
        self.recommendations.retain(|(when, _)| *when >= up_cutoff || *when >= down_cutoff);
        self.recommendations.push((now, wish.desired));
        let words = if wish.desired >= wish.current { UP_STABILIZED } else { DOWN_STABILIZED };
        (wish.current.max(lowest).min(highest), words)
    }

    fn with_rules(
        &self,
        rules: &HorizontalPodAutoscalerBehavior,
        wish: Wish,
        now: Timestamp,
    ) -> (i32, Words) {
        let Wish { current, desired, least, most } = wish;
        if desired > current {
            let reach = self.reach(&Rules::of(rules, true), current, now).max(current);
            let (bound, words) = if most > reach { (reach, UP_LIMIT) } else { (most, TOO_MANY) };
            if desired > bound {
                return (bound, words);
            }
        } else if desired < current {
            let reach = self.reach(&Rules::of(rules, false), current, now).min(current);
            let (bound, words) = if least < reach { (reach, DOWN_LIMIT) } else { (least, TOO_FEW) };
            if desired < bound {
                return (bound, words);
            }
        }
        (desired, WITHIN)
    }

    /// The size that the policies of a direction let a target reach now.
    fn reach(&self, rules: &Rules<'_>, current: i32, now: Timestamp) -> i32 {
        let sizes = rules.policies.iter().map(|policy| {
            let added = recent(&self.ups, policy.period_seconds, now);
            let removed = recent(&self.downs, policy.period_seconds, now);
            let start = current.saturating_sub(added).saturating_add(removed);
            step(policy, start, rules.up)
        });
        let farthest = match rules.select {
            "Disabled" => return current,
            "Min" => !rules.up,
            _ => rules.up,
        };
        let reach = if farthest { sizes.max() } else { sizes.min() };
        reach.unwrap_or(current)
    }
}

/// What one policy makes of the size that its period began with.
fn step(policy: &HPAScalingPolicy, start: i32, up: bool) -> i32 {
    let by_number = policy.type_ == "Pods";
    let share = f64::from(policy.value) / 100.0;
    match (by_number, up) {
        (true, true) => start.saturating_add(policy.value),
        (true, false) => start.saturating_sub(policy.value),
        (false, true) => truncated((f64::from(start) * (1.0 + share)).ceil()),
        (false, false) => truncated(f64::from(start) * (1.0 - share)),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit becomes the nearest")]
fn truncated(value: f64) -> i32 {
    value as i32
}

/// Replicas that came or went within a period.
fn recent(events: &[(Timestamp, i32)], period_seconds: i32, now: Timestamp) -> i32 {
    let cutoff = before(now, period_seconds);
    let within = events.iter().filter(|(when, _)| *when > cutoff);
    within.fold(0, |total: i32, (_, change)| total.saturating_add(*change))
}

fn before(now: Timestamp, seconds: i32) -> Timestamp {
    let span = SignedDuration::from_secs(seconds.into());
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn without_rules(wish: Wish) -> (i32, Words) {
    let reach = wish.current.saturating_mul(UP_FACTOR).max(UP_LEAST);
    let (most, words) = if wish.most > reach { (reach, UP_LIMIT) } else { (wish.most, TOO_MANY) };
    if wish.desired < wish.least {
        (wish.least, TOO_FEW)
    } else if wish.desired > most {
        (most, words)
    } else {
        (wish.desired, WITHIN)
    }
}

/// The rules of one direction, with Kubernetes' defaults for what is left out.
struct Rules<'a> {
    up: bool,
    window_seconds: i32,
    select: &'a str,
    policies: Vec<HPAScalingPolicy>,
}

impl<'a> Rules<'a> {
    fn of(behavior: &'a HorizontalPodAutoscalerBehavior, up: bool) -> Self {
        let given = if up { behavior.scale_up.as_ref() } else { behavior.scale_down.as_ref() };
        let window = if up { 0 } else { DOWN_WINDOW_SECONDS };
        let policies = given.and_then(|rules| rules.policies.clone());
        Self {
            up,
            window_seconds: given
                .and_then(|rules| rules.stabilization_window_seconds)
                .unwrap_or(window),
            select: given.and_then(select_of).unwrap_or("Max"),
            policies: policies.unwrap_or_else(|| default_policies(up)),
        }
    }

    fn longest_period(&self) -> i32 {
        self.policies.iter().map(|policy| policy.period_seconds).max().unwrap_or_default()
    }
}

fn select_of(rules: &HPAScalingRules) -> Option<&str> {
    rules.select_policy.as_deref()
}

fn default_policies(up: bool) -> Vec<HPAScalingPolicy> {
    let policy = |kind: &str, value| HPAScalingPolicy {
        period_seconds: PERIOD_SECONDS,
        type_: kind.to_owned(),
        value,
    };
    let percent = policy("Percent", 100);
    if up { vec![policy("Pods", 4), percent] } else { vec![percent] }
}
