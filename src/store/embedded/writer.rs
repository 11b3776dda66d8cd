//! The one thread that decides writes: it gathers what waits, checks each condition in order,
//! syncs the batch once, and only then shows and acknowledges it.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, PoisonError, RwLock},
    thread,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    Options,
    log::{Batch, Log},
};
use crate::{
    Change, Durability, Event, Expect, Op, Outcome, Record, Revision, StoreError, Write,
    memory::State,
};

/// Writes that share one sync at most.
const BATCH_WRITES: usize = 512;
/// Revisions promised ahead, so that volatile writes need no disk. A restart skips what is left.
const RESERVE: Revision = 10_000;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    /// A compare-and-set.
    Write {
        /// The write.
        write: Write,
        /// Who waits for it.
        reply: Reply<Outcome>,
    },
    /// Forgetting history.
    Compact {
        /// Up to here.
        revision: Revision,
        /// Who waits for it.
        reply: Reply<()>,
    },
    /// The end: what came before is carried out, what comes after is refused.
    Close {
        /// Who waits for it.
        reply: Reply<()>,
    },
}

/// The thread's belongings.
#[derive(Debug)]
pub(super) struct Writer {
    log: Log,
    shared: Arc<RwLock<State>>,
    reserved: Revision,
    options: Options,
}

/// A batch that is being decided: what it would change, seen by the later writes of the same batch.
#[derive(Debug)]
struct Pending {
    revision: Revision,
    overlay: HashMap<Arc<str>, Option<Record>>,
    events: Vec<Event>,
    batch: Batch,
    replies: Vec<(Reply<Outcome>, Outcome)>,
}

impl Writer {
    pub(super) fn new(log: Log, shared: Arc<RwLock<State>>, options: Options) -> Self {
        let reserved = shared.read().unwrap_or_else(PoisonError::into_inner).revision();
        Self { log, shared, reserved, options }
    }

    /// Runs until every handle to the store is gone.
    pub(super) fn spawn(mut self, mut inbox: mpsc::Receiver<Request>) -> io::Result<()> {
        thread::Builder::new().name("store/writer".into()).spawn(move || {
            let mut waiting = Vec::with_capacity(BATCH_WRITES);
            while inbox.blocking_recv_many(&mut waiting, BATCH_WRITES) > 0 {
                if let Some(reply) = self.serve(waiting.drain(..)) {
                    drop(inbox);
                    drop(self);
                    return send(reply, Ok(()));
                }
            }
        })?;
        Ok(())
    }

    /// Carries out what has gathered; returns who asked for the end, if somebody did.
    fn serve(&mut self, requests: impl Iterator<Item = Request>) -> Option<Reply<()>> {
        let mut closing = None;
        let mut pending = self.begin();
        for request in requests {
            match request {
                Request::Write { write, reply } => self.decide(&mut pending, &write, reply),
                Request::Compact { revision, reply } => {
                    let done = std::mem::replace(&mut pending, self.begin());
                    self.commit(done);
                    pending = self.begin();
                    let answer = self.write_state(|state| state.compact(revision));
                    send(reply, answer);
                }
                Request::Close { reply } => closing = Some(reply),
            }
        }
        self.commit(pending);
        self.shorten_log();
        closing
    }

    fn begin(&self) -> Pending {
        Pending {
            revision: self.shared.read().unwrap_or_else(PoisonError::into_inner).revision(),
            overlay: HashMap::new(),
            events: Vec::new(),
            batch: Batch::default(),
            replies: Vec::new(),
        }
    }

