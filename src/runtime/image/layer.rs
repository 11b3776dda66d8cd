//! Unpacks a layer's archive into a folder that overlayfs can stack.
//!
//! The archive is untrusted: the work is done by a thread whose root is that folder, so that no name
//! or link in it leads out; sizes and counts are limited; whiteouts become overlayfs's own marks.

use std::fs::{File, Permissions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use nix::fcntl::AtFlags;
use nix::sched::{CloneFlags, unshare};
use nix::sys::stat::{Mode, SFlag, UtimensatFlags, makedev, mknod, utimensat};
use nix::sys::time::{TimeSpec, TimeValLike as _};
use nix::unistd::{Gid, Uid, chdir, chroot, linkat};
use sha2::{Digest as _, Sha256};
use tar::{Archive, Entry, EntryType};

use super::hex;

/// What an archive may hold at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) bytes: u64,
    pub(crate) entries: u64,
}

/// Generous for real images, an end for hostile ones.
pub(crate) const LIMIT: Limit = Limit { bytes: 32 << 30, entries: 2_000_000 };

/// What was unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// Digest of the archive without its compression.
    pub(crate) diff_id: String,
    /// Its length.
    pub(crate) bytes: u64,
}

/// Unpacks the archive (plain, gzip or zstd) into `target`, which exists and is empty.
///
/// Blocks: as long as the work takes.
pub(crate) fn unpack(archive: File, target: &Path, limit: Limit) -> io::Result<Unpacked> {
    let target = target.to_owned();
    let work = move || {
        unshare(CloneFlags::CLONE_FS)?;
        chroot(&target)?;
        chdir("/")?;
        unpack_here(archive, limit)
    };
    let thread = std::thread::Builder::new().name("unpack".to_owned()).spawn(work)?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the unpacking thread panicked")))
}

fn unpack_here(archive: File, limit: Limit) -> io::Result<Unpacked> {
    let counted = Counted { inner: decompress(archive)?, hash: Sha256::new(), read: 0, limit };
    let mut archive = Archive::new(counted);
    let (mut folders, mut count) = (Vec::new(), 0);
    for entry in archive.entries()? {
        let mut entry = entry?;
        count += 1;
        if count > limit.entries {
            return Err(io::Error::other("the layer has too many entries"));
        }
        place(&mut entry, &mut folders)?;
    }
    // Last, because files made in a folder change its time.
    for (path, time) in folders.iter().rev() {
        set_time(path, *time)?;
    }
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink())?;
    Ok(Unpacked { diff_id: format!("sha256:{}", hex(&rest.hash.finalize())), bytes: rest.read })
}

/// Reads through whatever compression the first bytes show.
pub(crate) fn decompress(file: File) -> io::Result<Box<dyn Read>> {
    use std::io::{BufRead as _, BufReader};
    let mut file = BufReader::with_capacity(128 << 10, file);
    let start = file.fill_buf()?;
    Ok(match start {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(file)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(file);
            Box::new(decoder.map_err(|error| io::Error::other(error.to_string()))?)
        }
        _ => Box::new(file),
    })
}

/// Counts, hashes and limits what passes.
struct Counted {
    inner: Box<dyn Read>,
    hash: Sha256,
    read: u64,
    limit: Limit,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        if self.read > self.limit.bytes {
            return Err(io::Error::other("the layer is too large"));
        }
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The path below the root that a name in the archive means; `None` for the root itself.
fn safe_path(name: &Path) -> io::Result<Option<PathBuf>> {
    let mut path = PathBuf::from("/");
    for part in name.components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir | Component::Prefix(_) => {
                return Err(io::Error::other(format!(
                    "the layer's entry {} leads out",
                    name.display()
                )));
            }
        }
    }
    Ok((path.as_os_str() != "/").then_some(path))
}

fn place(entry: &mut Entry<'_, Counted>, folders: &mut Vec<(PathBuf, u64)>) -> io::Result<()> {
    let kind = entry.header().entry_type();
    if matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader) {
        return Ok(());
    }
    let Some(path) = safe_path(&entry.path()?)? else { return Ok(()) };
    let parent = path.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(parent)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(hidden) = name.strip_prefix(".wh.") {
        return whiteout(parent, hidden);
    }

    let exists = std::fs::symlink_metadata(&path).ok();
    match exists {
        Some(old) if old.is_dir() && kind == EntryType::Directory => {}
        Some(old) if old.is_dir() => std::fs::remove_dir_all(&path)?,
        Some(_) => std::fs::remove_file(&path)?,
        None => {}
    }
    make(entry, kind, &path)?;
    if kind != EntryType::Link {
        describe(entry, kind, &path, folders)?;
    }
    Ok(())
}

