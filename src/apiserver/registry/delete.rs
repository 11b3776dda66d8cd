//! Deleting objects: grace, finalizers, propagation, preconditions, whole collections.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    kind::{Dependents, Kind},
    meta,
    status::Status,
    well_known,
};
use serde_json::{Value, json};
use store::{Durability, Expect, Op, Outcome, Record, Write};

use super::{
    Author,
    convert::{self, served_bytes},
    deletion::Deletion,
    encode, list, read, refused, services,
};
use crate::{
    admission::{self, Operation, plugins::Plugin},
    http::{Call, answer},
    server::Inner,
    table,
};

/// What a deletion came to.
#[derive(Debug)]
pub(crate) enum Deleted {
    /// The object is gone.
    Gone(Value),
    /// The object waits for its grace period or its finalizers.
    Waiting(Bytes),
}

pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let options = Deletion::read(call, body)?;
    let namespace = call.namespace_of_object();
    let key = call.registry().key_of(&call.kind, namespace, call.name());
    let warnings = judged(call, &key, &options).await?;
    let warnings: Vec<String> =
        orphaned(&call.kind, &options).into_iter().chain(warnings).collect();
    let deleted = delete_object(&call.server, &call.kind, &key, &options).await;
    let deleted = deleted.map_err(|status| status.warned(&warnings))?;
    let waits = matches!(deleted, Deleted::Waiting(_));
    // Older callers who want dependents gone are told that they must wait.
    let code = if waits && options.orphan_dependents == Some(false) { 202 } else { 200 };
    Ok(answer::warned(told(call, deleted, (code, accept))?, &warnings))
}

/// What is said to whoever does not say what becomes of dependents.
fn orphaned(kind: &Kind, options: &Deletion) -> Option<String> {
    match (kind.dependents, options.policy()) {
        (Dependents::Orphaned(warning), None) => warning.map(str::to_owned),
        _ => None,
    }
}

/// Lets policies refuse the deletion; returns warnings.
async fn judged(call: &Call, key: &str, options: &Deletion) -> Result<Vec<String>, Status> {
    let plugins = &call.server.config.plugins;
    if plugins.act(Plugin::NamespaceLifecycle) {
        let name = key.rsplit('/').next().unwrap_or(key);
        admission::namespace_lifecycle::check_deletion(&call.kind, name)?;
    }
    let told = admission::node_restriction::concerns(plugins, &call.user)
        || plugins.act(Plugin::AlwaysDeny);
    if !told && !call.server.policies.refuse_any() {
        return Ok(Vec::new());
    }
    let Some(old) = call.registry().object_at(key).await? else { return Ok(Vec::new()) };
    let old = convert::to_served(call.registry(), &call.kind, old).await?;
    let author = Author { options: options.shown(&call.kind, &old), ..Author::of(call)? };
    let operation = Operation {
        server: &call.server,
        kind: &call.kind,
        old: Some(&old),
        author: &author,
        dry_run: options.dry_run,
    };
    admission::validate_deletion(&operation).await
}

fn told(
    call: &Call,
    deleted: Deleted,
    (code, accept): (u16, answer::Accept),
) -> Result<Response, Status> {
    match deleted {
        Deleted::Waiting(bytes) => table::answer_object(call, &bytes, code, accept),
        // Pods and a few others answer with the object itself.
        Deleted::Gone(object) if call.kind.graceful || call.kind.returns_deleted => {
            let bytes = serde_json::to_vec(&object).map_err(Status::internal)?;
            table::answer_object(call, &bytes.into(), 200, accept)
        }
        Deleted::Gone(object) => {
            let mut details =
                json!({"name": call.name(), "kind": call.kind.plural, "uid": meta::uid(&object)});
            if !call.kind.group.is_empty() {
                details["group"] = call.kind.group.as_str().into();
            }
            let status = json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                "details": details,
            });
            Ok(answer::document(200, &status, accept))
        }
    }
}

pub(super) async fn respond_all(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    list::Selection::of(call)?;
    let options = Deletion::read(call, body)?;
    let page = list::page_of(call).await?;
    let mut warnings: Vec<String> = orphaned(&call.kind, &options).into_iter().collect();
    for record in &page.records {
        warnings.extend(judged(call, &record.key, &options).await?);
        match delete_object(&call.server, &call.kind, &record.key, &options).await {
            Ok(_) => {}
            Err(status) if status.code == 404 => {}
            Err(status) => return Err(status.warned(&warnings)),
        }
    }
    Ok(answer::warned(list::answer(call, &page, accept)?, &warnings))
}

