//! The schema engine: one description of a kind's fields, read from its OpenAPI types, that
//! decoding, pruning, patches and printing walk.
//!
//! A schema is immutable and shared. Recursive definitions point back through a [`Link`].

mod build;
mod decode;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use serde_json::Value;

pub use build::{Facts, ListFact, Source, from_json_schema};
pub use decode::{Decoded, TypeError, decode};

/// A named group of fields, such as `io.k8s.api.core.v1.PodSpec`.
#[derive(Debug)]
pub struct Definition {
    /// The name in OpenAPI documents.
    pub name: Box<str>,
    /// The fields by name.
    pub fields: BTreeMap<Box<str>, Schema>,
    /// The fields that must be there.
    pub required: Vec<Box<str>>,
    /// Whether one owner owns all fields together.
    pub granularity: Granularity,
    /// Whether there may be fields that are not named.
    pub open: bool,
}

impl Definition {
    /// The last part of the name: Go's type name, as decoding errors show it.
    pub fn go_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// A pointer to a definition that may still be being built.
#[derive(Debug, Clone, Default)]
pub struct Link(Arc<OnceLock<Definition>>);

impl Link {
    /// The definition.
    ///
    /// # Panics
    /// Never for a schema that was handed out: building fills every link first.
    pub fn definition(&self) -> &Definition {
        self.0.get().expect("building a schema fills each link before it hands the schema out")
    }

    pub(crate) fn fill(&self, definition: Definition) {
        // Filled once by construction; a second filling would be the same definition again.
        drop(self.0.set(definition));
    }
}

/// What a value may be.
#[derive(Debug, Clone)]
pub enum Schema {
    /// Fields with names of their own.
    Object(Link),
    /// Any keys, one kind of value.
    Map(Arc<Schema>, Granularity),
    /// Items of one kind.
    List(Arc<Schema>, ListRule),
    /// Text.
    String,
    /// Base64 of bytes.
    Bytes,
    /// A 32-bit whole number.
    Int32,
    /// A 64-bit whole number.
    Int64,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A whole number or text, such as a port or a percentage.
    IntOrString,
    /// An amount with a unit.
    Quantity,
    /// A point in time with whole seconds.
    Time,
    /// A point in time with microseconds.
    MicroTime,
    /// Anything, owned as a whole.
    Any,
    /// Anything, owned field by field as far as its objects reach.
    Untyped,
}

/// Whether the parts of a value have owners of their own in server-side apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// Each part has.
    Granular,
    /// The whole has.
    Atomic,
}

/// How two versions of a list become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRule {
    /// In strategic merge patches.
    pub patch: PatchRule,
    /// In server-side apply.
    pub apply: ApplyRule,
}

impl ListRule {
    /// A list that is replaced as a whole.
    pub const ATOMIC: Self = Self { patch: PatchRule::Replace, apply: ApplyRule::Atomic };
}

/// What a strategic merge patch does with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchRule {
    /// The patch's list replaces the other.
    Replace,
    /// A set of scalars: the union.
    Union,
    /// Items are the same where their values of this key are.
    Keyed(Box<str>),
}

/// Whose the items of a list are in server-side apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyRule {
    /// The whole list has owners.
    Atomic,
    /// Each value has owners.
    Set,
    /// Each item has owners; items are the same where all keys are.
    Keyed(Vec<ListKey>),
}

/// A key by which the items of a list are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    /// The field.
    pub field: Box<str>,
    /// What an item that leaves it out means.
    pub default: Option<Value>,
}

impl Schema {
    /// The schema of the field `name`: of an object's field or of any entry of a map.
    pub fn field(&self, name: &str) -> Option<&Schema> {
        match self {
            Self::Object(link) => link.definition().fields.get(name),
            Self::Map(value, _) => Some(value),
            _ => None,
        }
    }

    /// The schema of a list's items.
    pub fn item(&self) -> Option<&Schema> {
        match self {
            Self::List(item, _) => Some(item),
            _ => None,
        }
    }

    /// The schema at a road of field names; lists are entered by any step.
    pub fn at(&self, road: &[&str]) -> Option<&Schema> {
        let Some((first, rest)) = road.split_first() else { return Some(self) };
        match self {
            Self::List(item, _) => item.at(rest),
            _ => self.field(first)?.at(rest),
        }
    }
}
