//! What must hold of cron jobs. Source: `k8s.io/kubernetes/pkg/apis/batch/validation`.

use machinery::{
    cron,
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

use crate::{batch::job::check_spec, check};

/// Longest name: that of a job has eleven characters more.
const MAX_NAME: usize = 52;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_schedule(change, &at, errors);
    check::not_negative(spec, "startingDeadlineSeconds", &at, errors);
    check::required_one_of(spec, "concurrencyPolicy", &["Allow", "Forbid", "Replace"], &at, errors);
    check_spec(&spec["jobTemplate"]["spec"], &at.child("jobTemplate").child("spec"), errors);
    check::not_negative(spec, "successfulJobsHistoryLimit", &at, errors);
    check::not_negative(spec, "failedJobsHistoryLimit", &at, errors);
    let name = meta::name(change.new);
    if name.len() > MAX_NAME {
        let why = format!("must be no more than {MAX_NAME} characters");
        errors.invalid(&Path::new("metadata").child("name"), &json!(name), why);
    }
}

fn check_schedule(change: &Change<'_>, at: &Path, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let path = at.child("schedule");
    let schedule = meta::text(spec, "/schedule");
    let zone = spec.get("timeZone").and_then(Value::as_str);
    if schedule.is_empty() {
        errors.required(&path, "");
    } else if schedule.contains("TZ") {
        let why = if zone.is_some() {
            "cannot use both timeZone field and TZ or CRON_TZ in schedule"
        } else {
            "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        };
        errors.invalid(&path, &json!(schedule), why);
    } else if let Err(why) = cron::parse(schedule) {
        errors.invalid(&path, &json!(schedule), why.to_string());
    }
    let unchanged =
        change.old.is_some_and(|old| old["spec"].get("timeZone") == spec.get("timeZone"));
    if let Some(zone) = zone
        && !unchanged
    {
        check_zone(zone, &at.child("timeZone"), errors);
    }
}

fn check_zone(zone: &str, path: &Path, errors: &mut Errors) {
    if zone.is_empty() {
        errors.invalid(path, &json!(zone), "timeZone must be nil or non-empty string");
    } else if zone.eq_ignore_ascii_case("local") {
        let why =
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        errors.invalid(path, &json!(zone), why);
    } else if jiff::tz::TimeZone::get(zone).is_err() {
        errors.invalid(path, &json!(zone), format!("unknown time zone {zone}"));
    }
}
