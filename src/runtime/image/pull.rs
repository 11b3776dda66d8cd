//! Pulls images by the registry protocol, version 2: tags, digests, indexes, basic and bearer logins.
//!
//! Layers come several at a time. A blob that broke off is continued where it stopped, also in a later pull.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use futures::FutureExt as _;
use futures::stream::{self, StreamExt as _};
use reqwest::header::{ACCEPT, AUTHORIZATION, RANGE, WWW_AUTHENTICATE};
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use super::load::{Descriptor, MAX_DOCUMENT, Manifest, broken, parse};
use super::registries::{Login, Registries};
use super::{
    Image, ImageError, Names, Reference, Store, digest_hex, digest_of, hex, parse_config,
    store_error,
};

/// A user's name and password for one pull.
pub type Credentials = Login;

/// Hears how far a pull is: layer digest, bytes there, bytes in all.
pub type Progress = Arc<dyn Fn(&str, u64, u64) + Send + Sync>;

/// Layers of one image that are brought at a time. Source: docker's `max-concurrent-downloads`.
const AT_ONCE: usize = 3;
/// How often a blob is asked for before the pull fails.
const ATTEMPTS: u32 = 3;

const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.docker.distribution.manifest.v2+json";

impl Store {
    /// Brings an image here, from the first of the registry's endpoints that has it.
    pub async fn pull(
        &self,
        name: &str,
        credentials: Option<&Credentials>,
        progress: Option<Progress>,
    ) -> Result<Image, ImageError> {
        let reference: Reference = name.parse()?;
        if reference.registry == crate::demo::REGISTRY {
            return self.make_demo(&reference).await;
        }
        let mut refused: Vec<ImageError> = Vec::new();
        for base in self.0.registries.endpoints(&reference.registry) {
            let remote = Remote::new(&self.0.registries, base, &reference, credentials)?;
            match self.pull_from(remote, &reference, progress.as_ref()).await {
                Ok(image) => return Ok(image),
                Err(error) => refused.push(error),
            }
        }
        let missing = || ImageError::Missing { reference: name.to_owned() };
        Err(refused.into_iter().min_by_key(says_little).unwrap_or_else(missing))
    }

    async fn pull_from(
        &self,
        mut remote: Remote<'_>,
        reference: &Reference,
        progress: Option<&Progress>,
    ) -> Result<Image, ImageError> {
        let top = remote.manifest(reference.manifest()).await?;
        let top_digest = digest_of(&top);
        if let Some(want) = reference.digest.as_ref().filter(|want| **want != top_digest) {
            return Err(ImageError::Digest { want: want.clone(), got: top_digest });
        }
        let mut manifest: Manifest = parse(&top)?;
        if !manifest.manifests.is_empty() {
            let chosen = manifest
                .for_this_machine()
                .cloned()
                .ok_or_else(|| broken("no match for platform in manifest: not found".to_owned()))?;
            let text = remote.manifest(&chosen.digest).await?;
            check(&text, &chosen.digest)?;
            manifest = parse(&text)?;
        }
        let config =
            manifest.config.ok_or_else(|| broken("the manifest has no config".to_owned()))?;
        let text = remote.document(&config).await?;
        let diff_ids = parse_config(&text)?.rootfs.diff_ids;
        if diff_ids.len() != manifest.layers.len() {
            return Err(broken("the configuration and the manifest differ on layers".to_owned()));
        }
        let layers: BTreeMap<&String, &Descriptor> =
            diff_ids.iter().zip(&manifest.layers).collect();
        let mut pulls = Vec::with_capacity(layers.len());
        for (diff_id, layer) in layers {
            pulls.push(self.pull_layer(remote.clone(), layer, diff_id, progress).boxed());
        }
        // Where one fails the others still come to their end: a later pull finds them here.
        let pulled: Vec<_> = stream::iter(pulls).buffer_unordered(AT_ONCE).collect().await;
        pulled.into_iter().collect::<Result<(), _>>()?;

        let size = manifest.layers.iter().map(|layer| layer.size).sum::<u64>() + config.size;
        let tags = reference.tag.iter().filter(|_| reference.digest.is_none());
        let names = Names {
            tags: tags.map(|tag| format!("{}:{tag}", reference.name())).collect(),
            digests: vec![format!("{}@{top_digest}", reference.name())],
        };
        let id = self.enter(&text, &names, size)?;
        self.find(&id)
    }

