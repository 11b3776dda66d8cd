//! Streams over WebSocket: commands, attached containers, forwarded ports.
//!
//! Subprotocols `v5.channel.k8s.io` and `v4.channel.k8s.io`: a message's first byte is its channel.
//! `SPDY/3.1+portforward.k8s.io` is no protocol of its own: its messages are a connection's bytes, on
//! which SPDY is spoken (KEP-4006).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Pod;
use runtime::{Session, SessionEvent, SessionInput};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::work::{Asked, Work, connect, exit_status, internal_error, size};
use super::{Refusal, Serving, spdy};

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
/// Version 5 alone: the channel named in the message gets nothing more.
const CLOSE: u8 = 255;
/// Subprotocols for commands, the best first.
const PROTOCOLS: [&str; 2] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
/// The subprotocol whose messages carry SPDY.
const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";
/// Bytes in flight between a tunnel's two protocols.
const TUNNEL_BUFFER: usize = 64 << 10;
/// Messages on their way out before whoever makes them waits.
const QUEUE: usize = 16;
/// How long a caller is heard after the last word, so that it reads that before the connection ends.
const LINGER: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Switches the connection to a WebSocket and works on it beside.
pub(super) fn upgrade(serving: &Arc<Serving>, mut request: Request, work: Work) -> Response {
    let text = |headers: &HeaderMap, name: header::HeaderName| {
        headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    };
    let headers = request.headers();
    let offered = text(headers, header::SEC_WEBSOCKET_PROTOCOL);
    let offered: Vec<&str> = offered.split(',').map(str::trim).collect();
    let tunnel = matches!(work, Work::PortForward { .. }).then_some(TUNNEL);
    let mut served = tunnel.into_iter().chain(PROTOCOLS);
    let Some(protocol) = served.find(|protocol| offered.contains(protocol)) else {
        let text = format!("unable to upgrade: none of {offered:?} is known");
        return Refusal(StatusCode::FORBIDDEN, text).into_response();
    };
    let accept = derive_accept_key(text(headers, header::SEC_WEBSOCKET_KEY).as_bytes());
    let upgrading = hyper::upgrade::on(&mut request);
    let shared = Arc::clone(serving);
    serving.tasks.spawn("kubelet/stream", async move {
        let Ok(upgraded) = upgrading.await else { return };
        let io = TokioIo::new(upgraded);
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, None).await;
        run(&shared, socket, work, protocol).await;
    });
    let switched = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .header(header::SEC_WEBSOCKET_PROTOCOL, protocol)
        .body(Body::empty());
    switched
        .unwrap_or_else(|error| Refusal(StatusCode::BAD_REQUEST, error.to_string()).into_response())
}

async fn run(serving: &Arc<Serving>, socket: Socket, work: Work, protocol: &str) {
    let (sink, stream) = socket.split();
    match work {
        Work::Command { process, asked } => {
            let session = process.session(&asked).await;
            converse(sink, stream, session, asked).await;
        }
        Work::PortForward { pod, .. } if protocol == TUNNEL => {
            let (ours, theirs) = tokio::io::duplex(TUNNEL_BUFFER);
            let served = spdy::forward(Arc::clone(serving), theirs, pod);
            tokio::join!(served, tunnel(sink, stream, ours));
        }
        Work::PortForward { pod, ports } => forward(serving, sink, stream, &pod, &ports).await,
    }
}

/// Carries messages as bytes, and bytes as messages, until one side ends.
async fn tunnel(mut sink: Sink, mut stream: SplitStream<Socket>, carried: DuplexStream) {
    let (mut from, mut to) = tokio::io::split(carried);
    let inward = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(data) = message else { continue };
            if to.write_all(&data).await.is_err() {
                // The other direction says the last word.
                std::future::pending::<()>().await;
            }
        }
    };
    let outward = async {
        let mut buffer = vec![0; TUNNEL_BUFFER];
        while let Ok(count) = from.read(&mut buffer).await {
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            let message = Message::Binary(Bytes::copy_from_slice(bytes));
            if sink.send(message).await.is_err() {
                break;
            }
        }
        close(&mut sink).await;
    };
    tokio::select! {
        () = inward => return,
        () = outward => {}
    }
    linger(stream).await;
}

type Sink = SplitSink<Socket, Message>;

fn message(channel: u8, data: &[u8]) -> Message {
    let mut bytes = BytesMut::with_capacity(data.len() + 1);
    bytes.put_u8(channel);
    bytes.extend_from_slice(data);
    Message::Binary(bytes.freeze())
}

/// Ends the conversation properly: clients take a close without a code for an error.
async fn close(sink: &mut Sink) {
    let frame = CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() };
    // The caller may have gone already.
    drop(sink.send(Message::Close(Some(frame))).await);
}

/// Hears a caller that was told the last word until it goes: ending a connection on which bytes are left
/// unread would take that word away.
async fn linger(mut stream: SplitStream<Socket>) {
    let gone = async {
        while let Some(Ok(message)) = stream.next().await {
            if message.is_close() {
                break;
            }
        }
    };
    drop(tokio::time::timeout(LINGER, gone).await);
}

