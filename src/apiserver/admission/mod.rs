//! Admission: what the cluster changes and refuses beyond a kind's own rules, plugin by plugin.

pub(crate) mod attributes;
mod certificates;
mod claim_resize;
pub(crate) mod conditions;
pub(crate) mod event_rate;
pub(crate) mod image_policy;
mod ingress_class;
mod limit_ranger;
pub(crate) mod namespace_lifecycle;
pub(crate) mod node_restriction;
mod optional;
mod owner_references;
mod parts;
mod placement;
pub(crate) mod plugins;
mod pod_security;
pub(crate) mod policies;
mod priority;
pub(crate) mod quota;
mod requester;
mod runtime_class;
mod service_account;
mod storage_class;
mod tolerations;
mod webhooks;

use std::sync::Arc;

use machinery::{kind::Kind, status::Status};
use serde_json::Value;

pub(crate) use self::parts::{connect, mutate_part, take, validate_part};
use self::{attributes::Attributes, plugins::Plugin, webhooks::Changed};
use crate::{authz, registry::Author, server::Inner};

/// A write on its way into the store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) server: &'a Arc<Inner>,
    pub(crate) kind: &'a Arc<Kind>,
    /// The object as it is; `None` when it is created.
    pub(crate) old: Option<&'a Value>,
    /// Who writes.
    pub(crate) author: &'a Author,
    /// Whether nothing is stored in the end.
    pub(crate) dry_run: bool,
}

impl Operation<'_> {
    fn acts(&self, plugin: Plugin) -> bool {
        self.server.config.plugins.act(plugin)
    }

    fn creates(&self, group: &str, plural: &str) -> bool {
        self.old.is_none() && self.kind.group == group && self.kind.plural == plural
    }
}

/// Lets every plugin change the object; returns warnings. What webhooks changed, our own plugins
/// complete again.
pub(crate) async fn mutate(
    operation: &Operation<'_>,
    object: &mut Value,
) -> Result<Vec<String>, Status> {
    complete(operation, object).await?;
    let Changed { changed, warnings } =
        outsiders_change(Attributes::of_write(operation), object).await?;
    if changed {
        complete(operation, object).await?;
    }
    if operation.acts(Plugin::ImagePolicyWebhook) {
        image_policy::check(operation, object).await?;
    }
    Ok(warnings)
}

/// Lets policies and webhooks change a request's object; tells whether webhooks did.
async fn outsiders_change(request: Attributes<'_>, object: &mut Value) -> Result<Changed, Status> {
    if request.operation.acts(Plugin::MutatingAdmissionPolicy) {
        policies::mutate(request, object).await?;
    }
    if !request.operation.acts(Plugin::MutatingAdmissionWebhook) {
        return Ok(Changed::default());
    }
    webhooks::mutate(request, object).await
}

async fn complete(operation: &Operation<'_>, object: &mut Value) -> Result<(), Status> {
    let acts = |plugin| operation.acts(plugin);
    if acts(Plugin::NamespaceAutoProvision) {
        namespace_lifecycle::provide(operation, object).await?;
    }
    if acts(Plugin::NamespaceLifecycle) {
        namespace_lifecycle::check(operation, object).await?;
    } else if acts(Plugin::NamespaceExists) {
        namespace_lifecycle::check_exists(operation, object).await?;
    }
    if acts(Plugin::LimitRanger) {
        limit_ranger::complete(operation, object).await?;
    }
    if acts(Plugin::ServiceAccount) {
        service_account::complete(operation, object).await?;
    }
    requester::complete(operation, object);
    if acts(Plugin::Priority) {
        priority::complete(operation, object).await?;
    }
    if acts(Plugin::DefaultTolerationSeconds) {
        tolerations::complete(operation, object);
    }
    if acts(Plugin::DefaultStorageClass) {
        storage_class::complete(operation, object).await?;
    }
    if acts(Plugin::DefaultIngressClass) {
        ingress_class::complete(operation, object).await?;
    }
    optional::complete(operation, object);
    placement::complete(operation, object).await?;
    if acts(Plugin::RuntimeClass) {
        runtime_class::complete(operation, object).await?;
    }
    Ok(())
}

/// What policies and webhooks say of a request; returns warnings.
async fn outsiders(attributes: &Attributes<'_>) -> Result<Vec<String>, Status> {
    let mut warnings = Vec::new();
    if attributes.operation.acts(Plugin::ValidatingAdmissionPolicy) {
        warnings.extend(policies::validate(attributes).await?);
    }
    if attributes.operation.acts(Plugin::ValidatingAdmissionWebhook) {
        let said = webhooks::validate(attributes).await;
        warnings.extend(said.map_err(|status| status.warned(&warnings))?);
    }
    Ok(warnings)
}

/// Lets every plugin refuse the object; returns warnings.
pub(crate) async fn validate(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Vec<String>, Status> {
    let acts = |plugin| operation.acts(plugin);
    authz::check_escalation(operation, object).await?;
    if acts(Plugin::NodeRestriction) {
        node_restriction::check(operation, Some(object))?;
    }
    if acts(Plugin::OwnerReferencesPermissionEnforcement) {
        owner_references::check(operation, object).await?;
    }
    if acts(Plugin::LimitRanger) {
        limit_ranger::check(operation, object).await?;
    }
    if acts(Plugin::PersistentVolumeClaimResize) {
        claim_resize::check(operation, object).await?;
    }
    if acts(Plugin::ServiceAccount) {
        service_account::check(operation, object).await?;
    }
    let mut warnings = Vec::new();
    if acts(Plugin::PodSecurity) {
        warnings.extend(pod_security::check(operation, object).await?);
    }
    if acts(Plugin::CertificateSubjectRestriction) {
        certificates::check_subject(operation, object)?;
    }
    if acts(Plugin::EventRateLimit) {
        event_rate::check(operation, object)?;
    }
    optional::check(operation, object)?;
    let said = outsiders(&Attributes::of_write(operation).about(object)).await;
    warnings.extend(said.map_err(|status| status.warned(&warnings))?);
    Ok(warnings)
}

/// Refuses what would exceed a quota. Whoever creates holds on to the turn until the object is stored,
/// so that two who come at once do not both take what is left.
pub(crate) async fn count(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Option<quota::Turn>, Status> {
    if !operation.acts(Plugin::ResourceQuota) {
        return Ok(None);
    }
    quota::check(operation, object).await
}

/// Lets policies refuse that an object, `operation.old`, goes.
pub(crate) async fn validate_deletion(operation: &Operation<'_>) -> Result<Vec<String>, Status> {
    if operation.acts(Plugin::NodeRestriction) {
        node_restriction::check(operation, None)?;
    }
    optional::deny(operation, operation.old.unwrap_or(&Value::Null))?;
    let attributes = Attributes { operation, verb: "DELETE", taken: None, object: None };
    outsiders(&attributes).await
}
