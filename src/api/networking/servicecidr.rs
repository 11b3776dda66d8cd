//! `ServiceCIDR`: a range of addresses for services.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::ServiceCIDR;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::GROUP;
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<ServiceCIDR>(GROUP, "v1", "ServiceCIDR", "servicecidrs")
        .cluster()
        .status()
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, of_field("CIDRs", "v1.ServiceCIDRSpec", "cidrs"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let ranges: Vec<&str> =
        meta::items(object, "/spec/cidrs").iter().filter_map(Value::as_str).collect();
    vec![name_cell(object), ranges.join(",").into(), age_cell(object, now)]
}
