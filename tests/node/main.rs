//! The node's parts with the real programs: runc, nft, network namespaces. Needs root.
//!
//! Every test runs in a network and a mount namespace of its own, and looks at the end whether
//! anything of it is left.

mod containers;
mod house;
