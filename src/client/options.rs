//! Options of requests, as query parameters and bodies.

use std::fmt::Write as _;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Preconditions;
use serde_json::{Value, json};

/// Collects query parameters, percent-encoded.
#[derive(Debug, Default)]
pub(crate) struct Query(String);

impl Query {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&escape(value));
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// Percent-encodes a query value as Go's `url.QueryEscape` does.
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                // Writing to a String cannot fail.
                write!(out, "%{byte:02X}").unwrap_or_default();
            }
        }
    }
    out
}

/// Percent-encodes a path segment.
pub(crate) fn escape_segment(value: &str) -> String {
    escape(value).replace('+', "%20")
}

/// What a list takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Label selector.
    pub labels: Option<String>,
    /// Field selector.
    pub fields: Option<String>,
    /// Items a page.
    pub limit: Option<u64>,
    /// Token of the next page.
    pub continue_token: Option<String>,
    /// Revision asked for.
    pub resource_version: Option<String>,
    /// `Exact` or `NotOlderThan`.
    pub resource_version_match: Option<String>,
}

impl ListOptions {
    /// Only objects with these labels.
    pub fn labels(selector: impl Into<String>) -> Self {
        Self { labels: Some(selector.into()), ..Self::default() }
    }

    /// Only objects with these fields.
    pub fn fields(selector: impl Into<String>) -> Self {
        Self { fields: Some(selector.into()), ..Self::default() }
    }

    pub(crate) fn query(&self) -> Query {
        let mut query = Query::default();
        query.maybe("labelSelector", self.labels.as_deref().filter(|s| !s.is_empty()));
        query.maybe("fieldSelector", self.fields.as_deref().filter(|s| !s.is_empty()));
        query.maybe("limit", self.limit.map(|n| n.to_string()).as_deref());
        query.maybe("continue", self.continue_token.as_deref());
        query.maybe("resourceVersion", self.resource_version.as_deref());
        query.maybe("resourceVersionMatch", self.resource_version_match.as_deref());
        query
    }
}

/// What a watch takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchOptions {
    /// Label selector.
    pub labels: Option<String>,
    /// Field selector.
    pub fields: Option<String>,
    /// Revision after which events are wanted.
    pub resource_version: Option<String>,
    /// Send bookmarks.
    pub bookmarks: bool,
    /// End after so many seconds.
    pub timeout_seconds: Option<u64>,
}

impl WatchOptions {
    pub(crate) fn query(&self) -> Query {
        let list = ListOptions {
            labels: self.labels.clone(),
            fields: self.fields.clone(),
            resource_version: self.resource_version.clone(),
            ..ListOptions::default()
        };
        let mut query = list.query();
        query.push("watch", "true");
        if self.bookmarks {
            query.push("allowWatchBookmarks", "true");
        }
        query.maybe("timeoutSeconds", self.timeout_seconds.map(|n| n.to_string()).as_deref());
        query
    }
}

/// What create, update and patch take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Do all but store it.
    pub dry_run: bool,
    /// Who writes, for managed fields.
    pub field_manager: Option<String>,
    /// `Strict`, `Warn` or `Ignore`.
    pub field_validation: Option<String>,
    /// Take fields over from other managers (apply only).
    pub force: bool,
}

impl WriteOptions {
    /// Options with a field manager.
    pub fn manager(name: impl Into<String>) -> Self {
        Self { field_manager: Some(name.into()), ..Self::default() }
    }

    pub(crate) fn query(&self) -> Query {
        let mut query = Query::default();
        if self.dry_run {
            query.push("dryRun", "All");
        }
        query.maybe("fieldManager", self.field_manager.as_deref());
        query.maybe("fieldValidation", self.field_validation.as_deref());
        if self.force {
            query.push("force", "true");
        }
        query
    }
}

/// What a delete takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeleteOptions {
    /// Seconds until it is killed; the kind's own when `None`.
    pub grace_seconds: Option<i64>,
    /// Delete only this uid or revision.
    pub preconditions: Option<Preconditions>,
    /// `Orphan`, `Background` or `Foreground`.
    pub propagation: Option<String>,
    /// Do all but delete it.
    pub dry_run: bool,
}

impl DeleteOptions {
    /// Only if it is still the object with this uid.
    pub fn of_uid(uid: impl Into<String>) -> Self {
        let preconditions = Preconditions { uid: Some(uid.into()), resource_version: None };
        Self { preconditions: Some(preconditions), ..Self::default() }
    }

    /// Leaves dependents to the garbage collector, in the background.
    #[must_use]
    pub fn in_background(mut self) -> Self {
        self.propagation = Some("Background".to_owned());
        self
    }

    /// With this grace period.
    #[must_use]
    pub fn with_grace(mut self, seconds: i64) -> Self {
        self.grace_seconds = Some(seconds);
        self
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "kind": "DeleteOptions", "apiVersion": "v1" });
        if let Some(seconds) = self.grace_seconds {
            body["gracePeriodSeconds"] = seconds.into();
        }
        if let Some(wanted) = &self.preconditions {
            let mut conditions = json!({});
            if let Some(uid) = &wanted.uid {
                conditions["uid"] = uid.as_str().into();
            }
            if let Some(version) = &wanted.resource_version {
                conditions["resourceVersion"] = version.as_str().into();
            }
            body["preconditions"] = conditions;
        }
        if let Some(policy) = &self.propagation {
            body["propagationPolicy"] = policy.as_str().into();
        }
        if self.dry_run {
            body["dryRun"] = json!(["All"]);
        }
        body
    }
}

/// A patch in one of the four forms a server takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// RFC 6902, a list of operations.
    Json(Value),
    /// RFC 7386.
    Merge(Value),
    /// Kubernetes' strategic merge.
    Strategic(Value),
    /// Server-side apply.
    Apply(Value),
}

impl Patch {
    /// The content type that tells the server.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json-patch+json",
            Self::Merge(_) => "application/merge-patch+json",
            Self::Strategic(_) => "application/strategic-merge-patch+json",
            Self::Apply(_) => "application/apply-patch+yaml",
        }
    }

    /// The patch document.
    pub fn document(&self) -> &Value {
        match self {
            Self::Json(body) | Self::Merge(body) | Self::Strategic(body) | Self::Apply(body) => {
                body
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_as_go_does() {
        let mut query = ListOptions::labels("app in (a, b)").query();
        query.push("x", "1");
        assert_eq!(query.into_string(), "?labelSelector=app+in+%28a%2C+b%29&x=1");
        assert_eq!(ListOptions::default().query().into_string(), "");
    }

    #[test]
    fn delete_options_say_only_what_was_asked() {
        let plain = json!({"kind": "DeleteOptions", "apiVersion": "v1"});
        assert_eq!(DeleteOptions::default().body(), plain);
        let full = DeleteOptions::of_uid("u").in_background().with_grace(0).body();
        assert_eq!(full["preconditions"]["uid"], "u");
        assert_eq!(full["propagationPolicy"], "Background");
        assert_eq!(full["gracePeriodSeconds"], 0);
    }
}
