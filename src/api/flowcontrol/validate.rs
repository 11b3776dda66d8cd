//! What must hold of flow schemas and priority levels.
//! Source: `k8s.io/kubernetes/pkg/apis/flowcontrol/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const MOST_PRECEDENCE: i64 = 10_000;
const MOST_QUEUES: i64 = 10_000_000;

pub(super) fn check_schema(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let precedence = meta::number(spec, "/matchingPrecedence").unwrap_or(0);
    let path = at.child("matchingPrecedence");
    if precedence <= 0 {
        errors.invalid(&path, &json!(precedence), "must be a positive value");
    }
    if precedence > MOST_PRECEDENCE {
        let why = format!("must not be greater than {MOST_PRECEDENCE}");
        errors.invalid(&path, &json!(precedence), why);
    }
    if precedence == 1 && meta::name(change.new) != "exempt" {
        let why = "only the schema named 'exempt' may have matchingPrecedence 1";
        errors.invalid(&path, &json!(precedence), why);
    }
    if let Some(method) = spec.get("distinguisherMethod") {
        let known = ["ByNamespace", "ByUser"];
        let at = at.child("distinguisherMethod");
        if !known.iter().any(|one| method["type"] == *one) {
            let shown = check::ordered(&[("Type", check::or_null(method.get("type")))]);
            errors.not_supported_shown(&at.child("type"), &shown, &known);
        }
    }
    let level = meta::text(spec, "/priorityLevelConfiguration/name");
    let path = at.child("priorityLevelConfiguration").child("name");
    if level.is_empty() {
        errors.required(&path, "must reference a priority level");
    } else {
        check::named(&json!(level), names::dns_subdomain, &path, errors);
    }
    for (index, rule) in meta::items(spec, "/rules").iter().enumerate() {
        check_rule(rule, &at.child("rules").index(index), errors);
    }
}

fn check_rule(rule: &Value, at: &Path, errors: &mut Errors) {
    let subjects = meta::items(rule, "/subjects");
    if subjects.is_empty() {
        errors.required(&at.child("subjects"), "subjects must contain at least one value");
    }
    for (index, subject) in subjects.iter().enumerate() {
        check_subject(subject, &at.child("subjects").index(index), errors);
    }
    let resources = meta::items(rule, "/resourceRules");
    let paths = meta::items(rule, "/nonResourceRules");
    if resources.is_empty() && paths.is_empty() {
        let why = "at least one of resourceRules and nonResourceRules has to be non-empty";
        errors.required(at, why);
    }
    for (index, one) in resources.iter().enumerate() {
        check_resource_rule(one, &at.child("resourceRules").index(index), errors);
    }
    for (index, one) in paths.iter().enumerate() {
        let path = at.child("nonResourceRules").index(index);
        check_verbs(one, &path, errors);
        let why = "nonResourceURLs must contain at least one value";
        check_list(one, "nonResourceURLs", why, &path, errors);
        let urls = meta::items(one, "/nonResourceURLs");
        for (index, url) in urls.iter().enumerate().filter(|_| !urls.contains(&json!("*"))) {
            if let Some(why) = url_problem(url.as_str().unwrap_or_default()) {
                errors.invalid(&path.child("nonResourceURLs").index(index), url, why);
            }
        }
    }
}

fn check_subject(subject: &Value, at: &Path, errors: &mut Errors) {
    let kinds = [("Group", "group"), ("ServiceAccount", "serviceAccount"), ("User", "user")];
    let kind = meta::text(subject, "/kind");
    let Some((_, own)) = kinds.iter().find(|(name, _)| *name == kind) else {
        errors.not_supported(&at.child("kind"), &subject["kind"], &kinds.map(|(name, _)| name));
        return;
    };
    for (_, field) in kinds {
        match (field == *own, subject.get(field)) {
            (true, None) => {
                let why = format!("{field} is required when subject kind is '{kind}'");
                errors.required(&at.child(field), &why);
            }
            (false, Some(_)) => {
                let owner = kinds.iter().find(|(_, one)| *one == field).map_or("", |it| it.0);
                let why = format!("{field} is forbidden when subject kind is not '{owner}'");
                errors.forbidden(&at.child(field), &why);
            }
            (true, Some(part)) if kind == "ServiceAccount" => {
                check_account(part, &at.child(field), errors);
            }
            (true, Some(part)) => {
                check::required(part, "name", &at.child(field), errors);
            }
            (false, None) => {}
        }
    }
}