/// Deletes the object under `key`, or begins to.
///
/// Errors: 404, 409 where a precondition fails.
pub(crate) async fn delete_object(
    server: &Arc<Inner>,
    kind: &Kind,
    key: &str,
    options: &Deletion,
) -> Result<Deleted, Status> {
    let mut ending: Option<Value> = None;
    loop {
        let name = key.rsplit('/').next().unwrap_or(key);
        let record = server.registry.record(key).await?;
        // Told that the object ends, its node may have let it go before we came back for it.
        let Some(record) = record else {
            let missing = || Status::not_found(kind.resource(), name);
            return ending.map(Deleted::Gone).ok_or_else(missing);
        };
        let object = read(&record)?;
        if let Some(ended) = ending.take_if(|ended| meta::uid(ended) != meta::uid(&object)) {
            return Ok(Deleted::Gone(ended));
        }
        check_preconditions(kind, name, &object, options)?;
        let marked = marked(kind, &object, options);
        if options.dry_run {
            return would_be(server, kind, (object, marked), options).await;
        }
        let Some(marked) = marked else {
            match remove(server, kind, &record, &object).await? {
                Some(_) => return Ok(Deleted::Gone(object)),
                None => continue,
            }
        };
        if marked == object {
            return Ok(Deleted::Waiting(
                served_bytes(&server.registry, kind, &record.value).await?,
            ));
        }
        let ends_now = ends_now(kind, &object, &marked, options);
        let write = Write {
            key: Arc::clone(&record.key),
            expect: Expect::At(record.mod_revision),
            op: Op::Put(encode(&marked)?),
            durability: Durability::Synced,
        };
        let outcome = server.registry.store().write(write).await;
        if let Outcome::Done(done) = outcome.map_err(|error| refused(&error))? {
            if ends_now {
                // Watchers see that the object ends, then that it has ended.
                ending = Some(marked);
                continue;
            }
            return Ok(Deleted::Waiting(served_bytes(&server.registry, kind, &done.value).await?));
        }
    }
}

/// What a deletion would come to that is tried only.
async fn would_be(
    server: &Arc<Inner>,
    kind: &Kind,
    (object, marked): (Value, Option<Value>),
    options: &Deletion,
) -> Result<Deleted, Status> {
    let Some(marked) = marked else { return Ok(Deleted::Gone(object)) };
    if ends_now(kind, &object, &marked, options) {
        return Ok(Deleted::Gone(marked));
    }
    let bytes = serde_json::to_vec(&marked).map_err(Status::internal)?;
    Ok(Deleted::Waiting(served_bytes(&server.registry, kind, &bytes.into()).await?))
}

/// Tells whether the marked object has nothing to wait for.
fn ends_now(kind: &Kind, object: &Value, marked: &Value, options: &Deletion) -> bool {
    kind.graceful
        && grace_of(kind, object, options) == 0
        && meta::finalizers(marked).next().is_none()
}

fn check_preconditions(
    kind: &Kind,
    name: &str,
    object: &Value,
    options: &Deletion,
) -> Result<(), Status> {
    let conflict = |what: &str, wanted: &str, found: &str| {
        let might = if what == "UID" { "deleted and then recreated" } else { "modified" };
        let why = format!(
            "the {what} in the precondition ({wanted}) does not match the {what} in record \
             ({found}). The object might have been {might}"
        );
        Err(Status::conflict(kind.group_kind(), name, &why))
    };
    if let Some(uid) = options.uid.as_deref().filter(|uid| *uid != meta::uid(object)) {
        return conflict("UID", uid, meta::uid(object));
    }
    let version = meta::resource_version(object);
    if let Some(wanted) = options.resource_version.as_deref().filter(|one| *one != version) {
        return conflict("ResourceVersion", wanted, version);
    }
    Ok(())
}

/// The object with its deletion begun; `None` where nothing needs to wait. What ends already ends no
/// later, and nothing else of it changes. Source: `BeforeDelete` of k8s.io/apiserver.
fn marked(kind: &Kind, object: &Value, options: &Deletion) -> Option<Value> {
    let told = meta::number(object, "/metadata/deletionGracePeriodSeconds");
    if let Some(left) = told.filter(|left| kind.graceful && *left > 0) {
        let Some(grace) = options.grace_seconds.map(at_least_one).filter(|grace| *grace < left)
        else {
            return Some(object.clone());
        };
        return Some(sooner(object, left, grace));
    }
    let mut marked = object.clone();
    propagate(kind, &mut marked, options);
    if let (Some(mark), false) = (kind.deletion, meta::is_deleting(object)) {
        mark(&mut marked);
    }
    let grace = if told == Some(0) { 0 } else { grace_of(kind, object, options) };
    let waits_for_finalizers = meta::finalizers(&marked).next().is_some()
        || kind.finalized_in_spec && !meta::items(&marked, "/spec/finalizers").is_empty();
    if grace == 0 && !waits_for_finalizers && (told == Some(0) || !kind.graceful) {
        return None;
    }
    let now = lifecycle::clock::now();
    let deadline = now.checked_add(jiff::SignedDuration::from_secs(grace)).unwrap_or(now);
    let metadata = meta::metadata_mut(&mut marked);
    if !metadata.contains_key("deletionTimestamp") {
        let deadline = lifecycle::clock::rfc3339_seconds(deadline);
        metadata.insert("deletionTimestamp".into(), deadline.into());
        if !kind.finalized_in_spec && kind.deletion.is_none() {
            metadata.insert("deletionGracePeriodSeconds".into(), grace.into());
        }
        let generation = metadata.get("generation").and_then(Value::as_i64).unwrap_or(0);
        if generation > 0 && kind.deletion.is_none() {
            metadata.insert("generation".into(), (generation + 1).into());
        }
    }
    if kind.finalized_in_spec {
        meta::object_at(&mut marked, "status").insert("phase".into(), "Terminating".into());
    }
    Some(marked)
}

