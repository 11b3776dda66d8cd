//! What a stream is opened for, whatever carries it: a command, an attached container, a port.

use std::io;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;
use runtime::{ExecRequest, Sandbox, Session};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::Serving;
use crate::logs::is_true;
use crate::pod::PodId;

/// Which streams are wanted.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own in the API")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) command: Vec<String>,
    pub(super) stdin: bool,
    pub(super) stdout: bool,
    pub(super) stderr: bool,
    pub(super) tty: bool,
}

impl Asked {
    pub(super) fn parse(query: &[(String, String)]) -> Self {
        let mut asked = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "command" => asked.command.push(value.clone()),
                "stdin" | "input" => asked.stdin = is_true(value),
                "stdout" | "output" => asked.stdout = is_true(value),
                "stderr" | "error" => asked.stderr = is_true(value),
                "tty" => asked.tty = is_true(value),
                _ => {}
            }
        }
        asked
    }
}

/// What happens on a connection once it has switched.
pub(super) enum Work {
    Command { process: Process, asked: Asked },
    PortForward { pod: Arc<Pod>, ports: Vec<u16> },
}

/// Which process a command's streams belong to.
pub(super) enum Process {
    Exec { sandbox: Sandbox, id: String },
    Attach { sandbox: Sandbox, id: String },
}

impl Process {
    /// Starts the command, or joins the container; `Err` says why not, as the kubelet does.
    pub(super) async fn session(self, asked: &Asked) -> Result<Session, String> {
        match self {
            Self::Exec { sandbox, id } => {
                let request = ExecRequest {
                    args: asked.command.clone(),
                    terminal: asked.tty,
                    stdin: asked.stdin,
                };
                sandbox.exec(&id, request).await.map_err(|error| {
                    format!(
                        "error executing command in container: failed to exec in container: \
                         failed to start exec: OCI runtime exec failed: {error}: unknown"
                    )
                })
            }
            Self::Attach { sandbox, id } => {
                sandbox.attach(&id, asked.stdin).await.map_err(|error| error.to_string())
            }
        }
    }
}

/// Connects to a port of a pod; `Err` says why not, as the kubelet does.
pub(super) async fn connect(serving: &Serving, pod: &Pod, port: u16) -> Result<TcpStream, String> {
    let id = PodId::of(pod);
    let on_host = pod.spec.as_ref().and_then(|spec| spec.host_network).unwrap_or(false);
    let connected: io::Result<TcpStream> = if on_host {
        TcpStream::connect(("127.0.0.1", port)).await
    } else {
        serving.host.network.connect(&id.uid, port).await
    };
    connected.map_err(|error| {
        format!(
            "error forwarding port {port} to pod {}, uid : failed to execute portforward in \
             network namespace: failed to connect to localhost:{port} inside namespace: {error}",
            id.uid
        )
    })
}

/// A terminal's size, columns and rows, from the message that asks for it.
pub(super) fn size(asked: &Value) -> Option<(u16, u16)> {
    let number = |key: &str| u16::try_from(asked.get(key)?.as_u64()?).ok();
    Some((number("Width")?, number("Height")?))
}

/// How a command ended, as the error channel tells it.
pub(super) fn exit_status(code: i32) -> Value {
    if code == 0 {
        return json!({ "metadata": {}, "status": "Success" });
    }
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("command terminated with non-zero exit code: exit status {code}"),
        "reason": "NonZeroExitCode",
        "details": { "causes": [{ "reason": "ExitCode", "message": code.to_string() }] },
    })
}

/// What went wrong, as the error channel tells it.
pub(super) fn internal_error(why: &str) -> Value {
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("Internal error occurred: {why}"),
        "reason": "InternalError",
        "details": { "causes": [{ "message": why }] },
        "code": 500,
    })
}
