//! Users and groups by name, looked up in an image's own files.

use std::path::Path;

use nix::fcntl::{OFlag, OpenHow, ResolveFlag, open, openat2};
use nix::sys::stat::Mode;

use crate::spec::User;

/// Longest user or group file that is read.
const MAX_FILE: u64 = 4 << 20;

/// Finds the numbers of `user[:group]` below the root file system at `root`.
pub(crate) fn resolve(root: &Path, text: &str) -> Result<User, String> {
    let (user, group) = text.split_once(':').map_or((text, None), |(u, g)| (u, Some(g)));
    let passwd = read_inside(root, "etc/passwd");
    let groups = read_inside(root, "etc/group");
    let number: Option<u32> = user.parse().ok();
    let line = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| {
        let uid = fields.get(2).and_then(|uid| uid.parse().ok());
        fields.first() == Some(&user) || (number.is_some() && number == uid)
    });
    let field = |at: usize| line.as_ref().and_then(|fields| fields.get(at)?.parse::<u32>().ok());
    let uid = field(2)
        .or(number)
        .ok_or_else(|| format!("unable to find user {user}: no matching entries in passwd file"))?;
    let gid = match group.filter(|group| !group.is_empty()) {
        None => field(3).unwrap_or(0),
        Some(group) => group_number(&groups, group).ok_or_else(|| {
            format!("unable to find group {group}: no matching entries in group file")
        })?,
    };
    let name = line.as_ref().and_then(|fields| fields.first().copied()).unwrap_or(user);
    Ok(User { uid, gid, groups: memberships(&groups, name) })
}

fn group_number(groups: &str, group: &str) -> Option<u32> {
    let named = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok())?
    });
    named.or_else(|| group.parse().ok())
}

fn memberships(groups: &str, user: &str) -> Vec<u32> {
    let member = |line: &str| -> Option<u32> {
        let fields: Vec<_> = line.split(':').collect();
        let listed = fields.get(3)?.split(',').any(|name| name.trim() == user);
        listed.then(|| fields.get(2)?.parse().ok())?
    };
    groups.lines().filter_map(member).collect()
}

/// Reads a file of the image; its links cannot lead out of it. Empty if there is none.
pub(crate) fn read_inside(root: &Path, path: &str) -> String {
    use std::io::Read as _;
    let how = OpenHow::new()
        .flags(OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)
        .resolve(ResolveFlag::RESOLVE_IN_ROOT | ResolveFlag::RESOLVE_NO_MAGICLINKS);
    let mut text = String::new();
    let file = open(root, OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC, Mode::empty())
        .and_then(|folder| openat2(folder, path, how));
    if let Ok(file) = file {
        let file = std::fs::File::from(file);
        let regular = file.metadata().is_ok_and(|meta| meta.is_file());
        if regular && file.take(MAX_FILE).read_to_string(&mut text).is_err() {
            text.clear();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_found() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        let passwd = "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/var/www:/bin/false\n";
        std::fs::write(root.path().join("etc/passwd"), passwd).unwrap();
        let group = "root:x:0:\nweb:x:34:\nlogs:x:50:web,other\n";
        std::fs::write(root.path().join("etc/group"), group).unwrap();
        let user = |uid, gid, groups: &[u32]| Ok(User { uid, gid, groups: groups.to_vec() });
        for (text, want) in [
            ("0", user(0, 0, &[])),
            ("web", user(33, 34, &[50])),
            ("33", user(33, 34, &[50])),
            ("1000", user(1000, 0, &[])),
            ("1000:2000", user(1000, 2000, &[])),
            ("web:logs", user(33, 50, &[50])),
            ("who", Err("unable to find user who: no matching entries in passwd file".to_owned())),
        ] {
            assert_eq!(resolve(root.path(), text), want, "{text}");
        }
    }

    #[test]
    fn links_do_not_lead_out() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.path().join("etc/passwd")).unwrap();
        assert_eq!(read_inside(root.path(), "etc/passwd"), "");
    }
}
