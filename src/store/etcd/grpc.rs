//! gRPC over HTTP/2, as much as etcd needs: one message out, messages in, and how a call ended.
//! Source: gRPC's `PROTOCOL-HTTP2.md`; the words of errors are those of Go's client.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

/// Longest message that is read, in bytes: far above what etcd puts into one.
const LONGEST: usize = 512 << 20;
/// What stands before a message: whether it is compressed, and its length.
const HEAD: usize = 5;

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It never reached etcd: no server could be reached.
    NotSent(String),
    /// The connection broke: whether etcd has carried it out is not known.
    Lost(String),
    /// No answer came in time: whether etcd has carried it out is not known.
    Late,
    /// etcd refused.
    Refused(Refusal),
    /// The engine was closed.
    Closed,
}

/// etcd's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u32,
    pub(super) message: String,
}

/// gRPC's `OUT_OF_RANGE`: a revision that is forgotten or has not happened yet.
pub(super) const OUT_OF_RANGE: u32 = 11;
/// gRPC's `UNAVAILABLE`: another server, or the same one later, may answer.
const UNAVAILABLE: u32 = 14;

/// gRPC's codes as Go spells them.
const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

impl Refusal {
    /// Tells whether another server may do better.
    pub(super) fn is_unavailable(&self) -> bool {
        self.code == UNAVAILABLE
    }

    /// Tells whether the request was refused before it was proposed to the cluster.
    pub(super) fn is_unproposed(&self) -> bool {
        matches!(
            self.message.as_str(),
            "etcdserver: no leader"
                | "etcdserver: server stopped"
                | "etcdserver: too many requests"
        )
    }

    /// The words of Go's client: etcd's own stand alone, others name their code.
    pub(super) fn words(&self) -> String {
        if self.message.starts_with("etcdserver: ") {
            return self.message.clone();
        }
        let code = CODES
            .get(self.code as usize)
            .map_or_else(|| format!("Code({})", self.code), |name| (*name).to_owned());
        format!("rpc error: code = {code} desc = {}", self.message)
    }
}

/// A request's body: one message, and then the end, or silence for a call that stays open.
#[derive(Debug)]
pub(super) struct Outgoing {
    message: Option<Bytes>,
    stays_open: bool,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.message.take() {
            Some(message) => Poll::Ready(Some(Ok(Frame::data(message)))),
            None if self.stays_open => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// It is answered once, in time.
    Answer(Duration),
    /// It stays open; it ends when its server loses its leader.
    Stream,
}

/// The request of a call. Errors: `NotSent` where the address makes no request.
pub(super) fn request(
    base: &str,
    method: &str,
    message: &[u8],
    life: Life,
) -> Result<Request<Outgoing>, Failure> {
    let mut framed = BytesMut::with_capacity(HEAD + message.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    framed.put_slice(message);
    let builder = Request::post(format!("{base}/etcdserverpb.{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("user-agent", "kanoe");
    let builder = match life {
        Life::Answer(time) => builder.header("grpc-timeout", format!("{}m", time.as_millis())),
        Life::Stream => builder.header("hasleader", "true"),
    };
    let body = Outgoing { message: Some(framed.freeze()), stays_open: life == Life::Stream };
    builder.body(body).map_err(|error| Failure::NotSent(error.to_string()))
}

/// Begins to read an answer. Errors: `Refused` where etcd refused at once.
pub(super) fn answer(response: Response<Incoming>) -> Result<Messages, Failure> {
    let (head, body) = response.into_parts();
    if head.status != http::StatusCode::OK {
        let message = format!("unexpected HTTP status code received from server: {}", head.status);
        return Err(Failure::Refused(Refusal { code: UNAVAILABLE, message }));
    }
    if let Some(refusal) = refusal_of(&head.headers) {
        return Err(Failure::Refused(refusal));
    }
    Ok(Messages { body, read: BytesMut::new() })
}

fn refusal_of(headers: &HeaderMap) -> Option<Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let code = text("grpc-status")?.parse().unwrap_or(2);
    let message = unescaped(text("grpc-message").unwrap_or_default());
    (code != 0).then_some(Refusal { code, message })
}

/// Undoes the percent signs of `grpc-message`.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The messages of an answer, one after the other.
#[derive(Debug)]
pub(super) struct Messages {
    body: Incoming,
    read: BytesMut,
}

impl Messages {
    /// The next message; `None` at a good end.
    ///
    /// Blocks: until one is there. Cancelled, it loses nothing. Errors: `Lost`, `Refused`.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if let Some(message) = self.whole()? {
                return Ok(Some(message));
            }
            let frame = match self.body.frame().await {
                None => return Err(Failure::Lost("the stream ended without a status".into())),
                Some(Err(error)) => return Err(Failure::Lost(said(&error))),
                Some(Ok(frame)) => frame,
            };
            match frame.into_data() {
                Ok(data) => self.read.extend_from_slice(&data),
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    return refusal_of(&trailers)
                        .map_or(Ok(None), |refusal| Err(Failure::Refused(refusal)));
                }
            }
        }
    }

    fn whole(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(head) = self.read.first_chunk::<HEAD>() else { return Ok(None) };
        let [compressed, length @ ..] = *head;
        let length = u32::from_be_bytes(length) as usize;
        if compressed != 0 || length > LONGEST {
            let words = format!("a message of {length} bytes, compressed: {compressed}");
            return Err(Failure::Lost(words));
        }
        if self.read.len() < HEAD + length {
            return Ok(None);
        }
        self.read.advance(HEAD);
        Ok(Some(self.read.split_to(length).freeze()))
    }
}

/// An error with its causes, which HTTP keeps to itself.
pub(super) fn said(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_speak_as_gos_client_does() {
        let refusal = |code, message: &str| Refusal { code, message: message.into() }.words();
        assert_eq!(refusal(14, "etcdserver: no leader"), "etcdserver: no leader");
        assert_eq!(refusal(14, "closing"), "rpc error: code = Unavailable desc = closing");
        assert_eq!(refusal(99, "x"), "rpc error: code = Code(99) desc = x");
    }

    #[test]
    fn statuses_are_read_from_headers() {
        let mut headers = HeaderMap::new();
        assert_eq!(refusal_of(&headers), None);
        headers.insert("grpc-status", "0".parse().unwrap());
        assert_eq!(refusal_of(&headers), None);
        headers.insert("grpc-status", "11".parse().unwrap());
        headers.insert("grpc-message", "a%20b%zz%".parse().unwrap());
        let refusal = Refusal { code: 11, message: "a b%zz%".into() };
        assert_eq!(refusal_of(&headers), Some(refusal));
    }
}
