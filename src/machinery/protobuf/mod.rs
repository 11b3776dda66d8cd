//! Kubernetes' protobuf: documents in messages whose shape their schema tells and whose numbers are
//! facts ([`Wire`]). Knows no kind.
//!
//! Source: `k8s.io/apimachinery/pkg/runtime/serializer/protobuf` and the encoding of Protocol
//! Buffers, version 2.

mod decode;
mod encode;
pub mod wire;

use std::collections::BTreeMap;

pub use decode::{ProtobufError, decode};
pub use encode::{encode, encode_list};

use wire::{Reader, put_bytes};

/// The four bytes with which every document begins.
const MAGIC: &[u8] = b"k8s\0";

/// The messages that definitions are written as.
pub trait Wire {
    /// The message of an OpenAPI definition; `None`: it has none.
    fn message(&self, definition: &str) -> Option<&Message>;
}

/// A field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A field of the JSON object.
    Own {
        /// Its name.
        name: Box<str>,
        /// Whether zero is a value rather than nothing.
        zero_counts: bool,
    },
    /// A message of this name whose fields stand in the same JSON object.
    Inline(String),
}

/// The fields of a message by number, and the order in which Go's struct has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    fields: BTreeMap<u32, Field>,
    order: Vec<u32>,
}

impl Message {
    /// A message with these fields, in the order of the struct.
    pub fn new(fields: impl IntoIterator<Item = (u32, Field)>) -> Self {
        let mut message = Self::default();
        for (number, field) in fields {
            message.order.push(number);
            message.fields.insert(number, field);
        }
        message
    }

    /// All fields, in the order of the struct.
    pub fn in_order(&self) -> impl Iterator<Item = &Field> {
        self.order.iter().filter_map(|number| self.fields.get(number))
    }

    /// The field of that number.
    pub fn field(&self, number: u32) -> Option<&Field> {
        self.fields.get(&number)
    }

    /// All fields, by number.
    pub fn fields(&self) -> impl Iterator<Item = (u32, &Field)> {
        self.fields.iter().map(|(number, field)| (*number, field))
    }
}

/// A document in its envelope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// The message.
    pub raw: Vec<u8>,
}

impl Envelope {
    /// Reads an envelope. Errors: it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProtobufError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(ProtobufError::NoMagic)?;
        let mut envelope = Self::default();
        let mut reader = Reader::new(body);
        while let Some((number, value)) = reader.next()? {
            match (number, value.bytes()) {
                (1, Some(meta)) => envelope.take_type(meta)?,
                (2, Some(raw)) => envelope.raw = raw.to_vec(),
                _ => {}
            }
        }
        Ok(envelope)
    }

    fn take_type(&mut self, meta: &[u8]) -> Result<(), ProtobufError> {
        let mut reader = Reader::new(meta);
        while let Some((number, value)) = reader.next()? {
            let text = value.text().unwrap_or_default();
            match number {
                1 => text.clone_into(&mut self.api_version),
                2 => text.clone_into(&mut self.kind),
                _ => {}
            }
        }
        Ok(())
    }

    /// The envelope as bytes.
    pub fn written(&self) -> Vec<u8> {
        let mut meta = Vec::new();
        put_bytes(&mut meta, 1, self.api_version.as_bytes());
        put_bytes(&mut meta, 2, self.kind.as_bytes());
        let mut out = MAGIC.to_vec();
        put_bytes(&mut out, 1, &meta);
        put_bytes(&mut out, 2, &self.raw);
        put_bytes(&mut out, 3, b"");
        put_bytes(&mut out, 4, b"");
        out
    }
}

#[cfg(test)]
mod tests;
