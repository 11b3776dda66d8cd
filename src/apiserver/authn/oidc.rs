//! Tokens of an `OpenID` Connect issuer. Its keys are fetched when the first token comes, and again
//! when a token is signed by a key that is not known yet: never by the clock.
//! Source: Kubernetes documentation, "`OpenID` Connect Tokens", and
//! `plugin/pkg/authenticator/token/oidc`.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use http::Uri;
use machinery::meta;
use rustls::ClientConfig;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::{
    User,
    public_key::{ALGORITHMS, PublicKey},
};
use crate::outward::{self, Trust};

/// How far a token's beginning may lie ahead. Source: go-oidc.
const EARLY_SECONDS: i64 = 300;

/// What is said of an issuer. The names are those of kube-apiserver's flags.
#[derive(Debug, Clone, Default)]
pub struct OidcConfig {
    /// `--oidc-issuer-url`.
    pub issuer_url: String,
    /// `--oidc-client-id`.
    pub client_id: String,
    /// `--oidc-username-claim`; `sub` where it is empty.
    pub username_claim: String,
    /// `--oidc-username-prefix`; `-` is none.
    pub username_prefix: String,
    /// `--oidc-groups-claim`.
    pub groups_claim: String,
    /// `--oidc-groups-prefix`.
    pub groups_prefix: String,
    /// `--oidc-required-claim`.
    pub required_claims: BTreeMap<String, String>,
    /// `--oidc-signing-algs`; `RS256` where there are none.
    pub signing_algs: Vec<String>,
    /// `--oidc-ca-file`, read; those whom the machine trusts where there is none.
    pub authorities: Option<Vec<u8>>,
}

/// A flag that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct OidcError {
    /// The flag without its dashes.
    pub flag: &'static str,
    /// What was given.
    pub value: String,
    why: String,
}

/// An issuer and its keys.
#[derive(Debug)]
pub struct Oidc {
    config: OidcConfig,
    tls: Arc<ClientConfig>,
    keys: RwLock<Arc<Keys>>,
    /// Held by whoever fetches keys, so that all wait for one answer.
    fetching: Mutex<()>,
}

#[derive(Debug, Default)]
struct Keys {
    /// How often they were fetched.
    times: u64,
    list: Vec<PublicKey>,
}

/// A token taken apart; nothing of it is trusted yet.
struct Token<'a> {
    algorithm: String,
    key_id: String,
    signed: &'a str,
    signature: Vec<u8>,
    claims: Map<String, Value>,
}

impl<'a> Token<'a> {
    fn read(token: &'a str) -> Option<Self> {
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

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
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
}

impl Oidc {
    /// Checks what is said of an issuer. Talks to nobody yet.
    pub fn new(mut config: OidcConfig) -> Result<Self, OidcError> {
        let wrong = |flag, value: &str, why: &str| {
            Err(OidcError { flag, value: value.to_owned(), why: why.to_owned() })
        };
        if config.issuer_url.is_empty() || config.client_id.is_empty() {
            let why = "oidc-issuer-url and oidc-client-id must be specified together when any \
                       oidc-* flags are set";
            return wrong("oidc-issuer-url", &config.issuer_url, why);
        }
        let url: Option<Uri> = config.issuer_url.parse().ok();
        if url.is_none_or(|url| url.scheme_str() != Some("https")) {
            return wrong("oidc-issuer-url", &config.issuer_url, "URL scheme must be https");
        }
        if config.signing_algs.is_empty() {
            config.signing_algs.push("RS256".into());
        }
        if let Some(other) =
            config.signing_algs.iter().find(|it| !ALGORITHMS.contains(&it.as_str()))
        {
            let why = format!("oidc: unsupported signing alg: {other:?}");
            return wrong("oidc-signing-algs", other, &why);
        }
        if config.username_claim.is_empty() {
            config.username_claim = "sub".into();
        }
        config.username_prefix = match config.username_prefix.as_str() {
            "-" => String::new(),
            // Other issuers' names are kept apart; addresses are apart by themselves.
            "" if config.username_claim != "email" => format!("{}#", config.issuer_url),
            given => given.to_owned(),
        };
        let trust = config.authorities.as_deref().map_or(Trust::System, Trust::Authorities);
        let tls = outward::speaking(trust).map_err(|why| OidcError {
            flag: "oidc-ca-file",
            value: String::new(),
            why,
        })?;
        Ok(Self { config, tls, keys: RwLock::default(), fetching: Mutex::default() })
    }

