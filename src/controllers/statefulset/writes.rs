//! How each step of a plan becomes client calls and events.

use client::{
    Api, ClientError, DeleteOptions, EventKind, ObjectKey, Patch, WriteOptions, reference,
};
use futures::future::join_all;
use k8s_openapi::api::{
    apps::v1::StatefulSet,
    core::v1::{PersistentVolumeClaim, Pod},
};
use serde_json::json;

use super::{
    StatefulSets, identity,
    reconcile::{Plan, Step},
};
use crate::{driver::SyncError, podcontrol::namespace_ends, pods};

/// Steps that run at a time at most, where a set's pods need not wait for one another.
const BATCH: usize = 500;

impl StatefulSets {
    /// Carries a plan out: step by step, or in growing batches; the first refusal ends it.
    pub(super) async fn carry_out(
        &self,
        set: &StatefulSet,
        key: &ObjectKey,
        plan: Plan,
        parallel: bool,
    ) -> Result<(), SyncError> {
        if plan.steps.is_empty() {
            return Ok(());
        }
        self.expect(key, &plan.steps);
        let mut left = &plan.steps[..];
        let mut batch = 1;
        while let Some((now, later)) = left.split_at_checked(left.len().min(batch))
            && !now.is_empty()
        {
            let done = join_all(now.iter().map(|step| self.step(set, key, step))).await;
            if let Some(error) = done.into_iter().find_map(Result::err) {
                for step in later {
                    self.unexpect(key, step);
                }
                return Err(error);
            }
            left = later;
            if parallel {
                batch = (batch * 2).min(BATCH);
            }
        }
        Ok(())
    }

    fn expect(&self, key: &ObjectKey, steps: &[Step]) {
        let creations = steps.iter().filter(|step| matches!(step, Step::Create { .. })).count();
        let deletions = steps.iter().filter_map(|step| match step {
            Step::Delete(pod) | Step::Recreate(pod) => Some(pods::uid(pod).to_owned()),
            Step::Create { .. }
            | Step::Refuse { .. }
            | Step::Provide { .. }
            | Step::Repair { .. }
            | Step::Own { .. } => None,
        });
        self.pods.expectations.expect(key, creations, deletions.collect());
    }

    fn unexpect(&self, key: &ObjectKey, step: &Step) {
        match step {
            Step::Create { .. } => self.pods.expectations.created(key),
            Step::Delete(pod) | Step::Recreate(pod) => {
                self.pods.expectations.deleted(key, pods::uid(pod));
            }
            Step::Refuse { .. } | Step::Provide { .. } | Step::Repair { .. } | Step::Own { .. } => {
            }
        }
    }

    async fn step(&self, set: &StatefulSet, key: &ObjectKey, step: &Step) -> Result<(), SyncError> {
        let done = match step {
            Step::Create { pod, claims } => self.create(set, key, pod, claims).await,
            Step::Refuse { pod, why } => {
                self.tell(set, "create", pod, Some(why));
                Err(why.clone().into())
            }
            Step::Provide { pod, claims } => self.provide(set, pod, claims).await,
            Step::Repair { pod, claims } => self.repair(set, key, pod, claims).await,
            Step::Own { claim, owners } => self.own(key, claim, json!(owners)).await,
            Step::Recreate(pod) => {
                self.tell_ended(set, pod);
                self.delete(set, key, pod).await
            }
            Step::Delete(pod) => self.delete(set, key, pod).await,
        };
        if done.is_err() {
            self.unexpect(key, step);
        }
        done
    }

