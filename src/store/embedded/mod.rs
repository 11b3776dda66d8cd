//! The engine in one file: everything in memory for reads, an append-only log for durability.
//!
//! [`crate::memory`] answers reads and watches, [`writer`] is the one thread that decides writes,
//! [`log`] knows the file. A write is visible only after its batch is on disk, so no reader ever sees what
//! a crash could take back (volatile writes excepted, which say so).

mod log;
mod writer;

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    Answer, Engine, Outcome, Page, Range, Record, Revision, StoreError, Watch, Write,
    memory::{Cursor, Limits, State},
};
use writer::{Request, Writer};

/// How much history and log the engine keeps.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Events kept for watchers and reads of the past.
    pub history_events: usize,
    /// Bytes of superseded values kept with them.
    pub history_bytes: usize,
    /// The log is rewritten once it is this many bytes longer than twice the live data.
    pub log_slack_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { history_events: 20_000, history_bytes: 16 << 20, log_slack_bytes: 8 << 20 }
    }
}

/// The embedded engine. Cheap to clone; the file closes when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Embedded {
    shared: Arc<RwLock<State>>,
    requests: mpsc::Sender<Request>,
}

impl Embedded {
    /// Opens or creates the store in the file `path`; a torn last write is cut off.
    ///
    /// Blocks: for the reading of the file. Errors: `InUse`, `Open`, `Damaged`.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let mut state =
            State::new(Limits { events: options.history_events, bytes: options.history_bytes });
        let log = log::Log::open(path, &mut state)?;
        let shared = Arc::new(RwLock::new(state));
        let (requests, inbox) = mpsc::channel(1024);
        Writer::new(log, Arc::clone(&shared), options)
            .spawn(inbox)
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        Ok(Self { shared, requests })
    }

    /// Ends the store: pending writes are carried out, then the file is closed and unlocked.
    ///
    /// Errors: `Closed` when it already was.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.ask(|reply| Request::Close { reply }).await
    }

    fn read<T>(&self, question: impl FnOnce(&State) -> T) -> T {
        question(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Engine for Embedded {
    fn revision(&self) -> Answer<'_, Revision> {
        let revision = self.read(State::revision);
        Box::pin(async move { Ok(revision) })
    }

    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Record>> {
        let record = self.read(|state| state.get(key).cloned());
        Box::pin(async move { Ok(record) })
    }

    fn range<'a>(&'a self, range: &'a Range) -> Answer<'a, Page> {
        let page = self.read(|state| state.range(range));
        Box::pin(async move { page })
    }

    fn write(&self, write: Write) -> Answer<'_, Outcome> {
        Box::pin(self.ask(|reply| Request::Write { write, reply }))
    }

    fn watch<'a>(&'a self, prefix: &'a str, from: Revision) -> Answer<'a, Box<dyn Watch>> {
        let watch = Cursor::new(&self.shared, prefix, from);
        Box::pin(async move { watch.map(|cursor| Box::new(cursor) as Box<dyn Watch>) })
    }

    fn compact(&self, revision: Revision) -> Answer<'_, ()> {
        Box::pin(self.ask(move |reply| Request::Compact { revision, reply }))
    }
}

#[cfg(test)]
mod tests;
