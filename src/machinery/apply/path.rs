//! Roads to fields, and their written form in `fieldsV1`.

use std::{cmp::Ordering, fmt};

use serde_json::{Map, Value};

/// A scalar with an order: it identifies an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar(pub Value);

impl Scalar {
    fn rank(&self) -> u8 {
        match self.0 {
            Value::Number(_) => 0,
            Value::String(_) => 1,
            Value::Bool(_) => 2,
            Value::Null => 3,
            Value::Array(_) => 4,
            Value::Object(_) => 5,
        }
    }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Value::Number(left), Value::Number(right)) => {
                let both = left.as_f64().zip(right.as_f64());
                both.map_or(Ordering::Equal, |(left, right)| left.total_cmp(&right))
                    .then_with(|| left.to_string().cmp(&right.to_string()))
            }
            (Value::String(left), Value::String(right)) => left.cmp(right),
            (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
            (left, right) if self.rank() == other.rank() => {
                left.to_string().cmp(&right.to_string())
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One step of a road.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// A field of an object, or a key of a map.
    Field(Box<str>),
    /// The item of a list with these values of its keys, sorted by key.
    Key(Vec<(Box<str>, Scalar)>),
    /// The item of a set.
    Value(Scalar),
    /// The item at a place.
    Index(u64),
}

/// A road from the root.
pub type Path = Vec<PathElement>;

impl PathElement {
    /// Reads the written form: `f:name`, `k:{"name":"x"}`, `v:1`, `i:0`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sort, rest) = text.split_once(':')?;
        match sort {
            "f" => Some(Self::Field(rest.into())),
            "k" => {
                let keys: Map<String, Value> = serde_json::from_str(rest).ok()?;
                let mut keys: Vec<_> =
                    keys.into_iter().map(|(key, value)| (key.into(), Scalar(value))).collect();
                keys.sort();
                Some(Self::Key(keys))
            }
            "v" => Some(Self::Value(Scalar(serde_json::from_str(rest).ok()?))),
            "i" => Some(Self::Index(rest.parse().ok()?)),
            _ => None,
        }
    }

    /// The written form.
    pub fn written(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(keys) => {
                let keys = keys.iter().map(|(key, value)| {
                    format!("{}:{}", Value::String(key.as_ref().to_owned()), value.0)
                });
                format!("k:{{{}}}", keys.collect::<Vec<_>>().join(","))
            }
            Self::Value(value) => format!("v:{}", value.0),
            Self::Index(index) => format!("i:{index}"),
        }
    }
}

/// As conflicts name it: `.name`, `[name="x"]`, `[=1]`, `[0]`.
impl fmt::Display for PathElement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(out, ".{name}"),
            Self::Key(keys) => {
                let keys: Vec<String> =
                    keys.iter().map(|(key, value)| format!("{key}={}", value.0)).collect();
                write!(out, "[{}]", keys.join(","))
            }
            Self::Value(value) => write!(out, "[={}]", value.0),
            Self::Index(index) => write!(out, "[{index}]"),
        }
    }
}
