//! A work queue: keys wait once however often they are added, and never run twice at a time.
//!
//! The rules are client-go's: a key added while it is being worked on waits for `done`;
//! failures wait 5 ms, doubling to 1000 s, until `forget`.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

const FIRST_DELAY: Duration = Duration::from_millis(5);
const LONGEST_DELAY: Duration = Duration::from_secs(1000);

/// The queue; clones share it. Bounded by the number of distinct keys.
pub struct WorkQueue<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Notify,
}

struct State<T> {
    ready: VecDeque<T>,
    waiting: HashSet<T>,
    working: HashSet<T>,
    delayed: BTreeMap<(Instant, u64), T>,
    due: HashMap<T, (Instant, u64)>,
    failures: HashMap<T, u32>,
    sequence: u64,
    closed: bool,
}

/// What a taker does next.
enum Step<T> {
    Take { key: T, more: bool },
    Wait(Option<Instant>),
    End,
}

impl<T> Clone for WorkQueue<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> fmt::Debug for WorkQueue<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WorkQueue")
    }
}

impl<T: Clone + Eq + Hash> Default for WorkQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone + Eq + Hash> WorkQueue<T> {
    /// An empty queue.
    pub fn new() -> Self {
        let state = State {
            ready: VecDeque::new(),
            waiting: HashSet::new(),
            working: HashSet::new(),
            delayed: BTreeMap::new(),
            due: HashMap::new(),
            failures: HashMap::new(),
            sequence: 0,
            closed: false,
        };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed: Notify::new() }) }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a key, unless it waits already.
    pub fn add(&self, key: T) {
        self.state().add(key);
        self.shared.changed.notify_one();
    }

    /// Adds a key after a delay; of several delays the shortest counts.
    pub fn add_after(&self, key: T, delay: Duration) {
        if delay.is_zero() {
            return self.add(key);
        }
        self.state().delay(key, lifecycle::clock::instant() + delay);
        self.shared.changed.notify_one();
    }

    /// Adds a key that failed, after a delay that doubles with each failure.
    pub fn add_rate_limited(&self, key: T) {
        let delay = {
            let mut state = self.state();
            let failures = state.failures.entry(key.clone()).or_insert(0);
            let delay = FIRST_DELAY.saturating_mul(2u32.saturating_pow(*failures));
            *failures += 1;
            delay.min(LONGEST_DELAY)
        };
        self.add_after(key, delay);
    }

    /// Forgets a key's failures.
    pub fn forget(&self, key: &T) {
        self.state().failures.remove(key);
    }

    /// How often a key failed since it was forgotten.
    pub fn failures(&self, key: &T) -> u32 {
        self.state().failures.get(key).copied().unwrap_or(0)
    }

    /// Takes the next key; the caller owes a [`WorkQueue::done`].
    ///
    /// Blocks: until there is one. `None` once the queue is closed and empty.
    pub async fn take(&self) -> Option<T> {
        loop {
            let changed = self.shared.changed.notified();
            let next_due = match self.state().step(lifecycle::clock::instant()) {
                Step::Take { key, more } => {
                    if more {
                        self.shared.changed.notify_one();
                    }
                    return Some(key);
                }
                Step::End => {
                    self.shared.changed.notify_one();
                    return None;
                }
                Step::Wait(next_due) => next_due,
            };
            match next_due {
                Some(when) => {
                    tokio::select! {
                        () = changed => {}
                        () = tokio::time::sleep_until(when) => {}
                    }
                }
                None => changed.await,
            }
        }
    }

    /// Ends the work on a key; if it was added meanwhile it waits again.
    pub fn done(&self, key: &T) {
        let mut state = self.state();
        state.working.remove(key);
        if state.waiting.contains(key) {
            state.ready.push_back(key.clone());
            drop(state);
            self.shared.changed.notify_one();
        }
    }

    /// Keys that are ready.
    pub fn len(&self) -> usize {
        self.state().ready.len()
    }

    /// Nothing is ready.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes no more keys; those that are ready are still handed out.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.delayed.clear();
        state.due.clear();
        drop(state);
        self.shared.changed.notify_one();
    }
}

impl<T: Clone + Eq + Hash> State<T> {
    fn add(&mut self, key: T) {
        if self.closed || !self.waiting.insert(key.clone()) {
            return;
        }
        if !self.working.contains(&key) {
            self.ready.push_back(key);
        }
    }

    fn delay(&mut self, key: T, when: Instant) {
        if self.closed {
            return;
        }
        if let Some(earlier) = self.due.get(&key).copied() {
            if earlier.0 <= when {
                return;
            }
            self.delayed.remove(&earlier);
        }
        self.sequence += 1;
        let slot = (when, self.sequence);
        self.due.insert(key.clone(), slot);
        self.delayed.insert(slot, key);
    }

    fn promote(&mut self, now: Instant) {
        while let Some(entry) = self.delayed.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let key = entry.remove();
            self.due.remove(&key);
            self.add(key);
        }
    }

    fn step(&mut self, now: Instant) -> Step<T> {
        self.promote(now);
        match self.take() {
            Some(key) => Step::Take { key, more: !self.ready.is_empty() || self.closed },
            None if self.closed => Step::End,
            None => Step::Wait(self.delayed.keys().next().map(|(when, _)| *when)),
        }
    }

    fn take(&mut self) -> Option<T> {
        let key = self.ready.pop_front()?;
        self.waiting.remove(&key);
        self.working.insert(key.clone());
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_waits_once_and_never_runs_twice_at_a_time() {
        let queue = WorkQueue::new();
        queue.add("a");
        queue.add("a");
        queue.add("b");
        assert_eq!(queue.take().await, Some("a"));
        queue.add("a");
        assert_eq!(queue.take().await, Some("b"));
        assert!(queue.is_empty(), "a is being worked on");
        queue.done(&"a");
        assert_eq!(queue.take().await, Some("a"));
        queue.close();
        assert_eq!(queue.take().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_double_and_the_shortest_delay_counts() {
        let queue = WorkQueue::new();
        let start = Instant::now();
        queue.add_rate_limited(1);
        assert_eq!(queue.take().await, Some(1));
        queue.done(&1);
        queue.add_rate_limited(1);
        assert_eq!(queue.take().await, Some(1));
        assert!(start.elapsed() >= Duration::from_millis(15));
        assert_eq!(queue.failures(&1), 2);
        queue.done(&1);
        queue.add_after(1, Duration::from_mins(1));
        queue.add_after(1, Duration::from_secs(1));
        assert_eq!(queue.take().await, Some(1));
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}
