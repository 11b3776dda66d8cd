//! The shim: parent of one pod's processes, owner of their streams, logs and exit codes.
//!
//! One thread, one epoll, no runtime library: it stays small and outlives the daemon, which finds it
//! again by its socket. Nothing here polls; children are noticed by SIGCHLD on a descriptor.

mod children;
mod connection;
pub(crate) mod log;
pub(crate) mod pause;
mod process;
pub(crate) mod protocol;
mod sessions;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use self::connection::Connection;
use self::log::Stream;
use self::process::Process;
use self::protocol::{Answer, Call, Request};
use crate::spec::SandboxSpec;

/// Name of the socket in a pod's folder.
pub(crate) const SOCKET: &str = "shim.sock";
/// Name of the sandbox's description in a pod's folder.
pub(crate) const SANDBOX: &str = "sandbox.json";
/// What the shim writes on its standard output once it can be talked to.
pub(crate) const READY: &[u8] = b"ready\n";

const LISTENER: u64 = 0;
const SIGNALS: u64 = 1;

/// What a descriptor in the epoll set is for. Its token is its key.
#[derive(Debug)]
enum Source {
    Console { process: u64, listener: UnixListener },
    Output { process: u64, stream: Stream, file: File },
    Input { process: u64 },
}

/// Everything a shim knows.
#[derive(Debug)]
pub(crate) struct Shim {
    folder: PathBuf,
    sandbox: SandboxSpec,
    cgroups: sys::cgroup::Layout,
    epoll: Epoll,
    listener: UnixListener,
    signals: SignalFd,
    pause: Option<i32>,
    next_token: u64,
    sources: HashMap<u64, Source>,
    connections: HashMap<u64, Connection>,
    processes: HashMap<u64, Process>,
    /// Ends of processes whose number runc has not told yet.
    unclaimed: HashMap<i32, process::Ending>,
    /// Who asked for the end of all.
    stopping: Option<(u64, u64)>,
    stopped: bool,
}

/// Runs the shim of the pod in `folder` until it is told to stop.
pub(crate) fn run(folder: &Path) -> io::Result<()> {
    let mut shim = Shim::start(folder)?;
    announce()?;
    while !shim.stopped {
        shim.turn()?;
    }
    Ok(())
}

/// Tells the daemon that the socket answers, and lets go of its pipe.
fn announce() -> io::Result<()> {
    io::stdout().write_all(READY)?;
    io::stdout().flush()?;
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    nix::unistd::dup2_stdout(nowhere)?;
    Ok(())
}

