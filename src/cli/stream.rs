//! Streams to a container: exec and attach, the terminal raw while it lasts.

use std::{
    io::{IsTerminal as _, Write as _},
    os::fd::AsFd as _,
    time::Duration,
};

use client::{
    ClientError, WatchEvent, WatchOptions, escape,
    streams::{self, Channels, Dialects, ERROR, RESIZE, STDERR, STDIN, STDOUT, Takes},
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use rustix::termios;
use serde_json::Value;
use tokio::{
    io::AsyncReadExt as _,
    signal::unix::{SignalKind, signal},
};

use crate::{args::Parsed, context::Context, detach::DetachKeys, report::CliError, resolve::Info};

/// Picks the container of a pod: the one asked for, the annotated one or the first.
///
/// Says which one it is where that is not obvious.
pub(crate) fn container_of(
    cx: &Context,
    pod: &Value,
    asked: &str,
    quiet: bool,
) -> Result<String, CliError> {
    const DEFAULT: &str = "kubectl.kubernetes.io/default-container";
    let names = container_names(pod);
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    if !asked.is_empty() {
        if names.iter().any(|(known, _)| known == asked) {
            return Ok(asked.to_owned());
        }
        let text =
            format!("container {asked} is not valid for pod {name} out of: {}", listed(&names));
        return Err(CliError::plain(text));
    }
    if let Some(wanted) = pod["metadata"]["annotations"][DEFAULT].as_str() {
        if names.iter().any(|(known, _)| known == wanted) {
            return Ok(wanted.to_owned());
        }
        cx.say_err(&format!("Default container name {wanted:?} not found in pod {name}"));
    }
    if let Some(note) = default_note(pod).filter(|_| !quiet) {
        cx.say_err(&note);
    }
    Ok(names.first().map(|(name, _)| name.clone()).unwrap_or_default())
}

/// What is said of the container that is taken where several could be meant.
pub(crate) fn default_note(pod: &Value) -> Option<String> {
    let names = container_names(pod);
    let (first, _) = names.first().filter(|_| names.len() > 1)?;
    Some(format!("Defaulted container {first:?} out of: {}", listed(&names)))
}

/// The containers of a pod: main, ephemeral, init; with the note that lists carry.
fn container_names(pod: &Value) -> Vec<(String, &'static str)> {
    let groups =
        [("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)")];
    let mut found = Vec::new();
    for (field, note) in groups {
        for container in pod["spec"][field].as_array().into_iter().flatten() {
            found.push((container["name"].as_str().unwrap_or_default().to_owned(), note));
        }
    }
    found
}

fn listed(names: &[(String, &str)]) -> String {
    let texts: Vec<String> = names.iter().map(|(name, note)| format!("{name}{note}")).collect();
    texts.join(", ")
}

/// What a session carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub(crate) stdin: bool,
    pub(crate) tty: bool,
    pub(crate) quiet: bool,
}

impl Wishes {
    /// From `-i`, `-t`, `-q`; a terminal is only asked for where there is one.
    pub(crate) fn of(cx: &Context, parsed: &Parsed) -> Self {
        let quiet = parsed.is("quiet");
        let mut tty = parsed.is("tty");
        if tty && (!parsed.is("stdin") || !std::io::stdin().is_terminal()) {
            tty = false;
            if !quiet {
                cx.say_err(
                    "Unable to use a TTY - input is not a terminal or the right kind of file",
                );
            }
        }
        Self { stdin: parsed.is("stdin"), tty, quiet }
    }
}

/// The path of a session on a pod.
pub(crate) fn path(
    info: &Info,
    action: &str,
    container: &str,
    command: &[String],
    wishes: Wishes,
) -> String {
    let namespace = info.namespace.as_deref().unwrap_or("default");
    let mut query: Vec<String> =
        command.iter().map(|word| format!("command={}", escape(word))).collect();
    query.push(format!("container={}", escape(container)));
    if wishes.stdin {
        query.push("stdin=true".to_owned());
    }
    query.push("stdout=true".to_owned());
    query.push(if wishes.tty { "tty=true" } else { "stderr=true" }.to_owned());
    let name = escape(&info.name);
    format!("/api/v1/namespaces/{namespace}/pods/{name}/{action}?{}", query.join("&"))
}

