//! Webhooks that a file names in the form of a kubeconfig: its current context says which server, and who
//! we are to it. Source: `webhook.LoadKubeconfig` and `k8s.io/client-go/tools/clientcmd`.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderValue, Uri};
use machinery::{meta, yaml};
use serde_json::Value;

use super::{Endpoint, place_of, unsupported};
use crate::kept::{Own, Trust};

/// How requests say who we are.
#[derive(Clone)]
pub(super) enum Credentials {
    None,
    /// The header's value.
    Header(HeaderValue),
    /// A token in a file that may change.
    TokenFile(PathBuf),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credentials")
    }
}

impl Credentials {
    /// The value of the `Authorization` header. Errors: a file that cannot be read.
    pub(super) fn header(&self) -> Result<Option<HeaderValue>, String> {
        match self {
            Self::None => Ok(None),
            Self::Header(value) => Ok(Some(value.clone())),
            Self::TokenFile(path) => {
                let token = fs::read_to_string(path);
                let token = token.map_err(|error| format!("{}: {error}", path.display()))?;
                header(&format!("Bearer {}", token.trim())).map(Some)
            }
        }
    }
}

fn header(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|error| error.to_string())?;
    value.set_sensitive(true);
    Ok(value)
}

impl Endpoint {
    /// Reads a file in the form of a kubeconfig. Errors: what is wrong with it, or with a file that it
    /// names.
    pub(crate) fn of_kubeconfig(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("open {}: {error}", path.display()))?;
        let document = yaml::parse(&text).map_err(|error| error.to_string())?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let current = meta::text(&document, "/current-context");
        if current.is_empty() {
            return Err("invalid configuration: no configuration has been provided, try setting \
                        KUBERNETES_MASTER environment variable"
                .to_owned());
        }
        let context = named(&document, ("contexts", "context"), current)
            .ok_or_else(|| format!("context was not found for specified context: {current}"))?;
        let name = meta::text(context, "/cluster");
        let cluster = named(&document, ("clusters", "cluster"), name)
            .ok_or_else(|| format!("cluster {name:?} does not exist"))?;
        let name = meta::text(context, "/user");
        let user = match named(&document, ("users", "user"), name) {
            Some(user) => user.clone(),
            None if name.is_empty() => Value::Null,
            None => return Err(format!("auth info {name:?} does not exist")),
        };
        Self::reaching(cluster, &user, folder)
    }

    fn reaching(cluster: &Value, user: &Value, folder: &Path) -> Result<Self, String> {
        let server = meta::text(cluster, "/server");
        let url: Uri = server.parse().map_err(|error| format!("parse {server:?}: {error}"))?;
        let trust = match url.scheme_str() {
            Some("http") => Trust::Plain,
            Some("https") if cluster["insecure-skip-tls-verify"] == true => Trust::Unseen,
            Some("https") => {
                let known = data(cluster, "certificate-authority", folder)?;
                Trust::Authorities(known.unwrap_or_default())
            }
            _ => return Err(unsupported(&url)),
        };
        let mut place = place_of(&url, None, trust);
        let name = meta::text(cluster, "/tls-server-name");
        if !name.is_empty() {
            name.clone_into(&mut place.name);
        }
        let certificate = data(user, "client-certificate", folder)?;
        let key = data(user, "client-key", folder)?;
        place.own = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Own { certificate, key }),
            (None, None) => None,
            _ => {
                return Err("client-certificate and client-key must be specified together".into());
            }
        };
        let credentials = credentials_of(user, folder)?;
        Ok(Self {
            url,
            place,
            credentials,
            agent: "kube-apiserver",
            kept: std::sync::Arc::default(),
        })
    }
}

fn named<'a>(document: &'a Value, (list, part): (&str, &str), name: &str) -> Option<&'a Value> {
    let mut all = meta::items(document, &format!("/{list}")).iter();
    all.find(|one| meta::text(one, "/name") == name).map(|one| &one[part])
}

/// What a field holds itself in base64, or the file holds that it names.
fn data(of: &Value, field: &str, folder: &Path) -> Result<Option<Vec<u8>>, String> {
    let inline = of[format!("{field}-data")].as_str().unwrap_or_default();
    if !inline.is_empty() {
        let bytes = STANDARD.decode(inline);
        return bytes.map(Some).map_err(|error| format!("{field}-data: {error}"));
    }
    match of[field].as_str().unwrap_or_default() {
        "" => Ok(None),
        file => {
            let path = folder.join(file);
            let bytes = fs::read(&path);
            bytes.map(Some).map_err(|error| format!("open {}: {error}", path.display()))
        }
    }
}

fn credentials_of(user: &Value, folder: &Path) -> Result<Credentials, String> {
    if user["exec"].is_object() || user["auth-provider"].is_object() {
        return Err("credentials of programs (exec, auth-provider) are not supported here".into());
    }
    let text = |field: &str| user[field].as_str().unwrap_or_default();
    let (token, file, name) = (text("token"), text("tokenFile"), text("username"));
    if !file.is_empty() {
        return Ok(Credentials::TokenFile(folder.join(file)));
    }
    if !token.is_empty() {
        return header(&format!("Bearer {token}")).map(Credentials::Header);
    }
    if !name.is_empty() {
        let pair = STANDARD.encode(format!("{name}:{}", text("password")));
        return header(&format!("Basic {pair}")).map(Credentials::Header);
    }
    Ok(Credentials::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: 'https://127.0.0.1:8443/hook?x=1'}}]
users: [{name: u, user: {token: secret}}]
";

    #[test]
    fn kubeconfigs_name_a_server_and_who_we_are() {
        let folder = std::env::temp_dir().join(format!("kanoe-hook-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("config");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            Endpoint::of_kubeconfig(&path)
        };
        let usual = read(USUAL).unwrap();
        assert_eq!(usual.url, "https://127.0.0.1:8443/hook?x=1");
        assert_eq!(usual.place.at, "127.0.0.1:8443");
        assert_eq!(usual.credentials.header().unwrap().unwrap(), "Bearer secret");
        fs::write(folder.join("t"), "changed\n").unwrap();
        let file = read(&USUAL.replace("token: secret", "tokenFile: t")).unwrap();
        assert_eq!(file.credentials.header().unwrap().unwrap(), "Bearer changed");
        for (from, to, why) in [
            ("current-context: c", "", "no configuration has been provided"),
            ("cluster: k, user", "cluster: l, user", "cluster \"l\" does not exist"),
            ("user: u}", "user: v}", "auth info \"v\" does not exist"),
            ("https:", "ftp:", "unsupported protocol scheme \"ftp\""),
            ("token: secret", "client-key-data: 'YQ=='", "must be specified together"),
            ("token: secret", "exec: {}", "not supported here"),
            ("token: secret", "client-certificate: none", "none: No such file"),
        ] {
            let why_not = read(&USUAL.replace(from, to)).unwrap_err();
            assert!(why_not.contains(why), "{to}: {why_not}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
