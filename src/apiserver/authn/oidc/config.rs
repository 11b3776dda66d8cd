//! `AuthenticationConfiguration`: several issuers, how their claims become users, and who may call
//! without being known. Source: `k8s.io/apiserver/pkg/apis/apiserver` (`types.go`,
//! `validation/validation.go`), whose words errors have.

use std::{collections::BTreeSet, sync::Arc};

use cel::{Names, Object, Program, Type};
use machinery::{
    configuration::Types,
    field::{Errors, Path},
    meta,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde_json::{Value, json};

use super::{
    Issuer, Oidc,
    claims::{Mapping, Origin, Rule},
};
use crate::authn::{Anonymous, public_key::ALGORITHMS};

const KIND: &str = "AuthenticationConfiguration";
const VERSIONS: [&str; 3] = [
    "apiserver.config.k8s.io/v1",
    "apiserver.config.k8s.io/v1beta1",
    "apiserver.config.k8s.io/v1alpha1",
];
const TYPES: Types = Types(
    "\
AuthenticationConfiguration kind:string apiVersion:string jwt:*JWTAuthenticator anonymous:AnonymousAuthConfig
JWTAuthenticator issuer:Issuer claimValidationRules:*ClaimValidationRule claimMappings:ClaimMappings userValidationRules:*UserValidationRule
Issuer url:string discoveryURL:string certificateAuthority:string audiences:*string audienceMatchPolicy:string egressSelectorType:string
ClaimValidationRule claim:string requiredValue:string expression:string message:string
ClaimMappings username:PrefixedClaimOrExpression groups:PrefixedClaimOrExpression uid:ClaimOrExpression extra:*ExtraMapping
PrefixedClaimOrExpression claim:string prefix:string expression:string
ClaimOrExpression claim:string expression:string
ExtraMapping key:string valueExpression:string
UserValidationRule expression:string message:string
AnonymousAuthConfig enabled:bool conditions:*AnonymousAuthCondition
AnonymousAuthCondition path:string",
);
const MOST_ISSUERS: usize = 64;
const BOTH: &str = "claim and expression can't both be set";
const EMAIL_UNVERIFIED: &str = "claims.email_verified must be used in \
    claimMappings.username.expression or claimMappings.extra[*].valueExpression or \
    claimValidationRules[*].expression when claims.email is used in \
    claimMappings.username.expression";

/// What `--authentication-config` says.
#[derive(Debug)]
pub struct AuthenticationConfig {
    /// Issuers of tokens.
    pub issuers: Vec<Oidc>,
    /// Who may call without being known; `None`: it is said elsewhere.
    pub anonymous: Option<Anonymous>,
}

/// A configuration that cannot be followed, in the words of its fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AuthenticationConfigError(String);

impl AuthenticationConfig {
    /// Reads a file's text, YAML or JSON; `own` is the issuer of service account tokens, whose tokens
    /// no other may sign.
    ///
    /// Errors: what is unknown, of the wrong type, or breaks a rule.
    pub fn parse(text: &str, own: &str) -> Result<Self, AuthenticationConfigError> {
        let document = TYPES.read(text, KIND, &VERSIONS).map_err(AuthenticationConfigError)?;
        let mut reader = Reader { own, errors: Errors::default() };
        let issuers = reader.issuers(meta::items(&document, "/jwt"));
        let anonymous = document.get("anonymous").filter(|it| it.is_object());
        let anonymous = anonymous.map(|given| reader.anonymous(given));
        if reader.errors.is_empty() {
            return Ok(Self { issuers, anonymous });
        }
        let why = reader.errors.sentence();
        Err(AuthenticationConfigError(format!("invalid authentication configuration: {why}")))
    }
}

struct Reader<'a> {
    own: &'a str,
    errors: Errors,
}

