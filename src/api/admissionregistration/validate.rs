//! What must hold of webhooks and policies. Source:
//! `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const OPERATIONS: [&str; 5] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES: [&str; 3] = ["*", "Cluster", "Namespaced"];
const POLICIES: [&str; 2] = ["Fail", "Ignore"];
const MATCHES: [&str; 2] = ["Equivalent", "Exact"];
const MOST_CONDITIONS: usize = 64;
const MOST_SECONDS: i64 = 30;
const MOST_ANNOTATIONS: usize = 20;

/// Checks a configuration of webhooks.
pub(super) fn check_webhooks(change: &Change<'_>, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, webhook) in meta::items(change.new, "/webhooks").iter().enumerate() {
        let path = Path::new("webhooks").index(index);
        check_webhook(webhook, &path, errors);
        let name = meta::text(webhook, "/name");
        if !name.is_empty() && seen.contains(&name) {
            errors.duplicate(&path.child("name"), &json!(name));
        }
        seen.push(name);
    }
}

fn check_webhook(webhook: &Value, at: &Path, errors: &mut Errors) {
    check_full_name(meta::text(webhook, "/name"), &at.child("name"), errors);
    check_versions(webhook, at, errors);
    for (index, rule) in meta::items(webhook, "/rules").iter().enumerate() {
        check_rule(rule, true, &at.child("rules").index(index), errors);
    }
    check::one_of(webhook, "failurePolicy", &POLICIES, at, errors);
    check::one_of(webhook, "matchPolicy", &MATCHES, at, errors);
    let effects = ["None", "NoneOnDryRun"];
    match webhook.get("sideEffects") {
        None => {
            let why = "must specify one of None, NoneOnDryRun";
            errors.required(&at.child("sideEffects"), why);
        }
        Some(_) => check::one_of(webhook, "sideEffects", &effects, at, errors),
    }
    if let Some(seconds) = meta::number(webhook, "/timeoutSeconds")
        && !(1..=MOST_SECONDS).contains(&seconds)
    {
        let why = format!("the timeout value must be between 1 and {MOST_SECONDS} seconds");
        errors.invalid(&at.child("timeoutSeconds"), &json!(seconds), why);
    }
    for field in ["namespaceSelector", "objectSelector"] {
        check::selector(&webhook[field], &at.child(field), errors);
    }
    let again = ["IfNeeded", "Never"];
    check::one_of(webhook, "reinvocationPolicy", &again, at, errors);
    check_client(&webhook["clientConfig"], &at.child("clientConfig"), errors);
    check_conditions(webhook, at, errors);
}

fn check_full_name(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.required(path, "");
        return;
    }
    let problems = names::dns_subdomain(name);
    if !problems.is_empty() {
        errors.invalid(path, &json!(name), problems.join(","));
        return;
    }
    if name.split('.').count() < 3 {
        let why = "should be a domain with at least three segments separated by dots";
        errors.invalid(path, &json!(name), why);
    }
}

fn check_versions(webhook: &Value, at: &Path, errors: &mut Errors) {
    let versions = meta::items(webhook, "/admissionReviewVersions");
    let at = at.child("admissionReviewVersions");
    if versions.is_empty() {
        errors.required(&at, "must specify one of v1, v1beta1");
        return;
    }
    for (index, version) in versions.iter().enumerate() {
        if versions.iter().take(index).any(|one| one == version) {
            errors.invalid(&at.index(index), version, "duplicate version");
            continue;
        }
        check::named(version, names::dns_1035_label, &at.index(index), errors);
    }
    if !versions.iter().any(|version| matches!(version.as_str(), Some("v1" | "v1beta1"))) {
        let why = "must include at least one of v1, v1beta1";
        errors.invalid(&at, &json!(versions), why);
    }
}

