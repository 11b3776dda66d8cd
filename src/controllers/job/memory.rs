//! What the controller remembers of Jobs between passes, because no cache shows it yet or at all.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use client::ObjectKey;

use super::backoff::Backoff;

/// Notes by Job.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<ObjectKey, Note>>);

#[derive(Debug, Default)]
struct Note {
    /// Pods whose finalizer was taken off, until the cache shows it.
    released: HashSet<String>,
    /// Failures since the last success.
    backoff: Backoff,
    /// Revision of the last status that we wrote.
    written: u64,
}

impl Memory {
    fn notes(&self) -> MutexGuard<'_, HashMap<ObjectKey, Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on(&self, key: &ObjectKey, write: impl FnOnce(&mut Note)) {
        write(self.notes().entry(key.clone()).or_default());
    }

    /// Whether a Job of this revision is older than what we wrote.
    pub(super) fn is_stale(&self, key: &ObjectKey, revision: Option<&str>) -> bool {
        let seen = revision.and_then(|revision| revision.parse::<u64>().ok());
        let notes = self.notes();
        notes.get(key).zip(seen).is_some_and(|(note, seen)| seen < note.written)
    }

    /// We wrote a status.
    pub(super) fn wrote(&self, key: &ObjectKey, revision: Option<&str>) {
        let revision = revision.and_then(|revision| revision.parse().ok()).unwrap_or(0);
        self.on(key, |note| note.written = revision);
    }

    pub(super) fn backoff(&self, key: &ObjectKey) -> Backoff {
        self.notes().get(key).map(|note| note.backoff).unwrap_or_default()
    }

    pub(super) fn set_backoff(&self, key: &ObjectKey, backoff: Backoff) {
        self.on(key, |note| note.backoff = backoff);
    }

    pub(super) fn released(&self, key: &ObjectKey) -> HashSet<String> {
        self.notes().get(key).map(|note| note.released.clone()).unwrap_or_default()
    }

    /// The finalizer of a pod is about to be taken off.
    pub(super) fn release(&self, key: &ObjectKey, uid: &str) {
        self.on(key, |note| {
            note.released.insert(uid.to_owned());
        });
    }

    /// The cache shows it, or it could not be taken off.
    pub(super) fn saw(&self, key: &ObjectKey, uid: &str) {
        if let Some(note) = self.notes().get_mut(key) {
            note.released.remove(uid);
        }
    }

    /// The Job is gone.
    pub(super) fn forget(&self, key: &ObjectKey) {
        self.notes().remove(key);
    }
}
