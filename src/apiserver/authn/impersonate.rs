//! Acting as somebody else, for those who may. Source: Kubernetes documentation, "User
//! impersonation".

use std::sync::Arc;

use http::HeaderMap;
use machinery::{status::Status, well_known};

use super::User;
use crate::{
    authz::{self, Attributes},
    http::{RequestInfo, decode},
    server::Inner,
};

/// Returns the user that the headers ask to act as, or `user` where they ask nothing.
///
/// Errors: 403 where `user` may not act so, 400 for headers that make no sense alone.
pub(crate) async fn impersonate(
    server: &Arc<Inner>,
    user: User,
    headers: &HeaderMap,
    info: &RequestInfo,
) -> Result<User, Status> {
    let all = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).iter();
        values.filter_map(|value| Some(value.to_str().ok()?.to_owned())).collect()
    };
    let name = all("impersonate-user").into_iter().next().unwrap_or_default();
    let groups = all("impersonate-group");
    let uid = all("impersonate-uid").into_iter().next().unwrap_or_default();
    let extra = extras(headers);
    if name.is_empty() {
        if groups.is_empty() && uid.is_empty() && extra.is_empty() {
            return Ok(user);
        }
        return Err(Status::internal(format!("requested {groups:?} without impersonating a user")));
    }
    let whom = User { name, uid, groups, extra };
    if let Err(refused) = check(server, &user, "impersonate", &whom).await {
        check_constrained(server, &user, &whom, info)
            .await
            .map_err(|status| if status.code == 403 { status } else { refused })?;
    }

    let mut target = whom;
    if let Some(account) = target.name.strip_prefix("system:serviceaccount:")
        && target.groups.is_empty()
        && let Some((namespace, _)) = account.split_once(':')
    {
        target.groups =
            vec!["system:serviceaccounts".into(), format!("system:serviceaccounts:{namespace}")];
    }
    let anonymous = target.name == well_known::ANONYMOUS;
    let group = if anonymous { well_known::UNAUTHENTICATED } else { well_known::AUTHENTICATED };
    // Whoever is said to be unknown is not made known.
    let told = |one: &String| one == group || one == well_known::UNAUTHENTICATED;
    if !target.groups.iter().any(told) {
        target.groups.push(group.into());
    }
    Ok(target)
}

/// Who acts as whom in this request only: the right to be somebody, and the right to do this as
/// somebody. Source: KEP-5284, constrained impersonation.
async fn check_constrained(
    server: &Arc<Inner>,
    user: &User,
    whom: &User,
    info: &RequestInfo,
) -> Result<(), Status> {
    let mode = match whom.name.as_str() {
        name if name.starts_with("system:serviceaccount:") => "serviceaccount",
        name if name.starts_with("system:node:") => "arbitrary-node",
        _ => "user-info",
    };
    let verb = format!("impersonate-on:{mode}:{}", info.verb);
    let wanted = Attributes { verb: &verb, ..Attributes::of(info) };
    authz::require(server, user, &wanted).await?;
    check(server, user, &format!("impersonate:{mode}"), whom).await
}

async fn check(server: &Arc<Inner>, user: &User, verb: &str, whom: &User) -> Result<(), Status> {
    const AUTHENTICATION: &str = "authentication.k8s.io";
    let name = whom.name.as_str();
    let account = name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    let mut wanted = vec![match account {
        Some((namespace, account)) => ("", "serviceaccounts", "", namespace, account),
        None => ("", "users", "", "", name),
    }];
    wanted.extend(whom.groups.iter().map(|group| ("", "groups", "", "", group.as_str())));
    for (key, values) in &whom.extra {
        let each = values.iter().map(String::as_str);
        wanted.extend(each.map(|value| (AUTHENTICATION, "userextras", key.as_str(), "", value)));
    }
    if !whom.uid.is_empty() {
        wanted.push((AUTHENTICATION, "uids", "", "", whom.uid.as_str()));
    }
    for (group, resource, subresource, namespace, name) in wanted {
        let attributes = Attributes {
            verb,
            group,
            version: "v1",
            resource,
            subresource,
            namespace,
            name,
            selected: None,
            path: "",
        };
        authz::require(server, user, &attributes).await?;
    }
    Ok(())
}

fn extras(headers: &HeaderMap) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut extra = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        if let Some(key) = name.as_str().strip_prefix("impersonate-extra-")
            && let Ok(value) = value.to_str()
        {
            extra.entry(decode(key)).or_default().push(value.to_owned());
        }
    }
    extra
}
