//! Audit events are posted to a webhook: in batches behind the requests, or each before its request goes
//! on. What cannot be sent is counted, never kept: the queue and what is on its way are bounded.
//! Source: `k8s.io/apiserver/plugin/pkg/audit/{buffered,truncate,webhook}`.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering::Relaxed},
    time::Duration,
};

use lifecycle::{StopToken, Task, Tasks};
use machinery::meta;
use serde_json::{Value, json};
use tokio::{
    sync::{Semaphore, mpsc},
    time::Instant,
};

use super::counts::Counts;
use crate::webhook::{Again, Endpoint, Patience};

/// Batches that may be on their way at once where there is no throttle.
const USUAL_BURST: u32 = 15;
/// What an event has that lost its objects.
const TRUNCATED: &str = "audit.k8s.io/truncated";

/// How requests and the webhook wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditMode {
    /// Events are sent behind the requests, several at once.
    Batch,
    /// A request waits until its event is sent, and goes on in any case.
    Blocking,
    /// The same; a request that cannot be told when it comes is refused.
    BlockingStrict,
}

impl AuditMode {
    /// Reads a flag's value. Errors: in kube-apiserver's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "batch" => Ok(Self::Batch),
            "blocking" => Ok(Self::Blocking),
            "blocking-strict" => Ok(Self::BlockingStrict),
            other => Err(format!(
                "invalid audit webhook mode {other}, allowed modes are \
                 \"batch,blocking,blocking-strict\""
            )),
        }
    }
}

/// How batches are made. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Copy)]
pub struct AuditBatch {
    /// `--audit-webhook-batch-buffer-size`, in events.
    pub buffer_size: usize,
    /// `--audit-webhook-batch-max-size`, in events.
    pub max_size: usize,
    /// `--audit-webhook-batch-max-wait`; zero waits for a full batch.
    pub max_wait: Duration,
    /// `--audit-webhook-batch-throttle-qps` and `-burst`, in batches; `None`: nothing is throttled.
    pub throttle: Option<(f32, u32)>,
}

impl Default for AuditBatch {
    fn default() -> Self {
        Self {
            buffer_size: 10_000,
            max_size: 400,
            max_wait: Duration::from_secs(30),
            throttle: Some((10.0, USUAL_BURST)),
        }
    }
}

impl AuditBatch {
    /// Refuses what makes no sense, in kube-apiserver's words.
    pub fn check(&self) -> Result<(), String> {
        let refused = |what: &str, value: String| {
            Err(format!("invalid audit batch webhook {what} {value}, must be a positive number"))
        };
        match self.throttle {
            _ if self.buffer_size == 0 => refused("buffer size", "0".into()),
            _ if self.max_size == 0 => refused("max batch size", "0".into()),
            Some((qps, _)) if qps <= 0.0 => refused("throttle QPS", qps.to_string()),
            Some((_, 0)) => refused("throttle burst", "0".into()),
            _ => Ok(()),
        }
    }
}

/// The webhook's settings. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone)]
pub struct AuditWebhookConfig {
    /// `--audit-webhook-config-file`.
    pub path: PathBuf,
    /// `--audit-webhook-mode`.
    pub mode: AuditMode,
    /// `--audit-webhook-batch-*`.
    pub batch: AuditBatch,
    /// `--audit-webhook-initial-backoff`.
    pub initial_backoff: Duration,
    /// `--audit-webhook-truncate-max-event-size`, in bytes; `None`: events are sent as they are.
    pub most_event_bytes: Option<usize>,
}

/// The way to the webhook.
#[derive(Debug)]
struct Way {
    endpoint: Endpoint,
    first: Duration,
    counts: Arc<Counts>,
    /// Nothing waits for another attempt once it is cancelled.
    ending: StopToken,
}

/// The webhook, and what is on its way to it.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) mode: AuditMode,
    most_bytes: Option<usize>,
    way: Arc<Way>,
    queue: Mutex<Option<mpsc::Sender<Value>>>,
    worker: Mutex<Option<Task>>,
    loose: Tasks,
}

