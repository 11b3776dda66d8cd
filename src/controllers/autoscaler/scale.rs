//! The target of an autoscaler: the `scale` of an object of any kind.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use client::{Client, DynamicApi, Resource, WriteOptions, discovery::Discovery};
use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet, StatefulSet},
    autoscaling::v2::CrossVersionObjectReference,
    core::v1::ReplicationController,
};
use serde_json::{Value, json};

/// Finds targets; remembers where kinds are served.
#[derive(Debug)]
pub(super) struct Targets {
    client: Client,
    known: Mutex<HashMap<(String, String), Resource>>,
}

/// A target as it was read.
#[derive(Debug, Clone)]
pub(super) struct Target {
    resource: Resource,
    scale: Value,
}

impl Target {
    /// Replicas that are wanted.
    pub(super) fn wanted(&self) -> i32 {
        self.number("/spec/replicas")
    }

    /// Replicas that there are.
    pub(super) fn observed(&self) -> i32 {
        self.number("/status/replicas")
    }

    /// The selector of its pods, as text.
    pub(super) fn selector(&self) -> &str {
        self.scale.pointer("/status/selector").and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, place: &str) -> i32 {
        let number = self.scale.pointer(place).and_then(Value::as_i64).unwrap_or_default();
        i32::try_from(number).unwrap_or(i32::MAX)
    }
}

impl Targets {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone(), known: Mutex::default() }
    }

    /// Reads a target.
    ///
    /// Errors: in Kubernetes' words.
    pub(super) async fn read(
        &self,
        namespace: &str,
        target: &CrossVersionObjectReference,
    ) -> Result<Target, String> {
        let group = group_of(target.api_version.as_deref().unwrap_or_default())?;
        let resource = self.resource(group, &target.kind).await?;
        let objects = DynamicApi::new(&self.client, &resource, Some(namespace));
        match objects.get_sub(&target.name, "scale").await {
            Ok(scale) => Ok(Target { resource, scale }),
            Err(error) => {
                // Its kind may be served elsewhere by now.
                self.known().remove(&(group.to_owned(), target.kind.clone()));
                Err(error.to_string())
            }
        }
    }

    /// Gives a target another size.
    pub(super) async fn resize(
        &self,
        namespace: &str,
        name: &str,
        target: &Target,
        replicas: i32,
    ) -> Result<(), String> {
        let mut scale = target.scale.clone();
        if let Some(spec) = scale.as_object_mut() {
            spec.insert("spec".to_owned(), json!({"replicas": replicas}));
        }
        let objects = DynamicApi::new(&self.client, &target.resource, Some(namespace));
        let written = objects.update(name, Some("scale"), &scale, &WriteOptions::default()).await;
        written.map(drop).map_err(|error| error.to_string())
    }

    /// Where a kind of a group is served, in the version that the server prefers.
    pub(super) async fn resource(&self, group: &str, kind: &str) -> Result<Resource, String> {
        let found = match (group, kind) {
            ("apps", "Deployment") => Some(Resource::of::<Deployment>()),
            ("apps", "ReplicaSet") => Some(Resource::of::<ReplicaSet>()),
            ("apps", "StatefulSet") => Some(Resource::of::<StatefulSet>()),
            ("", "ReplicationController") => Some(Resource::of::<ReplicationController>()),
            _ => self.known().get(&(group.to_owned(), kind.to_owned())).cloned(),
        };
        if let Some(found) = found {
            return Ok(found);
        }
        let discovery = Discovery::fetch(&self.client).await.map_err(|error| error.to_string())?;
        let mut served = discovery.preferred().map(|one| &one.resource);
        let found = served
            .find(|one| one.group == group && one.kind == kind)
            .cloned()
            .ok_or_else(|| format!("no matches for kind \"{kind}\" in group \"{group}\""))?;
        self.known().insert((group.to_owned(), kind.to_owned()), found.clone());
        Ok(found)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), Resource>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The group of an API version.
pub(super) fn group_of(api_version: &str) -> Result<&str, String> {
    match api_version.split('/').collect::<Vec<_>>().as_slice() {
        [_] => Ok(""),
        [group, _] => Ok(group),
        _ => Err(format!("unexpected GroupVersion string: {api_version}")),
    }
}
