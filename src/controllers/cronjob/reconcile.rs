//! What one CronJob needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/cronjob`, `cronjob_controllerv2.go`.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use k8s_openapi::{
    api::{
        batch::v1::{CronJob, CronJobSpec, CronJobStatus, Job},
        core::v1::ObjectReference,
    },
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time},
};
use machinery::{cron, field::go_quoted, well_known};

use super::schedule::{Clockwork, Deadline};
use crate::{jobs, owner, remark::Remark};

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) cron: &'a CronJob,
    /// The Jobs that it controls.
    pub(super) jobs: &'a [Arc<Job>],
    pub(super) now: Timestamp,
}

/// What shall happen, in this order: clean up, replace, create, write the status.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What is to be said of what was seen.
    pub(super) remarks: Vec<Remark>,
    /// Finished Jobs over the limits of history, the oldest first.
    pub(super) remove: Vec<Arc<Job>>,
    /// Jobs that still run and make way for the next.
    pub(super) replace: Vec<ObjectReference>,
    pub(super) create: Option<Planned>,
    /// The status, before a new Job enters it.
    pub(super) status: CronJobStatus,
    /// When to look again.
    pub(super) again: Option<Duration>,
}

/// A Job that is due.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) job: Job,
    pub(super) at: Timestamp,
}

/// Decides what is cleaned up, what is started, and what the status says.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let mut plan = Plan { status: seen.cron.status.clone().unwrap_or_default(), ..Plan::default() };
    let spec = &seen.cron.spec;
    for (kind, limit) in [
        ("Complete", spec.successful_jobs_history_limit),
        ("Failed", spec.failed_jobs_history_limit),
    ] {
        plan.remove.extend(over_limit(seen.jobs, kind, limit));
    }
    take_stock(seen, &mut plan);
    if seen.cron.metadata.deletion_timestamp.is_none() {
        schedule(seen, spec, &mut plan);
    }
    plan
}

/// The oldest finished Jobs, where there are more than the limit.
fn over_limit(jobs: &[Arc<Job>], kind: &str, limit: Option<i32>) -> Vec<Arc<Job>> {
    let Some(limit) = limit else { return Vec::new() };
    let ended = |job: &&Arc<Job>| jobs::finished(job).is_some_and(|end| end.type_ == kind);
    let mut finished: Vec<_> = jobs.iter().filter(ended).cloned().collect();
    let started = |job: &Job| job.status.as_ref().and_then(|status| status.start_time.clone());
    // Those that never started are the youngest.
    finished.sort_by_key(|job| (started(job).is_none(), started(job), job.metadata.name.clone()));
    let surplus = finished.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
    finished.truncate(surplus);
    finished
}

/// Compares the list of active Jobs with those that are there.
fn take_stock(seen: &Observed<'_>, plan: &mut Plan) {
    let mut active = plan.status.active.take().unwrap_or_default();
    for job in seen.jobs {
        let listed = active.iter().any(|one| one.uid == job.metadata.uid);
        let name = job.metadata.name.as_deref().unwrap_or_default();
        let Some(end) = jobs::finished(job) else {
            if !listed {
                let words =
                    format!("Saw a job that the controller did not create or forgot: {name}");
                plan.remarks.push(Remark::warning("UnexpectedJob", words));
            }
            continue;
        };
        if listed {
            active.retain(|one| one.uid != job.metadata.uid);
            let words = format!("Saw completed job: {name}, condition: {}", end.type_);
            plan.remarks.push(Remark::normal("SawCompletedJob", words));
        }
        if end.type_ == "Complete" {
            let ended = job.status.as_ref().and_then(|status| status.completion_time.clone());
            plan.status.last_successful_time = plan.status.last_successful_time.take().max(ended);
        }
    }
    active.retain(|one| {
        let there = seen.jobs.iter().any(|job| job.metadata.uid == one.uid);
        if !there {
            let name = one.name.as_deref().unwrap_or_default();
            let words = format!("Active job went missing: {name}");
            plan.remarks.push(Remark::normal("MissingJob", words));
        }
        there
    });
    plan.status.active = Some(active).filter(|active| !active.is_empty());
}

