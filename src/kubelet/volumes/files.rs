//! Writes a volume's files so that readers see all of an update or nothing of it.
//!
//! As the kubelet's own: the files stand in a folder named by the time; `..data` is a link to it that
//! is replaced in one step; what users see are links through `..data`.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use super::content::{Content, Files};

const DATA: &str = "..data";

/// Makes the volume at `folder` hold exactly `files`; answers whether anything changed.
pub(crate) fn write(folder: &Path, files: &Files) -> io::Result<bool> {
    std::fs::create_dir_all(folder)?;
    if holds(folder, files) {
        return Ok(false);
    }
    let time = lifecycle::clock::now().strftime("..%Y_%m_%d_%H_%M_%S.%9f").to_string();
    let fresh = folder.join(&time);
    for (path, content) in files {
        place(&fresh, path, content)?;
    }
    std::fs::create_dir_all(&fresh)?;
    std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o755))?;
    let old = std::fs::read_link(folder.join(DATA)).ok();
    let link = folder.join("..data_tmp");
    drop(std::fs::remove_file(&link));
    symlink(&time, &link)?;
    std::fs::rename(&link, folder.join(DATA))?;

    let wanted: BTreeSet<&str> = files.keys().filter_map(|path| path.split('/').next()).collect();
    for name in &wanted {
        let visible = folder.join(name);
        if std::fs::symlink_metadata(&visible).is_err() {
            symlink(Path::new(DATA).join(name), &visible)?;
        }
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with("..") && !wanted.contains(name.as_str()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    match old {
        Some(old) => std::fs::remove_dir_all(folder.join(old)).map(|()| true),
        None => Ok(true),
    }
}

fn place(root: &Path, path: &str, content: &Content) -> io::Result<()> {
    let target = root.join(path);
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&target, &content.bytes)?;
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(content.mode))
}

fn holds(folder: &Path, files: &Files) -> bool {
    let data = folder.join(DATA);
    data.exists()
        && count(&data) == files.len()
        && files.iter().all(|(path, content)| {
            std::fs::read(data.join(path)).is_ok_and(|bytes| bytes == content.bytes)
        })
}

fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        let content = |text: &str| Content { bytes: text.as_bytes().to_vec(), mode: 0o644 };
        list.iter().map(|(path, text)| ((*path).to_owned(), content(text))).collect()
    }

    #[test]
    fn an_update_is_seen_whole() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("v");
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).ok();
        assert!(write(&folder, &files(&[("a", "1"), ("d/x", "2")])).unwrap());
        assert_eq!((read("a"), read("d/x")), (Some("1".into()), Some("2".into())));
        assert!(!write(&folder, &files(&[("a", "1"), ("d/x", "2")])).unwrap(), "nothing new");

        let before = std::fs::read_link(folder.join("a")).unwrap();
        assert!(write(&folder, &files(&[("a", "3")])).unwrap());
        assert_eq!(std::fs::read_link(folder.join("a")).unwrap(), before, "what users hold stays");
        assert_eq!((read("a"), read("d/x")), (Some("3".into()), None));
        let hidden = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(hidden, 3, "a, ..data and one folder");
        assert!(write(&folder, &files(&[])).unwrap());
        assert_eq!(read("a"), None);
    }
}
