//! What aggregated servers say of their groups, joined with our own document of version 2.
//! Source: kube-openapi's `pkg/aggregator`: the first path of a name counts, and definitions of one name
//! that differ are named anew.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

const KINDS: &str = "x-kubernetes-group-version-kind";
/// Where groups are; the rest of another server's document is its own affair.
const GROUPS: &str = "/apis/";

/// What counts of another server's document: its groups' paths, and the definitions that they need.
pub(crate) fn part(mut document: Value) -> Value {
    let mut paths = taken(&mut document, "paths");
    paths.retain(|path, _| path.starts_with(GROUPS));
    let all = taken(&mut document, "definitions");
    let mut needed = BTreeSet::new();
    for item in paths.values() {
        references(item, &mut |name| {
            needed.insert(name.to_owned());
        });
    }
    let mut open: Vec<String> = needed.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(definition) = all.get(&name) else { continue };
        references(definition, &mut |name| {
            if needed.insert(name.to_owned()) {
                open.push(name.to_owned());
            }
        });
    }
    let definitions: Map<String, Value> =
        all.into_iter().filter(|(name, _)| needed.contains(name)).collect();
    json!({"paths": paths, "definitions": definitions})
}

fn taken(document: &mut Value, field: &str) -> Map<String, Value> {
    match document.get_mut(field).map(Value::take) {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Names of definitions that a value refers to.
fn references(value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().and_then(|text| text.strip_prefix("#/definitions/")) {
                    Some(name) if key == "$ref" => found(name),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Joins a part of another server's document with ours.
pub(super) fn join(document: &mut Value, part: &Value) {
    let mut part = part.clone();
    let (mut paths, mut definitions) = (taken(&mut part, "paths"), taken(&mut part, "definitions"));
    let Some(own) = document.get("definitions").and_then(Value::as_object) else { return };
    let mut renamed = BTreeMap::new();
    for (name, definition) in &definitions {
        if own.get(name).is_some_and(|known| !is_same(known, definition)) {
            renamed.insert(name.clone(), free_name(name, own, &definitions));
        }
    }
    if !renamed.is_empty() {
        paths.values_mut().for_each(|item| rename(item, &renamed));
        definitions.values_mut().for_each(|definition| rename(definition, &renamed));
    }
    if let Some(own) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            own.entry(path).or_insert(item);
        }
    }
    let Some(own) = document["definitions"].as_object_mut() else { return };
    for (name, definition) in definitions {
        let name = renamed.get(&name).cloned().unwrap_or(name);
        match own.get_mut(&name) {
            Some(known) => super::v2::join_kinds(known, &definition),
            None => drop(own.insert(name, definition)),
        }
    }
}

/// Whether two definitions differ at most in the kinds that they are for.
fn is_same(one: &Value, other: &Value) -> bool {
    let without = |value: &Value| {
        let mut value = value.clone();
        if let Some(fields) = value.as_object_mut() {
            fields.remove(KINDS);
        }
        value
    };
    without(one) == without(other)
}

fn free_name(name: &str, own: &Map<String, Value>, others: &Map<String, Value>) -> String {
    let mut number = 2;
    loop {
        let other = format!("{name}_v{number}");
        if !own.contains_key(&other) && !others.contains_key(&other) {
            return other;
        }
        number += 1;
    }
}

fn rename(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = value.as_str().and_then(|text| text.strip_prefix("#/definitions/"));
                match name.and_then(|name| renamed.get(name)) {
                    Some(name) if key == "$ref" => *value = format!("#/definitions/{name}").into(),
                    _ => rename(value, renamed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_documents_are_joined_without_losing_ours() {
        let to = |name: &str| json!({"$ref": format!("#/definitions/{name}")});
        let other = json!({
            "paths": {"/apis/w/v1/a": {"get": to("A")}, "/apis/own": {"get": to("A")},
                "/healthz": {"get": to("Z")}},
            "definitions": {"A": {"properties": {"m": to("Meta"), "s": to("Same")}},
                "Meta": {"type": "string"}, "Same": {"type": "object", KINDS: [2]}, "Z": {}},
        });
        let part = part(other);
        assert!(part["paths"].get("/healthz").is_none() && part["definitions"].get("Z").is_none());
        let mut own = json!({
            "paths": {"/apis/own": {}},
            "definitions": {"Meta": {"type": "object"}, "Same": {"type": "object", KINDS: [1]}},
        });
        join(&mut own, &part);
        assert_eq!(
            own,
            json!({
                "paths": {"/apis/own": {}, "/apis/w/v1/a": {"get": to("A")}},
                "definitions": {"A": {"properties": {"m": to("Meta_v2"), "s": to("Same")}},
                    "Meta": {"type": "object"}, "Meta_v2": {"type": "string"},
                    "Same": {"type": "object", KINDS: [1, 2]}},
            })
        );
    }
}
