//! What is known of a Job's pods: who runs, who has ended, and what of that is counted already.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `job_controller.go`, `indexed_job_utils.go`.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use k8s_openapi::api::{
    batch::v1::{Job, JobSpec, JobStatus},
    core::v1::Pod,
};
use machinery::well_known;

use super::{
    backoff::{Backoff, ended},
    indexes::{Indexes, failures_before, ignored_before, index_of},
    policy::{self, Verdict},
};
use crate::{jobs, pods};

/// Everything that the decisions rest on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) job: &'a Job,
    pub(super) spec: &'a JobSpec,
    /// The pods that the Job controls.
    pub(super) pods: &'a [Arc<Pod>],
    /// Pods whose finalizer was taken off, though the cache may show it yet.
    pub(super) released: &'a HashSet<String>,
    /// Whether everything that was asked for has been seen.
    pub(super) settled: bool,
    /// Failures up to the last pass.
    pub(super) backoff: Backoff,
    pub(super) now: Timestamp,
}

/// Who runs and who has ended.
#[derive(Debug)]
pub(super) struct Census<'a> {
    pub(super) active: Vec<&'a Arc<Pod>>,
    pub(super) ready: usize,
    pub(super) terminating: usize,
    pub(super) succeeded: usize,
    pub(super) failed: usize,
    /// Indexes that the status tells of.
    pub(super) known_indexes: Indexes,
    pub(super) succeeded_indexes: Indexes,
    /// Only where indexes fail by themselves.
    pub(super) failed_indexes: Option<Indexes>,
    /// The last failed pod of an index that waits for its next one, to hand on how often it failed.
    pub(super) last_of_index: BTreeMap<usize, &'a Arc<Pod>>,
    /// Failures with those of this pass.
    pub(super) backoff: Backoff,
}

/// A finalizer holds the pod until it is counted.
pub(super) fn is_held(pod: &Pod) -> bool {
    pod.metadata.finalizers.iter().flatten().any(|one| one == well_known::JOB_TRACKING)
}

impl Observed<'_> {
    pub(super) fn indexed(&self) -> bool {
        self.spec.completion_mode.as_deref() == Some("Indexed")
    }

    pub(super) fn suspended(&self) -> bool {
        self.spec.suspend == Some(true)
    }

    pub(super) fn completions(&self) -> usize {
        self.spec.completions.and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
    }

    pub(super) fn replaces_failed_only(&self) -> bool {
        self.spec.pod_replacement_policy.as_deref() == Some("Failed")
    }

    pub(super) fn status(&self) -> JobStatus {
        self.job.status.clone().unwrap_or_default()
    }

    /// When the Job started: now, if it did not before and does not sleep.
    pub(super) fn started(&self) -> Option<Timestamp> {
        let status = self.job.status.as_ref();
        let known = status.and_then(|status| status.start_time.as_ref()).map(|time| time.0);
        known.or_else(|| Some(self.now).filter(|_| !self.suspended()))
    }

    /// Since when the Job is awake: its deadline counts from there.
    pub(super) fn awake_since(&self) -> Option<Timestamp> {
        let slept = jobs::condition(self.job, "Suspended").is_some();
        if slept && !self.suspended() { Some(self.now) } else { self.started() }
    }

    /// Whether a pod has failed, or counts as if it had because it is being deleted.
    pub(super) fn failed(&self, pod: &Pod) -> bool {
        let phase = pods::phase(pod);
        phase == "Failed"
            || !self.replaces_failed_only()
                && pod.metadata.deletion_timestamp.is_some()
                && phase != "Succeeded"
    }

    /// The index of a pod, where it is one of the Job's.
    pub(super) fn valid_index(&self, pod: &Pod) -> Option<usize> {
        index_of(pod).filter(|index| *index < self.completions())
    }

    /// Whether the pod is not counted yet.
    pub(super) fn uncounted(&self, pod: &Pod) -> bool {
        is_held(pod) && !self.released.contains(pods::uid(pod))
    }

    /// Pods that are not counted, nor about to be by what the status lists.
    fn fresh(&self, listed: Option<&Vec<String>>) -> impl Iterator<Item = &Arc<Pod>> {
        self.pods.iter().filter(move |pod| {
            self.uncounted(pod)
                && !listed.is_some_and(|uids| uids.iter().any(|uid| uid == pods::uid(pod)))
                && (!self.indexed() || self.valid_index(pod).is_some())
        })
    }

    fn verdict(&self, pod: &Pod) -> Verdict {
        policy::verdict(self.spec.pod_failure_policy.as_ref(), pod)
    }

    /// Whether this pod was the last that its index had.
    fn seals_index(&self, pod: &Pod) -> bool {
        if !self.failed(pod) {
            return false;
        }
        let verdict = self.verdict(pod);
        let limit = self.spec.backoff_limit_per_index.unwrap_or(i32::MAX);
        verdict == Verdict::FailIndex || verdict.counts() && failures_before(pod) >= limit
    }
}

