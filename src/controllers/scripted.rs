//! A server for tests of shells: what it lists never changes, whatever is written; the first write may be
//! refused, and each is told.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use client::{Body, BoxError, Client, Informers, Transport};
use http::{Method, Request, Response};
use lifecycle::StopToken;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::driver::Shop;

/// What the server lists at a path; nothing (`null`) for what is not there.
pub(crate) type Lists = fn(&str) -> Value;

#[derive(Debug)]
struct Server {
    lists: Lists,
    first: First,
    refuses: AtomicBool,
    tell: mpsc::UnboundedSender<String>,
}

/// What a controller is made with, and the writes that it makes, as method and path.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) shop: Shop,
    writes: mpsc::UnboundedReceiver<String>,
}

/// Which first write meets a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    Conflicts,
    StatusConflicts,
    Succeeds,
}

impl Scene {
    /// A shop in front of a server.
    pub(crate) fn new(lists: Lists, first: First) -> Self {
        let (tell, writes) = mpsc::unbounded_channel();
        let refuses = AtomicBool::new(first != First::Succeeds);
        let server = Arc::new(Server { lists, first, refuses, tell });
        let service = tower::service_fn(move |request| Arc::clone(&server).respond(request));
        let client = Client::in_process(Transport::in_process(service), "test");
        let stop = StopToken::new();
        let informers = Informers::new(&client, &stop);
        Self { shop: Shop::new(&client, informers, &stop), writes }
    }

    /// The next write within an hour; events do not count.
    pub(crate) async fn maybe_next(&mut self) -> Option<String> {
        let hour = std::time::Duration::from_hours(1);
        tokio::time::timeout(hour, self.writes.recv()).await.ok()?
    }

    /// The next write, which must come.
    pub(crate) async fn next(&mut self) -> String {
        self.maybe_next().await.expect("something is written")
    }
}

impl Server {
    async fn respond(self: Arc<Self>, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let path = request.uri().path().to_owned();
        if request.uri().query().is_some_and(|query| query.contains("watch=true")) {
            return std::future::pending().await;
        }
        if request.method() == Method::GET {
            let items = (self.lists)(&path);
            if items.is_null() {
                return answer(404, &refusal(404, "NotFound"));
            }
            return answer(200, &json!({"metadata": {"resourceVersion": "1"}, "items": items}));
        }
        if path.ends_with("/events") {
            return answer(201, &json!({}));
        }
        self.tell.send(format!("{} {path}", request.method()))?;
        let concerned = self.first == First::Conflicts || path.ends_with("/status");
        if concerned && self.refuses.swap(false, Ordering::Relaxed) {
            return answer(409, &refusal(409, "Conflict"));
        }
        answer(200, &json!({"metadata": {"name": "made"}}))
    }
}

fn refusal(code: u16, reason: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "no", "reason": reason, "code": code})
}

fn answer(code: u16, body: &Value) -> Result<Response<Body>, BoxError> {
    let body = Body::from(Bytes::from(body.to_string()));
    Ok(Response::builder().status(code).header("content-type", "application/json").body(body)?)
}
