//! What can go wrong with a cluster as a whole.

use std::{io, path::PathBuf};

/// Why a cluster does not do what it is told.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A file of the home cannot be read or written.
    #[error("cannot use {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// Another process runs this cluster.
    #[error("another process (pid {pid}) runs the cluster in {home}")]
    Running {
        /// The home.
        home: PathBuf,
        /// The other process.
        pid: u32,
    },
    /// A setting makes no sense.
    #[error("invalid value {value:?} for --{flag}: {why}")]
    Setting {
        /// The flag without its dashes.
        flag: &'static str,
        /// What was given.
        value: String,
        /// What is wrong with it.
        why: String,
    },
    /// A setting is known and not served yet.
    #[error("--{flag} is not supported yet")]
    NotYet {
        /// The flag without its dashes.
        flag: &'static str,
    },
    /// A certificate or key cannot be made or read.
    #[error("cannot make the cluster's certificates: {0}")]
    Certificates(String),
    /// The store did not open.
    #[error("cannot open the store")]
    Store(#[from] store::StoreError),
    /// A part did not start.
    #[error(transparent)]
    Component(#[from] lifecycle::ComponentError),
    /// The API server did not start.
    #[error("the API server did not start")]
    ApiServer(#[from] apiserver::ServerError),
    /// The resident process ended before it was ready.
    #[error("the cluster did not start; its log ends with:\n{log}")]
    NotReady {
        /// The last lines of the log.
        log: String,
    },
    /// An image cannot be had, or not be let go.
    #[error("{0}")]
    Image(String),
    /// The client refused.
    #[error("the cluster does not answer: {0}")]
    Client(String),
}

impl ClusterError {
    /// Names the file of an input or output error.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
