//! Which pods go for those of the new revision. Pure.

use std::sync::Arc;

use k8s_openapi::{
    api::{
        apps::v1::{RollingUpdateStatefulSetStrategy, StatefulSet},
        core::v1::Pod,
    },
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{
    identity::{revision_of, wanted},
    reconcile::{Observed, Slot, is_terminating},
};
use crate::share::{Rounding, share};

fn strategy(set: &StatefulSet) -> Option<&RollingUpdateStatefulSetStrategy> {
    set.spec.as_ref()?.update_strategy.as_ref()?.rolling_update.as_ref()
}

/// Tells whether pods are replaced only when somebody deletes them.
pub(super) fn is_on_delete(set: &StatefulSet) -> bool {
    let strategy = set.spec.as_ref().and_then(|spec| spec.update_strategy.as_ref());
    strategy.and_then(|strategy| strategy.type_.as_deref()) == Some("OnDelete")
}

/// The first pods, which stay at the current revision.
pub(super) fn partition(set: &StatefulSet) -> i64 {
    let partition = strategy(set).and_then(|rolling| rolling.partition);
    partition.unwrap_or(0).into()
}

/// The pods that go now for those of the new revision, the last first.
pub(super) fn outdated(seen: &Observed<'_>, slots: &[Slot]) -> Vec<Arc<Pod>> {
    if is_on_delete(seen.set) {
        return Vec::new();
    }
    let due = usize::try_from(partition(seen.set)).unwrap_or(usize::MAX);
    let due = slots.get(due..).unwrap_or_default();
    match strategy(seen.set).and_then(|rolling| rolling.max_unavailable.as_ref()) {
        None => one_by_one(seen, due).into_iter().collect(),
        Some(most) => several(seen, slots, due, most),
    }
}

/// The last pod that is outdated, once those behind it are available.
fn one_by_one(seen: &Observed<'_>, due: &[Slot]) -> Option<Arc<Pod>> {
    for slot in due.iter().rev() {
        if let Some(pod) = slot.pod.as_ref().filter(|pod| is_outdated(seen, pod)) {
            return Some(Arc::clone(pod));
        }
        if seen.is_unavailable(slot) {
            return None;
        }
    }
    None
}

/// As many pods as may be unavailable at a time.
fn several(seen: &Observed<'_>, all: &[Slot], due: &[Slot], most: &IntOrString) -> Vec<Arc<Pod>> {
    let wanted = i32::try_from(wanted(seen.set)).unwrap_or(i32::MAX);
    let most = usize::try_from(share(Some(most), wanted, Rounding::Up).max(1)).unwrap_or(1);
    let unavailable = all.iter().filter(|slot| seen.is_unavailable(slot)).count();
    let mut budget = most.saturating_sub(unavailable);
    let outdated = due.iter().rev().filter_map(|slot| slot.pod.as_ref());
    let outdated = outdated.filter(|pod| is_outdated(seen, pod));
    if !seen.is_parallel() {
        return outdated.take(budget).cloned().collect();
    }
    // A pod that is down already costs nothing.
    let mut go: Vec<_> = outdated.clone().filter(|pod| !seen.is_available(pod)).cloned().collect();
    for pod in outdated.filter(|pod| seen.is_available(pod)) {
        if budget == 0 {
            break;
        }
        budget -= 1;
        go.push(Arc::clone(pod));
    }
    go
}

fn is_outdated(seen: &Observed<'_>, pod: &Pod) -> bool {
    revision_of(pod) != seen.update.name && !is_terminating(pod)
}
