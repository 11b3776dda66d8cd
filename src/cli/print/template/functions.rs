//! The functions of Go templates, and kubectl's own. Source: Go's `text/template`, `funcs.go`.

use std::{borrow::Cow, cmp::Ordering};

use machinery::{
    base64,
    gofmt::{
        Go, Kind,
        quote::{is_printable, push},
        sprint, sprintf, sprintln,
    },
};

use super::eval::{Val, Want};

type Called<T> = Result<T, String>;

const FUNCTIONS: [&str; 21] = [
    "and",
    "base64decode",
    "call",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "slice",
    "urlquery",
];

pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// The types of a function's arguments, and of those that may follow.
pub(super) fn signature(name: &str) -> (&'static [Want], Option<Want>) {
    match name {
        "html" | "js" | "urlquery" | "print" | "println" => (&[], Some(Want::Any)),
        "printf" => (&[Want::Text], Some(Want::Any)),
        "exists" => (&[Want::Any], Some(Want::Any)),
        "base64decode" => (&[Want::Text], None),
        "len" | "not" => (&[Want::Value], None),
        "ne" | "lt" | "le" | "gt" | "ge" => (&[Want::Value, Want::Value], None),
        _ => (&[Want::Value], Some(Want::Value)),
    }
}

/// Calls a function whose arguments are as its signature wants them.
pub(super) fn builtin<'t>(name: &str, arguments: &[Val<'t>]) -> Called<Val<'t>> {
    let values: Vec<Go<'t>> = arguments.iter().map(|value| value.go.clone()).collect();
    let bool = |flag: bool| Ok(Val::bare(Go::Bool(flag)));
    let text = |text: Vec<u8>| Ok(Val::bare(Go::Text(Cow::Owned(text))));
    match (name, values.as_slice()) {
        ("not", [value]) => bool(!value.truth()),
        ("len", [_]) => length(&arguments[0]),
        ("index", [_, keys @ ..]) => index(&arguments[0], keys),
        ("slice", [item, ..]) => slice(item, &arguments[1..]).map(Val::bare),
        ("print", values) => text(sprint(values)),
        ("println", values) => text(sprintln(values)),
        ("printf", [Go::Text(format), values @ ..]) => text(sprintf(format, values)),
        ("html", values) => text(html(&joined(values))),
        ("js", values) => text(js(&joined(values))),
        ("urlquery", values) => text(query(&joined(values))),
        ("eq", [one, others @ ..]) => equal(one, others).and_then(bool),
        ("ne", [a, b]) => equal(a, std::slice::from_ref(b)).and_then(|same| bool(!same)),
        ("lt", [a, b]) => less(a, b).and_then(bool),
        ("le", [a, b]) => no_more(a, b).and_then(bool),
        ("gt", [a, b]) => no_more(a, b).and_then(|le| bool(!le)),
        ("ge", [a, b]) => less(a, b).and_then(|lt| bool(!lt)),
        ("exists", [item, keys @ ..]) => bool(exists(item, keys)),
        ("base64decode", [Go::Text(encoded)]) => decoded(encoded).and_then(text),
        _ => Err(format!("{name} is not a defined function")),
    }
}

fn int<'t>(number: usize) -> Go<'t> {
    Go::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn length<'t>(value: &Val<'t>) -> Called<Val<'t>> {
    Ok(Val::bare(match &value.go {
        Go::Text(text) => int(text.len()),
        Go::List(list) => int(list.len()),
        Go::Map(map) => int(map.len()),
        Go::Nil if value.boxed => return Err("len of nil pointer".to_owned()),
        Go::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        other => return Err(format!("len of type {}", type_name(other))),
    }))
}

