//! The engine on an etcd (v3 API), which several control planes share.
//!
//! Reads come from memory ([`mirror`]), which one watch keeps in step; before a read is answered,
//! etcd is asked how far it is ([`barrier`]) and the memory must have come as far: so every read
//! sees every write that was acknowledged before it, by whichever control plane. Writes are etcd's
//! own transactions. We speak gRPC and protocol buffers ourselves ([`grpc`], [`wire`]): four calls
//! and a dozen messages over the hyper that is in the program anyway, instead of tonic, prost and a
//! build step. Source: etcd's "API guarantees".

mod barrier;
mod channel;
mod compactor;
mod endpoint;
mod grpc;
mod layout;
mod messages;
mod mirror;
mod wire;

use std::sync::{Arc, PoisonError};

use lifecycle::{StopToken, Task};

use crate::{
    Answer, Engine, Expect, Op, Outcome, Page, Range, Record, Revision, StoreError, Value, Watch,
    Write,
    memory::{Cursor, Limits, State},
};
use barrier::Barrier;
use channel::{Channel, Kind};
use grpc::Failure;
use layout::Layout;
use messages::{Compare, Deed, RangeRequest, TxnResponse, compaction, transaction};
use mirror::Mirror;
use wire::Malformed;

pub use endpoint::EtcdOptions;

/// History kept in memory for watchers and reads of the past; etcd itself keeps five to ten minutes.
const LIMITS: Limits = Limits { events: 20_000, bytes: 16 << 20 };

/// The engine on an etcd. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Etcd {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    channel: Channel,
    layout: Layout,
    mirror: Arc<Mirror>,
    barrier: Barrier,
    stop: StopToken,
    _tasks: Vec<Task>,
}

