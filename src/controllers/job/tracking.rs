//! What is written down of pods that ended, and when: first their uids, then, once their
//! finalizers are off, their number. So each is counted once, whatever ends in between.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `trackJobStatusAndRemoveFinalizers`; KEP-2307.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use k8s_openapi::{
    api::{
        batch::v1::{JobCondition, JobStatus, UncountedTerminatedPods},
        core::v1::Pod,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};

use super::{
    census::{Census, Observed},
    policy,
    reconcile::{Plan, condition},
};
use crate::{pods, remark::Remark};

/// Uids that a status lists at most.
const MOST_LISTED: usize = 500;

/// What came of a plan.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    pub(super) created: usize,
    pub(super) deleted: usize,
    /// Of the deleted ones.
    pub(super) ready: usize,
}

/// The status before finalizers go, and whose go.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    pub(super) status: JobStatus,
    pub(super) release: Vec<Arc<Pod>>,
    /// How the Job ends once all is counted.
    end: Option<JobCondition>,
    pub(super) remarks: Vec<Remark>,
}

/// Decides what the status says before the finalizers of `release` are taken off.
pub(super) fn track(seen: &Observed<'_>, census: &Census<'_>, plan: &Plan, done: Done) -> Tracked {
    let mut tracked = Tracked { status: seen.status(), ..Tracked::default() };
    let active = (census.active.len() + done.created).saturating_sub(done.deleted);
    tracked.status.start_time = seen.started().map(Time);
    tracked.end.clone_from(&plan.end);
    if tracked.end.is_some() {
        if done.deleted != census.active.len() || !seen.settled {
            // Pods may be left that the cache does not show.
            tracked.end = None;
        }
    } else if is_complete(seen, census, active) {
        let words = ("CompletionsReached", "Reached expected number of succeeded pods");
        tracked.end = Some(condition("SuccessCriteriaMet", words, seen.now));
    } else if plan.managed {
        tell_of_suspension(seen, &mut tracked);
    }
    let status = &mut tracked.status;
    status.active = positive(active);
    status.ready = Some(number(census.ready.saturating_sub(done.ready)));
    status.terminating = Some(number(census.terminating + done.deleted));
    let full = list_ended(seen, census, &mut tracked);
    announce_end(seen.now, &mut tracked);
    if full {
        tracked.end = None;
    }
    tracked
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn positive(count: usize) -> Option<i32> {
    Some(number(count)).filter(|count| *count > 0)
}

fn is_complete(seen: &Observed<'_>, census: &Census<'_>, active: usize) -> bool {
    active == 0
        && match seen.spec.completions {
            None => census.succeeded > 0,
            Some(_) => census.succeeded >= seen.completions(),
        }
}

fn tell_of_suspension(seen: &Observed<'_>, tracked: &mut Tracked) {
    let (status, reason, message) = if seen.suspended() {
        ("True", "JobSuspended", "Job suspended")
    } else {
        ("False", "JobResumed", "Job resumed")
    };
    let fresh = JobCondition {
        status: status.to_owned(),
        ..condition("Suspended", (reason, message), seen.now)
    };
    if ensure(&mut tracked.status, fresh) {
        if !seen.suspended() {
            // In one write with the condition: a Job that is awake may not change it otherwise.
            tracked.status.start_time = Some(Time(seen.now));
        }
        let word = if seen.suspended() { "Suspended" } else { "Resumed" };
        tracked.remarks.push(Remark::normal(word, message));
    }
}

/// Adds or updates a condition; from nothing to false is nothing. Returns whether it changed.
fn ensure(status: &mut JobStatus, fresh: JobCondition) -> bool {
    let conditions = status.conditions.get_or_insert_default();
    let known = conditions.iter_mut().find(|known| known.type_ == fresh.type_);
    let changed = match known {
        Some(known) => {
            let says =
                |one: &JobCondition| (one.status.clone(), one.reason.clone(), one.message.clone());
            let differs = says(known) != says(&fresh);
            if differs {
                *known = fresh;
            }
            differs
        }
        None if fresh.status == "False" => false,
        None => {
            conditions.push(fresh);
            true
        }
    };
    status.conditions = status.conditions.take().filter(|conditions| !conditions.is_empty());
    changed
}

/// Lists ended pods in the status and picks those that need no finalizer any more. Returns whether
/// there are more than one pass lists.
fn list_ended(seen: &Observed<'_>, census: &Census<'_>, tracked: &mut Tracked) -> bool {
    let held = seen.pods.iter().filter(|pod| seen.uncounted(pod));
    let uids = held.clone().map(|pod| pods::uid(pod).to_owned()).collect();
    count_released(&mut tracked.status, &uids);
    let mut listed = tracked.status.uncounted_terminated_pods.take().unwrap_or_default();
    let mut ordered: Vec<&Arc<Pod>> = held.collect();
    if seen.indexed() {
        ordered.sort_by_key(|pod| super::indexes::index_of(pod));
    }
    let mut entries = 0;
    let mut full = false;
    for pod in ordered {
        if !may_release(seen, census, tracked, pod) {
            continue;
        }
        tracked.release.push(Arc::clone(pod));
        entries += usize::from(list_one(seen, census, tracked, &mut listed, pod));
        let length = |uids: &Option<Vec<String>>| uids.as_ref().map_or(0, Vec::len);
        if entries + length(&listed.succeeded) + length(&listed.failed) >= MOST_LISTED {
            full = true;
            break;
        }
    }
    tracked.status.uncounted_terminated_pods = Some(listed);
    if seen.indexed() {
        let status = &mut tracked.status;
        status.succeeded = positive(census.succeeded_indexes.len());
        let text = census.succeeded_indexes.to_string();
        status.completed_indexes = Some(text).filter(|text| !text.is_empty());
        status.failed_indexes = census.failed_indexes.as_ref().map(ToString::to_string);
    }
    full
}

/// Whether a pod may go: it has ended, or the Job has.
fn may_release(seen: &Observed<'_>, census: &Census<'_>, tracked: &Tracked, pod: &Pod) -> bool {
    let over = seen.job.metadata.deletion_timestamp.is_some() || tracked.end.is_some();
    if over || pods::phase(pod) == "Succeeded" {
        return true;
    }
    let last = seen.valid_index(pod).and_then(|index| census.last_of_index.get(&index));
    let waits = last.is_some_and(|last| pods::uid(last) == pods::uid(pod));
    seen.failed(pod) && !waits
}

/// Lists one pod as succeeded or failed. Returns whether a new index came of it.
fn list_one(
    seen: &Observed<'_>,
    census: &Census<'_>,
    tracked: &Tracked,
    listed: &mut UncountedTerminatedPods,
    pod: &Pod,
) -> bool {
    let uid = pods::uid(pod);
    let has = |uids: &Option<Vec<String>>| uids.iter().flatten().any(|known| known == uid);
    let index = seen.valid_index(pod);
    if pods::phase(pod) == "Succeeded" && !has(&listed.failed) {
        if seen.indexed() {
            // The index itself says that it is counted.
            return index.is_some_and(|index| !census.known_indexes.has(index));
        }
        if !has(&listed.succeeded) {
            listed.succeeded.get_or_insert_default().push(uid.to_owned());
        }
        return false;
    }
    let failing = tracked.end.as_ref().is_some_and(|end| end.type_ != "SuccessCriteriaMet");
    let counts = policy::verdict(seen.spec.pod_failure_policy.as_ref(), pod).counts();
    let ours = !seen.indexed() || index.is_some();
    if (seen.failed(pod) || failing) && counts && ours && !has(&listed.failed) {
        listed.failed.get_or_insert_default().push(uid.to_owned());
    }
    false
}

/// Moves listed pods whose finalizers are off into the counts.
fn count_released(status: &mut JobStatus, held: &HashSet<String>) {
    let Some(listed) = status.uncounted_terminated_pods.as_mut() else { return };
    for (uids, count) in
        [(&mut listed.succeeded, &mut status.succeeded), (&mut listed.failed, &mut status.failed)]
    {
        let before = uids.as_ref().map_or(0, Vec::len);
        let left: Vec<_> =
            uids.take().into_iter().flatten().filter(|uid| held.contains(uid)).collect();
        let more = number(before - left.len());
        *count = Some(count.unwrap_or(0) + more).filter(|count| *count > 0);
        *uids = Some(left).filter(|left| !left.is_empty());
    }
}

/// Tells of the end that comes once everything is counted.
fn announce_end(now: Timestamp, tracked: &mut Tracked) {
    let Some(end) = tracked.end.take() else { return };
    let last = match end.type_.as_str() {
        "FailureTarget" => "Failed",
        "SuccessCriteriaMet" => "Complete",
        _ => {
            tracked.end = Some(end);
            return;
        }
    };
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let said = (&*words(&end.reason), &*words(&end.message));
    tracked.end = Some(condition(last, said, now));
    let known = tracked.status.conditions.iter().flatten().any(|one| one.type_ == end.type_);
    if !known {
        tracked.status.conditions.get_or_insert_default().push(end);
    }
}

/// The status once finalizers are off; `held` are the pods that still have theirs.
pub(super) fn settle(
    seen: &Observed<'_>,
    tracked: &Tracked,
    held: &HashSet<String>,
) -> (JobStatus, Vec<Remark>) {
    let mut status = tracked.status.clone();
    count_released(&mut status, held);
    let Some(end) = &tracked.end else { return (status, Vec::new()) };
    let listed = status.uncounted_terminated_pods.clone().unwrap_or_default();
    let counted = listed.succeeded.is_none() && listed.failed.is_none();
    if !counted || status.terminating.unwrap_or(0) > 0 {
        return (status, Vec::new());
    }
    ensure(&mut status, end.clone());
    let mut remarks = Vec::new();
    if end.type_ == "Complete" {
        status.completion_time.clone_from(&end.last_transition_time);
        if seen.spec.completions.is_some_and(|wanted| status.succeeded.unwrap_or(0) > wanted) {
            let words = "Too many succeeded pods running after completion count reached";
            remarks.push(Remark::warning("TooManySucceededPods", words));
        }
        remarks.push(Remark::normal("Completed", "Job completed"));
    } else {
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        remarks.push(Remark::warning(&words(&end.reason), words(&end.message)));
    }
    (status, remarks)
}
