//! Images: a content-addressed store on disk, filled from registries, archives or our own program.
//!
//! Invariants: what an index entry names is complete on disk · every byte was checked against its
//! digest · a layer is kept once, however many images share it, and as long as anybody mounts it.

pub(crate) mod layer;
mod load;
mod pull;
mod reference;
pub mod registries;
pub(crate) mod users;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub(crate) use self::load::architecture;
pub use self::pull::{Credentials, Progress};
pub use self::reference::{Reference, ReferenceError};

/// An image that is ready to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Digest of its configuration.
    pub id: String,
    /// What it asks for.
    pub config: ImageConfig,
    /// Its file system, topmost layer first.
    pub layers: Vec<PathBuf>,
    /// `name:tag` it is known by.
    pub tags: Vec<String>,
    /// `name@sha256:...` it is known by.
    pub digests: Vec<String>,
    /// Bytes on disk.
    pub size_bytes: u64,
}

/// The part of an image's configuration that containers take over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfig {
    /// `NAME=value`.
    #[serde(deserialize_with = "null_as_empty")]
    pub env: Vec<String>,
    /// First words of the command.
    #[serde(deserialize_with = "null_as_empty")]
    pub entrypoint: Vec<String>,
    /// The rest of it, or all.
    #[serde(deserialize_with = "null_as_empty")]
    pub cmd: Vec<String>,
    /// Where it runs.
    pub working_dir: String,
    /// Who it runs as.
    pub user: String,
    /// What asks it to end; empty means SIGTERM.
    pub stop_signal: String,
}

fn null_as_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// The configuration document as far as the store reads it.
#[derive(Debug, Deserialize)]
struct ConfigDocument {
    #[serde(default)]
    config: Option<ImageConfig>,
    rootfs: RootFs,
}

#[derive(Debug, Deserialize)]
struct RootFs {
    diff_ids: Vec<String>,
}

/// What the index keeps of an image.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Record {
    tags: Vec<String>,
    digests: Vec<String>,
    diff_ids: Vec<String>,
    size_bytes: u64,
}

/// Images by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Index {
    images: BTreeMap<String, Record>,
}

/// Why an image could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The name is none.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The store has no such image.
    #[error("{reference}: not found")]
    Missing {
        /// The name asked for.
        reference: String,
    },
    /// A running container is made from it.
    #[error("{reference} is in use by a container")]
    InUse {
        /// The name asked for.
        reference: String,
    },
    /// The store's own files cannot be used.
    #[error("cannot use {path}: {source}")]
    Store {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An archive or a registry's answer is not what it should be.
    #[error("{what}")]
    Broken {
        /// What is wrong.
        what: String,
    },
    /// Bytes do not have the digest that names them.
    #[error("unexpected digest: want {want}, got {got}")]
    Digest {
        /// The name.
        want: String,
        /// What the bytes are.
        got: String,
    },
    /// A registry refused, and how.
    #[error("{url}: {status}")]
    Registry {
        /// What was asked for.
        url: String,
        /// The answer's status line, such as `404 Not Found`.
        status: String,
        /// Its number.
        code: u16,
    },
    /// A registry could not be talked to.
    #[error("{url}: {cause}")]
    Transport {
        /// What was asked for.
        url: String,
        /// Why not, all causes in one line.
        cause: String,
    },
}

/// The images below one folder. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    registries: registries::Registries,
}

impl Store {
    /// Opens the store, making it where there is none.
    pub fn open(root: &Path, registries: registries::Registries) -> Result<Self, ImageError> {
        for folder in ["blobs", "layers", "work"] {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(|source| store_error(&path, source))?;
        }
        let store = Self(Arc::new(Inner { root: root.to_owned(), registries }));
        store.index().map(|_| store)
    }

    /// Finds an image by tag, digest or id.
    pub fn find(&self, name: &str) -> Result<Image, ImageError> {
        let missing = || ImageError::Missing { reference: name.to_owned() };
        let (id, record) = {
            let index = self.index()?;
            let id = find_id(&index, name)?.ok_or_else(missing)?;
            (id.clone(), index.images.get(&id).cloned().ok_or_else(missing)?)
        };
        self.image(id, record)
    }

