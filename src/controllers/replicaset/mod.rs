//! ReplicaSet and ReplicationController: keep so many pods of a template, and take in and let go of
//! pods by their labels. One controller for both kinds, as in Kubernetes.

mod kinds;
mod reconcile;

use std::sync::Arc;

use client::{ObjectKey, WorkQueue};
use k8s_openapi::api::{apps::v1::ReplicaSet, core::v1::Pod};

use self::{
    kinds::Replicated,
    reconcile::{Observed, Plan, next_available, reconcile, status},
};
use crate::{
    claim,
    driver::{Controller, Next, Shop, SyncError},
    owner,
    podcontrol::{PodControl, pod_of},
    pods,
};

/// The shell.
#[derive(Debug)]
pub(crate) struct ReplicaSets<K> {
    pods: PodControl<K>,
}

impl<K: Replicated> ReplicaSets<K> {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let pods: PodControl<K> = PodControl::new(shop);
        claim::index(&pods.owners);
        Self { pods }
    }

    /// The pods of all sets that the owner's own controller has.
    fn related(&self, owner: &K) -> Vec<Arc<Pod>> {
        let Some(controller) = owner::controller_of(owner.metadata()) else { return Vec::new() };
        let siblings = claim::controlled_by(&self.pods.owners, &controller.uid);
        let uids = siblings.into_iter().filter_map(|set| set.metadata().uid.clone());
        uids.flat_map(|uid| claim::controlled_by(&self.pods.pods, &uid)).collect()
    }

    /// Carries a plan out; returns why it could not be, in a condition's words.
    async fn carry_out(
        &self,
        owner: &K,
        key: &ObjectKey,
        set: &ReplicaSet,
        plan: Plan,
    ) -> Option<(&'static str, String)> {
        if plan.create > 0 {
            let template = set.spec.as_ref().and_then(|spec| spec.template.clone());
            let pod = pod_of(owner, &template.unwrap_or_default());
            let failed = self.pods.create(owner, key, &vec![pod; plan.create]).await;
            return failed.map(|error| ("FailedCreate", error.to_string()));
        }
        if plan.delete.is_empty() {
            return None;
        }
        let failed = self.pods.delete(owner, key, &plan.delete).await;
        failed.map(|error| ("FailedDelete", error.to_string()))
    }
}

impl<K: Replicated> Controller for ReplicaSets<K> {
    fn name(&self) -> &'static str {
        K::COMPONENT
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.pods.watch(queue);
    }

    async fn ready(&self) {
        self.pods.ready().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(owner) = self.pods.owners.find(key) else { return Ok(Next::Settled) };
        let set = owner.as_set();
        let settled = self.pods.expectations.met(key);
        let mut candidates = self.pods.candidates(&owner);
        candidates.retain(|pod| {
            pods::is_active(pod) || owner::is_controlled_by(&pod.metadata, owner.metadata())
        });
        let owned = self.pods.claim(&owner, candidates, |_| true).await?;
        let related = self.related(&owner);
        let now = lifecycle::clock::now();
        let seen = Observed { set: &set, pods: &owned, related: &related, now };
        let plan = if settled { reconcile(&seen) } else { Plan::default() };
        let failure = self.carry_out(&owner, key, &set, plan).await;
        let words = failure.as_ref().map(|(reason, message)| (*reason, message.as_str()));
        let status = status(&seen, words);
        if set.status.as_ref() != Some(&status) {
            self.pods.write_status(key, &owner.with_status(status)).await?;
        }
        if let Some((_, message)) = failure {
            return Err(message.into());
        }
        Ok(Next::soonest([next_available(&seen), self.pods.expectations.patience(key)]))
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::ReplicaSet;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        driver,
        scripted::{First, Scene},
    };

    fn lists(path: &str) -> Value {
        match path {
            "/apis/apps/v1/replicasets" => json!([{
                "metadata": {"name": "r", "namespace": "n", "uid": "1", "resourceVersion": "1"},
                "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "1"}},
                    "template": {"metadata": {"labels": {"a": "1"}}, "spec": {"containers": []}}},
                "status": {"replicas": 0},
            }]),
            _ => json!([]),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pod_that_never_shows_is_made_again_in_the_end() {
        let mut scene = Scene::new(lists, First::Succeeds);
        let _tasks = driver::run(&scene.shop, ReplicaSets::<ReplicaSet>::new(&scene.shop));
        let start = tokio::time::Instant::now();
        let made = "POST /api/v1/namespaces/n/pods";
        for minutes in [0, 5, 10] {
            while scene.next().await != made {}
            assert_eq!(start.elapsed().as_secs() / 60, minutes);
        }
    }
}
