//! The generic registry: every kind's objects, by the kind's descriptor alone.

mod apply;
mod author;
mod codec;
pub(crate) mod convert;
mod create;
mod custom;
mod decode;
mod delete;
mod deletion;
mod identity;
mod list;
mod options;
mod patch;
pub(crate) mod services;
mod update;
mod watch;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use machinery::{kind::Kind, status::Status};
use serde_json::Value;
use store::{Engine, Range, Record, StoreError};

use crate::{
    http::{Call, answer, read_body},
    kept::Connections,
    table,
};
use services::Ports;

pub(crate) use author::{Author, Tracking};
pub(crate) use codec::{encode, escaped};
pub(crate) use create::Creation;
pub(crate) use decode::{decode_body, decode_value};
pub(crate) use delete::{Deleted, delete_object};
pub(crate) use deletion::Deletion;
pub(crate) use identity::suffix;
#[cfg(test)]
pub(crate) use list::read_token;
pub(crate) use patch::json_refused;
pub use services::follow_services;
pub(crate) use update::{Part, Update};

/// Every kind and the store behind them.
#[derive(Debug)]
pub(crate) struct Registry {
    store: Arc<dyn Engine>,
    catalog: RwLock<Arc<Catalog>>,
    /// The ports of services on nodes.
    pub(crate) ports: Ports,
    /// Connections to webhooks, which convert objects and judge them.
    pub(crate) kept: Arc<Connections>,
}

/// The kinds as of one moment.
#[derive(Debug)]
struct Catalog {
    kinds: Arc<[Arc<Kind>]>,
    by_path: HashMap<(String, String, String), Arc<Kind>>,
}

impl Catalog {
    fn new(kinds: Vec<Arc<Kind>>) -> Self {
        let path = |kind: &Kind| (kind.group.clone(), kind.version.clone(), kind.plural.clone());
        let by_path = kinds.iter().map(|kind| (path(kind), Arc::clone(kind))).collect();
        Self { kinds: kinds.into(), by_path }
    }
}

impl Registry {
    /// A registry of `kinds` over a store.
    pub(crate) fn new(store: Arc<dyn Engine>, kinds: &[Arc<Kind>], ports: Ports) -> Self {
        let catalog = RwLock::new(Arc::new(Catalog::new(kinds.to_vec())));
        Self { store, catalog, ports, kept: Arc::default() }
    }

    /// All kinds, as of now.
    pub(crate) fn kinds(&self) -> Arc<[Arc<Kind>]> {
        Arc::clone(&self.catalog().kinds)
    }

    fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves these kinds that users defined, beside the built-in ones and instead of the former.
    pub(crate) fn serve_custom(&self, custom: Vec<Arc<Kind>>) {
        let mut catalog = self.catalog.write().unwrap_or_else(PoisonError::into_inner);
        let built_in = catalog.kinds.iter().filter(|kind| kind.custom.is_none()).cloned();
        *catalog = Arc::new(Catalog::new(built_in.chain(custom).collect()));
    }

    /// The store.
    pub(crate) fn store(&self) -> &dyn Engine {
        self.store.as_ref()
    }

    /// The kind that a path names.
    pub(crate) fn kind(&self, group: &str, version: &str, plural: &str) -> Option<Arc<Kind>> {
        let path = (group.to_owned(), version.to_owned(), plural.to_owned());
        self.catalog().by_path.get(&path).cloned()
    }

    /// The kind that stores a resource, whatever versions it is served in.
    pub(crate) fn storage_kind(&self, group: &str, plural: &str) -> Option<Arc<Kind>> {
        let kinds = self.kinds();
        kinds.iter().find(|kind| kind.group == group && kind.plural == plural).cloned()
    }

    /// The same resource in another version.
    pub(crate) fn sibling(&self, kind: &Kind, api_version: &str) -> Option<Arc<Kind>> {
        let same = |one: &&Arc<Kind>| one.storage == kind.storage && one.kind == kind.kind;
        self.kinds().iter().filter(same).find(|one| one.api_version() == api_version).cloned()
    }

    /// The key of an object, or the prefix of a namespace where `name` is empty.
    #[expect(clippy::unused_self, reason = "where objects stand is the registry's knowledge")]
    pub(crate) fn key(&self, group: &str, plural: &str, namespace: &str, name: &str) -> String {
        let group = if group.is_empty() { "core" } else { group };
        if namespace.is_empty() {
            format!("/registry/{group}/{plural}/{name}")
        } else {
            format!("/registry/{group}/{plural}/{namespace}/{name}")
        }
    }

    /// The key of an object of a kind.
    pub(crate) fn key_of(&self, kind: &Kind, namespace: &str, name: &str) -> String {
        self.key(&kind.storage.0, &kind.storage.1, namespace, name)
    }

    /// The record under a key.
    pub(crate) async fn record(&self, key: &str) -> Result<Option<Record>, Status> {
        self.store.get(key).await.map_err(|error| refused(&error))
    }

    /// The stored object under a key.
    pub(crate) async fn object_at(&self, key: &str) -> Result<Option<Value>, Status> {
        match self.record(key).await? {
            Some(record) => read(&record).map(Some),
            None => Ok(None),
        }
    }

