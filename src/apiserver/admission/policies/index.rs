//! All policies and their bindings, compiled, as of the newest event of the store.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use api::admissionregistration::{GROUP, expressions::Policy};
use lifecycle::{Backoff, StopToken, Task};
use machinery::{meta, status::Status};
use serde_json::Value;
use store::{Change, Range, Revision};

use super::super::webhooks::Webhook;
use crate::{
    registry::refused,
    server::{ApiServer, Inner},
};

/// A policy and where it holds.
#[derive(Debug, Clone)]
pub(super) struct Hook {
    pub(super) policy: Arc<Policy>,
    pub(super) bindings: Vec<Arc<Value>>,
}

/// All policies as of one moment, by name.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub(super) validating: Vec<Hook>,
    pub(super) mutating: Vec<Hook>,
    /// Webhooks in the order of their configurations' names.
    validating_webhooks: Arc<[Arc<Webhook>]>,
    mutating_webhooks: Arc<[Arc<Webhook>]>,
}

/// The policies that the server goes by.
#[derive(Debug, Default)]
pub(crate) struct Index(RwLock<Arc<Snapshot>>);

impl Index {
    pub(super) fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells whether there are policies or webhooks that may refuse.
    pub(crate) fn refuse_any(&self) -> bool {
        let now = self.now();
        let changing = !now.mutating_webhooks.is_empty();
        changing || !now.validating.is_empty() || !now.validating_webhooks.is_empty()
    }

    /// Tells whether there is nobody to ask.
    pub(crate) fn is_empty(&self) -> bool {
        !self.refuse_any() && self.now().mutating.is_empty()
    }

    /// The webhooks that may refuse a write.
    pub(in super::super) fn validating_webhooks(&self) -> Arc<[Arc<Webhook>]> {
        Arc::clone(&self.now().validating_webhooks)
    }

    /// The webhooks that may change a write.
    pub(in super::super) fn mutating_webhooks(&self) -> Arc<[Arc<Webhook>]> {
        Arc::clone(&self.now().mutating_webhooks)
    }

    fn set(&self, snapshot: Snapshot) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// What is stored, by resource and name.
#[derive(Debug, Default)]
struct Known {
    policies: BTreeMap<(String, String), Arc<Policy>>,
    bindings: BTreeMap<(String, String), Arc<Value>>,
    webhooks: BTreeMap<(String, String), Vec<Arc<Webhook>>>,
    revision: Revision,
}

impl Known {
    /// Takes in what is stored under a key; `None`: nothing any more.
    fn take(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), Status> {
        let mut parts = key.rsplit('/');
        let (Some(name), Some(plural)) = (parts.next(), parts.next()) else { return Ok(()) };
        let key = (plural.to_owned(), name.to_owned());
        let policy = plural.ends_with("admissionpolicies");
        let webhooks = plural.ends_with("webhookconfigurations");
        if !policy && !webhooks && !plural.ends_with("admissionpolicybindings") {
            return Ok(());
        }
        let Some(value) = value else {
            self.policies.remove(&key);
            self.bindings.remove(&key);
            self.webhooks.remove(&key);
            return Ok(());
        };
        let object: Value = serde_json::from_slice(value).map_err(Status::internal)?;
        if policy {
            self.policies.insert(key, Arc::new(Policy::compile(&object)));
        } else if webhooks {
            self.webhooks.insert(key, Webhook::all_of(&object));
        } else {
            self.bindings.insert(key, Arc::new(object));
        }
        Ok(())
    }

    fn hooks(&self, kind: &str) -> Vec<Hook> {
        let policies = self.policies.iter();
        let policies = policies.filter(|((plural, _), _)| plural.starts_with(kind));
        policies
            .map(|((_, name), policy)| {
                let bindings = self.bindings.iter().filter(|((plural, _), binding)| {
                    plural.starts_with(kind) && meta::text(binding, "/spec/policyName") == name
                });
                let bindings = bindings.map(|(_, binding)| Arc::clone(binding)).collect();
                Hook { policy: Arc::clone(policy), bindings }
            })
            .collect()
    }

    fn webhooks(&self, kind: &str) -> Arc<[Arc<Webhook>]> {
        let all = self.webhooks.iter().filter(|((plural, _), _)| plural.starts_with(kind));
        all.flat_map(|(_, webhooks)| webhooks).map(Arc::clone).collect()
    }

    fn show(&self, server: &Inner) {
        server.policies.set(Snapshot {
            validating: self.hooks("validating"),
            mutating: self.hooks("mutating"),
            validating_webhooks: self.webhooks("validating"),
            mutating_webhooks: self.webhooks("mutating"),
        });
    }
}

/// All that the group stores stands below this.
const PREFIX: &str = "/registry/";

fn prefix() -> String {
    format!("{PREFIX}{GROUP}/")
}

async fn read(server: &Inner) -> Result<Known, Status> {
    let range = Range { prefix: prefix(), ..Range::default() };
    let page = server.registry.store().range(&range).await.map_err(|error| refused(&error))?;
    let mut known = Known { revision: page.revision, ..Known::default() };
    for record in page.records {
        known.take(&record.key, Some(&record.value))?;
    }
    Ok(known)
}

/// Goes by what is stored now, so that nothing is missing at the first request.
pub(crate) async fn load(server: &Inner) -> Result<(), Status> {
    read(server).await?.show(server);
    Ok(())
}

/// Pauses before policies are read anew, so that a store that fails is not asked in a loop.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Follows the policies until `stop`.
pub fn follow_policies(server: &ApiServer, stop: &StopToken) -> Task {
    let server = Arc::clone(&server.inner);
    lifecycle::spawn("apiserver/policies", stop, async move {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            // The watch ends where history was compacted away: then all is read anew.
            if let Err(status) = keep(&server).await {
                tracing::warn!(error = status.message, "policies are read anew");
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    })
}

async fn keep(server: &Inner) -> Result<(), Status> {
    let mut known = read(server).await?;
    known.show(server);
    let watch = server.registry.store().watch(&prefix(), known.revision).await;
    let mut watch = watch.map_err(|error| refused(&error))?;
    loop {
        for event in watch.next().await.map_err(|error| refused(&error))? {
            let value = match &event.change {
                Change::Created(value) | Change::Updated { value, .. } => Some(value.as_ref()),
                Change::Deleted { .. } => None,
            };
            known.take(&event.key, value)?;
        }
        known.show(server);
    }
}
