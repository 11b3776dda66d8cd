//! Children's ends: runc's, the containers', the commands', the pause process's.

use std::io;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::Shim;
use super::log::Stream;
use super::process::{Ending, Process, Role};
use super::protocol::{Answer, ContainerState, Exit, SessionControl};

impl Shim {
    /// Collects every child that has ended.
    pub(super) fn reap(&mut self) {
        while let Ok(Some(signal)) = self.signals.read_signal() {
            // Only SIGCHLD means something; the others are blocked so that they do not end us.
            tracing::trace!(signal = signal.ssi_signo, "signal");
        }
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) => {
                    self.child_ended(pid.as_raw(), Ending { code, signal: None });
                }
                Ok(WaitStatus::Signaled(pid, signal, _)) => {
                    let number = signal as i32;
                    let ending = Ending { code: 128 + number, signal: Some(number) };
                    self.child_ended(pid.as_raw(), ending);
                }
                Err(nix::errno::Errno::EINTR)
                | Ok(WaitStatus::Continued(_) | WaitStatus::Stopped(..)) => {}
                Ok(_) | Err(_) => return,
            }
        }
    }

    fn child_ended(&mut self, pid: i32, ending: Ending) {
        if self.pause == Some(pid) {
            self.pause = None;
            self.broadcast(&Answer::SandboxEnded);
            return;
        }
        let find = |wanted: fn(&Process) -> Option<i32>| {
            self.processes
                .iter()
                .find(|(_, process)| wanted(process) == Some(pid))
                .map(|(key, _)| *key)
        };
        if let Some(key) = find(|process| process.runc) {
            self.runc_ended(key, ending);
        } else if let Some(key) = find(|process| process.pid) {
            self.process_ended(key, ending);
        } else if self.processes.values().any(|process| process.runc.is_some()) {
            self.unclaimed.insert(pid, ending);
        }
    }

    /// runc has done its part: the process runs, or it never will.
    fn runc_ended(&mut self, key: u64, ending: Ending) {
        if let Some(console) = self.processes.get(&key).and_then(|process| process.console) {
            self.console_arrived(console, key);
        }
        let Some(process) = self.processes.get_mut(&key) else { return };
        process.runc = None;
        let asked = process.asked.take();
        let pid = std::fs::read_to_string(process.folder.join("pid")).ok();
        let pid = pid.and_then(|text| text.trim().parse::<i32>().ok());
        match pid.filter(|_| ending.code == 0) {
            Some(pid) => self.process_started(key, pid, asked),
            None => self.start_failed(key, asked),
        }
        if self.processes.values().all(|process| process.runc.is_none()) {
            self.unclaimed.clear();
        }
    }

    fn process_started(&mut self, key: u64, pid: i32, asked: Option<(u64, u64)>) {
        let Some(process) = self.processes.get_mut(&key) else { return };
        process.pid = Some(pid);
        let started_at = lifecycle::clock::now();
        if let Role::Container { state, .. } = &mut process.role {
            *state = ContainerState::Running { pid, started_at };
            self.publish(key);
        }
        if let Some(asked) = asked {
            self.answer(asked, Ok(()));
        }
        if let Some(ending) = self.unclaimed.remove(&pid) {
            self.process_ended(key, ending);
        } else if self.stopping.is_some() {
            self.kill_all();
        }
    }

    fn start_failed(&mut self, key: u64, asked: Option<(u64, u64)>) {
        let Some(mut process) = self.processes.remove(&key) else { return };
        self.discard_streams(&mut process);
        let reason =
            runc_error(&process).unwrap_or_else(|| "runc failed and did not say why".to_owned());
        if let Some(asked) = asked {
            self.answer(asked, Err(reason));
            if let Some(connection) = self.connections.get_mut(&asked.0) {
                connection.session = None;
            }
        }
        match process.announcement() {
            // Whoever asked may have died; whoever came after it must hear this too.
            Some(state) => self.broadcast(&state),
            None => remove_folder(&process),
        }
    }

    /// A container's or command's own process has ended: its last words, then its exit.
    fn process_ended(&mut self, key: u64, ending: Ending) {
        let outputs = self.processes.get(&key).map(|process| process.outputs.clone());
        for token in outputs.unwrap_or_default() {
            while self.read_output(token) {}
            self.remove_source(token);
        }
        let Some(mut process) = self.processes.remove(&key) else { return };
        process.outputs.clear();
        self.discard_streams(&mut process);
        process.pid = None;
        for stream in [Stream::Stdout, Stream::Stderr] {
            if let Some(Err(error)) = process.log.as_mut().map(|log| log.finish(stream)) {
                tracing::error!(%error, "log line lost");
            }
        }
        process.log = None;
        for client in std::mem::take(&mut process.attached) {
            self.say(client, &SessionControl::Exited { code: ending.code });
            if let Some(connection) = self.connections.get_mut(&client) {
                connection.session = None;
                connection.closing = true;
            }
            self.flush(client);
        }
        let out_of_memory = self.ran_out_of_memory(&process);
        if let Role::Container { state, .. } = &mut process.role {
            let finished_at = lifecycle::clock::now();
            let started_at = match state {
                ContainerState::Running { started_at, .. } => *started_at,
                ContainerState::Created | ContainerState::Starting | ContainerState::Exited(_) => {
                    finished_at
                }
            };
            let Ending { code, signal } = ending;
            *state = ContainerState::Exited(Exit {
                code,
                signal,
                out_of_memory,
                started_at,
                finished_at,
            });
            self.processes.insert(key, process);
            self.publish(key);
        } else {
            remove_folder(&process);
        }
    }

    fn ran_out_of_memory(&self, process: &Process) -> bool {
        let Role::Container { spec, .. } = &process.role else { return false };
        self.cgroups.oom_kills(&format!("{}/{}", self.sandbox.cgroup, spec.id)) > 0
    }

    /// Puts a container's state on disk, then tells it.
    fn publish(&mut self, key: u64) {
        let Some(process) = self.processes.get(&key) else { return };
        let Role::Container { state, .. } = &process.role else { return };
        let text = serde_json::to_vec(state).expect("states have string keys only");
        if let Err(error) =
            crate::files::write_atomically(&process.folder.join("state.json"), &text)
        {
            tracing::error!(%error, "container state not written");
        }
        if let Some(answer) = process.announcement() {
            self.broadcast(&answer);
        }
    }

    pub(super) fn kill(&mut self, container: &str, signal: i32) -> io::Result<()> {
        let signal = Signal::try_from(signal)?;
        let Some(pid) = self.key_of(container).and_then(|key| self.processes.get(&key)?.pid) else {
            return Err(io::Error::other("the container is not running"));
        };
        kill(Pid::from_raw(pid), signal)?;
        if signal == Signal::SIGKILL {
            // Where the pod shares its view of processes, the first one's end is not the others'.
            for other in self.cgroups.processes(&format!("{}/{container}", self.sandbox.cgroup)) {
                kill(Pid::from_raw(other), signal).ok();
            }
        }
        Ok(())
    }

    pub(super) fn forget(&mut self, container: &str) -> io::Result<()> {
        let Some(key) = self.key_of(container) else { return Ok(()) };
        let busy = self.processes.get(&key).is_some_and(|p| p.pid.is_some() || p.runc.is_some());
        if busy {
            return Err(io::Error::other("the container is running"));
        }
        self.processes.remove(&key);
        Ok(())
    }

    pub(super) fn kill_all(&mut self) {
        let pids: Vec<i32> = self.processes.values().filter_map(|process| process.pid).collect();
        let containers: Vec<String> = self
            .processes
            .values()
            .filter_map(|process| match &process.role {
                Role::Container { spec, .. } => Some(spec.id.clone()),
                Role::Exec { .. } => None,
            })
            .collect();
        let members = containers
            .iter()
            .flat_map(|id| self.cgroups.processes(&format!("{}/{id}", self.sandbox.cgroup)));
        for pid in members.chain(pids).chain(self.pause) {
            // Gone already is as good.
            kill(Pid::from_raw(pid), Signal::SIGKILL).ok();
        }
    }

    /// Ends the shim once its last child is gone and the one who asked has been told.
    pub(super) fn finish_stop(&mut self) {
        let Some(asked) = self.stopping else { return };
        let busy = self.processes.values().any(|p| p.pid.is_some() || p.runc.is_some());
        if busy || self.pause.is_some() {
            return;
        }
        self.answer(asked, Ok(()));
        self.stopped = true;
    }
}

/// The last error in runc's log, in its own words.
fn runc_error(process: &Process) -> Option<String> {
    let text = std::fs::read_to_string(process.folder.join("runc.log")).ok()?;
    let lines =
        text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut errors = lines.filter(|line| line["level"] == "error");
    errors.next_back().and_then(|line| line["msg"].as_str().map(str::to_owned))
}

fn remove_folder(process: &Process) {
    if let Err(error) = std::fs::remove_dir_all(&process.folder) {
        tracing::debug!(%error, "exec folder stays");
    }
}
