//! `OwnerReferencesPermissionEnforcement`: whoever changes an object's owners may also delete it, and
//! whoever lets it hold up its owner's deletion may set finalizers there.
//! Source: `plugin/pkg/admission/gc`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;
use crate::authz::{self, Attributes};

/// Refuses owners that the author may not set.
pub(super) async fn check(operation: &Operation<'_>, new: &Value) -> Result<(), Status> {
    let owners = |object: &Value| meta::items(object, "/metadata/ownerReferences").to_vec();
    let (before, after) = (operation.old.map(owners).unwrap_or_default(), owners(new));
    if before == after {
        return Ok(());
    }
    let kind = operation.kind;
    let refused = |why: String| Err(Status::forbidden(kind.resource(), meta::name(new), &why));
    let own = Attributes {
        verb: "delete",
        group: &kind.group,
        version: &kind.version,
        resource: &kind.plural,
        subresource: "",
        namespace: meta::namespace(new),
        name: meta::name(new),
        selected: None,
        path: "",
    };
    // What is being created may always be deleted by who creates it.
    let decision = authz::decide(operation.server, &operation.author.user, &own).await?;
    if operation.old.is_some() && !decision.allowed {
        let why = decision.reason;
        return refused(format!("cannot set an ownerRef on a resource you can't delete: {why}"));
    }
    for owner in after.iter().filter(|owner| owner["blockOwnerDeletion"] == true) {
        let held = before
            .iter()
            .any(|one| one["uid"] == owner["uid"] && one["blockOwnerDeletion"] == true);
        if !held && let Err(why) = may_hold(operation, owner, meta::namespace(new)).await? {
            return refused(format!(
                "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't \
                 set finalizers on: {why}"
            ));
        }
    }
    Ok(())
}

/// Tells whether the author may set finalizers on an owner, or why not.
async fn may_hold(
    operation: &Operation<'_>,
    owner: &Value,
    namespace: &str,
) -> Result<Result<(), String>, Status> {
    let (version, name) = (meta::text(owner, "/apiVersion"), meta::text(owner, "/kind"));
    let kinds = operation.server.registry.kinds();
    let mut found = kinds.iter().filter(|kind| kind.kind == name);
    let Some(kind) = found.find(|kind| kind.api_version() == version) else {
        return Ok(Err(format!("no RESTMapping for version {version:?} kind {name:?}")));
    };
    let wanted = Attributes {
        verb: "update",
        group: &kind.group,
        version: &kind.version,
        resource: &kind.plural,
        subresource: "finalizers",
        namespace: if kind.is_namespaced() { namespace } else { "" },
        name: meta::text(owner, "/name"),
        selected: None,
        path: "",
    };
    let decision = authz::decide(operation.server, &operation.author.user, &wanted).await?;
    Ok(if decision.allowed { Ok(()) } else { Err(decision.reason) })
}
