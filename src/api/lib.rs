//! Every built-in kind: one folder each, by group.
//!
//! A kind is a descriptor ([`machinery::kind::Kind`]) with its defaults, validation, strategy and
//! columns. Nothing outside this crate asks for a kind by name except through [`registry`].

mod addresses;
pub mod admissionregistration;
pub mod apiextensions;
pub mod apiregistration;
pub mod apps;
pub mod autoscaling;
pub mod batch;
pub mod binding;
mod bodies;
pub mod certificates;
mod check;
mod conditions;
pub mod coordination;
pub mod core;
mod counts;
pub mod custom;
pub mod discovery;
pub mod events;
mod facts;
pub mod flowcontrol;
pub mod networking;
pub mod node;
mod parts;
pub mod placement;
mod pointers;
pub mod policy;
mod published;
pub mod rbac;
pub mod resource;
mod rules;
pub mod scheduling;
mod schema;
mod shape;
pub mod storage;
pub mod wire;

use std::sync::{Arc, OnceLock};

use machinery::kind::Kind;

pub use bodies::{body_documents, body_schema, is_body_of};
pub use check::domain_path;
pub use published::publish;
pub use schema::{openapi_definitions, schema_of, words_of};

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

#[cfg(test)]
mod fuzz_tests;
#[cfg(test)]
mod laws;
