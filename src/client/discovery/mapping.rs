//! Which resource a word means, and where a kind is served.

use std::fmt;

use super::{ApiGroup, ApiResource, Discovery};

/// Nothing of this name or kind is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoMatch {
    /// A word, as the user wrote it.
    Word(String),
    /// A kind and the group and versions it was looked for in.
    Kind {
        /// Kind.
        kind: String,
        /// Group; empty for the core group.
        group: String,
        /// Version.
        version: String,
    },
}

impl fmt::Display for NoMatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(out, "the server doesn't have a resource type \"{word}\""),
            Self::Kind { kind, group, version } if group.is_empty() => {
                write!(out, "no matches for kind \"{kind}\" in version \"{version}\"")
            }
            Self::Kind { kind, group, version } => {
                write!(out, "no matches for kind \"{kind}\" in version \"{group}/{version}\"")
            }
        }
    }
}

impl std::error::Error for NoMatch {}

impl Discovery {
    /// All resources, preferred versions first within a group.
    pub fn resources(&self) -> impl Iterator<Item = &ApiResource> {
        self.groups.iter().flat_map(|g| &g.versions).flat_map(|v| &v.resources)
    }

    /// Resources of the preferred versions, each once.
    pub fn preferred(&self) -> impl Iterator<Item = &ApiResource> {
        self.groups.iter().flat_map(preferred_of_group)
    }

    /// Finds what a word means: `pods`, `po`, `deploy.apps`, `deployments.v1.apps`, `Deployment`.
    pub fn resolve(&self, word: &str) -> Result<&ApiResource, NoMatch> {
        let lower = word.to_lowercase();
        let mut parts = lower.splitn(3, '.');
        let name = parts.next().unwrap_or_default();
        let (second, third) = (parts.next(), parts.next());
        // `resource.version.group` first, as kubectl tries it, then `resource.group`.
        if let (Some(version), Some(group)) = (second, third)
            && let Some(found) = self.find(name, |r| r.0 == group && r.1 == version)
        {
            return Ok(found);
        }
        // The version of a short name is not looked at.
        let short = || {
            let (_, group) = lower.split_once('.')?.1.split_once('.')?;
            self.find_short(name, |r| r.0 == group)
        };
        let group = lower.split_once('.').map(|(_, group)| group);
        let found = match group {
            None => self.find(name, |_| true),
            Some(group) => self
                .find(name, |r| r.0 == group)
                .or_else(|| self.find(name, |r| !r.0.is_empty() && r.0.starts_with(group)))
                .or_else(short),
        };
        found.ok_or_else(|| NoMatch::Word(word.to_owned()))
    }

    fn find(&self, name: &str, wanted: impl Fn((&str, &str)) -> bool) -> Option<&ApiResource> {
        let fits = |r: &&ApiResource| wanted((&r.resource.group, &r.resource.version));
        let by_name = |r: &&ApiResource| r.resource.plural == name || r.singular == name;
        let named = self.resources().filter(fits).find(by_name);
        named.or_else(|| self.find_short(name, wanted))
    }

    fn find_short(
        &self,
        name: &str,
        wanted: impl Fn((&str, &str)) -> bool,
    ) -> Option<&ApiResource> {
        let fits = |r: &&ApiResource| wanted((&r.resource.group, &r.resource.version));
        let by_short = |r: &&ApiResource| r.short_names.iter().any(|short| short == name);
        self.resources().filter(fits).find(by_short)
    }

    /// Finds where a kind is served.
    pub fn of_kind(&self, api_version: &str, kind: &str) -> Result<&ApiResource, NoMatch> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        self.resources()
            .find(|r| {
                r.resource.kind == kind
                    && r.resource.group == group
                    && r.resource.version == version
            })
            .ok_or_else(|| NoMatch::Kind {
                kind: kind.to_owned(),
                group: group.to_owned(),
                version: version.to_owned(),
            })
    }

    /// The resources of a category, such as `all`; empty for a word that is none.
    pub fn category(&self, word: &str) -> Vec<&ApiResource> {
        self.preferred().filter(|r| r.categories.iter().any(|known| known == word)).collect()
    }
}

