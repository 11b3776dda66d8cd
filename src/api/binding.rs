//! Which volume a claim may have, and what a volume and a claim say of each other. Pure.
//!
//! Shared by those who bind: the controller of claims, and the scheduler for claims that wait for a
//! node. Source: `k8s.io/component-helpers/storage/volume`.

use k8s_openapi::api::core::v1::{
    Node, ObjectReference, PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, Pod,
    Volume,
};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use machinery::{quantity::Quantity, selector::LabelSelector};

use crate::{core::persistentvolume::CLASS_ANNOTATION, placement::term_holds};

/// A claim whose binding has been finished.
pub const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// A tie that the controller made, and may undo.
pub const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// Who made a volume.
pub const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// Who is to make a claim's volume.
pub const PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// The former name of [`PROVISIONER`], which is still written.
pub const PROVISIONER_BETA: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// The node that the scheduler has chosen for a claim's first pod.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The mark of the class that claims get which name none.
pub const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";
/// The provisioner that makes nothing: volumes are made by hand.
pub const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";

/// An annotation of an object.
pub fn annotation<'a>(meta: &'a ObjectMeta, key: &str) -> Option<&'a str> {
    meta.annotations.as_ref()?.get(key).map(String::as_str)
}

/// The class that a claim asks for; empty where none.
pub fn class_of(claim: &PersistentVolumeClaim) -> &str {
    let own = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    annotation(&claim.metadata, CLASS_ANNOTATION).or(own).unwrap_or_default()
}

/// The class that a volume is of; empty where none.
pub fn class_of_volume(volume: &PersistentVolume) -> &str {
    let own = volume.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    annotation(&volume.metadata, CLASS_ANNOTATION).or(own).unwrap_or_default()
}

/// Tells whether claims of a class are bound when their first pod has a node, not before.
pub fn waits(class: Option<&StorageClass>) -> bool {
    let mode = class.and_then(|class| class.volume_binding_mode.as_deref());
    mode == Some("WaitForFirstConsumer")
}

/// Tells whether a class is the default one.
pub fn is_default(class: &StorageClass) -> bool {
    annotation(&class.metadata, DEFAULT_CLASS) == Some("true")
}

/// The volume that a claim names; empty where it has none.
pub fn volume_name(claim: &PersistentVolumeClaim) -> &str {
    claim.spec.as_ref().and_then(|spec| spec.volume_name.as_deref()).unwrap_or_default()
}

/// The claim that a volume names.
pub fn claim_ref(volume: &PersistentVolume) -> Option<&ObjectReference> {
    volume.spec.as_ref()?.claim_ref.as_ref()
}

/// Tells whether a volume is kept for a claim, by its name at least.
pub fn is_kept_for(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    claim_ref(volume).is_some_and(|reference| {
        let uid = reference.uid.as_deref().unwrap_or_default();
        reference.name == claim.metadata.name
            && reference.namespace == claim.metadata.namespace
            && (uid.is_empty() || Some(uid) == claim.metadata.uid.as_deref())
    })
}

/// Tells whether a claim's binding is done.
pub fn is_bound(claim: &PersistentVolumeClaim) -> bool {
    !volume_name(claim).is_empty() && annotation(&claim.metadata, BIND_COMPLETED).is_some()
}

/// The claim of a pod's volume: its name, and whether it is made for the pod alone.
pub fn claim_of(pod: &Pod, volume: &Volume) -> Option<(String, bool)> {
    if let Some(source) = &volume.persistent_volume_claim {
        return Some((source.claim_name.clone(), false));
    }
    volume.ephemeral.as_ref()?;
    let pod = pod.metadata.name.as_deref().unwrap_or_default();
    Some((format!("{pod}-{}", volume.name), true))
}

/// Tells whether a claim was made for a pod.
pub fn is_made_for(claim: &PersistentVolumeClaim, pod: &Pod) -> bool {
    let owners = claim.metadata.owner_references.iter().flatten();
    owners.into_iter().any(|owner| {
        owner.controller == Some(true) && Some(&owner.uid) == pod.metadata.uid.as_ref()
    })
}

/// Tells whether a node can reach a volume.
pub fn reaches(node: &Node, volume: &PersistentVolume) -> bool {
    let affinity = volume.spec.as_ref().and_then(|spec| spec.node_affinity.as_ref());
    let required = affinity.and_then(|affinity| affinity.required.as_ref());
    required.is_none_or(|it| it.node_selector_terms.iter().any(|term| term_holds(term, node)))
}

