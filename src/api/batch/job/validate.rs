//! What must hold of jobs. Source: `k8s.io/kubernetes/pkg/apis/batch/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::{policies, update};
use crate::{apps::template::check_selected, check, core::pod::check_template, parts::is_set};

/// Most pods at once of an indexed job, and most failed indexes.
const MOST_PARALLEL: i64 = 100_000;
const MOST_FAILED: i64 = 100_000;
/// From so many completions on, jobs with failures counted by index have tighter limits.
const MANY_COMPLETIONS: i64 = 100_000;
const MOST_PARALLEL_OF_MANY: i64 = 10_000;
const MOST_FAILED_OF_MANY: i64 = 10_000;
/// Longest name of who looks after a job, in bytes.
const LONGEST_MANAGER: usize = 63;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let job = change.new;
    let spec = &job["spec"];
    let at = Path::new("spec");
    check_generated(job, errors);
    check_spec(spec, &at, errors);
    check_selecting(spec, &at, errors);
    check_pod_names(job, errors);
    if let Some(old) = change.old {
        // Kubernetes checks the spec both as that of a job and of an update, and says all twice.
        check_spec(spec, &at, errors);
        check_selecting(spec, &at, errors);
        update::check(old, spec, &at, errors);
    }
}

fn check_selecting(spec: &Value, at: &Path, errors: &mut Errors) {
    if spec.get("selector").is_none_or(Value::is_null) {
        errors.required(&at.child("selector"), "");
    } else {
        check::selector(&spec["selector"], &at.child("selector"), errors);
    }
    check_selected(&spec["selector"], &spec["template"], &at.child("template"), errors);
}

/// Checks that nobody but the server chose the selector, unless that is asked for.
fn check_generated(job: &Value, errors: &mut Errors) {
    let selector = &job["spec"]["selector"];
    if is_set(job, "/spec/manualSelector") || selector.is_null() {
        return;
    }
    let uid = meta::uid(job);
    let at = Path::new("spec").child("template").child("metadata").child("labels");
    for (key, value) in [
        ("batch.kubernetes.io/controller-uid", uid),
        ("controller-uid", uid),
        ("batch.kubernetes.io/job-name", meta::name(job)),
        ("job-name", meta::name(job)),
    ] {
        let labels = &job["spec"]["template"]["metadata"]["labels"];
        match labels.get(key).and_then(Value::as_str) {
            None => errors.required(&at.key(key), &format!("must be '{value}'")),
            Some(given) if given != value => {
                errors.invalid(&at.key(key), labels, format!("must be '{value}'"));
            }
            Some(_) => {}
        }
    }
    let expected = json!({"metadata": {"labels": {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": meta::name(job),
        "controller-uid": uid,
        "job-name": meta::name(job),
    }}});
    if check::read_selector(selector).is_some_and(|it| !it.matches_object(&expected)) {
        let shown = check::shown_selector(selector);
        let why = "`selector` not auto-generated";
        errors.invalid_shown(&Path::new("spec").child("selector"), &shown, why);
    }
}

/// Pods of an indexed job are named after it and their index.
fn check_pod_names(job: &Value, errors: &mut Errors) {
    let completions = meta::number(job, "/spec/completions").unwrap_or(0);
    if meta::text(job, "/spec/completionMode") != "Indexed" || completions < 1 {
        return;
    }
    let name = format!("{}-{}", meta::name(job), completions - 1);
    if !names::dns_label(&name).is_empty() {
        let why = format!("will not able to create pod with invalid DNS label: {name}");
        errors.invalid(&Path::new("metadata").child("name"), &json!(meta::name(job)), why);
    }
}

