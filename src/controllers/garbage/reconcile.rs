//! What the collector does about one object. No clock, no I/O, no randomness.
//! Source: `k8s.io/kubernetes/pkg/controller/garbagecollector`.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use super::graph::{Graph, Node};

/// What is known of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It exists.
    Solid,
    /// It exists, is being deleted, and waits for its dependents.
    Waiting,
    /// It does not exist.
    Absent,
}

/// One deed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// Deletes the object; in the foreground where it has dependents of its own to wait for.
    Delete { foreground: bool },
    /// Writes these references instead of the present ones.
    SetOwners(Vec<OwnerReference>),
    /// Deletes the dependents, each with its uid.
    DeleteDependents(Vec<String>),
    /// Takes the object out of its dependents' references, each with its uid.
    Orphan(Vec<String>),
    /// Removes a finalizer.
    RemoveFinalizer(&'static str),
}

/// Decides about an object whose owners stand as `standings` says, in their order.
pub(super) fn reconcile(node: &Node, graph: &Graph, standings: &[Standing]) -> Vec<Action> {
    if node.deleting {
        return deleting(node, graph);
    }
    if node.owners.is_empty() {
        return Vec::new();
    }
    let of = |wanted: Standing| standings.iter().filter(|one| **one == wanted).count();
    if of(Standing::Solid) > 0 {
        if of(Standing::Absent) + of(Standing::Waiting) == 0 {
            return Vec::new();
        }
        let kept = node
            .owners
            .iter()
            .zip(standings)
            .filter(|(_, standing)| **standing == Standing::Solid)
            .map(|(owner, _)| owner.clone());
        return vec![Action::SetOwners(kept.collect())];
    }
    let has_dependents = graph.dependents_of(&node.uid).next().is_some();
    vec![Action::Delete { foreground: of(Standing::Waiting) > 0 && has_dependents }]
}

fn deleting(node: &Node, graph: &Graph) -> Vec<Action> {
    if node.orphan {
        let dependents: Vec<String> =
            graph.dependents_of(&node.uid).map(|one| one.uid.clone()).collect();
        if !dependents.is_empty() {
            return vec![Action::Orphan(dependents)];
        }
        return vec![Action::RemoveFinalizer(machinery::well_known::ORPHAN)];
    }
    if !node.foreground {
        return Vec::new();
    }
    let blocks = |dependent: &&Node| {
        dependent
            .owners
            .iter()
            .any(|owner| owner.uid == node.uid && owner.block_owner_deletion == Some(true))
    };
    let waiting: Vec<&Node> = graph.dependents_of(&node.uid).collect();
    let mut plan = Vec::new();
    let doomed: Vec<String> = waiting
        .iter()
        .filter(|one| !one.deleting && one.owners.len() == 1)
        .map(|one| one.uid.clone())
        .collect();
    if !doomed.is_empty() {
        plan.push(Action::DeleteDependents(doomed));
    }
    if !waiting.iter().any(blocks) {
        plan.push(Action::RemoveFinalizer(machinery::well_known::FOREGROUND_DELETION));
    }
    plan
}

#[cfg(test)]
mod tests {
    use client::{ObjectKey, Resource};
    use k8s_openapi::api::core::v1::Pod;

    use super::{
        Standing::{Absent, Solid},
        *,
    };

    fn node(uid: &str, owners: &[&str]) -> Node {
        let owners = owners
            .iter()
            .map(|uid| OwnerReference {
                uid: (*uid).into(),
                block_owner_deletion: Some(true),
                ..OwnerReference::default()
            })
            .collect();
        Node {
            resource: std::sync::Arc::new(Resource::of::<Pod>()),
            key: ObjectKey::new("n", uid),
            uid: uid.into(),
            owners,
            deleting: false,
            foreground: false,
            orphan: false,
        }
    }

    #[test]
    fn objects_without_owners_go() {
        let graph = Graph::default();
        let pod = node("p", &["a", "b"]);
        assert_eq!(reconcile(&pod, &graph, &[Solid, Solid]), []);
        assert_eq!(
            reconcile(&pod, &graph, &[Solid, Absent]),
            [Action::SetOwners(vec![pod.owners[0].clone()])]
        );
        assert_eq!(
            reconcile(&pod, &graph, &[Absent, Absent]),
            [Action::Delete { foreground: false }]
        );
    }

    #[test]
    fn foreground_waits_for_those_that_block_and_orphan_lets_them_stay() {
        let mut graph = Graph::default();
        graph.put(node("p", &["o"]));
        let owner = Node { deleting: true, foreground: true, ..node("o", &[]) };
        assert_eq!(reconcile(&owner, &graph, &[]), [Action::DeleteDependents(vec!["p".into()])]);
        let orphaning = Node { foreground: false, orphan: true, ..owner.clone() };
        assert_eq!(reconcile(&orphaning, &graph, &[]), [Action::Orphan(vec!["p".into()])]);
        assert_eq!(graph.remove("p"), ["o"]);
        assert_eq!(reconcile(&owner, &graph, &[]), [Action::RemoveFinalizer("foregroundDeletion")]);
    }
}
