//! `proxy`: requests are passed on to a pod, to one of a service's endpoints, or to a node.
//! Source: `pkg/registry/core/{pod,service,node}` and `apimachinery/pkg/util/proxy`. Links in pages
//! of HTML are not rewritten.

use std::net::IpAddr;

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use hyper::{client::conn::http1, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use lifecycle::StopToken;
use machinery::{
    field::go_quoted,
    meta,
    status::{Resource, Status},
};
use rand::seq::IndexedRandom as _;
use serde_json::Value;
use tokio::net::TcpStream;

use super::streams::{keep_open, switch};
use crate::{http::Call, node::NodeStream, tls};

const KUBELET_PORT: u16 = 10250;

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// The node's own server.
    Kubelet(String),
    /// An address, over TLS or not.
    Address { ip: IpAddr, port: u16, tls: bool },
}

/// Passes a request on and its answer back.
pub(super) async fn respond(
    call: Call,
    upgrade: Option<OnUpgrade>,
    body: Body,
) -> Result<Response, Status> {
    let asked = Asked::read(&call)?;
    let target = asked.target(&call).await?;
    let prefix = call.info.path.split_once("/proxy").map_or("", |(before, _)| before).to_owned();
    let prefix = format!("{prefix}/proxy");
    let rest = call.info.path.get(prefix.len()..).unwrap_or_default();
    let query = query_of(&call);
    if rest.is_empty() && matches!(call.method, Method::GET | Method::HEAD) && upgrade.is_none() {
        return redirect(&format!("{prefix}/{query}"));
    }
    let path = if rest.is_empty() { "/" } else { rest };
    let stream = open(&call, &target).await?;
    let unreachable = |error: &dyn std::fmt::Display| {
        Status::unavailable(format!("error trying to reach service: {error}"))
    };
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error))?;
    let pump = lifecycle::spawn("apiserver/proxy-connection", &StopToken::new(), async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "connection of a proxy ended early");
        }
    });
    let request = forwarded(&call, &target, &format!("{path}{query}"), upgrade.is_some(), body)?;
    let response = sender.send_request(request).await.map_err(|error| unreachable(&error))?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch(upgrade, response, (pump, call.measured));
    }
    let mut response = keep_open(response, pump);
    within(response.headers_mut(), &prefix);
    Ok(response)
}

/// The query as it goes on, with its question mark.
fn query_of(call: &Call) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query.pairs());
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

fn redirect(to: &str) -> Result<Response, Status> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    let to = HeaderValue::from_str(to).map_err(Status::internal)?;
    response.headers_mut().insert(header::LOCATION, to);
    Ok(response)
}

/// `[SCHEME:]NAME[:PORT]`, as the path names it.
struct Asked<'a> {
    tls: bool,
    name: &'a str,
    port: &'a str,
}

impl<'a> Asked<'a> {
    fn read(call: &'a Call) -> Result<Self, Status> {
        let parts: Vec<&str> = call.name().split(':').collect();
        let asked = match parts.as_slice() {
            [name] => Some(("", *name, "")),
            [name, port] => Some(("", *name, *port)),
            [scheme, name, port] => Some((*scheme, *name, *port)),
            _ => None,
        };
        let known = asked.filter(|(scheme, name, _)| {
            matches!(*scheme, "" | "http" | "https") && !name.is_empty()
        });
        let (scheme, name, port) = known.ok_or_else(|| {
            let what = &call.kind.singular;
            Status::bad_request(format!("invalid {what} request {}", go_quoted(call.name())))
        })?;
        Ok(Self { tls: scheme == "https", name, port })
    }

    async fn target(&self, call: &Call) -> Result<Target, Status> {
        let key = call.registry().key_of(&call.kind, call.namespace_of_object(), self.name);
        let not_found = || Status::not_found(call.kind.resource(), self.name);
        let object = call.registry().object_at(&key).await?;
        match call.kind.plural.as_str() {
            "nodes" => self.node(&object.ok_or_else(not_found)?),
            "services" => self.service(call, &object.ok_or_else(not_found)?).await,
            _ => self.pod(&object.ok_or_else(not_found)?),
        }
    }

    fn pod(&self, pod: &Value) -> Result<Target, Status> {
        let mut ports = meta::items(pod, "/spec/containers")
            .iter()
            .flat_map(|container| meta::items(container, "/ports"));
        let first = ports.find_map(|port| meta::number(port, "/containerPort"));
        self.address(meta::text(pod, "/status/podIP"), first)
    }

    /// The address with the port that was asked for, else `usual`, else that of the scheme.
    fn address(&self, ip: &str, usual: Option<i64>) -> Result<Target, Status> {
        let refused = || Status::bad_request("address not allowed");
        let ip = ip.parse().ok().filter(is_reachable).ok_or_else(refused)?;
        let port = match (self.port, usual) {
            ("", Some(usual)) => u16::try_from(usual).ok(),
            ("", None) => Some(if self.tls { 443 } else { 80 }),
            (given, _) => given.parse().ok(),
        };
        let port = port
            .ok_or_else(|| Status::bad_request(format!("invalid port {}", go_quoted(self.port))))?;
        Ok(Target::Address { ip, port, tls: self.tls })
    }

