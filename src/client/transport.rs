//! The three roads to an API server: in process, unix socket, TLS or plain HTTP.
//!
//! A transport carries one request and knows nothing of credentials or objects.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::{Service, ServiceExt as _, util::BoxCloneSyncService};

use crate::{
    body::{Body, BoxError},
    error::{ClientError, Result},
};

/// A connection in both directions, after an upgrade.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

type InProcess = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// How requests reach the server.
#[derive(Clone)]
pub enum Transport {
    /// A service called directly.
    InProcess(Arc<std::sync::Mutex<InProcess>>),
    /// A socket: unix, TCP or TLS.
    Socket {
        /// Scheme and authority, and a path prefix if any; no slash at the end.
        base: String,
        /// The connection pool.
        pool: reqwest::Client,
        /// What connections for upgrades need; the pool's own will do where there is nothing.
        upgrades: Option<Arc<Upgrades>>,
    },
}

/// Connections for upgrades: HTTP/1.1 alone, for HTTP/2 has none. Opened when first needed.
#[derive(Debug)]
pub struct Upgrades {
    settings: TlsSettings,
    known_as: Option<(String, Vec<SocketAddr>)>,
    pool: OnceLock<reqwest::Client>,
}

impl Upgrades {
    fn pool(&self, base: &str) -> Result<&reqwest::Client> {
        if let Some(pool) = self.pool.get() {
            return Ok(pool);
        }
        let pool = pool(base, &self.settings, self.known_as.as_ref(), Http::One)?;
        Ok(self.pool.get_or_init(|| pool))
    }
}

/// Which versions of HTTP a pool may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Http {
    One,
    Any,
}

fn pool(
    base: &str,
    tls: &TlsSettings,
    known_as: Option<&(String, Vec<SocketAddr>)>,
    http: Http,
) -> Result<reqwest::Client> {
    let mut builder = pool_builder(base, tls)?;
    if let Some((name, addresses)) = known_as {
        builder = builder.resolve_to_addrs(name, addresses);
    }
    if http == Http::One {
        builder = builder.http1_only();
    }
    builder.build().map_err(|error| ClientError::Config(error.to_string()))
}

impl fmt::Debug for Transport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess(_) => out.write_str("InProcess"),
            Self::Socket { base, .. } => write!(out, "Socket({base})"),
        }
    }
}

/// What TLS and HTTP need beyond an address.
#[derive(Debug, Clone, Default)]
pub struct TlsSettings {
    /// Authorities to trust, PEM; the system's when `None`.
    pub authorities: Option<Vec<u8>>,
    /// Client certificate chain and key, PEM, one after the other.
    pub identity: Option<Vec<u8>>,
    /// Trust anybody.
    pub insecure: bool,
    /// The name the certificate must bear, if not the address's.
    pub server_name: Option<String>,
    /// Proxy to go through; none from the environment then.
    pub proxy: Option<String>,
    /// Do not ask for compressed answers.
    pub uncompressed: bool,
    /// Longest wait for an answer.
    pub timeout: Option<Duration>,
    /// How often a silent connection is tried; the library's choice when `None`.
    pub keep_alive: Option<Duration>,
}

