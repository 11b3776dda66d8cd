//! How many pods the controllers of some pods want: their scale, by whatever kind they are.
//! Source: `k8s.io/kubernetes/pkg/controller/disruption`, `getExpectedScale`.

use std::{collections::BTreeMap, sync::Arc};

use client::{Client, DynamicApi, SharedCache, discovery::Discovery};
use k8s_openapi::{
    api::{
        apps::v1::{Deployment, ReplicaSet, StatefulSet},
        core::v1::{Pod, ReplicationController},
    },
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference},
};
use serde_json::Value;

use super::reconcile::Scales;
use crate::{
    driver::{Shop, SyncError},
    owner, pods,
};

/// Where scales are looked up.
#[derive(Debug)]
pub(super) struct Lookup {
    client: Client,
    deployments: SharedCache<Deployment>,
    sets: SharedCache<ReplicaSet>,
    stateful: SharedCache<StatefulSet>,
    old: SharedCache<ReplicationController>,
}

/// The uid of a controller and what it wants.
type Found = Option<(String, i32)>;

impl Lookup {
    pub(super) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            deployments: shop.informers.cache(),
            sets: shop.informers.cache(),
            stateful: shop.informers.cache(),
            old: shop.informers.cache(),
        }
    }

    pub(super) async fn ready(&self) {
        self.deployments.synced().await;
        self.sets.synced().await;
        self.stateful.synced().await;
        self.old.synced().await;
    }

    /// What the controllers of these pods want together.
    ///
    /// Errors: a pod's controller is not there, or has no scale.
    pub(super) async fn of(&self, pods: &[Arc<Pod>]) -> Result<Scales, SyncError> {
        let mut unmanaged = 0;
        let mut asked: BTreeMap<&str, i32> = BTreeMap::new();
        let mut wanted: BTreeMap<String, i32> = BTreeMap::new();
        for pod in pods {
            let Some(reference) = owner::controller_of(&pod.metadata) else {
                unmanaged += 1;
                continue;
            };
            if asked.contains_key(reference.uid.as_str()) {
                continue;
            }
            let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
            let Some((uid, scale)) = self.scale(namespace, reference).await? else {
                let name = pods::name(pod);
                return Err(format!("found no controllers for pod \"{name}\"").into());
            };
            asked.insert(&reference.uid, scale);
            wanted.insert(uid, scale);
        }
        Ok(Scales { wanted: wanted.values().sum(), unmanaged })
    }

    async fn scale(&self, namespace: &str, owner: &OwnerReference) -> Result<Found, SyncError> {
        let group = owner.api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let (name, uid) = (owner.name.as_str(), owner.uid.as_str());
        let found = match (group, owner.kind.as_str()) {
            ("", "ReplicationController") => self.old.get(namespace, name).and_then(|one| {
                same(&one.metadata, uid, one.spec.as_ref().and_then(|spec| spec.replicas))
            }),
            ("apps", "ReplicaSet") => self.of_set(namespace, owner),
            ("apps", "StatefulSet") => self.stateful.get(namespace, name).and_then(|one| {
                same(&one.metadata, uid, one.spec.as_ref().and_then(|spec| spec.replicas))
            }),
            _ => self.by_subresource(namespace, owner).await?,
        };
        Ok(found)
    }

    /// A set that a Deployment controls has its scale.
    fn of_set(&self, namespace: &str, owner: &OwnerReference) -> Found {
        let set = self.sets.get(namespace, &owner.name)?;
        let own = set.spec.as_ref().and_then(|spec| spec.replicas);
        let found = same(&set.metadata, &owner.uid, own)?;
        match owner::controller_of(&set.metadata).filter(|above| above.kind == "Deployment") {
            None => Some(found),
            Some(above) => {
                let deployment = self.deployments.get(namespace, &above.name)?;
                let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas);
                same(&deployment.metadata, &above.uid, wanted)
            }
        }
    }

    /// Any other kind is asked for its `scale`.
    async fn by_subresource(
        &self,
        namespace: &str,
        owner: &OwnerReference,
    ) -> Result<Found, SyncError> {
        let discovery = Discovery::fetch(&self.client).await?;
        let api = discovery.of_kind(&owner.api_version, &owner.kind)?;
        if !api.subresources.iter().any(|one| one.name == "scale") {
            let kind = match api.resource.group.as_str() {
                "" => api.resource.plural.clone(),
                group => format!("{}.{group}", api.resource.plural),
            };
            return Err(format!("{kind} does not implement the scale subresource").into());
        }
        let objects = DynamicApi::new(&self.client, &api.resource, Some(namespace));
        let scale = match objects.get_sub(&owner.name, "scale").await {
            Err(error) if error.not_found() => return Ok(None),
            answer => answer?,
        };
        let uid = scale.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
        let wanted = scale.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(0);
        let wanted = i32::try_from(wanted).unwrap_or(i32::MAX);
        Ok((uid == owner.uid).then(|| (uid.to_owned(), wanted)))
    }
}

fn same(found: &ObjectMeta, uid: &str, replicas: Option<i32>) -> Found {
    (found.uid.as_deref() == Some(uid)).then(|| (uid.to_owned(), replicas.unwrap_or(1)))
}
