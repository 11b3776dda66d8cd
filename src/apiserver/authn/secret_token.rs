//! Tokens that stand in secrets: they have no end, and are good as long as their secret holds them.
//! Source: Kubernetes documentation, "Manually create a long-lived API token for a ServiceAccount".

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::{TokenSigner, User};
use crate::{
    registry::{Author, Part, Update},
    server::Inner,
};

/// Who issues them, whatever the server's own name is.
const ISSUER: &str = "kubernetes/serviceaccount";
const TYPE: &str = "kubernetes.io/service-account-token";
/// The day on which a token was last used.
const LAST_USED: &str = "kubernetes.io/legacy-token-last-used";
const INVALID: &str = "kubernetes.io/legacy-token-invalid-since";

/// What such a token is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretToken {
    /// The account's namespace.
    pub namespace: String,
    /// The account.
    pub account: String,
    /// Its uid.
    pub account_uid: String,
    /// The secret that holds the token.
    pub secret: String,
}

fn claim(end: &str) -> String {
    format!("kubernetes.io/serviceaccount/{end}")
}

impl SecretToken {
    fn claims(&self) -> Value {
        json!({
            "iss": ISSUER,
            "sub": format!("system:serviceaccount:{}:{}", self.namespace, self.account),
            (claim("namespace")): self.namespace,
            (claim("secret.name")): self.secret,
            (claim("service-account.name")): self.account,
            (claim("service-account.uid")): self.account_uid,
        })
    }

    /// Reads claims; `None` for those of another kind.
    fn of(claims: &Value) -> Option<Self> {
        if claims.get("iss")?.as_str()? != ISSUER {
            return None;
        }
        let text = |end: &str| Some(claims.get(claim(end))?.as_str()?.to_owned());
        Some(Self {
            namespace: text("namespace")?,
            account: text("service-account.name")?,
            account_uid: text("service-account.uid")?,
            secret: text("secret.name")?,
        })
    }
}

/// Whether a secret holds a token, and it was not taken back.
fn holds(secret: &Value, token: &str) -> bool {
    let held = secret.get("data").and_then(|data| data.get("token")?.as_str());
    let held = held.and_then(|held| STANDARD.decode(held).ok());
    held.as_deref() == Some(token.as_bytes())
        && meta::text(secret, "/type") == TYPE
        && !meta::is_deleting(secret)
        && meta::label(secret, INVALID).is_none()
}

impl TokenSigner {
    /// Signs a token for a secret. Errors: the key cannot sign.
    pub fn sign_for_secret(&self, token: &SecretToken) -> Result<String, String> {
        self.sign_claims(&token.claims()).map_err(|status| status.message)
    }
}

/// Tells whom a token of a secret stands for; `None` for a token of another kind.
///
/// Errors: 401 where its secret or account is gone, or has another token.
pub(super) async fn user(server: &Arc<Inner>, token: &str) -> Result<Option<User>, Status> {
    let claims = server.config.signer.claims(token);
    let Some(known) = claims.as_ref().and_then(SecretToken::of) else { return Ok(None) };
    let registry = &server.registry;
    let secret = registry.key("", "secrets", &known.namespace, &known.secret);
    let secret = registry.object_at(&secret).await?.ok_or_else(Status::unauthorized)?;
    let account = registry.key("", "serviceaccounts", &known.namespace, &known.account);
    let account = registry.object_at(&account).await?.ok_or_else(Status::unauthorized)?;
    if !holds(&secret, token) || meta::uid(&account) != known.account_uid {
        return Err(Status::unauthorized());
    }
    note_use(server, &known, &secret).await;
    Ok(Some(User::of_account(&known.namespace, &known.account, &known.account_uid)))
}

/// Notes the day on which a token is used; a note that fails is made by the next use.
async fn note_use(server: &Arc<Inner>, known: &SecretToken, secret: &Value) {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let today = now.split('T').next().unwrap_or_default();
    if meta::label(secret, LAST_USED) == Some(today) {
        return;
    }
    let Some(kind) = &server.registry.storage_kind("", "secrets") else { return };
    let update = Update {
        server,
        kind,
        namespace: &known.namespace,
        name: &known.secret,
        part: Part::Main,
        dry_run: false,
        author: Author::server(),
    };
    let mut note = |stored: &Value| {
        let mut changed = stored.clone();
        changed["metadata"]["labels"][LAST_USED] = today.into();
        Ok(changed)
    };
    if let Err(status) = Box::pin(update.run(&mut note)).await {
        tracing::warn!(secret = known.secret, message = status.message, "a use is not noted");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_while_its_secret_holds_it() {
        let signer = TokenSigner::from_pkcs8(&TokenSigner::generate().unwrap()).unwrap();
        let known = SecretToken {
            namespace: "n".into(),
            account: "a".into(),
            account_uid: "u".into(),
            secret: "s".into(),
        };
        let token = signer.sign_for_secret(&known).unwrap();
        assert_eq!(SecretToken::of(&signer.claims(&token).unwrap()), Some(known.clone()));
        assert!(signer.read(&token).is_none(), "it is no token with an end");
        let secret = |more: &Value| {
            let data = json!({"token": STANDARD.encode(&token)});
            let mut secret = json!({"metadata": {"name": "s"}, "type": TYPE, "data": data});
            machinery::patch::apply_merge_patch(&mut secret, more);
            secret
        };
        for (case, more, want) in [
            ("held", json!({}), true),
            ("another", json!({"data": {"token": "eA=="}}), false),
            ("none", json!({"data": null}), false),
            ("another kind of secret", json!({"type": "Opaque"}), false),
            ("goes", json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}), false),
            ("taken back", json!({"metadata": {"labels": {INVALID: "2026-01-01"}}}), false),
        ] {
            assert_eq!(holds(&secret(&more), &token), want, "{case}");
        }
    }
}