    async fn pull_layer(
        &self,
        mut remote: Remote<'_>,
        layer: &Descriptor,
        diff_id: &str,
        progress: Option<&Progress>,
    ) -> Result<(), ImageError> {
        if self.layer(diff_id).exists() {
            if let Some(progress) = progress {
                progress(&layer.digest, layer.size, layer.size);
            }
            return Ok(());
        }
        let hex = digest_hex(&layer.digest).ok_or_else(|| broken("no digest".to_owned()))?;
        let part = self.0.root.join("work").join(format!("{hex}.part"));
        let _turn = claim(&part).await?;
        if self.layer(diff_id).exists() {
            return forget(&part);
        }
        remote.blob(layer, &part, progress).await?;
        let (store, diff_id, opened) = (self.clone(), diff_id.to_owned(), part.clone());
        let unpacked = tokio::task::spawn_blocking(move || {
            let file = File::open(&opened).map_err(|source| store_error(&opened, source))?;
            store.add_layer(file, &diff_id)
        });
        let unpacked =
            unpacked.await.map_err(|_| broken("unpacking was interrupted".to_owned()))?;
        forget(&part)?;
        unpacked
    }
}

/// Waits until nobody else, in this process or another, brings the same blob.
async fn claim(part: &Path) -> Result<File, ImageError> {
    let part = part.to_owned();
    let claimed = tokio::task::spawn_blocking(move || {
        let opened = OpenOptions::new().create(true).append(true).open(&part);
        let locked = opened.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|source| store_error(&part, source))
    });
    claimed.await.map_err(|_| broken("the pull was interrupted".to_owned()))?
}

/// Removes what a blob was brought into; another pull may have done so.
fn forget(part: &Path) -> Result<(), ImageError> {
    match std::fs::remove_file(part) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(store_error(part, source))
        }
        _ => Ok(()),
    }
}

/// Of several endpoints' errors the first of those that say most is told, as containerd does.
fn says_little(error: &ImageError) -> u8 {
    match error {
        ImageError::Transport { .. } => 2,
        ImageError::Registry { code: 404, .. } => 1,
        _ => 0,
    }
}

/// One repository at one endpoint.
#[derive(Clone)]
struct Remote<'a> {
    client: Client,
    base: String,
    reference: &'a Reference,
    login: Option<Login>,
    authorization: Option<String>,
}

/// A token service's answer.
#[derive(Deserialize)]
struct Token {
    #[serde(alias = "access_token")]
    token: String,
}

