//! A pod's volumes: folders on this node, made before its containers and removed after them.
//!
//! What a volume holds is planned as data ([`content`]) and written so that a reader sees all of an
//! update or nothing of it ([`files`]).

pub(crate) mod claims;
pub(crate) mod content;
pub(crate) mod files;
pub(crate) mod mounts;

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::{HostPathVolumeSource, Pod, Volume};

use self::claims::Disks;

/// A volume could not be set up; the words are Kubernetes' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VolumeError(pub(crate) String);

/// Where a volume's folder is; those of host paths and persistent volumes are not the pod's.
pub(crate) fn place(pod_folder: &Path, volume: &Volume, disks: &Disks) -> PathBuf {
    match (&volume.host_path, disks.get(&volume.name)) {
        (Some(source), _) => PathBuf::from(&source.path),
        (None, Some(disk)) => disk.path().to_owned(),
        (None, None) => pod_folder.join("volumes").join(&volume.name),
    }
}

/// Whether this node can set the volume up at all.
pub(crate) fn check(volume: &Volume) -> Result<(), VolumeError> {
    let known = volume.empty_dir.is_some()
        || volume.host_path.is_some()
        || volume.config_map.is_some()
        || volume.secret.is_some()
        || volume.projected.is_some()
        || volume.downward_api.is_some();
    let text =
        || format!("volume \"{}\": this kind of volume is not supported by kanoe yet", volume.name);
    known.then_some(()).ok_or_else(|| VolumeError(text()))
}

/// Makes the volumes that need nothing looked up.
pub(crate) fn make_plain(pod: &Pod, pod_folder: &Path, volume: &Volume) -> Result<(), VolumeError> {
    let failed = |error: io::Error| VolumeError(error.to_string());
    if let Some(source) = &volume.host_path {
        return check_host_path(source);
    }
    let Some(source) = &volume.empty_dir else { return Ok(()) };
    let folder = place(pod_folder, volume, &Disks::new());
    if folder.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    if source.medium.as_deref() == Some("Memory") {
        let limit = source.size_limit.as_ref().and_then(|size| size.0.parse().ok());
        let limit = limit.map(machinery::quantity::Quantity::value);
        let options = limit.map_or_else(String::new, |bytes| format!("size={bytes},"));
        runtime::mounts::tmpfs(&folder, &format!("{options}mode=0777")).map_err(failed)?;
    }
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).map_err(failed)?;
    own_by_group(pod, &folder).map_err(failed)
}

/// Hands a volume to the pod's group: its files belong to it, and new ones will.
pub(crate) fn own_by_group(pod: &Pod, folder: &Path) -> io::Result<()> {
    let context = pod.spec.as_ref().and_then(|spec| spec.security_context.as_ref());
    let group = context.and_then(|context| context.fs_group);
    let Some(group) = group.and_then(|group| u32::try_from(group).ok()) else { return Ok(()) };
    give_to(folder, group)
}

fn give_to(path: &Path, group: u32) -> io::Result<()> {
    let meta = std::fs::symlink_metadata(path)?;
    std::os::unix::fs::lchown(path, None, Some(group))?;
    if meta.is_symlink() {
        return Ok(());
    }
    let more = if meta.is_dir() { 0o2070 } else { 0o060 };
    let mode = (meta.permissions().mode() & 0o7777) | more;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    if meta.is_dir() {
        for entry in std::fs::read_dir(path)? {
            give_to(&entry?.path(), group)?;
        }
    }
    Ok(())
}

fn check_host_path(source: &HostPathVolumeSource) -> Result<(), VolumeError> {
    use std::os::unix::fs::FileTypeExt as _;
    let path = Path::new(&source.path);
    let kind = source.type_.as_deref().unwrap_or_default();
    let failed = |error: io::Error| VolumeError(error.to_string());
    let found = std::fs::metadata(path).ok().map(|meta| meta.file_type());
    let is = |wanted: fn(&std::fs::FileType) -> bool| found.as_ref().is_some_and(wanted);
    let right = match kind {
        "" => true,
        "DirectoryOrCreate" if found.is_none() => {
            std::fs::create_dir_all(path).map_err(failed)?;
            true
        }
        "FileOrCreate" if found.is_none() => {
            std::fs::File::create(path).map_err(failed)?;
            true
        }
        "Directory" | "DirectoryOrCreate" => is(std::fs::FileType::is_dir),
        "File" | "FileOrCreate" => is(std::fs::FileType::is_file),
        "Socket" => is(std::fs::FileType::is_socket),
        "CharDevice" => is(std::fs::FileType::is_char_device),
        "BlockDevice" => is(std::fs::FileType::is_block_device),
        _ => false,
    };
    let what = match kind {
        "Directory" | "DirectoryOrCreate" => "a directory",
        "File" | "FileOrCreate" => "a file",
        "Socket" => "a socket file",
        "CharDevice" => "a character device",
        _ => "a block device",
    };
    let text = || format!("hostPath type check failed: {} is not {what}", source.path);
    right.then_some(()).ok_or_else(|| VolumeError(text()))
}

/// Removes all that belongs to a pod's volumes; host paths stay.
pub(crate) fn remove(pod_folder: &Path) -> io::Result<()> {
    runtime::mounts::remove_folder(pod_folder)
}
