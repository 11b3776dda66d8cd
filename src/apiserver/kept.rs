//! Connections to webhooks that are kept for the next question: a handshake of TLS costs both ends more
//! than the question itself. Source: Go's `http.Transport`, whose bounds these are.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use http::{Request, Response};
use hyper::{body::Incoming, client::conn::http1::SendRequest};
use lifecycle::Task;
use tokio::time::Instant;

/// Idle connections in all, and to one place.
const MOST: usize = 100;
const MOST_TO_ONE: usize = 4;
/// What was idle for longer is not used again.
const LONGEST_IDLE: Duration = Duration::from_secs(90);

/// Where a connection leads, and who vouched for its other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Host or address, with the port.
    pub(crate) at: String,
    /// The name that the certificate must have.
    pub(crate) host: String,
    /// Authorities, PEM.
    pub(crate) authorities: Vec<u8>,
}

/// A connection, and what drives it as long as this lives.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) sender: SendRequest<Body>,
    pub(crate) _pump: Task,
}

/// A request that came to nothing.
struct Failed {
    why: String,
    /// The request, where nothing of it was written.
    unsent: Option<Request<Body>>,
}

impl Open {
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
    /// Sends a request over an idle connection, or over the one that `open` makes, and waits for what
    /// begins its answer. What was kept may have ended at its other end just now: the request goes over
    /// a new one then, if nothing of it was written. Who reads it twice might do twice what it asks.
    ///
    /// Errors: what Go's client would say.
    pub(crate) async fn ask(
        &self,
        place: &Place,
        request: Request<Body>,
        open: impl Future<Output = Result<Open, String>>,
    ) -> Result<(Open, Response<Incoming>), String> {
        let request = match self.take(place) {
            None => request,
            Some(kept) => match kept.send(request).await {
                Ok(answered) => return Ok(answered),
                Err(failed) => failed.unsent.ok_or(failed.why)?,
            },
        };
        open.await?.send(request).await.map_err(|failed| failed.why)
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
