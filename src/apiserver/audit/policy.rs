//! Which requests are written down, and how much of them.
//! Source: Kubernetes documentation, "Auditing", and `k8s.io/apiserver/pkg/audit/policy`.

use machinery::{meta, yaml};
use serde_json::Value;

use crate::{
    authn::User,
    http::{RequestInfo, Target},
};

/// How much is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Metadata,
    Request,
    RequestResponse,
}

impl Level {
    fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Metadata, Self::Request, Self::RequestResponse]
            .into_iter()
            .find(|level| level.name() == text)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Metadata => "Metadata",
            Self::Request => "Request",
            Self::RequestResponse => "RequestResponse",
        }
    }
}

/// Where a request is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    RequestReceived,
    ResponseStarted,
    ResponseComplete,
    Panic,
}

impl Stage {
    fn parse(text: &str) -> Option<Self> {
        [Self::RequestReceived, Self::ResponseStarted, Self::ResponseComplete, Self::Panic]
            .into_iter()
            .find(|stage| stage.name() == text)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RequestReceived => "RequestReceived",
            Self::ResponseStarted => "ResponseStarted",
            Self::ResponseComplete => "ResponseComplete",
            Self::Panic => "Panic",
        }
    }
}

/// A policy: the first rule that fits decides.
#[derive(Debug)]
pub struct AuditPolicy {
    rules: Vec<Rule>,
}

/// A policy that cannot be followed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AuditPolicyError(String);

#[derive(Debug)]
struct Rule {
    decided: Decided,
    users: Vec<String>,
    groups: Vec<String>,
    verbs: Vec<String>,
    resources: Vec<GroupResources>,
    namespaces: Vec<String>,
    urls: Vec<String>,
}

#[derive(Debug)]
struct GroupResources {
    group: String,
    resources: Vec<String>,
    names: Vec<String>,
}

/// What a policy says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) level: Level,
    pub(super) omit_stages: Vec<Stage>,
    pub(super) omit_managed_fields: bool,
}

const POLICY_FIELDS: [&str; 6] =
    ["apiVersion", "kind", "metadata", "omitManagedFields", "omitStages", "rules"];
const RULE_FIELDS: [&str; 9] = [
    "level",
    "namespaces",
    "nonResourceURLs",
    "omitManagedFields",
    "omitStages",
    "resources",
    "userGroups",
    "users",
    "verbs",
];
const RESOURCE_FIELDS: [&str; 3] = ["group", "resourceNames", "resources"];

fn wrong(text: impl Into<String>) -> AuditPolicyError {
    AuditPolicyError(text.into())
}

impl AuditPolicy {
    /// Reads a policy in YAML or JSON. Errors: what cannot be followed, by field.
    pub fn parse(text: &str) -> Result<Self, AuditPolicyError> {
        let document =
            yaml::parse(text).map_err(|error| wrong(format!("failed decoding: {error}")))?;
        if meta::text(&document, "/kind") != "Policy"
            || meta::text(&document, "/apiVersion") != "audit.k8s.io/v1"
        {
            let kind = (meta::text(&document, "/apiVersion"), meta::text(&document, "/kind"));
            return Err(wrong(format!(
                "failed decoding: unknown group version field {:?} of kind {:?} in policy, \
                 expected audit.k8s.io/v1 and Policy",
                kind.0, kind.1
            )));
        }
        only(&document, "", &POLICY_FIELDS)?;
        let stages = stages(&document, "omitStages")?;
        let omit_fields = flag(&document, "omitManagedFields", "omitManagedFields")?;
        let rules = list(&document, "rules", "rules")?;
        if rules.is_empty() {
            return Err(wrong("loaded illegal policy with 0 rules"));
        }
        let rules = rules.iter().enumerate().map(|(index, rule)| {
            Rule::read(rule, &format!("rules[{index}]"), &stages, omit_fields.unwrap_or(false))
        });
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// What is written down of a request; of a caller who is not known, `user` is `None`.
    pub(super) fn decide(&self, user: Option<&User>, info: &RequestInfo) -> Option<&Decided> {
        let found = self.rules.iter().find(|rule| rule.fits(user, info))?;
        (found.decided.level > Level::None).then_some(&found.decided)
    }
}

impl Rule {
    fn read(
        rule: &Value,
        at: &str,
        stages_of_policy: &[Stage],
        omit_fields: bool,
    ) -> Result<Self, AuditPolicyError> {
        only(rule, at, &RULE_FIELDS)?;
        let level = meta::text(rule, "/level");
        if level.is_empty() {
            return Err(wrong(format!("{at}.level: Required value")));
        }
        let level = Level::parse(level).ok_or_else(|| {
            wrong(format!(
                "{at}.level: Unsupported value: {level:?}: supported values: \"Metadata\", \
                 \"None\", \"Request\", \"RequestResponse\""
            ))
        })?;
        let mut omit_stages = stages_of_policy.to_vec();
        omit_stages.extend(stages(rule, &format!("{at}.omitStages"))?);
        let words = |field: &str| texts(rule, field, &format!("{at}.{field}"));
        let mut resources = Vec::new();
        for (index, one) in list(rule, "resources", &format!("{at}.resources"))?.iter().enumerate()
        {
            resources.push(GroupResources::read(one, &format!("{at}.resources[{index}]"))?);
        }
        let read = Self {
            decided: Decided {
                level,
                omit_stages,
                omit_managed_fields: flag(rule, "omitManagedFields", at)?.unwrap_or(omit_fields),
            },
            users: words("users")?,
            groups: words("userGroups")?,
            verbs: words("verbs")?,
            resources,
            namespaces: words("namespaces")?,
            urls: words("nonResourceURLs")?,
        };
        let of_resources = !read.resources.is_empty() || !read.namespaces.is_empty();
        if of_resources && !read.urls.is_empty() {
            let why = "rules cannot apply to both regular resources and non-resource URLs";
            return Err(wrong(format!(
                "{at}.nonResourceURLs: Invalid value: {:?}: {why}",
                read.urls
            )));
        }
        for (index, url) in read.urls.iter().enumerate() {
            let problem = match url.strip_suffix('*').unwrap_or(url) {
                _ if url == "*" => continue,
                start if !start.starts_with('/') => {
                    "non-resource URL rules must begin with a '/' character"
                }
                start if start.contains('*') => {
                    "non-resource URL wildcards '*' must be the final character of the rule"
                }
                _ => continue,
            };
            return Err(wrong(format!(
                "{at}.nonResourceURLs[{index}]: Invalid value: {url:?}: {problem}"
            )));
        }
        Ok(read)
    }

