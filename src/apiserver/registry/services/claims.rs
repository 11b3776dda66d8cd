//! Node ports where several servers give them out over one store.
//!
//! What a server knows of the others' services may be a moment old, so each port is claimed in the
//! store before the service that has it is written: a record under the port's own number, which only
//! one can create. (Addresses have their `IPAddress` objects for that.) A claim whose service does not
//! have it, and which is older than any request, was left by a server that died in between: it is
//! taken over.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use lifecycle::{Backoff, StopToken, Task};
use machinery::{meta, status::Status};
use serde_json::{Value, json};
use store::{Change, Durability, Expect, Op, Outcome, Range, Record, Write};

use super::{
    super::{Registry, read, refused},
    ports,
};
use crate::server::{ApiServer, Inner};

/// Age in seconds at which a claim without its service is nobody's: no request lives as long.
const ABANDONED: i64 = 120;
/// Pauses before services are read anew.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

fn key_of(port: u16) -> String {
    format!("/registry/kanoe/servicenodeports/{port}")
}

impl Registry {
    /// Claims these ports for a service; returns the first that is somebody else's.
    pub(super) async fn claim_all(
        &self,
        ports: &BTreeSet<u16>,
        service: &Value,
        claimed: &mut BTreeSet<u16>,
    ) -> Result<Option<u16>, Status> {
        for port in ports {
            if !self.claim(*port, service).await? {
                return Ok(Some(*port));
            }
            claimed.insert(*port);
        }
        Ok(None)
    }

    async fn claim(&self, port: u16, service: &Value) -> Result<bool, Status> {
        let key = key_of(port);
        let mut expect = Expect::Absent;
        loop {
            let now = lifecycle::clock::now().as_second();
            let claim = json!({
                "namespace": meta::namespace(service), "name": meta::name(service), "since": now,
            });
            let op = Op::Put(store::Value::plain(claim.to_string()));
            match self.write(&key, expect, op).await? {
                Outcome::Done(_) => return Ok(true),
                // Gone meanwhile: free again.
                Outcome::Conflict(None) => expect = Expect::Absent,
                Outcome::Conflict(Some(found)) => {
                    if self.is_held(port, &read(&found)?, now).await? {
                        return Ok(false);
                    }
                    expect = Expect::At(found.mod_revision);
                }
            }
        }
    }

    /// Tells whether a claim is good: its service has what it claims, or may be on its way.
    async fn is_held(&self, port: u16, claim: &Value, now: i64) -> Result<bool, Status> {
        if now - meta::number(claim, "/since").unwrap_or(0) < ABANDONED {
            return Ok(true);
        }
        let service = self.object_at(&self.claimant(claim)).await?;
        Ok(service.is_some_and(|service| ports::of_service(&service).contains(&port)))
    }

    fn claimant(&self, claim: &Value) -> String {
        self.key("", "services", meta::text(claim, "/namespace"), meta::text(claim, "/name"))
    }

    async fn write(&self, key: &str, expect: Expect, op: Op) -> Result<Outcome, Status> {
        let write = Write { key: key.into(), expect, op, durability: Durability::Synced };
        self.store().write(write).await.map_err(|error| refused(&error))
    }

    /// Gives up the claims of a service.
    pub(super) async fn unclaim(&self, claims: BTreeSet<u16>, service: &Value) {
        for port in claims {
            if let Err(status) = self.unclaim_one(port, service).await {
                // It ages, and is taken over then.
                tracing::debug!(error = status.message, "a claim is left");
            }
        }
    }

    async fn unclaim_one(&self, port: u16, service: &Value) -> Result<(), Status> {
        let key = key_of(port);
        let Some(found) = self.record(&key).await? else { return Ok(()) };
        let claim = read(&found)?;
        let ours = meta::text(&claim, "/name") == meta::name(service)
            && meta::text(&claim, "/namespace") == meta::namespace(service);
        if ours {
            self.write(&key, Expect::At(found.mod_revision), Op::Delete(None)).await?;
        }
        Ok(())
    }
}

/// Learns of the services of other servers until `stop`.
pub fn follow_services(server: &ApiServer, stop: &StopToken) -> Task {
    let inner = Arc::clone(&server.inner);
    lifecycle::spawn("apiserver/services", stop, async move {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            if let Err(status) = follow(&inner).await {
                tracing::warn!(error = status.message, "services are read anew");
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    })
}

async fn follow(server: &Inner) -> Result<(), Status> {
    let registry = &server.registry;
    let prefix = registry.key("", "services", "", "");
    let range = Range { prefix: prefix.clone(), ..Range::default() };
    let page = registry.store().range(&range).await.map_err(|error| refused(&error))?;
    for Record { value, .. } in &page.records {
        registry.ports.learn(&serde_json::from_slice(value).map_err(Status::internal)?);
    }
    let watch = registry.store().watch(&prefix, page.revision).await;
    let mut watch = watch.map_err(|error| refused(&error))?;
    let parse =
        |bytes: &bytes::Bytes| serde_json::from_slice::<Value>(bytes).map_err(Status::internal);
    loop {
        for event in watch.next().await.map_err(|error| refused(&error))? {
            let (before, after) = match &event.change {
                Change::Created(value) => (None, Some(parse(value)?)),
                Change::Updated { value, previous } => {
                    (Some(parse(previous)?), Some(parse(value)?))
                }
                Change::Deleted { previous, .. } => (Some(parse(previous)?), None),
            };
            let had = before.as_ref().map(ports::of_service).unwrap_or_default();
            let has = after.as_ref().map(ports::of_service).unwrap_or_default();
            registry.ports.forget(&had.difference(&has).copied().collect());
            if let Some(after) = &after {
                registry.ports.learn(after);
            }
        }
    }
}
