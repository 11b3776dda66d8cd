//! From documents to messages.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Field, Message, ProtobufError, Wire,
    wire::{put_bytes, put_double, put_number},
};
use crate::{
    base64,
    schema::{Definition, Schema},
};

/// Writes a document of `schema` as a message. What the schema does not know is left out.
///
/// Cost: O(document). Errors: a schema without a message.
pub fn encode(wire: &dyn Wire, schema: &Schema, value: &Value) -> Result<Vec<u8>, ProtobufError> {
    let mut out = Vec::new();
    Encoder { wire }.object(schema, value, &mut out)?;
    Ok(out)
}

/// Writes a list: its metadata and its items, each by its schema.
pub fn encode_list(
    wire: &dyn Wire,
    (metadata, item): (&Schema, &Schema),
    list: &Value,
) -> Result<Vec<u8>, ProtobufError> {
    let encoder = Encoder { wire };
    let mut out = Vec::new();
    encoder.value(metadata, list.get("metadata").unwrap_or(&Value::Null), 1, &mut out)?;
    for one in crate::meta::items(list, "/items") {
        encoder.value(item, one, 2, &mut out)?;
    }
    Ok(out)
}

struct Encoder<'a> {
    wire: &'a dyn Wire,
}

impl Encoder<'_> {
    fn object(
        &self,
        schema: &Schema,
        value: &Value,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtobufError> {
        let Schema::Object(link) = schema else { return Err(ProtobufError::NoMessage) };
        let definition = link.definition();
        let message = self.wire.message(&definition.name).ok_or(ProtobufError::NoMessage)?;
        self.fields(definition, message, value, out)
    }

    fn fields(
        &self,
        definition: &Definition,
        message: &Message,
        value: &Value,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtobufError> {
        for (number, field) in message.fields() {
            match field {
                Field::Inline(inner) => {
                    let inner = self.wire.message(inner).ok_or(ProtobufError::NoMessage)?;
                    let mut body = Vec::new();
                    self.fields(definition, inner, value, &mut body)?;
                    put_bytes(out, number, &body);
                }
                Field::Own { name, .. } => {
                    let known = definition.fields.get(name).zip(value.get(name.as_ref()));
                    let Some((schema, value)) = known else { continue };
                    if !value.is_null() {
                        self.field(schema, value, number, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(
        &self,
        schema: &Schema,
        value: &Value,
        number: u32,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtobufError> {
        match (schema, value) {
            (Schema::List(item, _), Value::Array(items)) => {
                for one in items {
                    self.value(item, one, number, out)?;
                }
            }
            (Schema::Map(inner, _), Value::Object(entries)) => {
                for (key, value) in entries {
                    let mut entry = Vec::new();
                    put_bytes(&mut entry, 1, key.as_bytes());
                    self.value(inner, value, 2, &mut entry)?;
                    put_bytes(out, number, &entry);
                }
            }
            _ => self.value(schema, value, number, out)?,
        }
        Ok(())
    }

    fn value(
        &self,
        schema: &Schema,
        value: &Value,
        number: u32,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtobufError> {
        let text = value.as_str().unwrap_or_default();
        let mut body = Vec::new();
        match schema {
            Schema::String => put_bytes(out, number, text.as_bytes()),
            Schema::Bytes => {
                put_bytes(out, number, &base64::decode(text).unwrap_or_default());
            }
            Schema::Int32 | Schema::Int64 => {
                put_number(out, number, value.as_i64().unwrap_or_default());
            }
            Schema::Boolean => put_number(out, number, value.as_bool().unwrap_or_default().into()),
            Schema::Number => put_double(out, number, value.as_f64().unwrap_or_default()),
            Schema::IntOrString => {
                put_number(&mut body, 1, value.is_string().into());
                put_number(&mut body, 2, value.as_i64().unwrap_or_default());
                put_bytes(&mut body, 3, text.as_bytes());
                put_bytes(out, number, &body);
            }
            Schema::Quantity => {
                let amount = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                put_bytes(&mut body, 1, amount.as_bytes());
                put_bytes(out, number, &body);
            }
            Schema::Time | Schema::MicroTime => {
                if let Ok(time) = text.parse::<Timestamp>() {
                    put_number(&mut body, 1, time.as_second());
                    put_number(&mut body, 2, time.subsec_nanosecond().into());
                }
                put_bytes(out, number, &body);
            }
            Schema::Object(_) => {
                self.object(schema, value, &mut body)?;
                put_bytes(out, number, &body);
            }
            Schema::Any | Schema::Untyped => {
                put_bytes(&mut body, 1, value.to_string().as_bytes());
                put_bytes(out, number, &body);
            }
            Schema::List(..) | Schema::Map(..) => {
                self.field(schema, value, 1, &mut body)?;
                put_bytes(out, number, &body);
            }
        }
        Ok(())
    }
}
