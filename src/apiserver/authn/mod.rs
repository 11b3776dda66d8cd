//! Who calls: tokens, client certificates, impersonation, and nobody known.

mod bootstrap_token;
mod certificate;
mod impersonate;
mod oidc;
mod public_key;
mod request_header;
mod secret_token;
mod service_account;
mod signing;
mod token_file;
mod webhook;

use std::{collections::BTreeMap, sync::Arc};

use http::{header, request::Parts};
use machinery::{status::Status, well_known};
use serde_json::{Value, json};

pub use certificate::CertificateUser;
pub(crate) use impersonate::impersonate;
pub use oidc::{
    AuthenticationConfig, AuthenticationConfigError, Issuers, Oidc, OidcConfig, OidcError,
};
pub use public_key::PublicKey;
pub(crate) use request_header::Peers;
pub use request_header::{RequestHeader, RequestHeaderConfig, RequestHeaderError};
pub use secret_token::SecretToken;
pub(crate) use service_account::{Bound, Claims};
pub use service_account::{TokenSigner, TokenSignerError};
pub use token_file::{TokenFile, TokenFileError};
pub use webhook::{TokenWebhook, TokenWebhookConfig, TokenWebhookError};

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

    /// The user as `authentication.k8s.io/v1` and audit events describe them.
    pub(crate) fn described(&self) -> Value {
        let mut info = json!({"username": self.name, "groups": self.groups});
        if !self.uid.is_empty() {
            info["uid"] = self.uid.as_str().into();
        }
        if !self.extra.is_empty() {
            info["extra"] = json!(self.extra);
        }
        info
    }

    /// Tells whether the user may do everything.
    pub(crate) fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == well_known::MASTERS)
    }
}

/// Who may call without being known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anonymous {
    /// Whether anybody may.
    pub enabled: bool,
    /// The only paths that they may ask for; empty: all.
    pub paths: Vec<String>,
}

impl Anonymous {
    /// Tells whether callers of whom nothing is known may ask for a path.
    pub(crate) fn allows(&self, path: &str) -> bool {
        self.enabled && (self.paths.is_empty() || self.paths.iter().any(|known| known == path))
    }
}

/// Tells who sends a request.
///
/// Errors: 401 for a token that is not good, or for nobody where that is not allowed.
pub(crate) async fn authenticate(server: &Arc<Inner>, parts: &mut Parts) -> Result<User, Status> {
    let peers = parts.extensions.get::<Peers>().cloned().unwrap_or_default();
    if let Some(known) = server.config.request_header.as_ref().filter(|_| peers.speaks_for_others)
        && let Some(user) = known.user(parts)
    {
        return Ok(user);
    }
    if let Some(caller) = &peers.caller {
        return Ok(caller.user());
    }
    if let Some(token) = bearer(parts) {
        return token_user(server, &token).await;
    }
    let allowed = server.config.anonymous.allows(parts.uri.path());
    if allowed { Ok(User::anonymous()) } else { Err(Status::unauthorized()) }
}

/// Tells whom a token stands for. Errors: 401.
pub(crate) async fn token_user(server: &Arc<Inner>, token: &str) -> Result<User, Status> {
    if let Some(user) = foreign_user(server, token).await? {
        return Ok(user);
    }
    let refused = match service_account::authenticate(server, token).await {
        Ok(user) => return Ok(user),
        Err(refused) => refused,
    };
    let own = std::slice::from_ref(&server.config.issuer);
    let known = webhook_user(server, token, own).await;
    known.map(|(user, _)| user).ok_or(refused)
}

/// Whom a token stands for by the word of the webhook, where there is one, and for which audiences.
async fn webhook_user(
    server: &Arc<Inner>,
    token: &str,
    audiences: &[String],
) -> Option<(User, Vec<String>)> {
    let webhook = server.config.tokens.webhook.as_ref()?;
    match webhook.user(token, audiences).await {
        Ok(known) => known,
        Err(why) => {
            tracing::warn!(why, "the webhook does not take a token");
            None
        }
    }
}

/// Whom a token stands for that names no audience: one of the file, of an issuer, of a bootstrap
/// secret, or of an account's secret.
async fn foreign_user(server: &Arc<Inner>, token: &str) -> Result<Option<User>, Status> {
    let tokens = &server.config.tokens;
    if let Some(user) = tokens.file.user(token) {
        return Ok(Some(user));
    }
    match tokens.issuers.user(token).await {
        Ok(None) => {}
        Ok(found) => return Ok(found),
        Err(why) => {
            tracing::debug!(why, "a token of an issuer is not taken");
            return Err(Status::unauthorized());
        }
    }
    if tokens.bootstrap
        && let Some(user) = bootstrap_token::user(server, token).await?
    {
        return Ok(Some(user));
    }
    secret_token::user(server, token).await
}

/// The same, for a token that is good for some of `audiences`, and for which of them it is.
pub(crate) async fn user_for(
    server: &Arc<Inner>,
    token: &str,
    audiences: &[String],
) -> Result<(User, Vec<String>), Status> {
    // Tokens that name no audience of ours are meant for this server.
    if let Some(user) = foreign_user(server, token).await? {
        let own = audiences.iter().filter(|one| **one == server.config.issuer).cloned().collect();
        return Ok((user, own));
    }
    let claims = match service_account::check(server, token, audiences).await {
        Ok(claims) => claims,
        Err(refused) => return webhook_user(server, token, audiences).await.ok_or(refused),
    };
    let good = audiences.iter().filter(|one| claims.audiences.contains(one)).cloned().collect();
    Ok((claims.user(), good))
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
