//! What functions give, by name and values. Each file is one library.

mod convert;
mod formatting;
mod kubernetes;
mod lists;
mod network;
mod operators;
pub(crate) mod semver;
mod strings;
mod time;
pub(crate) mod url;

pub(crate) use kubernetes::format_cost;
pub(crate) use time::{duration_text, go_duration};

use crate::{
    authorizer::Authorizer,
    value::{EvalError, Value},
};

pub(crate) type Give = Result<Value, EvalError>;
/// A library's functions, by name and values; `None`: it has no such function.
type Library = fn(&str, &[Value]) -> Option<Give>;

/// Calls a function.
///
/// Cost: at most in proportion to the sizes that [`crate::runtime_cost`] charges.
/// Errors: "no such overload" where it does not take such values, and its own ones.
pub(crate) fn call(function: &str, values: &[Value]) -> Give {
    let libraries: [Library; 8] = [
        operators::call,
        convert::call,
        strings::call,
        lists::call,
        time::call,
        network::call,
        url::call,
        kubernetes::call,
    ];
    libraries
        .iter()
        .find_map(|library| library(function, values))
        .unwrap_or_else(|| Err(EvalError::no_overload()))
}

/// Asks whoever answers questions about rights.
pub(crate) fn check(values: &[Value], authorizer: Option<&dyn Authorizer>) -> Give {
    let [Value::Check(check), Value::String(verb)] = values else {
        return Err(EvalError::no_overload());
    };
    let Some(authorizer) = authorizer else {
        return Err(EvalError::new("there is no authorizer"));
    };
    Ok(Value::Check(check.ask(verb, authorizer)?.into()))
}

pub(crate) fn int(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(crate) fn texts(items: impl IntoIterator<Item = String>) -> Value {
    Value::list(items.into_iter().map(|item| Value::String(item.into())).collect())
}
