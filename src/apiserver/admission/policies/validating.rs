//! `ValidatingAdmissionPolicy`: what refuses a write, or warns of it.
//! Source: `policy/validating/{dispatcher,validator}.go`.

use std::{collections::BTreeMap, sync::Arc};

use api::admissionregistration::expressions::{Policy, Validation};
use machinery::{kind::Kind, meta, status::Status};
use serde_json::{Value, json};

use crate::audit;

use super::{
    super::{
        attributes::Attributes,
        conditions::{self, Facts, Scope},
    },
    fails,
    index::Hook,
    is_exempt, params,
};

/// The longest value of an audit annotation, in bytes.
const LONGEST_NOTE: usize = 10 * 1024;
/// The longest message that an expression may give, in bytes.
const LONGEST_MESSAGE: usize = 5 * 1024;

/// What a policy says against a request.
#[derive(Debug, Clone)]
struct Refusal {
    message: String,
    reason: String,
}

impl Refusal {
    fn error(message: impl Into<String>) -> Self {
        Self { message: message.into(), reason: String::new() }
    }
}

/// Lets every policy refuse the request; returns warnings.
pub(in super::super) async fn validate(attributes: &Attributes<'_>) -> Result<Vec<String>, Status> {
    let snapshot = attributes.server().policies.now();
    let mut warnings = Vec::new();
    if snapshot.validating.is_empty() || is_exempt(attributes) {
        return Ok(warnings);
    }
    // One view of the request for each version in which policies look at it.
    let mut views: Vec<(Arc<Kind>, Facts)> = Vec::new();
    let mut refused: Option<(String, Refusal)> = None;
    for hook in &snapshot.validating {
        let constraints = &hook.policy.object["spec"]["matchConstraints"];
        if hook.bindings.is_empty() {
            continue;
        }
        let Some(seen) = attributes.meant_by(constraints, "resourceRules").await? else { continue };
        let known = views.iter().position(|(kind, _)| Arc::ptr_eq(kind, &seen));
        let at = known.unwrap_or(views.len());
        if known.is_none() {
            let facts = Facts::of(attributes, &seen).await?;
            views.push((seen, facts));
        }
        let Some((_, facts)) = views.get_mut(at) else { continue };
        let found = bindings(attributes, hook, facts, &mut warnings).await?;
        refused = refused.or(found);
    }
    match refused {
        Some((who, refusal)) => Err(denied(attributes, &who, &refusal).warned(&warnings)),
        None => Ok(warnings),
    }
}

/// What all bindings of a policy lead to: the first refusal, and who refused.
async fn bindings(
    attributes: &Attributes<'_>,
    hook: &Hook,
    facts: &mut Facts,
    warnings: &mut Vec<String>,
) -> Result<Option<(String, Refusal)>, Status> {
    let policy = hook.policy.as_ref();
    let name = meta::name(&policy.object);
    let mut refused = None;
    let mut noted = Noted::default();
    for binding in &hook.bindings {
        let target = &binding["spec"]["matchResources"];
        if target.is_object() && attributes.meant_by(target, "resourceRules").await?.is_none() {
            continue;
        }
        let who = format!("'{name}' with binding '{}'", meta::name(binding));
        let found = match params::collect(attributes, &policy.object, binding).await? {
            Ok(found) => found,
            Err(why) => {
                if fails(&policy.object) {
                    let why = Refusal::error(format!("failed to configure binding: {why}"));
                    refused = refused.or(Some((who, why)));
                }
                continue;
            }
        };
        let actions = meta::items(binding, "/spec/validationActions");
        let acts = |action: &str| actions.iter().any(|one| one == action);
        for one in found {
            facts.set_params(one.as_ref());
            let (refusals, broken) = evaluate(attributes, policy, facts, &mut noted).await?;
            for (index, refusal) in refusals {
                if acts("Audit") {
                    audit::annotate(FAILURE, failure(&refusal, index, binding));
                }
                if acts("Warn") {
                    let message = &refusal.message;
                    warnings.push(format!(
                        "Validation failed for ValidatingAdmissionPolicy {who}: {message}"
                    ));
                }
                if acts("Deny") {
                    refused = refused.or(Some((who.clone(), refusal)));
                }
            }
            refused = refused.or(broken.map(|broken| (who.clone(), broken)));
        }
    }
    for (key, values) in noted {
        audit::annotate(format!("{name}/{key}"), values.join(", "));
    }
    Ok(refused)
}

/// Where the audit log is told of refusals that nobody acts on.
const FAILURE: &str = "validation.policy.admission.k8s.io/validation_failure";

