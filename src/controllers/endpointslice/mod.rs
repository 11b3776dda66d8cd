//! EndpointSlice: the addresses of the pods behind each Service.

pub(crate) mod reconcile;

use std::sync::Arc;

use client::{Api, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::{
    core::v1::{Node, Pod, Service},
    discovery::v1::EndpointSlice,
};
use machinery::well_known;

use self::reconcile::{MANAGER, Observed, reconcile};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    trigger::{self, TriggerTimes},
};

/// The shell.
#[derive(Debug)]
pub(crate) struct EndpointSlices {
    client: client::Client,
    services: SharedCache<Service>,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    slices: SharedCache<EndpointSlice>,
    triggers: TriggerTimes,
}

impl EndpointSlices {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            services: shop.informers.cache(),
            pods: shop.informers.cache(),
            nodes: shop.informers.cache(),
            slices: shop.informers.cache(),
            triggers: TriggerTimes::default(),
        }
    }

    fn slices_of(&self, key: &ObjectKey) -> Vec<Arc<EndpointSlice>> {
        let mut slices = self.slices.in_namespace(&key.namespace);
        slices.retain(|slice| {
            let labels = slice.metadata.labels.as_ref();
            let label = |name: &str| labels.and_then(|labels| labels.get(name)).map(String::as_str);
            label(well_known::SERVICE_NAME) == Some(&key.name)
                && label(well_known::SLICE_MANAGED_BY) == Some(MANAGER)
                && slice.metadata.deletion_timestamp.is_none()
        });
        slices
    }
}

/// Tells whether a Service takes a pod.
pub(crate) fn selects(service: &Service, pod: &Pod) -> bool {
    let Some(selector) = service.spec.as_ref().and_then(|spec| spec.selector.as_ref()) else {
        return false;
    };
    let labels = pod.metadata.labels.as_ref();
    !selector.is_empty()
        && selector.iter().all(|(key, value)| labels.and_then(|all| all.get(key)) == Some(value))
}

/// Queues the Services that take a pod, before or after its change.
pub(crate) fn watch_pods(
    queue: &WorkQueue<ObjectKey>,
    services: &SharedCache<Service>,
    pods: &SharedCache<Pod>,
) {
    let (keys, services) = (queue.clone(), services.clone());
    pods.on_change(move |old, new| {
        let Some(pod) = new.or(old) else { return };
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        for service in services.in_namespace(namespace) {
            if [old, new].into_iter().flatten().any(|pod| selects(&service, pod)) {
                keys.add(ObjectKey::of(&*service));
            }
        }
    });
}

impl Controller for EndpointSlices {
    fn name(&self) -> &'static str {
        "endpointslice-controller"
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
        self.slices.on_change(move |old, new| {
            let Some(slice) = new.or(old) else { return };
            let labels = slice.metadata.labels.as_ref();
            if let Some(service) = labels.and_then(|all| all.get(well_known::SERVICE_NAME)) {
                let namespace = slice.metadata.namespace.clone().unwrap_or_default();
                keys.add(ObjectKey::new(namespace, service.clone()));
            }
        });
    }

    async fn ready(&self) {
        self.services.synced().await;
        self.pods.synced().await;
        self.nodes.synced().await;
        self.slices.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        // The slices of a deleted Service go with it: it owns them.
        let Some(service) = self.services.find(key) else {
            self.triggers.forget(key);
            return Ok(Next::Settled);
        };
        let spec = service.spec.as_ref();
        let selects_pods = spec.and_then(|spec| spec.selector.as_ref()).is_some();
        let external = spec.and_then(|spec| spec.type_.as_deref()) == Some("ExternalName");
        if !selects_pods || external || service.metadata.deletion_timestamp.is_some() {
            return Ok(Next::Settled);
        }
        let mut pods = self.pods.in_namespace(&key.namespace);
        pods.retain(|pod| selects(&service, pod));
        let slices = self.slices_of(key);
        let nodes = self.nodes.list();
        let trigger = self.triggers.look(key, &service, &pods);
        let mut plan =
            reconcile(&Observed { service: &service, pods: &pods, nodes: &nodes, slices: &slices });
        for slice in plan.create.iter_mut().chain(&mut plan.update) {
            trigger::mark(&mut slice.metadata, trigger);
        }
        let api = Api::<EndpointSlice>::namespaced(&self.client, key.namespace.clone());
        let options = WriteOptions::default();
        for slice in &plan.create {
            api.create(slice, &options).await?;
        }
        for slice in &plan.update {
            api.update(slice, &options).await?;
        }
        for slice in &plan.delete {
            let uid = slice.metadata.uid.clone().unwrap_or_default();
            let name = slice.metadata.name.as_deref().unwrap_or_default();
            match api.delete(name, &DeleteOptions::of_uid(uid)).await {
                Err(error) if !error.not_found() => return Err(error.into()),
                _ => {}
            }
        }
        Ok(Next::Settled)
    }
}
