//! `port-forward`: local ports to ports of a pod, each connection over one of its own, so that none
//! waits for another.

mod listen;
mod ports;
mod reconnect;

use client::{
    Client,
    streams::{self, Anchor, DATA, FAULT, Receiver, Sender},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
};

use self::{listen::Places, ports::Forwarded};
use super::exec::pod_of;
use crate::{
    args::Parsed,
    context::Context,
    report::{self, CliError},
    resolve::{self, Ask},
    stream, traffic,
};

/// Which protocols may be spoken.
const VARIABLE: &str = "KUBECTL_PORT_FORWARD_WEBSOCKETS";

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [target, words @ ..] = parsed.args.as_slice() else { return Err(usage(cx)) };
    if words.is_empty() {
        return Err(usage(cx));
    }
    let limit = parsed.duration("pod-running-timeout");
    let ask = Ask { words: vec![target.clone()], default_type: Some("pods"), ..Ask::default() };
    let named = resolve::find(cx, &ask.clone().latest()).await?.all()?;
    let named = named.first();
    let pod = pod_of(cx, ask, limit).await?;
    let service = named.filter(|info| info.place.resource.kind == "Service");
    let ports = ports::resolve(words, service.map(|info| &info.object), &pod.object)?;
    let phase = pod.object["status"]["phase"].as_str().unwrap_or_default();
    if phase != "Running" {
        return Err(CliError::plain(format!(
            "unable to forward port because pod is not running. Current status={phase}"
        )));
    }
    let places = Places::parse(&match parsed.list("address") {
        given if given.is_empty() => vec!["localhost".to_owned()],
        given => given,
    })?;
    let path = road(pod.namespace.as_deref().unwrap_or("default"), &pod.name);
    let client = cx.client().await?;
    let anchor = Anchor::cast(&client, &path, stream::dialects(VARIABLE)).await;
    let anchor = anchor.map_err(|error| {
        CliError::plain(format!("error upgrading connection: {}", stream::refused(error)))
    })?;
    let (sender, road) = watch::channel(Some(path));
    let listeners = places.listen(cx, &ports).await?;
    let (faults, faulty) = mpsc::channel(1);
    let onward = Onward { client, road, faults };
    let serving = serve(cx, listeners, &onward);
    match named.filter(|_| parsed.is("reconnect")) {
        None => tokio::select! {
            outcome = serving => outcome,
            () = lost(anchor, faulty) => Err(CliError::plain("lost connection to pod")),
        },
        Some(named) => tokio::select! {
            outcome = serving => outcome,
            outcome = reconnect::keep(cx, named, &pod, &sender) => outcome,
        },
    }
}

/// The path of a pod's ports.
fn road(namespace: &str, pod: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/pods/{}/portforward", client::escape(pod))
}

fn usage(cx: &Context) -> CliError {
    cx.usage("port-forward", "TYPE/NAME and list of ports are required for port-forward")
}

/// Returns when the pod's node has ended the connection, or one in it has failed.
async fn lost(mut anchor: Anchor, mut faulty: mpsc::Receiver<()>) {
    tokio::select! {
        () = anchor.lost() => {}
        _ = faulty.recv() => {}
    }
}

/// What every connection needs to be carried on.
#[derive(Clone)]
struct Onward {
    client: Client,
    /// To the pod, while there is one.
    road: watch::Receiver<Option<String>>,
    /// Told of connections that failed.
    faults: mpsc::Sender<()>,
}

async fn serve(
    cx: &Context,
    listeners: Vec<(TcpListener, Forwarded)>,
    onward: &Onward,
) -> Result<(), CliError> {
    let accepting = listeners.into_iter().map(|(listener, port)| async move {
        loop {
            let Ok((socket, _)) = listener.accept().await else { return };
            // Nobody may be left to read it.
            drop(cx.say(&format!("Handling connection for {}", port.local)));
            cx.flush();
            // One connection's end is its own; the listener lives on.
            tokio::task::spawn_local(onward.clone().complain(port, socket));
        }
    });
    futures::future::join_all(accepting).await;
    Ok(())
}

impl Onward {
    /// Carries one connection, once there is a pod, and says what went wrong with it.
    async fn complain(mut self, port: Forwarded, socket: TcpStream) {
        let path = match self.road.wait_for(Option::is_some).await {
            Ok(path) => path.clone().unwrap_or_default(),
            // Nobody looks for a pod any more: the command ends.
            Err(_) => return,
        };
        let Err(error) = carry(&self.client, &path, port, socket).await else { return };
        let words = machinery::field::go_quoted(&error.to_string());
        let text =
            traffic::klog('E', "portforward.go:522", &format!("\"Unhandled Error\" err={words}"));
        report::last_words(&mut std::io::stderr(), &text);
        // One fault is as good as several.
        self.faults.try_send(()).unwrap_or_default();
    }
}

/// Carries one connection. What goes waits for nothing that comes, and the other way round.
///
/// Errors: what the other side says of it, or that it cannot be reached.
async fn carry(
    client: &Client,
    path: &str,
    port: Forwarded,
    socket: TcpStream,
) -> Result<(), CliError> {
    let channels = streams::port(client, path, port.remote, stream::dialects(VARIABLE)).await;
    let channels = channels.map_err(|error| {
        let Forwarded { local, remote } = port;
        let why = stream::refused(error);
        CliError::plain(format!("error creating error stream for port {local} -> {remote}: {why}"))
    })?;
    let (reading, writing) = socket.into_split();
    tokio::select! {
        fault = incoming(channels.receiver, writing) => match fault {
            None => Ok(()),
            Some(fault) => Err(CliError::plain(format!(
                "an error occurred forwarding {} -> {}: {fault}",
                port.local, port.remote
            ))),
        },
        () = outgoing(reading, channels.sender) => Ok(()),
    }
}

/// Hands on what comes until the other side ends it; what it says went wrong.
async fn incoming(mut receiver: Receiver, mut writing: OwnedWriteHalf) -> Option<String> {
    let mut fault = Vec::new();
    while let Ok(Some((channel, data))) = receiver.next().await {
        match channel {
            DATA if writing.write_all(&data).await.is_err() => break,
            FAULT => fault.extend_from_slice(&data),
            _ => {}
        }
    }
    Some(String::from_utf8_lossy(&fault).into_owned()).filter(|fault| !fault.is_empty())
}

/// Hands on what the caller sends; returns when the caller is gone, and not when it has only finished.
async fn outgoing(mut reading: OwnedReadHalf, mut sender: Sender) {
    let mut buffer = vec![0_u8; 32 * 1024];
    loop {
        match reading.read(&mut buffer).await {
            Ok(0) => break,
            Ok(count) if sender.send(DATA, &buffer[..count]).await.is_ok() => {}
            Ok(_) => break,
            Err(_) => return,
        }
    }
    // Whether it can still be told is for the other direction to say.
    drop(sender.close().await);
    std::future::pending::<()>().await;
}
