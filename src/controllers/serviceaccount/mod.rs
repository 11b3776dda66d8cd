//! Every namespace has the account `default` and the cluster's authority.
//! Source: kube-controller-manager's serviceaccount and root-ca-certificate-publisher controllers.

use std::{collections::BTreeMap, sync::Arc};

use client::{Api, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::{
    api::core::v1::{ConfigMap, Namespace, ServiceAccount},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use crate::driver::{Controller, Next, Shop, SyncError, queue_each};

const ACCOUNT: &str = "default";
const AUTHORITY: &str = "kube-root-ca.crt";

/// The shell.
#[derive(Debug)]
pub(crate) struct Accounts {
    client: client::Client,
    namespaces: SharedCache<Namespace>,
    known: SharedCache<ServiceAccount>,
    maps: SharedCache<ConfigMap>,
    authority: String,
}

impl Accounts {
    /// A controller over the shop's caches that publishes `authority`.
    pub(crate) fn new(shop: &Shop, authority: String) -> Self {
        let maps = shop.informers.cache_where(&format!("metadata.name={AUTHORITY}"));
        Self {
            client: shop.client.clone(),
            namespaces: shop.informers.cache(),
            known: shop.informers.cache(),
            maps,
            authority,
        }
    }

    async fn ensure_account(&self, namespace: &str) -> Result<(), SyncError> {
        if self.known.get(namespace, ACCOUNT).is_some() {
            return Ok(());
        }
        let metadata = ObjectMeta { name: Some(ACCOUNT.into()), ..ObjectMeta::default() };
        let account = ServiceAccount { metadata, ..ServiceAccount::default() };
        let api = Api::<ServiceAccount>::namespaced(&self.client, namespace);
        match api.create(&account, &WriteOptions::default()).await {
            Err(error) if !error.already_exists() => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn ensure_authority(&self, namespace: &str) -> Result<(), SyncError> {
        let data = BTreeMap::from([("ca.crt".to_owned(), self.authority.clone())]);
        let current = self.maps.get(namespace, AUTHORITY);
        if current.as_ref().is_some_and(|map| map.data.as_ref() == Some(&data)) {
            return Ok(());
        }
        let note = "Contains a CA bundle that can be used to verify the kube-apiserver when using \
                    internal endpoints such as the internal service IP or kubernetes.default.svc. \
                    No other usage is guaranteed across distributions of Kubernetes clusters.";
        let annotations =
            BTreeMap::from([("kubernetes.io/description".to_owned(), note.to_owned())]);
        let metadata = ObjectMeta {
            name: Some(AUTHORITY.into()),
            namespace: Some(namespace.to_owned()),
            annotations: Some(annotations),
            ..ObjectMeta::default()
        };
        let map = ConfigMap { metadata, data: Some(data), ..ConfigMap::default() };
        let api = Api::<ConfigMap>::namespaced(&self.client, namespace);
        let options = WriteOptions::default();
        let written = match current {
            Some(_) => api.update(&map, &options).await,
            None => api.create(&map, &options).await,
        };
        match written {
            Err(error) if !error.already_exists() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl Controller for Accounts {
    fn name(&self) -> &'static str {
        "serviceaccount-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.namespaces, queue);
        let keys = queue.clone();
        self.known.on_change(move |old, new| {
            if let (Some(old), None) = (old, new) {
                keys.add(ObjectKey::new("", old.metadata.namespace.clone().unwrap_or_default()));
            }
        });
        let keys = queue.clone();
        self.maps.on_change(move |old, new| {
            if let Some(map) = new.or(old) {
                keys.add(ObjectKey::new("", map.metadata.namespace.clone().unwrap_or_default()));
            }
        });
    }

    async fn ready(&self) {
        self.namespaces.synced().await;
        self.known.synced().await;
        self.maps.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(namespace) = self.namespaces.find(key) else { return Ok(Next::Settled) };
        if namespace.metadata.deletion_timestamp.is_some() {
            return Ok(Next::Settled);
        }
        self.ensure_account(&key.name).await?;
        self.ensure_authority(&key.name).await?;
        Ok(Next::Settled)
    }
}
