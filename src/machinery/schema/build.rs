//! From JSON schema documents (as k8s-openapi's types give them) to [`Schema`].

use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Value};

use super::{ApplyRule, Definition, Granularity, Link, ListKey, ListRule, PatchRule, Schema};

/// How one list merges; the JSON schema does not say it.
#[derive(Debug, Clone, Copy)]
pub struct ListFact {
    /// The end of the definition's name: `core.v1.PodSpec`.
    pub definition: &'static str,
    /// The field.
    pub field: &'static str,
    /// The key of strategic merge patches; `*` for a union, empty where they replace the list.
    pub patch: &'static str,
    /// The keys of server-side apply, separated by commas, `=` before a default; `*` for a set,
    /// empty where the list has its owners as a whole.
    pub keys: &'static str,
}

impl ListFact {
    fn rule(&self) -> ListRule {
        let patch = match self.patch {
            "" => PatchRule::Replace,
            "*" => PatchRule::Union,
            key => PatchRule::Keyed(key.into()),
        };
        let key = |text: &str| match text.split_once('=') {
            Some((field, default)) => {
                ListKey { field: field.into(), default: Some(default.into()) }
            }
            None => ListKey { field: text.into(), default: None },
        };
        let apply = match self.keys {
            "" => ApplyRule::Atomic,
            "*" => ApplyRule::Set,
            keys => ApplyRule::Keyed(keys.split(',').map(key).collect()),
        };
        ListRule { patch, apply }
    }
}

/// Tells whether a definition's full name ends with `end`, at the border of a part.
fn ends_with_name(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The facts that JSON schemas lack.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Lists that are not atomic.
    pub lists: &'static [ListFact],
    /// The ends of the names of definitions whose objects are owned as a whole.
    pub atomic: &'static [&'static str],
    /// Maps that are owned as a whole: the end of the definition's name, and the field.
    pub atomic_maps: &'static [(&'static str, &'static str)],
}

/// A JSON schema document and the definitions that it refers to.
#[derive(Debug)]
pub struct Source<'a> {
    /// The root.
    pub root: &'a Map<String, Value>,
    /// Definitions by name.
    pub definitions: &'a Map<String, Value>,
}

/// Builds the schema of `name` from its JSON schema.
///
/// Cost: O(definitions reached). Unknown shapes become [`Schema::Any`].
pub fn from_json_schema(name: &str, source: &Source<'_>, facts: &Facts) -> Schema {
    let mut builder = Builder { source, facts, built: HashMap::new() };
    builder.definition(name, source.root)
}

struct Builder<'a> {
    source: &'a Source<'a>,
    facts: &'a Facts,
    built: HashMap<String, Schema>,
}

impl Builder<'_> {
    fn definition(&mut self, name: &str, json: &Map<String, Value>) -> Schema {
        if let Some(known) = well_known(name) {
            return known;
        }
        let Some(properties) = json.get("properties").and_then(Value::as_object) else {
            return self.shape(json);
        };
        let link = Link::default();
        self.built.insert(name.to_owned(), Schema::Object(link.clone()));
        let fields = properties
            .iter()
            .filter_map(|(field, json)| Some((field, json.as_object()?)))
            .map(|(field, json)| {
                let schema = self.with_fact(name, field, self.facts, json);
                (field.as_str().into(), schema)
            })
            .collect();
        let required = json
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|field| Some(field.as_str()?.into()))
            .collect();
        let atomic = self.facts.atomic.iter().any(|one| ends_with_name(name, one));
        let granularity = if atomic { Granularity::Atomic } else { Granularity::Granular };
        link.fill(Definition { name: name.into(), fields, required, granularity, open: false });
        Schema::Object(link)
    }

    fn with_fact(
        &mut self,
        name: &str,
        field: &str,
        facts: &Facts,
        json: &Map<String, Value>,
    ) -> Schema {
        match self.shape(json) {
            Schema::List(item, rule) => {
                let fact = facts
                    .lists
                    .iter()
                    .find(|fact| fact.field == field && ends_with_name(name, fact.definition));
                Schema::List(item, fact.map_or(rule, ListFact::rule))
            }
            Schema::Map(value, _)
                if facts
                    .atomic_maps
                    .iter()
                    .any(|(definition, map)| *map == field && ends_with_name(name, definition)) =>
            {
                Schema::Map(value, Granularity::Atomic)
            }
            other => other,
        }
    }

    fn shape(&mut self, json: &Map<String, Value>) -> Schema {
        if let Some(reference) = json.get("$ref").and_then(Value::as_str) {
            return self.reference(reference);
        }
        if let Some(one) = single(json.get("allOf")).or_else(|| single(json.get("anyOf"))) {
            return self.shape(one);
        }
        let format = json.get("format").and_then(Value::as_str);
        match (json.get("type").and_then(Value::as_str), format) {
            (Some("string"), Some("byte")) => Schema::Bytes,
            (Some("string"), Some("date-time")) => Schema::Time,
            (Some("string"), _) => Schema::String,
            (Some("integer"), Some("int32")) => Schema::Int32,
            (Some("integer"), _) => Schema::Int64,
            (Some("number"), _) => Schema::Number,
            (Some("boolean"), _) => Schema::Boolean,
            (Some("array"), _) => {
                let item = json.get("items").and_then(Value::as_object);
                let item = item.map_or(Schema::Any, |item| self.shape(item));
                Schema::List(Arc::new(item), ListRule::ATOMIC)
            }
            (Some("object"), _) => match json.get("additionalProperties") {
                Some(Value::Object(value)) => {
                    Schema::Map(Arc::new(self.shape(value)), Granularity::Granular)
                }
                _ => Schema::Any,
            },
            _ => Schema::Any,
        }
    }

    fn reference(&mut self, reference: &str) -> Schema {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        if let Some(known) = well_known(name) {
            return known;
        }
        if let Some(built) = self.built.get(name) {
            return built.clone();
        }
        match self.source.definitions.get(name).and_then(Value::as_object) {
            Some(json) => self.definition(name, json),
            None => Schema::Any,
        }
    }
}

fn single(list: Option<&Value>) -> Option<&Map<String, Value>> {
    match list?.as_array()?.as_slice() {
        [Value::Object(one)] => Some(one),
        _ => None,
    }
}

/// Types whose wire form their JSON schema does not tell.
fn well_known(name: &str) -> Option<Schema> {
    Some(match name.rsplit_once('.')?.1 {
        "Quantity" => Schema::Quantity,
        "IntOrString" => Schema::IntOrString,
        "Time" => Schema::Time,
        "MicroTime" => Schema::MicroTime,
        "RawExtension"
        | "FieldsV1"
        | "Patch"
        | "JSON"
        | "JSONSchemaPropsOrBool"
        | "JSONSchemaPropsOrArray"
        | "JSONSchemaPropsOrStringArray" => Schema::Any,
        _ => return None,
    })
}