fn check_account(account: &Value, at: &Path, errors: &mut Errors) {
    if check::required(account, "name", at, errors) && account["name"] != "*" {
        check::named(&account["name"], names::dns_subdomain, &at.child("name"), errors);
    }
    let path = at.child("namespace");
    if meta::text(account, "/namespace").is_empty() {
        errors.required(&path, "must specify namespace for service account");
    } else {
        check::named(&account["namespace"], names::dns_label, &path, errors);
    }
}

fn check_verbs(rule: &Value, at: &Path, errors: &mut Errors) {
    const VERBS: [&str; 9] = [
        "create",
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "proxy",
        "update",
        "watch",
    ];
    check_list(rule, "verbs", "verbs must contain at least one value", at, errors);
    let verbs = meta::items(rule, "/verbs");
    let known = |verb: &Value| VERBS.iter().any(|one| verb == one);
    if !verbs.contains(&json!("*")) && !verbs.iter().all(known) {
        errors.not_supported(&at.child("verbs"), &json!(verbs), &VERBS);
    }
}

/// What is wrong with a path that rules may name. Source: `ValidateNonResourceURLPath`.
fn url_problem(path: &str) -> Option<&'static str> {
    let wild = path.matches('*').count();
    if path.is_empty() {
        Some("must not be empty")
    } else if path == "/" {
        None
    } else if !path.starts_with('/') {
        Some("must start with slash")
    } else if path.contains(' ') {
        Some("must not contain white-space")
    } else if path.contains("//") {
        Some("must not contain double slash")
    } else {
        let fits = wild == 0 || wild == 1 && path.ends_with("/*");
        (!fits).then_some("wildcard can only do suffix matching")
    }
}

/// Checks the conditions in the status of a schema or a level.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status").child("conditions");
    let conditions = meta::items(change.new, "/status/conditions");
    for (index, condition) in conditions.iter().enumerate() {
        let path = at.index(index).child("type");
        let kind = meta::text(condition, "/type");
        if conditions.iter().take(index).any(|one| meta::text(one, "/type") == kind) {
            errors.duplicate(&path, &json!(kind));
        }
        if kind.is_empty() {
            errors.required(&path, "must not be empty");
        }
    }
}

fn check_list(rule: &Value, field: &str, why: &str, at: &Path, errors: &mut Errors) {
    let list = meta::items(rule, &format!("/{field}"));
    if list.is_empty() {
        errors.required(&at.child(field), why);
    } else if list.len() > 1 && list.iter().any(|one| one == "*") {
        let words = format!(
            "if '*' is present, must not specify other {}",
            match field {
                "nonResourceURLs" => "non-resource URLs",
                "apiGroups" => "api groups",
                other => other,
            }
        );
        errors.invalid(&at.child(field), &json!(list), words);
    }
}

fn check_resource_rule(rule: &Value, at: &Path, errors: &mut Errors) {
    check_verbs(rule, at, errors);
    let why = "resource rules must supply at least one api group";
    check_list(rule, "apiGroups", why, at, errors);
    check_list(rule, "resources", "resource rules must supply at least one resource", at, errors);
    let namespaces = meta::items(rule, "/namespaces");
    let path = at.child("namespaces");
    if namespaces.is_empty() && rule["clusterScope"] != true {
        let why = "resource rules that are not cluster scoped must supply at least one namespace";
        errors.required(&path, why);
    } else if namespaces.contains(&json!("*")) {
        if namespaces.len() > 1 {
            let why = "if '*' is present, must not specify other namespaces";
            errors.invalid(&path, &json!(namespaces), why);
        }
        return;
    }
    for (index, name) in namespaces.iter().enumerate() {
        for why in names::dns_label(name.as_str().unwrap_or_default()) {
            let why = format!("each member of this list must be '*' or a DNS-1123 label; {why}");
            errors.invalid(&path.index(index), name, why);
        }
    }
}

