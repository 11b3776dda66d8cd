//! HTTP in and out: from a request to a call, from an answer to a response.

pub(crate) mod answer;
pub(crate) mod body;
mod chain;
mod deadline;
mod health;
mod listen;
pub(crate) mod negotiate;
mod nonresource;
mod path;
pub(crate) mod pieces;
pub(crate) mod query;
mod warnings;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use machinery::{kind::Kind, status::Status};

use crate::{
    aggregation::{self, Passed},
    authn::User,
    metrics::Measured,
    registry,
    server::{ApiServer, Inner},
    subresources,
};

pub(crate) use chain::{Asked, admitted};
pub use listen::{Listener, ServeError, serve};
pub(crate) use nonresource::version as version_info;
pub(crate) use path::{RequestInfo, Target, decode};
pub(crate) use query::Query;

/// Most bytes of a body. Source: kube-apiserver's `MaxRequestBodyBytes`.
const MAX_BODY_BYTES: usize = 3 * 1024 * 1024;

/// One request to one resource, understood and allowed.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) server: Arc<Inner>,
    pub(crate) kind: Arc<Kind>,
    pub(crate) user: User,
    pub(crate) info: RequestInfo,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) method: Method,
    /// Kept by what goes on after the response, where something may.
    pub(crate) measured: Option<Arc<Measured>>,
}

impl Call {
    /// The name that the path gives.
    pub(crate) fn name(&self) -> &str {
        &self.info.name
    }

    /// The namespace that the path gives; empty for all or none.
    pub(crate) fn namespace(&self) -> &str {
        &self.info.namespace
    }

    /// The registry of objects.
    pub(crate) fn registry(&self) -> &registry::Registry {
        &self.server.registry
    }
}

#[derive(Debug, Clone)]
struct Front {
    server: ApiServer,
    user: Option<User>,
}

/// The service; `user` is who calls, where that is known beforehand.
pub(crate) fn router(server: &ApiServer, user: Option<User>) -> Router {
    let front = Front { server: server.clone(), user };
    Router::new().fallback(handle).with_state(front)
}

async fn handle(State(front): State<Front>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let accept = answer::Accept::of_refusal(&parts.headers, query);
    // Nothing is won by compressing for callers on this machine.
    let zips = front.user.is_none() && answer::accepts_gzip(&parts.headers);
    let response = match chain::respond(&front, parts, body).await {
        Ok(response) => response,
        Err(status) => answer::refusal(&status, accept),
    };
    if zips { answer::zipped(response).await } else { response }
}

/// A request of somebody who may ask it.
struct Allowed {
    server: Arc<Inner>,
    user: User,
    parts: Parts,
    query: Query,
    info: RequestInfo,
    measured: Option<Arc<Measured>>,
}

async fn dispatch(request: Allowed, body: Body) -> Result<Response, Status> {
    let Allowed { server, user, mut parts, query, info, measured } = request;
    if let Some(remote) = server.aggregation.at(parts.uri.path()) {
        let passed = Passed { user, request: Request::from_parts(parts, body), measured };
        return aggregation::answer(&server, &remote, passed).await;
    }
    let Target::Resource = info.target else {
        let body = read_body(body).await?;
        return nonresource::respond(&server, &user, &parts, &body).await;
    };
    let kind = server.registry.kind(&info.group, &info.version, &info.resource);
    let Some(kind) = kind.filter(|kind| fits_scope(kind, &info)) else {
        if let Some(review) = subresources::review(&info) {
            if info.verb != "create" || !info.name.is_empty() {
                return Err(Status::http_method_not_allowed());
            }
            let body = read_body(body).await?;
            let kind = Arc::new(review.as_kind());
            let (method, headers) = (parts.method, parts.headers);
            let call = Call { server, kind, user, info, query, headers, method, measured };
            return review.respond(&call, &body).await;
        }
        let version_is_served = server
            .registry
            .kinds()
            .iter()
            .any(|kind| kind.group == info.group && kind.version == info.version);
        let kinds = server.registry.kinds();
        let custom = kinds.iter().any(|kind| kind.group == info.group && kind.custom.is_some());
        if !version_is_served || custom {
            return Ok(not_found());
        }
        return Err(Status::no_such_path());
    };
    if info.name.contains('/') {
        return Err(Status::no_such_path());
    }
    if matches!(info.name.as_str(), "." | "..") {
        let name = machinery::field::go_quoted(&info.name);
        let problem = machinery::names::path_segment(&info.name).join(" ");
        return Err(Status::bad_request(format!("invalid resource name {name}: [{problem}]")));
    }
    let upgrade = parts.extensions.remove::<hyper::upgrade::OnUpgrade>();
    let (method, headers) = (parts.method, parts.headers);
    let call = Call { server, kind, user, info, query, headers, method, measured };
    if !call.info.subresource.is_empty() {
        return Box::pin(subresources::respond(call, upgrade, body)).await;
    }
    if let Some(stand_in) = call.kind.stands_for {
        return subresources::create_as(call, stand_in, body).await;
    }
    registry::respond(&call, body).await
}

/// A namespaced kind is asked for in a namespace, or in all of them to list; of built-in kinds other
/// verbs have a refusal of their own.
fn fits_scope(kind: &Kind, info: &RequestInfo) -> bool {
    if !kind.is_namespaced() {
        return info.namespace.is_empty() || info.resource == "namespaces";
    }
    let lists = matches!(info.verb, "list" | "watch");
    !info.namespace.is_empty() || info.name.is_empty() && (lists || kind.custom.is_none())
}

/// Reads a body up to the limit.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, Status> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Status::too_large(MAX_BODY_BYTES)),
        Err(error) => Err(Status::bad_request(format!("cannot read the request body: {error}"))),
    }
}

/// What Go's router says of paths that nobody serves.
pub(crate) fn not_found() -> Response {
    plain(404, "404 page not found\n")
}

/// An empty response with a code, for health checks and the like.
pub(crate) fn plain(code: u16, text: impl Into<String>) -> Response {
    let code = http::StatusCode::from_u16(code).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (http::header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (http::header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (code, headers, text.into()).into_response()
}
