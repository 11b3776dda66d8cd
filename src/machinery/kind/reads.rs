//! What of an object is read for a list: scanning the rest is cheap, keeping it is not.

use super::Kind;
use crate::json::Keep;

impl Kind {
    /// Makes rows of this part of an object alone; without it, of all but `managedFields`.
    #[must_use]
    pub fn rows_read(mut self, keep: Keep) -> Self {
        self.row_reads = keep;
        self
    }

    /// Selects by this part of an object alone; without it, by all but `managedFields`.
    #[must_use]
    pub fn selects_by(mut self, keep: Keep) -> Self {
        self.selectors_read = keep;
        self
    }
}
