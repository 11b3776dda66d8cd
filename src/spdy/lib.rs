//! SPDY/3.1 over any byte stream, as far as Kubernetes uses it: streams with headers, both roles.
//!
//! Always: bytes on a stream arrive in order and are bounded on their way · a peer that breaks the
//! protocol, floods or goes ends the connection, nothing else. Source: SPDY Protocol, draft 3.1, and
//! `k8s.io/apimachinery/pkg/util/httpstream/spdy`.

mod connection;
mod frame;
mod headers;

#[cfg(test)]
mod fuzz_tests;

pub use connection::{Input, Opened, Output, Received, Stream, call, serve};
pub use headers::Headers;

/// The protocol as a request to upgrade names it.
pub const VERSION: &str = "SPDY/3.1";
/// The header in which the streams' meaning is offered and chosen.
pub const MEANING: &str = "x-stream-protocol-version";
