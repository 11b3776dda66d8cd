//! Who may do what: role-based access control over the roles in the store, and what nodes may do.

mod config;
mod default_roles;
mod escalation;
mod node;
mod rules;
mod selected;
mod webhook;

use std::sync::Arc;

use machinery::{
    field::go_quoted,
    status::{Resource, Status},
};

use self::{config::Authorizer, webhook::Opinion};
use crate::{
    authn::User,
    http::{RequestInfo, Target},
    server::Inner,
};

pub use config::{AuthorizationError, AuthorizationWebhook, Authorizers};
pub(crate) use default_roles::default_objects;
pub(crate) use escalation::check as check_escalation;
pub(crate) use rules::rules_of;
pub(crate) use selected::Selected;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attributes<'a> {
    pub(crate) verb: &'a str,
    pub(crate) group: &'a str,
    pub(crate) version: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    /// What selectors narrow it to, where there are some.
    pub(crate) selected: Option<&'a Selected>,
    /// The path, where no resource is meant.
    pub(crate) path: &'a str,
}

/// What is said about a wish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) allowed: bool,
    /// Whether somebody said that it may not be, whoever else would allow it.
    pub(crate) denied: bool,
    /// Why; empty where there is nothing to say.
    pub(crate) reason: String,
    /// What went wrong where somebody could not say.
    pub(crate) error: Option<String>,
}

impl<'a> Attributes<'a> {
    /// What a request wants. A list of what has one name names it.
    pub(crate) fn of(info: &'a RequestInfo) -> Self {
        let path = match info.target {
            Target::Path => info.path.as_str(),
            Target::Resource => "",
        };
        let name = if info.name.is_empty() { &info.selected_name } else { &info.name };
        Self {
            verb: info.verb,
            group: &info.group,
            version: &info.version,
            resource: &info.resource,
            subresource: &info.subresource,
            namespace: &info.namespace,
            name,
            selected: Some(&info.selected),
            path,
        }
    }
}

/// Refuses what a user may not do, in Kubernetes' words.
pub(crate) async fn require(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<(), Status> {
    let decision = decide(server, user, wanted).await?;
    if decision.allowed {
        return Ok(());
    }
    Err(refusal(user, wanted, &decision.reason))
}

/// Tells whether a user may do something.
pub(crate) async fn allows(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<bool, Status> {
    Ok(decide(server, user, wanted).await?.allowed)
}

/// Tells whether a user may do something, and why.
pub(crate) async fn decide(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<Decision, Status> {
    if user.is_master() {
        return Ok(Decision { allowed: true, ..Decision::default() });
    }
    let (mut reasons, mut errors) = (Vec::new(), Vec::new());
    for authorizer in server.config.authorizers.now().iter() {
        match opinion(authorizer, server, user, wanted).await? {
            Opinion::Allow(reason) => {
                return Ok(Decision { allowed: true, reason, ..Decision::default() });
            }
            Opinion::Deny(reason) => {
                return Ok(Decision { denied: true, reason, ..Decision::default() });
            }
            Opinion::None(reason) if reason.is_empty() => {}
            Opinion::None(reason) => reasons.push(reason),
            Opinion::Failed { why, denies: true } => {
                return Ok(Decision { denied: true, error: Some(why), ..Decision::default() });
            }
            Opinion::Failed { why, denies: false } => errors.push(why),
        }
    }
    let error = match errors.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("[{}]", several.join(", "))),
    };
    Ok(Decision { reason: reasons.join("\n"), error, ..Decision::default() })
}

async fn opinion(
    authorizer: &Authorizer,
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<Opinion, Status> {
    let none = || Opinion::None(String::new());
    Ok(match authorizer {
        Authorizer::AlwaysAllow if *user != User::anonymous() => Opinion::Allow(String::new()),
        Authorizer::AlwaysAllow => none(),
        Authorizer::AlwaysDeny => Opinion::None("Everything is forbidden.".to_owned()),
        Authorizer::Node => match node::opinion(server, user, wanted).await? {
            Some(Decision { allowed: true, .. }) => Opinion::Allow(String::new()),
            Some(Decision { reason, .. }) => Opinion::None(reason),
            None => none(),
        },
        Authorizer::Rbac => {
            let grants = rules::grants_of(&server.registry, user, wanted.namespace).await?;
            let grant = grants.iter().find(|grant| grant.rule.allows(wanted));
            grant.map_or_else(none, |grant| Opinion::Allow(grant.told.clone()))
        }
        Authorizer::Webhook(webhook) => webhook.opinion(user, wanted).await,
    })
}

/// The refusal of a wish.
pub(crate) fn refusal(user: &User, wanted: &Attributes<'_>, reason: &str) -> Status {
    let who = go_quoted(&user.name);
    if !wanted.path.is_empty() {
        let why = format!("User {who} cannot {} path {}", wanted.verb, go_quoted(wanted.path));
        let why = because(&why, reason);
        return Status::forbidden(Resource { group: "", name: "" }, "", &why);
    }
    let resource = if wanted.subresource.is_empty() {
        wanted.resource.to_owned()
    } else {
        format!("{}/{}", wanted.resource, wanted.subresource)
    };
    let place = if wanted.namespace.is_empty() {
        " at the cluster scope".to_owned()
    } else {
        format!(" in the namespace {}", go_quoted(wanted.namespace))
    };
    let why = format!(
        "User {who} cannot {} resource {} in API group {}{place}",
        wanted.verb,
        go_quoted(&resource),
        go_quoted(wanted.group)
    );
    let resource = Resource { group: wanted.group, name: wanted.resource };
    Status::forbidden(resource, wanted.name, &because(&why, reason))
}

/// A refusal and its reason. What comes from callers is made harmless for whoever shows it as a page.
/// Source: `sanitizer` of k8s.io/apiserver's response writers.
fn because(why: &str, reason: &str) -> String {
    let why = why.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if reason.is_empty() { why } else { format!("{why}: {reason}") }
}
