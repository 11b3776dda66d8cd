//! `NamespaceLifecycle`: nothing is created in a namespace that does not exist or is ending, and some
//! namespaces never end.

use machinery::{
    kind::Kind,
    meta,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::Operation;
use crate::registry::{Author, Creation};

/// Namespaces that a cluster cannot do without. Source: `plugin/namespace/lifecycle`.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// Refuses the deletion of a namespace that never ends.
pub(crate) fn check_deletion(kind: &Kind, name: &str) -> Result<(), Status> {
    if kind.group.is_empty() && kind.plural == "namespaces" && IMMORTAL.contains(&name) {
        let why = "this namespace may not be deleted";
        return Err(Status::forbidden(kind.resource(), name, why));
    }
    Ok(())
}

/// Refuses creations in absent namespaces, which alone is `NamespaceExists`.
pub(super) async fn check_exists(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    found(operation, object).await.map(drop)
}

/// The namespace of what is created; `None` if nothing is created in one.
async fn found(operation: &Operation<'_>, object: &Value) -> Result<Option<Value>, Status> {
    if operation.old.is_some() || !operation.kind.is_namespaced() {
        return Ok(None);
    }
    let namespace = meta::namespace(object);
    let registry = &operation.server.registry;
    let found = registry.object_at(&registry.key("", "namespaces", "", namespace)).await?;
    if found.is_none() {
        let namespaces = Resource { group: "", name: "namespaces" };
        return Err(Status::not_found(namespaces, namespace));
    }
    Ok(found)
}

/// Makes the namespace of what is created where it is missing: `NamespaceAutoProvision`.
pub(super) async fn provide(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    if !matches!(found(operation, object).await, Err(status) if status.code == 404) {
        return Ok(());
    }
    let server = operation.server;
    let Some(kind) = server.registry.storage_kind("", "namespaces") else { return Ok(()) };
    let (author, dry_run) = (Author::server(), operation.dry_run);
    let creation = Creation { server, kind: &kind, namespace: "", dry_run, author };
    let namespace = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": meta::namespace(object)},
    });
    match Box::pin(creation.run(namespace)).await {
        Err(status) if status.reason != "AlreadyExists" => Err(status),
        _ => Ok(()),
    }
}

/// Refuses creations in absent and ending namespaces.
pub(super) async fn check(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    let Some(found) = found(operation, object).await? else { return Ok(()) };
    let namespace = meta::namespace(object);
    if !meta::is_deleting(&found) {
        return Ok(());
    }
    let why = format!(
        "unable to create new content in namespace {namespace} because it is being terminated"
    );
    let kind = operation.kind;
    let mut status = Status::forbidden(kind.resource(), meta::name(object), &why);
    status.details["causes"] = json!([{
        "reason": "NamespaceTerminating",
        "message": format!("namespace {namespace} is being terminated"),
        "field": "metadata.namespace",
    }]);
    Err(status)
}
