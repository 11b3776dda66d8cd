//! Texts and regular expressions. Source: cel-go, `ext/strings.go`; `library/regex.go`.

use machinery::regexp;

use super::{Give, formatting, int, texts};
use crate::value::{EvalError, Value};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    let Some(Value::String(text)) = values.first() else { return None };
    let rest = values.get(1..).unwrap_or_default();
    let one = |rest: &[Value]| match rest {
        [Value::String(other)] => Some(other.to_string()),
        _ => None,
    };
    let flag = |flag: bool| Ok(Value::Bool(flag));
    Some(match (function, rest) {
        ("contains", _) => flag(text.contains(&one(rest)?)),
        ("startsWith", _) => flag(text.starts_with(&one(rest)?)),
        ("endsWith", _) => flag(text.ends_with(&one(rest)?)),
        ("matches", _) => matches(text, &one(rest)?),
        ("charAt", [Value::Int(at)]) => char_at(text, *at),
        ("indexOf", [Value::String(of)]) => index_of(text, of, 0),
        ("indexOf", [Value::String(of), Value::Int(from)]) => index_of(text, of, *from),
        ("lastIndexOf", [Value::String(of)]) => last_index_of(text, of, None),
        ("lastIndexOf", [Value::String(of), Value::Int(to)]) => last_index_of(text, of, Some(*to)),
        ("lowerAscii", []) => Ok(Value::String(text.to_ascii_lowercase().into())),
        ("upperAscii", []) => Ok(Value::String(text.to_ascii_uppercase().into())),
        ("trim", []) => Ok(Value::text(text.trim())),
        ("replace", [Value::String(of), Value::String(by)]) => {
            Ok(Value::String(text.replace(of.as_ref(), by).into()))
        }
        ("replace", [Value::String(of), Value::String(by), Value::Int(most)]) => {
            let replaced = usize::try_from(*most).map_or_else(
                |_| text.replace(of.as_ref(), by),
                |most| text.replacen(of.as_ref(), by, most),
            );
            Ok(Value::String(replaced.into()))
        }
        ("split", [Value::String(by)]) => Ok(split(text, by, -1)),
        ("split", [Value::String(by), Value::Int(most)]) => Ok(split(text, by, *most)),
        ("substring", [Value::Int(from)]) => substring(text, *from, None),
        ("substring", [Value::Int(from), Value::Int(to)]) => substring(text, *from, Some(*to)),
        ("format", [Value::List(list)]) => formatting::format(text, &list.items),
        ("strings.quote", []) => Ok(Value::String(formatting::quoted(text).into())),
        ("find", _) => {
            let regex = compiled(&one(rest)?);
            regex.map(|regex| Value::text(regex.find(text).map_or("", |found| found.as_str())))
        }
        ("findAll", [Value::String(pattern)]) => find_all(text, pattern, -1),
        ("findAll", [Value::String(pattern), Value::Int(most)]) => find_all(text, pattern, *most),
        ("jsonpatch.escapeKey", []) => {
            Ok(Value::String(text.replace('~', "~0").replace('/', "~1").into()))
        }
        _ => return None,
    })
}

fn compiled(pattern: &str) -> Result<regex::Regex, EvalError> {
    regexp::compile(pattern).map_err(EvalError)
}

fn matches(text: &str, pattern: &str) -> Give {
    compiled(pattern).map(|regex| Value::Bool(regex.is_match(text)))
}

fn find_all(text: &str, pattern: &str, most: i64) -> Give {
    let regex = compiled(pattern)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(texts(regex.find_iter(text).take(most).map(|found| found.as_str().to_owned())))
}

fn out_of_range(at: i64) -> EvalError {
    EvalError::new(format!("index out of range: {at}"))
}

fn char_at(text: &str, at: i64) -> Give {
    let index = usize::try_from(at).map_err(|_| out_of_range(at))?;
    if index > text.chars().count() {
        return Err(out_of_range(at));
    }
    let letter = text.chars().nth(index).map(String::from).unwrap_or_default();
    Ok(Value::String(letter.into()))
}

fn letters_before(text: &str, at: usize) -> Value {
    int(text.get(..at).map_or(0, |before| before.chars().count()))
}

/// The place in bytes of a place in letters.
fn byte_of(text: &str, letters: i64) -> Result<usize, EvalError> {
    let index = usize::try_from(letters).map_err(|_| out_of_range(letters))?;
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    places.nth(index).ok_or_else(|| out_of_range(letters))
}

fn index_of(text: &str, of: &str, from: i64) -> Give {
    let start = byte_of(text, from)?;
    let found = text.get(start..).and_then(|rest| rest.find(of));
    Ok(found.map_or(Value::Int(-1), |at| letters_before(text, start + at)))
}

fn last_index_of(text: &str, of: &str, to: Option<i64>) -> Give {
    let end = match to {
        Some(to) => byte_of(text, to)?.saturating_add(of.len()).min(text.len()),
        None => text.len(),
    };
    let mut end = end;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let found = text.get(..end).and_then(|rest| rest.rfind(of));
    Ok(found.map_or(Value::Int(-1), |at| letters_before(text, at)))
}

fn split(text: &str, by: &str, most: i64) -> Value {
    if most == 0 {
        return Value::list(Vec::new());
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if !by.is_empty() {
        return texts(text.splitn(most, by).map(str::to_owned));
    }
    let mut parts: Vec<String> = Vec::new();
    for letter in text.chars() {
        let full = parts.len() >= most;
        match parts.last_mut() {
            Some(last) if full => last.push(letter),
            _ => parts.push(letter.to_string()),
        }
    }
    texts(parts)
}

fn substring(text: &str, from: i64, to: Option<i64>) -> Give {
    let start = byte_of(text, from)?;
    let end = to.map_or(Ok(text.len()), |to| byte_of(text, to))?;
    if let Some(to) = to.filter(|to| *to < from) {
        let words = format!("invalid substring range. start: {from}, end: {to}");
        return Err(EvalError::new(words));
    }
    Ok(Value::text(text.get(start..end).unwrap_or_default()))
}
