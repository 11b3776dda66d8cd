//! Every built-in kind: one folder each, by group.
//!
//! A kind is a descriptor ([`machinery::kind::Kind`]) with its defaults, validation, strategy and
//! columns. Nothing outside this crate asks for a kind by name except through [`registry`].

pub mod apps;
pub mod coordination;
pub mod core;
pub mod discovery;
pub mod events;
mod facts;
mod parts;
pub mod rbac;
mod schema;

use std::sync::{Arc, OnceLock};

use machinery::kind::Kind;

pub use schema::{openapi_definitions, schema_of};

/// All built-in kinds, made once.
pub fn registry() -> &'static [Arc<Kind>] {
    static KINDS: OnceLock<Vec<Arc<Kind>>> = OnceLock::new();
    KINDS.get_or_init(|| {
        [
            core::kinds(),
            apps::kinds(),
            coordination::kinds(),
            discovery::kinds(),
            events::kinds(),
            rbac::kinds(),
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
mod tests;
