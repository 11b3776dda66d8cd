//! Settings of the API server, read and checked: keys, issuers and the like.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use apiserver::{
    EventLimits, ImagePolicy, Limits, Oidc, OidcConfig, Plugins, PluginsError, PublicKey,
    RequestHeader, RequestHeaderConfig,
};
use machinery::meta;
use rustls::pki_types::{
    PrivateKeyDer,
    pem::{PemObject as _, SectionKind},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ClusterError, audit::AuditWebhookSettings, certificates::Certificates, keys};

/// What the API server alone is told. The names are kube-apiserver's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerSettings {
    /// `--enable-admission-plugins`.
    pub enable_admission_plugins: Vec<String>,
    /// `--disable-admission-plugins`.
    pub disable_admission_plugins: Vec<String>,
    /// `--admission-control-config-file`.
    pub admission_control_config_file: Option<PathBuf>,
    /// `--service-account-key-file`.
    pub service_account_key_file: Vec<PathBuf>,
    /// `--enable-bootstrap-token-auth`; on where it is not given, as kubeadm has it.
    pub enable_bootstrap_token_auth: Option<bool>,
    /// `--oidc-issuer-url`.
    pub oidc_issuer_url: Option<String>,
    /// `--oidc-client-id`.
    pub oidc_client_id: Option<String>,
    /// `--oidc-username-claim`.
    pub oidc_username_claim: Option<String>,
    /// `--oidc-username-prefix`.
    pub oidc_username_prefix: Option<String>,
    /// `--oidc-groups-claim`.
    pub oidc_groups_claim: Option<String>,
    /// `--oidc-groups-prefix`.
    pub oidc_groups_prefix: Option<String>,
    /// `--oidc-required-claim`.
    pub oidc_required_claim: Vec<String>,
    /// `--oidc-signing-algs`.
    pub oidc_signing_algs: Vec<String>,
    /// `--oidc-ca-file`.
    pub oidc_ca_file: Option<PathBuf>,
    /// `--authentication-config`.
    pub authentication_config: Option<PathBuf>,
    /// `--authentication-token-webhook-config-file`.
    pub authentication_token_webhook_config_file: Option<PathBuf>,
    /// `--authentication-token-webhook-version`.
    pub authentication_token_webhook_version: Option<String>,
    /// `--authentication-token-webhook-cache-ttl`.
    pub authentication_token_webhook_cache_ttl: Option<Duration>,
    /// `--authorization-config`.
    pub authorization_config: Option<PathBuf>,
    /// `--authorization-webhook-config-file`.
    pub authorization_webhook_config_file: Option<PathBuf>,
    /// `--authorization-webhook-version`.
    pub authorization_webhook_version: Option<String>,
    /// `--authorization-webhook-cache-authorized-ttl`.
    pub authorization_webhook_cache_authorized_ttl: Option<Duration>,
    /// `--authorization-webhook-cache-unauthorized-ttl`.
    pub authorization_webhook_cache_unauthorized_ttl: Option<Duration>,
    /// `--max-requests-inflight`.
    pub max_requests_inflight: Option<u32>,
    /// `--max-mutating-requests-inflight`.
    pub max_mutating_requests_inflight: Option<u32>,
    /// `--request-timeout`.
    pub request_timeout: Option<Duration>,
    /// `--proxy-client-cert-file`.
    pub proxy_client_cert_file: Option<PathBuf>,
    /// `--proxy-client-key-file`.
    pub proxy_client_key_file: Option<PathBuf>,
    /// `--requestheader-client-ca-file`.
    pub requestheader_client_ca_file: Option<PathBuf>,
    /// `--requestheader-allowed-names`.
    pub requestheader_allowed_names: Vec<String>,
    /// `--requestheader-username-headers`.
    pub requestheader_username_headers: Vec<String>,
    /// `--requestheader-uid-headers`.
    pub requestheader_uid_headers: Vec<String>,
    /// `--requestheader-group-headers`.
    pub requestheader_group_headers: Vec<String>,
    /// `--requestheader-extra-headers-prefix`.
    pub requestheader_extra_headers_prefix: Vec<String>,
    /// `--audit-policy-file`.
    pub audit_policy_file: Option<PathBuf>,
    /// `--audit-log-path`.
    pub audit_log_path: Option<PathBuf>,
    /// `--audit-log-maxsize`.
    pub audit_log_maxsize: Option<u64>,
    /// `--audit-log-maxbackup`.
    pub audit_log_maxbackup: Option<usize>,
    /// `--audit-log-maxage`.
    pub audit_log_maxage: Option<u64>,
    /// `--audit-webhook-*`.
    pub audit_webhook: AuditWebhookSettings,
}

pub(crate) fn wrong(
    flag: &'static str,
    value: impl Into<String>,
    why: impl Into<String>,
) -> ClusterError {
    ClusterError::Setting { flag, value: value.into(), why: why.into() }
}