fn preferred_of_group(group: &ApiGroup) -> impl Iterator<Item = &ApiResource> {
    group.versions.iter().enumerate().flat_map(move |(at, version)| {
        version.resources.iter().filter(move |resource| {
            let earlier = group.versions[..at].iter().flat_map(|v| &v.resources);
            !earlier.into_iter().any(|r| r.resource.plural == resource.resource.plural)
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{ApiVersion, fetch::plain_resources};
    use super::*;

    fn discovery() -> Discovery {
        let version = |group: &str, name: &str, list| ApiVersion {
            name: name.to_owned(),
            resources: plain_resources(&list, group, name),
        };
        let pods = json!({"resources": [
            {"name": "pods", "singularName": "pod", "kind": "Pod", "namespaced": true, "shortNames": ["po"], "categories": ["all"]},
            {"name": "pods/log", "kind": "Pod"},
            {"name": "events", "singularName": "event", "kind": "Event", "shortNames": ["ev"]}]});
        let events = json!({"resources": [{"name": "events", "singularName": "event", "kind": "Event", "shortNames": ["ev"]}]});
        let deployments = json!({"resources": [{"name": "deployments", "singularName": "deployment", "kind": "Deployment", "shortNames": ["deploy"], "categories": ["all"]}]});
        Discovery {
            groups: vec![
                ApiGroup { name: String::new(), versions: vec![version("", "v1", pods)] },
                ApiGroup {
                    name: "apps".to_owned(),
                    versions: vec![
                        version("apps", "v1", deployments.clone()),
                        version("apps", "v1beta1", deployments),
                    ],
                },
                ApiGroup {
                    name: "events.k8s.io".to_owned(),
                    versions: vec![version("events.k8s.io", "v1", events)],
                },
            ],
            failed: Vec::new(),
        }
    }

    #[test]
    fn words_find_their_resource() {
        let discovery = discovery();
        for (word, want) in [
            ("po", "v1/pods"),
            ("Pod", "v1/pods"),
            ("events", "v1/events"),
            ("ev.events.k8s.io", "events.k8s.io/v1/events"),
            ("deploy", "apps/v1/deployments"),
            ("deployments.apps", "apps/v1/deployments"),
            ("deployments.v1beta1.apps", "apps/v1beta1/deployments"),
            ("Deployment.v1.apps", "apps/v1/deployments"),
            ("deploy.v9.apps", "apps/v1/deployments"),
            ("po.v9.", "v1/pods"),
        ] {
            let found = &discovery.resolve(word).unwrap().resource;
            assert_eq!(format!("{}/{}", found.api_version(), found.plural), want, "{word}");
        }
        for word in ["deployments.v9.apps", "deploy.v9", "deploy.v9.batch"] {
            assert!(discovery.resolve(word).is_err(), "{word}");
        }
        let refusal = discovery.resolve("bogus").unwrap_err().to_string();
        assert_eq!(refusal, "the server doesn't have a resource type \"bogus\"");
    }

    #[test]
    fn a_category_names_each_resource_once() {
        let discovery = discovery();
        let all: Vec<_> =
            discovery.category("all").iter().map(|r| r.resource.qualified()).collect();
        assert_eq!(all, ["pods", "deployments.apps"]);
    }

    #[test]
    fn kinds_are_found_by_version() {
        let discovery = discovery();
        assert!(discovery.of_kind("v1", "Pod").is_ok());
        let refusal = discovery.of_kind("x.io/v1", "Bogus").unwrap_err().to_string();
        assert_eq!(refusal, "no matches for kind \"Bogus\" in version \"x.io/v1\"");
    }
}
