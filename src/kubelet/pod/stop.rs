//! How a container is ended: its hook, its signal, its time, and then the end.

use std::time::Duration;

use bytes::Bytes;
use client::EventKind::{Normal, Warning};
use k8s_openapi::api::core::v1::{Container, LifecycleHandler, ObjectReference};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use runtime::{ContainerState, ExecRequest, Sandbox, SessionEvent};
use tokio::sync::watch;

use crate::host::Host;
use crate::http;

/// The kernel's number of SIGKILL.
const KILL: i32 = 9;
/// Most that is kept of what a command says.
const MAX_OUTPUT: usize = 10 << 10;

/// What ending a container needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub(crate) sandbox: Sandbox,
    pub(crate) id: String,
    pub(crate) container: Container,
    pub(crate) about: ObjectReference,
    pub(crate) ip: String,
    pub(crate) signal: i32,
    /// What the event says.
    pub(crate) message: String,
}

/// Ends a container; `grace` may shrink while it waits. Returns when it has ended.
pub(crate) async fn stop_container(host: &Host, stop: Stop, mut grace: watch::Receiver<Duration>) {
    host.recorder.event(&stop.about, Normal, "Killing", stop.message.clone());
    let begun = lifecycle::clock::instant();
    let hook = stop.container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.clone());
    let polite = async {
        if let Some(hook) = hook {
            let ran = run_hook(&stop.sandbox, &stop.id, &hook, &stop.ip, &stop.container).await;
            if ran.is_err() {
                host.recorder.event(
                    &stop.about,
                    Warning,
                    "FailedPreStopHook",
                    "PreStopHook failed",
                );
            }
        }
        // It may have ended meanwhile, which the wait below sees.
        drop(stop.sandbox.kill(&stop.id, stop.signal).await);
        ended(&stop.sandbox, &stop.id).await;
    };
    tokio::pin!(polite);
    loop {
        let until = begun + *grace.borrow_and_update();
        tokio::select! {
            () = &mut polite => return,
            () = tokio::time::sleep_until(until) => break,
            changed = grace.changed() => if changed.is_err() { break },
        }
    }
    drop(stop.sandbox.kill(&stop.id, KILL).await);
    ended(&stop.sandbox, &stop.id).await;
}

/// Waits until a container does not run.
pub(crate) async fn ended(sandbox: &Sandbox, id: &str) {
    let mut watch = sandbox.watch();
    let over = watch.wait_for(|state| {
        !matches!(state.containers.get(id), Some(ContainerState::Running { .. }))
    });
    // The sandbox's own end counts as well.
    drop(over.await);
}

/// Runs a container's hook: a command in it, or a request to it.
pub(crate) async fn run_hook(
    sandbox: &Sandbox,
    id: &str,
    hook: &LifecycleHandler,
    ip: &str,
    container: &Container,
) -> Result<(), String> {
    if let Some(exec) = &hook.exec {
        let command = exec.command.clone().unwrap_or_default();
        let (code, output) = run(sandbox, id, command).await?;
        return if code == 0 { Ok(()) } else { Err(String::from_utf8_lossy(&output).into_owned()) };
    }
    if let Some(get) = &hook.http_get {
        let host = get.host.as_deref().filter(|host| !host.is_empty()).unwrap_or(ip);
        let port = port(&get.port, container).ok_or("the hook names no port of the container")?;
        let scheme = get.scheme.as_deref().unwrap_or("HTTP").to_ascii_lowercase();
        let path = get.path.as_deref().unwrap_or("/").trim_start_matches('/');
        let url = format!("{scheme}://{host}:{port}/{path}");
        return http::get(&url, &[]).await.map(drop).map_err(|error| error.to_string());
    }
    if let Some(sleep) = &hook.sleep {
        let seconds = u64::try_from(sleep.seconds).unwrap_or(0);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        return Ok(());
    }
    Err("this kind of hook is not supported by kanoe yet".to_owned())
}

/// A port by number, or by the name that the container gives it.
pub(crate) fn port(port: &IntOrString, container: &Container) -> Option<u16> {
    let number = match port {
        IntOrString::Int(number) => *number,
        IntOrString::String(name) => {
            let named = container.ports.iter().flatten().find(|p| p.name.as_ref() == Some(name));
            named.map(|port| port.container_port).or_else(|| name.parse().ok())?
        }
    };
    u16::try_from(number).ok()
}

/// Runs a command in a container; answers with its exit code and the start of what it said.
pub(crate) async fn run(
    sandbox: &Sandbox,
    id: &str,
    args: Vec<String>,
) -> Result<(i32, Vec<u8>), String> {
    let request = ExecRequest { args, ..ExecRequest::default() };
    let mut session = sandbox.exec(id, request).await.map_err(|error| error.to_string())?;
    let mut output = Vec::new();
    let mut keep = |bytes: Bytes| {
        let room = MAX_OUTPUT.saturating_sub(output.len()).min(bytes.len());
        output.extend_from_slice(bytes.get(..room).unwrap_or_default());
    };
    loop {
        match session.output.next().await.map_err(|error| error.to_string())? {
            Some(SessionEvent::Stdout(bytes) | SessionEvent::Stderr(bytes)) => keep(bytes),
            Some(SessionEvent::Exited(code)) => return Ok((code, output)),
            None => return Err("the container's shim is gone".to_owned()),
        }
    }
}

/// The number of the signal that asks an image's process to end.
pub(crate) fn stop_signal(name: &str) -> i32 {
    const NAMES: [(&str, i32); 12] = [
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("ABRT", 6),
        ("KILL", 9),
        ("USR1", 10),
        ("USR2", 12),
        ("PIPE", 13),
        ("ALRM", 14),
        ("TERM", 15),
        ("WINCH", 28),
        ("PWR", 30),
    ];
    let short = name.strip_prefix("SIG").unwrap_or(name);
    if let Some((base, offset)) = short.strip_prefix("RTMIN").map(|rest| (34, rest)) {
        return base + offset.parse::<i32>().unwrap_or(0);
    }
    let known = NAMES.iter().find(|(known, _)| *known == short).map(|(_, number)| *number);
    known.or_else(|| short.parse().ok()).unwrap_or(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_known_by_name_and_number() {
        for (name, number) in
            [("", 15), ("SIGTERM", 15), ("QUIT", 3), ("SIGRTMIN+3", 37), ("9", 9), ("what", 15)]
        {
            assert_eq!(stop_signal(name), number, "{name}");
        }
    }
}
