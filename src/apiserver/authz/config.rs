//! Who says who may do what, in which order: `--authorization-mode`, or an `AuthorizationConfiguration`.
//! Source: `k8s.io/apiserver/pkg/apis/apiserver` (`types.go`, `validation/validation.go`), whose words
//! errors have.

use std::{
    collections::BTreeSet,
    path::{Path as FilePath, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use cel::{Names, Object, Program, Type};
use machinery::{
    configuration::Types,
    duration,
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use super::webhook::Webhook;
use crate::{answers::Answers, webhook::Endpoint};

const KIND: &str = "AuthorizationConfiguration";
const VERSIONS: [&str; 3] = [
    "apiserver.config.k8s.io/v1",
    "apiserver.config.k8s.io/v1beta1",
    "apiserver.config.k8s.io/v1alpha1",
];
const TYPES: Types = Types(
    "\
AuthorizationConfiguration kind:string apiVersion:string authorizers:*AuthorizerConfiguration
AuthorizerConfiguration type:string name:string webhook:WebhookConfiguration
WebhookConfiguration authorizedTTL:string cacheAuthorizedRequests:bool unauthorizedTTL:string cacheUnauthorizedRequests:bool timeout:string subjectAccessReviewVersion:string matchConditionSubjectAccessReviewVersion:string failurePolicy:string connectionInfo:WebhookConnectionInfo matchConditions:*WebhookMatchCondition
WebhookConnectionInfo type:string kubeConfigFile:string
WebhookMatchCondition expression:string",
);
const KNOWN: [&str; 6] = ["ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"];
const MOST_CONDITIONS: usize = 64;
const LONGEST: Duration = Duration::from_secs(30);
/// How long answers are good. Source: the flags' and the configuration's defaults.
const ALLOWED_TIME: Duration = Duration::from_mins(5);
const OTHER_TIME: Duration = Duration::from_secs(30);

/// One who has an opinion on what somebody may do.
#[derive(Debug)]
pub(super) enum Authorizer {
    /// Allows everything to everybody who is known.
    AlwaysAllow,
    /// Has none.
    AlwaysDeny,
    Node,
    Rbac,
    Webhook(Box<Webhook>),
}

/// Those who are asked, in their order; they may be exchanged while the server runs.
#[derive(Debug)]
pub struct Authorizers(RwLock<Arc<Vec<Authorizer>>>);

impl Default for Authorizers {
    fn default() -> Self {
        Self::of(vec![Authorizer::Node, Authorizer::Rbac])
    }
}

/// What `--authorization-webhook-*` say.
#[derive(Debug, Clone)]
pub struct AuthorizationWebhook {
    /// `--authorization-webhook-config-file`.
    pub path: PathBuf,
    /// `--authorization-webhook-version`; `v1beta1` where it is empty.
    pub version: String,
    /// `--authorization-webhook-cache-authorized-ttl`.
    pub authorized_time: Option<Duration>,
    /// `--authorization-webhook-cache-unauthorized-ttl`.
    pub unauthorized_time: Option<Duration>,
}

/// Authorizers that cannot be had, in the words of their fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AuthorizationError(String);

impl Authorizers {
    fn of(authorizers: Vec<Authorizer>) -> Self {
        Self(RwLock::new(Arc::new(authorizers)))
    }

    pub(super) fn now(&self) -> Arc<Vec<Authorizer>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks those of `other` from now on.
    pub(crate) fn replace(&self, other: &Self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = other.now();
    }

    /// Whether everybody who is known may do everything.
    pub(crate) fn always_allow(&self) -> bool {
        self.now().iter().any(|one| matches!(one, Authorizer::AlwaysAllow))
    }

    /// Whether programs outside are asked, of whose rules nothing is known.
    pub(crate) fn ask_outside(&self) -> bool {
        self.now().iter().any(|one| matches!(one, Authorizer::Webhook(_)))
    }

    /// The authorizers of `--authorization-mode`; none are the usual ones.
    ///
    /// Errors: modes that there are not, or a webhook without its file.
    pub fn of_modes(
        modes: &[String],
        webhook: Option<&AuthorizationWebhook>,
    ) -> Result<Self, AuthorizationError> {
        let wrong = |why: String| Err(AuthorizationError(why));
        let mut authorizers = Vec::new();
        let mut seen = BTreeSet::new();
        for mode in modes {
            if !seen.insert(mode) {
                return wrong(format!(
                    "authorization-mode {mode:?} has mode specified more than once"
                ));
            }
            authorizers.push(match (mode.as_str(), webhook) {
                ("AlwaysAllow", _) => Authorizer::AlwaysAllow,
                ("AlwaysDeny", _) => Authorizer::AlwaysDeny,
                ("Node", _) => Authorizer::Node,
                ("RBAC", _) => Authorizer::Rbac,
                ("Webhook", Some(webhook)) => Authorizer::Webhook(Box::new(of_flags(webhook)?)),
                ("Webhook", None) => {
                    let why = "authorization-mode Webhook's authorization config file not passed";
                    return wrong(why.to_owned());
                }
                _ => {
                    return wrong(format!(
                        "authorization-mode {mode:?} is not a valid mode: this server knows Node, \
                         RBAC, Webhook, AlwaysAllow and AlwaysDeny"
                    ));
                }
            });
        }
        if webhook.is_some() && !seen.iter().any(|mode| *mode == "Webhook") {
            let why = "cannot specify --authorization-webhook-config-file without mode Webhook";
            return wrong(why.to_owned());
        }
        Ok(if authorizers.is_empty() { Self::default() } else { Self::of(authorizers) })
    }

    /// Reads an `AuthorizationConfiguration`, YAML or JSON.
    ///
    /// Errors: what is unknown, of the wrong type, or breaks a rule.
    pub fn parse(text: &str) -> Result<Self, AuthorizationError> {
        let document = TYPES.read(text, KIND, &VERSIONS).map_err(AuthorizationError)?;
        let mut errors = Errors::default();
        let authorizers = authorizers(meta::items(&document, "/authorizers"), &mut errors);
        if errors.is_empty() {
            Ok(Self::of(authorizers))
        } else {
            Err(AuthorizationError(errors.sentence()))
        }
    }
}

fn of_flags(flags: &AuthorizationWebhook) -> Result<Webhook, AuthorizationError> {
    let version = if flags.version.is_empty() { "v1beta1" } else { &flags.version };
    if !matches!(version, "v1" | "v1beta1") {
        return Err(AuthorizationError(format!(
            "unsupported webhook authorizer version {version:?}, supported versions are \"v1\", \
             \"v1beta1\""
        )));
    }
    Ok(Webhook {
        endpoint: Endpoint::of_kubeconfig(&flags.path).map_err(AuthorizationError)?,
        version: version.to_owned(),
        times: (
            flags.authorized_time.unwrap_or(ALLOWED_TIME),
            flags.unauthorized_time.unwrap_or(OTHER_TIME),
        ),
        limit: LONGEST,
        denies_unasked: false,
        conditions: Vec::new(),
        answers: Answers::default(),
    })
}

fn authorizers(given: &[Value], errors: &mut Errors) -> Vec<Authorizer> {
    let root = Path::new("authorizers");
    if given.is_empty() {
        errors.required(&root, "at least one authorization mode must be defined");
    }
    let (mut types, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut all = Vec::new();
    for (index, one) in given.iter().enumerate() {
        let at = root.index(index);
        let (kind, name) = (meta::text(one, "/type"), meta::text(one, "/name"));
        if !type_fits(kind, &mut types, &at.child("type"), errors) {
            continue;
        }
        if name.is_empty() {
            errors.required(&at.child("name"), "");
        } else if seen.contains(name) {
            errors.duplicate(&at.child("name"), &json!(name));
        } else if let [why, ..] = names::dns_subdomain(name).as_slice() {
            let why = format!("authorizer name is invalid: {why}");
            errors.invalid(&at.child("name"), &json!(name), why);
        }
        seen.insert(name);
        let webhook = one.get("webhook").filter(|it| it.is_object());
        match (kind, webhook) {
            ("Webhook", None) => {
                errors.required(&at.child("webhook"), "required when type=Webhook");
            }
            ("Webhook", Some(given)) => {
                let webhook = Reader { given, at: &at, errors }.webhook();
                all.extend(webhook.map(|it| Authorizer::Webhook(Box::new(it))));
            }
            (_, Some(_)) => {
                let why = "may only be specified when type=Webhook";
                errors.invalid(&at.child("webhook"), &json!("non-null"), why);
            }
            ("AlwaysAllow", None) => all.push(Authorizer::AlwaysAllow),
            ("AlwaysDeny", None) => all.push(Authorizer::AlwaysDeny),
            ("Node", None) => all.push(Authorizer::Node),
            _ => all.push(Authorizer::Rbac),
        }
    }
    all
}

fn type_fits<'a>(
    kind: &'a str,
    types: &mut BTreeSet<&'a str>,
    at: &Path,
    errors: &mut Errors,
) -> bool {
    if kind.is_empty() {
        errors.required(at, "");
    } else if !KNOWN.contains(&kind) {
        errors.not_supported(at, &json!(kind), &KNOWN);
    } else if kind == "ABAC" {
        errors.invalid(at, &json!(kind), "this server has no policy files");
    } else if !types.insert(kind) && kind != "Webhook" {
        errors.duplicate(at, &json!(kind));
    } else {
        return true;
    }
    false
}

/// Reads one webhook of the configuration.
struct Reader<'a> {
    given: &'a Value,
    at: &'a Path,
    errors: &'a mut Errors,
}

impl Reader<'_> {
    fn text(&self, field: &str) -> String {
        self.given[field].as_str().unwrap_or_default().to_owned()
    }

    fn webhook(mut self) -> Option<Webhook> {
        let limit = self.limit();
        let allowed = self.time("authorizedTTL", ALLOWED_TIME);
        let other = self.time("unauthorizedTTL", OTHER_TIME);
        let kept = |field: &str| self.given[field] != false;
        let keeps = (kept("cacheAuthorizedRequests"), kept("cacheUnauthorizedRequests"));
        let version = self.version();
        let policy = self.text("failurePolicy");
        let at = self.at.child("failurePolicy");
        match policy.as_str() {
            "" => self.errors.required(&at, ""),
            "NoOpinion" | "Deny" => {}
            _ => self.errors.not_supported(&at, &json!(policy), &["NoOpinion", "Deny"]),
        }
        let endpoint = self.endpoint();
        let conditions = self.conditions();
        let time = |(keeps, time): (bool, Duration)| if keeps { time } else { Duration::ZERO };
        Some(Webhook {
            endpoint: endpoint?,
            version: version?,
            times: (time((keeps.0, allowed?)), time((keeps.1, other?))),
            limit: limit?,
            denies_unasked: policy == "Deny",
            conditions,
            answers: Answers::default(),
        })
    }

    fn limit(&mut self) -> Option<Duration> {
        let at = self.at.child("timeout");
        let given = self.text("timeout");
        let limit = duration::parse(&given);
        match limit {
            _ if given.is_empty() => self.errors.required(&at, ""),
            None => self.errors.invalid(&at, &json!(given), "time: invalid duration"),
            Some(limit) if limit.is_zero() && !given.starts_with('-') => {
                self.errors.required(&at, "");
            }
            Some(limit) if limit > LONGEST || limit.is_zero() => {
                self.errors.invalid(&at, &json!(given), "must be > 0s and <= 30s");
            }
            Some(_) => return limit,
        }
        None
    }

    fn time(&mut self, field: &str, usual: Duration) -> Option<Duration> {
        let given = self.text(field);
        if given.is_empty() {
            return Some(usual);
        }
        let at = self.at.child(field);
        match duration::parse(&given) {
            Some(time) if !time.is_zero() => return Some(time),
            Some(_) if given.starts_with('-') => {
                self.errors.invalid(&at, &json!(given), "must be > 0s");
            }
            Some(_) => return Some(usual),
            None => self.errors.invalid(&at, &json!(given), "time: invalid duration"),
        }
        None
    }

    fn version(&mut self) -> Option<String> {
        const FIELD: &str = "subjectAccessReviewVersion";
        const SEEN: &str = "matchConditionSubjectAccessReviewVersion";
        let seen = self.text(SEEN);
        let conditions = !meta::items(self.given, "/matchConditions").is_empty();
        let version = self.text(FIELD);
        let at = self.at.child(FIELD);
        let known = matches!(version.as_str(), "v1" | "v1beta1");
        if version.is_empty() {
            self.errors.required(&at, "");
        } else if !known {
            self.errors.not_supported(&at, &json!(version), &["v1", "v1beta1"]);
        }
        let at = self.at.child(SEEN);
        match seen.as_str() {
            "" if conditions => {
                self.errors.required(&at, "required if match conditions are specified");
            }
            "v1" | "" => {}
            _ => self.errors.not_supported(&at, &json!(seen), &["v1"]),
        }
        known.then_some(version)
    }

    fn endpoint(&mut self) -> Option<Endpoint> {
        let info = &self.given["connectionInfo"];
        let at = self.at.child("connectionInfo");
        let (kind, file) = (meta::text(info, "/type"), meta::text(info, "/kubeConfigFile"));
        let at_file = at.child("kubeConfigFile");
        match kind {
            "KubeConfigFile" => {}
            "" => self.errors.required(&at.child("type"), ""),
            "InClusterConfig" => {
                let why = "this server runs in no cluster";
                self.errors.invalid(&at.child("type"), &json!(kind), why);
            }
            _ => {
                let known = ["InClusterConfig", "KubeConfigFile"];
                self.errors.not_supported(&at.child("type"), &json!(kind), &known);
            }
        }
        if kind != "KubeConfigFile" {
            return None;
        }
        let path = FilePath::new(file);
        let wrong = match path.metadata() {
            _ if file.is_empty() => {
                self.errors.required(&at_file, "");
                return None;
            }
            _ if !path.is_absolute() => "must be an absolute path".to_owned(),
            Err(error) => format!("error loading file: stat {file}: {error}"),
            Ok(about) if !about.is_file() => "must be a regular file".to_owned(),
            Ok(_) => match Endpoint::of_kubeconfig(path) {
                Ok(endpoint) => return Some(endpoint),
                Err(why) => why,
            },
        };
        self.errors.invalid(&at_file, &json!(file), wrong);
        None
    }

    fn conditions(&mut self) -> Vec<(String, Program)> {
        let root = self.at.child("matchConditions");
        let given = meta::items(self.given, "/matchConditions");
        if given.len() > MOST_CONDITIONS {
            self.errors.too_many(&root, given.len(), MOST_CONDITIONS);
            return Vec::new();
        }
        let names = request_names();
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for (index, one) in given.iter().enumerate() {
            let at = root.index(index).child("expression");
            let source = meta::text(one, "/expression");
            if source.trim().is_empty() {
                self.errors.required(&at, "");
                continue;
            }
            if !seen.insert(source) {
                self.errors.duplicate(&at, &json!(source));
                continue;
            }
            let why = match Program::compile(source, &names) {
                Err(issues) => format!("compilation failed: {issues}"),
                Ok(program) if *program.output() == Type::Bool => {
                    all.push((source.to_owned(), program));
                    continue;
                }
                Ok(_) => "must evaluate to bool".to_owned(),
            };
            self.errors.invalid(&at, &json!(source), why);
        }
        all
    }
}

/// What conditions may name: the question as a `SubjectAccessReviewSpec`.
fn request_names() -> Names {
    let object = |name: &str, fields: Vec<(&str, Type)>| {
        let fields = fields.into_iter().map(|(name, of)| (name.to_owned(), of)).collect();
        let name = format!("kubernetes.{name}");
        Type::Object(Arc::new(Object { name, fields, open: false }))
    };
    let texts = |names: &[&'static str]| names.iter().map(|name| (*name, Type::String)).collect();
    let resource = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];
    let mut resource: Vec<(&str, Type)> = texts(&resource);
    for (field, word) in [("fieldSelector", "Field"), ("labelSelector", "Label")] {
        let requirement = vec![
            ("key", Type::String),
            ("operator", Type::String),
            ("values", Type::list(Type::String)),
        ];
        let requirement = object(&format!("{word}SelectorRequirement"), requirement);
        let requirements = vec![("requirements", Type::list(requirement))];
        resource.push((field, object(&format!("{word}SelectorAttributes"), requirements)));
    }
    let resource = object("ResourceAttributes", resource);
    let other = object("NonResourceAttributes", texts(&["path", "verb"]));
    let list = Type::list(Type::String);
    let request = object(
        "SubjectAccessReviewSpec",
        vec![
            ("resourceAttributes", resource),
            ("nonResourceAttributes", other),
            ("user", Type::String),
            ("groups", list.clone()),
            ("extra", Type::map(Type::String, list)),
            ("uid", Type::String),
        ],
    );
    Names { variables: [("request".to_owned(), request)].into(), ..Names::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_that_there_are_not_are_refused() {
        let of = |modes: &[&str]| {
            let modes: Vec<String> = modes.iter().map(|mode| (*mode).to_owned()).collect();
            Authorizers::of_modes(&modes, None).map_err(|error| error.to_string())
        };
        assert!(!of(&[]).unwrap().always_allow());
        assert!(of(&["AlwaysAllow"]).unwrap().always_allow());
        for (modes, why) in [
            (&["Nonsense"][..], "\"Nonsense\" is not a valid mode"),
            (&["RBAC", "RBAC"], "more than once"),
            (&["RBAC", "Webhook"], "Webhook's authorization config file not passed"),
        ] {
            let said = of(modes).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: ";

    #[test]
    fn configurations_that_break_rules_are_refused() {
        let hook = |more: &str| format!("[{{type: Webhook, name: w, webhook: {{{more}}}}}]");
        let sound = "timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: Deny";
        for (given, why) in [
            ("[]".to_owned(), "authorizers: Required value: at least one authorization mode"),
            (
                "[{type: Odd, name: a}]".to_owned(),
                "authorizers[0].type: Unsupported value: \"Odd\"",
            ),
            (
                "[{type: RBAC, name: a}, {type: RBAC, name: b}]".to_owned(),
                "authorizers[1].type: Duplicate value: \"RBAC\"",
            ),
            ("[{type: RBAC, name: A}]".to_owned(), "authorizer name is invalid"),
            ("[{type: Webhook, name: w}]".to_owned(), "required when type=Webhook"),
            (
                "[{type: RBAC, name: a, webhook: {}}]".to_owned(),
                "Invalid value: \"non-null\": may only be specified when type=Webhook",
            ),
            (hook("timeout: 31s"), "timeout: Invalid value: \"31s\": must be > 0s and <= 30s"),
            (hook(sound), "authorizers[0].connectionInfo.type: Required value"),
            (
                hook(&format!(
                    "{sound}, connectionInfo: {{type: KubeConfigFile, kubeConfigFile: a}}"
                )),
                "kubeConfigFile: Invalid value: \"a\": must be an absolute path",
            ),
            (
                hook(&format!("{sound}, matchConditions: [{{expression: request.user}}]")),
                "matchConditions[0].expression: Invalid value: \"request.user\": must evaluate to bool",
            ),
            (
                hook(&format!("{sound}, matchConditions: [{{expression: 'true'}}]")),
                "required if match conditions are specified",
            ),
            ("[{kind: RBAC}]".to_owned(), "unknown field \"authorizers[0].kind\""),
        ] {
            let said = Authorizers::parse(&format!("{HEAD}{given}")).unwrap_err().to_string();
            assert!(said.contains(why), "{given}: {said}");
        }
        let some = "[{type: Node, name: node}, {type: AlwaysDeny, name: deny}]";
        assert_eq!(Authorizers::parse(&format!("{HEAD}{some}")).unwrap().now().len(), 2);
    }
}
