//! DaemonSet: one pod on each node that fits.

mod backoff;
mod placement;
mod reconcile;
mod rolling;
mod status;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::Arc};

use client::{Api, EventKind, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions, reference};
use k8s_openapi::api::{
    apps::v1::{ControllerRevision, DaemonSet},
    core::v1::{Node, Pod, PodTemplateSpec},
};
use machinery::{selector::LabelSelector, well_known};
use serde_json::json;

use self::{
    backoff::FailedPods,
    placement::{place, pod_for},
    reconcile::{Observed, Plan, next_available, reconcile},
    status::status,
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    history::{self, History, Revised, Revisions},
    owner,
    podcontrol::{PodControl, PodOwner},
    pods,
};

impl PodOwner for DaemonSet {
    const COMPONENT: &'static str = "daemonset-controller";

    fn selector(&self) -> Option<LabelSelector> {
        owner::selector_of(&self.spec.as_ref()?.selector)
    }
}

impl Revised for DaemonSet {
    const HASH_LABEL: &'static str = well_known::REVISION_HASH;

    fn template(&self) -> Option<&PodTemplateSpec> {
        self.spec.as_ref().map(|spec| &spec.template)
    }

    fn collisions(&self) -> i32 {
        self.status.as_ref().and_then(|status| status.collision_count).unwrap_or(0)
    }

    fn history_limit(&self) -> i32 {
        self.spec.as_ref().and_then(|spec| spec.revision_history_limit).unwrap_or(10)
    }
}

/// The shell.
#[derive(Debug)]
pub(crate) struct DaemonSets {
    pods: PodControl<DaemonSet>,
    nodes: SharedCache<Node>,
    history: History,
    failed: FailedPods,
}

impl DaemonSets {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            pods: PodControl::new(shop),
            nodes: shop.informers.cache(),
            history: History::new(shop),
            failed: FailedPods::default(),
        }
    }

    async fn carry_out(
        &self,
        set: &DaemonSet,
        key: &ObjectKey,
        plan: &Plan,
        hash: &str,
    ) -> Result<(), SyncError> {
        self.tell_ended(set, key, plan);
        if plan.create.is_empty() && plan.delete.is_empty() {
            return Ok(());
        }
        let uids = plan.delete.iter().map(|pod| pods::uid(pod).to_owned()).collect();
        self.pods.expectations.expect(key, plan.create.len(), uids);
        let new: Vec<_> = plan.create.iter().map(|node| pod_for(set, node, hash)).collect();
        let not_made = self.pods.create_expected(set, key, &new).await;
        let not_gone = self.pods.delete_expected(set, key, &plan.delete).await;
        not_made.or(not_gone).map_or(Ok(()), |error| Err(error.into()))
    }

    fn tell_ended(&self, set: &DaemonSet, key: &ObjectKey, plan: &Plan) {
        let about = reference(set);
        let namespace = &key.namespace;
        for (node, pod) in &plan.failed {
            self.failed.count(key, node);
            let name = pods::name(pod);
            let words = format!(
                "Found failed daemon pod {namespace}/{name} on node {node}, will try to kill it"
            );
            self.pods.recorder.event(&about, EventKind::Warning, "FailedDaemonPod", words);
        }
        for (node, pod) in &plan.succeeded {
            let name = pods::name(pod);
            let words = format!(
                "Found succeeded daemon pod {namespace}/{name} on node {node}, will try to delete it"
            );
            self.pods.recorder.event(&about, EventKind::Normal, "SucceededDaemonPod", words);
        }
    }

    /// Of several revisions of one template the newest stays, and the pods of the others are its own.
    async fn unite(
        &self,
        key: &ObjectKey,
        revisions: &mut Revisions,
        pods: &[Arc<Pod>],
    ) -> Result<(), SyncError> {
        let doubles = revisions.take_doubles();
        let hash = hash_of(&revisions.update);
        let api = Api::<Pod>::namespaced(&self.pods.client, key.namespace.clone());
        for double in &doubles {
            let theirs = |pod: &&Arc<Pod>| hash_in(pod.metadata.labels.as_ref()) == hash_of(double);
            for pod in pods.iter().filter(theirs) {
                let patch = Patch::Merge(json!({"metadata": {
                    "uid": pod.metadata.uid, "labels": {well_known::REVISION_HASH: hash},
                }}));
                gone_is_well(api.patch(pods::name(pod), &patch, &WriteOptions::default()).await)?;
            }
            self.history.delete(double).await?;
        }
        Ok(())
    }

    /// Old revisions go, but for those in use, which count towards the limit here.
    async fn truncate(
        &self,
        set: &DaemonSet,
        revisions: &Revisions,
        pods: &[Arc<Pod>],
    ) -> Result<(), SyncError> {
        let label = |labels: Option<&_>| hash_in(labels).map(str::to_owned);
        let used: BTreeSet<_> =
            pods.iter().filter_map(|pod| label(pod.metadata.labels.as_ref())).collect();
        let update = history::name(&revisions.update);
        let old = revisions.known.iter().filter(|one| history::name(one) != update);
        let in_use = old.filter(|one| hash_of(one).is_some_and(|hash| used.contains(hash)));
        let live: BTreeSet<_> = in_use.map(|one| history::name(one).to_owned()).collect();
        let room = set.history_limit() - i32::try_from(live.len()).unwrap_or(i32::MAX);
        self.history.truncate(revisions, &live, room.max(0)).await
    }
}

