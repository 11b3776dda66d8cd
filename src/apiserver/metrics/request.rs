//! One request on its way: how it is labelled, and its numbers once it has ended.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering::Relaxed},
};

use axum::{body::Body, response::Response};
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use super::series::{Labels, Series};
use crate::{
    http::{Query, RequestInfo, Target, body},
    server::Inner,
    subresources,
};

/// Tells whether a request may go on for as long as it likes.
/// Source: kube-apiserver's `BasicLongRunningRequestCheck`.
pub(crate) fn is_long_running(info: &RequestInfo) -> bool {
    info.target == Target::Resource
        && (info.verb == "watch"
            || matches!(
                info.subresource.as_str(),
                "attach" | "exec" | "proxy" | "log" | "portforward"
            ))
}

/// A request that is being answered. Counted once it is dropped; without an answer it was given
/// up.
#[derive(Debug)]
pub(crate) struct Measured {
    server: Arc<Inner>,
    series: Option<Arc<Series>>,
    received: Instant,
    code: AtomicU16,
    flight: Flight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flight {
    ReadOnly,
    Mutating,
    LongRunning,
}

/// Begins to measure a request that was received at `received` and is allowed.
pub(crate) fn measure(
    server: &Arc<Inner>,
    (method, headers): (&Method, &HeaderMap),
    info: &RequestInfo,
    query: &Query,
    received: Instant,
) -> Measured {
    let flight = match info.verb {
        _ if is_long_running(info) => Flight::LongRunning,
        "get" | "list" | "watch" => Flight::ReadOnly,
        _ => Flight::Mutating,
    };
    let labels = labels(method, headers, info, query);
    let long = flight == Flight::LongRunning;
    let known = || is_known(server, info);
    let series = labels.and_then(|it| server.metrics.requests.series(it, long, known));
    let server = Arc::clone(server);
    match (flight, &series) {
        (Flight::LongRunning, Some(series)) => _ = series.long_running.fetch_add(1, Relaxed),
        (Flight::LongRunning, None) => {}
        (Flight::ReadOnly, _) => _ = server.metrics.read_only.fetch_add(1, Relaxed),
        (Flight::Mutating, _) => _ = server.metrics.mutating.fetch_add(1, Relaxed),
    }
    Measured { server, series, received, code: AtomicU16::new(0), flight }
}

impl Measured {
    /// Notes the answer's code.
    pub(crate) fn answered(&self, code: u16) {
        self.code.store(code, Relaxed);
    }

    /// Notes how many bytes the answer has.
    #[expect(clippy::cast_precision_loss, reason = "answers fit into memory")]
    pub(crate) fn sized(&self, response: &Response) {
        let bytes = http_body::Body::size_hint(response.body()).exact();
        if let (Some(series), Some(bytes)) = (&self.series, bytes) {
            series.sizes.observe(bytes as f64);
        }
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let metrics = &self.server.metrics;
        let code = self.code.load(Relaxed);
        match self.flight {
            Flight::LongRunning => {}
            Flight::ReadOnly => _ = metrics.read_only.fetch_sub(1, Relaxed),
            Flight::Mutating => _ = metrics.mutating.fetch_sub(1, Relaxed),
        }
        if code == 0 {
            metrics.aborted.fetch_add(1, Relaxed);
        }
        let Some(series) = &self.series else { return };
        if self.flight == Flight::LongRunning {
            series.long_running.fetch_sub(1, Relaxed);
        }
        if code != 0 {
            series.answered(code);
            series.took(lifecycle::clock::instant().duration_since(self.received));
        }
    }
}

/// The response, which holds `measured` until its body has been sent.
pub(crate) fn hold(response: Response, measured: Arc<Measured>) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_the_end = &measured;
            frame
        }))
    })
}

