//! The numbers and the selector that a custom resource's `scale` is read from.
//! Source: `k8s.io/apiextensions-apiserver`'s `customresource/validator.go` and the accessors of
//! `unstructured`, whose words errors have.

use machinery::{
    field::{Errors, Path},
    kind::{Change, Scale},
    meta,
};
use serde_json::{Value, json};

/// Checks what the paths of a definition's `scale` lead to.
pub(crate) fn check(version: &Value, scale: &Scale, change: &Change<'_>, errors: &mut Errors) {
    let path = |key: &str| meta::text(version, &format!("/subresources/scale/{key}")).to_owned();
    number(&path("specReplicasPath"), &scale.replicas, change.new, errors);
    number(&path("statusReplicasPath"), &scale.observed, change.new, errors);
    let selector = path("labelSelectorPath");
    if let Some(found) = change.new.pointer(&scale.selector).filter(|_| !selector.is_empty())
        && !found.is_string()
    {
        errors.invalid(&Path::new(&selector), &json!(""), accessor(&selector, found, "string"));
    }
}

fn number(path: &str, pointer: &str, object: &Value, errors: &mut Errors) {
    let Some(found) = object.pointer(pointer) else { return };
    let at = Path::new(path);
    match found.as_i64() {
        None => errors.invalid(&at, &json!(0), accessor(path, found, "int64")),
        Some(number) if number < 0 => {
            errors.invalid(&at, found, "should be a non-negative integer");
        }
        Some(number) if number > i64::from(i32::MAX) => {
            let why = format!("should be less than or equal to {}", i32::MAX);
            errors.invalid(&at, found, why);
        }
        Some(_) => {}
    }
}

fn accessor(path: &str, found: &Value, wanted: &str) -> String {
    let (shown, kind) = match found {
        Value::Null => ("<nil>".to_owned(), "<nil>"),
        Value::Bool(flag) => (flag.to_string(), "bool"),
        Value::Number(number) if number.is_f64() => (number.to_string(), "float64"),
        Value::Number(number) => (number.to_string(), "int64"),
        Value::String(text) => (text.clone(), "string"),
        Value::Array(_) => (found.to_string(), "[]interface {}"),
        Value::Object(_) => (found.to_string(), "map[string]interface {}"),
    };
    format!("{path} accessor error: {shown} is of the type {kind}, expected {wanted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_and_not_negative() {
        for (size, want) in [
            (json!(3), ""),
            (json!("big"), ".spec.size accessor error: big is of the type string, expected int64"),
            (json!(1.5), ".spec.size accessor error: 1.5 is of the type float64, expected int64"),
            (json!(-1), "should be a non-negative integer"),
            (json!(3_000_000_000_i64), "should be less than or equal to 2147483647"),
        ] {
            let mut errors = Errors::default();
            number(".spec.size", "/spec/size", &json!({"spec": {"size": size}}), &mut errors);
            assert_eq!(errors.is_empty(), want.is_empty(), "{size}");
            let told = errors.iter().map(|error| error.message.clone()).collect::<String>();
            assert!(told.contains(want), "{told}");
        }
    }
}
