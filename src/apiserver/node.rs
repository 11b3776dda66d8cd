//! The door to the nodes: logs, exec, attach and port-forward are answered by a node's own server.

use std::{fmt::Debug, future::Future, io, pin::Pin};

use tokio::io::{AsyncRead, AsyncWrite};

/// A connection to a node's server, on which HTTP/1.1 is spoken.
pub trait NodeStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> NodeStream for T {}

/// A connection that is being opened.
pub type Connecting<'a> =
    Pin<Box<dyn Future<Output = io::Result<Box<dyn NodeStream>>> + Send + 'a>>;

/// How the API server reaches nodes; in the same process, or over the network.
pub trait NodeConnector: Send + Sync + Debug {
    /// Opens a connection to the server of the node `name`.
    ///
    /// Errors: there is no such node, or it does not answer.
    fn connect<'a>(&'a self, name: &'a str) -> Connecting<'a>;
}
