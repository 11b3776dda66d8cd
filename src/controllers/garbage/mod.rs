//! Garbage collector: what loses its owners goes too, in the background, in the foreground, or not
//! at all where it is orphaned.

mod graph;
mod reconcile;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use client::{
    Client, DeleteOptions, DynamicApi, Informers, Patch, WorkQueue, WriteOptions,
    discovery::{ApiResource, Discovery},
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use lifecycle::{Backoff, Task};
use serde_json::{Value, json};
use std::time::Duration;

use self::{
    graph::{Graph, Node},
    reconcile::{Action, Standing, reconcile},
};
use crate::driver::{Shop, SyncError, settled};

const NAME: &str = "garbage-collector";
const WORKERS: usize = 4;

/// Starts the collector: it watches every kind that can be watched and deleted.
pub(crate) fn run(shop: &Shop) -> Vec<Task> {
    let collector = Arc::new(Collector {
        client: shop.client.clone(),
        graph: Mutex::default(),
        queue: WorkQueue::new(),
        kinds: Mutex::default(),
    });
    let watching = Arc::clone(&collector).watch_everything(shop.informers.clone());
    vec![lifecycle::spawn(NAME, &shop.stop, watching)]
}

#[derive(Debug)]
struct Collector {
    client: Client,
    graph: Mutex<Graph>,
    queue: WorkQueue<String>,
    kinds: Mutex<HashMap<(String, String), ApiResource>>,
}

impl Collector {
    fn graph(&self) -> MutexGuard<'_, Graph> {
        self.graph.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn watch_everything(self: Arc<Self>, informers: Informers) {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
        let discovery = loop {
            match Discovery::fetch(&self.client).await {
                Ok(discovery) => break discovery,
                Err(error) => {
                    tracing::warn!(%error, "cannot discover what to collect");
                    tokio::time::sleep(backoff.next_delay()).await;
                }
            }
        };
        let collected = discovery.preferred().filter(|one| {
            one.has_verb("delete") && one.has_verb("watch") && one.resource.plural != "events"
        });
        let mut caches = Vec::new();
        for api in collected {
            let kind = (api.resource.api_version(), api.resource.kind.clone());
            let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
            kinds.insert(kind, api.clone());
            drop(kinds);
            let cache = informers.metadata(&api.resource);
            let (collector, resource) = (Arc::clone(&self), Arc::new(api.resource.clone()));
            cache.on_change(move |old, new| {
                let touched = match (old, new) {
                    (_, Some(new)) => collector.graph().put(Node::of(&resource, new)),
                    (Some(old), None) => {
                        collector.graph().remove(old.uid.as_deref().unwrap_or_default())
                    }
                    (None, None) => Vec::new(),
                };
                for uid in touched {
                    collector.queue.add(uid);
                }
            });
            caches.push(cache);
        }
        for cache in &caches {
            cache.synced().await;
        }
        futures::future::join_all((0..WORKERS).map(|_| self.work())).await;
    }

    async fn work(&self) {
        while let Some(uid) = self.queue.take().await {
            match self.sync(&uid).await {
                Ok(()) => self.queue.forget(&uid),
                Err(error) => {
                    tracing::debug!(uid, %error, "collection failed, will retry");
                    self.queue.add_rate_limited(uid.clone());
                }
            }
            self.queue.done(&uid);
        }
    }

    async fn sync(&self, uid: &str) -> Result<(), SyncError> {
        let Some(node) = self.graph().get(uid).cloned() else { return Ok(()) };
        let mut standings = Vec::new();
        if !node.deleting {
            for owner in &node.owners {
                standings.push(self.standing(&node, owner).await?);
            }
        }
        let plan = reconcile(&node, &self.graph(), &standings);
        for action in plan {
            self.carry_out(&node, action).await?;
        }
        Ok(())
    }

