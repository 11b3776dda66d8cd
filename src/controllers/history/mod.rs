//! What a set's template was: the `ControllerRevision`s that kubectl's `rollout history` and `undo` read.
//!
//! A template that was there before gets its old revision back under a new number.
//! Source: `k8s.io/kubernetes/pkg/controller/history`.

mod decide;

use std::{collections::BTreeSet, sync::Arc};

use client::{Api, Client, DeleteOptions, Patch, SharedCache, WriteOptions};
use k8s_openapi::api::{apps::v1::ControllerRevision, core::v1::PodTemplateSpec};
use serde_json::json;

use self::decide::{Choice, choose, new_revision, ordered, surplus};
pub(crate) use self::decide::{name, template_in};
use crate::{
    claim::{self, Claim},
    driver::{Shop, SyncError},
    owner,
    podcontrol::PodOwner,
};

/// A kind whose templates are kept.
pub(crate) trait Revised: PodOwner {
    /// The label of a revision that holds its hash.
    const HASH_LABEL: &'static str;

    /// The template as it is now.
    fn template(&self) -> Option<&PodTemplateSpec>;

    /// Names that were taken already, as the status counts them.
    fn collisions(&self) -> i32;

    /// Old revisions to keep.
    fn history_limit(&self) -> i32;
}

/// The revisions of one kind of owner.
#[derive(Debug)]
pub(crate) struct History {
    client: Client,
    pub(crate) revisions: SharedCache<ControllerRevision>,
}

/// The revision that a set's template is, and what the others are.
#[derive(Debug)]
pub(crate) struct Revisions {
    /// The template's own.
    pub(crate) update: Arc<ControllerRevision>,
    /// Every revision that was there before, oldest first.
    pub(crate) known: Vec<Arc<ControllerRevision>>,
    /// Names that were taken already.
    pub(crate) collisions: i32,
}

impl Revisions {
    /// Takes out the revisions that hold what the template's own holds.
    pub(crate) fn take_doubles(&mut self) -> Vec<Arc<ControllerRevision>> {
        let update = &self.update;
        let double = |one: &mut Arc<ControllerRevision>| {
            name(one) != name(update) && one.data == update.data
        };
        self.known.extract_if(.., double).collect()
    }
}

impl History {
    /// The revisions of a kind over the shop's cache.
    pub(crate) fn new(shop: &Shop) -> Self {
        let revisions = shop.informers.cache();
        claim::index(&revisions);
        Self { client: shop.client.clone(), revisions }
    }

    /// The owner's revisions, oldest first, and that of its template, which is made if need be.
    pub(crate) async fn of<K: Revised>(&self, owner: &K) -> Result<Revisions, SyncError> {
        let known = self.claim(owner).await?;
        let collisions = owner.collisions();
        match choose(owner, &known) {
            Choice::Newest(revision) => Ok(Revisions { update: revision, known, collisions }),
            Choice::Renumber(revision, number) => {
                let update = Arc::new(self.renumber(&revision, number).await?);
                Ok(Revisions { update, known, collisions })
            }
            Choice::Create(number) => {
                let (update, collisions) = self.create(owner, number, collisions).await?;
                Ok(Revisions { update: Arc::new(update), known, collisions })
            }
        }
    }

    async fn claim<K: Revised>(
        &self,
        owner: &K,
    ) -> Result<Vec<Arc<ControllerRevision>>, SyncError> {
        let Some(selector) = owner.selector() else { return Ok(Vec::new()) };
        let candidates = claim::candidates(&self.revisions, owner.metadata());
        let claim = Claim { client: &self.client, owner, finalizer: None };
        let matches = |one: &ControllerRevision| owner::selects(&selector, &one.metadata);
        Ok(ordered(claim.run(candidates, matches).await?))
    }

    async fn renumber(
        &self,
        revision: &ControllerRevision,
        number: i64,
    ) -> Result<ControllerRevision, SyncError> {
        let patch = json!({"metadata": {"uid": revision.metadata.uid}, "revision": number});
        let api = self.api(revision.metadata.namespace.as_deref());
        let options = WriteOptions::default();
        Ok(api.patch(name(revision), &Patch::Merge(patch), &options).await?)
    }

    /// Makes a revision; a stranger under its name makes the next hash another one.
    async fn create<K: Revised>(
        &self,
        owner: &K,
        number: i64,
        mut collisions: i32,
    ) -> Result<(ControllerRevision, i32), SyncError> {
        let api = self.api(owner.metadata().namespace.as_deref());
        loop {
            let wanted = new_revision(owner, number, collisions);
            match api.create(&wanted, &WriteOptions::default()).await {
                Ok(made) => return Ok((made, collisions)),
                Err(error) if error.already_exists() => {
                    let found = api.get(name(&wanted)).await?;
                    let ours = owner::is_controlled_by(&found.metadata, owner.metadata());
                    if ours && found.data == wanted.data {
                        return Ok((found, collisions));
                    }
                    collisions += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Deletes the oldest revisions that are not in use, until `limit` of those are left.
    pub(crate) async fn truncate(
        &self,
        revisions: &Revisions,
        live: &BTreeSet<String>,
        limit: i32,
    ) -> Result<(), SyncError> {
        let update = name(&revisions.update);
        let old: Vec<_> =
            revisions.known.iter().filter(|one| name(one) != update).cloned().collect();
        for gone in surplus(&old, live, limit) {
            self.delete(&gone).await?;
        }
        Ok(())
    }

    /// Deletes a revision.
    pub(crate) async fn delete(&self, gone: &ControllerRevision) -> Result<(), SyncError> {
        let api = self.api(gone.metadata.namespace.as_deref());
        let uid = gone.metadata.uid.clone().unwrap_or_default();
        match api.delete(name(gone), &DeleteOptions::of_uid(uid)).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn api(&self, namespace: Option<&str>) -> Api<ControllerRevision> {
        Api::namespaced(&self.client, namespace.unwrap_or_default())
    }
}
