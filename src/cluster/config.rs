//! What a cluster is told. The names are those of the Kubernetes components' own flags.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use client::ElectionTerms;
use scheduler::SchedulerConfig;
use serde::{Deserialize, Serialize};
use store::EtcdOptions;

use crate::{ClusterError, ServerSettings};

/// Settings of a cluster; what is not given has Kubernetes' usual value.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The control plane alone.
    pub no_node: bool,
    /// `--secure-port`; the next free port from 6443 where none is given.
    pub secure_port: Option<u16>,
    /// `--bind-address`.
    pub bind_address: Option<String>,
    /// `--token-auth-file`.
    pub token_auth_file: Option<PathBuf>,
    /// `--client-ca-file`.
    pub client_ca_file: Option<PathBuf>,
    /// `--tls-cert-file`.
    pub tls_cert_file: Option<PathBuf>,
    /// `--tls-private-key-file`.
    pub tls_private_key_file: Option<PathBuf>,
    /// `--service-cluster-ip-range`.
    pub service_cluster_ip_range: Option<String>,
    /// `--service-node-port-range`.
    pub service_node_port_range: Option<String>,
    /// `--cluster-cidr`.
    pub cluster_cidr: Option<String>,
    /// `--authorization-mode`.
    pub authorization_mode: Vec<String>,
    /// `--anonymous-auth`.
    pub anonymous_auth: Option<bool>,
    /// `--service-account-issuer`.
    pub service_account_issuer: Option<String>,
    /// `--cluster-dns`.
    pub cluster_dns: Vec<String>,
    /// `--cluster-domain`.
    pub cluster_domain: Option<String>,
    /// `--hostname-override`.
    pub hostname_override: Option<String>,
    /// `--etcd-servers`; the embedded store where there are none.
    pub etcd_servers: Vec<String>,
    /// `--etcd-cafile`.
    pub etcd_cafile: Option<PathBuf>,
    /// `--etcd-certfile`.
    pub etcd_certfile: Option<PathBuf>,
    /// `--etcd-keyfile`.
    pub etcd_keyfile: Option<PathBuf>,
    /// `--etcd-prefix`.
    pub etcd_prefix: Option<String>,
    /// `--cluster-signing-cert-file`.
    pub cluster_signing_cert_file: Option<PathBuf>,
    /// `--cluster-signing-key-file`.
    pub cluster_signing_key_file: Option<PathBuf>,
    /// `--service-account-signing-key-file`.
    pub service_account_signing_key_file: Option<PathBuf>,
    /// `--leader-elect`.
    pub leader_elect: Option<bool>,
    /// `--leader-elect-lease-duration`.
    pub leader_elect_lease_duration: Option<Duration>,
    /// `--leader-elect-renew-deadline`.
    pub leader_elect_renew_deadline: Option<Duration>,
    /// `--leader-elect-retry-period`.
    pub leader_elect_retry_period: Option<Duration>,
    /// `--leader-elect-resource-namespace`.
    pub leader_elect_resource_namespace: Option<String>,
    /// `kube-scheduler --config`: a `KubeSchedulerConfiguration`.
    pub scheduler_config: Option<PathBuf>,
    /// What the API server alone is told.
    pub server: ServerSettings,
}

/// The home of this user's cluster: `$KANOE_HOME`, or root's, or the user's own.
pub fn default_home(given: Option<PathBuf>, is_root: bool) -> Option<PathBuf> {
    match given {
        Some(given) => Some(given),
        None if is_root => Some(PathBuf::from("/var/lib/kanoe")),
        None => dirs::data_dir().map(|data| data.join("kanoe")),
    }
}

