//! Streams between processes and the clients that watch or feed them.

use std::io::{self, Read as _, Write as _};

use nix::sys::epoll::{EpollEvent, EpollFlags};

use super::connection::{CUT_OFF, HIGH_WATER};
use super::log::Stream;
use super::process::Role;
use super::protocol::Kind;
use super::{Shim, Source};

impl Shim {
    /// Moves what an output holds to the log and the clients. `true`: there may be more.
    pub(super) fn read_output(&mut self, token: u64) -> bool {
        let Some(Source::Output { process, stream, file }) = self.sources.get_mut(&token) else {
            return false;
        };
        let (key, stream) = (*process, *stream);
        let mut buffer = [0; 16 << 10];
        let count = match file.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return true,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
            // A terminal whose last process is gone answers EIO, which is its end of file.
            Err(_) => 0,
            Ok(count) => count,
        };
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            self.output_ended(token, key);
            return false;
        };
        self.deliver(key, stream, bytes);
        true
    }

    fn output_ended(&mut self, token: u64, key: u64) {
        self.remove_source(token);
        if let Some(process) = self.processes.get_mut(&key) {
            process.outputs.retain(|output| *output != token);
        }
    }

    fn deliver(&mut self, key: u64, stream: Stream, bytes: &[u8]) {
        let Some(process) = self.processes.get_mut(&key) else { return };
        if let Some(Err(error)) = process.log.as_mut().map(|log| log.write(stream, bytes)) {
            tracing::error!(%error, "log line lost");
        }
        let kind = match stream {
            Stream::Stdout => Kind::Stdout,
            Stream::Stderr => Kind::Stderr,
        };
        let exec = matches!(process.role, Role::Exec { .. });
        for client in process.attached.clone() {
            self.send(client, kind, bytes);
            let unsent = self.connections.get(&client).map_or(0, super::Connection::unsent);
            if exec && unsent > HIGH_WATER {
                self.hold_back_output(key);
            } else if unsent > CUT_OFF {
                self.disconnect(client);
            }
        }
    }

    fn hold_back_output(&mut self, key: u64) {
        self.set_outputs(key, EpollFlags::empty(), true);
    }

    pub(super) fn resume_output(&mut self, key: u64) {
        if self.processes.get(&key).is_some_and(|process| process.held_back) {
            self.set_outputs(key, EpollFlags::EPOLLIN, false);
        }
    }

    fn set_outputs(&mut self, key: u64, flags: EpollFlags, held_back: bool) {
        let Some(process) = self.processes.get_mut(&key) else { return };
        process.held_back = held_back;
        for token in &process.outputs {
            let Some(Source::Output { file, .. }) = self.sources.get(token) else { continue };
            if let Err(error) = self.epoll.modify(file, &mut EpollEvent::new(flags, *token)) {
                tracing::warn!(%error, "output not watched");
            }
        }
    }

    pub(super) fn attach(&mut self, token: u64, container: &str, stdin: bool) -> io::Result<()> {
        let key = self.key_of(container).ok_or_else(|| io::Error::other("no such container"))?;
        let Some(process) = self.processes.get_mut(&key).filter(|process| process.pid.is_some())
        else {
            return Err(io::Error::other("the container is not running"));
        };
        if stdin && process.input.is_none() {
            return Err(io::Error::other("the container has no standard input"));
        }
        process.attached.push(token);
        if let Some(connection) = self.connections.get_mut(&token) {
            connection.session = Some(key);
        }
        Ok(())
    }

    pub(super) fn take_input(&mut self, key: u64, bytes: &[u8]) {
        let Some(process) = self.processes.get_mut(&key) else { return };
        let terminal = process.has_terminal();
        let Some(input) = process.input.as_mut() else { return };
        if bytes.is_empty() {
            // A terminal has no end of input but the character for it, which the client sends.
            input.ends = !terminal;
        } else {
            input.queue.extend_from_slice(bytes);
        }
        self.write_input(key);
    }

    /// Writes queued input; what does not fit waits until the process reads.
    pub(super) fn write_input(&mut self, key: u64) {
        let Some(input) = self.processes.get_mut(&key).and_then(|p| p.input.as_mut()) else {
            return;
        };
        let written = match input.file.write(&input.queue) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(_) => {
                self.close_input(key);
                return;
            }
        };
        input.queue.drain(..written);
        let (waiting, ends, watched) = (input.queue.len(), input.ends, input.token);
        if waiting == 0 && ends {
            self.close_input(key);
        } else if waiting > 0 && watched.is_none() {
            self.watch_input(key);
        } else if waiting == 0
            && let Some(token) = watched
        {
            self.remove_source(token);
            if let Some(input) = self.processes.get_mut(&key).and_then(|p| p.input.as_mut()) {
                input.token = None;
            }
        }
        self.throttle_clients(key, waiting > HIGH_WATER);
    }

    fn watch_input(&mut self, key: u64) {
        let token = self.token();
        let Some(input) = self.processes.get_mut(&key).and_then(|p| p.input.as_mut()) else {
            return;
        };
        let event = EpollEvent::new(EpollFlags::EPOLLOUT, token);
        if self.epoll.add(&input.file, event).is_ok() {
            input.token = Some(token);
            self.sources.insert(token, Source::Input { process: key });
        }
    }

    fn close_input(&mut self, key: u64) {
        let token = self.processes.get(&key).and_then(|p| p.input.as_ref()?.token);
        if let Some(token) = token {
            self.remove_source(token);
        }
        if let Some(process) = self.processes.get_mut(&key) {
            process.input = None;
        }
        self.throttle_clients(key, false);
    }

    fn throttle_clients(&mut self, key: u64, throttled: bool) {
        let clients = self.processes.get(&key).map(|process| process.attached.clone());
        for client in clients.unwrap_or_default() {
            let Some(connection) = self.connections.get_mut(&client) else { continue };
            if connection.throttled != throttled {
                connection.throttled = throttled;
                self.update_interest(client);
            }
        }
    }

    pub(super) fn resize(&mut self, key: u64, columns: u16, rows: u16) {
        let terminal = self.processes.get(&key).and_then(|process| process.terminal.as_ref());
        if let Some(Err(error)) = terminal.map(|file| sys::terminal::resize(file, columns, rows)) {
            tracing::debug!(%error, "terminal not resized");
        }
    }

    /// A client is gone: a command's terminal hangs up, a container goes on.
    pub(super) fn client_left(&mut self, key: u64, client: u64) {
        let Some(process) = self.processes.get_mut(&key) else { return };
        process.attached.retain(|token| *token != client);
        let (ends_input, hangs_up) = match &process.role {
            Role::Exec { terminal } => (true, *terminal),
            Role::Container { spec, .. } => (spec.stdin_once, false),
        };
        if ends_input && !process.has_terminal() {
            if let Some(input) = process.input.as_mut() {
                input.ends = true;
            }
            self.write_input(key);
        }
        if hangs_up {
            let outputs = self.processes.get_mut(&key).map(|p| std::mem::take(&mut p.outputs));
            for token in outputs.unwrap_or_default() {
                self.remove_source(token);
            }
            self.close_input(key);
            if let Some(process) = self.processes.get_mut(&key) {
                process.terminal = None;
            }
        } else {
            self.resume_output(key);
        }
    }
}
