//! Streams of exec, attach and port-forward: numbered channels, over a WebSocket or over SPDY/3.1.
//!
//! Servers since 1.29 speak WebSocket; where it is declined, or not wanted, SPDY does the same. Ports
//! are SPDY in either case: in a WebSocket, as in a tunnel, or on a connection of its own.
//! Source: Kubernetes' `k8s.io/client-go/tools/remotecommand` and `k8s.io/client-go/tools/portforward`.

mod spdy;
mod websocket;

use bytes::Bytes;

use crate::{
    connection::Client,
    error::{ClientError, Result},
    transport::ByteStream,
};

/// Standard input of a command.
pub const STDIN: u8 = 0;
/// Standard output of a command.
pub const STDOUT: u8 = 1;
/// Standard error of a command.
pub const STDERR: u8 = 2;
/// How a command ended: a Status, or the words of one that failed.
pub const ERROR: u8 = 3;
/// Terminal sizes.
pub const RESIZE: u8 = 4;
/// What a forwarded connection carries.
pub const DATA: u8 = 0;
/// Why a forwarded connection carries nothing.
pub const FAULT: u8 = 1;

/// Which protocols may be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialects {
    /// WebSocket, and SPDY where that is declined.
    All,
    /// SPDY alone.
    Spdy,
}

/// What a command takes, beside giving its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// Standard input.
    pub stdin: bool,
    /// The sizes of a terminal; what goes to it is standard output alone.
    pub tty: bool,
}

/// An open connection: what comes, what goes.
#[derive(Debug)]
pub struct Channels {
    /// What goes.
    pub sender: Sender,
    /// What comes.
    pub receiver: Receiver,
}

/// The half that sends.
#[derive(Debug)]
pub enum Sender {
    /// Over a WebSocket.
    WebSocket(websocket::Sender),
    /// Over SPDY.
    Spdy(spdy::Sender),
}

/// The half that receives.
#[derive(Debug)]
pub enum Receiver {
    /// Over a WebSocket.
    WebSocket(websocket::Receiver),
    /// Over SPDY.
    Spdy(spdy::Receiver),
}

/// Opens a command's channels at a path whose query says what it `takes`.
///
/// Errors: [`ClientError::Status`] when the server answers instead of switching.
pub async fn command(
    client: &Client,
    path: &str,
    takes: Takes,
    dialects: Dialects,
) -> Result<Channels> {
    if dialects == Dialects::All {
        let opened = websocket::command(client, path).await;
        if !declined(&opened) {
            return opened;
        }
    }
    spdy::command(client, path, takes).await
}

/// Opens a connection to a port at the path of a pod's `portforward`.
///
/// Errors: [`ClientError::Status`] when the server answers instead of switching.
pub async fn port(client: &Client, path: &str, port: u16, dialects: Dialects) -> Result<Channels> {
    spdy::port(carrier(client, path, dialects).await?, port).await
}

/// A connection for a pod's ports on which nothing is forwarded: it shows whether the pod's node can be
/// reached, and for how long.
pub struct Anchor(Box<dyn ByteStream>);

impl std::fmt::Debug for Anchor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Anchor")
    }
}

impl Anchor {
    /// Opens one at the path of a pod's `portforward`.
    ///
    /// Errors: [`ClientError::Status`] when the server answers instead of switching.
    pub async fn cast(client: &Client, path: &str, dialects: Dialects) -> Result<Self> {
        Ok(Self(carrier(client, path, dialects).await?))
    }

    /// Returns when the other side has ended the connection.
    pub async fn lost(&mut self) {
        // How it ended is no matter.
        drop(tokio::io::copy(&mut self.0, &mut tokio::io::sink()).await);
    }
}

/// What carries SPDY to a pod's ports.
async fn carrier(client: &Client, path: &str, dialects: Dialects) -> Result<Box<dyn ByteStream>> {
    if dialects == Dialects::All {
        let opened = websocket::tunnel(client, path).await;
        if !declined(&opened) {
            return opened;
        }
    }
    spdy::ports(client, path).await
}

/// Whether the server was reached, and would not switch to a WebSocket. What it says may be of the
/// WebSocket only, so that the answer to SPDY is the one that counts.
fn declined<T>(opened: &Result<T>) -> bool {
    matches!(opened, Err(ClientError::Status(_) | ClientError::Upgrade(_)))
}

impl Sender {
    /// Sends data on a channel.
    pub async fn send(&mut self, channel: u8, data: &[u8]) -> Result<()> {
        match self {
            Self::WebSocket(sender) => sender.send(channel, data).await,
            Self::Spdy(sender) => sender.send(channel, data).await,
        }
    }

    /// Says that a channel gets no more data, where the protocol can.
    pub async fn finish(&mut self, channel: u8) -> Result<()> {
        match self {
            Self::WebSocket(sender) => sender.finish(channel).await,
            Self::Spdy(sender) => sender.finish(channel).await,
        }
    }

    /// Says that nothing more is sent.
    pub async fn close(&mut self) -> Result<()> {
        match self {
            Self::WebSocket(sender) => sender.close().await,
            Self::Spdy(sender) => sender.close().await,
        }
    }
}

impl Receiver {
    /// Returns the next data and its channel; `None` at the end. Safe to cancel.
    pub async fn next(&mut self) -> Result<Option<(u8, Bytes)>> {
        match self {
            Self::WebSocket(receiver) => receiver.next().await,
            Self::Spdy(receiver) => receiver.next().await,
        }
    }
}
