//! What the node does for a claim or a volume. No clock, no I/O: all facts are given.

use std::path::Path;

use api::binding::{
    self, PROVISIONED_BY, PROVISIONER, SELECTED_NODE, annotation, class_of, volume_name,
};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use machinery::well_known::HOSTNAME;
use serde_json::json;

use super::{FINALIZER, NAME};

/// What a claim needs of this node.
#[derive(Debug, PartialEq)]
pub(super) enum ForClaim {
    Nothing,
    /// A volume, with a folder at its path.
    Make(Box<PersistentVolume>),
    /// It asks for what folders cannot give.
    Refuse(String),
    /// More room: the volume as it is to be.
    Grow(Box<PersistentVolume>),
    /// It may show the size that its volume has.
    Grown(Box<PersistentVolumeClaim>),
}

/// What a volume needs of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ForVolume {
    Nothing,
    /// Its data goes, then the object.
    Delete,
    /// The object is on its way out: its data goes, then our hold on it.
    Wipe,
    /// The object is on its way out, and its data stays.
    LetGo,
}

/// This node, and where its volumes stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) node: &'a str,
    pub(super) root: &'a Path,
}

impl Here<'_> {
    /// Tells whether this node made a volume: what a volume says of itself may be anything.
    pub(super) fn made(self, volume: &PersistentVolume) -> bool {
        let Some(name) = volume.metadata.name.as_deref() else { return false };
        let local = volume.spec.as_ref().and_then(|spec| spec.local.as_ref());
        let place = self.root.join(name);
        annotation(&volume.metadata, PROVISIONED_BY) == Some(NAME)
            && local.is_some_and(|local| Path::new(&local.path) == place)
            && name.starts_with("pvc-")
            && !name.contains('/')
            && node_of(volume) == Some(self.node)
    }
}

fn node_of(volume: &PersistentVolume) -> Option<&str> {
    let affinity = volume.spec.as_ref()?.node_affinity.as_ref()?;
    let term = affinity.required.as_ref()?.node_selector_terms.first()?;
    let expression = term.match_expressions.as_ref()?.first()?;
    let values = expression.values.as_ref()?;
    (expression.key == HOSTNAME).then_some(values.first()?.as_str())
}

/// Decides over a claim; `volume` is the one that it has.
pub(super) fn for_claim(
    claim: &PersistentVolumeClaim,
    class: Option<&StorageClass>,
    volume: Option<&PersistentVolume>,
    here: Here<'_>,
) -> ForClaim {
    if binding::is_bound(claim) {
        return volume.map_or(ForClaim::Nothing, |volume| growth(claim, volume, here));
    }
    let asked = annotation(&claim.metadata, PROVISIONER) == Some(NAME)
        && volume_name(claim).is_empty()
        && claim.metadata.deletion_timestamp.is_none();
    let (true, Some(class)) = (asked, class) else { return ForClaim::Nothing };
    let chosen = annotation(&claim.metadata, SELECTED_NODE);
    let elsewhere = chosen.is_some_and(|node| node != here.node);
    if class.provisioner != NAME || elsewhere || binding::waits(Some(class)) && chosen.is_none() {
        return ForClaim::Nothing;
    }
    let Some(spec) = &claim.spec else { return ForClaim::Nothing };
    let why = if spec.volume_mode.as_deref() == Some("Block") {
        "it makes no block volumes"
    } else if spec.selector.is_some() {
        "claim Selector is not supported"
    } else if spec.data_source.is_some() || spec.data_source_ref.is_some() {
        "it fills no volumes from data sources"
    } else {
        return make(claim, class, here);
    };
    let class = class_of(claim);
    ForClaim::Refuse(format!("failed to provision volume with StorageClass {class:?}: {why}"))
}

