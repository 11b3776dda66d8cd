//! What an autoscaler does with its target: nothing, a bound, or what its metrics ask for.
//! No clock, no I/O: all facts are in the arguments.
//! Source: `k8s.io/kubernetes/pkg/controller/podautoscaler`, `horizontal.go`.

use std::cmp::Ordering;

use jiff::Timestamp;
use k8s_openapi::api::autoscaling::v2::{
    HPAScalingRules, HorizontalPodAutoscalerSpec, MetricStatus,
};

use super::{
    behavior::{History, Wish},
    measure::Outcome,
    replicas::Tolerances,
    status::{ABLE, ACTIVE, Draft, LIMITED},
};

/// How far from its target a metric may be where nothing else is said
/// (`--horizontal-pod-autoscaler-tolerance`).
const TOLERANCE: f64 = 0.1;

/// What is to be done, as far as it is known without metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Somebody has set the target to no replicas, which turns the autoscaler off.
    Disabled,
    /// The target is outside the bounds.
    Bound { to: i32, why: &'static str },
    /// The metrics decide.
    Measure,
}

/// The size that metrics ask for, and which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) replicas: i32,
    pub(super) name: String,
}

/// Another size for the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rescale {
    pub(super) to: i32,
    pub(super) why: String,
}

/// What to do with a target of so many replicas.
pub(super) fn course(spec: &HorizontalPodAutoscalerSpec, current: i32) -> Course {
    let least = least(spec);
    if current == 0 && least != 0 {
        Course::Disabled
    } else if current > spec.max_replicas {
        let why = "Current number of replicas above Spec.MaxReplicas";
        Course::Bound { to: spec.max_replicas, why }
    } else if current < least {
        Course::Bound { to: least, why: "Current number of replicas below Spec.MinReplicas" }
    } else {
        Course::Measure
    }
}

/// Says that the autoscaler is off.
pub(super) fn disabled(draft: &mut Draft) {
    let words = "scaling is disabled since the replica count of the target is zero";
    draft.condition(ACTIVE, false, "ScalingDisabled", words);
}

/// The largest size that a metric asks for. Metrics that failed keep the target from shrinking.
///
/// Errors: all failed, or some did and the rest ask for less.
pub(super) fn choose(
    draft: &mut Draft,
    current: i32,
    outcomes: &[Outcome],
) -> Result<Chosen, String> {
    let mut chosen = Chosen { replicas: 0, name: String::new() };
    let mut first = None;
    let mut failures = 0;
    for outcome in outcomes {
        match outcome {
            Ok(one) if chosen.replicas == 0 || one.replicas > chosen.replicas => {
                chosen = Chosen { replicas: one.replicas, name: one.name.clone() };
            }
            Ok(_) => {}
            Err(failed) => {
                draft.warn(failed.reason, failed.why.clone());
                failures += 1;
                first = first.or(Some(failed));
            }
        }
    }
    let unsafe_to_shrink = failures >= outcomes.len() || chosen.replicas < current;
    if let Some(failed) = first.filter(|_| unsafe_to_shrink) {
        let words = format!("the HPA was unable to compute the replica count: {}", failed.why);
        draft.condition(ACTIVE, false, failed.reason, words);
        let (all, error) = (outcomes.len(), &failed.error);
        return Err(format!(
            "invalid metrics ({failures} invalid out of {all}), first error is: {error}"
        ));
    }
    let words = "the HPA was able to successfully calculate a replica count from";
    draft.condition(ACTIVE, true, "ValidMetricFound", format!("{words} {}", chosen.name));
    Ok(chosen)
}

/// What the status says of each metric; of those that failed nothing.
pub(super) fn metrics_of(outcomes: &[Outcome]) -> Vec<MetricStatus> {
    let status = |outcome: &Outcome| {
        outcome.as_ref().map_or_else(|_| MetricStatus::default(), |one| one.status.clone())
    };
    outcomes.iter().map(status).collect()
}

/// The size that the target gets of what its metrics ask for, if another than it has.
pub(super) fn settle(
    draft: &mut Draft,
    spec: &HorizontalPodAutoscalerSpec,
    history: &mut History,
    (current, chosen): (i32, Chosen),
    now: Timestamp,
) -> Option<Rescale> {
    let desired = chosen.replicas.max(0);
    let why = match desired.cmp(&current) {
        Ordering::Greater => format!("{} above target", chosen.name),
        Ordering::Less => "All metrics below target".to_owned(),
        Ordering::Equal => String::new(),
    };
    let wish = Wish { current, desired, least: least(spec), most: spec.max_replicas };
    let allowed = history.allow(spec.behavior.as_ref(), wish, now);
    draft.condition(ABLE, true, allowed.able.0, allowed.able.1);
    draft.condition(LIMITED, allowed.limited, allowed.limit.0, allowed.limit.1);
    (allowed.replicas != current).then_some(Rescale { to: allowed.replicas, why })
}

/// The tolerances of an autoscaler.
pub(super) fn tolerances(spec: &HorizontalPodAutoscalerSpec) -> Tolerances {
    let of = |rules: Option<&HPAScalingRules>| {
        let quantity = rules?.tolerance.as_ref()?.0.parse::<machinery::quantity::Quantity>();
        quantity.ok().map(machinery::quantity::Quantity::approximate)
    };
    let behavior = spec.behavior.as_ref();
    let up = behavior.and_then(|rules| of(rules.scale_up.as_ref()));
    let down = behavior.and_then(|rules| of(rules.scale_down.as_ref()));
    Tolerances { up: up.unwrap_or(TOLERANCE), down: down.unwrap_or(TOLERANCE) }
}

fn least(spec: &HorizontalPodAutoscalerSpec) -> i32 {
    spec.min_replicas.unwrap_or(1)
}