impl Webhook {
    /// Needs a tokio runtime. Errors: what is wrong with the file.
    pub(super) fn open(config: &AuditWebhookConfig, counts: &Arc<Counts>) -> Result<Self, String> {
        let way = Arc::new(Way {
            endpoint: Endpoint::of_kubeconfig(&config.path)?,
            first: config.initial_backoff,
            counts: Arc::clone(counts),
            ending: StopToken::new(),
        });
        let mut webhook = Self {
            mode: config.mode,
            most_bytes: config.most_event_bytes,
            way: Arc::clone(&way),
            queue: Mutex::default(),
            worker: Mutex::default(),
            loose: Tasks::new(&StopToken::new()),
        };
        if config.mode == AuditMode::Batch {
            let (sender, events) = mpsc::channel(config.batch.buffer_size);
            let worker = Worker { way, batch: config.batch, events };
            let worker = worker.run();
            let worker = lifecycle::spawn("apiserver/audit-webhook", &StopToken::new(), worker);
            webhook.queue = Mutex::new(Some(sender));
            webhook.worker = Mutex::new(Some(worker));
        }
        Ok(webhook)
    }

    /// Sends an event, or sees to it that it is sent; tells whether it was, where anybody asks.
    pub(super) async fn tell(&self, event: &Value) -> bool {
        let Some(item) = self.item(event) else { return false };
        if self.mode == AuditMode::Batch {
            self.enqueue(item);
            return true;
        }
        let sent = self.way.send(vec![item]).await;
        sent || self.mode == AuditMode::Blocking
    }

    /// The same where nobody can wait.
    pub(super) fn tell_later(&self, event: &Value) {
        let Some(item) = self.item(event) else { return };
        if self.mode == AuditMode::Batch {
            self.enqueue(item);
            return;
        }
        let way = Arc::clone(&self.way);
        self.loose.spawn("apiserver/audit-event", async move {
            way.send(vec![item]).await;
        });
    }

    /// An event as it is sent; `None` where it is too large and lost.
    fn item(&self, event: &Value) -> Option<Value> {
        let item = fitting(item(event), self.most_bytes);
        if item.is_none() {
            self.way.counts.truncate_errors.fetch_add(1, Relaxed);
            tracing::error!("an audit event is lost: event is too large even after truncating");
        }
        item
    }

    fn enqueue(&self, item: Value) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = queue.as_ref().is_some_and(|queue| queue.try_send(item).is_ok());
        if !sent {
            self.way.counts.buffered_errors.fetch_add(1, Relaxed);
            tracing::error!("an audit event is lost: audit buffer queue blocked");
        }
    }

    /// Sends what is left; returns when nothing is on its way any more.
    pub(super) async fn close(&self) {
        self.way.ending.cancel();
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker {
            worker.ended().await;
        }
        self.loose.ended().await;
    }
}

/// An event as a list has it: without its kind.
fn item(event: &Value) -> Value {
    let mut item = event.clone();
    let fields = meta::as_object(&mut item);
    fields.remove("kind");
    fields.remove("apiVersion");
    item
}

/// An event of at most so many bytes: one that has more loses its objects; `None` where that is not
/// enough.
fn fitting(mut item: Value, most: Option<usize>) -> Option<Value> {
    let Some(most) = most else { return Some(item) };
    let bytes = |item: &Value| item.to_string().len();
    if bytes(&item) > most {
        let fields = meta::as_object(&mut item);
        fields.remove("requestObject");
        fields.remove("responseObject");
        meta::object_at(&mut item, "annotations").insert(TRUNCATED.into(), "true".into());
    }
    (bytes(&item) <= most).then_some(item)
}

impl Way {
    /// Posts events; tells whether they arrived.
    async fn send(&self, items: Vec<Value>) -> bool {
        let count = items.len();
        let list = json!({"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {},
            "items": items});
        let patience =
            Patience { first: self.first, again: Again::Any, stop: Some(self.ending.clone()) };
        let Err(failed) = self.endpoint.tell(&list, &patience).await else { return true };
        self.counts.webhook_errors.fetch_add(count as u64, Relaxed);
        tracing::error!(why = failed.why, count, "audit events are lost");
        false
    }
}

