//! Which pods belong together, by the services and the owner that select them.
//! Source: `framework/plugins/helper`, `DefaultSelector`.

use client::{Informers, SharedCache};
use k8s_openapi::api::{
    apps::v1::{ReplicaSet, StatefulSet},
    core::v1::{Pod, ReplicationController, Service},
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use machinery::selector::LabelSelector;
use serde_json::json;

use super::terms::{selector_of, selects};

/// Services and owners as the caches show them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owners {
    services: SharedCache<Service>,
    sets: SharedCache<ReplicaSet>,
    stateful: SharedCache<StatefulSet>,
    replicas: SharedCache<ReplicationController>,
}

/// A selector of labels alone; an empty one means nobody.
fn plain(labels: &std::collections::BTreeMap<String, String>) -> Option<LabelSelector> {
    if labels.is_empty() {
        return None;
    }
    LabelSelector::from_object(&json!({ "matchLabels": labels }))
}

impl Owners {
    /// The owners of a cluster.
    pub(crate) fn new(informers: &Informers) -> Self {
        Self {
            services: informers.cache(),
            sets: informers.cache(),
            stateful: informers.cache(),
            replicas: informers.cache(),
        }
    }

    /// Resolves once the caches are filled.
    pub(crate) async fn synced(&self) {
        self.services.synced().await;
        self.sets.synced().await;
        self.stateful.synced().await;
        self.replicas.synced().await;
    }

    /// What selects a pod and its like; `None` where nothing does.
    pub(super) fn selector(&self, pod: &Pod) -> Option<LabelSelector> {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let mut all = LabelSelector::default();
        for service in self.services.in_namespace(namespace) {
            let labels = service.spec.as_ref().and_then(|spec| spec.selector.as_ref());
            let selector = labels.and_then(plain).filter(|it| selects(it, &pod.metadata));
            all.requirements.extend(selector.into_iter().flat_map(|it| it.requirements));
        }
        let owner =
            pod.metadata.owner_references.iter().flatten().find(|one| one.controller == Some(true));
        let selector = owner.and_then(|owner| self.selector_of_owner(namespace, owner));
        all.requirements.extend(selector.into_iter().flat_map(|it| it.requirements));
        (!all.is_empty()).then_some(all)
    }

    fn selector_of_owner(
        &self,
        namespace: &str,
        owner: &v1::OwnerReference,
    ) -> Option<LabelSelector> {
        match (owner.api_version.as_str(), owner.kind.as_str()) {
            ("v1", "ReplicationController") => {
                let found = self.replicas.get(namespace, &owner.name)?;
                plain(found.spec.as_ref()?.selector.as_ref()?)
            }
            ("apps/v1", "ReplicaSet") => {
                let found = self.sets.get(namespace, &owner.name)?;
                selector_of(Some(&found.spec.as_ref()?.selector))
            }
            ("apps/v1", "StatefulSet") => {
                let found = self.stateful.get(namespace, &owner.name)?;
                selector_of(Some(&found.spec.as_ref()?.selector))
            }
            _ => None,
        }
    }
}
