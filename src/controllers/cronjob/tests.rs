//! Cron jobs by their plans, with a clock of the tests' own.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::batch::v1::{CronJob, Job},
    apimachinery::pkg::apis::meta::v1::Time,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::reconcile::{Observed, Plan, reconcile};

const BORN: &str = "2026-01-01T10:00:30Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn cron(spec: &Value, status: &Value) -> CronJob {
    let mut object = json!({
        "metadata": {"name": "c", "namespace": "n", "uid": "c", "creationTimestamp": BORN},
        "spec": {
            "schedule": "*/10 * * * *", "concurrencyPolicy": "Allow",
            "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
            "jobTemplate": {"metadata": {"labels": {"a": "1"}}, "spec": {"template": {}}},
        },
        "status": status,
    });
    let spec = spec.as_object().unwrap();
    object["spec"].as_object_mut().unwrap().extend(spec.clone());
    serde_json::from_value(object).unwrap()
}

fn job(name: &str, end: &str, at: &str) -> Arc<Job> {
    let conditions =
        if end.is_empty() { json!([]) } else { json!([{"type": end, "status": "True"}]) };
    let object = json!({
        "metadata": {"name": name, "uid": name, "namespace": "n"},
        "status": {"startTime": at, "completionTime": at, "conditions": conditions},
    });
    Arc::new(serde_json::from_value(object).unwrap())
}

fn plan(cron: &CronJob, jobs: &[Arc<Job>], now: &str) -> Plan {
    reconcile(&Observed { cron, jobs, now: time(now) })
}

fn told(plan: &Plan) -> String {
    let mut words: Vec<String> = plan.remarks.iter().map(|remark| remark.reason.clone()).collect();
    words.extend(plan.remove.iter().map(|job| format!("remove {}", name(job))));
    let replaced = plan.replace.iter().filter_map(|one| one.name.clone());
    words.extend(replaced.map(|name| format!("replace {name}")));
    words.extend(plan.create.iter().map(|planned| format!("create {}", name(&planned.job))));
    words.join(", ")
}

fn name(job: &Job) -> &str {
    job.metadata.name.as_deref().unwrap()
}

