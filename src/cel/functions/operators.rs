//! Arithmetic, comparison, look-up and size.

use std::{cmp::Ordering, sync::Arc};

use super::{Give, int};
use crate::value::{EvalError, Key, Value, compare, concatenated, field};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    Some(match (function, values) {
        ("_==_", [one, two]) => Ok(Value::Bool(one == two)),
        ("_!=_", [one, two]) => Ok(Value::Bool(one != two)),
        ("_<_" | "_<=_" | "_>_" | "_>=_", [one, two]) => ordered(function, one, two),
        ("!_", [Value::Bool(flag)]) => Ok(Value::Bool(!flag)),
        ("-_", [Value::Int(number)]) => {
            number.checked_neg().map(Value::Int).ok_or_else(|| overflow("integer"))
        }
        ("-_", [Value::Double(number)]) => Ok(Value::Double(-number)),
        ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", [one, two]) => arithmetic(function, one, two),
        ("@in", [one, two]) => contained(one, two),
        ("_[_]", [of, index]) => look_up(of, index),
        ("_[?_]", [of, index]) => optional_look_up(of, index),
        ("size", [value]) => size(value),
        ("type", [value]) => Ok(Value::Type(value.type_name())),
        ("dyn", [value]) => Ok(value.clone()),
        _ => return None,
    })
}

fn overflow(kind: &str) -> EvalError {
    EvalError::new(format!("{kind} overflow"))
}

fn ordered(function: &str, one: &Value, two: &Value) -> Give {
    let number = |value: &Value| matches!(value, Value::Int(_) | Value::Uint(_) | Value::Double(_));
    let Some(order) = compare(one, two) else {
        // Nothing compares with what is no number.
        let numbers = number(one) && number(two);
        return if numbers { Ok(Value::Bool(false)) } else { Err(EvalError::no_overload()) };
    };
    Ok(Value::Bool(match function {
        "_<_" => order == Ordering::Less,
        "_<=_" => order != Ordering::Greater,
        "_>_" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }))
}

fn arithmetic(function: &str, one: &Value, two: &Value) -> Give {
    match (one, two) {
        (Value::Int(one), Value::Int(two)) => ints(function, *one, *two),
        (Value::Uint(one), Value::Uint(two)) => uints(function, *one, *two),
        (Value::Double(one), Value::Double(two)) => Ok(Value::Double(match function {
            "_+_" => one + two,
            "_-_" => one - two,
            "_*_" => one * two,
            "_/_" => one / two,
            _ => return Err(EvalError::no_overload()),
        })),
        _ if function == "_+_" => sum(one, two),
        _ if function == "_-_" => difference(one, two),
        _ => Err(EvalError::no_overload()),
    }
}

fn ints(function: &str, one: i64, two: i64) -> Give {
    let by_zero = |words: &str| Err(EvalError::new(words));
    let result = match function {
        "_+_" => one.checked_add(two),
        "_-_" => one.checked_sub(two),
        "_*_" => one.checked_mul(two),
        "_/_" if two == 0 => return by_zero("division by zero"),
        "_/_" => one.checked_div(two),
        _ if two == 0 => return by_zero("modulus by zero"),
        _ => one.checked_rem(two),
    };
    result.map(Value::Int).ok_or_else(|| overflow("integer"))
}

fn uints(function: &str, one: u64, two: u64) -> Give {
    let by_zero = |words: &str| Err(EvalError::new(words));
    let result = match function {
        "_+_" => one.checked_add(two),
        "_-_" => one.checked_sub(two),
        "_*_" => one.checked_mul(two),
        "_/_" if two == 0 => return by_zero("division by zero"),
        "_/_" => one.checked_div(two),
        _ if two == 0 => return by_zero("modulus by zero"),
        _ => one.checked_rem(two),
    };
    result.map(Value::Uint).ok_or_else(|| overflow("unsigned integer"))
}

