//! What was written of slices, for telling a cache that has not seen it yet.
//! Source: `k8s.io/endpointslice/util`, `endpointslice_tracker.go`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use client::ObjectKey;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use tokio::time::Instant;

/// After this the controller believes its cache, whatever it wrote: a slice may have come and gone while
/// nobody was watching.
const PATIENCE: Duration = Duration::from_secs(5);

/// Slices by Service and uid.
#[derive(Debug, Default)]
pub(crate) struct Tracker(Mutex<HashMap<ObjectKey, HashMap<String, Written>>>);

#[derive(Debug, Clone, Copy)]
struct Written {
    /// `None` for one that was deleted.
    generation: Option<i64>,
    since: Instant,
}

fn uid(slice: &EndpointSlice) -> &str {
    slice.metadata.uid.as_deref().unwrap_or_default()
}

impl Tracker {
    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectKey, HashMap<String, Written>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slice was made or changed.
    pub(super) fn wrote(&self, service: &ObjectKey, slice: &EndpointSlice) {
        self.note(service, slice, Some(slice.metadata.generation.unwrap_or_default()));
    }

    /// A slice was deleted.
    pub(super) fn deleted(&self, service: &ObjectKey, slice: &EndpointSlice) {
        self.note(service, slice, None);
    }

    fn note(&self, service: &ObjectKey, slice: &EndpointSlice, generation: Option<i64>) {
        let written = Written { generation, since: lifecycle::clock::instant() };
        let mut all = self.lock();
        all.entry(service.clone()).or_default().insert(uid(slice).to_owned(), written);
    }

    /// A slice is gone, whoever deleted it.
    pub(crate) fn gone(&self, service: &ObjectKey, slice: &EndpointSlice) {
        if let Some(known) = self.lock().get_mut(service) {
            known.remove(uid(slice));
        }
    }

    /// Tells whether a cache that shows these slices is behind what was written.
    pub(super) fn is_behind(&self, service: &ObjectKey, shown: &[Arc<EndpointSlice>]) -> bool {
        let all = self.lock();
        let Some(known) = all.get(service) else { return false };
        known.iter().any(|(id, written)| {
            let slice = shown.iter().find(|slice| uid(slice) == id);
            let behind = match (slice, written.generation) {
                (None, generation) => generation.is_some(),
                (Some(_), None) => true,
                (Some(slice), Some(it)) => slice.metadata.generation.unwrap_or_default() < it,
            };
            behind && written.since.elapsed() < PATIENCE
        })
    }

    /// Forgets a Service that is gone.
    pub(crate) fn forget(&self, service: &ObjectKey) {
        self.lock().remove(service);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cache_is_behind_until_it_shows_what_was_written() {
        let slice = |uid: &str, generation: i64| -> Arc<EndpointSlice> {
            let object = json!({"metadata": {"uid": uid, "generation": generation},
                "addressType": "IPv4", "endpoints": []});
            Arc::new(serde_json::from_value(object).unwrap())
        };
        let (tracker, key) = (Tracker::default(), ObjectKey::new("n", "s"));
        let behind = |shown: &[Arc<EndpointSlice>]| tracker.is_behind(&key, shown);
        assert!(!behind(&[slice("a", 1)]), "nothing was written");
        tracker.wrote(&key, &slice("a", 2));
        assert!(behind(&[]), "not seen");
        assert!(behind(&[slice("a", 1)]), "seen as it was");
        assert!(!behind(&[slice("a", 2), slice("b", 1)]));
        tracker.deleted(&key, &slice("a", 2));
        assert!(behind(&[slice("a", 2)]), "still shown");
        assert!(!behind(&[]));
        tracker.wrote(&key, &slice("c", 1));
        tracker.gone(&key, &slice("c", 1));
        assert!(!behind(&[]), "seen to go");
        tracker.wrote(&key, &slice("d", 1));
        tokio::time::advance(PATIENCE).await;
        assert!(!behind(&[]), "never seen");
    }
}
