//! Who owns whom in the whole cluster, from metadata alone.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use client::{ObjectKey, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use machinery::well_known;

/// An object as the collector knows it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) resource: Arc<Resource>,
    pub(super) key: ObjectKey,
    pub(super) uid: String,
    pub(super) owners: Vec<OwnerReference>,
    pub(super) deleting: bool,
    pub(super) foreground: bool,
    pub(super) orphan: bool,
}

impl Node {
    /// What the collector needs of an object.
    pub(super) fn of(resource: &Arc<Resource>, metadata: &ObjectMeta) -> Self {
        let (namespace, name) = (metadata.namespace.as_deref(), metadata.name.as_deref());
        let has = |name: &str| metadata.finalizers.iter().flatten().any(|one| one == name);
        Self {
            resource: Arc::clone(resource),
            key: ObjectKey::new(namespace.unwrap_or_default(), name.unwrap_or_default()),
            uid: metadata.uid.clone().unwrap_or_default(),
            owners: metadata.owner_references.clone().unwrap_or_default(),
            deleting: metadata.deletion_timestamp.is_some(),
            foreground: has(well_known::FOREGROUND_DELETION),
            orphan: has(well_known::ORPHAN),
        }
    }
}

/// Every object by uid, and its dependents.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: HashMap<String, Node>,
    dependents: HashMap<String, HashSet<String>>,
}

impl Graph {
    /// Takes an object in, or its change; returns the uids to look at.
    pub(super) fn put(&mut self, node: Node) -> Vec<String> {
        let uid = node.uid.clone();
        let mut touched = vec![uid.clone()];
        if let Some(old) = self.nodes.get(&uid) {
            for owner in &old.owners {
                if let Some(set) = self.dependents.get_mut(&owner.uid) {
                    set.remove(&uid);
                }
                touched.push(owner.uid.clone());
            }
        }
        for owner in &node.owners {
            self.dependents.entry(owner.uid.clone()).or_default().insert(uid.clone());
            touched.push(owner.uid.clone());
        }
        if node.deleting {
            touched.extend(self.dependents_of(&uid).map(|one| one.uid.clone()));
        }
        self.nodes.insert(uid, node);
        touched
    }

    /// Lets an object go; returns the uids to look at.
    pub(super) fn remove(&mut self, uid: &str) -> Vec<String> {
        let mut touched: Vec<String> = self.dependents_of(uid).map(|one| one.uid.clone()).collect();
        if let Some(node) = self.nodes.remove(uid) {
            for owner in node.owners {
                let empty = self.dependents.get_mut(&owner.uid).is_some_and(|set| {
                    set.remove(uid);
                    set.is_empty()
                });
                if empty && !self.nodes.contains_key(&owner.uid) {
                    self.dependents.remove(&owner.uid);
                }
                touched.push(owner.uid);
            }
        }
        touched
    }

    /// An object.
    pub(super) fn get(&self, uid: &str) -> Option<&Node> {
        self.nodes.get(uid)
    }

    /// The objects that name `uid` as an owner.
    pub(super) fn dependents_of(&self, uid: &str) -> impl Iterator<Item = &Node> {
        let uids = self.dependents.get(uid).into_iter().flatten();
        uids.filter_map(|uid| self.nodes.get(uid))
    }
}