/// Checks the spec of a job, also that in a cron job's template.
pub(crate) fn check_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        check::not_negative(spec, field, at, errors);
    }
    check::one_of(spec, "completionMode", &["NonIndexed", "Indexed"], at, errors);
    check_indexes(spec, at, errors);
    if let Some(manager) = spec.get("managedBy").and_then(Value::as_str) {
        let path = at.child("managedBy");
        check::domain_path(manager, &path, errors);
        if manager.len() > LONGEST_MANAGER {
            errors.too_long(&path, LONGEST_MANAGER);
        }
    }
    policies::check(spec, at, errors);
    let template = &spec["template"];
    let at = at.child("template");
    check_template(template, &at, false, errors);
    match meta::text(template, "/spec/restartPolicy") {
        "Always" | "" => {
            let why = "valid values: \"OnFailure\", \"Never\"";
            errors.required(&at.child("spec").child("restartPolicy"), why);
        }
        "OnFailure" if spec.get("podFailurePolicy").is_some() => {
            let why = "only \"Never\" is supported when podFailurePolicy is specified";
            errors.invalid(&at.child("spec").child("restartPolicy"), &json!("OnFailure"), why);
        }
        "OnFailure" | "Never" => {}
        other => {
            let path = at.child("spec").child("restartPolicy");
            errors.not_supported(&path, &json!(other), &["OnFailure", "Never"]);
        }
    }
}

fn check_indexes(spec: &Value, at: &Path, errors: &mut Errors) {
    let by_index = spec.get("backoffLimitPerIndex").is_some();
    match meta::text(spec, "/completionMode") {
        "NonIndexed" => {
            for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let Some(value) = spec.get(field) {
                    let why = "requires indexed completion mode";
                    errors.invalid(&at.child(field), value, why);
                }
            }
        }
        "Indexed" => check_indexed(spec, at, errors),
        _ => {}
    }
    if !by_index && spec.get("maxFailedIndexes").is_some() {
        errors.required(&at.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
}

fn check_indexed(spec: &Value, at: &Path, errors: &mut Errors) {
    let number = |field: &str| spec.get(field).and_then(Value::as_i64);
    let (completions, failed) = (number("completions"), number("maxFailedIndexes"));
    let parallel = number("parallelism").unwrap_or(0);
    let most = completions.unwrap_or(i64::MAX);
    if completions.is_none() {
        errors.required(&at.child("completions"), "when completion mode is Indexed");
    }
    if parallel > MOST_PARALLEL {
        let why = format!(
            "must be less than or equal to {MOST_PARALLEL} when completion mode is Indexed"
        );
        errors.invalid(&at.child("parallelism"), &json!(parallel), why);
    }
    if let Some(failed) = failed {
        let path = at.child("maxFailedIndexes");
        if failed > most {
            let why = "must be less than or equal to completions";
            errors.invalid(&path, &json!(failed), why);
        }
        if failed > MOST_FAILED {
            let why = format!("must be less than or equal to {MOST_FAILED}");
            errors.invalid(&path, &json!(failed), why);
        }
    }
    let many = completions.is_some_and(|count| count > MANY_COMPLETIONS);
    if many && spec.get("backoffLimitPerIndex").is_some() {
        check_many(failed, parallel, at, errors);
    }
}

fn check_many(failed: Option<i64>, parallel: i64, at: &Path, errors: &mut Errors) {
    let within = |most: i64| {
        format!(
            "must be less than or equal to {most} when completions are above {MANY_COMPLETIONS} \
             and used with backoff limit per index"
        )
    };
    let path = at.child("maxFailedIndexes");
    if failed.is_none() {
        let why = format!("must be specified when completions is above {MANY_COMPLETIONS}");
        errors.required(&path, &why);
    }
    if parallel > MOST_PARALLEL_OF_MANY {
        let why = within(MOST_PARALLEL_OF_MANY);
        errors.invalid(&at.child("parallelism"), &json!(parallel), why);
    }
    if let Some(failed) = failed.filter(|failed| *failed > MOST_FAILED_OF_MANY) {
        errors.invalid(&path, &json!(failed), within(MOST_FAILED_OF_MANY));
    }
}
