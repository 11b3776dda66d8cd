//! `create configmap` and `create secret`: data from files, folders and literal values.

use std::path::Path;

use crate::text::Add as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use machinery::yaml;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{Refusal, generated, named, one_name, resource};
use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
};

/// What was given, key by key, in order.
fn data(parsed: &Parsed) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let mut found = Vec::new();
    for source in parsed.list("from-file") {
        from_file(&source, &mut found)?;
    }
    for literal in parsed.list("from-literal") {
        let pair = literal.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) = pair.ok_or_else(|| {
            CliError::plain(format!("invalid literal source {literal}, expected key=value"))
        })?;
        let value = value.trim_matches(|c| c == '"' || c == '\'');
        found.push((key.to_owned(), value.as_bytes().to_vec()));
    }
    for file in parsed.list("from-env-file") {
        from_env_file(&file, &mut found)?;
    }
    Ok(found)
}

fn from_file(source: &str, found: &mut Vec<(String, Vec<u8>)>) -> Result<(), CliError> {
    let (key, path) = match source.split_once('=') {
        Some(("", _)) => {
            let text = format!("key name for file path {} missing", source.trim_start_matches('='));
            return Err(CliError::plain(text));
        }
        Some((key, "")) => {
            return Err(CliError::plain(format!("file path for key name {key} missing")));
        }
        Some((_, path)) if path.contains('=') => {
            return Err(CliError::plain("key names or file paths cannot contain '='"));
        }
        Some((key, path)) => (Some(key), path),
        None => (None, source),
    };
    let meta = std::fs::metadata(path)
        .map_err(|error| CliError::plain(format!("error reading {path}: {}", io_words(&error))))?;
    if meta.is_dir() {
        if key.is_some() {
            let text = "cannot give a key name for a directory path";
            return Err(CliError::plain(text));
        }
        let entries = std::fs::read_dir(path)
            .map_err(|error| CliError::plain(format!("error listing files in {path}: {error}")))?;
        let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            found.push((file_name(file), read(file)?));
        }
        return Ok(());
    }
    let path = Path::new(path);
    found.push((key.map_or_else(|| file_name(path), str::to_owned), read(path)?));
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| {
        CliError::plain(format!("error reading {}: {}", path.display(), io_words(&error)))
    })
}

/// Lines `KEY=value`; a key alone takes its value from our own environment.
pub(crate) fn from_env_file(
    path: &str,
    found: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), CliError> {
    let bytes = read(Path::new(path))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| CliError::plain(format!("env file {path} contains invalid utf8 bytes")))?;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = match line.split_once('=') {
            Some((key, value)) => (key, value.to_owned()),
            None => (line, std::env::var(line).unwrap_or_default()),
        };
        if key.contains(char::is_whitespace) || key.is_empty() {
            return Err(CliError::plain(format!(
                "{path}:{}: {key:?} is not a valid key name: a valid environment variable name must \
                 consist of alphabetic characters, digits, '_', '-', or '.', and must not start with \
                 a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for \
                 validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
                number + 1
            )));
        }
        found.push((key.to_owned(), value.into_bytes()));
    }
    Ok(())
}

fn refuse_mixture(parsed: &Parsed) -> Result<(), CliError> {
    let env = !parsed.list("from-env-file").is_empty();
    if env && (!parsed.list("from-file").is_empty() || !parsed.list("from-literal").is_empty()) {
        let text = "from-env-file cannot be combined with from-file or from-literal";
        return Err(CliError::plain(text));
    }
    Ok(())
}

fn check_key(key: &str) -> Result<(), CliError> {
    let fits = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if fits && !key.is_empty() && key.len() <= 253 {
        return Ok(());
    }
    Err(CliError::plain(format!(
        "{key:?} is not a valid key name: a valid config key must consist of alphanumeric characters, \
         '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation \
         is '[-._a-zA-Z0-9]+')"
    )))
}

pub(crate) async fn configmap(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    refuse_mixture(&parsed)?;
    let (mut texts, mut binaries) = (Map::new(), Map::new());
    for (key, value) in data(&parsed)? {
        check_key(&key)?;
        if texts.contains_key(&key) || binaries.contains_key(&key) {
            return Err(CliError::plain(format!(
                "cannot add key {key:?}, another key by that name already exists in Data for ConfigMap {name:?}"
            )));
        }
        match String::from_utf8(value) {
            Ok(text) => texts.insert(key, text.into()),
            Err(error) => binaries.insert(key, BASE64_STANDARD.encode(error.as_bytes()).into()),
        };
    }
    let mut object = named("v1", "ConfigMap", &name);
    let mut hashed = json!({"kind": "ConfigMap", "name": name, "data": texts});
    if !texts.is_empty() {
        object["data"] = texts.into();
    }
    if !binaries.is_empty() {
        hashed["binaryData"] = binaries.clone().into();
        object["binaryData"] = binaries.into();
    }
    if parsed.is("append-hash") {
        object["metadata"]["name"] = format!("{name}-{}", hash(&hashed)).into();
    }
    let place = resource("v1", "ConfigMap", "configmaps", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("configmap:")).await
}

