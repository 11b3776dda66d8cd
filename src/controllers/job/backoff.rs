//! How long a Job waits before it replaces pods that failed.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `backoff_utils.go`.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};

use super::indexes;
use crate::pods;

/// The wait after the first failure; it doubles with each.
const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_mins(10);

/// Failures since the last success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    failures: usize,
    last: Option<Timestamp>,
}

impl Backoff {
    /// The record after these pods have ended too.
    pub(super) fn after(self, succeeded: &[&Arc<Pod>], failed: &[&Arc<Pod>]) -> Self {
        let times = |pods: &[&Arc<Pod>]| pods.iter().map(|pod| ended(pod)).collect::<Vec<_>>();
        let failed = times(failed);
        let Some(success) = times(succeeded).into_iter().max() else {
            let last = failed.iter().copied().max().or(self.last);
            return Self { failures: self.failures + failed.len(), last };
        };
        let later: Vec<_> = failed.into_iter().filter(|time| *time > success).collect();
        Self { failures: later.len(), last: later.into_iter().max() }
    }

    /// How long there are to be no new pods.
    pub(super) fn left(self, now: Timestamp) -> Duration {
        let Some(last) = self.last.filter(|_| self.failures > 0) else { return Duration::ZERO };
        let doublings = u32::try_from(self.failures - 1).unwrap_or(u32::MAX);
        let whole = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
        let whole = SignedDuration::try_from(whole).unwrap_or(SignedDuration::ZERO);
        let left = whole.saturating_sub(now.duration_since(last));
        left.max(SignedDuration::ZERO).unsigned_abs()
    }

    /// The record of one index, whose last pod this was.
    pub(super) fn of_index(pod: &Pod) -> Self {
        let before = indexes::failures_before(pod).saturating_add(indexes::ignored_before(pod));
        let failures = usize::try_from(before).unwrap_or(0) + 1;
        Self { failures, last: Some(ended(pod)) }
    }
}

/// When a pod ended, as well as it can be told.
pub(super) fn ended(pod: &Pod) -> Timestamp {
    let ready = pods::ready_condition(pod).filter(|condition| condition.status == "False");
    let turned = ready.and_then(|condition| condition.last_transition_time.as_ref());
    by_containers(pod)
        .or_else(|| turned.map(|time| time.0))
        .or_else(|| {
            let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
            let deleted = pod.metadata.deletion_timestamp.as_ref()?.0;
            deleted.checked_sub(SignedDuration::from_secs(grace)).ok()
        })
        .or_else(|| pod.metadata.creation_timestamp.as_ref().map(|time| time.0))
        .unwrap_or_default()
}

/// When the last container ended, sidecars among them; `None` while one has not.
fn by_containers(pod: &Pod) -> Option<Timestamp> {
    let status = pod.status.as_ref()?;
    let inits = pod.spec.iter().flat_map(|spec| spec.init_containers.iter().flatten());
    let sidecars: Vec<_> = inits
        .filter(|container| container.restart_policy.as_deref() == Some("Always"))
        .map(|container| container.name.as_str())
        .collect();
    let beside = status.init_container_statuses.iter().flatten();
    let beside = beside.filter(|one| sidecars.contains(&one.name.as_str()));
    let all = status.container_statuses.iter().flatten().chain(beside);
    let finished = |one: &ContainerStatus| {
        Some(one.state.as_ref()?.terminated.as_ref()?.finished_at.as_ref()?.0)
    };
    all.map(finished).collect::<Option<Vec<_>>>()?.into_iter().max()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(at: i64) -> Arc<Pod> {
        let time = Timestamp::from_second(at).unwrap().to_string();
        let ended = json!({"exitCode": 1, "finishedAt": time});
        let status = json!({"containerStatuses": [{
            "name": "c", "image": "", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"terminated": ended},
        }]});
        Arc::new(serde_json::from_value(json!({"metadata": {}, "status": status})).unwrap())
    }

    #[test]
    fn the_wait_doubles_and_a_success_ends_it() {
        let left = |record: Backoff, at: i64| record.left(Timestamp::from_second(at).unwrap());
        let (one, two, three) = (pod(100), pod(200), pod(300));
        let none = Backoff::default();
        assert_eq!(left(none, 0), Duration::ZERO);
        let first = none.after(&[], &[&one]);
        assert_eq!(left(first, 103), Duration::from_secs(7));
        assert_eq!(left(first, 111), Duration::ZERO);
        let third = first.after(&[], &[&three, &two]);
        assert_eq!(left(third, 300), Duration::from_secs(40));
        assert_eq!(third.after(&[], &[]), third);
        assert_eq!(third.after(&[&three], &[&two]), none);
        assert_eq!(left(third.after(&[&two], &[&one, &three]), 300), Duration::from_secs(10));
        let many = (0..40).fold(none, |record, _| record.after(&[], &[&one]));
        assert_eq!(left(many, 100), LONGEST);
    }
}
