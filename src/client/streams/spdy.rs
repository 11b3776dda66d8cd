//! Channels over SPDY/3.1: a stream each. Source: `k8s.io/client-go/tools/remotecommand` (v1 to v4) and
//! `k8s.io/client-go/tools/portforward`.

use std::task::{Poll, ready};

use ::spdy::{Headers, Input, MEANING, Output, Received, Stream, VERSION};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};

use super::{Channels, DATA, ERROR, FAULT, RESIZE, STDERR, STDIN, STDOUT, Takes};
use crate::{
    connection::{Client, refusal},
    error::{ClientError, Result},
    transport::{ByteStream, Upgrade},
};

/// What a command's streams may mean, the newest first; only version 4 tells of the end by a Status.
const COMMANDS: [&str; 4] =
    ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
/// What a forwarded port's streams mean.
const PORTS: [&str; 1] = ["portforward.k8s.io"];

/// The half that sends.
#[derive(Debug)]
pub struct Sender {
    outputs: Vec<(u8, Option<Output>)>,
}

/// The half that receives; with it the connection ends.
#[derive(Debug)]
pub struct Receiver {
    /// Streams on which something comes.
    inputs: Vec<(u8, Input)>,
    /// The stream that is heard when all others have ended: how a command ended may come before its
    /// last output, since streams know no order among each other.
    last: Option<(u8, Input)>,
    /// The stream that was heard first in the last round, so that none waits for ever.
    first: usize,
    _carrying: lifecycle::Task,
}

pub(super) async fn command(client: &Client, path: &str, takes: Takes) -> Result<Channels> {
    let (meaning, io) = switch(client, path, &COMMANDS).await?;
    let resizes =
        takes.tty && matches!(meaning.as_str(), "v4.channel.k8s.io" | "v3.channel.k8s.io");
    let wanted = [
        (ERROR, "error", true),
        (STDIN, "stdin", takes.stdin),
        (STDOUT, "stdout", true),
        (STDERR, "stderr", !takes.tty),
        (RESIZE, "resize", resizes),
    ];
    let wanted = wanted.into_iter().filter(|(_, _, wanted)| *wanted);
    let wanted = wanted.map(|(channel, kind, _)| (channel, headers(&[("streamtype", kind)])));
    Ok(open(io, Kind::Command, wanted.collect()))
}

/// Opens a connection for ports.
pub(super) async fn ports(client: &Client, path: &str) -> Result<Box<dyn ByteStream>> {
    Ok(switch(client, path, &PORTS).await?.1)
}

/// Opens a port on a connection for it.
pub(super) async fn port(io: Box<dyn ByteStream>, port: u16) -> Result<Channels> {
    let port = port.to_string();
    let named = |kind| headers(&[("streamtype", kind), ("port", &port), ("requestid", "0")]);
    let mut channels = open(io, Kind::Port, vec![(FAULT, named("error")), (DATA, named("data"))]);
    channels.sender.finish(FAULT).await?;
    Ok(channels)
}

fn headers(pairs: &[(&str, &str)]) -> Headers {
    Headers(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Switches to SPDY; the meaning that the server chose, and the connection.
async fn switch(
    client: &Client,
    path: &str,
    meanings: &[&str],
) -> Result<(String, Box<dyn ByteStream>)> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, VERSION);
    for meaning in meanings {
        request = request.header(MEANING, *meaning);
    }
    match client.upgrade(request.body(Bytes::new())?).await? {
        Upgrade::Switched { headers, stream } => Ok((chosen(&headers, meanings)?, stream)),
        Upgrade::Refused(answer) => Err(refusal(answer).await),
    }
}