    fn fits(&self, user: Option<&User>, info: &RequestInfo) -> bool {
        let any = |list: &[String], word: &str| list.iter().any(|one| one == word);
        if !self.users.is_empty() && !user.is_some_and(|user| any(&self.users, &user.name)) {
            return false;
        }
        let member = |user: &User| user.groups.iter().any(|group| any(&self.groups, group));
        if !self.groups.is_empty() && !user.is_some_and(member) {
            return false;
        }
        if !self.verbs.is_empty() && !any(&self.verbs, info.verb) {
            return false;
        }
        if !self.namespaces.is_empty() || !self.resources.is_empty() {
            return info.target == Target::Resource
                && (self.namespaces.is_empty() || any(&self.namespaces, &info.namespace))
                && (self.resources.is_empty() || self.resources.iter().any(|it| it.fits(info)));
        }
        if !self.urls.is_empty() {
            return info.target == Target::Path
                && self.urls.iter().any(|url| match url.strip_suffix('*') {
                    Some(start) => info.path.starts_with(start),
                    None => *url == info.path,
                });
        }
        true
    }
}

impl GroupResources {
    fn read(value: &Value, at: &str) -> Result<Self, AuditPolicyError> {
        only(value, at, &RESOURCE_FIELDS)?;
        let group = meta::text(value, "/group").to_owned();
        let resources = texts(value, "resources", &format!("{at}.resources"))?;
        let names = texts(value, "resourceNames", &format!("{at}.resourceNames"))?;
        if !names.is_empty() && resources.is_empty() {
            let why = "using resourceNames requires at least one resource";
            return Err(wrong(format!("{at}.resourceNames: Invalid value: {names:?}: {why}")));
        }
        Ok(Self { group, resources, names })
    }

    fn fits(&self, info: &RequestInfo) -> bool {
        if self.group != info.group {
            return false;
        }
        if self.resources.is_empty() {
            return true;
        }
        if !self.names.is_empty() && !self.names.contains(&info.name) {
            return false;
        }
        self.resources.iter().any(|wanted| match wanted.split_once('/') {
            None => wanted == "*" || *wanted == info.resource && info.subresource.is_empty(),
            Some(("*", below)) => !info.subresource.is_empty() && below == info.subresource,
            Some((resource, "*")) => resource == info.resource,
            Some((resource, below)) => resource == info.resource && below == info.subresource,
        })
    }
}

/// Refuses fields that nobody knows.
fn only(value: &Value, at: &str, known: &[&str]) -> Result<(), AuditPolicyError> {
    let Some(fields) = value.as_object() else {
        return Err(wrong(format!("failed decoding: {at}: expected an object")));
    };
    match fields.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) if at.is_empty() => {
            Err(wrong(format!("strict decoding error: unknown field {key:?}")))
        }
        Some(key) => {
            let field = format!("{at}.{key}");
            Err(wrong(format!("strict decoding error: unknown field {field:?}")))
        }
    }
}

fn list<'a>(value: &'a Value, field: &str, at: &str) -> Result<&'a [Value], AuditPolicyError> {
    match value.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(wrong(format!("failed decoding: {at}: expected a list"))),
    }
}

