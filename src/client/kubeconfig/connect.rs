//! From a kubeconfig and flags to a client.

use std::{path::Path, sync::Mutex, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{Cluster, Context, Kubeconfig, User, check, named};
use crate::{
    auth::{Credentials, Impersonation},
    connection::ClientBuilder,
    error::{ClientError, Result},
    transport::{TlsSettings, Transport},
};

/// Flags that beat what a kubeconfig says; empty means not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--context`.
    pub context: String,
    /// `--cluster`.
    pub cluster: String,
    /// `--user`.
    pub user: String,
    /// `--server`.
    pub server: String,
    /// `--namespace`.
    pub namespace: String,
    /// `--token`.
    pub token: String,
    /// `--certificate-authority`.
    pub certificate_authority: String,
    /// `--client-certificate`.
    pub client_certificate: String,
    /// `--client-key`.
    pub client_key: String,
    /// `--tls-server-name`.
    pub tls_server_name: String,
    /// `--insecure-skip-tls-verify`.
    pub insecure: bool,
    /// `--disable-compression`.
    pub uncompressed: bool,
    /// `--username`.
    pub username: String,
    /// `--password`.
    pub password: String,
    /// `--as`, `--as-uid`, `--as-group`, `--as-user-extra`.
    pub identity: Impersonation,
    /// `--request-timeout`.
    pub timeout: Option<Duration>,
}

/// Why a kubeconfig and flags do not name a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nothing says where a cluster is.
    #[error("no configuration has been provided")]
    NotConfigured,
    /// The context of this name is not there.
    #[error("context \"{0}\" does not exist")]
    NoContext(String),
    /// The context asked for by flag, or named by a file, is not there.
    #[error("context was not found for specified context: {0}")]
    ContextNotFound(String),
    /// The cluster that a flag names is not there.
    #[error("no server found for cluster \"{0}\"")]
    NoServer(String),
    /// Details of somebody else without that somebody.
    #[error("requesting uid, groups or user-extra for {0} without impersonating a user")]
    Nobody(String),
    /// Cluster and user contradict themselves, or lack something.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// The user of this name is not there.
    #[error("auth info \"{0}\" does not exist")]
    NoUser(String),
}

/// Where client-go looks for the cluster that a context names and its file does not have.
const NOWHERE: &str = "http://localhost:8080";

/// What flags and kubeconfig settle on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Connection {
    /// The cluster.
    pub cluster: Cluster,
    /// The user.
    pub user: User,
    /// The namespace where a command names none.
    pub namespace: Option<String>,
    flags: Overrides,
}

impl Connection {
    /// Settles which cluster, user and namespace are meant.
    ///
    /// Errors: [`ConnectError::NotConfigured`] where the current context names no cluster; the
    /// context's namespace is then found by [`Connection::namespace_of`].
    pub fn settle(
        config: &Kubeconfig,
        flags: &Overrides,
    ) -> std::result::Result<Self, ConnectError> {
        let context = Self::context(config, flags)?;
        let cluster = pick(&flags.cluster, &context.cluster);
        let mut found = Cluster::default();
        if !cluster.is_empty() {
            let nowhere = || Cluster { server: NOWHERE.to_owned(), ..Cluster::default() };
            found = match named(&config.clusters, cluster) {
                Some(known) => known.clone(),
                None if flags.cluster.is_empty() => nowhere(),
                None => return Err(ConnectError::NoServer(cluster.to_owned())),
            };
        }
        let user = pick(&flags.user, &context.user);
        let mut who = User::default();
        if !user.is_empty() {
            who = match named(&config.users, user) {
                Some(known) => known.clone(),
                None if flags.user.is_empty() => User::default(),
                None => return Err(ConnectError::NoUser(user.to_owned())),
            };
        }
        let as_whom = &flags.identity;
        let details =
            !as_whom.uid.is_empty() || !as_whom.groups.is_empty() || !as_whom.extra.is_empty();
        if as_whom.user.is_empty() && details {
            return Err(ConnectError::Nobody(user.to_owned()));
        }
        if found.server.is_empty() && flags.server.is_empty() {
            return Err(ConnectError::NotConfigured);
        }
        let faults = Self::faults((user, &who), (cluster, &found), flags);
        if !faults.is_empty() {
            return Err(ConnectError::Invalid(faults));
        }
        let namespace = Some(pick(&flags.namespace, context.namespace.as_deref().unwrap_or("")));
        let namespace = namespace.filter(|name| !name.is_empty()).map(str::to_owned);
        Ok(Self { cluster: found, user: who, namespace, flags: flags.clone() })
    }

