//! StatefulSet: pods with numbers, each with its name and claims, that come and go in order.

mod identity;
mod reconcile;
mod retention;
mod rolling;
mod status;
#[cfg(test)]
mod tests;
mod writes;

use std::{collections::BTreeMap, sync::Arc};

use client::{ObjectKey, SharedCache, WorkQueue};
use k8s_openapi::api::{
    apps::v1::{ControllerRevision, StatefulSet},
    core::v1::{PersistentVolumeClaim, Pod, PodTemplateSpec},
};
use machinery::selector::LabelSelector;

use self::{
    reconcile::{Observed, Plan, Revision, next_available, reconcile},
    status::status,
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    history::{self, History, Revised, Revisions},
    owner,
    podcontrol::{PodControl, PodOwner},
};

impl PodOwner for StatefulSet {
    const COMPONENT: &'static str = "statefulset-controller";

    fn selector(&self) -> Option<LabelSelector> {
        owner::selector_of(&self.spec.as_ref()?.selector)
    }
}

impl Revised for StatefulSet {
    const HASH_LABEL: &'static str = "controller.kubernetes.io/hash";

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
pub(crate) struct StatefulSets {
    pods: PodControl<StatefulSet>,
    claims: SharedCache<PersistentVolumeClaim>,
    history: History,
}

impl StatefulSets {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            pods: PodControl::new(shop),
            claims: shop.informers.cache(),
            history: History::new(shop),
        }
    }

    /// The claims of the set's pods, those that are there and those that it wants, by name.
    fn claims_of(
        &self,
        set: &StatefulSet,
        pods: &[Arc<Pod>],
    ) -> BTreeMap<String, Arc<PersistentVolumeClaim>> {
        let start = identity::start(set);
        let wanted = start..start + identity::wanted(set);
        let present = pods.iter().filter_map(|pod| identity::ordinal(set, pod));
        let namespace = set.metadata.namespace.as_deref().unwrap_or_default();
        let named = |ordinal| identity::claims(set, ordinal).into_iter();
        let names = wanted.chain(present).flat_map(named);
        names
            .filter_map(|(_, claim)| {
                let name = claim.metadata.name?;
                let claim = self.claims.get(namespace, &name)?;
                Some((name, claim))
            })
            .collect()
    }

    /// A set that goes makes no revisions: those that its status names will do.
    async fn revisions(&self, set: &StatefulSet) -> Result<Option<Revisions>, SyncError> {
        if set.metadata.deletion_timestamp.is_some() {
            return Ok(None);
        }
        self.history.of(set).await.map(Some)
    }
}

fn revision(revision: &ControllerRevision) -> Revision {
    Revision { name: history::name(revision).to_owned(), template: history::template_in(revision) }
}

/// What pods below the partition are made of, and what the template is now.
fn both(set: &StatefulSet, revisions: Option<&Revisions>) -> (Revision, Revision) {
    let status = set.status.as_ref();
    let current = status.and_then(|status| status.current_revision.clone()).unwrap_or_default();
    let Some(revisions) = revisions else {
        let update = status.and_then(|status| status.update_revision.clone()).unwrap_or_default();
        let named = |name| Revision { name, ..Revision::default() };
        return (named(current), named(update));
    };
    let update = revision(&revisions.update);
    let found = revisions.known.iter().find(|one| history::name(one) == current);
    (found.map_or_else(|| update.clone(), |found| revision(found)), update)
}

impl Controller for StatefulSets {
    fn name(&self) -> &'static str {
        StatefulSet::COMPONENT
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        self.pods.watch(queue);
        let keys = queue.clone();
        self.history.revisions.on_change(move |old, new| {
            for one in [old, new].into_iter().flatten() {
                if let Some(key) = owner::controller_key::<StatefulSet>(&**one) {
                    keys.add(key);
                }
            }
        });
        // A pod may wait for a claim of its name to go.
        let (keys, sets) = (queue.clone(), self.pods.owners.clone());
        self.claims.on_change(move |old, new| {
            let Some(claim) = old.filter(|_| new.is_none()) else { return };
            let namespace = claim.metadata.namespace.as_deref().unwrap_or_default();
            let name = claim.metadata.name.as_deref().unwrap_or_default();
            for set in sets.in_namespace(namespace) {
                if identity::may_claim(&set, name) {
                    keys.add(ObjectKey::of(&*set));
                }
            }
        });
    }

    async fn ready(&self) {
        self.pods.ready().await;
        self.claims.synced().await;
        self.history.revisions.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(set) = self.pods.owners.find(key) else { return Ok(Next::Settled) };
        let settled = self.pods.expectations.met(key);
        let belongs = |pod: &Pod| identity::ordinal(&set, pod).is_some();
        let pods = self.pods.claim(&set, self.pods.candidates(&set), belongs).await?;
        let revisions = self.revisions(&set).await?;
        let (current, update) = both(&set, revisions.as_ref());
        let claims = self.claims_of(&set, &pods);
        let now = lifecycle::clock::now();
        let (pods, claims) = (&pods[..], &claims);
        let seen = Observed { set: &set, pods, claims, current: &current, update: &update, now };
        let plan = if settled { reconcile(&seen) } else { Plan::default() };
        let collisions = revisions.as_ref().map_or(set.collisions(), |all| all.collisions);
        let status = status(&seen, plan.outdated, collisions);
        let done = self.carry_out(&set, key, plan, seen.is_parallel()).await;
        if set.status.as_ref() != Some(&status) {
            let new = StatefulSet { status: Some(status), ..(*set).clone() };
            self.pods.write_status(key, &new).await?;
        }
        done?;
        if let Some(revisions) = &revisions {
            let names = pods.iter().map(|pod| identity::revision_of(pod).to_owned());
            let live = names.chain([current.name.clone()]).collect();
            self.history.truncate(revisions, &live, set.history_limit()).await?;
        }
        Ok(Next::soonest([next_available(&seen), self.pods.expectations.patience(key)]))
    }
}
