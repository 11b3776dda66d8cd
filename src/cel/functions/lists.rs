//! Lists, sets, maps and optionals. Source: cel-go, `ext/{lists,sets,comprehensions}.go`,
//! `cel/library.go`; `k8s.io/apiserver/pkg/cel/library/lists.go`.

use std::{cmp::Ordering, sync::Arc};

use super::{Give, int};
use crate::value::{EvalError, Key, List, Value, compare};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    if let Some(given) = optionals(function, values) {
        return Some(given);
    }
    let (one, two) = (values.first(), values.get(1));
    Some(match (function, one, two) {
        ("cel.@mapInsert", Some(Value::Map(_)), _) => insert(values),
        ("lists.range", Some(Value::Int(count)), None) => range(*count),
        ("sets.contains", Some(Value::List(one)), Some(Value::List(two))) => {
            Ok(Value::Bool(contains(one, two)))
        }
        ("sets.equivalent", Some(Value::List(one)), Some(Value::List(two))) => {
            Ok(Value::Bool(contains(one, two) && contains(two, one)))
        }
        ("sets.intersects", Some(Value::List(one)), Some(Value::List(two))) => {
            Ok(Value::Bool(two.items.iter().any(|item| one.items.contains(item))))
        }
        (_, Some(Value::List(list)), _) => return of_list(function, list, values),
        _ => return None,
    })
}

fn of_list(function: &str, list: &List, values: &[Value]) -> Option<Give> {
    let items = &list.items;
    let rest = values.get(1..).unwrap_or_default();
    let at = |found: Option<usize>| Ok(found.map_or(Value::Int(-1), int));
    Some(match (function, rest) {
        ("isSorted", []) => sorted_already(items),
        ("sum", []) => sum(items),
        ("min", []) => extreme(items, "min", Ordering::Less),
        ("max", []) => extreme(items, "max", Ordering::Greater),
        ("indexOf", [item]) => at(items.iter().position(|one| one == item)),
        ("lastIndexOf", [item]) => at(items.iter().rposition(|one| one == item)),
        ("join", []) => join(items, ""),
        ("join", [Value::String(by)]) => join(items, by),
        ("slice", [Value::Int(from), Value::Int(to)]) => slice(items, *from, *to),
        ("flatten", []) => Ok(Value::list(flattened(items, 1))),
        ("flatten", [Value::Int(depth)]) => match usize::try_from(*depth) {
            Ok(depth) => Ok(Value::list(flattened(items, depth))),
            Err(_) => Err(EvalError::new("level must be non-negative")),
        },
        ("distinct", []) => {
            let mut kept: Vec<Value> = Vec::new();
            for item in items {
                if !kept.contains(item) {
                    kept.push(item.clone());
                }
            }
            Ok(Value::list(kept))
        }
        ("reverse", []) => Ok(Value::list(items.iter().rev().cloned().collect())),
        ("sort", []) => sort_by(items, items),
        ("@sortByAssociatedKeys", [Value::List(keys)]) => sort_by(items, &keys.items),
        ("first", []) => Ok(Value::Optional(items.first().cloned().map(Arc::new))),
        ("last", []) => Ok(Value::Optional(items.last().cloned().map(Arc::new))),
        ("unwrapOpt" | "optional.unwrap", []) => unwrapped(items),
        _ => return None,
    })
}

fn optionals(function: &str, values: &[Value]) -> Option<Give> {
    let none = Value::Optional(None);
    Some(match (function, values) {
        ("optional.none", []) => Ok(none),
        ("optional.ofNonZeroValue", [value]) if value.is_zero() => Ok(none),
        ("optional.of" | "optional.ofNonZeroValue", [value]) => Ok(value.clone().present()),
        ("hasValue", [Value::Optional(value)]) => Ok(Value::Bool(value.is_some())),
        ("value", [Value::Optional(None)]) => Err(EvalError::new("optional.none() dereference")),
        ("value", [Value::Optional(Some(value))])
        | ("orValue", [Value::Optional(Some(value)), _]) => Ok(value.as_ref().clone()),
        ("or", [Value::Optional(Some(_)), _]) => Ok(values.first()?.clone()),
        ("or", [Value::Optional(None), other @ Value::Optional(_)])
        | ("orValue", [Value::Optional(None), other]) => Ok(other.clone()),
        _ => return None,
    })
}

