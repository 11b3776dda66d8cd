//! Changing objects, as a whole or their status alone.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    field::Errors,
    gofmt,
    kind::{Change, Kind},
    meta,
    status::Status,
};
use serde_json::Value;
use store::{Durability, Expect, Op, Outcome, Record, Write};

use super::{
    Author,
    author::{Served, track},
    convert::{self, served_bytes},
    create::Creation,
    decode_body,
    delete::finish_if_free,
    encode,
    identity::{self, Seen},
    read, refused,
    services::{self, Allocation},
};
use crate::{
    admission::{self, Operation},
    http::{Call, answer},
    server::Inner,
    table,
};

/// The part of an object that a write may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but the status, for kinds that have one.
    Main,
    /// The status alone.
    Status,
    /// Everything, for the server itself.
    Whole,
    /// The finalizers of a namespace's spec.
    Finalizers,
    /// A pod's node, which the scheduler chose: nobody's wish has changed.
    Binding,
    /// The part that a subresource of that name is of the object.
    Piece(&'static str),
}

/// An update that is about to happen.
#[derive(Debug)]
pub(crate) struct Update<'a> {
    pub(crate) server: &'a Arc<Inner>,
    pub(crate) kind: &'a Arc<Kind>,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) part: Part,
    pub(crate) dry_run: bool,
    pub(crate) author: Author,
}

/// What became of an update.
#[derive(Debug)]
pub(crate) struct Updated {
    pub(crate) bytes: Bytes,
    pub(crate) warnings: Vec<String>,
}

/// How often an update that may be repeated meets other writers before it gives up.
const ATTEMPTS: usize = 32;

pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    respond_part(call, body, Part::Main).await
}

/// Answers a PUT of a part of an object.
pub(crate) async fn respond_part(
    call: &Call,
    body: &Bytes,
    part: Part,
) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let update = Update::of(call, part)?;
    let mut decoded = decode_body(&call.kind, &call.headers, &call.query, body)?;
    identity::set_namespace(&call.kind, call.namespace_of_object(), &mut decoded.object)?;
    check_name(call.name(), &decoded.object)?;
    decoded.warnings.extend(identity::dedup_owners(&mut decoded.object, Seen::Given));
    let exists = call.registry().record(&update.key()).await?.is_some();
    let object = decoded.object;
    let written = if !exists && call.kind.create_on_update && part == Part::Main {
        let creation = Creation {
            server: &call.server,
            kind: &call.kind,
            namespace: call.namespace_of_object(),
            dry_run: update.dry_run,
            author: update.author.clone(),
        };
        creation.run(object).await.map(|(bytes, warnings)| (Updated { bytes, warnings }, 201))
    } else {
        update.run(&mut |_| Ok(object.clone())).await.map(|updated| (updated, 200))
    };
    let (updated, code) = written.map_err(|status| status.warned(&decoded.warnings))?;
    let response = table::answer_object(call, &updated.bytes, code, accept)?;
    Ok(answer::warned(answer::warned(response, &decoded.warnings), &updated.warnings))
}

pub(super) fn check_name(name: &str, object: &Value) -> Result<(), Status> {
    let given = meta::name(object);
    if given.is_empty() {
        return Err(Status::bad_request(format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        )));
    }
    if given != name {
        return Err(Status::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        )));
    }
    Ok(())
}

impl<'a> Update<'a> {
    /// The update that a request asks for.
    pub(crate) fn of(call: &'a Call, part: Part) -> Result<Self, Status> {
        Ok(Self {
            server: &call.server,
            kind: &call.kind,
            namespace: call.namespace_of_object(),
            name: call.name(),
            part,
            dry_run: call.query.dry_run(),
            author: Author::of(call)?,
        })
    }

    pub(super) fn key(&self) -> String {
        self.server.registry.key_of(self.kind, self.namespace, self.name)
    }

    /// Changes the object by `change`, which is given the served object and may be asked again
    /// when somebody else wrote in between: a result that names the version it was made from, and
    /// not the one it is given, is then refused.
    pub(crate) async fn run(
        &self,
        change: &mut (dyn FnMut(&Value) -> Result<Value, Status> + Send),
    ) -> Result<Updated, Status> {
        for _ in 0..ATTEMPTS {
            let record = self.server.registry.record(&self.key()).await?;
            let not_found = || Status::not_found(self.kind.resource(), self.name);
            let record = record.ok_or_else(not_found)?;
            let stored = read(&record)?;
            let old = convert::to_served(&self.server.registry, self.kind, stored).await?;
            let new = change(&old)?;
            self.check_version(&new, &old)?;
            if let Some(updated) = self.attempt(&record, &old, new).await? {
                return Ok(updated);
            }
        }
        Err(Status::modified(self.kind.resource(), self.name))
    }

