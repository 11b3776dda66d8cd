//! Which files make up the kubeconfig, and how they are read.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use super::{Kubeconfig, types};

/// Why the kubeconfig cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum KubeconfigError {
    /// The one file asked for by flag is not there.
    #[error("stat {path}: no such file or directory")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("error loading config file \"{path}\": {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "error loading config file \"{path}\": no kind \"{kind}\" is registered for version \
         \"{version}\" in scheme \"k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50\""
    )]
    Kind {
        /// The file.
        path: PathBuf,
        /// What it says it is.
        kind: String,
        /// Of which version.
        version: String,
    },
    /// A field has another type than it must have.
    #[error("error loading config file \"{path}\": {words}")]
    Type {
        /// The file.
        path: PathBuf,
        /// Which, in Go's words.
        words: String,
    },
    /// The file is no kubeconfig.
    #[error("error loading config file \"{path}\": {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_yaml::Error,
    },
}

/// What a file says it is.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Head {
    kind: String,
    api_version: String,
}

/// The files that make up the kubeconfig, first to last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Files; those that do not exist are skipped.
    pub files: Vec<PathBuf>,
    /// The file was named by `--kubeconfig`, so it must exist.
    pub explicit: bool,
}

impl Paths {
    /// `--kubeconfig`, else `$KUBECONFIG`'s list, else `~/.kube/config`.
    pub fn find(flag: Option<&str>, variable: Option<&OsStr>, home: Option<&Path>) -> Self {
        if let Some(flag) = flag.filter(|flag| !flag.is_empty()) {
            return Self { files: vec![PathBuf::from(flag)], explicit: true };
        }
        if let Some(list) = variable.filter(|list| !list.is_empty()) {
            let mut files: Vec<PathBuf> = Vec::new();
            for file in std::env::split_paths(list).filter(|file| !file.as_os_str().is_empty()) {
                if !files.contains(&file) {
                    files.push(file);
                }
            }
            return Self { files, explicit: false };
        }
        let files = home.map(|home| home.join(".kube/config")).into_iter().collect();
        Self { files, explicit: false }
    }

    /// Where changes go that belong to no entry: the last file that exists, or the last.
    pub fn default_target(&self) -> Option<&PathBuf> {
        if self.explicit || self.files.len() == 1 {
            return self.files.first();
        }
        self.files.iter().find(|file| file.exists()).or(self.files.last())
    }

    /// Reads one file as it is, paths untouched; an absent file is empty.
    pub fn read_one(path: &Path) -> Result<Kubeconfig, KubeconfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Kubeconfig::default());
            }
            Err(source) => return Err(KubeconfigError::Read { path: path.to_owned(), source }),
        };
        if text.trim().is_empty() {
            return Ok(Kubeconfig::default());
        }
        let head: Option<Head> = serde_yaml::from_str(&text).unwrap_or_default();
        if let Some(Head { kind, api_version: version }) = head
            && (!matches!(kind.as_str(), "" | "Config") || !matches!(version.as_str(), "" | "v1"))
        {
            return Err(KubeconfigError::Kind { path: path.to_owned(), kind, version });
        }
        let document = serde_yaml::from_str::<serde_json::Value>(&text).unwrap_or_default();
        if let Some(words) = types::fault(&document) {
            return Err(KubeconfigError::Type { path: path.to_owned(), words });
        }
        serde_yaml::from_str::<Option<Kubeconfig>>(&text)
            .map(Option::unwrap_or_default)
            .map_err(|source| KubeconfigError::Parse { path: path.to_owned(), source })
    }

    /// Reads all files as one, paths inside them made absolute.
    pub fn load(&self) -> Result<Kubeconfig, KubeconfigError> {
        if self.explicit
            && let Some(path) = self.files.first()
            && !path.exists()
        {
            return Err(KubeconfigError::Missing { path: path.clone() });
        }
        let mut whole = Kubeconfig::default();
        for path in &self.files {
            let mut one = Self::read_one(path)?;
            one.resolve_paths(path.parent().unwrap_or(Path::new("")));
            whole.merge(one);
        }
        Ok(whole)
    }
}

impl Kubeconfig {
    fn resolve_paths(&mut self, folder: &Path) {
        let resolve = |path: &mut Option<String>| {
            if let Some(path) = path.as_mut().filter(|path| !path.is_empty())
                && !Path::new(path.as_str()).is_absolute()
            {
                *path = folder.join(&*path).to_string_lossy().into_owned();
            }
        };
        for cluster in &mut self.clusters {
            resolve(&mut cluster.entry.certificate_authority);
        }
        for user in &mut self.users {
            resolve(&mut user.entry.client_certificate);
            resolve(&mut user.entry.client_key);
            resolve(&mut user.entry.token_file);
            if let Some(exec) = &mut user.entry.exec
                && exec.command.contains('/')
                && !Path::new(&exec.command).is_absolute()
            {
                exec.command = folder.join(&exec.command).to_string_lossy().into_owned();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_beats_the_variable_beats_home() {
        let home = Some(Path::new("/h"));
        let files =
            |flag, variable: Option<&str>| Paths::find(flag, variable.map(OsStr::new), home).files;
        assert_eq!(files(Some("/f"), Some("/a:/b")), [PathBuf::from("/f")]);
        assert_eq!(files(None, Some("/a::/b:/a")), [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert_eq!(files(None, None), [PathBuf::from("/h/.kube/config")]);
    }

    #[test]
    fn files_merge_and_their_paths_are_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("one");
        let text = "users: [{name: u, user: {client-key: k.pem}}]\n";
        std::fs::write(&one, text).unwrap();
        let two = folder.path().join("two");
        std::fs::write(&two, "current-context: c\n").unwrap();
        let absent = folder.path().join("absent");
        let paths = Paths { files: vec![absent, one, two], explicit: false };
        let config = paths.load().unwrap();
        assert_eq!(config.current_context, "c");
        let key = config.users[0].entry.client_key.clone().unwrap();
        assert_eq!(Path::new(&key), folder.path().join("k.pem"));
    }
}
