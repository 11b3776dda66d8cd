//! What goes over the road, for whoever reads along.

use std::{
    fmt::Debug,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body::{Frame, SizeHint};

use crate::body::{Body, BoxError};

/// An answer, and the question.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// Where it went.
    pub url: &'a str,
    /// What came of it.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: &'a HeaderMap,
    /// From the request to the head of the answer.
    pub took: Duration,
}

/// Somebody who reads along.
pub trait Reader: Debug + Send + Sync {
    /// A request goes out to `url`.
    fn asked(&self, request: &Request<Bytes>, url: &str);
    /// It was answered.
    fn answered(&self, exchange: &Exchange<'_>);
    /// How many bytes of an answer's body are wanted; none: bodies are not kept.
    fn wanted(&self) -> Option<usize>;
    /// The body of an answer, as far as it is wanted, and how long it was.
    fn body(&self, begin: &[u8], length: usize);
}

/// Tells whether the answer to a path has an end: others are not kept.
pub(crate) fn ends(path_and_query: &str) -> bool {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let streams =
        |pair: &str| matches!(pair, "watch=true" | "watch=1" | "follow=true" | "follow=1");
    !path.ends_with("/log") && !path.contains("/proxy") && !query.split('&').any(streams)
}

/// A body that is handed on and kept for its reader.
pub(crate) struct Kept {
    body: Body,
    begin: Vec<u8>,
    length: usize,
    limit: usize,
    reader: Option<Arc<dyn Reader>>,
}

impl Kept {
    /// Keeps the first `limit` bytes of `body` for `reader`.
    pub(crate) fn new(body: Body, limit: usize, reader: Arc<dyn Reader>) -> Self {
        Self { body, begin: Vec::new(), length: 0, limit, reader: Some(reader) }
    }

    fn keep(&mut self, data: &[u8]) {
        let room = self.limit.saturating_sub(self.begin.len());
        self.begin.extend_from_slice(data.get(..room.min(data.len())).unwrap_or_default());
        self.length += data.len();
    }

    fn tell(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.body(&self.begin, self.length);
        }
    }
}

impl http_body::Body for Kept {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.keep(data);
                }
            }
            Some(Err(_)) | None => self.tell(),
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Debug, Default)]
    struct Notes(Mutex<Vec<(Vec<u8>, usize)>>);

    impl Reader for Notes {
        fn asked(&self, _: &Request<Bytes>, _: &str) {}
        fn answered(&self, _: &Exchange<'_>) {}
        fn wanted(&self) -> Option<usize> {
            Some(4)
        }
        fn body(&self, begin: &[u8], length: usize) {
            self.0.lock().unwrap().push((begin.to_vec(), length));
        }
    }

    #[tokio::test]
    async fn a_body_is_handed_on_and_its_beginning_kept() {
        let notes = Arc::new(Notes::default());
        let reader = Arc::clone(&notes) as Arc<dyn Reader>;
        let kept = Kept::new(Body::from(Bytes::from_static(b"abcdefgh")), 4, reader);
        assert_eq!(Body::new(kept).bytes().await.unwrap(), "abcdefgh");
        assert_eq!(*notes.0.lock().unwrap(), [(b"abcd".to_vec(), 8)]);
    }

    #[test]
    fn streams_have_no_end() {
        assert!(ends("/api/v1/pods?limit=500"));
        for path in ["/api/v1/pods?watch=true", "/x/p/log", "/x/p/log?follow=true", "/x/s/proxy/a"]
        {
            assert!(!ends(path), "{path}");
        }
    }
}
