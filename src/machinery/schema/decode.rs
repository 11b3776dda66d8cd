//! Checks a document against a schema as Go's JSON decoder would read it into the kind's struct:
//! wrong types are errors, unknown fields are collected and dropped, nulls are nothing.

use std::fmt;

use serde_json::{Map, Value};

use super::{Definition, Schema};
use crate::quantity::Quantity;

/// A document as its kind's struct would hold it.
#[derive(Debug)]
pub struct Decoded {
    /// The document without unknown fields and nulls.
    pub value: Value,
    /// The paths of the fields that the kind does not have, in order.
    pub unknown: Vec<String>,
}

/// The first value that has the wrong type, in the words of Go's `encoding/json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError(String);

impl fmt::Display for TypeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for TypeError {}

/// Reads `value` by `schema`.
///
/// Cost: O(document). Errors: the first value of a wrong type.
pub fn decode(schema: &Schema, value: Value) -> Result<Decoded, TypeError> {
    let mut walk = Walk { unknown: Vec::new(), fields: Vec::new(), road: Vec::new() };
    let value = walk.value(schema, value)?;
    Ok(Decoded { value, unknown: walk.unknown })
}

struct Walk<'a> {
    unknown: Vec<String>,
    /// Struct name and field names so far: Go names the innermost struct and the whole road.
    fields: Vec<(&'a str, String)>,
    /// The road with list indexes, for unknown fields.
    road: Vec<String>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Schema, value: Value) -> Result<Value, TypeError> {
        if value.is_null() {
            return Ok(value);
        }
        match (schema, value) {
            (Schema::Object(link), Value::Object(map)) => self.object(link.definition(), map),
            (Schema::Map(inner, _), Value::Object(map)) => self.map(inner, map),
            (Schema::List(item, _), Value::Array(items)) => self.list(item, items),
            (schema, value) => match wrong_type(schema, &value) {
                None => Ok(canonical(schema, value)),
                Some(found) => Err(self.error(&found, schema)),
            },
        }
    }

    fn object(
        &mut self,
        definition: &'a Definition,
        map: Map<String, Value>,
    ) -> Result<Value, TypeError> {
        let mut out = Map::new();
        for (key, value) in map {
            let Some(schema) = definition.fields.get(key.as_str()) else {
                self.unknown.push(self.here(&key));
                continue;
            };
            self.fields.push((definition.go_name(), key.clone()));
            self.road.push(key.clone());
            let value = self.value(schema, value)?;
            self.fields.pop();
            self.road.pop();
            if !value.is_null() {
                out.insert(key, value);
            }
        }
        Ok(out.into())
    }

    fn map(&mut self, inner: &'a Schema, map: Map<String, Value>) -> Result<Value, TypeError> {
        let mut out = Map::new();
        for (key, value) in map {
            self.road.push(key.clone());
            let value = self.value(inner, value)?;
            self.road.pop();
            out.insert(key, if value.is_null() { zero(inner) } else { value });
        }
        Ok(out.into())
    }

    fn list(&mut self, item: &'a Schema, items: Vec<Value>) -> Result<Value, TypeError> {
        let mut out = Vec::with_capacity(items.len());
        let last = self.road.pop().unwrap_or_default();
        for (index, value) in items.into_iter().enumerate() {
            self.road.push(format!("{last}[{index}]"));
            let value = self.value(item, value)?;
            self.road.pop();
            out.push(if value.is_null() { zero(item) } else { value });
        }
        self.road.push(last);
        Ok(out.into())
    }

    fn here(&self, key: &str) -> String {
        let mut road = self.road.join(".");
        if !road.is_empty() {
            road.push('.');
        }
        road + key
    }

    fn error(&self, found: &str, schema: &Schema) -> TypeError {
        let wanted = go_type(schema);
        let place = match self.fields.last() {
            None => "value".to_owned(),
            Some((owner, _)) => {
                let road: Vec<&str> = self.fields.iter().map(|(_, field)| field.as_str()).collect();
                format!("struct field {owner}.{}", road.join("."))
            }
        };
        if let Some(words) = found.strip_prefix('!') {
            return TypeError(words.to_owned());
        }
        TypeError(format!("json: cannot unmarshal {found} into Go {place} of type {wanted}"))
    }
}

