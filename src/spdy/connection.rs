//! One SPDY connection: streams that one side opens, and what goes both ways on them.
//!
//! A stream's bytes wait in a bounded queue; when it is full the connection is not read, so that a
//! peer is slowed by TCP. Windows are granted as bytes are taken, but not asked for: the SPDY of
//! Kubernetes' clients (moby/spdystream) neither grants nor heeds any, and would wait for ever.

use std::{
    collections::HashMap,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::mpsc,
};

use crate::{
    frame::{Broken, Frame, FrameReader, FrameWriter},
    headers::Headers,
};

/// Frames on their way, in either direction, before whoever makes them waits.
const QUEUE: usize = 16;
/// Streams of one connection that may be open at once.
const MAX_STREAMS: usize = 1024;
/// Bytes that are read at once.
const READ: usize = 32 << 10;
/// Bytes that are written at once, if so many are there.
const WRITE: usize = 64 << 10;
/// Bytes taken from a stream before its window is opened again: half of what peers begin with.
const WINDOW_STEP: u32 = 32 << 10;
/// How long a peer is heard after the last word, so that it reads that before the connection ends.
const LINGER: Duration = Duration::from_secs(5);

// Status codes of RST_STREAM and GOAWAY.
const PROTOCOL_ERROR: u32 = 1;
const REFUSED_STREAM: u32 = 3;

/// Which side of a connection this is: a client opens the streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Client,
    Server,
}

impl Role {
    /// Tells whether the peer gives such numbers to its streams and pings: a client's are odd.
    fn is_peers(self, id: u32) -> bool {
        id.is_multiple_of(2) == (self == Self::Client)
    }
}

/// What came on a stream; nothing more comes after its sender has finished.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// Bytes, never none.
    Data(Bytes),
    /// The peer gave the stream up in both directions.
    Reset,
}

/// A stream.
#[derive(Debug)]
pub struct Stream {
    /// What the client said when it opened the stream.
    pub headers: Headers,
    /// What comes.
    pub input: Input,
    /// What goes.
    pub output: Output,
}

impl Stream {
    /// The number that the client gave it.
    pub fn id(&self) -> u32 {
        self.output.id
    }

    /// The frame that tells the peer of the stream.
    fn opening(&self) -> Frame {
        Frame::SynStream { stream: self.id(), fin: false, headers: self.headers.clone() }
    }

    /// Tells the peer that it may use the stream.
    pub async fn accept(&self) {
        let (stream, headers) = (self.id(), Headers::default());
        self.output.queue(Frame::SynReply { stream, fin: false, headers }).await;
    }

    /// Tells the peer that there is no such stream.
    pub async fn refuse(self) {
        self.output.queue(Frame::Reset { stream: self.id(), status: REFUSED_STREAM }).await;
    }
}

/// The direction from the peer.
#[derive(Debug)]
pub struct Input {
    id: u32,
    received: mpsc::Receiver<Received>,
    frames: mpsc::Sender<Frame>,
    taken: u32,
}

impl Input {
    /// What comes next; `None` after the peer's last byte. Safe to cancel.
    pub async fn next(&mut self) -> Option<Received> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// The same, for whoever hears several streams at once.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Received>> {
        let received = ready!(self.received.poll_recv(context));
        if let Some(Received::Data(bytes)) = &received {
            let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            self.taken = self.taken.saturating_add(count);
            self.grant();
        }
        Poll::Ready(received)
    }

    /// Opens the windows of the stream and of the session (which is stream 0), now or next time.
    fn grant(&mut self) {
        if self.taken < WINDOW_STEP {
            return;
        }
        let Ok(mut room) = self.frames.try_reserve_many(2) else { return };
        for stream in [self.id, 0] {
            if let Some(permit) = room.next() {
                permit.send(Frame::WindowUpdate { stream, delta: self.taken });
            }
        }
        self.taken = 0;
    }
}

/// The direction to the peer.
#[derive(Debug)]
pub struct Output {
    id: u32,
    frames: mpsc::Sender<Frame>,
}

impl Output {
    /// Sends bytes; `false` if the peer has gone. Blocks: while the peer does not read.
    pub async fn send(&self, bytes: Bytes) -> bool {
        self.queue(Frame::Data { stream: self.id, fin: false, bytes }).await
    }

    /// Says that nothing more comes.
    pub async fn finish(&self) {
        self.queue(Frame::Data { stream: self.id, fin: true, bytes: Bytes::new() }).await;
    }

    async fn queue(&self, frame: Frame) -> bool {
        self.frames.send(frame).await.is_ok()
    }
}

/// The streams that the peer opens, in their order.
pub type Opened = mpsc::Receiver<Stream>;

