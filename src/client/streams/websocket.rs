//! Channels over a WebSocket: the first byte of a message is its channel.
//!
//! `v5.channel.k8s.io` can close one channel (255, number); `v4` cannot. See Kubernetes'
//! `k8s.io/apimachinery` remote command constants.

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

use super::{Channels, DATA, FAULT};
use crate::{
    connection::{Client, refusal},
    error::{ClientError, Result},
    transport::{ByteStream, Upgrade},
};

/// Commands: channels 0 to 4, and one channel can be closed.
const V5: &str = "v5.channel.k8s.io";
/// Commands and forwarded ports: channels, errors as a Status.
const V4: &str = "v4.channel.k8s.io";

/// The message that closes a channel.
const CLOSE: u8 = 255;
/// Bytes of the port that begins a forwarded channel.
const PORT_BYTES: usize = 2;

type Socket = WebSocketStream<Box<dyn ByteStream>>;

/// The half that sends.
pub struct Sender {
    sink: SplitSink<Socket, Message>,
    closes_channels: bool,
}

/// The half that receives.
pub struct Receiver {
    stream: SplitStream<Socket>,
    /// Channels whose first message is still to come, and begins with the port that is forwarded.
    greetings: Vec<u8>,
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

pub(super) async fn command(client: &Client, path: &str) -> Result<Channels> {
    open(client, path, &[V5, V4], Vec::new()).await
}

pub(super) async fn port(client: &Client, path: &str, port: u16) -> Result<Channels> {
    open(client, &format!("{path}?ports={port}"), &[V4], vec![DATA, FAULT]).await
}

/// Opens a connection, offering protocols in order of preference.
async fn open(
    client: &Client,
    path: &str,
    protocols: &[&str],
    greetings: Vec<u8>,
) -> Result<Channels> {
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
    let protocol = text(header::SEC_WEBSOCKET_PROTOCOL);
    let socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let (sink, stream) = socket.split();
    let sender = Sender { sink, closes_channels: protocol == V5 };
    let receiver = Receiver { stream, greetings };
    Ok(Channels {
        sender: super::Sender::WebSocket(sender),
        receiver: super::Receiver::WebSocket(receiver),
    })
}

impl Sender {
    pub(super) async fn send(&mut self, channel: u8, data: &[u8]) -> Result<()> {
        let mut message = BytesMut::with_capacity(data.len() + 1);
        message.put_u8(channel);
        message.extend_from_slice(data);
        self.sink.send(Message::Binary(message.freeze())).await.map_err(|e| broken(&e))
    }

    pub(super) async fn finish(&mut self, channel: u8) -> Result<()> {
        if !self.closes_channels {
            return Ok(());
        }
        self.send(CLOSE, &[channel]).await
    }

    pub(super) async fn close(&mut self) -> Result<()> {
        self.sink.close().await.map_err(|e| broken(&e))
    }
}

impl Receiver {
    pub(super) async fn next(&mut self) -> Result<Option<(u8, Bytes)>> {
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
            let greeting = self.greetings.iter().position(|greeting| *greeting == channel);
            let head = if let Some(at) = greeting {
                self.greetings.swap_remove(at);
                (1 + PORT_BYTES).min(data.len())
            } else {
                1
            };
            return Ok(Some((channel, data.slice(head..))));
        }
    }
}

fn broken(error: &tokio_tungstenite::tungstenite::Error) -> ClientError {
    ClientError::Upgrade(error.to_string())
}