/// What Go would call the value if it cannot be read; with `!` in front a text of its own.
fn wrong_type(schema: &Schema, value: &Value) -> Option<String> {
    let fits = match (schema, value) {
        (Schema::Any | Schema::Untyped, _)
        | (Schema::String | Schema::IntOrString, Value::String(_))
        | (Schema::Number | Schema::Quantity, Value::Number(_))
        | (Schema::Boolean, Value::Bool(_)) => true,
        (Schema::Bytes, Value::String(text)) => match base64_error(text) {
            None => true,
            Some(at) => return Some(format!("!illegal base64 data at input byte {at}")),
        },
        (Schema::Int32 | Schema::IntOrString, Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        (Schema::Int64, Value::Number(number)) => number.as_i64().is_some(),
        (Schema::Quantity, Value::String(text)) => match text.parse::<Quantity>() {
            Ok(_) => true,
            Err(error) => return Some(format!("!{error}")),
        },
        (Schema::Time | Schema::MicroTime, Value::String(text)) => match time_error(schema, text) {
            None => true,
            Some(error) => return Some(format!("!{error}")),
        },
        _ => false,
    };
    if fits {
        return None;
    }
    Some(match value {
        Value::Number(number) if matches!(schema, Schema::Int32 | Schema::Int64) => {
            format!("number {number}")
        }
        value => crate::json::kind_of(value).into(),
    })
}

/// Quantities are kept as Kubernetes writes them, whatever way they came in.
fn canonical(schema: &Schema, value: Value) -> Value {
    if !matches!(schema, Schema::Quantity) {
        return value;
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse::<Quantity>().map_or(value, |amount| amount.to_string().into())
}

/// Where Go's decoder stops in a text that is no base64.
/// Source: `decodeQuantum` of Go's `encoding/base64`.
fn base64_error(text: &str) -> Option<usize> {
    let is_line_end = |byte: u8| byte == b'\n' || byte == b'\r';
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    // Digits of the group that is being read.
    let mut digits = 0;
    let mut bytes = text.bytes().enumerate().filter(|(_, byte)| !is_line_end(*byte));
    while let Some((at, byte)) = bytes.next() {
        if is_digit(byte) {
            digits = (digits + 1) % 4;
            continue;
        }
        if byte != b'=' || digits < 2 {
            return Some(at);
        }
        if digits == 2 {
            match bytes.next() {
                None => return Some(text.len()),
                Some((second, other)) if other != b'=' => return Some(second - 1),
                Some(_) => {}
            }
        }
        return bytes.next().map(|(rest, _)| rest);
    }
    (digits > 0).then(|| text.len() - digits)
}

fn time_error(schema: &Schema, text: &str) -> Option<String> {
    let parsed = text.parse::<jiff::Timestamp>();
    (!text.contains('T') || parsed.is_err()).then(|| {
        let quoted = crate::field::go_quoted(text);
        let micros = if matches!(schema, Schema::MicroTime) { ".000000" } else { "" };
        format!(
            "parsing time {quoted} as \"2006-01-02T15:04:05{micros}Z07:00\": cannot parse {quoted} \
             as \"2006\""
        )
    })
}

fn go_type(schema: &Schema) -> String {
    match schema {
        Schema::Object(link) => format!("v1.{}", link.definition().go_name()),
        Schema::Map(inner, _) => format!("map[string]{}", go_type(inner)),
        Schema::List(item, _) => format!("[]{}", go_type(item)),
        Schema::String | Schema::Time | Schema::MicroTime => "string".into(),
        Schema::Bytes => "[]uint8".into(),
        Schema::Int32 | Schema::IntOrString => "int32".into(),
        Schema::Int64 => "int64".into(),
        Schema::Number => "float64".into(),
        Schema::Boolean => "bool".into(),
        Schema::Quantity => "resource.Quantity".into(),
        Schema::Any | Schema::Untyped => "interface {}".into(),
    }
}

/// What Go leaves where a null stands in a list or map.
fn zero(schema: &Schema) -> Value {
    match schema {
        Schema::Object(_) | Schema::Map(..) => Value::Object(Map::new()),
        Schema::List(..) => Value::Array(Vec::new()),
        Schema::String | Schema::Bytes => "".into(),
        Schema::Int32 | Schema::Int64 | Schema::Number | Schema::IntOrString => 0.into(),
        Schema::Boolean => false.into(),
        Schema::Quantity => "0".into(),
        Schema::Time | Schema::MicroTime | Schema::Any | Schema::Untyped => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_fails_where_go_says() {
        for (text, at) in [
            ("", None),
            ("YWJj", None),
            ("YWI=", None),
            ("YQ==", None),
            ("YQ\n==\n", None),
            ("1", Some(0)),
            ("YQ", Some(0)),
            ("YWJjYQ", Some(4)),
            ("YQ=", Some(3)),
            ("YQ=a", Some(2)),
            ("YQ==a", Some(4)),
            ("Y!==", Some(1)),
            ("=", Some(0)),
            ("not base64!", Some(3)),
        ] {
            assert_eq!(base64_error(text), at, "{text:?}");
        }
    }
}
