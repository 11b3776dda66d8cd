//! A request as policies and webhooks look at it: which of their rules mean it.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/{policy/matching,webhook/predicates}`.

use std::sync::Arc;

use machinery::{kind::Kind, meta, schema::Schema, selector::LabelSelector, status::Status};
use serde_json::{Value, json};

use super::Operation;
use crate::{registry::convert, server::Inner};

/// An object of another kind than the resource's own, which a subresource takes or shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken<'a> {
    /// Group, version and kind.
    pub(crate) kind: (&'static str, &'static str, &'static str),
    /// Whose subresource it is; the object itself may not say it.
    pub(crate) name: &'a str,
    pub(crate) namespace: &'a str,
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attributes<'a> {
    pub(crate) operation: &'a Operation<'a>,
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    pub(crate) verb: &'static str,
    /// What stands in the place of the resource's objects.
    pub(crate) taken: Option<Taken<'a>>,
    /// The object as it will be; `None` when it goes.
    pub(crate) object: Option<&'a Value>,
}

impl<'a> Attributes<'a> {
    /// A write; of which object is still to be said.
    pub(crate) fn of_write(operation: &'a Operation<'a>) -> Self {
        let verb = if operation.old.is_none() { "CREATE" } else { "UPDATE" };
        Self { operation, verb, taken: None, object: None }
    }

    /// The same of this object.
    pub(crate) fn about(self, object: &'a Value) -> Self {
        Self { object: Some(object), ..self }
    }

    pub(crate) fn server(&self) -> &'a Arc<Inner> {
        self.operation.server
    }

    pub(crate) fn kind(&self) -> &'a Arc<Kind> {
        self.operation.kind
    }

    pub(crate) fn subresource(&self) -> &'a str {
        &self.operation.author.subresource
    }

    fn any(&self) -> &'a Value {
        self.object.or(self.operation.old).unwrap_or(&Value::Null)
    }

    pub(crate) fn name(&self) -> &'a str {
        self.taken.map_or_else(|| meta::name(self.any()), |taken| taken.name)
    }

    pub(crate) fn namespace(&self) -> &'a str {
        match self.taken {
            _ if !self.kind().is_namespaced() => "",
            Some(taken) => taken.namespace,
            None => meta::namespace(self.any()),
        }
    }

    fn is_namespace(&self) -> bool {
        self.kind().group.is_empty() && self.kind().plural == "namespaces"
    }

    /// The request as expressions and webhooks see it that look at it as one of `kind`.
    pub(crate) fn request(&self, kind: &Kind) -> Value {
        let user = &self.operation.author.user;
        let of = |of: &Kind| match self.taken {
            Some(Taken { kind: (group, version, kind), .. }) => {
                json!({"group": group, "version": version, "kind": kind})
            }
            None => json!({"group": of.group, "version": of.version, "kind": of.kind}),
        };
        let resource =
            |of: &Kind| json!({"group": of.group, "version": of.version, "resource": of.plural});
        let namespace = if self.is_namespace() { self.name() } else { self.namespace() };
        json!({
            "kind": of(kind), "resource": resource(kind), "subResource": self.subresource(),
            "requestKind": of(self.kind()), "requestResource": resource(self.kind()),
            "requestSubResource": self.subresource(), "name": self.name(),
            "namespace": namespace, "operation": self.verb,
            "userInfo": {"username": user.name, "uid": user.uid, "groups": user.groups,
                "extra": user.extra},
            "dryRun": self.operation.dry_run, "options": self.options(),
        })
    }

    /// What was asked for beside the object. A patch is what it does: a creation or an update.
    /// Connections have none: what stands for them is their object.
    fn options(&self) -> Value {
        let kind = match self.verb {
            "CREATE" => "CreateOptions",
            "UPDATE" => "UpdateOptions",
            "DELETE" => "DeleteOptions",
            _ => return Value::Null,
        };
        let mut options = self.operation.author.options.clone();
        options["kind"] = kind.into();
        options["apiVersion"] = "meta.k8s.io/v1".into();
        options
    }

    /// An object of the request's own kind as `kind` shows it. Errors: no webhook converts it.
    pub(crate) async fn shown(
        &self,
        object: Option<&Value>,
        kind: &Kind,
    ) -> Result<Option<Value>, Status> {
        let Some(object) = object else { return Ok(None) };
        self.between(object.clone(), self.kind(), kind).await.map(Some)
    }

    /// An object of the request from one version of its kind to another; what subresources take is
    /// the same in all of them.
    pub(crate) async fn between(
        &self,
        object: Value,
        from: &Kind,
        to: &Kind,
    ) -> Result<Value, Status> {
        if self.taken.is_some() || (&from.group, &from.version) == (&to.group, &to.version) {
            return Ok(object);
        }
        convert::between(&self.server().registry, object, from, to).await
    }

    /// The schema of the request's object as one of `kind`.
    pub(crate) fn schema(&self, kind: &Kind) -> Arc<Schema> {
        let Some(Taken { kind: (group, version, name), .. }) = self.taken else {
            return kind.schema();
        };
        let known = api::lookup(group, version, name).map(|kind| kind.schema());
        known.or_else(|| api::body_schema(name)).unwrap_or_else(|| Arc::new(Schema::Untyped))
    }

    /// Fills in what was left out of an object of `kind`.
    pub(crate) fn fill_defaults(&self, kind: &Kind, object: &mut Value) {
        if self.taken.is_none() {
            kind.fill_defaults(object);
        }
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

    /// In whose terms a policy, a binding or a webhook means the request by its selectors and rules:
    /// the kind as it was asked for, or the same in another version; `None`: it does not.
    pub(crate) async fn meant_by(
        &self,
        target: &Value,
        rules: &str,
    ) -> Result<Option<Arc<Kind>>, Status> {
        let given = meta::items(target, &format!("/{rules}"));
        let equivalent = meta::text(target, "/matchPolicy") != "Exact";
        if self.kind_meant(meta::items(target, "/excludeResourceRules"), equivalent).is_some() {
            return Ok(None);
        }
        let own = || Some(Arc::clone(self.kind()));
        let kind = if given.is_empty() { own() } else { self.kind_meant(given, equivalent) };
        if kind.is_none() || !self.object_selected(&target["objectSelector"]) {
            return Ok(None);
        }
        let selected = self.namespace_selected(&target["namespaceSelector"]).await?;
        Ok(kind.filter(|_| selected))
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

    /// The kind that one of the rules means, the request's own before others.
    fn kind_meant(&self, rules: &[Value], equivalent: bool) -> Option<Arc<Kind>> {
        let acting: Vec<&Value> = rules.iter().filter(|rule| self.rule_acts(rule)).collect();
        let meant =
            |kind: &Kind| acting.iter().any(|rule| resource_meant(rule, kind, self.subresource()));
        if acting.is_empty() || meant(self.kind()) {
            return (!acting.is_empty()).then(|| Arc::clone(self.kind()));
        }
        if !equivalent {
            return None;
        }
        let kinds = self.server().registry.kinds();
        let same = |other: &&Arc<Kind>| other.storage == self.kind().storage && meant(other);
        kinds.iter().find(same).cloned()
    }

    /// Whether a rule is about what is done, and to whom.
    fn rule_acts(&self, rule: &Value) -> bool {
        let operations = meta::items(rule, "/operations");
        if !operations.iter().any(|one| one == "*" || one == self.verb) {
            return false;
        }
        let names = meta::items(rule, "/resourceNames");
        names.is_empty() || names.iter().any(|name| name == self.name())
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
