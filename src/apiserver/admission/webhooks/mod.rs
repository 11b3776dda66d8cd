//! Admission webhooks: what programs outside say of writes.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/webhook`.

mod review;

use std::{sync::Arc, time::Duration};

use api::admissionregistration::expressions::{self, Compiled};
use futures::future::join_all;
use machinery::{kind::Kind, meta, patch::apply_json_patch, schema, status::Status};
use serde_json::{Value, json};

use self::review::{Answer, Review};
use super::{
    attributes::Attributes,
    conditions::{self, Facts},
};
use crate::{audit, webhook::Endpoint};

const SECONDS: u64 = 10;

/// A webhook, with its conditions compiled.
#[derive(Debug)]
pub(crate) struct Webhook {
    /// One entry of a configuration's `webhooks`.
    object: Value,
    /// The configuration's name.
    configuration: String,
    conditions: Vec<(String, String, Compiled)>,
}

impl Webhook {
    /// What the audit log is told of a call.
    fn told(&self, mutated: bool) -> String {
        let text = |text: &str| json!(text).to_string();
        format!(
            "{{\"configuration\":{},\"webhook\":{},\"mutated\":{mutated}}}",
            text(&self.configuration),
            text(self.name())
        )
    }

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
                let configuration = meta::name(configuration).to_owned();
                Arc::new(Self { object: object.clone(), configuration, conditions })
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

    /// In whose terms the webhook is to be asked; `None`: it is not. Errors: its conditions cannot be
    /// told.
    async fn means(&self, attributes: &Attributes<'_>) -> Result<Option<Arc<Kind>>, Status> {
        let Some(kind) = attributes.meant_by(&self.object, "rules").await? else { return Ok(None) };
        if self.conditions.is_empty() {
            return Ok(Some(kind));
        }
        let mut facts = Facts::of(attributes, &kind).await?;
        let met = facts.with(attributes, &[], |scope| conditions::hold(&self.conditions, scope));
        match met.await? {
            Ok(met) => Ok(Some(kind).filter(|_| met)),
            Err(_) if self.ignores_failure() => Ok(None),
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
        kind: &Kind,
    ) -> Result<Option<Answer>, Status> {
        let effects = self.text("sideEffects");
        if attributes.operation.dry_run && !matches!(effects, "None" | "NoneOnDryRun") {
            let name = self.name();
            return Err(Status::bad_request(format!(
                "admission webhook {name:?} does not support dry run"
            )));
        }
        match self.call(attributes, kind).await {
            Ok(answered) => {
                for (key, value) in &answered.notes {
                    audit::annotate(format!("{}/{key}", self.name()), value.as_str());
                }
                Ok(Some(answered))
            }
            Err(why) if self.ignores_failure() => {
                tracing::warn!(webhook = self.name(), why, "a webhook failed, as it may");
                Ok(None)
            }
            Err(why) => Err(self.failed(&why)),
        }
    }

    async fn call(&self, attributes: &Attributes<'_>, kind: &Kind) -> Result<Answer, String> {
        let unconverted = |status: Status| status.message;
        let object = attributes.shown(attributes.object, kind).await.map_err(unconverted)?;
        let old = attributes.shown(attributes.operation.old, kind).await.map_err(unconverted)?;
        let request =
            (attributes.request(kind), object.unwrap_or_default(), old.unwrap_or_default());
        let review = Review::of(&self.object, request)?;
        let config = &self.object["clientConfig"];
        let registry = &attributes.server().registry;
        let failed = |why: String| format!("failed to call webhook: {why}");
        let endpoint = Endpoint::of(config, registry).await.map_err(failed)?;
        let query = format!("timeout={}s", self.limit().as_secs());
        let answer = endpoint.post(&review.document, &query, self.limit()).await.map_err(failed)?;
        let invalid = |why: String| format!("received invalid webhook response: {why}");
        review.read(&answer).map_err(invalid)
    }
}

/// What a round of mutating webhooks came to.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) changed: bool,
    pub(super) warnings: Vec<String>,
}

