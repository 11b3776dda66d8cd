//! What becomes of the objects that an object owns.

use super::Kind;

/// What becomes of dependents where a deletion does not say.
/// Source: `GarbageCollectionPolicy` of k8s.io/apiserver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependents {
    /// They go, too.
    Deleted,
    /// They stay, and are owned no more.
    Orphaned,
    /// There never are any, whatever a deletion says.
    None,
}

impl Kind {
    /// Keeps dependents where a deletion does not say.
    #[must_use]
    pub fn orphans(mut self) -> Self {
        self.dependents = Dependents::Orphaned;
        self
    }

    /// Never owns anything.
    #[must_use]
    pub fn without_dependents(mut self) -> Self {
        self.dependents = Dependents::None;
        self
    }
}
