//! TTL after finished: deletes Jobs some time after they have ended.
//! Source: `k8s.io/kubernetes/pkg/controller/ttlafterfinished`.

mod reconcile;

use std::sync::Arc;

use client::{Api, DeleteOptions, ObjectKey, SharedCache, WorkQueue};
use k8s_openapi::api::batch::v1::Job;

use self::reconcile::{Lot, lot};
use crate::driver::{Controller, Next, Shop, SyncError};

/// The shell.
#[derive(Debug)]
pub(crate) struct TtlAfterFinished {
    client: client::Client,
    jobs: SharedCache<Job>,
}

impl TtlAfterFinished {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), jobs: shop.informers.cache() }
    }
}

impl Controller for TtlAfterFinished {
    fn name(&self) -> &'static str {
        "ttl-after-finished-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.jobs.on_change(move |_, new| {
            let limited = |job: &&Arc<Job>| {
                job.spec.as_ref().is_some_and(|spec| spec.ttl_seconds_after_finished.is_some())
            };
            if let Some(job) = new.filter(limited) {
                keys.add(ObjectKey::of(&**job));
            }
        });
    }

    async fn ready(&self) {
        self.jobs.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(job) = self.jobs.find(key) else { return Ok(Next::Settled) };
        match lot(&job, lifecycle::clock::now()) {
            Lot::Stay => return Ok(Next::Settled),
            Lot::Wait(left) => return Ok(Next::After(left)),
            Lot::Go => {}
        }
        // The limit may have been changed: the last word is the server's.
        let api = Api::<Job>::namespaced(&self.client, key.namespace.clone());
        let Some(fresh) = api.find(&key.name).await? else { return Ok(Next::Settled) };
        match lot(&fresh, lifecycle::clock::now()) {
            Lot::Stay => Ok(Next::Settled),
            Lot::Wait(left) => Ok(Next::After(left)),
            Lot::Go => {
                let options = DeleteOptions {
                    propagation: Some("Foreground".to_owned()),
                    ..DeleteOptions::of_uid(fresh.metadata.uid.unwrap_or_default())
                };
                match api.delete(&key.name, &options).await {
                    Err(error) if !error.not_found() => Err(error.into()),
                    _ => Ok(Next::Settled),
                }
            }
        }
    }
}