/// Serves a connection until `work`, which is given its streams, has ended or the peer has gone.
pub async fn serve<I, W>(io: I, work: impl FnOnce(Opened) -> W)
where
    I: AsyncRead + AsyncWrite,
    W: Future<Output = ()>,
{
    let (from, to) = tokio::io::split(io);
    let (frames, outgoing) = mpsc::channel(QUEUE);
    let (opened, streams) = mpsc::channel(QUEUE);
    let role = Role::Server;
    let mut session =
        Session { role, frames: frames.clone(), opened, streams: HashMap::new(), last: 0 };
    let reading = session.read(from);
    let writing = write(to, outgoing);
    tokio::pin!(reading, writing);
    let working = async {
        work(streams).await;
        // The peer may have gone already.
        drop(frames.send(Frame::GoAway { last: 0, status: 0 }).await);
    };
    let done = async {
        tokio::select! {
            () = working => writing.await,
            () = &mut writing => {}
        }
    };
    tokio::select! {
        () = done => {}
        () = &mut reading => return,
    }
    // Ending a connection on which bytes are left unread would take the last word away.
    drop(tokio::time::timeout(LINGER, reading).await);
}

/// Opens streams on a connection: one for each set of headers, in that order.
///
/// The future carries the connection's bytes, until the peer has gone; it must be polled for anything
/// to happen. Streams that the peer refuses end at once.
pub fn call<I>(io: I, wanted: Vec<Headers>) -> (Vec<Stream>, impl Future<Output = ()>)
where
    I: AsyncRead + AsyncWrite,
{
    let (from, to) = tokio::io::split(io);
    let (frames, outgoing) = mpsc::channel(QUEUE.max(wanted.len()));
    // Whatever the peer opens is refused.
    let (opened, _) = mpsc::channel(1);
    let mut session = Session {
        role: Role::Client,
        frames: frames.clone(),
        opened,
        streams: HashMap::new(),
        last: 0,
    };
    let mut streams = Vec::new();
    for (id, headers) in (1..).step_by(2).zip(wanted) {
        streams.push(session.stream(id, headers));
    }
    // They go before whatever is sent on them. The queue is empty and has room for them all.
    for stream in &streams {
        drop(frames.try_send(stream.opening()));
    }
    let carried = async move {
        tokio::select! {
            () = session.read(from) => {}
            () = write(to, outgoing) => {}
        }
    };
    (streams, carried)
}

/// What is known of a connection's streams.
struct Session {
    role: Role,
    frames: mpsc::Sender<Frame>,
    opened: mpsc::Sender<Stream>,
    /// Streams on which the peer may still send.
    streams: HashMap<u32, mpsc::Sender<Received>>,
    /// The newest stream.
    last: u32,
}

impl Session {
    /// Hears the peer until it goes, or breaks the protocol.
    async fn read(&mut self, mut from: impl AsyncRead + Unpin) {
        let mut frames = FrameReader::new();
        loop {
            match frames.next() {
                Ok(Some(frame)) => self.hear(frame).await,
                Ok(None) => {
                    frames.buffer().reserve(READ);
                    if !matches!(from.read_buf(frames.buffer()).await, Ok(1..)) {
                        return;
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "a peer broke the SPDY protocol");
                    self.say(Frame::GoAway { last: self.last, status: PROTOCOL_ERROR }).await;
                    return;
                }
            }
        }
    }

    async fn hear(&mut self, frame: Frame) {
        match frame {
            Frame::SynStream { stream, fin, headers } => self.open(stream, fin, headers).await,
            Frame::Data { stream, fin, bytes } => {
                if !bytes.is_empty() {
                    self.give(stream, Received::Data(bytes)).await;
                }
                if fin {
                    self.streams.remove(&stream);
                }
            }
            Frame::Headers { stream, fin: true, .. } => {
                self.streams.remove(&stream);
            }
            Frame::Reset { stream, .. } => {
                self.give(stream, Received::Reset).await;
                self.streams.remove(&stream);
            }
            // Pings of our own would come back; none is sent.
            Frame::Ping(id) if self.role.is_peers(id) => self.say(Frame::Ping(id)).await,
            Frame::Ping(_)
            | Frame::Headers { .. }
            | Frame::SynReply { .. }
            | Frame::Settings(_)
            | Frame::GoAway { .. }
            | Frame::WindowUpdate { .. }
            | Frame::Unknown(_) => {}
        }
    }

    async fn open(&mut self, id: u32, fin: bool, headers: Headers) {
        // A client's streams have odd, growing numbers; a server opens none.
        if self.role == Role::Client || id.is_multiple_of(2) || id <= self.last {
            return self.say(Frame::Reset { stream: id, status: PROTOCOL_ERROR }).await;
        }
        self.last = id;
        if self.streams.len() >= MAX_STREAMS {
            self.streams.retain(|_, stream| !stream.is_closed());
        }
        if self.streams.len() >= MAX_STREAMS {
            return self.say(Frame::Reset { stream: id, status: REFUSED_STREAM }).await;
        }
        let stream = self.stream(id, headers);
        if fin {
            self.streams.remove(&id);
        }
        // Nobody waits for streams once the work is done.
        drop(self.opened.send(stream).await);
    }