impl Etcd {
    /// Reads what an etcd holds of ours and follows it from then on.
    ///
    /// Blocks: until all is read. Errors: `Setting`, `Foreign`, `Remote` and `TimedOut`.
    pub async fn open(options: &EtcdOptions) -> Result<Self, StoreError> {
        let endpoints = endpoint::endpoints(options)?;
        let stop = StopToken::new();
        let (channel, operator) = Channel::new(endpoints, &stop);
        let layout = Layout::new(&options.inside, &options.prefix);
        let mirror = Mirror::fill(channel.clone(), layout.clone(), LIMITS).await?;
        let mirror = Arc::new(mirror);
        let following = Arc::clone(&mirror);
        let follower =
            lifecycle::spawn("store/etcd watch", &stop, async move { following.follow().await });
        let (barrier, asker) = Barrier::new(Arc::clone(&mirror), &stop);
        let compactor =
            lifecycle::spawn("store/etcd compactor", &stop, compactor::run(channel.clone()));
        let tasks = vec![operator, follower, asker, compactor];
        let inner = Inner { channel, layout, mirror, barrier, stop, _tasks: tasks };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Ends the engine: what is under way may or may not have happened.
    pub fn close(&self) {
        self.inner.stop.cancel();
    }

    fn read<T>(&self, question: impl FnOnce(&State) -> T) -> T {
        question(&self.inner.mirror.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the memory shows all that was acknowledged before.
    async fn fresh(&self) -> Result<Revision, StoreError> {
        let now = self.inner.barrier.now().await?;
        self.inner.mirror.reach(now).await?;
        Ok(now)
    }

    async fn transact(
        &self,
        key: &[u8],
        compare: Compare,
        then: &[Deed<'_>],
    ) -> Result<TxnResponse, StoreError> {
        let otherwise = Deed::Range(RangeRequest { key, ..RangeRequest::default() });
        let message = transaction(key, compare, then, &otherwise);
        let answer = self.inner.channel.call("KV/Txn", &message, Kind::Write).await;
        let answer = answer.map_err(|failure| error_of(&failure, 0))?;
        TxnResponse::read(answer).map_err(malformed)
    }

    async fn carry_out(&self, write: Write) -> Result<Outcome, StoreError> {
        let layout = &self.inner.layout;
        let key = layout.outside(&write.key);
        let compare = match write.expect {
            Expect::Absent => Compare::Modified(0),
            Expect::At(revision) => Compare::Modified(revision),
        };
        let lookup = RangeRequest { key: &key, keys_only: true, ..RangeRequest::default() };
        let kept = match &write.op {
            Op::Put(value) => layout::write(value),
            Op::Delete(_) => Vec::new(),
        };
        let done = match write.op {
            // The look-up tells since when the key exists.
            Op::Put(_) => {
                let deeds = [Deed::Range(lookup), Deed::Put(&key, &kept)];
                self.transact(&key, compare, &deeds).await?
            }
            Op::Delete(_) if write.expect == Expect::Absent => {
                let found = self.get(&write.key).await?;
                return Ok(Outcome::Conflict(found));
            }
            Op::Delete(_) => self.transact(&key, compare, &[Deed::Delete(&key)]).await?,
        };
        let found = done.records.first();
        if !done.succeeded {
            return found.map(|found| layout.record(found)).transpose().map(Outcome::Conflict);
        }
        let revision = done.revision;
        let value = match (&write.op, found) {
            (Op::Put(value) | Op::Delete(Some(value)), _) => value.stamped(revision),
            (Op::Delete(None), Some(gone)) => layout.record(gone)?.value,
            (Op::Delete(None), None) => Value::plain("").bytes,
        };
        let create_revision = found.map_or(revision, |found| found.create_revision);
        Ok(Outcome::Done(Record { key: write.key, value, create_revision, mod_revision: revision }))
    }

    async fn page(&self, range: &Range) -> Result<Page, StoreError> {
        let Some(at) = range.at else {
            self.fresh().await?;
            return self.read(|state| state.range(range));
        };
        if at > self.read(State::revision) {
            self.fresh().await?;
        }
        match self.read(|state| state.range(range)) {
            Err(StoreError::Compacted { .. }) if at > 0 => self.page_of_past(range, at).await,
            page => page,
        }
    }

    /// A page from etcd itself, which remembers longer than we do.
    async fn page_of_past(&self, range: &Range, at: Revision) -> Result<Page, StoreError> {
        let layout = &self.inner.layout;
        let prefix = layout.outside(&range.prefix);
        let start = range.after.as_ref().map(|after| [&layout.outside(after)[..], &[0]].concat());
        let asked = RangeRequest {
            key: start.as_deref().unwrap_or(&prefix),
            end: &layout::end_of(&prefix),
            limit: range.limit as u64,
            revision: at,
            ..RangeRequest::default()
        };
        let answer = self.inner.mirror.ask(&asked).await?;
        let records = answer.records.iter().map(|found| layout.record(found));
        let records: Vec<Record> = records.collect::<Result<_, _>>()?;
        let count = usize::try_from(answer.count).unwrap_or(usize::MAX);
        let remaining = count.saturating_sub(records.len());
        Ok(Page { records, revision: at, remaining })
    }

    async fn forget(&self, revision: Revision) -> Result<(), StoreError> {
        let now = self.fresh().await?;
        if revision > now {
            return Err(StoreError::Future { asked: revision, newest: now });
        }
        let message = compaction(revision);
        let done = self.inner.channel.call("KV/Compact", &message, Kind::Write).await;
        done.map_err(|failure| error_of(&failure, revision))?;
        let mut state = self.inner.mirror.state.write().unwrap_or_else(PoisonError::into_inner);
        state.compact(revision)
    }
}

impl Engine for Etcd {
    fn revision(&self) -> Answer<'_, Revision> {
        Box::pin(self.fresh())
    }

    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            self.fresh().await?;
            Ok(self.read(|state| state.get(key).cloned()))
        })
    }

    fn range<'a>(&'a self, range: &'a Range) -> Answer<'a, Page> {
        Box::pin(self.page(range))
    }

    fn write(&self, write: Write) -> Answer<'_, Outcome> {
        Box::pin(self.carry_out(write))
    }

    fn watch<'a>(&'a self, prefix: &'a str, from: Revision) -> Answer<'a, Box<dyn Watch>> {
        let watch = Cursor::new(&self.inner.mirror.state, prefix, from);
        Box::pin(async move { watch.map(|cursor| Box::new(cursor) as Box<dyn Watch>) })
    }

    fn compact(&self, revision: Revision) -> Answer<'_, ()> {
        Box::pin(self.forget(revision))
    }
}

/// What a failure means for a question as of `asked`.
fn error_of(failure: &Failure, asked: Revision) -> StoreError {
    match failure {
        Failure::NotSent(words) | Failure::Lost(words) => {
            StoreError::Remote { message: format!("rpc error: code = Unavailable desc = {words}") }
        }
        Failure::Late => StoreError::TimedOut,
        Failure::Closed => StoreError::Closed,
        Failure::Refused(refusal) if refusal.code == grpc::OUT_OF_RANGE => {
            if refusal.message.contains("compacted") {
                StoreError::Compacted { asked, oldest: asked + 1 }
            } else {
                StoreError::Future { asked, newest: asked.saturating_sub(1) }
            }
        }
        Failure::Refused(refusal) => StoreError::Remote { message: refusal.words() },
    }
}

fn malformed(_: Malformed) -> StoreError {
    StoreError::Remote { message: "etcd's answer is no protocol buffer".into() }
}

#[cfg(test)]
mod tests;
