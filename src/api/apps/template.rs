//! What the kinds that make pods from a template have in common.

use machinery::{
    field::{Errors, Path},
    meta,
    selector::LabelSelector,
};
use serde_json::{Value, json};

use crate::{
    check,
    core::pod::check_template,
    parts::{container_cells, selector_cell},
};

/// The columns of wide tables: container names, images and the selector.
pub(crate) fn wide_cells(object: &Value) -> [Value; 3] {
    let [names, images] = container_cells(object, "/spec/template/spec/containers");
    [names, images, selector_cell(object, "/spec/selector")]
}

/// Checks replicas, selector and template; `kind` as errors of selectors name it, and of pods.
pub(crate) fn check_spec(spec: &Value, kind: &str, pods_of: &str, errors: &mut Errors) {
    let at = Path::new("spec");
    check::not_negative(spec, "replicas", &at, errors);
    check::not_negative(spec, "minReadySeconds", &at, errors);
    check_selector(&spec["selector"], kind, &at.child("selector"), errors);
    check_selected(&spec["selector"], &spec["template"], &at.child("template"), errors);
    check_pods(&spec["template"], pods_of, &at.child("template"), errors);
}

/// Checks that pods of a template run for ever.
pub(crate) fn check_pods(template: &Value, kind: &str, at: &Path, errors: &mut Errors) {
    check_template(template, at, true, errors);
    if meta::number(template, "/spec/activeDeadlineSeconds").is_some() {
        let why = format!("activeDeadlineSeconds in {kind} is not Supported");
        errors.forbidden(&at.child("spec").child("activeDeadlineSeconds"), &why);
    }
}

/// Checks that a template's pods are among those selected.
pub(crate) fn check_selected(selector: &Value, template: &Value, at: &Path, errors: &mut Errors) {
    let labels = template.pointer("/metadata/labels").cloned().unwrap_or_default();
    let matches = match LabelSelector::from_object(selector) {
        // No selector selects nothing, an empty one everything.
        _ if selector.is_null() => false,
        None => true,
        Some(selector) => selector.is_empty() || selector.matches_object(template),
    };
    if !matches {
        let path = at.child("metadata").child("labels");
        errors.invalid(&path, &labels, "`selector` does not match template `labels`");
    }
}

fn check_selector(selector: &Value, kind: &str, at: &Path, errors: &mut Errors) {
    if selector.is_null() {
        errors.required(at, "");
        return;
    }
    check::selector(selector, at, errors);
    let empty = meta::items(selector, "/matchExpressions").is_empty()
        && meta::strings(selector, "/matchLabels").next().is_none();
    if empty {
        errors.invalid(at, &json!({}), format!("empty selector is invalid for {kind}"));
    } else if LabelSelector::from_object(selector).is_none() {
        errors.invalid_shown(at, &check::shown_selector(selector), "invalid label selector");
    }
}

/// A strategy as Go writes it.
pub(crate) fn shown_strategy(strategy: &Value, rolling: &[(&str, &str)]) -> String {
    let parts = strategy.get("rollingUpdate").map_or_else(
        || "null".to_owned(),
        |update| {
            let fields: Vec<(&str, Option<String>)> = rolling
                .iter()
                .map(|(shown, field)| (*shown, check::or_null(update.get(*field))))
                .collect();
            check::ordered(&fields)
        },
    );
    check::ordered(&[
        ("Type", check::or_null(strategy.get("type"))),
        ("RollingUpdate", Some(parts)),
    ])
}
