//! Which kinds a policy is asked about, and their schemas without references. No clock, no I/O.

use std::collections::BTreeSet;

use client::Resource;
use machinery::meta;
use serde_json::{Map, Value, json};

/// As many kinds are looked at for one rule. Source: `maxTypesToCheck`.
const MOST_KINDS: usize = 10;
/// Schemas are not followed further down.
const DEEPEST: usize = 40;

/// A group, a version and a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gvk {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
}

/// The kind that a policy takes parameters of.
pub(super) fn parameters(policy: &Value) -> Option<Gvk> {
    let at = policy.pointer("/spec/paramKind")?;
    let (version, kind) = (meta::text(at, "/apiVersion"), meta::text(at, "/kind"));
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let gvk = Gvk { group: group.into(), version: version.into(), kind: kind.into() };
    (!kind.is_empty()).then_some(gvk)
}

/// The words of a list in a rule, in order; `None` where one of them means many.
fn exact(rule: &Value, list: &str) -> Option<BTreeSet<String>> {
    let words = meta::items(rule, list).iter().filter_map(Value::as_str);
    let words: BTreeSet<String> = words.map(str::to_owned).collect();
    words.iter().all(|word| !word.contains('*')).then_some(words)
}

/// The kinds of the resources that a policy's rules name.
pub(super) fn kinds<'a>(
    policy: &Value,
    served: impl Fn() -> Box<dyn Iterator<Item = &'a Resource> + 'a>,
) -> BTreeSet<Gvk> {
    let mut found = BTreeSet::new();
    for rule in meta::items(policy, "/spec/matchConstraints/resourceRules") {
        let some = of_rule(rule, &served).unwrap_or_default();
        let enough = some.len() == MOST_KINDS;
        found.extend(some);
        if enough {
            break;
        }
    }
    found
}

/// The kinds that one rule names, as many as are looked at; `None` where it means many.
fn of_rule<'a>(
    rule: &Value,
    served: &impl Fn() -> Box<dyn Iterator<Item = &'a Resource> + 'a>,
) -> Option<Vec<Gvk>> {
    let groups = exact(rule, "/apiGroups")?;
    let versions = exact(rule, "/apiVersions")?;
    let resources = meta::items(rule, "/resources").iter().filter_map(Value::as_str);
    let resources: BTreeSet<&str> = resources.filter(|it| !it.contains(['*', '/'])).collect();
    let is_meant = |one: &&Resource| {
        groups.contains(&one.group)
            && versions.contains(&one.version)
            && resources.contains(one.plural.as_str())
    };
    let mut meant: Vec<&Resource> = served().filter(is_meant).collect();
    meant.sort_by_key(|one| (&one.group, &one.version, &one.plural));
    let kinds = meant.into_iter().take(MOST_KINDS).map(|one| Gvk {
        group: one.group.clone(),
        version: one.version.clone(),
        kind: one.kind.clone(),
    });
    Some(kinds.collect())
}

/// Where a version's `OpenAPI` document is.
pub(super) fn document_path(gvk: &Gvk) -> String {
    if gvk.group.is_empty() {
        return format!("/openapi/v3/api/{}", gvk.version);
    }
    format!("/openapi/v3/apis/{}/{}", gvk.group, gvk.version)
}

/// The schema of a kind in an `OpenAPI` document, with everything that it refers to in its place.
pub(super) fn schema(document: &Value, gvk: &Gvk) -> Option<Value> {
    let schemas = document.pointer("/components/schemas")?.as_object()?;
    let is_it = |schema: &Value| {
        meta::items(schema, "/x-kubernetes-group-version-kind").iter().any(|one| {
            meta::text(one, "/group") == gvk.group
                && meta::text(one, "/version") == gvk.version
                && meta::text(one, "/kind") == gvk.kind
        })
    };
    let root = schemas.values().find(|schema| is_it(schema))?;
    Some(whole(root, schemas, &mut Vec::new()))
}

fn referred<'a>(schema: &'a Value, all: &'a Map<String, Value>) -> Option<(&'a str, &'a Value)> {
    let reference = |it: &'a Value| it.get("$ref")?.as_str()?.rsplit('/').next();
    // With a default or a description a reference stands among `allOf`.
    let only = schema.get("allOf").and_then(Value::as_array).and_then(|all| all.first());
    let name = reference(schema).or_else(|| reference(only?))?;
    Some((name, all.get(name)?))
}

