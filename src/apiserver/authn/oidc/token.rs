//! Tokens taken apart (RFC 7515, RFC 7519): nothing of them is trusted yet.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use machinery::meta;
use serde_json::{Map, Value};

/// How far a token's beginning may lie ahead. Source: go-oidc.
const EARLY_SECONDS: i64 = 300;

/// A token.
pub(super) struct Token<'a> {
    pub(super) algorithm: String,
    pub(super) key_id: String,
    pub(super) signed: &'a str,
    pub(super) signature: Vec<u8>,
    pub(super) claims: Map<String, Value>,
}

impl<'a> Token<'a> {
    pub(super) fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let object =
            |text: &str| serde_json::from_slice::<Value>(&BASE64URL.decode(text).ok()?).ok();
        let header = object(header)?;
        let Value::Object(claims) = object(claims)? else { return None };
        Some(Self {
            algorithm: meta::text(&header, "/alg").to_owned(),
            key_id: meta::text(&header, "/kid").to_owned(),
            signed,
            signature: BASE64URL.decode(signature).ok()?,
            claims,
        })
    }

    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    fn time(&self, claim: &str) -> Option<f64> {
        self.claims.get(claim)?.as_f64()
    }

    fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one == audience),
            _ => false,
        }
    }

    /// Checks for whom and when the token is. Errors: why it is not taken.
    #[expect(clippy::cast_precision_loss, reason = "times stay far below 2^52 seconds")]
    pub(super) fn check(&self, audiences: &[String], now: i64) -> Result<(), String> {
        if !audiences.iter().any(|audience| self.is_for(audience)) {
            return Err(format!("oidc: expected audience in {audiences:?}"));
        }
        if self.time("exp").is_none_or(|end| end < now as f64) {
            return Err("oidc: token is expired".into());
        }
        if self.time("nbf").is_some_and(|begin| begin > (now + EARLY_SECONDS) as f64) {
            return Err("oidc: current time is before the nbf (not before) time".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_are_for_somebody_and_end() {
        let audiences = ["kanoe".to_owned(), "other".to_owned()];
        for (case, claims, good) in [
            ("good", json!({"aud": ["x", "kanoe"], "exp": 200}), true),
            ("one audience", json!({"aud": "kanoe", "exp": 200}), true),
            ("any of ours", json!({"aud": "other", "exp": 200}), true),
            ("other audience", json!({"aud": "x", "exp": 200}), false),
            ("over", json!({"aud": "kanoe", "exp": 99}), false),
            ("endless", json!({"aud": "kanoe"}), false),
            ("soon enough", json!({"aud": "kanoe", "exp": 2000, "nbf": 300}), true),
            ("too early", json!({"aud": "kanoe", "exp": 2000, "nbf": 900}), false),
        ] {
            let part = |value: &Value| BASE64URL.encode(value.to_string());
            let text = format!("{}.{}.eA", part(&json!({"alg": "RS256"})), part(&claims));
            let token = Token::read(&text).unwrap();
            assert_eq!(token.check(&audiences, 100).is_ok(), good, "{case}");
        }
        for text in ["", ".", "..", "a.b.c", "e30.W10.", "e30.e30"] {
            assert!(Token::read(text).is_none(), "{text}");
        }
    }
}