    fn decide(&self, pending: &mut Pending, write: &Write, reply: Reply<Outcome>) {
        let state = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        let current = match pending.overlay.get(&write.key) {
            Some(record) => record.clone(),
            None => state.get(&write.key).cloned(),
        };
        drop(state);
        let met = match (write.expect, &current) {
            (Expect::Absent, None) => true,
            (Expect::At(revision), Some(record)) => record.mod_revision == revision,
            _ => false,
        };
        let Some(event) = met.then(|| event_of(write, current.as_ref(), pending.revision + 1))
        else {
            pending.replies.push((reply, Outcome::Conflict(current)));
            return;
        };
        let Some(event) = event else {
            // A deletion of what is not there: nothing to do and nothing to show.
            pending.replies.push((reply, Outcome::Conflict(None)));
            return;
        };
        pending.accept(event, current.as_ref(), write.durability, reply);
    }

    fn commit(&mut self, mut pending: Pending) {
        if pending.events.is_empty() {
            return pending.acknowledge();
        }
        let reserve = (pending.revision > self.reserved).then_some(pending.revision + RESERVE);
        if let Some(reserve) = reserve {
            pending.batch.reserve(reserve);
        }
        if !pending.batch.is_empty()
            && let Err(error) = self.log.append(&pending.batch)
        {
            return pending.refuse(&error);
        }
        self.reserved = reserve.unwrap_or(self.reserved);
        let events = std::mem::take(&mut pending.events);
        let keys: Vec<Arc<str>> = events.iter().map(|event| Arc::clone(&event.key)).collect();
        self.write_state(|state| {
            for event in events {
                state.apply(event);
            }
            state.ring(&keys);
        });
        pending.acknowledge();
    }

    /// Rewrites the log once it is much longer than what is live. Failing, the old one goes on.
    fn shorten_log(&mut self) {
        let state = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        if self.log.length() < 2 * state.live_bytes() + self.options.log_slack_bytes {
            return;
        }
        if let Err(error) = self.log.rewrite(&state, self.reserved) {
            tracing::warn!(%error, "cannot shorten the store's log");
        }
    }

    fn write_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.shared.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pending {
    fn accept(
        &mut self,
        event: Event,
        current: Option<&Record>,
        durability: Durability,
        reply: Reply<Outcome>,
    ) {
        let (value, after) = match &event.change {
            Change::Created(value) | Change::Updated { value, .. } => (value.clone(), true),
            Change::Deleted { value, .. } => (value.clone(), false),
        };
        let record = Record {
            key: Arc::clone(&event.key),
            value,
            create_revision: current.map_or(event.revision, |record| record.create_revision),
            mod_revision: event.revision,
        };
        if durability == Durability::Synced {
            self.batch.event(&event);
        }
        self.revision = event.revision;
        self.overlay.insert(Arc::clone(&event.key), after.then(|| record.clone()));
        self.events.push(event);
        self.replies.push((reply, Outcome::Done(record)));
    }

    fn acknowledge(self) {
        for (reply, outcome) in self.replies {
            send(reply, Ok(outcome));
        }
    }

    /// Nothing of the batch happened: those who were told yes hear why, the others are asked to
    /// believe nothing either, since their answers may rest on writes that did not happen.
    fn refuse(self, error: &StoreError) {
        for (reply, _) in self.replies {
            send(reply, Err(error.again()));
        }
    }
}

fn event_of(write: &Write, current: Option<&Record>, revision: Revision) -> Option<Event> {
    let change = match (&write.op, current) {
        (Op::Put(value), None) => Change::Created(value.stamped(revision)),
        (Op::Put(value), Some(record)) => {
            Change::Updated { value: value.stamped(revision), previous: record.value.clone() }
        }
        (Op::Delete(shown), Some(record)) => Change::Deleted {
            value: shown.as_ref().map_or(record.value.clone(), |value| value.stamped(revision)),
            previous: record.value.clone(),
        },
        (Op::Delete(_), None) => return None,
    };
    Some(Event { revision, key: Arc::clone(&write.key), change })
}

/// Answers; whoever asked may have gone away, which changes nothing.
fn send<T>(reply: Reply<T>, answer: Result<T, StoreError>) {
    drop(reply.send(answer));
}
