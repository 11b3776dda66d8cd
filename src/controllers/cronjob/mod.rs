//! CronJob: makes a Job at each time of its schedule, and clears finished ones away.

mod reconcile;
mod schedule;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use client::{
    Api, DeleteOptions, ObjectKey, Recorder, SharedCache, WorkQueue, WriteOptions, reference,
};
use k8s_openapi::{
    api::{
        batch::v1::{CronJob, CronJobStatus, Job},
        core::v1::ObjectReference,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};

use self::reconcile::{Observed, Plan, Planned, clockwork, reconcile};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    jobs, owner, podcontrol,
    remark::Remark,
};

/// The shell.
#[derive(Debug)]
pub(crate) struct CronJobs {
    client: client::Client,
    crons: SharedCache<CronJob>,
    jobs: SharedCache<Job>,
    recorder: Recorder,
}

impl CronJobs {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            crons: shop.informers.cache(),
            jobs: shop.informers.cache(),
            recorder: shop.recorder("cronjob-controller"),
        }
    }

    fn jobs_api(&self, key: &ObjectKey) -> Api<Job> {
        Api::namespaced(&self.client, key.namespace.clone())
    }

    fn owned(&self, cron: &CronJob, key: &ObjectKey) -> Vec<Arc<Job>> {
        let mut jobs = self.jobs.in_namespace(&key.namespace);
        jobs.retain(|job| owner::is_controlled_by(&job.metadata, &cron.metadata));
        jobs
    }

    /// The CronJob; read anew where the cache may show a status older than its Jobs.
    async fn current(
        &self,
        cached: Arc<CronJob>,
        jobs: &[Arc<Job>],
        key: &ObjectKey,
    ) -> Result<Option<Arc<CronJob>>, SyncError> {
        let running = jobs.iter().filter(|job| jobs::finished(job).is_none());
        let listed = active(&cached);
        if running.into_iter().all(|job| listed.iter().any(|one| one.uid == job.metadata.uid)) {
            return Ok(Some(cached));
        }
        let api = Api::<CronJob>::namespaced(&self.client, key.namespace.clone());
        Ok(api.find(&key.name).await?.map(Arc::new))
    }

    /// Adds the Jobs that the status lists and the cache does not show yet.
    async fn complete(
        &self,
        cron: &CronJob,
        mut jobs: Vec<Arc<Job>>,
        key: &ObjectKey,
    ) -> Result<Vec<Arc<Job>>, SyncError> {
        let unseen = |one: &&ObjectReference| jobs.iter().all(|job| job.metadata.uid != one.uid);
        let unseen: Vec<_> = active(cron).iter().filter(unseen).cloned().collect();
        for one in unseen {
            let found = self.jobs_api(key).find(one.name.as_deref().unwrap_or_default()).await?;
            jobs.extend(found.filter(|job| job.metadata.uid == one.uid).map(Arc::new));
        }
        Ok(jobs)
    }

    /// Carries a plan out; `status` follows what was done.
    async fn carry_out(
        &self,
        cron: &CronJob,
        plan: &mut Plan,
        key: &ObjectKey,
    ) -> Result<(), SyncError> {
        let about = reference(cron);
        for remark in plan.remarks.drain(..) {
            remark.say(&self.recorder, &about);
        }
        for job in &plan.remove {
            let name = job.metadata.name.as_deref().unwrap_or_default();
            // One that could not be deleted is tried again with the next change.
            self.delete(name, key, &about).await;
        }
        for one in &plan.replace {
            let name = one.name.as_deref().unwrap_or_default();
            if !self.delete(name, key, &about).await {
                return Err(format!("could not replace job {}/{name}", key.namespace).into());
            }
            let active = plan.status.active.iter_mut();
            active.for_each(|active| active.retain(|listed| listed.uid != one.uid));
        }
        match &plan.create {
            Some(planned) => self.create(cron, planned, &mut plan.status, key).await,
            None => Ok(()),
        }
    }

    /// Deletes a Job; false where it could not be.
    async fn delete(&self, name: &str, key: &ObjectKey, about: &ObjectReference) -> bool {
        let options = DeleteOptions::default().in_background();
        let (remark, done) = match self.jobs_api(key).delete(name, &options).await {
            Ok(_) => (Remark::normal("SuccessfulDelete", format!("Deleted job {name}")), true),
            Err(error) => (Remark::warning("FailedDelete", format!("Deleted job: {error}")), false),
        };
        remark.say(&self.recorder, about);
        done
    }

    async fn create(
        &self,
        cron: &CronJob,
        planned: &Planned,
        status: &mut CronJobStatus,
        key: &ObjectKey,
    ) -> Result<(), SyncError> {
        let about = reference(cron);
        let api = self.jobs_api(key);
        let made = match api.create(&planned.job, &WriteOptions::default()).await {
            Ok(job) => {
                let name = job.metadata.name.as_deref().unwrap_or_default();
                let words = format!("Created job {name}");
                Remark::normal("SuccessfulCreate", words).say(&self.recorder, &about);
                job
            }
            // Made by a pass that could not write the status, or by somebody else.
            Err(error) if error.already_exists() => {
                let name = planned.job.metadata.name.as_deref().unwrap_or_default();
                let job = api.get(name).await?;
                if !owner::is_controlled_by(&job.metadata, &cron.metadata) {
                    return Ok(());
                }
                job
            }
            Err(error) => {
                if !podcontrol::namespace_ends(&error) {
                    let words = format!("Error creating job: {error}");
                    Remark::warning("FailedCreate", words).say(&self.recorder, &about);
                }
                return Err(error.into());
            }
        };
        status.active.get_or_insert_default().push(reference(&made));
        status.last_schedule_time = Some(Time(planned.at));
        Ok(())
    }

    async fn write_status(
        &self,
        cron: &CronJob,
        mut status: CronJobStatus,
    ) -> Result<(), SyncError> {
        status.active = status.active.filter(|active| !active.is_empty());
        if cron.status.clone().unwrap_or_default() == status {
            return Ok(());
        }
        let mut new = cron.clone();
        new.status = Some(status);
        let namespace = cron.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<CronJob>::namespaced(&self.client, namespace);
        match api.update_status(&new, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn active(cron: &CronJob) -> &[ObjectReference] {
    let status = cron.status.as_ref();
    status.and_then(|status| status.active.as_deref()).unwrap_or_default()
}

impl Controller for CronJobs {
    fn name(&self) -> &'static str {
        "cronjob-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.crons.on_change(move |old, new| {
            let Some(cron) = new.or(old) else { return };
            let key = ObjectKey::of(&**cron);
            match old.zip(new).filter(|(old, new)| rescheduled(old, new)) {
                // A new schedule starts with its next time; what it would have missed is past.
                Some((_, new)) => {
                    let clockwork = clockwork(&new.spec).ok();
                    let now = lifecycle::clock::now();
                    let wait = clockwork.and_then(|clockwork| clockwork.wait(new, now));
                    if let Some(wait) = wait {
                        keys.add_after(key, wait);
                    }
                }
                None => keys.add(key),
            }
        });
        let keys = queue.clone();
        self.jobs.on_change(move |old, new| {
            let owner_of = |job: &Arc<Job>| owner::controller_key::<CronJob>(&**job);
            let owners = old.and_then(owner_of).into_iter().chain(new.and_then(owner_of));
            owners.for_each(|key| keys.add(key));
        });
    }

    async fn ready(&self) {
        self.crons.synced().await;
        self.jobs.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(cached) = self.crons.find(key) else { return Ok(Next::Settled) };
        let owned = self.owned(&cached, key);
        let Some(cron) = self.current(cached, &owned, key).await? else {
            return Ok(Next::Settled);
        };
        let owned = self.complete(&cron, owned, key).await?;
        let seen = Observed { cron: &cron, jobs: &owned, now: lifecycle::clock::now() };
        let mut plan = reconcile(&seen);
        let done = self.carry_out(&cron, &mut plan, key).await;
        self.write_status(&cron, plan.status).await?;
        done?;
        Ok(plan.again.map_or(Next::Settled, Next::After))
    }
}

fn rescheduled(old: &CronJob, new: &CronJob) -> bool {
    (&old.spec.schedule, &old.spec.time_zone) != (&new.spec.schedule, &new.spec.time_zone)
}
