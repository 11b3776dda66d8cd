//! What the kinds that make pods from a template have in common.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    selector::LabelSelector,
};
use serde_json::{Value, json};

use crate::{
    core::pod::check_template,
    parts::{container_cells, selector_cell},
};

/// The columns of wide tables: container names, images and the selector.
pub(crate) fn wide_cells(object: &Value) -> [Value; 3] {
    let [names, images] = container_cells(object, "/spec/template/spec/containers");
    [names, images, selector_cell(object, "/spec/selector")]
}

/// Checks replicas, selector and template, and that the selector never changes.
pub(crate) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    not_negative(spec, "replicas", &at, errors);
    not_negative(spec, "minReadySeconds", &at, errors);
    check_selector(&spec["selector"], &at.child("selector"), errors);
    if let Some(selector) = LabelSelector::from_object(&spec["selector"])
        && !selector.is_empty()
    {
        let template = &spec["template"];
        if !selector.matches_object(template) {
            let labels = template.pointer("/metadata/labels").cloned().unwrap_or(json!({}));
            let path = at.child("template").child("metadata").child("labels");
            errors.invalid(&path, &labels, "`selector` does not match template `labels`");
        }
    }
    check_template(&spec["template"], &at.child("template"), &["Always"], errors);
    if let Some(old) = change.old
        && old["spec"]["selector"] != spec["selector"]
    {
        errors.immutable(&at.child("selector"), &spec["selector"]);
    }
}

/// Refuses a negative number.
pub(crate) fn not_negative(spec: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if let Some(value) = spec.get(field).and_then(Value::as_i64)
        && value < 0
    {
        errors.invalid(&at.child(field), &json!(value), "must be greater than or equal to 0");
    }
}

fn check_selector(selector: &Value, at: &Path, errors: &mut Errors) {
    if selector.is_null() {
        errors.required(at, "");
        return;
    }
    let empty = meta::items(selector, "/matchExpressions").is_empty()
        && meta::strings(selector, "/matchLabels").next().is_none();
    if empty {
        errors.invalid(at, selector, "empty selector is invalid for deployment");
        return;
    }
    for (key, value) in meta::strings(selector, "/matchLabels") {
        for why in names::qualified_name(key) {
            errors.invalid(&at.child("matchLabels"), &json!(key), why);
        }
        for why in names::label_value(value) {
            errors.invalid(&at.child("matchLabels"), &json!(value), why);
        }
    }
    for (index, expression) in meta::items(selector, "/matchExpressions").iter().enumerate() {
        let path = at.child("matchExpressions").index(index);
        let values = meta::items(expression, "/values");
        match meta::text(expression, "/operator") {
            "In" | "NotIn" => {
                if values.is_empty() {
                    let why = "must be specified when `operator` is 'In' or 'NotIn'";
                    errors.required(&path.child("values"), why);
                }
            }
            "Exists" | "DoesNotExist" => {
                if !values.is_empty() {
                    let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                    errors.forbidden(&path.child("values"), why);
                }
            }
            _ => {
                let operator = &expression["operator"];
                errors.invalid(&path.child("operator"), operator, "not a valid selector operator");
            }
        }
    }
}
