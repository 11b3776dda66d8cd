//! How an object looks after it went through Go's types: what is empty is left out, what is no
//! pointer is always there.
//!
//! The rules of `encoding/json` with `omitempty`: empty lists, maps and zero scalars of optional
//! fields disappear, unless the field is a pointer; required fields are written with their zero.
//! Which optional scalars are pointers is not in OpenAPI: [`crate::pointers`] says it.

use std::{collections::HashMap, sync::OnceLock};

use machinery::schema::{Definition, Schema};
use serde_json::{Map, Value, json};

use crate::pointers::{POINTERS, STRUCTS, TIMES};

/// Gives `object` the shape that Go's types would give it.
pub(crate) fn round_trip(schema: &Schema, object: &mut Value) {
    let (Schema::Object(link), Value::Object(map)) = (schema, object) else { return };
    let definition = link.definition();
    for part in ["spec", "status"] {
        if matches!(definition.fields.get(part), Some(Schema::Object(_))) {
            let slot = map.entry(part).or_insert(Value::Null);
            if slot.is_null() {
                *slot = json!({});
            }
        }
    }
    fields(definition, map);
}

#[derive(Default, Clone, Copy)]
struct Rule {
    pointers: &'static str,
    structs: &'static str,
    times: &'static str,
}

fn rules() -> &'static HashMap<&'static str, Rule> {
    static RULES: OnceLock<HashMap<&'static str, Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut rules: HashMap<&'static str, Rule> = HashMap::new();
        for (definition, pointers) in POINTERS {
            rules.entry(*definition).or_default().pointers = pointers;
        }
        for (definition, structs) in STRUCTS {
            rules.entry(*definition).or_default().structs = structs;
        }
        for (definition, times) in TIMES {
            rules.entry(*definition).or_default().times = times;
        }
        rules
    })
}

/// `core.v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`.
fn short(name: &str) -> &str {
    let start = name.rmatch_indices('.').nth(2).map_or(0, |(at, _)| at + 1);
    name.get(start..).unwrap_or(name)
}

fn fields(definition: &Definition, map: &mut Map<String, Value>) {
    let rule = rules().get(short(&definition.name)).copied().unwrap_or_default();
    let named = |list: &str, field: &str| list.split(' ').any(|one| one == field);
    for field in rule.structs.split(' ').filter(|field| !field.is_empty()) {
        let slot = map.entry(field).or_insert(Value::Null);
        if slot.is_null() {
            *slot = json!({});
        }
    }
    map.retain(|field, value| {
        let Some(schema) = definition.fields.get(field.as_str()) else { return true };
        inside(schema, value);
        let required = definition.required.iter().any(|one| **one == **field);
        required || named(rule.pointers, field) || !is_empty(schema, value)
    });
    // Protocol buffers know no difference between an empty list and none.
    let forgets = definition.name.starts_with("io.k8s.api.");
    for field in &definition.required {
        let Some(schema) = definition.fields.get(field) else { continue };
        if let Some(zero) = zero(schema)
            && map.get(&**field).is_none_or(|value| {
                value.is_null() || forgets && zero.is_null() && is_empty(schema, value)
            })
        {
            map.insert(field.to_string(), zero);
        }
    }
    for field in rule.times.split(' ').filter(|field| !field.is_empty()) {
        map.entry(field).or_insert(Value::Null);
    }
}

fn inside(schema: &Schema, value: &mut Value) {
    match (schema, value) {
        (Schema::Object(link), Value::Object(map)) => fields(link.definition(), map),
        (Schema::List(item, _), Value::Array(items)) => {
            for value in items {
                inside(item, value);
            }
        }
        (Schema::Map(..), Value::Object(map)) => {
            for (key, value) in map {
                if let Some(schema) = schema.field(key) {
                    inside(schema, value);
                }
            }
        }
        _ => {}
    }
}

/// Tells whether `omitempty` leaves the value out.
fn is_empty(schema: &Schema, value: &Value) -> bool {
    match (schema, value) {
        (_, Value::Null) => true,
        (Schema::List(..) | Schema::Bytes, Value::Array(items)) => items.is_empty(),
        (Schema::Map(..), Value::Object(map)) => map.is_empty(),
        (Schema::String | Schema::Bytes, Value::String(text)) => text.is_empty(),
        (Schema::Int32 | Schema::Int64 | Schema::Number, Value::Number(number)) => {
            number.as_f64() == Some(0.0)
        }
        (Schema::Boolean, Value::Bool(flag)) => !flag,
        _ => false,
    }
}

/// What Go writes for a required field that has no value; `None` where that may be a pointer.
fn zero(schema: &Schema) -> Option<Value> {
    match schema {
        Schema::String => Some("".into()),
        Schema::Int32 | Schema::Int64 | Schema::Number => Some(0.into()),
        Schema::Boolean => Some(false.into()),
        Schema::Bytes | Schema::List(..) | Schema::Map(..) | Schema::Time | Schema::MicroTime => {
            Some(Value::Null)
        }
        Schema::Object(_)
        | Schema::Quantity
        | Schema::IntOrString
        | Schema::Untyped
        | Schema::Any => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup;

    #[test]
    fn empty_fields_go_unless_they_are_pointers() {
        let schema = lookup("", "v1", "Pod").unwrap().schema();
        let mut pod = json!({"metadata": {}, "spec": {
            "hostNetwork": false, "nodeName": "", "enableServiceLinks": false, "volumes": [],
            "containers": [{"name": "c", "stdin": false, "securityContext": {"privileged": false}}],
        }});
        round_trip(&schema, &mut pod);
        assert_eq!(
            pod,
            json!({"metadata": {}, "status": {}, "spec": {
                "enableServiceLinks": false,
                "containers": [
                    {"name": "c", "resources": {}, "securityContext": {"privileged": false}}],
            }})
        );
    }

    #[test]
    fn required_fields_are_written_with_their_zero() {
        let schema = lookup("", "v1", "Pod").unwrap().schema();
        let mut pod = json!({"spec": {"volumes": [{"secret": {}}]}});
        round_trip(&schema, &mut pod);
        assert_eq!(
            pod["spec"],
            json!({"containers": null, "volumes": [{"name": "", "secret": {}}]})
        );
    }

    #[test]
    fn every_pointer_is_a_field() {
        let mut known = std::collections::BTreeMap::new();
        for kind in crate::registry() {
            for (name, document) in kind.documents().1 {
                known.insert(short(&name).to_owned(), document);
            }
        }
        for (definition, list) in POINTERS.iter().chain(STRUCTS).chain(TIMES) {
            let document = known.get(*definition).unwrap_or_else(|| panic!("no {definition}"));
            for field in list.split(' ') {
                assert!(document["properties"].get(field).is_some(), "{definition}.{field}");
            }
        }
    }
}
