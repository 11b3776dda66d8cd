//! What stands below an object's path.

/// A subresource that has a handler of its own in the API server.
#[derive(Debug, Clone, Copy)]
pub struct Subresource {
    /// The path's last segment.
    pub name: &'static str,
    /// The kind of its body.
    pub kind: &'static str,
    /// The group of that kind, where it differs.
    pub group: &'static str,
    /// The version of that kind, where it differs.
    pub version: &'static str,
    /// The verbs that it answers.
    pub verbs: &'static [&'static str],
}

impl Subresource {
    /// The verbs of what passes requests on.
    pub const PROXY: &'static [&'static str] = &["create", "delete", "get", "patch", "update"];

    /// A subresource whose body is a kind of the core group.
    pub const fn of_core(
        name: &'static str,
        kind: &'static str,
        verbs: &'static [&'static str],
    ) -> Self {
        Self { name, kind, group: "", version: "v1", verbs }
    }
}