    /// What is wrong with a user and a cluster, with what flags say of them.
    fn faults(
        (name, user): (&str, &User),
        (cluster_name, cluster): (&str, &Cluster),
        flags: &Overrides,
    ) -> Vec<String> {
        let mut user = user.clone();
        for (flag, field) in [
            (&flags.token, &mut user.token),
            (&flags.username, &mut user.username),
            (&flags.password, &mut user.password),
        ] {
            if !flag.is_empty() {
                *field = Some(flag.clone());
            }
        }
        let mut faults = check::user(name, &user);
        if flags.server.is_empty() || !cluster.server.is_empty() {
            faults.extend(check::cluster(cluster_name, cluster));
        }
        faults
    }

    /// The namespace that flags or the context give, even where no cluster is configured.
    pub fn namespace_of(config: &Kubeconfig, flags: &Overrides) -> Option<String> {
        if !flags.namespace.is_empty() {
            return Some(flags.namespace.clone());
        }
        let context = pick(&flags.context, &config.current_context);
        named(&config.contexts, context)?.namespace.clone().filter(|name| !name.is_empty())
    }

    fn context(
        config: &Kubeconfig,
        flags: &Overrides,
    ) -> std::result::Result<Context, ConnectError> {
        let name = pick(&flags.context, &config.current_context);
        if name.is_empty() {
            return Ok(Context::default());
        }
        match named(&config.contexts, name) {
            Some(context) => Ok(context.clone()),
            None if flags.context.is_empty() => Err(ConnectError::ContextNotFound(name.to_owned())),
            None => Err(ConnectError::NoContext(name.to_owned())),
        }
    }

    /// Whether nothing tells a server behind TLS who asks, so that somebody must be asked for a name.
    pub fn is_nameless(&self) -> bool {
        let (user, flags) = (&self.user, &self.flags);
        let given = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
        let known = [&user.token, &user.token_file, &user.username]
            .into_iter()
            .chain([&user.client_certificate, &user.client_certificate_data])
            .any(given);
        let flagged = [&flags.token, &flags.username, &flags.client_certificate];
        let known = known || flagged.into_iter().any(|flag| !flag.is_empty());
        let asked = user.exec.is_some() || user.auth_provider.is_some();
        !known && !asked && self.server().starts_with("https:")
    }

    /// The server's address.
    pub fn server(&self) -> &str {
        pick(&self.flags.server, &self.cluster.server)
    }

    /// Opens the road: reads certificates, runs a credential plugin if there is one.
    pub async fn connect(&self, user_agent: &str) -> Result<ClientBuilder> {
        let mut tls = self.tls()?;
        let credentials = self.credentials(&mut tls).await?;
        let transport = Transport::tcp(self.server(), &tls).await?;
        ClientBuilder::new(transport)
            .user_agent(user_agent)
            .credentials(credentials)
            .timeout(self.flags.timeout.filter(|limit| !limit.is_zero()))
            .identity(&self.identity())
    }

    fn tls(&self) -> Result<TlsSettings> {
        let (cluster, flags) = (&self.cluster, &self.flags);
        let insecure = flags.insecure || cluster.insecure_skip_tls_verify;
        let authorities = if flags.certificate_authority.is_empty() {
            pem(
                cluster.certificate_authority_data.as_deref(),
                cluster.certificate_authority.as_deref(),
            )?
        } else {
            pem(None, Some(&flags.certificate_authority))?
        };
        if insecure && authorities.is_some() {
            let text = "specifying a root certificates file with the insecure flag is not allowed";
            return Err(ClientError::Config(text.to_owned()));
        }
        let user = &self.user;
        let flag = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let certificate = match flag(&flags.client_certificate) {
            Some(file) => pem(None, Some(&file))?,
            None => {
                pem(user.client_certificate_data.as_deref(), user.client_certificate.as_deref())?
            }
        };
        let key = match flag(&flags.client_key) {
            Some(file) => pem(None, Some(&file))?,
            None => pem(user.client_key_data.as_deref(), user.client_key.as_deref())?,
        };
        Ok(TlsSettings {
            authorities,
            identity: certificate.zip(key).map(|(cert, key)| joined(cert, &key)),
            insecure,
            server_name: flag(&flags.tls_server_name).or_else(|| cluster.tls_server_name.clone()),
            proxy: cluster.proxy_url.clone().filter(|url| !url.is_empty()),
            uncompressed: flags.uncompressed || cluster.disable_compression,
            timeout: None,
            keep_alive: None,
        })
    }

