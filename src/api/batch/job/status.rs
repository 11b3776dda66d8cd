//! What must hold of a job's status, and of its changes. Source: `ValidateJobUpdateStatus`, with the
//! options of the strategy: a rule is asked only where what it is about has changed.

use jiff::Timestamp;
use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

use super::indexes;
use crate::{check, core::shown::shown};

/// A job before and after.
struct Step<'a> {
    old: &'a Value,
    new: &'a Value,
    at: Path,
}

impl Step<'_> {
    fn has(object: &Value, condition: &str) -> bool {
        meta::items(object, "/status/conditions")
            .iter()
            .any(|it| it["type"] == condition && it["status"] == "True")
    }

    /// Tells whether a condition is true of the new status.
    fn is(&self, condition: &str) -> bool {
        Self::has(self.new, condition)
    }

    fn was(&self, condition: &str) -> bool {
        Self::has(self.old, condition)
    }

    fn turned(&self, condition: &str) -> bool {
        self.is(condition) != self.was(condition)
    }

    fn is_finished(&self) -> bool {
        self.is("Complete") || self.is("Failed")
    }

    fn turned_finished(&self) -> bool {
        self.is_finished() != (self.was("Complete") || self.was("Failed"))
    }

    fn changed(&self, field: &str) -> bool {
        let of = |object: &Value| object["status"].get(field).filter(|it| !it.is_null()).cloned();
        of(self.new) != of(self.old)
    }

    fn text(&self, field: &str) -> &str {
        meta::text(&self.new["status"], &format!("/{field}"))
    }

    fn count(&self, field: &str) -> i64 {
        meta::number(&self.new["status"], &format!("/{field}")).unwrap_or(0)
    }

    fn conditions(&self, why: &str, errors: &mut Errors) {
        errors.invalid_unshown(&self.at.child("conditions"), why);
    }

    fn invalid(&self, field: &str, why: &str, errors: &mut Errors) {
        errors.invalid(&self.at.child(field), &self.new["status"][field], why);
    }
}

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let Some(old) = change.old else { return };
    let step = Step { old, new: change.new, at: Path::new("status") };
    for field in ["active", "succeeded", "failed", "ready", "terminating"] {
        check::not_negative(&change.new["status"], field, &step.at, errors);
    }
    check_uncounted(&step, errors);
    check_conditions(&step, errors);
    check_completion_time(&step, errors);
    check_finished(&step, errors);
    check_indexes(&step, errors);
    check_success(&step, errors);
    check_transition(&step, errors);
}

fn check_uncounted(step: &Step<'_>, errors: &mut Errors) {
    let mut seen = Vec::new();
    let at = step.at.child("uncountedTerminatedPods");
    for list in ["succeeded", "failed"] {
        let uids = format!("/status/uncountedTerminatedPods/{list}");
        for (index, uid) in meta::items(step.new, &uids).iter().enumerate() {
            let path = at.child(list).index(index);
            if uid.as_str().is_none_or(str::is_empty) {
                errors.invalid(&path, &json!(""), "must not be empty");
            } else if seen.contains(&uid) {
                errors.duplicate(&path, uid);
            } else {
                seen.push(uid);
            }
        }
    }
}

fn check_conditions(step: &Step<'_>, errors: &mut Errors) {
    let (complete, failed) = (step.is("Complete"), step.is("Failed"));
    let turned = step.turned("Complete");
    if complete && failed && (turned || step.turned("Failed")) {
        step.conditions("cannot set Complete=True and Failed=true conditions", errors);
    }
    if complete && step.is("FailureTarget") && (turned || step.turned("FailureTarget")) {
        step.conditions("cannot set Complete=True and FailureTarget=true conditions", errors);
    }
    let failing = step.turned("Failed") || step.turned("FailureTarget");
    if failed && !step.is("FailureTarget") && failing {
        let why = "cannot set Failed=True condition without the FailureTarget=true condition";
        step.conditions(why, errors);
    }
    let met = step.is("SuccessCriteriaMet");
    if complete && !met && (turned || step.turned("SuccessCriteriaMet")) {
        let why =
            "cannot set Complete=True condition without the SuccessCriteriaMet=true condition";
        step.conditions(why, errors);
    }
}

fn check_completion_time(step: &Step<'_>, errors: &mut Errors) {
    let field = "completionTime";
    let (end, complete) = (step.text(field), step.is("Complete"));
    let concerned = step.turned("Complete") || step.changed(field);
    if concerned && !end.is_empty() && !complete {
        let why = "cannot set completionTime when there is no Complete=True condition";
        step.invalid(field, why, errors);
    }
    if concerned && end.is_empty() && complete {
        let why = "completionTime is required for Complete jobs";
        errors.required(&step.at.child(field), why);
    }
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let before = time(end).zip(time(step.text("startTime"))).is_some_and(|(end, at)| end < at);
    if before && (step.changed("startTime") || step.changed(field)) {
        step.invalid(field, "completionTime cannot be set before startTime", errors);
    }
}

