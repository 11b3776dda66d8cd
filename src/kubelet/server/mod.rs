//! The node's own server, with the genuine kubelet's paths: logs, exec, attach, port-forward.
//!
//! It decides nothing about who may ask: the API server has, and in one process is the only caller.

mod respond;
mod spdy;
mod stats;
mod websocket;
mod work;

use std::io;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use client::SharedCache;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use k8s_openapi::api::core::v1::Pod;
use lifecycle::Tasks;
use tokio::io::DuplexStream;

use self::work::{Asked, Process, Work};
use crate::host::Host;

/// Bytes in flight on a connection inside the process.
const BUFFER: usize = 256 << 10;

/// A handle on the node's server; it answers once the kubelet has started.
#[derive(Debug, Clone, Default)]
pub struct NodeServer(Arc<OnceLock<Arc<Serving>>>);

/// What answers are made from.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) host: Arc<Host>,
    pub(crate) pods: SharedCache<Pod>,
    /// What was used when it was looked at last.
    pub(crate) meter: stats::Meter,
    /// Connections and streams, which end with the kubelet.
    pub(crate) tasks: Tasks,
}

impl NodeServer {
    pub(crate) fn open(&self, host: &Arc<Host>, pods: &SharedCache<Pod>) {
        let tasks = Tasks::new(&host.stop);
        let (host, meter) = (Arc::clone(host), stats::Meter::default());
        let serving = Serving { host, pods: pods.clone(), meter, tasks };
        stats::begin(&serving);
        if self.0.set(Arc::new(serving)).is_err() {
            tracing::error!("the node's server was opened twice");
        }
    }

    /// Opens a connection inside this process, on which HTTP/1.1 with upgrades is spoken.
    ///
    /// Errors: `NotConnected` before the kubelet has started.
    pub fn connect(&self) -> io::Result<DuplexStream> {
        let serving = self.0.get().ok_or(io::ErrorKind::NotConnected)?;
        let (ours, theirs) = tokio::io::duplex(BUFFER);
        let service = TowerToHyperService::new(router(Arc::clone(serving)));
        serving.tasks.spawn("kubelet/connection", async move {
            let server = auto::Builder::new(TokioExecutor::new()).http1_only();
            if let Err(error) =
                server.serve_connection_with_upgrades(TokioIo::new(ours), service).await
            {
                tracing::debug!(%error, "connection ended early");
            }
        });
        Ok(theirs)
    }

    /// The server's routes, for serving them elsewhere; `None` before the kubelet has started.
    pub fn router(&self) -> Option<Router> {
        self.0.get().map(|serving| router(Arc::clone(serving)))
    }
}

fn router(serving: Arc<Serving>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/pods", get(respond::pods))
        .route("/stats/summary", get(stats::summary))
        .route("/metrics/resource", get(stats::metrics))
        .route("/containerLogs/{namespace}/{pod}/{container}", get(respond::logs))
        .route("/exec/{namespace}/{pod}/{container}", any(exec))
        .route("/attach/{namespace}/{pod}/{container}", any(attach))
        .route("/portForward/{namespace}/{pod}", any(port_forward))
        .with_state(serving)
}

type Names = Path<(String, String, String)>;

async fn exec(
    State(serving): State<Arc<Serving>>,
    Path((namespace, pod, container)): Names,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let query = pairs(query.as_deref());
    let found = respond::running(&serving, &namespace, &pod, &container);
    let (sandbox, id) = match found {
        Ok(found) => found,
        Err(refusal) => return refusal.into_response(),
    };
    let process = Process::Exec { sandbox, id };
    upgrade(&serving, request, Work::Command { process, asked: Asked::parse(&query) })
}

async fn attach(
    State(serving): State<Arc<Serving>>,
    Path((namespace, pod, container)): Names,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let query = pairs(query.as_deref());
    let found = respond::running(&serving, &namespace, &pod, &container);
    let (sandbox, id) = match found {
        Ok(found) => found,
        Err(refusal) => return refusal.into_response(),
    };
    let process = Process::Attach { sandbox, id };
    upgrade(&serving, request, Work::Command { process, asked: Asked::parse(&query) })
}

async fn port_forward(
    State(serving): State<Arc<Serving>>,
    Path((namespace, pod)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let Some(found) = serving.pods.get(&namespace, &pod) else {
        return Refusal(StatusCode::NOT_FOUND, format!("pod \"{pod}\" does not exist"))
            .into_response();
    };
    let query = pairs(query.as_deref());
    let ports = query.iter().filter(|(name, _)| name == "ports" || name == "port");
    let ports = ports.flat_map(|(_, value)| value.split(',')).filter_map(|port| port.parse().ok());
    upgrade(&serving, request, Work::PortForward { pod: found, ports: ports.collect() })
}

/// Switches the connection to the protocol that the caller speaks.
fn upgrade(serving: &Arc<Serving>, request: Request, work: Work) -> Response {
    let wanted = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    match wanted.unwrap_or_default() {
        name if name.eq_ignore_ascii_case("websocket") => {
            websocket::upgrade(serving, request, work)
        }
        name if name.eq_ignore_ascii_case(::spdy::VERSION) => spdy::upgrade(serving, request, work),
        _ => {
            let text = "you must upgrade the connection to use this resource".to_owned();
            Refusal(StatusCode::BAD_REQUEST, text).into_response()
        }
    }
}

/// An answer that is no: its code and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) String);

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

/// A query's names and values, decoded.
pub(crate) fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    let parts = query.unwrap_or_default().split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        out.push(escaped.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        for (query, want) in [
            ("command=ls&command=-l", "command=ls command=-l"),
            ("command=a+b%20c%26", "command=a b c&"),
            ("tty", "tty="),
            ("x=100%", "x=100%"),
        ] {
            let found: Vec<String> = pairs(Some(query))
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            assert_eq!(found.join(" "), want);
        }
    }
}
