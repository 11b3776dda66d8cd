//! Deleting objects: grace, finalizers, propagation, preconditions, whole collections.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{kind::Kind, meta, status::Status, well_known};
use serde_json::{Value, json};
use store::{Durability, Expect, Op, Outcome, Record, Write};

use super::{
    Author,
    convert::{self, served_bytes},
    encode, list, read, refused, services,
};
use crate::{
    admission::{self, Operation, plugins::Plugin},
    http::{Call, answer, body::document},
    server::Inner,
    table,
};

/// How a deletion goes. Source: `metav1.DeleteOptions`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deletion {
    pub(crate) grace_seconds: Option<i64>,
    pub(crate) propagation: Option<String>,
    /// What older callers say in the place of `propagation`, which it becomes.
    pub(crate) orphan_dependents: Option<bool>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

/// What a deletion came to.
#[derive(Debug)]
pub(crate) enum Deleted {
    /// The object is gone.
    Gone(Value),
    /// The object waits for its grace period or its finalizers.
    Waiting(Bytes),
}

impl Deletion {
    fn read(call: &Call, body: &Bytes) -> Result<Self, Status> {
        let mut options = Self {
            grace_seconds: call.query.number("gracePeriodSeconds")?,
            propagation: Some(call.query.text("propagationPolicy").to_owned())
                .filter(|text| !text.is_empty()),
            dry_run: call.query.dry_run()?,
            ..Self::default()
        };
        if !body.is_empty() {
            let body = parse_options(call, body)?;
            if let Some(seconds) = meta::number(&body, "/gracePeriodSeconds") {
                options.grace_seconds = Some(seconds);
            }
            let text = |pointer: &str| {
                let text = body.pointer(pointer).and_then(Value::as_str);
                text.map(str::to_owned).filter(|text| !text.is_empty())
            };
            options.propagation = text("/propagationPolicy").or(options.propagation);
            if let Some(orphan) = body.get("orphanDependents").and_then(Value::as_bool) {
                let policy = if orphan { "Orphan" } else { "Background" };
                options.propagation = Some(policy.into());
                options.orphan_dependents = Some(orphan);
            }
            options.uid = text("/preconditions/uid");
            options.resource_version = text("/preconditions/resourceVersion");
            options.dry_run |= dry_run(&body)?;
        }
        options.check()?;
        Ok(options)
    }

    /// The options as admission sees them, without their kind: the grace of what has one is known by
    /// then, and what is empty is left out.
    fn shown(&self, kind: &Kind, object: &Value) -> Value {
        let mut options = json!({});
        let grace =
            if kind.graceful { Some(grace_of(kind, object, self)) } else { self.grace_seconds };
        if let Some(seconds) = grace {
            options["gracePeriodSeconds"] = seconds.into();
        }
        match (self.orphan_dependents, &self.propagation) {
            (Some(orphan), _) => options["orphanDependents"] = orphan.into(),
            (None, Some(policy)) => options["propagationPolicy"] = policy.as_str().into(),
            (None, None) => {}
        }
        for (name, value) in [("uid", &self.uid), ("resourceVersion", &self.resource_version)] {
            if let Some(value) = value {
                options["preconditions"][name] = value.as_str().into();
            }
        }
        if self.dry_run {
            options["dryRun"] = json!(["All"]);
        }
        options
    }

    fn check(&self) -> Result<(), Status> {
        let known = ["Background", "Foreground", "Orphan"];
        if let Some(policy) = self.propagation.as_deref().filter(|policy| !known.contains(policy)) {
            let mut errors = machinery::field::Errors::default();
            let path = machinery::field::Path::new("propagationPolicy");
            errors.not_supported(
                &path,
                &json!(policy),
                &["Foreground", "Background", "Orphan", "nil"],
            );
            let kind = machinery::status::Resource { group: "meta.k8s.io", name: "DeleteOptions" };
            return Err(Status::invalid(kind, "", &errors));
        }
        Ok(())
    }
}

fn dry_run(body: &Value) -> Result<bool, Status> {
    let given = meta::items(body, "/dryRun");
    if let Some(unknown) = given.iter().find(|one| **one != "All") {
        let mut errors = machinery::field::Errors::default();
        let path = machinery::field::Path::new("dryRun");
        errors.not_supported(&path, &json!([unknown]), &["All"]);
        let kind = machinery::status::Resource { group: "meta.k8s.io", name: "DeleteOptions" };
        return Err(Status::invalid(kind, "", &errors));
    }
    Ok(!given.is_empty())
}

fn parse_options(call: &Call, body: &Bytes) -> Result<Value, Status> {
    let parsed = document(&call.headers, body)?;
    let kind = meta::text(&parsed, "/kind");
    if !matches!(kind, "" | "DeleteOptions") {
        return Err(Status::bad_request(format!(
            "decoded object cannot be converted to DeleteOptions: {kind}"
        )));
    }
    Ok(parsed)
}

pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let options = Deletion::read(call, body)?;
    let namespace = call.namespace_of_object();
    let key = call.registry().key_of(&call.kind, namespace, call.name());
    let warnings = judged(call, &key, &options).await?;
    let deleted = delete_object(&call.server, &call.kind, &key, &options).await?;
    let mut response = told(call, deleted, accept)?;
    for warning in &warnings {
        answer::warn(&mut response, warning);
    }
    Ok(response)
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

