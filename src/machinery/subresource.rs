//! What stands below an object's path.

use jiff::Timestamp;
use serde_json::Value;

use crate::{field::Errors, kind::Change};

/// A part of an object that has a path, rights and rules of its own.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// Takes the part from what is given into the object as it is.
    pub take: fn(object: &mut Value, given: &Value, now: Timestamp),
    /// Checks what became of the object.
    pub check: fn(&Change<'_>, &mut Errors),
}

/// A subresource: a part of its object, or something that the API server has a handler for.
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
    /// What may stand in the query, for clients that read the API's description: name, type,
    /// words.
    pub options: &'static [(&'static str, &'static str, &'static str)],
    /// How it is a part of its object; `None`: the API server has a handler for it.
    pub piece: Option<Piece>,
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
        Self { name, kind, group: "", version: "v1", verbs, options: &[], piece: None }
    }
}
