//! Groups of the community need an approval. Source: KEP-1111, `pkg/apihelpers/helpers.go`.

use machinery::{
    field::{Errors, Path, go_quoted},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

const ANNOTATION: &str = "api-approved.kubernetes.io";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Invalid,
    Approved,
    Bypassed,
    Missing,
}

fn is_protected(definition: &Value) -> bool {
    let group = meta::text(definition, "/spec/group");
    ["k8s.io", "kubernetes.io"].iter().any(|domain| {
        group.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

fn state(definition: &Value) -> (State, String) {
    let given = meta::annotation(definition, ANNOTATION).unwrap_or_default();
    let needed = format!("protected groups must have approval annotation {ANNOTATION:?}");
    let see = "see https://github.com/kubernetes/enhancements/pull/1111";
    if given.is_empty() {
        (State::Missing, format!("{needed}, {see}"))
    } else if given.starts_with("unapproved") {
        (State::Bypassed, format!("not approved: {}", go_quoted(given)))
    } else if is_url(given) {
        (State::Approved, format!("approved in {given}"))
    } else {
        let why = "with either a URL or a reason starting with \"unapproved\"";
        (State::Invalid, format!("{needed} {why}, {see}"))
    }
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            && scheme.chars().all(plain)
            && !host.is_empty()
            && !text.contains(|it: char| it.is_control() || it == ' ')
    })
}

/// Refuses definitions of protected groups without approval; what was so before may stay.
pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    if !is_protected(change.new) {
        return;
    }
    let (now, why) = state(change.new);
    if change.old.is_some_and(|old| state(old).0 == now) {
        return;
    }
    let path = Path::new("metadata").child("annotations").key(ANNOTATION);
    match now {
        State::Approved | State::Bypassed => {}
        State::Missing => errors.required(&path, &why),
        State::Invalid => {
            let given = meta::annotation(change.new, ANNOTATION).unwrap_or_default();
            errors.invalid(&path, &given.into(), why);
        }
    }
}

/// The condition `KubernetesAPIApprovalPolicyConformant`, for protected groups.
pub fn condition(definition: &Value) -> Option<Value> {
    if !is_protected(definition) {
        return None;
    }
    let (state, message) = state(definition);
    let (status, reason) = match state {
        State::Invalid => ("False", "InvalidAnnotation"),
        State::Missing => ("False", "MissingAnnotation"),
        State::Approved => ("True", "ApprovedAnnotation"),
        State::Bypassed => ("False", "UnapprovedAnnotation"),
    };
    Some(json!({"type": "KubernetesAPIApprovalPolicyConformant", "status": status,
        "reason": reason, "message": message}))
}
