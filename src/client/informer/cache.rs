//! What one watch has seen: objects by key and by index, and who wants to hear of changes.
//!
//! Invariants: an object is decoded once and shared · handlers hear of every change in order,
//! after the cache shows it · a handler added late hears of all that is there as additions.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use k8s_openapi::{Metadata, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::watch;

/// Namespace (empty for cluster-scoped kinds) and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// Namespace, or empty.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl ObjectKey {
    /// A key.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// The key of an object.
    pub fn of(object: &impl CachedObject) -> Self {
        let meta = object.meta();
        Self::new(meta.namespace.as_deref().unwrap_or(""), meta.name.as_deref().unwrap_or(""))
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            out.write_str(&self.name)
        } else {
            write!(out, "{}/{}", self.namespace, self.name)
        }
    }
}

/// Anything with Kubernetes metadata.
pub trait CachedObject {
    /// Its metadata.
    fn meta(&self) -> &ObjectMeta;

    /// Its metadata, to be changed.
    fn meta_mut(&mut self) -> &mut ObjectMeta;
}

impl<K: Metadata<Ty = ObjectMeta>> CachedObject for K {
    fn meta(&self) -> &ObjectMeta {
        self.metadata()
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        self.metadata_mut()
    }
}

/// An object of any kind, by its metadata alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartialObject {
    /// Group and version.
    #[serde(default)]
    pub api_version: String,
    /// Kind.
    #[serde(default)]
    pub kind: String,
    /// Metadata.
    #[serde(default)]
    pub metadata: ObjectMeta,
}

impl CachedObject for PartialObject {
    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// What a cache can hold.
pub trait Cached: CachedObject + DeserializeOwned + Send + Sync + 'static {}
impl<K: CachedObject + DeserializeOwned + Send + Sync + 'static> Cached for K {}

type Handler<K> = Box<dyn Fn(Option<&Arc<K>>, Option<&Arc<K>>) + Send + Sync>;
type IndexFn<K> = Box<dyn Fn(&K) -> Vec<String> + Send + Sync>;

/// The cache of one kind; clones share it.
pub struct SharedCache<K> {
    shared: Arc<Shared<K>>,
}

struct Shared<K> {
    objects: RwLock<Objects<K>>,
    handlers: Mutex<Vec<Handler<K>>>,
    synced: watch::Sender<bool>,
}

struct Objects<K> {
    by_key: BTreeMap<ObjectKey, Arc<K>>,
    indexes: HashMap<&'static str, Index<K>>,
}

struct Index<K> {
    values_of: IndexFn<K>,
    keys: BTreeMap<String, Vec<ObjectKey>>,
}

impl<K> Clone for SharedCache<K> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<K> fmt::Debug for SharedCache<K> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SharedCache")
    }
}

impl<K> Default for SharedCache<K> {
    fn default() -> Self {
        let objects = Objects { by_key: BTreeMap::new(), indexes: HashMap::new() };
        Self {
            shared: Arc::new(Shared {
                objects: RwLock::new(objects),
                handlers: Mutex::new(Vec::new()),
                synced: watch::Sender::new(false),
            }),
        }
    }
}

impl<K: CachedObject> SharedCache<K> {
    fn read(&self) -> RwLockReadGuard<'_, Objects<K>> {
        self.shared.objects.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn handlers(&self) -> MutexGuard<'_, Vec<Handler<K>>> {
        self.shared.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the first list has arrived.
    pub async fn synced(&self) {
        let mut synced = self.shared.synced.subscribe();
        // The sender lives in this very cache, so waiting cannot fail.
        drop(synced.wait_for(|synced| *synced).await);
    }

    /// The first list has arrived.
    pub fn is_synced(&self) -> bool {
        *self.shared.synced.borrow()
    }

    /// One object.
    pub fn get(&self, namespace: &str, name: &str) -> Option<Arc<K>> {
        self.find(&ObjectKey::new(namespace, name))
    }

    /// One object, by key.
    pub fn find(&self, key: &ObjectKey) -> Option<Arc<K>> {
        self.read().by_key.get(key).cloned()
    }