    fn node(&self, node: &Value) -> Result<Target, Status> {
        let kubelet = meta::number(node, "/status/daemonEndpoints/kubeletEndpoint/Port");
        let kubelet = kubelet.and_then(|it| u16::try_from(it).ok()).unwrap_or(KUBELET_PORT);
        if self.port.is_empty() || self.port.parse() == Ok(kubelet) {
            return Ok(Target::Kubelet(self.name.to_owned()));
        }
        let addresses = meta::items(node, "/status/addresses");
        let internal = addresses.iter().find(|one| meta::text(one, "/type") == "InternalIP");
        self.address(internal.map_or("", |one| meta::text(one, "/address")), None)
    }

    /// One of the service's ready endpoints, by chance.
    async fn service(&self, call: &Call, service: &Value) -> Result<Target, Status> {
        let ports = meta::items(service, "/spec/ports");
        let name = match self.port.parse::<i64>() {
            Ok(number) => {
                let port = ports.iter().find(|it| meta::number(it, "/port") == Some(number));
                let missing = || {
                    let service = go_quoted(self.name);
                    Status::unavailable(format!(
                        "no service port {number} found for service {service}"
                    ))
                };
                meta::text(port.ok_or_else(missing)?, "/name")
            }
            Err(_) => self.port,
        };
        let key = call.registry().key("", "endpoints", call.namespace(), self.name);
        let endpoints = call.registry().object_at(&key).await?.ok_or_else(|| {
            Status::not_found(Resource { group: "", name: "endpoints" }, self.name)
        })?;
        let mut found = Vec::new();
        for subset in meta::items(&endpoints, "/subsets") {
            for port in meta::items(subset, "/ports") {
                if meta::text(port, "/name") == name || self.port.is_empty() && ports.len() == 1 {
                    let addresses = meta::items(subset, "/addresses").iter();
                    found.extend(addresses.map(|it| (meta::text(it, "/ip"), port)));
                }
            }
        }
        let Some((ip, port)) = found.choose(&mut rand::rng()) else {
            let service = go_quoted(self.name);
            return Err(Status::unavailable(format!(
                "no endpoints available for service {service}"
            )));
        };
        Self { port: "", ..*self }.address(ip, meta::number(port, "/port"))
    }
}

/// Addresses that lead back into this machine or to nobody are no targets.
fn is_reachable(ip: &IpAddr) -> bool {
    let link_local = match ip {
        IpAddr::V4(it) => it.is_link_local() || it.is_broadcast(),
        IpAddr::V6(it) => it.is_unicast_link_local(),
    };
    !(ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() || link_local)
}

async fn open(call: &Call, target: &Target) -> Result<Box<dyn NodeStream>, Status> {
    match target {
        Target::Kubelet(name) => {
            let none = || Status::unavailable("this control plane has no nodes");
            let connector = call.server.node.as_ref().ok_or_else(none)?;
            connector.connect(name).await.map_err(|error| {
                Status::unavailable(format!("error trying to reach service: {error}"))
            })
        }
        Target::Address { ip, port, tls } => {
            let unreachable = |error: std::io::Error| {
                let at = std::net::SocketAddr::new(*ip, *port);
                let why = match error.kind() {
                    std::io::ErrorKind::ConnectionRefused => "connect: connection refused".into(),
                    _ => error.to_string(),
                };
                Status::unavailable(format!("error trying to reach service: dial tcp {at}: {why}"))
            };
            let stream = TcpStream::connect((*ip, *port)).await.map_err(unreachable)?;
            if !tls {
                return Ok(Box::new(stream));
            }
            let stream = tls::connect_unseen(stream, *ip).await.map_err(unreachable)?;
            Ok(Box::new(stream))
        }
    }
}

/// Headers that concern one connection alone.
const HOP_BY_HOP: [&str; 6] =
    ["connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding"];

fn forwarded(
    call: &Call,
    target: &Target,
    path: &str,
    upgrading: bool,
    body: Body,
) -> Result<Request<Body>, Status> {
    let mut request = Request::builder().method(call.method.clone()).uri(path);
    for (name, value) in &call.headers {
        if is_passed_on(name, upgrading) {
            request = request.header(name, value);
        }
    }
    let host = match target {
        Target::Kubelet(_) => "kubelet".to_owned(),
        Target::Address { ip, port, .. } => std::net::SocketAddr::new(*ip, *port).to_string(),
    };
    request = request.header(header::HOST, host).header("x-forwarded-uri", &call.info.path);
    if let Some(host) = call.headers.get(header::HOST) {
        request = request.header("x-forwarded-host", host);
    }
    request.body(body).map_err(Status::internal)
}

/// What the caller proves itself with stays here.
pub(crate) fn is_passed_on(name: &HeaderName, upgrading: bool) -> bool {
    let name = name.as_str();
    let private = name == "authorization" || name.starts_with("impersonate-");
    let connection = HOP_BY_HOP.contains(&name) || name == "upgrade";
    !private
        && name != "host"
        && (!connection || upgrading && matches!(name, "connection" | "upgrade"))
}

/// Redirections stay below the proxy's path.
fn within(headers: &mut HeaderMap, prefix: &str) {
    let location = headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
    let Some(path) = location.filter(|it| it.starts_with('/') && !it.starts_with(prefix)) else {
        return;
    };
    if let Ok(value) = HeaderValue::from_str(&format!("{prefix}{path}")) {
        headers.insert(header::LOCATION, value);
    }
}
