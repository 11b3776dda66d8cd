//! Containers' and commands' processes: started by runc, their streams ours.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::epoll::EpollFlags;
use serde_json::Value;

use super::log::{Log, Stream};
use super::protocol::{Answer, ContainerState, ExecRequest};
use super::{Shim, Source};
use crate::spec::ContainerSpec;

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) code: i32,
    pub(super) signal: Option<i32>,
}

/// What a process is.
#[derive(Debug)]
pub(super) enum Role {
    Container { spec: Box<ContainerSpec>, state: ContainerState },
    Exec { terminal: bool },
}

/// Bytes on their way into a process.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) file: File,
    pub(super) token: Option<u64>,
    pub(super) queue: Vec<u8>,
    pub(super) ends: bool,
}

/// A process from the moment that runc is asked for it.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) role: Role,
    pub(super) folder: PathBuf,
    pub(super) runc: Option<i32>,
    pub(super) asked: Option<(u64, u64)>,
    pub(super) pid: Option<i32>,
    pub(super) log: Option<Log>,
    pub(super) input: Option<Input>,
    pub(super) terminal: Option<File>,
    pub(super) console: Option<u64>,
    pub(super) outputs: Vec<u64>,
    pub(super) attached: Vec<u64>,
    pub(super) held_back: bool,
}

impl Process {
    fn new(role: Role, folder: PathBuf, asked: (u64, u64)) -> Self {
        Self {
            role,
            folder,
            runc: None,
            asked: Some(asked),
            pid: None,
            log: None,
            input: None,
            terminal: None,
            console: None,
            outputs: Vec::new(),
            attached: Vec::new(),
            held_back: false,
        }
    }

    pub(super) fn has_terminal(&self) -> bool {
        match &self.role {
            Role::Container { spec, .. } => spec.terminal,
            Role::Exec { terminal } => *terminal,
        }
    }

    /// What subscribers are told of it; commands are their session's own affair.
    pub(super) fn announcement(&self) -> Option<Answer> {
        let Role::Container { spec, state } = &self.role else { return None };
        let state = if self.runc.is_some() { ContainerState::Starting } else { state.clone() };
        Some(Answer::Container { container: spec.id.clone(), state })
    }
}

/// The three ends of a child's streams that go to it.
struct ChildEnds {
    stdin: Stdio,
    stdout: Stdio,
    stderr: Stdio,
}

impl Shim {
    pub(super) fn container_folder(&self, container: &str) -> io::Result<PathBuf> {
        crate::files::plain_name(container)?;
        Ok(self.folder.join("containers").join(container))
    }

    pub(super) fn key_of(&self, container: &str) -> Option<u64> {
        self.processes.iter().find_map(|(key, process)| match &process.role {
            Role::Container { spec, .. } if spec.id == container => Some(*key),
            Role::Container { .. } | Role::Exec { .. } => None,
        })
    }

    /// Asks runc to create and start the container at once.
    pub(super) fn start_container(&mut self, asked: (u64, u64), id: &str) -> io::Result<()> {
        if self.key_of(id).is_some() {
            return Err(io::Error::other("the container was started before"));
        }
        let folder = self.container_folder(id)?;
        let spec: ContainerSpec =
            serde_json::from_slice(&std::fs::read(folder.join("container.json"))?)?;
        let mut runc = self.runc(&folder);
        runc.args(["run", "--detach", "--bundle"]).arg(&folder);
        let (terminal, stdin, log) = (spec.terminal, spec.stdin, Log::open(&spec.log_path)?);
        let role = Role::Container { spec: Box::new(spec), state: ContainerState::Created };
        let process = Process { log: Some(log), ..Process::new(role, folder, asked) };
        self.spawn(runc, process, Wants { terminal, stdin, name: id })
    }

    /// Asks runc to run a command in a container.
    pub(super) fn start_exec(
        &mut self,
        asked: (u64, u64),
        container: &str,
        exec: &ExecRequest,
    ) -> io::Result<()> {
        let bundle = self.container_folder(container)?;
        let running = self.key_of(container).and_then(|key| self.processes.get(&key)?.pid);
        if running.is_none() {
            return Err(io::Error::other("the container is not running"));
        }
        let config: Value = serde_json::from_slice(&std::fs::read(bundle.join("config.json"))?)?;
        let token = self.token();
        let folder = bundle.join(format!("exec-{token}"));
        std::fs::create_dir(&folder)?;
        let process = crate::spec::exec_process(&config, &exec.args, exec.terminal);
        std::fs::write(folder.join("process.json"), process.to_string())?;
        let mut runc = self.runc(&folder);
        runc.args(["exec", "--detach", "--process"]).arg(folder.join("process.json"));
        let role = Role::Exec { terminal: exec.terminal };
        let mut process = Process::new(role, folder, asked);
        process.attached.push(asked.0);
        let wants = Wants { terminal: exec.terminal, stdin: exec.stdin, name: container };
        self.spawn(runc, process, wants)
    }

    fn runc(&self, folder: &Path) -> Command {
        let mut runc = Command::new("runc");
        runc.arg("--root").arg(self.folder.join("runc"));
        runc.arg("--log").arg(folder.join("runc.log")).args(["--log-format", "json"]);
        runc
    }

