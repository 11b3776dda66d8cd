//! Images from archives: what `docker save` writes, and OCI layouts, as a file or as a folder.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::layer::{LIMIT, decompress};
use super::{
    ImageError, Names, Reference, Store, digest_hex, digest_of, parse_config, store_error,
};

/// Longest manifest, index or configuration that is read.
pub(super) const MAX_DOCUMENT: u64 = 8 << 20;

/// One image in `manifest.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerEntry {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

/// A manifest, or an index of them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Manifest {
    pub(super) config: Option<Descriptor>,
    pub(super) layers: Vec<Descriptor>,
    pub(super) manifests: Vec<Descriptor>,
}

/// What a manifest says of a blob.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: BTreeMap<String, String>,
}

/// Which machines an entry of an index is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    pub(super) os: String,
    pub(super) architecture: String,
}

impl Manifest {
    /// The index's entry for this machine.
    pub(super) fn for_this_machine(&self) -> Option<&Descriptor> {
        let architecture = architecture();
        let fits = |d: &&Descriptor| {
            d.platform.as_ref().is_some_and(|p| p.os == "linux" && p.architecture == architecture)
        };
        let any = || self.manifests.iter().find(|d| d.platform.is_none());
        self.manifests.iter().find(fits).or_else(any)
    }
}

/// This machine's architecture in Go's words.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

impl Store {
    /// Loads every image of an archive or layout; answers with their names, or ids where unnamed.
    ///
    /// Blocks: as long as unpacking takes; call it where blocking is allowed.
    pub fn load(&self, path: &Path) -> Result<Vec<String>, ImageError> {
        if path.is_dir() {
            return self.load_folder(path);
        }
        let file = File::open(path).map_err(|source| store_error(path, source))?;
        let work = self.work_folder()?;
        let loaded = stage(file, &work)
            .map_err(|error| broken(format!("{} is no image archive: {error}", path.display())))
            .and_then(|()| self.load_folder(&work));
        std::fs::remove_dir_all(&work).map_err(|source| store_error(&work, source))?;
        loaded
    }

    fn load_folder(&self, folder: &Path) -> Result<Vec<String>, ImageError> {
        if folder.join("manifest.json").exists() {
            let entries: Vec<DockerEntry> = document(folder, "manifest.json")?;
            return entries.iter().map(|entry| self.load_docker(folder, entry)).collect();
        }
        if !folder.join("index.json").exists() {
            return Err(broken("neither manifest.json nor index.json is in it".to_owned()));
        }
        let index: Manifest = document(folder, "index.json")?;
        index.manifests.iter().map(|entry| self.load_oci(folder, entry)).collect()
    }

    fn load_docker(&self, folder: &Path, entry: &DockerEntry) -> Result<String, ImageError> {
        let config = read(folder, &entry.config)?;
        let diff_ids = parse_config(&config)?.rootfs.diff_ids;
        if diff_ids.len() != entry.layers.len() {
            return Err(broken("the configuration and the manifest differ on layers".to_owned()));
        }
        let mut size = config.len() as u64;
        for (layer, diff_id) in entry.layers.iter().zip(&diff_ids) {
            size += self.load_layer(&inside(folder, layer)?, diff_id)?;
        }
        let parse = |tag: &String| Ok(tag.parse::<Reference>()?.to_string());
        let tags: Result<Vec<String>, ImageError> =
            entry.repo_tags.iter().flatten().map(parse).collect();
        let names = Names { tags: tags?, digests: Vec::new() };
        let id = self.enter(&config, &names, size)?;
        Ok(names.tags.into_iter().next().unwrap_or(id))
    }

    fn load_oci(&self, folder: &Path, entry: &Descriptor) -> Result<String, ImageError> {
        let mut text = blob(folder, &entry.digest)?;
        let mut manifest: Manifest = parse(&text)?;
        if let Some(inner) = manifest.for_this_machine() {
            text = blob(folder, &inner.digest)?;
            manifest = parse(&text)?;
        }
        let config =
            manifest.config.ok_or_else(|| broken("a manifest has no config".to_owned()))?;
        let config = blob(folder, &config.digest)?;
        let diff_ids = parse_config(&config)?.rootfs.diff_ids;
        if diff_ids.len() != manifest.layers.len() {
            return Err(broken("the configuration and the manifest differ on layers".to_owned()));
        }
        let mut size = (config.len() + text.len()) as u64;
        for (layer, diff_id) in manifest.layers.iter().zip(&diff_ids) {
            size += self.load_layer(&inside(folder, &blob_name(&layer.digest)?)?, diff_id)?;
        }
        let annotation = |key: &str| entry.annotations.get(key);
        let name = annotation("io.containerd.image.name")
            .or_else(|| annotation("org.opencontainers.image.ref.name"));
        let mut names = Names::default();
        if let Some(reference) = name.and_then(|name| name.parse::<Reference>().ok()) {
            names.digests.push(format!("{}@{}", reference.name(), digest_of(&text)));
            names.tags.push(reference.to_string());
        }
        let id = self.enter(&config, &names, size)?;
        Ok(names.tags.into_iter().next().unwrap_or(id))
    }