impl<'a> Census<'a> {
    pub(super) fn take(seen: &'a Observed<'a>) -> Self {
        let status = seen.status();
        let listed = status.uncounted_terminated_pods.clone().unwrap_or_default();
        let count = |number: Option<i32>| number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let length = |uids: &Option<Vec<String>>| uids.as_ref().map_or(0, Vec::len);

        let succeeded: Vec<_> = seen
            .fresh(listed.succeeded.as_ref())
            .filter(|pod| pods::phase(pod) == "Succeeded")
            .collect();
        let failed: Vec<_> =
            seen.fresh(listed.failed.as_ref()).filter(|pod| seen.failed(pod)).collect();
        let counted = failed.iter().filter(|pod| seen.verdict(pod).counts()).count();
        let active: Vec<_> = seen.pods.iter().filter(|pod| pods::is_active(pod)).collect();
        let mut census = Self {
            ready: active.iter().filter(|pod| pods::is_ready(pod)).count(),
            active,
            terminating: seen.pods.iter().filter(|pod| is_terminating(pod)).count(),
            succeeded: count(status.succeeded) + succeeded.len() + length(&listed.succeeded),
            failed: count(status.failed) + counted + length(&listed.failed),
            known_indexes: Indexes::default(),
            succeeded_indexes: Indexes::default(),
            failed_indexes: None,
            last_of_index: BTreeMap::new(),
            backoff: seen.backoff.after(&succeeded, &failed),
        };
        if seen.indexed() {
            census.take_indexes(seen, &status);
        }
        census
    }

    fn take_indexes(&mut self, seen: &'a Observed<'a>, status: &JobStatus) {
        let read = |text: Option<&String>| {
            Indexes::parse(text.map(String::as_str).unwrap_or_default(), seen.completions())
        };
        let held = || seen.pods.iter().filter(|pod| is_held(pod));
        self.known_indexes = read(status.completed_indexes.as_ref());
        let succeeded = held().filter(|pod| pods::phase(pod) == "Succeeded");
        self.succeeded_indexes =
            self.known_indexes.with(succeeded.filter_map(|pod| seen.valid_index(pod)));
        self.succeeded = self.succeeded_indexes.len();
        if seen.spec.backoff_limit_per_index.is_some() {
            let sealed = held().filter(|pod| seen.seals_index(pod));
            let known = read(status.failed_indexes.as_ref());
            self.failed_indexes = Some(known.with(sealed.filter_map(|pod| seen.valid_index(pod))));
            self.last_of_index = self.last_failed(seen);
        }
    }

    /// The last failed pod of each index that has neither a running pod nor an end.
    fn last_failed(&self, seen: &'a Observed<'a>) -> BTreeMap<usize, &'a Arc<Pod>> {
        let busy = self.busy_indexes();
        let mut last: BTreeMap<usize, &Arc<Pod>> = BTreeMap::new();
        for pod in seen.fresh(None).filter(|pod| seen.failed(pod)) {
            let Some(index) = seen.valid_index(pod).filter(|index| !busy.has(*index)) else {
                continue;
            };
            let rank = |pod: &Pod| (failures_before(pod) + ignored_before(pod), ended(pod));
            let known = last.entry(index).or_insert(pod);
            if rank(known) <= rank(pod) {
                *known = pod;
            }
        }
        last
    }

    /// Indexes that run, have succeeded or have failed.
    fn busy_indexes(&self) -> Indexes {
        let active = self.active.iter().filter_map(|pod| index_of(pod));
        let busy = self.succeeded_indexes.with(active);
        self.failed_indexes.as_ref().map_or(busy.clone(), |failed| busy.union(failed))
    }

    /// The first indexes that have no pod and need one.
    pub(super) fn free_indexes(&self, seen: &Observed<'_>, count: usize) -> Vec<usize> {
        let mut busy = self.busy_indexes();
        if seen.replaces_failed_only() {
            let leaving = seen.pods.iter().filter(|pod| is_terminating(pod));
            busy = busy.with(leaving.filter_map(|pod| index_of(pod)));
        }
        busy.free(count, seen.completions())
    }

    /// How long an index has to wait for its next pod.
    pub(super) fn index_wait(&self, index: usize, now: Timestamp) -> Duration {
        let last = self.last_of_index.get(&index);
        last.map_or(Duration::ZERO, |pod| Backoff::of_index(pod).left(now))
    }
}

fn is_terminating(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some() && !matches!(pods::phase(pod), "Succeeded" | "Failed")
}
