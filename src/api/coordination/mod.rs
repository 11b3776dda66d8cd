//! The group coordination.k8s.io: Lease.

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::Lease;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<Lease>("coordination.k8s.io", "v1", "Lease", "leases")
            .creates_on_update()
            .conditional_update()
            .renewed()
            .defaults(|object| {
                // Coordinated leader election is off by default: its fields are not kept.
                let spec = meta::object_at(object, "spec");
                spec.remove("preferredHolder");
                spec.remove("strategy");
            })
            .validate(validate)
            .table(COLUMNS, cells),
    ]
}

const COLUMNS: &[Column] = &[NAME, text("Holder", "Who holds the lease."), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![
        name_cell(object),
        meta::text(object, "/spec/holderIdentity").into(),
        age_cell(object, now),
    ]
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = Path::new("spec");
    for (field, pointer) in [
        ("leaseDurationSeconds", "/spec/leaseDurationSeconds"),
        ("leaseTransitions", "/spec/leaseTransitions"),
    ] {
        let Some(value) = meta::number(change.new, pointer) else { continue };
        if field == "leaseDurationSeconds" && value <= 0 {
            errors.invalid(&spec.child(field), &value.into(), "must be greater than 0");
        }
        if field == "leaseTransitions" && value < 0 {
            errors.invalid(&spec.child(field), &value.into(), "must be greater than or equal to 0");
        }
    }
}