    /// All stored objects of a resource; of one namespace where one is given.
    pub(crate) async fn objects(
        &self,
        group: &str,
        plural: &str,
        namespace: &str,
    ) -> Result<Vec<Value>, Status> {
        let range = Range { prefix: self.key(group, plural, namespace, ""), ..Range::default() };
        let page = self.store.range(&range).await.map_err(|error| refused(&error))?;
        page.records.iter().map(read).collect()
    }
}

/// The stored object of a record.
pub(crate) fn read(record: &Record) -> Result<Value, Status> {
    serde_json::from_slice(&record.value).map_err(Status::internal)
}

/// What the store's refusal means to a caller.
pub(crate) fn refused(error: &StoreError) -> Status {
    match error {
        StoreError::Compacted { asked, .. } => {
            Status::expired(format!("too old resource version: {asked}"))
        }
        StoreError::Future { asked, newest } => Status::future_revision(*asked, *newest),
        StoreError::Remote { message } => Status::failure(message),
        StoreError::TimedOut => Status::timed_out(error),
        other => Status::internal(other),
    }
}

/// Answers a request for objects of a kind.
pub(crate) async fn respond(call: &Call, body: Body) -> Result<Response, Status> {
    let kind = &call.kind;
    let verb = call.info.verb;
    let nameless = call.name().is_empty() && matches!(verb, "update" | "patch");
    if nameless && kind.custom.is_some() {
        // Of these a handler is asked before anybody misses the name.
        return deprecated(kind, Err(Status::bad_request("name must be provided")));
    }
    let placed = matches!(verb, "create" | "deletecollection");
    let placeless = placed && kind.is_namespaced() && call.namespace().is_empty();
    if !kind.verbs.contains(&verb) || nameless || placeless && kind.custom.is_none() {
        return Err(Status::http_method_not_allowed());
    }
    let answer = match call.info.verb {
        "get" => get(call).await,
        "list" => list::respond(call).await,
        "watch" => watch::respond(call).await,
        "create" => create::respond(call, &read_body(body).await?).await,
        "update" => update::respond(call, &read_body(body).await?).await,
        "patch" => patch::respond(call, &read_body(body).await?, Part::Main).await,
        "delete" => delete::respond(call, &read_body(body).await?).await,
        "deletecollection" => delete::respond_all(call, &read_body(body).await?).await,
        _ => Err(Status::http_method_not_allowed()),
    };
    deprecated(kind, answer)
}

/// The answer, that its kind is deprecated being the first that it warns of.
pub(crate) fn deprecated(
    kind: &Kind,
    answer: Result<Response, Status>,
) -> Result<Response, Status> {
    let Some(warning) = &kind.deprecation else { return answer };
    let warning = std::slice::from_ref(warning);
    match answer {
        Ok(response) => Ok(answer::warned_first(response, warning)),
        Err(status) => Err(status.warned(warning)),
    }
}

async fn get(call: &Call) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    check_get(call).await?;
    let served = served(call, call.name()).await?;
    table::answer_object(call, &served, 200, accept)
}

/// Refuses options of a read that cannot be met: it shows what is now.
async fn check_get(call: &Call) -> Result<(), Status> {
    if call.query.flag("export") {
        let words = "the export parameter, deprecated since v1.14, is no longer supported";
        return Err(Status::bad_request(words));
    }
    let version = call.query.text("resourceVersion");
    if version.is_empty() {
        return Ok(());
    }
    let asked =
        version.parse().map_err(|_| Status::failure(list::invalid_version(version).message))?;
    let now = call.registry().store().revision().await.map_err(|error| refused(&error))?;
    if asked > now {
        return Err(Status::future_revision(asked, now));
    }
    Ok(())
}

/// The pair of status and metadata parts that a patch of a subresource may touch.
pub(crate) async fn patch_part(call: &Call, body: &Bytes, part: Part) -> Result<Response, Status> {
    patch::respond(call, body, part).await
}

/// Answers a PUT of a part of an object.
pub(crate) async fn put_part(call: &Call, body: &Bytes, part: Part) -> Result<Response, Status> {
    update::respond_part(call, body, part).await
}

/// An object as its kind serves it, in bytes. Errors: 404.
pub(crate) async fn served(call: &Call, name: &str) -> Result<Bytes, Status> {
    let registry = call.registry();
    let key = registry.key_of(&call.kind, call.namespace_of_object(), name);
    let record = registry.record(&key).await?;
    let record = record.ok_or_else(|| Status::not_found(call.kind.resource(), name))?;
    convert::served_bytes(registry, &call.kind, &record.value).await
}

/// The query as text, for content negotiation.
pub(crate) fn query_text(call: &Call) -> String {
    if call.query.pairs().iter().any(|(key, _)| key == "pretty") {
        return format!("pretty={}", call.query.text("pretty"));
    }
    String::new()
}

impl Call {
    /// The namespace under which the kind's objects are stored.
    pub(crate) fn namespace_of_object(&self) -> &str {
        if self.kind.is_namespaced() { self.namespace() } else { "" }
    }
}
