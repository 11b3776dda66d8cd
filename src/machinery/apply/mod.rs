//! Server-side apply: which manager owns which fields, and how one manager's configuration becomes
//! part of an object. Knows schemas and documents; never a store, a request or a time.
//!
//! Invariants: a field has an owner only if it stands in the object or was applied as absent ·
//! an apply changes what no other manager owns, unless it is forced · an update always wins.
//! Source: Kubernetes documentation, "Server-Side Apply"; `sigs.k8s.io/structured-merge-diff`.

mod check;
mod compare;
mod managers;
mod merge;
mod path;
mod remove;
mod set;
mod shape;

pub use check::{complaints, sentence};
pub use compare::{Comparison, compare};
pub use managers::{
    Applied, Conflict, Entry, Force, ManagedFields, Operation, Refusal, Terms, Versions,
};
pub use merge::{MergeError, merge};
pub use path::{Path, PathElement};
pub use remove::remove;
pub use set::Set;
pub use shape::{atomics, empty, field_set};

#[cfg(test)]
mod tests;