    /// A stream whose bytes are taken from now on.
    fn stream(&mut self, id: u32, headers: Headers) -> Stream {
        let (sender, received) = mpsc::channel(QUEUE);
        self.streams.insert(id, sender);
        let input = Input { id, received, frames: self.frames.clone(), taken: 0 };
        let output = Output { id, frames: self.frames.clone() };
        Stream { headers, input, output }
    }

    /// Gives what came to whoever reads the stream, if somebody does.
    async fn give(&mut self, id: u32, received: Received) {
        let Some(stream) = self.streams.get(&id) else { return };
        if stream.send(received).await.is_err() {
            self.streams.remove(&id);
        }
    }

    /// Says something about the connection; a peer that has gone need not hear it.
    async fn say(&self, frame: Frame) {
        drop(self.frames.send(frame).await);
    }
}

/// Sends frames until the connection is given up, then ends its direction.
async fn write(mut to: impl AsyncWrite + Unpin, mut frames: mpsc::Receiver<Frame>) {
    let Ok(mut writer) = FrameWriter::new() else { return };
    let mut bytes = BytesMut::new();
    let mut last = false;
    while !last && let Some(first) = frames.recv().await {
        let mut next = Some(first);
        while let Some(frame) = next.take() {
            last = matches!(frame, Frame::GoAway { .. });
            if let Err(error) = writer.write(&frame, &mut bytes) {
                return refused(error);
            }
            next = if last || bytes.len() >= WRITE { None } else { frames.try_recv().ok() };
        }
        let sent = async {
            to.write_all(&bytes).await?;
            to.flush().await
        };
        if sent.await.is_err() {
            return;
        }
        bytes.clear();
    }
    // The peer may have gone already.
    drop(to.shutdown().await);
}

fn refused(error: Broken) {
    tracing::error!(%error, "a frame that cannot be sent");
}

#[cfg(test)]
mod tests {
    use tokio::io::DuplexStream;

    use super::*;

    /// The far end of a connection, which speaks in frames.
    struct Peer {
        io: DuplexStream,
        reader: FrameReader,
        writer: FrameWriter,
    }

    impl Peer {
        fn new(io: DuplexStream) -> Self {
            Self { io, reader: FrameReader::new(), writer: FrameWriter::new().unwrap() }
        }

        async fn says(&mut self, frames: &[Frame]) {
            let mut bytes = BytesMut::new();
            for frame in frames {
                self.writer.write(frame, &mut bytes).unwrap();
            }
            self.io.write_all(&bytes).await.unwrap();
        }

        async fn hears(&mut self) -> Option<Frame> {
            loop {
                if let Some(frame) = self.reader.next().unwrap() {
                    return Some(frame);
                }
                if self.io.read_buf(self.reader.buffer()).await.unwrap() == 0 {
                    return None;
                }
            }
        }
    }

    fn open(stream: u32) -> Frame {
        Frame::SynStream { stream, fin: false, headers: Headers::default() }
    }

    fn data(stream: u32, text: &str, fin: bool) -> Frame {
        Frame::Data { stream, fin, bytes: Bytes::copy_from_slice(text.as_bytes()) }
    }

    /// Sends back what comes on the first stream, then ends.
    async fn echo(mut streams: Opened) {
        let Some(mut stream) = streams.recv().await else { return };
        stream.accept().await;
        while let Some(Received::Data(bytes)) = stream.input.next().await {
            stream.output.send(bytes).await;
        }
        stream.output.finish().await;
    }

    #[tokio::test]
    async fn a_stream_carries_bytes_both_ways() {
        let (ours, theirs) = tokio::io::duplex(64);
        let served = serve(ours, echo);
        let played = async {
            let mut peer = Peer::new(theirs);
            peer.says(&[open(1), data(1, "hello", false), Frame::Ping(7), Frame::Ping(8)]).await;
            let reply = Frame::SynReply { stream: 1, fin: false, headers: Headers::default() };
            let mut heard = [peer.hears().await, peer.hears().await, peer.hears().await];
            heard.sort_by_key(|frame| format!("{frame:?}"));
            assert_eq!(heard.map(Option::unwrap), [data(1, "hello", false), Frame::Ping(7), reply]);
            peer.says(&[data(1, "", true)]).await;
            assert_eq!(peer.hears().await, Some(data(1, "", true)));
            assert_eq!(peer.hears().await, Some(Frame::GoAway { last: 0, status: 0 }));
            assert_eq!(peer.hears().await, None);
        };
        tokio::join!(served, played);
    }

