//! WebSocket streams of exec, attach and port-forward: numbered channels over one connection.
//!
//! The first byte of a message is its channel. `v5.channel.k8s.io` can close one channel
//! (255, number); `v4` cannot. See Kubernetes' `k8s.io/apimachinery` remote command constants.

use std::fmt;

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use http::{Method, Request, header};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::Role,
    },
};

use crate::{
    connection::{Client, refusal},
    error::{ClientError, Result},
    transport::{ByteStream, Upgrade},
};

/// Commands: channels 0 to 4, and one channel can be closed.
pub const V5: &str = "v5.channel.k8s.io";
/// Commands and forwarded ports: channels, errors as a Status.
pub const V4: &str = "v4.channel.k8s.io";

/// Standard input of a command.
pub const STDIN: u8 = 0;
/// Standard output of a command.
pub const STDOUT: u8 = 1;
/// Standard error of a command.
pub const STDERR: u8 = 2;
/// How a command ended: a Status.
pub const ERROR: u8 = 3;
/// Terminal sizes.
pub const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

type Socket = WebSocketStream<Box<dyn ByteStream>>;

/// An open connection: what comes, what goes.
#[derive(Debug)]
pub struct Channels {
    /// What goes.
    pub sender: Sender,
    /// What comes.
    pub receiver: Receiver,
    /// The protocol that the server chose.
    pub protocol: String,
}

/// The half that sends.
pub struct Sender {
    sink: SplitSink<Socket, Message>,
    closes_channels: bool,
}

/// The half that receives.
pub struct Receiver {
    stream: SplitStream<Socket>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sender")
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Receiver")
    }
}

/// Opens a connection at a path with a query, offering protocols in order of preference.
///
/// Errors: [`ClientError::Status`] when the server answers instead of switching.
pub async fn open(client: &Client, path: &str, protocols: &[&str]) -> Result<Channels> {
    let key = generate_key();
    let request = Request::builder()
        .method(Method::GET)
        .uri(path)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .header(header::SEC_WEBSOCKET_PROTOCOL, protocols.join(", "))
        .body(Bytes::new())?;
    let (headers, stream) = match client.upgrade(request).await? {
        Upgrade::Switched { headers, stream } => (headers, stream),
        Upgrade::Refused(answer) => return Err(refusal(answer).await),
    };
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if text(header::SEC_WEBSOCKET_ACCEPT) != derive_accept_key(key.as_bytes()) {
        return Err(ClientError::Upgrade("the server's answer is no WebSocket".to_owned()));
    }
    let protocol = text(header::SEC_WEBSOCKET_PROTOCOL).to_owned();
    let socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let (sink, stream) = socket.split();
    let sender = Sender { sink, closes_channels: protocol == V5 };
    Ok(Channels { sender, receiver: Receiver { stream }, protocol })
}

impl Sender {
    /// Sends data on a channel.
    pub async fn send(&mut self, channel: u8, data: &[u8]) -> Result<()> {
        let mut message = BytesMut::with_capacity(data.len() + 1);
        message.put_u8(channel);
        message.extend_from_slice(data);
        self.sink.send(Message::Binary(message.freeze())).await.map_err(|e| broken(&e))
    }

    /// Says that a channel gets no more data, where the protocol can.
    pub async fn finish(&mut self, channel: u8) -> Result<()> {
        if !self.closes_channels {
            return Ok(());
        }
        self.send(CLOSE, &[channel]).await
    }

    /// Ends the connection.
    pub async fn close(&mut self) -> Result<()> {
        self.sink.close().await.map_err(|e| broken(&e))
    }
}

impl Receiver {
    /// Returns the next message and its channel; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<(u8, Bytes)>> {
        loop {
            let Some(message) = self.stream.next().await else { return Ok(None) };
            let data = match message.map_err(|e| broken(&e))? {
                Message::Binary(data) => data,
                Message::Text(text) => Bytes::from(text),
                Message::Close(frame) => {
                    tracing::debug!(?frame, "stream closed");
                    return Ok(None);
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            };
            let Some(channel) = data.first().copied() else { continue };
            return Ok(Some((channel, data.slice(1..))));
        }
    }
}

fn broken(error: &tokio_tungstenite::tungstenite::Error) -> ClientError {
    ClientError::Upgrade(error.to_string())
}
