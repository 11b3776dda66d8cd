//! The client: a transport with credentials, and the one function every request goes through.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, USER_AGENT},
};
use http_body::Body as _;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusDetails};
use machinery::json::Keep;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use crate::auth::Impersonation as Identity;
use crate::{
    auth::{Credentials, authorize},
    body::Body,
    error::{ClientError, Result},
    traffic::{self, Exchange, Kept, Reader},
    transport::{Transport, Upgrade},
};

/// A road to one API server, with credentials; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    transport: Transport,
    credentials: Arc<Credentials>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    on_warning: WarningSink,
    reader: Option<Arc<dyn Reader>>,
}

type WarningFn = dyn Fn(&str) + Send + Sync;

#[derive(Clone)]
struct WarningSink(Option<Arc<WarningFn>>);

impl std::fmt::Debug for WarningSink {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if self.0.is_some() { "handled" } else { "dropped" })
    }
}

/// Makes a [`Client`].
#[derive(Debug)]
pub struct ClientBuilder {
    inner: Inner,
    user_agent: String,
}

impl ClientBuilder {
    /// Starts from a transport, without credentials.
    pub fn new(transport: Transport) -> Self {
        let inner = Inner {
            transport,
            credentials: Arc::new(Credentials::None),
            headers: HeaderMap::new(),
            timeout: None,
            on_warning: WarningSink(None),
            reader: None,
        };
        Self { inner, user_agent: "kanoe".to_owned() }
    }

    /// Names the program; what stands before the slash is its field manager.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Sends this bearer token.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        self.credentials(Credentials::Token(token.into()))
    }

    pub(crate) fn credentials(mut self, credentials: Credentials) -> Self {
        self.inner.credentials = Arc::new(credentials);
        self
    }

    /// Acts as somebody else.
    pub fn identity(mut self, identity: &Identity) -> Result<Self> {
        identity.apply(&mut self.inner.headers)?;
        Ok(self)
    }

    /// Gives up on an answer after this long; watches too.
    #[must_use]
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.inner.timeout = timeout;
        self
    }

    /// Hands the server's warnings to `sink`.
    #[must_use]
    pub fn on_warning(mut self, sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.inner.on_warning = WarningSink(Some(Arc::new(sink)));
        self
    }

    /// Lets somebody read along.
    #[must_use]
    pub fn read_by(mut self, reader: Option<Arc<dyn Reader>>) -> Self {
        self.inner.reader = reader;
        self
    }

    /// Finishes the client.
    pub fn build(mut self) -> Client {
        if let Ok(value) = HeaderValue::from_str(&self.user_agent) {
            self.inner.headers.insert(USER_AGENT, value);
        }
        Client { inner: Arc::new(self.inner) }
    }
}

impl Client {
    /// Calls a service (such as an axum router) directly, without a socket.
    pub fn in_process(transport: Transport, user_agent: &str) -> Self {
        ClientBuilder::new(transport).user_agent(user_agent).build()
    }

    /// The same road to the server's root: a path that its address has is left out.
    #[must_use]
    pub fn without_path(&self) -> Self {
        self.over(self.inner.transport.without_path())
    }

    /// The same road, on which connections for other protocols are kept alive this often.
    #[must_use]
    pub fn kept_alive(&self, period: Duration) -> Self {
        self.over(self.inner.transport.kept_alive(period))
    }

    fn over(&self, transport: Transport) -> Self {
        Self { inner: Arc::new(Inner { transport, ..(*self.inner).clone() }) }
    }

    /// Where requests go, for messages.
    pub fn base(&self) -> &str {
        self.inner.transport.base()
    }

