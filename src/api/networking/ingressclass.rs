//! `IngressClass`: who serves an Ingress.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IngressClass;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::Value;

use super::{GROUP, ingress::check_reference};
use crate::{
    check,
    parts::{AGE, NAME, age_cell, kind as build, name_cell, text},
};

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
        .validate(validate)
        .table(COLUMNS, cells)
}

const MAX_CONTROLLER: usize = 250;
const COLUMNS: &[Column] = &[
    NAME,
    text("Controller", "Controller that is responsible for handling this class"),
    text("Parameters", "A reference to a resource with additional parameters"),
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

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let controller = meta::text(spec, "/controller");
    if controller.len() > MAX_CONTROLLER {
        errors.too_long(&at.child("controller"), MAX_CONTROLLER);
    }
    check::domain_path(controller, &at.child("controller"), errors);
    if let Some(parameters) = spec.get("parameters") {
        check_parameters(parameters, &at.child("parameters"), errors);
    }
    if let Some(old) = change.old {
        check::immutable(spec, &old["spec"], "controller", &at, errors);
    }
}

fn check_parameters(parameters: &Value, at: &Path, errors: &mut Errors) {
    check_reference(parameters, at, errors);
    let Some(scope) = parameters.get("scope") else {
        errors.required(&at.child("scope"), "");
        return;
    };
    let path = at.child("namespace");
    let namespace = parameters.get("namespace");
    match scope.as_str() {
        Some("Namespace") => match namespace {
            None => errors.required(&path, "`parameters.scope` is set to 'Namespace'"),
            Some(name) => check::named(name, names::dns_label, &path, errors),
        },
        Some("Cluster") => {
            if namespace.is_some() {
                errors.forbidden(&path, "`parameters.scope` is set to 'Cluster'");
            }
        }
        _ => errors.not_supported(&at.child("scope"), scope, &["Cluster", "Namespace"]),
    }
}
