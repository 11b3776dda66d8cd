//! Shared watch caches: one watch per kind per process, decoded once, read by all.

mod cache;
mod reflector;

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

pub use cache::{Cached, CachedObject, ObjectKey, PartialObject, SharedCache};
use lifecycle::{StopToken, Task};

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
    task: Task,
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

    /// The cache of a typed kind.
    pub fn cache<K: Cached + k8s_openapi::Resource>(&self) -> SharedCache<K> {
        self.cache_of(&Resource::of::<K>(), "")
    }

    /// The cache of those objects of a kind that a field selector picks.
    pub fn cache_where<K: Cached + k8s_openapi::Resource>(&self, fields: &str) -> SharedCache<K> {
        self.cache_of(&Resource::of::<K>(), fields)
    }

    /// The metadata of a resource's objects, whatever their kind.
    pub fn metadata(&self, resource: &Resource) -> SharedCache<PartialObject> {
        self.cache_of(resource, "")
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
            Running { cache: Box::new(cache), task }
        });
        running.cache.downcast_ref::<SharedCache<K>>().cloned().unwrap_or_default()
    }

    /// Stops watching a resource's metadata and forgets its cache.
    pub fn forget_metadata(&self, resource: &Resource) {
        let id = CacheId {
            kind: TypeId::of::<PartialObject>(),
            resource: resource.clone(),
            fields: String::new(),
        };
        let mut caches = self.shared.caches.lock().unwrap_or_else(PoisonError::into_inner);
        drop(caches.remove(&id));
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
