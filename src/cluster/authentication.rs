//! Who may call by the word of others: issuers of tokens, by flags or by a file that is read again
//! whenever it changes. Source: kube-apiserver's `--authentication-config`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use apiserver::{
    Anonymous, ApiServer, AuthenticationConfig, Oidc, TokenWebhook, TokenWebhookConfig,
};
use lifecycle::{StopToken, Task};
use sys::watch::FolderWatch;

use crate::{ClusterError, ServerSettings, Settings, server::wrong};

const FLAG: &str = "authentication-config";

/// Whose tokens are taken, and who may call without one.
pub(crate) struct Authentication {
    pub(crate) issuers: Vec<Oidc>,
    pub(crate) anonymous: Anonymous,
}

impl Settings {
    /// The issuer of service account tokens.
    pub(crate) fn issuer(&self) -> String {
        let usual = || format!("https://kubernetes.default.svc.{}", self.domain());
        self.service_account_issuer.clone().unwrap_or_else(usual)
    }

    /// Issuers and anonymous callers, by flags or by the file. Errors: what cannot be followed, and both
    /// of them at once.
    pub(crate) fn authentication(&self) -> Result<Authentication, ClusterError> {
        let by_flags = self.server.oidc()?;
        let anonymous =
            Anonymous { enabled: self.anonymous_auth.unwrap_or(true), paths: Vec::new() };
        let Some(path) = &self.server.authentication_config else {
            return Ok(Authentication { issuers: by_flags.into_iter().collect(), anonymous });
        };
        let refused = |why: &str| wrong(FLAG, path.display().to_string(), why);
        if by_flags.is_some() {
            let why = "authentication-config file and oidc-* flags are mutually exclusive";
            return Err(refused(why));
        }
        let text = fs::read_to_string(path).map_err(ClusterError::file(path))?;
        let config = AuthenticationConfig::parse(&text, &self.issuer())
            .map_err(|error| refused(&error.to_string()))?;
        if config.anonymous.is_some() && self.anonymous_auth.is_some() {
            let why = "anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field \
                       is configured in authentication configuration file";
            return Err(refused(why));
        }
        let anonymous = config.anonymous.unwrap_or(anonymous);
        Ok(Authentication { issuers: config.issuers, anonymous })
    }
}

impl ServerSettings {
    /// The program that knows tokens, if one is named.
    pub(crate) fn token_webhook(&self) -> Result<Option<TokenWebhook>, ClusterError> {
        let Some(path) = self.authentication_token_webhook_config_file.clone() else {
            return Ok(None);
        };
        let shown = path.display().to_string();
        let webhook = TokenWebhook::new(&TokenWebhookConfig {
            path,
            version: self.authentication_token_webhook_version.clone().unwrap_or_default(),
            time: self.authentication_token_webhook_cache_ttl,
        });
        let flag = "authentication-token-webhook-config-file";
        webhook.map(Some).map_err(|error| wrong(flag, shown, error.to_string()))
    }
}

/// Follows the file, if there is one: its issuers count as soon as it is written. One that cannot be
/// followed changes nothing, and who may call without being known stays as it was at the start.
pub(crate) fn follow(
    settings: &Settings,
    server: &ApiServer,
    stop: &StopToken,
) -> Result<Option<Task>, ClusterError> {
    let Some(path) = settings.server.authentication_config.clone() else { return Ok(None) };
    let (server, issuer) = (server.clone(), settings.issuer());
    let take = move |text: &str| match AuthenticationConfig::parse(text, &issuer) {
        Ok(config) => server.take_issuers(config.issuers),
        Err(error) => tracing::error!(%error, "the authentication configuration is not taken"),
    };
    follow_file("cluster/authentication", path, stop, take).map(Some)
}

/// Reads a file whenever it changes, and gives its text away.
pub(crate) fn follow_file(
    name: &'static str,
    path: PathBuf,
    stop: &StopToken,
    take: impl Fn(&str) + Send + 'static,
) -> Result<Task, ClusterError> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    let mut watch = FolderWatch::new(&folder).map_err(ClusterError::file(&folder))?;
    Ok(lifecycle::spawn(name, stop, async move {
        let mut known = String::new();
        loop {
            // The first time, too: it may have changed before it was watched.
            if let Ok(text) = fs::read_to_string(&path)
                && text != known
            {
                take(&text);
                known = text;
            }
            if let Err(error) = watch.changed().await {
                tracing::error!(%error, path = %path.display(), "a file is not followed any more");
                return;
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_file_exclude_each_other() {
        let folder = std::env::temp_dir().join(format!("kanoe-authn-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("config.yaml");
        let text = "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n\
                    jwt: []\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n";
        fs::write(&path, text).unwrap();
        let with = |change: fn(&mut Settings)| {
            let server = ServerSettings {
                authentication_config: Some(path.clone()),
                ..ServerSettings::default()
            };
            let mut settings = Settings { server, ..Settings::default() };
            change(&mut settings);
            settings.authentication().map(|it| it.anonymous.paths).map_err(|it| it.to_string())
        };
        assert_eq!(with(|_| ()), Ok(vec!["/livez".to_owned()]));
        let both = with(|it| it.anonymous_auth = Some(true)).unwrap_err();
        assert!(both.contains("--anonymous-auth flag cannot be set when anonymous"), "{both}");
        let both = with(|it| {
            it.server.oidc_issuer_url = Some("https://a".into());
            it.server.oidc_client_id = Some("k".into());
        });
        let both = both.unwrap_err();
        assert!(both.contains("file and oidc-* flags are mutually exclusive"), "{both}");
        fs::write(&path, text.replace("true", "false")).unwrap();
        let wrong = with(|_| ()).unwrap_err();
        assert!(wrong.contains("enabled should be set to true when conditions"), "{wrong}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
