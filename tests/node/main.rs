//! The node with the real programs: runc, nft, network namespaces, a registry. Needs root.
//!
//! Every test runs in a network and a mount namespace of its own, and looks at the end whether
//! anything of it is left. The walkthrough goes from nothing to nothing on our own command line.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test ends by panicking, and says how long things took"
)]

mod archives;
mod autoscaler;
mod cluster;
mod containers;
mod copies;
mod ending;
mod genuine;
mod house;
mod jobs;
mod metrics;
mod namespaces;
mod networks;
mod placement;
mod pods;
mod proxies;
mod registry;
mod sets;
mod spdy;
mod terminal;
mod trouble;
mod volumes;
mod walkthrough;
mod watching;
