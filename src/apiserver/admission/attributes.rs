//! A request as policies and webhooks look at it: which of their rules mean it.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/{policy/matching,webhook/predicates}`.

use std::sync::Arc;

use machinery::{kind::Kind, meta, selector::LabelSelector, status::Status};
use serde_json::{Value, json};

use super::Operation;
use crate::server::Inner;

/// A request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attributes<'a> {
    pub(crate) operation: &'a Operation<'a>,
    /// `CREATE`, `UPDATE` or `DELETE`.
    pub(crate) verb: &'static str,
    /// The object as it will be; `None` when it goes.
    pub(crate) object: Option<&'a Value>,
}

impl<'a> Attributes<'a> {
    /// A write of `object`.
    pub(crate) fn of_write(operation: &'a Operation<'a>, object: &'a Value) -> Self {
        let verb = if operation.old.is_none() { "CREATE" } else { "UPDATE" };
        Self { operation, verb, object: Some(object) }
    }

    pub(crate) fn server(&self) -> &'a Arc<Inner> {
        self.operation.server
    }

    pub(crate) fn kind(&self) -> &'a Kind {
        self.operation.kind
    }

    pub(crate) fn subresource(&self) -> &'a str {
        &self.operation.author.subresource
    }

    fn any(&self) -> &'a Value {
        self.object.or(self.operation.old).unwrap_or(&Value::Null)
    }

    pub(crate) fn name(&self) -> &'a str {
        meta::name(self.any())
    }

    pub(crate) fn namespace(&self) -> &'a str {
        if self.kind().is_namespaced() { meta::namespace(self.any()) } else { "" }
    }

    fn is_namespace(&self) -> bool {
        self.kind().group.is_empty() && self.kind().plural == "namespaces"
    }

    /// The request as expressions and webhooks see it.
    pub(crate) fn request(&self) -> Value {
        let kind = self.kind();
        let user = &self.operation.author.user;
        let of = match self.subresource() {
            "scale" => json!({"group": "autoscaling", "version": "v1", "kind": "Scale"}),
            "binding" => json!({"group": "", "version": "v1", "kind": "Binding"}),
            _ => json!({"group": kind.group, "version": kind.version, "kind": kind.kind}),
        };
        let resource =
            json!({"group": kind.group, "version": kind.version, "resource": kind.plural});
        let namespace = if self.is_namespace() { self.name() } else { self.namespace() };
        json!({
            "kind": of, "resource": resource, "subResource": self.subresource(),
            "requestKind": of, "requestResource": resource,
            "requestSubResource": self.subresource(), "name": self.name(),
            "namespace": namespace, "operation": self.verb,
            "userInfo": {"username": user.name, "uid": user.uid, "groups": user.groups,
                "extra": user.extra},
            "dryRun": self.operation.dry_run, "options": {},
        })
    }

    /// The namespace that the object is in, if it is in one.
    pub(crate) async fn namespace_object(&self) -> Result<Option<Value>, Status> {
        let namespace = self.namespace();
        if namespace.is_empty() {
            return Ok(None);
        }
        let registry = &self.server().registry;
        registry.object_at(&registry.key("", "namespaces", "", namespace)).await
    }

    /// Tells whether selectors and rules of a policy, a binding or a webhook mean the request.
    pub(crate) async fn are_meant_by(&self, target: &Value, rules: &str) -> Result<bool, Status> {
        let given = meta::items(target, &format!("/{rules}"));
        let equivalent = meta::text(target, "/matchPolicy") != "Exact";
        let means = |rules: &[Value]| rules.iter().any(|rule| self.rule_means(rule, equivalent));
        if means(meta::items(target, "/excludeResourceRules")) {
            return Ok(false);
        }
        if !given.is_empty() && !means(given) {
            return Ok(false);
        }
        if !self.object_selected(&target["objectSelector"]) {
            return Ok(false);
        }
        self.namespace_selected(&target["namespaceSelector"]).await
    }

    fn object_selected(&self, selector: &Value) -> bool {
        if selects_all(selector) {
            return true;
        }
        let both = [self.object, self.operation.old];
        both.into_iter().flatten().any(|object| selects(selector, object))
    }

    async fn namespace_selected(&self, selector: &Value) -> Result<bool, Status> {
        if selects_all(selector) {
            return Ok(true);
        }
        if self.is_namespace() {
            return Ok(selects(selector, self.any()));
        }
        if !self.kind().is_namespaced() {
            return Ok(true);
        }
        let namespace = self.namespace_object().await?;
        Ok(namespace.is_some_and(|namespace| selects(selector, &namespace)))
    }

    /// Tells whether a rule names a kind, whatever is done to its objects.
    pub(crate) fn names(&self, rule: &Value, kind: &Kind) -> bool {
        resource_meant(rule, kind, self.subresource())
    }

    fn rule_means(&self, rule: &Value, equivalent: bool) -> bool {
        let operations = meta::items(rule, "/operations");
        if !operations.iter().any(|one| one == "*" || one == self.verb) {
            return false;
        }
        let names = meta::items(rule, "/resourceNames");
        if !names.is_empty() && !names.iter().any(|name| name == self.name()) {
            return false;
        }
        if resource_meant(rule, self.kind(), self.subresource()) {
            return true;
        }
        let kinds = self.server().registry.kinds();
        equivalent
            && kinds.iter().any(|other| {
                other.storage == self.kind().storage
                    && resource_meant(rule, other, self.subresource())
            })
    }
}

