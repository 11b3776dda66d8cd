//! When a job has failed or succeeded before its time.
//! Source: `k8s.io/kubernetes/pkg/apis/batch/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use super::indexes;
use crate::{check, core::shown::shown};

const MOST_RULES: usize = 20;
const MOST_CODES: usize = 255;
const MOST_PATTERNS: usize = 20;
/// Longest text of indexes that make a success, in bytes.
const LONGEST_INDEXES: usize = 64 * 1024;

pub(super) fn check(spec: &Value, at: &Path, errors: &mut Errors) {
    if let Some(policy) = spec.get("podFailurePolicy") {
        check_failure(spec, policy, &at.child("podFailurePolicy"), errors);
    }
    if let Some(policy) = spec.get("successPolicy") {
        check_success(spec, policy, &at.child("successPolicy"), errors);
    }
    let replacement: &[&str] = if spec.get("podFailurePolicy").is_some() {
        &["Failed"]
    } else {
        &["Failed", "TerminatingOrFailed"]
    };
    check::one_of(spec, "podReplacementPolicy", replacement, at, errors);
}

fn check_failure(spec: &Value, policy: &Value, at: &Path, errors: &mut Errors) {
    let at = at.child("rules");
    let rules = meta::items(policy, "/rules");
    if rules.len() > MOST_RULES {
        errors.too_many(&at, rules.len(), MOST_RULES);
    }
    let containers: Vec<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|list| meta::items(&spec["template"]["spec"], &format!("/{list}")))
        .map(|container| meta::text(container, "/name"))
        .collect();
    for (index, rule) in rules.iter().enumerate() {
        check_rule(spec, rule, &containers, &at.index(index), errors);
    }
}

fn check_rule(spec: &Value, rule: &Value, containers: &[&str], at: &Path, errors: &mut Errors) {
    const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
    let action = &rule["action"];
    match action.as_str() {
        None | Some("") => {
            let known = ACTIONS.map(|one| format!("{one:?}")).join(" ");
            errors.required(&at.child("action"), &format!("valid values: [{known}]"));
        }
        Some("FailIndex") if spec.get("backoffLimitPerIndex").is_none() => {
            let why = "requires the backoffLimitPerIndex to be set";
            errors.invalid(&at.child("action"), action, why);
        }
        Some(known) if ACTIONS.contains(&known) => {}
        Some(_) => errors.not_supported(&at.child("action"), action, &ACTIONS),
    }
    let codes = rule.get("onExitCodes");
    if let Some(codes) = codes {
        check_codes(codes, containers, &at.child("onExitCodes"), errors);
    }
    let patterns = meta::items(rule, "/onPodConditions");
    if !patterns.is_empty() {
        check_patterns(patterns, &at.child("onPodConditions"), errors);
    }
    if codes.is_some() && !patterns.is_empty() {
        let why = "specifying both OnExitCodes and OnPodConditions is not supported";
        errors.invalid_unshown(at, why);
    }
    if codes.is_none() && patterns.is_empty() {
        let why = "specifying one of OnExitCodes and OnPodConditions is required";
        errors.invalid_unshown(at, why);
    }
}

fn check_codes(codes: &Value, containers: &[&str], at: &Path, errors: &mut Errors) {
    const OPERATORS: [&str; 2] = ["In", "NotIn"];
    let operator = &codes["operator"];
    match operator.as_str() {
        None | Some("") => {
            errors.required(&at.child("operator"), "valid values: [\"In\" \"NotIn\"]");
        }
        Some(known) if OPERATORS.contains(&known) => {}
        Some(_) => errors.not_supported(&at.child("operator"), operator, &OPERATORS),
    }
    if let Some(name) = codes.get("containerName").and_then(Value::as_str)
        && !containers.contains(&name)
    {
        let why = "must be one of the container or initContainer names in the pod template";
        errors.invalid(&at.child("containerName"), &json!(name), why);
    }
    let at = at.child("values");
    let values = meta::items(codes, "/values");
    if values.is_empty() {
        errors.invalid(&at, &codes["values"], "at least one value is required");
    } else if values.len() > MOST_CODES {
        errors.too_many(&at, values.len(), MOST_CODES);
    }
    let mut ordered = true;
    for (index, value) in values.iter().enumerate() {
        let path = at.index(index);
        if *value == 0 && operator == "In" {
            errors.invalid(&path, value, "must not be 0 for the In operator");
        }
        if values.iter().take(index).any(|one| one == value) {
            errors.duplicate(&path, value);
        }
        ordered &= index == 0 || values[index - 1].as_i64() <= value.as_i64();
    }
    if !ordered {
        errors.invalid(&at, &codes["values"], "must be ordered");
    }
}

fn check_patterns(patterns: &[Value], at: &Path, errors: &mut Errors) {
    if patterns.len() > MOST_PATTERNS {
        errors.too_many(at, patterns.len(), MOST_PATTERNS);
    }
    for (index, pattern) in patterns.iter().enumerate() {
        let path = at.index(index);
        check::named(&pattern["type"], names::qualified_name, &path.child("type"), errors);
        let statuses = ["False", "True", "Unknown"];
        match meta::text(pattern, "/status") {
            "" => {
                let why = "valid values: [\"False\" \"True\" \"Unknown\"]";
                errors.required(&path.child("status"), why);
            }
            _ => check::one_of(pattern, "status", &statuses, &path, errors),
        }
    }
}

fn check_success(spec: &Value, policy: &Value, at: &Path, errors: &mut Errors) {
    if spec["completionMode"] != "Indexed" {
        let shown = shown("SuccessPolicy", policy);
        errors.invalid_shown(at, &shown, "requires indexed completion mode");
        return;
    }
    let at = at.child("rules");
    let rules = meta::items(policy, "/rules");
    if rules.is_empty() {
        errors.required(
            &at,
            "at least one rules must be specified when the successPolicy is specified",
        );
    }
    if rules.len() > MOST_RULES {
        errors.too_many(&at, rules.len(), MOST_RULES);
    }
    let completions = meta::number(spec, "/completions").unwrap_or(0);
    for (index, rule) in rules.iter().enumerate() {
        check_success_rule(rule, completions, &at.index(index), errors);
    }
}

fn check_success_rule(rule: &Value, completions: i64, at: &Path, errors: &mut Errors) {
    let indexes = rule.get("succeededIndexes").and_then(Value::as_str);
    let count = rule.get("succeededCount").and_then(Value::as_i64);
    if indexes.is_none() && count.is_none() {
        let why = "at least one of succeededCount or succeededIndexes must be specified";
        errors.required(at, why);
    }
    let mut most = 0;
    if let Some(text) = indexes {
        let path = at.child("succeededIndexes");
        if text.len() > LONGEST_INDEXES {
            errors.too_long(&path, LONGEST_INDEXES);
        }
        match indexes::count(text, completions) {
            Ok(total) => most = total,
            Err(why) => {
                let why = format!("error parsing succeededIndexes: {why}");
                errors.invalid(&path, &json!(text), why);
            }
        }
    }
    check::not_negative(rule, "succeededCount", at, errors);
    let Some(count) = count else { return };
    let path = at.child("succeededCount");
    if count > completions {
        let why = format!(
            "must be less than or equal to {completions} (the number of specified completions)"
        );
        errors.invalid(&path, &json!(count), why);
    }
    if indexes.is_some() && count > most {
        let why = format!(
            "must be less than or equal to {most} (the number of indexes in the specified \
             succeededIndexes field)"
        );
        errors.invalid(&path, &json!(count), why);
    }
}