    /// Every image, by id.
    pub fn list(&self) -> Result<Vec<Image>, ImageError> {
        let records = self.index()?.images;
        records.into_iter().map(|(id, record)| self.image(id, record)).collect()
    }

    fn image(&self, id: String, record: Record) -> Result<Image, ImageError> {
        let document = self.read_config(&id)?;
        let layers = stacked(&record.diff_ids).map(|diff_id| self.layer(diff_id)).collect();
        Ok(Image {
            config: document.config.unwrap_or_default(),
            layers: layers_or_empty(layers, &self.0.root),
            tags: record.tags,
            digests: record.digests,
            size_bytes: record.size_bytes,
            id,
        })
    }

    /// Takes a name away; the image and what only it needs go with its last name.
    pub fn remove(&self, name: &str) -> Result<(), ImageError> {
        let missing = || ImageError::Missing { reference: name.to_owned() };
        let _turn = self.lock()?;
        let mut index = self.index()?;
        let id = find_id(&index, name)?.ok_or_else(missing)?;
        let reference = name.parse::<Reference>().map(|reference| reference.to_string()).ok();
        let record = index.images.get(&id).cloned().ok_or_else(missing)?;
        let by_tag = reference.is_some_and(|tag| record.tags.contains(&tag));
        if by_tag && record.tags.len() > 1 {
            let reference = name.parse::<Reference>()?.to_string();
            if let Some(record) = index.images.get_mut(&id) {
                record.tags.retain(|tag| *tag != reference);
            }
            return self.write_index(&index);
        }

        let kept: Vec<&String> = index
            .images
            .iter()
            .filter(|(other, _)| **other != id)
            .flat_map(|(_, r)| &r.diff_ids)
            .collect();
        let free: Vec<PathBuf> = stacked(&record.diff_ids)
            .filter(|d| !kept.contains(d))
            .map(|d| self.layer(d))
            .collect();
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        if free.iter().any(|layer| mounts.contains(&*layer.to_string_lossy())) {
            return Err(ImageError::InUse { reference: name.to_owned() });
        }
        index.images.remove(&id);
        self.write_index(&index)?;
        for path in free.into_iter().chain([self.blob(&id)]) {
            let removed = if path.is_dir() {
                std::fs::remove_dir_all(&path)
            } else {
                std::fs::remove_file(&path)
            };
            removed.map_err(|source| store_error(&path, source))?;
        }
        Ok(())
    }

    /// The index as it is on disk: other processes write it too.
    fn index(&self) -> Result<Index, ImageError> {
        let path = self.0.root.join("index.json");
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|error| store_error(&path, io::Error::from(error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Index::default()),
            Err(source) => Err(store_error(&path, source)),
        }
    }

    /// One writer at a time, in whatever process; the turn ends with the file.
    fn lock(&self) -> Result<File, ImageError> {
        let path = self.0.root.join("lock");
        let locked = || {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock().map(|()| file)
        };
        locked().map_err(|source| store_error(&path, source))
    }

    fn write_index(&self, index: &Index) -> Result<(), ImageError> {
        let path = self.0.root.join("index.json");
        let text = serde_json::to_vec_pretty(index).expect("the index has string keys only");
        crate::files::write_atomically(&path, &text).map_err(|source| store_error(&path, source))
    }

    /// Where a layer stands. Half of its digest is enough and keeps mount options short.
    pub(crate) fn layer(&self, diff_id: &str) -> PathBuf {
        let hex = digest_hex(diff_id).unwrap_or_default();
        self.0.root.join("layers").join(hex.get(..32).unwrap_or(hex))
    }

    /// A new folder to put something together in.
    pub(crate) fn work_folder(&self) -> Result<PathBuf, ImageError> {
        let work = self.0.root.join("work").join(crate::new_id());
        std::fs::create_dir(&work).map_err(|source| store_error(&work, source))?;
        Ok(work)
    }

    fn blob(&self, digest: &str) -> PathBuf {
        self.0.root.join("blobs").join(digest_hex(digest).unwrap_or_default())
    }

    fn read_config(&self, id: &str) -> Result<ConfigDocument, ImageError> {
        let path = self.blob(id);
        let text = std::fs::read(&path).map_err(|source| store_error(&path, source))?;
        parse_config(&text)
    }

