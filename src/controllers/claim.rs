//! Taking in objects that nobody controls and that match, and letting go of those that match no more.
//!
//! Always: an owner that is going takes nothing in · before the first adoption the owner is read
//! from the server, because a cache may still show one that is gone or was replaced.
//! Source: `k8s.io/kubernetes/pkg/controller`, `controller_ref_manager.go`.

use std::sync::Arc;

use client::{Api, Cached, Client, ClientError, Patch, SharedCache, WriteOptions};
use k8s_openapi::{
    Metadata, Resource,
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{driver::SyncError, owner};

/// A kind with metadata that requests can be made for.
pub(crate) trait Kind:
    Resource + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl<K> Kind for K where
    K: Resource + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

/// Index: by the uid of the controller, or by namespace where nobody controls an object.
const BY_CONTROLLER: &str = "controller";

/// Lets [`candidates`] find objects of a cache.
pub(crate) fn index<C: Cached>(cache: &SharedCache<C>) {
    cache.index(BY_CONTROLLER, |object| {
        let meta = object.meta();
        let uid = owner::controller_of(meta).map(|owner| owner.uid.clone());
        vec![uid.unwrap_or_else(|| orphans_of(meta.namespace.as_deref().unwrap_or_default()))]
    });
}

/// The objects of a cache that a controller has, by its uid.
pub(crate) fn controlled_by<C: Cached>(cache: &SharedCache<C>, uid: &str) -> Vec<Arc<C>> {
    cache.indexed(BY_CONTROLLER, uid)
}

/// The objects that refer to an owner, and those of its namespace that nobody controls.
pub(crate) fn candidates<C: Cached>(cache: &SharedCache<C>, owner: &ObjectMeta) -> Vec<Arc<C>> {
    let mut found = cache.indexed(BY_CONTROLLER, owner.uid.as_deref().unwrap_or_default());
    let namespace = owner.namespace.as_deref().unwrap_or_default();
    found.extend(cache.indexed(BY_CONTROLLER, &orphans_of(namespace)));
    found
}

fn orphans_of(namespace: &str) -> String {
    format!("orphans/{namespace}")
}

/// What becomes of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    Adopt,
    Release,
    Ignore,
}

/// One owner about to claim objects.
#[derive(Debug)]
pub(crate) struct Claim<'a, O> {
    pub(crate) client: &'a Client,
    pub(crate) owner: &'a O,
    /// The finalizer that claimed objects carry, if the kind has one.
    pub(crate) finalizer: Option<&'a str>,
}

