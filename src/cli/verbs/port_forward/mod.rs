//! `port-forward`: local ports to ports of a pod, each connection over a WebSocket of its own.

mod reconnect;

use std::{collections::HashMap, net::IpAddr};

use client::{
    Client,
    streams::{self, DATA, FAULT},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::exec::pod_of;
use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
    stream,
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [target, ports @ ..] = parsed.args.as_slice() else { return Err(usage(cx)) };
    if ports.is_empty() {
        return Err(usage(cx));
    }
    let words = vec![target.clone()];
    let limit = parsed.duration("pod-running-timeout");
    let ask = Ask { words, default_type: Some("pods"), ..Ask::default() };
    let named = resolve::find(cx, &ask.clone().latest()).await?.all()?;
    let pod = pod_of(cx, ask, limit).await?;
    let mut pairs = Vec::new();
    for port in ports {
        pairs.push(pair(port, named.first(), &pod)?);
    }
    let phase = pod.object["status"]["phase"].as_str().unwrap_or_default();
    if phase != "Running" {
        return Err(CliError::plain(format!(
            "unable to forward port because pod is not running. Current status={phase}"
        )));
    }
    let addresses = match parsed.list("address") {
        given if given.is_empty() => vec!["localhost".to_owned()],
        given => given,
    };
    let namespace = pod.namespace.as_deref().unwrap_or("default");
    let (sender, road) = watch::channel(Some(self::road(namespace, &pod.name)));
    let listeners = listen(cx, &pairs, &addresses).await?;
    let serving = serve(cx, listeners, road);
    match named.first().filter(|_| parsed.is("reconnect")) {
        None => serving.await,
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

/// `LOCAL:REMOTE`, where remote may be a name and a service's port means its target's.
fn pair(text: &str, named: Option<&Info>, pod: &Info) -> Result<(u16, u16), CliError> {
    let (local, remote) = match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => (text.split(':').next().unwrap_or_default(), ""),
        Some(pair) => pair,
        None => (text, text),
    };
    if remote.is_empty() {
        return Err(CliError::plain("remote port cannot be empty"));
    }
    let remote_port = match named.filter(|info| info.place.resource.kind == "Service") {
        Some(service) => service_port(service, pod, remote)?,
        None => container_port(pod, remote)?,
    };
    let local = match local {
        "" => 0,
        text if text == remote && text.parse::<u16>().is_err() => remote_port,
        text => text.parse().map_err(|_| {
            CliError::plain(format!("error parsing local port {text:?}: strconv.ParseUint: parsing {text:?}: invalid syntax"))
        })?,
    };
    Ok((local, remote_port))
}

fn container_port(pod: &Info, port: &str) -> Result<u16, CliError> {
    if let Ok(number) = port.parse() {
        return Ok(number);
    }
    let containers = pod.object["spec"]["containers"].as_array().into_iter().flatten();
    let mut ports = containers.flat_map(|c| c["ports"].as_array().into_iter().flatten());
    let found = ports.find(|known| known["name"] == port);
    let found = found.and_then(|known| u16::try_from(known["containerPort"].as_u64()?).ok());
    found.ok_or_else(|| {
        CliError::plain(format!("Pod '{}' does not have a named port '{port}'", pod.name))
    })
}

fn service_port(service: &Info, pod: &Info, port: &str) -> Result<u16, CliError> {
    let ports = service.object["spec"]["ports"].as_array().into_iter().flatten();
    let number = port.parse::<u64>().ok();
    let found = ports.into_iter().find(|known| {
        known["name"] == port || number.is_some() && known["port"].as_u64() == number
    });
    let Some(found) = found else {
        return Err(CliError::plain(format!(
            "Service {} does not have a service port {port}",
            service.name
        )));
    };
    if service.object["spec"]["clusterIP"] == "None" {
        return container_port(pod, &text(&found["port"]));
    }
    match &found["targetPort"] {
        Value::Null => container_port(pod, &text(&found["port"])),
        target => container_port(pod, &text(target)),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Opens the local ports and says which they are.
async fn listen(
    cx: &Context,
    pairs: &[(u16, u16)],
    addresses: &[String],
) -> Result<Vec<(TcpListener, u16)>, CliError> {
    let mut listeners = Vec::new();
    for (local, remote) in pairs {
        let mut bound: HashMap<IpAddr, u16> = HashMap::new();
        for address in addresses {
            let ips = match address.as_str() {
                "localhost" => vec!["127.0.0.1", "::1"],
                other => vec![other],
            };
            for ip in ips {
                let ip: IpAddr =
                    ip.parse().map_err(|_| CliError::plain(format!("{ip} is not a valid IP")))?;
                let wanted = bound.values().next().copied().unwrap_or(*local);
                let Ok(listener) = TcpListener::bind((ip, wanted)).await else { continue };
                let port = listener.local_addr()?.port();
                bound.insert(ip, port);
                let shown = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
                cx.say(&format!("Forwarding from {shown}:{port} -> {remote}"))?;
                listeners.push((listener, *remote));
            }
        }
        if bound.is_empty() {
            return Err(CliError::plain(format!(
                "unable to listen on any of the requested ports: [{{{local} {remote}}}]"
            )));
        }
    }
    cx.flush();
    Ok(listeners)
}

async fn serve(
    cx: &Context,
    listeners: Vec<(TcpListener, u16)>,
    road: watch::Receiver<Option<String>>,
) -> Result<(), CliError> {
    let client = cx.client().await?;
    let accepting = listeners.into_iter().map(|(listener, remote)| {
        let (client, road) = (client.clone(), road.clone());
        async move {
            loop {
                let Ok((socket, _)) = listener.accept().await else { return };
                let (client, road) = (client.clone(), road.clone());
                cx.say(&format!(
                    "Handling connection for {}",
                    listener.local_addr().map_or(0, |a| a.port())
                ))
                .unwrap_or_default();
                cx.flush();
                // One connection's end is its own; the listener lives on.
                tokio::task::spawn_local(complain(client, road, remote, socket));
            }
        }
    });
    futures::future::join_all(accepting).await;
    Ok(())
}

/// Carries one connection, once there is a pod, and says what went wrong with it.
async fn complain(
    client: Client,
    mut road: watch::Receiver<Option<String>>,
    port: u16,
    socket: TcpStream,
) {
    let path = match road.wait_for(Option::is_some).await {
        Ok(path) => path.clone().unwrap_or_default(),
        // Nobody looks for a pod any more: the command ends.
        Err(_) => return,
    };
    if let Err(error) = carry(&client, &path, port, socket).await {
        let text = format!("error forwarding port {port}: {error}\n");
        crate::report::last_words(&mut std::io::stderr(), &text);
    }
}

/// Carries one connection: its data, or what went wrong with it.
async fn carry(client: &Client, path: &str, port: u16, socket: TcpStream) -> Result<(), CliError> {
    let dialects = stream::dialects("KUBECTL_PORT_FORWARD_WEBSOCKETS");
    let channels = streams::port(client, path, port, dialects).await.map_err(stream::refused)?;
    let (mut sender, mut receiver) = (channels.sender, channels.receiver);
    let (mut reading, mut writing) = socket.into_split();
    let mut buffer = vec![0u8; 32 * 1024];
    let mut open = true;
    loop {
        tokio::select! {
            message = receiver.next() => {
                let Some((channel, data)) = message? else { return Ok(()) };
                match channel {
                    DATA => writing.write_all(&data).await?,
                    FAULT if !data.is_empty() => {
                        return Err(CliError::plain(String::from_utf8_lossy(&data).into_owned()));
                    }
                    _ => {}
                }
            }
            read = reading.read(&mut buffer), if open => match read? {
                0 => {
                    open = false;
                    sender.close().await?;
                }
                count => sender.send(DATA, &buffer[..count]).await?,
            }
        }
    }
}