fn sum(one: &Value, two: &Value) -> Give {
    match (one, two) {
        (Value::String(one), Value::String(two)) => Ok(Value::String(format!("{one}{two}").into())),
        (Value::Bytes(one), Value::Bytes(two)) => {
            Ok(Value::Bytes(one.iter().chain(two.iter()).copied().collect()))
        }
        (Value::List(one), Value::List(two)) => Ok(Value::List(Arc::new(concatenated(one, two)))),
        (Value::Duration(one), Value::Duration(two)) => {
            one.checked_add(*two).map(Value::Duration).ok_or_else(|| overflow("duration"))
        }
        (Value::Timestamp(time), Value::Duration(by))
        | (Value::Duration(by), Value::Timestamp(time)) => moved(*time, *by),
        _ => Err(EvalError::no_overload()),
    }
}

fn difference(one: &Value, two: &Value) -> Give {
    match (one, two) {
        (Value::Duration(one), Value::Duration(two)) => {
            one.checked_sub(*two).map(Value::Duration).ok_or_else(|| overflow("duration"))
        }
        (Value::Timestamp(time), Value::Duration(by)) => {
            moved(*time, by.checked_neg().ok_or_else(|| overflow("duration"))?)
        }
        (Value::Timestamp(one), Value::Timestamp(two)) => {
            let nanos = one.as_nanosecond() - two.as_nanosecond();
            i64::try_from(nanos).map(Value::Duration).map_err(|_| overflow("duration"))
        }
        _ => Err(EvalError::no_overload()),
    }
}

fn moved(time: jiff::Timestamp, by: i64) -> Give {
    let moved = time.as_nanosecond() + i128::from(by);
    let moved = jiff::Timestamp::from_nanosecond(moved);
    moved.map(Value::Timestamp).map_err(|_| overflow("timestamp"))
}

fn contained(one: &Value, two: &Value) -> Give {
    Ok(Value::Bool(match two {
        Value::List(list) => list.items.contains(one),
        Value::Map(entries) => Key::of(one).is_some_and(|key| entries.contains_key(&key)),
        Value::Object(_, fields) => one.as_str().is_some_and(|name| fields.contains_key(name)),
        _ => return Err(EvalError::no_overload()),
    }))
}

fn at<'a>(of: &'a Value, index: &Value) -> Result<Option<&'a Value>, EvalError> {
    match of {
        Value::List(list) => {
            let Some(Key::Int(at)) = Key::of(index) else {
                return Err(EvalError::new(format!(
                    "unsupported index type '{}' in list",
                    index.type_name()
                )));
            };
            Ok(usize::try_from(at).ok().and_then(|at| list.items.get(at)))
        }
        Value::Map(entries) => Ok(Key::of(index).and_then(|key| entries.get(&key))),
        Value::Object(..) => Ok(index.as_str().and_then(|name| field(of, name))),
        _ => Err(EvalError::no_overload()),
    }
}

fn shown(key: &Value) -> String {
    match key {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        other => other.type_name().to_string(),
    }
}

fn look_up(of: &Value, index: &Value) -> Give {
    if let Value::Optional(inner) = of {
        let found = inner.as_ref().map(|inner| at(inner, index)).transpose()?.flatten();
        return Ok(Value::Optional(found.cloned().map(Arc::new)));
    }
    let missing = || {
        let key = shown(index);
        EvalError::new(match of {
            Value::List(_) => format!("index out of bounds: {key}"),
            _ => format!("no such key: {key}"),
        })
    };
    at(of, index)?.cloned().ok_or_else(missing)
}

fn optional_look_up(of: &Value, index: &Value) -> Give {
    let inner = match of {
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => inner.as_ref(),
        other => other,
    };
    Ok(Value::Optional(at(inner, index)?.cloned().map(Arc::new)))
}

fn size(value: &Value) -> Give {
    Ok(int(match value {
        Value::String(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.items.len(),
        Value::Map(entries) => entries.len(),
        Value::Object(_, fields) => fields.len(),
        _ => return Err(EvalError::no_overload()),
    }))
}
