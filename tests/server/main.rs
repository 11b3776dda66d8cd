//! What surrounds the API at the server: metrics, who calls, what is written down of calls, and
//! who waits; and how its schedulers work. Each test runs a server without a node in namespaces of its own.
#![expect(clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod devices;
mod flow;
mod harness;
mod hooks;
mod issuer;
mod metrics;
mod schedulers;
mod tokens;
