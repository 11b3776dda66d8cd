//! Who we say we are: the headers that carry credentials and impersonation.

use std::{path::PathBuf, sync::Mutex, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use tokio::time::Instant;

use crate::{
    error::{ClientError, Result},
    kubeconfig::ExecPlugin,
};

/// Tokens in files are read again after this long, as client-go does.
const TOKEN_FILE_FRESH: Duration = Duration::from_mins(1);

/// Credentials that travel in the Authorization header.
#[derive(Debug, Default)]
pub(crate) enum Credentials {
    #[default]
    None,
    Token(String),
    TokenFile {
        path: PathBuf,
        read: Mutex<Option<(Instant, String)>>,
    },
    Basic {
        username: String,
        password: String,
    },
    Exec {
        plugin: Box<ExecPlugin>,
        token: Mutex<Option<String>>,
    },
}

impl Credentials {
    /// The value of the Authorization header, if there is one.
    pub(crate) fn header(&self) -> Result<Option<HeaderValue>> {
        let text = match self {
            Self::None => return Ok(None),
            Self::Token(token) => format!("Bearer {token}"),
            Self::TokenFile { path, read } => format!("Bearer {}", token_of_file(path, read)?),
            Self::Basic { username, password } => {
                format!("Basic {}", BASE64_STANDARD.encode(format!("{username}:{password}")))
            }
            Self::Exec { token, .. } => match &*lock(token) {
                Some(token) => format!("Bearer {token}"),
                None => return Ok(None),
            },
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| ClientError::Config("the token holds invalid characters".to_owned()))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Asks the plugin anew after a 401; whether another try makes sense.
    pub(crate) async fn refresh(&self) -> Result<bool> {
        let Self::Exec { plugin, token } = self else { return Ok(false) };
        let fresh = plugin.run().await?;
        *lock(token) = fresh.token;
        Ok(true)
    }
}

fn token_of_file(path: &PathBuf, read: &Mutex<Option<(Instant, String)>>) -> Result<String> {
    let mut last = lock(read);
    if let Some((when, token)) = &*last
        && when.elapsed() < TOKEN_FILE_FRESH
    {
        return Ok(token.clone());
    }
    let text = std::fs::read_to_string(path)
        .map_err(|source| ClientError::File { path: path.clone(), source })?;
    let token = text.trim().to_owned();
    *last = Some((lifecycle::clock::instant(), token.clone()));
    Ok(token)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Whom to act as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impersonation {
    /// User name; nobody is impersonated when it is empty.
    pub user: String,
    /// User's uid.
    pub uid: String,
    /// Groups.
    pub groups: Vec<String>,
    /// Extra fields.
    pub extra: Vec<(String, Vec<String>)>,
}

impl Impersonation {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<()> {
        let refuse = || ClientError::Config("invalid impersonation header".to_owned());
        let mut add = |name: &str, value: &str| -> Result<()> {
            let name: HeaderName = name.to_ascii_lowercase().parse().map_err(|_| refuse())?;
            headers.append(name, HeaderValue::from_str(value).map_err(|_| refuse())?);
            Ok(())
        };
        if !self.user.is_empty() {
            add("impersonate-user", &self.user)?;
        }
        if !self.uid.is_empty() {
            add("impersonate-uid", &self.uid)?;
        }
        for group in &self.groups {
            add("impersonate-group", group)?;
        }
        for (key, values) in &self.extra {
            for value in values {
                add(&format!("impersonate-extra-{key}"), value)?;
            }
        }
        Ok(())
    }
}

pub(crate) fn authorize(headers: &mut HeaderMap, credentials: &Credentials) -> Result<()> {
    if let Some(value) = credentials.header()? {
        headers.insert(AUTHORIZATION, value);
    }
    Ok(())
}