    fn spawn(
        &mut self,
        mut runc: Command,
        mut process: Process,
        wants: Wants<'_>,
    ) -> io::Result<()> {
        let key = self.token();
        runc.arg("--pid-file").arg(process.folder.join("pid"));
        let ends = if wants.terminal {
            // runc wants a short path and changes folders itself: reach ours through our own process.
            let name = format!("console-{key}.sock");
            runc.arg("--console-socket").arg(format!("/proc/{}/cwd/{name}", std::process::id()));
            self.await_console(key, &name, &mut process)?;
            ChildEnds { stdin: Stdio::null(), stdout: Stdio::null(), stderr: Stdio::null() }
        } else {
            self.pipes(key, &mut process, wants.stdin)?
        };
        runc.arg(wants.name).stdin(ends.stdin).stdout(ends.stdout).stderr(ends.stderr);
        let spawned = runc.spawn();
        // Our copies of the child's ends close here: end of file then means that all writers are gone.
        drop(runc);
        let connection = process.asked.map(|(connection, _)| connection);
        let session = matches!(process.role, Role::Exec { .. });
        match spawned {
            Ok(child) => process.runc = i32::try_from(child.id()).ok(),
            Err(error) => {
                self.discard_streams(&mut process);
                return Err(cannot_run(&error));
            }
        }
        if session
            && let Some(connection) = connection.and_then(|token| self.connections.get_mut(&token))
        {
            connection.session = Some(key);
        }
        self.processes.insert(key, process);
        Ok(())
    }

    fn await_console(&mut self, key: u64, name: &str, process: &mut Process) -> io::Result<()> {
        let listener = UnixListener::bind(name)?;
        listener.set_nonblocking(true)?;
        let token = self.token();
        self.watch(&listener, token, EpollFlags::EPOLLIN)?;
        self.sources.insert(token, Source::Console { process: key, listener });
        process.console = Some(token);
        Ok(())
    }

    fn pipes(&mut self, key: u64, process: &mut Process, stdin: bool) -> io::Result<ChildEnds> {
        let mut child_stdin = Stdio::null();
        if stdin {
            let (theirs, ours) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
            set_nonblocking(&ours)?;
            let file = File::from(ours);
            process.input = Some(Input { file, token: None, queue: Vec::new(), ends: false });
            child_stdin = theirs.into();
        }
        let stdout = self.output_pipe(key, process, Stream::Stdout)?;
        let stderr = self.output_pipe(key, process, Stream::Stderr)?;
        Ok(ChildEnds { stdin: child_stdin, stdout, stderr })
    }

    fn output_pipe(
        &mut self,
        key: u64,
        process: &mut Process,
        stream: Stream,
    ) -> io::Result<Stdio> {
        let (ours, theirs) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
        set_nonblocking(&ours)?;
        self.add_output(key, process, stream, File::from(ours))?;
        Ok(theirs.into())
    }

    pub(super) fn add_output(
        &mut self,
        key: u64,
        process: &mut Process,
        stream: Stream,
        file: File,
    ) -> io::Result<()> {
        let token = self.token();
        self.watch(&file, token, EpollFlags::EPOLLIN)?;
        self.sources.insert(token, Source::Output { process: key, stream, file });
        process.outputs.push(token);
        Ok(())
    }

    /// Takes over the terminal that runc sends when it has made one.
    pub(super) fn console_arrived(&mut self, token: u64, key: u64) {
        let Some(Source::Console { listener, .. }) = self.sources.get(&token) else { return };
        let Ok((stream, _)) = listener.accept() else { return };
        let received =
            stream.set_nonblocking(false).and_then(|()| sys::socket::receive_descriptor(&stream));
        self.remove_source(token);
        // It has served; should it stay, it goes with the pod's folder.
        std::fs::remove_file(format!("console-{key}.sock")).ok();
        let Some(mut process) = self.processes.remove(&key) else { return };
        process.console = None;
        if let Ok(terminal) = received
            && let Err(error) = self.adopt_terminal(key, &mut process, terminal)
        {
            tracing::warn!(%error, "terminal lost");
        }
        self.processes.insert(key, process);
    }

    fn adopt_terminal(&mut self, key: u64, process: &mut Process, fd: OwnedFd) -> io::Result<()> {
        set_nonblocking(&fd)?;
        let terminal = File::from(fd);
        let file = terminal.try_clone()?;
        process.input = Some(Input { file, token: None, queue: Vec::new(), ends: false });
        self.add_output(key, process, Stream::Stdout, terminal.try_clone()?)?;
        process.terminal = Some(terminal);
        Ok(())
    }

    pub(super) fn remove_source(&mut self, token: u64) {
        let Some(source) = self.sources.remove(&token) else { return };
        let removed = match &source {
            Source::Console { listener, .. } => self.epoll.delete(listener),
            Source::Output { file, .. } => self.epoll.delete(file),
            Source::Input { process } => match self.processes.get(process) {
                Some(Process { input: Some(input), .. }) => self.epoll.delete(&input.file),
                _ => Ok(()),
            },
        };
        if let Err(error) = removed {
            tracing::debug!(%error, "source was not watched");
        }
    }

    /// Closes everything that a process which never ran would have spoken through.
    pub(super) fn discard_streams(&mut self, process: &mut Process) {
        for token in process.outputs.drain(..).chain(process.console.take()) {
            self.remove_source(token);
        }
        if let Some(token) = process.input.take().and_then(|input| input.token) {
            self.sources.remove(&token);
        }
        process.terminal = None;
    }
}

/// What a new process speaks through, and the container's name for runc.
#[derive(Clone, Copy)]
struct Wants<'a> {
    terminal: bool,
    stdin: bool,
    name: &'a str,
}

fn cannot_run(error: &io::Error) -> io::Error {
    let why = if error.kind() == io::ErrorKind::NotFound {
        "it is not installed, or not in PATH; `kanoe doctor` tells how to mend it".to_owned()
    } else {
        error.to_string()
    };
    io::Error::other(format!("cannot run runc: {why}"))
}

fn set_nonblocking(fd: &OwnedFd) -> io::Result<()> {
    let flags = OFlag::from_bits_truncate(fcntl(fd, FcntlArg::F_GETFL)?);
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}
