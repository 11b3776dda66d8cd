//! The life of `CustomResourceDefinition`s: their names are accepted, their kinds are served, and
//! when they are deleted their objects go first. Follows the store's events; polls nothing.
//! Source: `k8s.io/apiextensions-apiserver/pkg/controller`.

mod names;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api::apiextensions::{CLEANUP, GROUP};
use lifecycle::{Backoff, StopToken, Task, Tasks};
use machinery::{kind::Kind, meta, status::Status};
use serde_json::{Value, json};
use store::{Change, Range, Revision};

use crate::{
    aggregation,
    registry::{Author, Deletion, Part, Update, delete_object, refused},
    server::{ApiServer, Inner},
};

const PLURAL: &str = "customresourcedefinitions";

/// Definitions by name, and the revision that they show.
#[derive(Debug, Default)]
struct Known {
    definitions: BTreeMap<String, Value>,
    /// Those that were written as established, until the event of that write comes.
    ahead: BTreeMap<String, Value>,
    revision: Revision,
}

/// Serves what is defined now, so that nothing is missing at the first request.
pub(crate) async fn load(server: &ApiServer) -> Result<(), Status> {
    let known = read(&server.inner).await?;
    serve(&server.inner, &known);
    Ok(())
}

/// Follows the definitions until `stop`.
pub fn follow_definitions(server: &ApiServer, stop: &StopToken) -> Task {
    let keeper = Keeper {
        server: Arc::clone(&server.inner),
        tasks: Tasks::new(stop),
        cleaning: Arc::default(),
    };
    lifecycle::spawn("apiserver/definitions", stop, async move {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            // The watch ends where history was compacted away: then all is read anew.
            if let Err(status) = keeper.follow().await {
                tracing::warn!(error = status.message, "definitions are read anew");
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    })
}

/// Pauses before definitions are read anew, so that a store that fails is not asked in a loop.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Keeps what is served in step with what is defined.
#[derive(Debug)]
struct Keeper {
    server: Arc<Inner>,
    /// Clean-ups under way; each waits for its own objects.
    tasks: Tasks,
    cleaning: Arc<Mutex<BTreeSet<String>>>,
}

async fn read(server: &Inner) -> Result<Known, Status> {
    let prefix = server.registry.key(GROUP, PLURAL, "", "");
    let range = Range { prefix, ..Range::default() };
    let page = server.registry.store().range(&range).await.map_err(|error| refused(&error))?;
    let mut known = Known { revision: page.revision, ..Known::default() };
    for record in page.records {
        let definition: Value = serde_json::from_slice(&record.value).map_err(Status::internal)?;
        known.definitions.insert(meta::name(&definition).to_owned(), definition);
    }
    Ok(known)
}

fn serve(server: &Inner, known: &Known) {
    let kinds = known.established().flat_map(api::custom::kinds).map(Arc::new);
    server.registry.serve_custom(kinds.collect());
}

impl Keeper {
    async fn follow(&self) -> Result<(), Status> {
        let server = &self.server;
        let mut known = read(server).await?;
        serve(server, &known);
        self.attend_all(&mut known).await;
        self.publish(&known).await;
        let prefix = server.registry.key(GROUP, PLURAL, "", "");
        let watch = server.registry.store().watch(&prefix, known.revision).await;
        let mut watch = watch.map_err(|error| refused(&error))?;
        loop {
            for event in watch.next().await.map_err(|error| refused(&error))? {
                let name = known.take(&event)?;
                serve(server, &known);
                if known.definitions.contains_key(&name) {
                    self.attend(&mut known, &name).await;
                } else {
                    // Names that it held may be free for others now.
                    self.attend_all(&mut known).await;
                }
            }
            self.publish(&known).await;
        }
    }

    async fn publish(&self, known: &Known) {
        let kinds = known.established().flat_map(api::custom::kinds);
        let served = kinds.map(|kind| (kind.group, kind.version)).collect();
        told("", aggregation::keep_definitions(&self.server, &served).await);
    }

    async fn attend_all(&self, known: &mut Known) {
        let names: Vec<String> = known.definitions.keys().cloned().collect();
        for name in names {
            self.attend(known, &name).await;
        }
    }

    /// Does what a definition needs next; what fails is tried again with the next event.
    async fn attend(&self, known: &mut Known, name: &str) {
        let Some(definition) = known.definitions.get(name).cloned() else { return };
        if meta::is_deleting(&definition) {
            return self.clean(name, definition);
        }
        told(name, accept(&self.server, known, &definition).await);
    }

    /// Cleans up in a task of its own, since objects may take their time.
    fn clean(&self, name: &str, definition: Value) {
        let mut cleaning = self.cleaning.lock().unwrap_or_else(PoisonError::into_inner);
        if !cleaning.insert(name.to_owned()) {
            return;
        }
        let (server, cleaning) = (Arc::clone(&self.server), Arc::clone(&self.cleaning));
        let name = name.to_owned();
        self.tasks.spawn("apiserver/clean", async move {
            told(&name, clean(&server, &definition).await);
            cleaning.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        });
    }
}

fn told(definition: &str, done: Result<(), Status>) {
    if let Err(status) = done
        && !matches!(status.code, 404 | 409)
    {
        tracing::warn!(definition, error = status.message, "a definition waits");
    }
}

impl Known {
    fn established(&self) -> impl Iterator<Item = &Value> {
        let told = |(name, one)| {
            if names::is_established(one) { Some(one) } else { self.ahead.get(name) }
        };
        self.definitions.iter().filter_map(told)
    }

    /// Takes an event in; returns the definition's name.
    fn take(&mut self, event: &store::Event) -> Result<String, Status> {
        let name = event.key.rsplit('/').next().unwrap_or_default().to_owned();
        match &event.change {
            Change::Created(value) | Change::Updated { value, .. } => {
                let definition = serde_json::from_slice(value).map_err(Status::internal)?;
                if names::is_established(&definition) {
                    self.ahead.remove(&name);
                }
                self.definitions.insert(name.clone(), definition);
            }
            Change::Deleted { .. } => {
                self.definitions.remove(&name);
                self.ahead.remove(&name);
            }
        }
        Ok(name)
    }
}

/// Writes which names are accepted and whether the kinds are served.
///
/// Who reads that a definition is established finds its kinds: they are served before that is written, and
/// from then on, though events of other definitions come before the one of this write.
async fn accept(server: &Arc<Inner>, known: &mut Known, definition: &Value) -> Result<(), Status> {
    let others: Vec<&Value> = known
        .definitions
        .values()
        .filter(|one| meta::name(one) != meta::name(definition))
        .collect();
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let status = names::status(definition, &others, &now);
    if definition.get("status") == Some(&status) {
        return Ok(());
    }
    let mut coming = definition.clone();
    meta::put(&mut coming, "status", status.clone());
    let comes = names::is_established(&coming) && !names::is_established(definition);
    let name = meta::name(definition);
    let before = known.ahead.get(name).cloned();
    if comes {
        known.ahead.insert(name.to_owned(), coming);
        serve(server, known);
    }
    let put = |new: &mut Value| meta::put(new, "status", status.clone());
    let written = write(server, definition, Part::Status, put).await;
    if comes && written.is_err() {
        // An earlier write may have told it, and its event is still to come.
        match before {
            Some(before) => known.ahead.insert(name.to_owned(), before),
            None => known.ahead.remove(name),
        };
        serve(server, known);
    }
    written
}

async fn write(
    server: &Arc<Inner>,
    definition: &Value,
    part: Part,
    change: impl Fn(&mut Value) + Send + Sync,
) -> Result<(), Status> {
    let Some(kind) = server.registry.storage_kind(GROUP, PLURAL) else { return Ok(()) };
    let name = meta::name(definition);
    let author = Author::server();
    let update = Update { server, kind: &kind, namespace: "", name, part, dry_run: false, author };
    let change = |old: &Value| {
        let mut new = old.clone();
        change(&mut new);
        Ok(new)
    };
    update.run(&mut { change }).await.map(drop)
}

/// Deletes the definition's objects; the last one to go frees the definition.
async fn clean(server: &Arc<Inner>, definition: &Value) -> Result<(), Status> {
    if !meta::finalizers(definition).any(|one| one == CLEANUP) {
        return Ok(());
    }
    let (group, plural) =
        (meta::text(definition, "/spec/group"), meta::text(definition, "/spec/names/plural"));
    let kind = api::custom::kinds(definition).into_iter().next().map(Arc::new);
    let store = server.registry.store();
    let prefix = server.registry.key(group, plural, "", "");
    let range = Range { prefix: prefix.clone(), ..Range::default() };
    loop {
        let page = store.range(&range).await.map_err(|error| refused(&error))?;
        if page.records.is_empty() {
            break;
        }
        let Some(kind) = &kind else { break };
        let waits = delete_all(server, kind, &page.records).await?;
        if waits {
            // Some objects have finalizers: their next event tells more.
            let watch = store.watch(&prefix, page.revision).await;
            let mut watch = watch.map_err(|error| refused(&error))?;
            watch.next().await.map_err(|error| refused(&error))?;
        }
    }
    write(server, definition, Part::Whole, |new| {
        let mut finalizers = meta::items(new, "/metadata/finalizers").to_vec();
        finalizers.retain(|one| one != CLEANUP);
        meta::metadata_mut(new).insert("finalizers".into(), finalizers.into());
        let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        names::set_condition(
            meta::object_at(new, "status"),
            &json!({"type": "Terminating", "status": "False", "lastTransitionTime": now,
                "reason": "InstanceDeletionCompleted", "message": "removed all instances"}),
        );
    })
    .await
}

/// Tells whether objects are left that wait for somebody.
async fn delete_all(
    server: &Arc<Inner>,
    kind: &Kind,
    records: &[store::Record],
) -> Result<bool, Status> {
    let mut waits = false;
    for record in records {
        let outcome = delete_object(server, kind, &record.key, &Deletion::default()).await;
        match outcome {
            Ok(crate::registry::Deleted::Waiting(_)) => waits = true,
            Ok(crate::registry::Deleted::Gone(_)) => {}
            Err(status) if status.code == 404 => {}
            Err(status) => return Err(status),
        }
    }
    Ok(waits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(name: &str, established: &str) -> Value {
        json!({"metadata": {"name": name},
            "status": {"conditions": [{"type": "Established", "status": established}]}})
    }

    fn event(name: &str, change: Change) -> store::Event {
        store::Event { key: format!("/registry/definitions/{name}").into(), revision: 1, change }
    }

    fn created(one: &Value) -> Change {
        Change::Created(serde_json::to_vec(one).unwrap().into())
    }

    #[test]
    fn what_was_written_stays_established_until_its_event_comes() {
        let mut known = Known::default();
        let names = |known: &Known| -> Vec<String> {
            known.established().map(|one| meta::name(one).to_owned()).collect()
        };
        known.take(&event("a", created(&definition("a", "False")))).unwrap();
        assert!(names(&known).is_empty());
        known.ahead.insert("a".into(), definition("a", "True"));
        // The event of another one, and an older one of its own, change nothing.
        known.take(&event("b", created(&definition("b", "True")))).unwrap();
        known.take(&event("a", created(&definition("a", "False")))).unwrap();
        assert_eq!(names(&known), ["a", "b"]);
        known.take(&event("a", created(&definition("a", "True")))).unwrap();
        assert_eq!((names(&known).len(), known.ahead.len()), (2, 0));
        known.ahead.insert("b".into(), definition("b", "True"));
        let gone = Change::Deleted { value: "{}".into(), previous: "{}".into() };
        known.take(&event("b", gone)).unwrap();
        assert_eq!((names(&known), known.ahead.len()), (vec!["a".to_owned()], 0));
    }
}
