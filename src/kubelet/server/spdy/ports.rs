//! Forwarded ports: for every connection an `error` and a `data` stream with the same `requestID`.
//!
//! Source: the kubelet's `cri/streaming/portforward`.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use k8s_openapi::api::core::v1::Pod;
use spdy::{Input, Opened, Output, Received, Stream};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::server::Serving;
use crate::server::work::connect;

/// Bytes that are read from the pod at once.
const READ: usize = 32 << 10;

/// Forwards ports over a connection until the caller ends it.
pub(crate) async fn forward<I>(serving: Arc<Serving>, io: I, pod: Arc<Pod>)
where
    I: AsyncRead + AsyncWrite,
{
    spdy::serve(io, |streams| forward_all(serving, streams, pod)).await;
}

async fn forward_all(serving: Arc<Serving>, mut opened: Opened, pod: Arc<Pod>) {
    let mut waiting: HashMap<String, Stream> = HashMap::new();
    let mut works = FuturesUnordered::new();
    loop {
        let stream = tokio::select! {
            stream = opened.recv() => stream,
            Some(()) = works.next() => continue,
        };
        let Some(stream) = stream else { return };
        let Some((kind, port)) = wish(&stream) else {
            stream.refuse().await;
            continue;
        };
        stream.accept().await;
        let request = request(&stream, kind);
        match (kind, waiting.remove(&request)) {
            (Kind::Error, None) => {
                waiting.insert(request, stream);
            }
            (Kind::Data, Some(error)) => {
                works.push(forward_one(&serving, &pod, port, (stream, error.output)));
            }
            (Kind::Error, Some(_)) | (Kind::Data, None) => stream.refuse().await,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Data,
}

/// What a stream is for; `None` if it does not say.
fn wish(stream: &Stream) -> Option<(Kind, u16)> {
    let port = stream.headers.get("port").parse().ok().filter(|port| *port > 0)?;
    match stream.headers.get("streamtype") {
        "error" => Some((Kind::Error, port)),
        "data" => Some((Kind::Data, port)),
        _ => None,
    }
}

/// Which streams belong together. Callers that do not say open the error stream just before.
fn request(stream: &Stream, kind: Kind) -> String {
    let named = stream.headers.get("requestid");
    match kind {
        _ if !named.is_empty() => named.to_owned(),
        Kind::Error => format!("stream {}", stream.id()),
        Kind::Data => format!("stream {}", stream.id().saturating_sub(2)),
    }
}

async fn forward_one(serving: &Serving, pod: &Pod, port: u16, streams: (Stream, Output)) {
    let (Stream { input, output, .. }, error) = streams;
    match connect(serving, pod, port).await {
        Ok(connected) => {
            let (from, to) = connected.into_split();
            tokio::select! {
                () = inward(input, to) => {}
                () = outward(from, &output) => {}
            }
        }
        Err(text) => {
            error.send(Bytes::from(text)).await;
        }
    }
    output.finish().await;
    error.finish().await;
}

/// Carries the caller's bytes; returns when it gives the stream up.
async fn inward(mut input: Input, mut to: OwnedWriteHalf) {
    loop {
        match input.next().await {
            Some(Received::Data(bytes)) if to.write_all(&bytes).await.is_ok() => {}
            Some(Received::Reset) => return,
            Some(Received::Data(_)) | None => break,
        }
    }
    // The pod may have closed already; what it still says is carried on.
    drop(to.shutdown().await);
    while let Some(received) = input.next().await {
        if received == Received::Reset {
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// Carries the pod's bytes until it has said everything.
async fn outward(mut from: OwnedReadHalf, output: &Output) {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(READ);
        if !matches!(from.read_buf(&mut buffer).await, Ok(1..)) {
            return;
        }
        if !output.send(buffer.split().freeze()).await {
            return;
        }
    }
}
