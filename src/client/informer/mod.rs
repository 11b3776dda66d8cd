//! Shared watch caches: one watch per kind per process, decoded once, read by all.

mod cache;
mod lean;
mod metadata;
mod reflector;

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

pub(crate) use cache::PartialObject;
pub use cache::{Cached, CachedObject, ObjectKey, SharedCache};
use lifecycle::{StopToken, Task};
pub use metadata::MetadataCache;

use crate::{connection::Client, dynamic::Resource};

/// The caches of one process; clones share them. A cache starts when it is first asked for.
#[derive(Clone)]
pub struct Informers {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    stop: StopToken,
    caches: Mutex<HashMap<CacheId, Running>>,
}

#[derive(PartialEq, Eq, Hash)]
struct CacheId {
    kind: TypeId,
    resource: Resource,
    fields: String,
}

struct Running {
    cache: Box<dyn Any + Send + Sync>,
    view: MetadataCache,
    task: Task,
}

impl CacheId {
    /// Tells whether the cache has everything of every object.
    fn is_whole(&self) -> bool {
        self.fields.is_empty() && self.kind != TypeId::of::<PartialObject>()
    }
}

impl fmt::Debug for Informers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Informers")
    }
}

impl Informers {
    /// Caches that read through `client` and end with `stop`.
    pub fn new(client: &Client, stop: &StopToken) -> Self {
        let shared = Shared {
            client: client.clone(),
            stop: stop.child_token(),
            caches: Mutex::new(HashMap::new()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The cache of a typed kind. Its objects are without what nobody reads there: they are never
    /// written back whole, and pods lack what their nodes alone need.
    pub fn cache<K: Cached + k8s_openapi::Resource>(&self) -> SharedCache<K> {
        self.cache_of(&Resource::of::<K>(), "")
    }

    /// The cache of those objects of a kind that a field selector picks.
    pub fn cache_where<K: Cached + k8s_openapi::Resource>(&self, fields: &str) -> SharedCache<K> {
        self.cache_of(&Resource::of::<K>(), fields)
    }

    /// The metadata of a resource's objects, whatever their kind; from the cache of whole objects
    /// where there is one already.
    pub fn metadata(&self, resource: &Resource) -> MetadataCache {
        let known = {
            let caches = self.shared.caches.lock().unwrap_or_else(PoisonError::into_inner);
            let whole = caches.iter().find(|(id, _)| id.resource == *resource && id.is_whole());
            whole.map(|(_, running)| running.view.clone())
        };
        known.unwrap_or_else(|| MetadataCache::of(&self.cache_of::<PartialObject>(resource, "")))
    }

    fn cache_of<K: Cached>(&self, resource: &Resource, fields: &str) -> SharedCache<K> {
        let id = CacheId {
            kind: TypeId::of::<K>(),
            resource: resource.clone(),
            fields: fields.to_owned(),
        };
        let mut caches = self.shared.caches.lock().unwrap_or_else(PoisonError::into_inner);
        let running = caches.entry(id).or_insert_with(|| {
            let cache = SharedCache::<K>::default();
            let work = reflector::reflect(
                self.shared.client.clone(),
                resource.clone(),
                fields.to_owned(),
                cache.clone(),
            );
            let task = lifecycle::spawn("client/reflector", &self.shared.stop, work);
            Running { view: MetadataCache::of(&cache), cache: Box::new(cache), task }
        });
        running.cache.downcast_ref::<SharedCache<K>>().cloned().unwrap_or_default()
    }

    /// Ends all watches and waits until they have.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        let caches = {
            let mut caches = self.shared.caches.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *caches)
        };
        for running in caches.into_values() {
            running.task.ended().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{ConfigMap, Secret};

    use super::*;
    use crate::Transport;

    #[tokio::test]
    async fn metadata_comes_from_the_cache_that_is_there() {
        let nobody = Transport::unix(std::path::Path::new("/nonexistent")).unwrap();
        let client = Client::in_process(nobody, "test");
        let informers = Informers::new(&client, &StopToken::new());
        let maps = informers.cache::<ConfigMap>();
        informers.cache_where::<Secret>("type=x");
        let view = informers.metadata(&Resource::of::<ConfigMap>());
        assert!(view.is_same(&MetadataCache::of(&maps)));
        informers.metadata(&Resource::of::<Secret>());
        let watches = informers.shared.caches.lock().unwrap().len();
        assert_eq!(watches, 3, "some secrets are not all secrets");
    }
}
