//! The group metrics.k8s.io: what nodes and pods use, asked of the nodes when somebody wants to know.
//! Whoever registers an `APIService` of the group answers in our stead.
//! Source: `k8s.io/metrics/pkg/apis/metrics/v1beta1` and metrics-server.

mod table;

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Body, response::Response};
use http::{Method, Request, request::Parts};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use lifecycle::StopToken;
use machinery::{
    meta,
    selector::LabelSelector,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use crate::{
    http::{
        Query, RequestInfo,
        answer::{self, Form},
        negotiate::Place,
    },
    server::Inner,
};

pub(crate) const GROUP: &str = "metrics.k8s.io";
pub(crate) const VERSION: &str = "v1beta1";
const API_VERSION: &str = "metrics.k8s.io/v1beta1";
/// The time that a rate is of, as far as it is known here.
const WINDOW: &str = "15s";

/// The group's list of resources.
pub(crate) fn resources() -> Value {
    let resource = |name: &str, kind: &str, namespaced: bool| {
        json!({
            "name": name, "singularName": name.trim_end_matches('s'), "namespaced": namespaced,
            "kind": kind, "verbs": ["get", "list"],
        })
    };
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": API_VERSION,
        "resources": [resource("nodes", "NodeMetrics", false), resource("pods", "PodMetrics", true)],
    })
}

/// Answers a request below `/apis/metrics.k8s.io/v1beta1`.
pub(crate) async fn respond(server: &Arc<Inner>, parts: &Parts) -> Result<Response, Status> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let info = RequestInfo::of(&parts.method, parts.uri.path(), &query);
    if parts.method != Method::GET || info.verb == "watch" {
        return Err(Status::http_method_not_allowed());
    }
    let text = parts.uri.query().unwrap_or_default();
    let accept = answer::accept_at(&parts.headers, text, Place::BuiltIn)
        .ok_or_else(|| Status::not_acceptable(&["application/json", "application/yaml"]))?;
    let found = match (info.resource.as_str(), info.name.as_str(), info.subresource.as_str()) {
        ("", ..) => return Ok(answer::document(200, &resources(), accept)),
        ("nodes", _, "") if info.namespace.is_empty() => nodes(server, &info, &query).await?,
        ("pods", name, "") if !info.namespace.is_empty() || name.is_empty() => {
            pods(server, &info, &query).await?
        }
        _ => return Err(Status::no_such_path()),
    };
    let kind = if info.resource == "nodes" { "NodeMetrics" } else { "PodMetrics" };
    if !info.name.is_empty() {
        let plural = if info.resource == "nodes" { "nodes" } else { "podmetrics" };
        let name = match info.namespace.as_str() {
            "" => info.name.clone(),
            namespace => format!("{namespace}/{}", info.name),
        };
        let missing = || Status::not_found(Resource { group: GROUP, name: plural }, &name);
        let one = found.into_iter().next().ok_or_else(missing)?;
        let document = if accept.form == Form::Table { table::of(&[one], accept) } else { one };
        return Ok(answer::document(200, &document, accept));
    }
    if accept.form == Form::Table {
        return Ok(answer::document(200, &table::of(&found, accept), accept));
    }
    let list = json!({
        "kind": format!("{kind}List"), "apiVersion": API_VERSION, "metadata": {}, "items": found,
    });
    Ok(answer::document(200, &list, accept))
}

fn selector(query: &Query) -> Result<LabelSelector, Status> {
    LabelSelector::parse(query.text("labelSelector"))
        .map_err(|error| Status::bad_request(error.to_string()))
}

fn selects(selector: &LabelSelector, object: &Value) -> bool {
    let labels = &object["metadata"]["labels"];
    selector.matches(|key| labels[key].as_str())
}

/// What is known of an object whose use is told.
fn metadata(object: &Value) -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let mut metadata = json!({"name": meta::name(object), "creationTimestamp": now});
    if !meta::namespace(object).is_empty() {
        metadata["namespace"] = meta::namespace(object).into();
    }
    if let Some(labels) = object["metadata"].get("labels") {
        metadata["labels"] = labels.clone();
    }
    metadata
}

/// `{cpu, memory}` of what a node tells.
fn usage(told: &Value) -> Value {
    let number = |at: &str| told.pointer(at).and_then(Value::as_u64).unwrap_or_default();
    let kilobytes = number("/memory/workingSetBytes") / 1024;
    let cpu = number("/cpu/usageNanoCores");
    let cpu = if cpu == 0 { "0".to_owned() } else { format!("{cpu}n") };
    json!({"cpu": cpu, "memory": format!("{kilobytes}Ki")})
}

