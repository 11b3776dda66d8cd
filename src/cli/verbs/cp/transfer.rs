//! Copies as tar streams over `exec`: packed and unpacked while they travel, so that they may be of any
//! size.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    time::Duration,
};

use bytes::{Buf as _, Bytes};
use client::streams::{Channels, ERROR, Receiver, STDERR, STDIN, STDOUT, Sender};
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, spawn_blocking},
};

use super::{Inside, pack, paths, unpack::Unpacking, words};
use crate::{
    report::{self, CliError},
    stream,
};

/// How long a container may take to say what a path is.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pieces under way between the connection and the archive.
const PIECES: usize = 8;
/// Bytes in a piece that goes.
const PIECE: usize = 32 * 1024;

impl Inside<'_> {
    /// Copies a file or folder into the container: into `to` where that is a folder, as `to` otherwise.
    pub(super) async fn upload(&self, from: &str, to: &str) -> Result<(), CliError> {
        let mut to = to.to_owned();
        if self.is_folder(&to).await? {
            to = format!("{to}/{}", paths::folder_and_name(from).1);
        }
        let (folder, name) = paths::folder_and_name(&to);
        let mut command = words(&["tar", "-xmf", "-", "-C", &folder]);
        if self.parsed.is("no-preserve") {
            command.splice(1..1, words(&["--no-same-permissions", "--no-same-owner"]));
        }
        let Channels { sender, receiver } = self.open(&command, true).await?;
        let (pipe, pieces) = mpsc::channel(PIECES);
        let source = PathBuf::from(from);
        let packing = spawn_blocking(move || {
            let out = io::BufWriter::with_capacity(PIECE, PipeWriter(pipe));
            pack::pack(&source, &name, out)
        });
        let feeding = async {
            match feed(sender, pieces, packing).await {
                // Where the connection is the fault, what the container says of it counts.
                Err(error) if error.client().is_none() => error,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            outcome = self.listen(receiver) => outcome,
            error = feeding => Err(error),
        }
    }

    async fn is_folder(&self, path: &str) -> Result<bool, CliError> {
        let command = words(&["test", "-d", path]);
        let late = |_| CliError::plain("context deadline exceeded");
        let answer = tokio::time::timeout(PATIENCE, self.asked(&command)).await;
        Ok(answer.map_err(late)?.is_ok())
    }

    /// Runs a program whose words nobody hears.
    async fn asked(&self, command: &[String]) -> Result<(), CliError> {
        let mut receiver = self.open_quietly(command).await?.receiver;
        while let Some((channel, data)) = receiver.next().await? {
            if channel == ERROR && !data.is_empty() {
                return stream::outcome(&data);
            }
        }
        Ok(())
    }

    /// Passes on what a program says, to its end.
    async fn listen(&self, mut receiver: Receiver) -> Result<(), CliError> {
        while let Some((channel, data)) = receiver.next().await? {
            match channel {
                STDOUT => self.cx.out_bytes(&data)?,
                STDERR => self.cx.say_err_raw(&String::from_utf8_lossy(&data)),
                ERROR if !data.is_empty() => return stream::outcome(&data),
                _ => {}
            }
        }
        Err(CliError::plain("the connection ended before the copy did"))
    }

    /// Copies a file or folder out of the container; a connection that breaks off is taken up again as
    /// often as `--retries` says.
    pub(super) async fn download(&self, from: &str, to: &str) -> Result<(), CliError> {
        let unpacking = self.unpacking(from, to);
        let (pipe, pieces) = mpsc::channel(PIECES);
        let unpacked = spawn_blocking(move || {
            let mut warn = |text: &str| report::last_words(&mut io::stderr(), &format!("{text}\n"));
            unpacking.run(PipeReader { pieces, current: Bytes::new() }, &mut warn)
        });
        let fetched = self.fetch(from, pipe).await;
        let unpacked = joined(unpacked.await);
        fetched.and(unpacked)
    }

    fn unpacking(&self, from: &str, to: &str) -> Unpacking {
        let [program, namespace, pod, source] =
            [self.cx.program(), self.namespace, &self.info.name, from]
                .map(machinery::field::go_quoted);
        let advice = format!(
            " (consider using \"{} exec -n {namespace} {pod} -- tar cf - {source} | tar xf -\")",
            program.trim_matches('"')
        );
        Unpacking { to: to.to_owned(), prefix: paths::prefix(from), advice }
    }

    /// Hands the archive of `from` to who unpacks it.
    async fn fetch(&self, from: &str, pipe: mpsc::Sender<Piece>) -> Result<(), CliError> {
        let most = self.parsed.int("retries");
        let (mut received, mut tries) = (0_u64, 0);
        loop {
            let command = match (most, received) {
                (0, _) => words(&["tar", "cf", "-", from]),
                // What `tail` counts begins with one.
                (_, 0) => resumed(from, 0),
                (_, received) => resumed(from, received + 1),
            };
            let receiver = self.open(&command, false).await?.receiver;
            match self.receive(receiver, &pipe, &mut received).await {
                Err(error) if most == 0 || !is_lost(&error) => return Err(error),
                _ => {}
            }
            if !is_hungry(&pipe).await {
                return Ok(());
            }
            if most >= 0 && tries >= most {
                return self.cx.say(&format!("Dropping out copy after {tries} retries"));
            }
            tries += 1;
            let said = format!("Resuming copy at {received} bytes, retry {tries}/{most}");
            self.cx.say(&said)?;
        }
    }

    async fn receive(
        &self,
        mut receiver: Receiver,
        pipe: &mpsc::Sender<Piece>,
        received: &mut u64,
    ) -> Result<(), CliError> {
        while let Some((channel, data)) = receiver.next().await? {
            match channel {
                STDOUT => {
                    *received += u64::try_from(data.len()).unwrap_or_default();
                    if pipe.send(Piece::Data(data)).await.is_err() {
                        // Unpacked to its end, or not to be unpacked: what follows is of no use.
                        return Ok(());
                    }
                }
                STDERR => {
                    self.cx.out_bytes(&data)?;
                    self.cx.flush();
                }
                ERROR if !data.is_empty() => return stream::outcome(&data),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The command that gives the archive from its n-th byte on.
fn resumed(from: &str, byte: u64) -> Vec<String> {
    let path = from.replace('\'', r"'\''");
    words(&["sh", "-c", &format!("tar cf - '{path}' | tail -c+{byte}")])
}

/// Whether the connection is at fault, rather than the program or what it answered.
fn is_lost(error: &CliError) -> bool {
    error.client().is_some_and(|error| error.status().is_none())
}

/// Whether who unpacks waits for more.
async fn is_hungry(pipe: &mpsc::Sender<Piece>) -> bool {
    let (ask, answer) = oneshot::channel();
    pipe.send(Piece::Hungry(ask)).await.is_ok() && answer.await.is_ok()
}

async fn feed(
    mut sender: Sender,
    mut pieces: mpsc::Receiver<Vec<u8>>,
    packing: JoinHandle<Result<(), CliError>>,
) -> Result<(), CliError> {
    while let Some(piece) = pieces.recv().await {
        sender.send(STDIN, &piece).await?;
    }
    // An archive that ends too early must not look like a whole one.
    joined(packing.await)?;
    sender.finish(STDIN).await?;
    std::future::pending().await
}

fn joined(outcome: Result<Result<(), CliError>, JoinError>) -> Result<(), CliError> {
    outcome.unwrap_or_else(|error| Err(CliError::plain(error.to_string())))
}

struct PipeWriter(mpsc::Sender<Vec<u8>>);

impl Write for PipeWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(data.to_vec());
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What goes to who unpacks.
enum Piece {
    Data(Bytes),
    /// To be answered by who has read all before it and wants more.
    Hungry(oneshot::Sender<()>),
}

struct PipeReader {
    pieces: mpsc::Receiver<Piece>,
    current: Bytes,
}

impl Read for PipeReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                None => return Ok(0),
                Some(Piece::Data(data)) => self.current = data,
                // Who asked may have gone.
                Some(Piece::Hungry(answer)) => drop(answer.send(())),
            }
        }
        let count = into.len().min(self.current.len());
        self.current.copy_to_slice(&mut into[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_what_it_needs_is_not_hungry() {
        for (wanted, hungry) in [(3, false), (5, true)] {
            let (pipe, pieces) = mpsc::channel(2);
            let reading = spawn_blocking(move || {
                let mut text = vec![0; wanted];
                PipeReader { pieces, current: Bytes::new() }.read_exact(&mut text).map(|()| text)
            });
            pipe.send(Piece::Data(Bytes::from_static(b"abcd"))).await.ok().unwrap();
            assert_eq!(is_hungry(&pipe).await, hungry, "{wanted}");
            drop(pipe);
            assert_eq!(reading.await.unwrap().is_ok(), !hungry);
        }
    }

    #[test]
    fn paths_are_quoted_for_the_shell() {
        assert_eq!(resumed("a'b", 7)[2], r"tar cf - 'a'\''b' | tail -c+7");
    }
}
