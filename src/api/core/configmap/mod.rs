//! ConfigMap: text and bytes for pods.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, drop_zero, kind as build, name_cell, of_field};

/// Most bytes of all values together. Source: `core.MaxSecretSize`.
const MAX_BYTES: usize = 1024 * 1024;

pub(crate) fn kind() -> Kind {
    build::<ConfigMap>("", "v1", "ConfigMap", "configmaps")
        .short("cm")
        .defaults(|object| drop_zero(meta::as_object(object), &["data", "binaryData"]))
        .validate(validate)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] = &[NAME, of_field("Data", "v1.ConfigMap", "data"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let entries =
        |key: &str| object.get(key).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    vec![name_cell(object), (entries("data") + entries("binaryData")).into(), age_cell(object, now)]
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let map = |key: &str| change.new.get(key).and_then(Value::as_object);
    let mut bytes = 0;
    for (field, other) in [("data", "binaryData"), ("binaryData", "data")] {
        for (key, value) in map(field).into_iter().flatten() {
            let path = Path::new(field).key(key);
            for why in names::config_key(key) {
                errors.invalid(&path, &json!(key), why);
            }
            if field == "data" && map(other).is_some_and(|other| other.contains_key(key)) {
                errors.invalid(&path, &json!(key), "duplicate of key present in binaryData");
            }
            let length = if field == "data" { str::len } else { machinery::base64::length };
            bytes += value.as_str().map_or(0, length);
        }
    }
    if bytes > MAX_BYTES {
        errors.too_long(&Path::default().key(""), MAX_BYTES);
    }
    let Some(old) = change.old.filter(|old| old["immutable"] == json!(true)) else { return };
    let why = "field is immutable when `immutable` is set";
    if change.new["immutable"] != json!(true) {
        errors.forbidden(&Path::new("immutable"), why);
    }
    for field in ["data", "binaryData"] {
        if old.get(field) != change.new.get(field) {
            errors.forbidden(&Path::new(field), why);
        }
    }
}
