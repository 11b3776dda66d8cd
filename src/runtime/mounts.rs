//! The few mounts that whoever runs containers needs beside them.

use std::io;
use std::path::Path;

/// Mounts a memory file system; `options` are its own, such as `size=1024,mode=0777`.
pub fn tmpfs(target: &Path, options: &str) -> io::Result<()> {
    sys::mount::tmpfs(target, options)
}

/// Takes out the mounts at and below a folder, then removes it. One that is gone is no error.
pub fn remove_folder(folder: &Path) -> io::Result<()> {
    crate::sandbox::remove_folder(folder)
}

/// How many bytes the file system that holds a path has in all.
pub fn disk_bytes(path: &Path) -> io::Result<i64> {
    let found = nix::sys::statvfs::statvfs(path)?;
    let bytes = u128::from(found.blocks()) * u128::from(found.fragment_size());
    i64::try_from(bytes).map_err(io::Error::other)
}

/// How many hundredths of the file system that holds a path are free.
pub fn disk_free_percent(path: &Path) -> io::Result<i64> {
    let found = nix::sys::statvfs::statvfs(path)?;
    let free = u128::from(found.blocks_available()) * 100 / u128::from(found.blocks().max(1));
    i64::try_from(free).map_err(io::Error::other)
}
