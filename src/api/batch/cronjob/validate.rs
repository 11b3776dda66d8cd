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
    check_zone(change, &at.child("timeZone"), errors);
    check::required_one_of(spec, "concurrencyPolicy", &["Allow", "Forbid", "Replace"], &at, errors);
    check_job(&spec["jobTemplate"]["spec"], &at.child("jobTemplate").child("spec"), errors);
    check::not_negative(spec, "successfulJobsHistoryLimit", &at, errors);
    check::not_negative(spec, "failedJobsHistoryLimit", &at, errors);
    let name = meta::name(change.new);
    if change.old.is_none() && name.len() > MAX_NAME {
        let why = format!("must be no more than {MAX_NAME} characters");
        errors.invalid(&Path::new("metadata").child("name"), &json!(name), why);
    }
}

/// Checks the spec of the jobs, which get their selectors once they are made.
fn check_job(spec: &Value, at: &Path, errors: &mut Errors) {
    check_spec(spec, at, errors);
    if let Some(selector) = spec.get("selector") {
        let shown = check::shown_selector(selector);
        errors.invalid_shown(&at.child("selector"), &shown, "`selector` will be auto-generated");
    }
    if spec["manualSelector"] == true {
        errors.not_supported(&at.child("manualSelector"), &json!(true), &["nil", "false"]);
    }
}

fn check_schedule(change: &Change<'_>, at: &Path, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let path = at.child("schedule");
    let schedule = meta::text(spec, "/schedule");
    if schedule.is_empty() {
        errors.required(&path, "");
        return;
    }
    if let Err(why) = read(schedule) {
        errors.invalid(&path, &json!(schedule), why);
    }
    if !schedule.contains("TZ") {
        return;
    }
    // Schedules with a zone are older than the field, and stay good where they are.
    let had = change.old.is_some_and(|old| meta::text(old, "/spec/schedule").contains("TZ"));
    if !had {
        let why = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
        errors.invalid(&path, &json!(schedule), why);
    } else if spec.get("timeZone").is_some() {
        let why = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
        errors.invalid(&path, &json!(schedule), why);
    }
}

/// Reads a schedule, which may begin with the zone it is for.
fn read(schedule: &str) -> Result<(), String> {
    let zoned = schedule.strip_prefix("TZ=").or_else(|| schedule.strip_prefix("CRON_TZ="));
    let rest = match zoned.and_then(|zoned| zoned.split_once(' ')) {
        Some((zone, _)) if !is_zone(zone) => {
            return Err(format!("provided bad location {zone}: unknown time zone {zone}"));
        }
        Some((_, rest)) => rest.trim(),
        None => schedule,
    };
    cron::parse(rest).map(|_| ()).map_err(|why| why.to_string())
}

fn check_zone(change: &Change<'_>, path: &Path, errors: &mut Errors) {
    let zone_of = |object: &Value| object["spec"].get("timeZone").cloned();
    let Some(zone) = zone_of(change.new) else { return };
    if change.old.is_some_and(|old| zone_of(old).as_ref() == Some(&zone)) {
        return;
    }
    let name = zone.as_str().unwrap_or_default();
    if name.is_empty() {
        errors.invalid(path, &zone, "timeZone must be nil or non-empty string");
        return;
    }
    if name.split('/').all(is_zone_part) && name.eq_ignore_ascii_case("local") {
        let why =
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        errors.invalid(path, &zone, why);
    }
    if !is_zone(name) && name != "Local" {
        errors.invalid(path, &zone, format!("unknown time zone {name}"));
    }
}

/// Tells whether text may stand between the slashes of a zone's name.
fn is_zone_part(part: &str) -> bool {
    const LONGEST: usize = 14;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
    (1..=LONGEST).contains(&part.len())
        && part != "."
        && part != ".."
        && !part.starts_with('-')
        && part.bytes().all(known)
}

/// Tells whether there is a zone of that name, in just these letters.
fn is_zone(name: &str) -> bool {
    let found = || jiff::tz::TimeZone::get(name).ok();
    name.split('/').all(is_zone_part) && found().is_some_and(|zone| zone.iana_name() == Some(name))
}
