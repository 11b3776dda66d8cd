//! How a value falls into parts that have owners of their own.

use serde_json::Value;

use super::{
    path::{PathElement, Scalar},
    set::Set,
};
use crate::schema::{ApplyRule, Granularity, ListKey, Schema};

/// What the parts of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It has none: it has its owners as a whole.
    Leaf,
    /// Fields or keys.
    Fields,
    /// Items of a set or of a list with keys.
    Items,
}

/// The shape of a value of this schema.
pub(super) fn shape(schema: &Schema, value: Option<&Value>) -> Shape {
    match schema {
        Schema::Object(link) if link.definition().granularity == Granularity::Granular => {
            Shape::Fields
        }
        Schema::Map(_, Granularity::Granular) => Shape::Fields,
        Schema::List(_, rule) if rule.apply != ApplyRule::Atomic => Shape::Items,
        Schema::Untyped if value.is_some_and(Value::is_object) => Shape::Fields,
        _ => Shape::Leaf,
    }
}

/// The roads in `value` to lists and maps that are owned as a whole.
/// Source: `findAtomics` of k8s.io/apiserver's mutating policies.
pub fn atomics(schema: &Schema, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    find_atomics(schema, value, "", &mut found);
    found
}

fn find_atomics(schema: &Schema, value: &Value, road: &str, found: &mut Vec<String>) {
    let whole = value.is_object() || value.is_array();
    if whole && shape(schema, Some(value)) == Shape::Leaf && !matches!(schema, Schema::Untyped) {
        found.push(road.to_owned());
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let road = format!("{road}.{name}");
                find_atomics(field_schema(schema, name), value, &road, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                find_atomics(item_schema(schema), value, &format!("{road}[{index}]"), found);
            }
        }
        _ => {}
    }
}

/// The schema of a field or key.
pub(super) fn field_schema<'a>(schema: &'a Schema, name: &str) -> &'a Schema {
    schema.field(name).unwrap_or(&Schema::Untyped)
}

/// The schema of a list's items.
pub(super) fn item_schema(schema: &Schema) -> &Schema {
    schema.item().unwrap_or(&Schema::Untyped)
}

/// The step that leads to an item of a set or of a list with keys; `None` where it has no key.
pub(super) fn element_of(schema: &Schema, item: &Value) -> Option<PathElement> {
    let Schema::List(_, rule) = schema else { return None };
    match &rule.apply {
        ApplyRule::Set => Some(PathElement::Value(Scalar(item.clone()))),
        ApplyRule::Keyed(keys) => {
            let mut found: Vec<_> = keys
                .iter()
                .filter_map(|key| Some((key.field.clone(), Scalar(key_value(key, item)?))))
                .collect();
            found.sort();
            (!found.is_empty()).then_some(PathElement::Key(found))
        }
        ApplyRule::Atomic => None,
    }
}

fn key_value(key: &ListKey, item: &Value) -> Option<Value> {
    match item.get(key.field.as_ref()) {
        Some(value) if !value.is_null() => Some(value.clone()),
        _ => key.default.clone(),
    }
}

/// All fields that a value sets. Source: `typed.ToFieldSet`.
pub fn field_set(schema: &Schema, value: &Value) -> Set {
    fields_of(schema, value).1
}

/// Whether the value itself counts as set, and the fields below it.
fn fields_of(schema: &Schema, value: &Value) -> (bool, Set) {
    let mut set = Set::default();
    match shape(schema, Some(value)) {
        Shape::Leaf => return (true, set),
        Shape::Fields => {
            for (name, field) in value.as_object().into_iter().flatten() {
                let (itself, below) = fields_of(field_schema(schema, name), field);
                let empty =
                    field.is_null() || field.as_object().is_some_and(serde_json::Map::is_empty);
                let named = matches!(schema, Schema::Object(_)) && schema.field(name).is_some();
                set.put(PathElement::Field(name.as_str().into()), itself || empty || !named, below);
            }
        }
        Shape::Items => {
            let mut seen: Vec<PathElement> = Vec::new();
            for item in value.as_array().into_iter().flatten() {
                let Some(element) = element_of(schema, item) else { continue };
                // Of items that stand twice only that they do is known.
                let below = if seen.contains(&element) {
                    Set::default()
                } else {
                    fields_of(item_schema(schema), item).1
                };
                seen.push(element.clone());
                set.put(element, true, below);
            }
        }
    }
    (false, set)
}

/// Fields whose objects are always there in Go's structs, even where they are empty.
const ALWAYS: [&str; 13] = [
    "metadata",
    "spec",
    "status",
    "template",
    "jobTemplate",
    "strategy",
    "updateStrategy",
    "loadBalancer",
    "resources",
    "daemonEndpoints",
    "kubeletEndpoint",
    "nodeInfo",
    "source",
];

/// What a new object is compared with: the fields that every object of the kind has, empty.
pub fn empty(schema: &Schema) -> Value {
    let Schema::Object(link) = schema else { return Value::Null };
    let definition = link.definition();
    let mut out = serde_json::Map::new();
    for (name, field) in &definition.fields {
        let required = definition.required.contains(name);
        match field {
            Schema::Object(below)
                if ALWAYS.contains(&name.as_ref())
                    && below.definition().granularity == Granularity::Granular =>
            {
                out.insert(name.to_string(), empty(field));
            }
            _ if required => {
                out.insert(name.to_string(), Value::Null);
            }
            _ => {}
        }
    }
    out.into()
}
