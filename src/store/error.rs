//! What can go wrong in a store.

use std::{io, path::PathBuf};

use crate::Revision;

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The revision is older than the history.
    #[error("revision {asked} is gone, history starts at {oldest}")]
    Compacted {
        /// The revision asked for.
        asked: Revision,
        /// The oldest one that can be asked for.
        oldest: Revision,
    },
    /// The revision has not happened yet.
    #[error("revision {asked} is in the future, the newest is {newest}")]
    Future {
        /// The revision asked for.
        asked: Revision,
        /// The newest one.
        newest: Revision,
    },
    /// The disk refused a write; nothing of it was kept.
    #[error("cannot write {path}: {reason}")]
    Refused {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
        /// The system's kind of error.
        kind: io::ErrorKind,
    },
    /// The file could not be opened or read.
    #[error("cannot open {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// Another process has the file open.
    #[error("{path} is in use by another process")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged before its end, where a torn write cannot explain it.
    #[error("{path} is damaged at byte {offset}: intact data follows, so nothing was discarded")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the damage starts.
        offset: u64,
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
    /// The place in etcd holds what this program did not write.
    #[error("etcd's key {key} was not written by kanoe; give another --etcd-prefix")]
    Foreign {
        /// The key.
        key: String,
    },
    /// The store's server refused or could not be reached. A write may or may not have happened.
    #[error("{message}")]
    Remote {
        /// Its words, or those of its client.
        message: String,
    },
    /// The store's server did not answer in time. A write may or may not have happened.
    #[error("context deadline exceeded")]
    TimedOut,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// The same refusal for another who waited for the same answer.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Refused { path, reason, kind } => {
                Self::Refused { path: path.clone(), reason: reason.clone(), kind: *kind }
            }
            Self::Remote { message } => Self::Remote { message: message.clone() },
            Self::TimedOut => Self::TimedOut,
            _ => Self::Closed,
        }
    }

    /// Tells whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(
            self,
            Self::Refused { kind: io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, .. }
        )
    }
}
