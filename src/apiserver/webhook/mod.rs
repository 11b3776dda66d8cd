//! Calling webhooks: a document is posted over TLS, a document comes back.
//! Source: `k8s.io/apiserver/pkg/util/webhook` and client-go's REST client, whose words errors have.

mod kubeconfig;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Uri, header};
use lifecycle::StopToken;
use machinery::{meta, status::Status};
use serde_json::Value;

use self::kubeconfig::Credentials;
use crate::{
    http::read_body,
    kept::{Connections, Place, Trust},
    registry::Registry,
};

/// How long a server that a kubeconfig names may take. Source: `webhook.DefaultRequestTimeout`.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is asked in all, and how much longer each wait is than the one before.
const ATTEMPTS: u32 = 5;
const GROWTH: f64 = 1.5;
const JITTER: f64 = 0.2;

/// Where a webhook is, and how both ends know each other.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// As error texts and the request line have it.
    url: Uri,
    place: Place,
    credentials: Credentials,
    agent: &'static str,
    /// Connections from earlier questions.
    kept: Arc<Connections>,
}

/// A question that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) why: String,
    /// Whether it may come to something a little later.
    pub(crate) passes: bool,
}

/// Which failures are asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Those that say of themselves that they pass.
    Passing,
    /// All.
    Any,
}

/// How failures are borne.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// The first wait before another attempt.
    pub(crate) first: Duration,
    pub(crate) again: Again,
    /// Nothing waits any more once it is cancelled.
    pub(crate) stop: Option<StopToken>,
}

impl Endpoint {
    /// Reads a `clientConfig`. Errors: what is wrong with it, or with the service it names.
    pub(crate) async fn of(config: &Value, registry: &Registry) -> Result<Self, String> {
        let bundle = meta::text(config, "/caBundle");
        let authorities =
            STANDARD.decode(bundle).map_err(|error| format!("invalid caBundle: {error}"))?;
        let with = |url: Uri, address: Option<SocketAddr>| {
            let trust = match url.scheme_str() {
                Some("https") => Trust::Authorities(authorities.clone()),
                _ => return Err(unsupported(&url)),
            };
            let place = place_of(&url, address, trust);
            let (credentials, kept) = (Credentials::None, Arc::clone(&registry.kept));
            Ok(Self { url, place, credentials, agent: "kube-apiserver-admission", kept })
        };
        let service = &config["service"];
        if !service.is_object() {
            let text = meta::text(config, "/url");
            let url: Uri =
                text.parse().map_err(|error| format!("invalid url {text:?}: {error}"))?;
            return with(url, None);
        }
        let (namespace, name) = (meta::text(service, "/namespace"), meta::text(service, "/name"));
        let port = meta::number(service, "/port").and_then(|it| u16::try_from(it).ok());
        let port = port.unwrap_or(443);
        let path = meta::text(service, "/path");
        let path = if path.is_empty() { "/" } else { path };
        let text = format!("https://{name}.{namespace}.svc:{port}{path}");
        let url = text.parse().map_err(|error| format!("invalid url {text:?}: {error}"))?;
        let key = registry.key("", "services", namespace, name);
        let found = registry.object_at(&key).await.map_err(|status| status.message)?;
        let found = found.ok_or_else(|| format!("service {name:?} not found"))?;
        let ports = meta::items(&found, "/spec/ports");
        if !ports.iter().any(|one| meta::number(one, "/port") == Some(i64::from(port))) {
            return Err(format!("no service port {port} found for service {name:?}"));
        }
        let address = meta::text(&found, "/spec/clusterIP").parse().ok();
        let address = address.ok_or_else(|| {
            format!("unsupported service type {:?}", meta::text(&found, "/spec/type"))
        })?;
        with(url, Some(SocketAddr::new(address, port)))
    }

    /// The URL with `query` behind it.
    fn with_query(&self, query: &str) -> String {
        let joint = if self.url.query().is_some() { '&' } else { '?' };
        if query.is_empty() { self.url.to_string() } else { format!("{}{joint}{query}", self.url) }
    }

    /// Posts a document and reads the answer, all within `limit`.
    ///
    /// Errors: what Go's client would say.
    pub(crate) async fn post(
        &self,
        document: &Value,
        query: &str,
        limit: Duration,
    ) -> Result<Value, String> {
        let answer = self.asked(document, query, limit).await.map_err(|failed| failed.why)?;
        parsed(&answer)
    }

    /// Posts a document, again after growing waits where `patience` says so.
    ///
    /// Errors: those of the last time.
    pub(crate) async fn post_patiently(
        &self,
        document: &Value,
        patience: &Patience,
    ) -> Result<Value, Failed> {
        let answer = self.bytes_patiently(document, patience).await?;
        parsed(&answer).map_err(|why| Failed { why, passes: false })
    }

