//! The harness of the end-to-end tests: a cluster in namespaces of its own, commands against it,
//! and the proof that nothing is left.
//!
//! A test calls [`alone`]: it starts its own executable again inside fresh network and mount
//! namespaces, where there is only the loopback and no way out, and runs its body there.
#![expect(clippy::panic, clippy::missing_panics_doc, reason = "a test fails by panicking")]

mod etcd;
mod screen;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

pub use etcd::{Etcd, EtcdTls};
pub use screen::Screen;

const INSIDE: &str = "KANOE_TEST_INSIDE";

/// Runs `body` in namespaces of its own; `name` is the test's own full name.
pub fn alone(name: &str, body: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        succeed(Command::new("ip").args(["link", "set", "lo", "up"]));
        return body();
    }
    assert!(is_root(), "this test needs root: it makes namespaces");
    let own = env::current_exe().expect("a test knows its own executable");
    let status = Command::new("unshare")
        .args(["-n", "-m", "--propagation", "private", "--"])
        .arg(own)
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .status()
        .expect("unshare is installed by `cargo xtask setup`");
    assert!(status.success(), "{name} failed inside its namespaces");
}

/// Tells whether this process is root.
pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Runs a command and demands that it succeeds; returns its standard output.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn run(command: &mut Command) -> Output {
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"))
}

/// The folder of recorded answers beside the project, where it is.
pub fn golden() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
    folder.is_dir().then_some(folder)
}

/// The genuine kubectl of a version, where this machine has it.
pub fn genuine(version: &str) -> Option<PathBuf> {
    let found = succeed(
        Command::new("bash").args(["-c", "readlink -f \"$(command -v kubectl || true)\" || true"]),
    );
    let folder = PathBuf::from(found.trim()).parent()?.to_owned();
    let program = folder.join(format!("kubectl.{version}"));
    program.is_file().then_some(program)
}

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

/// A cluster in a home of its own, deleted with everything that it made at the end.
#[derive(Debug)]
pub struct Cluster {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Cluster {
    /// A home in which nothing was started yet.
    pub fn new(program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the cluster can be made");
        fs::create_dir(folder.path().join("user")).expect("the folder is fresh");
        Self { program: program.into(), folder }
    }

    /// The cluster's home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder for the test's own files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command of ours.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words);
        self.surround(&mut command);
        command
    }

    /// A command line for a shell in which `kubectl` is ours.
    pub fn shell(&self, line: &str) -> Said {
        said(&mut self.beside("bash", &["-c", line]))
    }

    /// A program of others, for which `kubectl` is ours.
    pub fn beside(&self, program: &str, words: &[&str]) -> Command {
        let bin = self.folder.path().join("bin");
        if !bin.exists() {
            fs::create_dir(&bin).expect("the folder is fresh");
            let link = std::os::unix::fs::symlink(&self.program, bin.join("kubectl"));
            link.expect("the folder is fresh");
        }
        let mut command = Command::new(program);
        command.args(words);
        self.surround(&mut command);
        let path = env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", bin.display()));
        command
    }

    fn surround(&self, command: &mut Command) {
        command
            .env("KANOE_HOME", self.home())
            .env("HOME", self.folder.path().join("user"))
            .env_remove("KUBECONFIG")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .env_remove(INSIDE);
    }

    /// Runs a command of ours, whatever comes of it.
    pub fn run(&self, line: &str) -> Said {
        let words: Vec<&str> = line.split_whitespace().collect();
        said(&mut self.command(&words))
    }

    /// Runs a command of ours that must succeed; returns its standard output.
    pub fn ok(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}: {said:?}\n{}", self.log());
        said.out
    }

    /// The end of the cluster's own log.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.home().join("cluster.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// The id after which everything that the cluster makes is named.
    pub fn id(&self) -> String {
        let id = fs::read_to_string(self.home().join("id"));
        id.unwrap_or_default().trim().to_owned()
    }

    /// Deletes the cluster and shows that nothing is left of it.
    pub fn delete(self) {
        let id = self.id();
        self.ok("cluster delete");
        assert!(!self.home().exists(), "the home is left");
        let home = self.home().display().to_string();
        let links = succeed(Command::new("ip").args(["-o", "link"]));
        assert_eq!(links.lines().count(), 1, "links are left:\n{links}");
        assert_eq!(succeed(Command::new("nft").args(["list", "tables"])), "", "tables are left");
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        assert!(!mounts.contains(&home), "mounts are left:\n{mounts}");
        assert_eq!(processes_with(&home), Vec::<String>::new(), "processes are left");
        let groups = format!("find /sys/fs/cgroup -type d -name 'kanoe-{id}*' 2>/dev/null || true");
        let groups = succeed(Command::new("bash").args(["-c", &groups]));
        assert!(id.is_empty() || groups.is_empty(), "control groups are left:\n{groups}");
    }
}

impl Drop for Cluster {
    /// A test that fails halfway leaves nothing either.
    fn drop(&mut self) {
        if self.home().exists() {
            drop(self.run("cluster delete"));
        }
    }
}

/// Command lines of the processes that name `text` in theirs or in their environment.
fn processes_with(text: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    ids.filter(|id| id.chars().all(|letter| letter.is_ascii_digit()) && *id != own)
        .filter_map(|id| {
            let line = fs::read(format!("/proc/{id}/cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(text).then_some(line)
        })
        .collect()
}

fn said(command: &mut Command) -> Said {
    let output = run(command);
    Said {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}
