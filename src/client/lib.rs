//! Kubeconfig, transports, discovery, shared watch caches and work queue: how everybody speaks to an API server.
//!
//! Always: one [`Client`] is one road to one server and cheap to clone · a refusal by the server
//! arrives whole, as its Status · objects pass through as they came, typed only where asked.

mod api;
mod auth;
mod body;
mod connection;
pub mod discovery;
mod dynamic;
mod election;
mod error;
mod informer;
pub mod kubeconfig;
mod options;
mod queue;
mod recorder;
pub mod streams;
pub mod traffic;
mod transport;
mod watch;

#[cfg(test)]
mod fuzz_tests;

pub use api::Api;
pub use body::{Body, BoxError};
pub use connection::{Client, ClientBuilder, Identity};
pub use dynamic::{DynamicApi, Resource};
pub use election::{Election, ElectionTerms};
pub use error::{ClientError, Result};
pub use informer::{Cached, CachedObject, Informers, MetadataCache, ObjectKey, SharedCache};
pub use options::{DeleteOptions, ListOptions, Patch, WatchOptions, WriteOptions, escape};
pub use queue::WorkQueue;
pub use recorder::{EventKind, Recorder, reference};
pub use transport::{ByteStream, TlsSettings, Transport, Upgrade};
pub use watch::{WatchEvent, WatchStream};
