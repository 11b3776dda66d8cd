//! A control plane in a process of its own, so that its memory is its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use client::{Client, Transport};

/// A fresh control plane; dropping it ends it and removes its home.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    home: PathBuf,
}

impl Server {
    /// Boots `program` without a node, and waits for its word.
    pub(super) fn start(program: &Path) -> Result<Self> {
        let home = std::env::temp_dir().join(format!("kanoe-bench-{}", std::process::id()));
        fs::create_dir_all(&home)?;
        let spawned = Command::new(program)
            .args(["cluster", "run", "--no-node"])
            .env("KANOE_HOME", &home)
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let mut server = Self { process: spawned, home };
        let mut word = String::new();
        let out = server.process.stdout.take().context("it has an output")?;
        BufReader::new(out).read_line(&mut word)?;
        ensure!(word.trim() == "ready", "the control plane does not start: {word:?}");
        Ok(server)
    }

    /// A client on its socket.
    pub(super) fn client(&self) -> Result<Client> {
        let transport = Transport::unix(&self.home.join("kanoe.sock"))?;
        Ok(Client::in_process(transport, "bench"))
    }

    /// Its proportional set size.
    pub(super) fn memory_bytes(&self) -> Result<u64> {
        let path = format!("/proc/{}/smaps_rollup", self.process.id());
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix("kB"));
        let kilobytes: u64 = kilobytes.context("no Pss")?.trim().parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is kept, so that it need not end in order.
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.home));
    }
}
