//! What comes out of a container: a tar stream, unpacked below a place. Nothing in it is believed.
//! Source: kubectl, `pkg/cmd/cp/cp.go`, `untarAll`.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use machinery::field::go_quoted;

use super::paths::{self, Place};
use crate::report::{CliError, io_words};

/// Where an archive comes from and goes to.
#[derive(Debug)]
pub(super) struct Unpacking {
    /// Here, on our side.
    pub(super) to: String,
    /// What the names of its entries begin with.
    pub(super) prefix: String,
    /// How a user copies links: said with the first that is left out.
    pub(super) advice: String,
}

impl Unpacking {
    /// Unpacks an archive as it comes, and says with `warn` what is left out: links, and what would lead
    /// outside.
    ///
    /// Errors: no archive, one of something else, files that cannot be written.
    pub(super) fn run(&self, from: impl Read, warn: &mut dyn FnMut(&str)) -> Result<(), CliError> {
        let mut archive = tar::Archive::new(from);
        let mut advised = false;
        for entry in archive.entries().map_err(|error| broken(&error))? {
            let mut entry = entry.map_err(|error| broken(&error))?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let place = match paths::place(&self.to, &self.prefix, &name) {
                Place::At(place) => place,
                Place::Outside(place) => {
                    let shown = go_quoted(&place);
                    warn(&format!("warning: file {shown} is outside target destination, skipping"));
                    continue;
                }
                Place::Foreign => return Err(CliError::plain("tar contents corrupted")),
            };
            if entry.header().entry_type().is_symlink() {
                let target = entry.link_name_bytes().unwrap_or_default();
                let target = go_quoted(&String::from_utf8_lossy(&target));
                let advice = if advised { "" } else { &self.advice };
                warn(&format!(
                    "warning: skipping symlink: {} -> {target}{advice}",
                    go_quoted(&place)
                ));
                advised = true;
                continue;
            }
            self.put(&mut entry, Path::new(&place))?;
        }
        Ok(())
    }

    fn put(&self, entry: &mut tar::Entry<'_, impl Read>, place: &Path) -> Result<(), CliError> {
        let kind = entry.header().entry_type();
        let folder = if kind.is_dir() { Some(place) } else { place.parent() };
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| refused("mkdir", folder, &error))?;
        }
        if kind.is_dir() {
            return Ok(());
        }
        // A second name of a file that came before has no content of its own.
        if kind.is_hard_link() {
            let first = entry.link_name_bytes().unwrap_or_default();
            let first = String::from_utf8_lossy(&first).into_owned();
            return match paths::place(&self.to, &self.prefix, &first) {
                Place::At(first) if Path::new(&first) != place => {
                    fs::copy(first, place).map(drop).map_err(|error| refused("link", place, &error))
                }
                _ => Err(CliError::plain("tar contents corrupted")),
            };
        }
        let file = fs::File::create(place).map_err(|error| refused("open", place, &error));
        io::copy(entry, &mut file?).map(drop).map_err(|error| broken(&error))
    }
}

fn refused(what: &str, place: &Path, error: &io::Error) -> CliError {
    CliError::plain(format!("{what} {}: {}", place.display(), io_words(error)))
}

fn broken(error: &io::Error) -> CliError {
    let words = error.to_string();
    if error.kind() == io::ErrorKind::UnexpectedEof || words.starts_with("unexpected EOF") {
        return CliError::plain("unexpected EOF");
    }
    CliError::plain(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(entries: &[(tar::EntryType, &str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (kind, name, content) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            // Names that the builder would refuse are what this is about.
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            let data = if kind.is_file() { content.as_bytes() } else { b"" };
            if !kind.is_file() && !kind.is_dir() {
                header.set_link_name_literal(content).unwrap();
            }
            header.set_size(data.len() as u64);
            header.set_cksum();
            builder.append(&header, data).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn unpacked(archive: &[u8], to: &str) -> (Result<(), CliError>, Vec<String>) {
        let mut said = Vec::new();
        let unpacking =
            Unpacking { to: to.to_owned(), prefix: "d".to_owned(), advice: " (so)".to_owned() };
        let outcome = unpacking.run(archive, &mut |text| said.push(text.to_owned()));
        (outcome, said)
    }

    #[test]
    fn files_arrive_and_links_are_named() {
        use tar::EntryType as Kind;
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("to").display().to_string();
        let archive = archive(&[
            (Kind::Directory, "d/", ""),
            (Kind::Regular, "d/a", "one"),
            (Kind::Link, "d/b", "d/a"),
            (Kind::Symlink, "d/c", "/etc/passwd"),
            (Kind::Symlink, "d/e", "a"),
            (Kind::Regular, "d/c/x", "below what would be a link"),
            (Kind::Regular, "d/../../out", "evil"),
        ]);
        let (outcome, said) = unpacked(&archive, &to);
        outcome.unwrap();
        let read = |name: &str| fs::read_to_string(format!("{to}/{name}")).unwrap();
        assert_eq!((read("a"), read("b")), ("one".to_owned(), "one".to_owned()));
        assert_eq!(read("c/x"), "below what would be a link");
        let parent = folder.path().parent().unwrap().join("out").display().to_string();
        assert_eq!(
            said,
            [
                format!("warning: skipping symlink: \"{to}/c\" -> \"/etc/passwd\" (so)"),
                format!("warning: skipping symlink: \"{to}/e\" -> \"a\""),
                format!("warning: file \"{parent}\" is outside target destination, skipping"),
            ]
        );
        assert!(!folder.path().join("out").exists() && !Path::new(&parent).exists());
    }

    #[test]
    fn what_is_no_archive_of_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("to").display().to_string();
        let foreign = archive(&[(tar::EntryType::Regular, "e/a", "one")]);
        assert_eq!(unpacked(&foreign, &to).0.unwrap_err().to_string(), "tar contents corrupted");
        let own = archive(&[(tar::EntryType::Regular, "d/a", "one")]);
        assert_eq!(unpacked(&own[..514], &to).0.unwrap_err().to_string(), "unexpected EOF");
        unpacked(&[b'x'; 1024], &to).0.unwrap_err();
        let stray = archive(&[(tar::EntryType::Link, "d/b", "../etc/passwd")]);
        unpacked(&stray, &to).0.unwrap_err();
        let onto = archive(&[(tar::EntryType::Regular, "d", "one")]);
        let there = folder.path().display().to_string();
        let said = unpacked(&onto, &there).0.unwrap_err().to_string();
        assert_eq!(said, format!("open {there}: is a directory"));
    }
}
