//! Job: runs pods until enough of them have succeeded, or too many have failed.

mod backoff;
mod census;
mod indexes;
mod memory;
mod orphans;
mod policy;
mod reconcile;
mod template;
#[cfg(test)]
mod tests;
mod tracking;

use std::{collections::HashSet, sync::Arc};

use client::{Api, ClientError, EventKind, ObjectKey, Patch, WorkQueue, WriteOptions, reference};
use futures::future::join_all;
use k8s_openapi::api::{
    batch::v1::{Job, JobStatus},
    core::v1::Pod,
};
use machinery::{selector::LabelSelector, well_known};
use serde_json::json;

pub(crate) use self::orphans::Orphans;
use self::{
    census::{Census, Observed, is_held},
    memory::Memory,
    reconcile::{Deletion, Plan, reconcile},
    template::pod_for,
    tracking::{Done, Tracked, settle, track},
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    jobs, owner,
    podcontrol::{PodControl, PodOwner},
    pods,
};

/// The controller of Jobs that name none.
const OURSELVES: &str = "kubernetes.io/job-controller";

impl PodOwner for Job {
    const COMPONENT: &'static str = "job-controller";
    const FINALIZER: Option<&'static str> = Some(well_known::JOB_TRACKING);

    fn selector(&self) -> Option<LabelSelector> {
        owner::selector_of(self.spec.as_ref()?.selector.as_ref()?)
    }
}

/// Tells whether a Job is somebody else's to look after.
fn is_managed_elsewhere(job: &Job) -> bool {
    let manager = job.spec.as_ref().and_then(|spec| spec.managed_by.as_deref());
    manager.is_some_and(|manager| manager != OURSELVES)
}

/// The shell.
#[derive(Debug)]
pub(crate) struct Jobs {
    control: PodControl<Job>,
    memory: Arc<Memory>,
}

