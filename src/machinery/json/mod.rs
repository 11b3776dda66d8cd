//! JSON in, remembering what `serde_json` forgets: fields that stand twice in one object.

pub mod ordered;
mod pretty;
mod skim;
mod syntax;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

pub use pretty::indented;
pub use skim::{IDENTITY, Keep, WITHOUT_NOTES, object_at_start, skim};
pub use syntax::go_syntax_error;

/// Deepest nesting of a document that is taken. What is kept of it is deeper by the notes of who owns
/// which field, and stands in lists and events, which `serde_json` reads up to 127 levels.
pub const MAX_DEPTH: usize = 110;
/// Deepest nesting of what is kept.
pub const MAX_KEPT_DEPTH: usize = 123;

/// In how many objects and lists the innermost value stands.
pub fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// What a value is, as Go's `encoding/json` names it in its errors.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A document and the paths of the fields that it names more than once.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The document; of a repeated field the last value counts.
    pub value: Value,
    /// The paths of repeated fields, such as `spec.replicas`.
    pub duplicates: Vec<String>,
}

/// Parses one JSON document.
///
/// Cost: O(input). Errors: malformed input, anything after the document, nesting too deep.
pub fn parse(input: &[u8]) -> Result<Parsed, serde_json::Error> {
    let mut duplicates = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(input);
    let seed = Seed { path: String::new(), depth: 0, duplicates: &mut duplicates };
    let value = seed.deserialize(&mut reader)?;
    reader.end()?;
    Ok(Parsed { value, duplicates })
}

struct Seed<'a> {
    path: String,
    depth: usize,
    duplicates: &'a mut Vec<String>,
}

impl Seed<'_> {
    fn below(&mut self, path: String) -> Seed<'_> {
        Seed { path, depth: self.depth + 1, duplicates: self.duplicates }
    }

    fn check_depth<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom("exceeded max depth"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut items = Vec::new();
        let path = self.path.clone();
        while let Some(item) =
            list.next_element_seed(self.below(format!("{path}[{}]", items.len())))?
        {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let path =
                if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            if fields.contains_key(&key) && !self.duplicates.contains(&path) {
                self.duplicates.push(path.clone());
            }
            let value = map.next_value_seed(self.below(path))?;
            fields.insert(key, value);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_fields_are_found_and_the_last_counts() {
        let parsed = parse(br#"{"a":1,"b":[{"c":1,"c":2}],"a":3}"#).unwrap();
        assert_eq!(parsed.value, serde_json::json!({"a": 3, "b": [{"c": 2}]}));
        assert_eq!(parsed.duplicates, ["b[0].c", "a"]);
    }

    #[test]
    fn numbers_are_those_that_were_written() {
        for text in ["1.8446744073709738e+29", "0.1", "-5e-324", "1.7976931348623157e308"] {
            let value = parse(text.as_bytes()).unwrap().value;
            assert_eq!(value.as_f64(), text.parse().ok());
            assert_eq!(parse(value.to_string().as_bytes()).unwrap().value, value);
        }
    }

    #[test]
    fn nonsense_and_abysses_are_refused() {
        assert!(parse(b"{").is_err());
        assert!(parse(b"{} {}").is_err());
        let deep = "[".repeat(100_000);
        assert!(parse(deep.as_bytes()).is_err());
    }
}
