//! Formatting into a growing text.

use std::fmt::{Arguments, Write as _};

/// Appends formatted text.
pub(crate) trait Add {
    /// Appends what `format_args!` makes.
    fn add(&mut self, arguments: Arguments<'_>);
}

impl Add for String {
    fn add(&mut self, arguments: Arguments<'_>) {
        // Writing to a String cannot fail.
        self.write_fmt(arguments).unwrap_or_default();
    }
}
