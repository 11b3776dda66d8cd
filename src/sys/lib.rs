//! The only unsafe, and the few kernel facilities that need more than one call.
//!
//! What `nix` already offers safely is used from `nix` directly; this crate holds what it lacks.
//! Every descriptor that leaves here is owned and close-on-exec.

pub mod attributes;
pub mod cgroup;
pub mod mount;
pub mod namespace;
pub mod process;
pub mod socket;
pub mod terminal;
pub mod watch;