/// What an `AdmissionConfiguration` says of a plugin: beside its name, or in a file that it names.
/// Source: `k8s.io/apiserver/pkg/admission/config.go`.
fn plugin_configuration(path: &Path, name: &str) -> Result<Option<Value>, ClusterError> {
    let refused = |path: &Path, why: String| {
        wrong("admission-control-config-file", path.display().to_string(), why)
    };
    let read = |path: &Path| {
        let text = fs::read_to_string(path).map_err(ClusterError::file(path))?;
        machinery::yaml::parse(&text).map_err(|error| refused(path, error.to_string()))
    };
    let document = read(path)?;
    let version = meta::text(&document, "/apiVersion");
    if !matches!(version, "apiserver.config.k8s.io/v1" | "apiserver.k8s.io/v1alpha1")
        || meta::text(&document, "/kind") != "AdmissionConfiguration"
    {
        let why = "expected AdmissionConfiguration of apiserver.config.k8s.io/v1";
        return Err(refused(path, why.to_owned()));
    }
    let plugins = meta::items(&document, "/plugins");
    let Some(plugin) = plugins.iter().find(|one| meta::text(one, "/name") == name) else {
        return Ok(None);
    };
    if plugin["configuration"].is_object() {
        return Ok(Some(plugin["configuration"].clone()));
    }
    let file = meta::text(plugin, "/path");
    if file.is_empty() {
        return Ok(None);
    }
    // Relative to where the configuration itself stands.
    read(&path.parent().unwrap_or(Path::new("")).join(file)).map(Some)
}

impl ServerSettings {
    /// The admission plugins that act: `kube-apiserver`'s defaults, and where this process is a
    /// node too, `NodeRestriction`, as kubeadm has it. Errors: `Setting` for names that cannot be
    /// had.
    pub(crate) fn plugins(&self, has_node: bool) -> Result<Plugins, ClusterError> {
        let (mut enabled, disabled) =
            (self.enable_admission_plugins.clone(), &self.disable_admission_plugins);
        let restriction = "NodeRestriction".to_owned();
        if has_node && !disabled.contains(&restriction) {
            enabled.push(restriction);
        }
        Plugins::choose(&enabled, disabled).map_err(|error| {
            let (PluginsError::Unknown(name)
            | PluginsError::Overlapped(name)
            | PluginsError::Always(name)) = &error;
            let flag = if enabled.contains(name) {
                "enable-admission-plugins"
            } else {
                "disable-admission-plugins"
            };
            ClusterError::Setting { flag, value: name.clone(), why: error.to_string() }
        })
    }

    /// What `EventRateLimit` is configured with. Errors: it acts without a configuration, or the file
    /// cannot be followed.
    pub(crate) fn event_limits(&self, plugins: &Plugins) -> Result<EventLimits, ClusterError> {
        const NAME: &str = "EventRateLimit";
        const FLAG: &str = "admission-control-config-file";
        let configuration = match &self.admission_control_config_file {
            Some(path) => plugin_configuration(path, NAME)?,
            None => None,
        };
        if !plugins.has(NAME) {
            return Ok(EventLimits::default());
        }
        let configuration = configuration
            .ok_or_else(|| wrong(FLAG, "", "the plugin EventRateLimit needs a configuration"))?;
        EventLimits::read(&configuration).map_err(|error| {
            wrong(FLAG, NAME, format!("the configuration of {NAME} is invalid: {error}"))
        })
    }

    /// What `ImagePolicyWebhook` is configured with. Errors: it acts without a configuration, or that
    /// cannot be followed.
    pub(crate) fn image_policy(
        &self,
        plugins: &Plugins,
    ) -> Result<Option<ImagePolicy>, ClusterError> {
        const NAME: &str = "ImagePolicyWebhook";
        const FLAG: &str = "admission-control-config-file";
        if !plugins.has(NAME) {
            return Ok(None);
        }
        let needed = || wrong(FLAG, "", "the plugin ImagePolicyWebhook needs a configuration");
        let path = self.admission_control_config_file.as_ref().ok_or_else(needed)?;
        let configuration = plugin_configuration(path, NAME)?.ok_or_else(needed)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let policy = ImagePolicy::read(&configuration, folder).map_err(|error| {
            wrong(FLAG, NAME, format!("the configuration of {NAME} is invalid: {error}"))
        })?;
        Ok(Some(policy))
    }

