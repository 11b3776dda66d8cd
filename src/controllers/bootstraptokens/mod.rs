//! Bootstrap tokens: they go when they are over, and sign the public facts of the cluster while they
//! are good, so that a new node may believe them. As kubeadm's clusters have it.
//! Source: `k8s.io/kubernetes/pkg/controller/bootstrap`.

mod jws;
mod reconcile;

use std::sync::Arc;

use client::{Api, Client, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::{
    api::core::v1::{ConfigMap, Secret},
    apimachinery::pkg::apis::meta::v1::Preconditions,
};

use self::reconcile::{Life, TYPE, is_token, life, signed};
use crate::driver::{Controller, Next, Shop, SyncError, settled};

const PUBLIC: &str = "kube-public";
const FACTS: &str = "cluster-info";

fn tokens(shop: &Shop) -> SharedCache<Secret> {
    shop.informers.cache_where(&format!("type={TYPE}"))
}

/// Removes tokens that are over; its keys are secrets.
#[derive(Debug)]
pub(crate) struct TokenCleaner {
    client: Client,
    tokens: SharedCache<Secret>,
}

impl TokenCleaner {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), tokens: tokens(shop) }
    }
}

impl Controller for TokenCleaner {
    fn name(&self) -> &'static str {
        "token-cleaner-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.tokens.on_change(move |_, new| {
            if let Some(token) = new.filter(|token| is_token(token)) {
                keys.add(ObjectKey::of(&**token));
            }
        });
    }

    async fn ready(&self) {
        self.tokens.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(token) = self.tokens.find(key) else { return Ok(Next::Settled) };
        match life(&token, lifecycle::clock::now()) {
            Life::Endless => return Ok(Next::Settled),
            Life::For(left) => return Ok(Next::After(left)),
            Life::Over => {}
        }
        // One that was given more time meanwhile stays.
        let options = DeleteOptions {
            preconditions: Some(Preconditions {
                uid: token.metadata.uid.clone(),
                resource_version: token.metadata.resource_version.clone(),
            }),
            ..DeleteOptions::default()
        };
        let api = Api::<Secret>::namespaced(&self.client, key.namespace.clone());
        settled(api.delete(&key.name, &options).await)?;
        Ok(Next::Settled)
    }
}

/// Signs the cluster's facts; it has one key.
#[derive(Debug)]
pub(crate) struct Signatures {
    client: Client,
    tokens: SharedCache<Secret>,
    maps: SharedCache<ConfigMap>,
}

impl Signatures {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            tokens: tokens(shop),
            maps: shop.informers.cache_where(&format!("metadata.name={FACTS}")),
        }
    }
}

impl Controller for Signatures {
    fn name(&self) -> &'static str {
        "bootstrap-signer-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.tokens.on_change(move |_, _| keys.add(ObjectKey::new(PUBLIC, FACTS)));
        let keys = queue.clone();
        self.maps.on_change(move |_, new| {
            if let Some(map) = new.filter(|it| it.metadata.namespace.as_deref() == Some(PUBLIC)) {
                keys.add(ObjectKey::of(&**map));
            }
        });
    }

    async fn ready(&self) {
        self.tokens.synced().await;
        self.maps.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(map) = self.maps.find(key) else { return Ok(Next::Settled) };
        let (tokens, now) = (self.tokens.list(), lifecycle::clock::now());
        if let Some(signed) = signed(&map, tokens.iter().map(|token| &**token), now) {
            let api = Api::<ConfigMap>::namespaced(&self.client, key.namespace.clone());
            match api.update(&signed, &WriteOptions::default()).await {
                Err(error) if !error.not_found() => return Err(error.into()),
                _ => {}
            }
        }
        let lives = tokens.iter().map(|token| life(token, now));
        let first = lives.filter_map(|life| match life {
            Life::For(left) => Some(left),
            Life::Endless | Life::Over => None,
        });
        Ok(first.min().map_or(Next::Settled, Next::After))
    }
}
