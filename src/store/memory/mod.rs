//! The store's memory, which every engine reads from: the live records, and the recent events that
//! lead up to them.
//!
//! Events stand in the order of their revisions. Revisions may be missing (a restart skips some, and
//! in an etcd others write too), and another's transaction may give several events one revision.

mod cursor;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    ops::Bound,
    sync::Arc,
};

use tokio::sync::watch;

use crate::{Change, Event, Page, Range, Record, Revision, StoreError};

pub(crate) use cursor::Cursor;

/// How much history is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Events.
    pub(crate) events: usize,
    /// Bytes of superseded values kept with them.
    pub(crate) bytes: usize,
}

/// Live records, history and the bells of the watchers.
#[derive(Debug)]
pub(crate) struct State {
    records: BTreeMap<Arc<str>, Record>,
    live_bytes: u64,
    history: VecDeque<Arc<Event>>,
    history_bytes: usize,
    revision: Revision,
    compacted: Revision,
    bells: HashMap<String, Bell>,
    era: u64,
    limits: Limits,
}

/// Wakes the watchers of one prefix.
#[derive(Debug)]
struct Bell {
    sender: watch::Sender<Revision>,
    /// The newest forgotten revision that wrote under the prefix.
    forgotten: Revision,
}

impl State {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            records: BTreeMap::new(),
            live_bytes: 0,
            history: VecDeque::new(),
            history_bytes: 0,
            revision: 0,
            compacted: 0,
            bells: HashMap::new(),
            era: 0,
            limits,
        }
    }

    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }

    /// Bytes of keys and values that are live.
    pub(crate) fn live_bytes(&self) -> u64 {
        self.live_bytes
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Record> {
        self.records.get(key)
    }

    /// Applies one event, which must not be older than the last one.
    pub(crate) fn apply(&mut self, event: Event) {
        debug_assert!(event.revision >= self.revision, "revisions only grow");
        self.revision = event.revision;
        let superseded = match &event.change {
            Change::Created(value) => {
                self.put(&event, value.clone(), event.revision);
                0
            }
            Change::Updated { value, previous } => {
                let created =
                    self.records.get(&event.key).map_or(0, |record| record.create_revision);
                self.put(&event, value.clone(), created);
                previous.len()
            }
            Change::Deleted { value, .. } => {
                if let Some(gone) = self.records.remove(&event.key) {
                    self.live_bytes -= weight(&gone);
                }
                value.len()
            }
        };
        self.history_bytes += superseded;
        self.history.push_back(Arc::new(event));
        self.forget_the_oldest();
    }

    fn put(&mut self, event: &Event, value: bytes::Bytes, create_revision: Revision) {
        let record = Record {
            key: Arc::clone(&event.key),
            value,
            create_revision,
            mod_revision: event.revision,
        };
        self.live_bytes += weight(&record);
        if let Some(old) = self.records.insert(Arc::clone(&event.key), record) {
            self.live_bytes -= weight(&old);
        }
    }

    /// Puts a record back as a log's first part holds it; it is no event.
    pub(crate) fn restore(&mut self, record: Record) {
        self.revision = self.revision.max(record.mod_revision);
        self.compacted = self.revision;
        self.live_bytes += weight(&record);
        self.records.insert(Arc::clone(&record.key), record);
    }

    /// Moves the counter forward without an event; history starts anew there.
    pub(crate) fn skip_to(&mut self, revision: Revision) {
        if revision > self.revision {
            self.revision = revision;
            self.compacted = revision;
            self.history.clear();
            self.history_bytes = 0;
        }
    }

    /// Moves the counter forward over revisions that are no events here; history stays.
    pub(crate) fn advance(&mut self, revision: Revision) {
        self.revision = self.revision.max(revision);
    }

    /// Begins anew with these records as of `revision`; every watcher is told that it is too old.
    pub(crate) fn restart(&mut self, records: Vec<Record>, revision: Revision) {
        self.records.clear();
        self.live_bytes = 0;
        self.history.clear();
        self.history_bytes = 0;
        for record in records {
            self.restore(record);
        }
        self.revision = revision;
        self.compacted = revision;
        for bell in self.bells.values_mut() {
            bell.forgotten = revision;
            bell.sender.send_replace(revision);
        }
        self.era += 1;
    }

    /// Counts the new beginnings: a cursor belongs to one of them.
    pub(crate) fn era(&self) -> u64 {
        self.era
    }

    fn forget_the_oldest(&mut self) {
        while self.history.len() > self.limits.events || self.history_bytes > self.limits.bytes {
            let Some(event) = self.history.pop_front() else { return };
            self.forget(&event);
        }
    }

    fn forget(&mut self, event: &Event) {
        self.compacted = event.revision;
        for (prefix, bell) in &mut self.bells {
            if event.key.starts_with(prefix.as_str()) {
                bell.forgotten = event.revision;
            }
        }
        self.history_bytes -= match &event.change {
            Change::Created(_) => 0,
            Change::Updated { previous, .. } => previous.len(),
            Change::Deleted { value, .. } => value.len(),
        };
    }

    pub(crate) fn compact(&mut self, revision: Revision) -> Result<(), StoreError> {
        self.check(revision)?;
        while let Some(event) = self.history.pop_front_if(|event| event.revision <= revision) {
            self.forget(&event);
        }
        self.compacted = self.compacted.max(revision);
        Ok(())
    }

    fn check(&self, asked: Revision) -> Result<(), StoreError> {
        if asked < self.compacted {
            return Err(StoreError::Compacted { asked, oldest: self.compacted });
        }
        if asked > self.revision {
            return Err(StoreError::Future { asked, newest: self.revision });
        }
        Ok(())
    }

    pub(crate) fn range(&self, range: &Range) -> Result<Page, StoreError> {
        let revision = range.at.unwrap_or(self.revision);
        self.check(revision)?;
        let past = self.undone_since(revision, &range.prefix);
        let lower = match &range.after {
            Some(after) => Bound::Excluded(after.as_str()),
            None => Bound::Included(range.prefix.as_str()),
        };
        let after_lower = |key: &str| range.after.as_deref().is_none_or(|after| key > after);
        let now = self
            .records
            .range::<str, _>((lower, Bound::Unbounded))
            .map(|(_, record)| record)
            .take_while(|record| record.key.starts_with(&range.prefix))
            .filter(|record| !past.contains_key(&record.key));
        let mut records: Vec<Record> = Vec::new();
        let mut remaining = 0;
        if past.is_empty() {
            for record in now {
                if range.limit == 0 || records.len() < range.limit {
                    records.push(record.clone());
                } else {
                    remaining += 1;
                }
            }
        } else {
            records.extend(now.cloned());
            records.extend(past.into_values().flatten().filter(|record| after_lower(&record.key)));
            records.sort_unstable_by(|left, right| left.key.cmp(&right.key));
            if range.limit > 0 && records.len() > range.limit {
                remaining = records.len() - range.limit;
                records.truncate(range.limit);
            }
        }
        Ok(Page { records, revision, remaining })
    }

    /// The keys under `prefix` that changed after `revision`, with what they were at it.
    fn undone_since(&self, revision: Revision, prefix: &str) -> HashMap<Arc<str>, Option<Record>> {
        let mut past = HashMap::new();
        for event in self.events_after(revision).rev() {
            if !event.key.starts_with(prefix) {
                continue;
            }
            let before = match &event.change {
                Change::Created(_) => None,
                Change::Updated { previous, .. } | Change::Deleted { previous, .. } => {
                    Some(Record {
                        key: Arc::clone(&event.key),
                        value: previous.clone(),
                        create_revision: 0,
                        mod_revision: revision,
                    })
                }
            };
            past.insert(Arc::clone(&event.key), before);
        }
        past
    }

    pub(crate) fn events_after(
        &self,
        revision: Revision,
    ) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        let start = self.history.partition_point(|event| event.revision <= revision);
        self.history.range(start..)
    }

    /// The oldest revision that a watcher can start from.
    pub(crate) fn compacted(&self) -> Revision {
        self.compacted
    }

    /// Returns the bell that rings when something under `prefix` is written.
    pub(crate) fn bell(&mut self, prefix: &str) -> watch::Receiver<Revision> {
        let bell = self.bells.entry(prefix.to_owned()).or_insert_with(|| Bell {
            sender: watch::Sender::new(self.revision),
            forgotten: self.compacted,
        });
        bell.sender.subscribe()
    }

    /// The newest forgotten revision that wrote under `prefix`, as long as its bell exists.
    pub(crate) fn forgotten_under(&self, prefix: &str) -> Revision {
        self.bells.get(prefix).map_or(self.compacted, |bell| bell.forgotten)
    }

    /// Rings the bells of the prefixes of `keys`; forgets bells that nobody listens to.
    pub(crate) fn ring(&mut self, keys: &[Arc<str>]) {
        let revision = self.revision;
        self.bells.retain(|prefix, bell| {
            if bell.sender.receiver_count() == 0 {
                return false;
            }
            if keys.iter().any(|key| key.starts_with(prefix.as_str())) {
                bell.sender.send_replace(revision);
            }
            true
        });
    }
}

fn weight(record: &Record) -> u64 {
    (record.key.len() + record.value.len()) as u64
}
