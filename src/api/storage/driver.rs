//! `CSIDriver` and `CSINode`: who makes disks, and which of them a node has.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::{CSIDriver, CSINode};
use machinery::{
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use super::GROUP;
use crate::parts::{
    AGE, NAME, age_cell, flag, is_set, kind as build, name_cell, number, of_field, or_unset,
};

const SPEC: &str = "v1.CSIDriverSpec";
const COLUMNS: &[Column] = &[
    NAME,
    flag(of_field("AttachRequired", SPEC, "attachRequired")),
    flag(of_field("PodInfoOnMount", SPEC, "podInfoOnMount")),
    flag(of_field("StorageCapacity", SPEC, "storageCapacity")),
    of_field("TokenRequests", SPEC, "tokenRequests"),
    flag(of_field("RequiresRepublish", SPEC, "requiresRepublish")),
    of_field("Modes", SPEC, "volumeLifecycleModes"),
    AGE,
];

pub(super) fn kind() -> Kind {
    build::<CSIDriver>(GROUP, "v1", "CSIDriver", "csidrivers")
        .cluster()
        .conditional_update()
        .answers_deletion_with_object()
        .defaults(defaults)
        .validate(super::validate::check_driver)
        .warns(warn)
        .table(COLUMNS, cells)
}

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let modes: Vec<&str> = meta::items(object, "/spec/volumeLifecycleModes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let audiences: Vec<&str> = meta::items(object, "/spec/tokenRequests")
        .iter()
        .map(|request| meta::text(request, "/audience"))
        .collect();
    let attach = object.pointer("/spec/attachRequired").and_then(Value::as_bool).unwrap_or(true);
    vec![
        name_cell(object),
        attach.into(),
        is_set(object, "/spec/podInfoOnMount").into(),
        is_set(object, "/spec/storageCapacity").into(),
        or_unset(&audiences.join(",")),
        is_set(object, "/spec/requiresRepublish").into(),
        if modes.is_empty() { "<none>".into() } else { modes.join(",").into() },
        age_cell(object, now),
    ]
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    for (field, usual) in [
        ("attachRequired", json!(true)),
        ("podInfoOnMount", json!(false)),
        ("storageCapacity", json!(false)),
        ("fsGroupPolicy", json!("ReadWriteOnceWithFSType")),
        ("volumeLifecycleModes", json!(["Persistent"])),
        ("requiresRepublish", json!(false)),
        ("seLinuxMount", json!(false)),
    ] {
        meta::set_default(spec, field, usual);
    }
}

pub(super) fn node() -> Kind {
    const NODE: &[Column] = &[NAME, number(of_field("Drivers", "v1.CSINodeSpec", "drivers")), AGE];
    build::<CSINode>(GROUP, "v1", "CSINode", "csinodes")
        .cluster()
        .conditional_update()
        .answers_deletion_with_object()
        .validate(super::validate::check_node)
        .table(NODE, |object, now| {
            vec![
                name_cell(object),
                meta::items(object, "/spec/drivers").len().into(),
                age_cell(object, now),
            ]
        })
}

/// Tokens of service accounts had better not stand where volumes' attributes are logged.
fn warn(change: &Change<'_>) -> Vec<String> {
    let spec = &change.new["spec"];
    let asks = !meta::items(spec, "/tokenRequests").is_empty();
    if !asks || spec.get("serviceAccountTokenInSecrets").is_some() {
        return Vec::new();
    }
    vec![
        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true \
         to prevent possible logging of tokens in volume attributes"
            .to_owned(),
    ]
}
