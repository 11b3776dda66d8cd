//! Flow schemas: which requests belong to which level, and which flow among its queues.
//! Source: `k8s.io/apiserver/pkg/util/flowcontrol/rule.go`.

use machinery::meta;
use serde_json::Value;

use crate::{
    authn::User,
    http::{RequestInfo, Target},
};

/// A schema, ready to be asked.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) level: String,
    precedence: i64,
    distinguisher: String,
    rules: Vec<Value>,
}

impl Schema {
    pub(super) fn read(object: &Value) -> Self {
        let text = |at: &str| meta::text(object, at).to_owned();
        Self {
            name: meta::name(object).to_owned(),
            uid: meta::uid(object).to_owned(),
            level: text("/spec/priorityLevelConfiguration/name"),
            precedence: meta::number(object, "/spec/matchingPrecedence").unwrap_or(1000),
            distinguisher: text("/spec/distinguisherMethod/type"),
            rules: meta::items(object, "/spec/rules").to_vec(),
        }
    }

    /// In which order schemas are asked.
    pub(super) fn order(&self) -> (i64, &str) {
        (self.precedence, &self.name)
    }

    pub(super) fn fits(&self, user: &User, info: &RequestInfo) -> bool {
        self.rules.iter().any(|rule| {
            meta::items(rule, "/subjects").iter().any(|subject| is_meant(subject, user))
                && match info.target {
                    Target::Resource => {
                        meta::items(rule, "/resourceRules").iter().any(|it| of_resource(it, info))
                    }
                    Target::Path => {
                        meta::items(rule, "/nonResourceRules").iter().any(|it| of_path(it, info))
                    }
                }
        })
    }

    /// What keeps the requests of one flow apart from those of others.
    pub(super) fn flow<'a>(&self, user: &'a User, info: &'a RequestInfo) -> &'a str {
        match self.distinguisher.as_str() {
            "ByUser" => &user.name,
            "ByNamespace" => &info.namespace,
            _ => "",
        }
    }
}

fn is_meant(subject: &Value, user: &User) -> bool {
    let text = |at: &str| meta::text(subject, at);
    match text("/kind") {
        "User" => matches!(text("/user/name"), "*") || text("/user/name") == user.name,
        "Group" => {
            let wanted = text("/group/name");
            wanted == "*" || user.groups.iter().any(|group| group == wanted)
        }
        "ServiceAccount" => {
            let account = user.name.strip_prefix("system:serviceaccount:");
            account.and_then(|account| account.split_once(':')).is_some_and(|(namespace, name)| {
                namespace == text("/serviceAccount/namespace")
                    && matches!(text("/serviceAccount/name"), wanted if wanted == "*" || wanted == name)
            })
        }
        _ => false,
    }
}

fn any(rule: &Value, at: &str, wanted: &str) -> bool {
    meta::items(rule, at).iter().any(|one| one == "*" || one == wanted)
}

fn of_resource(rule: &Value, info: &RequestInfo) -> bool {
    let whole;
    let resource = if info.subresource.is_empty() {
        &info.resource
    } else {
        whole = format!("{}/{}", info.resource, info.subresource);
        &whole
    };
    let place = if info.namespace.is_empty() {
        rule.get("clusterScope").and_then(Value::as_bool).unwrap_or(false)
    } else {
        any(rule, "/namespaces", &info.namespace)
    };
    place
        && any(rule, "/verbs", info.verb)
        && any(rule, "/apiGroups", &info.group)
        && any(rule, "/resources", resource)
}

fn of_path(rule: &Value, info: &RequestInfo) -> bool {
    let path = info.path.trim_end_matches('/');
    any(rule, "/verbs", info.verb)
        && meta::items(rule, "/nonResourceURLs").iter().filter_map(Value::as_str).any(|url| {
            match url.strip_suffix('*') {
                Some(start) => info.path.starts_with(start),
                None => url.trim_end_matches('/') == path,
            }
        })
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::http::Query;

    #[test]
    fn schemas_know_their_requests() {
        let schema = Schema::read(&json!({"metadata": {"name": "s"}, "spec": {
            "distinguisherMethod": {"type": "ByUser"},
            "priorityLevelConfiguration": {"name": "l"},
            "rules": [
                {"subjects": [{"kind": "User", "user": {"name": "ann"}}], "resourceRules": [
                    {"verbs": ["get"], "apiGroups": [""], "resources": ["pods", "pods/log"],
                     "namespaces": ["a"]}]},
                {"subjects": [{"kind": "ServiceAccount",
                    "serviceAccount": {"namespace": "n", "name": "*"}}],
                 "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"],
                    "clusterScope": true}]},
                {"subjects": [{"kind": "Group", "group": {"name": "crew"}}], "nonResourceRules":
                    [{"verbs": ["get"], "nonResourceURLs": ["/healthz/*", "/version"]}]},
            ],
        }}));
        for (user, path, fits) in [
            ("ann", "/api/v1/namespaces/a/pods/p", true),
            ("ann", "/api/v1/namespaces/a/pods/p/log", true),
            ("ann", "/api/v1/namespaces/a/pods/p/exec", false),
            ("ann", "/api/v1/namespaces/b/pods/p", false),
            ("ann", "/apis/apps/v1/namespaces/a/pods/p", false),
            ("bob", "/api/v1/namespaces/a/pods/p", false),
            ("system:serviceaccount:n:x", "/api/v1/nodes", true),
            ("system:serviceaccount:n:x", "/api/v1/namespaces/a/pods/p", false),
            ("system:serviceaccount:m:x", "/api/v1/nodes", false),
            ("bob", "/healthz/etcd", true),
            ("bob", "/version", true),
            ("bob", "/metrics", false),
        ] {
            let info = RequestInfo::of(&Method::GET, path, &Query::default());
            let user = User::known(user, &["crew"]);
            assert_eq!(schema.fits(&user, &info), fits, "{} {path}", user.name);
            assert_eq!(schema.flow(&user, &info), user.name);
        }
    }
}
