//! The folder in which all of one cluster's state lives.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::ClusterError;

/// A cluster's folder. The names of its parts are fixed, so that every process finds them.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

/// Held by the process that runs the cluster, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Home {
    /// The home in a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The socket on which the cluster answers.
    pub fn socket(&self) -> PathBuf {
        self.root.join("kanoe.sock")
    }

    /// The cluster's own log.
    pub fn log(&self) -> PathBuf {
        self.root.join("cluster.log")
    }

    /// The kubeconfig for other programs.
    pub fn kubeconfig(&self) -> PathBuf {
        self.root.join("kubeconfig")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    pub(crate) fn pki(&self, name: &str) -> PathBuf {
        self.root.join("pki").join(name)
    }

    /// The images.
    pub fn images(&self) -> PathBuf {
        self.root.join("images")
    }

    /// The registries' settings: mirrors, credentials, plain HTTP.
    pub fn registries(&self) -> PathBuf {
        self.root.join("registries.yaml")
    }

    /// The settings of the last start, for commands that start the cluster again.
    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("settings.json")
    }

    /// Makes the folder and the ones in it that every part relies on, for the owner alone.
    pub(crate) fn create(&self) -> Result<(), ClusterError> {
        for folder in [self.root.clone(), self.root.join("pki")] {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)
                .map_err(ClusterError::file(&folder))?;
        }
        Ok(())
    }

    /// The id after which everything the cluster makes is named; made at the first call.
    pub(crate) fn id(&self) -> Result<String, ClusterError> {
        let path = self.root.join("id");
        match fs::read_to_string(&path) {
            Ok(id) if !id.trim().is_empty() => return Ok(id.trim().to_owned()),
            _ => {}
        }
        let id = format!("{:08x}", rand::random::<u32>());
        write_private(&path, id.as_bytes())?;
        Ok(id)
    }

    /// Takes the home for this process. Errors: `Running` when another one has it.
    pub(crate) fn lock(&self) -> Result<Lock, ClusterError> {
        let path = self.root.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(ClusterError::file(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = self.resident().unwrap_or(0);
                return Err(ClusterError::Running { home: self.root.clone(), pid });
            }
            Err(TryLockError::Error(source)) => return Err(ClusterError::File { path, source }),
        }
        let pid = std::process::id().to_string();
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(pid.as_bytes()))
            .map_err(ClusterError::file(&path))?;
        Ok(Lock { _file: file })
    }

    /// The process that runs the cluster, if one does.
    pub fn resident(&self) -> Option<u32> {
        let mut file = File::open(self.root.join("lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {}
            _ => return None,
        }
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), ClusterError> {
    let fresh = path.with_extension("new");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&fresh, path));
    written.map_err(ClusterError::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_has_one_process_and_one_id() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path().join("home"));
        home.create().unwrap();
        assert_eq!(home.id().unwrap(), home.id().unwrap());
        assert_eq!(home.resident(), None);
        let lock = home.lock().unwrap();
        assert_eq!(home.resident(), Some(std::process::id()));
        assert!(matches!(home.lock(), Err(ClusterError::Running { .. })));
        drop(lock);
        assert_eq!(home.resident(), None);
    }
}
