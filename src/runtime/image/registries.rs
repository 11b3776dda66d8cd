//! Which registries are asked instead of others, and how: `registries.yaml`, in k3s's words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ImageError, store_error};

/// The file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registries {
    /// Registry to what is asked before it; `*` stands for every registry.
    pub mirrors: BTreeMap<String, Mirror>,
    /// Registry, or mirror's host, to how it is talked to.
    pub configs: BTreeMap<String, Access>,
}

/// Endpoints asked in order, the registry itself last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mirror {
    /// URLs such as `http://127.0.0.1:5000`.
    pub endpoint: Vec<String>,
}

/// How one host is talked to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Who we are there.
    pub auth: Option<Login>,
    /// Whom we believe it to be.
    pub tls: Option<Tls>,
}

/// A user's name and password.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// User.
    pub username: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Login({})", self.username)
    }
}

/// Certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// File of certificates that may sign the registry's.
    pub ca_file: Option<PathBuf>,
    /// Believe any certificate.
    pub insecure_skip_verify: bool,
}

impl Registries {
    /// Reads the file; none means no mirrors.
    pub fn read(path: &Path) -> Result<Self, ImageError> {
        match std::fs::read_to_string(path) {
            Ok(text) => serde_yaml::from_str(&text)
                .map_err(|error| store_error(path, std::io::Error::other(error.to_string()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(store_error(path, source)),
        }
    }

    /// Base URLs to ask for an image of `registry`, in order.
    pub(crate) fn endpoints(&self, registry: &str) -> Vec<String> {
        let mirrors = self.mirrors.get(registry).or_else(|| self.mirrors.get("*"));
        let mut urls: Vec<String> =
            mirrors.map(|mirror| mirror.endpoint.clone()).unwrap_or_default();
        let host = if registry == "docker.io" { "registry-1.docker.io" } else { registry };
        let scheme = if is_local(registry) { "http" } else { "https" };
        urls.push(format!("{scheme}://{host}"));
        urls.iter().map(|url| url.trim_end_matches('/').to_owned()).collect()
    }

    pub(crate) fn access(&self, url: &str) -> Access {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or(host);
        self.configs.get(host).cloned().unwrap_or_default()
    }
}

/// Registries on this machine are spoken to in the clear, as docker does.
fn is_local(registry: &str) -> bool {
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_come_before_the_registry_itself() {
        let text = "mirrors:\n  docker.io:\n    endpoint: [\"http://10.0.0.1:5000/\"]\n";
        let registries: Registries = serde_yaml::from_str(text).unwrap();
        for (registry, want) in [
            ("docker.io", "http://10.0.0.1:5000 https://registry-1.docker.io"),
            ("gcr.io", "https://gcr.io"),
            ("localhost:5000", "http://localhost:5000"),
            ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ] {
            assert_eq!(registries.endpoints(registry).join(" "), want);
        }
    }

    #[test]
    fn an_unknown_field_is_refused() {
        assert!(serde_yaml::from_str::<Registries>("mirrorz: {}").is_err());
    }
}
