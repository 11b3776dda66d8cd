//! The store as the simulation sees it: each write is carried out at once, in no time, and shown to
//! whoever watches before anybody else hears of it.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake},
    thread::{self, Thread},
};

use store::{Answer, Embedded, Engine, Op, Outcome, Page, Range, Record, Revision, Watch, Write};

use crate::mirror::{Caller, Mirror, Written};

tokio::task_local! {
    /// Whose request is being answered.
    pub(crate) static CALLER: Caller;
}

/// The embedded engine, with somebody who sees every write.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) engine: Embedded,
    pub(crate) mirror: Arc<Mirror>,
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for the store's own thread without giving the turn to anybody: for the cluster, which has
/// one thread and a paused clock, no time passes.
fn at_once<F: Future>(work: F) -> F::Output {
    // A task that has used up its turn would be told to wait for its next one.
    let mut work = pin!(tokio::task::unconstrained(work));
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}

impl Engine for Observed {
    fn revision(&self) -> Answer<'_, Revision> {
        self.engine.revision()
    }

    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Record>> {
        self.engine.get(key)
    }

    fn range<'a>(&'a self, range: &'a Range) -> Answer<'a, Page> {
        self.engine.range(range)
    }

    fn write(&self, write: Write) -> Answer<'_, Outcome> {
        Box::pin(async move {
            let (key, gone) = (Arc::clone(&write.key), matches!(write.op, Op::Delete(_)));
            let outcome = at_once(self.engine.write(write))?;
            if let Outcome::Done(record) = &outcome {
                let caller = CALLER.try_with(Clone::clone).unwrap_or_default();
                let value = (!gone).then_some(&record.value);
                self.mirror.written(&Written { caller: &caller, key: &key, value });
            }
            Ok(outcome)
        })
    }

    fn watch<'a>(&'a self, prefix: &'a str, from: Revision) -> Answer<'a, Box<dyn Watch>> {
        self.engine.watch(prefix, from)
    }

    fn compact(&self, revision: Revision) -> Answer<'_, ()> {
        Box::pin(async move { at_once(self.engine.compact(revision)) })
    }
}
