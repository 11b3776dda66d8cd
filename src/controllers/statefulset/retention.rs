//! Who owns a claim, by the set's retention policy: the set, the pod, or nobody. Pure.
//! Source: KEP-1847, "auto delete PVCs created by `StatefulSet`s".

use k8s_openapi::{
    Resource as _,
    api::{
        apps::v1::StatefulSet,
        core::v1::{PersistentVolumeClaim, Pod},
    },
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference},
};

use super::identity;
use crate::owner;

/// What a policy says of each of the two ends of a claim.
#[derive(Debug, Clone, Copy)]
struct Policy {
    delete_with_set: bool,
    delete_when_scaled: bool,
}

impl Policy {
    fn of(set: &StatefulSet) -> Self {
        let policy = set
            .spec
            .as_ref()
            .and_then(|spec| spec.persistent_volume_claim_retention_policy.as_ref());
        let deletes = |word: Option<&String>| word.is_some_and(|word| word == "Delete");
        Self {
            delete_with_set: deletes(policy.and_then(|it| it.when_deleted.as_ref())),
            delete_when_scaled: deletes(policy.and_then(|it| it.when_scaled.as_ref())),
        }
    }
}

/// The owners that a claim of a pod should have, if it has others.
pub(super) fn owners(
    set: &StatefulSet,
    pod: &ObjectMeta,
    condemned: bool,
    claim: &PersistentVolumeClaim,
) -> Option<Vec<OwnerReference>> {
    let current = claim.metadata.owner_references.clone().unwrap_or_default();
    let ours = |one: &OwnerReference| refers(one, &set.metadata) || refers(one, pod);
    if current.iter().any(|one| one.controller == Some(true) && !ours(one)) {
        // Somebody else's: it is left alone.
        return None;
    }
    let policy = Policy::of(set);
    let mut wanted: Vec<_> = current.iter().filter(|one| !ours(one)).cloned().collect();
    if condemned && policy.delete_when_scaled {
        wanted.push(owner::controller_reference::<Pod>(pod));
    } else if policy.delete_with_set {
        wanted.push(owner::controller_reference::<StatefulSet>(&set.metadata));
    }
    Some(wanted).filter(|wanted| *wanted != current)
}

fn refers(reference: &OwnerReference, owner: &ObjectMeta) -> bool {
    Some(&reference.uid) == owner.uid.as_ref()
}

/// Tells whether a claim still waits for a former pod of this name to be forgotten.
pub(super) fn is_stale(set: &StatefulSet, ordinal: i64, claim: &PersistentVolumeClaim) -> bool {
    let pod = format!("{}-{ordinal}", identity::set_name(set));
    Policy::of(set).delete_when_scaled
        && claim
            .metadata
            .owner_references
            .iter()
            .flatten()
            .any(|one| one.kind == Pod::KIND && one.name == pod)
}
