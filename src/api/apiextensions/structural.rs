//! What makes a schema structural: every field has one type outside of the junctors, and the
//! junctors restrict values alone.
//! Source: `pkg/apiserver/schema/{validation,complete}.go`.

use machinery::{
    field::{Errors, Path},
    meta, regexp,
};
use serde_json::{Value, json};

/// Where in a structure a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// Checks a whole schema.
pub(crate) fn check(schema: &Value, path: &Path, errors: &mut Errors) {
    invariants(schema, Level::Root, path, errors);
    completeness(schema, schema, path, path, errors);
}

pub(super) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}

pub(super) fn text<'a>(schema: &'a Value, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The named schemas under `key`.
pub(super) fn named<'a>(
    schema: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    schema.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// The schemas in the list under `key`.
pub(super) fn listed<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The one schema under `key`.
pub(super) fn one<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    schema.get(key).filter(|it| it.is_object())
}

fn is_set(schema: &Value, key: &str) -> bool {
    schema.get(key).is_some_and(|it| !it.is_null())
}

const PRESERVES: &str = "x-kubernetes-preserve-unknown-fields";
const EMBEDDED: &str = "x-kubernetes-embedded-resource";
const INT_OR_STRING: &str = "x-kubernetes-int-or-string";

fn invariants(schema: &Value, level: Level, path: &Path, errors: &mut Errors) {
    let kind = text(schema, "type");
    let items = one(schema, "items");
    if kind == "array" && items.is_none() {
        errors.required(&path.child("items"), "must be specified");
    }
    if let Some(items) = items {
        invariants(items, Level::Item, &path.child("items"), errors);
    }
    for (name, property) in named(schema, "properties") {
        invariants(property, Level::Field, &path.child("properties").key(name), errors);
    }
    if is_set(schema, "additionalProperties") {
        let path = path.child("additionalProperties");
        if level == Level::Root {
            errors.forbidden(&path, "must not be used at the root");
        }
        if let Some(of) = one(schema, "additionalProperties") {
            invariants(of, Level::Field, &path, errors);
        }
    }
    if flag(schema, INT_OR_STRING) {
        for key in [PRESERVES, EMBEDDED] {
            if flag(schema, key) {
                let why = format!("must be false if {INT_OR_STRING} is true");
                errors.invalid(&path.child(key), &true.into(), why);
            }
        }
    }
    let pattern = int_or_string();
    let skip = Skip {
        any_of: listed(schema, "anyOf") == pattern,
        first_all_of: listed(schema, "allOf")
            .first()
            .is_some_and(|it| listed(it, "anyOf") == pattern),
    };
    values(schema, skip, path, errors);
    types(schema, level, path, errors);
    resources(schema, level, path, errors);
}

fn int_or_string() -> [Value; 2] {
    [json!({"type": "integer"}), json!({"type": "string"})]
}

fn types(schema: &Value, level: Level, path: &Path, errors: &mut Errors) {
    let (kind, embedded) = (text(schema, "type"), flag(schema, EMBEDDED));
    let path = path.child("type");
    if embedded && kind != "object" {
        let why = format!("must be object if {EMBEDDED} is true");
        if kind.is_empty() {
            errors.required(&path, &why);
        } else {
            errors.invalid(&path, &kind.into(), why);
        }
    } else if kind.is_empty() && !flag(schema, INT_OR_STRING) && !flag(schema, PRESERVES) {
        errors.required(
            &path,
            match level {
                Level::Root => "must not be empty at the root",
                Level::Item => "must not be empty for specified array items",
                Level::Field => "must not be empty for specified object fields",
            },
        );
    }
    if level == Level::Root && !kind.is_empty() && kind != "object" {
        errors.invalid(&path, &kind.into(), "must be object at the root");
    }
}

/// What every object has may be restricted, not defined anew.
fn resources(schema: &Value, level: Level, path: &Path, errors: &mut Errors) {
    let embedded = flag(schema, EMBEDDED);
    if embedded && is_set(schema, "additionalProperties") {
        let why = format!("must not be used if {EMBEDDED} is set");
        errors.forbidden(&path.child("additionalProperties"), &why);
    }
    let whole = level == Level::Root || embedded;
    let properties = path.child("properties");
    for name in ["kind", "apiVersion"] {
        let Some(property) = schema.pointer(&format!("/properties/{name}")) else { continue };
        let kind = text(property, "type");
        if whole && kind != "string" {
            let path = properties.key(name).child("type");
            errors.invalid(&path, &kind.into(), "must be string");
        }
    }
    if let Some(metadata) = schema.pointer("/properties/metadata") {
        let path = properties.key("metadata");
        let kind = text(metadata, "type");
        if whole && kind != "object" {
            errors.invalid(&path.child("type"), &kind.into(), "must be object");
        }
        if level == Level::Root && says_more_than_names(metadata) {
            let why = "must not specify anything other than name and generateName, but metadata is \
                       implicitly specified";
            errors.forbidden(&path, why);
        }
    }
    let empty = named(schema, "properties").next().is_none();
    if embedded && !flag(schema, PRESERVES) && empty {
        let why = format!("must not be empty if {EMBEDDED} is true without {PRESERVES}");
        errors.required(&properties, &why);
    }
}

fn says_more_than_names(metadata: &Value) -> bool {
    let Some(fields) = metadata.as_object() else { return false };
    fields.iter().any(|(key, value)| match (key.as_str(), value) {
        ("type" | "default", _) | (_, Value::Null | Value::Bool(false)) => false,
        ("properties", Value::Object(named)) => {
            named.keys().any(|name| name != "name" && name != "generateName")
        }
        (_, Value::String(text)) => !text.is_empty(),
        (_, Value::Array(items)) => !items.is_empty(),
        _ => true,
    })
}

