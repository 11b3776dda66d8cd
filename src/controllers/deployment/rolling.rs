//! How many pods each ReplicaSet of a Deployment should have right now. Pure arithmetic.
//! Source: `k8s.io/kubernetes/pkg/controller/deployment/rolling.go` and `sync.go`.

use std::sync::Arc;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use machinery::well_known;

use super::revision::{born, name};
use crate::share::{Rounding, share};

/// The bounds of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) wanted: i32,
    pub(super) max_surge: i32,
    pub(super) max_unavailable: i32,
}

impl Bounds {
    /// The bounds of a Deployment; at least one of surge and unavailability is not zero.
    pub(super) fn of(deployment: &Deployment) -> Self {
        let spec = deployment.spec.as_ref();
        let wanted = spec.and_then(|spec| spec.replicas).unwrap_or(1).max(0);
        let rolling = spec
            .and_then(|spec| spec.strategy.as_ref())
            .filter(|strategy| strategy.type_.as_deref() != Some("Recreate"))
            .and_then(|strategy| strategy.rolling_update.as_ref());
        let Some(rolling) = rolling else {
            return Self { wanted, max_surge: 0, max_unavailable: wanted };
        };
        let max_surge = share(rolling.max_surge.as_ref(), wanted, Rounding::Up);
        let max_unavailable = share(rolling.max_unavailable.as_ref(), wanted, Rounding::Down);
        let max_unavailable =
            if max_surge == 0 && max_unavailable == 0 { 1 } else { max_unavailable.min(wanted) };
        Self { wanted, max_surge, max_unavailable }
    }

    /// The most pods that there may be at a time.
    pub(super) fn max(self) -> i32 {
        self.wanted + self.max_surge
    }

    /// The fewest pods that must be available.
    pub(super) fn min_available(self) -> i32 {
        self.wanted - self.max_unavailable
    }
}

/// The pods that a set should have.
pub(super) fn spec_replicas(set: &ReplicaSet) -> i32 {
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

/// The pods of a set that are available.
pub(super) fn available(set: &ReplicaSet) -> i32 {
    set.status.as_ref().and_then(|status| status.available_replicas).unwrap_or(0)
}

/// The pods that a set has.
pub(super) fn actual(set: &ReplicaSet) -> i32 {
    set.status.as_ref().map_or(0, |status| status.replicas)
}

/// A set and the pods that it should have from now on.
pub(super) type Resize = (Arc<ReplicaSet>, i32);

/// The size that the newest set may grow to.
pub(super) fn grown(bounds: Bounds, newest: i32, all: &[Arc<ReplicaSet>]) -> i32 {
    if newest >= bounds.wanted {
        return bounds.wanted;
    }
    let total: i32 = all.iter().map(|set| spec_replicas(set)).sum();
    let room = (bounds.max() - total).max(0);
    newest + room.min(bounds.wanted - newest)
}

/// The old sets that shrink, and to what, without falling below the pods that must be available.
pub(super) fn shrunk(
    bounds: Bounds,
    newest: &Arc<ReplicaSet>,
    old: &[Arc<ReplicaSet>],
) -> Vec<Resize> {
    let all: i32 = old.iter().map(|set| spec_replicas(set)).sum::<i32>() + spec_replicas(newest);
    let newest_unavailable = spec_replicas(newest) - available(newest);
    let mut spare = all - bounds.min_available() - newest_unavailable;
    if spare <= 0 {
        return Vec::new();
    }
    let mut sets: Vec<Arc<ReplicaSet>> = old.to_vec();
    sets.sort_by_key(|set| (born(set), name(set).to_owned()));
    let mut sizes: Vec<i32> = sets.iter().map(|set| spec_replicas(set)).collect();
    // First the pods that do not serve anyway.
    for (set, size) in sets.iter().zip(&mut sizes) {
        let unhealthy = (*size - available(set)).max(0).min(spare);
        *size -= unhealthy;
        spare -= unhealthy;
    }
    let serving: i32 = old.iter().map(|set| available(set)).sum::<i32>() + available(newest);
    let mut spare = (serving - bounds.min_available()).max(0);
    for size in &mut sizes {
        let take = (*size).min(spare);
        *size -= take;
        spare -= take;
    }
    let changed = sets.into_iter().zip(sizes);
    changed.filter(|(set, size)| spec_replicas(set) != *size).collect()
}

/// Spreads a change of the wanted number over several sets in proportion to their sizes.
pub(super) fn proportioned(bounds: Bounds, sets: &[Arc<ReplicaSet>]) -> Vec<Resize> {
    let mut sets: Vec<Arc<ReplicaSet>> = sets.to_vec();
    let total: i32 = sets.iter().map(|set| spec_replicas(set)).sum();
    let allowed = if bounds.wanted > 0 { bounds.max() } else { 0 };
    let change = allowed - total;
    if change >= 0 {
        sets.sort_by_key(|set| {
            (std::cmp::Reverse(spec_replicas(set)), std::cmp::Reverse(born(set)))
        });
    } else {
        sets.sort_by_key(|set| (std::cmp::Reverse(spec_replicas(set)), born(set)));
    }
    let mut added = 0;
    let mut sizes: Vec<i32> = Vec::new();
    for set in &sets {
        let share = if change == 0 { 0 } else { proportion(set, bounds, change, added) };
        added += share;
        sizes.push(spec_replicas(set) + share);
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + change - added).max(0);
    }
    sets.into_iter().zip(sizes).collect()
}

