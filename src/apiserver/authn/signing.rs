//! Keys that sign tokens: P-256 (ES256), which we make ourselves, and RSA (RS256), which kubeadm
//! makes. Source: RFC 7518, "JSON Web Algorithms".

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key and what tokens say of it.
pub(super) enum SigningKey {
    /// P-256.
    Elliptic(Box<EcdsaKeyPair>),
    /// RSA of 2048 bits or more.
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// Reads a key in PKCS#8. Errors: why it is neither.
    pub(super) fn from_pkcs8(pkcs8: &[u8], random: &SystemRandom) -> Result<Self, String> {
        if let Ok(key) = RsaKeyPair::from_pkcs8(pkcs8) {
            return Ok(Self::Rsa(Box::new(key)));
        }
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, random)
            .map(|key| Self::Elliptic(Box::new(key)))
            .map_err(|error| error.to_string())
    }

    fn public(&self) -> &[u8] {
        match self {
            Self::Elliptic(key) => key.public_key().as_ref(),
            Self::Rsa(key) => key.public_key().as_ref(),
        }
    }

    /// What tells the key from others.
    pub(super) fn id(&self) -> String {
        BASE64URL.encode(Sha256::digest(self.public()))
    }

    /// The algorithm's name in tokens.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Elliptic(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// Signs; `None` where the system has no randomness.
    pub(super) fn sign(&self, text: &[u8], random: &SystemRandom) -> Option<Vec<u8>> {
        match self {
            Self::Elliptic(key) => Some(key.sign(random, text).ok()?.as_ref().to_vec()),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, random, text, &mut signature).ok()?;
                Some(signature)
            }
        }
    }

    /// Tells whether a signature is ours.
    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Elliptic(_) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.public())
                .verify(text, signature),
            Self::Rsa(_) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.public())
                .verify(text, signature),
        }
        .is_ok()
    }

    /// The public key as a JSON Web Key (RFC 7517).
    pub(super) fn web_key(&self) -> Value {
        let (id, algorithm) = (self.id(), self.algorithm());
        match self {
            Self::Elliptic(_) => {
                // An uncompressed point: one byte of form, then the two coordinates.
                let point = self.public().get(1..65);
                let (x, y) = point.map_or((&[][..], &[][..]), |both| both.split_at(32));
                json!({
                    "use": "sig", "kty": "EC", "kid": id, "alg": algorithm, "crv": "P-256",
                    "x": BASE64URL.encode(x), "y": BASE64URL.encode(y),
                })
            }
            Self::Rsa(key) => {
                let PublicKeyComponents::<Vec<u8>> { n, e } = key.public().into();
                json!({
                    "use": "sig", "kty": "RSA", "kid": id, "alg": algorithm,
                    "n": BASE64URL.encode(n), "e": BASE64URL.encode(e),
                })
            }
        }
    }
}
