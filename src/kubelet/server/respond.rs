//! Plain answers: logs and the list of pods; and which container is meant.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use runtime::Sandbox;
use serde_json::{Value, json};

use super::{Refusal, Serving, pairs};
use crate::host::Live;
use crate::logs::{Options, Reader};
use crate::pod::PodId;

/// The pods of this node, as a list.
pub(super) async fn pods(State(serving): State<Arc<Serving>>) -> Response {
    let items: Vec<Value> = serving.pods.list().iter().map(|pod| json!(**pod)).collect();
    let list = json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": items });
    ([(header::CONTENT_TYPE, "application/json")], list.to_string()).into_response()
}

/// A container's log.
pub(super) async fn logs(
    State(serving): State<Arc<Serving>>,
    Path((namespace, pod, container)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Options::parse(&pairs(query.as_deref()), lifecycle::clock::now());
    let options = match asked {
        Ok(options) => options,
        Err(message) => return Refusal(StatusCode::BAD_REQUEST, message).into_response(),
    };
    match open(&serving, (&namespace, &pod, &container), options) {
        Ok(reader) => stream(reader),
        Err(refusal) => refusal.into_response(),
    }
}

fn stream(reader: Reader) -> Response {
    let chunks = futures::stream::unfold(reader, |mut reader| async move {
        let chunk = reader.next().await?;
        Some((chunk, reader))
    });
    ([(header::CONTENT_TYPE, "text/plain")], Body::from_stream(chunks)).into_response()
}

fn open(
    serving: &Serving,
    (namespace, pod, container): (&str, &str, &str),
    options: Options,
) -> Result<Reader, Refusal> {
    let refuse = |code, text: String| Refusal(code, text);
    let found = serving
        .pods
        .get(namespace, pod)
        .ok_or_else(|| refuse(StatusCode::NOT_FOUND, format!("pod \"{pod}\" not found")))?;
    let id = PodId::of(&found);
    let live = serving.host.live(&id.uid);
    let attempt = attempt(&found, live.as_ref(), container, options.previous)
        .map_err(|text| refuse(StatusCode::BAD_REQUEST, text))?;
    let writer = live.filter(|_| !options.previous).and_then(|live| {
        let run = live.runs.get(container)?;
        Some((live.sandbox.watch(), run.id.clone()))
    });
    let path = serving.host.log_path(&id, container, attempt);
    Reader::open(&path, options, writer).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(
            StatusCode::NOT_FOUND,
            format!("unable to retrieve container logs for {container} in pod {pod}: no log file"),
        ),
        _ => refuse(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    })
}

/// Which run's log is meant; `Err` says why there is none, as the kubelet does.
fn attempt(pod: &Pod, live: Option<&Live>, container: &str, previous: bool) -> Result<u32, String> {
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let status = status_of(pod, container);
    let restarts = status.map_or(0, |status| u32::try_from(status.restart_count).unwrap_or(0));
    let run = live.and_then(|live| live.runs.get(container));
    let last = run.map_or(restarts, |run| run.attempt);
    if previous {
        let text =
            || format!("previous terminated container \"{container}\" in pod \"{name}\" not found");
        return last.checked_sub(1).ok_or_else(text);
    }
    if run.is_some() {
        return Ok(last);
    }
    let state = status.and_then(|status| status.state.as_ref());
    if state.is_some_and(|state| state.terminated.is_some() || state.running.is_some()) {
        return Ok(last);
    }
    let reason = state
        .and_then(|state| state.waiting.as_ref()?.reason.clone())
        .unwrap_or_else(|| "ContainerCreating".to_owned());
    let why = match reason.as_str() {
        "ErrImagePull" => "image can't be pulled".to_owned(),
        "ImagePullBackOff" => "trying and failing to pull image".to_owned(),
        other => other.to_owned(),
    };
    Err(format!("container \"{container}\" in pod \"{name}\" is waiting to start: {why}"))
}

fn status_of<'a>(pod: &'a Pod, container: &str) -> Option<&'a ContainerStatus> {
    let status = pod.status.as_ref()?;
    let lists = [&status.container_statuses, &status.init_container_statuses];
    lists.into_iter().flat_map(|list| list.iter().flatten()).find(|status| status.name == container)
}

/// The container's sandbox and id, if it runs.
pub(super) fn running(
    serving: &Serving,
    namespace: &str,
    pod: &str,
    container: &str,
) -> Result<(Sandbox, String), Refusal> {
    let found = serving.pods.get(namespace, pod);
    let missing = || Refusal(StatusCode::NOT_FOUND, "pod does not exist".to_owned());
    let found = found.ok_or_else(missing)?;
    let uid = PodId::of(&found).uid;
    let live = serving.host.live(&uid);
    let run = live.as_ref().and_then(|live| live.runs.get(container)).filter(|run| run.running);
    let text = || format!("container not found (\"{container}\")");
    match (&live, run) {
        (Some(live), Some(run)) => Ok((live.sandbox.clone(), run.id.clone())),
        _ => Err(Refusal(StatusCode::INTERNAL_SERVER_ERROR, text())),
    }
}