    fn load_layer(&self, path: &Path, diff_id: &str) -> Result<u64, ImageError> {
        let file = File::open(path).map_err(|source| store_error(path, source))?;
        let size = file.metadata().map_err(|source| store_error(path, source))?.len();
        self.add_layer(file, diff_id)?;
        Ok(size)
    }
}

/// Lays an archive's plain files out in `work`. Links between them, as older versions of docker
/// write for repeated layers, become copies of the name they point to.
fn stage(file: File, work: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(decompress(file)?.take(LIMIT.bytes));
    let mut links = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.into_owned();
        let target = work.join(plain_path(&name)?);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        match entry.header().entry_type() {
            tar::EntryType::Regular => {
                io::copy(&mut entry, &mut File::create(&target)?)?;
            }
            tar::EntryType::Symlink | tar::EntryType::Link => {
                let to = entry.link_name()?.ok_or(io::ErrorKind::InvalidData)?;
                let from = name.parent().unwrap_or(Path::new(""));
                links.push((target, work.join(resolved(from, &to)?)));
            }
            _ => {}
        }
    }
    for (link, to) in links {
        std::fs::hard_link(to, link)?;
    }
    Ok(())
}

/// Refuses names that lead out of the folder they are joined to.
fn plain_path(name: &Path) -> io::Result<PathBuf> {
    let plain = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if name.components().all(|part| plain(&part)) {
        return Ok(name.to_owned());
    }
    Err(io::Error::other(format!("the name {} leads out", name.display())))
}

/// A link's target, from the folder that it stands in, without leaving the archive.
fn resolved(from: &Path, to: &Path) -> io::Result<PathBuf> {
    let mut path = from.to_owned();
    for part in to.components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(io::Error::other(format!("the link {} leads out", to.display())));
            }
        }
    }
    Ok(path)
}

fn inside(folder: &Path, name: &str) -> Result<PathBuf, ImageError> {
    let path = plain_path(Path::new(name)).map_err(|error| broken(error.to_string()))?;
    Ok(folder.join(path))
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ImageError> {
    let path = inside(folder, name)?;
    let failed = |source| store_error(&path, source);
    let mut bytes = Vec::new();
    File::open(&path)
        .map_err(failed)?
        .take(MAX_DOCUMENT)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

fn document<T: for<'de> Deserialize<'de>>(folder: &Path, name: &str) -> Result<T, ImageError> {
    parse(&read(folder, name)?)
}

pub(super) fn parse<T: for<'de> Deserialize<'de>>(text: &[u8]) -> Result<T, ImageError> {
    serde_json::from_slice(text).map_err(|error| broken(format!("manifest: {error}")))
}

fn blob_name(digest: &str) -> Result<String, ImageError> {
    let hex = digest_hex(digest).ok_or_else(|| broken(format!("{digest:?} is no digest")))?;
    Ok(format!("blobs/sha256/{hex}"))
}

fn blob(folder: &Path, digest: &str) -> Result<Vec<u8>, ImageError> {
    let bytes = read(folder, &blob_name(digest)?)?;
    let got = digest_of(&bytes);
    if got == digest { Ok(bytes) } else { Err(ImageError::Digest { want: digest.to_owned(), got }) }
}

pub(super) fn broken(what: String) -> ImageError {
    ImageError::Broken { what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::registries::Registries;

    #[test]
    fn links_stay_in_the_archive() {
        for (from, to, want) in [
            ("b", "../a/layer.tar", Some("a/layer.tar")),
            ("b", "layer.tar", Some("b/layer.tar")),
            ("b", "../../etc/passwd", None),
            ("b", "/etc/passwd", None),
        ] {
            let found = resolved(Path::new(from), Path::new(to)).ok();
            assert_eq!(found.as_deref(), want.map(Path::new), "{to}");
        }
    }

    #[test]
    fn what_is_no_archive_is_refused_and_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let store = Store::open(root.path(), Registries::default()).unwrap();
        let file = root.path().join("a.tar");
        for (case, text) in [("text", "this is no archive".repeat(100)), ("empty", String::new())] {
            std::fs::write(&file, text).unwrap();
            assert!(matches!(store.load(&file), Err(ImageError::Broken { .. })), "{case}");
            assert_eq!(std::fs::read_dir(root.path().join("work")).unwrap().count(), 0, "{case}");
        }
        assert!(store.list().unwrap().is_empty());
    }
}
