//! Ordered history of keys. Knows bytes and revisions; never objects or HTTP.
//!
//! One revision counter serves the whole store; every write takes exactly one revision and touches
//! one key. Invariants: revisions only grow, across restarts too · a write that was acknowledged
//! with [`Durability::Synced`] survives power loss · a watcher sees each revision of its prefix
//! once, in order, or [`StoreError::Compacted`]. Source: etcd v3 API guarantees.

mod embedded;
mod error;
mod etcd;
mod memory;
#[cfg(test)]
mod suite;

use std::{fmt::Debug, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;

pub use embedded::{Embedded, Options};
pub use error::StoreError;
pub use etcd::{Etcd, EtcdOptions};

/// A point in the history of the store. 0 is before the first write.
pub type Revision = u64;

/// A future that an engine returns; reads of the embedded engine are ready at once.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What is stored under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: Arc<str>,
    /// The value, with its revision stamped in where the writer asked for it.
    pub value: Bytes,
    /// The revision that created the key.
    pub create_revision: Revision,
    /// The revision that wrote this value.
    pub mod_revision: Revision,
}

/// One write as watchers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The revision of the write.
    pub revision: Revision,
    /// The key.
    pub key: Arc<str>,
    /// What happened to the key.
    pub change: Change,
}

/// What a write did to its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The key did not exist before.
    Created(Bytes),
    /// The key had the value `previous`.
    Updated {
        /// The value from now on.
        value: Bytes,
        /// The value until now.
        previous: Bytes,
    },
    /// The key is gone; its last value, stamped with the deletion's revision where one was given.
    Deleted {
        /// The value to show to watchers.
        value: Bytes,
        /// The value as it was stored.
        previous: Bytes,
    },
}

/// What must be true of the key for a write to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The key does not exist.
    Absent,
    /// The key was last written at this revision.
    At(Revision),
}

/// Bytes with an optional hole into which the store writes the revision in decimal.
#[derive(Debug, Clone)]
pub struct Value {
    /// The bytes around the hole.
    pub bytes: Bytes,
    /// Where the digits go, in bytes from the start.
    pub stamp_at: Option<usize>,
}

impl Value {
    /// A value that is stored as it is.
    pub fn plain(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), stamp_at: None }
    }

    /// Returns the bytes with `revision` written into the hole.
    pub fn stamped(&self, revision: Revision) -> Bytes {
        let Some(at) = self.stamp_at.filter(|at| *at <= self.bytes.len()) else {
            return self.bytes.clone();
        };
        let digits = revision.to_string();
        let mut out = Vec::with_capacity(self.bytes.len() + digits.len());
        out.extend_from_slice(&self.bytes[..at]);
        out.extend_from_slice(digits.as_bytes());
        out.extend_from_slice(&self.bytes[at..]);
        out.into()
    }
}

/// What a write does to its key.
#[derive(Debug, Clone)]
pub enum Op {
    /// Stores a value.
    Put(Value),
    /// Removes the key; the value, if given, is what the writer is answered with, and watchers are
    /// shown as the last one. An etcd cannot keep it: watchers there see what was stored, with the
    /// deletion's revision stamped in, as Kubernetes shows it.
    Delete(Option<Value>),
}

/// When a write is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// After it is on disk.
    Synced,
    /// At once; a crash may bring back the value before it. For renewals of Lease objects. An etcd
    /// writes them like all others.
    Volatile,
}

/// A compare-and-set on one key.
#[derive(Debug, Clone)]
pub struct Write {
    /// The key.
    pub key: Arc<str>,
    /// The condition.
    pub expect: Expect,
    /// The deed.
    pub op: Op,
    /// When it is acknowledged.
    pub durability: Durability,
}

/// What became of a [`Write`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It happened; a deletion returns the value that watchers are shown.
    Done(Record),
    /// The condition did not hold; the record that stands there instead.
    Conflict(Option<Record>),
}

/// A question for an ordered part of the store.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// Keys that start with this.
    pub prefix: String,
    /// Only keys after this one.
    pub after: Option<String>,
    /// At most so many records; 0 is all.
    pub limit: usize,
    /// As of this revision; `None` is now.
    pub at: Option<Revision>,
}

/// The answer to a [`Range`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The records in key order.
    pub records: Vec<Record>,
    /// The revision that the page shows.
    pub revision: Revision,
    /// How many records of the range come after the page.
    pub remaining: usize,
}

/// An ordered stream of the events under a prefix.
pub trait Watch: Send + Debug {
    /// Returns the next events, at least one, oldest first.
    ///
    /// Blocks: until one exists. Errors: [`StoreError::Compacted`] when the watcher was too slow.
    fn next(&mut self) -> Answer<'_, Vec<Arc<Event>>>;

    /// The revision up to which this watcher has seen everything under its prefix.
    fn seen(&self) -> Revision;
}

/// A store engine. The same test suite runs on all of them.
pub trait Engine: Send + Sync + Debug {
    /// Returns the newest revision.
    fn revision(&self) -> Answer<'_, Revision>;

    /// Returns the record of a key, if there is one.
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Record>>;

    /// Returns the records of a range.
    ///
    /// Cost: O(page), and for the past also O(writes since then). Errors:
    /// [`StoreError::Compacted`] and [`StoreError::Future`] for `at` outside the history.
    fn range<'a>(&'a self, range: &'a Range) -> Answer<'a, Page>;

    /// Carries out a compare-and-set.
    ///
    /// Blocks: until it is as durable as asked. Writers that come together share one sync.
    fn write(&self, write: Write) -> Answer<'_, Outcome>;

    /// Watches a prefix for the events after `from`.
    fn watch<'a>(&'a self, prefix: &'a str, from: Revision) -> Answer<'a, Box<dyn Watch>>;

    /// Forgets the history up to `revision`.
    fn compact(&self, revision: Revision) -> Answer<'_, ()>;
}