impl Reader<'_> {
    fn issuers(&mut self, given: &[Value]) -> Vec<Oidc> {
        let root = Path::new("jwt");
        if given.len() > MOST_ISSUERS {
            self.errors.too_many(&root, given.len(), MOST_ISSUERS);
            return Vec::new();
        }
        let (mut urls, mut discoveries) = (BTreeSet::new(), BTreeSet::new());
        let mut issuers = Vec::new();
        for (index, one) in given.iter().enumerate() {
            let at = root.index(index);
            let read = self.issuer(&one["issuer"], &at.child("issuer"));
            let mapping = self.mapping(one, &at);
            for (field, seen) in [("url", &mut urls), ("discoveryURL", &mut discoveries)] {
                let url = one["issuer"][field].as_str().unwrap_or_default();
                let counts = field == "url" || !url.is_empty();
                if counts && !seen.insert(url) {
                    let at = at.child("issuer").child(field);
                    self.errors.duplicate(&at, &json!(url));
                }
            }
            let (Some(issuer), Some(mapping)) = (read, mapping) else { continue };
            match Oidc::of(issuer, mapping) {
                Ok(issuer) => issuers.push(issuer),
                Err(why) => {
                    let at = at.child("issuer").child("certificateAuthority");
                    self.errors.invalid_shown(&at, "\"<omitted>\"", why);
                }
            }
        }
        issuers
    }

    fn issuer(&mut self, given: &Value, at: &Path) -> Option<Issuer> {
        let text = |field: &str| given[field].as_str().unwrap_or_default().to_owned();
        let (url, discovery_url) = (text("url"), text("discoveryURL"));
        let fails = self.errors.iter().count();
        if url.is_empty() {
            self.errors.required(&at.child("url"), "");
        } else {
            self.url(&url, self.own, &at.child("url"));
        }
        if !discovery_url.is_empty() {
            let at = at.child("discoveryURL");
            let same = url.trim_end_matches('/') == discovery_url.trim_end_matches('/');
            if !url.is_empty() && same {
                let why = "discoveryURL must be different from URL";
                self.errors.invalid(&at, &json!(discovery_url), why);
            }
            self.url(&discovery_url, "", &at);
        }
        let audiences = self.audiences(given, at);
        let authority = text("certificateAuthority");
        if !authority.is_empty()
            && !CertificateDer::pem_slice_iter(authority.as_bytes()).any(|one| one.is_ok())
        {
            let why = "data does not contain any valid RSA or ECDSA certificates";
            self.errors.invalid(&at.child("certificateAuthority"), &json!("<omitted>"), why);
        }
        let egress = text("egressSelectorType");
        if !egress.is_empty() {
            let known = matches!(egress.as_str(), "controlplane" | "cluster");
            let why = if known {
                "egress selector is not supported when there is no egress selector configuration"
            } else {
                "egress selector must be either controlplane or cluster"
            };
            self.errors.invalid(&at.child("egressSelectorType"), &json!(egress), why);
        }
        let sound = self.errors.iter().count() == fails;
        sound.then(|| Issuer {
            url,
            discovery_url,
            audiences,
            signing_algs: ALGORITHMS.map(str::to_owned).to_vec(),
            authorities: Some(authority.into_bytes()).filter(|it| !it.is_empty()),
        })
    }

    fn url(&mut self, url: &str, disallowed: &str, at: &Path) {
        let shown = json!(url);
        let mut invalid = |why: &str| self.errors.invalid(at, &shown, why);
        if !disallowed.is_empty() && url == disallowed {
            invalid(&format!("URL must not overlap with disallowed issuers: [{disallowed}]"));
        }
        let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
        let Ok(parsed) = rest.parse::<http::Uri>() else {
            invalid(&format!("parse {url:?}: invalid URI"));
            return;
        };
        if parsed.scheme_str() != Some("https") {
            invalid("URL scheme must be https");
        }
        if parsed.authority().is_some_and(|it| it.as_str().contains('@')) {
            invalid("URL must not contain a username or password");
        }
        if parsed.query().is_some_and(|query| !query.is_empty()) {
            invalid("URL must not contain a query");
        }
        if !fragment.is_empty() {
            invalid("URL must not contain a fragment");
        }
    }

    fn audiences(&mut self, given: &Value, at: &Path) -> Vec<String> {
        let audiences = meta::items(given, "/audiences").iter();
        let audiences: Vec<String> =
            audiences.map(|one| one.as_str().unwrap_or_default().to_owned()).collect();
        let path = at.child("audiences");
        if audiences.is_empty() {
            self.errors.required(&path, &format!("at least one {path} is required"));
            return audiences;
        }
        let mut seen = BTreeSet::new();
        for (index, audience) in audiences.iter().enumerate() {
            if audience.is_empty() {
                self.errors.required(&path.index(index), "");
            }
            if !seen.insert(audience) {
                self.errors.duplicate(&path.index(index), &json!(audience));
            }
        }
        let policy = given["audienceMatchPolicy"].as_str().unwrap_or_default();
        let why = match audiences.len() {
            _ if policy == "MatchAny" => None,
            1 if policy.is_empty() => None,
            1 => Some("audienceMatchPolicy must be empty or MatchAny for single audience"),
            _ => Some("audienceMatchPolicy must be MatchAny for multiple audiences"),
        };
        if let Some(why) = why {
            self.errors.invalid(&at.child("audienceMatchPolicy"), &json!(policy), why);
        }
        audiences
    }

    fn mapping(&mut self, given: &Value, at: &Path) -> Option<Mapping> {
        let (required, claim_rules) = self.claim_rules(given, &at.child("claimValidationRules"));
        let (mappings, at_mappings) = (&given["claimMappings"], at.child("claimMappings"));
        let part = |field: &str| (&mappings[field], at_mappings.child(field));
        let (one, place) = part("username");
        let username = self.prefixed(one, &place);
        if username.is_none()
            && one["claim"].as_str().is_none_or(str::is_empty)
            && one["expression"].as_str().is_none_or(str::is_empty)
        {
            self.errors.required(&place, "claim or expression is required");
        }
        let (one, place) = part("groups");
        let groups = self.prefixed(one, &place);
        let (one, place) = part("uid");
        let uid = self.origin(one, &place);
        let extra = self.extra(mappings, &at_mappings.child("extra"));
        self.check_email((&username, mappings), (&claim_rules, &extra), &at_mappings);
        let user_rules = self.user_rules(given, &at.child("userValidationRules"));
        Some(Mapping { required, claim_rules, username: username?, groups, uid, extra, user_rules })
    }

    /// An address must be verified where it names users.
    fn check_email(
        &mut self,
        (username, mappings): (&Option<Origin>, &Value),
        (rules, extra): (&[Rule], &[(String, Program)]),
        at: &Path,
    ) {
        let Some(Origin::Expression(program)) = username else { return };
        let verifies = |program: &Program| program.selects("claims", "email_verified");
        let verified = verifies(program)
            || rules.iter().any(|rule| verifies(&rule.program))
            || extra.iter().any(|(_, program)| verifies(program));
        if program.selects("claims", "email") && !verified {
            let at = at.child("username").child("expression");
            self.errors.invalid(&at, &mappings["username"]["expression"], EMAIL_UNVERIFIED);
        }
    }

    /// A claim with its prefix, or an expression.
    fn prefixed(&mut self, given: &Value, at: &Path) -> Option<Origin> {
        let text = |field: &str| given[field].as_str().unwrap_or_default();
        let prefix = given["prefix"].as_str();
        match (text("claim"), text("expression"), prefix) {
            (claim, "", None) if !claim.is_empty() => {
                let why = "prefix is required when claim is set. It can be set to an empty string \
                           to disable prefixing";
                self.errors.required(&at.child("prefix"), why);
            }
            ("", expression, Some(prefix)) if !expression.is_empty() => {
                let why = "may not be specified when expression is set";
                self.errors.invalid(&at.child("prefix"), &json!(prefix), why);
            }
            _ => {}
        }
        let origin = self.origin(given, at)?;
        Some(match origin {
            Origin::Claim(claim, _) => Origin::Claim(claim, prefix.unwrap_or_default().to_owned()),
            expression @ Origin::Expression(_) => expression,
        })
    }

    fn origin(&mut self, given: &Value, at: &Path) -> Option<Origin> {
        let text = |field: &str| given[field].as_str().unwrap_or_default();
        match (text("claim"), text("expression")) {
            ("", "") => None,
            (claim, "") => Some(Origin::Claim(claim.to_owned(), String::new())),
            ("", source) => {
                let at = at.child("expression");
                self.compile(source, &claims_names(), None, &at).map(Origin::Expression)
            }
            _ => {
                self.errors.invalid(at, &json!(""), BOTH);
                None
            }
        }
    }

    fn extra(&mut self, mappings: &Value, at: &Path) -> Vec<(String, Program)> {
        let mut extra = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, one) in meta::items(mappings, "/extra").iter().enumerate() {
            let at = at.index(index);
            let (key, source) = (meta::text(one, "/key"), meta::text(one, "/valueExpression"));
            self.extra_key(key, &at.child("key"));
            if !seen.insert(key) {
                self.errors.duplicate(&at.child("key"), &json!(key));
                continue;
            }
            let at = at.child("valueExpression");
            if source.is_empty() {
                self.errors.required(&at, "");
                continue;
            }
            let program = self.compile(source, &claims_names(), None, &at);
            extra.extend(program.map(|program| (key.to_owned(), program)));
        }
        extra
    }

    fn extra_key(&mut self, key: &str, at: &Path) {
        api::domain_path(key, at, &mut self.errors);
        if key.chars().any(char::is_uppercase) {
            self.errors.invalid(at, &json!(key), "must be lowercase");
        }
        let domain = key.split_once('/').map_or("", |(domain, _)| domain);
        let reserved = |root: &str| domain == root || domain.ends_with(&format!(".{root}"));
        if reserved("kubernetes.io") || reserved("k8s.io") {
            let why = "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use";
            self.errors.invalid(at, &json!(key), why);
        }
    }

    fn claim_rules(&mut self, given: &Value, at: &Path) -> (Vec<(String, String)>, Vec<Rule>) {
        let (mut required, mut rules) = (Vec::<(String, String)>::new(), Vec::<Rule>::new());
        let mut expressions = BTreeSet::new();
        for (index, one) in meta::items(given, "/claimValidationRules").iter().enumerate() {
            let at = at.index(index);
            let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
            let (claim, source) = (text("claim"), text("expression"));
            let (value, message) = (text("requiredValue"), text("message"));
            match (claim.as_str(), source.as_str()) {
                ("", "") => self.errors.required(&at, "claim or expression is required"),
                ("", _) => {
                    if !value.is_empty() {
                        let why = "may not be specified when expression is set";
                        self.errors.invalid(&at.child("requiredValue"), &json!(value), why);
                    }
                    if !expressions.insert(source.clone()) {
                        self.errors.duplicate(&at.child("expression"), &json!(source));
                        continue;
                    }
                    rules.extend(self.rule((source, message), &claims_names(), &at));
                }
                (_, "") => {
                    if !message.is_empty() {
                        let why = "may not be specified when claim is set";
                        self.errors.invalid(&at.child("message"), &json!(message), why);
                    }
                    if required.iter().any(|(known, _)| *known == claim) {
                        self.errors.duplicate(&at.child("claim"), &json!(claim));
                    }
                    required.push((claim, value));
                }
                _ => self.errors.invalid(&at, &json!(claim), BOTH),
            }
        }
        (required, rules)
    }

    fn user_rules(&mut self, given: &Value, at: &Path) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, one) in meta::items(given, "/userValidationRules").iter().enumerate() {
            let at = at.index(index);
            let source = meta::text(one, "/expression").to_owned();
            if source.is_empty() {
                self.errors.required(&at.child("expression"), "");
            } else if !seen.insert(source.clone()) {
                self.errors.duplicate(&at.child("expression"), &json!(source));
            } else {
                let message = meta::text(one, "/message").to_owned();
                rules.extend(self.rule((source, message), &user_names(), &at));
            }
        }
        rules
    }

    fn rule(
        &mut self,
        (source, message): (String, String),
        names: &Names,
        at: &Path,
    ) -> Option<Rule> {
        let at = at.child("expression");
        let program = self.compile(&source, names, Some(&Type::Bool), &at)?;
        Some(Rule { source, message, program })
    }

    fn compile(
        &mut self,
        source: &str,
        names: &Names,
        wanted: Option<&Type>,
        at: &Path,
    ) -> Option<Program> {
        let why = match Program::compile(source, names) {
            Err(issues) => format!("compilation failed: {issues}"),
            Ok(program) if wanted.is_none_or(|wanted| wanted == program.output()) => {
                return Some(program);
            }
            Ok(_) => "must evaluate to bool".to_owned(),
        };
        self.errors.invalid(at, &json!(source), why);
        None
    }

    fn anonymous(&mut self, given: &Value) -> Anonymous {
        let enabled = given["enabled"] == true;
        let conditions = meta::items(given, "/conditions");
        if !enabled && !conditions.is_empty() {
            let at = Path::new("anonymous").child("conditions");
            let why = "enabled should be set to true when conditions are defined";
            self.errors.invalid(&at, &given["conditions"], why);
        }
        let paths = conditions.iter().map(|one| meta::text(one, "/path").to_owned());
        Anonymous { enabled, paths: paths.collect() }
    }
}

fn claims_names() -> Names {
    let claims = Type::map(Type::String, Type::Dyn);
    Names { variables: [("claims".to_owned(), claims)].into(), ..Names::default() }
}

fn user_names() -> Names {
    let texts = Type::list(Type::String);
    let fields = [
        ("username", Type::String),
        ("uid", Type::String),
        ("groups", texts.clone()),
        ("extra", Type::map(Type::String, texts)),
    ];
    let fields = fields.map(|(name, of)| (name.to_owned(), of)).into();
    let user = Object { name: "kubernetes.UserInfo".to_owned(), fields, open: false };
    let user = Type::Object(Arc::new(user));
    Names { variables: [("user".to_owned(), user)].into(), ..Names::default() }
}
