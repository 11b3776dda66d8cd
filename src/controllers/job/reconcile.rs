//! What one Job needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `job_controller.go`.
//!
//! A pass has three decisions with writes between them: [`reconcile`] says which pods come and go,
//! [`super::tracking::track`] what of the ended ones is written down before their finalizers are
//! taken off, and [`super::tracking::settle`] what is counted once they are.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::{batch::v1::JobCondition, core::v1::Pod},
    apimachinery::pkg::apis::meta::v1::Time,
};

use super::{
    census::{Census, Observed},
    indexes::index_of,
    policy::{self, Verdict},
};
use crate::{jobs, pods};

/// Pods that one pass creates or deletes at most.
const BURST: usize = 500;

/// Which pods come and go, and whether the Job ends.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) delete: Vec<Arc<Pod>>,
    pub(super) deletion: Deletion,
    /// A pod for each: of its completion index, where the Job has them.
    pub(super) create: Vec<Option<usize>>,
    /// How the Job ends, if it does.
    pub(super) end: Option<JobCondition>,
    /// Whether pods were looked after, so that the status may tell of suspension.
    pub(super) managed: bool,
    /// When to look again.
    pub(super) again: Option<Duration>,
}

/// What deleted pods are to the Job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Deletion {
    /// The Job ends with them: their finalizers stay until they are counted.
    #[default]
    Counted,
    /// They were too many: nobody counts them.
    Forgotten,
}

/// Decides which pods come and go.
pub(super) fn reconcile(seen: &Observed<'_>, census: &Census<'_>) -> Plan {
    let end = end(seen, census);
    if end.is_some() {
        let delete = census.active.iter().map(|pod| Arc::clone(pod)).collect();
        return Plan { delete, end, ..Plan::default() };
    }
    let mut plan = Plan { again: deadline(seen), ..Plan::default() };
    if seen.settled && seen.job.metadata.deletion_timestamp.is_none() {
        manage(seen, census, &mut plan);
        plan.managed = true;
    }
    plan
}

pub(super) fn condition(
    kind: &str,
    (reason, message): (&str, &str),
    now: Timestamp,
) -> JobCondition {
    JobCondition {
        type_: kind.to_owned(),
        status: "True".to_owned(),
        last_probe_time: Some(Time(now)),
        last_transition_time: Some(Time(now)),
        reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
        message: Some(message.to_owned()).filter(|message| !message.is_empty()),
    }
}

/// How the Job ends, where its fate is sealed.
fn end(seen: &Observed<'_>, census: &Census<'_>) -> Option<JobCondition> {
    if let Some(met) = jobs::condition(seen.job, "SuccessCriteriaMet") {
        return Some(met.clone());
    }
    if let Some(target) = jobs::condition(seen.job, "FailureTarget") {
        let why = |text: &Option<String>| text.clone().unwrap_or_default();
        let words = (&*why(&target.reason), &*why(&target.message));
        return Some(condition("Failed", words, seen.now));
    }
    if let Some((reason, message)) = failure(seen, census) {
        return Some(condition("FailureTarget", (reason, &message), seen.now));
    }
    let policy = seen.spec.success_policy.as_ref().filter(|_| seen.indexed());
    let met = policy::success(policy, seen.completions(), &census.succeeded_indexes)?;
    Some(condition("SuccessCriteriaMet", ("SuccessPolicy", &met), seen.now))
}

fn failure(seen: &Observed<'_>, census: &Census<'_>) -> Option<(&'static str, String)> {
    let rules = seen.spec.pod_failure_policy.as_ref();
    let failed = seen.pods.iter().filter(|pod| seen.failed(pod));
    let fatal = failed.into_iter().find_map(|pod| match policy::verdict(rules, pod) {
        Verdict::FailJob(words) => Some(words),
        Verdict::Count | Verdict::Ignore | Verdict::FailIndex => None,
    });
    if let Some(words) = fatal {
        return Some(("PodFailurePolicy", words));
    }
    let limit = usize::try_from(seen.spec.backoff_limit.unwrap_or(6)).unwrap_or(0);
    if census.failed > limit || restarted_too_often(seen, limit) {
        let words = "Job has reached the specified backoff limit";
        return Some(("BackoffLimitExceeded", words.to_owned()));
    }
    if deadline(seen).is_some_and(|left| left.is_zero()) {
        let words = "Job was active longer than specified deadline";
        return Some(("DeadlineExceeded", words.to_owned()));
    }
    let failed = census.failed_indexes.as_ref()?.len();
    let most = seen.spec.max_failed_indexes.and_then(|most| usize::try_from(most).ok());
    if most.is_some_and(|most| failed > most) {
        let words = "Job has exceeded the specified maximal number of failed indexes";
        return Some(("MaxFailedIndexesExceeded", words.to_owned()));
    }
    let all = failed + census.succeeded_indexes.len() >= seen.completions();
    (failed > 0 && all).then(|| ("FailedIndexes", "Job has failed indexes".to_owned()))
}

