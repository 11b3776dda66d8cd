//! Admission webhooks: what programs outside say of writes.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/webhook`.

mod review;

use std::{sync::Arc, time::Duration};

use api::admissionregistration::expressions::{self, Compiled};
use futures::future::join_all;
use machinery::{kind::Kind, meta, patch::apply_json_patch, schema, status::Status};
use serde_json::Value;

use self::review::{Answer, Review};
use super::{
    Operation,
    attributes::Attributes,
    conditions::{self, Facts},
};
use crate::webhook::Endpoint;

const SECONDS: u64 = 10;

/// A webhook, with its conditions compiled.
#[derive(Debug)]
pub(crate) struct Webhook {
    /// One entry of a configuration's `webhooks`.
    object: Value,
    conditions: Vec<(String, String, Compiled)>,
}

impl Webhook {
    /// The webhooks of a configuration, in its order.
    pub(super) fn all_of(configuration: &Value) -> Vec<Arc<Self>> {
        let names = expressions::names(expressions::Scope {
            authorizer: true,
            ..expressions::Scope::default()
        });
        meta::items(configuration, "/webhooks")
            .iter()
            .map(|object| {
                let conditions = expressions::conditions(object, &names);
                Arc::new(Self { object: object.clone(), conditions })
            })
            .collect()
    }

    fn name(&self) -> &str {
        meta::text(&self.object, "/name")
    }

    fn text(&self, field: &str) -> &str {
        self.object[field].as_str().unwrap_or_default()
    }

    fn ignores_failure(&self) -> bool {
        self.text("failurePolicy") == "Ignore"
    }

    fn limit(&self) -> Duration {
        let seconds = meta::number(&self.object, "/timeoutSeconds");
        Duration::from_secs(seconds.and_then(|it| u64::try_from(it).ok()).unwrap_or(SECONDS))
    }

    /// What was wrong with calling it.
    fn failed(&self, why: &str) -> Status {
        let cause = format!("failed calling webhook {:?}: {why}", self.name());
        Status::internal(cause)
    }

    /// Tells whether the webhook is to be asked. Errors: its conditions cannot be told.
    async fn is_meant(&self, attributes: &Attributes<'_>) -> Result<bool, Status> {
        if !attributes.are_meant_by(&self.object, "rules").await? {
            return Ok(false);
        }
        if self.conditions.is_empty() {
            return Ok(true);
        }
        let mut facts = Facts::of(attributes).await?;
        let met = facts.with(attributes, &[], |scope| conditions::hold(&self.conditions, scope));
        match met.await? {
            Ok(met) => Ok(met),
            Err(_) if self.ignores_failure() => Ok(false),
            Err(why) => {
                let why = format!("webhook {:?} has failing matchConditions: {why}", self.name());
                Err(Status::forbidden(attributes.kind().resource(), attributes.name(), &why))
            }
        }
    }

    /// Asks. `None`: nothing came back, which the webhook's policy ignores.
    async fn ask(
        &self,
        attributes: &Attributes<'_>,
    ) -> Result<Option<(Answer, Arc<Kind>)>, Status> {
        let effects = self.text("sideEffects");
        if attributes.operation.dry_run && !matches!(effects, "None" | "NoneOnDryRun") {
            let name = self.name();
            return Err(Status::bad_request(format!(
                "admission webhook {name:?} does not support dry run"
            )));
        }
        match self.call(attributes).await {
            Ok(answered) => Ok(Some(answered)),
            Err(why) if self.ignores_failure() => {
                tracing::warn!(webhook = self.name(), why, "a webhook failed, as it may");
                Ok(None)
            }
            Err(why) => Err(self.failed(&why)),
        }
    }

    async fn call(&self, attributes: &Attributes<'_>) -> Result<(Answer, Arc<Kind>), String> {
        let gone = || format!("{} is not served any more", attributes.kind().kind);
        let kind = self.wanted_kind(attributes).ok_or_else(gone)?;
        let review = Review::of(&self.object, attributes, &kind)?;
        let config = &self.object["clientConfig"];
        let registry = &attributes.server().registry;
        let failed = |why: String| format!("failed to call webhook: {why}");
        let endpoint = Endpoint::of(config, registry).await.map_err(failed)?;
        let query = format!("timeout={}s", self.limit().as_secs());
        let answer = endpoint.post(&review.document, &query, self.limit()).await.map_err(failed)?;
        let invalid = |why: String| format!("received invalid webhook response: {why}");
        Ok((review.read(&answer).map_err(invalid)?, kind))
    }

