//! The group apiregistration.k8s.io: which server answers for a group and version.

use jiff::Timestamp;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use machinery::{
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

/// The group's name.
pub const GROUP: &str = "apiregistration.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<APIService>(GROUP, "v1", "APIService", "apiservices")
            .cluster()
            .category("api-extensions")
            .status()
            .defaults(|object| {
                if let Some(service) = meta::object_at(object, "spec").get_mut("service") {
                    meta::set_default(meta::as_object(service), "port", 443);
                }
            })
            .table(COLUMNS, cells),
    ]
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Service", "The reference to the service that hosts this API endpoint."),
    text("Available", "Whether this service is available."),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let service = object.pointer("/spec/service").map_or_else(
        || "Local".to_owned(),
        |it| format!("{}/{}", meta::text(it, "/namespace"), meta::text(it, "/name")),
    );
    let available =
        meta::items(object, "/status/conditions").iter().find(|it| it["type"] == "Available");
    let available = match available.map(|it| (meta::text(it, "/status"), meta::text(it, "/reason")))
    {
        None => "Unknown".to_owned(),
        Some(("True", _)) => "True".to_owned(),
        Some((status, reason)) => format!("{status} ({reason})"),
    };
    vec![name_cell(object), service.into(), available.into(), age_cell(object, now)]
}
