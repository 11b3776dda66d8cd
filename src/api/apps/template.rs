//! What the kinds that make pods from a template have in common.

use machinery::{
    field::{Errors, Path},
    meta,
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

/// Who is checked, as errors name it.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    /// Whose selector may not be empty.
    pub(crate) selects: &'static str,
    /// Whose pods may not have a deadline.
    pub(crate) pods_of: &'static str,
    /// What is said of a selector that cannot be read.
    pub(crate) unreadable: &'static str,
}

/// Checks replicas, selector and template.
pub(crate) fn check_spec(spec: &Value, named: Named, errors: &mut Errors) {
    let at = Path::new("spec");
    check::not_negative(spec, "replicas", &at, errors);
    check::not_negative(spec, "minReadySeconds", &at, errors);
    let selector = &spec["selector"];
    if check_selector(selector, named, &at.child("selector"), errors) {
        check_selected(selector, &spec["template"], &at.child("template"), errors);
        check_pods(&spec["template"], named.pods_of, &at.child("template"), errors);
    }
}

/// Checks that pods of a template run for ever.
pub(crate) fn check_pods(template: &Value, kind: &str, at: &Path, errors: &mut Errors) {
    check_template(template, at, true, errors);
    check_deadline(template, kind, at, errors);
}

/// Refuses that pods of a template end after a time.
pub(crate) fn check_deadline(template: &Value, kind: &str, at: &Path, errors: &mut Errors) {
    if meta::number(template, "/spec/activeDeadlineSeconds").is_some() {
        let why = format!("activeDeadlineSeconds in {kind} is not Supported");
        errors.forbidden(&at.child("spec").child("activeDeadlineSeconds"), &why);
    }
}

/// Checks that a template's pods are among those selected.
pub(crate) fn check_selected(selector: &Value, template: &Value, at: &Path, errors: &mut Errors) {
    let labels = template.pointer("/metadata/labels").cloned().unwrap_or_default();
    let matches = match check::read_selector(selector) {
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

/// Checks a selector; tells whether it can be read.
fn check_selector(selector: &Value, named: Named, at: &Path, errors: &mut Errors) -> bool {
    if selector.is_null() {
        errors.required(at, "");
        return true;
    }
    check::selector(selector, at, errors);
    let empty = meta::items(selector, "/matchExpressions").is_empty()
        && meta::strings(selector, "/matchLabels").next().is_none();
    if empty {
        let why = format!("empty selector is invalid for {}", named.selects);
        errors.invalid(at, &json!({}), why);
    }
    let readable = check::read_selector(selector).is_some();
    if !readable {
        errors.invalid_shown(at, &check::shown_selector(selector), named.unreadable);
    }
    readable
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
