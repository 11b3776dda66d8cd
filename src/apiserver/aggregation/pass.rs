//! Requests are passed on in the name of who sent them, which our certificate vouches for.
//! Source: kube-aggregator's `handler_proxy.go`; Kubernetes documentation, "Configure the Aggregation
//! Layer".

use std::{fmt, net::IpAddr, sync::Arc};

use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, Request, StatusCode, header};
use hyper::{body::Incoming, client::conn::http1, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use lifecycle::{StopToken, Task};
use machinery::status::Status;
use tokio::net::TcpStream;

use super::{available, index::Remote};
use crate::{
    authn::User,
    http::plain,
    metrics::Measured,
    node::NodeStream,
    resource_metrics,
    server::Inner,
    subresources::{is_passed_on, keep_open, switch},
    tls,
};

/// What we prove ourselves with to the servers behind us, PEM.
/// The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct FrontProxy {
    /// `--proxy-client-cert-file`, read.
    pub certificate: String,
    /// `--proxy-client-key-file`, read.
    pub key: String,
    /// `--requestheader-client-ca-file`, read: who vouches for us.
    pub authority: String,
    /// `--requestheader-allowed-names`: the names that the certificate may be for.
    pub names: Vec<String>,
}

/// The way to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Road {
    Address(IpAddr, u16),
    Host(String, u16),
}

impl fmt::Display for Road {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address, port) => {
                write!(f, "{}", std::net::SocketAddr::new(*address, *port))
            }
            Self::Host(host, port) => write!(f, "{host}:{port}"),
        }
    }
}

/// A request as it came, for somebody else.
pub(crate) struct Passed {
    pub(crate) user: User,
    pub(crate) request: Request<Body>,
    pub(crate) measured: Option<Arc<Measured>>,
}

/// Passes a request on and its answer back.
pub(crate) async fn answer(
    server: &Arc<Inner>,
    remote: &Remote,
    passed: Passed,
) -> Result<Response, Status> {
    let Passed { user, mut request, measured } = passed;
    if remote.own {
        return resource_metrics::respond(server, &request.into_parts().0).await;
    }
    if !remote.available {
        return Ok(plain(503, "service unavailable\n"));
    }
    let unreachable =
        |why: String| Status::unavailable(format!("error trying to reach service: {why}"));
    let road = available::road(server, remote).await;
    let road = road.map_err(|condition| Status::unavailable(condition.message))?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let request = signed(stripped(request, upgrade.is_some()), &user, &remote.host());
    let (response, pump) = send(server, remote, &road, request).await.map_err(unreachable)?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch(upgrade, response, (pump, measured));
    }
    Ok(keep_open(response, pump))
}

/// The request without what concerns this connection and this caller alone.
fn stripped(request: Request<Body>, upgrading: bool) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_owned();
    let names: Vec<HeaderName> = parts.headers.keys().cloned().collect();
    for name in names {
        let forged = name.as_str().starts_with("x-remote-");
        if forged || !is_passed_on(&name, upgrading) {
            parts.headers.remove(name);
        }
    }
    // An address that was there is the path alone from here on.
    parts.uri = path.parse().unwrap_or_default();
    parts.version = http::Version::HTTP_11;
    Request::from_parts(parts, body)
}

/// The request in a user's name.
pub(super) fn signed(mut request: Request<Body>, user: &User, host: &str) -> Request<Body> {
    let headers = request.headers_mut();
    let mut add = |name: String, value: &str| {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    };
    add(header::HOST.to_string(), host);
    add("x-remote-user".into(), &user.name);
    if !user.uid.is_empty() {
        add("x-remote-uid".into(), &user.uid);
    }
    for group in &user.groups {
        add("x-remote-group".into(), group);
    }
    for (key, values) in &user.extra {
        for value in values {
            add(format!("x-remote-extra-{}", escaped(key)), value);
        }
    }
    request
}

/// A key as the end of a header's name: what may not stand there is written in percents.
fn escaped(key: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte) {
            out.push(char::from(byte.to_ascii_lowercase()));
        } else if write!(out, "%{byte:02x}").is_err() {
            return out;
        }
    }
    out
}

/// Sends a request over a connection of its own, which the task drives.
///
/// Errors: what Go's client would say.
pub(super) async fn send(
    server: &Inner,
    remote: &Remote,
    road: &Road,
    request: Request<Body>,
) -> Result<(http::Response<Incoming>, Task), String> {
    let stream = open(server, remote, road).await?;
    let text = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
    let pump = lifecycle::spawn("apiserver/aggregated", &StopToken::new(), async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "connection to an aggregated server ended early");
        }
    });
    let response = sender.send_request(request).await.map_err(text)?;
    Ok((response, pump))
}

async fn open(server: &Inner, remote: &Remote, road: &Road) -> Result<Box<dyn NodeStream>, String> {
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            format!("dial tcp {road}: connect: connection refused")
        }
        _ => format!("dial tcp {road}: {error}"),
    };
    let stream = match road {
        Road::Address(address, port) => TcpStream::connect((*address, *port)).await,
        Road::Host(host, port) => TcpStream::connect((host.as_str(), *port)).await,
    };
    let stream = stream.map_err(refused)?;
    let own = server.config.aggregation.front_proxy.as_ref();
    let own = own.map(|own| (own.certificate.as_bytes(), own.key.as_bytes()));
    let host = remote.host();
    let stream = if remote.insecure {
        tls::connect_unseen_as(stream, &host, own).await?
    } else {
        tls::connect_trusting_as(stream, &host, &remote.authorities, own).await?
    };
    Ok(Box::new(stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_for_somebody_else() {
        let request = Request::builder()
            .uri("https://host:6443/apis/a.b/v1/things?x=1")
            .header("Authorization", "Bearer secret")
            .header("X-Remote-User", "admin")
            .header("X-Remote-Extra-Scopes", "all")
            .header("Impersonate-User", "admin")
            .header("Connection", "close")
            .header("Accept", "application/json")
            .body(Body::empty())
            .unwrap();
        let mut user = User::known("eve", &["guests"]);
        user.extra.insert("example.com/Scopes".into(), vec!["few".into()]);
        let request = signed(stripped(request, false), &user, "api.ns.svc");
        assert_eq!(request.uri(), "/apis/a.b/v1/things?x=1");
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in request.headers() {
            headers.push((name.to_string(), value.to_str().unwrap().to_owned()));
        }
        headers.sort();
        let want = [
            ("accept", "application/json"),
            ("host", "api.ns.svc"),
            ("x-remote-extra-example.com%2fscopes", "few"),
            ("x-remote-group", "guests"),
            ("x-remote-group", "system:authenticated"),
            ("x-remote-user", "eve"),
        ];
        let headers: Vec<_> = headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(headers, want);
    }
}
