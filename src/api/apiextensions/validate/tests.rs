//! Definitions that Kubernetes refuses, and one that it takes.

use super::*;

fn definition(schema: &Value) -> Value {
    json!({
        "metadata": {"name": "bads.example.org"},
        "spec": {
            "group": "example.org", "scope": "Namespaced",
            "names": {"plural": "bads", "singular": "bad", "kind": "Bad", "listKind": "BadList"},
            "versions": [
                {"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}},
            ],
        },
        "status": {"storedVersions": ["v1"]},
    })
}

fn wrong(new: &Value, old: Option<&Value>) -> Vec<String> {
    let mut errors = Errors::default();
    check(&Change { new, old }, &mut errors);
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn schemas_are_structural() {
    const AT: &str = "spec.validation.openAPIV3Schema";
    for (case, field, words) in [
        ("good", json!({"type": "string", "default": "x"}), vec![]),
        (
            "no type",
            json!({}),
            vec![".type: Required value: must not be empty for specified object fields"],
        ),
        ("array", json!({"type": "array"}), vec![".items: Required value: must be specified"]),
        (
            "default of a wrong type",
            json!({"type": "integer", "default": "x"}),
            vec![
                ".default: Invalid value: \"string\": .default in body must be of type integer: \"string\"",
            ],
        ),
        (
            "default with unknown fields",
            json!({"type": "object", "properties": {"b": {"type": "string"}}, "default": {"c": 1}}),
            vec![".default: Invalid value: {\"c\":1}: must not have unknown fields"],
        ),
        (
            "junctor with a type",
            json!({"type": "string", "anyOf": [{"type": "string"}]}),
            vec![".anyOf[0].type: Forbidden: must be empty to be structural"],
        ),
        (
            "keys that may be absent",
            json!({"type": "array", "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["k"],
                "items": {"type": "object", "properties": {"k": {"type": "string"}}}}),
            vec![
                ".items.properties[k].default: Required value: this property is in \
                x-kubernetes-list-map-keys, so it must have a default or be a required property",
            ],
        ),
    ] {
        let schema = json!({"type": "object", "properties": {"a": field}});
        let found = wrong(&definition(&schema), None);
        let wanted: Vec<String> = words
            .iter()
            .map(|words| format!("{AT}.properties[a]{words}").replace(": .default in", ":  in"))
            .collect();
        assert_eq!(found, wanted, "{case}");
    }
}

#[test]
fn what_is_established_stays() {
    let mut old = definition(&json!({"type": "object"}));
    old["status"]["conditions"] = json!([{"type": "Established", "status": "True"}]);
    let mut new = old.clone();
    new["spec"]["scope"] = json!("Cluster");
    new["spec"]["versions"][0]["name"] = json!("v2");
    let found = wrong(&new, Some(&old));
    assert!(found[0].starts_with("spec.scope: Invalid value: \"Cluster\": field is immutable"));
    assert!(found.iter().any(|it| it.contains("status.storedVersions[0]")), "{found:?}");
}

#[test]
fn bundles_that_are_none_are_borne_where_they_were() {
    let with = |bundle: &str, established: bool| {
        let mut one = definition(&json!({"type": "object"}));
        one["spec"]["conversion"] = json!({"strategy": "Webhook", "webhook": {
            "conversionReviewVersions": ["v1"],
            "clientConfig": {"url": "https://a.example.org/x", "caBundle": bundle},
        }});
        let status = if established { "True" } else { "False" };
        one["status"]["conditions"] = json!([{"type": "Established", "status": status}]);
        one
    };
    let good = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";
    for (case, new, old, refused) in [
        ("new", with("Ym9ndXM=", false), None, false),
        ("not served", with("Ym9ndXM=", false), Some(with(good, false)), false),
        ("worse", with("Ym9ndXM=", true), Some(with(good, true)), true),
        ("as it was", with("Ym9ndXM=", true), Some(with("b2Rk", true)), false),
        ("good", with(good, true), Some(with(good, true)), false),
    ] {
        let found = wrong(&new, old.as_ref());
        let words = "spec.conversion.webhookClientConfig.caBundle: Invalid value: \"Ym9ndXM=\": unable to \
                     load root certificates: unable to parse bytes as PEM block";
        assert_eq!(found.iter().any(|one| one == words), refused, "{case}: {found:?}");
        assert_eq!(found.is_empty(), !refused, "{case}: {found:?}");
    }
}
