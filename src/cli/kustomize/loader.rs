//! Folders and files of a build: where they are, and which of them it may read.
//! Source: kustomize, `api/internal/loader`.

use std::path::{Path, PathBuf};

use super::{Built, fault};
use crate::{report::io_words, surroundings::clean};

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A folder that is built, and the folders from which it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Loader {
    root: PathBuf,
    /// The roots on the way here, this one included.
    visited: Vec<PathBuf>,
    /// Files may lie outside of the folder.
    free: bool,
}

impl Loader {
    /// The loader of the folder that the user named.
    pub(super) fn first(folder: &str, free: bool) -> Built<Self> {
        if is_address(folder) {
            return Err(address(folder));
        }
        let root = directory(&std::path::absolute(folder)?, folder)
            .map_err(|error| fault(format!("must build at directory: {error}")))?;
        Ok(Self { visited: vec![root.clone()], root, free })
    }

    /// The folder's place.
    pub(super) fn root(&self) -> std::path::Display<'_> {
        self.root.display()
    }

    /// The loader of a folder that this one names.
    pub(super) fn at(&self, path: &str) -> Built<Self> {
        if path.is_empty() {
            return Err(fault("new root cannot be empty"));
        }
        if is_address(path) {
            return Err(address(path));
        }
        if Path::new(path).is_absolute() {
            return Err(fault(format!("new root '{path}' cannot be absolute")));
        }
        let place = clean(&self.root.join(path));
        let root = directory(&place, &place.display().to_string())
            .map_err(|error| fault(format!("must build at directory: {error}")))?;
        if let Some(known) = self.visited.iter().rev().find(|known| known.starts_with(&root)) {
            return Err(fault(format!(
                "cycle detected: candidate root '{}' contains visited root '{}'",
                root.display(),
                known.display()
            )));
        }
        let mut visited = self.visited.clone();
        visited.push(root.clone());
        Ok(Self { root, visited, free: self.free })
    }

    /// What a file holds.
    pub(super) fn load(&self, path: &str) -> Built<Vec<u8>> {
        if is_address(path) {
            return Err(address(path));
        }
        let place = clean(&self.root.join(path));
        if self.free {
            return std::fs::read(&place)
                .map_err(|error| fault(format!("open {}: {}", place.display(), io_words(&error))));
        }
        let whole = resolve(&place, &place.display().to_string())?;
        if whole.is_dir() {
            return Err(fault(format!("'{}' must resolve to a file", place.display())));
        }
        if !whole.starts_with(&self.root) {
            return Err(fault(format!(
                "security; file '{}' is not in or below '{}'",
                place.display(),
                self.root.display()
            )));
        }
        std::fs::read(&whole)
            .map_err(|error| fault(format!("open {}: {}", whole.display(), io_words(&error))))
    }

    /// What a file of text holds.
    pub(super) fn text(&self, path: &str) -> Built<String> {
        let bytes = self.load(path)?;
        String::from_utf8(bytes).map_err(|_| fault("yaml: invalid leading UTF-8 octet".to_owned()))
    }

    /// The folder's kustomization file: its name and text.
    pub(super) fn kustomization(&self) -> Built<(&'static str, String)> {
        let mut found =
            NAMES.iter().filter_map(|name| self.text(name).ok().map(|text| (*name, text)));
        let root = self.root.display();
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(fault(format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or \
                 'Kustomization' in directory '{root}'"
            ))),
            (Some(_), Some(_)) => {
                Err(fault(format!("Found multiple kustomization files under: {root}\n")))
            }
        }
    }
}

/// The place without dots and links; it must be a folder.
fn directory(place: &Path, named: &str) -> Built<PathBuf> {
    let invalid = |error| fault(format!("not a valid directory: {error}"));
    let whole = resolve(place, named).map_err(invalid)?;
    if whole.is_dir() {
        return Ok(whole);
    }
    Err(fault(format!("'{named}': file is not directory")))
}

fn resolve(place: &Path, named: &str) -> Built<PathBuf> {
    std::fs::canonicalize(place).map_err(|error| {
        let missing = first_missing(place);
        let why = io_words(&error);
        fault(format!("evalsymlink failure on '{named}' : lstat {}: {why}", missing.display()))
    })
}

/// The part of a path at which looking along it ends.
fn first_missing(place: &Path) -> &Path {
    let mut parts: Vec<&Path> = place.ancestors().collect();
    parts.reverse();
    parts.into_iter().find(|part| std::fs::symlink_metadata(part).is_err()).unwrap_or(place)
}

fn is_address(path: &str) -> bool {
    path.contains("://")
        || path.starts_with("git@")
        || path.starts_with("github.com/")
        || path.starts_with("git::")
}

fn address(path: &str) -> crate::report::CliError {
    fault(format!("kanoe builds from files and folders alone, not from addresses: {path:?}"))
}
