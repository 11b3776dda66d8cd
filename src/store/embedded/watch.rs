//! A watcher is a cursor into the shared history: it holds no events, slows no writer, and is told
//! `Compacted` when the history has moved past it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::state::State;
use crate::{Answer, Event, Revision, StoreError, Watch};

/// Events handed out at once; more are fetched by the next call.
const BATCH: usize = 512;

/// Where one watcher stands.
#[derive(Debug)]
pub(super) struct Cursor {
    shared: Arc<RwLock<State>>,
    prefix: String,
    seen: Revision,
    bell: watch::Receiver<Revision>,
}

impl Cursor {
    pub(super) fn new(
        shared: &Arc<RwLock<State>>,
        prefix: &str,
        from: Revision,
    ) -> Result<Self, StoreError> {
        let mut state = shared.write().unwrap_or_else(PoisonError::into_inner);
        if from < state.compacted() {
            return Err(StoreError::Compacted { asked: from, oldest: state.compacted() });
        }
        let bell = state.bell(prefix);
        Ok(Self { shared: Arc::clone(shared), prefix: prefix.to_owned(), seen: from, bell })
    }

    fn take(&mut self) -> Result<Vec<Arc<Event>>, StoreError> {
        let state = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        if self.seen < state.forgotten_under(&self.prefix) {
            return Err(StoreError::Compacted { asked: self.seen, oldest: state.compacted() });
        }
        let events: Vec<_> = state
            .events_after(self.seen)
            .filter(|event| event.key.starts_with(&self.prefix))
            .take(BATCH)
            .cloned()
            .collect();
        self.seen = match events.last() {
            Some(last) if events.len() == BATCH => last.revision,
            _ => self.seen.max(state.revision()),
        };
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
