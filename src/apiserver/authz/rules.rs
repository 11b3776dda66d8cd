//! The rules that a user's bindings give it. Source: Kubernetes documentation, "Using RBAC
//! Authorization".

use std::sync::Arc;

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Attributes;
use crate::{authn::User, registry::Registry};

const GROUP: &str = api::rbac::GROUP;

/// A rule that a binding gives.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) rule: Rule,
    /// Which binding gives it to whom, in words.
    pub(crate) told: String,
}

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
pub(crate) async fn rules_of(
    registry: &Registry,
    user: &User,
    namespace: &str,
) -> Result<Vec<Rule>, Status> {
    let grants = grants_of(registry, user, namespace).await?;
    Ok(grants.into_iter().map(|grant| grant.rule).collect())
}

/// The same, with who gives them.
///
/// Cost: O(bindings) of the cluster and the namespace.
pub(crate) async fn grants_of(
    registry: &Registry,
    user: &User,
    namespace: &str,
) -> Result<Vec<Grant>, Status> {
    let mut grants = Vec::new();
    for binding in registry.objects(GROUP, "clusterrolebindings", "").await? {
        if let Some(subject) = subject_of(&binding, user, "") {
            add_role(registry, &binding, subject, &mut grants).await?;
        }
    }
    if namespace.is_empty() {
        return Ok(grants);
    }
    for binding in registry.objects(GROUP, "rolebindings", namespace).await? {
        if let Some(subject) = subject_of(&binding, user, namespace) {
            add_role(registry, &binding, subject, &mut grants).await?;
        }
    }
    Ok(grants)
}

/// The rules of the role that a binding in `namespace` refers to; `None`: there is no such role.
pub(crate) async fn role_rules(
    registry: &Registry,
    role: &Value,
    namespace: &str,
) -> Result<Option<Vec<Rule>>, Status> {
    let name = meta::text(role, "/name");
    let key = match meta::text(role, "/kind") {
        "Role" => registry.key(GROUP, "roles", namespace, name),
        _ => registry.key(GROUP, "clusterroles", "", name),
    };
    let role = registry.object_at(&key).await?;
    let rules = |role: Value| -> Vec<Rule> {
        meta::items(&role, "/rules").iter().map(|rule| Rule(Arc::new(rule.clone()))).collect()
    };
    Ok(role.map(rules))
}

async fn add_role(
    registry: &Registry,
    binding: &Value,
    subject: &Value,
    grants: &mut Vec<Grant>,
) -> Result<(), Status> {
    let namespace = meta::namespace(binding);
    let role = &binding["roleRef"];
    let Some(rules) = role_rules(registry, role, namespace).await? else { return Ok(()) };
    let (kind, place) = match namespace {
        "" => ("ClusterRoleBinding", String::new()),
        namespace => ("RoleBinding", format!("/{namespace}")),
    };
    let whose = match meta::text(subject, "/namespace") {
        "" => String::new(),
        namespace => format!("/{namespace}"),
    };
    let told = format!(
        "RBAC: allowed by {kind} \"{}{place}\" of {} \"{}\" to {} \"{}{whose}\"",
        meta::name(binding),
        meta::text(role, "/kind"),
        meta::text(role, "/name"),
        meta::text(subject, "/kind"),
        meta::text(subject, "/name"),
    );
    grants.extend(rules.into_iter().map(|rule| Grant { rule, told: told.clone() }));
    Ok(())
}

/// The subject of a binding that is the user.
fn subject_of<'a>(binding: &'a Value, user: &User, home: &str) -> Option<&'a Value> {
    meta::items(binding, "/subjects").iter().find(|subject| {
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
