//! `NamespaceLifecycle`: nothing is created in a namespace that does not exist or is ending.

use machinery::{
    meta,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::Operation;

/// Refuses creations in absent and ending namespaces.
pub(super) async fn check(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    if operation.old.is_some() || !operation.kind.is_namespaced() {
        return Ok(());
    }
    let namespace = meta::namespace(object);
    let registry = &operation.server.registry;
    let found = registry.object_at(&registry.key("", "namespaces", "", namespace)).await?;
    let Some(found) = found else {
        let namespaces = Resource { group: "", name: "namespaces" };
        return Err(Status::not_found(namespaces, namespace));
    };
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
