//! Which pods are on which node, kept in step with what the caches tell and what was decided since.
//!
//! Invariants: a pod is counted on one node at most · what was decided counts until the cache shows
//! the pod bound, or gone · pods on a node that is not known count once it comes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use client::ObjectKey;
use k8s_openapi::api::core::v1::{Node, Pod};

use crate::{cycle::Nominated, nodes::NodeInfo};

/// A pod on a node.
#[derive(Debug, Clone)]
struct Placed {
    pod: Arc<Pod>,
    node: String,
    /// The cache does not show it yet.
    assumed: bool,
}

/// Nodes, their pods, and who waits for room.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    nodes: BTreeMap<String, Arc<NodeInfo>>,
    placed: HashMap<ObjectKey, Placed>,
    by_node: HashMap<String, BTreeSet<ObjectKey>>,
    nominated: HashMap<ObjectKey, (String, Arc<Pod>)>,
}

impl Ledger {
    /// A node has come or changed.
    pub(crate) fn set_node(&mut self, node: &Arc<Node>) {
        let name = node.metadata.name.clone().unwrap_or_default();
        if let Some(known) = self.nodes.get_mut(&name) {
            Arc::make_mut(known).renew(Arc::clone(node));
            return;
        }
        let mut info = NodeInfo::new(Arc::clone(node));
        for key in self.by_node.get(&name).into_iter().flatten() {
            if let Some(placed) = self.placed.get(key) {
                info.add(&placed.pod);
            }
        }
        self.nodes.insert(name, Arc::new(info));
    }

    /// A node is gone.
    pub(crate) fn drop_node(&mut self, name: &str) {
        self.nodes.remove(name);
    }

    /// The cache shows a pod on a node.
    pub(crate) fn place(&mut self, pod: &Arc<Pod>, node: &str) {
        self.put(Placed { pod: Arc::clone(pod), node: node.to_owned(), assumed: false });
    }

    /// A pod was given a node, which the cache does not show yet.
    pub(crate) fn assume(&mut self, pod: &Arc<Pod>, node: &str) {
        self.put(Placed { pod: Arc::clone(pod), node: node.to_owned(), assumed: true });
    }

    fn put(&mut self, placed: Placed) {
        let key = ObjectKey::of(&*placed.pod);
        self.nominated.remove(&key);
        self.take(&key);
        if let Some(info) = self.nodes.get_mut(&placed.node) {
            Arc::make_mut(info).add(&placed.pod);
        }
        self.by_node.entry(placed.node.clone()).or_default().insert(key.clone());
        self.placed.insert(key, placed);
    }

    /// A pod is on no node any more. Tells whether it was.
    pub(crate) fn take(&mut self, key: &ObjectKey) -> bool {
        let Some(placed) = self.placed.remove(key) else { return false };
        if let Some(info) = self.nodes.get_mut(&placed.node) {
            Arc::make_mut(info).remove(&placed.pod);
        }
        if let Some(keys) = self.by_node.get_mut(&placed.node) {
            keys.remove(key);
            if keys.is_empty() {
                self.by_node.remove(&placed.node);
            }
        }
        true
    }

    /// Takes back what was decided for a pod and not yet shown.
    pub(crate) fn forget(&mut self, key: &ObjectKey) {
        if self.placed.get(key).is_some_and(|placed| placed.assumed) {
            self.take(key);
        }
    }

    /// The uid and the node of a pod that was given a node, while the cache does not show it.
    pub(crate) fn assumed(&self, key: &ObjectKey) -> Option<(String, String)> {
        let placed = self.placed.get(key).filter(|placed| placed.assumed)?;
        Some((placed.pod.metadata.uid.clone().unwrap_or_default(), placed.node.clone()))
    }

    /// A pod waits for room on a node, or (`""`) on none.
    pub(crate) fn nominate(&mut self, pod: &Arc<Pod>, node: &str) {
        let key = ObjectKey::of(&**pod);
        if node.is_empty() {
            self.nominated.remove(&key);
        } else {
            self.nominated.insert(key, (node.to_owned(), Arc::clone(pod)));
        }
    }

    /// A pod waits no more. Tells whether it did.
    pub(crate) fn unnominate(&mut self, key: &ObjectKey) -> bool {
        self.nominated.remove(key).is_some()
    }

    /// All nodes by name, as they are now.
    pub(crate) fn snapshot(&self) -> Vec<Arc<NodeInfo>> {
        self.nodes.values().cloned().collect()
    }

    /// Who waits for room, by node.
    pub(crate) fn nominated(&self) -> Nominated {
        let mut all = Nominated::new();
        for (node, pod) in self.nominated.values() {
            all.entry(node.clone()).or_default().push(Arc::clone(pod));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn node(name: &str) -> Arc<Node> {
        Arc::new(serde_json::from_value(json!({"metadata": {"name": name}})).unwrap())
    }

    fn pod(name: &str) -> Arc<Pod> {
        let requests = json!({"requests": {"cpu": "1"}});
        let containers = json!([{"name": "c", "resources": requests}]);
        let metadata = json!({"name": name, "namespace": "n", "uid": name});
        let pod = json!({"metadata": metadata, "spec": {"containers": containers}});
        Arc::new(serde_json::from_value(pod).unwrap())
    }

    proptest! {
        /// Whatever comes in whatever order, the sums are those of a count from nothing.
        #[test]
        fn sums_follow_every_history(steps in prop::collection::vec((0_u8..6, 0_u8..4, 0_u8..3), 1..80)) {
            let mut ledger = Ledger::default();
            let mut known: BTreeMap<String, (String, bool)> = BTreeMap::new();
            let mut nodes: BTreeSet<String> = BTreeSet::new();
            for (step, pod_at, node_at) in steps {
                let (name, host) = (format!("p{pod_at}"), format!("n{node_at}"));
                let key = ObjectKey::new("n", name.clone());
                match step {
                    0 => { ledger.set_node(&node(&host)); nodes.insert(host); }
                    1 => { ledger.drop_node(&host); nodes.remove(&host); }
                    2 => { ledger.place(&pod(&name), &host); known.insert(name, (host, false)); }
                    3 => { ledger.assume(&pod(&name), &host); known.insert(name, (host, true)); }
                    4 => { ledger.take(&key); known.remove(&name); }
                    _ => {
                        ledger.forget(&key);
                        known.retain(|other, (_, assumed)| *other != name || !*assumed);
                    }
                }
                let seen: Vec<(String, i64)> = ledger.snapshot().iter()
                    .map(|info| (info.name().to_owned(), info.requested.get("cpu"))).collect();
                let want: Vec<(String, i64)> = nodes.iter().map(|node| {
                    let here = known.values().filter(|(host, _)| host == node).count();
                    (node.clone(), i64::try_from(here).unwrap() * 1000)
                }).collect();
                prop_assert_eq!(seen, want);
            }
        }
    }
}
