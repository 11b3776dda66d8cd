//! A command's streams: `error`, `stdin`, `stdout`, `stderr` and `resize`.
//!
//! The caller opens all that it asked for before anything starts. How the command ended goes to
//! `error`: as a status in version 4, as text before. Source: the kubelet's `cri/streaming/remotecommand`.

use std::time::Duration;

use bytes::Bytes;
use runtime::{Session, SessionEvent, SessionInput, SessionOutput};
use serde_json::Value;
use spdy::{Input, Opened, Output, Received, Stream};

use super::super::work::{Asked, Process, exit_status, internal_error, size};

/// How long a caller may take to open its streams. Source: the kubelet's `StreamCreationTimeout`.
const OPENING: Duration = Duration::from_secs(30);
/// The largest wish for a size, in bytes.
const MAX_RESIZE: usize = 4 << 10;

/// The streams by their use.
#[derive(Debug, Default)]
struct Streams {
    error: Option<Stream>,
    stdin: Option<Stream>,
    stdout: Option<Stream>,
    stderr: Option<Stream>,
    resize: Option<Stream>,
}

impl Streams {
    /// Where a stream of this type belongs, if it is wanted.
    fn place(&mut self, kind: &str, asked: &Asked, resizes: bool) -> Option<&mut Option<Stream>> {
        let (place, wanted) = match kind {
            "error" => (&mut self.error, true),
            "stdin" => (&mut self.stdin, asked.stdin),
            "stdout" => (&mut self.stdout, asked.stdout),
            "stderr" => (&mut self.stderr, asked.stderr && !asked.tty),
            "resize" => (&mut self.resize, resizes),
            _ => return None,
        };
        (wanted && place.is_none()).then_some(place)
    }

    /// Whether everything that was asked for is here.
    fn complete(&self, asked: &Asked, resizes: bool) -> bool {
        self.error.is_some()
            && self.stdin.is_some() == asked.stdin
            && self.stdout.is_some() == asked.stdout
            && self.stderr.is_some() == (asked.stderr && !asked.tty)
            && self.resize.is_some() == resizes
    }

    /// Takes the caller's streams; `None` if they do not all come in time.
    async fn gather(opened: &mut Opened, asked: &Asked, resizes: bool) -> Option<Self> {
        let gathered = async {
            let mut streams = Self::default();
            while !streams.complete(asked, resizes) {
                let stream = opened.recv().await?;
                let kind = stream.headers.get("streamtype").to_owned();
                match streams.place(&kind, asked, resizes) {
                    Some(place) => place.insert(stream).accept().await,
                    None => stream.refuse().await,
                }
            }
            Some(streams)
        };
        tokio::time::timeout(OPENING, gathered).await.ok().flatten()
    }
}

/// Runs a command on a connection's streams, until it has ended.
pub(super) async fn run(mut opened: Opened, process: Process, asked: Asked, meaning: &'static str) {
    let resizes = asked.tty && matches!(meaning, "v4.channel.k8s.io" | "v3.channel.k8s.io");
    let Some(streams) = Streams::gather(&mut opened, &asked, resizes).await else {
        tracing::debug!("timed out waiting for client to create streams");
        return;
    };
    let Some(error) = streams.error.map(|stream| stream.output) else { return };
    let split =
        |stream: Option<Stream>| stream.map_or((None, None), |s| (Some(s.input), Some(s.output)));
    let (stdin, _) = split(streams.stdin);
    let (resize, _) = split(streams.resize);
    let stdout = split(streams.stdout).1;
    let stderr = split(streams.stderr).1;

    let ended = match process.session(&asked).await {
        Err(why) => internal_error(&why),
        Ok(Session { input, output }) => {
            let told = tell(output, stdout.as_ref(), stderr.as_ref());
            tokio::select! {
                status = told => status,
                () = listen(input, stdin, resize) => return,
            }
        }
    };
    for output in [stdout, stderr].into_iter().flatten() {
        output.finish().await;
    }
    if let Some(text) = verdict(&ended, meaning) {
        error.send(Bytes::from(text)).await;
    }
    error.finish().await;
}

/// What the error stream says of how a command ended; versions before 4 say nothing of success.
fn verdict(status: &Value, meaning: &str) -> Option<String> {
    if meaning == "v4.channel.k8s.io" {
        return Some(status.to_string());
    }
    status.get("message").and_then(Value::as_str).map(str::to_owned)
}

