//! The daemon's end of a shim's socket: frames over tokio.

use std::io;
use std::path::Path;

use bytes::{Buf as _, Bytes, BytesMut};
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use crate::shim::protocol::{self, Kind};

#[derive(Debug)]
pub(crate) struct Reader {
    half: OwnedReadHalf,
    buffer: BytesMut,
}

#[derive(Debug)]
pub(crate) struct Writer {
    half: OwnedWriteHalf,
}

pub(crate) async fn connect(socket: &Path) -> io::Result<(Reader, Writer)> {
    let (_folder, short) = crate::files::short_socket_path(socket)?;
    let (read, write) = UnixStream::connect(short).await?.into_split();
    Ok((Reader { half: read, buffer: BytesMut::new() }, Writer { half: write }))
}

impl Reader {
    /// The next frame; `None` when the other side has closed. Safe to cancel.
    pub(crate) async fn next(&mut self) -> io::Result<Option<(Kind, Bytes)>> {
        loop {
            if let Some(framed) = protocol::decode(&self.buffer)? {
                let mut frame = self.buffer.split_to(framed.payload.end);
                frame.advance(framed.payload.start);
                return Ok(Some((framed.kind, frame.freeze())));
            }
            if self.half.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }
}

impl Writer {
    pub(crate) async fn message(&mut self, message: &impl Serialize) -> io::Result<()> {
        let mut frame = Vec::new();
        protocol::encode_message(message, &mut frame);
        self.half.write_all(&frame).await
    }

    pub(crate) async fn bytes(&mut self, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(bytes.len() + 8);
        if bytes.is_empty() {
            protocol::encode(kind, bytes, &mut frame);
        }
        for part in bytes.chunks(protocol::MAX_FRAME / 2) {
            protocol::encode(kind, part, &mut frame);
        }
        self.half.write_all(&frame).await
    }
}