    async fn credentials(&self, tls: &mut TlsSettings) -> Result<Credentials> {
        let (user, flags) = (&self.user, &self.flags);
        if !flags.token.is_empty() {
            return Ok(Credentials::Token(flags.token.clone()));
        }
        if !flags.username.is_empty() {
            let (username, password) = (flags.username.clone(), flags.password.clone());
            return Ok(Credentials::Basic { username, password });
        }
        if let Some(path) = user.token_file.as_ref().filter(|path| !path.is_empty()) {
            return Ok(Credentials::TokenFile { path: path.into(), read: Mutex::new(None) });
        }
        if let Some(token) = user.token.as_ref().filter(|token| !token.is_empty()) {
            return Ok(Credentials::Token(token.clone()));
        }
        if let Some(username) = user.username.clone().filter(|name| !name.is_empty()) {
            let password = user.password.clone().unwrap_or_default();
            return Ok(Credentials::Basic { username, password });
        }
        let Some(plugin) = &user.exec else { return Ok(Credentials::None) };
        let mut plugin = Box::new(plugin.clone());
        plugin.cluster = Some(Box::new(self.cluster.clone()));
        let found = plugin.run().await?;
        if let (Some(cert), Some(key)) = (found.client_certificate_data, found.client_key_data) {
            tls.identity = Some(joined(cert.into_bytes(), key.as_bytes()));
        }
        Ok(Credentials::Exec { plugin, token: Mutex::new(found.token) })
    }

    fn identity(&self) -> Impersonation {
        if !self.flags.identity.user.is_empty() || !self.flags.identity.groups.is_empty() {
            return self.flags.identity.clone();
        }
        Impersonation {
            user: self.user.act_as.clone().unwrap_or_default(),
            uid: self.user.act_as_uid.clone().unwrap_or_default(),
            groups: self.user.act_as_groups.clone().unwrap_or_default(),
            extra: self.user.act_as_extra.clone().unwrap_or_default().into_iter().collect(),
        }
    }
}

fn pick<'a>(flag: &'a str, otherwise: &'a str) -> &'a str {
    if flag.is_empty() { otherwise } else { flag }
}

fn joined(mut certificate: Vec<u8>, key: &[u8]) -> Vec<u8> {
    certificate.push(b'\n');
    certificate.extend_from_slice(key);
    certificate
}

/// PEM from inline data or, failing that, from a file.
fn pem(data: Option<&str>, file: Option<&str>) -> Result<Option<Vec<u8>>> {
    if let Some(data) = data.filter(|data| !data.is_empty()) {
        let decoded = BASE64_STANDARD.decode(data.trim());
        return decoded
            .map(Some)
            .map_err(|error| ClientError::Config(format!("illegal base64 data: {error}")));
    }
    let Some(file) = file.filter(|file| !file.is_empty()) else { return Ok(None) };
    let read = std::fs::read(file);
    read.map(Some).map_err(|source| ClientError::File { path: file.into(), source })
}

/// The connection of a program that runs in a pod, if it does.
pub fn in_cluster(host: Option<String>, port: Option<String>, folder: &Path) -> Option<Connection> {
    let (host, port) = (host.filter(|h| !h.is_empty())?, port.filter(|p| !p.is_empty())?);
    let token = folder.join("token");
    if !token.exists() {
        return None;
    }
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let text = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
    let cluster = Cluster {
        server: format!("https://{host}:{port}"),
        certificate_authority: Some(text(folder.join("ca.crt"))),
        ..Cluster::default()
    };
    let user = User { token_file: Some(text(token)), ..User::default() };
    let namespace = std::fs::read_to_string(folder.join("namespace")).ok();
    let namespace = namespace.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    Some(Connection { cluster, user, namespace, flags: Overrides::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Kubeconfig {
        serde_yaml::from_str(
            "current-context: bare\n\
             clusters: [{name: c, cluster: {server: 'https://c'}}]\n\
             users: [{name: u, user: {token: t}}]\n\
             contexts:\n\
             - {name: bare, context: {namespace: n}}\n\
             - {name: full, context: {cluster: c, user: u, namespace: m}}\n\
             - {name: torn, context: {cluster: gone}}\n",
        )
        .unwrap()
    }

    #[test]
    fn a_context_without_cluster_is_no_configuration_but_has_a_namespace() {
        let flags = Overrides::default();
        assert_eq!(Connection::settle(&config(), &flags), Err(ConnectError::NotConfigured));
        assert_eq!(Connection::namespace_of(&config(), &flags).as_deref(), Some("n"));
    }

    #[test]
    fn flags_beat_the_context() {
        let mut flags = Overrides { context: "full".to_owned(), ..Overrides::default() };
        let found = Connection::settle(&config(), &flags).unwrap();
        assert_eq!((found.server(), found.namespace.as_deref()), ("https://c", Some("m")));
        "http://s".clone_into(&mut flags.server);
        "x".clone_into(&mut flags.namespace);
        let found = Connection::settle(&config(), &flags).unwrap();
        assert_eq!((found.server(), found.namespace.as_deref()), ("http://s", Some("x")));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let with =
            |context: &str| Overrides { context: context.to_owned(), ..Overrides::default() };
        let refusal = |flags| Connection::settle(&config(), &flags).unwrap_err().to_string();
        assert_eq!(refusal(with("nope")), "context \"nope\" does not exist");
        let torn = Connection::settle(&config(), &with("torn")).unwrap();
        assert_eq!(torn.server(), "http://localhost:8080", "as client-go has it");
    }
}