/// Every ten minutes from 10:00:30 on: case, spec, status, time of day, what is done.
const ROWS: [(&str, &str, &str, &str, &str); 15] = [
    ("not yet", "{}", "{}", "10:05:00", ""),
    ("due", "{}", "{}", "10:10:00", "create c-29454370"),
    ("missed", "{}", "{}", "10:35:00", "create c-29454390"),
    ("done", "{}", r#"{"lastScheduleTime": "2026-01-01T10:10:00Z"}"#, "10:10:01", ""),
    ("listed", "{}", r#"{"active": [{"name": "c-29454370", "uid": "new"}]}"#, "10:10:01", ""),
    ("in time", r#"{"startingDeadlineSeconds": 60}"#, "{}", "10:10:59", "create c-29454370"),
    ("too late", r#"{"startingDeadlineSeconds": 60}"#, "{}", "10:12:00", ""),
    ("asleep", r#"{"suspend": true}"#, "{}", "10:10:00", ""),
    (
        "many",
        r#"{"schedule": "* * * * *"}"#,
        "{}",
        "12:00:00",
        "TooManyMissedTimes, create c-29454480",
    ),
    ("at once", "{}", RUNNING, "10:10:00", "create c-29454370"),
    ("forbidden", r#"{"concurrencyPolicy": "Forbid"}"#, RUNNING, "10:10:00", "JobAlreadyActive"),
    (
        "replaced",
        r#"{"concurrencyPolicy": "Replace"}"#,
        RUNNING,
        "10:10:00",
        "replace old, create c-29454370",
    ),
    ("no zone", r#"{"timeZone": "Mars", "suspend": true}"#, "{}", "10:10:00", "UnknownTimeZone"),
    ("no schedule", r#"{"schedule": "x"}"#, "{}", "10:10:00", "UnparseableSchedule"),
    ("never", r#"{"schedule": "0 0 31 2 *"}"#, "{}", "10:10:00", "InvalidSchedule"),
];
const RUNNING: &str = r#"{"active": [{"name": "old", "uid": "old"}]}"#;

#[test]
fn a_job_is_made_when_it_is_due() {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (case, spec, status, now, want) in ROWS {
        let cron = cron(&read(spec), &read(status));
        let active = cron.status.as_ref().and_then(|status| status.active.clone());
        let listed = active.into_iter().flatten().filter_map(|one| one.uid);
        let jobs: Vec<_> = listed.map(|uid| job(&uid, "", BORN)).collect();
        assert_eq!(told(&plan(&cron, &jobs, &format!("2026-01-01T{now}Z"))), want, "{case}");
    }
}

#[test]
fn a_window_that_has_passed_is_told() {
    // The deadline is shorter than the time since the schedule, but reaches back to its second.
    let cron = cron(&json!({"startingDeadlineSeconds": 10}), &json!({}));
    let seen = plan(&cron, &[], "2026-01-01T10:10:09.9Z");
    assert_eq!(told(&seen), "create c-29454370");
    let after = plan(&cron, &[], "2026-01-01T10:10:10.5Z");
    assert_eq!(told(&after), "");
    assert_eq!(after.again.unwrap().as_millis(), 589_600);
}

#[test]
fn a_new_job_has_the_template_and_its_time() {
    let cron = cron(&json!({"timeZone": "Europe/Berlin"}), &json!({}));
    let planned = plan(&cron, &[], "2026-01-01T10:10:00Z").create.unwrap();
    let made = json!(planned.job.metadata);
    let stamp = &made["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"];
    assert_eq!(stamp, "2026-01-01T11:10:00+01:00");
    assert_eq!(made["labels"]["a"], "1");
    assert_eq!(made["ownerReferences"][0]["kind"], "CronJob");
}

#[test]
fn stock_is_taken() {
    let status = json!({
        "active": [{"name": "ended", "uid": "ended"}, {"name": "lost", "uid": "lost"}],
        "lastScheduleTime": "2026-01-01T10:10:00Z",
    });
    let cron = cron(&json!({}), &status);
    let jobs = [
        job("ended", "Complete", "2026-01-01T10:11:00Z"),
        job("stray", "", BORN),
        job("broken", "Failed", "2026-01-01T10:12:00Z"),
    ];
    let plan = plan(&cron, &jobs, "2026-01-01T10:12:00Z");
    let words: Vec<String> = plan.remarks.iter().map(ToString::to_string).collect();
    let want = [
        "SawCompletedJob: Saw completed job: ended, condition: Complete",
        "UnexpectedJob: Saw a job that the controller did not create or forgot: stray",
        "MissingJob: Active job went missing: lost",
    ];
    assert_eq!(words, want);
    assert_eq!(plan.status.active, None);
    assert_eq!(plan.status.last_successful_time.unwrap().0, time("2026-01-01T10:11:00Z"));
}

#[test]
fn history_is_kept_within_limits() {
    let status = json!({"lastScheduleTime": "2026-01-01T10:10:00Z"});
    let cron =
        cron(&json!({"successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 0}), &status);
    let jobs = [
        job("c", "Complete", "2026-01-01T10:03:00Z"),
        job("b", "Complete", "2026-01-01T10:02:00Z"),
        job("d", "Complete", "2026-01-01T10:04:00Z"),
        job("f", "Failed", "2026-01-01T10:04:00Z"),
    ];
    assert_eq!(told(&plan(&cron, &jobs, "2026-01-01T10:12:00Z")), "remove b, remove f");
}

proptest! {
    /// Whatever the clock does between passes: one Job a time, none twice, and a pass at rest
    /// plans nothing.
    #[test]
    fn passes_make_each_job_once(
        steps in proptest::collection::vec((0_i64..2000, any::<bool>()), 1..30),
        policy in prop_oneof![Just("Allow"), Just("Forbid"), Just("Replace")],
    ) {
        let mut cron = cron(&json!({"concurrencyPolicy": policy}), &json!({}));
        let mut jobs: Vec<Arc<Job>> = Vec::new();
        let mut made = Vec::new();
        let mut now = time(BORN);
        for (seconds, end) in steps {
            now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            if end && let Some(first) = jobs.first_mut() {
                *first = job(name(first), "Complete", &now.to_string());
            }
            let plan = reconcile(&Observed { cron: &cron, jobs: &jobs, now });
            let mut status = plan.status;
            let gone = |job: &Job| {
                plan.remove.iter().any(|one| name(one) == name(job))
                    || plan.replace.iter().any(|one| one.uid == job.metadata.uid)
            };
            jobs.retain(|job| !gone(job));
            let active = status.active.get_or_insert_default();
            active.retain(|one| !plan.replace.contains(one));
            if let Some(planned) = plan.create {
                prop_assert!(policy != "Forbid" || active.is_empty());
                prop_assert!(planned.at <= now && !made.contains(&planned.at));
                made.push(planned.at);
                let new = job(name(&planned.job), "", &now.to_string());
                active.push(client::reference(&*new));
                jobs.push(new);
                status.last_schedule_time = Some(Time(planned.at));
            }
            prop_assert!(policy != "Replace" || active.len() <= 1);
            prop_assert!(plan.again.is_some_and(|again| again.as_secs() <= 600));
            cron.status = Some(status);
            let rest = reconcile(&Observed { cron: &cron, jobs: &jobs, now });
            let calm = rest.create.is_none() && rest.replace.is_empty() && rest.remove.is_empty();
            prop_assert!(calm && (policy == "Forbid" || rest.remarks.is_empty()), "{:?}", rest);
        }
    }
}