fn check_finished(step: &Step<'_>, errors: &mut Errors) {
    let (finished, turned) = (step.is_finished(), step.turned_finished());
    let concerned = |field: &str| finished && (turned || step.changed(field));
    if concerned("active") && step.count("active") > 0 {
        step.invalid("active", "active>0 is invalid for finished job", errors);
    }
    if concerned("startTime") && step.text("startTime").is_empty() {
        errors.required(&step.at.child("startTime"), "startTime is required for finished job");
    }
    let uncounted = &step.new["status"]["uncountedTerminatedPods"];
    let left = ["/succeeded", "/failed"].iter().any(|it| !meta::items(uncounted, it).is_empty());
    if concerned("uncountedTerminatedPods") && left {
        let path = step.at.child("uncountedTerminatedPods");
        let why = "uncountedTerminatedPods needs to be empty for finished job";
        errors.invalid_shown(&path, &shown("UncountedTerminatedPods", uncounted), why);
    }
    if concerned("terminating") && step.count("terminating") > 0 {
        step.invalid("terminating", "terminating>0 is invalid for finished job", errors);
    }
    let ready = step.changed("ready") || step.changed("active");
    if ready && step.count("ready") > step.count("active") {
        step.invalid("ready", "cannot set more ready pods than active", errors);
    }
}

fn check_indexes(step: &Step<'_>, errors: &mut Errors) {
    let spec = &step.new["spec"];
    let completions = meta::number(spec, "/completions");
    let (completed, failed) = (step.text("completedIndexes"), step.text("failedIndexes"));
    let by_index = spec.get("backoffLimitPerIndex").is_some();
    let has_failed = step.new["status"].get("failedIndexes").is_some();
    let (done, broken) = (step.changed("completedIndexes"), step.changed("failedIndexes"));
    let wrong = |text: &str| completions.and_then(|most| indexes::count(text, most).err());
    if let Some(why) = wrong(completed).filter(|_| done) {
        let why = format!("error parsing completedIndexes: {why}");
        step.invalid("completedIndexes", &why, errors);
    }
    if let Some(why) = wrong(failed).filter(|_| broken && by_index) {
        step.invalid("failedIndexes", &format!("error parsing failedIndexes: {why}"), errors);
    }
    if done && !completed.is_empty() && spec["completionMode"] != "Indexed" {
        let why = "cannot set non-empty completedIndexes when non-indexed completion mode";
        step.invalid("completedIndexes", why, errors);
    }
    if broken && has_failed && !by_index {
        let why = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
        step.invalid("failedIndexes", why, errors);
    }
    let both = completions.and_then(|most| indexes::overlap(completed, failed, most));
    if let Some(index) = both.filter(|_| done || broken) {
        let why = format!("failedIndexes and completedIndexes overlap at index: {index}");
        step.invalid("failedIndexes", &why, errors);
    }
}

fn check_success(step: &Step<'_>, errors: &mut Errors) {
    let met = step.is("SuccessCriteriaMet");
    for (condition, word) in [("Failed", "Failed=true"), ("FailureTarget", "FailureTarget=true")] {
        if met && step.is(condition) {
            let why = format!("cannot set SuccessCriteriaMet=True and {word} conditions");
            step.conditions(&why, errors);
        }
    }
    if step.new["spec"].get("successPolicy").is_some() && !met && step.is("Complete") {
        let why = "cannot set Complete=True for Job with SuccessPolicy unless \
                   SuccessCriteriaMet=True";
        step.conditions(why, errors);
    }
}

fn check_transition(step: &Step<'_>, errors: &mut Errors) {
    for condition in ["Failed", "Complete", "FailureTarget"] {
        if step.was(condition) && !step.is(condition) {
            let why = format!("cannot disable the terminal {condition}=True condition");
            step.conditions(&why, errors);
        }
    }
    let spec = &step.new["spec"];
    let elastic =
        spec["completionMode"] == "Indexed" && spec.get("completions") == spec.get("parallelism");
    for (field, kept) in [("failed", true), ("succeeded", !elastic)] {
        let before = meta::number(&step.old["status"], &format!("/{field}")).unwrap_or(0);
        if kept && step.count(field) < before {
            let why = format!("cannot decrease the {field} counter");
            errors.invalid(&step.at.child(field), &json!(step.count(field)), why);
        }
    }
    let before = |field: &str| !meta::text(&step.old["status"], &format!("/{field}")).is_empty();
    let end = "completionTime";
    if !step.text(end).is_empty() && before(end) && step.changed(end) {
        step.invalid(end, "completionTime cannot be mutated", errors);
    }
    let wakes = step.was("Suspended") && !step.is("Suspended");
    if before("startTime") && step.changed("startTime") && spec["suspend"] != true && !wakes {
        let why = "startTime cannot be removed for unsuspended job";
        errors.required(&step.at.child("startTime"), why);
    }
    let (met, was) = (step.is("SuccessCriteriaMet"), step.was("SuccessCriteriaMet"));
    if was && !met {
        step.conditions("cannot disable the SuccessCriteriaMet=True condition", errors);
    }
    if step.was("Complete") && !was && met {
        let why = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions";
        step.conditions(why, errors);
    }
}
