//! Keys that check the signatures of tokens: from JSON Web Keys, certificates and key files.
//! Source: RFC 7517 (JWK), RFC 7518 (algorithms), RFC 5280 (public keys in DER).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use machinery::meta;
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, UnparsedPublicKey,
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use x509_parser::{
    prelude::{FromDer as _, X509Certificate},
    public_key::PublicKey as Parsed,
    x509::SubjectPublicKeyInfo,
};

use super::signing::SigningKey;

/// The algorithms of tokens that can be checked here.
pub(super) const ALGORITHMS: [&str; 8] =
    ["RS256", "RS384", "RS512", "ES256", "ES384", "PS256", "PS384", "PS512"];

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// What tells it from others; empty where nobody said.
    pub(super) id: String,
    numbers: Numbers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Numbers {
    /// Modulus and exponent, without leading zeros.
    Rsa(Vec<u8>, Vec<u8>),
    /// An uncompressed point of P-256 or P-384.
    Point(Vec<u8>),
}

impl PublicKey {
    /// Reads a key in DER: a private key in PKCS#8, a public key, or a certificate.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        if let Ok(key) = SigningKey::from_pkcs8(der, &SystemRandom::new()) {
            return Self::from_jwk(&key.web_key());
        }
        let info = match X509Certificate::from_der(der) {
            Ok((_, certificate)) => certificate.tbs_certificate.subject_pki,
            Err(_) => SubjectPublicKeyInfo::from_der(der).ok()?.1,
        };
        let numbers = match info.parsed().ok()? {
            Parsed::RSA(key) => Numbers::Rsa(trimmed(key.modulus), trimmed(key.exponent)),
            Parsed::EC(point) => Numbers::Point(point.data().to_vec()),
            _ => return None,
        };
        let mut key = Self { id: String::new(), numbers };
        key.id = BASE64URL.encode(Sha256::digest(info.raw));
        key.is_usable().then_some(key)
    }

    /// Reads a JSON Web Key that signs; `None` for other kinds of keys.
    pub(super) fn from_jwk(key: &Value) -> Option<Self> {
        if matches!(meta::text(key, "/use"), "enc") {
            return None;
        }
        let bytes = |field: &str| BASE64URL.decode(meta::text(key, field)).ok();
        let numbers = match (meta::text(key, "/kty"), meta::text(key, "/crv")) {
            ("RSA", _) => Numbers::Rsa(trimmed(&bytes("/n")?), trimmed(&bytes("/e")?)),
            ("EC", "P-256" | "P-384") => {
                Numbers::Point([vec![4], bytes("/x")?, bytes("/y")?].concat())
            }
            _ => return None,
        };
        let key = Self { id: meta::text(key, "/kid").to_owned(), numbers };
        key.is_usable().then_some(key)
    }

    fn is_usable(&self) -> bool {
        match &self.numbers {
            Numbers::Rsa(n, e) => n.len() >= 256 && !e.is_empty(),
            Numbers::Point(point) => matches!(point.len(), 65 | 97) && point[0] == 4,
        }
    }

    /// The key as a JSON Web Key.
    pub(super) fn web_key(&self) -> Value {
        let id = &self.id;
        match &self.numbers {
            Numbers::Rsa(n, e) => json!({
                "use": "sig", "kty": "RSA", "kid": id, "alg": "RS256",
                "n": BASE64URL.encode(n), "e": BASE64URL.encode(e),
            }),
            Numbers::Point(point) => {
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
                let (curve, algorithm) =
                    if point.len() == 65 { ("P-256", "ES256") } else { ("P-384", "ES384") };
                json!({
                    "use": "sig", "kty": "EC", "kid": id, "alg": algorithm, "crv": curve,
                    "x": BASE64URL.encode(x), "y": BASE64URL.encode(y),
                })
            }
        }
    }

    /// Tells whether the key's owner signed `text` by `algorithm`.
    pub(super) fn verifies(&self, algorithm: &str, text: &[u8], signature: &[u8]) -> bool {
        match (&self.numbers, algorithm) {
            (Numbers::Point(point), "ES256") if point.len() == 65 => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(text, signature)
                    .is_ok()
            }
            (Numbers::Point(point), "ES384") if point.len() == 97 => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)
                    .verify(text, signature)
                    .is_ok()
            }
            (Numbers::Rsa(n, e), algorithm) => rsa(algorithm).is_some_and(|parameters| {
                PublicKeyComponents { n, e }.verify(parameters, text, signature).is_ok()
            }),
            (Numbers::Point(_), _) => false,
        }
    }
}

fn rsa(algorithm: &str) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "RS384" => &RSA_PKCS1_2048_8192_SHA384,
        "RS512" => &RSA_PKCS1_2048_8192_SHA512,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        "PS384" => &RSA_PSS_2048_8192_SHA384,
        "PS512" => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn trimmed(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(start..).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

    use super::*;

    #[test]
    fn keys_check_what_their_owner_signed() {
        let random = SystemRandom::new();
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let own = SigningKey::from_pkcs8(pkcs8.as_ref(), &random).unwrap();
        let public = PublicKey::from_der(pkcs8.as_ref()).unwrap();
        assert_eq!(PublicKey::from_jwk(&public.web_key()), Some(public.clone()));
        let signature = own.sign(b"text", &random).unwrap();
        for (case, algorithm, text, good) in [
            ("right", "ES256", "text", true),
            ("other text", "ES256", "texts", false),
            ("other algorithm", "RS256", "text", false),
            ("no algorithm", "none", "text", false),
        ] {
            assert_eq!(public.verifies(algorithm, text.as_bytes(), &signature), good, "{case}");
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        assert_eq!(PublicKey::from_der(b"nonsense"), None);
        for key in [
            json!({}),
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
            json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
            json!({"kty": "oct", "k": "AAAA"}),
        ] {
            assert_eq!(PublicKey::from_jwk(&key), None, "{key}");
        }
    }
}
