//! The roles and bindings that every cluster has, from the table beside this file.
//! Source: Kubernetes documentation, "Default roles and role bindings", and
//! `plugin/pkg/auth/authorizer/rbac/bootstrappolicy`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

const GROUP: &str = api::rbac::GROUP;
const TABLE: &str = include_str!("default_roles.txt");

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];

/// A binding that is not named after its role.
const NAMED: &[(&str, &str)] = &[(
    "extension-apiserver-authentication-reader",
    "system::extension-apiserver-authentication-reader",
)];

/// Every default object, with the plural of its kind.
pub(crate) fn default_objects() -> Vec<(&'static str, Value)> {
    let mut made = Made::default();
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        match (line.starts_with(' '), words.next()) {
            (true, _) => made.rule(line),
            (false, Some("role")) => made.role(&words.collect::<Vec<_>>()),
            (false, Some("controller")) => made.controller(words.next().unwrap_or_default()),
            (false, _) => made.bind(words.next().unwrap_or_default(), words),
        }
    }
    let roles = made.roles.into_iter().map(|role| (plural(&role), role));
    roles.chain(made.bindings).collect()
}

fn plural(role: &Value) -> &'static str {
    if role["kind"] == "Role" { "roles" } else { "clusterroles" }
}

/// What the table's lines come to.
#[derive(Debug, Default)]
struct Made {
    roles: Vec<Value>,
    /// The rules of the roles so far, for those that are put together from others.
    rules: BTreeMap<String, Vec<Value>>,
    bindings: Vec<(&'static str, Value)>,
}

impl Made {
    /// `NAME [aggregate-to WHERE] [of ROLES]`.
    fn role(&mut self, words: &[&str]) {
        let (name, mut rest) =
            words.split_first().map_or(("", words), |(name, rest)| (*name, rest));
        let (namespace, name) = name.split_once('/').unwrap_or(("", name));
        let kind = if namespace.is_empty() { "ClusterRole" } else { "Role" };
        let mut role = base(kind, namespace, name);
        role["rules"] = json!([]);
        while let [word, argument, others @ ..] = rest {
            if *word == "aggregate-to" {
                role["metadata"]["labels"][aggregation(argument)] = "true".into();
            } else {
                let of = argument.split(',').filter_map(|part| self.rules.get(part)).flatten();
                role["rules"] = of.cloned().collect();
                let selector = json!({"matchLabels": {aggregation(name): "true"}});
                role["aggregationRule"] = json!({"clusterRoleSelectors": [selector]});
            }
            rest = others;
        }
        self.roles.push(role);
    }

    fn controller(&mut self, name: &str) {
        let role = format!("system:controller:{name}");
        self.role(&[&role]);
        self.bind(&role, [&*format!("ServiceAccount/{name}")].into_iter());
    }

    /// Adds a rule to the role above it.
    fn rule(&mut self, line: &str) {
        let Some(role) = self.roles.last_mut() else { return };
        let parts: Vec<Value> = line.split('|').map(list).collect();
        let mut rule = Map::new();
        let names: &[&str] = match parts.len() {
            2 => &["nonResourceURLs", "verbs"],
            _ => &["apiGroups", "resources", "verbs", "resourceNames"],
        };
        for (name, part) in names.iter().zip(parts) {
            rule.insert((*name).to_owned(), part);
        }
        let name = role["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        if let Some(rules) = role["rules"].as_array_mut() {
            rules.push(rule.into());
            self.rules.insert(name, rules.clone());
        }
    }

    /// Binds a role, `[NAMESPACE/]NAME`, to subjects, `KIND/NAME` each.
    fn bind<'a>(&mut self, role: &str, subjects: impl Iterator<Item = &'a str>) {
        let (namespace, role) = role.split_once('/').unwrap_or(("", role));
        let (plural, kind, of) = if namespace.is_empty() {
            ("clusterrolebindings", "ClusterRoleBinding", "ClusterRole")
        } else {
            ("rolebindings", "RoleBinding", "Role")
        };
        let own = NAMED.iter().find(|(of, _)| *of == role);
        let mut binding = base(kind, namespace, own.map_or(role, |(_, name)| name));
        binding["roleRef"] = json!({"apiGroup": GROUP, "kind": of, "name": role});
        let subjects: Vec<Value> = subjects.map(subject).collect();
        if !subjects.is_empty() {
            binding["subjects"] = subjects.into();
        }
        self.bindings.push((plural, binding));
    }
}

fn aggregation(to: &str) -> String {
    format!("rbac.authorization.k8s.io/aggregate-to-{to}")
}

fn subject(words: &str) -> Value {
    match words.split_once('/') {
        Some(("ServiceAccount", name)) => {
            json!({"kind": "ServiceAccount", "name": name, "namespace": "kube-system"})
        }
        Some((kind, name)) => json!({"apiGroup": GROUP, "kind": kind, "name": name}),
        None => Value::Null,
    }
}

/// A list of words, in order; Kubernetes sorts those of its own rules.
fn list(words: &str) -> Value {
    let mut all: Vec<&str> = Vec::new();
    for word in words.trim().split(',') {
        match word {
            "READ" => all.extend(READ),
            "WRITE" => all.extend(WRITE),
            "core" => all.push(""),
            word => all.push(word),
        }
    }
    all.sort_unstable();
    all.into()
}

fn base(kind: &str, namespace: &str, name: &str) -> Value {
    let mut object = json!({
        "apiVersion": format!("{GROUP}/v1"), "kind": kind,
        "metadata": {
            "name": name,
            "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
            "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
        },
    });
    if !namespace.is_empty() {
        object["metadata"]["namespace"] = namespace.into();
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        let objects = default_objects();
        let named = |plural: &str, name: &str| -> &Value {
            let mut found = objects
                .iter()
                .filter(|(kind, object)| *kind == plural && object["metadata"]["name"] == name);
            &found.next().unwrap_or_else(|| panic!("no {name}")).1
        };
        for (plural, object) in &objects {
            let name = object["metadata"]["name"].as_str().unwrap();
            let twins = objects
                .iter()
                .filter(|(kind, other)| kind == plural && other["metadata"] == object["metadata"]);
            assert_eq!(twins.count(), 1, "{name}");
            for rule in object["rules"].as_array().into_iter().flatten() {
                assert!(rule["verbs"].is_array(), "{name}: {rule}");
            }
            if plural.ends_with("bindings") {
                let role = object["roleRef"]["name"].as_str().unwrap();
                let kind =
                    if object["roleRef"]["kind"] == "Role" { "roles" } else { "clusterroles" };
                assert_ne!(named(kind, role)["rules"], json!([]), "{role}");
            }
        }
        let deployment = named("clusterroles", "system:controller:deployment-controller");
        assert_eq!(
            deployment["rules"][3],
            json!({
                "apiGroups": ["apps", "extensions"], "resources": ["replicasets"],
                "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
            })
        );
        let admin = named("clusterroles", "admin")["rules"].as_array().unwrap();
        let edit = named("clusterroles", "edit")["rules"].as_array().unwrap();
        assert_eq!(admin.len(), edit.len() + 2);
        let label = "rbac.authorization.k8s.io/aggregate-to-admin";
        assert_eq!(named("clusterroles", "edit")["metadata"]["labels"][label], "true");
    }
}