/// How much storage a claim asks for.
pub fn asked(claim: &PersistentVolumeClaim) -> Quantity {
    let resources = claim.spec.as_ref().and_then(|spec| spec.resources.as_ref());
    amount(resources.and_then(|it| it.requests.as_ref()?.get("storage")))
}

/// How much storage a volume has.
pub fn capacity(volume: &PersistentVolume) -> Quantity {
    amount(volume.spec.as_ref().and_then(|spec| spec.capacity.as_ref()?.get("storage")))
}

fn amount(text: Option<&Amount>) -> Quantity {
    text.and_then(|text| text.0.parse().ok()).unwrap_or(Quantity::whole(0))
}

fn mode(given: Option<&String>) -> &str {
    given.map_or("Filesystem", String::as_str)
}

/// Tells whether a claim and a volume are both of files or both of blocks.
pub fn same_mode(claim: &PersistentVolumeClaim, volume: &PersistentVolume) -> bool {
    let wanted = claim.spec.as_ref().and_then(|spec| spec.volume_mode.as_ref());
    mode(wanted) == mode(volume.spec.as_ref().and_then(|spec| spec.volume_mode.as_ref()))
}

fn has_modes(claim: &PersistentVolumeClaimSpec, volume: &PersistentVolume) -> bool {
    let has = volume.spec.as_ref().and_then(|spec| spec.access_modes.as_deref());
    let has = has.unwrap_or_default();
    claim.access_modes.iter().flatten().all(|wanted| has.contains(wanted))
}

/// Why a claim cannot have the volume that it names, in Kubernetes' words.
pub fn refusal(claim: &PersistentVolumeClaim, volume: &PersistentVolume) -> Option<&'static str> {
    let spec = claim.spec.as_ref()?;
    if volume.metadata.deletion_timestamp.is_some() {
        Some("the volume is marked for deletion")
    } else if capacity(volume) < asked(claim) {
        Some("requested PV is too small")
    } else if class_of(claim) != class_of_volume(volume) {
        Some("storageClassName does not match")
    } else if !same_mode(claim, volume) {
        Some("incompatible volumeMode")
    } else if !has_modes(spec, volume) {
        Some("incompatible accessMode")
    } else {
        None
    }
}

/// Where a claim is to be bound.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// Wherever its volume is.
    Anywhere,
    /// Not yet: only a volume that is kept for it will do.
    Later,
    /// On this node.
    On(&'a Node),
}

/// The best volume for a claim: one that is kept for it, else the smallest that fits.
///
/// Cost: O(volumes).
pub fn best<'a>(
    claim: &PersistentVolumeClaim,
    volumes: impl Iterator<Item = &'a PersistentVolume>,
    place: Place<'_>,
) -> Option<&'a PersistentVolume> {
    let fits = |volume: &&PersistentVolume| match place {
        Place::On(node) => reaches(node, volume),
        Place::Anywhere | Place::Later => true,
    };
    let selector = claim.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    let selector = selector.map(|it| serde_json::to_value(it).unwrap_or_default());
    let selector = selector.map(|it| LabelSelector::from_object(&it));
    let selected = |volume: &PersistentVolume| match &selector {
        None => true,
        Some(None) => false,
        Some(Some(selector)) => {
            let labels = volume.metadata.labels.as_ref();
            selector.matches(|key| labels?.get(key).map(String::as_str))
        }
    };
    let modes = |volume: &PersistentVolume| {
        claim.spec.as_ref().is_some_and(|spec| has_modes(spec, volume))
            && same_mode(claim, volume)
            && volume.metadata.deletion_timestamp.is_none()
            && capacity(volume) >= asked(claim)
    };
    let mut smallest: Option<&PersistentVolume> = None;
    for volume in volumes.filter(|volume| modes(volume)).filter(fits) {
        if is_kept_for(volume, claim) {
            return Some(volume);
        }
        let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
        let free = claim_ref(volume).is_none() && phase == Some("Available");
        let wanted = !matches!(place, Place::Later)
            && free
            && class_of(claim) == class_of_volume(volume)
            && selected(volume);
        let rank = |one: &PersistentVolume| (capacity(one), one.metadata.name.clone());
        if wanted && smallest.is_none_or(|known| rank(volume) < rank(known)) {
            smallest = Some(volume);
        }
    }
    smallest
}

