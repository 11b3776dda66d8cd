//! From `openAPIV3Schema` documents to structures.

use serde_json::Value;

use super::{Additional, Checks, ListType, Node, Structure, Type, typed};
use crate::{
    regexp,
    schema::{ListKey, Schema},
};

/// Reads the structure of a version; `metadata` is the schema of every object's metadata.
///
/// Cost: O(document).
pub fn read(document: &Value, metadata: Schema) -> Structure {
    let root = node(document);
    let schema = typed::root(&root, metadata);
    Structure { root, schema, document: document.clone() }
}

fn node(json: &Value) -> Node {
    let flag = |key: &str| json.get(key).and_then(Value::as_bool).unwrap_or(false);
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let properties = json.get("properties").and_then(Value::as_object);
    Node {
        kind: text("type").and_then(kind),
        nullable: flag("nullable"),
        properties: properties
            .into_iter()
            .flatten()
            .map(|(name, json)| (name.clone(), node(json)))
            .collect(),
        additional: match json.get("additionalProperties") {
            Some(Value::Bool(true)) => Additional::Any,
            Some(of @ Value::Object(_)) => Additional::Of(Box::new(node(of))),
            _ => Additional::None,
        },
        items: json.get("items").filter(|it| it.is_object()).map(|items| Box::new(node(items))),
        preserves: flag("x-kubernetes-preserve-unknown-fields"),
        embedded: flag("x-kubernetes-embedded-resource"),
        int_or_string: flag("x-kubernetes-int-or-string"),
        list: list_type(json),
        atomic_map: text("x-kubernetes-map-type") == Some("atomic"),
        default: json.get("default").cloned(),
        checks: checks(json),
        rules: json
            .get("x-kubernetes-validations")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    }
}

fn kind(word: &str) -> Option<Type> {
    Some(match word {
        "object" => Type::Object,
        "array" => Type::Array,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        _ => return None,
    })
}

/// How a schema's items are told apart.
pub fn list_type(json: &Value) -> ListType {
    match json.get("x-kubernetes-list-type").and_then(Value::as_str) {
        Some("set") => ListType::Set,
        Some("map") => {
            let keys = json.get("x-kubernetes-list-map-keys").and_then(Value::as_array);
            let keys = keys.into_iter().flatten().filter_map(Value::as_str);
            let default = |key: &str| json.pointer(&format!("/items/properties/{key}/default"));
            let key = |key: &str| ListKey { field: key.into(), default: default(key).cloned() };
            ListType::Map(keys.map(key).collect())
        }
        _ => ListType::Atomic,
    }
}

fn checks(json: &Value) -> Checks {
    let number = |key: &str| json.get(key).and_then(Value::as_f64);
    let count = |key: &str| json.get(key).and_then(Value::as_u64);
    let flag = |key: &str| json.get(key).and_then(Value::as_bool).unwrap_or(false);
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let nodes = |key: &str| -> Vec<Node> {
        json.get(key).and_then(Value::as_array).into_iter().flatten().map(node).collect()
    };
    Checks {
        required: json
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect(),
        one_of_values: json
            .get("enum")
            .and_then(Value::as_array)
            .filter(|values| !values.is_empty())
            .cloned(),
        minimum: number("minimum").map(|least| (least, flag("exclusiveMinimum"))),
        maximum: number("maximum").map(|most| (most, flag("exclusiveMaximum"))),
        multiple_of: number("multipleOf"),
        length: (count("minLength"), count("maxLength")),
        pattern: text("pattern")
            .filter(|it| !it.is_empty())
            .and_then(|it| Some((it.to_owned(), regexp::compile(it).ok()?))),
        format: text("format").map(str::to_owned),
        items: (count("minItems"), count("maxItems")),
        unique: flag("uniqueItems"),
        properties: (count("minProperties"), count("maxProperties")),
        all_of: nodes("allOf"),
        any_of: nodes("anyOf"),
        one_of: nodes("oneOf"),
        not: json.get("not").filter(|it| it.is_object()).map(|not| Box::new(node(not))),
    }
}
