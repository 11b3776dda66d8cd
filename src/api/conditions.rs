//! What must hold of conditions in the form that all kinds share.
//! Source: `ValidateConditions` of `k8s.io/apimachinery/pkg/apis/meta/v1/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const LONGEST_REASON: usize = 1024;
const LONGEST_MESSAGE: usize = 32 * 1024;
const REASON_WORDS: &str = "a condition reason must start with alphabetic character, optionally \
     followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric \
     character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or \
     'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

/// Checks all conditions of an object; no type may stand twice.
pub(crate) fn check(conditions: &[Value], at: &Path, errors: &mut Errors) {
    for (index, condition) in conditions.iter().enumerate() {
        let at = at.index(index);
        let kind = &condition["type"];
        if conditions.iter().take(index).any(|one| one["type"] == *kind) {
            errors.duplicate(&at.child("type"), kind);
        }
        check_one(condition, &at, errors);
    }
}

fn check_one(condition: &Value, at: &Path, errors: &mut Errors) {
    let kind = json!(meta::text(condition, "/type"));
    check::named(&kind, names::qualified_name, &at.child("type"), errors);
    check::supported(condition, "status", &["False", "True", "Unknown"], at, errors);
    if let Some(generation) = meta::number(condition, "/observedGeneration").filter(|it| *it < 0) {
        let why = "must be greater than or equal to zero";
        errors.invalid(&at.child("observedGeneration"), &json!(generation), why);
    }
    if meta::text(condition, "/lastTransitionTime").is_empty() {
        errors.required(&at.child("lastTransitionTime"), "must be set");
    }
    let reason = meta::text(condition, "/reason");
    let path = at.child("reason");
    if reason.is_empty() {
        errors.required(&path, "must be set");
    } else if !is_reason(reason) {
        errors.invalid(&path, &json!(reason), REASON_WORDS);
    }
    if reason.len() > LONGEST_REASON {
        errors.too_long(&path, LONGEST_REASON);
    }
    if meta::text(condition, "/message").len() > LONGEST_MESSAGE {
        errors.too_long(&at.child("message"), LONGEST_MESSAGE);
    }
}

fn is_reason(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.bytes().all(|byte| word(byte) || byte == b',' || byte == b':')
        && text.bytes().last().is_some_and(word)
}