fn proportion(set: &ReplicaSet, bounds: Bounds, change: i32, added: i32) -> i32 {
    let size = spec_replicas(set);
    if size == 0 || change == added {
        return 0;
    }
    let annotations = set.metadata.annotations.as_ref();
    let known = annotations.and_then(|all| all.get(well_known::MAX_REPLICAS));
    let before = known.and_then(|text| text.parse().ok()).filter(|max: &i32| *max > 0);
    let before = before.unwrap_or_else(|| actual(set).max(1));
    let ideal = f64::from(size) * f64::from(bounds.max()) / f64::from(before);
    #[expect(clippy::cast_possible_truncation, reason = "sizes are far below 2^31")]
    let share = ideal.round() as i32 - size;
    let left = change - added;
    if change > 0 { share.min(left) } else { share.max(left) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn set(name: &str, replicas: i32, available: i32) -> Arc<ReplicaSet> {
        let object = json!({
            "metadata": {"name": name, "uid": name},
            "spec": {"replicas": replicas, "selector": {}},
            "status": {"replicas": replicas, "availableReplicas": available},
        });
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn bounds(wanted: i32, surge: &str, unavailable: &str) -> Bounds {
        let object = json!({"spec": {"replicas": wanted, "selector": {}, "template": {}, "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}}});
        Bounds::of(&serde_json::from_value(object).unwrap())
    }

    #[test]
    fn shares_round_surge_up_and_unavailability_down() {
        assert_eq!(bounds(4, "25%", "25%"), Bounds { wanted: 4, max_surge: 1, max_unavailable: 1 });
        assert_eq!(bounds(1, "25%", "25%"), Bounds { wanted: 1, max_surge: 1, max_unavailable: 0 });
        assert_eq!(bounds(3, "0%", "0%").max_unavailable, 1);
    }

    proptest! {
        /// A rollout of any size ends, and keeps its bounds at every step.
        #[test]
        fn rollouts_end_within_bounds(wanted in 1_i32..30, surge in 0_i32..100, unavailable in 0_i32..100) {
            let bounds = bounds(wanted, &format!("{surge}%"), &format!("{unavailable}%"));
            let (mut old, mut new) = (wanted, 0);
            for _ in 0..200 {
                if old == 0 && new == wanted {
                    break;
                }
                let (newest, others) = (set("new", new, new), [set("old", old, old)]);
                let all = [Arc::clone(&newest), Arc::clone(&others[0])];
                let next = grown(bounds, new, &all);
                if next == new {
                    for (_, size) in shrunk(bounds, &newest, &others) {
                        old = size;
                    }
                } else {
                    new = next;
                }
                prop_assert!(old + new <= bounds.max(), "{old}+{new} > {}", bounds.max());
                prop_assert!(old + new >= bounds.min_available());
            }
            prop_assert_eq!((old, new), (0, wanted));
        }

        /// Scaling in the middle of a rollout gives out exactly what is allowed.
        #[test]
        fn proportions_add_up(first in 1_i32..20, second in 1_i32..20, wanted in 1_i32..60) {
            let bounds = bounds(wanted, "0%", "1");
            let sets = [set("a", first, first), set("b", second, second)];
            let total: i32 = proportioned(bounds, &sets).iter().map(|(_, size)| size).sum();
            prop_assert_eq!(total, bounds.max());
        }
    }
}