impl Shim {
    fn start(folder: &Path) -> io::Result<Self> {
        // Already a leader if started from a shell; then there is no session to leave.
        nix::unistd::setsid().ok();
        nix::sys::prctl::set_child_subreaper(true)?;
        let sandbox: SandboxSpec = serde_json::from_slice(&std::fs::read(folder.join(SANDBOX))?)?;
        let cgroups = sys::cgroup::Layout::detect()?;
        cgroups.create(&sandbox.shim_cgroup, &sys::cgroup::Limits::default())?;
        cgroups.enter(&sandbox.shim_cgroup, std::process::id())?;

        let mut mask = SigSet::empty();
        for signal in [Signal::SIGCHLD, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
            mask.add(signal);
        }
        mask.thread_block()?;
        let signals = SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        std::env::set_current_dir(folder)?;
        let listener = UnixListener::bind(SOCKET)?;
        listener.set_nonblocking(true)?;
        let pause = pause::spawn(folder, &sandbox)?;

        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(&listener, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))?;
        epoll.add(&signals, EpollEvent::new(EpollFlags::EPOLLIN, SIGNALS))?;
        crate::files::write_atomically(&folder.join("pause.pid"), pause.to_string().as_bytes())?;
        Ok(Self {
            folder: folder.to_owned(),
            sandbox,
            cgroups,
            epoll,
            listener,
            signals,
            pause: Some(pause),
            next_token: SIGNALS + 1,
            sources: HashMap::new(),
            connections: HashMap::new(),
            processes: HashMap::new(),
            unclaimed: HashMap::new(),
            stopping: None,
            stopped: false,
        })
    }

    /// Waits for events and handles them.
    fn turn(&mut self) -> io::Result<()> {
        let mut events = [EpollEvent::empty(); 32];
        let count = match self.epoll.wait(&mut events, EpollTimeout::NONE) {
            Err(nix::errno::Errno::EINTR) => return Ok(()),
            other => other?,
        };
        for event in events.iter().take(count) {
            self.handle(event.data(), event.events());
        }
        self.finish_stop();
        Ok(())
    }

    fn handle(&mut self, token: u64, flags: EpollFlags) {
        match token {
            LISTENER => self.accept(),
            SIGNALS => self.reap(),
            _ if self.connections.contains_key(&token) => self.connection_ready(token, flags),
            _ => match self.sources.get(&token) {
                Some(Source::Console { process, .. }) => self.console_arrived(token, *process),
                Some(Source::Output { .. }) => {
                    self.read_output(token);
                }
                Some(Source::Input { process }) => self.write_input(*process),
                None => {}
            },
        }
    }

    fn token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    fn accept(&mut self) {
        while let Ok((stream, _)) = self.listener.accept() {
            // Only the daemon's user may command a pod.
            let ours = nix::unistd::Uid::effective().as_raw();
            let allowed = sys::socket::peer(&stream).is_ok_and(|peer| peer.uid == ours);
            if !allowed || stream.set_nonblocking(true).is_err() {
                continue;
            }
            let token = self.token();
            if self.watch(&stream, token, EpollFlags::EPOLLIN).is_ok() {
                self.connections.insert(token, Connection::new(stream));
            }
        }
    }

    fn watch(&self, fd: impl AsFd, token: u64, flags: EpollFlags) -> io::Result<()> {
        Ok(self.epoll.add(fd, EpollEvent::new(flags, token))?)
    }

    fn request(&mut self, connection: u64, request: Request) {
        let asked = (connection, request.id);
        let result = match request.call {
            Call::Subscribe => {
                self.subscribe(connection);
                Ok(Some(()))
            }
            Call::Start { container } => self.start_container(asked, &container).map(|()| None),
            Call::Kill { container, signal } => self.kill(&container, signal).map(Some),
            Call::Forget { container } => self.forget(&container).map(Some),
            Call::Exec { container, exec } => {
                self.start_exec(asked, &container, &exec).map(|()| None)
            }
            Call::Attach { container, stdin } => {
                self.attach(connection, &container, stdin).map(Some)
            }
            Call::Stop => {
                self.stopping = Some(asked);
                self.kill_all();
                Ok(None)
            }
        };
        match result {
            Ok(Some(())) => self.answer(asked, Ok(())),
            Ok(None) => {}
            Err(error) => self.answer(asked, Err(error.to_string())),
        }
    }

    fn answer(&mut self, (connection, id): (u64, u64), result: Result<(), String>) {
        let answer = match result {
            Ok(()) => Answer::Done { id },
            Err(error) => Answer::Failed { id, error },
        };
        self.say(connection, &answer);
    }

    fn subscribe(&mut self, connection: u64) {
        let states: Vec<Answer> =
            self.processes.values().filter_map(Process::announcement).collect();
        for state in states {
            self.say(connection, &state);
        }
        if self.pause.is_none() {
            self.say(connection, &Answer::SandboxEnded);
        }
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.subscribed = true;
        }
    }

    fn broadcast(&mut self, answer: &Answer) {
        let subscribed = |(token, c): (&u64, &Connection)| c.subscribed.then_some(*token);
        let listeners: Vec<u64> = self.connections.iter().filter_map(subscribed).collect();
        for listener in listeners {
            self.say(listener, answer);
        }
    }
}
