//! Namespace: empties a namespace that is deleted, then lets it go.
//!
//! Pods go before everything else. What does not go at once (pods have their grace period, finalizers
//! their owners) is watched, and the namespace is looked at again when the last of a kind is gone.
//! Source: `k8s.io/kubernetes/pkg/controller/namespace/deletion`.

mod conditions;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use client::{
    DeleteOptions, DynamicApi, Informers, ListOptions, MetadataCache, ObjectKey, Resource,
    SharedCache, WorkQueue, WriteOptions,
    discovery::{ApiResource, Discovery},
};
use k8s_openapi::api::core::v1::{Namespace, Pod};
use serde_json::{Value, json};

use self::conditions::{Content, conditions};
use crate::driver::{Controller, Next, Shop, SyncError};

const FINALIZER: &str = "kubernetes";

/// The shell.
#[derive(Debug)]
pub(crate) struct Namespaces {
    client: client::Client,
    informers: Informers,
    cache: SharedCache<Namespace>,
    /// Kinds of which something was left in a namespace: their objects are watched.
    watched: Mutex<HashMap<Resource, MetadataCache>>,
    queue: OnceLock<WorkQueue<ObjectKey>>,
}

impl Namespaces {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            informers: shop.informers.clone(),
            cache: shop.informers.cache(),
            watched: Mutex::default(),
            queue: OnceLock::new(),
        }
    }

    /// Deletes everything in the namespace; tells what is left.
    async fn empty(&self, namespace: &str) -> Result<Content, SyncError> {
        let discovery = Discovery::fetch(&self.client).await?;
        let mut content = Content { undiscovered: discovery.failed.clone(), ..Content::default() };
        let mut deletable: Vec<&ApiResource> = discovery
            .preferred()
            .filter(|one| one.resource.namespaced && one.has_verb("delete") && one.has_verb("list"))
            .collect();
        // KEP-5080: pods go first, whatever they rely on stays until they have.
        let pods = Resource::of::<Pod>();
        deletable.sort_by_key(|one| one.resource != pods);
        for resource in deletable {
            if let Err(error) = self.empty_of(namespace, resource, &mut content).await {
                content.failures.push(error.to_string());
            }
            if resource.resource == pods
                && !(content.remaining.is_empty() && content.failures.is_empty())
            {
                break;
            }
        }
        Ok(content)
    }

    async fn empty_of(
        &self,
        namespace: &str,
        resource: &ApiResource,
        content: &mut Content,
    ) -> client::Result<()> {
        let api = DynamicApi::new(&self.client, &resource.resource, Some(namespace));
        let none = ListOptions::default();
        let there = api.list(&none).await?;
        if items(&there).is_empty() {
            return Ok(());
        }
        let options = DeleteOptions::default().in_background();
        if resource.has_verb("deletecollection") {
            api.delete_collection(&options, &none).await?;
        } else {
            for item in items(&there) {
                match api.delete(machinery::meta::name(item), &options).await {
                    Err(error) if !error.not_found() => return Err(error),
                    _ => {}
                }
            }
        }
        let mut left = api.list(&none).await?;
        if !items(&left).is_empty() {
            // Looked at once more after the watch began, so that no end goes unheard.
            self.watch_objects(&resource.resource).await;
            left = api.list(&none).await?;
        }
        let Resource { plural, group, .. } = &resource.resource;
        for item in items(&left) {
            *content.remaining.entry(format!("{plural}.{group}")).or_default() += 1;
            for finalizer in machinery::meta::finalizers(item) {
                *content.finalizers.entry(finalizer.to_owned()).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Looks again at a namespace once the last object of this kind in it is gone.
    async fn watch_objects(&self, resource: &Resource) {
        let cache = self.informers.metadata(resource);
        let known = {
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            let before = watched.insert(resource.clone(), cache.clone());
            before.is_some_and(|before| before.is_same(&cache))
        };
        if let (false, Some(queue)) = (known, self.queue.get()) {
            let (keys, namespaces, objects) = (queue.clone(), self.cache.clone(), cache.clone());
            cache.on_change(move |old, new| {
                let Some(old) = old else { return };
                let key = ObjectKey::new("", old.namespace.as_deref().unwrap_or_default());
                let released = new.is_some_and(|new| new.finalizers != old.finalizers);
                let last = new.is_none() && !objects.any_in_namespace(&key.name);
                if (released || last) && namespaces.find(&key).is_some_and(|one| is_ending(&one)) {
                    keys.add(key);
                }
            });
        }
        cache.synced().await;
    }

    /// Says what is left, where that has changed; answers with the namespace as it is then.
    async fn tell(&self, namespace: &Namespace, content: &Content) -> Result<Value, SyncError> {
        let mut object = serde_json::to_value(namespace)?;
        let current = namespace.status.as_ref().and_then(|status| status.conditions.as_deref());
        let now = lifecycle::clock::now();
        let Some(wanted) = conditions(content, current.unwrap_or_default(), now) else {
            return Ok(object);
        };
        object["status"]["conditions"] = serde_json::to_value(wanted)?;
        let name = machinery::meta::name(&object).to_owned();
        Ok(self.api().update(&name, Some("status"), &object, &WriteOptions::default()).await?)
    }

    async fn finalize(&self, mut object: Value) -> Result<(), SyncError> {
        let finalizers: Vec<Value> = machinery::meta::items(&object, "/spec/finalizers")
            .iter()
            .filter(|one| *one != FINALIZER)
            .cloned()
            .collect();
        object["spec"]["finalizers"] = json!(finalizers);
        let name = machinery::meta::name(&object).to_owned();
        self.api().update(&name, Some("finalize"), &object, &WriteOptions::default()).await?;
        Ok(())
    }

    fn api(&self) -> DynamicApi {
        DynamicApi::new(&self.client, &Resource::of::<Namespace>(), None)
    }
}

fn items(list: &Value) -> &[Value] {
    machinery::meta::items(list, "/items")
}

fn is_ending(namespace: &Namespace) -> bool {
    namespace.metadata.deletion_timestamp.is_some()
}

impl Controller for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = self.queue.get_or_init(|| queue.clone()).clone();
        self.cache.on_change(move |old, new| {
            let ended_before = old.is_some_and(|old| is_ending(old));
            if let Some(namespace) = new.filter(|new| is_ending(new) && !ended_before) {
                keys.add(ObjectKey::of(&**namespace));
            }
        });
    }

    async fn ready(&self) {
        self.cache.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(namespace) = self.cache.find(key) else { return Ok(Next::Settled) };
        let holds = namespace
            .spec
            .as_ref()
            .and_then(|spec| spec.finalizers.as_ref())
            .is_some_and(|all| all.iter().any(|one| one == FINALIZER));
        if !is_ending(&namespace) || !holds {
            return Ok(Next::Settled);
        }
        let content = self.empty(&key.name).await?;
        let ended = match self.tell(&namespace, &content).await {
            Ok(object) if content.is_gone() => self.finalize(object).await,
            other => other.map(drop),
        };
        match ended {
            Err(error) if is_not_found(&error) => return Ok(Next::Settled),
            other => other?,
        }
        if content.failures.is_empty() && content.undiscovered.is_empty() {
            return Ok(Next::Settled);
        }
        let why = content.undiscovered.into_iter().map(|(group, why)| format!("{group}: {why}"));
        Err(why.chain(content.failures).collect::<Vec<_>>().join(", ").into())
    }
}

fn is_not_found(error: &SyncError) -> bool {
    error.downcast_ref::<client::ClientError>().is_some_and(client::ClientError::not_found)
}
