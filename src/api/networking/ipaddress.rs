//! `IPAddress`: an address that is taken, and by whom.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IPAddress;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::GROUP;
use crate::parts::{NAME, age_cell, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<IPAddress>(GROUP, "v1", "IPAddress", "ipaddresses")
        .cluster()
        .short("ip")
        .table(COLUMNS, cells)
}

/// Kubernetes defines two columns and fills three.
const COLUMNS: &[Column] = &[NAME, of_field("ParentRef", "v1.IPAddressSpec", "parentRef")];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let parent = object.pointer("/spec/parentRef").map_or_else(
        || "<none>".to_owned(),
        |parent| {
            let text = |pointer: &str| meta::text(parent, pointer);
            let mut road = text("/resource").to_owned();
            if !text("/group").is_empty() {
                road = format!("{road}.{}", text("/group"));
            }
            for part in ["/namespace", "/name"] {
                if !text(part).is_empty() {
                    road = format!("{road}/{}", text(part));
                }
            }
            road
        },
    );
    vec![name_cell(object), parent.into(), age_cell(object, now)]
}
