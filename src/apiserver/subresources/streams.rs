//! `log`, `exec`, `attach`, `portforward`: the node's own server answers; this one checks, finds
//! the node, and passes bytes.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use futures::future::BoxFuture;
use http::{Request, StatusCode, header};
use hyper::{client::conn::http1, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use lifecycle::StopToken;
use machinery::{meta, status::Status};
use serde_json::Value;

use crate::{http::Call, metrics::Measured, registry};

/// Answers with what the pod's node says.
pub(super) async fn respond(
    call: Call,
    upgrade: Option<OnUpgrade>,
    _body: Body,
) -> Result<Response, Status> {
    let bytes = registry::served(&call, call.name()).await?;
    let pod: Value = serde_json::from_slice(&bytes).map_err(Status::internal)?;
    if call.info.subresource == "log" {
        for name in ["limitBytes", "sinceSeconds", "tailLines"] {
            call.query.number(name)?;
        }
    }
    let path = node_path(&call, &pod)?;
    let node = meta::text(&pod, "/spec/nodeName");
    if node.is_empty() && call.info.subresource == "log" {
        // Nothing has run, so nothing has been said.
        return Ok(crate::http::answer::nothing(204));
    }
    if node.is_empty() {
        return Err(Status::bad_request(format!(
            "pod {} does not have a host assigned",
            call.name()
        )));
    }
    let Some(connector) = &call.server.node else {
        return Err(Status::unavailable("this control plane has no nodes"));
    };
    let unreachable =
        |error: &dyn std::fmt::Display| Status::internal(format!("error dialing backend: {error}"));
    let stream = connector.connect(node).await.map_err(|error| unreachable(&error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error))?;
    let pump = lifecycle::spawn("apiserver/node-connection", &StopToken::new(), async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "connection to the node ended early");
        }
    });

    let request = forwarded(&call, &path)?;
    let response = sender.send_request(request).await.map_err(|error| unreachable(&error))?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch(upgrade, response, (pump, call.measured));
    }
    pass_on(response, pump).await
}

/// The path on the node's server. Source: the kubelet's HTTP API.
fn node_path(call: &Call, pod: &Value) -> Result<String, Status> {
    let (namespace, name) = (call.namespace(), call.name());
    if call.info.subresource == "portforward" {
        return Ok(format!("/portForward/{namespace}/{name}?{}", query(call)));
    }
    let container = container_of(call, pod)?;
    let verb = match call.info.subresource.as_str() {
        "log" => "containerLogs",
        other => other,
    };
    Ok(format!("/{verb}/{namespace}/{name}/{container}?{}", query(call)))
}

fn query(call: &Call) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (key, value) in call.query.pairs() {
        if key != "container" {
            out.append_pair(key, value);
        }
    }
    out.finish()
}

/// The container that is meant: named, or the only one.
fn container_of(call: &Call, pod: &Value) -> Result<String, Status> {
    let names = |list: &str| -> Vec<&str> {
        meta::items(pod, list).iter().map(|one| meta::text(one, "/name")).collect()
    };
    let main = names("/spec/containers");
    let init = names("/spec/initContainers");
    let ephemeral = names("/spec/ephemeralContainers");
    let wanted = call.query.text("container");
    if !wanted.is_empty() {
        let known = [&main, &init, &ephemeral].iter().any(|list| list.contains(&wanted));
        if !known {
            return Err(Status::bad_request(format!(
                "container {wanted} is not valid for pod {}",
                call.name()
            )));
        }
        return Ok(wanted.to_owned());
    }
    match main.as_slice() {
        [only] => Ok((*only).to_owned()),
        several => {
            let annotated = meta::annotation(pod, "kubectl.kubernetes.io/default-container");
            if let Some(name) = annotated.filter(|name| several.contains(name)) {
                return Ok(name.to_owned());
            }
            let all = [init.as_slice(), several, ephemeral.as_slice()].concat();
            Err(Status::bad_request(format!(
                "a container name must be specified for pod {}, choose one of: [{}]",
                call.name(),
                all.join(" ")
            )))
        }
    }
}

fn forwarded(call: &Call, path: &str) -> Result<Request<Body>, Status> {
    let mut request = Request::builder().method(call.method.clone()).uri(path);
    for (name, value) in &call.headers {
        let private = name == header::AUTHORIZATION || name.as_str().starts_with("impersonate-");
        if !private && name != header::HOST {
            request = request.header(name, value);
        }
    }
    request.header(header::HOST, "kubelet").body(Body::empty()).map_err(Status::internal)
}

/// Passes an ordinary answer on; refusals of the node become statuses.
async fn pass_on(
    response: http::Response<hyper::body::Incoming>,
    pump: lifecycle::Task,
) -> Result<Response, Status> {
    let (parts, body) = response.into_parts();
    if !parts.status.is_success() {
        let bytes = crate::http::read_body(Body::new(body)).await?;
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        let status = serde_json::from_slice(&bytes).ok().as_ref().and_then(Status::from_object);
        return Err(status.unwrap_or_else(|| match parts.status {
            StatusCode::NOT_FOUND => Status { code: 404, ..Status::bad_request(text) },
            StatusCode::BAD_REQUEST => Status::bad_request(text),
            _ => Status::internal(text),
        }));
    }
    Ok(keep_open(http::Response::from_parts(parts, body), pump))
}

/// An answer whose connection lives as long as its body is read.
pub(super) fn keep_open(
    response: http::Response<hyper::body::Incoming>,
    pump: lifecycle::Task,
) -> Response {
    let (parts, body) = response.into_parts();
    let body = http_body_util::BodyExt::map_frame(body, move |frame| {
        let _connection = &pump;
        frame
    });
    Response::from_parts(parts, Body::new(body))
}

/// Joins the caller's connection and the node's once both have switched protocols; `held` lasts
/// as long as they are joined.
pub(crate) fn switch(
    upgrade: Option<OnUpgrade>,
    mut response: http::Response<hyper::body::Incoming>,
    held: (lifecycle::Task, Option<Arc<Measured>>),
) -> Result<Response, Status> {
    let Some(caller) = upgrade else {
        return Err(Status::bad_request("you must upgrade the connection to use this resource"));
    };
    let node = hyper::upgrade::on(&mut response);
    let joined: BoxFuture<'static, ()> = Box::pin(async move {
        let (Ok(caller), Ok(node)) = tokio::join!(caller, node) else { return };
        let (mut caller, mut node) = (TokioIo::new(caller), TokioIo::new(node));
        if let Err(error) = tokio::io::copy_bidirectional(&mut caller, &mut node).await {
            tracing::debug!(%error, "stream ended early");
        }
        drop(held);
    });
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    for (name, value) in response.headers() {
        answer.headers_mut().insert(name, value.clone());
    }
    streaming().spawn("apiserver/stream", joined);
    Ok(answer)
}

/// The streams of this process; they end with their connections.
fn streaming() -> &'static lifecycle::Tasks {
    static STREAMS: std::sync::OnceLock<lifecycle::Tasks> = std::sync::OnceLock::new();
    STREAMS.get_or_init(|| lifecycle::Tasks::new(&StopToken::new()))
}
