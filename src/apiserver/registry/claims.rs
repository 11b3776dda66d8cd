//! Addresses and node ports where several servers give them out over one store.
//!
//! What a server knows of the others' services may be a moment old, so each address and port is
//! claimed in the store before the service that has it is written: a record under the address's own
//! name, which only one can create. A claim whose service does not have it, and which is older than
//! any request, was left by a server that died in between: it is taken over.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use lifecycle::{Backoff, StopToken, Task};
use machinery::{kind::Kind, meta, status::Status};
use serde_json::{Value, json};
use store::{Change, Durability, Expect, Op, Outcome, Range, Record, Write};

use super::{
    Registry,
    allocate::{Allocation, Held, is_service},
    read, refused,
};
use crate::server::{ApiServer, Inner};

/// Age in seconds at which a claim without its service is nobody's: no request lives as long.
const ABANDONED: i64 = 120;
/// Pauses before services are read anew.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

fn key_of(held: Held) -> String {
    match held {
        Held::Address(address) => format!("/registry/kanoe/serviceips/{address}"),
        Held::Port(port) => format!("/registry/kanoe/servicenodeports/{port}"),
    }
}

impl Registry {
    /// Gives a Service what it needs, so that no server gives it to another one.
    ///
    /// Errors: 422 for what is taken or outside the range.
    pub(crate) async fn give(
        &self,
        kind: &Kind,
        object: &mut Value,
        old: Option<&Value>,
        dry_run: bool,
    ) -> Result<Allocation, Status> {
        let mut taken = BTreeSet::new();
        loop {
            let mut attempt = object.clone();
            let nothing = self.allocations.nothing(&taken, dry_run);
            let mut given = self.allocations.give(kind, &mut attempt, old, nothing)?;
            let claims = self.shared && !dry_run;
            let lost = if claims { self.claim_all(&mut given, &attempt).await? } else { None };
            let Some(lost) = lost else {
                *object = attempt;
                return Ok(given);
            };
            taken.insert(lost);
            self.give_back(given, &attempt).await;
        }
    }

    /// Claims all that was given; returns the first that is somebody else's.
    async fn claim_all(
        &self,
        given: &mut Allocation,
        service: &Value,
    ) -> Result<Option<Held>, Status> {
        for held in given.held() {
            if !self.claim(held, service).await? {
                return Ok(Some(held));
            }
            given.claimed.insert(held);
        }
        Ok(None)
    }

    async fn claim(&self, held: Held, service: &Value) -> Result<bool, Status> {
        let key = key_of(held);
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
                    if self.is_held(held, &read(&found)?, now).await? {
                        return Ok(false);
                    }
                    expect = Expect::At(found.mod_revision);
                }
            }
        }
    }

    /// Tells whether a claim is good: its service has what it claims, or may be on its way.
    async fn is_held(&self, held: Held, claim: &Value, now: i64) -> Result<bool, Status> {
        if now - meta::number(claim, "/since").unwrap_or(0) < ABANDONED {
            return Ok(true);
        }
        let service = self.object_at(&self.claimant(claim)).await?;
        Ok(service.is_some_and(|service| Held::all(&service).contains(&held)))
    }

    fn claimant(&self, claim: &Value) -> String {
        self.key("", "services", meta::text(claim, "/namespace"), meta::text(claim, "/name"))
    }

    async fn write(&self, key: &str, expect: Expect, op: Op) -> Result<Outcome, Status> {
        let write = Write { key: key.into(), expect, op, durability: Durability::Synced };
        self.store().write(write).await.map_err(|error| refused(&error))
    }

    /// Gives back what a write that did not happen was given.
    pub(crate) async fn give_back(&self, mut given: Allocation, service: &Value) {
        let claimed = std::mem::take(&mut given.claimed);
        drop(given);
        self.unclaim(claimed, service).await;
    }

    /// Settles what a write was given that failed with `status`: where nobody knows whether it
    /// happened, the claims stay, and age.
    pub(crate) async fn settle(&self, given: Allocation, service: &Value, status: &Status) {
        if status.code < 500 {
            self.give_back(given, service).await;
        }
    }

    /// Takes back what a Service had, and has no longer as `new`, or where there is none.
    pub(crate) async fn release(&self, kind: &Kind, old: &Value, new: Option<&Value>) {
        if !is_service(kind) {
            return;
        }
        let kept = new.map(Held::all).unwrap_or_default();
        let freed: BTreeSet<Held> = Held::all(old).difference(&kept).copied().collect();
        self.allocations.forget(&freed);
        if self.shared {
            self.unclaim(freed, old).await;
        }
    }

    async fn unclaim(&self, claims: BTreeSet<Held>, service: &Value) {
        for held in claims {
            if let Err(status) = self.unclaim_one(held, service).await {
                // It ages, and is taken over then.
                tracing::debug!(error = status.message, "a claim is left");
            }
        }
    }

    async fn unclaim_one(&self, held: Held, service: &Value) -> Result<(), Status> {
        let key = key_of(held);
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
        registry.allocations.learn(&serde_json::from_slice(value).map_err(Status::internal)?);
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
            let had = before.as_ref().map(Held::all).unwrap_or_default();
            let has = after.as_ref().map(Held::all).unwrap_or_default();
            registry.allocations.forget(&had.difference(&has).copied().collect());
            if let Some(after) = &after {
                registry.allocations.learn(after);
            }
        }
    }
}
