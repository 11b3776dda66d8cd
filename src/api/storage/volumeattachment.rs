//! `VolumeAttachment`: a disk that is to be at a node.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::VolumeAttachment;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::GROUP;
use crate::parts::{AGE, NAME, age_cell, flag, is_set, kind as build, name_cell, of_field};

pub(super) fn kind() -> Kind {
    build::<VolumeAttachment>(GROUP, "v1", "VolumeAttachment", "volumeattachments")
        .cluster()
        .conditional_update()
        .status()
        .answers_deletion_with_object()
        .validate(super::attachment::check)
        .validate_status(super::attachment::check)
        .table(COLUMNS, cells)
}

const SPEC: &str = "v1.VolumeAttachmentSpec";
const COLUMNS: &[Column] = &[
    NAME,
    Column { format: "name", ..of_field("Attacher", SPEC, "attacher") },
    of_field("PV", "v1.VolumeAttachmentSource", "persistentVolumeName"),
    of_field("Node", SPEC, "nodeName"),
    flag(of_field("Attached", "v1.VolumeAttachmentStatus", "attached")),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![
        name_cell(object),
        meta::text(object, "/spec/attacher").into(),
        meta::text(object, "/spec/source/persistentVolumeName").into(),
        meta::text(object, "/spec/nodeName").into(),
        is_set(object, "/status/attached").into(),
        age_cell(object, now),
    ]
}