impl<'a> Remote<'a> {
    fn new(
        registries: &Registries,
        base: String,
        reference: &'a Reference,
        credentials: Option<&Credentials>,
    ) -> Result<Self, ImageError> {
        let access = registries.access(&base);
        let tls = access.tls.unwrap_or_default();
        // Fails only if another part of the program has chosen one before, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut client = Client::builder()
            .user_agent("kanoe")
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_mins(1))
            .tls_danger_accept_invalid_certs(tls.insecure_skip_verify);
        if let Some(path) = &tls.ca_file {
            let text = std::fs::read(path).map_err(|source| store_error(path, source))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&text)
                .map_err(|error| broken(format!("{}: {error}", path.display())))?;
            client = client.tls_certs_merge(certificates);
        }
        let client = client.build().map_err(|error| transport(&base, &error))?;
        let login = credentials.cloned().or(access.auth);
        Ok(Self { client, base, reference, login, authorization: None })
    }

    /// Asks for a path of the repository; logs in when told to.
    async fn get(&mut self, kind: &str, name: &str, from: u64) -> Result<Response, ImageError> {
        let url = format!("{}/v2/{}/{kind}/{name}", self.base, self.reference.repository);
        let mut answer = self.send(&url, kind, from).await?;
        if answer.status() == StatusCode::UNAUTHORIZED && self.authorization.is_none() {
            let challenge = answer.headers().get(WWW_AUTHENTICATE).and_then(|v| v.to_str().ok());
            self.log_in(&url, challenge.unwrap_or_default().to_owned()).await?;
            answer = self.send(&url, kind, from).await?;
        }
        if answer.status().is_success() {
            return Ok(answer);
        }
        let code = answer.status();
        Err(ImageError::Registry { url, status: code.to_string(), code: code.as_u16() })
    }

    async fn send(&self, url: &str, kind: &str, from: u64) -> Result<Response, ImageError> {
        let mut request = self.client.get(url);
        if kind == "manifests" {
            request = request.header(ACCEPT, MANIFESTS);
        }
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request.send().await.map_err(|error| transport(url, &error))
    }

    async fn log_in(&mut self, url: &str, challenge: String) -> Result<(), ImageError> {
        let basic = self.login.as_ref().map(|login| {
            let pair = format!("{}:{}", login.username, login.password);
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        });
        let Some(Bearer { realm, service, scope }) = Bearer::parse(&challenge) else {
            self.authorization = basic;
            return Ok(());
        };
        let pull = format!("repository:{}:pull", self.reference.repository);
        let scope = if scope.is_empty() { pull } else { scope };
        let mut query = vec![("scope", scope)];
        if !service.is_empty() {
            query.push(("service", service));
        }
        let pairs = query.iter().map(|(name, value)| format!("{name}={}", percent(value)));
        let joint = if realm.contains('?') { "&" } else { "?" };
        let address = format!("{realm}{joint}{}", pairs.collect::<Vec<_>>().join("&"));
        let mut request = self.client.get(&address);
        if let Some(basic) = basic {
            request = request.header(AUTHORIZATION, basic);
        }
        let answer = request.send().await.map_err(|error| transport(&realm, &error))?;
        if !answer.status().is_success() {
            let code = answer.status();
            let url = url.to_owned();
            return Err(ImageError::Registry {
                url,
                status: code.to_string(),
                code: code.as_u16(),
            });
        }
        let token: Token = answer.json().await.map_err(|error| transport(&realm, &error))?;
        self.authorization = Some(format!("Bearer {}", token.token));
        Ok(())
    }

    async fn manifest(&mut self, name: &str) -> Result<Vec<u8>, ImageError> {
        let answer = self.get("manifests", name, 0).await?;
        limited(answer).await
    }

    async fn document(&mut self, descriptor: &Descriptor) -> Result<Vec<u8>, ImageError> {
        let answer = self.get("blobs", &descriptor.digest, 0).await?;
        let text = limited(answer).await?;
        check(&text, &descriptor.digest)?;
        Ok(text)
    }

    /// Brings a blob into a file; what an earlier attempt brought is kept and continued.
    async fn blob(
        &mut self,
        descriptor: &Descriptor,
        part: &PathBuf,
        progress: Option<&Progress>,
    ) -> Result<(), ImageError> {
        let mut attempt = 1;
        loop {
            let brought = self.continue_blob(descriptor, part, progress).await;
            match brought {
                Err(ImageError::Transport { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
                Ok(()) => break,
            }
        }
        let (path, want) = (part.clone(), descriptor.digest.clone());
        let checked = tokio::task::spawn_blocking(move || check_file(&path, want));
        checked.await.map_err(|_| broken("the check was interrupted".to_owned()))?
    }

    async fn continue_blob(
        &mut self,
        descriptor: &Descriptor,
        part: &PathBuf,
        progress: Option<&Progress>,
    ) -> Result<(), ImageError> {
        let failed = |source| store_error(part, source);
        let there = std::fs::metadata(part).map_or(0, |meta| meta.len());
        if there >= descriptor.size && there > 0 {
            return Ok(());
        }
        let mut answer = self.get("blobs", &descriptor.digest, there).await?;
        let url = answer.url().to_string();
        let goes_on = answer.status() == StatusCode::PARTIAL_CONTENT;
        let mut options = tokio::fs::OpenOptions::new();
        options.create(true).write(true).append(goes_on).truncate(!goes_on);
        let mut file = options.open(part).await.map_err(failed)?;
        let mut done = if goes_on { there } else { 0 };
        let received = async {
            while let Some(bytes) = answer.chunk().await.map_err(|error| transport(&url, &error))? {
                done += bytes.len() as u64;
                if done > descriptor.size {
                    let most = descriptor.size;
                    return Err(broken(format!("{url} sends more than {most} bytes")));
                }
                file.write_all(&bytes).await.map_err(failed)?;
                if let Some(progress) = progress {
                    progress(&descriptor.digest, done, descriptor.size);
                }
            }
            Ok(())
        };
        let received = received.await;
        // However it ended: what is still on its way to the file must not meet the next attempt.
        file.flush().await.map_err(failed)?;
        received?;
        if done == descriptor.size {
            return Ok(());
        }
        Err(ImageError::Transport {
            url,
            cause: format!("ended after {done} of {} bytes", descriptor.size),
        })
    }
}

/// What a registry wants before it lets us in.
struct Bearer {
    realm: String,
    service: String,
    scope: String,
}

impl Bearer {
    fn parse(challenge: &str) -> Option<Self> {
        let (scheme, rest) = challenge.split_once(' ')?;
        let value = |wanted: &str| -> Option<String> {
            let from = rest.find(&format!("{wanted}=\""))? + wanted.len() + 2;
            let tail = rest.get(from..)?;
            tail.split_once('"').map(|(value, _)| value.to_owned())
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let or_empty = |name| value(name).unwrap_or_default();
        Some(Self {
            realm: value("realm")?,
            service: or_empty("service"),
            scope: or_empty("scope"),
        })
    }
}

/// Escapes what a query may not hold.
fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/,".contains(&b);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

async fn limited(mut answer: Response) -> Result<Vec<u8>, ImageError> {
    let url = answer.url().to_string();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| transport(&url, &error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_DOCUMENT {
            return Err(broken(format!("{url} is too long")));
        }
    }
    Ok(bytes)
}

fn check(bytes: &[u8], want: &str) -> Result<(), ImageError> {
    let got = digest_of(bytes);
    if got == want { Ok(()) } else { Err(ImageError::Digest { want: want.to_owned(), got }) }
}

/// A file of the wrong digest is removed, or the next pull would find it complete.
fn check_file(path: &PathBuf, want: String) -> Result<(), ImageError> {
    let failed = |source| store_error(path, source);
    let mut hash = Sha256::new();
    std::io::copy(&mut File::open(path).map_err(failed)?, &mut hash).map_err(failed)?;
    let got = format!("sha256:{}", hex(&hash.finalize()));
    if got == want {
        return Ok(());
    }
    std::fs::remove_file(path).map_err(failed)?;
    Err(ImageError::Digest { want, got })
}

/// All causes of a transport's error in one line, as Go's errors read.
fn transport(url: &str, error: &reqwest::Error) -> ImageError {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    if causes.is_empty() {
        causes.push(error.to_string());
    }
    ImageError::Transport { url: url.to_owned(), cause: causes.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let text = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/a:pull""#;
        let bearer = Bearer::parse(text).unwrap();
        assert_eq!(bearer.realm, "https://auth.docker.io/token");
        assert_eq!(bearer.service, "registry.docker.io");
        assert_eq!(bearer.scope, "repository:library/a:pull");
        assert!(Bearer::parse(r#"Basic realm="x""#).is_none());
    }
}
