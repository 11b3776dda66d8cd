//! The group policy: how many pods may be missing.

use jiff::Timestamp;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use machinery::kind::{Column, Kind};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, count, kind as build, name_cell, number, text};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<PodDisruptionBudget>("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")
            .short("pdb")
            .status()
            .generation()
            .table(COLUMNS, cells),
    ]
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Min Available", "The minimum number of pods that must be available."),
    text("Max Unavailable", "The maximum number of pods that may be unavailable."),
    number(text(
        "Allowed Disruptions",
        "Calculated number of pods that may be disrupted at this time.",
    )),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let share = |pointer: &str| match object.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "N/A".to_owned(),
    };
    vec![
        name_cell(object),
        share("/spec/minAvailable").into(),
        share("/spec/maxUnavailable").into(),
        count(object, "/status/disruptionsAllowed").into(),
        age_cell(object, now),
    ]
}