pub(super) fn check_level(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let name = meta::name(change.new);
    let kind = meta::text(spec, "/type");
    if (name == "exempt") != (kind == "Exempt") && matches!(kind, "Exempt" | "Limited") {
        let why = "must be 'Exempt' if and only if `name` is 'exempt'";
        errors.invalid(&at.child("type"), &json!(kind), why);
    }
    match kind {
        "Exempt" => {
            if spec.get("limited").is_some() {
                let why = "must be nil if the type is not Limited";
                errors.forbidden(&at.child("limited"), why);
            }
            if let Some(exempt) = spec.get("exempt") {
                check_shares(exempt, &at.child("exempt"), errors);
            }
        }
        "Limited" => {
            if spec.get("exempt").is_some() {
                let why = "must be nil if the type is Limited";
                errors.forbidden(&at.child("exempt"), why);
            }
            match spec.get("limited") {
                None => {
                    errors.required(&at.child("limited"), "must not be empty when type is Limited");
                }
                Some(limited) => check_limited(limited, &at.child("limited"), errors),
            }
        }
        _ => errors.not_supported(&at.child("type"), &spec["type"], &["Exempt", "Limited"]),
    }
}

fn check_shares(level: &Value, at: &Path, errors: &mut Errors) {
    if let Some(shares) = meta::number(level, "/nominalConcurrencyShares")
        && shares < 0
    {
        let path = at.child("nominalConcurrencyShares");
        errors.invalid(&path, &json!(shares), "must be a non-negative integer");
    }
    if let Some(percent) = meta::number(level, "/lendablePercent")
        && !(0..=100).contains(&percent)
    {
        let why = "must be between 0 and 100, inclusive";
        errors.invalid(&at.child("lendablePercent"), &json!(percent), why);
    }
}

fn check_limited(limited: &Value, at: &Path, errors: &mut Errors) {
    check_shares(limited, at, errors);
    if let Some(percent) = meta::number(limited, "/borrowingLimitPercent")
        && percent < 0
    {
        let path = at.child("borrowingLimitPercent");
        errors.invalid(&path, &json!(percent), "if specified, must be a non-negative integer");
    }
    let response = &limited["limitResponse"];
    let at = at.child("limitResponse");
    match meta::text(response, "/type") {
        "Reject" => {
            if response.get("queuing").is_some() {
                let why = "must be nil if limited.limitResponse.type is not Limited";
                errors.forbidden(&at.child("queuing"), why);
            }
        }
        "Queue" => match response.get("queuing") {
            None => {
                let why = "must not be empty if limited.limitResponse.type is Limited";
                errors.required(&at.child("queuing"), why);
            }
            Some(queuing) => check_queuing(queuing, &at.child("queuing"), errors),
        },
        _ => errors.not_supported(&at.child("type"), &response["type"], &["Queue", "Reject"]),
    }
}

fn check_queuing(queuing: &Value, at: &Path, errors: &mut Errors) {
    let number = |field: &str| meta::number(queuing, &format!("/{field}")).unwrap_or(0);
    let (limit, queues, hand) = (number("queueLengthLimit"), number("queues"), number("handSize"));
    if limit <= 0 {
        errors.invalid(&at.child("queueLengthLimit"), &json!(limit), "must be positive");
    }
    if queues <= 0 {
        errors.invalid(&at.child("queues"), &json!(queues), "must be positive");
    } else if queues > MOST_QUEUES {
        let why = format!("must not be greater than {MOST_QUEUES}");
        errors.invalid(&at.child("queues"), &json!(queues), why);
    }
    let path = at.child("handSize");
    if hand <= 0 {
        errors.invalid(&path, &json!(hand), "must be positive");
    } else if hand > queues {
        let why = format!("should not be greater than queues ({queues})");
        errors.invalid(&path, &json!(hand), why);
    } else if bits_of_hand(queues, hand) > 60 {
        let entropy = bits_of_hand(queues, hand);
        let why = format!(
            "required entropy bits of deckSize {queues} and handSize {hand} should not be greater than 60: {entropy}"
        );
        errors.invalid(&path, &json!(hand), why);
    }
}

/// How many random bits it takes to deal a hand of queues.
fn bits_of_hand(queues: i64, hand: i64) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of queues are small")]
    let bits: f64 = (0..hand).map(|dealt| ((queues - dealt).max(1) as f64).log2()).sum();
    #[expect(clippy::cast_possible_truncation, reason = "a sum of logarithms is small")]
    let whole = bits.ceil() as i64;
    whole
}
