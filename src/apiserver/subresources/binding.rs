//! `binding`: the scheduler's word on which node a pod runs.

use axum::response::Response;
use bytes::Bytes;
use machinery::{meta, status::Status};
use serde_json::json;

use crate::{
    http::{Call, answer, body::document},
    registry::{Part, Update},
};

/// Binds a pod to the node that the body names, once.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let binding = document(&call.headers, body)?;
    let node = meta::text(&binding, "/target/name").to_owned();
    if node.is_empty() {
        return Err(Status::bad_request("target.name: Required value"));
    }
    let uid = meta::uid(&binding).to_owned();
    let mut update = Update::of(call, Part::Whole)?;
    update.author = update.author.unnoted();
    update
        .run(&mut |pod| {
            let conflict = |why: &str| {
                let resource = machinery::status::Resource { group: "", name: "pods/binding" };
                Err(Status::conflict(resource, call.name(), why))
            };
            if !uid.is_empty() && uid != meta::uid(pod) {
                return conflict(&format!(
                    "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
                    meta::uid(pod)
                ));
            }
            if meta::is_deleting(pod) {
                return conflict(&format!(
                    "pod {} is being deleted, cannot be assigned to a host",
                    call.name()
                ));
            }
            let bound = meta::text(pod, "/spec/nodeName");
            if !bound.is_empty() {
                return conflict(&format!(
                    "pod {} is already assigned to node {bound:?}",
                    call.name()
                ));
            }
            let mut new = pod.clone();
            meta::object_at(&mut new, "spec").insert("nodeName".into(), node.as_str().into());
            let mut conditions = meta::items(&new, "/status/conditions").to_vec();
            conditions.retain(|one| meta::text(one, "/type") != "PodScheduled");
            let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
            conditions.push(json!({
                "type": "PodScheduled", "status": "True", "lastProbeTime": null,
                "lastTransitionTime": now,
            }));
            let status = meta::object_at(&mut new, "status");
            status.insert("conditions".into(), conditions.into());
            Ok(new)
        })
        .await?;
    let done = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(answer::document(201, &done, accept))
}
