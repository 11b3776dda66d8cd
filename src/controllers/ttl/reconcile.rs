//! When a Job that has ended is deleted. No clock, no I/O: all facts are given.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::batch::v1::Job;

use crate::jobs;

/// What becomes of a Job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lot {
    /// Nothing: it has no limit, runs yet, or is being deleted.
    Stay,
    /// It goes after this time.
    Wait(Duration),
    /// Its time is over.
    Go,
}

/// Decides over one Job.
pub(super) fn lot(job: &Job, now: Timestamp) -> Lot {
    let limit = job.spec.as_ref().and_then(|spec| spec.ttl_seconds_after_finished);
    let ended = jobs::finished(job).and_then(|end| end.last_transition_time.as_ref());
    let (Some(limit), Some(ended), None) = (limit, ended, &job.metadata.deletion_timestamp) else {
        return Lot::Stay;
    };
    let left = SignedDuration::from_secs(limit.into()).saturating_sub(now.duration_since(ended.0));
    if left.is_positive() { Lot::Wait(left.unsigned_abs()) } else { Lot::Go }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn jobs_go_when_their_time_is_over() {
        let job = |limit: Option<i32>, end: &str, deleted: Option<&str>| -> Job {
            let end = json!({"type": end, "status": "True",
                "lastTransitionTime": "2026-01-01T00:00:00Z"});
            serde_json::from_value(json!({
                "metadata": {"deletionTimestamp": deleted},
                "spec": {"ttlSecondsAfterFinished": limit, "template": {}},
                "status": {"conditions": [end]},
            }))
            .unwrap()
        };
        let deleted = Some("2026-01-01T00:00:00Z");
        for (case, job, want) in [
            ("no limit", job(None, "Complete", None), Lot::Stay),
            ("running", job(Some(0), "Suspended", None), Lot::Stay),
            ("going", job(Some(0), "Failed", deleted), Lot::Stay),
            ("later", job(Some(100), "Failed", None), Lot::Wait(Duration::from_secs(40))),
            ("now", job(Some(60), "Complete", None), Lot::Go),
            ("at once", job(Some(0), "Complete", None), Lot::Go),
        ] {
            assert_eq!(lot(&job, "2026-01-01T00:01:00Z".parse().unwrap()), want, "{case}");
        }
    }
}
