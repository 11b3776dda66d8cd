//! Streams over WebSocket: commands, attached containers, forwarded ports.
//!
//! Subprotocols `v5.channel.k8s.io` and `v4.channel.k8s.io`: a message's first byte is its channel.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Pod;
use runtime::{ExecRequest, Sandbox, Session, SessionEvent, SessionInput};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::{Refusal, Serving};
use crate::logs::is_true;
use crate::pod::PodId;

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
/// Version 5 alone: the channel named in the message gets nothing more.
const CLOSE: u8 = 255;
/// Subprotocols for commands, the best first.
const PROTOCOLS: [&str; 2] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
/// Messages on their way out before whoever makes them waits.
const QUEUE: usize = 16;

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Which streams are wanted.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own in the API")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    command: Vec<String>,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    tty: bool,
}

impl Asked {
    pub(super) fn parse(query: &[(String, String)]) -> Self {
        let mut asked = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "command" => asked.command.push(value.clone()),
                "stdin" | "input" => asked.stdin = is_true(value),
                "stdout" | "output" => asked.stdout = is_true(value),
                "stderr" | "error" => asked.stderr = is_true(value),
                "tty" => asked.tty = is_true(value),
                _ => {}
            }
        }
        asked
    }
}

/// What happens on a connection once it has switched.
pub(super) enum Work {
    Exec { sandbox: Sandbox, id: String, asked: Asked },
    Attach { sandbox: Sandbox, id: String, asked: Asked },
    PortForward { pod: Arc<Pod>, ports: Vec<u16> },
}

/// Switches the connection to a WebSocket and works on it beside.
pub(super) fn upgrade(serving: &Arc<Serving>, mut request: Request, work: Work) -> Response {
    let text = |headers: &HeaderMap, name: header::HeaderName| {
        headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    };
    let headers = request.headers();
    let wanted = text(headers, header::UPGRADE);
    if !wanted.eq_ignore_ascii_case("websocket") {
        let text = if wanted.is_empty() {
            "you must upgrade the connection to use this resource".to_owned()
        } else {
            format!("streams over {wanted} are not supported by kanoe yet: use WebSocket")
        };
        return Refusal(StatusCode::BAD_REQUEST, text).into_response();
    }
    let offered = text(headers, header::SEC_WEBSOCKET_PROTOCOL);
    let offered: Vec<&str> = offered.split(',').map(str::trim).collect();
    let known = |protocol: &&str| offered.contains(protocol);
    let Some(protocol) = PROTOCOLS.into_iter().find(known) else {
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
        run(&shared, socket, work).await;
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

async fn run(serving: &Serving, socket: Socket, work: Work) {
    let (sink, stream) = socket.split();
    match work {
        Work::Exec { sandbox, id, asked } => {
            let request = ExecRequest {
                args: asked.command.clone(),
                terminal: asked.tty,
                stdin: asked.stdin,
            };
            let session = sandbox.exec(&id, request).await.map_err(|error| {
                format!(
                    "error executing command in container: failed to exec in container: failed to \
                     start exec: OCI runtime exec failed: {error}: unknown"
                )
            });
            converse(sink, stream, session, asked).await;
        }
        Work::Attach { sandbox, id, asked } => {
            let session = sandbox.attach(&id, asked.stdin).await.map_err(|error| error.to_string());
            converse(sink, stream, session, asked).await;
        }
        Work::PortForward { pod, ports } => forward(serving, sink, stream, &pod, &ports).await,
    }
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

/// Carries a session's streams until its process has ended or the caller has gone.
async fn converse(
    mut sink: Sink,
    stream: SplitStream<Socket>,
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
            return;
        }
    };
    let listening = listen(stream, input, asked.stdin);
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
        () = listening => {}
    }
}

/// Hears the caller; returns when it has gone.
async fn listen(mut stream: SplitStream<Socket>, mut input: SessionInput, stdin: bool) {
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
            RESIZE => match size(data) {
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

fn size(data: &[u8]) -> Option<(u16, u16)> {
    let asked: Value = serde_json::from_slice(data).ok()?;
    let number = |key: &str| u16::try_from(asked.get(key)?.as_u64()?).ok();
    Some((number("Width")?, number("Height")?))
}

/// How a command ended, as the error channel tells it.
fn exit_status(code: i32) -> Value {
    if code == 0 {
        return json!({ "metadata": {}, "status": "Success" });
    }
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("command terminated with non-zero exit code: exit status {code}"),
        "reason": "NonZeroExitCode",
        "details": { "causes": [{ "reason": "ExitCode", "message": code.to_string() }] },
    })
}

fn internal_error(why: &str) -> Value {
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("Internal error occurred: {why}"),
        "reason": "InternalError",
        "details": { "causes": [{ "message": why }] },
        "code": 500,
    })
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
            if let Some(input) = input
                && input.send(data.slice(1..)).await.is_err()
            {
                break;
            }
        }
    };
    let working = futures::future::join_all(works);
    tokio::select! {
        ((), _) = async { tokio::join!(speaking, working) } => {}
        () = listening => {}
    }
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
    let id = PodId::of(pod);
    let on_host = pod.spec.as_ref().and_then(|spec| spec.host_network).unwrap_or(false);
    let connected = if on_host {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await
    } else {
        serving.host.network.connect(&id.uid, port).await
    };
    let stream = match connected {
        Ok(stream) => stream,
        Err(error) => {
            let text = format!(
                "error forwarding port {port} to pod {}, uid : failed to execute portforward in \
                 network namespace: failed to connect to localhost:{port} inside namespace: {error}",
                id.uid
            );
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
