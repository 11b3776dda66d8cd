//! Namespace: empties a namespace that is deleted, then lets it go.
//! Source: `k8s.io/kubernetes/pkg/controller/namespace/deletion`.

use std::{sync::Arc, time::Duration};

use client::{
    DeleteOptions, DynamicApi, ListOptions, ObjectKey, Resource, SharedCache, WorkQueue,
    WriteOptions, discovery::Discovery,
};
use k8s_openapi::api::core::v1::Namespace;
use serde_json::{Value, json};

use crate::driver::{Controller, Next, Shop, SyncError};

/// How long to wait before looking again at what is still there: pods have their grace period.
const PATIENCE: Duration = Duration::from_secs(1);
const FINALIZER: &str = "kubernetes";

/// The shell.
#[derive(Debug)]
pub(crate) struct Namespaces {
    client: client::Client,
    namespaces: SharedCache<Namespace>,
}

impl Namespaces {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), namespaces: shop.informers.cache() }
    }

    /// Deletes everything in the namespace; returns how many objects are left.
    async fn empty(&self, namespace: &str) -> Result<usize, SyncError> {
        let mut left = 0;
        let discovery = Discovery::fetch(&self.client).await?;
        let deletable = discovery.preferred().filter(|resource| {
            resource.resource.namespaced
                && resource.has_verb("deletecollection")
                && resource.has_verb("list")
        });
        for resource in deletable {
            left += self.empty_of(namespace, &resource.resource).await?;
        }
        Ok(left)
    }

    async fn empty_of(&self, namespace: &str, resource: &Resource) -> Result<usize, SyncError> {
        let api = DynamicApi::new(&self.client, resource, Some(namespace));
        let none = ListOptions::default();
        if count(&api.list(&none).await?) == 0 {
            return Ok(0);
        }
        let options = DeleteOptions::default().in_background();
        api.delete_collection(&options, &none).await?;
        Ok(count(&api.list(&none).await?))
    }

    async fn finalize(&self, namespace: &Namespace) -> Result<(), SyncError> {
        let mut object = serde_json::to_value(namespace)?;
        let finalizers: Vec<Value> = machinery::meta::items(&object, "/spec/finalizers")
            .iter()
            .filter(|one| *one != FINALIZER)
            .cloned()
            .collect();
        object["spec"]["finalizers"] = json!(finalizers);
        let name = namespace.metadata.name.clone().unwrap_or_default();
        let resource = Resource::of::<Namespace>();
        let api = DynamicApi::new(&self.client, &resource, None);
        match api.update(&name, Some("finalize"), &object, &WriteOptions::default()).await {
            Err(error) if !error.not_found() && !error.conflict() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn count(list: &Value) -> usize {
    list["items"].as_array().map_or(0, Vec::len)
}

impl Controller for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.namespaces.on_change(move |_, new| {
            if let Some(namespace) = new.filter(|one| one.metadata.deletion_timestamp.is_some()) {
                keys.add(ObjectKey::of(&**namespace));
            }
        });
    }

    async fn ready(&self) {
        self.namespaces.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(namespace) = self.namespaces.find(key) else { return Ok(Next::Settled) };
        let holds = namespace
            .spec
            .as_ref()
            .and_then(|spec| spec.finalizers.as_ref())
            .is_some_and(|all| all.iter().any(|one| one == FINALIZER));
        if namespace.metadata.deletion_timestamp.is_none() || !holds {
            return Ok(Next::Settled);
        }
        if self.empty(&key.name).await? > 0 {
            return Ok(Next::After(PATIENCE));
        }
        self.finalize(&namespace).await?;
        Ok(Next::Settled)
    }
}
