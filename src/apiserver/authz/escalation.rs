//! Nobody gives rights that they do not have. Source: Kubernetes documentation, "Using RBAC
//! Authorization", privilege escalation prevention and bootstrapping.

use std::collections::BTreeMap;

use machinery::{
    field::go_quoted,
    meta,
    status::{Resource, Status},
};
use serde_json::Value;

use super::{
    Attributes, allows,
    rules::{Rule, role_rules, rules_of},
};
use crate::{admission::Operation, authn::User};

const GROUP: &str = api::rbac::GROUP;

/// Refuses roles and bindings that give more than their author has.
pub(crate) async fn check(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    let Operation { server, kind, old, author, .. } = operation;
    let user = &author.user;
    if kind.group != GROUP || user.is_master() || server.config.authorizers.always_allow() {
        return Ok(());
    }
    let same = |field: &str| old.is_some_and(|old| old.get(field) == object.get(field));
    let namespace = meta::namespace(object);
    let binds = object.get("roleRef").is_some();
    let wish = if binds {
        let resource = match meta::text(object, "/roleRef/kind") {
            "Role" => "roles",
            _ => "clusterroles",
        };
        ("bind", resource, meta::text(object, "/roleRef/name"))
    } else {
        ("escalate", kind.plural.as_str(), meta::name(object))
    };
    let unchanged = if binds {
        same("roleRef") && same("subjects")
    } else {
        same("rules") && same("aggregationRule")
    };
    if unchanged || may(operation, namespace, wish).await? {
        return Ok(());
    }
    let given = if binds {
        let rules = role_rules(&server.registry, &object["roleRef"], namespace).await?;
        let name = meta::text(object, "/roleRef/name");
        rules.ok_or_else(|| Status::not_found(kind.resource(), name))?
    } else {
        let rules = meta::items(object, "/rules").iter();
        rules.map(|rule| Rule(std::sync::Arc::new(rule.clone()))).collect()
    };
    let own = rules_of(&server.registry, user, namespace).await?;
    let lacking = lacking(&given, &own);
    if lacking.is_empty() {
        return Ok(());
    }
    Err(refusal(kind.resource(), meta::name(object), user, &lacking))
}

async fn may(
    operation: &Operation<'_>,
    namespace: &str,
    (verb, resource, name): (&str, &str, &str),
) -> Result<bool, Status> {
    let attributes = Attributes {
        verb,
        group: GROUP,
        version: "",
        resource,
        subresource: "",
        namespace,
        name,
        selected: None,
        path: "",
    };
    allows(operation.server, &operation.author.user, &attributes).await
}

fn refusal(resource: Resource<'_>, name: &str, user: &User, lacking: &[String]) -> Status {
    let groups: Vec<String> = user.groups.iter().map(|group| go_quoted(group)).collect();
    let why = format!(
        "user {} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
        go_quoted(&user.name),
        groups.join(" "),
        lacking.join("\n")
    );
    Status::forbidden(resource, name, &why)
}

/// One right: a group, a resource, a name and a verb, or a path and a verb.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    group: String,
    resource: String,
    path: String,
    name: String,
    verb: String,
}

fn words(rule: &Rule, field: &str) -> Vec<String> {
    let words = rule.0.get(field).and_then(Value::as_array);
    words.into_iter().flatten().filter_map(|it| Some(it.as_str()?.to_owned())).collect()
}

/// The single rights that a rule is made of.
fn rights(rule: &Rule) -> Vec<Right> {
    let or_none = |list: Vec<String>| if list.is_empty() { vec![String::new()] } else { list };
    let mut all = Vec::new();
    for verb in words(rule, "verbs") {
        for path in words(rule, "nonResourceURLs") {
            let none = String::new;
            let verb = verb.clone();
            all.push(Right { group: none(), resource: none(), path, name: none(), verb });
        }
        for group in words(rule, "apiGroups") {
            for resource in words(rule, "resources") {
                for name in or_none(words(rule, "resourceNames")) {
                    let (group, resource) = (group.clone(), resource.clone());
                    let (path, verb) = (String::new(), verb.clone());
                    all.push(Right { group, resource, path, name, verb });
                }
            }
        }
    }
    all
}

fn covers(rule: &Rule, right: &Right) -> bool {
    let has = |field: &str, wanted: &str| {
        words(rule, field).iter().any(|word| word == "*" || word == wanted)
    };
    if !has("verbs", &right.verb) {
        return false;
    }
    if !right.path.is_empty() {
        return words(rule, "nonResourceURLs").iter().any(|url| {
            *url == right.path
                || url.strip_suffix('*').is_some_and(|start| right.path.starts_with(start))
        });
    }
    let names = words(rule, "resourceNames");
    let resource = has("resources", &right.resource)
        || right.resource.split_once('/').is_some_and(|(_, sub)| {
            words(rule, "resources").iter().any(|word| *word == format!("*/{sub}"))
        });
    resource && has("apiGroups", &right.group) && (names.is_empty() || names.contains(&right.name))
}

/// What is given and not owned, in words, rule by rule.
fn lacking(given: &[Rule], own: &[Rule]) -> Vec<String> {
    let mut rights: Vec<Right> = given
        .iter()
        .flat_map(rights)
        .filter(|right| !own.iter().any(|rule| covers(rule, right)))
        .collect();
    rights.sort();
    rights.dedup();
    let mut verbs: BTreeMap<(String, String, String, String), Vec<String>> = BTreeMap::new();
    for right in rights {
        let of = (right.path, right.group, right.resource, right.name);
        verbs.entry(of).or_default().push(right.verb);
    }
    let mut shown: Vec<String> = verbs
        .iter()
        .map(|((path, group, resource, name), verbs)| {
            let verbs: Vec<String> = verbs.iter().map(|verb| go_quoted(verb)).collect();
            let verbs = verbs.join(" ");
            if !path.is_empty() {
                return format!("{{NonResourceURLs:[{}], Verbs:[{verbs}]}}", go_quoted(path));
            }
            let name = if name.is_empty() {
                String::new()
            } else {
                format!(", ResourceNames:[{}]", go_quoted(name))
            };
            let (group, resource) = (go_quoted(group), go_quoted(resource));
            format!("{{APIGroups:[{group}], Resources:[{resource}]{name}, Verbs:[{verbs}]}}")
        })
        .collect();
    shown.sort();
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(list: &Value) -> Vec<Rule> {
        meta::items(list, "").iter().map(|rule| Rule(std::sync::Arc::new(rule.clone()))).collect()
    }

    #[test]
    fn what_is_lacking_is_told_by_resource() {
        let given = json!([{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]},
            {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["one"], "verbs": ["get"]},
            {"nonResourceURLs": ["/x"], "verbs": ["get"]}]);
        let own = json!([{"apiGroups": ["*"], "resources": ["pods"], "verbs": ["*"]},
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]);
        let told = [
            "{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"list\"]}",
            "{APIGroups:[\"\"], Resources:[\"secrets\"], ResourceNames:[\"one\"], Verbs:[\"get\"]}",
            "{NonResourceURLs:[\"/x\"], Verbs:[\"get\"]}",
        ];
        assert_eq!(lacking(&rules(&given), &rules(&own)), told);
        assert_eq!(lacking(&rules(&own), &rules(&own)), Vec::<String>::new());
    }
}
