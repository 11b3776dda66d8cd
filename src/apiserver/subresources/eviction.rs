//! `eviction`: a deletion that disruption budgets may refuse.
//! Source: `pkg/registry/core/pod/storage/eviction.go`.

use axum::response::Response;
use bytes::Bytes;
use machinery::{meta, selector::LabelSelector, status::Status};
use serde_json::{Value, json};

use super::read;
use crate::{
    admission::{self, node_restriction},
    http::{Call, answer},
    registry::{Deletion, Part, Update, delete_object},
};

/// Evictions that nobody has confirmed yet, at most.
const MOST_DISRUPTED: usize = 2000;
/// How often an eviction meets other writers of its budget before it gives up.
const ATTEMPTS: usize = 20;
const OLD_VERSION: &str = "policy/v1beta1";

/// Evicts a pod.
pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let old = serde_json::from_slice::<Value>(body)
        .is_ok_and(|body| meta::text(&body, "/apiVersion") == OLD_VERSION);
    let version = if old { "v1beta1" } else { "v1" };
    let mut eviction = read(call, body, ("policy", version, "Eviction"))?;
    meta::put(&mut eviction, "apiVersion", "policy/v1");
    let given = meta::name(&eviction);
    if !given.is_empty() && given != call.name() {
        return Err(Status::bad_request("name in URL does not match name in Eviction object"));
    }
    let warnings = admission::take(call, ("policy", "v1", "Eviction"), &mut eviction).await?;
    let text = |pointer: &str| {
        let text = eviction.pointer(pointer).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let dry = meta::items(&eviction, "/deleteOptions/dryRun").iter().any(|one| one == "All");
    let options = Deletion {
        grace_seconds: meta::number(&eviction, "/deleteOptions/gracePeriodSeconds"),
        propagation: text("/deleteOptions/propagationPolicy"),
        uid: text("/deleteOptions/preconditions/uid"),
        resource_version: text("/deleteOptions/preconditions/resourceVersion"),
        dry_run: call.query.dry_run() || dry,
        orphan_dependents: None,
    };
    let key = call.registry().key_of(&call.kind, call.namespace_of_object(), call.name());
    let not_found = || Status::not_found(call.kind.resource(), call.name());
    let pod = call.registry().object_at(&key).await?.ok_or_else(not_found)?;
    node_restriction::check_eviction(call, &pod)?;
    if !passes_budgets(&pod) {
        ask_budgets(call, &pod, options.dry_run).await?;
    }
    announce(call, options.dry_run).await?;
    delete_object(&call.server, &call.kind, &key, &options).await?;
    let done = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(answer::warned(answer::document(201, &done, accept), &warnings))
}

/// Says on the pod why it goes, so that whoever counts its end can tell.
async fn announce(call: &Call, dry_run: bool) -> Result<(), Status> {
    let update = Update {
        server: &call.server,
        kind: &call.kind,
        namespace: call.namespace_of_object(),
        name: call.name(),
        part: Part::Status,
        dry_run,
        author: crate::registry::Author::server(),
    };
    update.run(&mut |pod| Ok(with_target(pod))).await.map(drop)
}

/// The pod with the condition that it is about to be disrupted.
fn with_target(pod: &Value) -> Value {
    const KIND: &str = "DisruptionTarget";
    let mut new = pod.clone();
    // Whatever else is written meanwhile stays.
    meta::metadata_mut(&mut new).remove("resourceVersion");
    let known = meta::items(pod, "/status/conditions");
    let said = known.iter().find(|one| one["type"] == KIND && one["status"] == "True");
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let since = said.map_or_else(|| now.into(), |said| said["lastTransitionTime"].clone());
    let mut condition = json!({
        "type": KIND, "status": "True", "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting", "lastTransitionTime": since,
    });
    if let Some(generation) = pod.pointer("/metadata/generation") {
        condition["observedGeneration"] = generation.clone();
    }
    let mut conditions: Vec<Value> =
        known.iter().filter(|one| one["type"] != KIND).cloned().collect();
    conditions.push(condition);
    meta::object_at(&mut new, "status").insert("conditions".into(), conditions.into());
    new
}

/// A pod that serves nobody is no disruption.
fn passes_budgets(pod: &Value) -> bool {
    let phase = meta::text(pod, "/status/phase");
    matches!(phase, "Succeeded" | "Failed" | "Pending") || meta::is_deleting(pod)
}

fn is_ready(pod: &Value) -> bool {
    let conditions = meta::items(pod, "/status/conditions").iter();
    conditions.clone().any(|one| one["type"] == "Ready" && one["status"] == "True")
}

