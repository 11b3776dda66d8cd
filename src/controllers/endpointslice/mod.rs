//! EndpointSlice: the addresses of the pods behind each Service.

pub(crate) mod reconcile;

use std::{collections::BTreeMap, sync::Arc};

use client::{Api, Client, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::{
    core::v1::{Node, Pod, Service},
    discovery::v1::EndpointSlice,
};
use machinery::well_known;

use self::reconcile::{MANAGER, Observed, Plan, reconcile};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    trigger::{self, TriggerTimes},
};

/// The shell.
#[derive(Debug)]
pub(crate) struct EndpointSlices {
    client: Client,
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

    /// The zones of the nodes that pods are on.
    fn zones(&self, pods: &[Arc<Pod>]) -> BTreeMap<String, String> {
        let names = pods.iter().filter_map(|pod| pod.spec.as_ref()?.node_name.clone());
        let zone = |name: String| {
            let node = self.nodes.get("", &name)?;
            let zone = node.metadata.labels.as_ref()?.get(ZONE)?.clone();
            Some((name, zone))
        };
        names.filter_map(zone).collect()
    }
}

/// The place that a node is in.
const ZONE: &str = "topology.kubernetes.io/zone";

fn label<'a>(slice: &'a EndpointSlice, name: &str) -> Option<&'a str> {
    slice.metadata.labels.as_ref()?.get(name).map(String::as_str)
}

/// The slices of a Service that `manager` keeps.
pub(crate) fn slices_of(
    slices: &SharedCache<EndpointSlice>,
    service: &ObjectKey,
    manager: &str,
) -> Vec<Arc<EndpointSlice>> {
    let mut slices = slices.in_namespace(&service.namespace);
    slices.retain(|slice| {
        label(slice, well_known::SERVICE_NAME) == Some(&service.name)
            && label(slice, well_known::SLICE_MANAGED_BY) == Some(manager)
            && slice.metadata.deletion_timestamp.is_none()
    });
    slices
}

/// Queues the Service of a slice that `manager` keeps, when the slice changes.
pub(crate) fn queue_service(
    queue: &WorkQueue<ObjectKey>,
    slices: &SharedCache<EndpointSlice>,
    manager: &'static str,
) {
    let keys = queue.clone();
    slices.on_change(move |old, new| {
        let Some(slice) = new.or(old) else { return };
        let both = [old, new].into_iter().flatten();
        let ours = both.clone().any(|it| label(it, well_known::SLICE_MANAGED_BY) == Some(manager));
        if let Some(service) = label(slice, well_known::SERVICE_NAME).filter(|_| ours) {
            let namespace = slice.metadata.namespace.clone().unwrap_or_default();
            keys.add(ObjectKey::new(namespace, service));
        }
    });
}

/// Writes what a plan says.
pub(crate) async fn carry_out(
    client: &Client,
    namespace: &str,
    plan: &Plan,
) -> Result<(), SyncError> {
    let api = Api::<EndpointSlice>::namespaced(client, namespace);
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
    Ok(())
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
        queue_service(queue, &self.slices, MANAGER);
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
        let slices = slices_of(&self.slices, key, MANAGER);
        let zones = self.zones(&pods);
        let trigger = self.triggers.look(key, &service, &pods);
        let mut plan =
            reconcile(&Observed { service: &service, pods: &pods, zones: &zones, slices: &slices });
        for slice in plan.create.iter_mut().chain(&mut plan.update) {
            trigger::mark(&mut slice.metadata, trigger);
        }
        carry_out(&self.client, &key.namespace, &plan).await?;
        Ok(Next::Settled)
    }
}