fn type_name(value: &Go<'_>) -> &'static str {
    value.type_name().unwrap_or("<nil>")
}

fn index<'t>(item: &Val<'t>, keys: &[Go<'t>]) -> Called<Val<'t>> {
    let mut item = item.clone();
    if matches!(item.go, Go::Nil) {
        return Err("index of untyped nil".to_owned());
    }
    item.boxed = false;
    for key in keys {
        item = match &item.go {
            Go::Nil => return Err("index of nil pointer".to_owned()),
            Go::List(list) => {
                let at = place(key, list.len())?;
                let outside = || "reflect: slice index out of range".to_owned();
                Val::boxed(Go::from(list.get(at).ok_or_else(outside)?))
            }
            Go::Text(text) => {
                let at = place(key, text.len())?;
                let outside = || "reflect: string index out of range".to_owned();
                Val::bare(Go::Byte(*text.get(at).ok_or_else(outside)?))
            }
            Go::Map(map) => {
                let key = match key {
                    Go::Text(key) => std::str::from_utf8(key).unwrap_or_default(),
                    Go::Nil => return Err("value is nil; should be of type string".to_owned()),
                    other => {
                        let name = type_name(other);
                        return Err(format!("value has type {name}; should be string"));
                    }
                };
                Val::boxed(map.get(key).map_or(Go::Nil, Go::from))
            }
            other => return Err(format!("can't index item of type {}", type_name(other))),
        };
    }
    Ok(item)
}

/// A place in something of that length, or right behind it.
fn place(key: &Go<'_>, length: usize) -> Called<usize> {
    let Some(number) = key.whole() else {
        return Err(match key.type_name() {
            None => "cannot index slice/array with nil".to_owned(),
            Some(name) => format!("cannot index slice/array with type {name}"),
        });
    };
    usize::try_from(number)
        .ok()
        .filter(|at| *at <= length)
        .ok_or_else(|| format!("index out of range: {number}"))
}

fn slice<'t>(item: &Go<'t>, places: &[Val<'t>]) -> Called<Go<'t>> {
    if matches!(item, Go::Nil) {
        return Err("slice of untyped nil".to_owned());
    }
    if places.len() > 3 {
        return Err(format!("too many slice indexes: {}", places.len()));
    }
    let length = match item {
        Go::Text(_) if places.len() == 3 => {
            return Err("cannot 3-index slice a string".to_owned());
        }
        Go::Text(text) => text.len(),
        Go::List(list) => list.len(),
        other => return Err(format!("can't slice item of type {}", type_name(other))),
    };
    let mut at = [0, length, length];
    for (index, key) in places.iter().enumerate() {
        // Go looks into the box for `index`, but not here.
        if key.boxed {
            return Err("cannot index slice/array with type interface {}".to_owned());
        }
        at[index] = place(&key.go, length)?;
    }
    let [from, to, end] = at;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    if to > end {
        return Err(format!("invalid slice index: {to} > {end}"));
    }
    Ok(match item {
        Go::Text(Cow::Borrowed(text)) => Go::Text(Cow::Borrowed(&text[from..to])),
        Go::Text(Cow::Owned(text)) => Go::Text(Cow::Owned(text[from..to].to_vec())),
        Go::List(list) => Go::List(&list[from..to]),
        other => other.clone(),
    })
}

fn equal(one: &Go<'_>, others: &[Go<'_>]) -> Called<bool> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        let both = [one, other].map(|value| !matches!(value, Go::Nil));
        let whole = one.whole().is_some() && other.whole().is_some();
        let same = if one.kind() != Kind::Other && (one.kind() == other.kind() || whole) {
            one.order(other) == Some(Ordering::Equal)
        } else if one.kind() != other.kind() {
            if both == [true, true] {
                return Err("incompatible types for comparison".to_owned());
            }
            false
        } else if both != [true, true] {
            both[0] == both[1]
        } else if one.type_name() != other.type_name() {
            let types = [one.clone(), Go::Text(type_name(one).as_bytes().into())];
            let more = [Go::Text(type_name(other).as_bytes().into()), other.clone()];
            let text = sprintf(b"non-comparable types %s: %v, %s: %v", &[types, more].concat());
            return Err(String::from_utf8_lossy(&text).into_owned());
        } else {
            let operands = [other.clone(), Go::Text(type_name(other).as_bytes().into())];
            let text = sprintf(b"non-comparable type %s: %v", &operands);
            return Err(String::from_utf8_lossy(&text).into_owned());
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn less(a: &Go<'_>, b: &Go<'_>) -> Called<bool> {
    if a.kind() == Kind::Other || b.kind() == Kind::Other {
        return Err("invalid type for comparison".to_owned());
    }
    let whole = a.whole().is_some() && b.whole().is_some();
    if a.kind() != b.kind() && !whole {
        return Err("incompatible types for comparison".to_owned());
    }
    if matches!(a.kind(), Kind::Bool | Kind::Complex) {
        return Err("invalid type for comparison".to_owned());
    }
    Ok(a.order(b) == Some(Ordering::Less))
}

fn no_more(a: &Go<'_>, b: &Go<'_>) -> Called<bool> {
    Ok(less(a, b)? || equal(a, std::slice::from_ref(b))?)
}

fn exists(item: &Go<'_>, keys: &[Go<'_>]) -> bool {
    let mut item = item.clone();
    for key in keys {
        let at = || key.whole().and_then(|at| usize::try_from(at).ok());
        let next = match &item {
            Go::List(list) => at().and_then(|at| list.get(at)).map(Go::from),
            Go::Text(text) => at().and_then(|at| text.get(at)).map(|byte| Go::Byte(*byte)),
            Go::Map(map) => match key {
                Go::Text(key) => {
                    std::str::from_utf8(key).ok().and_then(|key| map.get(key)).map(Go::from)
                }
                Go::Nil => map.get("").map(Go::from),
                _ => None,
            },
            _ => None,
        };
        let Some(next) = next else { return false };
        item = next;
    }
    keys.is_empty() || !matches!(item, Go::Nil)
}

fn decoded(encoded: &[u8]) -> Called<Vec<u8>> {
    let bytes = std::str::from_utf8(encoded).ok().and_then(base64::decode);
    bytes.ok_or_else(|| {
        let at = wrong_byte(encoded);
        format!("base64 decode failed: illegal base64 data at input byte {at}")
    })
}

/// Where Go stops reading. Source: `encoding/base64`, `decodeQuantum`.
fn wrong_byte(text: &[u8]) -> usize {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut read = 0;
    let mut places = text.iter().enumerate().filter(|(_, byte)| !matches!(byte, b'\n' | b'\r'));
    while let Some((at, byte)) = places.next() {
        if is_digit(*byte) {
            read = (read + 1) % 4;
            continue;
        }
        if *byte != b'=' || read < 2 {
            return at;
        }
        if read == 2 {
            match places.next() {
                None => return text.len(),
                Some((at, byte)) if *byte != b'=' => return at,
                Some(_) => {}
            }
        }
        return places.next().map_or(text.len(), |(at, _)| at);
    }
    text.len() - read
}

/// The arguments of the escaping functions as one text.
fn joined(values: &[Go<'_>]) -> Vec<u8> {
    let shown = values.iter().map(|value| match value {
        Go::Nil => Go::Text(b"<no value>".as_slice().into()),
        value => value.clone(),
    });
    sprint(&shown.collect::<Vec<_>>())
}

fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.extend(match byte {
            0 => "\u{fffd}".as_bytes(),
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&#34;",
            b'\'' => b"&#39;",
            byte => std::slice::from_ref(byte),
        });
    }
    out
}

fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\\' => out.extend(b"\\\\"),
                '\'' => out.extend(b"\\'"),
                '"' => out.extend(b"\\\""),
                '<' => out.extend(b"\\u003C"),
                '>' => out.extend(b"\\u003E"),
                '&' => out.extend(b"\\u0026"),
                '=' => out.extend(b"\\u003D"),
                letter if letter < ' ' || (!letter.is_ascii() && !is_printable(letter)) => {
                    out.extend(format!("\\u{:04X}", u32::from(letter)).bytes());
                }
                letter => push(&mut out, letter),
            }
        }
        for _ in chunk.invalid() {
            push(&mut out, char::REPLACEMENT_CHARACTER);
        }
    }
    out
}

fn query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b' ' => out.push(b'+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) => out.push(*byte),
            byte => out.extend(format!("%{byte:02X}").bytes()),
        }
    }
    out
}
