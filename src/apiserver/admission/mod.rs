//! Admission: what the cluster changes and refuses beyond a kind's own rules, plugin by plugin.

mod limit_ranger;
mod namespace_lifecycle;
mod pod_security;
mod priority;
mod quota;
mod requester;
mod runtime_class;
mod service_account;
mod storage_class;
mod tolerations;

use std::sync::Arc;

use machinery::{kind::Kind, status::Status};
use serde_json::Value;

use crate::{authz, registry::Author, server::Inner};

/// A write on its way into the store.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) server: &'a Arc<Inner>,
    pub(crate) kind: &'a Kind,
    /// The object as it is; `None` when it is created.
    pub(crate) old: Option<&'a Value>,
    /// Who writes.
    pub(crate) author: &'a Author,
}

impl Operation<'_> {
    fn creates(&self, group: &str, plural: &str) -> bool {
        self.old.is_none() && self.kind.group == group && self.kind.plural == plural
    }
}

/// Lets every plugin change the object.
pub(crate) async fn mutate(operation: &Operation<'_>, object: &mut Value) -> Result<(), Status> {
    namespace_lifecycle::check(operation, object).await?;
    limit_ranger::complete(operation, object).await?;
    service_account::complete(operation, object).await?;
    requester::complete(operation, object);
    priority::complete(operation, object).await?;
    tolerations::complete(operation, object);
    storage_class::complete(operation, object).await?;
    runtime_class::complete(operation, object).await
}

/// Lets every plugin refuse the object; returns warnings.
pub(crate) async fn validate(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Vec<String>, Status> {
    authz::check_escalation(operation, object).await?;
    limit_ranger::check(operation, object).await?;
    service_account::check(operation, object).await?;
    let warnings = pod_security::check(operation, object).await?;
    quota::check(operation, object).await?;
    Ok(warnings)
}
