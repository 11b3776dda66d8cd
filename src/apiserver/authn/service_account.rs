//! Tokens of service accounts: signed, bound to objects, and of limited life.
//! Source: Kubernetes documentation, "Managing Service Accounts", and RFC 7519.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use machinery::{meta, status::Status};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde_json::{Value, json};

use super::{User, public_key::PublicKey, signing::SigningKey};
use crate::server::Inner;

/// The key that signs tokens, and checks them.
pub struct TokenSigner {
    key: SigningKey,
    key_id: String,
    random: SystemRandom,
    /// Keys whose tokens are taken too.
    others: Vec<PublicKey>,
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "TokenSigner({})", self.key_id)
    }
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the signing key is neither a P-256 key nor an RSA key: {0}")]
pub struct TokenSignerError(String);

/// What a token says.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) namespace: String,
    pub(crate) account: String,
    pub(crate) account_uid: String,
    pub(crate) bound: Option<Bound>,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

/// The object with which a token ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) uid: String,
}

impl TokenSigner {
    /// Makes a new key; returns it in PKCS#8 for keeping.
    pub fn generate() -> Result<Vec<u8>, TokenSignerError> {
        let random = SystemRandom::new();
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map(|document| document.as_ref().to_vec())
            .map_err(|error| TokenSignerError(error.to_string()))
    }

    /// Reads a key in PKCS#8.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, TokenSignerError> {
        let random = SystemRandom::new();
        let key = SigningKey::from_pkcs8(pkcs8, &random).map_err(TokenSignerError)?;
        let key_id = key.id();
        Ok(Self { key, key_id, random, others: Vec::new() })
    }

    /// Takes tokens that the owners of these keys signed, too.
    #[must_use]
    pub fn trusting(mut self, mut keys: Vec<PublicKey>) -> Self {
        let own = self.key.web_key();
        keys.retain(|key| {
            key.web_key().get("x").or(key.web_key().get("n")) != own.get("x").or(own.get("n"))
        });
        self.others = keys;
        self
    }

    /// What tells this key from others, in every token that it signs.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The public keys as a JSON Web Key Set (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        let others = self.others.iter().map(PublicKey::web_key);
        let all: Vec<Value> = std::iter::once(self.key.web_key()).chain(others).collect();
        json!({"keys": all})
    }

    /// The algorithm's name, as tokens and discovery have it.
    pub(crate) fn algorithm(&self) -> &'static str {
        self.key.algorithm()
    }

    /// Signs claims.
    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, Status> {
        let mut kubernetes = json!({
            "namespace": claims.namespace,
            "serviceaccount": {"name": claims.account, "uid": claims.account_uid},
        });
        if let Some(bound) = &claims.bound {
            kubernetes[bound.kind.to_lowercase()] = json!({"name": bound.name, "uid": bound.uid});
        }
        let payload = json!({
            "aud": claims.audiences,
            "exp": claims.expires_at,
            "iat": claims.issued_at,
            "nbf": claims.issued_at,
            "iss": claims.issuer,
            "jti": uuid::Uuid::new_v4().to_string(),
            "kubernetes.io": kubernetes,
            "sub": format!("system:serviceaccount:{}:{}", claims.namespace, claims.account),
        });
        self.sign_claims(&payload)
    }

    /// Signs claims of any kind.
    pub(super) fn sign_claims(&self, payload: &Value) -> Result<String, Status> {
        let header = json!({"alg": self.key.algorithm(), "kid": self.key_id});
        let body = format!(
            "{}.{}",
            BASE64URL.encode(header.to_string()),
            BASE64URL.encode(payload.to_string())
        );
        let signature = self
            .key
            .sign(body.as_bytes(), &self.random)
            .ok_or_else(|| Status::internal("cannot sign the token"))?;
        Ok(format!("{body}.{}", BASE64URL.encode(signature)))
    }

    /// The claims of a token whose signature is ours, of any kind; `None` for any other text.
    pub(super) fn claims(&self, token: &str) -> Option<Value> {
        let (body, signature) = token.rsplit_once('.')?;
        let signature = BASE64URL.decode(signature).ok()?;
        let (header, payload) = body.split_once('.')?;
        if !self.key.verifies(body.as_bytes(), &signature) {
            let header: Value = serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()?;
            let algorithm = meta::text(&header, "/alg");
            let mut others = self.others.iter();
            others.find(|key| key.verifies(algorithm, body.as_bytes(), &signature))?;
        }
        serde_json::from_slice(&BASE64URL.decode(payload).ok()?).ok()
    }

    /// Reads a token with an end whose signature is ours; `None` for any other text.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        let payload = self.claims(token)?;
        let text = |pointer: &str| meta::text(&payload, pointer).to_owned();
        let facts = payload.get("kubernetes.io")?;
        let bound = ["Pod", "Secret", "Node"].into_iter().find_map(|kind| {
            let object = facts.get(kind.to_lowercase())?;
            Some(Bound {
                kind: kind.into(),
                name: meta::text(object, "/name").into(),
                uid: meta::text(object, "/uid").into(),
            })
        });
        Some(Claims {
            issuer: text("/iss"),
            audiences: meta::items(&payload, "/aud")
                .iter()
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect(),
            namespace: meta::text(facts, "/namespace").into(),
            account: meta::text(facts, "/serviceaccount/name").into(),
            account_uid: meta::text(facts, "/serviceaccount/uid").into(),
            bound,
            issued_at: meta::number(&payload, "/iat")?,
            expires_at: meta::number(&payload, "/exp")?,
        })
    }
}

