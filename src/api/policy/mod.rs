//! The group policy: how many pods may be missing.

use jiff::Timestamp;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, count, kind as build, name_cell, number, text};
use crate::{check, conditions};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<PodDisruptionBudget>("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")
            .short("pdb")
            .conditional_update()
            .status()
            .validate_status(|change, errors| {
                let at = Path::new("status").child("conditions");
                conditions::check(meta::items(change.new, "/status/conditions"), &at, errors);
                let counts =
                    ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];
                check::status_counts(&change.new["status"], &counts, &[], errors);
            })
            .generation()
            .defaults(|object| {
                let status = meta::object_at(object, "status");
                for field in
                    ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"]
                {
                    meta::set_default(status, field, 0);
                }
            })
            .validate(validate)
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

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    if spec.get("minAvailable").is_some() && spec.get("maxUnavailable").is_some() {
        let selector = spec.get("selector").map_or_else(|| "null".into(), check::shown_selector);
        let shown = check::ordered(&[
            ("MinAvailable", check::or_null(spec.get("minAvailable"))),
            ("Selector", Some(selector)),
            ("MaxUnavailable", check::or_null(spec.get("maxUnavailable"))),
            ("UnhealthyPodEvictionPolicy", check::or_null(spec.get("unhealthyPodEvictionPolicy"))),
        ]);
        errors.invalid_shown(&at, &shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for field in ["minAvailable", "maxUnavailable"] {
        check::share(spec, field, &at, errors);
        check::at_most_all(spec, field, &at, errors);
    }
    check::selector(&spec["selector"], &at.child("selector"), errors);
    let policies = ["AlwaysAllow", "IfHealthyBudget"];
    check::one_of(spec, "unhealthyPodEvictionPolicy", &policies, &at, errors);
}
