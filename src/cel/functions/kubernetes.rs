//! Quantities, versions, formats and questions about rights.
//! Source: `k8s.io/apiserver/pkg/cel/library/{quantity,semverlib,format,authz}.go`.

use std::cmp::Ordering;

use machinery::{names, quantity::Quantity};

use super::{Give, semver::Semver, texts, url::Url};
use crate::{
    authorizer::Check,
    declarations::FORMATS,
    value::{EvalError, Value},
};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    if let Some(name) = function.strip_prefix("format.") {
        return formats(name, values);
    }
    Some(match (function, values) {
        ("quantity", [Value::String(text)]) => quantity(text).map(Value::Quantity),
        ("isQuantity", [Value::String(text)]) => Ok(Value::Bool(quantity(text).is_ok())),
        ("semver", [Value::String(text), rest @ ..]) => {
            semver(text, rest).map(|version| Value::Semver(version.into()))
        }
        ("isSemver", [Value::String(text), rest @ ..]) => {
            Ok(Value::Bool(semver(text, rest).is_ok()))
        }
        ("validate", [Value::Format(format), Value::String(text)]) => Ok(validate(format, text)),
        (_, [Value::Quantity(one), rest @ ..]) => return of_quantity(function, *one, rest),
        (_, [Value::Semver(one), rest @ ..]) => return of_version(function, one, rest),
        (_, [Value::Check(check), rest @ ..]) => return Some(of_check(function, check, rest)),
        _ => return None,
    })
}

fn quantity(text: &str) -> Result<Quantity, EvalError> {
    text.parse::<Quantity>().map_err(|error| EvalError::new(error.to_string()))
}

fn semver(text: &str, rest: &[Value]) -> Result<Semver, EvalError> {
    let normalize = match rest {
        [] => false,
        [Value::Bool(normalize)] => *normalize,
        _ => return Err(EvalError::no_overload()),
    };
    Semver::parse(text, normalize).map_err(EvalError)
}

fn number(order: Ordering) -> Value {
    Value::Int(match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}

fn of_quantity(function: &str, one: Quantity, rest: &[Value]) -> Option<Give> {
    Some(match (function, rest) {
        ("sign", []) => Ok(number(one.cmp(&Quantity::whole(0)))),
        ("isInteger", []) => Ok(Value::Bool(one == Quantity::whole(one.value()))),
        ("asInteger", []) if one == Quantity::whole(one.value()) => Ok(Value::Int(one.value())),
        ("asInteger", []) => Err(EvalError::new("cannot convert value to integer")),
        ("asApproximateFloat", []) => Ok(Value::Double(one.approximate())),
        ("isGreaterThan", [Value::Quantity(two)]) => Ok(Value::Bool(one > *two)),
        ("isLessThan", [Value::Quantity(two)]) => Ok(Value::Bool(one < *two)),
        ("compareTo", [Value::Quantity(two)]) => Ok(number(one.cmp(two))),
        ("add", [Value::Quantity(two)]) => Ok(Value::Quantity(one.plus(*two))),
        ("add", [Value::Int(two)]) => Ok(Value::Quantity(one.plus(Quantity::whole(*two)))),
        ("sub", [Value::Quantity(two)]) => Ok(Value::Quantity(one.minus(*two))),
        ("sub", [Value::Int(two)]) => Ok(Value::Quantity(one.minus(Quantity::whole(*two)))),
        _ => return None,
    })
}

fn of_version(function: &str, one: &Semver, rest: &[Value]) -> Option<Give> {
    let [major, minor, patch] = one.numbers();
    let part = |number: u64| Ok(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
    Some(match (function, rest) {
        ("major", []) => part(major),
        ("minor", []) => part(minor),
        ("patch", []) => part(patch),
        ("isGreaterThan", [Value::Semver(two)]) => Ok(Value::Bool(one.compare(two).is_gt())),
        ("isLessThan", [Value::Semver(two)]) => Ok(Value::Bool(one.compare(two).is_lt())),
        ("compareTo", [Value::Semver(two)]) => Ok(number(one.compare(two))),
        _ => return None,
    })
}

fn of_check(function: &str, check: &Check, rest: &[Value]) -> Give {
    if let Check::Decision(answer) = check {
        return match function {
            "allowed" => Ok(Value::Bool(answer.allowed)),
            "reason" => Ok(Value::text(&answer.reason)),
            "errored" => Ok(Value::Bool(answer.error.is_some())),
            "error" => Ok(Value::text(answer.error.as_deref().unwrap_or_default())),
            _ => Err(EvalError::no_overload()),
        };
    }
    let words: Option<Vec<&str>> = rest.iter().map(Value::as_str).collect();
    let words = words.ok_or_else(EvalError::no_overload)?;
    check.with(function, &words).map(|check| Value::Check(check.into()))
}

fn format_named(name: &str) -> Option<Value> {
    FORMATS.split_whitespace().find(|known| *known == name).map(Value::Format)
}

fn formats(name: &str, values: &[Value]) -> Option<Give> {
    match (name, values) {
        ("named", [Value::String(name)]) => {
            Some(Ok(Value::Optional(format_named(name).map(Into::into))))
        }
        (name, []) => format_named(name).map(Ok),
        _ => None,
    }
}

/// What is wrong with a text of that format, if anything is.
fn validate(format: &str, text: &str) -> Value {
    let plain = text.strip_suffix('-').map_or_else(|| text.to_owned(), |rest| format!("{rest}a"));
    let one = |fine: bool, words: &str| if fine { Vec::new() } else { vec![words.to_owned()] };
    let wrong = match format {
        "dns1123Label" => names::dns_label(text),
        "dns1123Subdomain" => names::dns_subdomain(text),
        "dns1035Label" => names::dns_1035_label(text),
        "qualifiedName" => names::qualified_name(text),
        "dns1123LabelPrefix" => names::dns_label(&plain),
        "dns1123SubdomainPrefix" => names::dns_subdomain(&plain),
        "dns1035LabelPrefix" => names::dns_1035_label(&plain),
        "labelValue" => names::label_value(text),
        "uri" => {
            one(Url::parse(text).is_some(), &format!("parse {text:?}: invalid URI for request"))
        }
        "uuid" => {
            one(machinery::structural::is_format("uuid", text), "does not match the UUID format")
        }
        "byte" => one(machinery::base64::is_standard(text), "invalid base64"),
        "date" => one(machinery::structural::is_format("date", text), "invalid date"),
        _ => one(machinery::structural::is_format("date-time", text), "invalid datetime"),
    };
    Value::Optional((!wrong.is_empty()).then(|| texts(wrong).into()))
}

/// How long the expression of a format is taken to be.
pub(crate) fn format_cost(format: &str) -> u64 {
    match format {
        "dns1123Label" | "dns1035Label" | "dns1123LabelPrefix" | "dns1035LabelPrefix" => 30,
        "labelValue" => 40,
        "qualifiedName" | "dns1123Subdomain" | "dns1123SubdomainPrefix" => 60,
        _ => 128,
    }
}
