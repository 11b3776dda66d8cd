//! The group resource.k8s.io: devices, and pods' claims to them.

mod selector;
mod slice;
mod validate;

use jiff::Timestamp;
use k8s_openapi::api::resource::v1::{
    DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice,
};
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::{Map, Value};

use crate::parts::{AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field, text};

pub use selector::Selector;

/// The group's name.
pub const GROUP: &str = "resource.k8s.io";

const PLAIN: &[Column] = &[NAME, AGE];

fn plain_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), age_cell(object, now)]
}

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<DeviceClass>(GROUP, "v1", "DeviceClass", "deviceclasses")
            .cluster()
            .generation()
            .answers_deletion_with_object()
            .validate(validate::check_class)
            .table(PLAIN, plain_cells),
        build::<ResourceClaim>(GROUP, "v1", "ResourceClaim", "resourceclaims")
            .status()
            .answers_deletion_with_object()
            .defaults(|object| fill_claim(meta::object_at(object, "spec")))
            .validate(validate::check_claim)
            .validate_status(validate::check_claim_status)
            .table(CLAIM, claim_cells),
        build::<ResourceClaimTemplate>(
            GROUP,
            "v1",
            "ResourceClaimTemplate",
            "resourceclaimtemplates",
        )
        .defaults(|object| {
            let spec = meta::object_at(object, "spec");
            let claim = spec.entry("spec").or_insert(Value::Null);
            fill_claim(meta::as_object(claim));
        })
        .answers_deletion_with_object()
        .validate(validate::check_template)
        .table(PLAIN, plain_cells),
        build::<ResourceSlice>(GROUP, "v1", "ResourceSlice", "resourceslices")
            .cluster()
            .generation()
            .answers_deletion_with_object()
            .validate(slice::check)
            .table(SLICE, slice_cells)
            .selectable("spec.nodeName", |it| meta::text(it, "/spec/nodeName").into())
            .selectable("spec.driver", |it| meta::text(it, "/spec/driver").into()),
    ]
}

const CLAIM: &[Column] = &[
    NAME,
    text("State", "A summary of the current state (allocated, pending, reserved, etc.)."),
    AGE,
];

fn claim_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let mut states = Vec::new();
    if meta::is_deleting(object) {
        states.push("deleted");
    }
    if object.pointer("/status/allocation").is_none() {
        if states.is_empty() {
            states.push("pending");
        }
    } else {
        states.push("allocated");
        let reserved = !meta::items(object, "/status/reservedFor").is_empty();
        if reserved {
            states.push("reserved");
        }
    }
    vec![name_cell(object), states.join(",").into(), age_cell(object, now)]
}

const SLICE: &[Column] = &[
    NAME,
    of_field("Node", "v1.ResourceSliceSpec", "nodeName"),
    of_field("Driver", "v1.ResourceSliceSpec", "driver"),
    of_field("Pool", "v1.ResourcePool", "name"),
    AGE,
];

fn slice_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![
        name_cell(object),
        meta::text(object, "/spec/nodeName").into(),
        meta::text(object, "/spec/driver").into(),
        meta::text(object, "/spec/pool/name").into(),
        age_cell(object, now),
    ]
}

/// A claim asks for one device where it does not say how many.
fn fill_claim(spec: &mut Map<String, Value>) {
    let devices = meta::as_object(spec.entry("devices").or_insert(Value::Null));
    for request in items_mut(devices, "requests") {
        let request = meta::as_object(request);
        if let Some(exactly) = request.get_mut("exactly") {
            fill_request(meta::as_object(exactly));
        }
        for choice in items_mut(request, "firstAvailable") {
            fill_request(meta::as_object(choice));
        }
    }
}

fn fill_request(request: &mut Map<String, Value>) {
    meta::set_default(request, "allocationMode", "ExactCount");
    if request["allocationMode"] == "ExactCount" {
        meta::set_default(request, "count", 1);
    }
    for toleration in items_mut(request, "tolerations") {
        meta::set_default(meta::as_object(toleration), "operator", "Equal");
    }
}
