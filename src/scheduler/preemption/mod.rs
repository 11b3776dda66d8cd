//! Room for a pod that fits nowhere, at the cost of pods that count less. No clock, no I/O.
//! Source: `framework/preemption` and `plugins/defaultpreemption`.
//!
//! Invariants: no victim counts as much as the pod or more · every victim is needed: with any one of
//! them left the pod would not fit · nobody is named where the pod may not make room at all.

mod choice;
#[cfg(test)]
mod tests;

use std::{cmp::Reverse, sync::Arc};

use jiff::Timestamp;
use k8s_openapi::{
    api::{core::v1::Pod, policy::v1::PodDisruptionBudget},
    apimachinery::pkg::apis::meta::v1::Time,
};
use machinery::selector::LabelSelector;

use self::choice::best;
use crate::{
    config::PreemptionArguments,
    cycle::{Cycle, Unschedulable, counted},
    nodes::{NodeInfo, priority},
    plugins::{Change, Refusal},
};

const UNHELPFUL: &str = "Preemption is not helpful for scheduling";
const NO_VICTIMS: &str = "No preemption victims found for incoming pod";

/// What is told where extenders leave no node.
const NONE_LEFT: &str = "no candidate node for preemption";

/// A node and who would have to leave it, the most important first.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) node: String,
    pub(crate) victims: Vec<Arc<Pod>>,
    /// Victims that a disruption budget protects.
    pub(crate) violations: usize,
}

/// What becomes of a pod that fits nowhere.
#[derive(Debug)]
pub(crate) enum Preemption {
    /// It waits for these to leave.
    Wait(Candidate),
    /// It has no place, and the words say why.
    Hopeless(String),
    /// It has no place yet; what it was promised stays.
    NotNow(String),
    /// Nobody makes room.
    Off,
}

/// The nodes that could be cleared for a pod that `cycle` could not place; `offset` is the node to begin
/// with. Errors: there is none, or nothing is to be done.
pub(crate) fn candidates(
    cycle: &Cycle<'_>,
    refused: &Unschedulable,
    budgets: &[Arc<PodDisruptionBudget>],
    offset: usize,
    arguments: &PreemptionArguments,
) -> Result<Vec<Candidate>, Preemption> {
    if let Some(words) = not_eligible(cycle.pod, cycle.nodes, refused) {
        return Err(Preemption::NotNow(words.to_owned()));
    }
    let helpful: Vec<&Arc<NodeInfo>> =
        refused.refusals.iter().filter(|(_, it)| it.preemptible).map(|(node, _)| node).collect();
    let share = |part: i32| usize::try_from(part).unwrap_or(0);
    let enough = helpful.len() * share(arguments.percentage) / 100;
    let enough = enough.max(share(arguments.absolute));
    let begin = if helpful.is_empty() { 0 } else { offset % helpful.len() };
    let (before, after) = helpful.split_at(begin);
    let (mut candidates, mut reasons) = (Vec::new(), Vec::new());
    for node in after.iter().chain(before) {
        match select_victims(cycle, node, budgets) {
            Ok(candidate) => candidates.push(candidate),
            Err(mut words) => reasons.append(&mut words),
        }
        let harmless = candidates.iter().any(|one: &Candidate| one.violations == 0);
        if harmless && candidates.len() >= enough {
            break;
        }
    }
    if candidates.is_empty() {
        let words = words(cycle.nodes.len(), helpful.len(), reasons);
        return Err(Preemption::Hopeless(words));
    }
    Ok(candidates)
}

/// The node that is cleared, where that does the least harm.
pub(crate) fn choose(candidates: Vec<Candidate>) -> Preemption {
    match best(candidates) {
        Some(candidate) => Preemption::Wait(candidate),
        None => Preemption::Hopeless(NONE_LEFT.to_owned()),
    }
}

/// Decides for a pod that `cycle` could not place, with the usual arguments.
#[cfg(test)]
fn preempt(
    cycle: &Cycle<'_>,
    refused: &Unschedulable,
    budgets: &[Arc<PodDisruptionBudget>],
    offset: usize,
) -> Preemption {
    let arguments = PreemptionArguments::default();
    candidates(cycle, refused, budgets, offset, &arguments).map_or_else(|it| it, choose)
}

/// What is told of a pod that no node can have, whatever leaves it.
pub(crate) fn useless(pod: &Pod, nodes: usize) -> Preemption {
    match forbidden(pod) {
        Some(words) => Preemption::NotNow(words.to_owned()),
        None => Preemption::Hopeless(words(nodes, 0, Vec::new())),
    }
}

fn words(nodes: usize, helpful: usize, mut reasons: Vec<String>) -> String {
    reasons.extend(std::iter::repeat_n(UNHELPFUL.to_owned(), nodes - helpful));
    format!("0/{nodes} nodes are available: {}.", counted(reasons.iter()).join(", "))
}

fn forbidden(pod: &Pod) -> Option<&'static str> {
    let policy = pod.spec.as_ref().and_then(|spec| spec.preemption_policy.as_deref());
    (policy == Some("Never")).then_some("not eligible due to preemptionPolicy=Never.")
}

fn not_eligible(
    pod: &Pod,
    nodes: &[Arc<NodeInfo>],
    refused: &Unschedulable,
) -> Option<&'static str> {
    if let Some(words) = forbidden(pod) {
        return Some(words);
    }
    let name = pod.status.as_ref()?.nominated_node_name.as_deref()?;
    let lost =
        |(node, refusal): &(Arc<NodeInfo>, Refusal)| node.name() == name && !refusal.preemptible;
    if refused.refusals.iter().any(lost) {
        return None;
    }
    let node = nodes.iter().find(|node| node.name() == name)?;
    let leaving = |other: &Arc<Pod>| priority(other) < priority(pod) && leaves_for_others(other);
    let words = "not eligible due to a terminating pod on the nominated node.";
    node.running.iter().any(leaving).then_some(words)
}

