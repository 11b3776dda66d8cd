//! Secrets for tokens of service accounts: filled with a token that has no end, and removed with
//! their account. Source: `k8s.io/kubernetes/pkg/controller/serviceaccount`, `tokens_controller.go`.

mod reconcile;

use std::{fmt, sync::Arc};

use client::{Api, Client, DeleteOptions, ObjectKey, SharedCache, WorkQueue, WriteOptions};
use k8s_openapi::api::core::v1::{Secret, ServiceAccount};

pub use self::reconcile::TokenOrder;
use self::reconcile::{Step, TYPE, account_of, put, reconcile};
use crate::driver::{Controller, Next, Shop, SyncError, queue_each};

/// Who signs tokens for the cluster.
pub trait TokenMaker: Send + Sync + fmt::Debug {
    /// Signs a token. Errors: why it cannot be signed.
    fn token(&self, order: &TokenOrder) -> Result<String, String>;
}

/// Index: secrets by their account.
const BY_ACCOUNT: &str = "account";

/// The shell; its keys are secrets.
#[derive(Debug)]
pub(crate) struct AccountTokens {
    client: Client,
    secrets: SharedCache<Secret>,
    accounts: SharedCache<ServiceAccount>,
    authority: String,
    maker: Arc<dyn TokenMaker>,
}

fn place(namespace: Option<&str>, account: &str) -> String {
    format!("{}/{account}", namespace.unwrap_or_default())
}

impl AccountTokens {
    /// A controller over the shop's caches that puts `authority` and tokens of `maker` in.
    pub(crate) fn new(shop: &Shop, authority: String, maker: Arc<dyn TokenMaker>) -> Self {
        let secrets: SharedCache<Secret> = shop.informers.cache_where(&format!("type={TYPE}"));
        secrets.index(BY_ACCOUNT, |secret| {
            let account = account_of(secret);
            account
                .map(|account| place(secret.metadata.namespace.as_deref(), account))
                .into_iter()
                .collect()
        });
        let (client, accounts) = (shop.client.clone(), shop.informers.cache());
        Self { client, secrets, accounts, authority, maker }
    }

    /// The account of a secret; a cache may be late, so that the server has the last word.
    async fn account(&self, namespace: &str, name: &str) -> client::Result<Option<ServiceAccount>> {
        match self.accounts.get(namespace, name) {
            Some(known) => Ok(Some((*known).clone())),
            None => Api::namespaced(&self.client, namespace).find(name).await,
        }
    }
}

impl Controller for AccountTokens {
    fn name(&self) -> &'static str {
        "serviceaccount-token-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.secrets, queue);
        let (keys, secrets) = (queue.clone(), self.secrets.clone());
        self.accounts.on_change(move |old, new| {
            let Some(account) = new.or(old) else { return };
            let name = account.metadata.name.as_deref().unwrap_or_default();
            let place = place(account.metadata.namespace.as_deref(), name);
            for secret in secrets.indexed(BY_ACCOUNT, &place) {
                keys.add(ObjectKey::of(&*secret));
            }
        });
    }

    async fn ready(&self) {
        self.secrets.synced().await;
        self.accounts.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(secret) = self.secrets.find(key) else { return Ok(Next::Settled) };
        let Some(name) = account_of(&secret) else { return Ok(Next::Settled) };
        let account = self.account(&key.namespace, name).await?;
        let api = Api::<Secret>::namespaced(&self.client, key.namespace.clone());
        let done = match reconcile(&secret, account.as_ref(), &self.authority) {
            Step::Settled => return Ok(Next::Settled),
            Step::Delete => {
                let uid = secret.metadata.uid.clone().unwrap_or_default();
                api.delete(&key.name, &DeleteOptions::of_uid(uid)).await.map(drop)
            }
            Step::Fill(mut filled, order) => {
                if let Some(order) = order {
                    put(&mut filled, self.maker.token(&order)?);
                }
                api.update(&filled, &WriteOptions::default()).await.map(drop)
            }
        };
        match done {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(Next::Settled),
        }
    }
}