impl Transport {
    /// Calls `service` directly, without a socket.
    pub fn in_process<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let boxed = service.map_response(|answer| answer.map(Body::new)).map_err(Into::into);
        Self::InProcess(Arc::new(std::sync::Mutex::new(BoxCloneSyncService::new(boxed))))
    }

    /// Speaks plain HTTP over a unix socket.
    pub fn unix(path: &Path) -> Result<Self> {
        provide_crypto();
        let pool = reqwest::Client::builder()
            .unix_socket(path)
            .tls_certs_only([])
            .no_proxy()
            .no_gzip()
            .build()
            .map_err(|error| ClientError::Config(error.to_string()))?;
        Ok(Self::Socket { base: "http://localhost".to_owned(), pool, upgrades: None })
    }

    /// Speaks HTTP or HTTPS to `server`, an absolute address.
    pub async fn tcp(server: &str, tls: &TlsSettings) -> Result<Self> {
        let mut base = server.trim_end_matches('/').to_owned();
        if !base.contains("://") {
            base = format!("http://{base}");
        }
        let mut known_as = None;
        if let Some(name) = &tls.server_name {
            let (renamed, addresses) = under_name(&base, name).await?;
            known_as = Some((name.clone(), addresses));
            base = renamed;
        }
        let pool = pool(&base, tls, known_as.as_ref(), Http::Any)?;
        let upgrades = Upgrades { settings: tls.clone(), known_as, pool: OnceLock::new() };
        Ok(Self::Socket { base, pool, upgrades: Some(Arc::new(upgrades)) })
    }

    /// The same without the path that the server's address has.
    pub(crate) fn without_path(&self) -> Self {
        let mut transport = self.clone();
        if let Self::Socket { base, .. } = &mut transport
            && let Some(begin) = base.find("://").map(|at| at + "://".len())
            && let Some(end) = base.get(begin..).and_then(|rest| rest.find('/'))
        {
            base.truncate(begin + end);
        }
        transport
    }

    /// The same with connections for upgrades that are kept alive.
    pub(crate) fn kept_alive(&self, period: Duration) -> Self {
        let mut transport = self.clone();
        if let Self::Socket { upgrades: Some(upgrades), .. } = &mut transport {
            let settings = TlsSettings { keep_alive: Some(period), ..upgrades.settings.clone() };
            let known_as = upgrades.known_as.clone();
            *upgrades = Arc::new(Upgrades { settings, known_as, pool: OnceLock::new() });
        }
        transport
    }

    /// The address in messages: where requests go.
    pub fn base(&self) -> &str {
        match self {
            Self::InProcess(_) => "http://localhost",
            Self::Socket { base, .. } => base,
        }
    }

    /// Sends one request; its URI is a path with a query.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>> {
        let url = format!("{}{}", self.base(), request.uri());
        match self {
            Self::InProcess(_) => {
                let service = self.service();
                let answer = service.oneshot(request.map(Body::from)).await;
                answer.map_err(|source| ClientError::Transport { url, source })
            }
            Self::Socket { pool, .. } => {
                let answer = pool.execute(absolute(&url, request)?).await;
                let answer =
                    answer.map_err(|e| ClientError::Transport { url, source: Box::new(e) })?;
                Ok(Response::from(answer).map(Body::new))
            }
        }
    }

    /// Sends a request that asks for an upgrade; the stream that follows, or the refusal.
    pub async fn upgrade(&self, request: Request<Bytes>) -> Result<Upgrade> {
        let url = format!("{}{}", self.base(), request.uri());
        match self {
            Self::InProcess(_) => upgrade_in_process(self.service(), request, url).await,
            Self::Socket { base, pool, upgrades } => {
                let pool = match upgrades {
                    Some(upgrades) => upgrades.pool(base)?,
                    None => pool,
                };
                let answer = pool.execute(absolute(&url, request)?).await;
                let answer =
                    answer.map_err(|e| ClientError::Transport { url, source: Box::new(e) })?;
                if answer.status() != http::StatusCode::SWITCHING_PROTOCOLS {
                    return Ok(Upgrade::Refused(Response::from(answer).map(Body::new)));
                }
                let headers = answer.headers().clone();
                let stream =
                    answer.upgrade().await.map_err(|e| ClientError::Upgrade(e.to_string()))?;
                Ok(Upgrade::Switched { headers, stream: Box::new(stream) })
            }
        }
    }

    fn service(&self) -> InProcess {
        let Self::InProcess(service) = self else { unreachable!("asked of in-process only") };
        service.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// The outcome of a request to upgrade.
pub enum Upgrade {
    /// The connection is a plain stream now.
    Switched {
        /// Headers of the answer.
        headers: http::HeaderMap,
        /// The stream.
        stream: Box<dyn ByteStream>,
    },
    /// The server answered instead.
    Refused(Response<Body>),
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Switched { .. } => "Switched",
            Self::Refused(_) => "Refused",
        })
    }
}

fn absolute(url: &str, request: Request<Bytes>) -> Result<reqwest::Request> {
    let (mut parts, body) = request.into_parts();
    parts.uri = url.parse::<Uri>().map_err(http::Error::from)?;
    let request = Request::from_parts(parts, body);
    reqwest::Request::try_from(request).map_err(|error| ClientError::Config(error.to_string()))
}

/// Makes ring the process's TLS provider, once.
fn provide_crypto() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("a TLS provider was there already");
        }
    });
}