type Labels = std::collections::BTreeMap<String, String>;

fn hash_in(labels: Option<&Labels>) -> Option<&str> {
    labels?.get(well_known::REVISION_HASH).map(String::as_str)
}

fn hash_of(revision: &ControllerRevision) -> Option<&str> {
    hash_in(revision.metadata.labels.as_ref())
}

fn gone_is_well<T>(answer: client::Result<T>) -> client::Result<()> {
    match answer {
        Err(error) if !error.not_found() => Err(error),
        _ => Ok(()),
    }
}

/// Tells whether a change of a node can change what it is to a set.
fn matters(old: &Node, new: &Node) -> bool {
    let taints = |node: &Node| node.spec.as_ref().and_then(|spec| spec.taints.clone());
    old.metadata.labels != new.metadata.labels || taints(old) != taints(new)
}

impl Controller for DaemonSets {
    fn name(&self) -> &'static str {
        DaemonSet::COMPONENT
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.pods.watch(queue);
        let shell = Arc::downgrade(self);
        self.pods.owners.on_change(move |old, new| {
            if let (Some(gone), None, Some(shell)) = (old, new, shell.upgrade()) {
                shell.failed.forget(&ObjectKey::of(&**gone));
            }
        });
        let keys = queue.clone();
        self.history.revisions.on_change(move |old, new| {
            for one in [old, new].into_iter().flatten() {
                if let Some(key) = owner::controller_key::<DaemonSet>(&**one) {
                    keys.add(key);
                }
            }
        });
        let (keys, sets) = (queue.clone(), self.pods.owners.clone());
        self.nodes.on_change(move |old, new| {
            if let (Some(old), Some(new)) = (old, new)
                && !matters(old, new)
            {
                return;
            }
            let places = |set: &DaemonSet| [old, new].map(|node| Some(place(set, node?)));
            let changes = |set: &DaemonSet| {
                let [old, new] = places(set);
                old != new
            };
            for set in sets.list().into_iter().filter(|set| changes(set)) {
                keys.add(ObjectKey::of(&*set));
            }
        });
    }

    async fn ready(&self) {
        self.pods.ready().await;
        self.nodes.synced().await;
        self.history.revisions.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(set) = self.pods.owners.find(key) else { return Ok(Next::Settled) };
        if set.selector().is_none() {
            let words = "This daemon set is selecting all pods. A non-empty selector is required.";
            let about = reference(&*set);
            self.pods.recorder.event(&about, EventKind::Warning, "SelectingAll", words);
            return Ok(Next::Settled);
        }
        if set.metadata.deletion_timestamp.is_some() {
            return Ok(Next::Settled);
        }
        let settled = self.pods.expectations.met(key);
        let mut revisions = self.history.of(&*set).await?;
        let pods = self.pods.claim(&set, self.pods.candidates(&set), |_| true).await?;
        self.unite(key, &mut revisions, &pods).await?;
        let hash = hash_of(&revisions.update).unwrap_or_default();
        let nodes = self.nodes.list();
        let held = self.failed.held(key);
        let now = lifecycle::clock::now();
        let seen = Observed { set: &set, nodes: &nodes, pods: &pods, hash, held: &held, now };
        let plan = if settled { reconcile(&seen) } else { Plan::default() };
        let done = self.carry_out(&set, key, &plan, hash).await;
        let status = status(&seen, revisions.collisions, settled);
        if set.status.as_ref() != Some(&status) {
            let new = DaemonSet { status: Some(status), ..(*set).clone() };
            self.pods.write_status(key, &new).await?;
        }
        done?;
        if settled {
            self.truncate(&set, &revisions, &pods).await?;
        }
        let patience = self.pods.expectations.patience(key);
        Ok(Next::soonest([next_available(&seen), plan.again, patience]))
    }
}
