//! Real containers: the walkthrough from nothing to nothing, on our own command line.
#![expect(clippy::panic, reason = "a test fails by panicking")]

mod walkthrough;