impl Jobs {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { control: PodControl::new(shop), memory: Arc::default() }
    }

    /// Carries a plan out; returns what came of it, and why not all did.
    async fn carry_out(
        &self,
        seen: &Observed<'_>,
        census: &Census<'_>,
        plan: &Plan,
        key: &ObjectKey,
    ) -> (Done, Option<SyncError>) {
        let job = seen.job;
        if !plan.create.is_empty() {
            let new: Vec<Pod> =
                plan.create.iter().map(|index| pod_for(seen, census, *index)).collect();
            let refusal = self.control.create(job, key, &new).await;
            // After a refusal the next pass counts what is there.
            let created = if refusal.is_none() { new.len() } else { 0 };
            return (Done { created, ..Done::default() }, refusal.map(Into::into));
        }
        if plan.delete.is_empty() {
            return (Done::default(), None);
        }
        if plan.deletion == Deletion::Forgotten
            && let Err(error) = self.release(&plan.delete, None).await
        {
            return (Done::default(), Some(error.into()));
        }
        let refusal = self.control.delete(job, key, &plan.delete).await;
        let ready = plan.delete.iter().filter(|pod| pods::is_ready(pod)).count();
        let deleted = if refusal.is_none() { plan.delete.len() } else { 0 };
        (Done { deleted, ready: ready.min(deleted), created: 0 }, refusal.map(Into::into))
    }

    /// Takes finalizers off; the pods of `noted` Jobs are remembered until the cache shows it.
    async fn release(
        &self,
        held: &[Arc<Pod>],
        noted: Option<&ObjectKey>,
    ) -> Result<(), ClientError> {
        let one = async |pod: &Arc<Pod>| {
            let uid = pods::uid(pod);
            if let Some(key) = noted {
                self.memory.release(key, uid);
            }
            let done = take_finalizer(&self.control.client, pod).await;
            if let (Err(_), Some(key)) = (&done, noted) {
                self.memory.saw(key, uid);
            }
            done
        };
        join_all(held.iter().map(one)).await.into_iter().collect()
    }

    /// Writes down what ended, takes the finalizers off, and counts.
    async fn follow_up(
        &self,
        seen: &Observed<'_>,
        census: &Census<'_>,
        tracked: Tracked,
        key: &ObjectKey,
    ) -> Result<(), SyncError> {
        let about = reference(seen.job);
        let written = self.write_status(seen.job, &tracked.status, key).await?;
        if written.is_some() {
            self.memory.set_backoff(key, census.backoff);
        }
        for remark in tracked.remarks.iter().cloned() {
            remark.say(&self.control.recorder, &about);
        }
        let job = written.as_ref().unwrap_or(seen.job);
        let released = self.release(&tracked.release, Some(key)).await;
        let still = self.memory.released(key);
        let held = seen.pods.iter().filter(|pod| is_held(pod) && !still.contains(pods::uid(pod)));
        let gone: HashSet<&str> = match &released {
            Ok(()) => tracked.release.iter().map(|pod| pods::uid(pod)).collect(),
            Err(_) => HashSet::new(),
        };
        let held: HashSet<String> = held
            .map(|pod| pods::uid(pod).to_owned())
            .filter(|uid| !gone.contains(uid.as_str()))
            .collect();
        let (status, remarks) = settle(seen, &tracked, &held);
        released?;
        self.write_status(job, &status, key).await?;
        for remark in remarks {
            remark.say(&self.control.recorder, &about);
        }
        Ok(())
    }

    /// Writes a status that is news; `None` where it is not, or the Job is gone.
    async fn write_status(
        &self,
        job: &Job,
        status: &JobStatus,
        key: &ObjectKey,
    ) -> Result<Option<Job>, SyncError> {
        if job.status.as_ref() == Some(status) {
            return Ok(None);
        }
        let mut new = job.clone();
        new.status = Some(status.clone());
        let api = Api::<Job>::namespaced(&self.control.client, key.namespace.clone());
        match api.update_status(&new, &WriteOptions::default()).await {
            Ok(job) => {
                self.memory.wrote(key, job.metadata.resource_version.as_deref());
                Ok(Some(job))
            }
            Err(error) if error.not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Takes the finalizer off a pod; one that is gone needs nothing.
async fn take_finalizer(client: &client::Client, pod: &Pod) -> Result<(), ClientError> {
    if !is_held(pod) {
        return Ok(());
    }
    let namespace = pod.metadata.namespace.clone().unwrap_or_default();
    let patch = Patch::Strategic(json!({"metadata": {
        "uid": pod.metadata.uid,
        "$deleteFromPrimitiveList/finalizers": [well_known::JOB_TRACKING],
    }}));
    let api = Api::<Pod>::namespaced(client, namespace);
    match api.patch(pods::name(pod), &patch, &WriteOptions::default()).await {
        Err(error) if !error.not_found() => Err(error),
        _ => Ok(()),
    }
}

impl Controller for Jobs {
    fn name(&self) -> &'static str {
        Job::COMPONENT
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        // Before the queue hears of a pod, what was remembered of it is put right.
        let memory = Arc::clone(&self.memory);
        self.control.pods.on_change(move |old, new| {
            let Some(pod) = new.or(old) else { return };
            if new.is_none_or(|pod| !is_held(pod))
                && let Some(key) = owner::controller_key::<Job>(&**pod)
            {
                memory.saw(&key, pods::uid(pod));
            }
        });
        let memory = Arc::clone(&self.memory);
        self.control.owners.on_change(move |old, new| {
            if let (Some(job), None) = (old, new) {
                memory.forget(&ObjectKey::of(&**job));
            }
        });
        self.control.watch(queue);
    }

    async fn ready(&self) {
        self.control.ready().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(job) = self.control.owners.find(key) else { return Ok(Next::Settled) };
        let Some(spec) = &job.spec else { return Ok(Next::Settled) };
        let over = jobs::finished(&job).is_some() || is_managed_elsewhere(&job);
        // What we wrote last is still on its way into the cache, and will queue the key again.
        let revision = job.metadata.resource_version.as_deref();
        if over || self.memory.is_stale(key, revision) {
            return Ok(Next::Settled);
        }
        if !matches!(spec.completion_mode.as_deref(), None | Some("NonIndexed" | "Indexed")) {
            let words = "Skipped Job sync because completion mode is unknown";
            let about = reference(&*job);
            let (kind, reason) = (EventKind::Warning, "UnknownCompletionMode");
            self.control.recorder.event(&about, kind, reason, words);
            return Ok(Next::Settled);
        }
        let settled = self.control.expectations.met(key);
        let released = self.memory.released(key);
        let owned = self.control.claim(&job, self.control.candidates(&job), |_| true).await?;
        let seen = Observed {
            job: &job,
            spec,
            pods: &owned,
            released: &released,
            settled,
            backoff: self.memory.backoff(key),
            now: lifecycle::clock::now(),
        };
        let census = Census::take(&seen);
        let plan = reconcile(&seen, &census);
        let (done, refusal) = self.carry_out(&seen, &census, &plan, key).await;
        self.follow_up(&seen, &census, track(&seen, &census, &plan, done), key).await?;
        let next = Next::soonest([plan.again, self.control.expectations.patience(key)]);
        refusal.map_or(Ok(next), Err)
    }
}
