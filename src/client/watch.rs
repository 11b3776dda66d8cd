//! A watch: JSON documents, one a line, until the server ends it.

use bytes::{Buf as _, Bytes, BytesMut};
use http::Request;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    body::Body,
    connection::Client,
    error::{ClientError, Result},
};

/// One change. Bookmarks carry only a revision.
#[derive(Debug, Clone, PartialEq)]
pub enum WatchEvent<T> {
    /// The object is new (to this watch).
    Added(T),
    /// The object changed.
    Modified(T),
    /// The object is gone; its last state.
    Deleted(T),
    /// Everything up to this object's revision was sent.
    Bookmark(T),
}

/// The events of one watch request.
#[derive(Debug)]
pub struct WatchStream {
    body: Body,
    pending: BytesMut,
    scanned: usize,
    url: String,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(borrow)]
    object: &'a RawValue,
}

impl WatchStream {
    /// Sends the request and insists that the server accepts it.
    pub async fn open(client: &Client, request: Request<Bytes>) -> Result<Self> {
        let url = format!("{}{}", client.base(), request.uri());
        let answer = client.call(request).await?;
        Ok(Self { body: answer.into_body(), pending: BytesMut::new(), scanned: 0, url })
    }

    /// Returns the next event; `None` when the server ends the watch.
    ///
    /// Blocks: until there is one. Errors: [`ClientError::Status`] for an error event (such as 410).
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<WatchEvent<T>>> {
        let Some(line) = self.line().await? else { return Ok(None) };
        let line: Line<'_> = serde_json::from_slice(&line).map_err(ClientError::Decode)?;
        let text = line.object.get();
        if line.kind == "ERROR" {
            let status: Status = serde_json::from_str(text).map_err(ClientError::Decode)?;
            return Err(ClientError::Status(Box::new(status)));
        }
        let object: T = serde_json::from_str(text).map_err(ClientError::Decode)?;
        Ok(Some(match line.kind {
            "ADDED" => WatchEvent::Added(object),
            "MODIFIED" => WatchEvent::Modified(object),
            "DELETED" => WatchEvent::Deleted(object),
            _ => WatchEvent::Bookmark(object),
        }))
    }

    async fn line(&mut self) -> Result<Option<Bytes>> {
        loop {
            if let Some(end) = self.pending.iter().skip(self.scanned).position(|b| *b == b'\n') {
                let line = self.pending.split_to(self.scanned + end).freeze();
                self.pending.advance(1);
                self.scanned = 0;
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Ok(Some(line));
            }
            self.scanned = self.pending.len();
            match self.body.chunk().await {
                Some(Ok(data)) => self.pending.extend_from_slice(&data),
                Some(Err(source)) => {
                    return Err(ClientError::Transport { url: self.url.clone(), source });
                }
                None => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[tokio::test]
    async fn lines_become_events_and_errors() {
        let text = b"{\"type\":\"ADDED\",\"object\":{\"a\":1}}\n\n{\"type\":\"ERROR\",\"object\":{\"code\":410,\"reason\":\"Expired\"}}\n";
        let mut stream = WatchStream {
            body: Body::from(Bytes::from_static(text)),
            pending: BytesMut::new(),
            scanned: 0,
            url: String::new(),
        };
        assert_eq!(stream.next::<Value>().await.unwrap(), Some(WatchEvent::Added(json!({"a": 1}))));
        assert!(stream.next::<Value>().await.unwrap_err().gone());
        assert_eq!(stream.next::<Value>().await.unwrap(), None);
    }
}