fn pool_builder(base: &str, tls: &TlsSettings) -> Result<reqwest::ClientBuilder> {
    provide_crypto();
    let config = |error: reqwest::Error| ClientError::Config(error.to_string());
    let mut builder = reqwest::Client::builder().gzip(!tls.uncompressed && !is_here(base));
    if base.starts_with("http://") {
        builder = builder.tls_certs_only([]);
    } else if let Some(pem) = &tls.authorities {
        let bundle = reqwest::Certificate::from_pem_bundle(pem).map_err(config)?;
        if bundle.is_empty() {
            return Err(ClientError::Config("unable to load root certificates".to_owned()));
        }
        builder = builder.tls_certs_only(bundle);
    }
    if tls.insecure {
        builder = builder.tls_certs_only([]).tls_danger_accept_invalid_certs(true);
    }
    if let Some(pem) = &tls.identity {
        builder = builder.identity(reqwest::Identity::from_pem(pem).map_err(config)?);
    }
    if let Some(proxy) = &tls.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy.as_str()).map_err(config)?);
    }
    if let Some(timeout) = tls.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(period) = tls.keep_alive {
        builder = builder.tcp_keepalive(period);
    }
    Ok(builder)
}

/// Tells whether an address is this machine's own: nothing is won by compressing there.
fn is_here(base: &str) -> bool {
    let uri = base.parse::<Uri>().unwrap_or_default();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The address with another host name, and where that host really is.
async fn under_name(base: &str, name: &str) -> Result<(String, Vec<SocketAddr>)> {
    let uri: Uri = base.parse().map_err(http::Error::from)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(443);
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(|error| ClientError::Config(format!("lookup {host}: {error}")))?;
    let path = uri.path().trim_end_matches('/');
    let scheme = uri.scheme_str().unwrap_or("https");
    Ok((format!("{scheme}://{name}:{port}{path}"), found.collect()))
}

/// Upgrades over a pipe inside the process, with hyper at both ends.
async fn upgrade_in_process(
    service: InProcess,
    request: Request<Bytes>,
    url: String,
) -> Result<Upgrade> {
    const PIPE_BYTES: usize = 64 * 1024;
    let broken = |source: hyper::Error| ClientError::Transport {
        url: url.clone(),
        source: Box::new(source),
    };
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let handler = hyper::service::service_fn(move |request: Request<Incoming>| {
        let answer = service.clone().oneshot(request.map(Body::new));
        async move { answer.await.map_err(std::io::Error::other) }
    });
    let server = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(far), handler)
        .with_upgrades();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(near)).await.map_err(broken)?;
    // The two ends of the pipe must turn while we wait, and end with the stream.
    let ends = lifecycle::StopToken::new();
    let turning = lifecycle::spawn("client/upgrade", &ends, async move {
        let (served, carried) = tokio::join!(server, connection.with_upgrades());
        if let Some(error) = served.err().or(carried.err()) {
            tracing::debug!(%error, "in-process stream ended");
        }
    });
    let mut answer = sender.send_request(request.map(Body::from)).await.map_err(broken)?;
    if answer.status() != http::StatusCode::SWITCHING_PROTOCOLS {
        let (parts, body) = answer.into_parts();
        let bytes = Body::new(body).bytes().await;
        let bytes = bytes.map_err(|source| ClientError::Transport { url, source })?;
        return Ok(Upgrade::Refused(Response::from_parts(parts, Body::from(bytes))));
    }
    let headers = answer.headers().clone();
    let stream = hyper::upgrade::on(&mut answer).await.map_err(broken)?;
    Ok(Upgrade::Switched {
        headers,
        stream: Box::new(Owning { stream: TokioIo::new(stream), _turning: turning }),
    })
}

/// A stream that keeps the task alive which carries it.
struct Owning<S> {
    stream: S,
    _turning: lifecycle::Task,
}

impl<S: AsyncRead + Unpin> AsyncRead for Owning<S> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Owning<S> {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        data: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for (base, here) in [
            ("https://127.0.0.1:6443", true),
            ("https://127.8.0.1", true),
            ("http://localhost:8080", true),
            ("https://[::1]:6443/path", true),
            ("https://10.0.0.1:6443", false),
            ("https://localhost.example.org", false),
            ("", false),
        ] {
            assert_eq!(is_here(base), here, "{base}");
        }
    }
}
