//! Structural schemas: what a `CustomResourceDefinition` says of its objects. They are read once;
//! then objects are pruned, defaulted and checked by them.
//!
//! Invariant: what was read as a structure was validated as a schema before; what is unknown in it
//! restricts nothing. Source: Kubernetes documentation, "Extend the Kubernetes API with
//! `CustomResourceDefinitions`"; `k8s.io/apiextensions-apiserver`.

mod check;
mod fill;
mod format;
mod prune;
mod read;
mod typed;

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::Value;

use crate::schema::{ListKey, Schema};

pub use format::is_format;
pub use read::{list_type, read};

/// The structure of a kind's objects in one version.
#[derive(Debug)]
pub struct Structure {
    /// The whole object.
    pub root: Node,
    /// The same as server-side apply sees it.
    pub schema: Schema,
    /// The definition as it was given.
    pub document: Value,
}

/// The types of JSON schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Fields.
    Object,
    /// Items.
    Array,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

impl Type {
    /// The word in schemas.
    pub fn word(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// What fields beside the named ones may be.
#[derive(Debug, Default)]
pub enum Additional {
    /// There are none.
    #[default]
    None,
    /// Anything.
    Any,
    /// Of this structure.
    Of(Box<Node>),
}

/// How a list's items are told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ListType {
    /// They are not.
    #[default]
    Atomic,
    /// By their values.
    Set,
    /// By these keys.
    Map(Vec<ListKey>),
}

impl ListType {
    /// The item of `old` that has the keys of `item`; items of other lists are not told apart.
    pub fn same_item<'a>(&self, old: Option<&'a Value>, item: &Value) -> Option<&'a Value> {
        let Self::Map(keys) = self else { return None };
        let key_of = |item: &Value, key: &ListKey| {
            item.get(key.field.as_ref()).or(key.default.as_ref()).cloned()
        };
        let same = |one: &&Value| keys.iter().all(|key| key_of(one, key) == key_of(item, key));
        old?.as_array()?.iter().find(same)
    }
}

/// One place in a structure.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an extension that Kubernetes defines")]
pub struct Node {
    /// The type; `None`: any.
    pub kind: Option<Type>,
    /// Whether null is a value.
    pub nullable: bool,
    /// The named fields.
    pub properties: BTreeMap<String, Node>,
    /// The other fields.
    pub additional: Additional,
    /// The items.
    pub items: Option<Box<Node>>,
    /// `x-kubernetes-preserve-unknown-fields`.
    pub preserves: bool,
    /// `x-kubernetes-embedded-resource`.
    pub embedded: bool,
    /// `x-kubernetes-int-or-string`.
    pub int_or_string: bool,
    /// `x-kubernetes-list-type` and its keys.
    pub list: ListType,
    /// `x-kubernetes-map-type: atomic`.
    pub atomic_map: bool,
    /// What stands where nothing is given.
    pub default: Option<Value>,
    /// What values must be.
    pub checks: Checks,
    /// `x-kubernetes-validations`, as given.
    pub rules: Vec<Value>,
}

/// What a value must be beyond its type.
#[derive(Debug, Default)]
pub struct Checks {
    /// Fields that must be there.
    pub required: Vec<String>,
    /// The values allowed.
    pub one_of_values: Option<Vec<Value>>,
    /// The least value, and whether it is itself excluded.
    pub minimum: Option<(f64, bool)>,
    /// The greatest value, and whether it is itself excluded.
    pub maximum: Option<(f64, bool)>,
    /// What the value is a multiple of.
    pub multiple_of: Option<f64>,
    /// Least and most letters.
    pub length: (Option<u64>, Option<u64>),
    /// What the text must match, with the pattern as given.
    pub pattern: Option<(String, Regex)>,
    /// The format.
    pub format: Option<String>,
    /// Least and most items.
    pub items: (Option<u64>, Option<u64>),
    /// Whether items must differ.
    pub unique: bool,
    /// Least and most fields.
    pub properties: (Option<u64>, Option<u64>),
    /// Structures that must all hold.
    pub all_of: Vec<Node>,
    /// Structures of which one must hold.
    pub any_of: Vec<Node>,
    /// Structures of which exactly one must hold.
    pub one_of: Vec<Node>,
    /// A structure that must not hold.
    pub not: Option<Box<Node>>,
}

#[cfg(test)]
mod tests;
