//! Which volumes the pods of a node need attached. No clock, no I/O.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/attachdetach/util` and `pkg/volume/csi`.

use std::{collections::BTreeMap, sync::Arc};

use api::binding::{annotation, claim_of, claim_ref, is_made_for, volume_name};
use k8s_openapi::api::{
    core::v1::{Node, PersistentVolume, PersistentVolumeClaim, Pod, Volume},
    storage::v1::CSIDriver,
};

use super::names::{attachment_name, unique_name};
use crate::pods::{self, is_shut_down};

/// On nodes that leave attaching to the controller.
const MANAGED: &str = "volumes.kubernetes.io/controller-managed-attach-detach";
/// On nodes whose ended pods keep their volumes.
const KEEP: &str = "volumes.kubernetes.io/keep-terminated-pod-volumes";

/// Where volumes are looked up.
pub(super) trait Storage {
    fn claim(&self, namespace: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>>;
    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>>;
    fn driver(&self, name: &str) -> Option<Arc<CSIDriver>>;
}

/// A volume that pods of one node need.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) driver: String,
    /// What nodes call it.
    pub(super) unique: String,
    /// The persistent volume.
    pub(super) volume: String,
    /// It may be attached to one node at a time.
    pub(super) exclusive: bool,
    pub(super) pods: Vec<Arc<Pod>>,
}

/// Tells whether a node leaves attaching to the controller.
pub(super) fn is_managed(node: &Node) -> bool {
    annotation(&node.metadata, MANAGED).is_some()
}

/// The names that nodes give the volume of a driver; `None` where no driver has it.
pub(super) fn unique_name_of(volume: &PersistentVolume) -> Option<String> {
    let source = volume.spec.as_ref()?.csi.as_ref()?;
    Some(unique_name(&source.driver, &source.volume_handle))
}

/// The volumes that the pods of a node need, by the names of their attachments.
pub(super) fn wanted(
    node_name: &str,
    node: Option<&Node>,
    pods: &[Arc<Pod>],
    storage: &impl Storage,
) -> BTreeMap<String, Wanted> {
    let mut all: BTreeMap<String, Wanted> = BTreeMap::new();
    let keeps = node.is_some_and(|node| annotation(&node.metadata, KEEP) == Some("true"));
    for pod in pods.iter().filter(|pod| keeps || !is_shut_down(pod)) {
        for volume in pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
            let Some((handle, found)) = attachable(pod, volume, storage) else { continue };
            let name = attachment_name(&found.driver, &handle, node_name);
            let users = &mut all.entry(name).or_insert(found).pods;
            if !users.iter().any(|user| Arc::ptr_eq(user, pod)) {
                users.push(Arc::clone(pod));
            }
        }
    }
    all
}

/// The handle of the volume behind a pod's volume, and what there is to know of it.
fn attachable(pod: &Pod, volume: &Volume, storage: &impl Storage) -> Option<(String, Wanted)> {
    let (name, own) = claim_of(pod, volume)?;
    let claim = storage.claim(pod.metadata.namespace.as_deref().unwrap_or_default(), &name)?;
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    if own && !is_made_for(&claim, pod) || phase != Some("Bound") {
        return None;
    }
    let volume = storage.volume(volume_name(&claim))?;
    if claim_ref(&volume)?.uid != claim.metadata.uid {
        return None;
    }
    let source = volume.spec.as_ref()?.csi.as_ref()?;
    // A driver that says nothing of itself is one that attaches.
    let driver = storage.driver(&source.driver);
    if driver.is_some_and(|driver| driver.spec.attach_required == Some(false)) {
        return None;
    }
    let wanted = Wanted {
        driver: source.driver.clone(),
        unique: unique_name(&source.driver, &source.volume_handle),
        volume: volume.metadata.name.clone()?,
        exclusive: is_exclusive(&volume),
        pods: Vec::new(),
    };
    Some((source.volume_handle.clone(), wanted))
}

/// Tells whether a volume may not be attached to several nodes; of one without modes its driver decides.
fn is_exclusive(volume: &PersistentVolume) -> bool {
    let modes = volume.spec.as_ref().and_then(|spec| spec.access_modes.as_deref());
    let modes = modes.unwrap_or_default();
    !modes.is_empty()
        && !modes.iter().any(|mode| matches!(mode.as_str(), "ReadWriteMany" | "ReadOnlyMany"))
}

/// The claims that a pod's volumes name, as `namespace/name`.
pub(super) fn claims_of(pod: &Pod) -> Vec<String> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let names = volumes.filter_map(|volume| claim_of(pod, volume));
    names.map(|(name, _)| format!("{namespace}/{name}")).collect()
}

/// Tells whether a pod may need other volumes than before, or need them elsewhere.
pub(super) fn concerns(old: Option<&Pod>, new: Option<&Pod>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return true };
    pods::node_name(old) != pods::node_name(new) || is_shut_down(old) != is_shut_down(new)
}
