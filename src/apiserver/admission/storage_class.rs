//! `DefaultStorageClass`: a claim that names no class gets the default one.
//! Source: `plugin/pkg/admission/storage/storageclass/setdefault`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;

const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

/// Names the newest default class in a new claim; an empty name stays.
pub(super) async fn complete(operation: &Operation<'_>, claim: &mut Value) -> Result<(), Status> {
    let named = claim.pointer("/spec/storageClassName").is_some_and(|name| !name.is_null());
    if !operation.creates("", "persistentvolumeclaims") || named {
        return Ok(());
    }
    let classes = operation.server.registry.objects("storage.k8s.io", "storageclasses", "").await?;
    let newest = classes
        .iter()
        .filter(|class| meta::annotation(class, DEFAULT) == Some("true"))
        .max_by_key(|class| meta::text(class, "/metadata/creationTimestamp"));
    if let Some(class) = newest {
        meta::object_at(claim, "spec").insert("storageClassName".into(), meta::name(class).into());
    }
    Ok(())
}
