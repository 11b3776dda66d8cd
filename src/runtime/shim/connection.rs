//! One client's connection: bytes in, bytes out, and what it is used for.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use nix::sys::epoll::{EpollEvent, EpollFlags};
use serde::Serialize;

use super::Shim;
use super::protocol::{self, Framed, Kind, Request, SessionControl};

/// Unsent bytes at which an exec session's process is no longer read from.
pub(super) const HIGH_WATER: usize = 256 << 10;
/// Unsent bytes at which a client attached to a container's own streams is cut off: a container
/// must not stand still because somebody's terminal does.
pub(super) const CUT_OFF: usize = 4 << 20;

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: UnixStream,
    input: Vec<u8>,
    output: Vec<u8>,
    pub(super) subscribed: bool,
    /// The process whose streams this connection carries.
    pub(super) session: Option<u64>,
    /// Close once everything is sent.
    pub(super) closing: bool,
    /// Its process takes no more input for now.
    pub(super) throttled: bool,
}

impl Connection {
    pub(super) fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            input: Vec::new(),
            output: Vec::new(),
            subscribed: false,
            session: None,
            closing: false,
            throttled: false,
        }
    }

    pub(super) fn unsent(&self) -> usize {
        self.output.len()
    }

    fn interest(&self) -> EpollFlags {
        let mut flags = EpollFlags::empty();
        flags.set(EpollFlags::EPOLLIN, !self.throttled);
        flags.set(EpollFlags::EPOLLOUT, !self.output.is_empty());
        flags
    }

    /// Sends what the socket takes now.
    fn flush(&mut self) -> io::Result<()> {
        let mut sent = 0;
        let result = loop {
            let Some(rest) = self.output.get(sent..).filter(|rest| !rest.is_empty()) else {
                break Ok(());
            };
            match self.stream.write(rest) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.output.drain(..sent);
        if self.output.is_empty() {
            self.output.shrink_to(4096);
        }
        result
    }

    /// Reads what has arrived. `false`: the other side is gone.
    fn fill(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 << 10];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(count) => {
                    self.input.extend_from_slice(buffer.get(..count).unwrap_or_default());
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn next_frame(&mut self) -> io::Result<Option<(Kind, Vec<u8>)>> {
        let Some(Framed { kind, payload }) = protocol::decode(&self.input)? else {
            return Ok(None);
        };
        let end = payload.end;
        let bytes = self.input.get(payload).unwrap_or_default().to_vec();
        self.input.drain(..end);
        Ok(Some((kind, bytes)))
    }
}

impl Shim {
    pub(super) fn connection_ready(&mut self, token: u64, flags: EpollFlags) {
        if flags.contains(EpollFlags::EPOLLOUT) {
            self.flush(token);
        }
        let readable = EpollFlags::EPOLLIN | EpollFlags::EPOLLHUP | EpollFlags::EPOLLERR;
        if flags.intersects(readable) && self.receive(token).is_err() {
            self.disconnect(token);
        }
    }

    fn receive(&mut self, token: u64) -> io::Result<()> {
        let Some(connection) = self.connections.get_mut(&token) else { return Ok(()) };
        let open = connection.fill()?;
        while let Some(connection) = self.connections.get_mut(&token)
            && let Some((kind, bytes)) = connection.next_frame()?
        {
            self.frame(token, kind, &bytes)?;
        }
        if !open {
            self.disconnect(token);
        }
        Ok(())
    }

    fn frame(&mut self, token: u64, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let session = self.connections.get(&token).and_then(|connection| connection.session);
        match (kind, session) {
            (Kind::Message, None) => {
                self.request(token, serde_json::from_slice::<Request>(bytes)?);
            }
            (Kind::Message, Some(process)) => {
                if let SessionControl::Resize { columns, rows } = serde_json::from_slice(bytes)? {
                    self.resize(process, columns, rows);
                }
            }
            (Kind::Stdin, Some(process)) => self.take_input(process, bytes),
            (Kind::Stdin | Kind::Stdout | Kind::Stderr, _) => {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    }

    pub(super) fn say(&mut self, token: u64, message: &impl Serialize) {
        if let Some(connection) = self.connections.get_mut(&token) {
            protocol::encode_message(message, &mut connection.output);
            self.flush(token);
        }
    }

    pub(super) fn send(&mut self, token: u64, kind: Kind, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&token) {
            protocol::encode(kind, bytes, &mut connection.output);
            self.flush(token);
        }
    }

    /// Sends what can be sent, then sees to it that the rest is, or that the connection ends.
    pub(super) fn flush(&mut self, token: u64) {
        let Some(connection) = self.connections.get_mut(&token) else { return };
        let sent = connection.flush();
        let finished = connection.closing && connection.output.is_empty();
        let relieved = connection.session.filter(|_| connection.unsent() < HIGH_WATER / 2);
        if sent.is_err() || finished {
            self.disconnect(token);
            return;
        }
        self.update_interest(token);
        if let Some(process) = relieved {
            self.resume_output(process);
        }
    }

    pub(super) fn update_interest(&mut self, token: u64) {
        let Some(connection) = self.connections.get(&token) else { return };
        let mut event = EpollEvent::new(connection.interest(), token);
        if self.epoll.modify(&connection.stream, &mut event).is_err() {
            self.disconnect(token);
        }
    }

    pub(super) fn disconnect(&mut self, token: u64) {
        let Some(connection) = self.connections.remove(&token) else { return };
        // An error would mean that it was never added; closing it removes it all the same.
        self.epoll.delete(&connection.stream).ok();
        if let Some(process) = connection.session {
            self.client_left(process, token);
        }
    }
}
