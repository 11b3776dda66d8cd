//! Answers made of pieces that are in memory already, such as a list of what the store holds: they
//! are sent one after the other, and never all stand in one place.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

/// Pieces are put together up to this size: each frame costs something, whatever its size.
const FRAME: usize = 64 * 1024;

/// A body whose length is known before.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pieces: VecDeque<Bytes>,
    left: u64,
}

impl Pieces {
    /// Adds a piece behind the others; costs no copy.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.left += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.pieces.push_back(piece);
    }

    /// All in one place.
    pub(crate) fn joined(self) -> Bytes {
        let size = self.pieces.iter().map(Bytes::len).sum();
        let mut whole = BytesMut::with_capacity(size);
        self.pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
        whole.freeze()
    }

    /// The next frame: a large piece as it is, small ones together.
    fn next(&mut self) -> Option<Bytes> {
        let first = self.pieces.pop_front()?;
        let fits = |room: usize, next: Option<&Bytes>| next.is_some_and(|it| it.len() <= room);
        if !fits(FRAME.saturating_sub(first.len()), self.pieces.front()) {
            return Some(first);
        }
        let mut frame = BytesMut::with_capacity(FRAME);
        frame.extend_from_slice(&first);
        while fits(FRAME - frame.len(), self.pieces.front()) {
            let Some(next) = self.pieces.pop_front() else { break };
            frame.extend_from_slice(&next);
        }
        Some(frame.freeze())
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = self.next();
        if let Some(frame) = &frame {
            self.left = self.left.saturating_sub(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        }
        Poll::Ready(frame.map(|frame| Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn frames_hold_all_that_the_pieces_did(sizes in proptest::collection::vec(0..100_000_usize, 0..12)) {
            let pieces = || {
                let mut pieces = Pieces::default();
                for (letter, size) in (b'a'..).zip(&sizes) {
                    pieces.push(vec![letter; *size].into());
                }
                pieces
            };
            let whole = pieces().joined();
            let mut body = pieces();
            prop_assert_eq!(body.size_hint().exact(), Some(whole.len() as u64));
            let mut sent = Vec::new();
            while let Some(frame) = body.next() {
                prop_assert!(frame.len() <= FRAME || sizes.contains(&frame.len()));
                sent.extend_from_slice(&frame);
            }
            prop_assert_eq!(&sent, &whole);
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let collected = runtime.block_on(pieces().collect()).unwrap().to_bytes();
            prop_assert_eq!(&collected, &whole);
        }
    }
}