    async fn keep_all(mut streams: Opened) {
        let mut kept = Vec::new();
        while let Some(stream) = streams.recv().await {
            kept.push(stream);
        }
    }

    #[tokio::test]
    async fn streams_out_of_order_and_too_many_are_refused() {
        let (ours, theirs) = tokio::io::duplex(64 << 10);
        let served = serve(ours, keep_all);
        let played = async {
            let mut peer = Peer::new(theirs);
            let reset = |stream, status| Some(Frame::Reset { stream, status });
            peer.says(&[open(5), open(5), open(3), open(8)]).await;
            for stream in [5, 3, 8] {
                assert_eq!(peer.hears().await, reset(stream, PROTOCOL_ERROR));
            }
            let most = u32::try_from(MAX_STREAMS).unwrap();
            let many: Vec<Frame> = (1..=most).map(|at| open(5 + 2 * at)).collect();
            peer.says(&many).await;
            assert_eq!(peer.hears().await, reset(5 + 2 * most, REFUSED_STREAM));
        };
        tokio::join!(served, played);
    }

    async fn take_all(mut streams: Opened) {
        let mut stream = streams.recv().await.unwrap();
        while stream.input.next().await.is_some() {}
    }

    #[tokio::test]
    async fn windows_are_opened_as_bytes_are_taken() {
        let (ours, theirs) = tokio::io::duplex(64 << 10);
        let served = serve(ours, take_all);
        let played = async {
            let mut peer = Peer::new(theirs);
            peer.says(&[open(1), data(1, &"x".repeat(40 << 10), true)]).await;
            let mut granted = 0;
            while let Some(Frame::WindowUpdate { delta, .. }) = peer.hears().await {
                granted += delta;
            }
            assert!(granted >= 2 * WINDOW_STEP, "{granted}");
        };
        tokio::join!(served, played);
    }

    #[tokio::test]
    async fn a_peer_that_breaks_the_protocol_is_left() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        theirs.write_all(b"GET / HTTP/1.1\r\n\x80\x09\0\0\0\0\0\0").await.unwrap();
        drop(theirs);
        serve(ours, echo).await;
    }

    fn named(kind: &str) -> Headers {
        Headers(vec![("streamtype".to_owned(), kind.to_owned())])
    }

    /// Sends back what comes on the second stream, refuses the first.
    async fn echo_second(mut streams: Opened) {
        let first = streams.recv().await.unwrap();
        assert_eq!((first.id(), first.headers.get("streamtype")), (1, "one"));
        first.refuse().await;
        echo(streams).await;
    }

    #[tokio::test]
    async fn a_caller_opens_streams() {
        let (ours, theirs) = tokio::io::duplex(64);
        let (mut streams, carried) = call(ours, vec![named("one"), named("two")]);
        let played = async {
            let mut two = streams.pop().unwrap();
            let mut one = streams.pop().unwrap();
            assert_eq!(one.input.next().await, Some(Received::Reset));
            assert_eq!(one.input.next().await, None);
            assert!(two.output.send(Bytes::from_static(b"hello")).await);
            two.output.finish().await;
            let mut heard = Vec::new();
            while let Some(Received::Data(bytes)) = two.input.next().await {
                heard.extend_from_slice(&bytes);
            }
            assert_eq!(heard, b"hello");
        };
        tokio::join!(serve(theirs, echo_second), carried, played);
    }

    #[tokio::test]
    async fn a_caller_opens_nothing_for_its_peer_and_answers_its_pings() {
        let (ours, theirs) = tokio::io::duplex(1024);
        let (_streams, carried) = call(ours, Vec::new());
        let played = async {
            let mut peer = Peer::new(theirs);
            peer.says(&[open(2), Frame::Ping(3), Frame::Ping(4)]).await;
            let reset = Frame::Reset { stream: 2, status: PROTOCOL_ERROR };
            assert_eq!(peer.hears().await, Some(reset));
            assert_eq!(peer.hears().await, Some(Frame::Ping(4)));
        };
        tokio::join!(carried, played);
    }

    async fn reset(mut streams: Opened) {
        let mut stream = streams.recv().await.unwrap();
        assert_eq!(stream.input.next().await, Some(Received::Reset));
        assert_eq!(stream.input.next().await, None);
    }

    #[tokio::test]
    async fn a_reset_reaches_the_reader() {
        let (ours, theirs) = tokio::io::duplex(1024);
        let mut peer = Peer::new(theirs);
        peer.says(&[open(1), Frame::Reset { stream: 1, status: 5 }]).await;
        tokio::join!(serve(ours, reset), async {
            while peer.hears().await.is_some() {}
            drop(peer);
        });
    }
}
