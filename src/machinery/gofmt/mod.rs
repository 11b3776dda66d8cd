//! Go's `fmt` for the values that decoded JSON is made of, to the byte.
//!
//! Printed text is bytes: base64 and escapes lead to text that is no UTF-8. Source: Go's `fmt`.

mod float;
mod number;
mod printf;
pub mod quote;
mod verbs;

use std::{borrow::Cow, cmp::Ordering};

use serde_json::{Map, Value};

use self::verbs::Printer;
pub use self::{number::parse_uint, printf::sprintf};

/// A value of Go.
#[derive(Debug, Clone)]
pub enum Go<'v> {
    /// The empty interface.
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`: what a template writes
    Int(i64),
    /// `int64`: what JSON holds
    Int64(i64),
    /// `uint8`: a byte of a text
    Byte(u8),
    /// `float64`
    Float(f64),
    /// `complex128`
    Complex(f64, f64),
    /// `string`
    Text(Cow<'v, [u8]>),
    /// `[]interface {}`
    List(&'v [Value]),
    /// `map[string]interface {}`
    Map(&'v Map<String, Value>),
}

impl<'v> From<&'v Value> for Go<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Self::Int64(whole),
                None => Self::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(Cow::Borrowed(text.as_bytes())),
            Value::Array(list) => Self::List(list),
            Value::Object(map) => Self::Map(map),
        }
    }
}

/// Kinds that can be compared with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Truth.
    Bool,
    /// Whole numbers with a sign.
    Int,
    /// Whole numbers without.
    Uint,
    /// Numbers with a point.
    Float,
    /// Complex numbers.
    Complex,
    /// Text.
    Text,
    /// What has no order: nil, lists, maps.
    Other,
}

impl Go<'_> {
    /// The type's name; of nothing `None`.
    pub fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Nil => return None,
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::Text(_) => "string",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        })
    }

    /// What it can be compared with.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) | Self::Int64(_) => Kind::Int,
            Self::Byte(_) => Kind::Uint,
            Self::Float(_) => Kind::Float,
            Self::Complex(..) => Kind::Complex,
            Self::Text(_) => Kind::Text,
            Self::Nil | Self::List(_) | Self::Map(_) => Kind::Other,
        }
    }

    /// A whole number of any kind.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) | Self::Int64(number) => Some(*number),
            Self::Byte(byte) => Some(i64::from(*byte)),
            _ => None,
        }
    }

    /// Whether a condition takes it as true.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) | Self::Int64(number) => *number != 0,
            Self::Byte(byte) => *byte != 0,
            Self::Float(number) => *number != 0.0,
            Self::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
        }
    }

    /// The order of two of one kind, or of two whole numbers; `None` where there is none.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.whole(), other.whole()) {
            return Some(a.cmp(&b));
        }
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Complex(a, b), Self::Complex(c, d)) => {
                let same = [a.partial_cmp(c), b.partial_cmp(d)] == [Some(Ordering::Equal); 2];
                same.then_some(Ordering::Equal)
            }
            _ => None,
        }
    }

    /// `%v`
    pub fn shown(&self) -> Vec<u8> {
        let mut printer = Printer::default();
        printer.argument(self, 'v');
        printer.out
    }

    /// `%v` as text.
    pub fn words(&self) -> String {
        String::from_utf8_lossy(&self.shown()).into_owned()
    }

    /// `%#v`
    pub fn syntax(&self) -> String {
        let mut printer = Printer::default();
        printer.flags.syntax = true;
        printer.argument(self, 'v');
        String::from_utf8_lossy(&printer.out).into_owned()
    }
}

/// Go's `fmt.Sprint`: a blank between two operands neither of which is text.
pub fn sprint(values: &[Go<'_>]) -> Vec<u8> {
    let mut printer = Printer::default();
    let mut text_before = true;
    for value in values {
        let text = matches!(value, Go::Text(_));
        if !text && !text_before {
            printer.out.push(b' ');
        }
        printer.argument(value, 'v');
        text_before = text;
    }
    printer.out
}

/// Go's `fmt.Sprintln`: a blank between all, and a line break.
pub fn sprintln(values: &[Go<'_>]) -> Vec<u8> {
    let mut printer = Printer::default();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            printer.out.push(b' ');
        }
        printer.argument(value, 'v');
    }
    printer.out.push(b'\n');
    printer.out
}

#[cfg(test)]
mod tests;
