//! Channels over a WebSocket: the first byte of a message is its channel.
//!
//! `v5.channel.k8s.io` can close one channel (255, number); `v4` cannot. See Kubernetes'
//! `k8s.io/apimachinery` remote command constants.

use std::{fmt, io};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use http::{Method, Request, header};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::Role,
    },
};
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};

use super::Channels;
use crate::{
    connection::{Client, refusal},
    error::{ClientError, Result},
    transport::{ByteStream, Upgrade},
};

/// Commands: channels 0 to 4, and one channel can be closed.
const V5: &str = "v5.channel.k8s.io";
/// Commands: channels, errors as a Status.
const V4: &str = "v4.channel.k8s.io";

/// Forwarded ports: messages are the bytes of a SPDY connection. Source: KEP-4006.
const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";

/// The message that closes a channel.
const CLOSE: u8 = 255;

type Socket = WebSocketStream<Box<dyn ByteStream>>;

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

pub(super) async fn command(client: &Client, path: &str) -> Result<Channels> {
    let (socket, protocol) = open(client, path, &[V5, V4]).await?;
    let (sink, stream) = socket.split();
    let sender = Sender { sink, closes_channels: protocol == V5 };
    Ok(Channels {
        sender: super::Sender::WebSocket(sender),
        receiver: super::Receiver::WebSocket(Receiver { stream }),
    })
}

/// Opens a connection whose messages are the bytes of another protocol.
pub(super) async fn tunnel(client: &Client, path: &str) -> Result<Box<dyn ByteStream>> {
    let (socket, _) = open(client, path, &[TUNNEL]).await?;
    let (sink, stream) = socket.split();
    let incoming = stream.filter_map(|message| async {
        match message {
            Ok(Message::Binary(bytes)) => Some(Ok(bytes)),
            Ok(_) => None,
            Err(error) => Some(Err(io::Error::other(error))),
        }
    });
    let outgoing = sink
        .with(|bytes: Bytes| async { Ok::<_, tungstenite::Error>(Message::Binary(bytes)) })
        .sink_map_err(io::Error::other);
    let reader = StreamReader::new(Box::pin(incoming));
    let writer = SinkWriter::new(CopyToBytes::new(Box::pin(outgoing)));
    Ok(Box::new(tokio::io::join(reader, writer)))
}

/// Opens a connection, offering protocols in order of preference; which one the server chose.
async fn open(client: &Client, path: &str, protocols: &[&str]) -> Result<(Socket, String)> {
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
    Ok((WebSocketStream::from_raw_socket(stream, Role::Client, None).await, protocol))
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
            return Ok(Some((channel, data.slice(1..))));
        }
    }
}

fn broken(error: &tokio_tungstenite::tungstenite::Error) -> ClientError {
    ClientError::Upgrade(error.to_string())
}