impl Settings {
    /// The etcd that keeps the state; `None` for the embedded store.
    pub(crate) fn etcd(&self) -> Result<Option<EtcdOptions>, ClusterError> {
        let prefix = self.etcd_prefix.as_deref().unwrap_or("/registry");
        if !prefix.starts_with('/') || prefix.trim_end_matches('/').is_empty() {
            return Err(ClusterError::Setting {
                flag: "etcd-prefix",
                value: prefix.to_owned(),
                why: "expected a path such as /registry".into(),
            });
        }
        Ok((!self.etcd_servers.is_empty()).then(|| EtcdOptions {
            servers: self.etcd_servers.clone(),
            ca_file: self.etcd_cafile.clone(),
            cert_file: self.etcd_certfile.clone(),
            key_file: self.etcd_keyfile.clone(),
            inside: "/registry".into(),
            prefix: prefix.to_owned(),
        }))
    }

    /// How control planes elect who leads; `None` where there is nobody else, or nobody asks.
    ///
    /// Errors: times that make no sense, in client-go's words.
    pub(crate) fn election(&self) -> Result<Option<ElectionTerms>, ClusterError> {
        let usual = ElectionTerms::default();
        let terms = ElectionTerms {
            lease_duration: self.leader_elect_lease_duration.unwrap_or(usual.lease_duration),
            renew_deadline: self.leader_elect_renew_deadline.unwrap_or(usual.renew_deadline),
            retry_period: self.leader_elect_retry_period.unwrap_or(usual.retry_period),
            namespace: self.leader_elect_resource_namespace.clone().unwrap_or(usual.namespace),
        };
        let wrong = |flag, value: Duration, why: &str| ClusterError::Setting {
            flag,
            value: format!("{value:?}"),
            why: why.to_owned(),
        };
        if terms.lease_duration <= terms.renew_deadline {
            let why = "leaseDuration must be greater than renewDeadline";
            return Err(wrong("leader-elect-lease-duration", terms.lease_duration, why));
        }
        if terms.renew_deadline <= terms.retry_period.mul_f64(1.2) {
            let why = "renewDeadline must be greater than retryPeriod*JitterFactor";
            return Err(wrong("leader-elect-renew-deadline", terms.renew_deadline, why));
        }
        if terms.retry_period.is_zero() {
            let why = "retryPeriod must be greater than zero";
            return Err(wrong("leader-elect-retry-period", terms.retry_period, why));
        }
        let alone = self.etcd_servers.is_empty() || self.leader_elect == Some(false);
        Ok((!alone).then_some(terms))
    }

    /// How the schedulers work; Kubernetes' usual way where no file says it.
    ///
    /// Errors: a file that cannot be read, or is no sound configuration, in kube-scheduler's words.
    pub(crate) fn schedulers(&self) -> Result<SchedulerConfig, ClusterError> {
        let Some(path) = &self.scheduler_config else { return Ok(SchedulerConfig::default()) };
        let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
        let config =
            read.and_then(|text| SchedulerConfig::read(&text).map_err(|error| error.to_string()));
        config.map_err(|why| ClusterError::Setting {
            flag: "scheduler-config",
            value: path.display().to_string(),
            why,
        })
    }

    /// The address to listen on.
    pub(crate) fn bind(&self) -> Result<IpAddr, ClusterError> {
        parse_address("bind-address", self.bind_address.as_deref().unwrap_or("127.0.0.1"))
    }

    /// The services' addresses: IPv4, and behind a comma IPv6 too.
    pub(crate) fn service_ranges(&self) -> Result<Vec<(IpAddr, u8)>, ClusterError> {
        let text = self.service_cluster_ip_range.as_deref().unwrap_or("10.96.0.0/16");
        let Some((first, second)) = text.split_once(',') else {
            return Ok(vec![parse_range(SERVICES, text)?]);
        };
        Ok(vec![parse_range(SERVICES, first.trim())?, parse_range_v6(SERVICES, second.trim())?])
    }

    /// The services' addresses of the first family.
    pub(crate) fn service_range(&self) -> Result<(IpAddr, u8), ClusterError> {
        let first = self.service_ranges()?.into_iter().next();
        Ok(first.unwrap_or((std::net::Ipv4Addr::new(10, 96, 0, 0).into(), 16)))
    }

    /// The pods' addresses.
    pub(crate) fn pod_range(&self) -> Result<(IpAddr, u8), ClusterError> {
        parse_range("cluster-cidr", self.cluster_cidr.as_deref().unwrap_or("10.244.0.0/16"))
    }