    /// Tells whom a token stands for; `None` for tokens of others.
    ///
    /// Errors: why a token of this issuer is not taken.
    pub(super) async fn user(&self, token: &str) -> Result<Option<User>, String> {
        let Some(token) = Token::read(token) else { return Ok(None) };
        if token.text("iss") != Some(&self.config.issuer_url) {
            return Ok(None);
        }
        self.check(&token, lifecycle::clock::now().as_second())?;
        if !self.is_signed(&token).await? {
            return Err(
                "oidc: failed to verify signature: failed to verify id token signature".into()
            );
        }
        self.who(&token).map(Some)
    }

    /// Checks whom and when a token is for.
    #[expect(clippy::cast_precision_loss, reason = "times stay far below 2^52 seconds")]
    fn check(&self, token: &Token<'_>, now: i64) -> Result<(), String> {
        if !token.is_for(&self.config.client_id) {
            let client = &self.config.client_id;
            return Err(format!("oidc: expected audience {client:?}"));
        }
        if token.time("exp").is_none_or(|end| end < now as f64) {
            return Err("oidc: token is expired".into());
        }
        if token.time("nbf").is_some_and(|begin| begin > (now + EARLY_SECONDS) as f64) {
            return Err("oidc: current time is before the nbf (not before) time".into());
        }
        if !self.config.signing_algs.contains(&token.algorithm) {
            let found = &token.algorithm;
            return Err(format!("oidc: id token signed with unsupported algorithm, got {found:?}"));
        }
        Ok(())
    }

    async fn is_signed(&self, token: &Token<'_>) -> Result<bool, String> {
        let known = self.known();
        if signed_by(&known, token) {
            return Ok(true);
        }
        let _alone = self.fetching.lock().await;
        let now = self.known();
        if now.times == known.times {
            let list = self.fetch().await?;
            let fresh = Arc::new(Keys { times: now.times + 1, list });
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(signed_by(&self.known(), token))
    }

    fn known(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the issuer where its keys are, and for them.
    async fn fetch(&self) -> Result<Vec<PublicKey>, String> {
        let issuer = &self.config.issuer_url;
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.document(&at).await?;
        let told = meta::text(&document, "/issuer");
        if told != issuer {
            return Err(format!(
                "oidc: issuer did not match the issuer returned by provider, expected {issuer:?} \
                 got {told:?}"
            ));
        }
        let keys = self.document(meta::text(&document, "/jwks_uri")).await?;
        Ok(meta::items(&keys, "/keys").iter().filter_map(PublicKey::from_jwk).collect())
    }

    async fn document(&self, at: &str) -> Result<Value, String> {
        let uri: Uri = at.parse().map_err(|_| format!("oidc: {at:?} is no URL"))?;
        let bytes = outward::fetch(&uri, Arc::clone(&self.tls)).await?;
        serde_json::from_slice(&bytes).map_err(|error| format!("oidc: {at}: {error}"))
    }

    /// The user that verified claims name.
    fn who(&self, token: &Token<'_>) -> Result<User, String> {
        let claim = &self.config.username_claim;
        let name = token
            .text(claim)
            .ok_or_else(|| format!("oidc: parse username claims {claim:?}: claim not present"))?;
        if claim == "email" && token.claims.get("email_verified").is_some_and(|it| *it != true) {
            return Err("oidc: email not verified".into());
        }
        let mut groups = Vec::new();
        if let Some(value) = token.claims.get(&self.config.groups_claim) {
            let several = match value {
                Value::String(one) => vec![one.as_str()],
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                _ => {
                    let claim = &self.config.groups_claim;
                    return Err(format!(
                        "oidc: parse groups claim {claim:?}: neither a text nor a list of texts"
                    ));
                }
            };
            let prefix = &self.config.groups_prefix;
            groups.extend(several.into_iter().map(|group| format!("{prefix}{group}")));
        }
        for (claim, wanted) in &self.config.required_claims {
            if token.text(claim) != Some(wanted) {
                return Err(format!("oidc: required claim {claim} value does not match"));
            }
        }
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        Ok(User::known(&format!("{}{name}", self.config.username_prefix), &groups))
    }
}

fn signed_by(keys: &Keys, token: &Token<'_>) -> bool {
    let fits =
        |key: &&PublicKey| token.key_id.is_empty() || key.id.is_empty() || key.id == token.key_id;
    let mut fitting = keys.list.iter().filter(fits);
    fitting.any(|key| key.verifies(&token.algorithm, token.signed.as_bytes(), &token.signature))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer_url: "https://issuer.example".into(),
            client_id: "kanoe".into(),
            ..OidcConfig::default()
        }
    }

