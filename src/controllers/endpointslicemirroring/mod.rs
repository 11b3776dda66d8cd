//! Endpoints that somebody wrote by hand are mirrored into EndpointSlices, which all read today.

mod reconcile;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use client::{Client, ObjectKey, SharedCache, WorkQueue};
use k8s_openapi::api::{
    core::v1::{Endpoints, Service},
    discovery::v1::EndpointSlice,
};

use self::reconcile::{MANAGER, is_mirrored, reconcile};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    endpointslice::{Tracker, carry_out, check_cache, queue_service, slices_of},
};

/// The shell; its keys are those of Endpoints and, alike, of Services.
#[derive(Debug)]
pub(crate) struct Mirrors {
    client: Client,
    endpoints: SharedCache<Endpoints>,
    services: SharedCache<Service>,
    slices: SharedCache<EndpointSlice>,
    tracker: Arc<Tracker>,
}

impl Mirrors {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            endpoints: shop.informers.cache(),
            services: shop.informers.cache(),
            slices: shop.informers.cache(),
            tracker: Arc::default(),
        }
    }
}

impl Controller for Mirrors {
    fn name(&self) -> &'static str {
        "endpointslice-mirroring-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.endpoints.on_change(move |old, new| {
            if let Some(endpoints) = new.or(old) {
                keys.add(ObjectKey::of(&**endpoints));
            }
        });
        let keys = queue.clone();
        self.services.on_change(move |old, new| {
            if let Some(service) = new.or(old) {
                keys.add(ObjectKey::of(&**service));
            }
        });
        queue_service(queue, &self.slices, MANAGER, &self.tracker);
    }

    async fn ready(&self) {
        self.endpoints.synced().await;
        self.services.synced().await;
        self.slices.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let service = self.services.find(key);
        let endpoints = self.endpoints.find(key);
        if endpoints.is_none() && service.is_none() {
            self.tracker.forget(key);
        }
        let endpoints = endpoints.filter(|one| is_mirrored(one, service.as_deref()));
        let mirrors = slices_of(&self.slices, key, MANAGER);
        check_cache(key, &mirrors, &self.tracker)?;
        let plan = reconcile(endpoints.as_deref(), &mirrors);
        carry_out(&self.client, key, &plan, &self.tracker).await?;
        Ok(Next::Settled)
    }
}
