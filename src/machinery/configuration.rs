//! Configuration files of components: their types, a line a type, and strict decoding by them.
//! Source: `runtime.Decode` with strict codecs, whose words errors have.

use serde_json::{Map, Value, json};

use crate::{
    field::go_quoted,
    schema::{self, Facts, Schema, Source},
    yaml,
};

/// Types, one a line: its name, then its fields as `name:type`; `*` before a type is a list.
#[derive(Debug, Clone, Copy)]
pub struct Types(pub &'static str);

/// What is wrong with a document before its values are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A value has the wrong type.
    Type(String),
    /// There are fields that nobody knows.
    Strict(Vec<String>),
}

fn shape(name: &str) -> Value {
    if let Some(item) = name.strip_prefix('*') {
        return json!({"type": "array", "items": shape(item)});
    }
    match name {
        "string" => json!({"type": "string"}),
        "bytes" => json!({"type": "string", "format": "byte"}),
        "bool" => json!({"type": "boolean"}),
        "int32" => json!({"type": "integer", "format": "int32"}),
        "int64" => json!({"type": "integer", "format": "int64"}),
        "number" => json!({"type": "number"}),
        "any" => json!({"type": "object"}),
        other => json!({"$ref": format!("#/definitions/{other}")}),
    }
}

impl Types {
    /// Tells whether there is a type of this name.
    pub fn has(self, name: &str) -> bool {
        let lines = self.0.lines();
        lines.filter_map(|line| line.split_once(' ')).any(|(known, _)| known == name)
    }

    fn definitions(self) -> Map<String, Value> {
        let types = self.0.lines().filter_map(|line| line.split_once(' '));
        let read = |(name, fields): (&str, &str)| {
            let fields = fields.split(' ').filter_map(|field| field.split_once(':'));
            let fields: Map<String, Value> =
                fields.map(|(field, kind)| (field.to_owned(), shape(kind))).collect();
            (name.to_owned(), json!({"type": "object", "properties": fields}))
        };
        types.map(read).collect()
    }

    fn schema_of(self, name: &str) -> Schema {
        let definitions = self.definitions();
        let root = definitions.get(name).and_then(Value::as_object);
        let source = Source { root: root.unwrap_or(&definitions), definitions: &definitions };
        let facts = Facts { lists: &[], atomic: &[], atomic_maps: &[] };
        schema::from_json_schema(name, &source, &facts)
    }

    /// Reads a document as the type `name`. Errors: a wrong type, or unknown fields.
    pub fn decode(self, name: &str, value: Value) -> Result<Value, Refused> {
        let decoded = schema::decode(&self.schema_of(name), value)
            .map_err(|error| Refused::Type(error.to_string()))?;
        if decoded.unknown.is_empty() {
            return Ok(decoded.value);
        }
        let words = |path: &String| format!("unknown field {}", go_quoted(path));
        Err(Refused::Strict(decoded.unknown.iter().map(words).collect()))
    }

    /// Reads a file's text, YAML or JSON, as the type `kind` of one of `versions`.
    ///
    /// Errors: another kind, doubled or unknown fields, or a value of a wrong type.
    pub fn read(self, text: &str, kind: &str, versions: &[&str]) -> Result<Value, String> {
        if text.is_empty() {
            return Err("empty config data".to_owned());
        }
        let (value, complaints) = yaml::parse_strict(text).map_err(|error| error.to_string())?;
        let said = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
        let (given, version) = (said("kind"), said("apiVersion"));
        for (name, given) in [("Kind", given), ("apiVersion", version)] {
            if given.is_empty() {
                return Err(format!("Object '{name}' is missing in '{value}'"));
            }
        }
        if given != kind || !versions.contains(&version) {
            return Err(format!("no kind {given:?} is registered for version {version:?}"));
        }
        let strict = |words: &[String]| format!("strict decoding error: {}", words.join(", "));
        if !complaints.is_empty() {
            return Err(strict(&complaints));
        }
        self.decode(kind, value).map_err(|refused| match refused {
            Refused::Type(words) => words,
            Refused::Strict(words) => strict(&words),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: Types = Types("Walk kind:string apiVersion:string steps:*Step\nStep left:int32");

    #[test]
    fn files_are_read_strictly() {
        let head = "apiVersion: walk/v1\nkind: Walk\n";
        let read = |text: &str| TYPES.read(text, "Walk", &["walk/v1", "walk/v2"]);
        let walk = read(&format!("{head}steps: [{{left: 1}}]")).unwrap();
        assert_eq!(walk["steps"][0]["left"], 1);
        for (text, why) in [
            (String::new(), "empty config data"),
            ("apiVersion: v1".into(), r#"Object 'Kind' is missing in '{"apiVersion":"v1"}'"#),
            (
                "apiVersion: v1\nkind: Walk".into(),
                r#"no kind "Walk" is registered for version "v1""#,
            ),
            (
                format!("{head}steps: [{{}}, {{right: 1}}]"),
                r#"strict decoding error: unknown field "steps[1].right""#,
            ),
            (
                format!("{head}steps: [{{left: a}}]"),
                "json: cannot unmarshal string into Go struct field Step.steps.left of type int32",
            ),
        ] {
            assert_eq!(read(&text).unwrap_err(), why);
        }
        let twice = read(&format!("{head}steps: []\nsteps: []")).unwrap_err();
        assert!(twice.contains("strict decoding error: ") && twice.contains("steps"), "{twice}");
    }
}
