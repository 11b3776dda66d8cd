//! Who calls: tokens, client certificates, impersonation, and nobody known.

mod certificate;
mod impersonate;
mod service_account;
mod token_file;

use std::{collections::BTreeMap, sync::Arc};

use http::{header, request::Parts};
use machinery::{status::Status, well_known};

pub use certificate::CertificateUser;
pub(crate) use impersonate::impersonate;
pub(crate) use service_account::{Bound, Claims};
pub use service_account::{TokenSigner, TokenSignerError};
pub use token_file::{TokenFile, TokenFileError};

use crate::server::Inner;

/// A caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The unique id, where there is one.
    pub uid: String,
    /// The groups.
    pub groups: Vec<String>,
    /// What else is known.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// A known user with these groups, and with the group of those who are known.
    pub fn known(name: &str, groups: &[&str]) -> Self {
        let mut groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        groups.push(well_known::AUTHENTICATED.into());
        Self { name: name.into(), groups, ..Self::default() }
    }

    /// The caller of whom nothing is known.
    pub fn anonymous() -> Self {
        Self {
            name: well_known::ANONYMOUS.into(),
            groups: vec![well_known::UNAUTHENTICATED.into()],
            ..Self::default()
        }
    }

    /// Tells whether the user may do everything.
    pub(crate) fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == well_known::MASTERS)
    }
}

/// Tells who sends a request.
///
/// Errors: 401 for a token that is not good, or for nobody where that is not allowed.
pub(crate) async fn authenticate(server: &Arc<Inner>, parts: &Parts) -> Result<User, Status> {
    if let Some(Some(user)) = parts.extensions.get::<Option<CertificateUser>>() {
        return Ok(user.user());
    }
    if let Some(token) = bearer(parts) {
        return token_user(server, &token).await;
    }
    if parts.headers.contains_key(header::AUTHORIZATION) && !server.config.anonymous_auth {
        return Err(Status::unauthorized());
    }
    if server.config.anonymous_auth { Ok(User::anonymous()) } else { Err(Status::unauthorized()) }
}

/// Tells whom a token stands for. Errors: 401.
pub(crate) async fn token_user(server: &Arc<Inner>, token: &str) -> Result<User, Status> {
    match server.config.tokens.user(token) {
        Some(user) => Ok(user),
        None => service_account::authenticate(server, token).await,
    }
}

/// The token of the `Authorization` header, or of a browser's WebSocket protocol list.
fn bearer(parts: &Parts) -> Option<String> {
    if let Some(header) = parts.headers.get(header::AUTHORIZATION) {
        let (scheme, token) = header.to_str().ok()?.trim().split_once(' ')?;
        let token = token.trim();
        let fits = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
        return fits.then(|| token.to_owned());
    }
    let protocols = parts.headers.get("sec-websocket-protocol")?.to_str().ok()?;
    let encoded = protocols
        .split(',')
        .find_map(|one| one.trim().strip_prefix("base64url.bearer.authorization.k8s.io."))?;
    let bytes = base64::Engine::decode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        encoded.as_bytes(),
    );
    String::from_utf8(bytes.ok()?).ok()
}
