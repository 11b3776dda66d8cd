//! Frames of SPDY/3.1, to and from bytes. Knows no connection and no stream.
//!
//! The reader takes bytes as they come, never holds more than one control frame, and gives data on in
//! parts. Whatever breaks the protocol ends the connection. Source: SPDY Protocol, draft 3.1, 2.6.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

use crate::headers::{HeaderReader, HeaderWriter, Headers};

/// The largest control frame that is read, in bytes without its head.
const MAX_CONTROL: usize = 64 << 10;
/// Bytes of every frame's head.
const HEAD: usize = 8;
/// The version that control frames carry.
const PROTOCOL: u16 = 3;
/// The flag of a sender's last frame on a stream.
const FIN: u8 = 1;
/// The bits of a stream's number.
const STREAM: u32 = 0x7fff_ffff;

/// Why nothing more can be read from a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("a control frame of version {0}")]
    Version(u16),
    #[error("a control frame of type {0} with {1} bytes")]
    Frame(u16, usize),
    #[error("a block of headers that cannot be read")]
    Headers,
}

/// One frame; data may come as several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    SynStream {
        stream: u32,
        fin: bool,
        headers: Headers,
    },
    SynReply {
        stream: u32,
        fin: bool,
        headers: Headers,
    },
    Headers {
        stream: u32,
        fin: bool,
        headers: Headers,
    },
    Reset {
        stream: u32,
        status: u32,
    },
    /// Identifiers (with their flags in the first byte) and values.
    Settings(Vec<(u32, u32)>),
    Ping(u32),
    GoAway {
        last: u32,
        status: u32,
    },
    WindowUpdate {
        stream: u32,
        delta: u32,
    },
    Data {
        stream: u32,
        fin: bool,
        bytes: Bytes,
    },
    /// A type that version 3 does not define, or nobody sends.
    Unknown(u16),
}

/// Makes frames of bytes.
#[derive(Debug)]
pub(crate) struct FrameReader {
    buffer: BytesMut,
    /// The data frame whose bytes come: its stream, whether it is the last, bytes to come.
    data: Option<(u32, bool, usize)>,
    headers: HeaderReader,
}

impl FrameReader {
    pub(crate) fn new() -> Self {
        Self { buffer: BytesMut::new(), data: None, headers: HeaderReader::new() }
    }

    /// Where bytes from the peer are put.
    pub(crate) fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// The next frame; `None` asks for more bytes.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Broken> {
        if self.data.is_some() {
            return Ok(self.part());
        }
        let mut head = self.buffer.get(..HEAD).unwrap_or_default();
        let Ok(word) = head.try_get_u32() else { return Ok(None) };
        let Ok(rest) = head.try_get_u32() else { return Ok(None) };
        let [flags, high, middle, low] = rest.to_be_bytes();
        let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        if word & !STREAM == 0 {
            self.buffer.advance(HEAD);
            self.data = Some((word, flags & FIN != 0, length));
            return Ok(self.part());
        }
        let [kind_high, kind_low] = [word >> 8 & 0xff, word & 0xff].map(low_byte);
        let kind = u16::from_be_bytes([kind_high, kind_low]);
        let version = u16::try_from(word >> 16 & 0x7fff).unwrap_or_default();
        if version != PROTOCOL {
            return Err(Broken::Version(version));
        }
        if length > MAX_CONTROL {
            return Err(Broken::Frame(kind, length));
        }
        if self.buffer.len() < HEAD + length {
            return Ok(None);
        }
        self.buffer.advance(HEAD);
        let body = self.buffer.split_to(length);
        self.control(kind, flags & FIN != 0, &body).map(Some)
    }

    /// What has come of a data frame.
    fn part(&mut self) -> Option<Frame> {
        let (stream, last, left) = self.data?;
        let count = left.min(self.buffer.len());
        if count == 0 && left > 0 {
            return None;
        }
        let ends = count == left;
        self.data = (!ends).then_some((stream, last, left - count));
        let bytes = self.buffer.split_to(count).freeze();
        Some(Frame::Data { stream, fin: last && ends, bytes })
    }

    fn control(&mut self, kind: u16, fin: bool, body: &[u8]) -> Result<Frame, Broken> {
        let broken = || Broken::Frame(kind, body.len());
        let mut words = body;
        let mut number = || words.try_get_u32().map_err(|_| broken());
        let exactly = |count: usize| if body.len() == count { Ok(()) } else { Err(broken()) };
        Ok(match kind {
            1 => {
                let stream = number()? & STREAM;
                let block = body.get(10..).ok_or_else(broken)?;
                Frame::SynStream { stream, fin, headers: self.headers.read(block)? }
            }
            2 | 8 => {
                let stream = number()? & STREAM;
                let headers = self.headers.read(body.get(4..).ok_or_else(broken)?)?;
                if kind == 2 {
                    Frame::SynReply { stream, fin, headers }
                } else {
                    Frame::Headers { stream, fin, headers }
                }
            }
            3 => {
                exactly(8)?;
                Frame::Reset { stream: number()? & STREAM, status: number()? }
            }
            4 => Frame::Settings(settings(body).ok_or_else(broken)?),
            6 => {
                exactly(4)?;
                Frame::Ping(number()?)
            }
            7 => {
                exactly(8)?;
                Frame::GoAway { last: number()? & STREAM, status: number()? }
            }
            9 => {
                exactly(8)?;
                Frame::WindowUpdate { stream: number()? & STREAM, delta: number()? & STREAM }
            }
            other => Frame::Unknown(other),
        })
    }
}

