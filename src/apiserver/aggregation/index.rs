//! The groups and versions that others answer for.

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use machinery::meta;
use serde_json::Value;

/// A group and version that a service answers for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Remote {
    /// The name of the `APIService`.
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) version: String,
    /// Whether this server itself answers.
    pub(super) own: bool,
    /// The service's namespace, name and port.
    pub(super) service: (String, String, u16),
    /// Who vouches for it, PEM; empty: those whom this machine trusts.
    pub(super) authorities: Vec<u8>,
    /// `insecureSkipTLSVerify`.
    pub(super) insecure: bool,
    /// `groupPriorityMinimum`.
    pub(crate) priority: i64,
    pub(super) available: bool,
    /// Its list of resources as it last told it; null before.
    pub(crate) resources: Value,
    /// Where its OpenAPI document is; empty where it has none.
    pub(crate) openapi: String,
    /// What counts of its document of version 2; null where it has none.
    pub(crate) openapi_v2: Value,
}

impl Remote {
    /// Reads an `APIService`; `None` where it names no service.
    pub(super) fn of(object: &Value) -> Option<Self> {
        let spec = &object["spec"];
        let service = spec.get("service").filter(|service| service.is_object())?;
        let text = |of: &Value, at: &str| meta::text(of, at).to_owned();
        let port = meta::number(service, "/port").and_then(|port| u16::try_from(port).ok());
        let place = (text(service, "/namespace"), text(service, "/name"), port.unwrap_or(443));
        Some(Self {
            name: meta::name(object).to_owned(),
            group: text(spec, "/group"),
            version: text(spec, "/version"),
            own: false,
            service: place,
            authorities: STANDARD.decode(meta::text(spec, "/caBundle")).unwrap_or_default(),
            insecure: spec["insecureSkipTLSVerify"] == true,
            priority: meta::number(spec, "/groupPriorityMinimum").unwrap_or_default(),
            available: false,
            resources: Value::Null,
            openapi: String::new(),
            openapi_v2: Value::Null,
        })
    }

    /// A group that this server tells by other ways than kinds.
    pub(super) fn own(group: &str, version: &str, resources: Value) -> Self {
        Self {
            name: format!("{version}.{group}"),
            group: group.to_owned(),
            version: version.to_owned(),
            own: true,
            service: (String::new(), String::new(), 0),
            authorities: Vec::new(),
            insecure: false,
            priority: 100,
            available: true,
            resources,
            openapi: String::new(),
            openapi_v2: Value::Null,
        }
    }

    /// The name that its certificate must have.
    pub(super) fn host(&self) -> String {
        format!("{}.{}.svc", self.service.1, self.service.0)
    }

    /// Tells whether both are asked in the same way.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.service == other.service
            && self.authorities == other.authorities
            && self.insecure == other.insecure
    }
}

/// All of them, as of now.
#[derive(Debug, Default)]
pub(crate) struct Index(RwLock<Arc<[Arc<Remote>]>>);

impl Index {
    /// Every one of them.
    pub(crate) fn now(&self) -> Arc<[Arc<Remote>]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, remotes: Vec<Arc<Remote>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = remotes.into();
    }

    /// The one that answers for a group and version.
    pub(crate) fn of(&self, group: &str, version: &str) -> Option<Arc<Remote>> {
        let now = self.now();
        now.iter().find(|one| one.group == group && one.version == version).cloned()
    }

    /// The one that answers for a path: `/apis/GROUP/VERSION`, what is below it, and its description.
    pub(crate) fn at(&self, path: &str) -> Option<Arc<Remote>> {
        let path = path.strip_prefix("/openapi/v3").unwrap_or(path);
        let mut parts = path.strip_prefix("/apis/")?.splitn(3, '/');
        self.of(parts.next()?, parts.next()?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_to_those_who_answer() {
        let object = json!({
            "metadata": {"name": "v1.wardle.example.com"},
            "spec": {"group": "wardle.example.com", "version": "v1", "groupPriorityMinimum": 2000,
                     "versionPriority": 10, "service": {"namespace": "ns", "name": "api"}},
        });
        let remote = Remote::of(&object).unwrap();
        assert_eq!(remote.service, ("ns".into(), "api".into(), 443));
        assert_eq!(remote.host(), "api.ns.svc");
        let index = Index::default();
        index.set(vec![Arc::new(remote)]);
        for (path, found) in [
            ("/apis/wardle.example.com/v1", true),
            ("/apis/wardle.example.com/v1/", true),
            ("/apis/wardle.example.com/v1/namespaces/a/flunders/x", true),
            ("/openapi/v3/apis/wardle.example.com/v1", true),
            ("/apis/wardle.example.com/v2", false),
            ("/apis/wardle.example.com", false),
            ("/apis", false),
            ("/api/v1/pods", false),
        ] {
            assert_eq!(index.at(path).is_some(), found, "{path}");
        }
        assert_eq!(
            Remote::of(&json!({"metadata": {"name": "v1."}, "spec": {"version": "v1"}})),
            None
        );
    }
}