    /// The same, where any answer will do.
    pub(crate) async fn tell(&self, document: &Value, patience: &Patience) -> Result<(), Failed> {
        self.bytes_patiently(document, patience).await.map(drop)
    }

    async fn bytes_patiently(
        &self,
        document: &Value,
        patience: &Patience,
    ) -> Result<Bytes, Failed> {
        let mut wait = patience.first;
        let mut left = ATTEMPTS;
        loop {
            let failed = match self.asked(document, "", PATIENCE).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            left -= 1;
            if left == 0 || patience.again == Again::Passing && !failed.passes {
                return Err(failed);
            }
            let pause = tokio::time::sleep(wait.mul_f64(1.0 + JITTER * rand::random::<f64>()));
            let Some(stop) = &patience.stop else {
                pause.await;
                wait = wait.mul_f64(GROWTH);
                continue;
            };
            if stop.run_until_cancelled(pause).await.is_none() {
                return Err(failed);
            }
            wait = wait.mul_f64(GROWTH);
        }
    }

    async fn asked(&self, document: &Value, query: &str, limit: Duration) -> Result<Bytes, Failed> {
        let url = self.with_query(query);
        let failed = |why: &str| Failed {
            why: format!("Post {url:?}: {why}"),
            passes: why.ends_with("reset by peer"),
        };
        match tokio::time::timeout(limit, self.exchange(document, &url)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(why)) => Err(failed(&why)),
            Err(_) => Err(failed("context deadline exceeded")),
        }
    }

    /// Errors outside: nothing came back; inside: what came back is no answer.
    async fn exchange(&self, document: &Value, url: &str) -> Result<Result<Bytes, Failed>, String> {
        let asked = self.kept.ask(&self.place, self.request(document, url)?);
        let (open, response) = asked.await?;
        let code = response.status().as_u16();
        let later = response.headers().contains_key(header::RETRY_AFTER);
        let body = read_body(Body::new(response.into_body())).await;
        let body = body.map_err(|status| status.message)?;
        self.kept.keep(self.place.clone(), open);
        let passes = later || matches!(code, 429 | 500 | 504);
        let refused = || Failed { why: refusal(code, &body), passes };
        Ok(if (200..300).contains(&code) { Ok(body) } else { Err(refused()) })
    }

    fn request(&self, document: &Value, url: &str) -> Result<Request<Body>, String> {
        let uri: Uri = url.parse().map_err(|error| format!("{error}"))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = uri.authority().map_or("", |it| it.as_str());
        let mut request = Request::post(path)
            .header(header::HOST, authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, */*")
            .header(header::USER_AGENT, self.agent);
        if let Some(value) = self.credentials.header()? {
            request = request.header(header::AUTHORIZATION, value);
        }
        request.body(Body::from(document.to_string())).map_err(|error| error.to_string())
    }
}

fn unsupported(url: &Uri) -> String {
    format!("unsupported protocol scheme {:?}", url.scheme_str().unwrap_or_default())
}

/// The place that a URL names, or `address` under its name.
fn place_of(url: &Uri, address: Option<SocketAddr>, trust: Trust) -> Place {
    let usual = if url.scheme_str() == Some("http") { 80 } else { 443 };
    let (host, port) = (url.host().unwrap_or_default(), url.port_u16().unwrap_or(usual));
    let at = address.map_or_else(|| format!("{host}:{port}"), |address| address.to_string());
    Place { at, name: host.trim_matches(['[', ']']).to_owned(), trust, own: None }
}

fn parsed(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice::<Value>(body).map_err(|error| {
        machinery::json::go_syntax_error(body).unwrap_or_else(|| error.to_string())
    })
}

/// What an answer says that is none, in the words of client-go.
fn refusal(code: u16, body: &[u8]) -> String {
    let told = serde_json::from_slice::<Value>(body).ok();
    if let Some(status) = told.as_ref().and_then(Status::from_object) {
        return status.message;
    }
    let text = String::from_utf8_lossy(body);
    match code {
        400 => "the server rejected our request for an unknown reason".to_owned(),
        401 => "the server has asked for the client to provide credentials".to_owned(),
        403 => "forbidden".to_owned(),
        404 => "the server could not find the requested resource".to_owned(),
        405 => "the server does not allow this method on the requested resource".to_owned(),
        500.. => format!(
            "an error on the server ({:?}) has prevented the request from succeeding",
            text.trim()
        ),
        _ => format!(
            "the server responded with the status code {code} but did not return more information"
        ),
    }
}
