//! Keeps step with the `APIService`s and the services behind them. Source: kube-aggregator's
//! availability controllers, which look again when something changes, after a failure with growing
//! pauses, and from time to time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use lifecycle::{Backoff, StopToken, Task, Tasks};
use machinery::{meta, status::Status};
use serde_json::Value;
use store::{Change, Event, Range};
use tokio::{sync::mpsc, time::Instant};

use super::{
    Condition, GROUP, PLURAL, SLICES,
    available::{self, Verdict},
    index::Remote,
    local::with_own,
    tell,
};
use crate::{
    registry::refused,
    server::{ApiServer, Inner},
};

/// Pauses before one that cannot be asked is looked at again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Time after which one that can be asked is looked at again.
const AGAIN: Duration = Duration::from_secs(30);

/// Follows the `APIService`s until `stop`.
pub fn follow_api_services(server: &ApiServer, stop: &StopToken) -> Task {
    let (looked, verdicts) = mpsc::unbounded_channel();
    let mut keeper = Keeper {
        server: Arc::clone(&server.inner),
        known: BTreeMap::new(),
        tasks: Tasks::new(stop),
        looked,
        verdicts,
    };
    lifecycle::spawn("apiserver/aggregation", stop, async move {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(10));
        loop {
            // The watch ends where history was compacted away: then all is read anew.
            if let Err(status) = keeper.follow().await {
                tracing::warn!(error = status.message, "APIServices are read anew");
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    })
}

/// One that a service answers for, and when it is looked at next.
#[derive(Debug)]
struct Watched {
    remote: Arc<Remote>,
    backoff: Backoff,
    due: Instant,
    looking: bool,
    /// Something changed while a look was under way.
    stale: bool,
}

#[derive(Debug)]
struct Keeper {
    server: Arc<Inner>,
    known: BTreeMap<String, Watched>,
    /// Looks under way.
    tasks: Tasks,
    looked: mpsc::UnboundedSender<(String, Verdict)>,
    verdicts: mpsc::UnboundedReceiver<(String, Verdict)>,
}

impl Keeper {
    async fn follow(&mut self) -> Result<(), Status> {
        let server = Arc::clone(&self.server);
        let store = server.registry.store();
        let prefix = server.registry.key(GROUP, PLURAL, "", "");
        let range = Range { prefix: prefix.clone(), ..Range::default() };
        let page = store.range(&range).await.map_err(|error| refused(&error))?;
        let mut present = Vec::new();
        for record in &page.records {
            let object: Value = serde_json::from_slice(&record.value).map_err(Status::internal)?;
            present.push(meta::name(&object).to_owned());
            self.take(&object).await;
        }
        self.known.retain(|name, _| present.contains(name));
        self.show();
        let services = server.registry.key("", "services", "", "");
        let slices = server.registry.key(SLICES, "endpointslices", "", "");
        let watch = async |prefix: &str| {
            store.watch(prefix, page.revision).await.map_err(|error| refused(&error))
        };
        let (mut own, mut services, mut slices) =
            (watch(&prefix).await?, watch(&services).await?, watch(&slices).await?);
        loop {
            let due = self.look();
            tokio::select! {
                events = own.next() => {
                    for event in events.map_err(|error| refused(&error))? {
                        self.changed(&event).await?;
                    }
                    self.show();
                }
                events = services.next() => self.moved(&events.map_err(|error| refused(&error))?),
                events = slices.next() => self.moved(&events.map_err(|error| refused(&error))?),
                Some((name, verdict)) = self.verdicts.recv() => self.judged(&name, verdict).await,
                () = sleep_until(due) => {}
            }
        }
    }

    async fn changed(&mut self, event: &Event) -> Result<(), Status> {
        match &event.change {
            Change::Created(value) | Change::Updated { value, .. } => {
                let object: Value = serde_json::from_slice(value).map_err(Status::internal)?;
                self.take(&object).await;
            }
            Change::Deleted { .. } => {
                let name = event.key.rsplit('/').next().unwrap_or_default();
                self.known.remove(name);
            }
        }
        Ok(())
    }

    async fn take(&mut self, object: &Value) {
        let name = meta::name(object);
        let Some(remote) = Remote::of(object) else {
            self.known.remove(name);
            let local = Condition::local();
            if !local.is_said_by(object) {
                told(name, tell(&self.server, name, &local).await);
            }
            return;
        };
        let now = lifecycle::clock::instant();
        if let Some(known) = self.known.get_mut(name) {
            if known.remote.is_as(&remote) {
                let Remote { available, resources, openapi, openapi_v2, .. } =
                    Remote::clone(&known.remote);
                known.remote =
                    Arc::new(Remote { available, resources, openapi, openapi_v2, ..remote });
                return;
            }
            (known.remote, known.due, known.stale) = (Arc::new(remote), now, true);
            return;
        }
        let backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let remote = Arc::new(remote);
        let watched = Watched { remote, backoff, due: now, looking: false, stale: false };
        self.known.insert(name.to_owned(), watched);
    }

    /// Looks anew at those whose services something happened to.
    fn moved(&mut self, events: &[Arc<Event>]) {
        let now = lifecycle::clock::instant();
        for watched in self.known.values_mut() {
            let (namespace, name, _) = &watched.remote.service;
            let about = format!("/{namespace}/{name}");
            // The names of a service's slices begin with its own.
            if events.iter().any(|event| event.key.contains(&about)) {
                (watched.due, watched.stale) = (now, true);
            }
        }
    }

    /// Begins the looks that are due; returns when the next one is.
    fn look(&mut self) -> Option<Instant> {
        let now = lifecycle::clock::instant();
        for (name, watched) in &mut self.known {
            if watched.looking || watched.due > now {
                continue;
            }
            (watched.looking, watched.stale) = (true, false);
            let (server, looked) = (Arc::clone(&self.server), self.looked.clone());
            let (name, remote) = (name.clone(), Arc::clone(&watched.remote));
            self.tasks.spawn("apiserver/availability", async move {
                let verdict = available::check(&server, &remote).await;
                // Nobody wants to know once the server ends.
                drop(looked.send((name, verdict)));
            });
        }
        self.known.values().filter(|one| !one.looking).map(|one| one.due).min()
    }

    async fn judged(&mut self, name: &str, verdict: Verdict) {
        let Some(watched) = self.known.get_mut(name) else { return };
        watched.looking = false;
        let now = lifecycle::clock::instant();
        let Verdict { condition, resources, openapi, openapi_v2 } = verdict;
        watched.due = match (watched.stale, condition.available) {
            (true, _) => now,
            (false, true) => now + AGAIN,
            (false, false) => now + watched.backoff.next_delay(),
        };
        if condition.available {
            watched.backoff.reset();
        }
        let available = condition.available;
        let mut remote = Remote { available, ..Remote::clone(&watched.remote) };
        if available {
            (remote.resources, remote.openapi) = (resources, openapi);
            remote.openapi_v2 = openapi_v2;
        }
        watched.remote = Arc::new(remote);
        self.show();
        told(name, tell(&self.server, name, &condition).await);
    }

    fn show(&self) {
        let remotes = self.known.values().map(|watched| Arc::clone(&watched.remote));
        self.server.aggregation.set(with_own(&self.server, remotes.collect()));
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn told(name: &str, done: Result<(), Status>) {
    if let Err(status) = done {
        tracing::warn!(name, error = status.message, "the status of an APIService is not written");
    }
}
