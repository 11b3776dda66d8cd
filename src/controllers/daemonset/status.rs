//! The status that a DaemonSet should have. Pure.

use k8s_openapi::api::apps::v1::DaemonSetStatus;

use super::{
    placement::{Place, place},
    reconcile::{Observed, node_name},
};
use crate::pods;

/// The status; an older generation stays observed while the present one is not seen to.
pub(super) fn status(seen: &Observed<'_>, collisions: i32, settled: bool) -> DaemonSetStatus {
    let before = seen.set.status.clone().unwrap_or_default();
    let by_node = seen.by_node();
    let mut counts = [0_i32; 6];
    for node in seen.nodes {
        let oldest = by_node.get(node_name(node)).and_then(|pods| pods.first());
        let wanted = place(seen.set, node) == Place::Wanted;
        let here = oldest.filter(|_| wanted);
        let ready = here.is_some_and(|pod| pods::is_ready(pod));
        let counts_in = [
            wanted,
            here.is_some(),
            oldest.is_some() && !wanted,
            ready,
            ready && here.is_some_and(|pod| seen.is_available(pod)),
            here.is_some_and(|pod| seen.is_updated(pod)),
        ];
        for (count, counts_in) in counts.iter_mut().zip(counts_in) {
            *count += i32::from(counts_in);
        }
    }
    let [desired, current, misscheduled, ready, available, updated] = counts;
    let some = |count: i32| Some(count).filter(|count| *count > 0);
    DaemonSetStatus {
        desired_number_scheduled: desired,
        current_number_scheduled: current,
        number_misscheduled: misscheduled,
        number_ready: ready,
        number_available: some(available),
        number_unavailable: some(desired - available),
        updated_number_scheduled: some(updated),
        observed_generation: if settled {
            seen.set.metadata.generation
        } else {
            before.observed_generation
        },
        collision_count: Some(collisions).filter(|count| *count > 0).or(before.collision_count),
        conditions: before.conditions,
    }
}
