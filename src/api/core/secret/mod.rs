//! Secret: confidential bytes for pods.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Secret;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, drop_zero, kind as build, name_cell, of_field};

const MAX_BYTES: usize = 1024 * 1024;

pub(crate) fn kind() -> Kind {
    build::<Secret>("", "v1", "Secret", "secrets")
        .defaults(defaults)
        .validate(validate)
        .table(COLUMNS, cells)
        .selectable("type", |object| meta::text(object, "/type").to_owned())
}

const COLUMNS: &[Column] =
    &[NAME, of_field("Type", "v1.Secret", "type"), of_field("Data", "v1.Secret", "data"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let entries = object.get("data").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    vec![
        name_cell(object),
        meta::text(object, "/type").into(),
        entries.into(),
        age_cell(object, now),
    ]
}

fn defaults(object: &mut Value) {
    // `stringData` is written only: the server stores it in `data`.
    let fields = meta::as_object(object);
    if let Some(Value::Object(texts)) = fields.remove("stringData") {
        let data = meta::object_at(object, "data");
        for (key, value) in texts {
            let text = value.as_str().unwrap_or_default();
            data.insert(key, machinery::base64::encode(text.as_bytes()).into());
        }
    }
    let fields = meta::as_object(object);
    drop_zero(fields, &["data", "type"]);
    meta::set_default(fields, "type", "Opaque");
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let data = change.new.get("data").and_then(Value::as_object);
    let mut bytes = 0;
    for (key, value) in data.into_iter().flatten() {
        for why in names::config_key(key) {
            errors.invalid(&Path::new("data").key(key), &json!(key), why);
        }
        bytes += value.as_str().map_or(0, |text| text.len() / 4 * 3);
    }
    if bytes > MAX_BYTES {
        errors.too_long(&Path::new("data"), MAX_BYTES);
    }
    for key in required_keys(meta::text(change.new, "/type")) {
        if !data.is_some_and(|data| data.contains_key(*key)) {
            errors.required(&Path::new("data").key(key), "");
        }
    }
    check_annotated(change.new, errors);
    if meta::text(change.new, "/type") == "kubernetes.io/basic-auth"
        && !["username", "password"].iter().any(|key| data.is_some_and(|it| it.contains_key(*key)))
    {
        for key in ["username", "password"] {
            errors.required(&Path::new("data").key(key), "");
        }
    }
    let Some(old) = change.old else { return };
    if old["type"] != change.new["type"] {
        errors.immutable(&Path::new("type"), &change.new["type"]);
    }
    if old["immutable"] == json!(true) {
        let why = "field is immutable when `immutable` is set";
        if change.new["immutable"] != json!(true) {
            errors.forbidden(&Path::new("immutable"), why);
        }
        if old.get("data") != change.new.get("data") {
            errors.forbidden(&Path::new("data"), why);
        }
    }
}

fn required_keys(secret_type: &str) -> &'static [&'static str] {
    match secret_type {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        _ => &[],
    }
}

/// A token's secret says whose token it is.
fn check_annotated(object: &Value, errors: &mut Errors) {
    const NAME: &str = "kubernetes.io/service-account.name";
    if meta::text(object, "/type") == "kubernetes.io/service-account-token"
        && meta::annotation(object, NAME).unwrap_or_default().is_empty()
    {
        errors.required(&Path::new("metadata").child("annotations").key(NAME), "");
    }
}
