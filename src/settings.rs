//! The command line's settings as the cluster's: one name each, nothing decided.

use cli::{own::ClusterSettings, server_flags::ServerFlags};
use cluster::{AuditWebhookSettings, ClusterError, ServerSettings, Settings};

/// Translates settings; refuses those that are known and not served yet.
pub(crate) fn settings_of(given: &ClusterSettings) -> Result<Settings, ClusterError> {
    let unserved = [
        ("feature-gates", !given.feature_gates.is_empty()),
        ("proxy-mode", given.proxy_mode.as_deref().is_some_and(|mode| mode != "nftables")),
    ];
    if let Some((flag, _)) = unserved.into_iter().find(|(_, set)| *set) {
        return Err(ClusterError::NotYet { flag });
    }
    Ok(Settings {
        no_node: given.no_node,
        secure_port: given.secure_port,
        bind_address: given.bind_address.clone(),
        token_auth_file: given.token_auth_file.clone(),
        client_ca_file: given.client_ca_file.clone(),
        tls_cert_file: given.tls_cert_file.clone(),
        tls_private_key_file: given.tls_private_key_file.clone(),
        service_cluster_ip_range: given.service_cluster_ip_range.clone(),
        service_node_port_range: given.service_node_port_range.clone(),
        cluster_cidr: given.cluster_cidr.clone(),
        authorization_mode: given.authorization_mode.clone(),
        anonymous_auth: given.anonymous_auth,
        service_account_issuer: given.service_account_issuer.clone(),
        cluster_dns: given.cluster_dns.clone(),
        cluster_domain: given.cluster_domain.clone(),
        hostname_override: given.hostname_override.clone(),
        etcd_servers: given.etcd_servers.clone(),
        etcd_cafile: given.etcd_cafile.clone(),
        etcd_certfile: given.etcd_certfile.clone(),
        etcd_keyfile: given.etcd_keyfile.clone(),
        etcd_prefix: given.etcd_prefix.clone(),
        cluster_signing_cert_file: given.cluster_signing_cert_file.clone(),
        cluster_signing_key_file: given.cluster_signing_key_file.clone(),
        service_account_signing_key_file: given.service_account_signing_key_file.clone(),
        leader_elect: given.leader_elect,
        leader_elect_lease_duration: given.leader_elect_lease_duration,
        leader_elect_renew_deadline: given.leader_elect_renew_deadline,
        leader_elect_retry_period: given.leader_elect_retry_period,
        leader_elect_resource_namespace: given.leader_elect_resource_namespace.clone(),
        scheduler_config: given.scheduler_config.clone(),
        server: ServerSettings {
            enable_admission_plugins: given.enable_admission_plugins.clone(),
            disable_admission_plugins: given.disable_admission_plugins.clone(),
            ..server_settings(&given.server)
        },
    })
}

fn server_settings(given: &ServerFlags) -> ServerSettings {
    ServerSettings {
        admission_control_config_file: given.admission_control_config_file.clone(),
        service_account_key_file: given.service_account_key_file.clone(),
        enable_bootstrap_token_auth: given.enable_bootstrap_token_auth,
        oidc_issuer_url: given.oidc_issuer_url.clone(),
        oidc_client_id: given.oidc_client_id.clone(),
        oidc_username_claim: given.oidc_username_claim.clone(),
        oidc_username_prefix: given.oidc_username_prefix.clone(),
        oidc_groups_claim: given.oidc_groups_claim.clone(),
        oidc_groups_prefix: given.oidc_groups_prefix.clone(),
        oidc_required_claim: given.oidc_required_claim.clone(),
        oidc_signing_algs: given.oidc_signing_algs.clone(),
        oidc_ca_file: given.oidc_ca_file.clone(),
        authentication_config: given.authentication_config.clone(),
        authentication_token_webhook_config_file: given
            .authentication_token_webhook_config_file
            .clone(),
        authentication_token_webhook_version: given.authentication_token_webhook_version.clone(),
        authentication_token_webhook_cache_ttl: given.authentication_token_webhook_cache_ttl,
        authorization_config: given.authorization_config.clone(),
        authorization_webhook_config_file: given.authorization_webhook_config_file.clone(),
        authorization_webhook_version: given.authorization_webhook_version.clone(),
        authorization_webhook_cache_authorized_ttl: given
            .authorization_webhook_cache_authorized_ttl,
        authorization_webhook_cache_unauthorized_ttl: given
            .authorization_webhook_cache_unauthorized_ttl,
        max_requests_inflight: given.max_requests_inflight,
        max_mutating_requests_inflight: given.max_mutating_requests_inflight,
        request_timeout: given.request_timeout,
        proxy_client_cert_file: given.proxy_client_cert_file.clone(),
        proxy_client_key_file: given.proxy_client_key_file.clone(),
        requestheader_client_ca_file: given.requestheader_client_ca_file.clone(),
        requestheader_allowed_names: given.requestheader_allowed_names.clone(),
        requestheader_username_headers: given.requestheader_username_headers.clone(),
        requestheader_uid_headers: given.requestheader_uid_headers.clone(),
        requestheader_group_headers: given.requestheader_group_headers.clone(),
        requestheader_extra_headers_prefix: given.requestheader_extra_headers_prefix.clone(),
        audit_policy_file: given.audit_policy_file.clone(),
        audit_log_path: given.audit_log_path.clone(),
        audit_log_maxsize: given.audit_log_maxsize,
        audit_log_maxbackup: given.audit_log_maxbackup,
        audit_log_maxage: given.audit_log_maxage,
        audit_webhook: audit_webhook(given),
        ..ServerSettings::default()
    }
}

fn audit_webhook(given: &ServerFlags) -> AuditWebhookSettings {
    AuditWebhookSettings {
        config_file: given.audit_webhook_config_file.clone(),
        mode: given.audit_webhook_mode.clone(),
        initial_backoff: given.audit_webhook_initial_backoff,
        version: given.audit_webhook_version.clone(),
        truncate_enabled: given.audit_webhook_truncate_enabled,
        truncate_max_event_size: given.audit_webhook_truncate_max_event_size,
        truncate_max_batch_size: given.audit_webhook_truncate_max_batch_size,
        batch_buffer_size: given.audit_webhook_batch_buffer_size,
        batch_max_size: given.audit_webhook_batch_max_size,
        batch_max_wait: given.audit_webhook_batch_max_wait,
        batch_throttle_enable: given.audit_webhook_batch_throttle_enable,
        batch_throttle_qps: given.audit_webhook_batch_throttle_qps,
        batch_throttle_burst: given.audit_webhook_batch_throttle_burst,
    }
}
