//! The functions of Go templates, and kubectl's own.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::eval::{Eval, Maybe, shown, truth, type_name, verbatim};
use crate::text::Add as _;

/// Calls a function by name.
#[expect(clippy::too_many_lines, reason = "one arm a function")]
pub(super) fn function(name: &str, arguments: &[Maybe]) -> Eval<Maybe> {
    let argument = |at: usize| -> Eval<&Value> {
        static NULL: Value = Value::Null;
        match arguments.get(at) {
            Some(value) => Ok(value.as_ref().unwrap_or(&NULL)),
            None => Err(format!(
                "wrong number of args for {name}: want at least {} got {}",
                at + 1,
                arguments.len()
            )),
        }
    };
    let text = |at: usize| argument(at).map(|value| shown(Some(value)));
    let all = || arguments.iter().map(|value| shown(value.as_ref())).collect::<Vec<_>>();
    Ok(Some(match name {
        "not" => Value::Bool(!truth(Some(argument(0)?))),
        "len" => Value::from(length(argument(0)?)?),
        "index" => return index(arguments),
        "slice" => slice(argument(0)?, arguments)?,
        "print" => Value::String(all().concat()),
        "println" => Value::String(format!("{}\n", all().join(" "))),
        "printf" => Value::String(printf(&text(0)?, &arguments[1..])),
        "html" => Value::String(escape_html(&all().concat())),
        "js" => Value::String(
            all().concat().replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\""),
        ),
        "urlquery" => Value::String(client::escape(&all().concat())),
        "eq" => {
            let first = argument(0)?;
            Value::Bool(arguments[1..].iter().any(|other| equal(first, other.as_ref())))
        }
        "ne" => Value::Bool(!equal(argument(0)?, Some(argument(1)?))),
        "lt" => Value::Bool(order(argument(0)?, argument(1)?)?.is_lt()),
        "le" => Value::Bool(order(argument(0)?, argument(1)?)?.is_le()),
        "gt" => Value::Bool(order(argument(0)?, argument(1)?)?.is_gt()),
        "ge" => Value::Bool(order(argument(0)?, argument(1)?)?.is_ge()),
        "base64decode" => {
            let decoded = BASE64_STANDARD.decode(text(0)?);
            let bytes = decoded.map_err(|error| {
                format!("error calling base64decode: base64 decode failed: {error}")
            })?;
            Value::String(String::from_utf8_lossy(&bytes).into_owned())
        }
        "exists" => {
            let mut current = argument(0)?;
            let mut there = true;
            for key in &arguments[1..] {
                let next = match (current, key) {
                    (Value::Object(map), Some(Value::String(key))) => map.get(key),
                    (Value::Array(list), Some(Value::Number(at))) => {
                        at.as_u64().and_then(|at| list.get(usize::try_from(at).ok()?))
                    }
                    _ => None,
                };
                let Some(next) = next else {
                    there = false;
                    break;
                };
                current = next;
            }
            Value::Bool(there)
        }
        _ => return Err(format!("function {name:?} not defined")),
    }))
}

fn length(value: &Value) -> Eval<usize> {
    match value {
        Value::String(text) => Ok(text.len()),
        Value::Array(list) => Ok(list.len()),
        Value::Object(map) => Ok(map.len()),
        other => Err(format!("error calling len: len of type {}", type_name(other))),
    }
}

fn index(arguments: &[Maybe]) -> Eval<Maybe> {
    let Some((first, keys)) = arguments.split_first() else {
        return Err("error calling index: index of untyped nil".to_owned());
    };
    let mut current = first.clone().unwrap_or_default();
    for key in keys {
        let next = match (&current, key) {
            (Value::Array(list), Some(Value::Number(at))) => {
                let at = at.as_i64().unwrap_or(-1);
                let found = usize::try_from(at).ok().and_then(|at| list.get(at));
                Some(found.ok_or(format!(
                    "error calling index: reflect: slice index out of range: {at}"
                ))?)
            }
            (Value::Object(map), Some(Value::String(key))) => map.get(key),
            (Value::Null, _) => return Err("error calling index: index of untyped nil".to_owned()),
            (other, _) => {
                return Err(format!(
                    "error calling index: can't index item of type {}",
                    type_name(other)
                ));
            }
        };
        match next.cloned() {
            Some(next) => current = next,
            None => return Ok(None),
        }
    }
    Ok(Some(current))
}

fn slice(value: &Value, arguments: &[Maybe]) -> Eval<Value> {
    let at = |place: usize| {
        let number = arguments.get(place)?.as_ref()?.as_u64()?;
        usize::try_from(number).ok()
    };
    let outside = || "error calling slice: index out of range".to_owned();
    match value {
        Value::String(text) => {
            let (from, to) = (at(1).unwrap_or(0), at(2).unwrap_or(text.len()));
            Ok(Value::String(text.get(from..to).ok_or_else(outside)?.to_owned()))
        }
        Value::Array(list) => {
            let (from, to) = (at(1).unwrap_or(0), at(2).unwrap_or(list.len()));
            Ok(Value::Array(list.get(from..to).ok_or_else(outside)?.to_vec()))
        }
        other => Err(format!("error calling slice: can't slice item of type {}", type_name(other))),
    }
}

fn equal(a: &Value, b: Option<&Value>) -> bool {
    match (a, b) {
        (Value::Number(a), Some(Value::Number(b))) => a.as_f64() == b.as_f64(),
        (a, b) => Some(a) == b || (a.is_null() && b.is_none()),
    }
}

fn order(a: &Value, b: &Value) -> Eval<std::cmp::Ordering> {
    let found = match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    found.ok_or_else(|| "error calling lt: incompatible types for comparison".to_owned())
}

fn escape_html(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Go's `Printf` for the verbs that JSON values meet.
fn printf(format: &str, arguments: &[Maybe]) -> String {
    let mut out = String::new();
    let mut values = arguments.iter();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut flags = String::new();
        while letters.peek().is_some_and(|c| "+-# 0123456789.".contains(*c)) {
            flags.extend(letters.next());
        }
        let Some(verb) = letters.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.next() else {
            out.add(format_args!("%!{verb}(MISSING)"));
            continue;
        };
        let value = value.clone().unwrap_or_default();
        let text = match verb {
            'q' => crate::args::go_quote(&shown(Some(&value))),
            'd' if !value.is_number() => format!("%!d({}={})", type_name(&value), verbatim(&value)),
            'x' => shown(Some(&value)).bytes().fold(String::new(), |mut hex, byte| {
                hex.add(format_args!("{byte:02x}"));
                hex
            }),
            'f' => {
                let digits = flags.split_once('.').and_then(|(_, d)| d.parse().ok()).unwrap_or(6);
                format!("{:.*}", digits, value.as_f64().unwrap_or_default())
            }
            'v' | 's' if value.is_null() => "<nil>".to_owned(),
            _ => verbatim(&value),
        };
        out.push_str(&padded(&text, &flags));
    }
    out
}

fn padded(text: &str, flags: &str) -> String {
    let left = flags.contains('-');
    let digits = flags.trim_start_matches(['+', '-', '#', ' ', '0']);
    let width: usize = digits.split('.').next().unwrap_or_default().parse().unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    let blanks = " ".repeat(missing);
    if left { format!("{text}{blanks}") } else { format!("{blanks}{text}") }
}
