//! Types of expressions. Source: cel-go, `common/types/types.go`, `checker/format.go`.

use std::{collections::BTreeMap, fmt, sync::Arc};

/// What an expression may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Not known before it is evaluated.
    Dyn,
    /// Wrong already.
    Error,
    /// Only null.
    Null,
    /// True or false.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// A whole number without sign.
    Uint,
    /// A floating-point number.
    Double,
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// A point in time.
    Timestamp,
    /// A length of time.
    Duration,
    /// Items of one type.
    List(Arc<Type>),
    /// Values by key.
    Map(Arc<Type>, Arc<Type>),
    /// Fields by name.
    Object(Arc<Object>),
    /// A kind of value with functions of its own, such as `net.IP`, and its parameters.
    Opaque(&'static str, Arc<[Type]>),
    /// A type as a value; what it is the type of, where known.
    Type(Option<Arc<Type>>),
    /// Whatever fits.
    Param(usize),
}

/// The type of objects.
#[derive(Debug)]
pub struct Object {
    /// The name, such as `kubernetes.AdmissionRequest`.
    pub name: String,
    /// The fields by name, escaped as expressions write them.
    pub fields: BTreeMap<String, Type>,
    /// Whether expressions may name any field, each of any type.
    pub open: bool,
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The name of optional values' type.
pub(crate) const OPTIONAL: &str = "optional_type";

impl Type {
    /// A list of `item`s.
    pub fn list(item: Self) -> Self {
        Self::List(Arc::new(item))
    }

    /// A map.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// A value that may be absent.
    pub fn optional(of: Self) -> Self {
        Self::Opaque(OPTIONAL, Arc::new([of]))
    }

    /// A kind of value with functions of its own.
    pub fn opaque(name: &'static str) -> Self {
        Self::Opaque(name, Arc::new([]))
    }

    pub(crate) fn unwrapped(&self) -> (&Self, bool) {
        match self {
            Self::Opaque(OPTIONAL, of) => (of.first().unwrap_or(&Self::Dyn), true),
            other => (other, false),
        }
    }

    pub(crate) fn is_dyn(&self) -> bool {
        matches!(self, Self::Dyn)
    }

    /// Tells whether nothing can be said against it.
    pub(crate) fn is_dyn_or_error(&self) -> bool {
        matches!(self, Self::Dyn | Self::Error)
    }

    /// The types that this one is made of.
    pub(crate) fn parameters(&self) -> Vec<&Self> {
        match self {
            Self::List(item) => vec![item],
            Self::Map(key, value) => vec![key, value],
            Self::Opaque(_, of) => of.iter().collect(),
            Self::Type(Some(of)) => vec![of],
            _ => Vec::new(),
        }
    }

    /// The same type with its parts changed.
    pub(crate) fn mapped(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        match self {
            Self::List(item) => Self::list(change(item)),
            Self::Map(key, value) => Self::map(change(key), change(value)),
            Self::Opaque(name, of) => Self::Opaque(name, of.iter().map(change).collect()),
            Self::Type(Some(of)) => Self::Type(Some(Arc::new(change(of)))),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dyn => out.write_str("dyn"),
            Self::Error => out.write_str("!error!"),
            Self::Null => out.write_str("null"),
            Self::Bool => out.write_str("bool"),
            Self::Int => out.write_str("int"),
            Self::Uint => out.write_str("uint"),
            Self::Double => out.write_str("double"),
            Self::String => out.write_str("string"),
            Self::Bytes => out.write_str("bytes"),
            Self::Timestamp => out.write_str("timestamp"),
            Self::Duration => out.write_str("duration"),
            Self::List(item) => write!(out, "list({item})"),
            Self::Map(key, value) => write!(out, "map({key}, {value})"),
            Self::Object(object) => out.write_str(&object.name),
            Self::Opaque(name, of) if of.is_empty() => out.write_str(name),
            Self::Opaque(name, of) => {
                let of: Vec<String> = of.iter().map(ToString::to_string).collect();
                write!(out, "{name}({})", of.join(", "))
            }
            Self::Type(Some(of)) => write!(out, "type({of})"),
            Self::Type(None) => out.write_str("type"),
            Self::Param(number) => write!(out, "_var{number}"),
        }
    }
}
