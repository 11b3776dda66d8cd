//! `create role`, `clusterrole` and their bindings.

use serde_json::{Value, json};

use super::{Refusal, generated, named, one_name, require, resource};
use crate::{args::Parsed, context::Context, report::CliError};

const GROUP: &str = "rbac.authorization.k8s.io";
const VERSION: &str = "rbac.authorization.k8s.io/v1";

const VERBS: &[&str] = &[
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "*",
];

/// Rules over resources, one for each API group.
async fn rules(cx: &Context, parsed: &Parsed) -> Result<Vec<Value>, CliError> {
    let mut verbs: Vec<String> = Vec::new();
    for verb in parsed.list("verb") {
        if verb == "*" {
            verbs = vec![verb];
            break;
        }
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    let names = parsed.list("resource-name");
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for word in parsed.list("resource") {
        let (word, sub) = match word.split_once('/') {
            Some((word, sub)) => (word.to_owned(), Some(sub.to_owned())),
            None => (word.clone(), None),
        };
        let (group, plural) = if word == "*" {
            (String::new(), "*".to_owned())
        } else {
            // kubectl hands this one on without a prefix.
            let place = cx.resource(&word).await.map_err(CliError::in_list)?;
            for verb in verbs.iter().filter(|verb| !VERBS.contains(&verb.as_str())) {
                cx.say_err(&format!("Warning: '{verb}' is not a standard resource verb"));
            }
            (place.resource.group, place.resource.plural)
        };
        let plural = sub.map_or(plural.clone(), |sub| format!("{plural}/{sub}"));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, plurals)) => {
                if !plurals.contains(&plural) {
                    plurals.push(plural);
                }
            }
            None => groups.push((group, vec![plural])),
        }
    }
    groups.sort();
    let rule = |(group, plurals): (String, Vec<String>)| {
        let mut rule = json!({"verbs": verbs, "apiGroups": [group], "resources": plurals});
        if !names.is_empty() {
            rule["resourceNames"] = json!(names);
        }
        rule
    };
    Ok(groups.into_iter().map(rule).collect())
}

pub(crate) async fn role(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    if parsed.list("verb").is_empty() {
        return Err(CliError::plain("at least one verb must be specified"));
    }
    if parsed.list("resource").is_empty() {
        return Err(CliError::plain("at least one resource must be specified"));
    }
    let mut object = named(VERSION, "Role", &name);
    object["rules"] = rules(cx, &parsed).await?.into();
    let place = resource(VERSION, "Role", "roles", true);
    generated(cx, &parsed, object, place, Refusal::Plain).await
}

pub(crate) async fn clusterrole(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let mut object = named(VERSION, "ClusterRole", &name);
    let urls = parsed.list("non-resource-url");
    let place = resource(VERSION, "ClusterRole", "clusterroles", false);
    if let Some(selector) = parsed.some("aggregation-rule") {
        if !parsed.list("verb").is_empty()
            || !urls.is_empty()
            || !parsed.list("resource").is_empty()
            || !parsed.list("resource-name").is_empty()
        {
            let text = "aggregation rule must be specified without nonResourceURLs, verbs, \
                        resources or resourceNames";
            return Err(CliError::plain(text));
        }
        let labels: serde_json::Map<String, Value> = selector
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect();
        object["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": labels}]});
        object["rules"] = Value::Null;
        return generated(cx, &parsed, object, place, Refusal::Plain).await;
    }
    if parsed.list("verb").is_empty() {
        return Err(CliError::plain("at least one verb must be specified"));
    }
    if parsed.list("resource").is_empty() && urls.is_empty() {
        return Err(CliError::plain("one of resource or nonResourceURL must be specified"));
    }
    let mut found = rules(cx, &parsed).await?;
    if !urls.is_empty() {
        check_urls(&urls, &parsed.list("verb"))?;
        found.push(json!({"verbs": parsed.list("verb"), "nonResourceURLs": urls}));
    }
    object["rules"] = found.into();
    generated(cx, &parsed, object, place, Refusal::Plain).await
}

/// Refuses paths, and verbs on them, that no rule can have.
fn check_urls(urls: &[String], verbs: &[String]) -> Result<(), CliError> {
    const ON_URLS: [&str; 8] = ["get", "put", "post", "head", "options", "delete", "patch", "*"];
    if let Some(verb) = verbs.iter().find(|verb| !ON_URLS.contains(&verb.as_str())) {
        return Err(CliError::plain(format!("invalid verb: '{verb}' for nonResourceURL")));
    }
    if urls.iter().any(|url| url != "*" && !url.starts_with('/')) {
        return Err(CliError::plain("nonResourceURL should start with /"));
    }
    if urls.iter().any(|url| url.trim_end_matches('*').contains('*') || url.ends_with("**")) {
        let text = "nonResourceURL only supports wildcard matches when '*' is at the end";
        return Err(CliError::plain(text));
    }
    Ok(())
}

/// Users, groups and service accounts, as bindings name them.
pub(crate) fn subjects(parsed: &Parsed) -> Result<Vec<Value>, CliError> {
    let simple = |kind: &str, flag: &str| -> Vec<Value> {
        let names = parsed.list(flag);
        names.iter().map(|name| json!({"apiGroup": GROUP, "kind": kind, "name": name})).collect()
    };
    let mut found = simple("User", "user");
    found.extend(simple("Group", "group"));
    for account in parsed.list("serviceaccount") {
        let pair = account
            .split_once(':')
            .filter(|(ns, name)| !ns.is_empty() && !name.is_empty() && !name.contains(':'));
        let Some((namespace, name)) = pair else {
            return Err(CliError::plain("serviceaccount must be <namespace>:<name>"));
        };
        found.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
    }
    Ok(found)
}

fn bind(object: &mut Value, parsed: &Parsed, kind: &str, name: &str) -> Result<(), CliError> {
    let subjects = subjects(parsed)?;
    if !subjects.is_empty() {
        object["subjects"] = subjects.into();
    }
    object["roleRef"] = json!({"apiGroup": GROUP, "kind": kind, "name": name});
    Ok(())
}

pub(crate) async fn rolebinding(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let (role, cluster_role) = (parsed.text("role"), parsed.text("clusterrole"));
    if role.is_empty() == cluster_role.is_empty() {
        return Err(CliError::plain("exactly one of clusterrole or role must be specified"));
    }
    let mut object = named(VERSION, "RoleBinding", &name);
    if role.is_empty() {
        bind(&mut object, &parsed, "ClusterRole", cluster_role)?;
    } else {
        bind(&mut object, &parsed, "Role", role)?;
    }
    let place = resource(VERSION, "RoleBinding", "rolebindings", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("rolebinding:")).await
}

pub(crate) async fn clusterrolebinding(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["clusterrole"])?;
    let name = one_name(cx, &parsed)?;
    let mut object = named(VERSION, "ClusterRoleBinding", &name);
    bind(&mut object, &parsed, "ClusterRole", parsed.text("clusterrole"))?;
    let place = resource(VERSION, "ClusterRoleBinding", "clusterrolebindings", false);
    generated(cx, &parsed, object, place, Refusal::FailedTo("clusterrolebinding:")).await
}
