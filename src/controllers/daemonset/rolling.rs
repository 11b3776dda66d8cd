//! Which pods go for those of the new revision, and which nodes get one ahead. Pure.
//! Source: `k8s.io/kubernetes/pkg/controller/daemon/update.go`.

use std::sync::Arc;

use k8s_openapi::api::{
    apps::v1::{DaemonSet, RollingUpdateDaemonSet},
    core::v1::Pod,
};

use super::reconcile::{ByNode, Observed, Plan, is_terminating};
use crate::share::{Rounding, share};

fn strategy(set: &DaemonSet) -> Option<&RollingUpdateDaemonSet> {
    set.spec.as_ref()?.update_strategy.as_ref()?.rolling_update.as_ref()
}

fn is_on_delete(set: &DaemonSet) -> bool {
    let strategy = set.spec.as_ref().and_then(|spec| spec.update_strategy.as_ref());
    strategy.and_then(|strategy| strategy.type_.as_deref()) == Some("OnDelete")
}

/// Pods that may come ahead of old ones, of so many.
fn max_surge(set: &DaemonSet, of: usize) -> usize {
    let surge = strategy(set).and_then(|rolling| rolling.max_surge.as_ref());
    count(share(surge, count_of(of), Rounding::Up))
}

/// Pods that may be unavailable, of so many; one, where nothing else would let an update begin.
fn max_unavailable(set: &DaemonSet, of: usize) -> usize {
    let most = strategy(set).and_then(|rolling| rolling.max_unavailable.as_ref());
    let most = most.map_or(1, |most| count(share(Some(most), count_of(of), Rounding::Up)));
    if most == 0 && max_surge(set, of) == 0 { 1 } else { most }
}

fn count_of(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn count(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// Tells whether a node may have two pods during an update.
pub(super) fn surges(set: &DaemonSet) -> bool {
    !is_on_delete(set) && max_surge(set, 1) > 0
}

/// A node's pod of the new revision and that of an old one.
#[derive(Debug, Clone, Default)]
struct Pair {
    new: Option<Arc<Pod>>,
    old: Option<Arc<Pod>>,
}

/// A node's pods; `None` where there are too many of a kind.
fn pair(seen: &Observed<'_>, pods: &[Arc<Pod>]) -> Option<Pair> {
    let mut pair = Pair::default();
    for pod in pods.iter().filter(|pod| !is_terminating(pod)) {
        let slot = if seen.is_updated(pod) { &mut pair.new } else { &mut pair.old };
        if slot.replace(Arc::clone(pod)).is_some() {
            return None;
        }
    }
    Some(pair)
}

/// Adds the next steps of a rolling update to a plan.
pub(super) fn update(seen: &Observed<'_>, mut by_node: ByNode, plan: &mut Plan) {
    if is_on_delete(seen.set) {
        return;
    }
    let wanted: Vec<_> = seen.wanted().into_iter().map(str::to_owned).collect();
    for node in &wanted {
        by_node.entry(node.clone()).or_default();
    }
    match max_surge(seen.set, wanted.len()) {
        0 => replace(seen, &by_node, max_unavailable(seen.set, wanted.len()), plan),
        most => surge(seen, &by_node, (wanted.len(), most), plan),
    }
}

/// Deletes old pods, so that no more than `most` nodes are without an available one.
fn replace(seen: &Observed<'_>, by_node: &ByNode, most: usize, plan: &mut Plan) {
    let mut unavailable = 0;
    let mut candidates = Vec::new();
    for pods in by_node.values() {
        match pair(seen, pods) {
            Some(Pair { new: None, old: Some(old) }) if seen.is_available(&old) => {
                candidates.push(old);
            }
            Some(Pair { new: None, old: Some(old) }) => {
                // A pod that is down already costs nothing.
                plan.delete.push(old);
                unavailable += 1;
            }
            Some(Pair { new: Some(new), old: None }) if seen.is_available(&new) => {}
            _ => unavailable += 1,
        }
    }
    plan.delete.extend(candidates.into_iter().take(most.saturating_sub(unavailable)));
}

/// Makes new pods beside old ones on at most `most` nodes, and deletes old ones that are replaced.
fn surge(seen: &Observed<'_>, by_node: &ByNode, (wanted, most): (usize, usize), plan: &mut Plan) {
    let (mut surging, mut available) = (0, 0);
    let (mut candidates, mut unwanted) = (Vec::new(), Vec::new());
    for (node, pods) in by_node {
        let Some(Pair { new, old }) = pair(seen, pods) else {
            surging += 1;
            continue;
        };
        let present = old.as_ref().or(new.as_ref());
        available += usize::from(present.is_some_and(|pod| seen.is_available(pod)));
        let Some(old) = old else { continue };
        match (new, seen.is_available(&old)) {
            (Some(new), _) if seen.is_available(&new) => plan.delete.push(old),
            (Some(_), _) => surging += 1,
            (None, false) if seen.wants(node) => plan.create.push(node.clone()),
            (None, false) => plan.delete.push(old),
            (None, true) if seen.wants(node) => candidates.push(node.clone()),
            (None, true) => unwanted.push(old),
        }
    }
    // Where pods move from node to node, an old one goes only when a new one is there.
    plan.delete.extend(unwanted.into_iter().take(available.saturating_sub(wanted)));
    plan.create.extend(candidates.into_iter().take(most.saturating_sub(surging)));
}
