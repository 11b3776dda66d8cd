//! Schemas of built-in kinds, from the types of the k8s-openapi crate.

use std::sync::{Arc, OnceLock};

use k8s_openapi::api::core::v1::ConfigMap;
use machinery::schema::{Schema, Source, from_json_schema};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use crate::facts::FACTS;

/// A function that returns the schema of `T`, built at its first call.
pub fn schema_of<T: JsonSchema>() -> Box<dyn Fn() -> Arc<Schema> + Send + Sync> {
    let cell: OnceLock<Arc<Schema>> = OnceLock::new();
    Box::new(move || Arc::clone(cell.get_or_init(|| Arc::new(build::<T>()))))
}

fn build<T: JsonSchema>() -> Schema {
    let (root, definitions) = documents::<T>();
    let source = Source { root: &root, definitions: &definitions };
    from_json_schema(&T::schema_name(), &source, &FACTS)
}

/// The JSON schema of `T` and of everything that it refers to, with descriptions, by OpenAPI name.
///
/// Cost: builds the documents anew; for publishing, not for requests.
pub fn openapi_definitions<T: JsonSchema>() -> Map<String, Value> {
    let (root, mut definitions) = documents::<T>();
    definitions.insert(T::schema_name().into_owned(), root.into());
    definitions
}

fn documents<T: JsonSchema>() -> (Map<String, Value>, Map<String, Value>) {
    let mut generator = SchemaSettings::openapi3().into_generator();
    let schema = T::json_schema(&mut generator);
    let definitions = generator.take_definitions(true);
    (schema.as_object().cloned().unwrap_or_default(), definitions)
}

/// What is said of `apiVersion`, `kind` or `metadata`, which every object has.
pub fn words_of(field: &str) -> String {
    let definitions = openapi_definitions::<ConfigMap>();
    let map = definitions.iter().find(|(name, _)| name.ends_with("v1.ConfigMap"));
    let words = map.and_then(|(_, map)| map["properties"][field]["description"].as_str());
    words.unwrap_or_default().to_owned()
}