/// Carries a session's streams until its process has ended or the caller has gone.
async fn converse(
    mut sink: Sink,
    mut stream: SplitStream<Socket>,
    session: Result<Session, String>,
    asked: Asked,
) {
    let Session { input, mut output } = match session {
        Ok(session) => session,
        Err(why) => {
            let status = internal_error(&why).to_string();
            // The caller may have gone already, here and below.
            drop(sink.send(message(ERROR, status.as_bytes())).await);
            close(&mut sink).await;
            return linger(stream).await;
        }
    };
    let listening = listen(&mut stream, input, asked.stdin);
    let speaking = async {
        loop {
            let sent = match output.next().await {
                Ok(Some(SessionEvent::Stdout(bytes))) if asked.stdout => {
                    sink.send(message(STDOUT, &bytes)).await
                }
                Ok(Some(SessionEvent::Stderr(bytes))) if asked.stderr => {
                    sink.send(message(STDERR, &bytes)).await
                }
                Ok(Some(SessionEvent::Stdout(_) | SessionEvent::Stderr(_))) => Ok(()),
                Ok(Some(SessionEvent::Exited(code))) => {
                    let status = exit_status(code).to_string();
                    drop(sink.send(message(ERROR, status.as_bytes())).await);
                    break;
                }
                Ok(None) | Err(_) => {
                    let status = internal_error("the container's shim is gone").to_string();
                    drop(sink.send(message(ERROR, status.as_bytes())).await);
                    break;
                }
            };
            if sent.is_err() {
                break;
            }
        }
        close(&mut sink).await;
    };
    tokio::select! {
        () = speaking => {}
        () = listening => return,
    }
    linger(stream).await;
}

/// Hears the caller; returns when it has gone.
async fn listen(stream: &mut SplitStream<Socket>, mut input: SessionInput, stdin: bool) {
    while let Some(Ok(message)) = stream.next().await {
        let data = match message {
            Message::Binary(data) => data,
            Message::Text(text) => Bytes::from(text),
            Message::Close(_) => return,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
        };
        let Some((channel, data)) = data.split_first() else { continue };
        let done = match *channel {
            STDIN if stdin => input.write(data).await,
            RESIZE => match serde_json::from_slice(data).ok().as_ref().and_then(size) {
                Some((columns, rows)) => input.resize(columns, rows).await,
                None => Ok(()),
            },
            CLOSE if data.first() == Some(&STDIN) => input.close().await,
            _ => Ok(()),
        };
        if done.is_err() {
            // The process has ended; its exit is still to be told.
            std::future::pending::<()>().await;
        }
    }
}

/// Forwards ports: channel 2n carries the n-th port's bytes, channel 2n+1 its errors.
async fn forward(
    serving: &Serving,
    mut sink: Sink,
    mut stream: SplitStream<Socket>,
    pod: &Pod,
    ports: &[u16],
) {
    let (queue, mut outgoing) = mpsc::channel::<Message>(QUEUE);
    let mut inputs = Vec::new();
    let mut works = Vec::new();
    for (at, port) in ports.iter().enumerate() {
        let Ok(channel) = u8::try_from(at * 2) else { break };
        let (input, received) = mpsc::channel::<Bytes>(QUEUE);
        inputs.push(input);
        let ends = Ends { channel, queue: queue.clone(), received };
        works.push(forward_one(serving, pod, *port, ends));
    }
    drop(queue);
    let speaking = async {
        while let Some(message) = outgoing.recv().await {
            if sink.send(message).await.is_err() {
                break;
            }
        }
        close(&mut sink).await;
    };
    let listening = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(data) = message else { continue };
            let Some(channel) = data.first() else { continue };
            let input = inputs.get(usize::from(*channel / 2)).filter(|_| channel % 2 == 0);
            if let Some(input) = input {
                // One that has ended takes no more; the others go on.
                drop(input.send(data.slice(1..)).await);
            }
        }
    };
    let working = futures::future::join_all(works);
    tokio::select! {
        ((), _) = async { tokio::join!(speaking, working) } => {}
        () = listening => return,
    }
    linger(stream).await;
}

/// One forwarded port's ends of the conversation.
struct Ends {
    channel: u8,
    queue: mpsc::Sender<Message>,
    received: mpsc::Receiver<Bytes>,
}

async fn forward_one(serving: &Serving, pod: &Pod, port: u16, ends: Ends) {
    let Ends { channel, queue, mut received } = ends;
    // Each channel begins with its port.
    for channel in [channel, channel + 1] {
        drop(queue.send(message(channel, &port.to_le_bytes())).await);
    }
    let stream = match connect(serving, pod, port).await {
        Ok(stream) => stream,
        Err(text) => {
            drop(queue.send(message(channel + 1, text.as_bytes())).await);
            return;
        }
    };
    let (mut from, mut to) = stream.into_split();
    let inward = async {
        while let Some(bytes) = received.recv().await {
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        drop(to.shutdown().await);
        std::future::pending::<()>().await;
    };
    let outward = async {
        let mut buffer = vec![0; 32 << 10];
        while let Ok(count) = from.read(&mut buffer).await {
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            if queue.send(message(channel, bytes)).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = inward => {}
        () = outward => {}
    }
}
