//! What a flag's value may be, where that is known: words of its own, or names of the cluster.

use super::names;
use crate::context::Context;

/// Where values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Words(&'static [&'static str]),
    /// Words after which something more is to come.
    Starts(&'static [&'static str]),
    Objects(&'static str),
    Containers,
    Contexts,
    Clusters,
    Users,
    Types,
    /// `TYPE/NAME`.
    Named,
    Files,
    Unknown,
}

const OUTPUT: Source = Source::Words(&["json", "kyaml", "name", "yaml"]);
const RICH: Source = Source::Words(&[
    "custom-columns=",
    "custom-columns-file=",
    "go-template=",
    "go-template-file=",
    "json",
    "jsonpath=",
    "jsonpath-as-json=",
    "jsonpath-file=",
    "kyaml",
    "name",
    "wide",
    "yaml",
]);

/// Flags that name a file or folder.
const FILES: [&str; 15] = [
    "cache-dir",
    "cert",
    "certificate-authority",
    "client-certificate",
    "client-key",
    "filename",
    "from-env-file",
    "from-file",
    "key",
    "kubeconfig",
    "kuberc",
    "kustomize",
    "output-directory",
    "patch-file",
    "www",
];

/// Where the values of a verb's flag come from.
pub(super) fn of(path: &str, flag: &str) -> Source {
    match (path, flag) {
        (_, "namespace" | "namespaces") => Source::Objects("namespaces"),
        (_, "cluster") => Source::Clusters,
        (_, "user") if !path.starts_with("create") && path != "set subject" => Source::Users,
        (_, "context") => Source::Contexts,
        ("get", "output") => RICH,
        ("explain", "output") => Source::Words(&["plaintext", "plaintext-openapiv2"]),
        ("top node" | "top pod", "sort-by") => Source::Words(&["cpu", "memory"]),
        ("api-resources", "sort-by") => Source::Words(&["kind", "name"]),
        ("api-resources" | "version", "output") => Source::Words(&["json", "name", "wide", "yaml"]),
        ("delete", "output") => Source::Words(&["name"]),
        (_, "output") => OUTPUT,
        (_, "container" | "containers") => Source::Containers,
        (_, flag) if FILES.contains(&flag) => Source::Files,
        ("wait", "for") => Source::Starts(&["condition=", "create", "delete", "jsonpath="]),
        ("events", "for") | ("create job", "from") => Source::Named,
        ("events", "types") => Source::Words(&["Normal", "Warning"]),
        ("patch", "type") => Source::Words(&["json", "merge", "strategic"]),
        ("expose", "type") => {
            Source::Words(&["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        }
        ("expose", "protocol") => Source::Words(&["SCTP", "TCP", "UDP"]),
        ("expose", "session-affinity") => Source::Words(&["ClientIP", "None"]),
        ("debug", "profile") => Source::Words(&[
            "auto",
            "baseline",
            "general",
            "legacy",
            "netadmin",
            "restricted",
            "sysadmin",
        ]),
        ("create role" | "create clusterrole", "resource") => Source::Types,
        ("create role" | "create clusterrole", "verb") => Source::Words(&[
            "create",
            "delete",
            "deletecollection",
            "get",
            "list",
            "patch",
            "update",
            "watch",
        ]),
        (_, "clusterrole") => Source::Objects("clusterroles"),
        (_, "role") => Source::Objects("roles"),
        ("create cronjob", "restart") => Source::Words(&["Never", "OnFailure"]),
        ("create ingress", "class") => Source::Objects("ingressclasses"),
        _ => anywhere(flag),
    }
}

/// Flags that mean the same wherever they stand.
fn anywhere(flag: &str) -> Source {
    Source::Words(match flag {
        "cascade" => &["background", "foreground", "orphan"],
        "color" => &["always", "auto", "never"],
        "dry-run" => &["client", "none", "server"],
        "image-pull-policy" => &["Always", "IfNotPresent", "Never"],
        "override-type" => &["json", "merge", "strategic"],
        "preemption-policy" => &["Never", "PreemptLowerPriority"],
        "profile" => {
            &["allocs", "block", "cpu", "goroutine", "heap", "mutex", "none", "threadcreate"]
        }
        "restart" => &["Always", "Never", "OnFailure"],
        "subresource" => &["resize", "scale", "status"],
        "validate" => &["ignore", "strict", "warn"],
        _ => return Source::Unknown,
    })
}

/// The values of a source.
pub(super) async fn all(cx: &Context, source: Source, args: &[String], word: &str) -> Vec<String> {
    match source {
        Source::Words(words) | Source::Starts(words) => {
            words.iter().map(|word| (*word).to_owned()).collect()
        }
        Source::Objects(kind) => names::of(cx, kind).await,
        Source::Containers => names::containers(cx, args).await,
        Source::Contexts => names::contexts(cx),
        Source::Clusters => cx
            .config()
            .map(|c| c.clusters.iter().map(|one| one.name.clone()).collect())
            .unwrap_or_default(),
        Source::Users => cx
            .config()
            .map(|c| c.users.iter().map(|one| one.name.clone()).collect())
            .unwrap_or_default(),
        Source::Types => names::types(cx).await,
        Source::Named => names::typed(cx, word).await,
        Source::Files | Source::Unknown => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_know_their_values() {
        assert_eq!(of("get", "namespace"), Source::Objects("namespaces"));
        assert!(matches!(of("get", "output"), Source::Words(words) if words.contains(&"wide")));
        assert!(
            matches!(of("delete", "cascade"), Source::Words(words) if words.contains(&"orphan"))
        );
        assert_eq!(of("exec", "container"), Source::Containers);
        assert_eq!(of("apply", "filename"), Source::Files);
        assert_eq!(of("get", "selector"), Source::Unknown);
    }
}
