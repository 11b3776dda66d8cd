//! Tells the API server a pod's status: as a patch, only when it has changed.

use client::{Api, DeleteOptions, Patch};
use k8s_openapi::api::core::v1::{Pod, PodStatus};
use serde_json::{Value, json};

use super::{PodId, status::OWN};
use crate::host::Host;

/// What became of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Yes,
    /// The object is gone.
    Gone,
    /// The server could not be told now.
    NotNow,
}

/// The patch that makes a status what it should be, conditions of others left alone.
///
/// Fields that are to go are said to be null: the patch is merged into what is there.
fn patch_of(uid: &str, status: &PodStatus, before: Option<&PodStatus>) -> Value {
    let mut fields = json!(status);
    if let Some(conditions) = fields.get_mut("conditions").and_then(Value::as_array_mut) {
        conditions.retain(|condition| {
            let kind = condition["type"].as_str().unwrap_or_default();
            OWN.contains(&kind)
        });
        for condition in conditions {
            for absent in ["reason", "message"] {
                if condition.get(absent).is_none() {
                    condition[absent] = Value::Null;
                }
            }
            condition["lastProbeTime"] = Value::Null;
        }
    }
    let moved = before.is_some_and(|before| before.pod_ip != status.pod_ip);
    if moved && let Some(ips) = fields.get_mut("podIPs").and_then(Value::as_array_mut) {
        ips.insert(0, json!({ "$patch": "replace" }));
    }
    if fields.get("podIP").is_none() {
        fields["podIP"] = Value::Null;
        fields["podIPs"] = Value::Null;
    }
    for field in ["reason", "message", "initContainerStatuses"] {
        if fields.get(field).is_none() {
            fields[field] = Value::Null;
        }
    }
    json!({ "metadata": { "uid": uid }, "status": fields })
}

/// Tells the status.
pub(crate) async fn tell(host: &Host, pod: &Pod, status: &PodStatus) -> Told {
    let id = PodId::of(pod);
    let patch = Patch::Strategic(patch_of(&id.uid, status, pod.status.as_ref()));
    let api = Api::<Pod>::namespaced(&host.client, id.namespace.clone());
    let answer = api.patch_status(&id.name, &patch, &Host::write_options()).await;
    outcome(&id, answer)
}

/// What an answer means. A conflict may be that of an object of the same name, which the watch will
/// show, or one with others who write to the pod: it is told again.
fn outcome<T>(id: &PodId, answer: client::Result<T>) -> Told {
    match answer {
        Ok(_) => Told::Yes,
        Err(error) if error.not_found() => Told::Gone,
        Err(error) => {
            tracing::warn!(pod = id.full(), %error, "status not told");
            Told::NotNow
        }
    }
}

/// Lets the object go, its pod having ended here.
pub(crate) async fn release(host: &Host, id: &PodId) -> Told {
    let api = Api::<Pod>::namespaced(&host.client, id.namespace.clone());
    let options = DeleteOptions::of_uid(id.uid.clone()).with_grace(0);
    match api.delete(&id.name, &options).await {
        Ok(_) => Told::Yes,
        Err(error) if error.not_found() || error.conflict() => Told::Gone,
        Err(error) => {
            tracing::warn!(pod = id.full(), %error, "pod not released");
            Told::NotNow
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_conditions_are_left_alone() {
        let status: PodStatus = serde_json::from_value(json!({
            "phase": "Running",
            "conditions": [
                { "type": "Ready", "status": "True" },
                { "type": "example.com/gate", "status": "True" },
            ],
        }))
        .unwrap();
        let patch = patch_of("u", &status, None);
        assert_eq!(patch["status"]["conditions"].as_array().unwrap().len(), 1);
        assert!(patch["status"]["conditions"][0]["reason"].is_null(), "an old reason goes");
        assert_eq!(patch["metadata"]["uid"], "u");
        assert!(patch["status"]["podIP"].is_null());
    }

    #[test]
    fn only_a_pod_that_is_gone_is_told_no_more() {
        let id = PodId::of(&Pod::default());
        assert_eq!(outcome(&id, Ok(())), Told::Yes);
        for (code, reason, want) in [
            (404, "NotFound", Told::Gone),
            (409, "Conflict", Told::NotNow),
            (500, "InternalError", Told::NotNow),
        ] {
            let status = serde_json::from_value(json!({"code": code, "reason": reason})).unwrap();
            let answer: client::Result<()> = Err(client::ClientError::Status(Box::new(status)));
            assert_eq!(outcome(&id, answer), want, "{reason}");
        }
    }
}