impl<O: Kind> Claim<'_, O> {
    /// The objects that the owner controls, after taking in and letting go.
    ///
    /// One refusal does not hold the others up; the first is returned.
    pub(crate) async fn run<C: Kind>(
        &self,
        candidates: Vec<Arc<C>>,
        matches: impl Fn(&C) -> bool,
    ) -> Result<Vec<Arc<C>>, SyncError> {
        let mut claimed = Vec::new();
        let mut failure: Option<SyncError> = None;
        let mut may_adopt = false;
        for object in candidates {
            match fate(self.owner.metadata(), object.metadata(), matches(&object)) {
                Fate::Ignore => {}
                Fate::Keep => claimed.push(object),
                Fate::Release => {
                    if let Err(error) =
                        self.patch(&*object, release(self.owner.metadata(), self.finalizer)).await
                    {
                        failure.get_or_insert(error.into());
                    }
                }
                Fate::Adopt => {
                    if !may_adopt {
                        self.recheck().await?;
                        may_adopt = true;
                    }
                    let reference = owner::controller_reference::<O>(self.owner.metadata());
                    let patch = adopt(&reference, self.finalizer, object.metadata());
                    match self.patch(&*object, patch).await {
                        Ok(true) => claimed.push(object),
                        Ok(false) => {}
                        Err(error) => drop(failure.get_or_insert(error.into())),
                    }
                }
            }
        }
        failure.map_or(Ok(claimed), Err)
    }

    /// Reads the owner from the server: it must be the same one, and not be going.
    async fn recheck(&self) -> Result<(), SyncError> {
        let seen = self.owner.metadata();
        let (namespace, name) = names(seen);
        let fresh = Api::<O>::namespaced(self.client, namespace.clone()).get(&name).await?;
        let fresh = fresh.metadata();
        if fresh.uid != seen.uid {
            let uid = |meta: &ObjectMeta| meta.uid.clone().unwrap_or_default();
            let (got, wanted) = (uid(fresh), uid(seen));
            let kind = O::KIND;
            let words = format!(
                "original {kind} {namespace}/{name} is gone: got uid {got}, wanted {wanted}"
            );
            return Err(words.into());
        }
        match &fresh.deletion_timestamp {
            Some(time) => {
                Err(format!("{namespace}/{name} has just been deleted at {}", time.0).into())
            }
            None => Ok(()),
        }
    }

    /// Patches an object's metadata; `false` when it is not there any more.
    async fn patch<C: Kind>(&self, object: &C, mut metadata: Value) -> Result<bool, ClientError> {
        let meta = object.metadata();
        // Only the object that was looked at: a name may have changed hands.
        metadata["uid"] = json!(meta.uid);
        let (namespace, name) = names(meta);
        let api = Api::<C>::namespaced(self.client, namespace);
        let patch = Patch::Strategic(json!({"metadata": metadata}));
        match api.patch(&name, &patch, &WriteOptions::default()).await {
            Ok(_) => Ok(true),
            Err(error) if error.not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn adopt(reference: &OwnerReference, finalizer: Option<&str>, object: &ObjectMeta) -> Value {
    let mut patch = json!({"ownerReferences": [reference]});
    let has = |finalizer: &&str| object.finalizers.iter().flatten().any(|one| one == finalizer);
    if let Some(finalizer) = finalizer.filter(|finalizer| !has(finalizer)) {
        patch["finalizers"] = json!([finalizer]);
    }
    patch
}

fn release(owner: &ObjectMeta, finalizer: Option<&str>) -> Value {
    let mut patch = json!({"ownerReferences": [{"$patch": "delete", "uid": owner.uid}]});
    if let Some(finalizer) = finalizer {
        patch["$deleteFromPrimitiveList/finalizers"] = json!([finalizer]);
    }
    patch
}

fn names(meta: &ObjectMeta) -> (String, String) {
    (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default())
}

fn fate(owner: &ObjectMeta, object: &ObjectMeta, matches: bool) -> Fate {
    let going = owner.deletion_timestamp.is_some();
    match owner::controller_of(object) {
        Some(reference) if Some(&reference.uid) != owner.uid.as_ref() => Fate::Ignore,
        Some(_) if matches => Fate::Keep,
        Some(_) if going => Fate::Ignore,
        Some(_) => Fate::Release,
        None if going || !matches || object.deletion_timestamp.is_some() => Fate::Ignore,
        None => Fate::Adopt,
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::ReplicaSet;

    use super::*;

    fn meta(owner: &str, going: bool) -> ObjectMeta {
        let mut object = json!({"name": "x", "uid": "me"});
        if !owner.is_empty() {
            object["ownerReferences"] = json!([{
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "x", "uid": owner,
                "controller": true,
            }]);
        }
        if going {
            object["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        }
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn the_fate_of_an_object_follows_its_owner_and_labels() {
        for (case, owner_goes, controller, object_goes, matches, want) in [
            ("ours", false, "me", false, true, Fate::Keep),
            ("ours and going", false, "me", true, true, Fate::Keep),
            ("ours, other labels", false, "me", false, false, Fate::Release),
            ("ours, other labels, we go", true, "me", false, false, Fate::Ignore),
            ("ours, we go", true, "me", false, true, Fate::Keep),
            ("somebody's", false, "other", false, true, Fate::Ignore),
            ("orphan", false, "", false, true, Fate::Adopt),
            ("orphan, we go", true, "", false, true, Fate::Ignore),
            ("orphan that goes", false, "", true, true, Fate::Ignore),
            ("stranger", false, "", false, false, Fate::Ignore),
        ] {
            let got = fate(&meta("", owner_goes), &meta(controller, object_goes), matches);
            assert_eq!(got, want, "{case}");
        }
    }

    #[test]
    fn a_finalizer_comes_with_adoption_and_goes_with_release() {
        let owner = meta("", false);
        let reference = owner::controller_reference::<ReplicaSet>(&owner);
        assert_eq!(adopt(&reference, Some("f/f"), &owner)["finalizers"], json!(["f/f"]));
        let release = release(&owner, Some("f/f"));
        assert_eq!(release["$deleteFromPrimitiveList/finalizers"], json!(["f/f"]));
        assert_eq!(release["ownerReferences"], json!([{"$patch": "delete", "uid": "me"}]));
    }
}
