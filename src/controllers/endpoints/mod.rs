//! Endpoints: the addresses of each Service in the old form, for clients that still read it.

mod reconcile;

use std::sync::Arc;

use client::{Api, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::core::v1::{Endpoints, Pod, Service};

use self::reconcile::reconcile;
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    endpointslice::{selects, watch_pods},
    trigger::{self, TriggerTimes},
};

/// The shell.
#[derive(Debug)]
pub(crate) struct EndpointsController {
    client: client::Client,
    services: SharedCache<Service>,
    pods: SharedCache<Pod>,
    endpoints: SharedCache<Endpoints>,
    triggers: TriggerTimes,
}

impl EndpointsController {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            services: shop.informers.cache(),
            pods: shop.informers.cache(),
            endpoints: shop.informers.cache(),
            triggers: TriggerTimes::default(),
        }
    }
}

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.services.on_change(move |old, new| {
            if let Some(service) = new.or(old) {
                keys.add(ObjectKey::of(&**service));
            }
        });
        watch_pods(queue, &self.services, &self.pods);
        let keys = queue.clone();
        self.endpoints.on_change(move |old, new| {
            if let Some(endpoints) = new.or(old) {
                keys.add(ObjectKey::of(&**endpoints));
            }
        });
    }

    async fn ready(&self) {
        self.services.synced().await;
        self.pods.synced().await;
        self.endpoints.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let api = Api::<Endpoints>::namespaced(&self.client, key.namespace.clone());
        let current = self.endpoints.find(key);
        let Some(service) = self.services.find(key) else {
            self.triggers.forget(key);
            // Only what we made: Endpoints without a Service may be somebody's own.
            let ours = current.filter(|one| reconcile::is_ours(one));
            if let Some(uid) = ours.and_then(|one| one.metadata.uid.clone()) {
                match api.delete(&key.name, &DeleteOptions::of_uid(uid)).await {
                    Err(error) if !error.not_found() => return Err(error.into()),
                    _ => {}
                }
            }
            return Ok(Next::Settled);
        };
        if service.spec.as_ref().and_then(|spec| spec.selector.as_ref()).is_none() {
            return Ok(Next::Settled);
        }
        let mut pods = self.pods.in_namespace(&key.namespace);
        pods.retain(|pod| selects(&service, pod));
        let trigger = self.triggers.look(key, &service, &pods);
        let Some(mut wanted) = reconcile(&service, &pods, current.as_deref()) else {
            return Ok(Next::Settled);
        };
        trigger::mark(&mut wanted.metadata, trigger);
        let options = WriteOptions::default();
        if current.is_some() {
            api.update(&wanted, &options).await?;
        } else {
            api.create(&wanted, &options).await?;
        }
        Ok(Next::Settled)
    }
}
