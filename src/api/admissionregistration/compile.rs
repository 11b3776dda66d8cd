//! Expressions that do not compile are refused where they are written.
//! Source: `pkg/apis/admissionregistration/validation/validation.go`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::Value;

use super::expressions::{self, Compiled, Policy, Scope};

fn tell<T>(compiled: &Result<T, String>, source: &Value, at: &Path, errors: &mut Errors) {
    let empty = source.as_str().is_none_or(|text| text.trim().is_empty());
    if let (Err(why), false) = (compiled, empty) {
        errors.invalid(at, source, why);
    }
}

fn conditions(compiled: &[(String, String, Compiled)], at: &Path, errors: &mut Errors) {
    let at = at.child("matchConditions");
    for (index, (_, source, compiled)) in compiled.iter().enumerate() {
        let at = at.index(index).child("expression");
        tell(compiled, &source.as_str().into(), &at, errors);
    }
}

/// Checks the expressions of a policy.
pub(super) fn check_policy(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let policy = Policy::compile(change.new);
    conditions(&policy.conditions, &at, errors);
    let given = |list: &str, index: usize, field: &str| {
        let one = meta::items(spec, &format!("/{list}")).get(index).cloned().unwrap_or_default();
        one.pointer(field).cloned().unwrap_or_default()
    };
    for (index, (_, compiled)) in policy.variables.iter().enumerate() {
        let path = at.child("variables").index(index).child("expression");
        tell(compiled, &given("variables", index, "/expression"), &path, errors);
    }
    for (index, validation) in policy.validations.iter().enumerate() {
        let path = at.child("validations").index(index);
        let source = &validation.given["expression"];
        tell(&validation.program, source, &path.child("expression"), errors);
    }
    messages(&policy, spec, errors);
    for (index, (_, compiled)) in policy.annotations.iter().enumerate() {
        let path = at.child("auditAnnotations").index(index).child("valueExpression");
        tell(compiled, &given("auditAnnotations", index, "/valueExpression"), &path, errors);
    }
    for (index, (kind, source, compiled)) in policy.mutations.iter().enumerate() {
        let field = if kind == "JSONPatch" { "jsonPatch" } else { "applyConfiguration" };
        let path = at.child("mutations").index(index).child(field).child("expression");
        tell(compiled, &source.as_str().into(), &path, errors);
    }
}

/// Message expressions see no authorizer, but the policy's variables.
fn messages(policy: &Policy, spec: &Value, errors: &mut Errors) {
    let params = spec.get("paramKind").is_some_and(|it| !it.is_null());
    let mut names = expressions::names(Scope { params, ..Scope::default() });
    for (name, compiled) in &policy.variables {
        let of = compiled.as_ref().map_or(cel::Type::Dyn, |program| program.output().clone());
        expressions::declare(&mut names, name, &of);
    }
    for (index, validation) in policy.validations.iter().enumerate() {
        let source = &validation.given["messageExpression"];
        let text = source.as_str().unwrap_or_default();
        if !text.trim().is_empty() {
            let compiled = expressions::compile(text, &names, &[cel::Type::String]);
            let path = Path::new("spec").child("validations").index(index);
            tell(&compiled, source, &path.child("messageExpression"), errors);
        }
    }
}

/// Checks the conditions of webhooks.
pub(super) fn check_webhooks(change: &Change<'_>, errors: &mut Errors) {
    let names = expressions::names(Scope { authorizer: true, ..Scope::default() });
    for (index, webhook) in meta::items(change.new, "/webhooks").iter().enumerate() {
        let at = Path::new("webhooks").index(index);
        conditions(&expressions::conditions(webhook, &names), &at, errors);
    }
}