/// Kubernetes' short hash of a document: no vowels, nothing that reads like a word.
pub(crate) fn hash(document: &Value) -> String {
    let digest = Sha256::digest(yaml::compact(document).as_bytes());
    let hex: String = digest.iter().fold(String::new(), |mut hex, byte| {
        hex.add(format_args!("{byte:02x}"));
        hex
    });
    hex.chars()
        .take(10)
        .map(|c| match c {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            c => c,
        })
        .collect()
}

async fn secret(
    cx: &Context,
    parsed: &Parsed,
    name: &str,
    kind: &str,
    data: Vec<(String, Vec<u8>)>,
) -> Result<(), CliError> {
    let mut values = Map::new();
    for (key, value) in data {
        check_key(&key)?;
        if values.contains_key(&key) {
            return Err(CliError::plain(format!(
                "cannot add key {key}, another key by that name already exists"
            )));
        }
        values.insert(key, BASE64_STANDARD.encode(value).into());
    }
    let mut object = named("v1", "Secret", name);
    if parsed.is("append-hash") {
        let hashed = json!({"kind": "Secret", "type": kind, "name": name, "data": values});
        object["metadata"]["name"] = format!("{name}-{}", hash(&hashed)).into();
    }
    if !values.is_empty() {
        object["data"] = values.into();
    }
    if !kind.is_empty() {
        object["type"] = kind.into();
    }
    let place = resource("v1", "Secret", "secrets", true);
    generated(cx, parsed, object, place, Refusal::FailedTo("secret")).await
}

pub(crate) async fn secret_generic(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    refuse_mixture(&parsed)?;
    let found = data(&parsed)?;
    secret(cx, &parsed, &name, parsed.text("type"), found).await
}

pub(crate) async fn secret_tls(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let (cert, key) = (parsed.text("cert"), parsed.text("key"));
    if cert.is_empty() || key.is_empty() {
        return Err(CliError::plain("key and cert must be specified"));
    }
    let file = |path: &str| {
        std::fs::read(path).map_err(|error| {
            CliError::plain(format!("Cannot read file {path}, open {path}: {}", io_words(&error)))
        })
    };
    let (cert, key) = (file(cert)?, file(key)?);
    if !String::from_utf8_lossy(&cert).contains("-----BEGIN CERTIFICATE-----") {
        return Err(CliError::plain("tls: failed to find any PEM data in certificate input"));
    }
    if !String::from_utf8_lossy(&key).contains("PRIVATE KEY-----") {
        return Err(CliError::plain("tls: failed to find any PEM data in key input"));
    }
    let found = vec![("tls.crt".to_owned(), cert), ("tls.key".to_owned(), key)];
    secret(cx, &parsed, &name, "kubernetes.io/tls", found).await
}

pub(crate) async fn secret_docker_registry(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    const KIND: &str = "kubernetes.io/dockerconfigjson";
    let name = one_name(cx, &parsed)?;
    let mut found = data(&parsed)?;
    let (user, password) = (parsed.text("docker-username"), parsed.text("docker-password"));
    let server = parsed.text("docker-server");
    if found.is_empty() {
        if user.is_empty() || password.is_empty() || server.is_empty() {
            return Err(CliError::plain(
                "either --from-file or the combination of --docker-username, --docker-password and \
                 --docker-server is required",
            ));
        }
        let email = match parsed.text("docker-email") {
            "" => String::new(),
            email => format!("\"email\":{},", yaml::quoted(email)),
        };
        let auth = BASE64_STANDARD.encode(format!("{user}:{password}"));
        let text = format!(
            "{{\"auths\":{{{}:{{\"username\":{},\"password\":{},{email}\"auth\":{}}}}}}}",
            yaml::quoted(server),
            yaml::quoted(user),
            yaml::quoted(password),
            yaml::quoted(&auth)
        );
        found.push((".dockerconfigjson".to_owned(), text.into_bytes()));
    }
    secret(cx, &parsed, &name, KIND, found).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_kubernetes_own() {
        // From kubectl create configmap c --from-literal=a=1 --append-hash.
        let document = json!({"kind": "ConfigMap", "name": "", "data": {}});
        assert_eq!(hash(&document), "42745tchd9", "the empty map of kustomize's own tests");
    }
}