    /// Refuses an object that names another version than it replaces, or another object.
    fn check_version(&self, new: &Value, old: &Value) -> Result<(), Status> {
        let given = meta::resource_version(new);
        let uid = meta::uid(new);
        if !uid.is_empty() && uid != meta::uid(old) {
            let why = format!(
                "StorageError: invalid object, Code: 4, Key: {}, ResourceVersion: 0, \
                 AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object \
                 meta: {}",
                self.key().replace("/core/", "/"),
                meta::uid(old)
            );
            return Err(Status::conflict(self.kind.resource(), self.name, &why));
        }
        if given.is_empty() || given == "0" {
            if !self.kind.unconditional_update && self.part != Part::Whole {
                let mut errors = Errors::default();
                let path = machinery::field::Path::new("metadata").child("resourceVersion");
                errors.invalid(&path, &0.into(), "must be specified for an update");
                return Err(Status::invalid(self.kind.resource(), self.name, &errors));
            }
            return Ok(());
        }
        if let Err(error) = gofmt::parse_uint(given, u64::MAX) {
            return Err(Status::failure(error));
        }
        if given != meta::resource_version(old) {
            return Err(Status::modified(self.kind.resource(), self.name));
        }
        Ok(())
    }

    /// One try; `None` when somebody else wrote in between.
    async fn attempt(
        &self,
        record: &Record,
        old: &Value,
        new: Value,
    ) -> Result<Option<Updated>, Status> {
        let Self { kind, server, .. } = self;
        let mut new = self.completed(new, old)?;
        let served = Served { registry: &server.registry, kind };
        track(&served, &self.author, self.part, Some(old), &mut new);
        let (author, dry_run) = (&self.author, self.dry_run);
        let operation = Operation { server, kind, old: Some(old), author, dry_run };
        let mut warnings = match self.part {
            Part::Main => admission::mutate(&operation, &mut new).await?,
            Part::Binding => Vec::new(),
            _ if author.subresource.is_empty() => Vec::new(),
            _ => self.mutate_part(&operation, &mut new).await?,
        };
        warnings.extend(identity::dedup_owners(&mut new, Seen::Admitted));
        let allocation = if self.part == Part::Main {
            services::give(server, kind, &mut new, Some(old), dry_run).await?
        } else {
            Allocation::default()
        };
        let change = Change { new: &new, old: Some(old) };
        let _turn = match self.checked(&operation, &change, &mut warnings).await {
            Ok(turn) => turn,
            Err(status) => {
                services::give_back(server, allocation, &new).await;
                return Err(status.warned(&warnings));
            }
        };
        if new == *old {
            return Ok(Some(Updated {
                bytes: served_bytes(&server.registry, kind, &record.value).await?,
                warnings,
            }));
        }
        if self.dry_run {
            let bytes = serde_json::to_vec(&new).map_err(Status::internal)?;
            return Ok(Some(Updated { bytes: bytes.into(), warnings }));
        }
        if let Some(bytes) = finish_if_free(server, kind, record, &new).await? {
            services::give_back(server, allocation, &new).await;
            return Ok(Some(Updated {
                bytes: served_bytes(&server.registry, kind, &bytes).await?,
                warnings,
            }));
        }
        let Some(bytes) = self.store(record, old, new, allocation).await? else {
            return Ok(None);
        };
        Ok(Some(Updated { bytes: served_bytes(&server.registry, kind, &bytes).await?, warnings }))
    }

    /// Lets admission change the part that is written, and nothing beside it.
    async fn mutate_part(
        &self,
        operation: &Operation<'_>,
        new: &mut Value,
    ) -> Result<Vec<String>, Status> {
        let before = new.clone();
        let warnings = admission::mutate_part(operation, new).await?;
        let alone = matches!(self.part, Part::Status | Part::Piece(_));
        if let Some(old) = operation.old.filter(|_| alone && *new != before) {
            *new = self.completed(new.take(), old)?;
        }
        Ok(warnings)
    }

