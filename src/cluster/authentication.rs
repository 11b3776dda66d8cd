//! Who may call by the word of others: issuers of tokens, by flags or by a file that is read again
//! whenever it changes. Source: kube-apiserver's `--authentication-config`.

use std::{fs, path::Path};

use apiserver::{Anonymous, ApiServer, AuthenticationConfig, Oidc};
use lifecycle::{StopToken, Task};
use sys::watch::FolderWatch;

use crate::{ClusterError, Settings, server::wrong};

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

/// Follows the file, if there is one: its issuers count as soon as it is written. One that cannot be
/// followed changes nothing, and who may call without being known stays as it was at the start.
pub(crate) fn follow(
    settings: &Settings,
    server: &ApiServer,
    stop: &StopToken,
) -> Result<Option<Task>, ClusterError> {
    let Some(path) = settings.server.authentication_config.clone() else { return Ok(None) };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    let mut watch = FolderWatch::new(&folder).map_err(ClusterError::file(&folder))?;
    let (server, issuer) = (server.clone(), settings.issuer());
    let task = lifecycle::spawn("cluster/authentication", stop, async move {
        let mut known = String::new();
        loop {
            // The first time, too: it may have changed before it was watched.
            if let Ok(text) = fs::read_to_string(&path)
                && text != known
            {
                take(&server, &text, &issuer);
                known = text;
            }
            if let Err(error) = watch.changed().await {
                tracing::error!(%error, "the authentication configuration is not followed any more");
                return;
            }
        }
    });
    Ok(Some(task))
}

fn take(server: &ApiServer, text: &str, issuer: &str) {
    match AuthenticationConfig::parse(text, issuer) {
        Ok(config) => server.take_issuers(config.issuers),
        Err(error) => tracing::error!(%error, "the authentication configuration is not taken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerSettings;

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
