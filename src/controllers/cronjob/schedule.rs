//! Which of a schedule's times a CronJob has missed, and when the next one is.
//! Source: `k8s.io/kubernetes/pkg/controller/cronjob`, `utils.go`.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use k8s_openapi::api::batch::v1::CronJob;
use machinery::cron::Schedule;

/// A timer rings so much after the time of the schedule, so that it is certainly past.
const AFTER: Duration = Duration::from_millis(100);
/// From so many missed times on something is wrong with clocks or settings.
const MANY: i64 = 100;

/// A schedule on the clocks of a zone.
#[derive(Debug)]
pub(super) struct Clockwork {
    pub(super) schedule: Schedule,
    pub(super) zone: TimeZone,
}

/// What a CronJob has missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Missed {
    /// What was looked at, from then on.
    since: Timestamp,
    /// The last time at which a Job should have been made.
    pub(super) last: Option<Timestamp>,
    /// So many times that clocks or settings must be wrong.
    pub(super) many: bool,
}

/// Whether times that came too long ago to be made up for are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    Heeded,
    Ignored,
}

/// The schedule names a day that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Never;

impl Clockwork {
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.schedule.next(after, &self.zone)
    }

    /// The times between the last Job, or the birth of the CronJob, and now.
    pub(super) fn missed(
        &self,
        of: &CronJob,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Missed, Never> {
        let since = since(of, now, deadline);
        let first = self.next(since).ok_or(Never)?;
        if now < first {
            return Ok(Missed { since, last: None, many: false });
        }
        let second = self.next(first).ok_or(Never)?;
        if now < second {
            return Ok(Missed { since, last: Some(first), many: false });
        }
        let apart = second.duration_since(first).as_secs().max(1);
        let many = now.duration_since(first).as_secs() / apart + 1 > MANY;
        Ok(Missed { since, last: Some(self.schedule.last(first, now, &self.zone)), many })
    }

    /// How long until the CronJob has to be looked at again.
    pub(super) fn wait(&self, of: &CronJob, now: Timestamp) -> Option<Duration> {
        let from = match self.missed(of, now, Deadline::Ignored) {
            Ok(missed) => missed.last.unwrap_or(missed.since),
            Err(Never) => now,
        };
        let left = self.next(from)?.duration_since(now).max(SignedDuration::ZERO);
        Some(left.unsigned_abs().saturating_add(AFTER))
    }
}

fn since(of: &CronJob, now: Timestamp, deadline: Deadline) -> Timestamp {
    let born = of.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let status = of.status.as_ref();
    let last = status.and_then(|status| status.last_schedule_time.as_ref()).map(|time| time.0);
    let since = last.or(born).unwrap_or(now);
    let seconds = of.spec.starting_deadline_seconds;
    match seconds.filter(|_| deadline == Deadline::Heeded) {
        Some(seconds) => now
            .checked_sub(SignedDuration::from_secs(seconds))
            .map_or(since, |earliest| earliest.max(since)),
        None => since,
    }
}
