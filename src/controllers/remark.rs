//! Events as data: what a decision wants to be said, before anybody says it.

use std::fmt;

use client::{EventKind, Recorder};
use k8s_openapi::api::core::v1::ObjectReference;

/// One event about the object that the decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) kind: EventKind,
    pub(crate) reason: String,
    pub(crate) message: String,
}

impl Remark {
    /// Things as they should be.
    pub(crate) fn normal(reason: &str, message: impl Into<String>) -> Self {
        Self { kind: EventKind::Normal, reason: reason.to_owned(), message: message.into() }
    }

    /// Something an operator may want to look at.
    pub(crate) fn warning(reason: &str, message: impl Into<String>) -> Self {
        Self { kind: EventKind::Warning, reason: reason.to_owned(), message: message.into() }
    }

    /// Hands the event to a recorder.
    pub(crate) fn say(self, recorder: &Recorder, about: &ObjectReference) {
        recorder.event(about, self.kind, self.reason, self.message);
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.reason, self.message)
    }
}