    /// Sends a request whose URI is a path with a query; any answer is a success here.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>> {
        let retry = matches!(*self.inner.credentials, Credentials::Exec { .. });
        let again = retry.then(|| request.clone());
        let answer = self.send_once(request).await?;
        if let Some(request) = again
            && answer.status() == StatusCode::UNAUTHORIZED
            && self.inner.credentials.refresh().await?
        {
            return self.send_once(request).await;
        }
        Ok(answer)
    }

    async fn send_once(&self, request: Request<Bytes>) -> Result<Response<Body>> {
        let request = self.prepare(request)?;
        let url = format!("{}{}", self.base(), request.uri());
        let answer = match &self.inner.reader {
            None => self.deliver(request, url).await?,
            Some(reader) => self.deliver_openly(request, url, reader).await?,
        };
        self.pass_warnings(answer.headers());
        Ok(answer)
    }

    async fn deliver(&self, request: Request<Bytes>, url: String) -> Result<Response<Body>> {
        let sending = self.inner.transport.send(request);
        match self.inner.timeout {
            None => sending.await,
            Some(limit) => tokio::time::timeout(limit, sending)
                .await
                .map_err(|error| ClientError::Transport { url, source: Box::new(error) })?,
        }
    }

    async fn deliver_openly(
        &self,
        request: Request<Bytes>,
        url: String,
        reader: &Arc<dyn Reader>,
    ) -> Result<Response<Body>> {
        reader.asked(&request, &url);
        let (method, begun) = (request.method().clone(), lifecycle::clock::instant());
        let ends = traffic::ends(&request.uri().to_string());
        let answer = self.deliver(request, url.clone()).await?;
        let (status, headers) = (answer.status(), answer.headers());
        let took = begun.elapsed();
        reader.answered(&Exchange { method: &method, url: &url, status, headers, took });
        let Some(limit) = reader.wanted().filter(|_| ends) else { return Ok(answer) };
        Ok(answer.map(|body| Body::new(Kept::new(body, limit, Arc::clone(reader)))))
    }

    /// Asks for an upgrade of the connection.
    pub async fn upgrade(&self, request: Request<Bytes>) -> Result<Upgrade> {
        self.inner.transport.upgrade(self.prepare(request)?).await
    }

    fn prepare(&self, mut request: Request<Bytes>) -> Result<Request<Bytes>> {
        let headers = request.headers_mut();
        authorize(headers, &self.inner.credentials)?;
        for (name, value) in &self.inner.headers {
            headers.append(name.clone(), value.clone());
        }
        Ok(request)
    }

    fn pass_warnings(&self, headers: &HeaderMap) {
        let WarningSink(Some(sink)) = &self.inner.on_warning else { return };
        for value in headers.get_all(http::header::WARNING) {
            if let Some(text) = value.to_str().ok().and_then(warning_text) {
                sink(&text);
            }
        }
    }

    /// Sends a request and insists on success; refusals come back as [`ClientError::Status`].
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Body>> {
        let answer = self.send(request).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(refusal(answer).await)
    }

    /// Sends a request and decodes the JSON answer.
    pub async fn json<T: DeserializeOwned>(&self, request: Request<Bytes>) -> Result<T> {
        let url = format!("{}{}", self.base(), request.uri());
        let bytes = self.bytes_of(request, url).await?;
        serde_json::from_slice(&bytes).map_err(ClientError::Decode)
    }

    /// Sends a request and decodes what `keep` says of the JSON answer.
    pub async fn json_part(&self, request: Request<Bytes>, keep: Keep) -> Result<Value> {
        let url = format!("{}{}", self.base(), request.uri());
        let bytes = self.bytes_of(request, url).await?;
        machinery::json::skim(&bytes, keep).map_err(ClientError::Decode)
    }

    async fn bytes_of(&self, request: Request<Bytes>, url: String) -> Result<Bytes> {
        let answer = self.call(request).await?;
        let body = answer.into_body().bytes().await;
        body.map_err(|source| ClientError::Transport { url, source })
    }

    /// Reads a path as bytes.
    pub async fn get_bytes(&self, path: &str) -> Result<Bytes> {
        self.bytes_of(get(path)?, format!("{}{path}", self.base())).await
    }

    /// Reads a path as JSON.
    pub async fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.json(get(path)?).await
    }
}

/// A GET that accepts JSON.
pub(crate) fn get(path: &str) -> Result<Request<Bytes>> {
    Ok(Request::get(path).header(ACCEPT, "application/json").body(Bytes::new())?)
}

/// A request with a JSON body.
pub(crate) fn with_json(method: Method, path: &str, body: Bytes) -> Result<Request<Bytes>> {
    with_body(method, path, "application/json", body)
}

pub(crate) fn with_body(
    method: Method,
    path: &str,
    content_type: &str,
    body: Bytes,
) -> Result<Request<Bytes>> {
    let request = Request::builder().method(method).uri(path);
    Ok(request.header(ACCEPT, "application/json").header(CONTENT_TYPE, content_type).body(body)?)
}