/// What the server says that streams mean. One that says nothing is old: it knows the first meaning.
fn chosen(headers: &HeaderMap, meanings: &[&str]) -> Result<String> {
    let text = |name: header::HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    if !text(header::UPGRADE).eq_ignore_ascii_case(VERSION) {
        return Err(ClientError::Upgrade(format!("the server's answer is no {VERSION}")));
    }
    let said = text(header::HeaderName::from_static(MEANING));
    let meaning =
        if said.is_empty() { meanings.last() } else { meanings.iter().find(|m| **m == said) };
    let meaning = meaning.ok_or_else(|| {
        ClientError::Upgrade(format!("the server chose {said:?}, which was not offered"))
    })?;
    Ok((*meaning).to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Command,
    Port,
}

fn open(io: Box<dyn ByteStream>, kind: Kind, wanted: Vec<(u8, Headers)>) -> Channels {
    let (channels, headers): (Vec<u8>, Vec<Headers>) = wanted.into_iter().unzip();
    let (streams, carried) = ::spdy::call(io, headers);
    let ends = lifecycle::StopToken::new();
    let carrying = lifecycle::spawn("client/spdy", &ends, carried);
    let (mut outputs, mut inputs, mut last) = (Vec::new(), Vec::new(), None);
    for (channel, Stream { input, output, .. }) in channels.into_iter().zip(streams) {
        outputs.push((channel, Some(output)));
        match kind {
            Kind::Command if channel == ERROR => last = Some((channel, input)),
            Kind::Command if matches!(channel, STDIN | RESIZE) => {}
            Kind::Command | Kind::Port => inputs.push((channel, input)),
        }
    }
    Channels {
        sender: super::Sender::Spdy(Sender { outputs }),
        receiver: super::Receiver::Spdy(Receiver { inputs, last, first: 0, _carrying: carrying }),
    }
}

impl Sender {
    pub(super) async fn send(&mut self, channel: u8, data: &[u8]) -> Result<()> {
        let output = self.outputs.iter().find(|(known, _)| *known == channel);
        // Old servers have no stream for sizes: those are not told.
        let Some((_, Some(output))) = output else { return Ok(()) };
        if output.send(Bytes::copy_from_slice(data)).await {
            return Ok(());
        }
        Err(ClientError::Upgrade("the connection is gone".to_owned()))
    }

    pub(super) async fn finish(&mut self, channel: u8) -> Result<()> {
        for (known, output) in &mut self.outputs {
            if *known == channel
                && let Some(output) = output.take()
            {
                output.finish().await;
            }
        }
        Ok(())
    }

    pub(super) async fn close(&mut self) -> Result<()> {
        for (_, output) in &mut self.outputs {
            if let Some(output) = output.take() {
                output.finish().await;
            }
        }
        Ok(())
    }
}

impl Receiver {
    pub(super) async fn next(&mut self) -> Result<Option<(u8, Bytes)>> {
        std::future::poll_fn(|context| {
            let mut at = 0;
            self.first = self.first.wrapping_add(1);
            while at < self.inputs.len() {
                let place = self.first.wrapping_add(at) % self.inputs.len();
                let Some((channel, input)) = self.inputs.get_mut(place) else { break };
                match input.poll_next(context) {
                    Poll::Ready(Some(Received::Data(bytes))) => {
                        return Poll::Ready(Ok(Some((*channel, bytes))));
                    }
                    // Where one goes the others move up, and are heard anew.
                    Poll::Ready(Some(Received::Reset) | None) => {
                        self.inputs.remove(place);
                        at = 0;
                    }
                    Poll::Pending => at += 1,
                }
            }
            if !self.inputs.is_empty() {
                return Poll::Pending;
            }
            let Some((channel, input)) = &mut self.last else { return Poll::Ready(Ok(None)) };
            match ready!(input.poll_next(context)) {
                Some(Received::Data(bytes)) => Poll::Ready(Ok(Some((*channel, bytes)))),
                Some(Received::Reset) | None => Poll::Ready(Ok(None)),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_choice_must_have_been_offered() {
        for (case, upgrade, said, want) in [
            ("kubelets'", "SPDY/3.1", "v4.channel.k8s.io", Some("v4.channel.k8s.io")),
            ("an old one", "spdy/3.1", "", Some("channel.k8s.io")),
            ("not offered", "SPDY/3.1", "v9.channel.k8s.io", None),
            ("another protocol", "websocket", "v4.channel.k8s.io", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::UPGRADE, upgrade.parse().unwrap());
            headers.insert(MEANING, said.parse().unwrap());
            assert_eq!(chosen(&headers, &COMMANDS).ok().as_deref(), want, "{case}");
        }
    }
}