/// Which junctors are those of int-or-string values.
#[derive(Debug, Clone, Copy, Default)]
struct Skip {
    any_of: bool,
    first_all_of: bool,
}

fn values(schema: &Value, skip: Skip, path: &Path, errors: &mut Errors) {
    if !skip.any_of {
        for (index, each) in listed(schema, "anyOf").iter().enumerate() {
            nested(each, Skip::default(), &path.child("anyOf").index(index), errors);
        }
    }
    for (index, each) in listed(schema, "allOf").iter().enumerate() {
        let any_of = skip.first_all_of && index == 0;
        let skip = Skip { any_of, first_all_of: false };
        nested(each, skip, &path.child("allOf").index(index), errors);
    }
    for (index, each) in listed(schema, "oneOf").iter().enumerate() {
        nested(each, Skip::default(), &path.child("oneOf").index(index), errors);
    }
    if let Some(not) = one(schema, "not") {
        nested(not, Skip::default(), &path.child("not"), errors);
    }
    let pattern = text(schema, "pattern");
    if !pattern.is_empty()
        && let Err(error) = regexp::compile(pattern)
    {
        let why = format!("must be a valid regular expression, but isn't: {error}");
        errors.invalid(&path.child("pattern"), &pattern.into(), why);
    }
}

/// Inside of junctors only values are restricted.
fn nested(schema: &Value, skip: Skip, path: &Path, errors: &mut Errors) {
    values(schema, skip, path, errors);
    if let Some(items) = one(schema, "items") {
        nested(items, Skip::default(), &path.child("items"), errors);
    }
    for (name, property) in named(schema, "properties") {
        nested(property, Skip::default(), &path.child("properties").key(name), errors);
    }
    let additional = schema.get("additionalProperties");
    if additional.is_some_and(|it| it.is_object() || it == true) {
        let why = "must be undefined to be structural";
        errors.forbidden(&path.child("additionalProperties"), why);
    }
    for (key, state) in [
        ("type", "empty"),
        ("default", "undefined"),
        ("title", "empty"),
        ("description", "empty"),
        ("nullable", "false"),
        (PRESERVES, "false"),
        (EMBEDDED, "false"),
        (INT_OR_STRING, "false"),
        ("x-kubernetes-list-map-keys", "empty"),
        ("x-kubernetes-list-type", "undefined"),
        ("x-kubernetes-map-type", "undefined"),
        ("x-kubernetes-validations", "empty"),
    ] {
        let set = match schema.get(key) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => state == "undefined" || !text.is_empty(),
            Some(Value::Array(items)) => state == "undefined" || !items.is_empty(),
            Some(_) => true,
        };
        if set {
            errors.forbidden(&path.child(key), &format!("must be {state} to be structural"));
        }
    }
    if schema.pointer("/properties/metadata").is_some() {
        let path = path.child("properties").key("metadata");
        errors.forbidden(&path, "must not be specified in a nested context");
    }
}

/// What junctors speak of is there outside of them, too.
fn completeness(values: &Value, schema: &Value, path: &Path, at: &Path, errors: &mut Errors) {
    if let Some(not) = one(values, "not") {
        complete(not, Some(schema), path, &at.child("not"), errors);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for (index, each) in listed(values, key).iter().enumerate() {
            complete(each, Some(schema), path, &at.child(key).index(index), errors);
        }
    }
}

fn complete(values: &Value, schema: Option<&Value>, path: &Path, at: &Path, errors: &mut Errors) {
    let Some(schema) = schema else {
        return errors.required(path, &format!("because it is defined in {at}"));
    };
    completeness(values, schema, path, at, errors);
    if let Some(items) = one(values, "items") {
        let (path, at) = (path.child("items"), at.child("items"));
        complete(items, one(schema, "items"), &path, &at, errors);
    }
    for (name, property) in named(values, "properties") {
        let path = path.child("properties").key(name);
        let at = at.child("properties").key(name);
        let of = schema.get("properties").and_then(|all| all.get(name));
        complete(property, of, &path, &at, errors);
    }
}

/// Calls `visit` with every schema inside of `schema`, itself first.
pub(super) fn every<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    visit(schema);
    for key in ["items", "not", "additionalProperties", "additionalItems"] {
        if let Some(of) = one(schema, key) {
            every(of, visit);
        }
    }
    for key in ["items", "allOf", "anyOf", "oneOf"] {
        for of in listed(schema, key).iter().filter(|it| it.is_object()) {
            every(of, visit);
        }
    }
    for key in ["properties", "patternProperties", "definitions", "dependencies"] {
        for (_, of) in named(schema, key).filter(|(_, it)| it.is_object()) {
            every(of, visit);
        }
    }
}

/// The condition `NonStructuralSchema` of a definition, if it has violations.
pub fn violations(definition: &Value) -> Option<String> {
    let mut errors = Errors::default();
    let path = Path::new("spec");
    if definition.pointer("/spec/preserveUnknownFields") == Some(&true.into()) {
        errors.invalid(&path.child("preserveUnknownFields"), &true.into(), "must be false");
    }
    for (index, version) in meta::items(definition, "/spec/versions").iter().enumerate() {
        let Some(schema) = version.pointer("/schema/openAPIV3Schema") else { continue };
        let path = path.child("versions").index(index).child("schema").child("openAPIV3Schema");
        check(schema, &path, &mut errors);
    }
    (!errors.is_empty()).then(|| errors.sentence())
}
