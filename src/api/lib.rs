//! Every built-in kind: one folder each, by group.
//!
//! A kind is a descriptor ([`machinery::kind::Kind`]) with its defaults, validation, strategy and
//! columns. Nothing outside this crate asks for a kind by name except through [`registry`].

pub mod admissionregistration;
pub mod apiextensions;
pub mod apiregistration;
pub mod apps;
pub mod autoscaling;
pub mod batch;
pub mod certificates;
mod check;
pub mod coordination;
pub mod core;
pub mod custom;
pub mod discovery;
pub mod events;
mod facts;
pub mod flowcontrol;
pub mod networking;
pub mod node;
mod parts;
mod pointers;
pub mod policy;
pub mod rbac;
pub mod resource;
pub mod scheduling;
mod schema;
mod shape;
pub mod storage;
pub mod wire;

use std::sync::{Arc, OnceLock};

use machinery::{kind::Kind, schema::Schema};

pub use schema::{openapi_definitions, schema_of};

/// All built-in kinds, made once, their groups in the order in which discovery prefers them.
pub fn registry() -> &'static [Arc<Kind>] {
    static KINDS: OnceLock<Vec<Arc<Kind>>> = OnceLock::new();
    KINDS.get_or_init(|| {
        [
            core::kinds(),
            apiregistration::kinds(),
            apps::kinds(),
            events::kinds(),
            autoscaling::kinds(),
            batch::kinds(),
            certificates::kinds(),
            networking::kinds(),
            policy::kinds(),
            rbac::kinds(),
            storage::kinds(),
            admissionregistration::kinds(),
            apiextensions::kinds(),
            scheduling::kinds(),
            coordination::kinds(),
            node::kinds(),
            discovery::kinds(),
            resource::kinds(),
            flowcontrol::kinds(),
        ]
        .into_iter()
        .flatten()
        .map(Arc::new)
        .collect()
    })
}

/// The built-in kind of that name.
pub fn lookup(group: &str, version: &str, kind: &str) -> Option<&'static Arc<Kind>> {
    registry().iter().find(|one| one.group == group && one.version == version && one.kind == kind)
}

/// The schema of what is sent and never stored by itself: options, reviews, parts of objects.
pub fn body_schema(kind: &str) -> Option<Arc<Schema>> {
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
        apimachinery::pkg::apis::meta::v1::{DeleteOptions, ListMeta, Status},
    };
    let schema = match kind {
        "DeleteOptions" => schema_of::<DeleteOptions>(),
        "Eviction" => schema_of::<Eviction>(),
        "ListMeta" => schema_of::<ListMeta>(),
        "LocalSubjectAccessReview" => schema_of::<LocalSubjectAccessReview>(),
        "Scale" => schema_of::<Scale>(),
        "SelfSubjectAccessReview" => schema_of::<SelfSubjectAccessReview>(),
        "SelfSubjectReview" => schema_of::<SelfSubjectReview>(),
        "SelfSubjectRulesReview" => schema_of::<SelfSubjectRulesReview>(),
        "Status" => schema_of::<Status>(),
        "SubjectAccessReview" => schema_of::<SubjectAccessReview>(),
        "TokenRequest" => schema_of::<TokenRequest>(),
        "TokenReview" => schema_of::<TokenReview>(),
        _ => return None,
    };
    Some(schema())
}

#[cfg(test)]
mod tests;
