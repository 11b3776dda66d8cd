//! What daemon and shim say to each other over the pod's socket.
//!
//! A frame is a length (four bytes, big endian, of what follows), a kind byte, then the payload. A
//! connection is either for requests and events, or, after `Exec` or `Attach`, one stream session.

use serde::{Deserialize, Serialize};

/// Longest frame either side accepts.
pub(crate) const MAX_FRAME: usize = 1 << 20;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A [`Request`], [`Answer`] or [`SessionControl`], as JSON.
    Message,
    /// Bytes for standard input; none means that it ends here.
    Stdin,
    /// Bytes from standard output.
    Stdout,
    /// Bytes from standard error.
    Stderr,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Message => 0,
            Self::Stdin => 1,
            Self::Stdout => 2,
            Self::Stderr => 3,
        }
    }

    fn of_byte(byte: u8) -> Option<Self> {
        [Self::Message, Self::Stdin, Self::Stdout, Self::Stderr]
            .into_iter()
            .find(|kind| kind.byte() == byte)
    }
}

/// A request with the number its answer will carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) call: Call,
}

/// What a shim can be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Call {
    /// Sends every container's state, the answer, and from then on each change.
    Subscribe,
    /// Runs the container whose bundle stands in the pod's folder.
    Start { container: String },
    /// Sends a signal to the container's first process; to all of them if it is KILL.
    Kill { container: String, signal: i32 },
    /// Forgets a container that has ended or never ran.
    Forget { container: String },
    /// Runs a command beside the container's process; makes the connection its session.
    Exec { container: String, exec: ExecRequest },
    /// Makes the connection a session on the container's own streams.
    Attach { container: String, stdin: bool },
    /// Ends every process of the pod, then the shim.
    Stop,
}

/// A command to run in a container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecRequest {
    /// Program and arguments.
    pub args: Vec<String>,
    /// Whether it gets a terminal.
    pub terminal: bool,
    /// Whether input will be sent.
    pub stdin: bool,
}

/// What a shim says on its own or in answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// The request was carried out.
    Done { id: u64 },
    /// It was not, and why.
    Failed { id: u64, error: String },
    /// A container's state is now this.
    Container { container: String, state: ContainerState },
    /// The pause process has ended: the sandbox is of no more use.
    SandboxEnded,
}

/// Extra words inside a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum SessionControl {
    /// To the shim: the terminal's size.
    Resize { columns: u16, rows: u16 },
    /// From the shim, last: how the process ended.
    Exited { code: i32 },
}

/// Where a container is in its life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// Its bundle stands ready, or its start has failed.
    #[default]
    Created,
    /// runc has been asked for it and has not answered yet.
    Starting,
    /// Its process runs.
    Running {
        /// Process number on the host.
        pid: i32,
        /// Since when.
        started_at: jiff::Timestamp,
    },
    /// Its process has ended.
    Exited(Exit),
}

/// How a container's process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// Exit code; 128 and the signal's number where a signal ended it.
    pub code: i32,
    /// The signal, if one ended it.
    pub signal: Option<i32>,
    /// Whether the kernel killed it for want of memory.
    pub out_of_memory: bool,
    /// When it began.
    pub started_at: jiff::Timestamp,
    /// When it ended.
    pub finished_at: jiff::Timestamp,
}

/// Appends a frame to `out`.
pub(crate) fn encode(kind: Kind, payload: &[u8], out: &mut Vec<u8>) {
    let length = u32::try_from(payload.len() + 1).expect("callers split what exceeds MAX_FRAME");
    out.extend_from_slice(&length.to_be_bytes());
    out.push(kind.byte());
    out.extend_from_slice(payload);
}

/// Appends a message frame to `out`.
pub(crate) fn encode_message(message: &impl Serialize, out: &mut Vec<u8>) {
    let payload = serde_json::to_vec(message).expect("our messages have string keys only");
    encode(Kind::Message, &payload, out);
}

/// A frame at the start of a buffer: its kind, where its payload lies, and where the next begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Framed {
    pub(crate) kind: Kind,
    pub(crate) payload: std::ops::Range<usize>,
}

/// Finds the frame at the start of `buffer`; `None` if it has not all arrived.
pub(crate) fn decode(buffer: &[u8]) -> std::io::Result<Option<Framed>> {
    let Some((head, rest)) = buffer.split_first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*head)).unwrap_or(usize::MAX);
    if length == 0 || length > MAX_FRAME {
        return Err(std::io::Error::other(format!("frame of {length} bytes")));
    }
    let Some(kind) = rest.first() else { return Ok(None) };
    let Some(kind) = Kind::of_byte(*kind) else {
        return Err(std::io::Error::other(format!("frame of kind {kind}")));
    };
    Ok((rest.len() >= length).then_some(Framed { kind, payload: 5..4 + length }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_back_once_it_is_whole() {
        let mut wire = Vec::new();
        encode(Kind::Stdout, b"hello", &mut wire);
        for short in 0..wire.len() {
            assert_eq!(decode(&wire[..short]).unwrap(), None, "{short} bytes");
        }
        wire.extend_from_slice(b"next");
        let framed = decode(&wire).unwrap().unwrap();
        assert_eq!((framed.kind, &wire[framed.payload]), (Kind::Stdout, &b"hello"[..]));
    }

    #[test]
    fn nonsense_is_refused() {
        for (case, wire) in [
            ("no kind", vec![0, 0, 0, 0]),
            ("too long", vec![0xff, 0, 0, 0]),
            ("unknown kind", vec![0, 0, 0, 1, 9]),
        ] {
            assert!(decode(&wire).is_err(), "{case}");
        }
    }
}
