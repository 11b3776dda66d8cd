//! Disruption: tells how many pods of a budget may be evicted, which the eviction subresource heeds.

mod reconcile;
mod scales;
mod stale;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use client::{Api, Client, ObjectKey, Recorder, SharedCache, WorkQueue, WriteOptions, reference};
use k8s_openapi::api::{
    core::v1::Pod,
    policy::v1::{PodDisruptionBudget, PodDisruptionBudgetStatus},
};
use machinery::selector::LabelSelector;

pub(crate) use self::stale::StaleDisruptions;
use self::{
    reconcile::{Observed, Scales, asks_for_scales, fail_safe, reconcile},
    scales::Lookup,
};
use crate::{
    driver::{Controller, Next, Shop, SyncError, queue_each},
    owner, pods,
    remark::Remark,
};

/// The shell.
#[derive(Debug)]
pub(crate) struct Disruption {
    client: Client,
    budgets: SharedCache<PodDisruptionBudget>,
    pods: SharedCache<Pod>,
    lookup: Lookup,
    recorder: Recorder,
}

impl Disruption {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            budgets: shop.informers.cache(),
            pods: shop.informers.cache(),
            lookup: Lookup::new(shop),
            recorder: shop.recorder("controllermanager"),
        }
    }

    /// The pods that a budget selects; an empty selector takes all.
    fn selected(&self, budget: &PodDisruptionBudget, namespace: &str) -> Vec<Arc<Pod>> {
        let Some(selector) = selector(budget) else { return Vec::new() };
        let mut pods = self.pods.in_namespace(namespace);
        pods.retain(|pod| owner::selects(&selector, &pod.metadata));
        pods
    }

    /// Brings the status up to date; `Some` is when to look again.
    async fn measure(
        &self,
        budget: &PodDisruptionBudget,
        key: &ObjectKey,
    ) -> Result<Next, SyncError> {
        let pods = self.selected(budget, &key.namespace);
        let about = reference(budget);
        let scales = match budget.spec.as_ref().filter(|spec| asks_for_scales(spec)) {
            None => Scales::default(),
            Some(_) => match self.lookup.of(&pods).await {
                Ok(scales) => scales,
                Err(error) => {
                    let words = format!("Failed to calculate the number of expected pods: {error}");
                    Remark::warning("CalculateExpectedPodCountFailed", words)
                        .say(&self.recorder, &about);
                    let status = fail_safe(budget, &error.to_string(), lifecycle::clock::now());
                    self.write_status(budget, status, key).await?;
                    return Ok(Next::Settled);
                }
            },
        };
        let seen = Observed { budget, pods: &pods, scales, now: lifecycle::clock::now() };
        let plan = reconcile(&seen);
        for remark in plan.remarks {
            remark.say(&self.recorder, &about);
        }
        for pod in &plan.alive {
            let namespace = &key.namespace;
            let words = format!(
                "Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't"
            );
            Remark::warning("NotDeleted", words).say(&self.recorder, &reference(&**pod));
        }
        self.write_status(budget, plan.status, key).await?;
        Ok(plan.again.map_or(Next::Settled, Next::After))
    }

    async fn write_status(
        &self,
        budget: &PodDisruptionBudget,
        status: PodDisruptionBudgetStatus,
        key: &ObjectKey,
    ) -> Result<(), SyncError> {
        if budget.status.as_ref() == Some(&status) {
            return Ok(());
        }
        let mut new = budget.clone();
        new.status = Some(status);
        let api = Api::<PodDisruptionBudget>::namespaced(&self.client, key.namespace.clone());
        // The revision guards the evictions that the server has allowed meanwhile.
        match api.update_status(&new, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Queues the budgets of a pod.
    fn pod_changed(&self, queue: &WorkQueue<ObjectKey>, pod: &Pod) {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let mut budgets = self.budgets.in_namespace(namespace);
        budgets.retain(|budget| {
            selector(budget).is_some_and(|selector| owner::selects(&selector, &pod.metadata))
        });
        if let [first, _, ..] = budgets.as_slice() {
            let (name, chosen) = (pods::name(pod), first.metadata.name.as_deref());
            let words = format!(
                "Pod \"{namespace}\"/\"{name}\" matches multiple PodDisruptionBudgets.  Chose \
                 \"{}\" arbitrarily.",
                chosen.unwrap_or_default()
            );
            Remark::warning("MultiplePodDisruptionBudgets", words)
                .say(&self.recorder, &reference(pod));
        }
        for budget in budgets {
            queue.add(ObjectKey::of(&*budget));
        }
    }
}

/// What a budget selects; without a selector nothing.
fn selector(budget: &PodDisruptionBudget) -> Option<LabelSelector> {
    let selector = budget.spec.as_ref()?.selector.as_ref()?;
    LabelSelector::from_object(&serde_json::to_value(selector).ok()?)
}

impl Controller for Disruption {
    fn name(&self) -> &'static str {
        "disruption-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.budgets, queue);
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.pods.on_change(move |old, new| {
            let Some(shell) = shell.upgrade() else { return };
            let relabelled =
                old.zip(new).filter(|(old, new)| old.metadata.labels != new.metadata.labels);
            if let Some((old, _)) = relabelled {
                shell.pod_changed(&keys, old);
            }
            if let Some(pod) = new.or(old) {
                shell.pod_changed(&keys, pod);
            }
        });
    }

    async fn ready(&self) {
        self.budgets.synced().await;
        self.pods.synced().await;
        self.lookup.ready().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        match self.budgets.find(key) {
            Some(budget) => self.measure(&budget, key).await,
            None => Ok(Next::Settled),
        }
    }
}