async fn ask_budgets(call: &Call, pod: &Value, dry_run: bool) -> Result<(), Status> {
    let namespace = call.namespace_of_object();
    let budgets = call.registry().objects("policy", "poddisruptionbudgets", namespace).await?;
    let about: Vec<&Value> = budgets.iter().filter(|budget| selects(budget, pod)).collect();
    let budget = match about.as_slice() {
        [] => return Ok(()),
        [one] => *one,
        _ => {
            return Err(Status::internal(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource \
                 does not support.",
            ));
        }
    };
    let count = |field: &str| meta::number(budget, &format!("/status/{field}")).unwrap_or(0);
    if !is_ready(pod) {
        let healthy = count("currentHealthy") >= count("desiredHealthy");
        match meta::text(budget, "/spec/unhealthyPodEvictionPolicy") {
            "AlwaysAllow" => return Ok(()),
            _ if healthy && count("desiredHealthy") > 0 => return Ok(()),
            _ => {}
        }
    }
    take_one(call, meta::name(budget), dry_run).await
}

fn selects(budget: &Value, pod: &Value) -> bool {
    let selector = &budget["spec"]["selector"];
    if selector.is_null() {
        return false;
    }
    LabelSelector::from_object(selector).is_some_and(|selector| selector.matches_object(pod))
}

/// Takes one disruption off the budget, before the pod goes.
async fn take_one(call: &Call, name: &str, dry_run: bool) -> Result<(), Status> {
    let registry = call.registry();
    let kind = registry.kind("policy", "v1", "poddisruptionbudgets");
    let kind = kind.ok_or_else(Status::no_such_path)?;
    let update = Update {
        server: &call.server,
        kind: &kind,
        namespace: call.namespace_of_object(),
        name,
        part: Part::Status,
        dry_run,
        author: crate::registry::Author::server(),
    };
    let pod = call.name();
    // The controller writes the same status: where it was quicker, its new numbers are asked.
    for _ in 1..ATTEMPTS {
        match update.run(&mut |budget| with_one_less(budget, pod)).await {
            Err(status) if status.reason == "Conflict" => {}
            answer => return answer.map(drop),
        }
    }
    update.run(&mut |budget| with_one_less(budget, pod)).await.map(drop)
}

/// The budget after one disruption more, if it allows that.
fn with_one_less(budget: &Value, pod: &str) -> Result<Value, Status> {
    check(budget)?;
    let mut new = budget.clone();
    let left = meta::number(budget, "/status/disruptionsAllowed").unwrap_or(0) - 1;
    let status = meta::object_at(&mut new, "status");
    status.insert("disruptionsAllowed".into(), left.into());
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let disrupted = status.entry("disruptedPods").or_insert_with(|| json!({}));
    meta::as_object(disrupted).insert(pod.to_owned(), now.into());
    Ok(new)
}

/// Tells whether the budget allows one disruption more.
fn check(budget: &Value) -> Result<(), Status> {
    let name = meta::name(budget);
    let count = |field: &str| meta::number(budget, &format!("/status/{field}")).unwrap_or(0);
    let generation = meta::number(budget, "/metadata/generation").unwrap_or(0);
    if count("observedGeneration") < generation {
        let mut status = violated(&format!(
            "The disruption budget {name} is still being processed by the server."
        ));
        status.details["retryAfterSeconds"] = 10.into();
        return Err(status);
    }
    let allowed = count("disruptionsAllowed");
    let resource = machinery::status::Resource { group: "policy", name: "poddisruptionbudget" };
    if allowed < 0 {
        return Err(Status::forbidden(resource, name, "pdb disruptions allowed is negative"));
    }
    let disrupted = budget["status"]["disruptedPods"].as_object().map_or(0, serde_json::Map::len);
    if disrupted > MOST_DISRUPTED {
        let why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
        return Err(Status::forbidden(resource, name, why));
    }
    if allowed == 0 {
        return Err(violated(&format!(
            "The disruption budget {name} needs {} healthy pods and has {} currently",
            count("desiredHealthy"),
            count("currentHealthy")
        )));
    }
    Ok(())
}

fn violated(why: &str) -> Status {
    let mut status = Status::too_many_requests(
        "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    status.details = json!({"causes": [{"reason": "DisruptionBudget", "message": why}]});
    tracing::debug!(why, "eviction refused");
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evicted_pod_says_so_once() {
        let ready = json!({"type": "Ready", "status": "True"});
        let pod = json!({
            "metadata": {"generation": 3, "resourceVersion": "7"}, "status": {"conditions": [ready]},
        });
        let first = with_target(&pod);
        let conditions = meta::items(&first, "/status/conditions");
        assert_eq!(conditions.len(), 2);
        assert_eq!(conditions[1]["reason"], "EvictionByEvictionAPI");
        assert_eq!(conditions[1]["observedGeneration"], 3);
        assert_eq!(with_target(&first)["status"], first["status"], "said already");
    }
}
