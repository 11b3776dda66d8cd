//! What can go wrong with containers and images.

use std::io;
use std::path::PathBuf;

use crate::image::ImageError;

/// Why the runtime could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// A folder or file of the runtime's own could not be used.
    #[error("cannot use {path}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The machine's control groups could not be read or written.
    #[error("cannot use control groups")]
    ControlGroups(#[source] io::Error),
    /// A name that is no file name.
    #[error("not a usable name")]
    Name(#[source] io::Error),
    /// The pod's shim did not come up.
    #[error("the pod's shim did not start: {output}")]
    Shim {
        /// What it wrote.
        output: String,
    },
    /// The pod's shim does not answer any more.
    #[error("the pod's shim is gone")]
    ShimGone,
    /// The shim, or runc under it, refused; in its own words.
    #[error("{0}")]
    Refused(String),
    /// The container's root file system could not be put together.
    #[error("cannot mount the container's root file system")]
    RootFilesystem(#[source] io::Error),
    /// A user or group that the image's files do not name.
    #[error("{0}")]
    User(String),
    /// An image is missing or broken.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// A stream between daemon and shim broke.
    #[error("the stream broke")]
    Stream(#[source] io::Error),
}
