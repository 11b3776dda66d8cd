//! Aggregation: which server answers for a group and version. `APIService`s of our own kinds are made
//! by us; requests for others are passed on to the services that they name.
//! Source: `k8s.io/kube-aggregator`.

mod available;
mod follow;
mod index;
mod local;
mod pass;

use std::sync::Arc;

use machinery::{meta, status::Status};
use serde_json::{Value, json};

pub use follow::follow_api_services;
pub(crate) use index::Index;
pub(crate) use local::{CUSTOM, bootstrap, keep_definitions, priority};
pub use pass::FrontProxy;
pub(crate) use pass::{Passed, answer};

use crate::{
    registry::{Author, Part, Update},
    server::Inner,
};

/// What a server tells beside its own kinds, and how it speaks to others.
#[derive(Debug, Clone, Default)]
pub struct Aggregation {
    /// What aggregated servers know us by; `None`: nothing.
    pub front_proxy: Option<FrontProxy>,
    /// Whether what nodes and pods use is told (metrics.k8s.io).
    pub resource_metrics: bool,
}

const GROUP: &str = api::apiregistration::GROUP;
const PLURAL: &str = "apiservices";
/// The group of the slices that say where services lead.
const SLICES: &str = "discovery.k8s.io";

/// What `Available` says: whether, a reason and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    available: bool,
    reason: &'static str,
    message: String,
}

impl Condition {
    fn local() -> Self {
        let message = "Local APIServices are always available".to_owned();
        Self { available: true, reason: "Local", message }
    }

    fn failed(reason: &'static str, message: impl Into<String>) -> Self {
        Self { available: false, reason, message: message.into() }
    }

    /// Tells whether an object says so already.
    fn is_said_by(&self, object: &Value) -> bool {
        let said = meta::items(object, "/status/conditions");
        let said = said.iter().find(|one| one["type"] == "Available");
        said.is_some_and(|said| {
            said["status"] == self.status()
                && said["reason"] == self.reason
                && said["message"] == self.message
        })
    }

    fn status(&self) -> &'static str {
        if self.available { "True" } else { "False" }
    }

    /// The status with this condition; its time stays where its status does.
    fn put(&self, object: &mut Value) {
        let said = meta::items(object, "/status/conditions");
        let mut others: Vec<Value> = said.to_vec();
        let old = others.iter().position(|one| one["type"] == "Available");
        let old = old.map(|at| others.remove(at));
        let since = old.filter(|old| old["status"] == self.status());
        let since = since.map(|old| old["lastTransitionTime"].clone());
        let now = || lifecycle::clock::rfc3339_seconds(lifecycle::clock::now()).into();
        others.push(json!({
            "type": "Available", "status": self.status(), "reason": self.reason,
            "message": self.message, "lastTransitionTime": since.unwrap_or_else(now),
        }));
        meta::put(object, "status", json!({"conditions": others}));
    }
}

/// Writes a condition where it is news. Errors: as writing a status has; a gone object is none.
async fn tell(server: &Arc<Inner>, name: &str, condition: &Condition) -> Result<(), Status> {
    let Some(kind) = server.registry.storage_kind(GROUP, PLURAL) else { return Ok(()) };
    let author = Author::server();
    let (part, dry_run) = (Part::Status, false);
    let update = Update { server, kind: &kind, namespace: "", name, part, dry_run, author };
    let change = |old: &Value| {
        let mut new = old.clone();
        if !condition.is_said_by(old) {
            condition.put(&mut new);
        }
        Ok(new)
    };
    match update.run(&mut { change }).await {
        Err(status) if status.code != 404 => Err(status),
        _ => Ok(()),
    }
}
