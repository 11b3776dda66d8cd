//! Tokens of `OpenID` Connect issuers. An issuer's keys are fetched when its first token comes, and again
//! when a token is signed by a key that is not known yet: never by the clock.
//! Source: Kubernetes documentation, "`OpenID` Connect Tokens" and "Using Authentication
//! Configuration", and `plugin/pkg/authenticator/token/oidc`.

mod claims;
mod config;
mod token;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use http::Uri;
use machinery::meta;
use rustls::ClientConfig;
use serde_json::Value;
use tokio::sync::Mutex;

pub use self::config::{AuthenticationConfig, AuthenticationConfigError};
use self::{
    claims::{Mapping, Origin},
    token::Token,
};
use super::{
    User,
    public_key::{ALGORITHMS, PublicKey},
};
use crate::outward::{self, Trust};

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

/// Issuers that may be exchanged while the server runs.
#[derive(Debug, Default)]
pub struct Issuers(RwLock<Arc<Vec<Oidc>>>);

impl Issuers {
    /// These issuers.
    pub fn new(issuers: Vec<Oidc>) -> Self {
        Self(RwLock::new(Arc::new(issuers)))
    }

    /// Takes tokens of these issuers from now on, and of no others.
    pub(crate) fn replace(&self, issuers: Vec<Oidc>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(issuers);
    }

