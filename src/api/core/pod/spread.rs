//! What must hold of how evenly pods want to be spread.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

/// Checks how evenly pods want to be spread.
pub(super) fn check(spec: &Value, at: &Path, errors: &mut Errors) {
    let all = meta::items(spec, "/topologySpreadConstraints");
    let at = at.child("topologySpreadConstraints");
    for (index, one) in all.iter().enumerate() {
        let path = at.index(index);
        check_numbers(one, &path, errors);
        let key = meta::text(one, "/topologyKey");
        if key.is_empty() {
            errors.required(&path.child("topologyKey"), "can not be empty");
        }
        let otherwise = meta::text(one, "/whenUnsatisfiable");
        let known = ["DoNotSchedule", "ScheduleAnyway"];
        check::supported(one, "whenUnsatisfiable", &known, &path, errors);
        let same = |other: &Value| {
            meta::text(other, "/topologyKey") == key
                && meta::text(other, "/whenUnsatisfiable") == otherwise
        };
        if all.iter().skip(index + 1).any(same) {
            let shown = format!("{{{key}, {otherwise}}}");
            let path = path.child("{topologyKey, whenUnsatisfiable}");
            errors.duplicate(&path, &json!(shown));
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            check::one_of(one, field, &["Honor", "Ignore"], &path, errors);
        }
        check_label_keys(one, &path, errors);
        check::selector(&one["labelSelector"], &path.child("labelSelector"), errors);
    }
}

fn check_numbers(one: &Value, at: &Path, errors: &mut Errors) {
    let number = |field: &str| one.get(field).and_then(Value::as_i64);
    let skew = number("maxSkew").unwrap_or(0);
    if skew <= 0 {
        errors.invalid(&at.child("maxSkew"), &json!(skew), "must be greater than zero");
    }
    let Some(domains) = number("minDomains") else { return };
    let path = at.child("minDomains");
    if domains <= 0 {
        errors.invalid(&path, &json!(domains), "must be greater than zero");
    }
    let otherwise = meta::text(one, "/whenUnsatisfiable");
    if otherwise != "DoNotSchedule" {
        let why =
            format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {otherwise}");
        errors.invalid(&path, &json!(domains), why);
    }
}

/// Checks the keys of labels whose values are the pod's own, of a term or a constraint.
/// Source: `ValidateMatchLabelKeysAndMismatchLabelKeys`.
pub(super) fn check_label_keys(of: &Value, at: &Path, errors: &mut Errors) {
    let selector = of.get("labelSelector").filter(|selector| !selector.is_null());
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        let keys = meta::items(of, &format!("/{field}"));
        let path = at.child(field);
        if !keys.is_empty() && selector.is_none() {
            errors.forbidden(&path, "must not be specified when labelSelector is not set");
            continue;
        }
        for (index, key) in keys.iter().enumerate() {
            check::named(key, names::qualified_name, &path.index(index), errors);
        }
    }
    let keys = meta::items(of, "/matchLabelKeys");
    if let Some(selector) = selector {
        let mut seen: Vec<&str> =
            meta::strings(selector, "/matchLabels").map(|(it, _)| it).collect();
        for expression in meta::items(selector, "/matchExpressions") {
            let key = meta::text(expression, "/key");
            // The first one is what was made of the key itself.
            let index = keys.iter().rposition(|one| one == key);
            if let Some(index) = index.filter(|_| seen.contains(&key)) {
                let why = "exists in both matchLabelKeys and labelSelector";
                errors.invalid(&at.index(index), &json!(key), why);
            }
            seen.push(key);
        }
    }
    for (index, key) in keys.iter().enumerate() {
        if meta::items(of, "/mismatchLabelKeys").contains(key) {
            let why = "exists in both matchLabelKeys and mismatchLabelKeys";
            errors.invalid(&at.child("matchLabelKeys").index(index), key, why);
        }
    }
}
