//! Making and removing pods, in growing batches, with expectations and events; and their owner's status.

use std::sync::Arc;

use client::{Api, ClientError, DeleteOptions, EventKind, ObjectKey, WriteOptions, reference};
use futures::future::join_all;
use k8s_openapi::api::core::v1::Pod;

use super::{PodControl, PodOwner};
use crate::{driver::SyncError, pods};

impl<K: PodOwner> PodControl<K> {
    /// Expects and creates pods in growing batches, so that a refusal of all costs little.
    /// Returns the last refusal; what comes after its batch is not tried.
    pub(crate) async fn create(
        &self,
        owner: &K,
        key: &ObjectKey,
        pods: &[Pod],
    ) -> Option<ClientError> {
        self.expectations.expect(key, pods.len(), Vec::new());
        self.create_expected(owner, key, pods).await
    }

    /// As [`PodControl::create`], where the caller has said what it expects.
    pub(crate) async fn create_expected(
        &self,
        owner: &K,
        key: &ObjectKey,
        mut pods: &[Pod],
    ) -> Option<ClientError> {
        let mut batch = 1;
        while let Some((now, later)) = pods.split_at_checked(pods.len().min(batch))
            && !now.is_empty()
        {
            let made = join_all(now.iter().map(|pod| self.create_one(owner, key, pod))).await;
            if let Some(error) = made.into_iter().flatten().last() {
                (0..later.len()).for_each(|_| self.expectations.created(key));
                return Some(error);
            }
            pods = later;
            batch *= 2;
        }
        None
    }

    async fn create_one(&self, owner: &K, key: &ObjectKey, pod: &Pod) -> Option<ClientError> {
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let about = reference(owner);
        match api.create(pod, &WriteOptions::default()).await {
            Ok(pod) => {
                let words = format!("Created pod: {}", pods::name(&pod));
                self.recorder.event(&about, EventKind::Normal, "SuccessfulCreate", words);
                None
            }
            // Every creation would fail: the expectation stays, so that none is tried for a while.
            Err(error) if namespace_ends(&error) => None,
            Err(error) => {
                self.expectations.created(key);
                let words = format!("Error creating: {error}");
                self.recorder.event(&about, EventKind::Warning, "FailedCreate", words);
                Some(error)
            }
        }
    }

    /// Writes the owner's status; one that is gone needs none.
    pub(crate) async fn write_status(&self, key: &ObjectKey, owner: &K) -> Result<(), SyncError> {
        let api = Api::<K>::namespaced(&self.client, key.namespace.clone());
        match api.update_status(owner, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Expects and deletes pods; returns the last refusal.
    pub(crate) async fn delete(
        &self,
        owner: &K,
        key: &ObjectKey,
        surplus: &[Arc<Pod>],
    ) -> Option<ClientError> {
        let uids = surplus.iter().map(|pod| pods::uid(pod).to_owned()).collect();
        self.expectations.expect(key, 0, uids);
        self.delete_expected(owner, key, surplus).await
    }

    /// As [`PodControl::delete`], where the caller has said what it expects.
    pub(crate) async fn delete_expected(
        &self,
        owner: &K,
        key: &ObjectKey,
        surplus: &[Arc<Pod>],
    ) -> Option<ClientError> {
        let gone = join_all(surplus.iter().map(|pod| self.delete_one(owner, key, pod))).await;
        gone.into_iter().flatten().last()
    }

    async fn delete_one(&self, owner: &K, key: &ObjectKey, pod: &Pod) -> Option<ClientError> {
        let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
        let about = reference(owner);
        match api.delete(pods::name(pod), &DeleteOptions::of_uid(pods::uid(pod))).await {
            Ok(_) => {
                let words = format!("Deleted pod: {}", pods::name(pod));
                self.recorder.event(&about, EventKind::Normal, "SuccessfulDelete", words);
                None
            }
            Err(error) => {
                self.expectations.deleted(key, pods::uid(pod));
                if error.not_found() {
                    return None;
                }
                let words = format!("Error deleting: {error}");
                self.recorder.event(&about, EventKind::Warning, "FailedDelete", words);
                Some(error)
            }
        }
    }
}

/// Tells whether a creation was refused because its namespace is going.
pub(crate) fn namespace_ends(error: &ClientError) -> bool {
    let causes = error.status().and_then(|status| status.details.as_ref()?.causes.as_ref());
    causes
        .into_iter()
        .flatten()
        .any(|cause| cause.reason.as_deref() == Some("NamespaceTerminating"))
}
