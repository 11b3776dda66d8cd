//! Calls to an etcd of one or more servers: over one connection at a time, to the next server when
//! one fails.
//!
//! Reads are repeated until they are answered or their time is over. A write is repeated only where
//! it is certain that etcd has not carried it out; else its caller hears that nobody knows.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use hyper::client::conn::http2::SendRequest;
use lifecycle::{Backoff, StopToken, Task, clock};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    endpoint::{Connection, Endpoint},
    grpc::{self, Failure, Life, Messages, Outgoing, said},
};

/// Longest wait for one answer: etcd itself gives up after seven seconds, in its own words.
const ATTEMPT: Duration = Duration::from_secs(8);
/// Longest wait for the first answer to a read, which may be put to the next server; the second
/// attempt has twice as long. An etcd that chooses a leader needs a second or two.
const FIRST_READ: Duration = Duration::from_secs(3);
/// Longest wait for an answer over all servers.
const CALL: Duration = Duration::from_secs(15);
/// Pauses between attempts: a cluster chooses a new leader within a second or two.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Whether a call may be carried out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It may.
    Read,
    /// It may not.
    Write,
}

type Answered = Result<Line, Failure>;

/// The road to an etcd. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    asks: mpsc::Sender<oneshot::Sender<Answered>>,
    /// The newest line that failed.
    bad: Arc<AtomicU64>,
}

/// A connection as callers share it.
#[derive(Debug, Clone)]
struct Line {
    id: u64,
    base: Arc<str>,
    sender: SendRequest<Outgoing>,
    fault: watch::Receiver<String>,
}

impl Channel {
    /// A road to these servers, and the task that keeps the connection.
    pub(super) fn new(endpoints: Vec<Endpoint>, stop: &StopToken) -> (Self, Task) {
        let (asks, inbox) = mpsc::channel(256);
        let bad = Arc::new(AtomicU64::new(0));
        let next = std::process::id() as usize % endpoints.len().max(1);
        let operator =
            Operator { endpoints, next, last: 0, bad: Arc::clone(&bad), stop: stop.clone() };
        let task = lifecycle::spawn("store/etcd operator", stop, operator.run(inbox));
        (Self { asks, bad }, task)
    }

    async fn line(&self) -> Answered {
        let (reply, answer) = oneshot::channel();
        self.asks.send(reply).await.map_err(|_| Failure::Closed)?;
        answer.await.map_err(|_| Failure::Closed)?
    }

    /// Carries out a call and returns its answer.
    ///
    /// Blocks: fifteen seconds at most. Errors: what went wrong at last.
    pub(super) async fn call(
        &self,
        method: &str,
        message: &[u8],
        kind: Kind,
    ) -> Result<Bytes, Failure> {
        let deadline = clock::instant() + CALL;
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut patience = if kind == Kind::Read { FIRST_READ } else { ATTEMPT };
        loop {
            let line = self.line().await?;
            let time = patience.min(deadline.saturating_duration_since(clock::instant()));
            let attempt = tokio::time::timeout(time, once(&line, method, message, time));
            let failure = match attempt.await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Late,
            };
            if is_of_line(&failure) {
                self.bad.fetch_max(line.id, Ordering::Relaxed);
            }
            patience = ATTEMPT.min(patience * 2);
            let pause = backoff.next_delay();
            if !may_repeat(kind, &failure) || clock::instant() + pause >= deadline {
                return Err(failure);
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Opens a call that stays open. Errors: as the first server that answers has them.
    pub(super) async fn stream(&self, method: &str, message: &[u8]) -> Result<Stream, Failure> {
        let line = self.line().await?;
        let opened = async {
            let request = grpc::request(&line.base, method, message, Life::Stream)?;
            let response = send(&line, request).await?;
            grpc::answer(response)
        };
        let opened = tokio::time::timeout(ATTEMPT, opened).await.unwrap_or(Err(Failure::Late));
        let stream = Stream { id: line.id, bad: Arc::clone(&self.bad), messages: None };
        match opened {
            Ok(messages) => Ok(Stream { messages: Some(messages), ..stream }),
            Err(failure) => {
                stream.give_up(&failure);
                Err(failure)
            }
        }
    }
}

/// A call that stays open.
#[derive(Debug)]
pub(super) struct Stream {
    id: u64,
    bad: Arc<AtomicU64>,
    messages: Option<Messages>,
}

impl Stream {
    /// The next message; `None` at a good end. Cancelled, it loses nothing.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(messages) = &mut self.messages else { return Ok(None) };
        let next = messages.next().await;
        if let Err(failure) = &next {
            self.give_up(failure);
        }
        next
    }

    /// Notes that the next call should go to another server, where that is to blame.
    pub(super) fn give_up(&self, failure: &Failure) {
        if is_of_line(failure) {
            self.bad.fetch_max(self.id, Ordering::Relaxed);
        }
    }
}

fn is_of_line(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(_) | Failure::Lost(_) | Failure::Late => true,
        Failure::Refused(refusal) => refusal.is_unavailable(),
        Failure::Closed => false,
    }
}

