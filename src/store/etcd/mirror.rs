//! All that is ours in an etcd, in memory: filled once, then fed by one watch.
//!
//! The watch is on every key of the etcd, not on ours alone: so each revision comes as an event, and
//! whoever has seen event R has seen all of ours up to R. Kubernetes asks for progress instead, which
//! etcd answers truthfully only since 3.4.25 and 3.5.8. What is not ours moves the counter alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use lifecycle::Backoff;
use tokio::sync::{Notify, watch};

use super::{
    channel::{Channel, Kind},
    grpc::Failure,
    layout::{self, Layout},
    messages::{RangeRequest, RangeResponse, WatchEvent, WatchResponse, watch_everything},
};
use crate::{
    Change, Event, Record, Revision, StoreError,
    memory::{Limits, State},
};

/// Records that are read at once when the memory is filled.
const PAGE: u64 = 1000;
/// How often a filling may be overtaken by a compaction before it is given up.
const FILLINGS: usize = 5;
/// Pauses before a watch is opened again.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long a reader waits for the watch to bring what etcd says is there before it is doubted.
const DOUBT: Duration = Duration::from_secs(3);
/// How long it waits after that.
const PATIENCE: Duration = Duration::from_secs(7);

/// The memory and how far it has come.
#[derive(Debug)]
pub(super) struct Mirror {
    pub(super) state: Arc<RwLock<State>>,
    layout: Layout,
    channel: Channel,
    progress: watch::Sender<Revision>,
    doubt: Notify,
    /// Where the revision stands in the values that have it.
    stamps: Mutex<HashMap<Arc<str>, Stamp>>,
}

#[derive(Debug, Clone, Copy)]
struct Stamp {
    at: usize,
    digits: usize,
}

/// Why the watch ended.
enum End {
    /// What it asked for is forgotten, or has never been.
    Gone,
    /// The connection or the server.
    Broken(String),
    /// The engine was closed.
    Closed,
}

impl Mirror {
    /// Reads all that is there.
    pub(super) async fn fill(
        channel: Channel,
        layout: Layout,
        limits: Limits,
    ) -> Result<Self, StoreError> {
        let mirror = Self {
            state: Arc::new(RwLock::new(State::new(limits))),
            layout,
            channel,
            progress: watch::Sender::new(0),
            doubt: Notify::new(),
            stamps: Mutex::default(),
        };
        mirror.refill().await?;
        Ok(mirror)
    }

