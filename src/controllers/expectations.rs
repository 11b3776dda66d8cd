//! What a controller has asked for and its cache does not show yet.
//!
//! A cache is always a little late. A controller that created pods must not create them again
//! because it does not see them; it waits until each creation and deletion has been observed, or
//! until the wait is too long to be explained by lateness.
//! Source: `k8s.io/kubernetes/pkg/controller.ControllerExpectations`.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use client::ObjectKey;
use tokio::time::Instant;

/// After this the controller believes its cache, whatever it asked for.
const PATIENCE: Duration = Duration::from_mins(5);

/// Expectations by key.
#[derive(Debug, Default)]
pub(crate) struct Expectations(Mutex<HashMap<ObjectKey, Expected>>);

#[derive(Debug)]
struct Expected {
    creations: usize,
    deletions: HashSet<String>,
    since: Instant,
}

impl Expectations {
    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectKey, Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether everything asked for under `key` has been seen, or was waited for too long.
    pub(crate) fn met(&self, key: &ObjectKey) -> bool {
        self.patience(key).is_none()
    }

    /// How long what was asked for under `key` is still waited for; `None` where it has been seen, or was
    /// waited for too long.
    pub(crate) fn patience(&self, key: &ObjectKey) -> Option<Duration> {
        let all = self.lock();
        let open = |it: &&Expected| it.creations > 0 || !it.deletions.is_empty();
        let expected = all.get(key).filter(open)?;
        let waited = lifecycle::clock::instant().duration_since(expected.since);
        PATIENCE.checked_sub(waited).filter(|left| !left.is_zero())
    }

    /// Expects so many creations and the deletion of these uids.
    pub(crate) fn expect(&self, key: &ObjectKey, creations: usize, deletions: Vec<String>) {
        let since = lifecycle::clock::instant();
        let deletions = deletions.into_iter().collect();
        self.lock().insert(key.clone(), Expected { creations, deletions, since });
    }

    /// One creation was seen, or failed.
    pub(crate) fn created(&self, key: &ObjectKey) {
        if let Some(expected) = self.lock().get_mut(key) {
            expected.creations = expected.creations.saturating_sub(1);
        }
    }

    /// The deletion of `uid` was seen, or failed.
    pub(crate) fn deleted(&self, key: &ObjectKey, uid: &str) {
        if let Some(expected) = self.lock().get_mut(key) {
            expected.deletions.remove(uid);
        }
    }

    /// Forgets a key whose object is gone.
    pub(crate) fn forget(&self, key: &ObjectKey) {
        self.lock().remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn expectations_are_met_by_seeing_or_by_time() {
        let expectations = Expectations::default();
        let key = ObjectKey::new("n", "a");
        assert!(expectations.met(&key));
        expectations.expect(&key, 1, vec!["u".into()]);
        expectations.created(&key);
        assert!(!expectations.met(&key));
        expectations.deleted(&key, "u");
        assert!(expectations.met(&key));
        expectations.expect(&key, 2, Vec::new());
        let second = Duration::from_secs(1);
        tokio::time::advance(second).await;
        assert_eq!(expectations.patience(&key), PATIENCE.checked_sub(second));
        tokio::time::advance(PATIENCE).await;
        assert!(expectations.met(&key));
    }
}
