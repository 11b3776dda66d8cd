//! From messages to documents.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Field, Message, Wire,
    wire::{Raw, Reader},
};
use crate::{
    base64,
    schema::{Definition, Schema},
};

/// Deepest nesting of messages.
const MAX_DEPTH: usize = 100;

/// Why bytes are no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProtobufError {
    /// They do not begin as documents do.
    #[error(
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
    )]
    NoMagic,
    /// They break off, or are no message.
    #[error("proto: illegal wireType or unexpected EOF")]
    Malformed,
    /// Messages stand in one another too deeply.
    #[error("proto: exceeded max depth")]
    TooDeep,
    /// The kind has no message.
    #[error("the kind has no protobuf message")]
    NoMessage,
}

/// Reads a message of `schema`.
///
/// Cost: O(bytes). Errors: malformed bytes, nesting too deep, a schema without a message.
pub fn decode(wire: &dyn Wire, schema: &Schema, bytes: &[u8]) -> Result<Value, ProtobufError> {
    Decoder { wire, depth: 0 }.object(schema, bytes)
}

#[derive(Clone, Copy)]
struct Decoder<'a> {
    wire: &'a dyn Wire,
    depth: usize,
}

impl Decoder<'_> {
    /// One level further down. Errors: that is too deep.
    fn below(self) -> Result<Self, ProtobufError> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH { Err(ProtobufError::TooDeep) } else { Ok(Self { depth, ..self }) }
    }

    fn object(&self, schema: &Schema, bytes: &[u8]) -> Result<Value, ProtobufError> {
        let Schema::Object(link) = schema else { return Err(ProtobufError::NoMessage) };
        let definition = link.definition();
        let message = self.wire.message(&definition.name).ok_or(ProtobufError::NoMessage)?;
        let mut out = Map::new();
        self.fields(definition, message, bytes, &mut out)?;
        Ok(out.into())
    }

    fn fields(
        &self,
        definition: &Definition,
        message: &Message,
        bytes: &[u8],
        out: &mut Map<String, Value>,
    ) -> Result<(), ProtobufError> {
        let mut reader = Reader::new(bytes);
        while let Some((number, raw)) = reader.next()? {
            match message.field(number) {
                None => {}
                Some(Field::Inline(inner)) => {
                    let inner = self.wire.message(inner).ok_or(ProtobufError::NoMessage)?;
                    let bytes = raw.bytes().ok_or(ProtobufError::Malformed)?;
                    self.below()?.fields(definition, inner, bytes, out)?;
                }
                Some(Field::Own { name, zero_counts }) => {
                    let Some(schema) = definition.fields.get(name) else { continue };
                    self.field(schema, raw, out, (name, *zero_counts))?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &self,
        schema: &Schema,
        raw: Raw<'_>,
        out: &mut Map<String, Value>,
        (name, zero_counts): (&str, bool),
    ) -> Result<(), ProtobufError> {
        match schema {
            Schema::List(item, _) => {
                let values = self.items(item, raw)?;
                let slot = out.entry(name).or_insert_with(|| json!([]));
                slot.as_array_mut().ok_or(ProtobufError::Malformed)?.extend(values);
            }
            Schema::Map(value, _) => {
                let (key, value) = self.entry(value, raw)?;
                let slot = out.entry(name).or_insert_with(|| json!({}));
                slot.as_object_mut().ok_or(ProtobufError::Malformed)?.insert(key, value);
            }
            _ => {
                let value = self.value(schema, raw)?;
                if !value.is_null() && (zero_counts || !is_zero(&value)) {
                    out.insert(name.to_owned(), value);
                }
            }
        }
        Ok(())
    }

    /// One item, or several numbers that stand packed.
    fn items(&self, item: &Schema, raw: Raw<'_>) -> Result<Vec<Value>, ProtobufError> {
        let numbers = matches!(item, Schema::Int32 | Schema::Int64 | Schema::Boolean);
        if let (true, Raw::Bytes(bytes)) = (numbers, raw) {
            let (mut reader, mut values) = (Reader::new(bytes), Vec::new());
            while !reader.is_empty() {
                values.push(self.value(item, Raw::Varint(reader.varint()?))?);
            }
            return Ok(values);
        }
        Ok(vec![self.value(item, raw)?])
    }

    fn entry(&self, schema: &Schema, raw: Raw<'_>) -> Result<(String, Value), ProtobufError> {
        let mut reader = Reader::new(raw.bytes().ok_or(ProtobufError::Malformed)?);
        let (mut key, mut value) = (String::new(), None);
        while let Some((number, raw)) = reader.next()? {
            match number {
                1 => raw.text().ok_or(ProtobufError::Malformed)?.clone_into(&mut key),
                2 => value = Some(self.value(schema, raw)?),
                _ => {}
            }
        }
        let empty = || match schema {
            Schema::List(..) => json!([]),
            Schema::Map(..) | Schema::Object(_) => json!({}),
            _ => "".into(),
        };
        Ok((key, value.unwrap_or_else(empty)))
    }

    fn value(&self, schema: &Schema, raw: Raw<'_>) -> Result<Value, ProtobufError> {
        let bytes = || raw.bytes().ok_or(ProtobufError::Malformed);
        let number = || match raw {
            Raw::Varint(value) => Ok(value.cast_signed()),
            _ => Err(ProtobufError::Malformed),
        };
        Ok(match schema {
            Schema::String => raw.text().ok_or(ProtobufError::Malformed)?.into(),
            Schema::Bytes => base64::encode(bytes()?).into(),
            Schema::Int32 | Schema::Int64 => number()?.into(),
            Schema::Boolean => (number()? != 0).into(),
            Schema::Number => match raw {
                Raw::Fixed64(bits) => f64::from_bits(bits).into(),
                Raw::Fixed32(bits) => f64::from(f32::from_bits(bits)).into(),
                _ => number()?.into(),
            },
            Schema::IntOrString => int_or_string(bytes()?)?,
            Schema::Quantity => first_text(bytes()?)?.into(),
            Schema::Time => time(bytes()?, false)?,
            Schema::MicroTime => time(bytes()?, true)?,
            Schema::Object(_) => self.below()?.object(schema, bytes()?)?,
            Schema::Any | Schema::Untyped => embedded(bytes()?)?,
            // A list that is the value of a map is a message whose first field repeats.
            Schema::List(item, _) => {
                let (mut reader, mut items) = (Reader::new(bytes()?), Vec::new());
                while let Some((_, raw)) = reader.next()? {
                    items.extend(self.items(item, raw)?);
                }
                items.into()
            }
            Schema::Map(value, _) => {
                let (key, value) = self.entry(value, raw)?;
                json!({key: value})
            }
        })
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Bool(flag) => !flag,
        _ => false,
    }
}

fn first_text(bytes: &[u8]) -> Result<String, ProtobufError> {
    let mut reader = Reader::new(bytes);
    let mut text = String::new();
    while let Some((number, raw)) = reader.next()? {
        if number == 1 {
            raw.text().ok_or(ProtobufError::Malformed)?.clone_into(&mut text);
        }
    }
    Ok(text)
}

fn int_or_string(bytes: &[u8]) -> Result<Value, ProtobufError> {
    let mut reader = Reader::new(bytes);
    let (mut is_text, mut number, mut text) = (false, 0, "");
    while let Some((field, raw)) = reader.next()? {
        match (field, raw) {
            (1, Raw::Varint(kind)) => is_text = kind == 1,
            (2, Raw::Varint(value)) => number = value.cast_signed(),
            (3, raw) => text = raw.text().ok_or(ProtobufError::Malformed)?,
            _ => {}
        }
    }
    Ok(if is_text { text.into() } else { number.into() })
}

/// A time; the empty message is no time.
fn time(bytes: &[u8], micro: bool) -> Result<Value, ProtobufError> {
    let mut reader = Reader::new(bytes);
    let (mut seconds, mut nanos) = (0_i64, 0_i32);
    while let Some((field, raw)) = reader.next()? {
        match (field, raw) {
            (1, Raw::Varint(value)) => seconds = value.cast_signed(),
            (2, Raw::Varint(value)) => nanos = i32::try_from(value).unwrap_or_default(),
            _ => {}
        }
    }
    if seconds == 0 && nanos == 0 {
        return Ok(Value::Null);
    }
    let time = Timestamp::new(seconds, nanos).map_err(|_| ProtobufError::Malformed)?;
    let form = if micro { "%Y-%m-%dT%H:%M:%S%.6fZ" } else { "%Y-%m-%dT%H:%M:%SZ" };
    Ok(time.strftime(form).to_string().into())
}

/// JSON that stands in a message as bytes.
fn embedded(bytes: &[u8]) -> Result<Value, ProtobufError> {
    let mut reader = Reader::new(bytes);
    let mut value = Value::Null;
    while let Some((number, raw)) = reader.next()? {
        if let (1, Some(bytes)) = (number, raw.bytes())
            && !bytes.is_empty()
        {
            value = serde_json::from_slice(bytes).map_err(|_| ProtobufError::Malformed)?;
        }
    }
    Ok(value)
}
