//! Reaching the resident cluster: finding it, starting it, asking it to end.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufRead as _, BufReader, Seek as _, SeekFrom},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use client::Transport;
use sys::{process::PidFd, watch::FolderWatch};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

use crate::{ClusterError, Home, Settings, home::write_private};

/// How the resident process is started.
#[derive(Debug, Clone)]
pub struct Boot {
    /// This program.
    pub program: PathBuf,
    /// Where it gets its settings from; the last start's where none are given.
    pub settings: Option<Settings>,
}

/// How long a process that holds the home and does not answer may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A road to the resident cluster, if it runs.
pub async fn connect(home: &Home) -> Option<Transport> {
    answers(home).await.ok()?;
    Transport::unix(&home.socket()).ok()
}

/// Asks the socket for a word: one that only accepts may be that of a process that is dying.
async fn answers(home: &Home) -> io::Result<()> {
    let mut stream = UnixStream::connect(home.socket()).await?;
    stream
        .write_all(b"GET /livez/ping HTTP/1.1\r\nHost: kanoe\r\nConnection: close\r\n\r\n")
        .await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    if &answer != b"HTTP/1.1 200" {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(())
}

/// Waits until a process that holds the home but does not answer has ended, or answers: it may be
/// on its way out or on its way up.
async fn outlive_the_dying(home: &Home) -> Result<(), ClusterError> {
    let Some(pid) = home.resident() else { return Ok(()) };
    if answers(home).await.is_ok() {
        return Ok(());
    }
    let Ok(process) = PidFd::open(i32::try_from(pid).unwrap_or(0)) else { return Ok(()) };
    let settled = async {
        tokio::select! {
            ended = process.ended() => ended.map_err(ClusterError::file(format!("/proc/{pid}"))),
            up = comes_up(home) => up.map_err(ClusterError::file(home.root())),
        }
    };
    match tokio::time::timeout(PATIENCE, settled).await {
        Ok(settled) => settled,
        Err(_) => Err(ClusterError::Running { home: home.root().to_owned(), pid }),
    }
}

/// Waits until the home's socket answers. Looks again whenever something in the home changes.
async fn comes_up(home: &Home) -> io::Result<()> {
    let mut changes = FolderWatch::new(home.root())?;
    while answers(home).await.is_err() {
        changes.changed().await?;
    }
    Ok(())
}

/// Starts the resident cluster and waits for its word; finds it when it runs already.
///
/// Two callers at once start one: the second process finds the lock taken, and its caller waits
/// for the first one's socket. Errors: `NotReady` with the end of the log.
pub async fn start_resident(home: &Home, boot: &Boot) -> Result<(), ClusterError> {
    home.create()?;
    outlive_the_dying(home).await?;
    // Held while a process is on its way up, so that others wait for it instead of racing it.
    let gate = home.root().join("boot");
    let place = home.clone();
    let home = home.clone();
    let boot = boot.clone();
    let started = tokio::task::spawn_blocking(move || {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&gate)
            .map_err(ClusterError::file(&gate))?;
        file.lock().map_err(ClusterError::file(&gate))?;
        if home.resident().is_some() && home.socket().exists() {
            return Ok(());
        }
        spawn(&home, &boot)
    });
    let started = started.await.map_err(|error| ClusterError::Client(error.to_string()))?;
    // Somebody else's process may have taken the home meanwhile: then that one is waited for.
    match started {
        Err(error) if place.resident().is_some() => {
            let up = tokio::time::timeout(PATIENCE, comes_up(&place)).await;
            if matches!(up, Ok(Ok(()))) { Ok(()) } else { Err(error) }
        }
        started => started,
    }
}

fn spawn(home: &Home, boot: &Boot) -> Result<(), ClusterError> {
    if let Some(settings) = &boot.settings {
        let text = serde_json::to_vec_pretty(settings)
            .map_err(|error| ClusterError::Client(error.to_string()))?;
        write_private(&home.settings(), &text)?;
    }
    let path = home.log();
    let log = OpenOptions::new().create(true).append(true).open(&path);
    let mut log = log.map_err(ClusterError::file(&path))?;
    let start = log.seek(SeekFrom::End(0)).map_err(ClusterError::file(&path))?;
    let mut child = Command::new(&boot.program)
        .args(["cluster", "run", "--resident"])
        .env("KANOE_HOME", home.root())
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(ClusterError::file(&boot.program))?;
    let mut word = String::new();
    if let Some(out) = child.stdout.take() {
        // The word, or the end of the pipe when the process dies.
        BufReader::new(out).read_line(&mut word).map_err(ClusterError::file(&path))?;
    }
    if word.trim() == "ready" {
        return Ok(());
    }
    let ended = child.wait().map_err(ClusterError::file(&boot.program))?;
    tracing::debug!(%ended, "the cluster process ended before it was ready");
    let text = fs::read(&path).unwrap_or_default();
    let from = usize::try_from(start).unwrap_or(0).min(text.len());
    let text = String::from_utf8_lossy(text.get(from..).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().rev().take(20).collect();
    let log = lines.into_iter().rev().collect::<Vec<_>>().join("\n");
    Err(ClusterError::NotReady { log })
}

/// The settings of the last start.
pub fn last_settings(home: &Home) -> Settings {
    let text = fs::read(home.settings()).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Ends the resident process and waits until it has ended; tells whether one ran.
pub async fn stop(home: &Home) -> Result<bool, ClusterError> {
    let Some(pid) = home.resident() else { return Ok(false) };
    let failed = || ClusterError::file(format!("/proc/{pid}"));
    let Ok(pid) = i32::try_from(pid) else { return Ok(false) };
    let process = PidFd::open(pid).map_err(failed())?;
    process.signal(sys::process::TERMINATE).map_err(failed())?;
    process.ended().await.map_err(failed())?;
    Ok(true)
}

/// What is known of a cluster without asking it.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The process, if it runs.
    pub pid: Option<u32>,
    /// The home.
    pub home: PathBuf,
    /// Whether anything was ever made there.
    pub exists: bool,
}

/// Says what is known of the cluster in a home.
pub fn status(home: &Home) -> Summary {
    Summary {
        pid: home.resident(),
        home: home.root().to_owned(),
        exists: home.root().join("id").exists(),
    }
}

/// Ends the cluster and removes everything that it made.
pub async fn delete(home: &Home) -> Result<(), ClusterError> {
    stop(home).await?;
    if !home.root().exists() {
        return Ok(());
    }
    crate::cleanup::run(home).await?;
    // The home itself goes last: until then a repeated `delete` finds what is left.
    fs::remove_dir_all(home.root()).map_err(ClusterError::file(home.root()))
}
