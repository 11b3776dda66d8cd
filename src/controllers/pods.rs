//! What controllers ask of pods.

use std::time::Duration;

use client::SharedCache;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{ObjectReference, Pod, PodCondition};

/// Tells whether a pod counts: it has not ended and is not ending.
pub(crate) fn is_active(pod: &Pod) -> bool {
    !matches!(phase(pod), "Succeeded" | "Failed") && pod.metadata.deletion_timestamp.is_none()
}

/// Tells whether nothing of a pod runs, nor will.
pub(crate) fn is_shut_down(pod: &Pod) -> bool {
    if matches!(phase(pod), "Succeeded" | "Failed") {
        return true;
    }
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_ref());
    let none_runs = statuses
        .into_iter()
        .flatten()
        .all(|one| one.state.as_ref().is_none_or(|state| state.running.is_none()));
    pod.metadata.deletion_timestamp.is_some() && none_runs
}

/// A pod as endpoints refer to it: without what changes with each of its writes.
pub(crate) fn target(pod: &Pod) -> ObjectReference {
    ObjectReference {
        kind: Some("Pod".into()),
        namespace: pod.metadata.namespace.clone(),
        name: pod.metadata.name.clone(),
        uid: pod.metadata.uid.clone(),
        ..ObjectReference::default()
    }
}

/// The pod's phase, or `""`.
pub(crate) fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

/// The condition that says whether the pod is ready.
pub(crate) fn ready_condition(pod: &Pod) -> Option<&PodCondition> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|condition| condition.type_ == "Ready")
}

/// Tells whether the pod is ready.
pub(crate) fn is_ready(pod: &Pod) -> bool {
    ready_condition(pod).is_some_and(|condition| condition.status == "True")
}

/// When the pod became ready, if it is.
pub(crate) fn ready_since(pod: &Pod) -> Option<Timestamp> {
    let condition = ready_condition(pod).filter(|condition| condition.status == "True")?;
    condition.last_transition_time.as_ref().map(|time| time.0)
}

/// How long a ready pod has to stay so until it is available; zero when it is.
/// `None` for a pod that is not ready.
pub(crate) fn until_available(
    pod: &Pod,
    min_ready_seconds: i32,
    now: Timestamp,
) -> Option<Duration> {
    if !is_ready(pod) {
        return None;
    }
    if min_ready_seconds == 0 {
        return Some(Duration::ZERO);
    }
    let since = ready_since(pod)?;
    let left = SignedDuration::from_secs(min_ready_seconds.into()) - now.duration_since(since);
    Some(left.max(SignedDuration::ZERO).unsigned_abs())
}

/// Restarts of all containers.
pub(crate) fn restarts(pod: &Pod) -> i32 {
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_ref());
    statuses.into_iter().flatten().map(|status| status.restart_count).sum()
}

/// The pod's uid, or `""`.
pub(crate) fn uid(pod: &Pod) -> &str {
    pod.metadata.uid.as_deref().unwrap_or_default()
}

/// The pod's name, or `""`.
pub(crate) fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

/// The node that a pod is on, or `""`.
pub(crate) fn node_name(pod: &Pod) -> &str {
    pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()).unwrap_or_default()
}

/// The index of pods by node.
pub(crate) const BY_NODE: &str = "node";

/// Has the cache find pods by node; those without one stand under `""`.
pub(crate) fn index_by_node(pods: &SharedCache<Pod>) {
    pods.index(BY_NODE, |pod| vec![node_name(pod).to_owned()]);
}
