//! The status that a StatefulSet should have. Pure.

use k8s_openapi::api::apps::v1::StatefulSetStatus;

use super::{
    identity::{revision_of, wanted},
    reconcile::{Observed, is_running_and_ready, is_terminating},
    rolling,
};
use crate::pods;

/// The status, after `outdated` pods of the current revision were told to go.
pub(super) fn status(seen: &Observed<'_>, outdated: i32, collisions: i32) -> StatefulSetStatus {
    let mut counts = [0_i32; 5];
    for pod in seen.pods {
        let created = !pods::phase(pod).is_empty();
        let stays = created && !is_terminating(pod);
        let ready = is_running_and_ready(pod);
        let is = |name: &str| stays && revision_of(pod) == name;
        let counts_in = [
            created,
            ready,
            ready && seen.is_available(pod),
            is(&seen.current.name),
            is(&seen.update.name),
        ];
        for (count, counts_in) in counts.iter_mut().zip(counts_in) {
            *count += i32::from(counts_in);
        }
    }
    let [replicas, ready, available, current, updated] = counts;
    let mut current = current - outdated;
    let mut current_revision = &seen.current.name;
    let complete = [replicas, ready, updated].iter().all(|it| i64::from(*it) == wanted(seen.set));
    if complete && !rolling::is_on_delete(seen.set) {
        current = updated;
        current_revision = &seen.update.name;
    }
    let some = |count: i32| Some(count).filter(|count| *count > 0);
    StatefulSetStatus {
        observed_generation: seen.set.metadata.generation,
        replicas,
        ready_replicas: some(ready),
        available_replicas: Some(available),
        current_replicas: some(current),
        updated_replicas: some(updated),
        current_revision: Some(current_revision.clone()),
        update_revision: Some(seen.update.name.clone()),
        collision_count: Some(collisions),
        conditions: None,
    }
}
