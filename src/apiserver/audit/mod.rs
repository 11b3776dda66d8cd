//! The audit log: who asked for what, when, and what came of it. Nothing is paid where it is off.
//! Source: Kubernetes documentation, "Auditing", and `audit.k8s.io/v1`.

mod counts;
mod log;
mod policy;
mod webhook;

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering::Relaxed},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt as _;
use machinery::{meta, status::Status};
use serde_json::{Value, json};

pub use log::AuditLogConfig;
pub use policy::{AuditPolicy, AuditPolicyError};
use policy::{Decided, Level, Stage};
pub use webhook::{AuditBatch, AuditMode, AuditWebhookConfig};

use self::counts::Counts;

use crate::{
    authn::User,
    authz::Decision,
    http::{Asked, RequestInfo, Target, admitted, body, plain, read_body},
    metrics::{self, page::Page},
};

/// A header by which callers name their requests, and learn how they are named.
const AUDIT_ID: &str = "audit-id";
const LONGEST_ID: usize = 64;
/// Most bytes of an answer whose object is written down.
const MOST_BYTES: u64 = 10 << 20;

/// A policy and where its events go.
#[derive(Debug)]
pub struct Audit {
    policy: AuditPolicy,
    log: Option<log::Log>,
    webhook: Option<webhook::Webhook>,
    counts: Arc<Counts>,
}

/// Why events cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The log cannot be written.
    #[error("cannot open the audit log {path}")]
    Log {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The webhook cannot be reached by what its file says.
    #[error("initializing audit webhook: {0}")]
    Webhook(String),
}

/// The address from which a request came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What is learnt of a request on its way.
#[derive(Debug, Default)]
struct Notes {
    annotations: BTreeMap<String, String>,
    impersonated: Option<User>,
}

tokio::task_local! {
    static NOTES: Arc<Mutex<Notes>>;
}

/// Notes something about the request that is being answered, once; nothing happens where none is
/// audited.
pub(crate) fn annotate(key: impl Into<String>, value: impl Into<String>) {
    note(|notes| {
        notes.annotations.entry(key.into()).or_insert_with(|| value.into());
    });
}

fn note(take: impl FnOnce(&mut Notes)) {
    // Outside a request that is written down there is nobody to tell.
    NOTES
        .try_with(|notes| take(&mut notes.lock().unwrap_or_else(PoisonError::into_inner)))
        .unwrap_or_default();
}

/// Notes what was decided about the request's user, and whom they acted as.
pub(crate) fn decided(caller: &User, user: &User, decision: &Decision) {
    note(|notes| {
        let word = if decision.allowed { "allow" } else { "forbid" };
        let key = |end: &str| format!("authorization.k8s.io/{end}");
        if decision.error.is_some() && !decision.allowed {
            notes.annotations.insert(key("reason"), "internal error".into());
        } else {
            notes.annotations.insert(key("decision"), word.into());
            notes.annotations.insert(key("reason"), decision.reason.clone());
        }
        if caller != user {
            notes.impersonated = Some(user.clone());
        }
    });
}

impl Audit {
    /// Opens the log and the way to the webhook, where there are some. Needs a tokio runtime.
    pub fn open(
        policy: AuditPolicy,
        log: Option<AuditLogConfig>,
        webhook: Option<&AuditWebhookConfig>,
    ) -> Result<Self, AuditError> {
        let counts = Arc::<Counts>::default();
        let log = match log {
            None => None,
            Some(config) => {
                let path = config.path.clone();
                let opened = log::Log::open(config);
                Some(opened.map_err(|source| AuditError::Log { path, source })?)
            }
        };
        let webhook = webhook.map(|config| webhook::Webhook::open(config, &counts));
        let webhook = webhook.transpose().map_err(AuditError::Webhook)?;
        Ok(Self { policy, log, webhook, counts })
    }

    /// Sends what is left; returns when nothing is on its way any more.
    pub async fn close(&self) {
        if let Some(webhook) = &self.webhook {
            webhook.close().await;
        }
    }

    /// Writes what came of events to a page of metrics.
    pub(crate) fn write(&self, page: &mut Page) {
        self.counts.write(page);
    }

    fn decide(&self, user: Option<&User>, info: &RequestInfo) -> Option<&Decided> {
        let decided = self.policy.decide(user, info);
        self.counts.level(decided.map_or(Level::None, |decided| decided.level));
        decided
    }

