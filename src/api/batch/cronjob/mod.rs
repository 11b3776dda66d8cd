//! CronJob: a Job at certain times.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::CronJob;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::job::{fill_failure_policy, of_many_indexes};
use crate::{
    core::pod::{
        fill_template, keep_served,
        warnings::{of_template, of_workload_name},
    },
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_at, age_cell, container_cells, flag, kind as build,
        name_cell, number, of_field, selector_cell, wide,
    },
};

pub(crate) fn kind() -> Kind {
    build::<CronJob>("batch", "v1", "CronJob", "cronjobs")
        .short("cj")
        .category("all")
        .status()
        .generation()
        .defaults(defaults)
        .prepare(|object, old| keep_served(object, old, "/spec/jobTemplate/spec/template"))
        .validate(validate::check)
        .warns(of_workload_name)
        .warns(|change| of_template(change, "spec.jobTemplate.spec.template"))
        .warns(|change| of_many_indexes(change, "spec.jobTemplate.spec"))
        .table(COLUMNS, cells)
}

const SPEC: &str = "v1.CronJobSpec";
const COLUMNS: &[Column] = &[
    NAME,
    of_field("Schedule", SPEC, "schedule"),
    of_field("Timezone", SPEC, "timeZone"),
    flag(of_field("Suspend", SPEC, "suspend")),
    number(of_field("Active", "v1.CronJobStatus", "active")),
    of_field("Last Schedule", "v1.CronJobStatus", "lastScheduleTime"),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(of_field("Selector", "v1.JobSpec", "selector")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let zone = meta::text(object, "/spec/timeZone");
    let suspend = match object.pointer("/spec/suspend").and_then(Value::as_bool) {
        None => "<unset>",
        Some(true) => "True",
        Some(false) => "False",
    };
    let last = if meta::text(object, "/status/lastScheduleTime").is_empty() {
        "<none>".into()
    } else {
        age_at(object, "/status/lastScheduleTime", now)
    };
    let job = "/spec/jobTemplate/spec";
    let [names, images] = container_cells(object, &format!("{job}/template/spec/containers"));
    vec![
        name_cell(object),
        meta::text(object, "/spec/schedule").into(),
        if zone.is_empty() { "<none>".into() } else { zone.into() },
        suspend.into(),
        meta::items(object, "/status/active").len().into(),
        last,
        age_cell(object, now),
        names,
        images,
        selector_cell(object, &format!("{job}/selector")),
    ]
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "concurrencyPolicy", "Allow");
    meta::set_default(spec, "suspend", false);
    meta::set_default(spec, "successfulJobsHistoryLimit", 3);
    meta::set_default(spec, "failedJobsHistoryLimit", 1);
    let template = meta::as_object(spec.entry("jobTemplate").or_insert(Value::Null));
    let job = meta::as_object(template.entry("spec").or_insert(Value::Null));
    fill_failure_policy(job);
    fill_template(job.entry("template").or_insert(Value::Null));
}
