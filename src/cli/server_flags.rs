//! Flags of the API server inside a cluster: who may call, what is written down of calls, and who
//! waits. The names are kube-apiserver's.

use std::{path::PathBuf, time::Duration};

use clap::Args;

/// Settings of the API server.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ServerFlags {
    /// What admission plugins are configured with
    #[arg(long)]
    pub admission_control_config_file: Option<PathBuf>,
    /// More keys, public or private, whose service account tokens are taken
    #[arg(long)]
    pub service_account_key_file: Vec<PathBuf>,
    /// Take bootstrap tokens of secrets in kube-system (default: true)
    #[arg(long, num_args(0..=1), require_equals(true), default_missing_value("true"))]
    pub enable_bootstrap_token_auth: Option<bool>,
    /// Issuer of OIDC tokens, by HTTPS
    #[arg(long)]
    pub oidc_issuer_url: Option<String>,
    /// Audience that its tokens must be for
    #[arg(long)]
    pub oidc_client_id: Option<String>,
    /// Claim that names the user (default: sub)
    #[arg(long)]
    pub oidc_username_claim: Option<String>,
    /// What stands before users' names; - for nothing (default: the issuer and #)
    #[arg(long)]
    pub oidc_username_prefix: Option<String>,
    /// Claim that names the groups
    #[arg(long)]
    pub oidc_groups_claim: Option<String>,
    /// What stands before groups' names
    #[arg(long)]
    pub oidc_groups_prefix: Option<String>,
    /// Claims that a token must have: key=value
    #[arg(long, value_delimiter = ',')]
    pub oidc_required_claim: Vec<String>,
    /// Algorithms that are taken (default: RS256)
    #[arg(long, value_delimiter = ',')]
    pub oidc_signing_algs: Vec<String>,
    /// Authority of the issuer's certificate
    #[arg(long)]
    pub oidc_ca_file: Option<PathBuf>,
    /// Issuers of tokens, and who may call without being known
    #[arg(long)]
    pub authentication_config: Option<PathBuf>,
    /// A server that knows tokens, in the form of a kubeconfig
    #[arg(long)]
    pub authentication_token_webhook_config_file: Option<PathBuf>,
    /// Version of the reviews that it is sent: v1 or v1beta1 (default: v1beta1)
    #[arg(long)]
    pub authentication_token_webhook_version: Option<String>,
    /// How long its answers are good (default: 2m0s)
    #[arg(long, value_parser = crate::own::duration)]
    pub authentication_token_webhook_cache_ttl: Option<Duration>,
    /// Who says who may do what, and in which order
    #[arg(long)]
    pub authorization_config: Option<PathBuf>,
    /// The server that mode Webhook asks, in the form of a kubeconfig
    #[arg(long)]
    pub authorization_webhook_config_file: Option<PathBuf>,
    /// Version of the reviews that it is sent: v1 or v1beta1 (default: v1beta1)
    #[arg(long)]
    pub authorization_webhook_version: Option<String>,
    /// How long its answers are good that allow something (default: 5m0s)
    #[arg(long, value_parser = crate::own::duration)]
    pub authorization_webhook_cache_authorized_ttl: Option<Duration>,
    /// How long its other answers are good (default: 30s)
    #[arg(long, value_parser = crate::own::duration)]
    pub authorization_webhook_cache_unauthorized_ttl: Option<Duration>,
    /// How many reading requests may go on at once, together with the writing ones (default: 400)
    #[arg(long)]
    pub max_requests_inflight: Option<u32>,
    /// How many writing requests may go on at once, together with the reading ones (default: 200)
    #[arg(long)]
    pub max_mutating_requests_inflight: Option<u32>,
    /// How long a request may take (default: 1m0s)
    // The name under which kubectl has the flag, so that one tree of commands can hold both.
    #[arg(long, id = "request-timeout", value_parser = crate::own::duration)]
    pub request_timeout: Option<Duration>,
    /// Certificate by which aggregated servers know this one
    #[arg(long)]
    pub proxy_client_cert_file: Option<PathBuf>,
    /// Its key
    #[arg(long)]
    pub proxy_client_key_file: Option<PathBuf>,
    /// Authority of that certificate
    #[arg(long)]
    pub requestheader_client_ca_file: Option<PathBuf>,
    /// Names that the certificate may be for
    #[arg(long, value_delimiter = ',')]
    pub requestheader_allowed_names: Vec<String>,
    /// Headers in which proxies in front name the user; none: they are not believed
    #[arg(long, value_delimiter = ',')]
    pub requestheader_username_headers: Vec<String>,
    /// Headers in which they name the user's id
    #[arg(long, value_delimiter = ',')]
    pub requestheader_uid_headers: Vec<String>,
    /// Headers in which they name groups
    #[arg(long, value_delimiter = ',')]
    pub requestheader_group_headers: Vec<String>,
    /// What the headers begin with in which they say more of the user
    #[arg(long, value_delimiter = ',')]
    pub requestheader_extra_headers_prefix: Vec<String>,
    /// Which requests are written to the audit log
    #[arg(long)]
    pub audit_policy_file: Option<PathBuf>,
    /// Where the audit log is written; - for standard output
    #[arg(long)]
    pub audit_log_path: Option<PathBuf>,
    /// Megabytes after which the audit log is put aside (default: 100)
    #[arg(long)]
    pub audit_log_maxsize: Option<u64>,
    /// How many audit logs that were put aside are kept (default: all)
    #[arg(long)]
    pub audit_log_maxbackup: Option<usize>,
    /// How many days audit logs that were put aside are kept (default: for ever)
    #[arg(long)]
    pub audit_log_maxage: Option<u64>,
    /// Where audit events are posted, in the form of a kubeconfig
    #[arg(long)]
    pub audit_webhook_config_file: Option<PathBuf>,
    /// How they are posted: batch, blocking or blocking-strict (default: batch)
    #[arg(long)]
    pub audit_webhook_mode: Option<String>,
    /// How long the first wait is before events are posted again that failed (default: 10s)
    #[arg(long, value_parser = crate::own::duration)]
    pub audit_webhook_initial_backoff: Option<Duration>,
    /// Version of the lists that are posted (default: audit.k8s.io/v1)
    #[arg(long)]
    pub audit_webhook_version: Option<String>,
    /// Send events that are too large without their objects (default: false)
    #[arg(long, num_args(0..=1), require_equals(true), default_missing_value("true"))]
    pub audit_webhook_truncate_enabled: Option<bool>,
    /// Most bytes of an event (default: 102400)
    #[arg(long)]
    pub audit_webhook_truncate_max_event_size: Option<usize>,
    /// Most bytes of what is sent at once (default: 10485760)
    #[arg(long)]
    pub audit_webhook_truncate_max_batch_size: Option<usize>,
    /// How many events may wait for a batch (default: 10000)
    #[arg(long)]
    pub audit_webhook_batch_buffer_size: Option<usize>,
    /// How many events a batch may have (default: 400)
    #[arg(long)]
    pub audit_webhook_batch_max_size: Option<usize>,
    /// How long events wait for a batch to be full (default: 30s)
    #[arg(long, value_parser = crate::own::duration)]
    pub audit_webhook_batch_max_wait: Option<Duration>,
    /// Bound how many batches are sent (default: true)
    #[arg(long, num_args(0..=1), require_equals(true), default_missing_value("true"))]
    pub audit_webhook_batch_throttle_enable: Option<bool>,
    /// How many batches are sent in a second (default: 10)
    #[arg(long)]
    pub audit_webhook_batch_throttle_qps: Option<f32>,
    /// How many batches may be sent at once after a quiet time (default: 15)
    #[arg(long)]
    pub audit_webhook_batch_throttle_burst: Option<u32>,
}
