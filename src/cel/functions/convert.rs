//! From one type to another.

use std::sync::Arc;

use super::{
    Give,
    time::{duration_text, go_duration, timestamp_text},
};
use crate::value::{EvalError, Value, whole};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    let [value] = values else { return None };
    Some(match function {
        "bool" => bool(value),
        "bytes" => match value {
            Value::Bytes(_) => Ok(value.clone()),
            Value::String(text) => Ok(Value::Bytes(text.as_bytes().into())),
            _ => Err(EvalError::no_overload()),
        },
        "double" => double(value),
        "int" => int(value),
        "uint" => uint(value),
        "string" => string(value),
        "duration" => match value {
            Value::Duration(_) => Ok(value.clone()),
            Value::Int(seconds) => {
                let nanos = seconds.checked_mul(1_000_000_000);
                nanos.map(Value::Duration).ok_or_else(|| EvalError::new("duration overflow"))
            }
            Value::String(text) => go_duration(text).map(Value::Duration),
            _ => Err(EvalError::no_overload()),
        },
        "timestamp" => timestamp(value),
        _ => return None,
    })
}

fn unconvertible(to: &str) -> EvalError {
    EvalError::new(format!("type conversion error from 'string' to '{to}'"))
}

fn bool(value: &Value) -> Give {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) => match text.as_ref() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(unconvertible("bool")),
        },
        _ => Err(EvalError::no_overload()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "as Go converts")]
fn double(value: &Value) -> Give {
    Ok(Value::Double(match value {
        Value::Double(number) => *number,
        Value::Int(number) => *number as f64,
        Value::Uint(number) => *number as f64,
        Value::String(text) => text.parse().map_err(|_| unconvertible("double"))?,
        _ => return Err(EvalError::no_overload()),
    }))
}

fn int(value: &Value) -> Give {
    let overflow = || EvalError::new("integer overflow");
    Ok(Value::Int(match value {
        Value::Int(number) => *number,
        Value::Uint(number) => i64::try_from(*number).map_err(|_| overflow())?,
        Value::Double(number) => whole(number.trunc()).ok_or_else(overflow)?,
        Value::Duration(nanos) => *nanos,
        Value::Timestamp(time) => time.as_second(),
        Value::String(text) => text.parse().map_err(|_| unconvertible("int"))?,
        _ => return Err(EvalError::no_overload()),
    }))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "bounds are checked"
)]
fn uint(value: &Value) -> Give {
    let overflow = || EvalError::new("unsigned integer overflow");
    Ok(Value::Uint(match value {
        Value::Uint(number) => *number,
        Value::Int(number) => u64::try_from(*number).map_err(|_| overflow())?,
        Value::Double(number) if *number >= 0.0 && *number < u64::MAX as f64 => *number as u64,
        Value::Double(_) => return Err(overflow()),
        Value::String(text) => text.parse().map_err(|_| unconvertible("uint"))?,
        _ => return Err(EvalError::no_overload()),
    }))
}

fn string(value: &Value) -> Give {
    let text = match value {
        Value::String(_) => return Ok(value.clone()),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => go_float(*number),
        Value::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes);
            text.map_err(|_| EvalError::new("invalid UTF-8 in bytes, cannot convert to string"))?
                .to_owned()
        }
        Value::Duration(nanos) => duration_text(*nanos),
        Value::Timestamp(time) => timestamp_text(*time),
        Value::Ip(ip) => ip.to_string(),
        Value::Cidr(ip, length) => format!("{ip}/{length}"),
        _ => return Err(EvalError::no_overload()),
    };
    Ok(Value::String(text.into()))
}

/// A number as Go's `%g` writes it.
pub(super) fn go_float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) =
            exponent.strip_prefix('-').map_or(("+", exponent), |rest| ("-", rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    number.to_string()
}

fn timestamp(value: &Value) -> Give {
    let wrong =
        || EvalError::new("type conversion error from 'string' to 'google.protobuf.Timestamp'");
    match value {
        Value::Timestamp(_) => Ok(value.clone()),
        Value::Int(seconds) => {
            let time = jiff::Timestamp::from_second(*seconds);
            time.map(Value::Timestamp).map_err(|_| EvalError::new("timestamp overflow"))
        }
        Value::String(text) => {
            let time: Arc<str> = Arc::clone(text);
            time.parse().map(Value::Timestamp).map_err(|_| wrong())
        }
        _ => Err(EvalError::no_overload()),
    }
}