/// Marks what lower layers show at a place as gone.
fn whiteout(parent: &Path, hidden: &str) -> io::Result<()> {
    if hidden == ".wh..opq" {
        return sys::attributes::set(parent, "trusted.overlay.opaque", b"y");
    }
    if hidden.starts_with(".wh.") {
        // Other marks are AUFS's own and mean nothing here.
        return Ok(());
    }
    let hidden = crate::files::plain_name(hidden)?;
    let path = parent.join(hidden);
    match std::fs::symlink_metadata(&path) {
        Ok(old) if old.is_dir() => std::fs::remove_dir_all(&path)?,
        Ok(_) => std::fs::remove_file(&path)?,
        Err(_) => {}
    }
    mknod(&path, SFlag::S_IFCHR, Mode::empty(), makedev(0, 0))?;
    Ok(())
}

fn make(entry: &mut Entry<'_, Counted>, kind: EntryType, path: &Path) -> io::Result<()> {
    match kind {
        EntryType::Directory => match std::fs::create_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        },
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let mut options = File::options();
            let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
            io::copy(entry, &mut file)?;
            file.flush()?;
        }
        EntryType::Symlink => {
            let to = entry.link_name()?.ok_or(io::ErrorKind::InvalidData)?;
            std::os::unix::fs::symlink(to, path)?;
        }
        EntryType::Link => {
            let to = entry.link_name()?.ok_or(io::ErrorKind::InvalidData)?;
            let to = safe_path(&to)?.ok_or(io::ErrorKind::InvalidData)?;
            let here = nix::fcntl::AT_FDCWD;
            linkat(here, &to, here, path, AtFlags::empty())?;
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            let node = match kind {
                EntryType::Char => SFlag::S_IFCHR,
                EntryType::Block => SFlag::S_IFBLK,
                _ => SFlag::S_IFIFO,
            };
            let major = entry.header().device_major()?.unwrap_or(0);
            let minor = entry.header().device_minor()?.unwrap_or(0);
            mknod(path, node, Mode::empty(), makedev(major.into(), minor.into()))?;
        }
        other => return Err(io::Error::other(format!("the layer has an entry of kind {other:?}"))),
    }
    Ok(())
}

/// Owner, attributes, mode and time, in the order in which they do not undo each other.
fn describe(
    entry: &mut Entry<'_, Counted>,
    kind: EntryType,
    path: &Path,
    folders: &mut Vec<(PathBuf, u64)>,
) -> io::Result<()> {
    // An empty field means 0, as every reader of archives has it.
    let number =
        |value: io::Result<u64>| u32::try_from(value.unwrap_or(0)).map_err(io::Error::other);
    let (uid, gid) = (number(entry.header().uid())?, number(entry.header().gid())?);
    nix::unistd::fchownat(
        nix::fcntl::AT_FDCWD,
        path,
        Some(Uid::from_raw(uid)),
        Some(Gid::from_raw(gid)),
        AtFlags::AT_SYMLINK_NOFOLLOW,
    )?;
    set_attributes(entry, path)?;
    let (mode, time) = (entry.header().mode().unwrap_or(0), entry.header().mtime().unwrap_or(0));
    if kind != EntryType::Symlink {
        std::fs::set_permissions(path, Permissions::from_mode(mode & 0o7777))?;
    }
    if kind == EntryType::Directory {
        folders.push((path.to_owned(), time));
        return Ok(());
    }
    set_time(path, time)
}

/// File capabilities and the users' own attributes; nothing that would speak to overlayfs.
fn set_attributes(entry: &mut Entry<'_, Counted>, path: &Path) -> io::Result<()> {
    let Some(extensions) = entry.pax_extensions()? else { return Ok(()) };
    for extension in extensions {
        let extension = extension?;
        let Some(name) = extension.key().ok().and_then(|key| key.strip_prefix("SCHILY.xattr."))
        else {
            continue;
        };
        if name == "security.capability" || name.starts_with("user.") {
            sys::attributes::set(path, name, extension.value_bytes())?;
        }
    }
    Ok(())
}

