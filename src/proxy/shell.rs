//! The proxy's shell: which Services changed, and one transaction for what that means.

use std::{collections::BTreeMap, sync::Arc};

use client::{Informers, ObjectKey, SharedCache, WorkQueue};
use k8s_openapi::api::{core::v1::Service, discovery::v1::EndpointSlice};
use lifecycle::{StopToken, Task};
use machinery::well_known;
use network::NftError;

use crate::{
    Config,
    backends::nftables::{Fragment, base, difference, dns_fragment, fragment, table_name},
    plan::plan,
};

/// Sets the table up and keeps it true until `stop`.
pub(crate) async fn start(
    config: Config,
    informers: &Informers,
    stop: &StopToken,
) -> Result<Task, NftError> {
    let table = table_name(&config.cluster_id);
    network::nft::apply(&base(&table)).await?;
    if let Some((address, listens)) = config.dns {
        let rules = difference(&table, &Fragment::default(), &dns_fragment(address, listens));
        network::nft::apply(&rules).await?;
    }
    let shell = Shell {
        table,
        node: config.node_name,
        services: informers.cache(),
        slices: informers.cache(),
        queue: WorkQueue::new(),
        applied: BTreeMap::new(),
    };
    Ok(lifecycle::spawn("proxy", stop, shell.work()))
}

#[derive(Debug)]
struct Shell {
    table: String,
    node: String,
    services: SharedCache<Service>,
    slices: SharedCache<EndpointSlice>,
    queue: WorkQueue<ObjectKey>,
    applied: BTreeMap<ObjectKey, Fragment>,
}

fn service_of(slice: &EndpointSlice) -> Option<ObjectKey> {
    let name = slice.metadata.labels.as_ref()?.get(well_known::SERVICE_NAME)?;
    Some(ObjectKey::new(slice.metadata.namespace.clone().unwrap_or_default(), name.clone()))
}

impl Shell {
    async fn work(mut self) {
        let keys = self.queue.clone();
        self.services.on_change(move |old, new| {
            if let Some(service) = new.or(old) {
                keys.add(ObjectKey::of(&**service));
            }
        });
        let keys = self.queue.clone();
        self.slices.on_change(move |old, new| {
            if let Some(key) = new.or(old).and_then(|slice| service_of(slice)) {
                keys.add(key);
            }
        });
        self.services.synced().await;
        self.slices.synced().await;
        while let Some(key) = self.queue.take().await {
            match self.sync(&key).await {
                Ok(()) => self.queue.forget(&key),
                Err(error) => {
                    tracing::warn!(%key, %error, "cannot change the service's rules, will retry");
                    self.queue.add_rate_limited(key.clone());
                }
            }
            self.queue.done(&key);
        }
    }

    async fn sync(&mut self, key: &ObjectKey) -> Result<(), NftError> {
        let mut slices: Vec<Arc<EndpointSlice>> = self.slices.in_namespace(&key.namespace);
        slices.retain(|slice| service_of(slice).as_ref() == Some(key));
        let wanted = match self.services.find(key) {
            Some(service) => fragment(&plan(&service, &slices, &self.node)),
            None => Fragment::default(),
        };
        let none = Fragment::default();
        let current = self.applied.get(key).unwrap_or(&none);
        let commands = difference(&self.table, current, &wanted);
        if commands.is_empty() {
            return Ok(());
        }
        network::nft::apply(&commands).await?;
        if wanted == none {
            self.applied.remove(key);
        } else {
            self.applied.insert(key.clone(), wanted);
        }
        Ok(())
    }
}