    async fn refill(&self) -> Result<(), StoreError> {
        let mut last = StoreError::Closed;
        for _ in 0..FILLINGS {
            match self.read_all().await {
                Ok((records, stamps, revision)) => {
                    *self.stamps.lock().unwrap_or_else(PoisonError::into_inner) = stamps;
                    self.write_state(|state| state.restart(records, revision));
                    self.progress.send_replace(revision);
                    return Ok(());
                }
                Err(error @ StoreError::Compacted { .. }) => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    async fn read_all(
        &self,
    ) -> Result<(Vec<Record>, HashMap<Arc<str>, Stamp>, Revision), StoreError> {
        let (mut key, end) = self.layout.everything();
        let (mut records, mut stamps, mut revision) = (Vec::new(), HashMap::new(), 0);
        loop {
            let range =
                RangeRequest { key: &key, end: &end, limit: PAGE, revision, ..Default::default() };
            let page = self.ask(&range).await?;
            revision = if revision == 0 { page.revision } else { revision };
            let Some(last) = page.records.last() else { break };
            key = [&last.key[..], &[0]].concat();
            for found in &page.records {
                let record = self.layout.record(found)?;
                if let Some(stamp) = stamp_of(&found.value, found.mod_revision) {
                    stamps.insert(Arc::clone(&record.key), stamp);
                }
                records.push(record);
            }
            if page.count <= page.records.len() as u64 {
                break;
            }
        }
        Ok((records, stamps, revision))
    }

    /// Reads from etcd itself.
    pub(super) async fn ask(&self, range: &RangeRequest<'_>) -> Result<RangeResponse, StoreError> {
        let asked = self.channel.call("KV/Range", &range.message().finish(), Kind::Read).await;
        let answer = asked.map_err(|failure| super::error_of(&failure, range.revision))?;
        RangeResponse::read(answer).map_err(super::malformed)
    }

    /// Waits until everything up to `revision` is here.
    ///
    /// Errors: `TimedOut` after ten seconds.
    pub(super) async fn reach(&self, revision: Revision) -> Result<(), StoreError> {
        let mut progress = self.progress.subscribe();
        let arrived = async |progress: &mut watch::Receiver<Revision>| {
            let arrived = progress.wait_for(|seen| *seen >= revision).await;
            arrived.map(drop).map_err(|_| StoreError::Closed)
        };
        if let Ok(arrived) = tokio::time::timeout(DOUBT, arrived(&mut progress)).await {
            return arrived;
        }
        // etcd answers and its events do not come: the watch hangs, whatever the connection says.
        self.doubt.notify_one();
        let rest = tokio::time::timeout(PATIENCE, arrived(&mut progress)).await;
        rest.unwrap_or(Err(StoreError::TimedOut))
    }

    /// Follows etcd until it is closed; the watch is opened again whenever it ends.
    pub(super) async fn follow(&self) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            let before = *self.progress.borrow();
            let end = self.follow_once().await;
            if *self.progress.borrow() > before {
                backoff.reset();
            }
            match end {
                End::Closed => return,
                End::Broken(words) => tracing::debug!(error = words, "the watch on etcd ended"),
                End::Gone => {
                    tracing::warn!("etcd has forgotten what was not seen yet: all is read anew");
                    if let Err(error) = self.refill().await {
                        tracing::warn!(%error, "cannot read etcd");
                    }
                }
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    }

    async fn follow_once(&self) -> End {
        let seen = *self.progress.borrow();
        match self.now().await {
            // A backup was put back: what we have seen has never been.
            Ok(now) if now < seen => return End::Gone,
            Ok(_) => {}
            Err(StoreError::Closed) => return End::Closed,
            Err(error) => return End::Broken(error.to_string()),
        }
        let opened = self.channel.stream("Watch/Watch", &watch_everything(seen + 1)).await;
        let mut stream = match opened {
            Ok(stream) => stream,
            Err(failure) => return end_of(&failure),
        };
        loop {
            let next = tokio::select! {
                next = stream.next() => next,
                () = self.doubt.notified() => {
                    stream.give_up(&Failure::Late);
                    return End::Broken("events are overdue".into());
                }
            };
            let message = match next {
                Ok(Some(message)) => message,
                Ok(None) => return End::Broken("the stream ended".into()),
                Err(failure) => return end_of(&failure),
            };
            let Ok(response) = WatchResponse::read(message) else {
                return End::Broken("the stream holds no messages".into());
            };
            if response.compact_revision > 0 {
                return End::Gone;
            }
            if response.canceled {
                stream.give_up(&Failure::Late);
                return End::Broken(response.cancel_reason);
            }
            self.take(response.events);
        }
    }

    /// etcd's newest revision, as its majority knows it.
    pub(super) async fn now(&self) -> Result<Revision, StoreError> {
        let (key, _) = self.layout.everything();
        let range = RangeRequest { key: &key, count_only: true, ..RangeRequest::default() };
        self.ask(&range).await.map(|answer| answer.revision)
    }

    fn take(&self, events: Vec<WatchEvent>) {
        let Some(newest) = events.last().map(|event| event.record.mod_revision) else { return };
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_state(|state| {
            let mut keys = Vec::new();
            for event in events {
                if let Some(event) = self.event(state, &mut stamps, event) {
                    keys.push(Arc::clone(&event.key));
                    state.apply(event);
                }
            }
            state.advance(newest);
            state.ring(&keys);
        });
        self.progress.send_replace(newest);
    }

    /// The event as watchers see it; `None` for what is not ours.
    fn event(
        &self,
        state: &State,
        stamps: &mut HashMap<Arc<str>, Stamp>,
        event: WatchEvent,
    ) -> Option<Event> {
        let record = event.record;
        let revision = record.mod_revision;
        let key: Arc<str> = self.layout.inside(&record.key)?.into();
        let before = state.get(&key);
        let stamp = stamps.remove(&key);
        let change = if event.deleted {
            let previous = before?.value.clone();
            Change::Deleted { value: restamped(&previous, stamp, revision), previous }
        } else {
            let Some(value) = layout::read(&record.value, revision) else {
                tracing::warn!(key = &*key, "somebody else writes into our part of etcd");
                stamps.extend(stamp.map(|stamp| (key, stamp)));
                return None;
            };
            if let Some(stamp) = stamp_of(&record.value, revision) {
                stamps.insert(Arc::clone(&key), stamp);
            }
            match before {
                None => Change::Created(value),
                Some(before) => Change::Updated { value, previous: before.value.clone() },
            }
        };
        Some(Event { revision, key, change })
    }

    fn write_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn end_of(failure: &Failure) -> End {
    match failure {
        Failure::Closed => End::Closed,
        other => End::Broken(super::error_of(other, 0).to_string()),
    }
}

fn stamp_of(kept: &Bytes, revision: Revision) -> Option<Stamp> {
    let at = layout::parse(kept)?.stamp_at?;
    Some(Stamp { at, digits: revision.to_string().len() })
}

/// A value with another revision in its hole.
fn restamped(value: &Bytes, stamp: Option<Stamp>, revision: Revision) -> Bytes {
    let Some(Stamp { at, digits }) = stamp else { return value.clone() };
    let (Some(head), Some(rest)) = (value.get(..at), value.get(at + digits..)) else {
        return value.clone();
    };
    [head, revision.to_string().as_bytes(), rest].concat().into()
}