/// How a request is labelled; `None` for paths that are not counted.
fn labels<'a>(
    method: &Method,
    headers: &HeaderMap,
    info: &'a RequestInfo,
    query: &Query,
) -> Option<Labels<'a>> {
    let empty = Labels {
        verb: "GET",
        dry_run: "",
        group: "",
        version: "",
        resource: "",
        subresource: "",
        scope: "",
    };
    if info.target == Target::Path {
        let health = ["/healthz", "/livez", "/readyz"].into_iter().find(|it| *it == info.path);
        return health.map(|subresource| Labels { subresource, ..empty });
    }
    let scope = match (info.name.as_str(), info.verb) {
        ("", verb) if verb != "create" => {
            if info.namespace.is_empty() {
                "cluster"
            } else {
                "namespace"
            }
        }
        _ => "resource",
    };
    let streams = matches!(info.subresource.as_str(), "exec" | "attach" | "portforward" | "proxy");
    let verb = match info.verb {
        _ if streams => "CONNECT",
        "list" => "LIST",
        "watch" => "WATCH",
        "deletecollection" => "DELETECOLLECTION",
        "patch" if body::media(headers).starts_with("application/apply-patch") => "APPLY",
        _ => match method.as_str() {
            "GET" | "HEAD" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            "DELETE" => "DELETE",
            _ => return None,
        },
    };
    let dry = query.all("dryRun").any(|value| value == "All");
    Some(Labels {
        verb,
        dry_run: if dry { "All" } else { "" },
        group: &info.group,
        version: &info.version,
        resource: &info.resource,
        subresource: &info.subresource,
        scope,
    })
}

/// Tells whether what is asked for exists: callers must not fill the memory with names.
fn is_known(server: &Inner, info: &RequestInfo) -> bool {
    if info.target == Target::Path || subresources::review(info).is_some() {
        return true;
    }
    let Some(kind) = server.registry.kind(&info.group, &info.version, &info.resource) else {
        return false;
    };
    match info.subresource.as_str() {
        "" => true,
        "status" => kind.has_status,
        "scale" if kind.scale.is_some() => true,
        other => kind.subresources.iter().any(|one| one.name == other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_labelled_as_kubernetes_labels_them() {
        let apply = "application/apply-patch+yaml";
        for (method, media, path, query, expected) in [
            ("GET", "", "/api/v1/pods", "", "LIST  v1 pods  cluster"),
            ("GET", "", "/api/v1/namespaces/a/pods", "watch=1", "WATCH  v1 pods  namespace"),
            ("GET", "", "/api/v1/namespaces/a/pods/p", "", "GET  v1 pods  resource"),
            ("POST", "", "/api/v1/namespaces/a/pods", "", "POST  v1 pods  resource"),
            ("POST", "", "/api/v1/namespaces/a/pods", "dryRun=All", "POST All v1 pods  resource"),
            ("PATCH", apply, "/api/v1/namespaces/a/pods/p", "", "APPLY  v1 pods  resource"),
            (
                "PATCH",
                "",
                "/api/v1/namespaces/a/pods/p/status",
                "",
                "PATCH  v1 pods status resource",
            ),
            ("GET", "", "/api/v1/namespaces/a/pods/p/exec", "", "CONNECT  v1 pods exec resource"),
            ("GET", "", "/api/v1/namespaces/a/pods/p/log", "", "GET  v1 pods log resource"),
            ("DELETE", "", "/api/v1/nodes", "", "DELETECOLLECTION  v1 nodes  cluster"),
            ("GET", "", "/readyz", "", "GET    /readyz "),
        ] {
            let method: Method = method.parse().unwrap();
            let query = Query::parse(query);
            let info = RequestInfo::of(&method, path, &query);
            let mut headers = HeaderMap::new();
            if !media.is_empty() {
                headers.insert(http::header::CONTENT_TYPE, media.parse().unwrap());
            }
            let it = labels(&method, &headers, &info, &query).unwrap();
            let told =
                [it.verb, it.dry_run, it.version, it.resource, it.subresource, it.scope].join(" ");
            assert_eq!(told, expected, "{path}");
        }
        let info = RequestInfo::of(&Method::GET, "/made/up", &Query::default());
        assert!(labels(&Method::GET, &HeaderMap::new(), &info, &Query::default()).is_none());
    }
}
