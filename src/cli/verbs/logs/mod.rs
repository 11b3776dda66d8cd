//! `logs`: of one container, all containers, or all pods of a selector.

mod lines;
mod new;

use std::{
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use client::{ClientError, escape};
use futures::stream::{FuturesUnordered, StreamExt as _};
use lines::Wishes;
use serde_json::Value;

use super::exec::{pod_among, pod_selector};
use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
    stream,
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let selector = parsed.text("selector");
    if parsed.args.is_empty() && selector.is_empty() || parsed.args.len() > 2 {
        let text = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n\
                    POD or TYPE/NAME is a required argument for the logs command";
        return Err(cx.usage("logs", text));
    }
    if !selector.is_empty() && !parsed.args.is_empty() {
        return Err(cx.usage("logs", "only a selector (-l) or a POD name is allowed"));
    }
    let (names, container) = match parsed.args.as_slice() {
        [pod, container] => (vec![pod.clone()], container.clone()),
        names => (names.to_vec(), parsed.text("container").to_owned()),
    };
    if let Some(time) = parsed.some("since-time")
        && time.parse::<jiff::Timestamp>().is_err()
    {
        return Err(CliError::plain(format!(
            "parsing time {time:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse {time:?} as \"2006\""
        )));
    }
    if parsed.is("follow-new") {
        return new::run(cx, &parsed.with("follow", "true"), &names).await;
    }
    let pods = pods(cx, &parsed, names).await?;
    check(&parsed, &container)?;
    if pods.is_empty() {
        let (namespace, _) = cx.namespace()?;
        cx.say_err(&format!("No resources found in {namespace} namespace."));
        return Ok(());
    }
    let logs = logs(cx, &parsed, &pods, &container)?;
    print(cx, &parsed, logs).await
}

/// What is wrong with the options; kubectl looks at them once it knows the pods.
fn check(parsed: &Parsed, container: &str) -> Result<(), CliError> {
    let since = parsed.text("since");
    let why = if parsed.some("since-time").is_some() && parsed.given("since") {
        "at most one of `sinceTime` or `sinceSeconds` may be specified".to_owned()
    } else if parsed.is("all-containers") && !container.is_empty() {
        format!("--all-containers=true should not be specified with container name {container}")
    } else if parsed.given("container") && parsed.args.len() == 2 {
        "only one of -c or an inline [CONTAINER] arg is allowed".to_owned()
    } else if parsed.int("limit-bytes") < 0 {
        "--limit-bytes must be greater than 0".to_owned()
    } else if parsed.text("pod-running-timeout").starts_with('-')
        || parsed.duration("pod-running-timeout").is_zero()
    {
        "--pod-running-timeout must be higher than zero".to_owned()
    } else if since.starts_with('-') {
        "--since must be greater than 0".to_owned()
    } else if parsed.given("tail") && parsed.int("tail") < -1 {
        "--tail must be greater than or equal to -1".to_owned()
    } else {
        return Ok(());
    };
    Err(CliError::plain(why))
}

async fn pods(cx: &Context, parsed: &Parsed, names: Vec<String>) -> Result<Vec<Info>, CliError> {
    let place = cx.resource("pods").await?;
    let (namespace, _) = cx.namespace()?;
    let labels = parsed.text("selector");
    if !labels.is_empty() {
        let ask = Ask { labels: labels.to_owned(), ..Ask::default() };
        return resolve::list(cx, &ask, &place, &namespace).await;
    }
    let ask = Ask { words: names, default_type: Some("pods"), ..Ask::default() };
    let limit = parsed.duration("pod-running-timeout");
    let outcome = async {
        if parsed.is("all-pods") {
            let infos = resolve::find(cx, &ask.clone().latest()).await?.all()?;
            if let Some(info) = infos.first().filter(|info| info.place.resource.kind != "Pod") {
                // As for one of them, it waits for the first.
                pod_among(cx, ask, limit).await?;
                let ask = Ask { labels: pod_selector(info)?, ..Ask::default() };
                return resolve::list(cx, &ask, &place, &namespace).await;
            }
        }
        let chosen = pod_among(cx, ask, limit).await.map_err(|error| match error {
            CliError::Plain(text) if text.contains("selector for ") => {
                CliError::plain(text.replacen("cannot attach to", "cannot get the logs from", 1))
            }
            error => error,
        });
        let (pod, count) = chosen?;
        if count > 1 {
            cx.say_err(&format!("Found {count} pods, using pod/{}", pod.name));
        }
        Ok(vec![pod])
    };
    outcome.await.map_err(|error: CliError| match error.client().and_then(ClientError::status) {
        Some(status) if status.reason.as_deref() == Some("NotFound") => {
            let message = status.message.clone().unwrap_or_default();
            CliError::plain(format!(
                "error from server (NotFound): {message} in namespace {namespace:?}"
            ))
        }
        _ => error,
    })
}

/// One log: what stands before its lines, and where it is.
struct Log {
    prefix: String,
    path: String,
    wishes: Wishes,
}

fn logs(
    cx: &Context,
    parsed: &Parsed,
    pods: &[Info],
    container: &str,
) -> Result<Vec<Log>, CliError> {
    let mut found = Vec::new();
    let (wishes, palette) = (Wishes::of(parsed)?, cx.palette()?);
    // A person sees whose line it is without asking, where it could be anybody's.
    let watched = std::io::stdout().is_terminal() && !parsed.given("prefix");
    let many = pods.len() > 1 || parsed.is("all-containers");
    for pod in pods {
        let containers = if parsed.is("all-containers") {
            all_containers(&pod.object)
        } else {
            vec![stream::container_of(cx, &pod.object, container, pods.len() > 1)?]
        };
        for container in containers {
            let prefix = if parsed.is("prefix")
                || (parsed.is("all-pods") && !parsed.given("prefix"))
                || (watched && many)
            {
                lines::prefix(palette, found.len(), &pod.name, &container)
            } else {
                String::new()
            };
            let path = path(parsed, pod, &container);
            found.push(Log { prefix, path, wishes: wishes.clone() });
        }
    }
    Ok(found)
}