fn set_time(path: &Path, seconds: u64) -> io::Result<()> {
    let time = TimeSpec::seconds(i64::try_from(seconds).unwrap_or(0));
    let flags = UtimensatFlags::NoFollowSymlink;
    utimensat(nix::fcntl::AT_FDCWD, path, &time, &time, flags)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Seek as _;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

    struct Builder(tar::Builder<Vec<u8>>);

    impl Builder {
        fn new() -> Self {
            Self(tar::Builder::new(Vec::new()))
        }

        /// Adds an entry whose name is written as it is, however wrong.
        fn entry(mut self, kind: EntryType, name: &str, link: &str, data: &[u8]) -> Self {
            let mut header = tar::Header::new_gnu();
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(kind);
            header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
            header.set_mode(0o755);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(1);
            header.set_device_major(0).unwrap();
            header.set_device_minor(0).unwrap();
            header.set_size(data.len() as u64);
            header.set_cksum();
            self.0.append(&header, data).unwrap();
            self
        }

        fn file(self) -> File {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&self.0.into_inner().unwrap()).unwrap();
            file.rewind().unwrap();
            file
        }
    }

    fn root() -> bool {
        Uid::effective().is_root()
    }

    #[test]
    fn whiteouts_become_overlay_marks() {
        if !root() {
            return;
        }
        let target = tempfile::tempdir().unwrap();
        let archive = Builder::new()
            .entry(EntryType::Directory, "etc/", "", b"")
            .entry(EntryType::Regular, "etc/.wh.gone", "", b"")
            .entry(EntryType::Regular, "etc/.wh..wh..opq", "", b"")
            .entry(EntryType::Regular, "etc/kept", "", b"text")
            .file();
        unpack(archive, target.path(), LIMIT).unwrap();
        let gone = target.path().join("etc/gone").symlink_metadata().unwrap();
        assert!(gone.file_type().is_char_device());
        assert_eq!(gone.rdev(), 0);
        assert_eq!(std::fs::read(target.path().join("etc/kept")).unwrap(), b"text");
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        if !root() {
            return;
        }
        let outside = tempfile::tempdir().unwrap();
        let out = outside.path().to_str().unwrap();
        let through = format!("{out}/evil");
        for (case, archive) in [
            ("parent", Builder::new().entry(EntryType::Regular, "../evil", "", b"x")),
            (
                "link",
                Builder::new().entry(EntryType::Symlink, "way", out, b"").entry(
                    EntryType::Regular,
                    "way/evil",
                    "",
                    b"x",
                ),
            ),
            ("hard link", Builder::new().entry(EntryType::Link, "x", "../../etc/passwd", b"")),
            ("whiteout", Builder::new().entry(EntryType::Regular, "a/.wh...", "", b"")),
        ] {
            let target = tempfile::tempdir().unwrap();
            let result = unpack(archive.file(), target.path(), LIMIT);
            assert!(!Path::new(&through).exists(), "{case}");
            assert!(!target.path().join("../evil").exists(), "{case}");
            // A link to outside leads to the same path inside, which is not there.
            assert!(result.is_err() || case == "link", "{case}");
        }
    }

    #[test]
    fn limits_hold() {
        if !root() {
            return;
        }
        let archive = || Builder::new().entry(EntryType::Regular, "a", "", &[0; 4096]).file();
        for (case, limit) in [
            ("bytes", Limit { bytes: 2048, entries: 10 }),
            ("entries", Limit { bytes: 1 << 20, entries: 0 }),
        ] {
            let target = tempfile::tempdir().unwrap();
            assert!(unpack(archive(), target.path(), limit).is_err(), "{case}");
        }
        let target = tempfile::tempdir().unwrap();
        unpack(archive(), target.path(), LIMIT).unwrap();
    }

    #[test]
    fn the_digest_is_of_the_plain_archive() {
        if !root() {
            return;
        }
        let mut plain = Builder::new().entry(EntryType::Regular, "a", "", b"hello").file();
        let mut packed = flate2::write::GzEncoder::new(
            tempfile::tempfile().unwrap(),
            flate2::Compression::fast(),
        );
        io::copy(&mut plain, &mut packed).unwrap();
        plain.rewind().unwrap();
        let mut packed = packed.finish().unwrap();
        packed.rewind().unwrap();
        let one = unpack(plain, tempfile::tempdir().unwrap().path(), LIMIT).unwrap();
        let other = unpack(packed, tempfile::tempdir().unwrap().path(), LIMIT).unwrap();
        assert_eq!(one, other);
    }
}
