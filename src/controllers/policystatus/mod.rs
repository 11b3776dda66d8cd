//! Says in the status of a `ValidatingAdmissionPolicy` what its expressions get wrong about types.
//! Source: `k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus`.

mod schemas;

use std::sync::Arc;

use api::admissionregistration::typecheck::{Subject, warnings};
use client::{
    Api, Client, ObjectKey, Patch, SharedCache, WorkQueue, WriteOptions, discovery::Discovery,
};
use k8s_openapi::api::admissionregistration::v1::ValidatingAdmissionPolicy;
use serde_json::{Value, json};

use self::schemas::{Gvk, document_path, kinds, parameters, schema};
use crate::driver::{Controller, Next, Shop, SyncError, queue_each};

/// The shell.
#[derive(Debug)]
pub(crate) struct PolicyStatus {
    client: Client,
    policies: SharedCache<ValidatingAdmissionPolicy>,
}

impl PolicyStatus {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self { client: shop.client.clone(), policies: shop.informers.cache() }
    }

    /// A kind with its schema; `None` where the server has none.
    async fn subject(&self, gvk: &Gvk) -> client::Result<Option<Subject>> {
        let document: Value = match self.client.get_json(&document_path(gvk)).await {
            Ok(document) => document,
            Err(error) if error.not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let Gvk { group, version, kind } = gvk.clone();
        Ok(schema(&document, gvk).map(|schema| Subject { group, version, kind, schema }))
    }
}

impl Controller for PolicyStatus {
    fn name(&self) -> &'static str {
        "validatingadmissionpolicy-status-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.policies, queue);
    }

    async fn ready(&self) {
        self.policies.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(policy) = self.policies.find(key) else { return Ok(Next::Settled) };
        let generation = policy.metadata.generation.unwrap_or(0);
        let seen = policy.status.as_ref().and_then(|status| status.observed_generation);
        if generation <= seen.unwrap_or(0) {
            return Ok(Next::Settled);
        }
        let object = serde_json::to_value(&*policy)?;
        let discovery = Discovery::fetch(&self.client).await?;
        let served = || -> Box<dyn Iterator<Item = _>> {
            Box::new(discovery.resources().map(|one| &one.resource))
        };
        let mut subjects = Vec::new();
        for gvk in kinds(&object, served) {
            subjects.extend(self.subject(&gvk).await?);
        }
        let params = match parameters(&object) {
            Some(gvk) => self.subject(&gvk).await?,
            None => None,
        };
        let warnings = warnings(&object, &subjects, params.as_ref()).into_iter();
        let warnings: Vec<Value> =
            warnings.map(|one| json!({"fieldRef": one.field, "warning": one.words})).collect();
        // Nothing takes back what was said before.
        let warnings = if warnings.is_empty() { Value::Null } else { json!(warnings) };
        let checked = json!({"expressionWarnings": warnings});
        let patch = Patch::Merge(json!({
            "metadata": {"uid": policy.metadata.uid},
            "status": {"observedGeneration": generation, "typeChecking": checked},
        }));
        let api = Api::<ValidatingAdmissionPolicy>::all(&self.client);
        match api.patch_status(&key.name, &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(Next::Settled),
        }
    }
}
