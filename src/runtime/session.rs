//! A command in a container, or a container's own streams, as the daemon holds them.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::RuntimeError;
use crate::shim::protocol::{Kind, SessionControl};
use crate::wire::{Reader, Writer};

/// Both directions of a session.
#[derive(Debug)]
pub struct Session {
    /// Towards the process.
    pub input: SessionInput,
    /// From the process.
    pub output: SessionOutput,
}

/// What a session's process says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEvent {
    /// Bytes from standard output.
    Stdout(Bytes),
    /// Bytes from standard error.
    Stderr(Bytes),
    /// Its exit code; nothing follows.
    Exited(i32),
}

/// Sends to a session's process. Dropping it and its other half ends the session.
#[derive(Debug)]
pub struct SessionInput(pub(crate) Writer);

impl SessionInput {
    /// Sends bytes to standard input. Blocks: while the process does not read.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), RuntimeError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.0.bytes(Kind::Stdin, bytes).await.map_err(RuntimeError::Stream)
    }

    /// Ends standard input.
    pub async fn close(&mut self) -> Result<(), RuntimeError> {
        self.0.bytes(Kind::Stdin, &[]).await.map_err(RuntimeError::Stream)
    }

    /// Sets the terminal's size.
    pub async fn resize(&mut self, columns: u16, rows: u16) -> Result<(), RuntimeError> {
        let control = SessionControl::Resize { columns, rows };
        self.0.message(&control).await.map_err(RuntimeError::Stream)
    }
}

/// Hears a session's process.
#[derive(Debug)]
pub struct SessionOutput {
    pub(crate) reader: Reader,
    pub(crate) early: VecDeque<(Kind, Bytes)>,
}

impl SessionOutput {
    /// The next event; `None` if the shim closed without an exit code. Safe to cancel.
    pub async fn next(&mut self) -> Result<Option<SessionEvent>, RuntimeError> {
        let frame = match self.early.pop_front() {
            Some(frame) => Some(frame),
            None => self.reader.next().await.map_err(RuntimeError::Stream)?,
        };
        let event = match frame {
            None => return Ok(None),
            Some((Kind::Stdout, bytes)) => SessionEvent::Stdout(bytes),
            Some((Kind::Stderr, bytes)) => SessionEvent::Stderr(bytes),
            Some((Kind::Message, bytes)) => match serde_json::from_slice(&bytes) {
                Ok(SessionControl::Exited { code }) => SessionEvent::Exited(code),
                Ok(SessionControl::Resize { .. }) | Err(_) => return Err(RuntimeError::ShimGone),
            },
            Some((Kind::Stdin, _)) => return Err(RuntimeError::ShimGone),
        };
        Ok(Some(event))
    }
}
