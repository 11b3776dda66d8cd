//! A definition's spec as the server of Kubernetes holds it inside: what all versions have alike
//! stands once, at the top. Errors name these places.
//! Source: `pkg/apis/apiextensions/v1/conversion.go`.

use machinery::meta;
use serde_json::{Map, Value, json};

/// The fields that move up, and their names at the top.
const SHARED: [(&str, &str); 4] = [
    ("subresources", "subresources"),
    ("schema", "validation"),
    ("additionalPrinterColumns", "additionalPrinterColumns"),
    ("selectableFields", "selectableFields"),
];

/// The spec in its inner form.
pub(super) fn spec(definition: &Value) -> Value {
    let mut spec = definition.get("spec").cloned().unwrap_or_else(|| json!({}));
    let Some(fields) = spec.as_object_mut() else { return json!({}) };
    if let Some(conversion) = fields.get_mut("conversion").and_then(Value::as_object_mut)
        && let Some(Value::Object(mut webhook)) = conversion.remove("webhook")
    {
        for (key, inner) in [
            ("clientConfig", "webhookClientConfig"),
            ("conversionReviewVersions", "conversionReviewVersions"),
        ] {
            conversion.extend(webhook.remove(key).map(|value| (inner.to_owned(), value)));
        }
    }
    let Some(Value::Array(mut versions)) = fields.remove("versions") else { return spec };
    for (key, top) in SHARED {
        let first = versions.first().map(|version| present(version, key).cloned());
        let Some(first) = first else { break };
        if versions.iter().any(|version| present(version, key) != first.as_ref()) {
            continue;
        }
        for version in &mut versions {
            meta::as_object(version).remove(key);
        }
        fields.extend(first.map(|value| (top.to_owned(), value)));
    }
    fields.insert("versions".into(), versions.into());
    spec
}

fn present<'a>(version: &'a Value, key: &str) -> Option<&'a Value> {
    version.get(key).filter(|value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}

/// Versions as an error shows them: the inner form has Go's field names.
pub(super) fn shown_versions(versions: &[Value]) -> String {
    let shown: Vec<String> = versions.iter().map(shown_version).collect();
    format!("[{}]", shown.join(","))
}

fn shown_version(version: &Value) -> String {
    let flag = |key: &str| version[key] == true;
    let schema = version.pointer("/schema/openAPIV3Schema");
    let schema = schema.map_or_else(
        || "null".into(),
        |schema| format!("{{\"OpenAPIV3Schema\":{}}}", shown_schema(schema)),
    );
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "null".into());
    let list = |key: &str, names: &[(&str, &str, &str)]| {
        or_null(version.get(key).and_then(Value::as_array).filter(|it| !it.is_empty()).map(
            |items| {
                let items: Vec<String> = items.iter().map(|item| structure(item, names)).collect();
                format!("[{}]", items.join(","))
            },
        ))
    };
    let subresources = version.get("subresources").filter(|it| it.is_object()).map(|of| {
        let status = if of.get("status").is_some() { "{}" } else { "null" };
        let scale = of.get("scale").map(|scale| structure(scale, &SCALE));
        format!("{{\"Status\":{status},\"Scale\":{}}}", or_null(scale))
    });
    format!(
        "{{\"Name\":{},\"Served\":{},\"Storage\":{},\"Deprecated\":{},\"DeprecationWarning\":{},\
         \"Schema\":{schema},\"Subresources\":{},\"AdditionalPrinterColumns\":{},\
         \"SelectableFields\":{}}}",
        json!(meta::text(version, "/name")),
        flag("served"),
        flag("storage"),
        flag("deprecated"),
        version["deprecationWarning"],
        or_null(subresources),
        list("additionalPrinterColumns", &COLUMN),
        list("selectableFields", &[("JSONPath", "jsonPath", "\"\"")]),
    )
}

const SCALE: [(&str, &str, &str); 3] = [
    ("SpecReplicasPath", "specReplicasPath", "\"\""),
    ("StatusReplicasPath", "statusReplicasPath", "\"\""),
    ("LabelSelectorPath", "labelSelectorPath", "null"),
];

const COLUMN: [(&str, &str, &str); 6] = [
    ("Name", "name", "\"\""),
    ("Type", "type", "\"\""),
    ("Format", "format", "\"\""),
    ("Description", "description", "\"\""),
    ("Priority", "priority", "0"),
    ("JSONPath", "jsonPath", "\"\""),
];

/// The fields of a rule of a schema.
const RULE: [(&str, &str, &str); 6] = [
    ("Rule", "rule", "\"\""),
    ("Message", "message", "\"\""),
    ("MessageExpression", "messageExpression", "\"\""),
    ("Reason", "reason", "null"),
    ("FieldPath", "fieldPath", "\"\""),
    ("OptionalOldSelf", "optionalOldSelf", "null"),
];

/// A rule as an error shows it.
pub(super) fn shown_rule(rule: &Value) -> String {
    structure(rule, &RULE)
}

