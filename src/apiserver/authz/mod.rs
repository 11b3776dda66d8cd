//! Who may do what: role-based access control over the roles in the store.

mod default_roles;
mod rules;

use std::sync::Arc;

use machinery::status::{Resource, Status};

use crate::{
    authn::User,
    http::{RequestInfo, Target},
    server::Inner,
};

pub(crate) use default_roles::default_objects;
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

/// Refuses a request that its user may not make.
pub(crate) async fn authorize(
    server: &Arc<Inner>,
    user: &User,
    info: &RequestInfo,
) -> Result<(), Status> {
    let path = match info.target {
        Target::Path => info.path.as_str(),
        Target::Resource => "",
    };
    let attributes = Attributes {
        verb: info.verb,
        group: &info.group,
        resource: &info.resource,
        subresource: &info.subresource,
        namespace: &info.namespace,
        name: &info.name,
        path,
    };
    require(server, user, &attributes).await
}

/// Refuses what a user may not do, in Kubernetes' words.
pub(crate) async fn require(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<(), Status> {
    if allows(server, user, wanted).await? {
        return Ok(());
    }
    Err(refusal(user, wanted))
}

/// Tells whether a user may do something.
pub(crate) async fn allows(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<bool, Status> {
    if user.is_master() || server.config.always_allow && *user != User::anonymous() {
        return Ok(true);
    }
    let rules = rules_of(&server.registry, user, wanted.namespace).await?;
    Ok(rules.iter().any(|rule| rule.allows(wanted)))
}

fn refusal(user: &User, wanted: &Attributes<'_>) -> Status {
    let who = machinery::field::go_quoted(&user.name);
    if !wanted.path.is_empty() {
        let why = format!("User {who} cannot {} path {:?}", wanted.verb, wanted.path);
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
        format!(" in the namespace {:?}", wanted.namespace)
    };
    let why = format!(
        "User {who} cannot {} resource {resource:?} in API group {:?}{place}",
        wanted.verb, wanted.group
    );
    Status::forbidden(Resource { group: wanted.group, name: wanted.resource }, wanted.name, &why)
}
