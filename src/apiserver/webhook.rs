//! Calling webhooks: a document is posted over TLS, a document comes back.
//! Source: `k8s.io/apiserver/pkg/util/webhook` and client-go's REST client, whose words errors have.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, Uri, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use lifecycle::StopToken;
use machinery::{meta, status::Status};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{
    http::read_body,
    kept::{Connections, Open, Place},
    registry::Registry,
    tls,
};

/// Where a webhook is, and who vouches for it.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// As error texts and the request line have it.
    url: Uri,
    /// Whom to connect to, where that is not the URL's host: a service's address.
    address: Option<(IpAddr, u16)>,
    /// Certificates in PEM; empty: those that this machine trusts.
    authorities: Vec<u8>,
    /// Connections from earlier questions.
    kept: Arc<Connections>,
}

impl Endpoint {
    /// Reads a `clientConfig`. Errors: what is wrong with it, or with the service it names.
    pub(crate) async fn of(config: &Value, registry: &Registry) -> Result<Self, String> {
        let bundle = meta::text(config, "/caBundle");
        let authorities =
            STANDARD.decode(bundle).map_err(|error| format!("invalid caBundle: {error}"))?;
        let service = &config["service"];
        if !service.is_object() {
            let text = meta::text(config, "/url");
            let url: Uri =
                text.parse().map_err(|error| format!("invalid url {text:?}: {error}"))?;
            return Ok(Self { url, address: None, authorities, kept: Arc::clone(&registry.kept) });
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
        let (address, kept) = (Some((address, port)), Arc::clone(&registry.kept));
        Ok(Self { url, address, authorities, kept })
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
        let url = self.with_query(query);
        let failed = |why: String| format!("Post {url:?}: {why}");
        match tokio::time::timeout(limit, self.exchange(document, &url)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(why)) => Err(failed(why)),
            Err(_) => Err(failed("context deadline exceeded".to_owned())),
        }
    }

    /// Errors outside: nothing came back; inside: what came back is no answer.
    async fn exchange(&self, document: &Value, url: &str) -> Result<Result<Value, String>, String> {
        let place = self.place();
        let asked = self.kept.ask(&place, request(document, url)?, self.open());
        let (open, response) = asked.await?;
        let code = response.status().as_u16();
        let body = read_body(Body::new(response.into_body())).await;
        let body = body.map_err(|status| status.message)?;
        self.kept.keep(place, open);
        Ok(understood(code, &body))
    }

    fn host(&self) -> &str {
        self.url.host().unwrap_or_default().trim_matches(['[', ']'])
    }

    fn place(&self) -> Place {
        let port = self.url.port_u16().unwrap_or(443);
        let at = match self.address {
            Some(address) => std::net::SocketAddr::from(address).to_string(),
            None => format!("{}:{port}", self.host()),
        };
        Place { at, host: self.host().to_owned(), authorities: self.authorities.clone() }
    }

    /// Opens a connection of its own.
    async fn open(&self) -> Result<Open, String> {
        let stream = self.connect().await?;
        let stream = tls::connect_trusting(stream, self.host(), &self.authorities).await?;
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        let pump = lifecycle::spawn("apiserver/webhook", &StopToken::new(), async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection to a webhook ended early");
            }
        });
        Ok(Open { sender, _pump: pump })
    }

    async fn connect(&self) -> Result<TcpStream, String> {
        if self.url.scheme_str() != Some("https") {
            return Err("unsupported protocol scheme".to_owned());
        }
        let host = self.host().to_owned();
        let port = self.url.port_u16().unwrap_or(443);
        let refused = |at: &str, error: &std::io::Error| match error.kind() {
            std::io::ErrorKind::ConnectionRefused => {
                format!("dial tcp {at}: connect: connection refused")
            }
            _ => format!("dial tcp {at}: {error}"),
        };
        if let Some(address) = self.address.or_else(|| Some((host.parse().ok()?, port))) {
            let at = std::net::SocketAddr::from(address).to_string();
            return TcpStream::connect(address).await.map_err(|error| refused(&at, &error));
        }
        TcpStream::connect((host.as_str(), port))
            .await
            .map_err(|error| refused(&format!("{host}:{port}"), &error))
    }
}

fn request(document: &Value, url: &str) -> Result<Request<Body>, String> {
    let uri: Uri = url.parse().map_err(|error| format!("{error}"))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or("", |it| it.as_str());
    Request::post(path)
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, */*")
        .header(header::USER_AGENT, "kube-apiserver-admission")
        .body(Body::from(document.to_string()))
        .map_err(|error| error.to_string())
}

/// An answer as a document; other codes than 200 in the words of client-go.
fn understood(code: u16, body: &[u8]) -> Result<Value, String> {
    let parsed = serde_json::from_slice::<Value>(body);
    if (200..300).contains(&code) {
        return parsed.map_err(|error| {
            machinery::json::go_syntax_error(body).unwrap_or_else(|| error.to_string())
        });
    }
    if let Some(status) = parsed.ok().as_ref().and_then(Status::from_object) {
        return Err(status.message);
    }
    let text = String::from_utf8_lossy(body);
    Err(match code {
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
    })
}