/// Makes batches of events and sends them.
struct Worker {
    way: Arc<Way>,
    batch: AuditBatch,
    events: mpsc::Receiver<Value>,
}

impl Worker {
    async fn run(mut self) {
        let burst = self.batch.throttle.map_or(USUAL_BURST, |(_, burst)| burst);
        let places = Arc::new(Semaphore::new(burst as usize));
        let sending = Tasks::new(&StopToken::new());
        let mut throttle = Throttle::new(self.batch.throttle);
        while let Some(items) = self.collected().await {
            throttle.wait(&self.way.ending).await;
            // Events wait in their bounded queue while as many batches as may be are on their way.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let way = Arc::clone(&self.way);
            sending.spawn("apiserver/audit-batch", async move {
                way.send(items).await;
                drop(place);
            });
        }
        sending.ended().await;
    }

    /// The next batch; `None` when there will be none any more.
    async fn collected(&mut self) -> Option<Vec<Value>> {
        let mut items = vec![self.events.recv().await?];
        let end = lifecycle::clock::instant() + self.batch.max_wait;
        while items.len() < self.batch.max_size {
            let next = self.events.recv();
            let next = if self.batch.max_wait.is_zero() {
                next.await
            } else {
                match tokio::time::timeout_at(end, next).await {
                    Ok(next) => next,
                    Err(_) => break,
                }
            };
            match next {
                Some(item) => items.push(item),
                None => break,
            }
        }
        Some(items)
    }
}

/// So many batches in a second, and so many more after a quiet time.
struct Throttle {
    limit: Option<(f64, f64)>,
    tokens: f64,
    at: Instant,
}

impl Throttle {
    fn new(limit: Option<(f32, u32)>) -> Self {
        let limit = limit.map(|(qps, burst)| (f64::from(qps), f64::from(burst)));
        let tokens = limit.map_or(0.0, |(_, burst)| burst);
        Self { limit, tokens, at: lifecycle::clock::instant() }
    }

    /// Waits for a turn; not while everything ends.
    async fn wait(&mut self, ending: &StopToken) {
        let Some((qps, burst)) = self.limit else { return };
        let now = lifecycle::clock::instant();
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * qps).min(burst) - 1.0;
        self.at = now;
        if self.tokens < 0.0 {
            let wait = Duration::from_secs_f64(-self.tokens / qps);
            ending.run_until_cancelled(tokio::time::sleep(wait)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let usual = AuditBatch::default();
        assert_eq!(usual.check(), Ok(()));
        for (batch, what) in [
            (AuditBatch { buffer_size: 0, ..usual }, "buffer size 0"),
            (AuditBatch { max_size: 0, ..usual }, "max batch size 0"),
            (AuditBatch { throttle: Some((0.0, 1)), ..usual }, "throttle QPS 0"),
            (AuditBatch { throttle: Some((1.0, 0)), ..usual }, "throttle burst 0"),
        ] {
            let want = format!("invalid audit batch webhook {what}, must be a positive number");
            assert_eq!(batch.check(), Err(want));
        }
        assert_eq!(AuditMode::parse("blocking-strict"), Ok(AuditMode::BlockingStrict));
        assert!(AuditMode::parse("never").unwrap_err().contains("allowed modes are"));
    }

    #[test]
    fn events_that_are_too_large_lose_their_objects() {
        let event = json!({"level": "Request", "requestObject": "x".repeat(100)});
        assert_eq!(fitting(event.clone(), None), Some(event.clone()));
        assert_eq!(fitting(event.clone(), Some(1000)), Some(event.clone()));
        let small = json!({"level": "Request", "annotations": {TRUNCATED: "true"}});
        assert_eq!(fitting(event.clone(), Some(100)), Some(small));
        assert_eq!(fitting(event, Some(10)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn batches_wait_for_their_turn() {
        let mut throttle = Throttle::new(Some((10.0, 2)));
        let begin = Instant::now();
        for _ in 0..4 {
            throttle.wait(&StopToken::new()).await;
        }
        assert_eq!(begin.elapsed(), Duration::from_millis(200));
    }
}
