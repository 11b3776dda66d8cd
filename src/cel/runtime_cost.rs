//! What calls take, as Kubernetes counts it.
//! Source: cel-go, `interpreter/runtimecost.go`; `k8s.io/apiserver/pkg/cel/library/cost.go`.

use crate::{
    functions,
    value::{Identity, Value},
};

/// A tenth of a text's length, rounded up.
fn tenth(size: u64) -> u64 {
    size.div_ceil(10)
}

fn quarter(size: u64) -> u64 {
    size.div_ceil(4)
}

/// What a call takes that is known from its arguments.
pub(crate) fn before(function: &str, overload: &str, values: &[Value]) -> u64 {
    let size = |at: usize| values.get(at).map_or(1, Value::size);
    match function {
        "check" => 350_000,
        "fieldSelector" | "labelSelector" => {
            10 + tenth(size(1)) + size(1).div_ceil(2).saturating_mul(50)
        }
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" => {
            values.first().map_or(0, traversal)
        }
        "url"
        | "lowerAscii"
        | "upperAscii"
        | "substring"
        | "trim"
        | "jsonpatch.escapeKey"
        | "cidr"
        | "isIP"
        | "isCIDR"
        | "quantity"
        | "isQuantity"
        | "semver"
        | "isSemver" => tenth(size(0)),
        "ip" if overload != "cidr_ip" => tenth(size(0)),
        "replace" | "split" | "ip.isCanonical" => size(0).saturating_mul(2).div_ceil(10),
        "join" => 0,
        "find" | "findAll" => expression(size(0), size(1)),
        "containsIP" => {
            let text = if overload.ends_with("_string") { tenth(size(1)) } else { 0 };
            tenth(size(0) * 2) + text
        }
        "containsCIDR" => {
            let text = if overload.ends_with("_string") { tenth(size(1)) } else { 0 };
            tenth(size(0) * 2) + tenth(size(0)) + 1 + text
        }
        "validate" => match values.first() {
            Some(Value::Format(format)) => expression(size(1), functions::format_cost(format)),
            _ => 1,
        },
        "_==_" if values.first().is_some_and(is_kubernetes) => 1,
        _ => standard(overload, values),
    }
}

fn is_kubernetes(value: &Value) -> bool {
    matches!(
        value,
        Value::Quantity(_)
            | Value::Ip(_)
            | Value::Cidr(..)
            | Value::Format(_)
            | Value::Url(_)
            | Value::Semver(_)
            | Value::Check(_)
    )
}

fn expression(text: u64, pattern: u64) -> u64 {
    tenth(text + 1).saturating_mul(quarter(pattern))
}

fn standard(overload: &str, values: &[Value]) -> u64 {
    let size = |at: usize| values.get(at).map_or(1, Value::size);
    match overload {
        "starts_with_string" | "ends_with_string" | "string_to_bytes" | "bytes_to_string"
        | "strings_quote" | "string_format" => tenth(size(0)),
        "in_list" => size(1),
        "less_string"
        | "greater_string"
        | "less_equals_string"
        | "greater_equals_string"
        | "less_bytes"
        | "greater_bytes"
        | "less_equals_bytes"
        | "greater_equals_bytes"
        | "equals"
        | "not_equals" => tenth(size(0).min(size(1))),
        "add_string" | "add_bytes" => tenth(size(0) + size(1)),
        "matches_string" | "matches" => expression(size(0), size(1)),
        "contains_string" => tenth(size(0)).saturating_mul(tenth(size(1))),
        // Extensions of lists are charged by what they walk over.
        "list_distinct" => 1 + size(0).saturating_mul(size(0)),
        "list_sets_contains_list" | "list_sets_intersects_list" => {
            1 + size(0).saturating_mul(size(1))
        }
        "list_sets_equivalent_list" => 1 + size(0).saturating_mul(size(1)).saturating_mul(2),
        _ => 1,
    }
}

/// How many values a call looks at, where that is not what it is charged for.
pub(crate) fn work(function: &str, values: &[Value]) -> u64 {
    let weight = |at: usize| values.get(at).map_or(0, Value::weight);
    let size = |at: usize| values.get(at).map_or(0, Value::size);
    match function {
        "_==_" | "_!=_" => {
            let least = weight(0).min(weight(1));
            match values.first() {
                Some(Value::List(list)) if list.identity != Identity::Place => {
                    least.saturating_mul(size(0))
                }
                _ => least,
            }
        }
        "@in" => weight(1).min(weight(0).saturating_mul(size(1))),
        "indexOf" | "lastIndexOf" | "isSorted" | "sum" | "flatten" => weight(0),
        "sets.contains" | "sets.equivalent" | "sets.intersects" => {
            size(0).saturating_mul(weight(1)).saturating_add(size(1).saturating_mul(weight(0)))
        }
        "distinct" => size(0).saturating_mul(weight(0)),
        "format" => weight(1).saturating_mul(20),
        "join" => weight(0).saturating_add(size(0).saturating_mul(weight(1))),
        "replace" => weight(0).saturating_add(size(0).saturating_mul(weight(2))),
        _ => 0,
    }
}

/// What a call takes that is known from its result alone.
pub(crate) fn after(function: &str, result: &Value) -> u64 {
    match function {
        "join" => result.size().saturating_mul(2).div_ceil(10),
        "slice" | "reverse" | "flatten" | "lists.range" | "distinct" => result.size(),
        "sort" | "@sortByAssociatedKeys" => {
            let size = result.size();
            size.saturating_mul(u64::from(64 - size.leading_zeros()))
        }
        _ => 0,
    }
}

/// What it takes to look at all of a value.
fn traversal(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64 / 10,
        Value::Bytes(bytes) => bytes.len() as u64 / 10,
        Value::List(list) => list.items.iter().map(traversal).sum(),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| traversal(&key.value()) + traversal(value)).sum()
        }
        Value::Object(_, fields) => {
            fields.iter().map(|(name, value)| name.len() as u64 / 10 + traversal(value)).sum()
        }
        _ => 1,
    }
}
