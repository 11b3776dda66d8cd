//! How long failed pods of a node are left alone: the kubelet may refuse the next one as well.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use client::ObjectKey;
use tokio::time::Instant;

/// The first wait and the longest; each is twice the one before.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(15);

/// What is known of one set: by node, how long its failed pods wait, and since when.
type Waits = HashMap<String, (Duration, Instant)>;

/// Waits by set.
#[derive(Debug, Default)]
pub(super) struct FailedPods(Mutex<HashMap<ObjectKey, Waits>>);

impl FailedPods {
    /// The nodes of a set whose failed pods are left alone, and for how long.
    pub(super) fn held(&self, key: &ObjectKey) -> BTreeMap<String, Duration> {
        let now = lifecycle::clock::instant();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(waits) = all.get_mut(key) else { return BTreeMap::new() };
        // Long after the last failure, the next one is the first again.
        waits.retain(|_, (_, since)| now.duration_since(*since) < LONGEST * 2);
        let left = |(node, (wait, since)): (&String, &(Duration, Instant))| {
            let left = wait.saturating_sub(now.duration_since(*since));
            Some((node.clone(), left)).filter(|_| !left.is_zero())
        };
        waits.iter().filter_map(left).collect()
    }

    /// A failed pod of a node goes: the next one waits longer.
    pub(super) fn count(&self, key: &ObjectKey, node: &str) {
        let now = lifecycle::clock::instant();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = all.entry(key.clone()).or_default().entry(node.to_owned());
        wait.and_modify(|(wait, since)| (*wait, *since) = ((*wait * 2).min(LONGEST), now))
            .or_insert((FIRST, now));
    }

    /// Forgets a set that is gone.
    pub(super) fn forget(&self, key: &ObjectKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_grow_and_end() {
        let (failed, key) = (FailedPods::default(), ObjectKey::new("n", "s"));
        let second = Duration::from_secs(1);
        for wait in [1, 2, 4] {
            failed.count(&key, "n1");
            assert_eq!(failed.held(&key), BTreeMap::from([("n1".into(), second * wait)]));
            tokio::time::advance(second * wait).await;
            assert_eq!(failed.held(&key), BTreeMap::new());
        }
        tokio::time::advance(LONGEST * 2).await;
        assert_eq!(failed.held(&key), BTreeMap::new());
        failed.count(&key, "n1");
        assert_eq!(failed.held(&key), BTreeMap::from([("n1".into(), second)]), "the first again");
        failed.forget(&key);
        assert_eq!(failed.held(&key), BTreeMap::new());
    }
}