fn texts(value: &Value, field: &str, at: &str) -> Result<Vec<String>, AuditPolicyError> {
    let items = list(value, field, at)?.iter();
    let texts = items.map(|item| item.as_str().map(str::to_owned));
    let texts: Option<Vec<String>> = texts.collect();
    texts.ok_or_else(|| wrong(format!("failed decoding: {at}: expected texts")))
}

fn flag(value: &Value, field: &str, at: &str) -> Result<Option<bool>, AuditPolicyError> {
    match value.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(wrong(format!("failed decoding: {at}.{field}: expected true or false"))),
    }
}

fn stages(value: &Value, at: &str) -> Result<Vec<Stage>, AuditPolicyError> {
    let mut found = Vec::new();
    for (index, name) in texts(value, "omitStages", at)?.iter().enumerate() {
        found.push(Stage::parse(name).ok_or_else(|| {
            wrong(format!(
                "{at}[{index}]: Invalid value: {name:?}: allowed stages are \
                RequestReceived,ResponseStarted,ResponseComplete,Panic"
            ))
        })?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::http::Query;

    const HEAD: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

    #[test]
    fn the_first_rule_that_fits_decides() {
        let policy = AuditPolicy::parse(&format!(
            "{HEAD}omitStages: [RequestReceived]\nrules:\n\
             - level: None\n  users: [\"robot\"]\n\
             - level: RequestResponse\n  resources: [{{group: \"\", resources: [\"pods\"]}}]\n\
             - level: Metadata\n  resources: [{{group: \"\", resources: [\"pods/log\", \"*/status\"]}}]\n\
             - level: Request\n  namespaces: [\"a\"]\n  verbs: [\"create\"]\n\
             - level: None\n  nonResourceURLs: [\"/healthz*\", \"/version\"]\n\
             - level: Request\n  userGroups: [\"crew\"]\n  nonResourceURLs: [\"*\"]\n"
        ))
        .unwrap();
        let level = |user: &str, method: &str, path: &str| {
            let method: Method = method.parse().unwrap();
            let info = RequestInfo::of(&method, path, &Query::default());
            let user = User::known(user, if user == "ann" { &["crew"] } else { &[] });
            policy.decide(Some(&user), &info).map_or("-", |decided| decided.level.name())
        };
        for (user, method, path, expected) in [
            ("robot", "GET", "/api/v1/pods", "-"),
            ("ann", "GET", "/api/v1/pods", "RequestResponse"),
            ("ann", "GET", "/api/v1/namespaces/a/pods/p/log", "Metadata"),
            ("ann", "PUT", "/api/v1/nodes/n/status", "Metadata"),
            ("ann", "GET", "/apis/apps/v1/pods", "-"),
            ("ann", "POST", "/api/v1/namespaces/a/secrets", "Request"),
            ("ann", "GET", "/api/v1/namespaces/a/secrets", "-"),
            ("ann", "GET", "/healthz/etcd", "-"),
            ("ann", "GET", "/metrics", "Request"),
            ("bob", "GET", "/metrics", "-"),
        ] {
            assert_eq!(level(user, method, path), expected, "{user} {path}");
        }
        let info = RequestInfo::of(&Method::GET, "/api/v1/pods", &Query::default());
        let decided = policy.decide(None, &info).unwrap();
        assert_eq!(decided.omit_stages, [Stage::RequestReceived]);
    }

    #[test]
    fn policies_that_cannot_be_followed_are_refused() {
        for (case, text, why) in [
            ("no rules", format!("{HEAD}rules: []"), "loaded illegal policy with 0 rules"),
            ("other kind", "apiVersion: v1\nkind: Pod".to_owned(), "unknown group version"),
            ("no level", format!("{HEAD}rules: [{{}}]"), "rules[0].level: Required value"),
            (
                "level",
                format!("{HEAD}rules: [{{level: All}}]"),
                "rules[0].level: Unsupported value: \"All\"",
            ),
            (
                "field",
                format!("{HEAD}rules: [{{level: None, user: [x]}}]"),
                "unknown field \"rules[0].user\"",
            ),
            (
                "stage",
                format!("{HEAD}omitStages: [End]\nrules: [{{level: None}}]"),
                "omitStages[0]: Invalid value: \"End\"",
            ),
            (
                "both",
                format!("{HEAD}rules: [{{level: None, namespaces: [a], nonResourceURLs: [/a]}}]"),
                "rules cannot apply to both",
            ),
            (
                "url",
                format!("{HEAD}rules: [{{level: None, nonResourceURLs: [a]}}]"),
                "must begin with a '/'",
            ),
            ("no yaml", "a: [".to_owned(), "failed decoding"),
        ] {
            let said = AuditPolicy::parse(&text).unwrap_err().to_string();
            assert!(said.contains(why), "{case}: {said}");
        }
    }
}