    /// Tells whom a token stands for; `None` for tokens of others.
    ///
    /// Errors: why a token of one of the issuers is not taken.
    pub(super) async fn user(&self, token: &str) -> Result<Option<User>, String> {
        let issuers = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        for issuer in issuers.iter() {
            if let Some(user) = issuer.user(token).await? {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }
}

/// Whose tokens are taken, and how their signatures are checked.
#[derive(Debug)]
struct Issuer {
    url: String,
    /// Where it says how to reach its keys; empty: at the usual place below its URL.
    discovery_url: String,
    /// A token is for one of these.
    audiences: Vec<String>,
    signing_algs: Vec<String>,
    authorities: Option<Vec<u8>>,
}

/// An issuer and its keys.
#[derive(Debug)]
pub struct Oidc {
    issuer: Issuer,
    mapping: Mapping,
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

impl Oidc {
    /// Checks what flags say of an issuer. Talks to nobody yet.
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
        let mapping = mapping_of(&config);
        let issuer = Issuer {
            url: config.issuer_url,
            discovery_url: String::new(),
            audiences: vec![config.client_id],
            signing_algs: config.signing_algs,
            authorities: config.authorities,
        };
        let value = String::new();
        Self::of(issuer, mapping).map_err(|why| OidcError { flag: "oidc-ca-file", value, why })
    }

    /// Errors: the authorities cannot be read.
    fn of(issuer: Issuer, mapping: Mapping) -> Result<Self, String> {
        let trust = issuer.authorities.as_deref().map_or(Trust::System, Trust::Authorities);
        let tls = outward::speaking(trust)?;
        Ok(Self { issuer, mapping, tls, keys: RwLock::default(), fetching: Mutex::default() })
    }

    /// Tells whom a token stands for; `None` for tokens of others.
    ///
    /// Errors: why a token of this issuer is not taken.
    async fn user(&self, token: &str) -> Result<Option<User>, String> {
        let Some(token) = Token::read(token) else { return Ok(None) };
        if token.issuer() != Some(&self.issuer.url) {
            return Ok(None);
        }
        token.check(&self.issuer.audiences, lifecycle::clock::now().as_second())?;
        if !self.issuer.signing_algs.contains(&token.algorithm) {
            let found = &token.algorithm;
            return Err(format!("oidc: id token signed with unsupported algorithm, got {found:?}"));
        }
        if !self.is_signed(&token).await? {
            return Err(
                "oidc: failed to verify signature: failed to verify id token signature".into()
            );
        }
        self.mapping.user(&token.claims).map(Some)
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
        let Issuer { url, discovery_url, .. } = &self.issuer;
        let usual = format!("{}/.well-known/openid-configuration", url.trim_end_matches('/'));
        let at = if discovery_url.is_empty() { &usual } else { discovery_url };
        let document = self.document(at).await?;
        let told = meta::text(&document, "/issuer");
        if told != url {
            return Err(format!(
                "oidc: issuer did not match the issuer returned by provider, expected {url:?} got \
                 {told:?}"
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
}

/// How the claims of the flags' issuer become users.
fn mapping_of(config: &OidcConfig) -> Mapping {
    let claim = match config.username_claim.as_str() {
        "" => "sub",
        given => given,
    };
    let prefix = match config.username_prefix.as_str() {
        "-" => String::new(),
        // Other issuers' names are kept apart; addresses are apart by themselves.
        "" if claim != "email" => format!("{}#", config.issuer_url),
        given => given.to_owned(),
    };
    let groups = Some(config.groups_claim.clone()).filter(|claim| !claim.is_empty());
    Mapping {
        required: config.required_claims.clone().into_iter().collect(),
        claim_rules: Vec::new(),
        username: Origin::Claim(claim.to_owned(), prefix),
        groups: groups.map(|claim| Origin::Claim(claim, config.groups_prefix.clone())),
        uid: None,
        extra: Vec::new(),
        user_rules: Vec::new(),
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

    /// The user that claims name: name and groups, or why there is none.
    fn said(mapping: &Mapping, claims: &Value) -> String {
        match mapping.user(claims.as_object().unwrap()) {
            Ok(mut user) => {
                user.groups.pop();
                let more = if user.uid.is_empty() && user.extra.is_empty() {
                    String::new()
                } else {
                    format!(" {} {:?}", user.uid, user.extra)
                };
                format!("{} {:?}{more}", user.name, user.groups)
            }
            Err(why) => why,
        }
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
            assert_eq!(said(&mapping_of(&config), &claims), expected, "{case}");
        }
    }

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";

    fn parse(rest: &str) -> Result<AuthenticationConfig, String> {
        let parsed = AuthenticationConfig::parse(&format!("{HEAD}{rest}"), "https://own.example");
        parsed.map_err(|error| error.to_string())
    }

    #[test]
    fn expressions_name_users() {
        let config = parse(
            r#"
jwt:
- issuer: {url: "https://a.example", audiences: [kanoe]}
  claimValidationRules:
  - {expression: "claims.exp - claims.iat <= 3600", message: "too long"}
  - {claim: team, requiredValue: x}
  claimMappings:
    username: {expression: "'a:' + claims.sub"}
    groups: {expression: "claims.roles.split(',')"}
    uid: {claim: sub}
    extra:
    - {key: example.com/tenant, valueExpression: "claims.?tenant.orValue('')"}
  userValidationRules:
  - {expression: "!user.username.startsWith('a:system:')", message: "reserved"}
"#,
        )
        .unwrap();
        let mapping = &config.issuers[0].mapping;
        let claims = |change: &Value| {
            let mut claims =
                json!({"sub": "ann", "iat": 0, "exp": 60, "roles": "r,,s", "team": "x"});
            for (claim, value) in change.as_object().unwrap() {
                claims[claim] = value.clone();
            }
            said(mapping, &claims)
        };
        assert_eq!(claims(&json!({})), "a:ann [\"r\", \"s\"] ann {}");
        assert_eq!(
            claims(&json!({"tenant": "t"})),
            "a:ann [\"r\", \"s\"] ann {\"example.com/tenant\": [\"t\"]}"
        );
        for (change, why) in [
            (json!({"exp": 4000}), "failed: too long"),
            (json!({"team": "y"}), "required claim team value does not match"),
            (json!({"sub": "system:x"}), "failed: reserved"),
            (json!({"roles": 1}), "error evaluating group claim expression"),
        ] {
            let said = claims(&change);
            assert!(said.contains(why), "{said}");
        }
    }

    const ISSUER: &str = "issuer: {url: 'https://a', audiences: [k]}";
    const USERNAME: &str = "claimMappings: {username: {claim: sub, prefix: ''}}";

    fn jwt(parts: &[&str]) -> String {
        format!("jwt: [{{{}}}]", parts.join(", "))
    }

    fn refused(cases: &[(String, &str)]) {
        for (rest, why) in cases {
            let said = parse(rest).map(drop).unwrap_err();
            assert!(said.contains(why), "{rest}: {said}");
        }
    }

    #[test]
    fn issuers_that_break_rules_are_refused() {
        refused(&[
            (jwt(&["issuer: {}"]), "jwt[0].issuer.url: Required value"),
            (jwt(&["issuer: {}"]), "at least one jwt[0].issuer.audiences is required"),
            (
                jwt(&["issuer: {url: 'http://u@a/?x#y', audiences: [k]}", USERNAME]),
                "[jwt[0].issuer.url: Invalid value: \"http://u@a/?x#y\": URL scheme must be https, \
                 jwt[0].issuer.url: Invalid value: \"http://u@a/?x#y\": URL must not contain a \
                 username or password, jwt[0].issuer.url: Invalid value: \"http://u@a/?x#y\": URL \
                 must not contain a query, jwt[0].issuer.url: Invalid value: \"http://u@a/?x#y\": \
                 URL must not contain a fragment]",
            ),
            (
                jwt(&["issuer: {url: 'https://own.example', audiences: [k]}", USERNAME]),
                "URL must not overlap with disallowed issuers: [https://own.example]",
            ),
            (
                jwt(&["issuer: {url: 'https://a', audiences: [k, l]}", USERNAME]),
                "jwt[0].issuer.audienceMatchPolicy: Invalid value: \"\": audienceMatchPolicy must \
                 be MatchAny for multiple audiences",
            ),
        ]);
    }

    #[test]
    fn mappings_that_break_rules_are_refused() {
        refused(&[
            (
                jwt(&[ISSUER]),
                "jwt[0].claimMappings.username: Required value: claim or expression is required",
            ),
            (
                jwt(&[ISSUER, "claimMappings: {username: {claim: sub}}"]),
                "jwt[0].claimMappings.username.prefix: Required value: prefix is required",
            ),
            (
                jwt(&[ISSUER, "claimMappings: {username: {expression: 'claims.email'}}"]),
                "jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": \
                 claims.email_verified must be used",
            ),
            (
                jwt(&[ISSUER, USERNAME, "userValidationRules: [{expression: 'user.username'}]"]),
                "jwt[0].userValidationRules[0].expression: Invalid value: \"user.username\": must \
                 evaluate to bool",
            ),
            (
                format!("jwt: [{{{ISSUER}, {USERNAME}}}, {{{ISSUER}, {USERNAME}}}]"),
                "jwt[1].issuer.url: Duplicate value: \"https://a\"",
            ),
            (
                jwt(&[
                    ISSUER,
                    "claimMappings: {username: {claim: a, prefix: ''}, extra: [{key: 'k8s.io/A', \
                     valueExpression: \"''\"}]}",
                ]),
                "must be lowercase, jwt[0].claimMappings.extra[0].key: Invalid value: \
                 \"k8s.io/A\": k8s.io, kubernetes.io and their subdomains are reserved",
            ),
            (
                "anonymous: {enabled: false, conditions: [{path: /livez}]}".to_owned(),
                "enabled should be set to true when conditions are defined",
            ),
            ("jwt: [{issuers: {}}]".to_owned(), "unknown field \"jwt[0].issuers\""),
        ]);
    }

    #[test]
    fn anybody_may_be_let_in_by_paths() {
        assert!(parse("jwt: []").unwrap().anonymous.is_none());
        let some = parse("anonymous: {enabled: true, conditions: [{path: /livez}]}").unwrap();
        let anonymous = some.anonymous.unwrap();
        assert!(anonymous.allows("/livez") && !anonymous.allows("/livez/etcd"));
    }
}
