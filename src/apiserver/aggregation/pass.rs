//! Requests are passed on in the name of who sent them, which our certificate vouches for.
//! Source: kube-aggregator's `handler_proxy.go`; Kubernetes documentation, "Configure the Aggregation
//! Layer".

use std::{
    fmt,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode, header};
use http_body::{Frame, SizeHint};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use machinery::status::Status;

use super::{available, index::Remote};
use crate::{
    authn::User,
    http::plain,
    kept::{Open, Own, Place, Trust},
    metrics::Measured,
    resource_metrics,
    server::Inner,
    subresources::{is_passed_on, switch},
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
    let place = place(server, remote, &road);
    let (open, response) = send(server, &place, request).await.map_err(unreachable)?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch(upgrade, response, (open.into_pump(), measured));
    }
    Ok(kept_after(server, response, (place, open)))
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

/// Sends a request and waits for what begins its answer.
///
/// Errors: what Go's client would say.
pub(super) async fn send(
    server: &Inner,
    place: &Place,
    request: Request<Body>,
) -> Result<(Open, http::Response<Incoming>), String> {
    server.registry.kept.ask(place, request).await
}

/// Where a road to an aggregated server ends.
pub(super) fn place(server: &Inner, remote: &Remote, road: &Road) -> Place {
    let own = server.config.aggregation.front_proxy.as_ref().map(|own| Own {
        certificate: own.certificate.as_bytes().to_vec(),
        key: own.key.as_bytes().to_vec(),
    });
    let trust = if remote.insecure {
        Trust::Unseen
    } else {
        Trust::Authorities(remote.authorities.clone())
    };
    Place { at: road.to_string(), name: remote.host(), trust, own }
}

/// An answer whose connection is kept once its body was read to the end.
fn kept_after(
    server: &Arc<Inner>,
    response: http::Response<Incoming>,
    from: (Place, Open),
) -> Response {
    let server = Arc::clone(server);
    response.map(|body| Body::new(Followed { body, from: Some(from), server }))
}

/// A body, and the connection that it comes by.
struct Followed {
    body: Incoming,
    from: Option<(Place, Open)>,
    server: Arc<Inner>,
}

impl http_body::Body for Followed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let ended = matches!(polled, Poll::Ready(None)) || self.body.is_end_stream();
        if let Some((place, open)) = self.from.take_if(|_| ended) {
            self.server.registry.kept.keep(place, open);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        // Whoever asks is told by the end itself: until then the connection is here.
        self.from.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
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
