//! A watcher is a cursor into the shared history: it holds no events, slows no writer, and is told
//! `Compacted` when the history has moved past it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::State;
use crate::{Answer, Event, Revision, StoreError, Watch};

/// Events handed out at once; more are fetched by the next call.
const BATCH: usize = 512;

/// Where one watcher stands.
#[derive(Debug)]
pub(crate) struct Cursor {
    shared: Arc<RwLock<State>>,
    prefix: String,
    seen: Revision,
    era: u64,
    bell: watch::Receiver<Revision>,
}

impl Cursor {
    pub(crate) fn new(
        shared: &Arc<RwLock<State>>,
        prefix: &str,
        from: Revision,
    ) -> Result<Self, StoreError> {
        let mut state = shared.write().unwrap_or_else(PoisonError::into_inner);
        if from < state.compacted() {
            return Err(StoreError::Compacted { asked: from, oldest: state.compacted() });
        }
        let bell = state.bell(prefix);
        let era = state.era();
        let (shared, prefix) = (Arc::clone(shared), prefix.to_owned());
        drop(state);
        Ok(Self { shared, prefix, seen: from, era, bell })
    }

    fn take(&mut self) -> Result<Vec<Arc<Event>>, StoreError> {
        let state = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        if self.era != state.era() || self.seen < state.forgotten_under(&self.prefix) {
            return Err(StoreError::Compacted { asked: self.seen, oldest: state.compacted() });
        }
        let mut events: Vec<Arc<Event>> = Vec::new();
        let mut full = None;
        for event in state.events_after(self.seen) {
            if !event.key.starts_with(&self.prefix) {
                continue;
            }
            // What shares a revision is never torn apart: the next call goes on behind it.
            full = events
                .last()
                .map(|last| last.revision)
                .filter(|last| events.len() >= BATCH && *last != event.revision);
            if full.is_some() {
                break;
            }
            events.push(Arc::clone(event));
        }
        self.seen = full.unwrap_or_else(|| self.seen.max(state.revision()));
        Ok(events)
    }
}

impl Watch for Cursor {
    fn next(&mut self) -> Answer<'_, Vec<Arc<Event>>> {
        Box::pin(async move {
            loop {
                self.bell.borrow_and_update();
                let events = self.take()?;
                if !events.is_empty() {
                    return Ok(events);
                }
                self.bell.changed().await.map_err(|_| StoreError::Closed)?;
            }
        })
    }

    fn seen(&self) -> Revision {
        self.seen
    }
}