fn whole<'a>(schema: &'a Value, all: &'a Map<String, Value>, within: &mut Vec<&'a str>) -> Value {
    if let Some((name, found)) = referred(schema, all) {
        // What contains itself is not seen from there on.
        if within.contains(&name) || within.len() > DEEPEST {
            return json!({});
        }
        within.push(name);
        let found = whole(found, all, within);
        within.pop();
        return found;
    }
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let mut out = fields.clone();
    if let Some(properties) = fields.get("properties").and_then(Value::as_object) {
        let properties = properties.iter();
        let properties: Map<String, Value> =
            properties.map(|(name, one)| (name.clone(), whole(one, all, within))).collect();
        out.insert("properties".into(), properties.into());
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(one) = fields.get(inner).filter(|it| it.is_object()) {
            out.insert(inner.into(), whole(one, all, within));
        }
    }
    if fields.get("format").is_some_and(|format| format == "int-or-string") {
        out.insert("x-kubernetes-int-or-string".into(), true.into());
    } else if fields.get("type").is_none() && fields.contains_key("oneOf") {
        // Quantities: text or a number, seen as text.
        out.insert("type".into(), "string".into());
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_kinds_unless_they_mean_many() {
        let served: Vec<Resource> = [
            ("apps", "v1", "deployments", "Deployment"),
            ("apps", "v1", "daemonsets", "DaemonSet"),
            ("", "v1", "pods", "Pod"),
        ]
        .map(|(group, version, plural, kind)| Resource {
            group: group.into(),
            version: version.into(),
            plural: plural.into(),
            kind: kind.into(),
            namespaced: true,
        })
        .into();
        let rule = |groups: &[&str], versions: &[&str], resources: &[&str]| {
            let rule =
                json!({"apiGroups": groups, "apiVersions": versions, "resources": resources});
            let policy = json!({"spec": {"matchConstraints": {"resourceRules": [rule]}}});
            let found = kinds(&policy, || Box::new(served.iter()));
            found.into_iter().map(|one| one.kind).collect::<Vec<_>>().join(" ")
        };
        for (case, groups, versions, resources, want) in [
            ("one", &["apps"][..], &["v1"][..], &["deployments"][..], "Deployment"),
            ("two", &["apps"], &["v1"], &["deployments", "daemonsets"], "DaemonSet Deployment"),
            ("across groups", &["", "apps"], &["v1"], &["pods", "deployments"], "Pod Deployment"),
            ("any group", &["*"], &["v1"], &["deployments"], ""),
            ("any version", &["apps"], &["*"], &["deployments"], ""),
            ("a part", &["apps"], &["v1"], &["deployments/scale", "daemonsets"], "DaemonSet"),
            ("unknown", &["apps"], &["v2"], &["deployments"], ""),
        ] {
            assert_eq!(rule(groups, versions, resources), want, "{case}");
        }
    }

    #[test]
    fn schemas_are_made_whole() {
        let document = json!({"components": {"schemas": {
            "a.Thing": {"type": "object", "properties": {
                "spec": {"allOf": [{"$ref": "#/components/schemas/a.Spec"}], "default": {}}},
                "x-kubernetes-group-version-kind": [{"group": "a", "version": "v1", "kind": "Thing"}]},
            "a.Spec": {"type": "object", "properties": {
                "amount": {"$ref": "#/components/schemas/a.Quantity"},
                "port": {"$ref": "#/components/schemas/a.IntOrString"},
                "again": {"type": "array", "items": {"$ref": "#/components/schemas/a.Spec"}}}},
            "a.Quantity": {"oneOf": [{"type": "string"}, {"type": "number"}]},
            "a.IntOrString": {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
        }}});
        let gvk = |kind: &str| Gvk { group: "a".into(), version: "v1".into(), kind: kind.into() };
        let found = schema(&document, &gvk("Thing")).unwrap();
        let spec = &found["properties"]["spec"]["properties"];
        assert_eq!(spec["amount"]["type"], "string");
        assert_eq!(spec["port"]["x-kubernetes-int-or-string"], true);
        assert_eq!(spec["again"]["items"], json!({}));
        assert!(schema(&document, &gvk("Other")).is_none());
        assert_eq!(document_path(&gvk("Thing")), "/openapi/v3/apis/a/v1");
    }
}
