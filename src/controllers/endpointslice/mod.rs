//! EndpointSlice: the addresses of the pods behind each Service.

pub(crate) mod endpoint;
mod hints;
pub(crate) mod reconcile;
#[cfg(test)]
mod tests;
mod tracker;

use std::{collections::BTreeMap, sync::Arc};

use client::{Api, Client, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::{
    core::v1::{Node, Pod, Service},
    discovery::v1::EndpointSlice,
};
use machinery::well_known;

pub(crate) use self::tracker::Tracker;
use self::{
    endpoint::{counts, is_lost},
    reconcile::{MANAGER, Observed, Plan, reconcile},
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    podcontrol::namespace_ends,
    pods,
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
    tracker: Arc<Tracker>,
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
            tracker: Arc::default(),
        }
    }

    /// The zones of the nodes that pods are on; nodes that nobody knows are absent.
    fn zones(&self, pods: &[Arc<Pod>]) -> BTreeMap<String, Option<String>> {
        let names = pods.iter().filter_map(|pod| pod.spec.as_ref()?.node_name.clone());
        let zone = |name: String| {
            let node = self.nodes.get("", &name)?;
            let labels = node.metadata.labels.as_ref();
            let zone = labels.and_then(|labels| labels.get(ZONE)).filter(|zone| !zone.is_empty());
            Some((name, zone.cloned()))
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
    tracker: &Arc<Tracker>,
) {
    let (keys, tracker) = (queue.clone(), Arc::clone(tracker));
    slices.on_change(move |old, new| {
        let Some(slice) = new.or(old) else { return };
        let both = [old, new].into_iter().flatten();
        let ours = both.clone().any(|it| label(it, well_known::SLICE_MANAGED_BY) == Some(manager));
        if let Some(service) = label(slice, well_known::SERVICE_NAME).filter(|_| ours) {
            let namespace = slice.metadata.namespace.clone().unwrap_or_default();
            let key = ObjectKey::new(namespace, service);
            if new.is_none() {
                tracker.gone(&key, slice);
            }
            keys.add(key);
        }
    });
}

/// Writes what a plan says of a Service's slices.
pub(crate) async fn carry_out(
    client: &Client,
    service: &ObjectKey,
    plan: &Plan,
    tracker: &Tracker,
) -> Result<(), SyncError> {
    let api = Api::<EndpointSlice>::namespaced(client, service.namespace.clone());
    let options = WriteOptions::default();
    for slice in &plan.create {
        match api.create(slice, &options).await {
            Ok(slice) => tracker.wrote(service, &slice),
            Err(error) if namespace_ends(&error) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    for slice in &plan.update {
        tracker.wrote(service, &api.update(slice, &options).await?);
    }
    for slice in &plan.delete {
        let uid = slice.metadata.uid.clone().unwrap_or_default();
        let name = slice.metadata.name.as_deref().unwrap_or_default();
        match api.delete(name, &DeleteOptions::of_uid(uid)).await {
            Ok(_) => tracker.deleted(service, slice),
            Err(error) if error.not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Refuses to decide by a cache that does not show yet what was written.
pub(crate) fn check_cache(
    service: &ObjectKey,
    slices: &[Arc<EndpointSlice>],
    tracker: &Tracker,
) -> Result<(), SyncError> {
    if tracker.is_behind(service, slices) {
        return Err("the cache of slices is behind".into());
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
        queue_service(queue, &self.slices, MANAGER, &self.tracker);
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
            self.tracker.forget(key);
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
        check_cache(key, &slices, &self.tracker)?;
        let zones = self.zones(&pods);
        let trigger = self.triggers.look(key, &service, &pods);
        let seen = Observed { service: &service, pods: &pods, zones: &zones, slices: &slices };
        let mut plan = reconcile(&seen);
        for slice in plan.create.iter_mut().chain(&mut plan.update) {
            trigger::mark(&mut slice.metadata, trigger);
        }
        carry_out(&self.client, key, &plan, &self.tracker).await?;
        if let Some(pod) = pods.iter().find(|pod| counts(pod) && is_lost(&seen, pod)) {
            // It comes, or the pod goes.
            return Err(format!("pod {} has a node that is not there", pods::name(pod)).into());
        }
        Ok(Next::Settled)
    }
}
