//! What is copied into a container, as a tar stream.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use crate::report::{CliError, io_words};

/// Writes the archive of `source`, a file or a folder, in which it is called `name`.
///
/// Links are packed as links, and folders with something in them only by what is in them.
/// Errors: a file that cannot be read, or changes its size meanwhile; what `out` refuses.
pub(super) fn pack(source: &Path, name: &str, out: impl Write) -> Result<(), CliError> {
    let mut builder = tar::Builder::new(out);
    builder.follow_symlinks(false);
    entry(&mut builder, source, name)?;
    builder.into_inner().and_then(|mut out| out.flush()).map_err(CliError::Output)
}

fn entry(builder: &mut tar::Builder<impl Write>, path: &Path, name: &str) -> Result<(), CliError> {
    let found = fs::symlink_metadata(path).map_err(|error| failed("lstat", path, &error))?;
    let mut header = tar::Header::new_gnu();
    header.set_metadata(&found);
    if found.is_symlink() {
        let target = fs::read_link(path).map_err(|error| failed("readlink", path, &error))?;
        return builder.append_link(&mut header, name, target).map_err(CliError::Output);
    }
    if found.is_dir() {
        return folder(builder, path, name, &mut header);
    }
    if !found.is_file() {
        let text = format!("{} is no file, folder or link", path.display());
        return Err(CliError::plain(text));
    }
    let file = File::open(path).map_err(|error| failed("open", path, &error))?;
    let content = Content { file, left: found.len() };
    builder.append_data(&mut header, name, content).map_err(|error| failed("read", path, &error))
}

fn folder(
    builder: &mut tar::Builder<impl Write>,
    path: &Path,
    name: &str,
    header: &mut tar::Header,
) -> Result<(), CliError> {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(|error| failed("open", path, &error))?;
    if entries.is_empty() {
        header.set_size(0);
        return builder.append_data(header, name, io::empty()).map_err(CliError::Output);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for found in entries {
        let inside = format!("{name}/{}", found.file_name().to_string_lossy());
        entry(builder, &found.path(), &inside)?;
    }
    Ok(())
}

fn failed(what: &str, path: &Path, error: &io::Error) -> CliError {
    CliError::plain(format!("{what} {}: {}", path.display(), io_words(error)))
}

/// A file that has the size that its header says, or is refused.
struct Content {
    file: File,
    left: u64,
}

impl Read for Content {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = (&mut self.file).take(self.left.max(1)).read(into)?;
        let read = u64::try_from(count).unwrap_or(u64::MAX);
        match (read, self.left) {
            (0, 1..) => Err(io::Error::other("the file became shorter while it was copied")),
            (1.., 0) => Err(io::Error::other("the file became longer while it was copied")),
            _ => {
                self.left -= read;
                Ok(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(archive: &[u8]) -> Vec<(String, Option<String>)> {
        let mut archive = tar::Archive::new(archive);
        let entries = archive.entries().unwrap();
        entries
            .map(|entry| {
                let entry = entry.unwrap();
                let link = entry.link_name().unwrap().map(|it| it.display().to_string());
                (entry.path().unwrap().display().to_string(), link)
            })
            .collect()
    }

    #[test]
    fn folders_are_packed_by_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("r");
        fs::create_dir_all(root.join("full/empty")).unwrap();
        fs::write(root.join("full/file"), "text").unwrap();
        std::os::unix::fs::symlink("file", root.join("full/link")).unwrap();
        let long = "n".repeat(180);
        fs::write(root.join(&long), "").unwrap();
        let mut out = Vec::new();
        pack(&root, "to", &mut out).unwrap();
        let want = [
            ("to/full/empty".to_owned(), None),
            ("to/full/file".to_owned(), None),
            ("to/full/link".to_owned(), Some("file".to_owned())),
            (format!("to/{long}"), None),
        ];
        assert_eq!(names(&out), want);
    }

    #[test]
    fn what_cannot_be_packed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        pack(&socket, "s", io::sink()).unwrap_err();
        pack(&folder.path().join("none"), "s", io::sink()).unwrap_err();
        let path = folder.path().join("f");
        fs::write(&path, "four").unwrap();
        let read = |left| {
            let mut content = Content { file: File::open(&path).unwrap(), left };
            io::read_to_string(&mut content)
        };
        assert_eq!(read(4).unwrap(), "four");
        assert!(read(5).is_err() && read(3).is_err());
    }
}