/// A refusal for the audit log. Source: `ValidationFailureValue` of k8s.io/apiserver.
fn failure(refusal: &Refusal, index: usize, binding: &Value) -> String {
    let text = |text: &str| json!(text).to_string();
    format!(
        "[{{\"message\":{},\"policy\":{},\"binding\":{},\"expressionIndex\":{index},\
         \"validationActions\":{}}}]",
        text(&refusal.message),
        text(meta::text(binding, "/spec/policyName")),
        text(meta::name(binding)),
        json!(meta::items(binding, "/spec/validationActions")),
    )
}

/// What a policy's annotations came to: each value once.
type Noted = BTreeMap<String, Vec<String>>;

/// What a policy says against a request, and what is broken about its audit annotations.
async fn evaluate(
    attributes: &Attributes<'_>,
    policy: &Policy,
    facts: &mut Facts,
    noted: &mut Noted,
) -> Result<(Vec<(usize, Refusal)>, Option<Refusal>), Status> {
    let fails = fails(&policy.object);
    let error = |why: String| if fails { vec![(0, Refusal::error(why))] } else { Vec::new() };
    let met =
        facts.with(attributes, &[], |scope| conditions::hold(&policy.conditions, scope)).await?;
    match met {
        Ok(true) => {}
        Ok(false) => return Ok((Vec::new(), None)),
        Err(why) => return Ok((error(why), None)),
    }
    let refusals = facts
        .with(attributes, &policy.variables, |scope| {
            let judged = policy.validations.iter().map(|one| judge(one, scope, fails));
            let refused = judged.enumerate().filter_map(|(index, one)| Some((index, one?)));
            refused.collect::<Vec<(usize, Refusal)>>()
        })
        .await?;
    let (values, broken) = facts
        .with(attributes, &policy.variables, |scope| annotations(policy, scope, fails))
        .await?;
    for (key, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
        let known = noted.entry(key).or_default();
        if !known.contains(&value) {
            known.push(value);
        }
    }
    Ok((refusals, broken))
}

fn judge(validation: &Validation, scope: &Scope<'_>, fails: bool) -> Option<Refusal> {
    let given = &validation.given;
    let source = meta::text(given, "/expression");
    let value = match &validation.program {
        Ok(program) => scope.evaluate(program).map_err(|error| error.to_string()),
        Err(why) => Err(why.clone()),
    };
    let value = match value {
        Ok(value) => value,
        Err(error) => {
            let why = format!("expression '{source}' resulted in error: {error}");
            return fails.then(|| Refusal::error(why));
        }
    };
    if value == cel::Value::Bool(true) {
        return None;
    }
    let told = validation.message.as_ref().and_then(|program| scope.evaluate(program).ok());
    let told = told.as_ref().and_then(cel::Value::as_str).map(str::trim).filter(|message| {
        !message.is_empty() && message.len() <= LONGEST_MESSAGE && !message.contains('\n')
    });
    let fixed = Some(meta::text(given, "/message").trim()).filter(|message| !message.is_empty());
    let usual = || format!("failed expression: {}", source.trim());
    let message = told.or(fixed).map_or_else(usual, str::to_owned);
    let reason = meta::text(given, "/reason");
    let reason = if reason.is_empty() { "Invalid" } else { reason };
    Some(Refusal { message, reason: reason.to_owned() })
}

/// What a policy's audit annotations come to, and the first error, which refuses.
fn annotations(
    policy: &Policy,
    scope: &Scope<'_>,
    fails: bool,
) -> (Vec<(String, String)>, Option<Refusal>) {
    let mut values = Vec::new();
    let mut broken = None;
    for (key, compiled) in &policy.annotations {
        let value = match compiled {
            Ok(program) => scope.evaluate(program).map_err(|error| error.to_string()),
            Err(why) => Err(why.clone()),
        };
        match value {
            Ok(cel::Value::String(text)) => {
                let end = text.trim().floor_char_boundary(LONGEST_NOTE);
                let value = text.trim().get(..end).unwrap_or_default().to_owned();
                values.push((key.clone(), value));
            }
            Err(why) if fails && broken.is_none() => {
                let why = format!("audit annotation '{key}' resulted in error: {why}");
                broken = Some(Refusal::error(why));
            }
            _ => {}
        }
    }
    (values, broken)
}

fn denied(attributes: &Attributes<'_>, who: &str, refusal: &Refusal) -> Status {
    let message = format!("ValidatingAdmissionPolicy {who} denied request: {}", refusal.message);
    let mut status = Status::forbidden(attributes.kind().resource(), attributes.name(), &message);
    let reason = if refusal.reason.is_empty() { "Invalid" } else { &refusal.reason };
    let code = match reason {
        "Forbidden" => 403,
        "Unauthorized" => 401,
        "RequestEntityTooLarge" => 413,
        _ => 422,
    };
    status.refuse_for(reason, code, &message);
    status
}
