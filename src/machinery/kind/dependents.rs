//! What becomes of the objects that an object owns.

use super::Kind;

/// What becomes of dependents where a deletion does not say.
/// Source: `GarbageCollectionPolicy` of k8s.io/apiserver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependents {
    /// They go, too.
    Deleted,
    /// They stay, and are owned no more; what is said to whoever does not say what becomes of them.
    Orphaned(Option<&'static str>),
    /// There never are any, whatever a deletion says.
    None,
}

impl Kind {
    /// Keeps dependents where a deletion does not say, and warns of it.
    #[must_use]
    pub fn orphans(mut self, warning: Option<&'static str>) -> Self {
        self.dependents = Dependents::Orphaned(warning);
        self
    }

    /// Never owns anything.
    #[must_use]
    pub fn without_dependents(mut self) -> Self {
        self.dependents = Dependents::None;
        self
    }
}
