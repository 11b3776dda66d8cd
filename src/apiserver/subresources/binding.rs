//! `binding`: the scheduler's word on which node a pod runs.

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    field::{Errors, Path},
    meta,
    status::Status,
};
use serde_json::{Value, json};

use super::read;
use crate::{
    admission::{self, plugins::Plugin},
    http::{Call, answer},
    registry::{Part, Update},
};

const TOPOLOGY: [&str; 2] = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/// Refuses a binding to nothing, or to what is no node; Kubernetes tells it without a reason.
fn check_target(target: &Value) -> Result<(), Status> {
    let mut errors = Errors::default();
    let at = Path::new("target");
    let kind = meta::text(target, "/kind");
    if !matches!(kind, "" | "Node") {
        errors.not_supported(&at.child("kind"), &json!(kind), &["Node", "<empty>"]);
    }
    if meta::text(target, "/name").is_empty() {
        errors.required(&at.child("name"), "");
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Status {
        code: 500,
        reason: String::new(),
        message: errors.sentence(),
        details: Value::Null,
        warnings: Vec::new(),
    })
}

/// Binds a pod to the node that the body names, once.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let kind = ("", "v1", "Binding");
    let mut binding = read(call, body, kind)?;
    check_target(&binding["target"])?;
    let warnings = admission::take(call, kind, &mut binding).await?;
    check_target(&binding["target"])?;
    let node = meta::text(&binding, "/target/name").to_owned();
    let uid = meta::uid(&binding).to_owned();
    let topology = topology(call, &node).await?;
    let mut update = Update::of(call, Part::Binding)?;
    update.author = update.author.unnoted();
    update
        .run(&mut |pod| {
            check(call, pod, &uid)?;
            let mut new = pod.clone();
            let mut put = |part: &str, key: &str, value: &str| {
                let slot = meta::metadata_mut(&mut new).entry(part).or_insert_with(|| json!({}));
                meta::as_object(slot).insert(key.to_owned(), value.into());
            };
            for part in ["annotations", "labels"] {
                for (key, value) in meta::strings(&binding["metadata"], &format!("/{part}")) {
                    put(part, key, value);
                }
            }
            for (key, value) in &topology {
                put("labels", key, value);
            }
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
    Ok(answer::warned(answer::document(201, &done, accept), &warnings))
}

/// The labels that say where a node is, for its pods: `PodTopologyLabels`.
/// Source: `plugin/pkg/admission/podtopologylabels`.
async fn topology(call: &Call, node: &str) -> Result<Vec<(&'static str, String)>, Status> {
    if !call.server.config.plugins.act(Plugin::PodTopologyLabels) {
        return Ok(Vec::new());
    }
    let node = call.registry().object_at(&call.registry().key("", "nodes", "", node)).await?;
    let labels = node.map(|mut node| node["metadata"]["labels"].take()).unwrap_or_default();
    let known = TOPOLOGY.iter().filter_map(|key| Some((*key, labels[*key].as_str()?.to_owned())));
    Ok(known.collect())
}

/// The pod is another one of the same name.
fn other_uid(call: &Call, given: &str, own: &str) -> Status {
    let why = format!(
        "StorageError: invalid object, Code: 4, Key: /registry/pods/{}/{}, ResourceVersion: 0, \
         AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object meta: \
         {own}",
        call.namespace(),
        call.name()
    );
    Status::conflict(call.kind.resource(), call.name(), &why)
}

/// Refuses what cannot be bound: another pod, one on its way out, bound before, or held back.
fn check(call: &Call, pod: &Value, uid: &str) -> Result<(), Status> {
    let name = call.name();
    let conflict = |why: &str| {
        let resource = machinery::status::Resource { group: "", name: "pods/binding" };
        Err(Status::conflict(resource, name, why))
    };
    if !uid.is_empty() && uid != meta::uid(pod) {
        return Err(other_uid(call, uid, meta::uid(pod)));
    }
    if meta::is_deleting(pod) {
        return conflict(&format!("pod {name} is being deleted, cannot be assigned to a host"));
    }
    let bound = meta::text(pod, "/spec/nodeName");
    if !bound.is_empty() {
        return conflict(&format!("pod {name} is already assigned to node {bound:?}"));
    }
    if !meta::items(pod, "/spec/schedulingGates").is_empty() {
        return conflict(&format!("pod {name} has non-empty .spec.schedulingGates"));
    }
    Ok(())
}