/// The words of a refused upgrade.
pub(crate) fn refused(error: ClientError) -> CliError {
    match error.status() {
        Some(status) => CliError::plain(format!(
            "unable to upgrade connection: {}",
            status.message.clone().unwrap_or_default()
        )),
        None => error.into(),
    }
}

/// The protocols that may be spoken: WebSocket too, unless a variable says "false".
pub(crate) fn dialects(variable: &str) -> Dialects {
    let said = std::env::var(variable).unwrap_or_default();
    if said.eq_ignore_ascii_case("false") { Dialects::Spdy } else { Dialects::All }
}

/// Opens a session at a path that [`path`] made of the same wishes.
pub(crate) async fn open(cx: &Context, path: &str, wishes: Wishes) -> Result<Channels, CliError> {
    let client = cx.client().await?;
    let takes = Takes { stdin: wishes.stdin, tty: wishes.tty };
    let dialects = dialects("KUBECTL_REMOTE_COMMAND_WEBSOCKETS");
    streams::command(&client, path, takes, dialects).await.map_err(refused)
}

/// Opens a session and carries it to its end.
pub(crate) async fn session(cx: &Context, path: &str, wishes: Wishes) -> Result<(), CliError> {
    let channels = open(cx, path, wishes).await?;
    cx.flush();
    let _raw = if wishes.tty { RawTerminal::enter() } else { None };
    carry(channels, wishes, None).await
}

