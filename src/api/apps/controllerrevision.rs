//! `ControllerRevision`: a state that a controller can go back to.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::ControllerRevision;
use machinery::{
    field::Path,
    kind::{Column, Kind},
    meta,
};
use serde_json::Value;

use crate::{
    check,
    parts::{AGE, NAME, age_cell, count, kind as build, name_cell, of_field, text},
};

pub(crate) fn kind() -> Kind {
    build::<ControllerRevision>("apps", "v1", "ControllerRevision", "controllerrevisions")
        .validate(|change, errors| {
            if change.new.get("data").is_none_or(Value::is_null) {
                errors.required(&Path::new("data"), "data is mandatory");
            }
            check::not_negative(change.new, "revision", &Path::default(), errors);
            if let Some(old) = change.old
                && old["data"] != change.new["data"]
            {
                errors.immutable(&Path::new("data"), &change.new["data"]);
            }
        })
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Controller", "Controller of the object"),
    of_field("Revision", "v1.ControllerRevision", "revision"),
    AGE,
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let controller = meta::controller_of(object).map_or_else(
        || "<none>".to_owned(),
        |owner| {
            let (group, _) = meta::group_version(meta::text(owner, "/apiVersion"));
            let kind = meta::text(owner, "/kind").to_lowercase();
            let name = meta::text(owner, "/name");
            if group.is_empty() {
                format!("{kind}/{name}")
            } else {
                format!("{kind}.{group}/{name}")
            }
        },
    );
    vec![
        name_cell(object),
        controller.into(),
        count(object, "/revision").into(),
        age_cell(object, now),
    ]
}