fn all_containers(pod: &Value) -> Vec<String> {
    ["initContainers", "containers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|field| pod["spec"][field].as_array().into_iter().flatten())
        .filter_map(|container| container["name"].as_str().map(str::to_owned))
        .collect()
}

fn path(parsed: &Parsed, pod: &Info, container: &str) -> String {
    let mut query = vec![format!("container={}", escape(container))];
    for (flag, name) in [
        ("follow", "follow"),
        ("previous", "previous"),
        ("timestamps", "timestamps"),
        ("insecure-skip-tls-verify-backend", "insecureSkipTLSVerifyBackend"),
    ] {
        if parsed.is(flag) {
            query.push(format!("{name}=true"));
        }
    }
    if let Some(time) = parsed.some("since-time") {
        query.push(format!("sinceTime={}", escape(time)));
    }
    let since = parsed.duration("since");
    if !since.is_zero() {
        query.push(format!("sinceSeconds={}", since.as_secs_f64().ceil()));
    }
    let tail = match parsed.int("tail") {
        -1 if !parsed.text("selector").is_empty()
            && !parsed.is("follow")
            && !parsed.given("tail") =>
        {
            10
        }
        -1 if !parsed.text("selector").is_empty() && !parsed.given("tail") => 10,
        tail => tail,
    };
    if tail >= 0 {
        query.push(format!("tailLines={tail}"));
    }
    if parsed.int("limit-bytes") > 0 {
        query.push(format!("limitBytes={}", parsed.int("limit-bytes")));
    }
    let namespace = pod.namespace.as_deref().unwrap_or("default");
    let name = escape(&pod.name);
    format!("/api/v1/namespaces/{namespace}/pods/{name}/log?{}", query.join("&"))
}

async fn print(cx: &Context, parsed: &Parsed, logs: Vec<Log>) -> Result<(), CliError> {
    if parsed.is("follow") && logs.len() > 1 {
        let most = parsed.int("max-log-requests");
        if i64::try_from(logs.len()).unwrap_or(i64::MAX) > most {
            return Err(CliError::plain(format!(
                "you are attempting to follow {} log streams, but maximum allowed concurrency is \
                 {most}, use --max-log-requests to increase the limit",
                logs.len()
            )));
        }
        let mut running: FuturesUnordered<_> =
            logs.iter().map(|log| patiently(cx, parsed, log)).collect();
        while let Some(outcome) = running.next().await {
            settle(cx, parsed, outcome)?;
        }
        return Ok(());
    }
    for log in &logs {
        settle(cx, parsed, patiently(cx, parsed, log).await)?;
    }
    Ok(())
}

fn settle(cx: &Context, parsed: &Parsed, outcome: Result<(), CliError>) -> Result<(), CliError> {
    match outcome {
        Err(error) if parsed.is("ignore-errors") => {
            cx.say(&format!("error: {error}"))?;
            Ok(())
        }
        outcome => outcome,
    }
}

/// Copies a log; one that is followed may not have begun: the server is asked again after the second that
/// kubectl defines, and what it says is told, while `--pod-running-timeout` lasts.
async fn patiently(cx: &Context, parsed: &Parsed, log: &Log) -> Result<(), CliError> {
    const PAUSE: Duration = Duration::from_secs(1);
    if !parsed.is("follow") || parsed.is("ignore-errors") {
        return one(cx, log).await;
    }
    let deadline = lifecycle::clock::instant() + parsed.duration("pod-running-timeout");
    let mut ticks = tokio::time::interval(PAUSE);
    loop {
        ticks.tick().await;
        let message = match one(cx, log).await {
            Err(CliError::Client(ClientError::Status(status))) => status.message,
            outcome => return outcome,
        };
        cx.say_err(&message.unwrap_or_default());
        if lifecycle::clock::instant() + PAUSE > deadline {
            return Err(CliError::plain("context deadline exceeded"));
        }
    }
}

/// Copies one log to stdout as it comes, line by line where lines bear a prefix.
async fn one(cx: &Context, log: &Log) -> Result<(), CliError> {
    let request = http::Request::get(&log.path).body(bytes::Bytes::new());
    let request = request.map_err(ClientError::from)?;
    let mut body = cx.client().await?.call(request).await?.into_body();
    let mut pending = Vec::new();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(|error| CliError::plain(error.to_string()))?;
        if log.prefix.is_empty() && log.wishes.are_none() {
            cx.out_bytes(&chunk)?;
            cx.flush();
            continue;
        }
        pending.extend_from_slice(&chunk);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let rest = pending.split_off(end + 1);
            let line = std::mem::replace(&mut pending, rest);
            prefixed(cx, log, &line)?;
        }
        cx.flush();
    }
    if !pending.is_empty() {
        prefixed(cx, log, &pending)?;
    }
    Ok(())
}

fn prefixed(cx: &Context, log: &Log, line: &[u8]) -> Result<(), CliError> {
    let Some(line) = log.wishes.shown(line) else { return Ok(()) };
    let mut whole = Vec::with_capacity(log.prefix.len() + line.len());
    whole.write_all(log.prefix.as_bytes())?;
    whole.write_all(&line)?;
    cx.out_bytes(&whole)
}
