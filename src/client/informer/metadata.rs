//! The metadata of a resource's objects, read from whatever cache of them there is.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::cache::{Cached, SharedCache};

type Handler = Box<dyn Fn(Option<&ObjectMeta>, Option<&ObjectMeta>) + Send + Sync>;

/// What can be asked of any cache.
trait View: Send + Sync {
    fn on_change(&self, handler: Handler);
    fn synced(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    fn any_in_namespace(&self, namespace: &str) -> bool;
    fn identity(&self) -> usize;
}

impl<K: Cached> View for SharedCache<K> {
    fn on_change(&self, handler: Handler) {
        Self::on_change(self, move |old, new| {
            handler(old.map(|old| old.meta()), new.map(|new| new.meta()));
        });
    }

    fn synced(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(Self::synced(self))
    }

    fn any_in_namespace(&self, namespace: &str) -> bool {
        Self::any_in_namespace(self, namespace)
    }

    fn identity(&self) -> usize {
        Self::identity(self)
    }
}

/// A view of a cache that knows metadata alone; clones share it.
#[derive(Clone)]
pub struct MetadataCache(Arc<dyn View>);

impl fmt::Debug for MetadataCache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MetadataCache")
    }
}

impl MetadataCache {
    pub(super) fn of<K: Cached>(cache: &SharedCache<K>) -> Self {
        Self(Arc::new(cache.clone()))
    }

    /// As [`SharedCache::on_change`].
    pub fn on_change(
        &self,
        handler: impl Fn(Option<&ObjectMeta>, Option<&ObjectMeta>) + Send + Sync + 'static,
    ) {
        self.0.on_change(Box::new(handler));
    }

    /// Waits until the first list has arrived.
    pub async fn synced(&self) {
        self.0.synced().await;
    }

    /// Tells whether a namespace has an object.
    pub fn any_in_namespace(&self, namespace: &str) -> bool {
        self.0.any_in_namespace(namespace)
    }

    /// Tells whether both look at one cache.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.identity() == other.0.identity()
    }
}
