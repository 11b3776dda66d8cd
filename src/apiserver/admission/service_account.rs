//! `ServiceAccount`: every pod has an account, and its token in a volume.
//! Source: Kubernetes documentation, "Managing Service Accounts".

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::Operation;
use crate::registry::suffix;

const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const TOKEN_SECONDS: i64 = 3607;
const FILE_MODE: i64 = 0o644;

/// Gives a new pod its account and token.
pub(super) async fn complete(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    if !operation.creates("", "pods") || is_mirror(pod) {
        return Ok(());
    }
    if meta::text(pod, "/spec/serviceAccountName").is_empty() {
        let spec = meta::object_at(pod, "spec");
        spec.insert("serviceAccountName".into(), "default".into());
        spec.insert("serviceAccount".into(), "default".into());
    }
    let Some(account) = account_of(operation, pod).await? else { return Ok(()) };
    let wants = |object: &Value, pointer: &str| object.pointer(pointer).and_then(Value::as_bool);
    let automount = wants(pod, "/spec/automountServiceAccountToken")
        .or_else(|| wants(&account, "/automountServiceAccountToken"))
        .unwrap_or(true);
    if automount {
        mount_token(pod);
    }
    if meta::items(pod, "/spec/imagePullSecrets").is_empty() {
        let secrets = meta::items(&account, "/imagePullSecrets");
        if !secrets.is_empty() {
            meta::object_at(pod, "spec").insert("imagePullSecrets".into(), json!(secrets));
        }
    }
    Ok(())
}

/// Refuses a new pod whose account does not exist.
pub(super) async fn check(operation: &Operation<'_>, pod: &Value) -> Result<(), Status> {
    if !operation.creates("", "pods") || is_mirror(pod) {
        return Ok(());
    }
    if account_of(operation, pod).await?.is_some() {
        return Ok(());
    }
    let name = meta::text(pod, "/spec/serviceAccountName");
    let why = format!(
        "error looking up service account {}/{name}: serviceaccount {name:?} not found",
        meta::namespace(pod)
    );
    Err(Status::forbidden(operation.kind.resource(), meta::name(pod), &why))
}

fn is_mirror(pod: &Value) -> bool {
    meta::annotation(pod, "kubernetes.io/config.mirror").is_some()
}

async fn account_of(operation: &Operation<'_>, pod: &Value) -> Result<Option<Value>, Status> {
    let registry = &operation.server.registry;
    let name = meta::text(pod, "/spec/serviceAccountName");
    let key = registry.key("", "serviceaccounts", meta::namespace(pod), name);
    registry.object_at(&key).await
}

/// Adds the token's volume, and mounts it in every container that has nothing at its place.
fn mount_token(pod: &mut Value) {
    let volume = format!("kube-api-access-{}", suffix());
    let mut used = false;
    for list in ["containers", "initContainers"] {
        let containers = meta::object_at(pod, "spec").get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let mut mounts = meta::items(container, "/volumeMounts").to_vec();
            if mounts.iter().any(|mount| meta::text(mount, "/mountPath") == MOUNT_PATH) {
                continue;
            }
            mounts.push(json!({"name": volume, "readOnly": true, "mountPath": MOUNT_PATH}));
            meta::as_object(container).insert("volumeMounts".into(), mounts.into());
            used = true;
        }
    }
    if !used {
        return;
    }
    let mut volumes = meta::items(pod, "/spec/volumes").to_vec();
    volumes.push(json!({
        "name": volume,
        "projected": {
            "defaultMode": FILE_MODE,
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
                {"configMap": {
                    "name": "kube-root-ca.crt",
                    "items": [{"key": "ca.crt", "path": "ca.crt"}],
                }},
                {"downwardAPI": {"items": [{
                    "path": "namespace",
                    "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                }]}},
            ],
        },
    }));
    meta::object_at(pod, "spec").insert("volumes".into(), volumes.into());
}