/// Attaches to a container of a pod until its process ends, or the user presses the keys for it; then
/// says how to come back.
pub(crate) async fn attach(
    cx: &Context,
    parsed: &Parsed,
    pod: &Info,
    container: &str,
) -> Result<(), CliError> {
    let mut wishes = Wishes::of(cx, parsed);
    let mut all = ["containers", "initContainers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|field| machinery::meta::items(&pod.object["spec"], &format!("/{field}")));
    let has_tty = all.any(|one| one["name"] == container && one["tty"] == true);
    if wishes.tty && !has_tty {
        wishes.tty = false;
        if !wishes.quiet {
            cx.say_err(&format!(
                "error: Unable to use a TTY - container {container} did not allocate one"
            ));
        }
    } else if wishes.stdin && has_tty && std::io::stdin().is_terminal() {
        // Without one, nobody could read what comes.
        wishes.tty = true;
    }
    let held = wishes.stdin && wishes.tty;
    let keys = if held { Some(DetachKeys::of(parsed)?) } else { None };
    if !wishes.quiet {
        cx.say_err(PROMPT_HINT);
    }
    let path = path(pod, "attach", container, &[], wishes);
    let channels = open(cx, &path, wishes).await?;
    cx.flush();
    let raw = if wishes.tty { RawTerminal::enter() } else { None };
    carry(channels, wishes, keys).await?;
    drop(raw);
    if held && !wishes.quiet {
        cx.say(&way_back(cx, pod, container))?;
    }
    Ok(())
}

fn way_back(cx: &Context, pod: &Info, container: &str) -> String {
    let namespace = pod.namespace.as_deref().unwrap_or("default");
    let again =
        format!("'{} attach {} -c {container} -n {namespace} -i -t'", cx.program(), pod.name);
    let mut beside = pod.object["spec"]["ephemeralContainers"].as_array().into_iter().flatten();
    if beside.any(|one| one["name"] == container) {
        return format!(
            "Session ended, the ephemeral container will not be restarted but may be reattached using \
             {again} if it is still running"
        );
    }
    format!("Session ended, resume using {again} command")
}

/// Carries a session to its end. What goes waits for nothing that comes, and the other way round: a
/// program that answers while it reads would otherwise wait for us for ever.
async fn carry(
    channels: Channels,
    wishes: Wishes,
    keys: Option<DetachKeys>,
) -> Result<(), CliError> {
    let Channels { sender, receiver } = channels;
    let going = async {
        match send_all(sender, wishes, keys).await {
            Ok(()) => Ok(()),
            // The program may have ended before it read all, which is for the other side to say.
            Err(CliError::Client(_)) => std::future::pending().await,
            Err(error) => Err(error),
        }
    };
    tokio::select! {
        ended = show_all(receiver) => ended,
        left = going => left,
    }
}

/// Shows what a program says, to its end: how it ended.
async fn show_all(mut receiver: streams::Receiver) -> Result<(), CliError> {
    let mut ended = Ok(());
    while let Some((channel, data)) = receiver.next().await? {
        match channel {
            STDOUT => write_all(&mut std::io::stdout(), &data)?,
            STDERR => write_all(&mut std::io::stderr(), &data)?,
            ERROR if !data.is_empty() => ended = outcome(&data),
            _ => {}
        }
    }
    ended
}

/// Sends what the user types and the sizes of the terminal; ends when the user leaves.
async fn send_all(
    mut sender: streams::Sender,
    wishes: Wishes,
    mut keys: Option<DetachKeys>,
) -> Result<(), CliError> {
    let mut stdin = tokio::io::stdin();
    let mut buffer = vec![0u8; 32 * 1024];
    let mut reading = wishes.stdin;
    let mut resized = signal(SignalKind::window_change())?;
    if wishes.tty {
        sender.send(RESIZE, size().as_bytes()).await?;
    }
    loop {
        tokio::select! {
            read = stdin.read(&mut buffer), if reading => match read {
                Ok(0) | Err(_) => {
                    reading = false;
                    sender.finish(STDIN).await?;
                }
                Ok(count) => {
                    let input = &buffer[..count];
                    let Some(keys) = &mut keys else {
                        sender.send(STDIN, input).await?;
                        continue;
                    };
                    let (passed, left) = keys.pass(input);
                    sender.send(STDIN, &passed).await?;
                    if left {
                        return Ok(());
                    }
                }
            },
            _ = resized.recv(), if wishes.tty => sender.send(RESIZE, size().as_bytes()).await?,
            else => std::future::pending().await,
        }
    }
}

fn write_all(to: &mut impl std::io::Write, data: &[u8]) -> Result<(), CliError> {
    to.write_all(data)?;
    Ok(to.flush()?)
}

/// The Status that ends a command: success, an exit code or a fault.
pub(crate) fn outcome(data: &[u8]) -> Result<(), CliError> {
    let status: Status = serde_json::from_slice(data)
        .map_err(|_| CliError::plain(String::from_utf8_lossy(data).into_owned()))?;
    if status.status.as_deref() == Some("Success") {
        return Ok(());
    }
    if status.reason.as_deref() == Some("NonZeroExitCode") {
        let causes = status.details.as_ref().and_then(|details| details.causes.as_ref());
        let code = causes
            .into_iter()
            .flatten()
            .find(|cause| cause.reason.as_deref() == Some("ExitCode"))
            .and_then(|cause| cause.message.as_ref()?.parse::<u8>().ok())
            .unwrap_or(1);
        let text = format!("command terminated with exit code {code}");
        return Err(CliError::Words { text, code });
    }
    Err(ClientError::Status(Box::new(status)).into())
}

fn size() -> String {
    let size = termios::tcgetwinsize(std::io::stdout().as_fd())
        .or_else(|_| termios::tcgetwinsize(std::io::stdin().as_fd()));
    let (width, height) = size.map_or((80, 24), |size| (size.ws_col, size.ws_row));
    format!("{{\"Width\":{width},\"Height\":{height}}}")
}

/// The terminal passes every key on; it is put back when this goes.
struct RawTerminal(termios::Termios);

impl RawTerminal {
    fn enter() -> Option<Self> {
        let stdin = std::io::stdin();
        let before = termios::tcgetattr(stdin.as_fd()).ok()?;
        let mut raw = before.clone();
        raw.make_raw();
        termios::tcsetattr(stdin.as_fd(), termios::OptionalActions::Now, &raw).ok()?;
        Some(Self(before))
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        let stdin = std::io::stdin();
        let put_back = termios::tcsetattr(stdin.as_fd(), termios::OptionalActions::Now, &self.0);
        if put_back.is_err() {
            // The terminal went away; there is nothing to put back.
            drop(std::io::stderr().flush());
        }
    }
}

/// Waits until a pod fits, through a watch.
pub(crate) async fn until(
    cx: &Context,
    info: &Info,
    limit: Duration,
    fits: impl Fn(&Value) -> Result<bool, CliError>,
) -> Result<Value, CliError> {
    let waiting = async {
        let api = info.api(cx).await?;
        loop {
            let pod = api.get(&info.name).await?;
            if fits(&pod)? {
                return Ok(pod);
            }
            let options = WatchOptions {
                fields: Some(format!("metadata.name={}", info.name)),
                resource_version: pod["metadata"]["resourceVersion"].as_str().map(str::to_owned),
                ..WatchOptions::default()
            };
            let mut events = api.watch(&options).await?;
            while let Ok(Some(event)) = events.next::<Value>().await {
                match event {
                    WatchEvent::Added(pod) | WatchEvent::Modified(pod) if fits(&pod)? => {
                        return Ok(pod);
                    }
                    WatchEvent::Deleted(_) => {
                        let text = format!("pods {:?} not found", info.name);
                        return Err(CliError::plain(text));
                    }
                    _ => {}
                }
            }
        }
    };
    tokio::time::timeout(limit, waiting)
        .await
        .unwrap_or_else(|_| Err(CliError::plain("timed out waiting for the condition")))
}

/// Attaches to a pod made just now, once its container runs; prints its log if it ended before.
pub(crate) async fn attach_when_running(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    limit: Duration,
) -> Result<(), CliError> {
    let phase = |pod: &Value| pod["status"]["phase"].as_str().unwrap_or_default().to_owned();
    let pod = until(cx, info, limit, |pod| {
        Ok(matches!(phase(pod).as_str(), "Running" | "Succeeded" | "Failed"))
    })
    .await?;
    let container = container_of(cx, &pod, "", parsed.is("quiet"))?;
    if phase(&pod) == "Running" {
        // What it said before anybody listened.
        if let Err(error) = print_log(cx, info, &container, false).await {
            cx.say_err(&format!("warning: couldn't fetch pre-attach logs: {error}"));
        }
        let outcome = attach(cx, parsed, info, &container).await;
        // An exit code is told below, from the pod's own status.
        if let Err(error) = outcome.or_else(|error| match error {
            CliError::Words { .. } => Ok(()),
            error => Err(error),
        }) {
            // It may have ended in between; what it said is in its log.
            let name = &info.name;
            cx.say_err(&format!(
                "warning: couldn't attach to pod/{name}, falling back to streaming logs: {error}"
            ));
            print_log(cx, info, &container, true).await?;
        }
    } else {
        print_log(cx, info, &container, true).await?;
    }
    if parsed.text("restart") == "Always" || parsed.is("leave-stdin-open") {
        return Ok(());
    }
    let pod =
        until(cx, info, limit, |pod| Ok(matches!(phase(pod).as_str(), "Succeeded" | "Failed")))
            .await?;
    let statuses = pod["status"]["containerStatuses"].as_array().into_iter().flatten();
    let code = statuses
        .into_iter()
        .filter_map(|status| status["state"]["terminated"]["exitCode"].as_u64())
        .find(|code| *code != 0);
    match code.and_then(|code| u8::try_from(code).ok()) {
        None => Ok(()),
        Some(code) => {
            let namespace = info.namespace.as_deref().unwrap_or_default();
            let text = format!("pod {namespace}/{} terminated (Error)", info.name);
            Err(CliError::Words { text, code })
        }
    }
}

/// Copies a container's log as far as it is, or to its end.
async fn print_log(
    cx: &Context,
    info: &Info,
    container: &str,
    follow: bool,
) -> Result<(), CliError> {
    let namespace = info.namespace.as_deref().unwrap_or("default");
    let path = format!(
        "/api/v1/namespaces/{namespace}/pods/{}/log?container={container}&follow={follow}",
        escape(&info.name)
    );
    let request = http::Request::get(path).body(bytes::Bytes::new()).map_err(ClientError::from)?;
    let mut body = cx.client().await?.call(request).await?.into_body();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(|error| CliError::plain(error.to_string()))?;
        cx.out_bytes(&chunk)?;
        cx.flush();
    }
    Ok(())
}

/// What `attach` and `run -it` say before the first key.
const PROMPT_HINT: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_ends_a_command() {
        assert!(outcome(br#"{"status":"Success"}"#).is_ok());
        let failed = br#"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#;
        let CliError::Words { text, code } = outcome(failed).unwrap_err() else {
            panic!("no exit code")
        };
        assert_eq!((text.as_str(), code), ("command terminated with exit code 3", 3));
    }
}