fn low_byte(word: u32) -> u8 {
    word.to_be_bytes()[3]
}

fn settings(mut body: &[u8]) -> Option<Vec<(u32, u32)>> {
    let count = usize::try_from(body.try_get_u32().ok()?).ok()?;
    let (pairs, rest) = body.as_chunks::<8>();
    let pair = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
        (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]))
    };
    (rest.is_empty() && pairs.len() == count).then(|| pairs.iter().map(pair).collect())
}

/// Makes bytes of frames.
#[derive(Debug)]
pub(crate) struct FrameWriter(HeaderWriter);

impl FrameWriter {
    pub(crate) fn new() -> Result<Self, Broken> {
        HeaderWriter::new().map(Self)
    }

    /// Appends a frame's bytes. Errors: `Frame` if it is larger than a frame can be.
    pub(crate) fn write(&mut self, frame: &Frame, out: &mut BytesMut) -> Result<(), Broken> {
        match frame {
            Frame::SynStream { stream, fin, headers } => {
                // Behind the stream: associated to none, of the highest priority, no credential.
                let block = [&[0; 6][..], &self.0.write(headers)?].concat();
                control(out, 1, *fin, &[&stream.to_be_bytes()[..], &block].concat())
            }
            Frame::SynReply { stream, fin, headers } => {
                let block = self.0.write(headers)?;
                control(out, 2, *fin, &[&stream.to_be_bytes()[..], &block].concat())
            }
            Frame::Headers { stream, fin, headers } => {
                let block = self.0.write(headers)?;
                control(out, 8, *fin, &[&stream.to_be_bytes()[..], &block].concat())
            }
            Frame::Reset { stream, status } => control(out, 3, false, &words(&[*stream, *status])),
            Frame::Settings(pairs) => {
                let count = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
                let flat = pairs.iter().flat_map(|(id, value)| [*id, *value]);
                control(
                    out,
                    4,
                    false,
                    &words(&std::iter::once(count).chain(flat).collect::<Vec<_>>()),
                )
            }
            Frame::Ping(id) => control(out, 6, false, &words(&[*id])),
            Frame::GoAway { last, status } => control(out, 7, false, &words(&[*last, *status])),
            Frame::WindowUpdate { stream, delta } => {
                control(out, 9, false, &words(&[*stream, *delta]))
            }
            Frame::Data { stream, fin, bytes } => {
                out.put_u32(stream & STREAM);
                head(out, *fin, bytes.len()).ok_or(Broken::Frame(0, bytes.len()))?;
                out.extend_from_slice(bytes);
                Ok(())
            }
            Frame::Unknown(kind) => control(out, *kind, false, &[]),
        }
    }
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn control(out: &mut BytesMut, kind: u16, fin: bool, body: &[u8]) -> Result<(), Broken> {
    out.put_u16(0x8000 | PROTOCOL);
    out.put_u16(kind);
    head(out, fin, body.len()).ok_or(Broken::Frame(kind, body.len()))?;
    out.extend_from_slice(body);
    Ok(())
}

/// Flags and length.
fn head(out: &mut BytesMut, fin: bool, length: usize) -> Option<()> {
    let length = u32::try_from(length).ok().filter(|length| length >> 24 == 0)?;
    out.put_u32(u32::from(fin) << 24 | length);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], step: usize) -> Result<Vec<Frame>, Broken> {
        let (mut reader, mut frames) = (FrameReader::new(), Vec::new());
        for part in bytes.chunks(step) {
            reader.buffer().extend_from_slice(part);
            while let Some(frame) = reader.next()? {
                frames.push(frame);
            }
        }
        Ok(frames)
    }

    /// Joins the parts in which data came.
    fn joined(frames: Vec<Frame>) -> Vec<Frame> {
        let mut out: Vec<Frame> = Vec::new();
        for frame in frames {
            match (out.last_mut(), frame) {
                (
                    Some(Frame::Data { stream, fin, bytes }),
                    Frame::Data { stream: next, fin: ends, bytes: more },
                ) if *stream == next && !*fin => {
                    *bytes = [&bytes[..], &more[..]].concat().into();
                    *fin = ends;
                }
                (_, frame) => out.push(frame),
            }
        }
        out
    }

    fn frames() -> impl Strategy<Value = Frame> {
        let text = "[a-z-]{0,12}";
        let headers = || proptest::collection::vec((text, ".{0,20}"), 0..5).prop_map(Headers);
        let stream = || 0..=STREAM;
        prop_oneof![
            (stream(), any::<bool>(), headers())
                .prop_map(|(stream, fin, headers)| Frame::SynStream { stream, fin, headers }),
            (stream(), any::<bool>(), headers())
                .prop_map(|(stream, fin, headers)| Frame::SynReply { stream, fin, headers }),
            (stream(), any::<bool>(), headers())
                .prop_map(|(stream, fin, headers)| Frame::Headers { stream, fin, headers }),
            (stream(), any::<u32>()).prop_map(|(stream, status)| Frame::Reset { stream, status }),
            proptest::collection::vec(any::<(u32, u32)>(), 0..5).prop_map(Frame::Settings),
            any::<u32>().prop_map(Frame::Ping),
            (stream(), any::<u32>()).prop_map(|(last, status)| Frame::GoAway { last, status }),
            (stream(), stream()).prop_map(|(stream, delta)| Frame::WindowUpdate { stream, delta }),
            (stream(), any::<bool>(), proptest::collection::vec(any::<u8>(), 0..300))
                .prop_map(|(stream, fin, bytes)| Frame::Data { stream, fin, bytes: bytes.into() }),
        ]
    }

    proptest! {
        #[test]
        fn frames_come_back(sent in proptest::collection::vec(frames(), 0..12), step in 1..400_usize) {
            let (mut writer, mut bytes) = (FrameWriter::new().unwrap(), BytesMut::new());
            for frame in &sent {
                writer.write(frame, &mut bytes).unwrap();
            }
            prop_assert_eq!(joined(read(&bytes, step).unwrap()), joined(sent));
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600), step in 1..99_usize) {
            drop(read(&bytes, step));
        }

        #[test]
        fn damage_never_panics(
            sent in proptest::collection::vec(frames(), 1..6),
            hits in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6),
        ) {
            let (mut writer, mut bytes) = (FrameWriter::new().unwrap(), BytesMut::new());
            for frame in &sent {
                writer.write(frame, &mut bytes).unwrap();
            }
            for (at, byte) in hits {
                let at = at % bytes.len();
                bytes[at] ^= byte;
            }
            drop(read(&bytes, 64));
        }
    }

    #[test]
    fn what_breaks_the_protocol_is_refused() {
        for (case, bytes, want) in [
            ("version 2", &[0x80, 2, 0, 6, 0, 0, 0, 4][..], Broken::Version(2)),
            ("huge", &[0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff], Broken::Frame(1, 0x00ff_ffff)),
            ("short ping", &[0x80, 3, 0, 6, 0, 0, 0, 2, 0, 0], Broken::Frame(6, 2)),
            ("no headers", &[0x80, 3, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1], Broken::Frame(1, 4)),
            ("bad headers", &[0x80, 3, 0, 2, 0, 0, 0, 6, 0, 0, 0, 1, 9, 9], Broken::Headers),
        ] {
            assert_eq!(read(bytes, 3), Err(want), "{case}");
        }
    }
}
