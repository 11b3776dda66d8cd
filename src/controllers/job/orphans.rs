//! Takes the finalizer off pods whose Job will not count them any more: it is gone, or over.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `syncOrphanPod`.

use std::sync::Arc;

use client::{Client, ObjectKey, SharedCache, WorkQueue};
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};

use super::{census::is_held, is_managed_elsewhere, take_finalizer};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    jobs, owner,
};

/// The shell; its keys are pods.
#[derive(Debug)]
pub(crate) struct Orphans {
    client: Client,
    jobs: SharedCache<Job>,
    pods: SharedCache<Pod>,
}

impl Orphans {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            jobs: shop.informers.cache(),
            pods: shop.informers.cache(),
        }
    }
}

/// Tells whether nobody will count a pod any more. `job` is the one that the pod refers to.
fn is_orphan(pod: &Pod, job: Option<&Job>) -> bool {
    let Some(reference) = owner::controller_of(&pod.metadata) else { return true };
    if reference.kind != "Job" || reference.api_version != "batch/v1" {
        return false;
    }
    let job = job.filter(|job| job.metadata.uid.as_ref() == Some(&reference.uid));
    job.is_none_or(|job| jobs::finished(job).is_some() && !is_managed_elsewhere(job))
}

impl Controller for Orphans {
    fn name(&self) -> &'static str {
        "job-controller/orphans"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.pods.on_change(move |_, new| {
            if let Some(pod) = new.filter(|pod| is_held(pod)) {
                keys.add(ObjectKey::of(&**pod));
            }
        });
        let (keys, pods) = (queue.clone(), self.pods.clone());
        self.jobs.on_change(move |old, new| {
            let over = new.is_none_or(|job| jobs::finished(job).is_some());
            let Some(job) = new.or(old).filter(|_| over) else { return };
            let namespace = job.metadata.namespace.as_deref().unwrap_or_default();
            for pod in pods.in_namespace(namespace) {
                if is_held(&pod) && owner::is_controlled_by(&pod.metadata, &job.metadata) {
                    keys.add(ObjectKey::of(&*pod));
                }
            }
        });
    }

    async fn ready(&self) {
        self.jobs.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key).filter(|pod| is_held(pod)) else {
            return Ok(Next::Settled);
        };
        let job = owner::controller_of(&pod.metadata)
            .and_then(|reference| self.jobs.get(&key.namespace, &reference.name));
        if is_orphan(&pod, job.as_deref()) {
            take_finalizer(&self.client, &pod).await?;
        }
        Ok(Next::Settled)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_that_nobody_counts_are_orphans() {
        let job = |uid: &str, end: &str| -> Job {
            let conditions = json!([{"type": end, "status": "True"}]);
            let object = json!({"metadata": {"uid": uid}, "status": {"conditions": conditions}});
            serde_json::from_value(object).unwrap()
        };
        let pod = |kind: &str| -> Pod {
            let owner = json!({"apiVersion": "batch/v1", "kind": kind, "name": "j", "uid": "j",
                "controller": true});
            let owners = if kind.is_empty() { json!([]) } else { json!([owner]) };
            serde_json::from_value(json!({"metadata": {"ownerReferences": owners}})).unwrap()
        };
        for (case, kind, found, want) in [
            ("no owner", "", None, true),
            ("another kind", "Set", None, false),
            ("gone", "Job", None, true),
            ("another of the name", "Job", Some(job("k", "Suspended")), true),
            ("running", "Job", Some(job("j", "Suspended")), false),
            ("over", "Job", Some(job("j", "Complete")), true),
        ] {
            assert_eq!(is_orphan(&pod(kind), found.as_ref()), want, "{case}");
        }
    }
}