fn told(call: &Call, deleted: Deleted, accept: answer::Accept) -> Result<Response, Status> {
    match deleted {
        Deleted::Waiting(bytes) => table::answer_object(call, &bytes, 200, accept),
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
    let options = Deletion::read(call, body)?;
    let page = list::page_of(call).await?;
    for record in &page.records {
        judged(call, &record.key, &options).await?;
        match delete_object(&call.server, &call.kind, &record.key, &options).await {
            Ok(_) => {}
            Err(status) if status.code == 404 => {}
            Err(status) => return Err(status),
        }
    }
    list::answer(call, &page, accept)
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
            return Ok(Deleted::Gone(object));
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
        let ends_now = kind.graceful
            && grace_of(kind, &object, options) == 0
            && meta::finalizers(&marked).next().is_none();
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

fn check_preconditions(
    kind: &Kind,
    name: &str,
    object: &Value,
    options: &Deletion,
) -> Result<(), Status> {
    let conflict = |what: &str, wanted: &str, found: &str| {
        let why = format!(
            "the {what} in the precondition ({wanted}) does not match the {what} in record \
             ({found}). The object might have been deleted and then recreated"
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

/// The object with its deletion begun; `None` where nothing needs to wait.
fn marked(kind: &Kind, object: &Value, options: &Deletion) -> Option<Value> {
    let mut marked = object.clone();
    propagate(&mut marked, options);
    if let (Some(mark), false) = (kind.deletion, meta::is_deleting(object)) {
        mark(&mut marked);
    }
    let grace = grace_of(kind, object, options);
    let waits_for_finalizers = meta::finalizers(&marked).next().is_some()
        || kind.finalized_in_spec && !meta::items(&marked, "/spec/finalizers").is_empty();
    let told = meta::number(object, "/metadata/deletionGracePeriodSeconds") == Some(0);
    if grace == 0 && !waits_for_finalizers && (told || !kind.graceful) {
        return None;
    }
    let now = lifecycle::clock::now();
    let deadline = now.checked_add(jiff::SignedDuration::from_secs(grace)).unwrap_or(now);
    let metadata = meta::metadata_mut(&mut marked);
    let before = metadata.get("deletionGracePeriodSeconds").and_then(Value::as_i64);
    if !metadata.contains_key("deletionTimestamp") || before.is_some_and(|before| grace < before) {
        let deadline = lifecycle::clock::rfc3339_seconds(deadline);
        metadata.insert("deletionTimestamp".into(), deadline.into());
        if !kind.finalized_in_spec && kind.deletion.is_none() {
            metadata.insert("deletionGracePeriodSeconds".into(), grace.into());
        }
        if kind.counts_generation && kind.deletion.is_none() {
            let generation = metadata.get("generation").and_then(Value::as_i64).unwrap_or(0);
            metadata.insert("generation".into(), (generation + 1).into());
        }
    }
    if kind.finalized_in_spec {
        meta::object_at(&mut marked, "status").insert("phase".into(), "Terminating".into());
    }
    Some(marked)
}

fn propagate(object: &mut Value, options: &Deletion) {
    let wanted = match options.propagation.as_deref() {
        Some("Orphan") => Some(well_known::ORPHAN),
        Some("Foreground") => Some(well_known::FOREGROUND_DELETION),
        Some(_) => None,
        None => return,
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
fn grace_of(kind: &Kind, object: &Value, options: &Deletion) -> i64 {
    if !kind.graceful {
        return 0;
    }
    let unscheduled = meta::text(object, "/spec/nodeName").is_empty();
    let ended = matches!(meta::text(object, "/status/phase"), "Succeeded" | "Failed");
    if unscheduled || ended {
        return 0;
    }
    let usual = meta::number(object, "/spec/terminationGracePeriodSeconds").unwrap_or(30);
    options.grace_seconds.unwrap_or(usual).max(0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admission_sees_options_as_kubernetes_sends_them() {
        let kind = |plural: &str| {
            let kinds = api::registry().iter();
            kinds.into_iter().find(|kind| kind.plural == plural).unwrap()
        };
        let (maps, pods) = (kind("configmaps"), kind("pods"));
        let pod = json!({"spec": {"nodeName": "n", "terminationGracePeriodSeconds": 7}});
        let plain = Deletion::default();
        let full = Deletion {
            grace_seconds: Some(5),
            propagation: Some("Orphan".into()),
            uid: Some("u".into()),
            resource_version: Some("1".into()),
            dry_run: true,
            ..Deletion::default()
        };
        let old = Deletion { orphan_dependents: Some(true), ..full.clone() };
        for (case, options, kind, want) in [
            ("nothing", &plain, maps, json!({})),
            ("what a pod has", &plain, pods, json!({"gracePeriodSeconds": 7})),
            (
                "all",
                &full,
                pods,
                json!({"gracePeriodSeconds": 5, "propagationPolicy": "Orphan", "dryRun": ["All"],
                    "preconditions": {"uid": "u", "resourceVersion": "1"}}),
            ),
            (
                "the old way",
                &old,
                maps,
                json!({"gracePeriodSeconds": 5, "orphanDependents": true, "dryRun": ["All"],
                    "preconditions": {"uid": "u", "resourceVersion": "1"}}),
            ),
        ] {
            assert_eq!(options.shown(kind, &pod), want, "{case}");
        }
    }
}