fn measured(kind: &str, object: &Value, told: &Value) -> Value {
    let timestamp = told.pointer("/cpu/time").cloned().unwrap_or_default();
    json!({
        "kind": kind, "apiVersion": API_VERSION, "metadata": metadata(object),
        "timestamp": timestamp, "window": WINDOW,
    })
}

async fn nodes(
    server: &Arc<Inner>,
    info: &RequestInfo,
    query: &Query,
) -> Result<Vec<Value>, Status> {
    let selector = selector(query)?;
    let nodes = server.registry.objects("", "nodes", "").await?;
    let meant = |node: &&Value| {
        selects(&selector, node) && (info.name.is_empty() || meta::name(node) == info.name)
    };
    let meant: Vec<&Value> = nodes.iter().filter(meant).collect();
    let told = ask_all(server, meant.iter().map(|node| meta::name(node))).await;
    let with = |node: &&Value| {
        let told = &told.get(meta::name(node))?["node"];
        let mut measured = measured("NodeMetrics", node, told);
        measured["usage"] = usage(told);
        Some(measured)
    };
    Ok(meant.iter().filter_map(with).collect())
}

async fn pods(
    server: &Arc<Inner>,
    info: &RequestInfo,
    query: &Query,
) -> Result<Vec<Value>, Status> {
    let selector = selector(query)?;
    let pods = server.registry.objects("", "pods", &info.namespace).await?;
    let meant = |pod: &&Value| {
        selects(&selector, pod) && (info.name.is_empty() || meta::name(pod) == info.name)
    };
    let meant: Vec<&Value> = pods.iter().filter(meant).collect();
    let hosts: Vec<&str> = meant.iter().map(|pod| meta::text(pod, "/spec/nodeName")).collect();
    let told = ask_all(server, hosts.into_iter().filter(|host| !host.is_empty())).await;
    let mut known: BTreeMap<&str, &Value> = BTreeMap::new();
    for summary in told.values() {
        for pod in meta::items(summary, "/pods") {
            known.insert(meta::text(pod, "/podRef/uid"), pod);
        }
    }
    let with = |pod: &&Value| {
        let told = known.get(meta::uid(pod))?;
        let containers = meta::items(told, "/containers");
        let containers: Vec<Value> = containers
            .iter()
            .map(|one| json!({"name": one["name"], "usage": usage(one)}))
            .collect();
        if containers.is_empty() {
            return None;
        }
        let mut measured = measured("PodMetrics", pod, told);
        measured["containers"] = containers.into();
        Some(measured)
    };
    Ok(meant.iter().filter_map(with).collect())
}

/// What nodes tell of themselves, by their names; of those that answer.
async fn ask_all<'a>(
    server: &Arc<Inner>,
    nodes: impl Iterator<Item = &'a str>,
) -> BTreeMap<&'a str, Value> {
    let nodes: std::collections::BTreeSet<&str> = nodes.collect();
    let asked = nodes.into_iter().map(|node| async move {
        match ask(server, node).await {
            Ok(summary) => Some((node, summary)),
            Err(error) => {
                tracing::debug!(node, error, "a node does not tell what it uses");
                None
            }
        }
    });
    futures::future::join_all(asked).await.into_iter().flatten().collect()
}

async fn ask(server: &Arc<Inner>, node: &str) -> Result<Value, String> {
    let connector = server.node.as_ref().ok_or("this control plane has no nodes")?;
    let stream = connector.connect(node).await.map_err(|error| error.to_string())?;
    let text = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
    let _pump = lifecycle::spawn("apiserver/node", &StopToken::new(), async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection to a node ended early");
        }
    });
    let request = Request::get("/stats/summary").header("host", "kubelet").body(Body::empty());
    let request = request.map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(text)?;
    let body = response.into_body().collect().await.map_err(text)?.to_bytes();
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_is_told_in_nanocores_and_kibibytes() {
        let told =
            json!({"cpu": {"usageNanoCores": 1_500_000}, "memory": {"workingSetBytes": 4096}});
        assert_eq!(usage(&told), json!({"cpu": "1500000n", "memory": "4Ki"}));
        assert_eq!(usage(&json!({})), json!({"cpu": "0", "memory": "0Ki"}));
    }
}
