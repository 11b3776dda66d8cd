//! Small file manners: whole or not at all, names that are names, sockets with long paths.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

/// Replaces the file at `path` so that a reader sees all of the old or all of the new.
///
/// Survives the end of this process at any instant; not made to survive a power cut.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    File::create(&new)?.write_all(bytes)?;
    std::fs::rename(&new, path)
}

/// Refuses what could lead out of a folder when it is joined to its path.
pub(crate) fn plain_name(name: &str) -> io::Result<&str> {
    let plain = !name.is_empty()
        && name.len() <= 255
        && name != "."
        && name != ".."
        && !name.contains(['/', '\0']);
    plain.then_some(name).ok_or_else(|| io::Error::other(format!("{name:?} is not a plain name")))
}

/// A path to the same socket that fits the kernel's 107 bytes, valid while the folder is held.
pub(crate) fn short_socket_path(path: &Path) -> io::Result<(File, PathBuf)> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let folder = File::open(folder)?;
    let short = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
    Ok((folder, short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for (name, allowed) in
            [("web", true), ("a.b", true), ("", false), ("..", false), ("a/b", false), (".", false)]
        {
            assert_eq!(plain_name(name).is_ok(), allowed, "{name:?}");
        }
    }

    #[test]
    fn a_socket_may_stand_deep() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("d".repeat(100)).join("e".repeat(100));
        std::fs::create_dir_all(&deep).unwrap();
        let path = deep.join("s");
        let (_held, short) = short_socket_path(&path).unwrap();
        let _listener = std::os::unix::net::UnixListener::bind(&short).unwrap();
        std::os::unix::net::UnixStream::connect(short).unwrap();
    }
}