fn resource_meant(rule: &Value, kind: &Kind, subresource: &str) -> bool {
    let one_of = |list: &str, wanted: &str| {
        meta::items(rule, list).iter().any(|one| one == "*" || one == wanted)
    };
    let scope = match meta::text(rule, "/scope") {
        "Namespaced" => kind.is_namespaced(),
        "Cluster" => !kind.is_namespaced(),
        _ => true,
    };
    scope
        && one_of("/apiGroups", &kind.group)
        && one_of("/apiVersions", &kind.version)
        && meta::items(rule, "/resources").iter().filter_map(Value::as_str).any(|resource| {
            let (name, sub) = resource.split_once('/').unwrap_or((resource, ""));
            let all = resource == "*/*" || sub == "*";
            (name == "*" || name == kind.plural) && (all || sub == subresource)
        })
}

fn selects_all(selector: &Value) -> bool {
    selector.as_object().is_none_or(|selector| {
        selector.values().all(|part| match part {
            Value::Null => true,
            Value::Object(labels) => labels.is_empty(),
            Value::Array(rules) => rules.is_empty(),
            _ => false,
        })
    })
}

/// Tells whether a selector selects an object by its labels.
pub(crate) fn selects(selector: &Value, object: &Value) -> bool {
    selects_all(selector)
        || LabelSelector::from_object(selector)
            .is_some_and(|selector| selector.matches(|key| meta::label(object, key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_mean_resources_and_their_parts() {
        let pods = api::registry().iter().find(|kind| kind.plural == "pods").unwrap();
        for (resources, subresource, scope, meant) in [
            (json!(["pods"]), "", "*", true),
            (json!(["pods"]), "status", "*", false),
            (json!(["pods/status"]), "status", "Namespaced", true),
            (json!(["pods/*"]), "status", "*", true),
            (json!(["pods/*"]), "", "*", true),
            (json!(["*/status"]), "status", "*", true),
            (json!(["*"]), "status", "*", false),
            (json!(["*/*"]), "status", "*", true),
            (json!(["pods"]), "", "Cluster", false),
            (json!(["services"]), "", "*", false),
        ] {
            let rule = json!({"apiGroups": [""], "apiVersions": ["v1"], "resources": resources,
                "scope": scope});
            assert_eq!(resource_meant(&rule, pods, subresource), meant, "{rule} {subresource}");
        }
    }

    #[test]
    fn an_empty_selector_selects_all() {
        let object = json!({"metadata": {"labels": {"a": "b"}}});
        for (selector, selected) in [
            (json!(null), true),
            (json!({}), true),
            (json!({"matchLabels": {}}), true),
            (json!({"matchLabels": {"a": "b"}}), true),
            (json!({"matchLabels": {"a": "c"}}), false),
        ] {
            assert_eq!(selects(&selector, &object), selected, "{selector}");
        }
    }
}