/// Sends what the process says; returns how it ended.
async fn tell(mut said: SessionOutput, stdout: Option<&Output>, stderr: Option<&Output>) -> Value {
    loop {
        let (output, bytes) = match said.next().await {
            Ok(Some(SessionEvent::Stdout(bytes))) => (stdout, bytes),
            Ok(Some(SessionEvent::Stderr(bytes))) => (stderr, bytes),
            Ok(Some(SessionEvent::Exited(code))) => return exit_status(code),
            Ok(None) | Err(_) => return internal_error("the container's shim is gone"),
        };
        if let Some(output) = output {
            // Whether the caller has gone is seen where it is heard.
            output.send(bytes).await;
        }
    }
}

/// Hears the caller; returns when it gives its input up.
async fn listen(mut process: SessionInput, mut stdin: Option<Input>, mut resize: Option<Input>) {
    let mut wishes = Wishes::default();
    loop {
        let done = tokio::select! {
            received = next(&mut stdin) => match received {
                Some(Received::Data(bytes)) => process.write(&bytes).await,
                Some(Received::Reset) => return,
                None => {
                    stdin = None;
                    process.close().await
                }
            },
            received = next(&mut resize) => match received {
                Some(Received::Data(bytes)) => match wishes.hear(&bytes) {
                    Some((columns, rows)) => process.resize(columns, rows).await,
                    None => Ok(()),
                },
                Some(Received::Reset) | None => {
                    resize = None;
                    Ok(())
                }
            },
        };
        if done.is_err() {
            // The process has ended; its exit is still to be told.
            return std::future::pending().await;
        }
    }
}

/// What comes next on a stream; never anything where there is none.
async fn next(stream: &mut Option<Input>) -> Option<Received> {
    match stream {
        Some(stream) => stream.next().await,
        None => std::future::pending().await,
    }
}

/// Sizes that are wished for: JSON objects, one after the other, cut anywhere.
#[derive(Debug, Default)]
struct Wishes(Vec<u8>);

impl Wishes {
    /// The newest whole wish among what has come.
    fn hear(&mut self, bytes: &[u8]) -> Option<(u16, u16)> {
        self.0.extend_from_slice(bytes);
        let mut values = serde_json::Deserializer::from_slice(&self.0).into_iter::<Value>();
        let mut newest = None;
        let mut used = 0;
        let broken = loop {
            match values.next() {
                Some(Ok(value)) => newest = size(&value).or(newest),
                Some(Err(error)) => break !error.is_eof(),
                None => break false,
            }
            used = values.byte_offset();
        };
        if broken || self.0.len() - used > MAX_RESIZE {
            self.0.clear();
        } else {
            self.0.drain(..used);
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_however_they_are_cut() {
        let mut wishes = Wishes::default();
        for (heard, want) in [
            ("{\"Width\":80,\"Height\":24}\n", Some((80, 24))),
            ("{\"Width\":1", None),
            ("00,\"Height\":30}\n{\"Width\":120,\"Height\":40}\n{", Some((120, 40))),
            ("nonsense", None),
            ("{\"Width\":70000,\"Height\":1}", None),
            ("{\"Width\":8,\"Height\":2}", Some((8, 2))),
        ] {
            assert_eq!(wishes.hear(heard.as_bytes()), want, "{heard}");
        }
        assert_eq!(wishes.hear("[".repeat(100_000).as_bytes()), None);
        assert!(wishes.0.len() <= MAX_RESIZE);
    }

    #[test]
    fn only_version_4_tells_of_success() {
        for (code, meaning, want) in [
            (0, "v4.channel.k8s.io", Some("Success")),
            (0, "v2.channel.k8s.io", None),
            (3, "v4.channel.k8s.io", Some("\"message\":\"3\"")),
            (3, "channel.k8s.io", Some("command terminated with non-zero exit code")),
        ] {
            let told = verdict(&exit_status(code), meaning);
            assert_eq!(told.is_some(), want.is_some(), "{code} {meaning}");
            assert!(
                told.unwrap_or_default().contains(want.unwrap_or_default()),
                "{code} {meaning}"
            );
        }
    }
}
