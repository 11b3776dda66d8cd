//! What one DaemonSet needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/daemon`, `daemon_controller.go`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use k8s_openapi::api::{
    apps::v1::DaemonSet,
    core::v1::{Node, Pod},
};

use super::{
    placement::{Place, is_updated, node_of, place},
    rolling,
};
use crate::pods;

/// Pods that one pass creates or deletes at most.
pub(super) const BURST: usize = 250;

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) set: &'a DaemonSet,
    pub(super) nodes: &'a [Arc<Node>],
    /// The pods that the set controls.
    pub(super) pods: &'a [Arc<Pod>],
    /// The hash of the template as it is now.
    pub(super) hash: &'a str,
    /// Nodes whose failed pods are left alone for a while.
    pub(super) held: &'a BTreeMap<String, Duration>,
    pub(super) now: Timestamp,
}

/// What shall happen to the pods.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    /// The nodes that get a pod.
    pub(super) create: Vec<String>,
    /// The pods that go.
    pub(super) delete: Vec<Arc<Pod>>,
    /// The pods among them that failed, and their nodes.
    pub(super) failed: Vec<(String, Arc<Pod>)>,
    /// The pods among them that succeeded, and their nodes.
    pub(super) succeeded: Vec<(String, Arc<Pod>)>,
    /// When the first failed pod that is left alone may go.
    pub(super) again: Option<Duration>,
}

/// The pods of one node, the oldest first.
pub(super) type ByNode = BTreeMap<String, Vec<Arc<Pod>>>;

impl Observed<'_> {
    pub(super) fn min_ready_seconds(&self) -> i32 {
        self.set.spec.as_ref().and_then(|spec| spec.min_ready_seconds).unwrap_or(0)
    }

    pub(super) fn is_available(&self, pod: &Pod) -> bool {
        pods::until_available(pod, self.min_ready_seconds(), self.now) == Some(Duration::ZERO)
    }

    pub(super) fn is_updated(&self, pod: &Pod) -> bool {
        is_updated(self.set, pod, self.hash)
    }

    /// The pods by node; one that has ended and is going is as good as gone.
    pub(super) fn by_node(&self) -> ByNode {
        let mut out = ByNode::new();
        let ended = |pod: &Pod| matches!(pods::phase(pod), "Failed" | "Succeeded");
        for pod in self.pods.iter().filter(|pod| !(ended(pod) && is_terminating(pod))) {
            if let Some(node) = node_of(pod) {
                out.entry(node.to_owned()).or_default().push(Arc::clone(pod));
            }
        }
        for pods in out.values_mut() {
            pods.sort_by_key(|pod| seniority(pod));
        }
        out
    }

    /// The node of that name, if the set wants a pod there.
    pub(super) fn wants(&self, name: &str) -> bool {
        let node = self.nodes.iter().find(|node| node_name(node) == name);
        node.is_some_and(|node| place(self.set, node) == Place::Wanted)
    }

    /// The nodes that the set wants a pod on.
    pub(super) fn wanted(&self) -> Vec<&str> {
        let wanted = self.nodes.iter().filter(|node| place(self.set, node) == Place::Wanted);
        wanted.map(|node| node_name(node)).collect()
    }
}

pub(super) fn node_name(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}

pub(super) fn is_terminating(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// Orders a node's pods: those that are on it before those that wait, older before younger.
fn seniority(pod: &Pod) -> (bool, Option<Timestamp>, String) {
    let bound = pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some());
    let born = pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
    (!bound, born, pods::name(pod).to_owned())
}

/// Decides which nodes get a pod and which pods go: first one pod a node, then the update.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    if seen.set.metadata.deletion_timestamp.is_some() {
        return Plan::default();
    }
    let by_node = seen.by_node();
    let mut plan = Plan::default();
    for node in seen.nodes {
        manage(seen, node, &by_node, &mut plan);
    }
    let known: BTreeSet<_> = seen.nodes.iter().map(|node| node_name(node)).collect();
    for (_, lost) in by_node.iter().filter(|(node, _)| !known.contains(node.as_str())) {
        // A pod that waits for a node which is gone is bound by nobody, and so missed by nobody.
        let waits = |pod: &&Arc<Pod>| pod.spec.as_ref().is_none_or(|spec| spec.node_name.is_none());
        let waiting = lost.iter().filter(|pod| !is_terminating(pod)).filter(waits);
        plan.delete.extend(waiting.cloned());
    }
    if plan.create.is_empty() && plan.delete.is_empty() {
        rolling::update(seen, by_node, &mut plan);
    }
    plan.create.truncate(BURST);
    plan.delete.truncate(BURST);
    plan
}

/// Sees to one node.
fn manage(seen: &Observed<'_>, node: &Node, by_node: &ByNode, plan: &mut Plan) {
    let name = node_name(node);
    let present = by_node.get(name).map(Vec::as_slice).unwrap_or_default();
    let staying = present.iter().filter(|pod| !is_terminating(pod));
    let place = place(seen.set, node);
    match place {
        Place::Refused => return plan.delete.extend(staying.cloned()),
        Place::Wanted if present.is_empty() => return plan.create.push(name.to_owned()),
        Place::Wanted | Place::Kept => {}
    }
    let mut running = Vec::new();
    for pod in staying {
        match pods::phase(pod) {
            "Failed" => {
                if let Some(left) = seen.held.get(name) {
                    plan.again = Some(plan.again.map_or(*left, |at| at.min(*left)));
                } else {
                    plan.failed.push((name.to_owned(), Arc::clone(pod)));
                    plan.delete.push(Arc::clone(pod));
                }
            }
            "Succeeded" => {
                plan.succeeded.push((name.to_owned(), Arc::clone(pod)));
                plan.delete.push(Arc::clone(pod));
            }
            _ => running.push(Arc::clone(pod)),
        }
    }
    if !rolling::surges(seen.set) {
        plan.delete.extend(running.into_iter().skip(1));
    } else if running.is_empty() && place == Place::Wanted {
        plan.create.push(name.to_owned());
    } else if running.len() > 1 {
        prune(seen, &running, plan);
    }
}

/// Keeps one pod of the new revision and one of an old one on a node, while both are needed.
fn prune(seen: &Observed<'_>, running: &[Arc<Pod>], plan: &mut Plan) {
    let (new, old): (Vec<_>, Vec<_>) = running.iter().partition(|pod| seen.is_updated(pod));
    let surplus = new.iter().skip(1).chain(old.iter().skip(1));
    plan.delete.extend(surplus.map(|pod| Arc::clone(pod)));
    if let (Some(new), Some(old)) = (new.first(), old.first())
        && (!pods::is_ready(old) || seen.is_available(new))
    {
        plan.delete.push(Arc::clone(old));
    }
}

/// When the next ready pod becomes available, if one is on its way.
pub(super) fn next_available(seen: &Observed<'_>) -> Option<Duration> {
    let left = |pod: &Arc<Pod>| pods::until_available(pod, seen.min_ready_seconds(), seen.now);
    seen.pods.iter().filter_map(left).filter(|left| !left.is_zero()).min()
}
