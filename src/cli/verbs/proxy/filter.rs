//! Which requests of who can reach the port are passed on.

use regex::Regex;

use crate::{report::CliError, traffic};

/// Expressions, of each of which one must match, or none.
pub(super) struct Filter {
    pub(super) accept_paths: Vec<Regex>,
    pub(super) reject_paths: Vec<Regex>,
    pub(super) accept_hosts: Vec<Regex>,
    pub(super) reject_methods: Vec<Regex>,
}

impl Filter {
    /// Reads expressions with commas between them.
    ///
    /// Errors: something else; kubectl gives up in its log's words, with its log's code.
    pub(super) fn expressions(text: &str) -> Result<Vec<Regex>, CliError> {
        let one = |part: &str| {
            machinery::regexp::compile(part).map_err(|error| CliError::Words {
                text: traffic::klog(
                    'F',
                    "proxy_server.go:83",
                    &format!("Error compiling re: {error}"),
                ),
                code: 255,
            })
        };
        if text.is_empty() {
            return Ok(Vec::new());
        }
        text.split(',').map(one).collect()
    }

    /// Tells whether a request passes; `host` may have a port.
    pub(super) fn accepts(&self, method: &str, path: &str, host: &str) -> bool {
        let any = |list: &[Regex], text: &str| list.iter().any(|one| one.is_match(text));
        any(&self.accept_hosts, without_port(host))
            && any(&self.accept_paths, path)
            && !any(&self.reject_paths, path)
            && !any(&self.reject_methods, method)
    }
}

/// The host of `host:port` and `[host]:port`; what is neither stays as it is.
fn without_port(host: &str) -> &str {
    let Some((name, port)) = host.rsplit_once(':') else { return host };
    if port.ends_with(']') {
        return host;
    }
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(name) => name,
        None if name.contains(':') => host,
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_filtered() {
        let list = |text| Filter::expressions(text).unwrap();
        let filter = Filter {
            accept_hosts: list(r"^localhost$,^127\.0\.0\.1$,^\[::1\]$"),
            accept_paths: list("^.*"),
            reject_paths: list("^/api/.*/pods/.*/exec"),
            reject_methods: list("^$"),
        };
        assert!(filter.accepts("GET", "/api", "localhost"));
        assert!(filter.accepts("GET", "/api", "127.0.0.1:8001"));
        assert!(filter.accepts("GET", "/api", "[::1]"));
        assert!(!filter.accepts("GET", "/api", "evil.example"));
        assert!(!filter.accepts("POST", "/api/v1/namespaces/a/pods/b/exec", "localhost"));
        let nobody = Filter { accept_hosts: list(""), ..filter };
        assert!(!nobody.accepts("GET", "/api", "localhost"));
        assert!(Filter::expressions("(").is_err());
        assert_eq!(list("a,").len(), 2);
    }

    #[test]
    fn ports_are_cut_off() {
        for (host, want) in
            [("a:1", "a"), ("a", "a"), ("[::1]:1", "::1"), ("[::1]", "[::1]"), ("::1", "::1")]
        {
            assert_eq!(without_port(host), want);
        }
    }
}
