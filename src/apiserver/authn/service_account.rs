//! Tokens of service accounts: signed with ES256, bound to objects, and of limited life.
//! Source: Kubernetes documentation, "Managing Service Accounts", and RFC 7519.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use machinery::{meta, status::Status};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        UnparsedPublicKey,
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::User;
use crate::server::Inner;

/// The key that signs tokens, and checks them.
pub struct TokenSigner {
    key: EcdsaKeyPair,
    key_id: String,
    random: SystemRandom,
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "TokenSigner({})", self.key_id)
    }
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the signing key is no P-256 key in PKCS#8: {0}")]
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
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random)
            .map_err(|error| TokenSignerError(error.to_string()))?;
        let key_id = BASE64URL.encode(Sha256::digest(key.public_key().as_ref()));
        Ok(Self { key, key_id, random })
    }

    /// The public key as a JSON Web Key Set (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        // An uncompressed point: one byte of form, then the two coordinates.
        let point = self.key.public_key().as_ref();
        let (x, y) = point.get(1..65).map_or((&[][..], &[][..]), |both| both.split_at(32));
        json!({"keys": [{
            "use": "sig", "kty": "EC", "kid": self.key_id, "alg": "ES256", "crv": "P-256",
            "x": BASE64URL.encode(x), "y": BASE64URL.encode(y),
        }]})
    }

    /// Signs claims.
    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, Status> {
        let header = json!({"alg": "ES256", "kid": self.key_id});
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
        let body = format!(
            "{}.{}",
            BASE64URL.encode(header.to_string()),
            BASE64URL.encode(payload.to_string())
        );
        let signature = self
            .key
            .sign(&self.random, body.as_bytes())
            .map_err(|_| Status::internal("cannot sign the token"))?;
        Ok(format!("{body}.{}", BASE64URL.encode(signature.as_ref())))
    }

    /// Reads a token whose signature is ours; `None` for any other text.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        let (body, signature) = token.rsplit_once('.')?;
        let signature = BASE64URL.decode(signature).ok()?;
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key());
        public.verify(body.as_bytes(), &signature).ok()?;
        let (_, payload) = body.split_once('.')?;
        let payload: Value = serde_json::from_slice(&BASE64URL.decode(payload).ok()?).ok()?;
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

impl Claims {
    /// The user that the token stands for.
    pub(crate) fn user(&self) -> User {
        let name = format!("system:serviceaccount:{}:{}", self.namespace, self.account);
        let of_namespace = format!("system:serviceaccounts:{}", self.namespace);
        let mut user = User::known(&name, &["system:serviceaccounts", &of_namespace]);
        user.uid.clone_from(&self.account_uid);
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
