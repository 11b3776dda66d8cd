//! Volumes that pods have by claim: from claim to persistent volume to a path of this node.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use api::binding;
use k8s_openapi::api::core::v1::{
    HostPathVolumeSource, PersistentVolume, PersistentVolumeClaim, Pod, Volume,
};

use super::VolumeError;

/// A persistent volume of this node, as a pod has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Disk {
    /// The name of the persistent volume.
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) read_only: bool,
}

/// Where its files are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    HostPath(HostPathVolumeSource),
    Local(PathBuf),
}

/// The persistent volumes of a pod, by the names of its volumes.
pub(crate) type Disks = BTreeMap<String, Disk>;

impl Disk {
    /// The path on this node.
    pub(crate) fn path(&self) -> &Path {
        match &self.source {
            Source::HostPath(source) => Path::new(&source.path),
            Source::Local(path) => path,
        }
    }

    /// Looks whether the volume is there, and hands it to the pod's group where that is its way.
    pub(crate) fn prepare(&self, pod: &Pod) -> Result<(), VolumeError> {
        let path = match &self.source {
            Source::HostPath(source) => return super::check_host_path(source),
            Source::Local(path) => path,
        };
        let failed = |error: io::Error| VolumeError(error.to_string());
        let Ok(found) = std::fs::metadata(path) else {
            return Err(VolumeError(format!(
                "path {:?} does not exist",
                path.display().to_string()
            )));
        };
        let group = pod.spec.as_ref().and_then(|spec| spec.security_context.as_ref()?.fs_group);
        // What belongs to the group already is not gone through again.
        match group {
            Some(group) if i64::from(found.gid()) != group => {
                super::own_by_group(pod, path).map_err(failed)
            }
            _ => Ok(()),
        }
    }
}

/// Names of the claims that a pod has.
pub(crate) fn named(pod: &Pod) -> Vec<String> {
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    volumes.filter_map(|volume| binding::claim_of(pod, volume)).map(|(name, _)| name).collect()
}

/// The persistent volume behind a volume of a pod; the words are the kubelet's.
pub(crate) fn resolve(
    pod: &Pod,
    volume: &Volume,
    claim: Option<&PersistentVolumeClaim>,
    behind: Option<&PersistentVolume>,
) -> Result<Disk, VolumeError> {
    let Some((name, own)) = binding::claim_of(pod, volume) else {
        return Err(VolumeError("no claim".into()));
    };
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let refuse =
        |why: String| VolumeError(format!("error processing PVC {namespace}/{name}: {why}"));
    let Some(claim) = claim else {
        return Err(refuse(format!(
            "failed to fetch PVC from API server: persistentvolumeclaims {name:?} not found"
        )));
    };
    if own && !binding::is_made_for(claim, pod) {
        let pod = pod.metadata.name.as_deref().unwrap_or_default();
        return Err(refuse(format!(
            "PVC {namespace}/{name} was not created for pod {namespace}/{pod} (pod is not owner)"
        )));
    }
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    let bound = binding::volume_name(claim);
    if phase != Some("Bound") || bound.is_empty() {
        return Err(refuse("PVC is not bound".into()));
    }
    let kept = behind.filter(|behind| binding::is_kept_for(behind, claim));
    let Some(spec) = kept.and_then(|behind| behind.spec.as_ref()) else {
        return Err(refuse(format!(
            "failed to fetch PV {bound:?} from API server: persistentvolumes {bound:?} not found"
        )));
    };
    let source = match (&spec.host_path, &spec.local) {
        _ if spec.volume_mode.as_deref() == Some("Block") => {
            return Err(refuse("block volumes are not supported by kanoe yet".into()));
        }
        (Some(source), _) => Source::HostPath(source.clone()),
        (None, Some(source)) => Source::Local(PathBuf::from(&source.path)),
        (None, None) => {
            return Err(refuse("this kind of volume is not supported by kanoe yet".into()));
        }
    };
    let read_only = volume.persistent_volume_claim.as_ref().and_then(|it| it.read_only);
    Ok(Disk { name: bound.to_owned(), source, read_only: read_only.unwrap_or(false) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn typed<T: k8s_openapi::serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    fn volume_of(source: &Value) -> PersistentVolume {
        let mut spec = json!({"claimRef": {"name": "c", "namespace": "n", "uid": "cu"}});
        machinery::patch::apply_merge_patch(&mut spec, source);
        typed(json!({"metadata": {"name": "pv"}, "spec": spec}))
    }

    #[test]
    fn a_claim_leads_to_a_path_or_says_why_not() {
        let pod: Pod = typed(json!({"metadata": {"name": "p", "namespace": "n", "uid": "u"}}));
        let by_claim: Volume = typed(
            json!({"name": "v", "persistentVolumeClaim": {"claimName": "c", "readOnly": true}}),
        );
        let own: Volume =
            typed(json!({"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}}));
        let claim = |phase: &str| -> PersistentVolumeClaim {
            typed(json!({"metadata": {"name": "c", "namespace": "n", "uid": "cu"},
                "spec": {"volumeName": "pv"}, "status": {"phase": phase}}))
        };
        let local = volume_of(&json!({"local": {"path": "/data"}}));
        let found = resolve(&pod, &by_claim, Some(&claim("Bound")), Some(&local)).unwrap();
        assert_eq!((found.path(), found.read_only), (Path::new("/data"), true));
        let refused = |volume: &Volume, phase: Option<&str>, behind: Option<Value>| {
            let (claim, behind) = (phase.map(claim), behind.as_ref().map(volume_of));
            resolve(&pod, volume, claim.as_ref(), behind.as_ref()).unwrap_err().0
        };
        let foreign = json!({"nfs": {"path": "/", "server": "s"}});
        for (case, phase, behind, why) in [
            (
                "no claim",
                None,
                None,
                "failed to fetch PVC from API server: persistentvolumeclaims \"c\" not found",
            ),
            ("pending", Some("Pending"), None, "PVC is not bound"),
            (
                "no volume",
                Some("Bound"),
                None,
                "failed to fetch PV \"pv\" from API server: persistentvolumes \"pv\" not found",
            ),
            (
                "another kind",
                Some("Bound"),
                Some(foreign),
                "this kind of volume is not supported by kanoe yet",
            ),
        ] {
            let words = format!("error processing PVC n/c: {why}");
            assert_eq!(refused(&by_claim, phase, behind), words, "{case}");
        }
        let words = "error processing PVC n/p-v: PVC n/p-v was not created for pod n/p (pod is \
                     not owner)";
        assert_eq!(refused(&own, Some("Bound"), None), words);
    }
}
