//! From JSON schema documents (as k8s-openapi's types give them) to [`Schema`].

use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Value};

use super::{Definition, Link, ListMerge, Schema};

/// How one list merges; the JSON schema does not say it.
#[derive(Debug, Clone, Copy)]
pub struct ListFact {
    /// The end of the definition's name: `core.v1.PodSpec`.
    pub definition: &'static str,
    /// The field.
    pub field: &'static str,
    /// The key of strategic merge patches; empty where they replace the list.
    pub patch: &'static str,
    /// The keys of server-side apply, separated by commas; empty for a set.
    pub keys: &'static str,
}

/// The facts that JSON schemas lack.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Lists that are not atomic.
    pub lists: &'static [ListFact],
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
        link.fill(Definition { name: name.into(), fields, required });
        Schema::Object(link)
    }

    fn with_fact(
        &mut self,
        name: &str,
        field: &str,
        facts: &Facts,
        json: &Map<String, Value>,
    ) -> Schema {
        let schema = self.shape(json);
        let Schema::List(item, _) = schema else { return schema };
        let fact =
            facts.lists.iter().find(|fact| fact.field == field && name.ends_with(fact.definition));
        let merge = match fact {
            None => ListMerge::Atomic,
            Some(fact) if fact.keys.is_empty() => ListMerge::Set,
            Some(fact) => ListMerge::Keyed {
                patch: (!fact.patch.is_empty()).then(|| fact.patch.into()),
                keys: fact.keys.split(',').map(Into::into).collect(),
            },
        };
        Schema::List(item, merge)
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
                Schema::List(Arc::new(item), ListMerge::Atomic)
            }
            (Some("object"), _) => match json.get("additionalProperties") {
                Some(Value::Object(value)) => Schema::Map(Arc::new(self.shape(value))),
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