    /// Checks the new object, and lets admission refuse it.
    async fn checked(
        &self,
        operation: &Operation<'_>,
        change: &Change<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Option<impl Sized + use<>>, Status> {
        let mut errors = Errors::default();
        identity::check(self.kind, change.new, change.old, &mut errors);
        self.check_part(change, &mut errors);
        if !errors.is_empty() {
            return Err(Status::invalid(self.kind.group_kind(), self.name, &errors));
        }
        self.judged(operation, change, warnings).await
    }

    /// Writes the new object; `None` when somebody else wrote in between.
    async fn store(
        &self,
        record: &Record,
        old: &Value,
        mut new: Value,
        allocation: Allocation,
    ) -> Result<Option<Bytes>, Status> {
        let Self { kind, server, .. } = self;
        convert::to_stored(&server.registry, kind, &mut new).await?;
        let write = Write {
            key: Arc::clone(&record.key),
            expect: Expect::At(record.mod_revision),
            op: Op::Put(encode(&new)?),
            durability: if kind.renewed { Durability::Volatile } else { Durability::Synced },
        };
        let outcome = server.registry.store().write(write).await;
        match outcome.map_err(|error| refused(&error)) {
            Ok(Outcome::Done(done)) => {
                allocation.keep();
                services::release(server, kind, old, Some(&new)).await;
                Ok(Some(done.value))
            }
            Ok(Outcome::Conflict(found)) => {
                services::give_back(server, allocation, &new).await;
                let missing = || Status::not_found(kind.resource(), self.name);
                found.map(|_| None).ok_or_else(missing)
            }
            Err(status) => {
                services::settle(server, allocation, &new, &status).await;
                Err(status)
            }
        }
    }

    /// Lets admission refuse the write. The server's own writes are its own.
    async fn judged(
        &self,
        operation: &Operation<'_>,
        change: &Change<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Option<impl Sized + use<>>, Status> {
        match self.part {
            Part::Main => {
                warnings.extend(self.kind.warnings(change));
                warnings.extend(admission::validate(operation, change.new).await?);
                return admission::count(operation, change.new).await;
            }
            _ if self.author.subresource.is_empty() => {}
            _ => warnings.extend(admission::validate_part(operation, change.new).await?),
        }
        Ok(None)
    }

    /// Checks the part that changes by the kind's rules.
    fn check_part(&self, change: &Change<'_>, errors: &mut Errors) {
        let kind = self.kind;
        match (self.part, &kind.custom) {
            (Part::Main, _) => kind.check(change, errors),
            (Part::Status, Some(custom)) => {
                custom.structure.check_status(change.new, change.old, errors);
                (custom.rules.0)(change, errors);
            }
            (Part::Status, None) => kind.check_status(change, errors),
            (Part::Piece(name), _) => {
                if let Some(piece) = kind.piece(name) {
                    (piece.check)(change, errors);
                }
            }
            _ => {}
        }
    }

    /// The new object with what the server keeps: identity, the other part, the generation.
    fn completed(&self, mut new: Value, old: &Value) -> Result<Value, Status> {
        identity::set_namespace(self.kind, self.namespace, &mut new)?;
        let metadata = meta::metadata_mut(&mut new);
        for key in ["generation", "resourceVersion", "creationTimestamp"] {
            match old.pointer(&format!("/metadata/{key}")) {
                Some(value) => metadata.insert(key.into(), value.clone()),
                None => metadata.remove(key),
            };
        }
        // What is left out stays; what is given and differs is refused by validation.
        for key in ["uid", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            if let Some(value) = old.pointer(&format!("/metadata/{key}")) {
                meta::set_default(metadata, key, value.clone());
            }
        }
        meta::metadata_mut(&mut new).remove("selfLink");
        identity::drop_empty(&mut new);
        match self.part {
            Part::Main if self.kind.has_status => keep(&mut new, old, "status"),
            Part::Main | Part::Whole | Part::Finalizers | Part::Binding => {}
            Part::Status => {
                let mut whole = old.clone();
                keep(&mut whole, &new, "status");
                if !self.kind.status_metadata_kept {
                    let metadata = meta::metadata_mut(&mut whole);
                    for key in WRITTEN_WITH_STATUS {
                        match new.pointer(&format!("/metadata/{key}")) {
                            Some(value) => metadata.insert(key.into(), value.clone()),
                            None => metadata.remove(key),
                        };
                    }
                }
                new = whole;
            }
            Part::Piece(name) => {
                let mut whole = old.clone();
                if let Some(piece) = self.kind.piece(name) {
                    (piece.take)(&mut whole, &new, lifecycle::clock::now());
                }
                keep(&mut whole["metadata"], &new["metadata"], "managedFields");
                new = whole;
            }
        }
        self.kind.fill_defaults(&mut new);
        if matches!(self.part, Part::Piece(_)) {
            self.count_generation(&mut new, old);
        }
        if matches!(self.part, Part::Main | Part::Whole) {
            self.count_generation(&mut new, old);
            self.kind.prepare_write(&mut new, Some(old));
        }
        Ok(new)
    }

    fn count_generation(&self, new: &mut Value, old: &Value) {
        if !self.kind.counts_generation {
            return;
        }
        let content = |object: &Value| -> Vec<(String, Value)> {
            let fields = object.as_object().into_iter().flatten();
            fields
                .filter(|(key, _)| !matches!(key.as_str(), "metadata" | "status"))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        };
        if content(new) != content(old) {
            let count = meta::number(old, "/metadata/generation").unwrap_or(0) + 1;
            meta::metadata_mut(new).insert("generation".into(), count.into());
        }
    }
}

/// Metadata that writers of the status may change.
const WRITTEN_WITH_STATUS: [&str; 4] = ["labels", "annotations", "finalizers", "managedFields"];

fn keep(target: &mut Value, source: &Value, field: &str) {
    let fields = meta::as_object(target);
    match source.get(field) {
        Some(value) => fields.insert(field.into(), value.clone()),
        None => fields.remove(field),
    };
}
