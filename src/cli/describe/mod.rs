//! Describe pages.
