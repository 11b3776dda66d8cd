//! The group scheduling.k8s.io: which pods go first.

use jiff::Timestamp;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{
    AGE, NAME, age_cell, count, flag, is_set, kind as build, name_cell, number, of_field,
};

/// The group's name.
pub const GROUP: &str = "scheduling.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<PriorityClass>(GROUP, "v1", "PriorityClass", "priorityclasses")
            .cluster()
            .short("pc")
            .generation()
            .defaults(|object| {
                let fields = meta::as_object(object);
                meta::set_default(fields, "preemptionPolicy", "PreemptLowerPriority");
            })
            .table(COLUMNS, cells),
    ]
}

const CLASS: &str = "v1.PriorityClass";
const COLUMNS: &[Column] = &[
    NAME,
    number(of_field("Value", CLASS, "value")),
    flag(of_field("Global-Default", CLASS, "globalDefault")),
    AGE,
    of_field("PreemptionPolicy", CLASS, "preemptionPolicy"),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![
        name_cell(object),
        count(object, "/value").into(),
        is_set(object, "/globalDefault").into(),
        age_cell(object, now),
        meta::text(object, "/preemptionPolicy").into(),
    ]
}
