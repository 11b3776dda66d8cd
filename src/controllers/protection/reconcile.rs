//! Whether storage may go. No clock, no I/O: all facts are given.

use k8s_openapi::{
    api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod, Volume},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use crate::{owner, pods};

/// What happens to the finalizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Stay,
    Add,
    Remove,
}

/// Decides over a claim that no pod has.
pub(super) fn for_claim(meta: &ObjectMeta, finalizer: &str) -> Move {
    for_volume(meta, false, finalizer)
}

/// Decides over a volume; `used` is whether a claim is bound to it.
pub(super) fn for_volume(meta: &ObjectMeta, used: bool, finalizer: &str) -> Move {
    let held = meta.finalizers.iter().flatten().any(|known| known == finalizer);
    match (meta.deletion_timestamp.is_some(), held) {
        (true, true) if !used => Move::Remove,
        (false, false) => Move::Add,
        _ => Move::Stay,
    }
}

/// Tells whether a claim is bound to a volume.
pub(super) fn is_bound(volume: &PersistentVolume) -> bool {
    let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
    phase == Some("Bound")
}

/// The classes of attributes that a claim names: asked for, had, or on the way.
pub(super) fn attributes_of(claim: &PersistentVolumeClaim) -> Vec<&str> {
    let status = claim.status.as_ref();
    let asked = claim.spec.as_ref().and_then(|spec| spec.volume_attributes_class_name.as_deref());
    let had = status.and_then(|status| status.current_volume_attributes_class_name.as_deref());
    let coming = status.and_then(|status| status.modify_volume_status.as_ref());
    let coming = coming.and_then(|it| it.target_volume_attributes_class_name.as_deref());
    [asked, had, coming].into_iter().flatten().filter(|name| !name.is_empty()).collect()
}

/// The class of attributes that a volume has.
pub(super) fn attributes_of_volume(volume: &PersistentVolume) -> Option<&str> {
    let spec = volume.spec.as_ref()?;
    spec.volume_attributes_class_name.as_deref().filter(|name| !name.is_empty())
}

/// The claims that a pod names, also those made for it alone.
pub(super) fn claims_of(pod: &Pod) -> Vec<String> {
    volumes(pod).filter_map(|volume| named(volume).or_else(|| made_for(pod, volume))).collect()
}

/// Tells whether a pod has a claim. Before a pod has a node, nobody mounts anything.
pub(super) fn uses(pod: &Pod, claim: &PersistentVolumeClaim) -> bool {
    if pod.spec.as_ref().is_none_or(|spec| spec.node_name.as_deref().is_none_or(str::is_empty)) {
        return false;
    }
    let name = claim.metadata.name.as_ref();
    volumes(pod).any(|volume| {
        let own =
            !pods::is_shut_down(pod) && owner::is_controlled_by(&claim.metadata, &pod.metadata);
        named(volume).as_ref() == name || own && made_for(pod, volume).as_ref() == name
    })
}

fn volumes(pod: &Pod) -> impl Iterator<Item = &Volume> {
    pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten())
}

fn named(volume: &Volume) -> Option<String> {
    volume.persistent_volume_claim.as_ref().map(|claim| claim.claim_name.clone())
}

fn made_for(pod: &Pod, volume: &Volume) -> Option<String> {
    volume.ephemeral.as_ref().map(|_| format!("{}-{}", pods::name(pod), volume.name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finalizers_come_and_go() {
        let meta = |deleted: bool, held: bool| -> ObjectMeta {
            let time = deleted.then_some("2026-01-01T00:00:00Z");
            let held = if held { json!(["f"]) } else { json!([]) };
            serde_json::from_value(json!({"deletionTimestamp": time, "finalizers": held})).unwrap()
        };
        for (case, deleted, held, used, want) in [
            ("new", false, false, false, Move::Add),
            ("lives", false, true, true, Move::Stay),
            ("in use", true, true, true, Move::Stay),
            ("free", true, true, false, Move::Remove),
            ("others hold it", true, false, false, Move::Stay),
        ] {
            assert_eq!(for_volume(&meta(deleted, held), used, "f"), want, "{case}");
        }
    }

    #[test]
    fn classes_of_attributes_are_named_in_three_places() {
        let claim = json!({"spec": {"volumeAttributesClassName": "asked"}, "status": {
            "currentVolumeAttributesClassName": "had",
            "modifyVolumeStatus": {"status": "Pending", "targetVolumeAttributesClassName": "next"}}});
        let claim: PersistentVolumeClaim = serde_json::from_value(claim).unwrap();
        assert_eq!(attributes_of(&claim), ["asked", "had", "next"]);
        assert!(attributes_of(&PersistentVolumeClaim::default()).is_empty());
        let volume = json!({"spec": {"volumeAttributesClassName": "had"}});
        let volume: PersistentVolume = serde_json::from_value(volume).unwrap();
        assert_eq!(attributes_of_volume(&volume), Some("had"));
    }

    #[test]
    fn pods_with_a_node_have_their_claims() {
        let pod = |node: &str, phase: &str| -> Pod {
            let volumes = json!([
                {"name": "a", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "b", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}},
            ]);
            let object = json!({
                "metadata": {"name": "p", "uid": "p"}, "status": {"phase": phase},
                "spec": {"nodeName": node, "containers": [], "volumes": volumes},
            });
            serde_json::from_value(object).unwrap()
        };
        let claim = |name: &str, owner: &str| -> PersistentVolumeClaim {
            let owners = json!([{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": owner,
                "controller": true}]);
            let meta = json!({"name": name, "ownerReferences": owners});
            serde_json::from_value(json!({"metadata": meta})).unwrap()
        };
        assert_eq!(claims_of(&pod("", "")), ["data", "p-b"]);
        for (case, (node, phase), (name, owner), want) in [
            ("named", ("n", "Running"), ("data", ""), true),
            ("ended", ("n", "Succeeded"), ("data", ""), true),
            ("waits for a node", ("", "Pending"), ("data", ""), false),
            ("another", ("n", "Running"), ("other", ""), false),
            ("its own", ("n", "Running"), ("p-b", "p"), true),
            ("its own, ended", ("n", "Failed"), ("p-b", "p"), false),
            ("of its name", ("n", "Running"), ("p-b", "q"), false),
        ] {
            assert_eq!(uses(&pod(node, phase), &claim(name, owner)), want, "{case}");
        }
    }
}
