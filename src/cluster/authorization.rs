//! Who says who may do what: by modes, or by a file that is read again whenever it changes.
//! Source: kube-apiserver's `--authorization-*`.

use std::fs;

use apiserver::{ApiServer, AuthorizationWebhook, Authorizers};
use lifecycle::{StopToken, Task};

use crate::{ClusterError, Settings, authentication::follow_file, server::wrong};

const FLAG: &str = "authorization-config";

impl Settings {
    /// Those who are asked who may do what, in their order. Errors: what cannot be had, and modes beside
    /// a file.
    pub(crate) fn authorizers(&self) -> Result<Authorizers, ClusterError> {
        let server = &self.server;
        let webhook = server.authorization_webhook_config_file.clone();
        let Some(path) = &server.authorization_config else {
            let webhook = webhook.map(|path| AuthorizationWebhook {
                path,
                version: server.authorization_webhook_version.clone().unwrap_or_default(),
                authorized_time: server.authorization_webhook_cache_authorized_ttl,
                unauthorized_time: server.authorization_webhook_cache_unauthorized_ttl,
            });
            let authorizers = Authorizers::of_modes(&self.authorization_mode, webhook.as_ref());
            let modes = self.authorization_mode.join(",");
            return authorizers
                .map_err(|error| wrong("authorization-mode", modes, error.to_string()));
        };
        let refused = |why: &str| wrong(FLAG, path.display().to_string(), why);
        let by_flags = webhook.is_some()
            || !self.authorization_mode.is_empty()
            || server.authorization_webhook_version.is_some()
            || server.authorization_webhook_cache_authorized_ttl.is_some()
            || server.authorization_webhook_cache_unauthorized_ttl.is_some();
        if by_flags {
            let why = "--authorization-config can not be specified when --authorization-mode or \
                       --authorization-webhook-* flags are defined";
            return Err(refused(why));
        }
        let text = fs::read_to_string(path).map_err(ClusterError::file(path))?;
        Authorizers::parse(&text).map_err(|error| refused(&error.to_string()))
    }
}

/// Follows the file, if there is one: it counts as soon as it is written. One that cannot be followed
/// changes nothing.
pub(crate) fn follow(
    settings: &Settings,
    server: &ApiServer,
    stop: &StopToken,
) -> Result<Option<Task>, ClusterError> {
    let Some(path) = settings.server.authorization_config.clone() else { return Ok(None) };
    let server = server.clone();
    let take = move |text: &str| match Authorizers::parse(text) {
        Ok(authorizers) => server.take_authorizers(&authorizers),
        Err(error) => tracing::error!(%error, "the authorization configuration is not taken"),
    };
    follow_file("cluster/authorization", path, stop, take).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerSettings;

    #[test]
    fn modes_and_file_exclude_each_other() {
        let server = ServerSettings {
            authorization_config: Some("authorization.yaml".into()),
            ..ServerSettings::default()
        };
        let modes = vec!["RBAC".to_owned()];
        let both = Settings { server, authorization_mode: modes, ..Settings::default() };
        let said = both.authorizers().unwrap_err().to_string();
        assert!(said.contains("can not be specified when --authorization-mode"), "{said}");
        let server = ServerSettings {
            authorization_webhook_config_file: Some("hook.yaml".into()),
            ..ServerSettings::default()
        };
        let unused = Settings { server, ..Settings::default() };
        let said = unused.authorizers().unwrap_err().to_string();
        assert!(said.contains("config-file without mode Webhook"), "{said}");
        assert!(Settings::default().authorizers().is_ok());
    }
}
