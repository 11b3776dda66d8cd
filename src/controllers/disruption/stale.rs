//! Takes back the word that a pod is about to be disrupted, where nothing came of it.
//! Source: `k8s.io/kubernetes/pkg/controller/disruption`, `syncStalePodDisruption`.

use std::{sync::Arc, time::Duration};

use client::{Api, Client, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Pod;
use serde_json::json;

use crate::{
    driver::{Controller, Next, Shop, SyncError},
    pods,
};

/// A disruption that has not begun by then does not come.
const STALE: SignedDuration = SignedDuration::from_mins(2);
const CONDITION: &str = "DisruptionTarget";

/// The shell; its keys are pods.
#[derive(Debug)]
pub(crate) struct StaleDisruptions {
    client: Client,
    pods: SharedCache<Pod>,
}

impl StaleDisruptions {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), pods: shop.informers.cache() }
    }
}

/// How long until the word is taken back; `None` where it was not given, holds, or is the kubelet's.
fn left(pod: &Pod, now: Timestamp) -> Option<Duration> {
    let over = matches!(pods::phase(pod), "Succeeded" | "Failed");
    if over || pod.metadata.deletion_timestamp.is_some() {
        return None;
    }
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let said = conditions.iter().find(|one| one.type_ == CONDITION && one.status == "True")?;
    if said.reason.as_deref() == Some("TerminationByKubelet") {
        return None;
    }
    let since = said.last_transition_time.as_ref().map_or(Timestamp::UNIX_EPOCH, |time| time.0);
    let left = STALE.saturating_sub(now.duration_since(since)).max(SignedDuration::ZERO);
    Some(left.unsigned_abs())
}

impl Controller for StaleDisruptions {
    fn name(&self) -> &'static str {
        "disruption-controller/stale"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.pods.on_change(move |_, new| {
            let said = |pod: &&Arc<Pod>| left(pod, Timestamp::UNIX_EPOCH).is_some();
            if let Some(pod) = new.filter(said) {
                keys.add(ObjectKey::of(&**pod));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key) else { return Ok(Next::Settled) };
        let now = lifecycle::clock::now();
        match left(&pod, now) {
            None => return Ok(Next::Settled),
            Some(left) if !left.is_zero() => return Ok(Next::After(left)),
            Some(_) => {}
        }
        let condition = json!({
            "type": CONDITION, "status": "False", "reason": null, "message": null,
            "lastTransitionTime": lifecycle::clock::rfc3339_seconds(now),
        });
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": pod.metadata.uid, "resourceVersion": pod.metadata.resource_version},
            "status": {"conditions": [condition]},
        }));
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        match api.patch_status(&key.name, &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(Next::Settled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_without_deeds_is_taken_back() {
        let pod = |reason: &str, status: &str, phase: &str| -> Pod {
            let said = json!({"type": CONDITION, "status": status, "reason": reason,
                "lastTransitionTime": "2026-01-01T00:00:00Z"});
            let object = json!({"metadata": {}, "status": {"phase": phase, "conditions": [said]}});
            serde_json::from_value(object).unwrap()
        };
        let now = "2026-01-01T00:01:30Z".parse().unwrap();
        for (case, pod, want) in [
            ("waits", pod("PreemptionByScheduler", "True", "Running"), Some(30)),
            ("taken back", pod("PreemptionByScheduler", "False", "Running"), None),
            ("over", pod("PreemptionByScheduler", "True", "Failed"), None),
            ("the kubelet's", pod("TerminationByKubelet", "True", "Running"), None),
        ] {
            assert_eq!(left(&pod, now), want.map(Duration::from_secs), "{case}");
        }
    }
}