/// Where containers are restarted in their pods, the restarts count.
fn restarted_too_often(seen: &Observed<'_>, limit: usize) -> bool {
    let template = seen.spec.template.spec.as_ref();
    let restart = template.and_then(|spec| spec.restart_policy.as_deref());
    if restart != Some("OnFailure") {
        return false;
    }
    let live = seen.pods.iter().filter(|pod| matches!(pods::phase(pod), "Running" | "Pending"));
    let restarts: i32 = live.map(|pod| pods::restarts(pod) + init_restarts(pod)).sum();
    usize::try_from(restarts).is_ok_and(|restarts| restarts >= limit.max(1))
}

fn init_restarts(pod: &Pod) -> i32 {
    let statuses = pod.status.as_ref().and_then(|status| status.init_container_statuses.as_ref());
    statuses.into_iter().flatten().map(|status| status.restart_count).sum()
}

/// How long the Job may still run; `None` without a limit or while it sleeps.
fn deadline(seen: &Observed<'_>) -> Option<Duration> {
    let seconds = seen.spec.active_deadline_seconds.filter(|_| !seen.suspended())?;
    let started = seen.awake_since()?;
    let left = SignedDuration::from_secs(seconds).saturating_sub(seen.now.duration_since(started));
    Some(left.max(SignedDuration::ZERO).unsigned_abs())
}

fn manage(seen: &Observed<'_>, census: &Census<'_>, plan: &mut Plan) {
    let active = census.active.len();
    let wanted = if seen.suspended() { 0 } else { wanted(seen, census) };
    plan.delete = surplus(seen, census, active.saturating_sub(wanted));
    plan.deletion = Deletion::Forgotten;
    if !seen.suspended() {
        plan.delete.truncate(BURST);
    }
    // Either deletions or creations in one pass; what is too much goes first.
    if !plan.delete.is_empty() || seen.suspended() {
        return;
    }
    let leaving = if seen.replaces_failed_only() { census.terminating } else { 0 };
    let missing = wanted.saturating_sub(leaving).saturating_sub(active).min(BURST);
    if missing == 0 {
        return;
    }
    let by_index = census.failed_indexes.is_some();
    let left = if by_index { Duration::ZERO } else { census.backoff.left(seen.now) };
    if !left.is_zero() {
        plan.look_again(left);
    } else if !seen.indexed() {
        plan.create = vec![None; missing];
    } else {
        let free = census.free_indexes(seen, missing);
        let (ready, waiting): (Vec<_>, Vec<_>) = free
            .into_iter()
            .map(|at| (at, census.index_wait(at, seen.now)))
            .partition(|(_, left)| left.is_zero());
        plan.create = ready.into_iter().map(|(at, _)| Some(at)).collect();
        for (_, left) in waiting {
            plan.look_again(left);
        }
    }
}

impl Plan {
    fn look_again(&mut self, after: Duration) {
        self.again = Some(self.again.map_or(after, |known| known.min(after)));
    }
}

/// How many pods should run.
fn wanted(seen: &Observed<'_>, census: &Census<'_>) -> usize {
    let parallelism = usize::try_from(seen.spec.parallelism.unwrap_or(1)).unwrap_or(0);
    match seen.spec.completions {
        // The first success ends the work: what runs may end, nothing new starts.
        None if census.succeeded > 0 => census.active.len(),
        None => parallelism,
        Some(_) => seen.completions().saturating_sub(census.succeeded).min(parallelism),
    }
}

/// At least so many pods to remove: those with no or a doubled index first, then the least useful.
fn surplus(seen: &Observed<'_>, census: &Census<'_>, at_least: usize) -> Vec<Arc<Pod>> {
    let mut live: Vec<Arc<Pod>> = census.active.iter().map(|pod| Arc::clone(pod)).collect();
    live.sort_by_key(|pod| usefulness(pod));
    let mut gone = Vec::new();
    if seen.indexed() {
        let mut keep: BTreeMap<usize, Arc<Pod>> = BTreeMap::new();
        for pod in std::mem::take(&mut live) {
            match index_of(&pod).filter(|index| *index < seen.completions()) {
                // The most useful of an index comes last and stays.
                Some(index) => gone.extend(keep.insert(index, pod)),
                None => gone.push(pod),
            }
        }
        live = keep.into_values().collect();
        live.sort_by_key(|pod| usefulness(pod));
    }
    let more = at_least.saturating_sub(gone.len());
    gone.extend(live.into_iter().take(more));
    gone
}

/// Orders pods, those that are missed least first.
fn usefulness(pod: &Pod) -> impl Ord + use<> {
    let assigned = pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some());
    let phase = match pods::phase(pod) {
        "Pending" => 0,
        "Running" => 2,
        _ => 1,
    };
    let born = pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
    (
        (assigned, phase, pods::is_ready(pod)),
        std::cmp::Reverse(pods::ready_since(pod)),
        std::cmp::Reverse(pods::restarts(pod)),
        std::cmp::Reverse(born),
        pods::name(pod).to_owned(),
    )
}