/// Tells whether a pod ends because a scheduler took its place.
fn leaves_for_others(pod: &Pod) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    pod.metadata.deletion_timestamp.is_some()
        && conditions.into_iter().any(|one| {
            one.type_ == "DisruptionTarget"
                && one.status == "True"
                && one.reason.as_deref() == Some("PreemptionByScheduler")
        })
}

/// When a pod started; one that has not is the latest.
fn started(pod: &Pod) -> Timestamp {
    let start = pod.status.as_ref().and_then(|status| status.start_time.as_ref());
    start.map_or(Timestamp::MAX, |Time(when)| *when)
}

/// The importance of a pod, as a key: the greater, the more important.
fn importance(pod: &Pod) -> (i32, Reverse<Timestamp>) {
    (priority(pod), Reverse(started(pod)))
}

/// The fewest pods that have to leave a node. Errors: the reasons why that does not help.
fn select_victims(
    cycle: &Cycle<'_>,
    node: &Arc<NodeInfo>,
    budgets: &[Arc<PodDisruptionBudget>],
) -> Result<Candidate, Vec<String>> {
    let mut trial = Trial { cycle, node: (**node).clone(), rounds: cycle.rounds.copy() };
    let below = |pod: &&Arc<Pod>| priority(pod) < priority(cycle.pod);
    let mut possible: Vec<Arc<Pod>> = node.running.iter().filter(below).cloned().collect();
    if possible.is_empty() {
        return Err(vec![NO_VICTIMS.to_owned()]);
    }
    for pod in &possible {
        trial.remove(pod);
    }
    trial.fits().map_err(|refusal| refusal.reasons)?;

    possible.sort_by_key(|pod| Reverse(importance(pod)));
    let (protected, free) = by_budgets(&possible, budgets);
    let mut victims = Vec::new();
    let mut violations = 0;
    for pod in protected {
        if !trial.spare(&pod) {
            violations += 1;
            victims.push(pod);
        }
    }
    victims.extend(free.into_iter().filter(|pod| !trial.spare(pod)));
    if victims.is_empty() {
        return Err(vec![NO_VICTIMS.to_owned()]);
    }
    victims.sort_by_key(|pod| Reverse(importance(pod)));
    Ok(Candidate { node: node.name().to_owned(), victims, violations })
}

/// A node on which pods are taken away and put back.
struct Trial<'a> {
    cycle: &'a Cycle<'a>,
    node: NodeInfo,
    rounds: crate::cycle::Rounds,
}

impl Trial<'_> {
    fn remove(&mut self, pod: &Pod) {
        self.node.remove(pod);
        self.rounds.count(pod, &self.node, Change::Leaves);
    }

    fn fits(&self) -> Result<(), Refusal> {
        self.cycle.fits(&self.node, &self.rounds)
    }

    /// Lets a pod stay, if the other fits beside it.
    fn spare(&mut self, pod: &Arc<Pod>) -> bool {
        self.node.add(pod);
        self.rounds.count(pod, &self.node, Change::Comes);
        let fits = self.fits().is_ok();
        if !fits {
            self.remove(pod);
        }
        fits
    }
}

/// Pods whose leaving would break a budget, and the others; both in the order given.
fn by_budgets(
    pods: &[Arc<Pod>],
    budgets: &[Arc<PodDisruptionBudget>],
) -> (Vec<Arc<Pod>>, Vec<Arc<Pod>>) {
    let mut left: Vec<(&PodDisruptionBudget, LabelSelector, i32)> =
        budgets.iter().filter_map(|budget| open(budget)).collect();
    pods.iter().cloned().partition(|pod| {
        let mut broken = false;
        for (budget, selector, allowed) in &mut left {
            if concerns(budget, selector, pod) {
                *allowed -= 1;
                broken |= *allowed < 0;
            }
        }
        broken
    })
}

fn open(budget: &PodDisruptionBudget) -> Option<(&PodDisruptionBudget, LabelSelector, i32)> {
    let selector = budget.spec.as_ref()?.selector.as_ref()?;
    let selector = LabelSelector::from_object(&serde_json::to_value(selector).ok()?)?;
    let allowed = budget.status.as_ref().and_then(|status| status.disruptions_allowed).unwrap_or(0);
    // An empty one protects nobody from other pods.
    (!selector.is_empty()).then_some((budget, selector, allowed))
}

/// Tells whether a pod's leaving counts for a budget; one that leaves already was counted.
fn concerns(budget: &PodDisruptionBudget, selector: &LabelSelector, pod: &Pod) -> bool {
    let Some(labels) = pod.metadata.labels.as_ref().filter(|labels| !labels.is_empty()) else {
        return false;
    };
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let gone = budget.status.as_ref().and_then(|status| status.disrupted_pods.as_ref());
    budget.metadata.namespace == pod.metadata.namespace
        && selector.matches(|key| labels.get(key).map(String::as_str))
        && gone.is_none_or(|gone| !gone.contains_key(name))
}

/// What a refusal says of making room.
#[cfg(test)]
pub(crate) fn words_for_tests(cycle: &Cycle<'_>, refused: &Unschedulable) -> String {
    match preempt(cycle, refused, &[], 0) {
        Preemption::Wait(candidate) => format!("waits for {}", candidate.node),
        Preemption::Hopeless(words) | Preemption::NotNow(words) => words,
        Preemption::Off => String::new(),
    }
}
