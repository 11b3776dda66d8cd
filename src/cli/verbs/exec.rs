//! `exec`: a command in a container.

use std::time::Duration;

use serde_json::Value;

use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
    stream::{self, Wishes},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (mut words, mut command) = (parsed.before_dash(), parsed.after_dash());
    let files = parsed.list("filename");
    if words.is_empty() && files.is_empty() {
        return Err(CliError::plain("pod, type/name or --filename must be specified"));
    }
    if parsed.dash.is_none() && words.len() > 1 {
        // The old form, which the house keeps: the command follows the pod without `--`.
        let name = cx.program();
        cx.say_err(&format!(
            "{name} exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use \
             {name} exec [POD] -- [COMMAND] instead."
        ));
        (words, command) = words.split_at(1);
    }
    if words.len() > 1 {
        let text =
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
        return Err(cx.usage("exec", text));
    }
    if command.is_empty() {
        let text = "you must specify at least one command for the container";
        return Err(CliError::plain(text));
    }
    let ask = Ask { words: words.to_vec(), files, ..Ask::default() };
    let info = pod_of(cx, ask, parsed.duration("pod-running-timeout")).await?;
    let phase = info.object["status"]["phase"].as_str().unwrap_or_default();
    if matches!(phase, "Succeeded" | "Failed") {
        let text =
            format!("cannot exec into a container in a completed pod; current phase is {phase}");
        return Err(CliError::plain(text));
    }
    let quiet = parsed.is("quiet");
    let container = stream::container_of(cx, &info.object, parsed.text("container"), quiet)?;
    let wishes = Wishes::of(cx, &parsed);
    let path = stream::path(&info, "exec", &container, command, wishes);
    stream::session(cx, &path, wishes).await
}

/// The pod that is meant: itself, or one of what a workload or service selects.
pub(crate) async fn pod_of(cx: &Context, ask: Ask, limit: Duration) -> Result<Info, CliError> {
    pod_among(cx, ask, limit).await.map(|(pod, _)| pod)
}

/// As [`pod_of`], with the number of pods among which it was chosen.
pub(crate) async fn pod_among(
    cx: &Context,
    ask: Ask,
    limit: Duration,
) -> Result<(Info, usize), CliError> {
    let ask = Ask { default_type: Some("pods"), ..ask };
    let several = || CliError::plain("cannot exec into multiple objects at a time");
    if ask.has_files() && resolve::find(cx, &ask).await?.infos.len() > 1 {
        return Err(several());
    }
    let mut infos = resolve::find(cx, &ask.latest()).await?.all()?;
    if infos.is_empty() {
        return Err(resolve::nothing_named());
    }
    if infos.len() > 1 {
        return Err(several());
    }
    let info = infos.remove(0);
    if info.place.resource.kind == "Pod" {
        return Ok((info, 1));
    }
    first_pod(cx, &info, limit).await
}

/// The type that an object has in kubectl's own code, which some of its words show.
pub(crate) fn go_type(object: &serde_json::Value) -> String {
    let text = |pointer| object.pointer(pointer).and_then(serde_json::Value::as_str);
    let (whole, kind) =
        (text("/apiVersion").unwrap_or_default(), text("/kind").unwrap_or_default());
    let (group, version) = whole.split_once('/').unwrap_or(("", whole));
    match api::lookup(group, version, kind) {
        Some(_) => format!("*{version}.{kind}"),
        None => "*unstructured.Unstructured".to_owned(),
    }
}

/// The labels that select the pods of an object.
pub(crate) fn pod_selector(info: &Info) -> Result<String, CliError> {
    let spec = &info.object["spec"];
    let selector = match info.place.resource.kind.as_str() {
        "Service" | "ReplicationController" => {
            serde_json::json!({"matchLabels": spec["selector"]})
        }
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" => {
            spec["selector"].clone()
        }
        _ => {
            let kind = go_type(&info.object);
            return Err(CliError::plain(format!(
                "cannot attach to {kind}: selector for {kind} not implemented"
            )));
        }
    };
    Ok(crate::describe::selector_text(&selector))
}

/// The pods of a workload: running ones first, then those that are ready.
async fn pods(cx: &Context, info: &Info) -> Result<Vec<Info>, CliError> {
    let place = cx.resource("pods").await?;
    let ask = Ask { labels: pod_selector(info)?, ..Ask::default() };
    let namespace = info.namespace.clone().unwrap_or_default();
    let mut found = resolve::list(cx, &ask, &place, &namespace).await?;
    let rank = |pod: &Value| {
        let running = pod["status"]["phase"] == "Running";
        let ready = pod["status"]["conditions"].as_array().into_iter().flatten();
        let ready = ready.into_iter().any(|c| c["type"] == "Ready" && c["status"] == "True");
        let assigned = pod["spec"]["nodeName"].is_string();
        // A pod on its way out may have ended before its status says so: it comes last.
        (machinery::meta::is_deleting(pod), !assigned, !running, !ready)
    };
    found.sort_by_key(|info| rank(&info.object));
    Ok(found)
}

async fn first_pod(cx: &Context, info: &Info, limit: Duration) -> Result<(Info, usize), CliError> {
    let waiting = async {
        loop {
            let mut found = pods(cx, info).await?;
            if !found.is_empty() {
                let count = found.len();
                return Ok((found.remove(0), count));
            }
            wait_for_pod(cx, info).await?;
        }
    };
    tokio::time::timeout(limit, waiting)
        .await
        .unwrap_or_else(|_| Err(CliError::plain("timed out waiting for the condition")))
}

async fn wait_for_pod(cx: &Context, info: &Info) -> Result<(), CliError> {
    let place = cx.resource("pods").await?;
    let api = cx.api(&place.resource, info.namespace.as_deref()).await?;
    let options = client::WatchOptions {
        labels: Some(pod_selector(info)?),
        ..client::WatchOptions::default()
    };
    let mut events = api.watch(&options).await?;
    events.next::<Value>().await?;
    Ok(())
}
