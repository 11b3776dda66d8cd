//! Attach/detach: disks of drivers are attached to the nodes whose pods need them, and taken from them
//! when none does. Asks only: a driver's own attacher does what a `VolumeAttachment` says.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/attachdetach`.
//!
//! Knows volumes that claims name; volumes written in pods are no business of drivers that attach.

mod desired;
mod names;
mod reconcile;
mod reservations;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use client::{
    Api, Client, DeleteOptions, ObjectKey, Patch, Recorder, SharedCache, WorkQueue, WriteOptions,
    reference,
};
use k8s_openapi::api::{
    core::v1::{Node, PersistentVolume, PersistentVolumeClaim, Pod},
    storage::v1::{CSIDriver, VolumeAttachment},
};
use serde_json::json;

use self::{
    desired::{Storage, Wanted, claims_of, concerns, unique_name_of, wanted},
    reconcile::{
        Attach, Detach, Elsewhere, Memory, Observed, Plan, Said, differs, held, is_attached,
        reconcile, uses,
    },
    reservations::Reservations,
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    pods::{BY_NODE, index_by_node, node_name},
};

const NAME: &str = "attachdetach-controller";
/// Index of pods: by the claims of their volumes.
const BY_CLAIM: &str = "volume-claim";
/// Index of volumes: by what nodes call them.
const BY_UNIQUE: &str = "unique";
/// Index of attachments: by the persistent volume.
const BY_VOLUME: &str = "volume";

/// The shell; its keys are nodes.
#[derive(Debug)]
pub(crate) struct AttachDetach {
    client: Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    claims: SharedCache<PersistentVolumeClaim>,
    volumes: SharedCache<PersistentVolume>,
    drivers: SharedCache<CSIDriver>,
    attachments: SharedCache<VolumeAttachment>,
    memories: Mutex<HashMap<String, Memory>>,
    reservations: Reservations,
    recorder: Recorder,
}

