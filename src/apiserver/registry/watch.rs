//! Watching objects: events as a stream of JSON lines, from the store's bytes.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use machinery::{kind::Kind, status::Status};
use serde_json::{Value, json};
use store::{Change, Event, Range, Revision, StoreError, Watch};

use super::{
    list::{Selection, invalid_version},
    refused, served_bytes,
};
use crate::{
    http::{
        Call,
        answer::{self, Form},
    },
    table::Rows,
};

/// Longest life of a watch that names none: half an hour to an hour in Kubernetes.
const LONGEST: Duration = Duration::from_hours(1);

pub(super) async fn respond(call: &Call) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let selection = Selection::of(call)?;
    let seconds = call.query.number("timeoutSeconds")?.and_then(|it| u64::try_from(it).ok());
    let life = seconds.filter(|seconds| *seconds > 0).map_or(LONGEST, Duration::from_secs);
    let prefix = call.registry().key_of(&call.kind, call.namespace_of_object(), "");
    let rows = match accept.form {
        Form::Plain => None,
        form => Some(Rows::new(call, form)),
    };
    let mut stream = Stream {
        kind: Arc::clone(&call.kind),
        selection,
        rows,
        ready: BytesMut::new(),
        ended: false,
    };
    let watch = start(call, &prefix, &mut stream).await?;
    let deadline = lifecycle::clock::instant() + life;
    let ending = call.server.ending.clone();
    let state = (stream, watch, ending);
    let body = futures::stream::unfold(state, move |(mut stream, mut watch, ending)| async move {
        if stream.ready.is_empty() {
            if stream.ended {
                return None;
            }
            let next = tokio::time::timeout_at(deadline, watch.next());
            stream.take(ending.run_until_cancelled(next).await?.ok()?);
        }
        let chunk = stream.ready.split().freeze();
        Some((Ok::<_, std::convert::Infallible>(chunk), (stream, watch, ending)))
    });
    Ok(answer::stream(200, Body::from_stream(body), "application/json"))
}

/// Opens the watch where the request wants it, with the events that come before.
async fn start(call: &Call, prefix: &str, stream: &mut Stream) -> Result<Box<dyn Watch>, Status> {
    let store = call.registry().store();
    let version = call.query.text("resourceVersion");
    let now = store.revision().await.map_err(|error| refused(&error))?;
    let initial = call.query.flag("sendInitialEvents");
    if initial && call.query.text("resourceVersionMatch") != "NotOlderThan" {
        let mut errors = machinery::field::Errors::default();
        let path = machinery::field::Path::new("resourceVersionMatch");
        errors.forbidden(
            &path,
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        );
        let kind = machinery::status::Resource { group: "meta.k8s.io", name: "ListOptions" };
        return Err(Status::invalid(kind, "", &errors));
    }
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
        stream.bookmark(from);
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
    kind: Arc<Kind>,
    selection: Selection,
    rows: Option<Rows>,
    ready: BytesMut,
    ended: bool,
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
                let object = served_bytes(&self.kind, &record.value)?;
                if self.selection.wants_bytes(&self.kind, &object)? {
                    self.event("ADDED", &object);
                }
            }
        }
        Ok(page.revision)
    }

    fn take(&mut self, events: Result<Vec<Arc<Event>>, StoreError>) {
        match events {
            Ok(events) => {
                for event in events {
                    if let Err(status) = self.show(&event) {
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
    fn show(&mut self, event: &Event) -> Result<(), Status> {
        let kind = Arc::clone(&self.kind);
        let wanted = |bytes: &Bytes| -> Result<(Bytes, bool), Status> {
            let served = served_bytes(&kind, bytes)?;
            let wanted = self.selection.wants_bytes(&kind, &served)?;
            Ok((served, wanted))
        };
        let (word, object) = match &event.change {
            Change::Created(value) => {
                let (value, wanted) = wanted(value)?;
                (wanted.then_some("ADDED"), value)
            }
            Change::Updated { value, previous } => {
                let (value, now) = wanted(value)?;
                let (previous, before) = wanted(previous)?;
                match (before, now) {
                    (true, true) => (Some("MODIFIED"), value),
                    (false, true) => (Some("ADDED"), value),
                    (true, false) => (Some("DELETED"), restamped(&previous, event.revision)?),
                    (false, false) => (None, value),
                }
            }
            Change::Deleted { value, previous } => {
                let (_, before) = wanted(previous)?;
                let (value, _) = wanted(value)?;
                (before.then_some("DELETED"), value)
            }
        };
        if let Some(word) = word {
            self.event(word, &object);
        }
        Ok(())
    }

    fn event(&mut self, word: &str, object: &Bytes) {
        self.ready.put_slice(b"{\"type\":\"");
        self.ready.put_slice(word.as_bytes());
        self.ready.put_slice(b"\",\"object\":");
        match &mut self.rows {
            None => self.ready.put_slice(object),
            Some(rows) => self.ready.put_slice(&rows.one(object)),
        }
        self.ready.put_slice(b"}\n");
    }

    /// Tells that everything up to `revision` has been shown.
    fn bookmark(&mut self, revision: Revision) {
        let object = json!({
            "kind": self.kind.kind,
            "apiVersion": self.kind.api_version(),
            "metadata": {
                "resourceVersion": revision.to_string(),
                "annotations": {"k8s.io/initial-events-end": "true"},
            },
        });
        let bytes = Bytes::from(object.to_string());
        self.ready.put_slice(b"{\"type\":\"BOOKMARK\",\"object\":");
        match &mut self.rows {
            None => self.ready.put_slice(&bytes),
            Some(rows) => self.ready.put_slice(&rows.one(&bytes)),
        }
        self.ready.put_slice(b"}\n");
    }

    fn failed(&mut self, status: &Status) {
        let event = json!({"type": "ERROR", "object": status.to_object()});
        self.ready.put_slice(event.to_string().as_bytes());
        self.ready.put_slice(b"\n");
        self.ended = true;
    }
}

/// An object that leaves a selection is shown as it was, at the revision at which it left.
fn restamped(object: &Bytes, revision: Revision) -> Result<Bytes, Status> {
    let mut object: Value = serde_json::from_slice(object).map_err(Status::internal)?;
    machinery::meta::metadata_mut(&mut object)
        .insert("resourceVersion".into(), revision.to_string().into());
    Ok(Bytes::from(object.to_string()))
}