    /// Tells how an owner stands; one that no cache shows is asked for, since caches are late.
    async fn standing(&self, node: &Node, owner: &OwnerReference) -> Result<Standing, SyncError> {
        let known =
            self.graph().get(&owner.uid).map(|it| (it.deleting && it.foreground, it.key.clone()));
        if let Some((waiting, key)) = known {
            let elsewhere = !key.namespace.is_empty() && key.namespace != node.key.namespace;
            return Ok(match (elsewhere, waiting && owner.block_owner_deletion == Some(true)) {
                (true, _) => Standing::Absent,
                (false, true) => Standing::Waiting,
                (false, false) => Standing::Solid,
            });
        }
        let kind = (owner.api_version.clone(), owner.kind.clone());
        let api = {
            let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
            kinds.get(&kind).cloned()
        };
        // An owner of a kind that is not served cannot be known to be gone.
        let Some(api) = api else { return Ok(Standing::Solid) };
        let namespace = api.resource.namespaced.then_some(node.key.namespace.as_str());
        if api.resource.namespaced && node.key.namespace.is_empty() {
            return Ok(Standing::Solid);
        }
        match DynamicApi::new(&self.client, &api.resource, namespace).get(&owner.name).await {
            Ok(found) if machinery::meta::uid(&found) == owner.uid => Ok(Standing::Solid),
            Ok(_) => Ok(Standing::Absent),
            Err(error) if error.not_found() => Ok(Standing::Absent),
            Err(error) => Err(error.into()),
        }
    }

    fn api(&self, node: &Node) -> DynamicApi {
        let namespace = Some(node.key.namespace.as_str()).filter(|it| !it.is_empty());
        DynamicApi::new(&self.client, &node.resource, namespace)
    }

    async fn carry_out(&self, node: &Node, action: Action) -> Result<(), SyncError> {
        match action {
            Action::Delete { foreground } => self.delete(node, foreground).await,
            Action::SetOwners(owners) => self.patch(node, json!({"ownerReferences": owners})).await,
            Action::DeleteDependents(uids) => {
                for uid in uids {
                    let found = self.graph().get(&uid).cloned();
                    let Some(dependent) = found else { continue };
                    let more = self.graph().dependents_of(&uid).next().is_some();
                    self.delete(&dependent, more).await?;
                }
                Ok(())
            }
            Action::Orphan(uids) => {
                for uid in uids {
                    let found = self.graph().get(&uid).cloned();
                    let Some(dependent) = found else { continue };
                    let mut owners = dependent.owners.clone();
                    owners.retain(|owner| owner.uid != node.uid);
                    self.patch(&dependent, json!({"ownerReferences": owners})).await?;
                }
                Ok(())
            }
            Action::RemoveFinalizer(name) => self.remove_finalizer(node, name).await,
        }
    }

    async fn delete(&self, node: &Node, foreground: bool) -> Result<(), SyncError> {
        let mut options = DeleteOptions::of_uid(node.uid.clone()).in_background();
        if foreground {
            options.propagation = Some("Foreground".into());
        }
        Ok(settled(self.api(node).delete(&node.key.name, &options).await)?)
    }

    async fn patch(&self, node: &Node, mut metadata: Value) -> Result<(), SyncError> {
        metadata["uid"] = node.uid.as_str().into();
        let patch = Patch::Merge(json!({"metadata": metadata}));
        let options = WriteOptions::default();
        Ok(settled(self.api(node).patch(&node.key.name, None, &patch, &options).await)?)
    }

    async fn remove_finalizer(&self, node: &Node, name: &str) -> Result<(), SyncError> {
        let object = match self.api(node).get(&node.key.name).await {
            Err(error) if error.not_found() => return Ok(()),
            other => other?,
        };
        if machinery::meta::uid(&object) != node.uid {
            return Ok(());
        }
        let left: Vec<&str> =
            machinery::meta::finalizers(&object).filter(|one| *one != name).collect();
        let version = machinery::meta::resource_version(&object);
        self.patch(node, json!({"finalizers": left, "resourceVersion": version})).await
    }
}
