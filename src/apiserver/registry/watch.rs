//! Watching objects: events as a stream of JSON lines, from the store's bytes.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::FutureExt as _;
use lifecycle::StopToken;
use machinery::{kind::Kind, protobuf::wire::put_bytes, status::Status};
use serde_json::{Value, json};
use store::{Change, Event, Range, Revision, StoreError, Watch};
use tokio::time::Instant;

use super::{
    convert::served_bytes,
    list::{Selection, invalid_version},
    refused,
};
use crate::{
    http::{
        Call,
        answer::{self, Form, Writing},
        body,
    },
    metrics::Watches,
    server::Inner,
    table::Rows,
};

const PROTOBUF_STREAM: &str = "application/vnd.kubernetes.protobuf;stream=watch";
/// Longest life of a watch that names none: half an hour to an hour in Kubernetes.
const LONGEST: Duration = Duration::from_hours(1);

pub(super) async fn respond(call: &Call) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let selection = Selection::of(call)?;
    let seconds = call.query.number("timeoutSeconds")?.and_then(|it| u64::try_from(it).ok());
    let life = seconds.filter(|seconds| *seconds > 0).map_or(LONGEST, Duration::from_secs);
    let prefix = call.registry().key_of(&call.kind, call.namespace_of_object(), "");
    let rows = (accept.form != Form::Plain).then(|| Rows::new(call, accept));
    let binary = accept.writing == Writing::Protobuf;
    let mut stream = Stream {
        server: Arc::clone(&call.server),
        kind: Arc::clone(&call.kind),
        selection,
        rows,
        sent: call.server.metrics.watches(&call.kind),
        ready: BytesMut::new(),
        ended: false,
        binary,
    };
    let watch = start(call, &prefix, &mut stream).await?;
    let deadline = lifecycle::clock::instant() + life;
    let marks = call.query.flag("allowWatchBookmarks").then(|| Bookmarks::until(deadline));
    let follower = Follower { stream, watch, deadline, marks, ending: call.server.ending.clone() };
    let body = futures::stream::unfold(follower, |mut follower| async move {
        let chunk = follower.next().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), follower))
    });
    let media = if binary { PROTOBUF_STREAM } else { "application/json" };
    Ok(answer::stream(200, Body::from_stream(body), media))
}

/// When a watcher is told how far it has come: each minute, and shortly before its watch ends.
/// Source: `cacheWatcher.nextBookmarkTime` of k8s.io/apiserver.
#[derive(Debug)]
struct Bookmarks {
    next: Instant,
    last: Instant,
}

impl Bookmarks {
    const EVERY: Duration = Duration::from_mins(1);
    const BEFORE_END: Duration = Duration::from_secs(2);

    fn until(deadline: Instant) -> Self {
        let now = lifecycle::clock::instant();
        let last = deadline.checked_sub(Self::BEFORE_END).unwrap_or(deadline);
        Self { next: last.min(now + Self::EVERY), last }
    }

    /// Moves on to the next one; `None` behind the last.
    fn advanced(self) -> Option<Self> {
        (self.next < self.last)
            .then(|| Self { next: self.last.min(self.next + Self::EVERY), last: self.last })
    }
}

/// A watch on its way to its caller.
struct Follower {
    stream: Stream,
    watch: Box<dyn Watch>,
    deadline: Instant,
    marks: Option<Bookmarks>,
    ending: StopToken,
}

impl Follower {
    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        while self.stream.ready.is_empty() {
            if self.stream.ended {
                return None;
            }
            let until = self.marks.as_ref().map_or(self.deadline, |marks| marks.next);
            let next = tokio::time::timeout_at(until, self.watch.next());
            match self.ending.run_until_cancelled(next).await? {
                Ok(events) => self.stream.take(events).await,
                Err(_) => self.mark().await?,
            }
        }
        Some(self.stream.ready.split().freeze())
    }

    /// A time has come: the end, or that of a bookmark.
    async fn mark(&mut self) -> Option<()> {
        self.marks = self.marks.take()?.advanced();
        // What has come in the meantime is a better mark; else everything is seen by now.
        match self.watch.next().now_or_never() {
            Some(events) => self.stream.take(events).await,
            None => self.stream.bookmark(self.watch.seen(), false),
        }
        Some(())
    }
}

/// Opens the watch where the request wants it, with the events that come before.
async fn start(call: &Call, prefix: &str, stream: &mut Stream) -> Result<Box<dyn Watch>, Status> {
    let store = call.registry().store();
    let version = call.query.text("resourceVersion");
    let now = store.revision().await.map_err(|error| refused(&error))?;
    let initial = call.query.flag("sendInitialEvents");
    let asked: Revision = match version {
        "" => 0,
        text => text.parse().map_err(|_| {
            let status = invalid_version(text);
            Status::failure(status.message)
        })?,
    };
    if asked > now {
        return Err(Status::future_revision(asked, now));
    }
    let from = if asked == 0 || initial {
        let wants_state =
            initial || !call.query.pairs().iter().any(|(key, _)| key == "sendInitialEvents");
        stream.initial(call, prefix, wants_state).await?
    } else {
        asked
    };
    if initial && call.query.flag("allowWatchBookmarks") {
        stream.bookmark(from, true);
    }
    match store.watch(prefix, from).await {
        Ok(watch) => Ok(watch),
        Err(StoreError::Compacted { asked, oldest }) => {
            let words = format!("too old resource version: {asked} ({oldest})");
            stream.failed(&Status::expired(words));
            store.watch(prefix, now).await.map_err(|error| refused(&error))
        }
        Err(error) => Err(refused(&error)),
    }
}

