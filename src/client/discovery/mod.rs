//! What a server serves: groups, versions and resources, and which one a word means.
//!
//! One aggregated request a root (`/api`, `/apis`) where the server knows it, the plain documents
//! otherwise. Order is the server's: it decides which of several resources a short word means.

mod cache;
mod fetch;
mod mapping;

pub use cache::DiskCache;
pub use mapping::NoMatch;

use crate::dynamic::Resource;

/// Everything that a server serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Groups in the server's order, the core group first.
    pub groups: Vec<ApiGroup>,
    /// Group versions that could not be asked, and why.
    pub failed: Vec<(String, String)>,
}

/// One API group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiGroup {
    /// Name; empty for the core group.
    pub name: String,
    /// Versions, the preferred one first.
    pub versions: Vec<ApiVersion>,
}

/// One version of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiVersion {
    /// Name, such as `v1`.
    pub name: String,
    /// Resources in the server's order.
    pub resources: Vec<ApiResource>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResource {
    /// Where it is served.
    pub resource: Resource,
    /// Singular name.
    pub singular: String,
    /// Short names.
    pub short_names: Vec<String>,
    /// Categories, such as `all`.
    pub categories: Vec<String>,
    /// Verbs.
    pub verbs: Vec<String>,
    /// Subresources.
    pub subresources: Vec<Subresource>,
}

/// A subresource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subresource {
    /// Name, such as `scale`.
    pub name: String,
    /// Group of what it answers with.
    pub group: String,
    /// Version of what it answers with.
    pub version: String,
    /// Kind of what it answers with.
    pub kind: String,
    /// Verbs.
    pub verbs: Vec<String>,
}

impl ApiResource {
    /// It takes this verb.
    pub fn has_verb(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }
}