fn make(claim: &PersistentVolumeClaim, class: &StorageClass, here: Here<'_>) -> ForClaim {
    let meta = &claim.metadata;
    let name = format!("pvc-{}", meta.uid.as_deref().unwrap_or_default());
    let size = claim.spec.as_ref().and_then(|spec| {
        spec.resources.as_ref()?.requests.as_ref()?.get("storage").map(|size| size.0.clone())
    });
    let affinity = json!({"required": {"nodeSelectorTerms": [{"matchExpressions": [
        {"key": HOSTNAME, "operator": "In", "values": [here.node]},
    ]}]}});
    let volume = json!({
        "metadata": {
            "name": name, "annotations": {PROVISIONED_BY: NAME}, "finalizers": [FINALIZER],
        },
        "spec": {
            "capacity": {"storage": size.unwrap_or_else(|| "0".into())},
            "accessModes": claim.spec.as_ref().map(|spec| &spec.access_modes),
            "persistentVolumeReclaimPolicy": class.reclaim_policy.as_deref().unwrap_or("Delete"),
            "storageClassName": class_of(claim), "volumeMode": "Filesystem",
            "claimRef": {
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": meta.name,
                "namespace": meta.namespace, "uid": meta.uid,
                "resourceVersion": meta.resource_version,
            },
            "local": {"path": here.root.join(&name)}, "nodeAffinity": affinity,
        },
    });
    match serde_json::from_value(volume) {
        Ok(volume) => ForClaim::Make(Box::new(volume)),
        Err(error) => ForClaim::Refuse(error.to_string()),
    }
}

/// Folders have no size of their own: a claim that grows is believed.
fn growth(claim: &PersistentVolumeClaim, volume: &PersistentVolume, here: Here<'_>) -> ForClaim {
    if !here.made(volume) {
        return ForClaim::Nothing;
    }
    let requests = claim.spec.as_ref().and_then(|spec| spec.resources.as_ref()?.requests.as_ref());
    let Some(size) = requests.and_then(|all| all.get("storage")) else { return ForClaim::Nothing };
    if binding::asked(claim) > binding::capacity(volume) {
        let mut volume = volume.clone();
        let spec = volume.spec.get_or_insert_default();
        spec.capacity.get_or_insert_default().insert("storage".into(), size.clone());
        return ForClaim::Grow(Box::new(volume));
    }
    let spec = volume.spec.as_ref();
    let Some(has) = spec.and_then(|spec| spec.capacity.as_ref()?.get("storage")) else {
        return ForClaim::Nothing;
    };
    let shown = claim.status.as_ref().and_then(|status| status.capacity.as_ref()?.get("storage"));
    let grown = |text: &str| text.parse().is_ok_and(|size| binding::capacity(volume) > size);
    if shown.is_some_and(|shown| grown(&shown.0)) {
        let mut claim = claim.clone();
        let status = claim.status.get_or_insert_default();
        status.capacity.get_or_insert_default().insert("storage".into(), has.clone());
        return ForClaim::Grown(Box::new(claim));
    }
    ForClaim::Nothing
}

