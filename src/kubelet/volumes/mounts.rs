//! Where a container sees its volumes.

use std::path::{Component, Path, PathBuf};

use k8s_openapi::api::core::v1::{Container, PodSpec, VolumeMount};
use runtime::spec::{Mount, Propagation};

use super::{
    VolumeError,
    claims::{Disks, Source},
};
use crate::container::env::expand;

/// The mounts of a container's volumes, in order.
///
/// Makes the folder of a sub-path that does not exist yet.
pub(crate) fn of_container(
    spec: &PodSpec,
    container: &Container,
    (pod_folder, disks): (&Path, &Disks),
    env: &[(String, String)],
) -> Result<Vec<Mount>, VolumeError> {
    let mounts = container.volume_mounts.iter().flatten();
    mounts.map(|mount| one(spec, mount, (pod_folder, disks), env)).collect()
}

fn one(
    spec: &PodSpec,
    mount: &VolumeMount,
    (pod_folder, disks): (&Path, &Disks),
    env: &[(String, String)],
) -> Result<Mount, VolumeError> {
    let volume = spec.volumes.iter().flatten().find(|volume| volume.name == mount.name);
    let volume =
        volume.ok_or_else(|| VolumeError(format!("volume \"{}\" not found", mount.name)))?;
    let root = super::place(pod_folder, volume, disks);
    let known = |name: &str| env.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let sub = match (&mount.sub_path_expr, &mount.sub_path) {
        (Some(expression), _) if !expression.is_empty() => expand(expression, known),
        (_, Some(path)) => path.clone(),
        _ => String::new(),
    };
    let source = if sub.is_empty() { root } else { sub_path(&root, &sub)? };
    let disk = disks.get(&volume.name);
    let on_host = volume.host_path.is_some()
        || disk.is_some_and(|disk| matches!(disk.source, Source::HostPath(_)));
    if on_host && !source.exists() {
        std::fs::create_dir_all(&source).map_err(|error| VolumeError(error.to_string()))?;
    }
    let target = if mount.mount_path.starts_with('/') {
        mount.mount_path.clone()
    } else {
        format!("/{}", mount.mount_path)
    };
    // What is made from objects is read-only, whatever the mount says.
    let made = volume.config_map.is_some()
        || volume.secret.is_some()
        || volume.projected.is_some()
        || volume.downward_api.is_some();
    Ok(Mount {
        source,
        target,
        read_only: made
            || disk.is_some_and(|disk| disk.read_only)
            || mount.read_only.unwrap_or(false),
        propagation: match mount.mount_propagation.as_deref() {
            Some("HostToContainer") => Propagation::HostToContainer,
            Some("Bidirectional") => Propagation::Bidirectional,
            _ => Propagation::Private,
        },
    })
}

/// A path inside a volume; links in the volume, which its pod writes, must not lead out of it.
fn sub_path(root: &Path, sub: &str) -> Result<PathBuf, VolumeError> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !Path::new(sub).components().all(plain) {
        return Err(VolumeError(format!("subPath \"{sub}\" must not contain '..'")));
    }
    let failed = |error: std::io::Error| {
        VolumeError(format!("failed to prepare subPath for volumeMount: {error}"))
    };
    let path = root.join(sub);
    let root = root.canonicalize().map_err(failed)?;
    if let Ok(found) = path.canonicalize() {
        let inside = found.starts_with(&root);
        let outside = || VolumeError(format!("subPath \"{sub}\" leads out of the volume"));
        return inside.then_some(found).ok_or_else(outside);
    }
    let mut at = root.clone();
    for part in Path::new(sub).components() {
        at.push(part);
        if !at.exists() {
            std::fs::create_dir(&at).map_err(failed)?;
        }
        if !at.canonicalize().map_err(failed)?.starts_with(&root) {
            return Err(VolumeError(format!("subPath \"{sub}\" leads out of the volume")));
        }
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_paths_stay_inside() {
        let root = tempfile::tempdir().unwrap();
        let volume = root.path().join("v");
        std::fs::create_dir_all(&volume).unwrap();
        std::os::unix::fs::symlink("/etc", volume.join("out")).unwrap();
        for (sub, allowed) in [
            ("a/b", true),
            ("a", true),
            ("../x", false),
            ("out", false),
            ("out/x", false),
            ("/etc", false),
        ] {
            assert_eq!(sub_path(&volume, sub).is_ok(), allowed, "{sub}");
        }
        assert!(volume.join("a/b").is_dir(), "made where missing");
    }
}