fn check_client(client: &Value, at: &Path, errors: &mut Errors) {
    let url = client.get("url");
    let service = client.get("service");
    if url.is_some() == service.is_some() {
        errors.required(at, "exactly one of url or service is required");
        return;
    }
    if let Some(url) = url {
        check::webhook_url(url, &at.child("url"), errors);
    }
    if let Some(service) = service {
        check::webhook_service(service, &at.child("service"), errors);
    }
}

fn check_conditions(parent: &Value, at: &Path, errors: &mut Errors) {
    let conditions = meta::items(parent, "/matchConditions");
    let at = at.child("matchConditions");
    if conditions.len() > MOST_CONDITIONS {
        errors.too_many(&at, conditions.len(), MOST_CONDITIONS);
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, condition) in conditions.iter().enumerate() {
        let path = at.index(index);
        let name = meta::text(condition, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            check::named(&json!(name), names::qualified_name, &path.child("name"), errors);
            if seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
            seen.push(name);
        }
        if meta::text(condition, "/expression").trim().is_empty() {
            errors.required(&path.child("expression"), "");
        }
    }
}

fn check_rule(rule: &Value, subresources: bool, at: &Path, errors: &mut Errors) {
    for (field, words) in [("apiGroups", ""), ("apiVersions", ""), ("resources", "")] {
        let list = meta::items(rule, &format!("/{field}"));
        let path = at.child(field);
        if list.is_empty() {
            errors.required(&path, words);
        }
        if list.len() > 1 && list.iter().any(|one| one == "*") {
            let what = match field {
                "apiGroups" => "API groups",
                "apiVersions" => "API versions",
                _ => continue,
            };
            let why = format!("if '*' is present, must not specify other {what}");
            errors.invalid(&path, &json!(list), why);
        }
        for (index, one) in list.iter().enumerate() {
            if field == "apiVersions" && one == "" {
                errors.required(&path.index(index), "");
            }
        }
    }
    if subresources {
        check_resources(meta::items(rule, "/resources"), &at.child("resources"), errors);
    }
    check::one_of(rule, "scope", &SCOPES, at, errors);
    let operations = meta::items(rule, "/operations");
    let path = at.child("operations");
    if operations.is_empty() {
        errors.required(&path, "");
    }
    if operations.len() > 1 && operations.iter().any(|one| one == "*") {
        let why = "if '*' is present, must not specify other operations";
        errors.invalid(&path, &json!(operations), why);
    }
    for (index, operation) in operations.iter().enumerate() {
        if !OPERATIONS.iter().any(|known| operation == known) {
            errors.not_supported(&path.index(index), operation, &OPERATIONS);
        }
    }
}

/// Refuses resources that are meant twice: what comes behind a wildcard that has it.
fn check_resources(resources: &[Value], at: &Path, errors: &mut Errors) {
    let (mut of_any, mut with_any): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut plain = false;
    for (index, text) in resources.iter().filter_map(Value::as_str).enumerate() {
        let path = at.index(index);
        if text.is_empty() {
            errors.required(&path, "");
            continue;
        }
        let Some((resource, sub)) = text.split_once('/') else {
            plain = text != "*";
            continue;
        };
        if with_any.contains(&resource) {
            let why = format!("if '{resource}/*' is present, must not specify {text}");
            errors.invalid(&path, &json!(text), why);
        }
        if of_any.contains(&sub) {
            let why = format!("if '*/{sub}' is present, must not specify {text}");
            errors.invalid(&path, &json!(text), why);
        }
        if sub == "*" {
            with_any.push(resource);
        }
        if resource == "*" {
            of_any.push(sub);
        }
    }
    let has = |word: &str| resources.iter().any(|one| one == word);
    if resources.len() > 1 && has("*/*") {
        let why = "if '*/*' is present, must not specify other resources";
        errors.invalid(at, &json!(resources), why);
    }
    if has("*") && plain {
        let why = "if '*' is present, must not specify other resources without subresources";
        errors.invalid(at, &json!(resources), why);
    }
}