fn contains(one: &List, two: &List) -> bool {
    two.items.iter().all(|item| one.items.contains(item))
}

fn unwrapped(items: &[Value]) -> Give {
    let mut found = Vec::new();
    for item in items {
        let Value::Optional(value) = item else { return Err(EvalError::no_overload()) };
        found.extend(value.as_ref().map(|value| value.as_ref().clone()));
    }
    Ok(Value::list(found))
}

fn insert(values: &[Value]) -> Give {
    let [Value::Map(map), rest @ ..] = values else { return Err(EvalError::no_overload()) };
    let mut map = map.as_ref().clone();
    let mut put = |key: Key, value: Value| match map.insert(key, value) {
        None => Ok(()),
        Some(_) => Err(EvalError::new("insert failed: key already exists")),
    };
    match rest {
        [key, value] => put(Key::of(key).ok_or_else(EvalError::no_overload)?, value.clone())?,
        [Value::Map(more)] => {
            for (key, value) in more.iter() {
                put(key.clone(), value.clone())?;
            }
        }
        _ => return Err(EvalError::no_overload()),
    }
    Ok(Value::Map(Arc::new(map)))
}

/// The most items that a range may have.
const LONGEST_RANGE: i64 = 1_000_000;

fn range(count: i64) -> Give {
    if count > LONGEST_RANGE {
        return Err(EvalError::new(format!("lists.range: size {count} is too large")));
    }
    Ok(Value::list((0..count).map(Value::Int).collect()))
}

fn flattened(items: &[Value], depth: usize) -> Vec<Value> {
    let mut found = Vec::new();
    for item in items {
        match item {
            Value::List(inner) if depth > 0 => found.extend(flattened(&inner.items, depth - 1)),
            other => found.push(other.clone()),
        }
    }
    found
}

fn order(one: &Value, two: &Value) -> Result<Ordering, EvalError> {
    compare(one, two).ok_or_else(EvalError::no_overload)
}

fn sorted_already(items: &[Value]) -> Give {
    for pair in items.windows(2) {
        if let [one, two] = pair
            && order(one, two)? == Ordering::Greater
        {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum(items: &[Value]) -> Give {
    let mut items = items.iter();
    let Some(first) = items.next() else { return Ok(Value::Int(0)) };
    items.try_fold(first.clone(), |total, item| super::call("_+_", &[total, item.clone()]))
}

fn extreme(items: &[Value], name: &str, wanted: Ordering) -> Give {
    let mut items = items.iter();
    let Some(first) = items.next() else {
        return Err(EvalError::new(format!("{name} called on empty list")));
    };
    let mut found = first;
    for item in items {
        if order(item, found)? == wanted {
            found = item;
        }
    }
    Ok(found.clone())
}

fn join(items: &[Value], by: &str) -> Give {
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    texts.map(|texts| Value::String(texts.join(by).into())).ok_or_else(EvalError::no_overload)
}

fn slice(items: &[Value], from: i64, to: i64) -> Give {
    let wrong = |words: String| Err(EvalError::new(format!("cannot slice({from}, {to}), {words}")));
    let (Ok(start), Ok(end)) = (usize::try_from(from), usize::try_from(to)) else {
        return wrong("negative indexes not supported".into());
    };
    if start > end {
        return wrong("start index must be less than or equal to end index".into());
    }
    let Some(part) = items.get(start..end) else {
        return wrong(format!("list is length {}", items.len()));
    };
    Ok(Value::list(part.to_vec()))
}

fn sort_by(items: &[Value], keys: &[Value]) -> Give {
    if items.len() != keys.len() {
        return Err(EvalError::no_overload());
    }
    let mut failed = None;
    let mut pairs: Vec<(&Value, &Value)> = keys.iter().zip(items).collect();
    pairs.sort_by(|(one, _), (two, _)| {
        order(one, two).unwrap_or_else(|error| {
            failed = Some(error);
            Ordering::Equal
        })
    });
    let sorted = pairs.into_iter().map(|(_, item)| item.clone()).collect();
    failed.map_or_else(|| Ok(Value::list(sorted)), Err)
}