    /// Writes down that nobody knows who called.
    pub(crate) async fn unknown(&self, asked: &Asked, status: &Status) {
        let Some(decided) = self.decide(None, &asked.info) else { return };
        let mut event = Event::new(decided.clone(), asked);
        let attempted = asked.parts.headers.get(header::AUTHORIZATION);
        let attempted = attempted.and_then(|it| it.to_str().ok()?.split(' ').next());
        let mut refused = status.clone();
        refused.message = match attempted {
            Some(scheme) => format!("Authentication failed, attempted: {}", scheme.to_lowercase()),
            None => "Authentication failed, no credentials provided".into(),
        };
        event.document["user"] = json!({});
        event.document["responseStatus"] = response_status(&refused);
        self.tell(&event, Stage::ResponseStarted).await;
    }

    /// Tells an event at a stage; whether that could be done, where it must be.
    async fn tell(&self, event: &Event, stage: Stage) -> bool {
        let Some(document) = self.told(event, stage) else { return true };
        match &self.webhook {
            Some(webhook) => webhook.tell(&document).await,
            None => true,
        }
    }

    /// The same where nobody can wait.
    fn tell_later(&self, event: &Event, stage: Stage) {
        let document = self.told(event, stage);
        if let (Some(webhook), Some(document)) = (&self.webhook, document) {
            webhook.tell_later(&document);
        }
    }

    /// An event as it is told at a stage, once it is in the log; `None`: it is not told.
    fn told(&self, event: &Event, stage: Stage) -> Option<Value> {
        if event.decided.omit_stages.contains(&stage) {
            return None;
        }
        self.counts.event();
        let mut document = event.document.clone();
        document["stage"] = stage.name().into();
        document["stageTimestamp"] = now().into();
        let notes = event.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.annotations.is_empty() {
            document["annotations"] = json!(notes.annotations);
        }
        if let Some(user) = &notes.impersonated {
            document["impersonatedUser"] = user.described();
        }
        drop(notes);
        if let Some(log) = &self.log {
            let mut line = document.to_string().into_bytes();
            line.push(b'\n');
            if let Err(error) = log.write(&line) {
                self.counts.log_errors.fetch_add(1, Relaxed);
                tracing::error!(%error, "an audit event is lost");
            }
        }
        Some(document)
    }
}

/// Answers a request and writes it down.
pub(crate) async fn followed(
    audit: &Arc<Audit>,
    asked: Asked,
    body: Body,
) -> Result<Response, Status> {
    let Some(decided) = audit.decide(Some(&asked.user), &asked.info) else {
        return Box::pin(admitted(asked, body)).await;
    };
    let mut event = Event::new(decided.clone(), &asked);
    if !audit.tell(&event, Stage::RequestReceived).await {
        audit.counts.rejected();
        let uri = meta::text(&event.document, "/requestURI");
        let why = "failed to store audit event";
        return Ok(plain(500, format!("Internal Server Error: {uri:?}: {why}\n")));
    }
    let goes_on = metrics::is_long_running(&asked.info);
    let writes =
        matches!(asked.info.verb, "create" | "update" | "patch" | "delete" | "deletecollection");
    let body = if writes && !goes_on {
        let bytes = read_body(body).await?;
        event.request(&asked.parts.headers, &bytes);
        Body::from(bytes)
    } else {
        body
    };
    let answering = NOTES.scope(Arc::clone(&event.notes), admitted(asked, body));
    let mut answer = Box::pin(answering).await;
    if let Ok(response) = &mut answer
        && let Ok(id) = HeaderValue::from_str(meta::text(&event.document, "/auditID"))
    {
        response.headers_mut().insert(AUDIT_ID, id);
    }
    match answer {
        Err(status) => {
            event.document["responseStatus"] = response_status(&status);
            event.response(&status.to_object());
            audit.tell(&event, Stage::ResponseComplete).await;
            Err(status)
        }
        Ok(response) if goes_on => {
            event.document["responseStatus"] =
                json!({"metadata": {}, "code": response.status().as_u16()});
            audit.tell(&event, Stage::ResponseStarted).await;
            Ok(until_the_end(response, Ending { audit: Arc::clone(audit), event }))
        }
        Ok(response) => {
            let response = event.answered(response).await;
            audit.tell(&event, Stage::ResponseComplete).await;
            Ok(response)
        }
    }
}

/// Tells the end of a request once its body is dropped.
struct Ending {
    audit: Arc<Audit>,
    event: Event,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.audit.tell_later(&self.event, Stage::ResponseComplete);
    }
}

fn until_the_end(response: Response, ending: Ending) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_the_end = &ending;
            frame
        }))
    })
}

fn now() -> String {
    lifecycle::clock::rfc3339_micros(lifecycle::clock::now())
}

/// A request as it is written down.
struct Event {
    decided: Decided,
    document: Value,
    notes: Arc<Mutex<Notes>>,
}