/// Checks a policy that refuses.
pub(super) fn check_validating(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_policy(spec, &at, errors);
    let validations = meta::items(spec, "/validations");
    let annotations = meta::items(spec, "/auditAnnotations");
    if validations.is_empty() && annotations.is_empty() {
        let why = "validations or auditAnnotations must contain at least one item";
        errors.required(&at.child("validations"), why);
        errors.required(&at.child("auditAnnotations"), why);
    }
    for (index, validation) in validations.iter().enumerate() {
        check_validation(validation, &at.child("validations").index(index), errors);
    }
    if annotations.len() > MOST_ANNOTATIONS {
        let why = format!("must not have more than {MOST_ANNOTATIONS} auditAnnotations");
        errors.invalid(&at.child("auditAnnotations"), &json!(annotations), why);
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, annotation) in annotations.iter().enumerate() {
        let path = at.child("auditAnnotations").index(index);
        let key = meta::text(annotation, "/key");
        let full = json!(format!("{}/{key}", meta::name(change.new)));
        check::named(&full, names::qualified_name, &path.child("key"), errors);
        if seen.contains(&key) {
            errors.duplicate(&path.child("key"), &json!(key));
        }
        seen.push(key);
        if meta::text(annotation, "/valueExpression").trim().is_empty() {
            errors.required(&path.child("valueExpression"), "valueExpression is not specified");
        }
    }
}

fn check_validation(validation: &Value, path: &Path, errors: &mut Errors) {
    if meta::text(validation, "/expression").trim().is_empty() {
        errors.required(&path.child("expression"), "expression is not specified");
    }
    let words = meta::text(validation, "/messageExpression");
    if !words.is_empty() && words.trim().is_empty() {
        let why = "must be non-empty if specified";
        errors.invalid(&path.child("messageExpression"), &json!(words), why);
    }
    let message = validation.get("message").and_then(Value::as_str).unwrap_or_default();
    if !message.is_empty() && message.trim().is_empty() {
        let why = "message must be non-empty if specified";
        errors.invalid(&path.child("message"), &json!(message), why);
    } else if message.trim().contains(['\n', '\r']) {
        let why = "message must not contain line breaks";
        errors.invalid(&path.child("message"), &json!(message), why);
    }
    let reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];
    check::one_of(validation, "reason", &reasons, path, errors);
}

pub(super) fn check_policy(spec: &Value, at: &Path, errors: &mut Errors) {
    check::one_of(spec, "failurePolicy", &POLICIES, at, errors);
    if let Some(kind) = spec.get("paramKind") {
        let at = at.child("paramKind");
        if check::required(kind, "apiVersion", &at, errors) {
            check_version(meta::text(kind, "/apiVersion"), &at.child("apiVersion"), errors);
        }
        if check::required(kind, "kind", &at, errors) {
            let problems = names::dns_1035_label(&meta::text(kind, "/kind").to_lowercase());
            if !problems.is_empty() {
                let words = problems.join(",");
                let why = format!("may have mixed case, but should otherwise match: {words}");
                errors.invalid(&at.child("kind"), &kind["kind"], why);
            }
        }
    }
    match spec.get("matchConstraints") {
        None => errors.required(&at.child("matchConstraints"), ""),
        Some(target) => {
            let path = at.child("matchConstraints");
            check_match(target, &path, errors);
            if meta::items(target, "/resourceRules").is_empty() {
                errors.required(&path.child("resourceRules"), "");
            }
        }
    }
    check_conditions(spec, at, errors);
    let mut seen: Vec<&str> = Vec::new();
    for (index, variable) in meta::items(spec, "/variables").iter().enumerate() {
        let path = at.child("variables").index(index);
        let name = meta::text(variable, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "name is not specified");
        } else if !cel::is_identifier(name) {
            errors.invalid(&path.child("name"), &json!(name), "name is not a valid CEL identifier");
        } else if seen.contains(&name) {
            errors.duplicate(&path.child("name"), &json!(name));
        }
        seen.push(name);
        if meta::text(variable, "/expression").trim().is_empty() {
            errors.required(&path.child("expression"), "expression is not specified");
        }
    }
}

