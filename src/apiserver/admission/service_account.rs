//! `ServiceAccount`: every pod has an account, and its token in a volume.
//! Source: Kubernetes documentation, "Managing Service Accounts".

use std::time::Duration;

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::Operation;
use crate::registry::{refused, suffix};

const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The account of pods that name none.
const DEFAULT: &str = "default";
/// How long a new namespace's account is waited for.
const PATIENCE: Duration = Duration::from_millis(1500);
const TOKEN_SECONDS: i64 = 3607;
const FILE_MODE: i64 = 0o644;

/// Gives a new pod its account and token.
pub(super) async fn complete(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    if !operation.creates("", "pods") || is_mirror(pod) {
        return Ok(());
    }
    if meta::text(pod, "/spec/serviceAccountName").is_empty() {
        let spec = meta::object_at(pod, "spec");
        spec.insert("serviceAccountName".into(), DEFAULT.into());
        spec.insert("serviceAccount".into(), DEFAULT.into());
    }
    let Some(account) = awaited(operation, pod).await? else { return Ok(()) };
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

/// The account of a new pod. `default` is waited for where it is not there yet: the controller
/// makes it behind the namespace. Source: Kubernetes' `serviceaccount` admission plugin, which asks
/// ten times.
async fn awaited(operation: &Operation<'_>, pod: &Value) -> Result<Option<Value>, Status> {
    let found = account_of(operation, pod).await?;
    if found.is_some() || meta::text(pod, "/spec/serviceAccountName") != DEFAULT {
        return Ok(found);
    }
    let store = operation.server.registry.store();
    let revision = store.revision().await.map_err(|error| refused(&error))?;
    let key = operation.server.registry.key("", "serviceaccounts", meta::namespace(pod), DEFAULT);
    let mut watch = store.watch(&key, revision).await.map_err(|error| refused(&error))?;
    // It may have come between the look and the watch.
    if let Some(found) = account_of(operation, pod).await? {
        return Ok(Some(found));
    }
    let made = async {
        while let Ok(events) = watch.next().await {
            if events.iter().any(|event| *event.key == *key) {
                break;
            }
        }
    };
    // Whoever waited in vain is told that there is none.
    drop(tokio::time::timeout(PATIENCE, made).await);
    account_of(operation, pod).await
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