impl Event {
    fn new(decided: Decided, asked: &Asked) -> Self {
        let headers = &asked.parts.headers;
        let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
        let given = text(AUDIT_ID).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        let id = given.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
        let info = &asked.info;
        let uri = asked.parts.uri.path_and_query().map_or(info.path.as_str(), |it| it.as_str());
        let mut document = json!({
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": decided.level.name(),
            "auditID": id, "stage": "", "requestURI": uri, "verb": info.verb,
            "user": asked.user.described(), "sourceIPs": sources(asked),
            "requestReceivedTimestamp": now(), "stageTimestamp": "",
        });
        if let Some(agent) = text("user-agent") {
            document["userAgent"] = agent.chars().take(1024).collect::<String>().into();
        }
        if info.target == Target::Resource {
            let fields = [
                ("resource", &info.resource),
                ("namespace", &info.namespace),
                ("name", &info.name),
                ("apiGroup", &info.group),
                ("apiVersion", &info.version),
                ("subresource", &info.subresource),
            ];
            let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
            let object = fields.map(|(key, value)| (key.to_owned(), json!(value))).collect();
            document["objectRef"] = Value::Object(object);
        }
        Self { decided, document, notes: Arc::default() }
    }

    /// Takes in what the caller sent.
    fn request(&mut self, headers: &HeaderMap, bytes: &Bytes) {
        let parsed = match body::media(headers) {
            _ if bytes.is_empty() => None,
            media if media.contains("yaml") => {
                std::str::from_utf8(bytes).ok().and_then(|text| machinery::yaml::parse(text).ok())
            }
            _ => body::document(headers, bytes).ok(),
        };
        let Some(mut object) = parsed else { return };
        if let Some(reference) = self.document.get_mut("objectRef").and_then(Value::as_object_mut) {
            for (key, at) in [
                ("name", "/metadata/name"),
                ("namespace", "/metadata/namespace"),
                ("uid", "/metadata/uid"),
                ("resourceVersion", "/metadata/resourceVersion"),
            ] {
                let told = meta::text(&object, at);
                if !told.is_empty() && !reference.contains_key(key) {
                    reference.insert(key.to_owned(), told.into());
                }
            }
        }
        if self.decided.level >= Level::Request {
            self.trim(&mut object);
            self.document["requestObject"] = object;
        }
    }

    /// Takes in an object of the answer.
    fn response(&mut self, object: &Value) {
        if self.decided.level >= Level::RequestResponse {
            let mut object = object.clone();
            self.trim(&mut object);
            self.document["responseObject"] = object;
        }
    }

    fn trim(&self, object: &mut Value) {
        if !self.decided.omit_managed_fields {
            return;
        }
        let strip = |object: &mut Value| {
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.remove("managedFields");
            }
        };
        strip(object);
        let items = object.get_mut("items").and_then(Value::as_array_mut);
        items.into_iter().flatten().for_each(strip);
    }

    /// Takes in an answer that is whole.
    async fn answered(&mut self, response: Response) -> Response {
        let code = response.status().as_u16();
        self.document["responseStatus"] = json!({"metadata": {}, "code": code});
        let size = http_body::Body::size_hint(response.body()).exact();
        let json = response.headers().get(header::CONTENT_TYPE);
        let json = json.is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
        let read = self.decided.level >= Level::RequestResponse
            && size.is_some_and(|size| size <= MOST_BYTES);
        if !json || !read {
            return response;
        }
        let (parts, body) = response.into_parts();
        // A body whose size is known is in memory already.
        let Ok(whole) = body.collect().await else {
            return Response::from_parts(parts, Body::empty());
        };
        let bytes = whole.to_bytes();
        if let Ok(object) = serde_json::from_slice(&bytes) {
            self.response(&object);
        }
        Response::from_parts(parts, Body::from(bytes))
    }
}

/// A refusal as events tell it: without its kind.
fn response_status(status: &Status) -> Value {
    let mut told = status.to_object();
    let fields = meta::as_object(&mut told);
    fields.remove("kind");
    fields.remove("apiVersion");
    told
}

/// The addresses a request came through: as proxies tell them, and the last one.
fn sources(asked: &Asked) -> Vec<String> {
    let headers = &asked.parts.headers;
    let told = headers.get("x-forwarded-for").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let real = headers.get("x-real-ip").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let told = told.split(',').chain([real]).map(str::trim).filter_map(|it| it.parse().ok());
    let mut found: Vec<IpAddr> = Vec::new();
    let own = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    let last = asked.parts.extensions.get::<Peer>().map_or(own, |peer| peer.0);
    for address in told.chain([last]) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found.iter().map(IpAddr::to_string).collect()
}
