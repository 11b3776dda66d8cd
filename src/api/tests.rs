//! What must hold of every built-in kind.

use machinery::schema::Schema;
use serde_json::json;

use super::*;

#[test]
fn names_are_unique_and_schemas_have_metadata() {
    let mut seen = Vec::new();
    for kind in registry() {
        let name = (kind.api_version(), kind.plural.clone());
        assert!(!seen.contains(&name), "{name:?} stands twice");
        seen.push(name);
        let schema = kind.schema();
        assert!(matches!(schema.field("metadata"), Some(Schema::Object(_))), "{kind:?}");
    }
}

#[test]
fn keyed_lists_are_found_by_their_facts() {
    let pod = lookup("", "v1", "Pod").unwrap().schema();
    let containers = pod.at(&["spec", "containers"]).unwrap();
    let Schema::List(_, rule) = containers else { panic!("{containers:?}") };
    assert_eq!(rule.patch, machinery::schema::PatchRule::Keyed("name".into()));
}

#[test]
fn every_fact_names_what_there_is() {
    let mut definitions = serde_json::Map::new();
    for kind in registry() {
        definitions.extend(kind.documents().1);
    }
    let find = |end: &str| definitions.iter().find(|(name, _)| name.ends_with(&format!(".{end}")));
    // Facts of kinds that are not served (yet) are of no use and do no harm.
    for fact in facts::FACTS.lists {
        let Some((_, definition)) = find(fact.definition) else { continue };
        assert_eq!(definition["properties"][fact.field]["type"], "array", "{fact:?}");
    }
    for (end, field) in facts::FACTS.atomic_maps {
        let Some((_, definition)) = find(end) else { continue };
        assert_eq!(definition["properties"][field]["type"], "object", "{end}.{field}");
    }
}

#[test]
fn unknown_fields_and_wrong_types_are_told_as_go_tells_them() {
    let schema = lookup("apps", "v1", "Deployment").unwrap().schema();
    let decoded = machinery::schema::decode(
        &schema,
        json!({"kind": "Deployment", "spec": {"replicas": 1, "foo": 1,
            "template": {"spec": {"containers": [{"name": "c", "bar": 2}]}}}}),
    )
    .unwrap();
    assert_eq!(decoded.unknown, ["spec.foo", "spec.template.spec.containers[0].bar"]);
    let wrong = machinery::schema::decode(&schema, json!({"spec": {"replicas": "x"}}));
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    );
}
