//! The group apiregistration.k8s.io: which server answers for a group and version.

use jiff::Timestamp;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use machinery::{
    base64,
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

/// The group's name.
pub const GROUP: &str = "apiregistration.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<APIService>(GROUP, "v1", "APIService", "apiservices")
            .cluster()
            .category("api-extensions")
            .named(names::path_segment)
            .status()
            .defaults(|object| {
                if let Some(service) = meta::object_at(object, "spec").get_mut("service") {
                    meta::set_default(meta::as_object(service), "port", 443);
                }
            })
            .validate(validate)
            .validate_status(check_status)
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

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let text = |field: &str| meta::text(spec, &format!("/{field}"));
    let (group, version) = (text("group"), text("version"));
    let wanted = format!("{version}.{group}");
    let name = meta::name(change.new);
    if name != wanted {
        let why = format!("must be `spec.version+\".\"+spec.group`: {wanted:?}");
        errors.invalid(&Path::new("metadata").child("name"), &json!(name), why);
    }
    if group.is_empty() {
        if version != "v1" {
            errors.required(
                &at.child("group"),
                "only v1 may have an empty group and it better be legacy kube",
            );
        }
    } else {
        check::named(&json!(group), names::dns_subdomain, &at.child("group"), errors);
    }
    check::named(&json!(version), names::dns_1035_label, &at.child("version"), errors);
    for (field, most) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
        let value = meta::number(spec, &format!("/{field}")).unwrap_or(0);
        if value <= 0 || value > most {
            let why = format!("must be positive and less than {most}");
            errors.invalid(&at.child(field), &json!(value), why);
        }
    }
    check_service(spec, &at, errors);
}

fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status").child("conditions");
    for (index, one) in meta::items(change.new, "/status/conditions").iter().enumerate() {
        check::supported(one, "status", &["True", "False", "Unknown"], &at.index(index), errors);
    }
}

fn check_service(spec: &Value, at: &Path, errors: &mut Errors) {
    let bundle = !meta::text(spec, "/caBundle").is_empty();
    let skip = spec["insecureSkipTLSVerify"] == true;
    let Some(service) = spec.get("service") else {
        if bundle {
            let why = "local APIServices may not have a caBundle";
            let bytes = base64::decode(meta::text(spec, "/caBundle")).unwrap_or_default().len();
            errors.invalid(&at.child("caBundle"), &json!(format!("{bytes} bytes")), why);
        }
        if skip {
            let why = "local APIServices may not have insecureSkipTLSVerify";
            errors.invalid(&at.child("insecureSkipTLSVerify"), &json!(true), why);
        }
        return;
    };
    let path = at.child("service");
    check::required(service, "namespace", &path, errors);
    check::required(service, "name", &path, errors);
    if let Some(port) = meta::number(service, "/port")
        && !(1..=65535).contains(&port)
    {
        let why = format!("port is not valid: {}", check::PORT_RANGE);
        errors.invalid(&path.child("port"), &json!(port), why);
    }
    if skip && bundle {
        let why = "may not be true if caBundle is present";
        errors.invalid(&at.child("insecureSkipTLSVerify"), &json!(true), why);
    }
}
