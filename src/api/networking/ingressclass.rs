//! `IngressClass`: who serves an Ingress.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IngressClass;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use super::GROUP;
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, of_field};

pub(crate) fn kind() -> Kind {
    build::<IngressClass>(GROUP, "v1", "IngressClass", "ingressclasses")
        .cluster()
        .generation()
        .defaults(|object| {
            let spec = meta::object_at(object, "spec");
            if let Some(parameters) = spec.get_mut("parameters") {
                meta::set_default(meta::as_object(parameters), "scope", "Cluster");
            }
        })
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    of_field("Controller", "v1.IngressClassSpec", "controller"),
    of_field("Parameters", "v1.IngressClassSpec", "parameters"),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let parameters = object.pointer("/spec/parameters").map_or_else(
        || "<none>".to_owned(),
        |parameters| {
            let kind = meta::text(parameters, "/kind");
            let name = meta::text(parameters, "/name");
            match meta::text(parameters, "/apiGroup") {
                "" => format!("{kind}/{name}"),
                group => format!("{kind}.{group}/{name}"),
            }
        },
    );
    vec![
        name_cell(object),
        meta::text(object, "/spec/controller").into(),
        parameters.into(),
        age_cell(object, now),
    ]
}
