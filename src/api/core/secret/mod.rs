//! Secret: confidential bytes for pods.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Secret;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
    yaml::syntax_error,
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

/// The one key that must not be empty.
const SSH_KEY: &str = "ssh-privatekey";

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let data = change.new.get("data").and_then(Value::as_object);
    let mut bytes = 0;
    for (key, value) in data.into_iter().flatten() {
        for why in names::config_key(key) {
            errors.invalid(&Path::new("data").key(key), &json!(key), why);
        }
        bytes += value.as_str().map_or(0, machinery::base64::length);
    }
    if bytes > MAX_BYTES {
        errors.too_long(&Path::new("data"), MAX_BYTES);
    }
    for key in required_keys(meta::text(change.new, "/type")) {
        let value = data.and_then(|data| data.get(*key));
        let empty = *key == SSH_KEY && value.is_some_and(|value| value == "");
        match value.filter(|_| !empty) {
            None => errors.required(&Path::new("data").key(key), ""),
            Some(value) if key.starts_with(".docker") => {
                check_logins(value, &Path::new("data").key(key), errors);
            }
            Some(_) => {}
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

/// Refuses logins of registries that are no object; what they are is not for logs.
fn check_logins(value: &Value, path: &Path, errors: &mut Errors) {
    let bytes = machinery::base64::decode(value.as_str().unwrap_or_default()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let problem = syntax_error(&text).or_else(|| {
        let kind = match serde_json::from_str(&text).ok()? {
            Value::Object(_) | Value::Null => return None,
            Value::Array(_) => "array",
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "bool",
        };
        Some(format!(
            "json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        ))
    });
    if let Some(why) = problem {
        errors.invalid(path, &json!("<secret contents redacted>"), why);
    }
}

fn required_keys(secret_type: &str) -> &'static [&'static str] {
    match secret_type {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &[SSH_KEY],
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
