//! What one disruption budget says of its pods. No clock, no I/O: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/disruption`, `disruption.go`.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::{
        core::v1::Pod,
        policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec, PodDisruptionBudgetStatus},
    },
    apimachinery::pkg::{
        apis::meta::v1::{Condition, LabelSelector, Time},
        util::intstr::IntOrString,
    },
};

use crate::{
    pods,
    remark::Remark,
    share::{Rounding, share},
};

/// An eviction that the server has allowed takes effect within this time, or did not happen.
const DELETION_TIMEOUT: SignedDuration = SignedDuration::from_mins(2);

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) budget: &'a PodDisruptionBudget,
    /// The pods that it selects.
    pub(super) pods: &'a [Arc<Pod>],
    /// What their controllers want; nothing where the budget does not ask.
    pub(super) scales: Scales,
    pub(super) now: Timestamp,
}

/// How many pods the controllers of a budget's pods want together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Scales {
    pub(super) wanted: i32,
    /// Pods that nobody controls.
    pub(super) unmanaged: usize,
}

/// The new status, and what is to be said.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) status: PodDisruptionBudgetStatus,
    pub(super) remarks: Vec<Remark>,
    /// Pods that were to be evicted and live on.
    pub(super) alive: Vec<Arc<Pod>>,
    /// When an eviction is to be over.
    pub(super) again: Option<Duration>,
}

/// Tells whether a budget is a share of what its pods' controllers want.
pub(super) fn asks_for_scales(spec: &PodDisruptionBudgetSpec) -> bool {
    spec.max_unavailable.is_some() || matches!(spec.min_available, Some(IntOrString::String(_)))
}

/// Decides what the status says.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let spec = seen.budget.spec.clone().unwrap_or_default();
    let mut plan = Plan {
        status: seen.budget.status.clone().unwrap_or_default(),
        remarks: remarks(seen, &spec),
        alive: Vec::new(),
        again: None,
    };
    let (expected, desired) = needs(seen, &spec);
    let disrupted = disrupted(seen, &mut plan);
    let healthy = seen.pods.iter().filter(|pod| {
        pod.metadata.deletion_timestamp.is_none()
            && !disrupted.contains_key(pods::name(pod))
            && pods::is_ready(pod)
    });
    let healthy = i32::try_from(healthy.count()).unwrap_or(i32::MAX);
    // Where no pod is expected, none is allowed to go: the first may be on its way.
    let allowed = if expected > 0 { (healthy - desired).max(0) } else { 0 };
    plan.status.current_healthy = Some(healthy);
    plan.status.desired_healthy = Some(desired);
    plan.status.expected_pods = Some(expected);
    plan.status.disruptions_allowed = Some(allowed);
    plan.status.disrupted_pods = Some(disrupted).filter(|disrupted| !disrupted.is_empty());
    plan.status.observed_generation = seen.budget.metadata.generation;
    let reason = if allowed > 0 { "SufficientPods" } else { "InsufficientPods" };
    set_condition(&mut plan.status, allowed > 0, (reason, ""), seen.now);
    plan
}

/// The status where the numbers cannot be had: nothing may be evicted.
pub(super) fn fail_safe(
    budget: &PodDisruptionBudget,
    why: &str,
    now: Timestamp,
) -> PodDisruptionBudgetStatus {
    let mut status = budget.status.clone().unwrap_or_default();
    status.disruptions_allowed = Some(0);
    for count in
        [&mut status.current_healthy, &mut status.desired_healthy, &mut status.expected_pods]
    {
        count.get_or_insert(0);
    }
    set_condition(&mut status, false, ("SyncFailed", why), now);
    status
}

/// How many pods are expected, and how many of them have to be healthy.
fn needs(seen: &Observed<'_>, spec: &PodDisruptionBudgetSpec) -> (i32, i32) {
    let wanted = seen.scales.wanted;
    let selected = i32::try_from(seen.pods.len()).unwrap_or(i32::MAX);
    match (&spec.max_unavailable, &spec.min_available) {
        (Some(most), _) => (wanted, (wanted - share(Some(most), wanted, Rounding::Up)).max(0)),
        (None, Some(IntOrString::Int(least))) => (selected, *least),
        (None, least) => (wanted, share(least.as_ref(), wanted, Rounding::Up)),
    }
}

/// The evictions that are under way.
fn disrupted(seen: &Observed<'_>, plan: &mut Plan) -> BTreeMap<String, Time> {
    let listed = plan.status.disrupted_pods.take().unwrap_or_default();
    let mut result = BTreeMap::new();
    for pod in seen.pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        let Some(since) = listed.get(pods::name(pod)) else { continue };
        let left = DELETION_TIMEOUT.saturating_sub(seen.now.duration_since(since.0));
        if left.is_positive() {
            let left = left.unsigned_abs();
            plan.again = Some(plan.again.map_or(left, |known| known.min(left)));
            result.insert(pods::name(pod).to_owned(), since.clone());
        } else {
            plan.alive.push(Arc::clone(pod));
        }
    }
    result
}

fn set_condition(
    status: &mut PodDisruptionBudgetStatus,
    allowed: bool,
    (reason, message): (&str, &str),
    now: Timestamp,
) {
    const KIND: &str = "DisruptionAllowed";
    let word = if allowed { "True" } else { "False" };
    let conditions = status.conditions.get_or_insert_default();
    let known = conditions.iter().find(|one| one.type_ == KIND && one.status == word);
    let fresh = Condition {
        type_: KIND.to_owned(),
        status: word.to_owned(),
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time: known.map_or(Time(now), |known| known.last_transition_time.clone()),
        observed_generation: status.observed_generation.filter(|generation| *generation != 0),
    };
    match conditions.iter_mut().find(|one| one.type_ == KIND) {
        Some(known) => *known = fresh,
        None => conditions.push(fresh),
    }
}

fn remarks(seen: &Observed<'_>, spec: &PodDisruptionBudgetSpec) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if seen.pods.is_empty() {
        remarks.push(Remark::normal("NoPods", "No matching pods found"));
    }
    if seen.scales.unmanaged > 0 {
        let words = format!(
            "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. \
             As a result, the status of the PDB cannot be calculated correctly, which may result \
             in undefined behavior. To account for these pods please set \".spec.minAvailable\" \
             field of the PDB to an integer value.",
            go_words(spec.selector.as_ref())
        );
        remarks.push(Remark::warning("UnmanagedPods", words));
    }
    remarks
}

/// A selector as Go prints it.
fn go_words(selector: Option<&LabelSelector>) -> String {
    let Some(selector) = selector else { return "nil".to_owned() };
    let mut words = String::from("&LabelSelector{MatchLabels:map[string]string{");
    for (key, value) in selector.match_labels.iter().flatten() {
        // Writing to a String cannot fail.
        write!(words, "{key}: {value},").unwrap_or_default();
    }
    words.push_str("},MatchExpressions:[]LabelSelectorRequirement{");
    for one in selector.match_expressions.iter().flatten() {
        let values = one.values.as_deref().unwrap_or_default().join(" ");
        let (key, operator) = (&one.key, &one.operator);
        write!(
            words,
            "LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},"
        )
        .unwrap_or_default();
    }
    words.push_str("},}");
    words
}