impl User {
    /// The user that a service account is.
    pub(super) fn of_account(namespace: &str, account: &str, uid: &str) -> Self {
        let name = format!("system:serviceaccount:{namespace}:{account}");
        let of_namespace = format!("system:serviceaccounts:{namespace}");
        let mut user = Self::known(&name, &["system:serviceaccounts", &of_namespace]);
        uid.clone_into(&mut user.uid);
        user
    }
}

impl Claims {
    /// The user that the token stands for.
    pub(crate) fn user(&self) -> User {
        let mut user = User::of_account(&self.namespace, &self.account, &self.account_uid);
        if let Some(bound) = self.bound.as_ref().filter(|bound| bound.kind == "Pod") {
            let key = |end: &str| format!("authentication.kubernetes.io/pod-{end}");
            user.extra.insert(key("name"), vec![bound.name.clone()]);
            user.extra.insert(key("uid"), vec![bound.uid.clone()]);
        }
        user
    }
}

/// Tells whom a token stands for, as long as its account and the object it is bound to exist.
pub(super) async fn authenticate(server: &Arc<Inner>, token: &str) -> Result<User, Status> {
    let claims = check(server, token, std::slice::from_ref(&server.config.issuer)).await?;
    Ok(claims.user())
}

/// Reads a token that is good for one of `audiences` right now.
pub(crate) async fn check(
    server: &Arc<Inner>,
    token: &str,
    audiences: &[String],
) -> Result<Claims, Status> {
    let claims = server.config.signer.read(token).ok_or_else(Status::unauthorized)?;
    let now = lifecycle::clock::now().as_second();
    let meant = claims.audiences.iter().any(|one| audiences.contains(one));
    if claims.issuer != server.config.issuer || !meant || claims.expires_at <= now {
        return Err(Status::unauthorized());
    }
    let registry = &server.registry;
    let exists = |plural: &'static str, namespace: &str, name: &str| {
        let key = registry.key("", plural, namespace, name);
        async move { registry.object_at(&key).await }
    };
    let account = exists("serviceaccounts", &claims.namespace, &claims.account).await?;
    if account.as_ref().map(meta::uid) != Some(claims.account_uid.as_str()) {
        return Err(Status::unauthorized());
    }
    if let Some(bound) = &claims.bound {
        let (plural, namespace) = match bound.kind.as_str() {
            "Pod" => ("pods", claims.namespace.as_str()),
            "Secret" => ("secrets", claims.namespace.as_str()),
            _ => ("nodes", ""),
        };
        let object = exists(plural, namespace, &bound.name).await?;
        if object.as_ref().map(meta::uid) != Some(bound.uid.as_str()) {
            return Err(Status::unauthorized());
        }
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_back_and_forgeries_are_not() {
        let signer = TokenSigner::from_pkcs8(&TokenSigner::generate().unwrap()).unwrap();
        let other = TokenSigner::from_pkcs8(&TokenSigner::generate().unwrap()).unwrap();
        let claims = Claims {
            issuer: "i".into(),
            audiences: vec!["a".into()],
            namespace: "n".into(),
            account: "s".into(),
            account_uid: "u".into(),
            bound: Some(Bound { kind: "Pod".into(), name: "p".into(), uid: "pu".into() }),
            issued_at: 1,
            expires_at: 2,
        };
        let token = signer.sign(&claims).unwrap();
        let read = signer.read(&token).unwrap();
        assert_eq!(read.user().name, "system:serviceaccount:n:s");
        assert_eq!(read.bound, claims.bound);
        assert!(other.read(&token).is_none());
        for forged in ["", ".", "..", &token.replace('.', "..")] {
            assert!(signer.read(forged).is_none(), "{forged}");
        }
    }
}
