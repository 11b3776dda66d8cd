//! What is sent and never stored by itself: options, reviews, parts of objects, discovery.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use k8s_openapi::{
    api::{
        authentication::v1::{SelfSubjectReview, TokenRequest, TokenReview},
        authorization::v1::{
            LocalSubjectAccessReview, SelfSubjectAccessReview, SelfSubjectRulesReview,
            SubjectAccessReview,
        },
        autoscaling::v1::Scale,
        policy::v1::Eviction,
    },
    apimachinery::pkg::{
        apis::meta::v1::{
            APIGroup, APIGroupList, APIResourceList, APIVersions, DeleteOptions, ListMeta,
            ObjectMeta, Patch, Status, WatchEvent,
        },
        runtime::RawExtension,
        version::Info,
    },
};
use machinery::schema::Schema;
use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::schema::{openapi_definitions, schema_of};

struct Body {
    schema: Arc<Schema>,
    documents: fn() -> (String, Map<String, Value>),
}

fn body<T: JsonSchema>() -> Body {
    Body {
        schema: schema_of::<T>()(),
        documents: || (T::schema_name().into_owned(), openapi_definitions::<T>()),
    }
}

fn bodies() -> &'static HashMap<&'static str, Body> {
    static BODIES: OnceLock<HashMap<&'static str, Body>> = OnceLock::new();
    BODIES.get_or_init(|| {
        HashMap::from([
            ("APIGroup", body::<APIGroup>()),
            ("APIGroupList", body::<APIGroupList>()),
            ("APIResourceList", body::<APIResourceList>()),
            ("APIVersions", body::<APIVersions>()),
            ("DeleteOptions", body::<DeleteOptions>()),
            ("Eviction", body::<Eviction>()),
            ("Info", body::<Info>()),
            ("ListMeta", body::<ListMeta>()),
            ("LocalSubjectAccessReview", body::<LocalSubjectAccessReview>()),
            ("ObjectMeta", body::<ObjectMeta>()),
            ("Patch", body::<Patch>()),
            ("Scale", body::<Scale>()),
            ("SelfSubjectAccessReview", body::<SelfSubjectAccessReview>()),
            ("SelfSubjectReview", body::<SelfSubjectReview>()),
            ("SelfSubjectRulesReview", body::<SelfSubjectRulesReview>()),
            ("Status", body::<Status>()),
            ("SubjectAccessReview", body::<SubjectAccessReview>()),
            ("TokenRequest", body::<TokenRequest>()),
            ("TokenReview", body::<TokenReview>()),
            ("WatchEvent", body::<WatchEvent<RawExtension>>()),
        ])
    })
}

/// The schema of the body of that kind.
pub fn body_schema(kind: &str) -> Option<Arc<Schema>> {
    bodies().get(kind).map(|body| Arc::clone(&body.schema))
}

/// Tells whether a body of that kind belongs to the group: those that every group and version has,
/// as options, belong to all.
pub fn is_body_of(group: &str, kind: &str) -> bool {
    let Some((name, _)) = body_documents(kind) else { return false };
    match name.strip_prefix("io.k8s.api.").and_then(|rest| rest.split('.').next()) {
        Some("core") => group.is_empty(),
        Some(package) => group.split('.').next() == Some(package),
        None => true,
    }
}

/// The OpenAPI name of the body of that kind, and the definitions that it needs. Cost: builds them.
pub fn body_documents(kind: &str) -> Option<(String, Map<String, Value>)> {
    bodies().get(kind).map(|body| (body.documents)())
}
