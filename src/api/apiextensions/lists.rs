//! Rules of `x-kubernetes-list-type`, its keys and `x-kubernetes-map-type`.
//! Source: `pkg/apis/apiextensions/validation/validation.go`.

use machinery::field::{Errors, Path};
use serde_json::{Value, json};

use super::structural::{flag, listed, one, text};

const LIST: &str = "x-kubernetes-list-type";
const KEYS: &str = "x-kubernetes-list-map-keys";
const MAP: &str = "x-kubernetes-map-type";

fn kind_of<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key).and_then(Value::as_str)
}

/// Checks the types of maps and lists.
pub(super) fn check(schema: &Value, atomic_sets: bool, at: &Path, errors: &mut Errors) {
    let kind = text(schema, "type");
    let must_be = |wanted: &str, key: &str, errors: &mut Errors| {
        let why = format!("must be {wanted} if {key} is specified");
        if kind.is_empty() {
            errors.required(&at.child("type"), &why);
        } else {
            errors.invalid(&at.child("type"), &kind.into(), why);
        }
    };
    if let Some(map) = kind_of(schema, MAP) {
        if kind != "object" {
            must_be("object", MAP, errors);
        }
        if !matches!(map, "atomic" | "granular") {
            errors.not_supported(&at.child(MAP), &map.into(), &["atomic", "granular"]);
        }
    }
    let list = kind_of(schema, LIST);
    if list.is_some() && kind != "array" {
        must_be("array", LIST, errors);
    } else if let (Some("set"), true, Some(items)) = (list, atomic_sets, one(schema, "items")) {
        set(items, &at.child("items"), errors);
    }
    if let Some(list) = list.filter(|list| !matches!(*list, "atomic" | "set" | "map")) {
        errors.not_supported(&at.child(LIST), &list.into(), &["atomic", "set", "map"]);
    }
    if !listed(schema, KEYS).is_empty() && list != Some("map") {
        let why = format!("must be map if {KEYS} is non-empty");
        match list {
            None => errors.required(&at.child(LIST), &why),
            Some(list) => errors.invalid(&at.child(LIST), &list.into(), why),
        }
    }
    if list == Some("map") {
        map_list(schema, at, errors);
    }
}

/// Tells whether items of a set could change in part.
pub(super) fn is_atomic(items: &Value) -> bool {
    match text(items, "type") {
        "array" => matches!(kind_of(items, LIST), None | Some("atomic")),
        "object" => kind_of(items, MAP) == Some("atomic"),
        _ => true,
    }
}

fn set(items: &Value, at: &Path, errors: &mut Errors) {
    if !is_atomic(items) {
        let key = if text(items, "type") == "array" { LIST } else { MAP };
        let shown = items.get(LIST).unwrap_or(&Value::Null);
        errors.invalid(
            &at.child(key),
            shown,
            format!("must be atomic as item of a list with {LIST}=set"),
        );
    }
}

fn map_list(schema: &Value, at: &Path, errors: &mut Errors) {
    let keys = listed(schema, KEYS);
    if keys.is_empty() {
        let why = format!("must not be empty if {LIST} is map");
        errors.required(&at.child(KEYS), &why);
    }
    let path = at.child("items");
    let Some(items) = schema.get("items").filter(|it| !it.is_null()) else {
        return errors.required(&path, &format!("must have a schema if {LIST} is map"));
    };
    if !items.is_object() {
        return errors.invalid(
            &path,
            items,
            format!("must only have a single schema if {LIST} is map"),
        );
    }
    let kind = text(items, "type");
    if kind != "object" {
        let why = format!("must be object if parent array's {LIST} is map");
        return errors.invalid(&path.child("type"), &kind.into(), why);
    }
    for (index, key) in keys.iter().enumerate() {
        let name = key.as_str().unwrap_or_default();
        match items.get("properties").and_then(|all| all.get(name)) {
            Some(property) if matches!(text(property, "type"), "array" | "object") => {
                let path = path.child("properties").key(name).child("type");
                let why = format!("must be a scalar type if parent array's {LIST} is map");
                errors.invalid(&path, &kind.into(), why);
            }
            Some(_) => {}
            None => {
                let why = "entries must all be names of item properties";
                errors.invalid(&at.child(KEYS), &json!(keys), why);
            }
        }
        if keys.iter().take(index).any(|one| one == key) {
            errors.invalid(&at.child(KEYS), &json!(keys), "must not contain duplicate entries");
        }
    }
}

/// Checks that items and their keys are always there.
pub(super) fn check_keys(schema: &Value, at: &Path, errors: &mut Errors) {
    let (Some(items), Some(list @ ("set" | "map"))) = (one(schema, "items"), kind_of(schema, LIST))
    else {
        return;
    };
    let at = at.child("items");
    if flag(items, "nullable") {
        let why = format!("cannot be nullable when {LIST} is {list}");
        errors.forbidden(&at.child("nullable"), &why);
    }
    if list != "map" {
        return;
    }
    for key in listed(schema, KEYS).iter().filter_map(Value::as_str) {
        let Some(property) = items.get("properties").and_then(|all| all.get(key)) else { continue };
        let path = at.child("properties").key(key);
        let required = listed(items, "required").iter().any(|one| one == key);
        if !required && property.get("default").is_none_or(Value::is_null) {
            let why = format!(
                "this property is in {KEYS}, so it must have a default or be a required property"
            );
            errors.required(&path.child("default"), &why);
        }
        if flag(property, "nullable") {
            let why = format!("this property is in {KEYS}, so it cannot be nullable");
            errors.forbidden(&path.child("nullable"), &why);
        }
    }
}
