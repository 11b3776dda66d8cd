//! What can go wrong between a caller and an API server.

use std::{io, path::PathBuf};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;

use crate::body::BoxError;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, ClientError>;

/// Why a request has no answer, or not the wanted one.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server refused, and said why.
    #[error("{}", .0.message.as_deref().unwrap_or("the server refused without a word"))]
    Status(Box<Status>),
    /// The server could not be reached, or the connection broke.
    #[error("cannot reach {url}")]
    Transport {
        /// The whole address asked for.
        url: String,
        /// What the transport says.
        #[source]
        source: BoxError,
    },
    /// The answer is no JSON document of the expected shape.
    #[error("cannot decode the answer")]
    Decode(#[source] serde_json::Error),
    /// A document cannot be written as JSON.
    #[error("cannot encode the request")]
    Encode(#[source] serde_json::Error),
    /// The request cannot be formed: a path or header is not valid.
    #[error("invalid request")]
    Request(#[from] http::Error),
    /// The connection was not upgraded to a stream.
    #[error("unable to upgrade connection: {0}")]
    Upgrade(String),
    /// A file that credentials or settings name cannot be read.
    #[error("unable to read {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Credentials or settings are not usable.
    #[error("{0}")]
    Config(String),
    /// The exec credential plugin failed.
    #[error("getting credentials: {0}")]
    Credentials(String),
}

impl ClientError {
    /// The server's Status, if this is a refusal.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    /// The HTTP code of a refusal; 0 for anything else.
    pub fn code(&self) -> i32 {
        self.status().and_then(|status| status.code).unwrap_or(0)
    }

    /// The reason of a refusal, such as `NotFound`; empty for anything else.
    pub fn reason(&self) -> &str {
        self.status().and_then(|status| status.reason.as_deref()).unwrap_or("")
    }

    /// The object is not there.
    pub fn not_found(&self) -> bool {
        self.reason() == "NotFound" || (self.reason().is_empty() && self.code() == 404)
    }

    /// The object is there already.
    pub fn already_exists(&self) -> bool {
        self.reason() == "AlreadyExists"
    }

    /// Somebody else wrote in between.
    pub fn conflict(&self) -> bool {
        self.reason() == "Conflict"
    }

    /// The asked-for history is gone; list anew.
    pub fn gone(&self) -> bool {
        self.code() == 410 || matches!(self.reason(), "Expired" | "Gone")
    }
}