/// The volume as it is once it is kept for a claim; `None` where it is so already.
pub fn kept_for(
    volume: &PersistentVolume,
    claim: &PersistentVolumeClaim,
) -> Option<PersistentVolume> {
    let meta = &claim.metadata;
    let by_user = is_kept_for(volume, claim);
    if by_user && claim_ref(volume).is_some_and(|it| it.uid == meta.uid) {
        return None;
    }
    let mut volume = volume.clone();
    volume.spec.get_or_insert_default().claim_ref = Some(ObjectReference {
        api_version: Some("v1".into()),
        kind: Some("PersistentVolumeClaim".into()),
        name: meta.name.clone(),
        namespace: meta.namespace.clone(),
        resource_version: meta.resource_version.clone(),
        uid: meta.uid.clone(),
        field_path: None,
    });
    if !by_user {
        let annotations = volume.metadata.annotations.get_or_insert_default();
        annotations.insert(BOUND_BY_CONTROLLER.into(), "yes".into());
    }
    Some(volume)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn volume(name: &str, size: &str, more: &Value) -> PersistentVolume {
        let mut object = json!({
            "metadata": {"name": name, "labels": {"name": name}},
            "spec": {"capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"]},
            "status": {"phase": "Available"},
        });
        machinery::patch::apply_merge_patch(&mut object, more);
        serde_json::from_value(object).unwrap()
    }

    fn claim(size: &str, more: &Value) -> PersistentVolumeClaim {
        let mut object = json!({
            "metadata": {"name": "c", "namespace": "n", "uid": "u"},
            "spec": {"resources": {"requests": {"storage": size}}, "accessModes": ["ReadWriteOnce"]},
        });
        machinery::patch::apply_merge_patch(&mut object, more);
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn the_smallest_that_fits_is_taken() {
        let reference =
            |name: &str| json!({"spec": {"claimRef": {"name": name, "namespace": "n"}}});
        let given = [
            ("small", "1Gi", json!({})),
            ("large", "10Gi", json!({})),
            ("fast", "2Gi", json!({"spec": {"storageClassName": "fast"}})),
            ("many", "4Gi", json!({"spec": {"accessModes": ["ReadWriteOnce", "ReadWriteMany"]}})),
            ("raw", "3Gi", json!({"spec": {"volumeMode": "Block"}})),
            ("taken", "3Gi", reference("other")),
            ("released", "3Gi", json!({"status": {"phase": "Released"}})),
            ("kept", "20Gi", reference("mine")),
        ];
        let made = given.iter().map(|(name, size, more)| volume(name, size, more));
        let volumes: Vec<PersistentVolume> = made.collect();
        for (case, size, more, want) in [
            ("smallest", "1Gi", json!({}), Some("small")),
            ("next", "2Gi", json!({}), Some("many")),
            ("too large", "11Gi", json!({}), None),
            ("class", "1Gi", json!({"spec": {"storageClassName": "fast"}}), Some("fast")),
            ("no such class", "1Gi", json!({"spec": {"storageClassName": "slow"}}), None),
            ("modes", "1Gi", json!({"spec": {"accessModes": ["ReadWriteMany"]}}), Some("many")),
            ("blocks", "1Gi", json!({"spec": {"volumeMode": "Block"}}), Some("raw")),
            (
                "selector",
                "1Gi",
                json!({"spec": {"selector": {"matchLabels": {"name": "large"}}}}),
                Some("large"),
            ),
            ("kept", "1Gi", json!({"metadata": {"name": "mine"}}), Some("kept")),
        ] {
            let claim = claim(size, &more);
            let found = best(&claim, volumes.iter(), Place::Anywhere);
            assert_eq!(found.and_then(|it| it.metadata.name.as_deref()), want, "{case}");
        }
        let later = |name: &str| {
            let claim = claim("1Gi", &json!({"metadata": {"name": name}}));
            best(&claim, volumes.iter(), Place::Later).is_some()
        };
        assert!(!later("c") && later("mine"), "only what is kept for it, before there is a node");
    }

    #[test]
    fn a_volume_says_whose_it_is_and_who_said_so() {
        let claim = claim("1Gi", &json!({}));
        let marked = |volume: &PersistentVolume| {
            let kept = kept_for(volume, &claim).unwrap();
            assert_eq!(claim_ref(&kept).unwrap().uid.as_deref(), Some("u"));
            assert_eq!(kept_for(&kept, &claim), None);
            annotation(&kept.metadata, BOUND_BY_CONTROLLER).is_some()
        };
        assert!(marked(&volume("free", "1Gi", &json!({}))));
        let reference = json!({"spec": {"claimRef": {"name": "c", "namespace": "n"}}});
        assert!(!marked(&volume("kept", "1Gi", &reference)), "the user said so");
    }
}