    async fn create(
        &self,
        set: &StatefulSet,
        key: &ObjectKey,
        pod: &Pod,
        claims: &[PersistentVolumeClaim],
    ) -> Result<(), SyncError> {
        let name = pods::name(pod);
        if let Err(error) = self.provide(set, name, claims).await {
            self.tell(set, "create", name, Some(&error.to_string()));
            return Err(error);
        }
        let api = Api::<Pod>::namespaced(&self.pods.client, key.namespace.clone());
        match api.create(pod, &WriteOptions::default()).await {
            Ok(_) => self.tell(set, "create", name, None),
            // Every creation would fail: the expectation stays, so that none is tried for a while.
            Err(error) if namespace_ends(&error) => {}
            Err(error) if error.already_exists() => return Err(error.into()),
            Err(error) => {
                self.tell(set, "create", name, Some(&error.to_string()));
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Makes claims; the first refusal is returned after all were tried.
    async fn provide(
        &self,
        set: &StatefulSet,
        pod: &str,
        claims: &[PersistentVolumeClaim],
    ) -> Result<(), SyncError> {
        let namespace = set.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<PersistentVolumeClaim>::namespaced(&self.pods.client, namespace);
        let mut failed: Option<SyncError> = None;
        for claim in claims {
            let name = claim.metadata.name.as_deref().unwrap_or_default();
            match api.create(claim, &WriteOptions::default()).await {
                Ok(_) => self.tell_claim(set, pod, name, None),
                Err(error) if error.already_exists() => {}
                Err(error) => {
                    self.tell_claim(set, pod, name, Some(&error));
                    failed.get_or_insert(format!("failed to create PVC {name}: {error}").into());
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn repair(
        &self,
        set: &StatefulSet,
        key: &ObjectKey,
        pod: &Pod,
        claims: &[PersistentVolumeClaim],
    ) -> Result<(), SyncError> {
        let name = pods::name(pod);
        self.provide(set, name, claims).await?;
        let api = Api::<Pod>::namespaced(&self.pods.client, key.namespace.clone());
        // What the cache shows is not the whole pod.
        let whole = api.get(name).await?;
        let fixed =
            identity::ordinal(set, &whole).and_then(|at| identity::repaired(set, at, &whole));
        let Some(fixed) = fixed.filter(|_| pods::uid(&whole) == pods::uid(pod)) else {
            return Ok(());
        };
        match api.update(&fixed, &WriteOptions::default()).await {
            Ok(_) => self.tell(set, "update", name, None),
            Err(error) => {
                self.tell(set, "update", name, Some(&error.to_string()));
                return Err(error.into());
            }
        }
        Ok(())
    }

    async fn own(
        &self,
        key: &ObjectKey,
        claim: &PersistentVolumeClaim,
        owners: serde_json::Value,
    ) -> Result<(), SyncError> {
        let meta = &claim.metadata;
        let patch = Patch::Merge(json!({"metadata": {
            "uid": meta.uid, "resourceVersion": meta.resource_version, "ownerReferences": owners,
        }}));
        let namespace = key.namespace.clone();
        let api = Api::<PersistentVolumeClaim>::namespaced(&self.pods.client, namespace);
        let name = meta.name.as_deref().unwrap_or_default();
        match api.patch(name, &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn delete(&self, set: &StatefulSet, key: &ObjectKey, pod: &Pod) -> Result<(), SyncError> {
        let name = pods::name(pod);
        let api = Api::<Pod>::namespaced(&self.pods.client, key.namespace.clone());
        match api.delete(name, &DeleteOptions::of_uid(pods::uid(pod))).await {
            Ok(_) => self.tell(set, "delete", name, None),
            Err(error) if error.not_found() => {
                self.pods.expectations.deleted(key, pods::uid(pod));
            }
            Err(error) => {
                self.tell(set, "delete", name, Some(&error.to_string()));
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn tell(&self, set: &StatefulSet, verb: &str, pod: &str, failure: Option<&str>) {
        let own = identity::set_name(set);
        let title = match verb {
            "create" => "Create",
            "update" => "Update",
            _ => "Delete",
        };
        let (kind, reason, words) = match failure {
            None => {
                let words = format!("{verb} Pod {pod} in StatefulSet {own} successful");
                (EventKind::Normal, format!("Successful{title}"), words)
            }
            Some(error) => {
                let words = format!("{verb} Pod {pod} in StatefulSet {own} failed error: {error}");
                (EventKind::Warning, format!("Failed{title}"), words)
            }
        };
        self.pods.recorder.event(&reference(set), kind, reason, words);
    }

    fn tell_claim(&self, set: &StatefulSet, pod: &str, claim: &str, failure: Option<&ClientError>) {
        let own = identity::set_name(set);
        let (kind, reason, words) = match failure {
            None => {
                let words = format!("create Claim {claim} Pod {pod} in StatefulSet {own} success");
                (EventKind::Normal, "SuccessfulCreate", words)
            }
            Some(error) => {
                let words = format!(
                    "create Claim {claim} for Pod {pod} in StatefulSet {own} failed error: {error}"
                );
                (EventKind::Warning, "FailedCreate", words)
            }
        };
        self.pods.recorder.event(&reference(set), kind, reason, words);
    }

    fn tell_ended(&self, set: &StatefulSet, pod: &Pod) {
        let namespace = set.metadata.namespace.as_deref().unwrap_or_default();
        let (own, name) = (identity::set_name(set), pods::name(pod));
        let (kind, reason, word) = if pods::phase(pod) == "Failed" {
            (EventKind::Warning, "RecreatingFailedPod", "failed")
        } else {
            (EventKind::Normal, "RecreatingTerminatedPod", "terminated")
        };
        let words = format!("StatefulSet {namespace}/{own} is recreating {word} Pod {name}");
        self.pods.recorder.event(&reference(set), kind, reason, words);
    }
}