    /// All objects, by namespace and name.
    pub fn list(&self) -> Vec<Arc<K>> {
        self.read().by_key.values().cloned().collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.read().by_key.len()
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether a namespace has an object.
    pub fn any_in_namespace(&self, namespace: &str) -> bool {
        let from = ObjectKey::new(namespace, "");
        let next = self.read().by_key.range(from..).next().map(|(key, _)| key.namespace.clone());
        next.is_some_and(|found| found == namespace)
    }

    /// A number that clones of one cache share.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    /// The objects of one namespace, by name.
    pub fn in_namespace(&self, namespace: &str) -> Vec<Arc<K>> {
        let objects = self.read();
        let from = ObjectKey::new(namespace, "");
        let range = objects.by_key.range(from..);
        range
            .take_while(|(key, _)| key.namespace == namespace)
            .map(|(_, o)| Arc::clone(o))
            .collect()
    }

    /// Adds an index: `values_of` an object are where it can be found. A known name is kept.
    pub fn index(
        &self,
        name: &'static str,
        values_of: impl Fn(&K) -> Vec<String> + Send + Sync + 'static,
    ) {
        let mut objects = self.shared.objects.write().unwrap_or_else(PoisonError::into_inner);
        let Objects { by_key, indexes } = &mut *objects;
        indexes.entry(name).or_insert_with(|| {
            let mut index = Index { values_of: Box::new(values_of), keys: BTreeMap::new() };
            for (key, object) in by_key.iter() {
                index.insert(key, object);
            }
            index
        });
    }

    /// The objects an index files under a value.
    pub fn indexed(&self, name: &str, value: &str) -> Vec<Arc<K>> {
        let objects = self.read();
        let keys = objects.indexes.get(name).and_then(|index| index.keys.get(value));
        let keys = keys.map(Vec::as_slice).unwrap_or_default();
        keys.iter().filter_map(|key| objects.by_key.get(key).cloned()).collect()
    }

    /// Calls `handler(old, new)` for what is there now and for every later change.
    ///
    /// It runs on the watch's own task: it must be quick and must not wait; adding a key to a
    /// [`crate::WorkQueue`] is what it is for.
    pub fn on_change(
        &self,
        handler: impl Fn(Option<&Arc<K>>, Option<&Arc<K>>) + Send + Sync + 'static,
    ) {
        let mut handlers = self.handlers();
        for object in self.list() {
            handler(None, Some(&object));
        }
        handlers.push(Box::new(handler));
    }

    /// Puts an object in and tells the handlers.
    pub(crate) fn put(&self, object: K) {
        let handlers = self.handlers();
        let key = ObjectKey::of(&object);
        let object = Arc::new(object);
        let mut old = self.write(|objects| objects.put(&key, &object));
        if old.as_ref().is_some_and(|old| same_revision(&**old, &*object)) {
            return;
        }
        // Another object under the same name: a list shows no deletion between the two.
        if let Some(gone) = old.take_if(|old| old.meta().uid != object.meta().uid) {
            handlers.iter().for_each(|handler| handler(Some(&gone), None));
        }
        handlers.iter().for_each(|handler| handler(old.as_ref(), Some(&object)));
    }

    /// Takes an object out and tells the handlers of its last state.
    pub(crate) fn remove(&self, last: K) {
        let handlers = self.handlers();
        let key = ObjectKey::of(&last);
        if self.write(|objects| objects.remove(&key)).is_some() {
            let last = Arc::new(last);
            handlers.iter().for_each(|handler| handler(Some(&last), None));
        }
    }

    /// Makes the cache equal to a fresh list, telling the handlers of the differences.
    pub(crate) fn replace(&self, fresh: Vec<K>) {
        let keys: std::collections::BTreeSet<_> = fresh.iter().map(ObjectKey::of).collect();
        let lost: Vec<_> =
            self.read().by_key.keys().filter(|key| !keys.contains(key)).cloned().collect();
        for key in lost {
            let handlers = self.handlers();
            if let Some(old) = self.write(|objects| objects.remove(&key)) {
                handlers.iter().for_each(|handler| handler(Some(&old), None));
            }
        }
        for object in fresh {
            self.put(object);
        }
        self.shared.synced.send_replace(true);
    }

    fn write<R>(&self, change: impl FnOnce(&mut Objects<K>) -> R) -> R {
        change(&mut self.shared.objects.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn same_revision(old: &impl CachedObject, new: &impl CachedObject) -> bool {
    let (old, new) = (old.meta(), new.meta());
    old.resource_version.is_some()
        && old.resource_version == new.resource_version
        && old.uid == new.uid
}

impl<K> Objects<K> {
    fn put(&mut self, key: &ObjectKey, object: &Arc<K>) -> Option<Arc<K>> {
        let old = self.by_key.insert(key.clone(), Arc::clone(object));
        for index in self.indexes.values_mut() {
            if let Some(old) = &old {
                index.remove(key, old);
            }
            index.insert(key, object);
        }
        old
    }

    fn remove(&mut self, key: &ObjectKey) -> Option<Arc<K>> {
        let old = self.by_key.remove(key)?;
        for index in self.indexes.values_mut() {
            index.remove(key, &old);
        }
        Some(old)
    }
}

impl<K> Index<K> {
    fn insert(&mut self, key: &ObjectKey, object: &K) {
        for value in (self.values_of)(object) {
            let keys = self.keys.entry(value).or_default();
            if let Err(place) = keys.binary_search(key) {
                keys.insert(place, key.clone());
            }
        }
    }

    fn remove(&mut self, key: &ObjectKey, object: &K) {
        for value in (self.values_of)(object) {
            let Some(keys) = self.keys.get_mut(&value) else { continue };
            keys.retain(|known| known != key);
            if keys.is_empty() {
                self.keys.remove(&value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(namespace: &str, name: &str, revision: &str) -> PartialObject {
        let metadata = ObjectMeta {
            namespace: Some(namespace.to_owned()),
            name: Some(name.to_owned()),
            resource_version: Some(revision.to_owned()),
            ..ObjectMeta::default()
        };
        PartialObject { metadata, ..PartialObject::default() }
    }

    fn told(cache: &SharedCache<PartialObject>) -> Arc<Mutex<Vec<String>>> {
        let told = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&told);
        cache.on_change(move |old, new| {
            let word = match (old, new) {
                (None, _) => "new",
                (Some(_), Some(_)) => "changed",
                (Some(_), None) => "gone",
            };
            let name = new.or(old).and_then(|object| object.metadata.name.clone());
            ear.lock().unwrap().push(format!("{word} {}", name.unwrap_or_default()));
        });
        told
    }

    #[test]
    fn another_object_under_the_same_name_is_a_deletion_and_an_addition() {
        let cache = SharedCache::<PartialObject>::default();
        let told = told(&cache);
        let mut first = object("n", "a", "1");
        first.metadata.uid = Some("u".to_owned());
        let mut second = object("n", "a", "5");
        second.metadata.uid = Some("v".to_owned());
        cache.replace(vec![first]);
        cache.replace(vec![second]);
        assert_eq!(*told.lock().unwrap(), ["new a", "gone a", "new a"]);
    }

    #[test]
    fn handlers_hear_of_every_change_once() {
        let cache = SharedCache::<PartialObject>::default();
        cache.put(object("a", "one", "1"));
        let told = told(&cache);
        cache.put(object("a", "one", "1"));
        cache.put(object("a", "one", "2"));
        cache.replace(vec![object("a", "two", "3"), object("b", "three", "4")]);
        cache.remove(object("a", "two", "5"));
        let want = ["new one", "changed one", "gone one", "new two", "new three", "gone two"];
        assert_eq!(*told.lock().unwrap(), want);
        assert!(cache.is_synced());
    }

    #[test]
    fn reads_by_namespace_and_index() {
        let cache = SharedCache::<PartialObject>::default();
        cache.put(object("a", "one", "1"));
        cache.index("initial", |o| {
            o.metadata.name.iter().filter_map(|n| n.get(..1)).map(str::to_owned).collect()
        });
        cache.put(object("b", "other", "2"));
        cache.put(object("aa", "three", "3"));
        assert_eq!(cache.in_namespace("a").len(), 1);
        assert!(cache.any_in_namespace("aa") && !cache.any_in_namespace("ab"));
        assert_eq!(cache.indexed("initial", "o").len(), 2);
        cache.remove(object("a", "one", "4"));
        assert_eq!(cache.indexed("initial", "o").len(), 1);
        assert!(cache.get("b", "other").is_some());
    }
}