    /// The proxies in front that may speak for others; none where no header names users.
    pub(crate) fn request_header(
        &self,
        certificates: &Certificates,
    ) -> Result<Option<RequestHeader>, ClusterError> {
        if self.requestheader_username_headers.is_empty() {
            return Ok(None);
        }
        let known = RequestHeader::new(RequestHeaderConfig {
            username_headers: self.requestheader_username_headers.clone(),
            uid_headers: self.requestheader_uid_headers.clone(),
            group_headers: self.requestheader_group_headers.clone(),
            extra_headers_prefix: self.requestheader_extra_headers_prefix.clone(),
            allowed_names: certificates.front_proxy.names.clone(),
            authority: certificates.front_proxy.authority.clone(),
            client_authority: certificates.trusted.clone(),
        });
        let value = self.requestheader_username_headers.join(",");
        let flag = "requestheader-username-headers";
        known.map(Some).map_err(|error| wrong(flag, value, error.to_string()))
    }

    /// The issuer of `OpenID` Connect tokens, if one is named.
    pub(crate) fn oidc(&self) -> Result<Option<Oidc>, ClusterError> {
        let texts = [
            &self.oidc_issuer_url,
            &self.oidc_client_id,
            &self.oidc_username_claim,
            &self.oidc_username_prefix,
            &self.oidc_groups_claim,
            &self.oidc_groups_prefix,
        ];
        let named = texts.iter().any(|text| text.is_some())
            || self.oidc_ca_file.is_some()
            || !self.oidc_required_claim.is_empty()
            || !self.oidc_signing_algs.is_empty();
        if !named {
            return Ok(None);
        }
        let mut required_claims = BTreeMap::new();
        for pair in &self.oidc_required_claim {
            let Some((claim, value)) = pair.split_once('=') else {
                return Err(wrong("oidc-required-claim", pair, "expected key=value"));
            };
            required_claims.insert(claim.to_owned(), value.to_owned());
        }
        let authorities = match &self.oidc_ca_file {
            None => None,
            Some(path) => Some(fs::read(path).map_err(ClusterError::file(path))?),
        };
        let [issuer_url, client_id, username_claim, username_prefix, groups_claim, groups_prefix] =
            texts.map(|text| text.clone().unwrap_or_default());
        let config = OidcConfig {
            issuer_url,
            client_id,
            username_claim,
            username_prefix,
            groups_claim,
            groups_prefix,
            required_claims,
            signing_algs: self.oidc_signing_algs.clone(),
            authorities,
        };
        let oidc = Oidc::new(config);
        oidc.map(Some).map_err(|error| wrong(error.flag, error.value.as_str(), error.to_string()))
    }

    /// How much at once, and how long.
    pub(crate) fn limits(&self) -> Result<Limits, ClusterError> {
        let reading = self.max_requests_inflight.unwrap_or(400);
        let seats = reading.saturating_add(self.max_mutating_requests_inflight.unwrap_or(200));
        if seats == 0 {
            let why = "--max-requests-inflight and --max-mutating-requests-inflight must sum to a \
                       positive number";
            return Err(wrong("max-requests-inflight", "0", why));
        }
        let request_timeout = self.request_timeout.unwrap_or(Duration::from_mins(1));
        if request_timeout.is_zero() {
            let why = "--request-timeout can not be negative value";
            return Err(wrong("request-timeout", "0", why));
        }
        Ok(Limits { seats, request_timeout })
    }

    /// The keys beside our own whose service account tokens are taken.
    pub(crate) fn account_keys(&self) -> Result<Vec<PublicKey>, ClusterError> {
        let mut all = Vec::new();
        for path in &self.service_account_key_file {
            let found = keys_in(path)?;
            if found.is_empty() {
                let why = "data does not contain any valid RSA or ECDSA public keys";
                return Err(wrong("service-account-key-file", path.display().to_string(), why));
            }
            all.extend(found);
        }
        Ok(all)
    }
}

/// The keys of a PEM file: private ones, public ones and those of certificates.
fn keys_in(path: &Path) -> Result<Vec<PublicKey>, ClusterError> {
    let text = fs::read(path).map_err(ClusterError::file(path))?;
    let mut found = Vec::new();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(&text) {
        let Ok((kind, der)) = section else { continue };
        let private = match kind {
            SectionKind::RsaPrivateKey => Some(PrivateKeyDer::Pkcs1(der.clone().into())),
            SectionKind::EcPrivateKey => Some(PrivateKeyDer::Sec1(der.clone().into())),
            _ => None,
        };
        let der = private.map_or(der, |key| keys::pkcs8(key).secret_der().to_vec());
        found.extend(PublicKey::from_der(&der));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_named_whole_or_not_at_all() {
        assert!(ServerSettings::default().oidc().unwrap().is_none());
        let half = ServerSettings {
            oidc_groups_claim: Some("groups".into()),
            ..ServerSettings::default()
        };
        let why = half.oidc().unwrap_err().to_string();
        assert!(why.contains("must be specified together"), "{why}");
        let claim = ServerSettings {
            oidc_required_claim: vec!["nothing".into()],
            ..ServerSettings::default()
        };
        assert!(claim.oidc().unwrap_err().to_string().contains("key=value"));
    }
}
