//! Pods that wait for a decision: the most important first, those that were refused before after
//! those that were not. Source: `backend/queue`, whose back-off queue is served when there is
//! nothing else to do.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use client::ObjectKey;
use tokio::{sync::Notify, time::Instant};

/// What a pod waits behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// Only the more important and the earlier.
    New,
    /// Everything that is new, too.
    Again,
}

type Place = (Turn, Reverse<i32>, u64);

#[derive(Debug, Default)]
struct State {
    places: BTreeSet<(Place, ObjectKey)>,
    known: HashMap<ObjectKey, Place>,
    later: BTreeSet<(Instant, ObjectKey, i32)>,
    failures: HashMap<ObjectKey, u32>,
    sequence: u64,
}

/// The queue; one taker.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Notify,
    first_delay: Duration,
    longest_delay: Duration,
}

impl State {
    fn add(&mut self, key: ObjectKey, priority: i32, turn: Turn) {
        self.sequence += 1;
        let mut place = (turn, Reverse(priority), self.sequence);
        if let Some(known) = self.known.get(&key).copied() {
            self.places.remove(&(known, key.clone()));
            // Nobody loses a place by asking again.
            place = (turn.min(known.0), Reverse(priority), known.2);
        }
        self.known.insert(key.clone(), place);
        self.places.insert((place, key));
    }

    fn take(&mut self, now: Instant) -> Option<ObjectKey> {
        while self.later.first().is_some_and(|(when, ..)| *when <= now) {
            if let Some((_, key, priority)) = self.later.pop_first() {
                self.add(key, priority, Turn::Again);
            }
        }
        let (_, key) = self.places.pop_first()?;
        self.known.remove(&key);
        Some(key)
    }
}

impl Queue {
    /// An empty queue; failures wait from `first` to `longest`.
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        let (state, changed) = (Mutex::default(), Notify::new());
        Self { state, changed, first_delay: first, longest_delay: longest }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a pod, unless it waits already.
    pub(crate) fn add(&self, key: ObjectKey, priority: i32, turn: Turn) {
        self.state().add(key, priority, turn);
        self.changed.notify_one();
    }

    /// Adds a pod for which something failed, later each time.
    pub(crate) fn add_failed(&self, key: ObjectKey, priority: i32) {
        let mut state = self.state();
        let failures = state.failures.entry(key.clone()).or_insert(0);
        let delay = self.first_delay.saturating_mul(2_u32.saturating_pow(*failures));
        let delay = delay.min(self.longest_delay);
        *failures += 1;
        state.later.insert((lifecycle::clock::instant() + delay, key, priority));
        drop(state);
        self.changed.notify_one();
    }

    /// Adds a pod at a time, whatever becomes of it until then.
    pub(crate) fn add_at(&self, key: ObjectKey, priority: i32, when: Instant) {
        self.state().later.insert((when, key, priority));
        self.changed.notify_one();
    }

    /// Forgets what failed for a pod.
    pub(crate) fn forget(&self, key: &ObjectKey) {
        self.state().failures.remove(key);
    }

    /// The next pod; waits until there is one.
    pub(crate) async fn take(&self) -> ObjectKey {
        loop {
            let changed = self.changed.notified();
            let due = {
                let mut state = self.state();
                if let Some(key) = state.take(lifecycle::clock::instant()) {
                    return key;
                }
                state.later.first().map(|(when, ..)| *when)
            };
            match due {
                None => changed.await,
                Some(when) => drop(tokio::time::timeout_at(when, changed).await),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        Queue::new(Duration::from_secs(1), Duration::from_secs(10))
    }

    fn key(name: &str) -> ObjectKey {
        ObjectKey::new("n", name)
    }

    #[tokio::test(start_paused = true)]
    async fn the_important_and_the_new_come_first() {
        let queue = queue();
        queue.add(key("again"), 9, Turn::Again);
        queue.add(key("low"), 0, Turn::New);
        queue.add(key("high"), 5, Turn::New);
        queue.add(key("late"), 0, Turn::New);
        queue.add(key("low"), 0, Turn::New);
        queue.add_failed(key("failed"), 100);
        let mut order = Vec::new();
        for _ in 0..5 {
            order.push(queue.take().await.name);
        }
        assert_eq!(order, ["high", "low", "late", "again", "failed"]);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_wait_longer_each_time() {
        let queue = queue();
        let mut waits = Vec::new();
        for _ in 0..6 {
            let start = lifecycle::clock::instant();
            queue.add_failed(key("p"), 0);
            queue.take().await;
            waits.push((lifecycle::clock::instant() - start).as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
        queue.forget(&key("p"));
        queue.add_failed(key("p"), 0);
        let start = lifecycle::clock::instant();
        queue.take().await;
        assert_eq!((lifecycle::clock::instant() - start).as_secs(), 1);
    }
}