/// An object that ends in `left` seconds from when it was told so, told to end in `grace`: at the
/// earliest now, which is a second away for whoever wants any time at all.
fn sooner(object: &Value, left: i64, grace: i64) -> Value {
    let now = lifecycle::clock::now();
    let end: jiff::Timestamp =
        meta::text(object, "/metadata/deletionTimestamp").parse().unwrap_or(now);
    let moved = end.checked_sub(jiff::SignedDuration::from_secs(left - grace)).unwrap_or(now);
    let (end, grace) = if moved < now { (now, grace.min(1)) } else { (moved, grace) };
    let mut marked = object.clone();
    let metadata = meta::metadata_mut(&mut marked);
    metadata.insert("deletionTimestamp".into(), lifecycle::clock::rfc3339_seconds(end).into());
    metadata.insert("deletionGracePeriodSeconds".into(), grace.into());
    marked
}

/// A time below zero is a second.
fn at_least_one(seconds: i64) -> i64 {
    if seconds < 0 { 1 } else { seconds }
}

/// Writes down what becomes of dependents: as is wanted, else as the object says, else as is usual.
/// Source: `deletionFinalizersForGarbageCollection` of k8s.io/apiserver.
fn propagate(kind: &Kind, object: &mut Value, options: &Deletion) {
    let told = [well_known::ORPHAN, well_known::FOREGROUND_DELETION];
    let wanted = match (kind.dependents, options.policy()) {
        (Dependents::None, _) => None,
        (_, Some("Orphan")) => Some(well_known::ORPHAN),
        (_, Some("Foreground")) => Some(well_known::FOREGROUND_DELETION),
        (_, Some(_)) => None,
        (_, None) if meta::finalizers(object).any(|one| told.contains(&one)) => return,
        (Dependents::Orphaned(_), None) => Some(well_known::ORPHAN),
        (Dependents::Deleted, None) => return,
    };
    let mut finalizers: Vec<Value> = meta::items(object, "/metadata/finalizers").to_vec();
    finalizers.retain(|one| one != well_known::ORPHAN && one != well_known::FOREGROUND_DELETION);
    finalizers.extend(wanted.map(Value::from));
    let metadata = meta::metadata_mut(object);
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    } else {
        metadata.insert("finalizers".into(), finalizers.into());
    }
}

/// Seconds that the object has left: for pods, unless nobody runs them.
pub(super) fn grace_of(kind: &Kind, object: &Value, options: &Deletion) -> i64 {
    if !kind.graceful {
        return 0;
    }
    let unscheduled = meta::text(object, "/spec/nodeName").is_empty();
    let ended = matches!(meta::text(object, "/status/phase"), "Succeeded" | "Failed");
    if unscheduled || ended {
        return 0;
    }
    let usual = meta::number(object, "/spec/terminationGracePeriodSeconds").unwrap_or(0);
    at_least_one(options.grace_seconds.unwrap_or(usual))
}

/// Removes a record; `None` when somebody else wrote it, or removed it, in between.
async fn remove(
    server: &Arc<Inner>,
    kind: &Kind,
    record: &Record,
    object: &Value,
) -> Result<Option<Bytes>, Status> {
    let write = Write {
        key: Arc::clone(&record.key),
        expect: Expect::At(record.mod_revision),
        op: Op::Delete(Some(encode(object)?)),
        durability: Durability::Synced,
    };
    match server.registry.store().write(write).await.map_err(|error| refused(&error))? {
        Outcome::Done(done) => {
            services::release(server, kind, object, None).await;
            Ok(Some(done.value))
        }
        Outcome::Conflict(_) => Ok(None),
    }
}

/// Removes an object that is being deleted once an update took its last reason to wait.
pub(super) async fn finish_if_free(
    server: &Arc<Inner>,
    kind: &Kind,
    record: &Record,
    new: &Value,
) -> Result<Option<Bytes>, Status> {
    let grace = meta::number(new, "/metadata/deletionGracePeriodSeconds").unwrap_or(0);
    let free = meta::is_deleting(new)
        && grace == 0
        && meta::finalizers(new).next().is_none()
        && (!kind.finalized_in_spec || meta::items(new, "/spec/finalizers").is_empty());
    if !free {
        return Ok(None);
    }
    let mut stored = new.clone();
    convert::to_stored(&server.registry, kind, &mut stored).await?;
    remove(server, kind, record, &stored).await
}
