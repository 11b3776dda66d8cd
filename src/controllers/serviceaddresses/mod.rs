//! Keeps addresses of services and their `IPAddress` objects in step: makes what services of older
//! versions lack, removes what a server that died in between left.
//!
//! Caches may be a moment behind each other, so what they say is wrong is looked at again at the
//! server before anything is done. Source:
//! `k8s.io/kubernetes/pkg/registry/core/service/ipallocator/controller`.

mod reconcile;

use std::{net::IpAddr, sync::Arc, time::Duration};

use api::networking::ipaddress;
use client::{
    Api, Client, DeleteOptions, ObjectKey, Recorder, SharedCache, WorkQueue, WriteOptions,
    reference,
};
use k8s_openapi::api::{
    core::v1::Service,
    networking::v1::{IPAddress, ServiceCIDR},
};

use self::reconcile::{Observed, Step, Verdict, addresses, judge, repair};
use crate::{
    driver::{Controller, Next, Shop, SyncError, queue_each, settled},
    servicecidr::ranges_hold,
};

/// The shell; its keys are services, and addresses, which have no namespace.
#[derive(Debug)]
pub(crate) struct ServiceAddresses {
    client: Client,
    services: SharedCache<Service>,
    objects: SharedCache<IPAddress>,
    ranges: SharedCache<ServiceCIDR>,
    recorder: Recorder,
}

/// Where the service that an object names is found.
fn parent_of(object: &IPAddress) -> Option<ObjectKey> {
    let parent = &object.spec.parent_ref;
    let namespace = parent.namespace.as_deref().filter(|it| !it.is_empty())?;
    (parent.resource == "services").then(|| ObjectKey::new(namespace, parent.name.as_str()))
}

impl ServiceAddresses {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            services: shop.informers.cache(),
            objects: shop.informers.cache(),
            ranges: shop.informers.cache(),
            recorder: shop.recorder("ipallocator-repair-controller"),
        }
    }

    fn in_range(&self, address: &str) -> bool {
        let ranges = self.ranges.list();
        address.parse().is_ok_and(|address: IpAddr| ranges_hold(&ranges, address))
    }

    /// The steps for a service's address, as the caches have it.
    fn seen(&self, service: &Service, address: &str) -> Vec<Step> {
        let object = self.objects.get("", address);
        let holder = object.as_deref().and_then(parent_of).and_then(|key| self.services.find(&key));
        let in_range = self.in_range(address);
        let (object, holder) = (object.as_deref(), holder.as_deref());
        repair(&Observed { service, address, in_range, object, holder })
    }

    /// The same, as the server has it.
    async fn asked(&self, service: &Service, address: &str) -> client::Result<Vec<Step>> {
        let object = Api::<IPAddress>::all(&self.client).find(address).await?;
        let holder = match object.as_ref().and_then(parent_of) {
            Some(key) => self.find_service(&key).await?,
            None => None,
        };
        let in_range = self.in_range(address);
        let (object, holder) = (object.as_ref(), holder.as_ref());
        Ok(repair(&Observed { service, address, in_range, object, holder }))
    }

    async fn find_service(&self, key: &ObjectKey) -> client::Result<Option<Service>> {
        Api::<Service>::namespaced(&self.client, key.namespace.as_str()).find(&key.name).await
    }

    async fn sync_service(&self, key: &ObjectKey) -> Result<(), SyncError> {
        let Some(service) = self.services.find(key) else { return Ok(()) };
        if addresses(&service).iter().all(|address| self.seen(&service, address).is_empty()) {
            return Ok(());
        }
        let Some(service) = self.find_service(key).await? else { return Ok(()) };
        for address in addresses(&service) {
            for step in self.asked(&service, address).await? {
                self.carry_out(&service, address, step).await?;
            }
        }
        Ok(())
    }

    async fn carry_out(&self, service: &Service, address: &str, step: Step) -> client::Result<()> {
        let api = Api::<IPAddress>::all(&self.client);
        match step {
            Step::Say(remark) => {
                remark.say(&self.recorder, &reference(service));
                return Ok(());
            }
            Step::Recreate => self.delete(&api, address, &DeleteOptions::default()).await?,
            Step::Create => {}
        }
        let Ok(address) = address.parse::<IpAddr>() else { return Ok(()) };
        let key = ObjectKey::of(service);
        let object = ipaddress::of_service(address, &key.namespace, &key.name);
        let Ok(object) = serde_json::from_value(object) else { return Ok(()) };
        match api.create(&object, &WriteOptions::default()).await {
            Err(error) if !error.already_exists() => Err(error),
            _ => Ok(()),
        }
    }

    async fn delete(
        &self,
        api: &Api<IPAddress>,
        name: &str,
        options: &DeleteOptions,
    ) -> client::Result<()> {
        settled(api.delete(name, options).await)
    }

    async fn sync_object(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(object) = self.objects.find(key) else { return Ok(Next::Settled) };
        let made = object.metadata.creation_timestamp.as_ref();
        let now = lifecycle::clock::now();
        let age = made.and_then(|made| Duration::try_from(now.duration_since(made.0)).ok());
        let age = age.unwrap_or_default();
        let parent = parent_of(&object);
        let cached = parent.as_ref().and_then(|key| self.services.find(key));
        match judge(&object, cached.as_deref(), age) {
            Verdict::Keep => return Ok(Next::Settled),
            Verdict::Wait(left) => return Ok(Next::After(left)),
            Verdict::Delete(_) => {}
        }
        let asked = match &parent {
            Some(key) => self.find_service(key).await?,
            None => None,
        };
        if let Verdict::Delete(remark) = judge(&object, asked.as_ref(), age) {
            remark.say(&self.recorder, &reference(&*object));
            let api = Api::<IPAddress>::all(&self.client);
            let uid = object.metadata.uid.clone().unwrap_or_default();
            self.delete(&api, &key.name, &DeleteOptions::of_uid(uid)).await?;
        }
        Ok(Next::Settled)
    }
}

impl Controller for ServiceAddresses {
    fn name(&self) -> &'static str {
        "ipallocator-repair-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.services, queue);
        queue_each(&self.objects, queue);
        let keys = queue.clone();
        self.services.on_change(move |old, _| {
            // What a service had may be nobody's now.
            for address in old.map(|old| addresses(old)).unwrap_or_default() {
                keys.add(ObjectKey::new("", address.as_str()));
            }
        });
        let keys = queue.clone();
        self.objects.on_change(move |old, new| {
            if let (Some(parent), None) = (old.and_then(|old| parent_of(old)), new) {
                keys.add(parent);
            }
        });
        let (keys, services) = (queue.clone(), self.services.clone());
        self.ranges.on_change(move |_, _| {
            for service in services.list() {
                keys.add(ObjectKey::of(&*service));
            }
        });
    }

    async fn ready(&self) {
        self.services.synced().await;
        self.objects.synced().await;
        self.ranges.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        if key.namespace.is_empty() {
            return self.sync_object(key).await;
        }
        self.sync_service(key).await?;
        Ok(Next::Settled)
    }
}
