//! Settings of the audit log and of the audit webhook, read and checked.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use apiserver::{
    Audit, AuditBatch, AuditError, AuditLogConfig, AuditMode, AuditPolicy, AuditWebhookConfig,
};
use serde::{Deserialize, Serialize};

use crate::{
    ClusterError,
    server::{ServerSettings, wrong},
};

/// The first wait of a webhook that fails. Source: `pluginwebhook.DefaultInitialBackoffDelay`.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// Most bytes of an event and of a batch. Source: `NewAuditTruncateOptions`.
const EVENT_BYTES: usize = 100 << 10;
const BATCH_BYTES: usize = 10 << 20;

/// What the audit webhook is told. The names are kube-apiserver's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditWebhookSettings {
    /// `--audit-webhook-config-file`.
    pub config_file: Option<PathBuf>,
    /// `--audit-webhook-mode`.
    pub mode: Option<String>,
    /// `--audit-webhook-initial-backoff`.
    pub initial_backoff: Option<Duration>,
    /// `--audit-webhook-version`.
    pub version: Option<String>,
    /// `--audit-webhook-truncate-enabled`.
    pub truncate_enabled: Option<bool>,
    /// `--audit-webhook-truncate-max-event-size`.
    pub truncate_max_event_size: Option<usize>,
    /// `--audit-webhook-truncate-max-batch-size`.
    pub truncate_max_batch_size: Option<usize>,
    /// `--audit-webhook-batch-buffer-size`.
    pub batch_buffer_size: Option<usize>,
    /// `--audit-webhook-batch-max-size`.
    pub batch_max_size: Option<usize>,
    /// `--audit-webhook-batch-max-wait`.
    pub batch_max_wait: Option<Duration>,
    /// `--audit-webhook-batch-throttle-enable`.
    pub batch_throttle_enable: Option<bool>,
    /// `--audit-webhook-batch-throttle-qps`.
    pub batch_throttle_qps: Option<f32>,
    /// `--audit-webhook-batch-throttle-burst`.
    pub batch_throttle_burst: Option<u32>,
}

impl AuditWebhookSettings {
    /// Errors: a mode or sizes that there are not.
    fn read(&self) -> Result<Option<AuditWebhookConfig>, ClusterError> {
        let Some(path) = self.config_file.clone() else { return Ok(None) };
        let given = self.mode.as_deref().unwrap_or("batch");
        let refused = |why: String| wrong("audit-webhook-mode", given, why);
        let mode = AuditMode::parse(given).map_err(refused)?;
        let usual = AuditBatch::default();
        let (qps, burst) = usual.throttle.unwrap_or_default();
        let throttle =
            (self.batch_throttle_qps.unwrap_or(qps), self.batch_throttle_burst.unwrap_or(burst));
        let batch = AuditBatch {
            buffer_size: self.batch_buffer_size.unwrap_or(usual.buffer_size),
            max_size: self.batch_max_size.unwrap_or(usual.max_size),
            max_wait: self.batch_max_wait.unwrap_or(usual.max_wait),
            throttle: Some(throttle).filter(|_| self.batch_throttle_enable.unwrap_or(true)),
        };
        if mode == AuditMode::Batch {
            batch.check().map_err(|why| wrong("audit-webhook-batch", "", why))?;
        }
        let initial_backoff = self.initial_backoff.unwrap_or(FIRST_WAIT);
        let most_event_bytes = self.most_event_bytes()?;
        if let Some(version) = self.version.as_deref().filter(|it| *it != "audit.k8s.io/v1") {
            let why = "invalid group version, allowed versions are [\"audit.k8s.io/v1\"]";
            return Err(wrong("audit-webhook-version", version, why));
        }
        Ok(Some(AuditWebhookConfig { path, mode, batch, initial_backoff, most_event_bytes }))
    }

    /// The most bytes of an event, if they are bounded. A batch is bounded by its events.
    fn most_event_bytes(&self) -> Result<Option<usize>, ClusterError> {
        let event = self.truncate_max_event_size.unwrap_or(EVENT_BYTES);
        let batch = self.truncate_max_batch_size.unwrap_or(BATCH_BYTES);
        let refused = |flag, value: usize, why: String| Err(wrong(flag, value.to_string(), why));
        if event == 0 {
            let why = "invalid audit truncate webhook max event size 0, must be a positive number";
            return refused("audit-webhook-truncate-max-event-size", event, why.to_owned());
        }
        if batch < event {
            let why = format!(
                "invalid audit truncate webhook max batch size {batch}, must be greater than max \
                 event size ({event})"
            );
            return refused("audit-webhook-truncate-max-batch-size", batch, why);
        }
        Ok(Some(event).filter(|_| self.truncate_enabled == Some(true)))
    }
}

impl ServerSettings {
    /// What is told of requests: nothing without a policy or without a place for it. Needs a tokio
    /// runtime.
    pub(crate) fn audit(&self) -> Result<Option<Arc<Audit>>, ClusterError> {
        let webhook = self.audit_webhook.read()?;
        let Some(path) = &self.audit_policy_file else { return Ok(None) };
        let text = fs::read_to_string(path).map_err(ClusterError::file(path))?;
        let policy = AuditPolicy::parse(&text).map_err(|error| {
            wrong("audit-policy-file", path.display().to_string(), error.to_string())
        })?;
        let log = self.audit_log_path.clone().map(|path| AuditLogConfig {
            path,
            maxsize: self.audit_log_maxsize.unwrap_or_default(),
            maxbackup: self.audit_log_maxbackup.unwrap_or_default(),
            maxage: self.audit_log_maxage.unwrap_or_default(),
        });
        if log.is_none() && webhook.is_none() {
            return Ok(None);
        }
        match Audit::open(policy, log, webhook.as_ref()) {
            Ok(audit) => Ok(Some(Arc::new(audit))),
            Err(AuditError::Log { path, source }) => Err(ClusterError::File { path, source }),
            Err(error @ AuditError::Webhook(_)) => {
                let path = webhook.map(|webhook| webhook.path.display().to_string());
                let path = path.unwrap_or_default();
                Err(wrong("audit-webhook-config-file", path, error.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_and_sizes_that_there_are_not_are_refused() {
        let with = |change: fn(&mut AuditWebhookSettings)| {
            let mut settings = AuditWebhookSettings {
                config_file: Some("hook.yaml".into()),
                ..AuditWebhookSettings::default()
            };
            change(&mut settings);
            settings.read().map(|config| config.is_some()).map_err(|error| error.to_string())
        };
        assert_eq!(with(|_| ()), Ok(true));
        assert_eq!(with(|it| it.config_file = None), Ok(false));
        let unthrottled: fn(&mut AuditWebhookSettings) = |it| {
            it.batch_throttle_enable = Some(false);
            it.batch_throttle_qps = Some(0.0);
        };
        assert_eq!(with(unthrottled), Ok(true));
        let said = with(|it| it.mode = Some("never".into())).unwrap_err();
        assert!(said.contains("invalid audit webhook mode never"), "{said}");
        let said = with(|it| it.truncate_max_batch_size = Some(1)).unwrap_err();
        assert!(said.contains("must be greater than max event size (102400)"), "{said}");
        let said = with(|it| it.version = Some("audit.k8s.io/v1beta1".into())).unwrap_err();
        assert!(said.contains("invalid group version"), "{said}");
        let said = with(|it| it.batch_max_size = Some(0)).unwrap_err();
        assert!(said.contains("max batch size 0, must be a positive number"), "{said}");
    }
}
