//! Who may do what: role-based access control over the roles in the store, and what nodes may do.

mod default_roles;
mod escalation;
mod node;
mod rules;

use std::sync::Arc;

use machinery::{
    field::go_quoted,
    status::{Resource, Status},
};

use crate::{
    authn::User,
    http::{RequestInfo, Target},
    server::Inner,
};

pub(crate) use default_roles::default_objects;
pub(crate) use escalation::check as check_escalation;
pub(crate) use rules::rules_of;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attributes<'a> {
    pub(crate) verb: &'a str,
    pub(crate) group: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    /// The path, where no resource is meant.
    pub(crate) path: &'a str,
}

/// What is said about a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) allowed: bool,
    /// Why; empty where there is nothing to say.
    pub(crate) reason: String,
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
            resource: &info.resource,
            subresource: &info.subresource,
            namespace: &info.namespace,
            name,
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
    let known = *user != User::anonymous();
    if user.is_master() || server.config.always_allow && known {
        return Ok(Decision { allowed: true, reason: String::new() });
    }
    let opinion = node::opinion(server, user, wanted).await?;
    if let Some(Decision { allowed: true, .. }) = &opinion {
        return Ok(Decision { allowed: true, reason: String::new() });
    }
    let grants = rules::grants_of(&server.registry, user, wanted.namespace).await?;
    if let Some(grant) = grants.iter().find(|grant| grant.rule.allows(wanted)) {
        return Ok(Decision { allowed: true, reason: grant.told.clone() });
    }
    let reason = opinion.map(|opinion| opinion.reason).unwrap_or_default();
    Ok(Decision { allowed: false, reason })
}

/// The refusal of a wish.
pub(crate) fn refusal(user: &User, wanted: &Attributes<'_>, reason: &str) -> Status {
    let who = go_quoted(&user.name);
    if !wanted.path.is_empty() {
        let why = format!("User {who} cannot {} path {}", wanted.verb, go_quoted(wanted.path));
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
    let mut why = format!(
        "User {who} cannot {} resource {} in API group {}{place}",
        wanted.verb,
        go_quoted(&resource),
        go_quoted(wanted.group)
    );
    if !reason.is_empty() {
        why = format!("{why}: {reason}");
    }
    Status::forbidden(Resource { group: wanted.group, name: wanted.resource }, wanted.name, &why)
}
