//! Image names as Docker reads them: `[registry/]repository[:tag][@digest]`.

use std::fmt;
use std::str::FromStr;

/// A name that says which registry, repository, and tag or digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Host and port; `docker.io` where none is named.
    pub registry: String,
    /// Path in the registry; `library/` is put before single names on docker.io.
    pub repository: String,
    /// `latest` where neither tag nor digest is named.
    pub tag: Option<String>,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: Option<String>,
}

/// The text is no image name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReferenceError(&'static str);

/// Longest path in a registry. Source: `RepositoryNameTotalLengthMax` of distribution/reference.
const LONGEST: usize = 255;

const INVALID: ReferenceError = ReferenceError("invalid reference format");
const UPPER: ReferenceError =
    ReferenceError("invalid reference format: repository name must be lowercase");

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(check_digest(digest)?)),
            None => (text, None),
        };
        let (name, tag) = match name.rsplit_once(':') {
            // A colon before the last slash belongs to a port.
            Some((front, tag)) if !tag.contains('/') => (front, Some(check_tag(tag)?)),
            _ => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, rest)) if is_host(host) => (host.to_owned(), rest.to_owned()),
            _ => ("docker.io".to_owned(), name.to_owned()),
        };
        check_repository(&repository)?;
        let single = registry == "docker.io" && !repository.contains('/');
        let repository = if single { format!("library/{repository}") } else { repository };
        // The limit holds for the whole path; otherwise it could be written and not read again.
        if repository.len() > LONGEST {
            return Err(INVALID);
        }
        let tag = tag.or_else(|| digest.is_none().then(|| "latest".to_owned()));
        Ok(Self { registry, repository, tag, digest })
    }
}

impl Reference {
    /// Registry and repository: what a repo digest begins with.
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// What a registry is asked for: the digest if there is one, else the tag.
    pub fn manifest(&self) -> &str {
        self.digest.as_deref().or(self.tag.as_deref()).unwrap_or("latest")
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(out, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(out, "@{digest}"),
            None => Ok(()),
        }
    }
}

fn is_host(text: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && (text == "localhost"
            || text.contains(['.', ':'])
            || text.chars().any(|c| c.is_ascii_uppercase()))
        && text.chars().all(valid)
}

fn check_repository(text: &str) -> Result<(), ReferenceError> {
    if text.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(UPPER);
    }
    let part = |part: &str| {
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(edge)
            && part.ends_with(edge)
            && part.chars().all(|c| edge(c) || matches!(c, '.' | '_' | '-'))
    };
    text.split('/').all(part).then_some(()).ok_or(INVALID)
}

fn check_tag(tag: &str) -> Result<String, ReferenceError> {
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let starts = tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let valid = starts && tag.len() <= 128 && tag.chars().all(valid);
    valid.then(|| tag.to_owned()).ok_or(INVALID)
}

fn check_digest(digest: &str) -> Result<String, ReferenceError> {
    super::digest_hex(digest).map(|_| digest.to_owned()).ok_or(INVALID)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_docker_reads_them() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, full) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("busybox:1.36", "docker.io/library/busybox:1.36"),
            ("user/app", "docker.io/user/app:latest"),
            ("localhost/busybox:1", "localhost/busybox:1"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("gcr.io/google-samples/x:v1", "gcr.io/google-samples/x:v1"),
            (&format!("a@{digest}"), &format!("docker.io/library/a@{digest}")),
            (&format!("r.io/a:t@{digest}"), &format!("r.io/a:t@{digest}")),
        ] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), full, "{text}");
        }
    }

    #[test]
    fn the_longest_name_is_read_again() {
        let longest = LONGEST - "library/".len();
        let name = "a".repeat(longest).parse::<Reference>().unwrap();
        assert_eq!(name.to_string().parse::<Reference>().unwrap(), name);
        assert!("a".repeat(longest + 1).parse::<Reference>().is_err());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            ":tag",
            "a:b:c",
            "a@sha256:12",
            "Upper",
            "a//b",
            "-a",
            "a:",
            "a b",
            "../etc",
            "a/..",
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text:?}");
        }
    }
}
