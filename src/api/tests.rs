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
    let Schema::List(_, machinery::schema::ListMerge::Keyed { patch, .. }) = containers else {
        panic!("{containers:?}")
    };
    assert_eq!(patch.as_deref(), Some("name"));
}

#[test]
fn every_list_fact_names_a_list() {
    let facts = facts::FACTS.lists;
    let mut definitions = serde_json::Map::new();
    definitions.extend(openapi_definitions::<k8s_openapi::api::core::v1::Pod>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::core::v1::Node>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::core::v1::Namespace>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::core::v1::Service>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::core::v1::ServiceAccount>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::apps::v1::Deployment>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::apps::v1::ReplicaSet>());
    definitions.extend(openapi_definitions::<k8s_openapi::api::discovery::v1::EndpointSlice>());
    for fact in facts {
        let (_, definition) = definitions
            .iter()
            .find(|(name, _)| name.ends_with(fact.definition))
            .unwrap_or_else(|| panic!("no definition {}", fact.definition));
        assert_eq!(definition["properties"][fact.field]["type"], "array", "{fact:?}");
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