/// Asks every mutating webhook in turn; those that ask for it again, if others changed the object
/// after them. Tells whether the object was changed.
pub(super) async fn mutate(request: Attributes<'_>, object: &mut Value) -> Result<Changed, Status> {
    let webhooks = request.server().policies.mutating_webhooks();
    let mut warnings = Vec::new();
    let mut last_change = None;
    for round in 0..2 {
        for (index, webhook) in webhooks.iter().enumerate() {
            let again = webhook.text("reinvocationPolicy") == "IfNeeded"
                && last_change.is_some_and(|last| last > index);
            if round > 0 && !again {
                continue;
            }
            let changes = change(request, (round, index, webhook), object, &mut warnings).await;
            if changes.map_err(|status| status.warned(&warnings))? && round == 0 {
                last_change = Some(index);
            }
        }
    }
    Ok(Changed { changed: last_change.is_some(), warnings })
}

/// Lets one webhook change the object; tells whether it did.
async fn change(
    request: Attributes<'_>,
    (round, index, webhook): (usize, usize, &Webhook),
    object: &mut Value,
    warnings: &mut Vec<String>,
) -> Result<bool, Status> {
    let before = object.clone();
    let attributes = request.about(&before);
    if super::policies::is_exempt(&attributes) {
        return Ok(false);
    }
    let Some(kind) = webhook.means(&attributes).await? else { return Ok(false) };
    let place = format!("webhook.admission.k8s.io/round_{round}_index_{index}");
    let Some(answer) = webhook.ask(&attributes, &kind).await? else {
        audit::annotate(format!("failed-open.mutation.{place}"), webhook.name());
        audit::annotate(format!("mutation.{place}"), webhook.told(false));
        return Ok(false);
    };
    if !answer.allowed {
        audit::annotate(format!("mutation.{place}"), webhook.told(false));
        return Err(answer.refusal(webhook.name()));
    }
    warnings.extend_from_slice(&answer.warnings);
    if let Some(patch) = answer.patch.as_ref().filter(|patch| **patch != json!([])) {
        patched(&attributes, &kind, patch, object).await?;
    }
    let changed = *object != before;
    audit::annotate(format!("mutation.{place}"), webhook.told(changed));
    Ok(changed)
}

/// Applies a webhook's patch, in whose terms it is written. Errors: 500 in the patch's own words.
async fn patched(
    attributes: &Attributes<'_>,
    kind: &Kind,
    patch: &Value,
    object: &mut Value,
) -> Result<(), Status> {
    let own = attributes.kind();
    let mut shown = attributes.between(object.clone(), own, kind).await?;
    apply_json_patch(&mut shown, patch).map_err(Status::internal)?;
    let schema = attributes.schema(kind);
    let decoded = schema::decode(&schema, shown).map_err(Status::internal)?;
    let mut changed = attributes.between(decoded.value, kind, own).await?;
    attributes.fill_defaults(own, &mut changed);
    *object = changed;
    Ok(())
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
    let asked = webhooks.iter().enumerate().map(|(index, webhook)| async move {
        let Some(kind) = webhook.means(attributes).await? else { return Ok(Vec::new()) };
        match webhook.ask(attributes, &kind).await? {
            Some(answer) if !answer.allowed => Err(answer.refusal(webhook.name())),
            Some(answer) => Ok(answer.warnings),
            None => {
                let place = format!("validating.webhook.admission.k8s.io/round_0_index_{index}");
                audit::annotate(format!("failed-open.{place}"), webhook.name());
                Ok(Vec::new())
            }
        }
    });
    // All have been asked, and what any of them warns of is told, whoever refuses.
    let mut refused: Option<Status> = None;
    for answer in join_all(asked).await {
        match answer {
            Ok(more) => warnings.extend(more),
            Err(mut status) => {
                warnings.append(&mut status.warnings);
                refused.get_or_insert(status);
            }
        }
    }
    refused.map_or(Ok(()), |status| Err(status.warned(&warnings)))?;
    Ok(warnings)
}
