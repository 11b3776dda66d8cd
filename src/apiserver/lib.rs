//! The Kubernetes API over HTTP.
//!
//! A request flows through functions from top to bottom: authenticate, authorize, decode, mutate,
//! validate, transaction, answer. Invariants: only this crate reads or writes the store · no
//! answer shows what a crash could take back · an object is serialised once, when it is written.

mod admission;
mod authn;
mod authz;
mod bootstrap;
mod definitions;
mod discovery;
mod http;
mod node;
mod openapi;
mod registry;
mod server;
mod subresources;
mod table;

pub use crate::{
    authn::{CertificateUser, TokenFile, TokenFileError, TokenSigner, TokenSignerError, User},
    definitions::follow_definitions,
    http::{Listener, ServeError, serve},
    node::{Connecting, NodeConnector, NodeStream},
    server::{ApiServer, Config, ServerError},
};