fn check_version(text: &str, at: &Path, errors: &mut Errors) {
    if text.matches('/').count() > 1 {
        let why = format!("unexpected GroupVersion string: {text}");
        errors.invalid(at, &json!(text), why);
        return;
    }
    let (group, version) = meta::group_version(text);
    let mut told = |part: &str, problems: Vec<String>| {
        if !problems.is_empty() {
            errors.invalid(at, &json!(part), problems.join(","));
        }
    };
    if !group.is_empty() {
        told(group, names::dns_subdomain(group));
    }
    if version.is_empty() {
        errors.invalid(at, &json!(text), "version must be specified");
    } else {
        told(version, names::dns_1035_label(version));
    }
}

fn check_match(target: &Value, at: &Path, errors: &mut Errors) {
    for field in ["namespaceSelector", "objectSelector"] {
        check::selector(&target[field], &at.child(field), errors);
    }
    for list in ["resourceRules", "excludeResourceRules"] {
        for (index, rule) in meta::items(target, &format!("/{list}")).iter().enumerate() {
            let path = at.child(list).index(index);
            check_rule(rule, true, &path, errors);
            let resource_names = meta::items(rule, "/resourceNames");
            for (number, name) in resource_names.iter().enumerate() {
                let path = path.child("resourceNames").index(number);
                check::named(name, names::path_segment, &path, errors);
                if resource_names.iter().take(number).any(|one| one == name) {
                    errors.duplicate(&path, name);
                }
            }
        }
    }
    check::one_of(target, "matchPolicy", &MATCHES, at, errors);
}

/// Checks where a policy holds.
pub(super) fn check_binding(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    if check::required(spec, "policyName", &at, errors) {
        check::named(&spec["policyName"], names::dns_subdomain, &at.child("policyName"), errors);
    }
    if let Some(reference) = spec.get("paramRef") {
        check_parameters(reference, &at.child("paramRef"), errors);
    }
    if let Some(target) = spec.get("matchResources") {
        check_match(target, &at.child("matchResources"), errors);
    }
}

fn check_parameters(reference: &Value, at: &Path, errors: &mut Errors) {
    let name = meta::text(reference, "/name");
    let selector = reference.get("selector");
    if !name.is_empty() {
        check::named(&json!(name), names::path_segment, &at.child("name"), errors);
        if selector.is_some() {
            let why = "name and selector are mutually exclusive";
            errors.forbidden(&at.child("name"), why);
            errors.forbidden(&at.child("selector"), why);
        }
    }
    match selector {
        Some(selector) => check::selector(selector, &at.child("selector"), errors),
        None if name.is_empty() => {
            errors.required(at, "one of name or selector must be specified");
        }
        None => {}
    }
    match reference.get("parameterNotFoundAction") {
        None => errors.required(&at.child("parameterNotFoundAction"), ""),
        Some(_) => {
            check::one_of(reference, "parameterNotFoundAction", &["Deny", "Allow"], at, errors);
        }
    }
}

/// Checks what is done about what a policy refuses.
pub(super) fn check_actions(change: &Change<'_>, errors: &mut Errors) {
    let actions = meta::items(&change.new["spec"], "/validationActions");
    let path = Path::new("spec").child("validationActions");
    let known = ["Audit", "Deny", "Warn"];
    if actions.is_empty() {
        errors.required(&path, "at least one validation action is required");
    }
    let mut seen: Vec<&Value> = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        if !known.iter().any(|one| action == one) {
            errors.not_supported(&path.index(index), action, &known);
        }
        if seen.contains(&action) {
            errors.duplicate(&path.index(index), action);
        }
        seen.push(action);
    }
    let has = |name: &str| actions.iter().any(|action| action == name);
    if has("Deny") && has("Warn") {
        let why = "must not contain both Deny and Warn (repeating the same validation failure \
                   information in the API response and headers serves no purpose)";
        errors.invalid(&path, &json!(actions), why);
    }
}
