//! `/openapi/v2`: the pages of version 3 as one Swagger 2.0 document.

use serde_json::{Map, Value, json};

/// Joins pages of version 3.
pub(super) fn document(pages: impl Iterator<Item = Value>) -> Value {
    let (mut paths, mut definitions) = (Map::new(), Map::new());
    for page in pages {
        let Value::Object(mut page) = page else { continue };
        if let Some(Value::Object(items)) = page.remove("paths") {
            paths.extend(items.into_iter().map(|(path, item)| (path, item_of(item))));
        }
        let schemas = page.get_mut("components").and_then(|it| it["schemas"].as_object_mut());
        for (name, schema) in schemas.map(std::mem::take).unwrap_or_default() {
            let schema = schema_of(schema);
            match definitions.get_mut(&name) {
                Some(known) => join_kinds(known, &schema),
                None => drop(definitions.insert(name, schema)),
            }
        }
    }
    json!({
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": "1.36"},
        "paths": paths,
        "definitions": definitions,
        "securityDefinitions": {"BearerToken": {
            "type": "apiKey", "in": "header", "name": "authorization",
            "description": "Bearer Token authentication",
        }},
        "security": [{"BearerToken": []}],
    })
}

/// A definition that several pages have belongs to the kinds of all of them.
pub(super) fn join_kinds(known: &mut Value, other: &Value) {
    const KINDS: &str = "x-kubernetes-group-version-kind";
    let Some(more) = other[KINDS].as_array() else { return };
    let Some(list) = known[KINDS].as_array_mut() else { return };
    for kind in more {
        if !list.contains(kind) {
            list.push(kind.clone());
        }
    }
}

fn item_of(item: Value) -> Value {
    let Value::Object(mut item) = item else { return item };
    for (key, value) in &mut item {
        if key == "parameters" {
            parameters(value);
        } else {
            *value = operation(value.take());
        }
    }
    item.into()
}

/// The type of a parameter stands beside its name.
fn parameters(list: &mut Value) {
    for parameter in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if let Some(Value::Object(schema)) = parameter.remove("schema") {
            parameter.extend(schema);
        }
    }
}

fn operation(operation: Value) -> Value {
    let Value::Object(mut fields) = operation else { return operation };
    let mut consumes = vec![json!("*/*")];
    let mut list = fields.remove("parameters").unwrap_or_else(|| json!([]));
    parameters(&mut list);
    if let Some(body) = fields.remove("requestBody") {
        let content = body["content"].as_object().cloned().unwrap_or_default();
        consumes = content.keys().map(|media| json!(media)).collect();
        let schema = content.into_iter().next().map(|(_, it)| reference(it["schema"].clone()));
        let mut parameter = json!({"in": "body", "name": "body", "schema": schema});
        if body["required"] == true {
            parameter["required"] = true.into();
        }
        if let Some(list) = list.as_array_mut() {
            list.insert(0, parameter);
        }
    }
    if list.as_array().is_some_and(|list| !list.is_empty()) {
        fields.insert("parameters".into(), list);
    }
    let mut produces = Value::Null;
    for response in fields.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
    {
        let Some(response) = response.1.as_object_mut() else { continue };
        if let Some(Value::Object(content)) = response.remove("content") {
            produces = content.keys().map(|media| json!(media)).collect();
            let schema = content.into_iter().next().map(|(_, it)| it["schema"].clone());
            response.insert("schema".into(), reference(schema.unwrap_or_default()));
        }
    }
    if !produces.is_null() {
        fields.insert("produces".into(), produces);
    }
    if fields.get("tags").is_some() {
        fields.insert("consumes".into(), consumes.into());
        fields.insert("schemes".into(), json!(["https"]));
    }
    fields.into()
}

fn reference(mut schema: Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|text| text.rsplit('/').next()) {
        schema = json!({"$ref": format!("#/definitions/{name}")});
    }
    schema
}

/// A schema without what version 2 lacks.
fn schema_of(schema: Value) -> Value {
    match schema {
        Value::Object(mut fields) => {
            if let Some(Value::Array(one)) = fields.get("oneOf")
                && one.iter().any(|it| it["type"] == "string")
                && !fields.contains_key("properties")
            {
                fields.remove("oneOf");
                fields.insert("type".into(), "string".into());
            }
            if let Some(Value::Array(all)) = fields.get("allOf")
                && let [one] = all.as_slice()
                && let Some(target) = one.get("$ref").cloned()
            {
                fields.remove("allOf");
                fields.insert("$ref".into(), target);
            }
            for lacking in ["default", "nullable", "anyOf", "not"] {
                fields.remove(lacking);
            }
            let fields = fields.into_iter().map(|(key, value)| {
                let value = match key.as_str() {
                    "$ref" => reference(json!({"$ref": value}))["$ref"].take(),
                    // Names of fields are no keywords.
                    "properties" => match value {
                        Value::Object(fields) => {
                            let fields = fields.into_iter();
                            fields
                                .map(|(name, it)| (name, schema_of(it)))
                                .collect::<Map<_, _>>()
                                .into()
                        }
                        other => other,
                    },
                    "items" | "additionalProperties" | "allOf" | "oneOf" => schema_of(value),
                    _ => value,
                };
                (key, value)
            });
            fields.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(schema_of).collect(),
        other => other,
    }
}
