//! Tokens in secrets that controllers of old made for service accounts: those that nobody has used for a
//! year are good no more, and go a year later.
//! Source: `k8s.io/kubernetes/pkg/controller/serviceaccount`, `legacy_serviceaccount_token_cleaner.go`.
//!
//! The API server notes the day of a token's last use on its secret, and since when it does so in a
//! config map.

mod reconcile;

use std::{sync::Arc, time::Duration};

use client::{
    Api, Client, DeleteOptions, ListOptions, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions,
};
use jiff::civil::Date;
use k8s_openapi::{
    api::core::v1::{ConfigMap, Pod, Secret, ServiceAccount},
    apimachinery::pkg::apis::meta::v1::Preconditions,
};
use serde_json::json;

use self::reconcile::{INVALID_SINCE, Step, account_of, given_up_before, reconcile, uses};
use crate::driver::{Controller, Next, Shop, SyncError, settled};

const TYPE: &str = "kubernetes.io/service-account-token";
/// Says in `kube-system` since when uses are noted.
const NOTES: &str = "kube-apiserver-legacy-service-account-token-tracking";
/// Between two rounds. Source: `DefaultCleanerSyncInterval`.
const INTERVAL: Duration = Duration::from_hours(24);

/// The shell; it has one key.
#[derive(Debug)]
pub(crate) struct LegacyTokens {
    client: Client,
    secrets: SharedCache<Secret>,
    accounts: SharedCache<ServiceAccount>,
}

impl LegacyTokens {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            secrets: shop.informers.cache_where(&format!("type={TYPE}")),
            accounts: shop.informers.cache(),
        }
    }

    /// The first day whose uses are noted; `None` where nobody does.
    async fn noted_since(&self) -> Result<Option<Date>, SyncError> {
        let api = Api::<ConfigMap>::namespaced(&self.client, "kube-system");
        let Some(map) = api.find(NOTES).await? else { return Ok(None) };
        let since = map.data.as_ref().and_then(|data| data.get("since"));
        Ok(since.map(|since| since.parse()).transpose()?)
    }

    /// Whether a pod uses a secret; asked of the server, since caches do not show pods whole.
    async fn is_mounted(&self, namespace: &str, secret: &str) -> client::Result<bool> {
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        let pods = api.list(&ListOptions::default()).await?;
        Ok(pods.items.iter().any(|pod| uses(pod, secret)))
    }

    async fn carry_out(&self, secret: &Secret, step: Step) -> client::Result<()> {
        let meta = &secret.metadata;
        let (namespace, name) = (meta.namespace.as_deref(), meta.name.as_deref());
        let (namespace, name) = (namespace.unwrap_or_default(), name.unwrap_or_default());
        if step == Step::Keep || self.is_mounted(namespace, name).await? {
            return Ok(());
        }
        let api = Api::<Secret>::namespaced(&self.client, namespace);
        let done = match step {
            Step::Keep => Ok(()),
            Step::Invalidate(day) => {
                let labels = json!({INVALID_SINCE: day.to_string()});
                let patch = Patch::Merge(json!({"metadata": {"uid": meta.uid, "labels": labels}}));
                api.patch(name, &patch, &WriteOptions::default()).await.map(drop)
            }
            Step::Delete => {
                let options = DeleteOptions {
                    preconditions: Some(Preconditions {
                        uid: meta.uid.clone(),
                        resource_version: meta.resource_version.clone(),
                    }),
                    ..DeleteOptions::default()
                };
                api.delete(name, &options).await.map(drop)
            }
        };
        settled(done)
    }
}

impl Controller for LegacyTokens {
    fn name(&self) -> &'static str {
        "legacy-serviceaccount-token-cleaner-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue.add(ObjectKey::new("", "all"));
    }

    async fn ready(&self) {
        self.secrets.synced().await;
        self.accounts.synced().await;
    }

    async fn sync(&self, _: &ObjectKey) -> Result<Next, SyncError> {
        let now = lifecycle::clock::now();
        let since = self.noted_since().await?;
        let Some(before) = since.and_then(|since| given_up_before(since, now)) else {
            return Ok(Next::After(INTERVAL));
        };
        for secret in self.secrets.list() {
            let namespace = secret.metadata.namespace.as_deref().unwrap_or_default();
            let account = account_of(&secret).and_then(|name| self.accounts.get(namespace, name));
            let step = reconcile(&secret, account.as_deref(), before, now);
            self.carry_out(&secret, step).await?;
        }
        Ok(Next::After(INTERVAL))
    }
}
