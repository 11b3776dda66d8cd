//! Connections to other servers that are kept for the next question: a handshake of TLS costs both ends
//! more than the question itself. Source: Go's `http.Transport`, whose bounds these are.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use http::{Method, Request, Response};
use http_body::Body as _;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use lifecycle::{StopToken, Task};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::Instant,
};

use crate::tls;

/// Idle connections in all, and to one place.
const MOST: usize = 100;
const MOST_TO_ONE: usize = 4;
/// What was idle for longer is not used again.
const LONGEST_IDLE: Duration = Duration::from_secs(90);

/// Who must be at the other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Anybody, and TLS is not spoken.
    Plain,
    /// Anybody who speaks TLS.
    Unseen,
    /// Somebody for whom one of these authorities (PEM) vouches; empty: whom this machine trusts.
    Authorities(Vec<u8>),
}

/// A certificate with its chain and its key, PEM, by which the other end knows us.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

impl fmt::Debug for Own {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Own")
    }
}

/// Where a connection leads, and how both ends know each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Host or address, with the port.
    pub(crate) at: String,
    /// The name that the certificate must have.
    pub(crate) name: String,
    pub(crate) trust: Trust,
    pub(crate) own: Option<Own>,
}

impl Place {
    /// Opens a connection. Errors: what Go's client would say.
    async fn open(&self) -> Result<Open, String> {
        let at = &self.at;
        let stream = match at.parse::<SocketAddr>() {
            Ok(address) => TcpStream::connect(address).await,
            Err(_) => TcpStream::connect(at.as_str()).await,
        };
        let stream = stream.map_err(|error| match error.kind() {
            std::io::ErrorKind::ConnectionRefused => {
                format!("dial tcp {at}: connect: connection refused")
            }
            _ => format!("dial tcp {at}: {error}"),
        })?;
        let own = self.own.as_ref().map(|own| (own.certificate.as_slice(), own.key.as_slice()));
        match &self.trust {
            Trust::Plain => Open::over(stream).await,
            Trust::Unseen => {
                Open::over(tls::connect_unseen_as(stream, &self.name, own).await?).await
            }
            Trust::Authorities(known) => {
                Open::over(tls::connect_trusting_as(stream, &self.name, known, own).await?).await
            }
        }
    }
}

/// A connection, and what drives it as long as this lives.
#[derive(Debug)]
pub(crate) struct Open {
    sender: SendRequest<Body>,
    pump: Task,
}

/// A request that came to nothing.
struct Failed {
    why: String,
    /// The request, where nothing of it was written.
    unsent: Option<Request<Body>>,
}

impl Open {
    async fn over(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Self, String> {
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| told(&error))?;
        let pump = lifecycle::spawn("apiserver/outward", &StopToken::new(), async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to another server ended early");
            }
        });
        Ok(Self { sender, pump })
    }

    /// Sends a request and waits for what begins its answer.
    async fn send(mut self, request: Request<Body>) -> Result<(Self, Response<Incoming>), Failed> {
        if let Err(error) = self.sender.ready().await {
            return Err(Failed { why: told(&error), unsent: Some(request) });
        }
        match self.sender.try_send_request(request).await {
            Ok(response) => Ok((self, response)),
            Err(mut failed) => {
                let unsent = failed.take_message();
                Err(Failed { why: told(failed.error()), unsent })
            }
        }
    }

    /// What drives the connection, for who takes it over.
    pub(crate) fn into_pump(self) -> Task {
        self.pump
    }
}

/// The request once more, where it only reads and has no body. Source: Go's `Request.isReplayable`.
fn copy_of(request: &Request<Body>) -> Option<Request<Body>> {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE];
    if !reads.contains(request.method()) || !request.body().is_end_stream() {
        return None;
    }
    let mut copy = Request::new(Body::empty());
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    Some(copy)
}

/// What was wrong with a connection, in Go's words where it has some.
fn told(error: &hyper::Error) -> String {
    let source = std::error::Error::source(error);
    let kind = source.and_then(|it| it.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    match kind {
        // TLS that ends without saying so has ended all the same.
        Some(std::io::ErrorKind::UnexpectedEof) => "EOF".to_owned(),
        Some(std::io::ErrorKind::ConnectionReset) => "connection reset by peer".to_owned(),
        _ if error.is_incomplete_message() => "EOF".to_owned(),
        _ => error.to_string(),
    }
}

#[derive(Debug)]
struct Idle {
    place: Place,
    open: Open,
    since: Instant,
}

/// The idle connections of a server, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<Vec<Idle>>);

impl Connections {
    /// Sends a request over an idle connection, or over a new one, and waits for what begins its answer.
    /// What was kept may have ended at its other end just now: the request goes over a new one then, if
    /// nothing of it was written, or if it only reads. Who sees another twice might do twice what it asks.
    ///
    /// Errors: what Go's client would say.
    pub(crate) async fn ask(
        &self,
        place: &Place,
        request: Request<Body>,
    ) -> Result<(Open, Response<Incoming>), String> {
        let request = match self.take(place) {
            None => request,
            Some(kept) => {
                let again = copy_of(&request);
                match kept.send(request).await {
                    Ok(answered) => return Ok(answered),
                    Err(failed) => failed.unsent.or(again).ok_or(failed.why)?,
                }
            }
        };
        place.open().await?.send(request).await.map_err(|failed| failed.why)
    }

    /// An idle connection to a place, if one is still open.
    fn take(&self, place: &Place) -> Option<Open> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop_old(&mut idle);
        let at = idle.iter().rposition(|one| one.place == *place)?;
        Some(idle.remove(at).open)
    }

    /// Keeps a connection whose answer was read to its end.
    pub(crate) fn keep(&self, place: Place, open: Open) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop_old(&mut idle);
        let to_one = idle.iter().filter(|one| one.place == place).count();
        if open.sender.is_closed() || to_one >= MOST_TO_ONE {
            return;
        }
        if idle.len() >= MOST {
            idle.remove(0);
        }
        idle.push(Idle { place, open, since: lifecycle::clock::instant() });
    }
}

fn drop_old(idle: &mut Vec<Idle>) {
    let now = lifecycle::clock::instant();
    idle.retain(|one| {
        !one.open.sender.is_closed() && now.saturating_duration_since(one.since) < LONGEST_IDLE
    });
}
