//! Mounts: the few shapes the node uses, and the kernel's own table of what is mounted.

use std::io;
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};

const NOTHING: Option<&str> = None;

/// Whether a mount may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes.
    ReadWrite,
    /// Reads only.
    ReadOnly,
}

/// Stacks `lower` (topmost first) below `upper`.
pub fn overlay(lower: &[PathBuf], upper: &Path, work: &Path, target: &Path) -> io::Result<()> {
    let lower: Vec<_> = lower.iter().map(|path| path.to_string_lossy()).collect();
    let options = format!(
        "lowerdir={},upperdir={},workdir={}",
        lower.join(":"),
        upper.display(),
        work.display()
    );
    mount(Some("overlay"), target, Some("overlay"), MsFlags::empty(), Some(options.as_str()))?;
    Ok(())
}

/// Shows `source` at `target` too, with what is mounted below it.
pub fn bind(source: &Path, target: &Path, access: Access) -> io::Result<()> {
    mount(Some(source), target, NOTHING, MsFlags::MS_BIND | MsFlags::MS_REC, NOTHING)?;
    if access == Access::ReadOnly {
        let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
        mount(NOTHING, target, NOTHING, flags, NOTHING)?;
    }
    Ok(())
}

/// Mounts a memory file system; `options` are its own, such as `size=64m,mode=0700`.
pub fn tmpfs(target: &Path, options: &str) -> io::Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), target, Some("tmpfs"), flags, Some(options))?;
    Ok(())
}

/// Keeps later mounts below `target` to this mount namespace.
pub fn make_private(target: &Path) -> io::Result<()> {
    mount(NOTHING, target, NOTHING, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NOTHING)?;
    Ok(())
}

/// Takes the mount at `target` out of the tree at once; its users keep it until they end.
pub fn detach(target: &Path) -> io::Result<()> {
    Ok(umount2(target, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW)?)
}

/// Takes out every mount at or below `root`, deepest first; says how many there were.
pub fn detach_below(root: &Path) -> io::Result<usize> {
    let found = below(root)?;
    for target in found.iter().rev() {
        detach(target)?;
    }
    Ok(found.len())
}

/// Mount points at or below `root`, in the order they were mounted.
pub fn below(root: &Path) -> io::Result<Vec<PathBuf>> {
    let table = std::fs::read_to_string("/proc/self/mountinfo")?;
    let points = table.lines().filter_map(|line| line.split(' ').nth(4)).map(unescape);
    Ok(points.filter(|point| point.starts_with(root)).collect())
}

/// Undoes the table's octal escapes of blanks and backslashes.
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'\\')
            .then(|| bytes.get(at + 1..at + 4))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        out.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 4 } else { 1 };
    }
    std::ffi::OsString::from_vec(out).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (case, text, path) in [
            ("plain", "/var/lib", "/var/lib"),
            ("blank", "/a\\040b", "/a b"),
            ("backslash", "/a\\134b", "/a\\b"),
            ("no escape", "/a\\x", "/a\\x"),
        ] {
            assert_eq!(unescape(text), Path::new(path), "{case}");
        }
    }
}
