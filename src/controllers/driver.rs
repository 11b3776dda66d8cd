//! What every controller shares: the queue, its workers, back-off and the end.

use std::{fmt::Debug, future::Future, sync::Arc, time::Duration};

use client::{CachedObject, Client, Informers, ObjectKey, Recorder, SharedCache, WorkQueue};
use lifecycle::{StopToken, Task};

/// What one pass over a key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing more until something changes.
    Settled,
    /// Look again after this time, because Kubernetes defines one (a deadline, say).
    After(Duration),
}

impl Next {
    /// The soonest of several times; where there is none, nothing more.
    pub(crate) fn soonest(times: impl IntoIterator<Item = Option<Duration>>) -> Self {
        times.into_iter().flatten().min().map_or(Self::Settled, Self::After)
    }
}

/// A failed pass; the key is tried again, later each time.
pub(crate) type SyncError = Box<dyn std::error::Error + Send + Sync>;

/// The thin shell around a pure decision.
pub(crate) trait Controller: Send + Sync + Debug + 'static {
    /// The name that logs and events show, as kube-controller-manager's.
    fn name(&self) -> &'static str;

    /// Subscribes to every kind that matters; changes add keys to `queue`.
    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>);

    /// Resolves once every cache that [`Controller::sync`] reads is filled.
    fn ready(&self) -> impl Future<Output = ()> + Send;

    /// Brings one key nearer to what is wanted.
    fn sync(&self, key: &ObjectKey) -> impl Future<Output = Result<Next, SyncError>> + Send;
}

/// An object that is gone needs nothing more. One that changed, or is another by now, is looked at
/// again: what the cache shows of it then decides.
pub(crate) fn settled<T>(answer: client::Result<T>) -> client::Result<()> {
    match answer {
        Err(error) if !error.not_found() => Err(error),
        _ => Ok(()),
    }
}

/// Queues every object of a cache when it comes or changes.
pub(crate) fn queue_each<K: CachedObject + Send + Sync + 'static>(
    cache: &SharedCache<K>,
    queue: &WorkQueue<ObjectKey>,
) {
    let keys = queue.clone();
    cache.on_change(move |_, new| {
        if let Some(object) = new {
            keys.add(ObjectKey::of(&**object));
        }
    });
}

/// What controllers are made with.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) client: Client,
    pub(crate) informers: Informers,
    pub(crate) stop: StopToken,
}

impl Shop {
    /// A shop over one client and its caches.
    pub(crate) fn new(client: &Client, informers: Informers, stop: &StopToken) -> Self {
        Self { client: client.clone(), informers, stop: stop.clone() }
    }

    /// A recorder of events in a controller's name.
    pub(crate) fn recorder(&self, component: &str) -> Recorder {
        Recorder::new(&self.client, component, "", &self.stop)
    }
}

/// Keys that one controller works on at a time.
const WORKERS: usize = 4;

/// Runs a controller until the shop closes.
pub(crate) fn run<C: Controller>(shop: &Shop, controller: C) -> Vec<Task> {
    let controller = Arc::new(controller);
    let queue = WorkQueue::new();
    controller.watch(&queue);
    (0..WORKERS)
        .map(|_| {
            let work = work(Arc::clone(&controller), queue.clone());
            lifecycle::spawn(controller.name(), &shop.stop, work)
        })
        .collect()
}

async fn work<C: Controller>(controller: Arc<C>, queue: WorkQueue<ObjectKey>) {
    controller.ready().await;
    while let Some(key) = queue.take().await {
        match controller.sync(&key).await {
            Ok(next) => {
                queue.forget(&key);
                if let Next::After(delay) = next {
                    queue.add_after(key.clone(), delay);
                }
            }
            Err(error) => {
                tracing::debug!(controller = controller.name(), %key, %error, "sync failed, will retry");
                queue.add_rate_limited(key.clone());
            }
        }
        queue.done(&key);
    }
}

#[cfg(test)]
mod tests {
    use client::ClientError;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_gone_needs_nothing_more() {
        for (code, needs) in [(404, false), (409, true), (500, true), (429, true)] {
            let status = json!({"code": code, "reason": if code == 404 { "NotFound" } else { "" }});
            let status = serde_json::from_value(status).unwrap();
            let answer = settled::<()>(Err(ClientError::Status(Box::new(status))));
            assert_eq!(answer.is_err(), needs, "{code}");
        }
    }

    #[test]
    fn the_soonest_time_counts() {
        let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
        assert_eq!(Next::soonest([Some(two), None, Some(one)]), Next::After(one));
        assert_eq!(Next::soonest([None, None]), Next::Settled);
    }
}