/// Turns an answer other than success into the error it stands for.
pub(crate) async fn refusal(answer: Response<Body>) -> ClientError {
    /// Longer refusals are nobody's Status.
    const LONGEST_BYTES: u64 = 3 << 20;
    let code = answer.status();
    let retry = answer.headers().get(http::header::RETRY_AFTER).cloned();
    if answer.body().size_hint().lower() > LONGEST_BYTES {
        return ClientError::Status(Box::new(status_of_code(code, "")));
    }
    let bytes = answer.into_body().bytes().await.unwrap_or_default();
    let document: Option<Value> = serde_json::from_slice(&bytes).ok();
    if let Some(document) = document
        && document["kind"] == "Status"
        && let Ok(status) = serde_json::from_value::<Status>(document)
    {
        return ClientError::Status(Box::new(status));
    }
    let mut status = status_of_code(code, &String::from_utf8_lossy(&bytes));
    if let Some(seconds) = retry.and_then(|value| value.to_str().ok()?.parse().ok()) {
        status.details.get_or_insert_with(StatusDetails::default).retry_after_seconds =
            Some(seconds);
    }
    ClientError::Status(Box::new(status))
}

/// The Status client-go makes up when a server answers without one.
fn status_of_code(code: StatusCode, text: &str) -> Status {
    let (reason, message) = match code.as_u16() {
        400 => ("BadRequest", "the server rejected our request for an unknown reason"),
        401 => ("Unauthorized", "the server has asked for the client to provide credentials"),
        403 => ("Forbidden", text),
        404 => ("NotFound", "the server could not find the requested resource"),
        405 => {
            ("MethodNotAllowed", "the server does not allow this method on the requested resource")
        }
        406 => (
            "NotAcceptable",
            "the server was unable to respond with a content type that the client supports",
        ),
        409 => ("Conflict", "the server reported a conflict"),
        415 => ("UnsupportedMediaType", text),
        429 => (
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later",
        ),
        503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted, but may still be processing the request",
        ),
        500.. => ("InternalError", text),
        _ => ("", "the server responded with an unexpected status"),
    };
    let message = match code.as_u16() {
        500.. if reason == "InternalError" => {
            format!(
                "an error on the server ({:?}) has prevented the request from succeeding",
                if text.is_empty() { "unknown" } else { text.trim() }
            )
        }
        _ => message.trim().to_owned(),
    };
    Status {
        code: Some(i32::from(code.as_u16())),
        reason: Some(reason.to_owned()),
        message: Some(message),
        status: Some("Failure".to_owned()),
        ..Status::default()
    }
}

/// The words of a Warning header: `299 - "words"`.
fn warning_text(header: &str) -> Option<String> {
    let quoted = header.strip_prefix("299 ")?.split_once(' ')?.1.trim();
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_unquoted() {
        assert_eq!(warning_text(r#"299 - "a \"b\" c""#).as_deref(), Some("a \"b\" c"));
        assert_eq!(warning_text("100 - nothing"), None);
    }

    #[tokio::test]
    async fn a_refusal_without_status_gets_client_go_s_words() {
        let answer = Response::builder()
            .status(404)
            .body(Body::from(Bytes::from_static(b"404 page not found")))
            .unwrap();
        let error = refusal(answer).await;
        assert!(error.not_found());
        assert_eq!(error.to_string(), "the server could not find the requested resource");
    }

    #[tokio::test]
    async fn a_service_is_called_without_a_socket() {
        let service = tower::service_fn(|request: Request<Body>| async move {
            let agent = request.headers()[USER_AGENT].to_str().unwrap_or("").to_owned();
            let text = format!("{{\"path\":\"{}\",\"agent\":\"{agent}\"}}", request.uri());
            Ok::<_, std::convert::Infallible>(Response::new(Body::from(Bytes::from(text))))
        });
        let client = Client::in_process(Transport::in_process(service), "me/1");
        let answer: Value = client.get_json("/api?x=1").await.unwrap();
        assert_eq!(answer, serde_json::json!({"path": "/api?x=1", "agent": "me/1"}));
    }
}