    /// The services' ports on nodes.
    pub(crate) fn port_range(&self) -> Result<(u16, u16), ClusterError> {
        let text = self.service_node_port_range.as_deref().unwrap_or("30000-32767");
        let parsed = text.split_once('-').and_then(|(first, last)| {
            let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
            (first > 0 && first < last).then_some((first, last))
        });
        parsed.ok_or_else(|| ClusterError::Setting {
            flag: "service-node-port-range",
            value: text.to_owned(),
            why: "expected two ports such as 30000-32767".into(),
        })
    }

    /// The name server's address for pods.
    pub(crate) fn dns_address(&self) -> Result<IpAddr, ClusterError> {
        if let Some(given) = self.cluster_dns.first() {
            return parse_address("cluster-dns", given);
        }
        match self.service_range()?.0 {
            IpAddr::V4(base) => Ok(std::net::Ipv4Addr::from(u32::from(base) + 10).into()),
            IpAddr::V6(base) => Ok(IpAddr::V6(std::net::Ipv6Addr::from(u128::from(base) + 10))),
        }
    }

    /// The domain of the cluster's names.
    pub(crate) fn domain(&self) -> &str {
        self.cluster_domain.as_deref().unwrap_or("cluster.local")
    }
}

fn parse_address(flag: &'static str, text: &str) -> Result<IpAddr, ClusterError> {
    text.parse().map_err(|_| ClusterError::Setting {
        flag,
        value: text.to_owned(),
        why: "expected an IP address".into(),
    })
}

fn parse_range(flag: &'static str, text: &str) -> Result<(IpAddr, u8), ClusterError> {
    let parsed = text.split_once('/').and_then(|(address, length)| {
        let address: std::net::Ipv4Addr = address.parse().ok()?;
        let length: u8 = length.parse().ok().filter(|length| (8..=28).contains(length))?;
        let mask = u32::MAX << (32 - u32::from(length));
        Some((IpAddr::V4(std::net::Ipv4Addr::from(u32::from(address) & mask)), length))
    });
    parsed.ok_or_else(|| ClusterError::Setting {
        flag,
        value: text.to_owned(),
        why: "expected an IPv4 range such as 10.96.0.0/16, from /8 to /28".into(),
    })
}

/// The flag of services' addresses.
const SERVICES: &str = "service-cluster-ip-range";

fn parse_range_v6(flag: &'static str, text: &str) -> Result<(IpAddr, u8), ClusterError> {
    let parsed = text.split_once('/').and_then(|(address, length)| {
        let address: std::net::Ipv6Addr = address.parse().ok()?;
        let length: u8 = length.parse().ok().filter(|length| (64..=124).contains(length))?;
        let mask = u128::MAX << (128 - u32::from(length));
        Some((IpAddr::V6(std::net::Ipv6Addr::from(u128::from(address) & mask)), length))
    });
    parsed.ok_or_else(|| ClusterError::Setting {
        flag,
        value: text.to_owned(),
        why: "expected an IPv6 range such as fd00:96::/112, from /64 to /124, as the second".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_kubernetes_defaults_and_clear_refusals() {
        let settings = Settings::default();
        assert_eq!(settings.port_range().unwrap(), (30000, 32767));
        assert_eq!(settings.dns_address().unwrap().to_string(), "10.96.0.10");
        let ranges = |text: &str| {
            let settings =
                Settings { service_cluster_ip_range: Some(text.into()), ..Settings::default() };
            settings.service_ranges().map(|it| it.len()).map_err(|error| error.to_string())
        };
        assert_eq!(ranges("10.96.0.0/16"), Ok(1));
        assert_eq!(ranges("10.96.0.0/16,fd00::/112"), Ok(2));
        assert!(ranges("10.96.0.0/16,10.97.0.0/16").is_err());
        let wrong =
            Settings { service_cluster_ip_range: Some("nonsense".into()), ..Settings::default() };
        assert!(
            wrong.service_range().unwrap_err().to_string().contains("service-cluster-ip-range")
        );
    }
}
