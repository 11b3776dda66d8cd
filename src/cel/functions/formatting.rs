//! `format` and `strings.quote`. Source: cel-go, `ext/formatting.go`.

use std::fmt::Write as _;

use super::{
    Give,
    convert::go_float,
    time::{duration_text, timestamp_text},
};
use crate::value::{EvalError, Value};

/// The most digits that may be asked for.
const MOST_DIGITS: usize = 1000;

/// A text with its clauses filled in, such as `%s` and `%.2f`.
pub(super) fn format(text: &str, values: &[Value]) -> Give {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    let mut next = values.iter().enumerate();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        if letters.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        let mut digits = None;
        if letters.next_if_eq(&'.').is_some() {
            let mut number = String::new();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                number.push(digit);
            }
            let number = number.parse::<usize>().ok().filter(|number| *number <= MOST_DIGITS);
            digits = Some(number.ok_or_else(|| EvalError::new("unable to parse precision"))?);
        }
        let Some(verb) = letters.next() else {
            return Err(EvalError::new("unexpected end of string"));
        };
        let Some((index, value)) = next.next() else {
            return Err(EvalError::new(format!("index {} out of range", values.len())));
        };
        clause(&mut out, verb, digits, value).map_err(|error| {
            EvalError::new(format!("error during formatting: {error} (argument {index})"))
        })?;
    }
    Ok(Value::String(out.into()))
}

fn clause(
    out: &mut String,
    verb: char,
    digits: Option<usize>,
    value: &Value,
) -> Result<(), EvalError> {
    let wrong = |wanted: &str| {
        let found = value.type_name();
        EvalError::new(format!(
            "{wanted} clause can only be used on such values, was given {found}"
        ))
    };
    let text = match (verb, value) {
        ('s', value) => shown(value)?,
        ('d', Value::Int(number)) => number.to_string(),
        ('d', Value::Uint(number)) => number.to_string(),
        ('f', Value::Double(number)) if number.is_finite() => {
            format!("{number:.*}", digits.unwrap_or(6))
        }
        ('e', Value::Double(number)) if number.is_finite() => {
            let text = format!("{number:.*e}", digits.unwrap_or(6));
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(("+", exponent), |rest| ("-", rest));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        ('f' | 'e', Value::Double(number)) => go_float(*number).trim_start_matches('+').to_owned(),
        ('b', Value::Int(number)) => based(*number, |number| format!("{number:b}")),
        ('b', Value::Uint(number)) => format!("{number:b}"),
        ('b', Value::Bool(flag)) => u8::from(*flag).to_string(),
        ('x', Value::Int(number)) => based(*number, |number| format!("{number:x}")),
        ('X', Value::Int(number)) => based(*number, |number| format!("{number:X}")),
        ('x', Value::Uint(number)) => format!("{number:x}"),
        ('X', Value::Uint(number)) => format!("{number:X}"),
        ('x' | 'X', Value::String(text)) => hex(text.as_bytes(), verb),
        ('x' | 'X', Value::Bytes(bytes)) => hex(bytes, verb),
        ('o', Value::Int(number)) => based(*number, |number| format!("{number:o}")),
        ('o', Value::Uint(number)) => format!("{number:o}"),
        ('d' | 'f' | 'e' | 'b' | 'x' | 'X' | 'o', _) => return Err(wrong(&verb.to_string())),
        _ => {
            let words = format!(
                "could not parse formatting clause: unrecognized formatting clause \"{verb}\""
            );
            return Err(EvalError::new(words));
        }
    };
    out.push_str(&text);
    Ok(())
}

fn based(number: i64, write: impl Fn(u64) -> String) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", write(number.unsigned_abs()))
}

fn hex(bytes: &[u8], verb: char) -> String {
    let mut out = String::new();
    for byte in bytes {
        // Writing into a string cannot fail.
        let written =
            if verb == 'x' { write!(out, "{byte:02x}") } else { write!(out, "{byte:02X}") };
        debug_assert!(written.is_ok(), "a string takes all");
    }
    out
}

/// A value as `%s` shows it.
fn shown(value: &Value) -> Result<String, EvalError> {
    Ok(match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => go_float(*number),
        Value::String(text) => text.to_string(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Timestamp(time) => timestamp_text(*time),
        Value::Duration(nanos) => duration_text(*nanos),
        Value::Type(name) => name.to_string(),
        Value::List(list) => {
            let items: Result<Vec<String>, EvalError> = list.items.iter().map(shown).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(entries) => {
            let mut parts = Vec::new();
            for (key, value) in entries.iter() {
                parts.push(format!("{}: {}", shown(&key.value())?, shown(value)?));
            }
            format!("{{{}}}", parts.join(", "))
        }
        other => {
            let words = format!(
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, \
                 lists, types, durations, and timestamps, was given {}",
                other.type_name()
            );
            return Err(EvalError::new(words));
        }
    })
}

/// A text in quotes, with what does not print escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