    fn token(claims: &Value) -> String {
        let header = BASE64URL.encode(json!({"alg": "RS256"}).to_string());
        format!("{header}.{}.{}", BASE64URL.encode(claims.to_string()), BASE64URL.encode("x"))
    }

    #[test]
    fn flags_that_make_no_sense_are_refused() {
        let with = |change: fn(&mut OidcConfig)| {
            let mut config = config();
            change(&mut config);
            Oidc::new(config).err().map(|error| error.flag)
        };
        assert_eq!(with(|_| ()), None);
        assert_eq!(with(|it| it.client_id.clear()), Some("oidc-issuer-url"));
        assert_eq!(with(|it| it.issuer_url = "http://i".into()), Some("oidc-issuer-url"));
        assert_eq!(with(|it| it.signing_algs = vec!["none".into()]), Some("oidc-signing-algs"));
    }

    #[test]
    fn claims_name_users() {
        for (case, change, claims, expected) in [
            (
                "subject with the issuer",
                (|_| ()) as fn(&mut OidcConfig),
                json!({"sub": "ann"}),
                "https://issuer.example#ann []",
            ),
            (
                "own prefix and groups",
                |it| {
                    it.username_prefix = "o:".into();
                    it.groups_claim = "groups".into();
                    it.groups_prefix = "g:".into();
                },
                json!({"sub": "ann", "groups": ["a", "b"]}),
                "o:ann [\"g:a\", \"g:b\"]",
            ),
            (
                "address",
                |it| it.username_claim = "email".into(),
                json!({"email": "a@b", "email_verified": true}),
                "a@b []",
            ),
            (
                "address that nobody verified",
                |it| it.username_claim = "email".into(),
                json!({"email": "a@b", "email_verified": false}),
                "oidc: email not verified",
            ),
            (
                "claim that is required",
                |it| drop(it.required_claims.insert("team".into(), "x".into())),
                json!({"sub": "ann", "team": "y"}),
                "oidc: required claim team value does not match",
            ),
        ] {
            let mut config = config();
            change(&mut config);
            let oidc = Oidc::new(config).unwrap();
            let text = token(&claims);
            let said = match oidc.who(&Token::read(&text).unwrap()) {
                Ok(mut user) => {
                    user.groups.pop();
                    format!("{} {:?}", user.name, user.groups)
                }
                Err(why) => why,
            };
            assert_eq!(said, expected, "{case}");
        }
    }

    #[test]
    fn tokens_are_for_somebody_and_end() {
        let oidc = Oidc::new(config()).unwrap();
        for (case, claims, good) in [
            ("good", json!({"aud": ["x", "kanoe"], "exp": 200}), true),
            ("one audience", json!({"aud": "kanoe", "exp": 200}), true),
            ("other audience", json!({"aud": "x", "exp": 200}), false),
            ("over", json!({"aud": "kanoe", "exp": 99}), false),
            ("endless", json!({"aud": "kanoe"}), false),
            ("soon enough", json!({"aud": "kanoe", "exp": 2000, "nbf": 300}), true),
            ("too early", json!({"aud": "kanoe", "exp": 2000, "nbf": 900}), false),
        ] {
            let text = token(&claims);
            assert_eq!(oidc.check(&Token::read(&text).unwrap(), 100).is_ok(), good, "{case}");
        }
        for text in ["", ".", "..", "a.b.c", "e30.W10.", "e30.e30"] {
            assert!(Token::read(text).is_none(), "{text}");
        }
    }
}
