//! What came of audit events, in numbers. Source: `k8s.io/apiserver/pkg/audit/metrics.go`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::policy::Level;
use crate::metrics::page::{Kind, Page};

const LEVELS: [Level; 4] = [Level::Metadata, Level::None, Level::Request, Level::RequestResponse];

/// Counters.
#[derive(Debug, Default)]
pub(super) struct Counts {
    events: AtomicU64,
    levels: [AtomicU64; 4],
    pub(super) buffered_errors: AtomicU64,
    pub(super) log_errors: AtomicU64,
    pub(super) truncate_errors: AtomicU64,
    pub(super) webhook_errors: AtomicU64,
    rejected: AtomicU64,
}

impl Counts {
    /// A request is written down at this level.
    pub(super) fn level(&self, level: Level) {
        for (known, count) in LEVELS.iter().zip(&self.levels) {
            if *known == level {
                count.fetch_add(1, Relaxed);
            }
        }
    }

    /// An event is told.
    pub(super) fn event(&self) {
        self.events.fetch_add(1, Relaxed);
    }

    /// A request is refused, because it could not be told.
    pub(super) fn rejected(&self) {
        self.rejected.fetch_add(1, Relaxed);
    }

    pub(super) fn write(&self, page: &mut Page) {
        let counter = |page: &mut Page, name: &str, help: &str| {
            page.family(name, Kind::Counter, help);
        };
        let name = "apiserver_audit_error_total";
        let help = "[ALPHA] Counter of audit events that failed to be audited properly. Plugin \
                    identifies the plugin affected by the error.";
        counter(page, name, help);
        for (plugin, count) in [
            ("buffered", &self.buffered_errors),
            ("log", &self.log_errors),
            ("truncate", &self.truncate_errors),
            ("webhook", &self.webhook_errors),
        ] {
            let count = count.load(Relaxed);
            if count > 0 {
                page.sample(name, &[("plugin", plugin)], count);
            }
        }
        let name = "apiserver_audit_event_total";
        let help = "[ALPHA] Counter of audit events generated and sent to the audit backend.";
        counter(page, name, help);
        page.sample(name, &[], self.events.load(Relaxed));
        let name = "apiserver_audit_level_total";
        let help = "[ALPHA] Counter of policy levels for audit events (1 per request).";
        counter(page, name, help);
        for (level, count) in LEVELS.iter().zip(&self.levels) {
            let count = count.load(Relaxed);
            if count > 0 {
                page.sample(name, &[("level", level.name())], count);
            }
        }
        let name = "apiserver_audit_requests_rejected_total";
        let help = "[ALPHA] Counter of apiserver requests rejected due to an error in audit \
                    logging backend.";
        counter(page, name, help);
        page.sample(name, &[], self.rejected.load(Relaxed));
    }
}
