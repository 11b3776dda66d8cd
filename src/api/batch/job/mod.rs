//! Job: pods that run to their end.

mod indexes;
mod policies;
mod status;
mod update;
mod validate;

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::Job;
use machinery::{
    age,
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Map, Value, json};

use crate::{
    core::pod::{
        fill_template, keep_served,
        warnings::{of_template, of_workload_name},
    },
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, container_cells, count, is_set, items_mut,
        kind as build, name_cell, of_field, selector_cell, text, wide,
    },
};

pub(crate) use validate::check_spec;

/// What is said to whoever does not say what becomes of a job's pods.
const ORPHANS: &str = "child pods are preserved by default when jobs are deleted; set \
    propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

pub(crate) fn kind() -> Kind {
    build::<Job>("batch", "v1", "Job", "jobs")
        .orphans(Some(ORPHANS))
        .category("all")
        .status()
        .generation()
        .defaults(defaults)
        .prepare(prepare)
        .validate(validate::check)
        .validate_status(status::check)
        .warns(of_workload_name)
        .warns(|change| of_template(change, "spec.template"))
        .warns(|change| of_many_indexes(change, "spec"))
        .table(COLUMNS, cells)
        .selectable("status.successful", |it| count(it, "/status/succeeded").to_string())
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "Status of the job."),
    of_field("Completions", "v1.JobStatus", "succeeded"),
    text("Duration", "Time required to complete the job."),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.JobSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let [names, images] = container_cells(object, "/spec/template/spec/containers");
    vec![
        name_cell(object),
        status_word(object).into(),
        completions(object).into(),
        duration(object, now).into(),
        age_cell(object, now),
        names,
        images,
        selector_cell(object, "/spec/selector"),
    ]
}

fn completions(object: &Value) -> String {
    let done = count(object, "/status/succeeded");
    if let Some(wanted) = meta::number(object, "/spec/completions") {
        return format!("{done}/{wanted}");
    }
    match meta::number(object, "/spec/parallelism").unwrap_or(0) {
        parallel if parallel > 1 => format!("{done}/1 of {parallel}"),
        _ => format!("{done}/1"),
    }
}

fn duration(object: &Value, now: Timestamp) -> String {
    let time = |pointer: &str| meta::text(object, pointer).parse::<Timestamp>().ok();
    let Some(start) = time("/status/startTime") else { return String::new() };
    let end = time("/status/completionTime").unwrap_or(now);
    age::human(end.duration_since(start).as_secs())
}

fn status_word(object: &Value) -> &'static str {
    let has = |name: &str| {
        meta::items(object, "/status/conditions").iter().any(|condition| {
            meta::text(condition, "/type") == name && meta::text(condition, "/status") == "True"
        })
    };
    if has("Complete") {
        "Complete"
    } else if has("Failed") {
        "Failed"
    } else if meta::is_deleting(object) {
        "Terminating"
    } else if has("Suspended") {
        "Suspended"
    } else if has("FailureTarget") {
        "FailureTarget"
    } else if has("SuccessCriteriaMet") {
        "SuccessCriteriaMet"
    } else {
        "Running"
    }
}

/// How often pods may fail where every index counts its own failures.
const NO_LIMIT: i32 = i32::MAX;

fn defaults(object: &mut Value) {
    let labels = object.pointer("/spec/template/metadata/labels").cloned();
    if let Some(labels) = labels {
        meta::set_default(meta::metadata_mut(object), "labels", labels);
    }
    let spec = meta::object_at(object, "spec");
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        spec.insert("completions".into(), 1.into());
    }
    meta::set_default(spec, "parallelism", 1);
    let limit = if spec.contains_key("backoffLimitPerIndex") { NO_LIMIT } else { 6 };
    meta::set_default(spec, "backoffLimit", limit);
    meta::set_default(spec, "completionMode", "NonIndexed");
    meta::set_default(spec, "suspend", false);
    meta::set_default(spec, "manualSelector", false);
    let replacement =
        if spec.contains_key("podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    meta::set_default(spec, "podReplacementPolicy", replacement);
    fill_failure_policy(spec);
    fill_template(spec.entry("template").or_insert(Value::Null));
}

/// Fills in what the failure policy of a job's spec leaves out.
pub(super) fn fill_failure_policy(spec: &mut Map<String, Value>) {
    let Some(policy) = spec.get_mut("podFailurePolicy") else { return };
    for rule in items_mut(meta::as_object(policy), "rules") {
        for pattern in items_mut(meta::as_object(rule), "onPodConditions") {
            let pattern = meta::as_object(pattern);
            if pattern.get("status").and_then(Value::as_str).is_none_or(str::is_empty) {
                pattern.insert("status".into(), "True".into());
            }
        }
    }
}

/// A new Job selects its own pods by its uid, unless its user says how.
fn prepare(object: &mut Value, old: Option<&Value>) {
    keep_served(object, old, "/spec/template");
    if old.is_some() || is_set(object, "/spec/manualSelector") {
        return;
    }
    let uid = meta::uid(object).to_owned();
    let name = meta::name(object).to_owned();
    let spec = meta::object_at(object, "spec");
    let template = meta::as_object(spec.entry("template").or_insert(Value::Null));
    let metadata = meta::as_object(template.entry("metadata").or_insert(Value::Null));
    let labels = meta::as_object(metadata.entry("labels").or_insert(Value::Null));
    for (key, value) in [
        ("batch.kubernetes.io/job-name", &name),
        ("job-name", &name),
        ("batch.kubernetes.io/controller-uid", &uid),
        ("controller-uid", &uid),
    ] {
        labels.entry(key).or_insert_with(|| value.as_str().into());
    }
    let selector = meta::as_object(spec.entry("selector").or_insert(Value::Null));
    let own = meta::as_object(selector.entry("matchLabels").or_insert(Value::Null));
    own.entry("batch.kubernetes.io/controller-uid").or_insert_with(|| json!(uid));
    // What is stored is read with the defaults again: the job has its template's labels.
    let labels = object["spec"]["template"]["metadata"]["labels"].clone();
    meta::set_default(meta::metadata_mut(object), "labels", labels);
}

/// More indexes of a Job's pods, at `path`, than can be kept track of.
pub(super) fn of_many_indexes(change: &Change<'_>, path: &str) -> Vec<String> {
    const MOST_INDEXES: i64 = 100_000;
    const MOST_AT_ONCE: i64 = 10_000;
    let at = format!("/{}", path.replace('.', "/"));
    let generation = |object: &Value| object.pointer("/metadata/generation").cloned();
    if change.old.is_some_and(|old| generation(old) == generation(change.new)) {
        return Vec::new();
    }
    let Some(spec) = change.new.pointer(&at) else { return Vec::new() };
    let above = |field: &str, most| meta::number(spec, field).is_some_and(|count| count > most);
    let many = spec["completionMode"] == "Indexed"
        && above("/completions", MOST_INDEXES)
        && above("/parallelism", MOST_AT_ONCE);
    let words = || {
        format!(
            "{path}: In Indexed Jobs with a number of completions higher than 10^5 and a \
             parallelism higher than 10^4, a Kubernetes control plane might not be able to track \
             completed indexes"
        )
    };
    many.then(words).into_iter().collect()
}
