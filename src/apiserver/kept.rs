//! Connections to webhooks that are kept for the next question: a handshake of TLS costs both ends more
//! than the question itself. Source: Go's `http.Transport`, whose bounds these are.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use hyper::client::conn::http1::SendRequest;
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
    /// An idle connection to a place, if one is still open.
    pub(crate) fn take(&self, place: &Place) -> Option<Open> {
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
