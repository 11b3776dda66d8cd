//! The `APIService`s of the kinds that this server itself serves.
//! Source: `cmd/kube-apiserver/app`, `apiVersionPriorities`, and kube-aggregator's `autoregister`.

use std::{collections::BTreeSet, sync::Arc};

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::{Condition, GROUP, PLURAL, index::Remote, tell};
use crate::{
    registry::{Author, Creation, Deletion, delete_object},
    resource_metrics,
    server::Inner,
};

/// Groups and how dear they are to clients; the dearest come first.
const PRIORITIES: &[(&str, i64)] = &[
    ("", 18_000),
    ("apps", 17_800),
    ("events.k8s.io", 17_750),
    ("authentication.k8s.io", 17_700),
    ("authorization.k8s.io", 17_600),
    ("autoscaling", 17_500),
    ("batch", 17_400),
    ("certificates.k8s.io", 17_300),
    ("networking.k8s.io", 17_200),
    ("policy", 17_100),
    ("rbac.authorization.k8s.io", 17_000),
    ("storage.k8s.io", 16_800),
    ("apiextensions.k8s.io", 16_700),
    ("admissionregistration.k8s.io", 16_700),
    ("scheduling.k8s.io", 16_600),
    ("coordination.k8s.io", 16_500),
    ("node.k8s.io", 16_300),
    ("discovery.k8s.io", 16_200),
    ("resource.k8s.io", 16_200),
    ("flowcontrol.apiserver.k8s.io", 16_100),
];
/// The same of groups that definitions name.
pub(crate) const CUSTOM: i64 = 1000;
const CUSTOM_VERSION: i64 = 100;
/// The same of groups that we tell by other ways than kinds.
const OWN: i64 = 100;

const MANAGED: &str = "kube-aggregator.kubernetes.io/automanaged";

/// How dear a group is; `None` for one that is not built in.
pub(crate) fn priority(group: &str) -> Option<i64> {
    PRIORITIES.iter().find(|(name, _)| *name == group).map(|(_, priority)| *priority)
}

fn version_priority(group: &str, version: &str) -> i64 {
    match (group, version) {
        ("", _) => 1,
        ("autoscaling", "v2") => 30,
        ("flowcontrol.apiserver.k8s.io", _) => 21,
        _ => 15,
    }
}

/// Makes those of built-in groups and says that they are available.
pub(crate) async fn bootstrap(server: &Arc<Inner>) -> Result<(), Status> {
    let mut served: BTreeSet<(String, String)> = BTreeSet::new();
    for kind in server.registry.kinds().iter().filter(|kind| kind.custom.is_none()) {
        served.insert((kind.group.clone(), kind.version.clone()));
    }
    for review in crate::subresources::REVIEWS {
        served.insert((review.group.to_owned(), "v1".to_owned()));
    }
    served.retain(|(group, _)| group != GROUP);
    for own in with_own(server, Vec::new()) {
        served.insert((own.group.clone(), own.version.clone()));
    }
    server.aggregation.set(with_own(server, Vec::new()));
    let made = served.iter().map(|(group, version)| async move {
        let priorities = match priority(group) {
            Some(priority) => (priority, version_priority(group, version)),
            None => (OWN, CUSTOM_VERSION),
        };
        ensure(server, object(group, version, "onstart", priorities)).await
    });
    futures::future::try_join_all(made).await.map(drop)
}

/// The groups that we tell by other ways than kinds, beside those of `others`, who go first.
pub(super) fn with_own(server: &Inner, mut others: Vec<Arc<Remote>>) -> Vec<Arc<Remote>> {
    let (group, version) = (resource_metrics::GROUP, resource_metrics::VERSION);
    let taken = others.iter().any(|one| one.group == group && one.version == version);
    if server.config.aggregation.resource_metrics && !taken {
        others.push(Arc::new(Remote::own(group, version, resource_metrics::resources())));
    }
    others
}

fn object(group: &str, version: &str, managed: &str, priorities: (i64, i64)) -> Value {
    let mut spec = json!({
        "version": version, "groupPriorityMinimum": priorities.0, "versionPriority": priorities.1,
    });
    if !group.is_empty() {
        spec["group"] = group.into();
    }
    json!({
        "apiVersion": format!("{GROUP}/v1"), "kind": "APIService",
        "metadata": {"name": format!("{version}.{group}"), "labels": {MANAGED: managed}},
        "spec": spec,
    })
}

async fn ensure(server: &Arc<Inner>, object: Value) -> Result<(), Status> {
    let name = meta::name(&object).to_owned();
    let key = server.registry.key(GROUP, PLURAL, "", &name);
    let stored = server.registry.object_at(&key).await?;
    if let Some(stored) = stored {
        let done = stored["spec"]["service"].is_object() || Condition::local().is_said_by(&stored);
        return if done { Ok(()) } else { tell(server, &name, &Condition::local()).await };
    }
    let Some(kind) = server.registry.storage_kind(GROUP, PLURAL) else { return Ok(()) };
    let author = Author::server();
    let creation = Creation { server, kind: &kind, namespace: "", dry_run: false, author };
    match creation.run(object).await {
        Err(status) if status.reason != "AlreadyExists" => Err(status),
        _ => tell(server, &name, &Condition::local()).await,
    }
}

/// Makes those of the groups and versions that definitions name, and takes back those that none
/// names any more.
pub(crate) async fn keep_definitions(
    server: &Arc<Inner>,
    served: &BTreeSet<(String, String)>,
) -> Result<(), Status> {
    for (group, version) in served {
        ensure(server, object(group, version, "true", (CUSTOM, CUSTOM_VERSION))).await?;
    }
    let Some(kind) = server.registry.storage_kind(GROUP, PLURAL) else { return Ok(()) };
    for object in server.registry.objects(GROUP, PLURAL, "").await? {
        let text = |at: &str| meta::text(&object, at).to_owned();
        let managed = object["metadata"]["labels"][MANAGED] == "true";
        if !managed || served.contains(&(text("/spec/group"), text("/spec/version"))) {
            continue;
        }
        let key = server.registry.key(GROUP, PLURAL, "", meta::name(&object));
        let options = Deletion { uid: Some(text("/metadata/uid")), ..Deletion::default() };
        match delete_object(server, &kind, &key, &options).await {
            Err(status) if !matches!(status.code, 404 | 409) => return Err(status),
            _ => {}
        }
    }
    Ok(())
}