/// Fields by Go's name, our name, and what stands where there is nothing.
fn structure(value: &Value, names: &[(&str, &str, &str)]) -> String {
    let fields: Vec<String> = names
        .iter()
        .map(|(go, name, none)| {
            let shown = value.get(*name).map_or_else(|| (*none).to_owned(), go_json);
            format!("\"{go}\":{shown}")
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// JSON as Go writes it: `<`, `>` and `&` are escaped.
pub(super) fn go_json(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// What a field of a schema holds.
#[derive(Clone, Copy)]
enum Holds {
    Plain(&'static str),
    Schema,
    Schemas,
    Named,
    SchemaOrArray,
    SchemaOrFlag,
    Rules,
}

/// The fields of a schema in Go's order.
const SCHEMA: [(&str, &str, Holds); 44] = [
    ("ID", "id", Holds::Plain("\"\"")),
    ("Schema", "$schema", Holds::Plain("\"\"")),
    ("Ref", "$ref", Holds::Plain("null")),
    ("Description", "description", Holds::Plain("\"\"")),
    ("Type", "type", Holds::Plain("\"\"")),
    ("Nullable", "nullable", Holds::Plain("false")),
    ("Format", "format", Holds::Plain("\"\"")),
    ("Title", "title", Holds::Plain("\"\"")),
    ("Default", "default", Holds::Plain("null")),
    ("Maximum", "maximum", Holds::Plain("null")),
    ("ExclusiveMaximum", "exclusiveMaximum", Holds::Plain("false")),
    ("Minimum", "minimum", Holds::Plain("null")),
    ("ExclusiveMinimum", "exclusiveMinimum", Holds::Plain("false")),
    ("MaxLength", "maxLength", Holds::Plain("null")),
    ("MinLength", "minLength", Holds::Plain("null")),
    ("Pattern", "pattern", Holds::Plain("\"\"")),
    ("MaxItems", "maxItems", Holds::Plain("null")),
    ("MinItems", "minItems", Holds::Plain("null")),
    ("UniqueItems", "uniqueItems", Holds::Plain("false")),
    ("MultipleOf", "multipleOf", Holds::Plain("null")),
    ("Enum", "enum", Holds::Plain("null")),
    ("MaxProperties", "maxProperties", Holds::Plain("null")),
    ("MinProperties", "minProperties", Holds::Plain("null")),
    ("Required", "required", Holds::Plain("null")),
    ("Items", "items", Holds::SchemaOrArray),
    ("AllOf", "allOf", Holds::Schemas),
    ("OneOf", "oneOf", Holds::Schemas),
    ("AnyOf", "anyOf", Holds::Schemas),
    ("Not", "not", Holds::Schema),
    ("Properties", "properties", Holds::Named),
    ("AdditionalProperties", "additionalProperties", Holds::SchemaOrFlag),
    ("PatternProperties", "patternProperties", Holds::Named),
    ("Dependencies", "dependencies", Holds::Named),
    ("AdditionalItems", "additionalItems", Holds::SchemaOrFlag),
    ("Definitions", "definitions", Holds::Named),
    ("ExternalDocs", "externalDocs", Holds::Plain("null")),
    ("Example", "example", Holds::Plain("null")),
    ("XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", Holds::Plain("null")),
    ("XEmbeddedResource", "x-kubernetes-embedded-resource", Holds::Plain("false")),
    ("XIntOrString", "x-kubernetes-int-or-string", Holds::Plain("false")),
    ("XListMapKeys", "x-kubernetes-list-map-keys", Holds::Plain("null")),
    ("XListType", "x-kubernetes-list-type", Holds::Plain("null")),
    ("XMapType", "x-kubernetes-map-type", Holds::Plain("null")),
    ("XValidations", "x-kubernetes-validations", Holds::Rules),
];

/// Go's names of the fields that a schema has, in Go's order.
pub(super) fn fields_of(schema: &Value) -> impl Iterator<Item = &'static str> {
    SCHEMA.iter().filter(|(_, name, _)| is_set(schema.get(*name))).map(|(go, ..)| *go)
}

fn is_set(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

/// A schema as an error shows it.
pub(super) fn shown_schema(schema: &Value) -> String {
    let fields: Vec<String> = SCHEMA
        .iter()
        .map(|(go, name, holds)| format!("\"{go}\":{}", shown_field(schema.get(*name), *holds)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn shown_field(value: Option<&Value>, holds: Holds) -> String {
    let schemas = |items: &[Value]| {
        let items: Vec<String> = items.iter().map(shown_schema).collect();
        format!("[{}]", items.join(","))
    };
    let none = || match holds {
        Holds::Plain(none) => none.to_owned(),
        _ => "null".to_owned(),
    };
    let Some(value) = value.filter(|value| !value.is_null()) else { return none() };
    match (holds, value) {
        (Holds::Plain(_), value) => go_json(value),
        (Holds::Schema, of) => shown_schema(of),
        (Holds::Schemas, Value::Array(items)) => schemas(items),
        (Holds::Named, Value::Object(named)) => shown_named(named),
        (Holds::SchemaOrArray, Value::Array(items)) => {
            format!("{{\"Schema\":null,\"JSONSchemas\":{}}}", schemas(items))
        }
        (Holds::SchemaOrArray, of) => {
            format!("{{\"Schema\":{},\"JSONSchemas\":null}}", shown_schema(of))
        }
        (Holds::SchemaOrFlag, Value::Bool(flag)) => {
            format!("{{\"Allows\":{flag},\"Schema\":null}}")
        }
        (Holds::SchemaOrFlag, of) => format!("{{\"Allows\":true,\"Schema\":{}}}", shown_schema(of)),
        (Holds::Rules, Value::Array(rules)) => {
            let rules: Vec<String> = rules.iter().map(shown_rule).collect();
            format!("[{}]", rules.join(","))
        }
        _ => none(),
    }
}

fn shown_named(named: &Map<String, Value>) -> String {
    let fields: Vec<String> =
        named.iter().map(|(name, of)| format!("{}:{}", json!(name), shown_schema(of))).collect();
    format!("{{{}}}", fields.join(","))
}