    /// Unpacks a layer unless it is there already; checks it against `diff_id`.
    fn add_layer(&self, archive: File, diff_id: &str) -> Result<(), ImageError> {
        let target = self.layer(diff_id);
        if target.exists() {
            return Ok(());
        }
        let work = self.work_folder()?;
        let failed = |source| store_error(&work, source);
        let unpacked = layer::unpack(archive, &work, layer::LIMIT);
        let checked = match unpacked {
            Ok(done) if done.diff_id == diff_id => Ok(()),
            Ok(done) => Err(ImageError::Digest { want: diff_id.to_owned(), got: done.diff_id }),
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(failed(error)),
            Err(error) => Err(ImageError::Broken {
                what: format!("failed to extract layer {diff_id}: {error}"),
            }),
        };
        let placed = checked.and_then(|()| match std::fs::rename(&work, &target) {
            // Another pull was quicker with the same layer.
            Err(_) if target.exists() => Ok(()),
            other => other.map_err(failed),
        });
        if work.exists() {
            std::fs::remove_dir_all(&work).map_err(failed)?;
        }
        placed
    }

    /// Enters a complete image under its names; a tag moves to the image that has it last.
    pub(crate) fn enter(
        &self,
        config: &[u8],
        names: &Names,
        size_bytes: u64,
    ) -> Result<String, ImageError> {
        let id = digest_of(config);
        let path = self.blob(&id);
        crate::files::write_atomically(&path, config)
            .map_err(|source| store_error(&path, source))?;
        let document = parse_config(config)?;
        let _turn = self.lock()?;
        let mut index = self.index()?;
        for record in index.images.values_mut() {
            record.tags.retain(|tag| !names.tags.contains(tag));
        }
        let record = index.images.entry(id.clone()).or_default();
        add_new(&mut record.tags, &names.tags);
        add_new(&mut record.digests, &names.digests);
        record.diff_ids = document.rootfs.diff_ids;
        record.size_bytes = size_bytes;
        self.write_index(&index)?;
        Ok(id)
    }
}

/// What an image becomes known by.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) tags: Vec<String>,
    pub(crate) digests: Vec<String>,
}

fn add_new(list: &mut Vec<String>, names: &[String]) {
    for name in names {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}

/// Layers from the top down. One that stands there twice counts where it is higher: it hides all
/// that its lower copy would show, and the kernel refuses a folder that comes twice.
fn stacked(diff_ids: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    diff_ids.iter().rev().filter(move |diff_id| seen.insert(*diff_id))
}

/// Overlayfs wants at least one lower folder, also for an image without any layer.
fn layers_or_empty(layers: Vec<PathBuf>, root: &Path) -> Vec<PathBuf> {
    if layers.is_empty() { vec![root.join("work")] } else { layers }
}

fn find_id(index: &Index, name: &str) -> Result<Option<String>, ImageError> {
    if index.images.contains_key(name) {
        return Ok(Some(name.to_owned()));
    }
    let reference: Reference = name.parse()?;
    let full = reference.to_string();
    let by_digest =
        reference.digest.as_ref().map(|digest| format!("{}@{digest}", reference.name()));
    let known = |record: &Record| {
        record.tags.contains(&full)
            || by_digest.as_ref().is_some_and(|digest| record.digests.contains(digest))
    };
    Ok(index.images.iter().find(|(_, record)| known(record)).map(|(id, _)| id.clone()))
}

fn parse_config(text: &[u8]) -> Result<ConfigDocument, ImageError> {
    let document: ConfigDocument = serde_json::from_slice(text)
        .map_err(|error| ImageError::Broken { what: format!("image configuration: {error}") })?;
    match document.rootfs.diff_ids.iter().find(|id| digest_hex(id).is_none()) {
        Some(id) => {
            Err(ImageError::Broken { what: format!("image configuration: {id:?} is no digest") })
        }
        None => Ok(document),
    }
}

pub(crate) fn store_error(path: &Path, source: io::Error) -> ImageError {
    ImageError::Store { path: path.to_owned(), source }
}

/// The digits of a sha256 digest; `None` if the text is none.
pub(crate) fn digest_hex(digest: &str) -> Option<&str> {
    let hex = digest.strip_prefix("sha256:")?;
    let digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    (hex.len() == 64 && hex.chars().all(digit)).then_some(hex)
}

pub(crate) fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text
    })
}
