//! A binding that the server refuses is tried again, whatever the refusal: nobody else does it, and
//! nothing need ever change that would have the pod looked at.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use client::{Body, BoxError, Client, Informers, Transport};
use http::{Request, Response};
use lifecycle::{Component as _, StopToken};
use scheduler::{Scheduler, SchedulerConfig};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// One pod without a node, and a node for it.
fn list(path: &str) -> Value {
    let items = match path {
        "/api/v1/pods" => json!([{
            "metadata": {"name": "p", "namespace": "n", "uid": "u", "resourceVersion": "1"},
            "spec": {"schedulerName": "default-scheduler", "containers": [{"name": "c"}]},
        }]),
        "/api/v1/nodes" => json!([{
            "metadata": {"name": "node", "uid": "v", "resourceVersion": "1"},
            "status": {"allocatable": {"cpu": "1", "memory": "1Gi", "pods": "10"}},
        }]),
        _ => json!([]),
    };
    json!({"metadata": {"resourceVersion": "1"}, "items": items})
}

fn answer(code: u16, body: &Value) -> Result<Response<Body>, BoxError> {
    let body = Body::from(Bytes::from(body.to_string()));
    Ok(Response::builder().status(code).header("content-type", "application/json").body(body)?)
}

fn refusal(code: u16, reason: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "no", "reason": reason, "code": code})
}

/// A server whose first answer to a binding is a refusal.
#[derive(Debug)]
struct Server {
    code: u16,
    reason: &'static str,
    tries: AtomicUsize,
    tell: mpsc::UnboundedSender<()>,
}

impl Server {
    async fn respond(self: Arc<Self>, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let path = request.uri().path();
        if request.uri().query().is_some_and(|query| query.contains("watch=true")) {
            // Nothing ever changes.
            return std::future::pending().await;
        }
        if !path.ends_with("/binding") {
            return answer(200, &list(path));
        }
        self.tell.send(())?;
        match self.tries.fetch_add(1, Ordering::Relaxed) {
            0 => answer(self.code, &refusal(self.code, self.reason)),
            _ => answer(201, &json!({})),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_binding_is_tried_again() {
    for (code, reason) in [(409, "Conflict"), (500, "InternalError"), (429, "TooManyRequests")] {
        let (tell, mut tries) = mpsc::unbounded_channel();
        let server = Arc::new(Server { code, reason, tries: AtomicUsize::new(0), tell });
        let service = tower::service_fn(move |request| Arc::clone(&server).respond(request));
        let client = Client::in_process(Transport::in_process(service), "test");
        let stop = StopToken::new();
        let informers = Informers::new(&client, &stop);
        let scheduler = Scheduler::new(client, informers.clone(), SchedulerConfig::default());
        let running = Box::new(scheduler).start(stop.clone()).await.unwrap();
        for turn in ["first", "second"] {
            let tried = tokio::time::timeout(std::time::Duration::from_mins(1), tries.recv());
            assert!(tried.await.is_ok(), "no {turn} try, where the answer is {code}");
        }
        stop.cancel();
        running.ended().await;
        informers.stop().await;
    }
}
