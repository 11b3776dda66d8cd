//! Paths of a copy: ours are the system's, those in a container always Unix'.
//! Source: kubectl, `pkg/cmd/cp/filespec.go`.

use std::path::Path;

use crate::{report::CliError, surroundings::clean};

/// One side of a copy.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) pod: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) path: String,
}

impl Side {
    /// Reads `[[namespace/]pod:]path`.
    ///
    /// Errors: something else.
    pub(super) fn parse(text: &str) -> Result<Self, CliError> {
        let Some((pod, path)) = text.split_once(':') else {
            return Ok(Self { pod: None, namespace: None, path: trimmed(text).to_owned() });
        };
        let (namespace, pod) = match pod.split_once('/') {
            Some((namespace, pod)) => (Some(namespace.to_owned()), pod),
            None => (None, pod),
        };
        if text.starts_with(':') || pod.contains('/') {
            return Err(CliError::plain(
                "filespec must match the canonical format: [[namespace/]pod:]file/path",
            ));
        }
        // Windows' separators are taken for the container's own.
        let path = trimmed(path).replace('\\', "/");
        let pod = Some(pod.to_owned()).filter(|pod| !pod.is_empty());
        Ok(Self { pod, namespace: namespace.filter(|name| !name.is_empty()), path })
    }
}

fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// A path without dots, `.` where nothing is left: Go's `path.Clean`.
pub(super) fn cleaned(path: &str) -> String {
    let cleaned = clean(Path::new(path)).to_string_lossy().into_owned();
    if cleaned.is_empty() { ".".to_owned() } else { cleaned }
}

/// The folder of a path and the name in it: Go's `path.Dir` and `path.Base`.
pub(super) fn folder_and_name(path: &str) -> (String, String) {
    let path = cleaned(path);
    match path.rsplit_once('/') {
        Some(("", "")) => ("/".to_owned(), "/".to_owned()),
        Some(("", name)) => ("/".to_owned(), name.to_owned()),
        Some((folder, name)) => (folder.to_owned(), name.to_owned()),
        None => (".".to_owned(), path),
    }
}

/// What the names in an archive of `path` begin with: tar leaves out the slash at the front, and what
/// leads up.
pub(super) fn prefix(path: &str) -> String {
    without_shortcuts(&cleaned(path.trim_start_matches(['/', '\\']))).to_owned()
}

fn without_shortcuts(path: &str) -> &str {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("../") {
        rest = shorter;
    }
    if rest == "." || rest == ".." {
        return "";
    }
    rest.strip_prefix('/').unwrap_or(rest)
}

/// Where an entry of an archive goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Here.
    At(String),
    /// Its name leads here, which is outside of where things are copied to.
    Outside(String),
    /// It is not of what was asked for.
    Foreign,
}

/// Where an entry goes whose archive holds what is below `prefix`, and is unpacked at `to`.
pub(super) fn place(to: &str, prefix: &str, name: &str) -> Place {
    let Some(rest) = name.strip_prefix(prefix) else { return Place::Foreign };
    let root = cleaned(to);
    let whole = cleaned(&format!("{to}/{}", trimmed(rest)));
    let below = match root.as_str() {
        "." => !whole.starts_with('/') && whole != ".." && !whole.starts_with("../"),
        "/" => true,
        root => {
            let rest = whole.strip_prefix(root);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
    };
    if below { Place::At(whole) } else { Place::Outside(whole) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sides_are_told_apart() {
        let remote = Side::parse("ns/pod:/x/").unwrap();
        assert_eq!(remote.namespace.as_deref(), Some("ns"));
        assert_eq!((remote.pod.as_deref(), remote.path.as_str()), (Some("pod"), "/x"));
        let local = Side::parse("/tmp/").unwrap();
        assert_eq!((local.pod, local.path.as_str()), (None, "/tmp"));
        assert_eq!(Side::parse("p:/").unwrap().path, "/");
        assert_eq!(Side::parse(r"p:a\b").unwrap().path, "a/b");
        Side::parse(":x").unwrap_err();
        Side::parse("a/b/c:x").unwrap_err();
    }

    #[test]
    fn paths_are_taken_apart() {
        for (path, folder, name) in [
            ("/tmp/a", "/tmp", "a"),
            ("a", ".", "a"),
            ("/a", "/", "a"),
            ("/", "/", "/"),
            ("./a/../b", ".", "b"),
            (".", ".", "."),
        ] {
            assert_eq!(folder_and_name(path), (folder.to_owned(), name.to_owned()), "{path}");
        }
        for (path, want) in
            [("/etc/hosts", "etc/hosts"), (".", ""), ("../../a", "a"), ("..", ""), ("/", "")]
        {
            assert_eq!(prefix(path), want, "{path}");
        }
    }

    #[test]
    fn entries_stay_where_they_belong() {
        let at = |path: &str| Place::At(path.to_owned());
        let outside = |path: &str| Place::Outside(path.to_owned());
        assert_eq!(place("/t", "etc/x", "etc/x"), at("/t"));
        assert_eq!(place("./t", "etc", "etc/a/b"), at("t/a/b"));
        assert_eq!(place(".", "", "./a/"), at("a"));
        assert_eq!(place("/t", "etc", "etc/../../root"), outside("/root"));
        assert_eq!(place("/t", "etc", "etc/../../tother"), outside("/tother"));
        assert_eq!(place("t", "", "../x"), outside("x"));
        assert_eq!(place(".", "", "../x"), outside("../x"));
        assert_eq!(place("/t", "etc", "usr/x"), Place::Foreign);
    }

    proptest! {
        #[test]
        fn nothing_is_placed_outside(name in "[a./]{0,12}", to in "[b./]{1,8}") {
            if let Place::At(place) = place(&to, "", &name) {
                let root = cleaned(&to);
                prop_assert!(root == "." || Path::new(&place).starts_with(&root), "{place} {root}");
                let leads_up = place.split('/').any(|part| part == "..");
                prop_assert!(root.starts_with("..") || !leads_up, "{place}");
            }
        }
    }
}