/// Decides over a volume.
pub(super) fn for_volume(volume: &PersistentVolume, here: Here<'_>) -> ForVolume {
    if !here.made(volume) {
        return ForVolume::Nothing;
    }
    let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
    let policy =
        volume.spec.as_ref().and_then(|spec| spec.persistent_volume_reclaim_policy.as_deref());
    let deletes = policy == Some("Delete");
    let held = volume.metadata.finalizers.iter().flatten().any(|one| one == FINALIZER);
    match (volume.metadata.deletion_timestamp.is_some(), phase) {
        (false, Some("Released")) if deletes => ForVolume::Delete,
        (true, phase) if held && phase != Some("Bound") => {
            if deletes {
                ForVolume::Wipe
            } else {
                ForVolume::LetGo
            }
        }
        _ => ForVolume::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn here() -> Here<'static> {
        Here { node: "here", root: Path::new("/home/volumes") }
    }

    fn claim(more: &Value) -> PersistentVolumeClaim {
        let mut object = json!({
            "metadata": {"name": "c", "namespace": "n", "uid": "u", "annotations": {
                PROVISIONER: NAME, SELECTED_NODE: "here"}},
            "spec": {"storageClassName": "standard", "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}}},
        });
        machinery::patch::apply_merge_patch(&mut object, more);
        serde_json::from_value(object).unwrap()
    }

    fn class(mode: &str) -> StorageClass {
        let class = json!({"provisioner": NAME, "volumeBindingMode": mode});
        serde_json::from_value(class).unwrap()
    }

    fn made(more: &Value) -> PersistentVolume {
        let claim = claim(&json!({}));
        let ForClaim::Make(volume) = for_claim(&claim, Some(&class("")), None, here()) else {
            unreachable!("a volume is made")
        };
        let mut object = serde_json::to_value(*volume).unwrap();
        machinery::patch::apply_merge_patch(&mut object, more);
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn claims_are_served_on_the_node_of_their_pod() {
        let chosen = |node: Value| json!({"metadata": {"annotations": {SELECTED_NODE: node}}});
        let wait = "WaitForFirstConsumer";
        for (case, more, mode, want) in [
            ("chosen", json!({}), wait, "make"),
            ("another node", chosen("there".into()), wait, ""),
            ("no node yet", chosen(Value::Null), wait, ""),
            ("at once", chosen(Value::Null), "Immediate", "make"),
            ("has one", json!({"spec": {"volumeName": "v"}}), wait, ""),
            ("not asked", json!({"metadata": {"annotations": {PROVISIONER: "x"}}}), wait, ""),
            ("blocks", json!({"spec": {"volumeMode": "Block"}}), wait, "refuse"),
            ("goes", json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}), wait, ""),
        ] {
            let found = match for_claim(&claim(&more), Some(&class(mode)), None, here()) {
                ForClaim::Nothing => "",
                ForClaim::Make(_) => "make",
                ForClaim::Refuse(_) => "refuse",
                ForClaim::Grow(_) | ForClaim::Grown(_) => "grow",
            };
            assert_eq!(found, want, "{case}");
        }
    }

    #[test]
    fn data_goes_only_where_it_is_ours_and_may() {
        let gone = "2026-01-01T00:00:00Z";
        let phase = |phase: &str| json!({"status": {"phase": phase}});
        let going = |phase: &str, policy: &str| {
            json!({"metadata": {"deletionTimestamp": gone}, "status": {"phase": phase},
                "spec": {"persistentVolumeReclaimPolicy": policy}})
        };
        let mut foreign = phase("Released");
        foreign["spec"] = json!({"local": {"path": "/etc"}});
        for (case, more, want) in [
            ("bound", phase("Bound"), ForVolume::Nothing),
            ("released", phase("Released"), ForVolume::Delete),
            ("a path of its own", foreign, ForVolume::Nothing),
            ("deleted", going("Released", "Delete"), ForVolume::Wipe),
            ("deleted in use", going("Bound", "Delete"), ForVolume::Nothing),
            ("deleted, kept", going("Released", "Retain"), ForVolume::LetGo),
        ] {
            assert_eq!(for_volume(&made(&more), here()), want, "{case}");
        }
        let elsewhere = Here { node: "there", ..here() };
        assert_eq!(for_volume(&made(&phase("Released")), elsewhere), ForVolume::Nothing);
    }

    #[test]
    fn a_claim_grows_with_its_volume() {
        let bound = |size: &str, shown: &str| {
            claim(&json!({
                "metadata": {"annotations": {binding::BIND_COMPLETED: "yes"}},
                "spec": {"volumeName": "pvc-u", "resources": {"requests": {"storage": size}}},
                "status": {"phase": "Bound", "capacity": {"storage": shown}},
            }))
        };
        let volume = made(&json!({}));
        let (calm, wanting) = (bound("1Gi", "1Gi"), bound("2Gi", "1Gi"));
        assert_eq!(for_claim(&calm, None, Some(&volume), here()), ForClaim::Nothing);
        let ForClaim::Grow(grown) = for_claim(&wanting, None, Some(&volume), here()) else {
            unreachable!("it grows")
        };
        let ForClaim::Grown(claim) = for_claim(&wanting, None, Some(&grown), here()) else {
            unreachable!("it shows its size")
        };
        assert_eq!(for_claim(&claim, None, Some(&grown), here()), ForClaim::Nothing, "settled");
    }
}
