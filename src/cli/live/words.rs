//! The last lines that a container wrote.

use client::escape;
use machinery::meta;
use serde_json::Value;

use crate::{context::Context, terminal::harmless};

/// Whose lines are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speaker {
    namespace: String,
    pod: String,
    pub(crate) container: String,
    /// The run before is meant.
    pub(crate) previous: bool,
}

impl Speaker {
    pub(crate) fn new(pod: &Value, container: &str, previous: bool) -> Self {
        Self {
            namespace: meta::namespace(pod).to_owned(),
            pod: meta::name(pod).to_owned(),
            container: container.to_owned(),
            previous,
        }
    }

    fn path(&self, tail: i64, previous: bool) -> String {
        format!(
            "/api/v1/namespaces/{}/pods/{}/log?container={}&tailLines={tail}&previous={previous}",
            escape(&self.namespace),
            escape(&self.pod),
            escape(&self.container)
        )
    }
}

/// The last lines; none where the log cannot be read, which is no reason to be silent about all else.
pub(crate) async fn last_words(cx: &Context, whose: &Speaker, tail: i64) -> Vec<String> {
    let Ok(client) = cx.client().await else { return Vec::new() };
    let mut text = client.get_bytes(&whose.path(tail, whose.previous)).await;
    if text.is_err() && whose.previous {
        text = client.get_bytes(&whose.path(tail, false)).await;
    }
    let text = text.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().map(|line| harmless(line.trim_end())).filter(|line| !line.is_empty()).collect()
}
