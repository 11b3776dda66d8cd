//! The rules that a user's bindings give it. Source: Kubernetes documentation, "Using RBAC
//! Authorization".

use std::sync::Arc;

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Attributes;
use crate::{authn::User, registry::Registry};

const GROUP: &str = api::rbac::GROUP;

/// One rule of a role.
#[derive(Debug, Clone)]
pub(crate) struct Rule(pub(crate) Arc<Value>);

impl Rule {
    fn has(&self, field: &str, wanted: &str) -> bool {
        let list = self.0.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().any(|one| one == "*" || one == wanted)
    }

    /// Tells whether the rule covers what is wanted.
    pub(crate) fn allows(&self, wanted: &Attributes<'_>) -> bool {
        if !self.has("verbs", wanted.verb) {
            return false;
        }
        if !wanted.path.is_empty() {
            return meta::items(&self.0, "/nonResourceURLs").iter().any(|url| {
                let url = url.as_str().unwrap_or_default();
                url == wanted.path
                    || url.strip_suffix('*').is_some_and(|start| wanted.path.starts_with(start))
            });
        }
        self.has("apiGroups", wanted.group)
            && self.covers_resource(wanted)
            && self.covers_name(wanted)
    }

    fn covers_resource(&self, wanted: &Attributes<'_>) -> bool {
        if wanted.subresource.is_empty() {
            return self.has("resources", wanted.resource);
        }
        let full = format!("{}/{}", wanted.resource, wanted.subresource);
        let any = format!("*/{}", wanted.subresource);
        let list = meta::items(&self.0, "/resources");
        list.iter().any(|one| one == "*" || *one == full || *one == any)
    }

    fn covers_name(&self, wanted: &Attributes<'_>) -> bool {
        let names = meta::items(&self.0, "/resourceNames");
        names.is_empty() || names.iter().any(|name| name == wanted.name)
    }
}

/// The rules that hold for a user in a namespace (or everywhere, where it is empty).
///
/// Cost: O(bindings) of the cluster and the namespace.
pub(crate) async fn rules_of(
    registry: &Registry,
    user: &User,
    namespace: &str,
) -> Result<Vec<Rule>, Status> {
    let mut rules = Vec::new();
    for binding in registry.objects(GROUP, "clusterrolebindings", "").await? {
        if subjects_include(&binding, user, "") {
            add_role(registry, &binding, "", &mut rules).await?;
        }
    }
    if namespace.is_empty() {
        return Ok(rules);
    }
    for binding in registry.objects(GROUP, "rolebindings", namespace).await? {
        if subjects_include(&binding, user, namespace) {
            add_role(registry, &binding, namespace, &mut rules).await?;
        }
    }
    Ok(rules)
}

async fn add_role(
    registry: &Registry,
    binding: &Value,
    namespace: &str,
    rules: &mut Vec<Rule>,
) -> Result<(), Status> {
    let name = meta::text(binding, "/roleRef/name");
    let key = match meta::text(binding, "/roleRef/kind") {
        "Role" => registry.key(GROUP, "roles", namespace, name),
        _ => registry.key(GROUP, "clusterroles", "", name),
    };
    if let Some(role) = registry.object_at(&key).await? {
        rules.extend(meta::items(&role, "/rules").iter().map(|rule| Rule(Arc::new(rule.clone()))));
    }
    Ok(())
}

fn subjects_include(binding: &Value, user: &User, home: &str) -> bool {
    meta::items(binding, "/subjects").iter().any(|subject| {
        let name = meta::text(subject, "/name");
        match meta::text(subject, "/kind") {
            "User" => name == user.name,
            "Group" => user.groups.iter().any(|group| group == name),
            "ServiceAccount" => {
                let namespace = match meta::text(subject, "/namespace") {
                    "" => home,
                    given => given,
                };
                user.name == format!("system:serviceaccount:{namespace}:{name}")
            }
            _ => false,
        }
    })
}
