//! Creating objects.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    field::Errors,
    kind::{Change, Kind},
    meta,
    status::Status,
};
use serde_json::Value;
use store::{Durability, Expect, Op, Outcome, Write};

use super::{
    Author, Part,
    author::{Served, track},
    convert::{self, served_bytes},
    decode::check_media,
    decode_body, encode,
    identity::{self, Seen},
    refused, services,
};
use crate::{
    admission::{self, Operation},
    http::{Call, answer},
    server::Inner,
    table,
};

/// A creation that is about to happen.
#[derive(Debug)]
pub(crate) struct Creation<'a> {
    pub(crate) server: &'a Arc<Inner>,
    pub(crate) kind: &'a Arc<Kind>,
    pub(crate) namespace: &'a str,
    pub(crate) dry_run: bool,
    pub(crate) author: Author,
}

pub(super) async fn respond(call: &Call, body: &Bytes) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    check_media(&call.kind, &call.headers)?;
    let author = Author::of(call)?;
    let mut decoded = decode_body(&call.kind, &call.headers, &call.query, body)?;
    decoded.warnings.extend(identity::dedup_owners(&mut decoded.object, Seen::Given));
    let creation = Creation {
        server: &call.server,
        kind: &call.kind,
        namespace: call.namespace_of_object(),
        dry_run: call.query.dry_run(),
        author,
    };
    let created = creation.run(decoded.object).await;
    let (bytes, warnings) = created.map_err(|status| status.warned(&decoded.warnings))?;
    let response = table::answer_object(call, &bytes, 201, accept)?;
    Ok(answer::warned(answer::warned(response, &decoded.warnings), &warnings))
}

impl Creation<'_> {
    /// Creates an object that was decoded; returns it as its kind serves it, and warnings.
    pub(crate) async fn run(&self, mut object: Value) -> Result<(Bytes, Vec<String>), Status> {
        let Self { kind, server, .. } = self;
        if kind.has_status && !kind.status_on_create {
            meta::as_object(&mut object).remove("status");
        }
        identity::begin(kind, self.namespace, &mut object)?;
        kind.fill_defaults(&mut object);
        let served = Served { registry: &server.registry, kind };
        track(&served, &self.author, Part::Main, None, &mut object);
        kind.prepare_write(&mut object, None);
        let (author, dry_run) = (&self.author, self.dry_run);
        let operation = Operation { server, kind, old: None, author, dry_run };
        let mut warnings = admission::mutate(&operation, &mut object).await?;
        warnings.extend(identity::dedup_owners(&mut object, Seen::Admitted));

        let allocation = services::give(server, kind, &mut object, None, dry_run).await?;
        let _turn = match self.judged(&operation, &object, &mut warnings).await {
            Ok(turn) => turn,
            Err(status) => {
                services::give_back(server, allocation, &object).await;
                return Err(status.warned(&warnings));
            }
        };
        let bytes = match self.stored(&mut object).await {
            Ok(bytes) => bytes,
            Err(status) => {
                services::settle(server, allocation, &object, &status).await;
                return Err(status.warned(&warnings));
            }
        };
        if !self.dry_run {
            allocation.keep();
        }
        Ok((served_bytes(&server.registry, kind, &bytes).await?, warnings))
    }

    /// Checks the object, and lets admission refuse it.
    async fn judged(
        &self,
        operation: &Operation<'_>,
        object: &Value,
        warnings: &mut Vec<String>,
    ) -> Result<impl Sized + use<>, Status> {
        let kind = self.kind;
        let mut errors = Errors::default();
        let change = Change { new: object, old: None };
        identity::check(kind, object, None, &mut errors);
        kind.check(&change, &mut errors);
        if !errors.is_empty() {
            return Err(Status::invalid(kind.group_kind(), meta::name(object), &errors));
        }
        warnings.extend(kind.warnings(&change));
        warnings.extend(admission::validate(operation, object).await?);
        admission::count(operation, object).await
    }

    async fn stored(&self, object: &mut Value) -> Result<Bytes, Status> {
        let registry = &self.server.registry;
        convert::to_stored(registry, self.kind, object).await?;
        let name = meta::name(object).to_owned();
        let key = registry.key_of(self.kind, self.namespace, &name);
        self.write(&key, &name, object).await
    }

    async fn write(&self, key: &str, name: &str, object: &Value) -> Result<Bytes, Status> {
        let generated = !meta::text(object, "/metadata/generateName").is_empty();
        let exists = || {
            if generated {
                return Status::no_free_name(self.kind.resource(), name);
            }
            Status::already_exists(self.kind.resource(), name)
        };
        let registry = &self.server.registry;
        if self.dry_run {
            if registry.record(key).await?.is_some() {
                return Err(exists());
            }
            return serde_json::to_vec(&object).map(Bytes::from).map_err(Status::internal);
        }
        // A version that is none is passed over, as etcd's store has it.
        if meta::resource_version(object).parse().is_ok_and(|version: u64| version > 0) {
            let words = "resourceVersion should not be set on objects to be created";
            return Err(Status::failure(words));
        }
        let write = Write {
            key: key.into(),
            expect: Expect::Absent,
            op: Op::Put(encode(object)?),
            durability: Durability::Synced,
        };
        match registry.store().write(write).await.map_err(|error| refused(&error))? {
            Outcome::Done(record) => Ok(record.value),
            Outcome::Conflict(Some(found)) if meta::is_deleting(&super::read(&found)?) => {
                let mut status = exists();
                status.message = format!("object is being deleted: {}", status.message);
                Err(status)
            }
            Outcome::Conflict(_) => Err(exists()),
        }
    }
}