impl AttachDetach {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let pods: SharedCache<Pod> = shop.informers.cache();
        index_by_node(&pods);
        pods.index(BY_CLAIM, claims_of);
        let volumes: SharedCache<PersistentVolume> = shop.informers.cache();
        volumes.index(BY_UNIQUE, |volume| unique_name_of(volume).into_iter().collect());
        let attachments: SharedCache<VolumeAttachment> = shop.informers.cache();
        attachments.index(BY_NODE, |attachment| vec![attachment.spec.node_name.clone()]);
        attachments.index(BY_VOLUME, |attachment| {
            attachment.spec.source.persistent_volume_name.iter().cloned().collect()
        });
        Self {
            client: shop.client.clone(),
            pods,
            nodes: shop.informers.cache(),
            claims: shop.informers.cache(),
            volumes,
            drivers: shop.informers.cache(),
            attachments,
            memories: Mutex::default(),
            reservations: Reservations::default(),
            recorder: shop.recorder(NAME),
        }
    }

    fn memories(&self) -> MutexGuard<'_, HashMap<String, Memory>> {
        self.memories.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wanted_on(&self, node: &str) -> BTreeMap<String, Wanted> {
        let object = self.nodes.get("", node);
        wanted(node, object.as_deref(), &self.pods.indexed(BY_NODE, node), self)
    }

    /// The other nodes that have a volume.
    fn elsewhere(&self, unique: &str, node: &str) -> Vec<Elsewhere> {
        let volumes = self.volumes.indexed(BY_UNIQUE, unique);
        let names = volumes.iter().filter_map(|volume| volume.metadata.name.as_deref());
        let all = names.flat_map(|name| self.attachments.indexed(BY_VOLUME, name));
        let others = all.filter(|attachment| attachment.spec.node_name != node);
        others
            .map(|attachment| {
                let there = self.wanted_on(&attachment.spec.node_name);
                let users = there.into_values().filter(|wanted| wanted.unique == unique);
                Elsewhere {
                    attached: is_attached(&attachment),
                    pods: users.flat_map(|wanted| wanted.pods).collect(),
                }
            })
            .collect()
    }

    fn plan_for(&self, name: &str, node: Option<&Node>) -> Plan {
        let wanted = self.wanted_on(name);
        let held = held(self.attachments.indexed(BY_NODE, name), |name| self.volume(name));
        let exclusive = wanted.values().filter(|wanted| wanted.exclusive);
        let elsewhere = exclusive
            .map(|it| (it.unique.clone(), self.elsewhere(&it.unique, name)))
            .filter(|(_, others)| !others.is_empty())
            .collect();
        let memory = self.memories().get(name).cloned().unwrap_or_default();
        reconcile(&Observed {
            node_name: name,
            node,
            wanted: &wanted,
            held: &held,
            elsewhere: &elsewhere,
            memory: &memory,
            now: lifecycle::clock::instant(),
        })
    }

    fn say(&self, said: Vec<Said>) {
        for (pod, remark) in said {
            remark.say(&self.recorder, &reference(&*pod));
        }
    }

    fn remember(&self, node: &str, memory: Memory) {
        let mut all = self.memories();
        if memory == Memory::default() {
            all.remove(node);
        } else {
            all.insert(node.to_owned(), memory);
        }
    }

    /// Writes the node's status where it changes; the node as it is then.
    async fn show(&self, name: &str, node: &Node, plan: &Plan) -> Result<Option<Node>, SyncError> {
        let Some(list) = &plan.attached else { return Ok(None) };
        let list = Some(list).filter(|list| !list.is_empty());
        let patch = Patch::Strategic(json!({
            "metadata": {"uid": node.metadata.uid}, "status": {"volumesAttached": list},
        }));
        let api = Api::<Node>::all(&self.client);
        Ok(Some(api.patch_status(name, &patch, &WriteOptions::default()).await?))
    }

    /// Deletes an attachment, unless its node has just taken the volume in use.
    async fn detach(&self, detach: &Detach, node: Option<&Node>) -> Result<(), SyncError> {
        if !detach.force && node.is_some_and(|node| uses(node, &detach.name)) {
            return Ok(());
        }
        let api = Api::<VolumeAttachment>::all(&self.client);
        match api.delete(&detach.name, &DeleteOptions::of_uid(detach.uid.clone())).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn attach(&self, attach: &Attach) -> Result<(), SyncError> {
        let api = Api::<VolumeAttachment>::all(&self.client);
        if attach.exclusive {
            self.reserve(&api, attach).await?;
        }
        let made = api.create(&attach.object, &WriteOptions::default()).await;
        let name = attach.object.metadata.name.as_deref().unwrap_or_default();
        match made {
            Ok(_) => {
                self.reservations.made(name);
                Ok(())
            }
            // The cache will show it.
            Err(error) if error.already_exists() => {
                self.reservations.free(name);
                Ok(())
            }
            Err(error) => {
                self.reservations.free(name);
                Err(error.into())
            }
        }
    }

    /// Makes sure that no other node is given the volume meanwhile, nor was before the cache showed it.
    async fn reserve(&self, api: &Api<VolumeAttachment>, attach: &Attach) -> Result<(), SyncError> {
        let name = attach.object.metadata.name.as_deref().unwrap_or_default();
        let Some(other) = self.reservations.reserve(&attach.unique, name) else {
            if self.elsewhere(&attach.unique, &attach.object.spec.node_name).is_empty() {
                return Ok(());
            }
            self.reservations.free(name);
            return Err(format!("{} is attached elsewhere", attach.unique).into());
        };
        if self.reservations.is_made(&other) && api.find(&other).await?.is_none() {
            // It came and went without being seen.
            self.reservations.free(&other);
        }
        Err(format!("{} is being attached elsewhere", attach.unique).into())
    }

    async fn carry_out(
        &self,
        name: &str,
        node: Option<Arc<Node>>,
        plan: Plan,
    ) -> Result<Next, SyncError> {
        let mut now = None;
        if let Some(node) = &node {
            now = self.show(name, node, &plan).await?;
        }
        let asks = plan.detach.iter().any(|detach| !detach.force || node.is_none());
        if now.is_none() && asks {
            now = Api::<Node>::all(&self.client).find(name).await?;
        }
        if node.is_none() && now.is_some() {
            return Err(format!("the cache does not show node {name} yet").into());
        }
        self.say(plan.successes);
        // One refusal does not hold the others up.
        let mut last = Ok(());
        for detach in &plan.detach {
            last = last.and(self.detach(detach, now.as_ref()).await);
        }
        for attach in &plan.attach {
            last = last.and(self.attach(attach).await);
        }
        last?;
        Ok(plan.look_again.map_or(Next::Settled, Next::After))
    }

    /// Queues the nodes of the pods that have a claim.
    fn queue_users(&self, claim: &str, queue: &WorkQueue<ObjectKey>) {
        for pod in self.pods.indexed(BY_CLAIM, claim) {
            queue_node(node_name(&pod), queue);
        }
    }

    fn queue_users_of_volume(&self, volume: &PersistentVolume, queue: &WorkQueue<ObjectKey>) {
        let Some(claim) = api::binding::claim_ref(volume) else { return };
        let namespace = claim.namespace.as_deref().unwrap_or_default();
        self.queue_users(
            &format!("{namespace}/{}", claim.name.as_deref().unwrap_or_default()),
            queue,
        );
    }

    fn watch_storage(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.claims.on_change(move |old, new| {
            let (Some(shell), Some(claim)) = (shell.upgrade(), new.or(old)) else { return };
            shell.queue_users(&ObjectKey::of(&**claim).to_string(), &keys);
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.volumes.on_change(move |old, new| {
            let (Some(shell), Some(volume)) = (shell.upgrade(), new.or(old)) else { return };
            shell.queue_users_of_volume(volume, &keys);
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.drivers.on_change(move |_, _| {
            let Some(shell) = shell.upgrade() else { return };
            for node in shell.nodes.list() {
                keys.add(ObjectKey::of(&*node));
            }
        });
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.attachments.on_change(move |old, new| {
            let (Some(shell), Some(attachment)) = (shell.upgrade(), new.or(old)) else { return };
            if new.is_some() {
                let name = attachment.metadata.name.as_deref().unwrap_or_default();
                shell.reservations.free(name);
            }
            queue_node(&attachment.spec.node_name, &keys);
            // Another node may wait for the volume.
            let name = attachment.spec.source.persistent_volume_name.as_deref();
            if let Some(volume) = name.and_then(|name| shell.volume(name)) {
                shell.queue_users_of_volume(&volume, &keys);
            }
        });
    }
}

fn queue_node(name: &str, queue: &WorkQueue<ObjectKey>) {
    if !name.is_empty() {
        queue.add(ObjectKey::new("", name));
    }
}

impl Storage for AttachDetach {
    fn claim(&self, namespace: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>> {
        self.claims.get(namespace, name)
    }

    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>> {
        self.volumes.get("", name)
    }

    fn driver(&self, name: &str) -> Option<Arc<CSIDriver>> {
        self.drivers.get("", name)
    }
}

impl Controller for AttachDetach {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            if !concerns(old.map(|pod| &**pod), new.map(|pod| &**pod)) {
                return;
            }
            for pod in old.into_iter().chain(new).filter(|pod| !claims_of(pod).is_empty()) {
                queue_node(node_name(pod), &keys);
            }
        });
        let keys = queue.clone();
        self.nodes.on_change(move |old, new| {
            let (before, after) = (old.map(|node| &**node), new.map(|node| &**node));
            if let Some(node) = new.or(old).filter(|_| differs(before, after)) {
                keys.add(ObjectKey::of(&**node));
            }
        });
        self.watch_storage(queue);
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.nodes.synced().await;
        self.claims.synced().await;
        self.volumes.synced().await;
        self.drivers.synced().await;
        self.attachments.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let node = self.nodes.find(key);
        let mut plan = self.plan_for(&key.name, node.as_deref());
        self.say(std::mem::take(&mut plan.remarks));
        self.remember(&key.name, std::mem::take(&mut plan.memory));
        self.carry_out(&key.name, node, plan).await
    }
}