/// What has been put together and not been sent.
#[derive(Debug)]
struct Stream {
    server: Arc<Inner>,
    kind: Arc<Kind>,
    selection: Selection,
    rows: Option<Rows>,
    sent: Arc<Watches>,
    ready: BytesMut,
    ended: bool,
    /// Whether events are written as protobuf, each behind its length.
    binary: bool,
}

impl Stream {
    /// Shows what is there as additions; returns the revision that it shows.
    async fn initial(
        &mut self,
        call: &Call,
        prefix: &str,
        wants_state: bool,
    ) -> Result<Revision, Status> {
        let range = Range { prefix: prefix.to_owned(), ..Range::default() };
        let page = call.registry().store().range(&range).await.map_err(|error| refused(&error))?;
        if wants_state {
            for record in &page.records {
                let object = served_bytes(&self.server.registry, &self.kind, &record.value).await?;
                if self.selection.wants_bytes(&self.kind, &object)? {
                    self.event("ADDED", &object);
                }
            }
        }
        Ok(page.revision)
    }

    async fn take(&mut self, events: Result<Vec<Arc<Event>>, StoreError>) {
        match events {
            Ok(events) => {
                for event in events {
                    if let Err(status) = self.show(&event).await {
                        return self.failed(&status);
                    }
                }
            }
            Err(StoreError::Compacted { asked, oldest }) => {
                let words = format!("too old resource version: {asked} ({oldest})");
                self.failed(&Status::expired(words));
            }
            Err(error) => self.failed(&refused(&error)),
        }
    }

    /// One event as this watcher sees it: objects enter and leave its selection.
    async fn show(&mut self, event: &Event) -> Result<(), Status> {
        let (word, object) = match &event.change {
            Change::Created(value) => {
                let (value, wanted) = self.judged(value).await?;
                (wanted.then_some("ADDED"), value)
            }
            Change::Updated { value, previous } => {
                let (value, now) = self.judged(value).await?;
                if self.selection.is_everything() {
                    self.event("MODIFIED", &value);
                    return Ok(());
                }
                let (previous, before) = self.judged(previous).await?;
                match (before, now) {
                    (true, true) => (Some("MODIFIED"), value),
                    (false, true) => (Some("ADDED"), value),
                    (true, false) => (Some("DELETED"), restamped(&previous, event.revision)?),
                    (false, false) => (None, value),
                }
            }
            Change::Deleted { value, previous } => {
                let everything = self.selection.is_everything();
                let before = everything || self.judged(previous).await?.1;
                let (value, _) = self.judged(value).await?;
                (before.then_some("DELETED"), value)
            }
        };
        if let Some(word) = word {
            self.event(word, &object);
        }
        Ok(())
    }

    /// An object as it is served, and whether it is wanted. What everybody wants is not read.
    async fn judged(&self, stored: &Bytes) -> Result<(Bytes, bool), Status> {
        let served = served_bytes(&self.server.registry, &self.kind, stored).await?;
        let wanted = self.selection.wants_bytes(&self.kind, &served)?;
        Ok((served, wanted))
    }

    fn event(&mut self, word: &str, object: &Bytes) {
        self.sent.sent(object.len());
        let shown = self.rows.as_mut().map(|rows| rows.one(object));
        if self.binary {
            let value = shown.unwrap_or_else(|| serde_json::from_slice(object).unwrap_or_default());
            return self.frame(word, &value);
        }
        self.ready.put_slice(b"{\"type\":\"");
        self.ready.put_slice(word.as_bytes());
        self.ready.put_slice(b"\",\"object\":");
        match shown {
            None => self.ready.put_slice(object),
            Some(shown) => self.ready.put_slice(shown.to_string().as_bytes()),
        }
        self.ready.put_slice(b"}\n");
    }

    /// An event as a message `WatchEvent` behind its length, the object in its envelope within.
    /// Source: `LengthDelimitedFramer` of k8s.io/apimachinery, `WatchEvent` of meta/v1.
    fn frame(&mut self, word: &str, object: &Value) {
        let Some(object) = body::to_protobuf(object) else {
            tracing::error!(kind = self.kind.kind, "a watched object has no protobuf form");
            return;
        };
        let (mut raw, mut event) = (Vec::new(), Vec::new());
        put_bytes(&mut raw, 1, &object);
        put_bytes(&mut event, 1, word.as_bytes());
        put_bytes(&mut event, 2, &raw);
        self.ready.put_u32(u32::try_from(event.len()).unwrap_or(u32::MAX));
        self.ready.put_slice(&event);
    }

    /// Tells that everything up to `revision` has been shown; `initial`: all there was at first.
    fn bookmark(&mut self, revision: Revision, initial: bool) {
        let mut object = json!({
            "kind": self.kind.kind,
            "apiVersion": self.kind.api_version(),
            "metadata": {"resourceVersion": revision.to_string()},
        });
        if initial {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        self.event("BOOKMARK", &Bytes::from(object.to_string()));
    }

    fn failed(&mut self, status: &Status) {
        self.ended = true;
        if self.binary {
            return self.frame("ERROR", &status.to_object());
        }
        let event = json!({"type": "ERROR", "object": status.to_object()});
        self.ready.put_slice(event.to_string().as_bytes());
        self.ready.put_slice(b"\n");
    }
}

/// An object that leaves a selection is shown as it was, at the revision at which it left.
fn restamped(object: &Bytes, revision: Revision) -> Result<Bytes, Status> {
    let mut object: Value = serde_json::from_slice(object).map_err(Status::internal)?;
    machinery::meta::metadata_mut(&mut object)
        .insert("resourceVersion".into(), revision.to_string().into());
    Ok(Bytes::from(object.to_string()))
}
