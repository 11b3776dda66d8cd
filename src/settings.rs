//! The command line's settings as the cluster's: one name each, nothing decided.

use cli::own::ClusterSettings;
use cluster::{ClusterError, Settings};

/// Translates settings; refuses those that are known and not served yet.
pub(crate) fn settings_of(given: &ClusterSettings) -> Result<Settings, ClusterError> {
    let unserved = [
        ("etcd-servers", !given.etcd_servers.is_empty()),
        ("enable-admission-plugins", !given.enable_admission_plugins.is_empty()),
        ("disable-admission-plugins", !given.disable_admission_plugins.is_empty()),
        ("feature-gates", !given.feature_gates.is_empty()),
        ("audit-policy-file", given.audit_policy_file.is_some()),
        ("audit-log-path", given.audit_log_path.is_some()),
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
    })
}