fn may_repeat(kind: Kind, failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(_) => true,
        Failure::Lost(_) | Failure::Late => kind == Kind::Read,
        Failure::Refused(refusal) => match kind {
            Kind::Read => refusal.is_unavailable(),
            Kind::Write => refusal.is_unproposed(),
        },
        Failure::Closed => false,
    }
}

async fn once(line: &Line, method: &str, message: &[u8], time: Duration) -> Result<Bytes, Failure> {
    let request = grpc::request(&line.base, method, message, Life::Answer(time))?;
    let mut messages = grpc::answer(send(line, request).await?)?;
    let missing = || Failure::Lost("an answer without a message".into());
    let answer = messages.next().await?.ok_or_else(missing)?;
    // The status comes behind the message: only it says that all went well.
    while messages.next().await?.is_some() {}
    Ok(answer)
}

async fn send(
    line: &Line,
    request: http::Request<Outgoing>,
) -> Result<http::Response<hyper::body::Incoming>, Failure> {
    let error = match line.sender.clone().try_send_request(request).await {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    // The connection knows better what became of it: a certificate that was refused, say.
    let mut fault = line.fault.clone();
    let told = fault.wait_for(|words| !words.is_empty());
    let words = match tokio::time::timeout(FIRST_PAUSE, told).await {
        Ok(Ok(words)) => words.clone(),
        _ => said(error.error()),
    };
    Err(if error.message().is_some() { Failure::NotSent(words) } else { Failure::Lost(words) })
}

/// Keeps one connection and opens the next.
#[derive(Debug)]
struct Operator {
    endpoints: Vec<Endpoint>,
    next: usize,
    last: u64,
    bad: Arc<AtomicU64>,
    stop: StopToken,
}

impl Operator {
    async fn run(mut self, mut asks: mpsc::Receiver<oneshot::Sender<Answered>>) {
        let mut current: Option<(Line, Task)> = None;
        while let Some(asked) = asks.recv().await {
            let good = current.take_if(|(line, _)| {
                line.id > self.bad.load(Ordering::Relaxed) && !line.sender.is_closed()
            });
            // A line that failed ends here, with all that is still on it.
            drop(current.take());
            let connected = match good {
                Some(good) => Ok(good),
                None => self.connect().await,
            };
            match connected {
                Ok((line, task)) => {
                    reply(asked, Ok(line.clone()));
                    current = Some((line, task));
                }
                Err(words) => {
                    let failure = Failure::NotSent(words);
                    reply(asked, Err(failure.clone()));
                    // Who has waited meanwhile would hear nothing else.
                    while let Ok(asked) = asks.try_recv() {
                        reply(asked, Err(failure.clone()));
                    }
                }
            }
        }
    }

    /// Tries every server once, beginning behind the last one.
    async fn connect(&mut self) -> Result<(Line, Task), String> {
        let mut words = String::new();
        for _ in 0..self.endpoints.len() {
            self.next = (self.next + 1) % self.endpoints.len();
            let Some(endpoint) = self.endpoints.get(self.next) else { continue };
            match endpoint.connect(&self.stop).await {
                Ok(Connection { sender, fault, task }) => {
                    self.last += 1;
                    let base = endpoint.base.as_str().into();
                    let line = Line { id: self.last, base, sender, fault };
                    tracing::debug!(server = endpoint.base, "connected to etcd");
                    return Ok((line, task));
                }
                Err(why) => words = why,
            }
        }
        Err(words)
    }
}

/// Answers; whoever asked may have gone away, which changes nothing.
fn reply(asked: oneshot::Sender<Answered>, answer: Answered) {
    drop(asked.send(answer));
}
