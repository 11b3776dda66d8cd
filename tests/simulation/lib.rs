//! A cluster that is played: our own API server, store, controllers and scheduler, real code all of
//! them, with nodes that only pretend and a clock that only jumps from one event to the next.
//!
//! A seed decides everything that a history consists of: what users do and when, which requests
//! are refused or lose their answers, which watches break, fall behind or find their history gone,
//! when controllers crash, nodes fall silent and clocks jump. A judge sees every write in the order in
//! which the store took it and knows what may never happen; once users and mishaps have stopped, the
//! cluster must come to what is wanted and then be still.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "a simulation is a test, which fails by panicking"
)]

mod cluster;
mod disks;
mod engine;
mod faults;
mod history;
mod judge;
mod kubelet;
mod mirror;
mod user;

pub use history::{Failure, Played, play};

/// The namespace in which everything happens.
pub(crate) const NAMESPACE: &str = "sim";

/// The application that an object belongs to: what its name begins with.
pub(crate) fn app_of(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}