    /// The kind in whose version the webhook wants to see the object; `None`: it went meanwhile.
    fn wanted_kind(&self, attributes: &Attributes<'_>) -> Option<Arc<Kind>> {
        let kinds = attributes.server().registry.kinds();
        let own = attributes.kind();
        // What only another webhook could convert is shown as it is.
        let fixed = own.custom.as_ref().is_some_and(|custom| custom.conversion.is_some());
        let same = |kind: &&Arc<Kind>| {
            kind.storage == own.storage && (!fixed || kind.version == own.version)
        };
        let rules = meta::items(&self.object, "/rules");
        let meant = |kind: &&Arc<Kind>| rules.iter().any(|rule| attributes.names(rule, kind));
        let is_own = |kind: &&Arc<Kind>| kind.version == own.version && kind.group == own.group;
        let found = kinds.iter().filter(same).filter(meant);
        let found = found.clone().find(is_own).or_else(|| found.clone().next());
        let found = found.or_else(|| kinds.iter().find(|kind| same(kind) && is_own(kind)));
        found.cloned()
    }
}

/// Asks every mutating webhook in turn; those that ask for it again, if others changed the object
/// after them. Tells whether the object was changed.
pub(super) async fn mutate(operation: &Operation<'_>, object: &mut Value) -> Result<bool, Status> {
    let webhooks = operation.server.policies.mutating_webhooks();
    let mut last_change = None;
    for (index, webhook) in webhooks.iter().enumerate() {
        if change(operation, webhook, object).await? {
            last_change = Some(index);
        }
    }
    for (index, webhook) in webhooks.iter().enumerate() {
        let again = webhook.text("reinvocationPolicy") == "IfNeeded";
        if again && last_change.is_some_and(|last| last > index) {
            change(operation, webhook, object).await?;
        }
    }
    Ok(last_change.is_some())
}

/// Lets one webhook change the object; tells whether it did.
async fn change(
    operation: &Operation<'_>,
    webhook: &Webhook,
    object: &mut Value,
) -> Result<bool, Status> {
    let before = object.clone();
    let attributes = Attributes::of_write(operation, &before);
    if super::policies::is_exempt(&attributes) || !webhook.is_meant(&attributes).await? {
        return Ok(false);
    }
    let Some((answer, kind)) = webhook.ask(&attributes).await? else { return Ok(false) };
    if !answer.allowed {
        return Err(answer.refusal(webhook.name()));
    }
    let Some(patch) = &answer.patch else { return Ok(false) };
    let mut shown = converted(object.clone(), attributes.kind(), &kind);
    let failed = |why: &str| webhook.failed(why);
    apply_json_patch(&mut shown, patch).map_err(|error| failed(&error.to_string()))?;
    let decoded = schema::decode(&kind.schema(), shown).map_err(|it| failed(&it.to_string()))?;
    let mut changed = converted(decoded.value, &kind, attributes.kind());
    attributes.kind().fill_defaults(&mut changed);
    *object = changed;
    Ok(*object != before)
}

/// An object of one version of a kind in another version.
fn converted(mut object: Value, from: &Kind, to: &Kind) -> Value {
    if from.group != to.group || from.version != to.version {
        from.store_form(&mut object);
        to.served_form(&mut object);
    }
    object
}

/// Asks every validating webhook at once; the first refusal counts. Returns warnings.
pub(super) async fn validate(attributes: &Attributes<'_>) -> Result<Vec<String>, Status> {
    let policies = &attributes.server().policies;
    // Nothing changes what goes: those that might are asked whether it may.
    let also = (attributes.verb == "DELETE").then(|| policies.mutating_webhooks());
    let webhooks: Vec<Arc<Webhook>> = also
        .iter()
        .flat_map(|list| list.iter())
        .chain(policies.validating_webhooks().iter())
        .map(Arc::clone)
        .collect();
    let mut warnings = Vec::new();
    if webhooks.is_empty() || super::policies::is_exempt(attributes) {
        return Ok(warnings);
    }
    let asked = webhooks.iter().map(|webhook| async move {
        if !webhook.is_meant(attributes).await? {
            return Ok(Vec::new());
        }
        match webhook.ask(attributes).await? {
            Some((answer, _)) if !answer.allowed => Err(answer.refusal(webhook.name())),
            Some((answer, _)) => Ok(answer.warnings),
            None => Ok(Vec::new()),
        }
    });
    for answer in join_all(asked).await {
        warnings.extend(answer?);
    }
    Ok(warnings)
}