/// Reads schedule and zone; what cannot be read is said.
pub(super) fn clockwork(spec: &CronJobSpec) -> Result<Clockwork, Remark> {
    let zone = match spec.time_zone.as_deref() {
        None => TimeZone::UTC,
        Some(name) => TimeZone::get(name).map_err(|_| {
            let quoted = go_quoted(name);
            let words = format!("invalid timeZone: {quoted}: unknown time zone {name}");
            Remark::warning("UnknownTimeZone", words)
        })?,
    };
    let schedule = cron::parse(&spec.schedule).map_err(|error| {
        let words = format!("unparseable schedule: {} : {error}", go_quoted(&spec.schedule));
        Remark::warning("UnparseableSchedule", words)
    })?;
    Ok(Clockwork { schedule, zone })
}

/// Looks whether a Job is due, and how it gets along with those that still run.
fn schedule(seen: &Observed<'_>, spec: &CronJobSpec, plan: &mut Plan) {
    let clockwork = match clockwork(spec) {
        // A zone that is not known is told of even where nothing would start.
        Err(remark) if remark.reason == "UnknownTimeZone" => return plan.remarks.push(remark),
        _ if spec.suspend == Some(true) => return,
        Err(remark) => return plan.remarks.push(remark),
        Ok(clockwork) => clockwork,
    };
    let Ok(missed) = clockwork.missed(seen.cron, seen.now, Deadline::Heeded) else {
        let why = "time difference between two schedules is less than 1 second";
        let words = format!("invalid schedule: {} : {why}", spec.schedule);
        return plan.remarks.push(Remark::warning("InvalidSchedule", words));
    };
    if missed.many {
        let words = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds \
                     or check clock skew";
        plan.remarks.push(Remark::warning("TooManyMissedTimes", words));
    }
    if let Some(due) = missed.last {
        start(seen, spec, due, plan);
    }
    let mut after = seen.cron.clone();
    if let Some(planned) = &plan.create {
        after.status.get_or_insert_default().last_schedule_time = Some(Time(planned.at));
        plan.create.as_mut().into_iter().for_each(|planned| stamp(planned, &clockwork.zone));
    }
    plan.again = clockwork.wait(&after, seen.now);
}

fn start(seen: &Observed<'_>, spec: &CronJobSpec, due: Timestamp, plan: &mut Plan) {
    let deadline = spec.starting_deadline_seconds.map(SignedDuration::from_secs);
    let last = deadline.and_then(|deadline| due.checked_add(deadline).ok());
    if last.is_some_and(|last| last < seen.now) {
        let when = due.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let words = format!("Missed scheduled time to start a job: {when}");
        return plan.remarks.push(Remark::warning("MissSchedule", words));
    }
    let active = plan.status.active.clone().unwrap_or_default();
    let name = job_name(seen.cron, due);
    let processed = plan.status.last_schedule_time.as_ref().is_some_and(|last| last.0 == due);
    if processed || active.iter().any(|one| one.name.as_ref() == Some(&name)) {
        return;
    }
    match spec.concurrency_policy.as_deref() {
        Some("Forbid") if !active.is_empty() => {
            let words = "Not starting job because prior execution is running and concurrency \
                         policy is Forbid";
            return plan.remarks.push(Remark::normal("JobAlreadyActive", words));
        }
        Some("Replace") => plan.replace = active,
        _ => {}
    }
    plan.create = Some(Planned { job: job_of(seen.cron, spec, name), at: due });
}

/// The name tells the time, so that a Job is never made twice.
fn job_name(cron: &CronJob, at: Timestamp) -> String {
    let name = cron.metadata.name.as_deref().unwrap_or_default();
    format!("{name}-{}", at.as_second() / 60)
}

fn job_of(cron: &CronJob, spec: &CronJobSpec, name: String) -> Job {
    let template = spec.job_template.metadata.clone().unwrap_or_default();
    Job {
        metadata: ObjectMeta {
            name: Some(name),
            labels: template.labels,
            annotations: template.annotations,
            owner_references: Some(vec![owner::controller_reference::<CronJob>(&cron.metadata)]),
            ..ObjectMeta::default()
        },
        spec: spec.job_template.spec.clone(),
        status: None,
    }
}

/// Notes on the Job the time that it was made for, on the clocks of the zone.
fn stamp(planned: &mut Planned, zone: &TimeZone) {
    let local = planned.at.to_zoned(zone.clone());
    let written = local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    // Go writes UTC as `Z`.
    let written = written.strip_suffix("+00:00").map_or(written.clone(), |utc| format!("{utc}Z"));
    let annotations = planned.job.metadata.annotations.get_or_insert_default();
    annotations.insert(well_known::CRONJOB_SCHEDULED.to_owned(), written);
}
