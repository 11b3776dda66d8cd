//! What every controller of pods shares: whose pods they are, expectations, and which keys to queue.
//!
//! Knows owners, pods and their references; never what a kind wants of its pods.
//! Source: `k8s.io/kubernetes/pkg/controller`, `controller_utils.go`.

mod template;
mod writes;

use std::{fmt::Debug, sync::Arc};

use client::{Client, ObjectKey, Recorder, SharedCache, WorkQueue};
use k8s_openapi::api::core::v1::Pod;
use machinery::selector::LabelSelector;

pub(crate) use self::{template::pod_of, writes::namespace_ends};
use crate::{
    claim::{self, Claim, Kind},
    driver::{Shop, SyncError},
    expectations::Expectations,
    owner, pods,
};

/// A kind that controls pods.
pub(crate) trait PodOwner: Kind + Clone + Debug {
    /// The controller's name in logs and events.
    const COMPONENT: &'static str;
    /// The finalizer that its pods carry while it controls them.
    const FINALIZER: Option<&'static str> = None;

    /// The pods that it wants, by label; `None` selects nothing.
    fn selector(&self) -> Option<LabelSelector>;
}

/// The pods of one kind of owner.
#[derive(Debug)]
pub(crate) struct PodControl<K> {
    pub(crate) client: Client,
    pub(crate) owners: SharedCache<K>,
    pub(crate) pods: SharedCache<Pod>,
    pub(crate) expectations: Arc<Expectations>,
    pub(crate) recorder: Recorder,
}

impl<K> Clone for PodControl<K> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            owners: self.owners.clone(),
            pods: self.pods.clone(),
            expectations: Arc::clone(&self.expectations),
            recorder: self.recorder.clone(),
        }
    }
}

impl<K: PodOwner> PodControl<K> {
    /// The pods of a kind over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let pods: SharedCache<Pod> = shop.informers.cache();
        claim::index(&pods);
        Self {
            client: shop.client.clone(),
            owners: shop.informers.cache(),
            pods,
            expectations: Arc::default(),
            recorder: shop.recorder(K::COMPONENT),
        }
    }

    /// Resolves once owners and pods are known.
    pub(crate) async fn ready(&self) {
        self.owners.synced().await;
        self.pods.synced().await;
    }

    /// The pods that refer to the owner, and those of its namespace that nobody controls.
    pub(crate) fn candidates(&self, owner: &K) -> Vec<Arc<Pod>> {
        claim::candidates(&self.pods, owner.metadata())
    }

    /// The pods of `candidates` that the owner controls, after taking in those that its selector
    /// and `belongs` want, and letting go of the others.
    pub(crate) async fn claim(
        &self,
        owner: &K,
        candidates: Vec<Arc<Pod>>,
        belongs: impl Fn(&Pod) -> bool,
    ) -> Result<Vec<Arc<Pod>>, SyncError> {
        let Some(selector) = owner.selector() else { return Ok(Vec::new()) };
        let claim = Claim { client: &self.client, owner, finalizer: K::FINALIZER };
        let wanted = |pod: &Pod| owner::selects(&selector, &pod.metadata) && belongs(pod);
        claim.run(candidates, wanted).await
    }

    /// Queues owners when they or pods of theirs change; expectations follow.
    pub(crate) fn watch(&self, queue: &WorkQueue<ObjectKey>) {
        let (keys, expectations) = (queue.clone(), Arc::clone(&self.expectations));
        self.owners.on_change(move |old, new| {
            let Some(owner) = new.or(old) else { return };
            let key = ObjectKey::of(&**owner);
            if new.is_none() {
                expectations.forget(&key);
            }
            keys.add(key);
        });
        let (keys, control) = (queue.clone(), self.clone());
        self.pods.on_change(move |old, new| control.pod_changed(&keys, old, new));
    }

    fn pod_changed(
        &self,
        queue: &WorkQueue<ObjectKey>,
        old: Option<&Arc<Pod>>,
        new: Option<&Arc<Pod>>,
    ) {
        let owner_of = |pod: &Arc<Pod>| owner::controller_key::<K>(&**pod);
        let before = old.and_then(owner_of);
        let after = new.and_then(owner_of);
        let leaving = |pod: &Arc<Pod>| pod.metadata.deletion_timestamp.is_some();
        // One that is seen for the first time when it is going was created all the same.
        if let (None, Some(key)) = (old, &after) {
            self.expectations.created(key);
        }
        if let (Some(pod), Some(key)) = (old.or(new), before.as_ref().or(after.as_ref()))
            && new.is_none_or(leaving)
        {
            self.expectations.deleted(key, pods::uid(pod));
        }
        if let Some(pod) = new.filter(|pod| is_wanted_anew(old, pod)) {
            self.queue_those_that_match(queue, pod);
        }
        before.into_iter().chain(after).for_each(|key| queue.add(key));
    }

    /// A pod that nobody controls may be wanted by any owner of its namespace.
    fn queue_those_that_match(&self, queue: &WorkQueue<ObjectKey>, pod: &Pod) {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        for owner in self.owners.in_namespace(namespace) {
            if owner.selector().is_some_and(|selector| owner::selects(&selector, &pod.metadata)) {
                queue.add(ObjectKey::of(&*owner));
            }
        }
    }
}

/// Tells whether nobody controls a pod, and its labels or its owner are news.
fn is_wanted_anew(old: Option<&Arc<Pod>>, pod: &Arc<Pod>) -> bool {
    owner::controller_of(&pod.metadata).is_none()
        && old.is_none_or(|old| {
            old.metadata.labels != pod.metadata.labels
                || owner::controller_of(&old.metadata).is_some()
        })
}

#[cfg(test)]
mod tests {
    use client::{Informers, Transport};
    use k8s_openapi::api::apps::v1::ReplicaSet;
    use lifecycle::StopToken;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_pod_that_is_going_when_it_is_first_seen_was_created_and_deleted() {
        let nobody = Transport::unix(std::path::Path::new("/nonexistent")).unwrap();
        let client = Client::in_process(nobody, "test");
        let stop = StopToken::new();
        let shop = Shop::new(&client, Informers::new(&client, &stop), &stop);
        let control = PodControl::<ReplicaSet>::new(&shop);
        let key = ObjectKey::new("n", "r");
        let pod: Pod = serde_json::from_value(json!({"metadata": {
            "name": "p", "namespace": "n", "uid": "u", "deletionTimestamp": "2026-01-01T00:00:00Z",
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r",
                "uid": "v", "controller": true}],
        }}))
        .unwrap();
        control.expectations.expect(&key, 1, vec!["u".into()]);
        control.pod_changed(&WorkQueue::new(), None, Some(&Arc::new(pod)));
        assert!(control.expectations.met(&key));
    }
}
