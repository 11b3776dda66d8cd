//! What one ReplicaSet needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/replicaset`.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use k8s_openapi::{
    api::{
        apps::v1::{ReplicaSet, ReplicaSetCondition, ReplicaSetStatus},
        core::v1::Pod,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};
use machinery::well_known;

use crate::pods;

/// Pods that one pass creates or deletes at most.
pub(super) const BURST: usize = 500;

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) set: &'a ReplicaSet,
    /// The pods that the set controls.
    pub(super) pods: &'a [Arc<Pod>],
    /// The pods of all sets with the same controller, this one's too; none where nobody controls it.
    pub(super) related: &'a [Arc<Pod>],
    pub(super) now: Timestamp,
}

/// What shall happen to the pods.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    /// So many pods are missing.
    pub(super) create: usize,
    /// These pods are too many, the least useful first.
    pub(super) delete: Vec<Arc<Pod>>,
}

impl Observed<'_> {
    fn wanted(&self) -> usize {
        let replicas = self.set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        usize::try_from(replicas).unwrap_or(0)
    }

    fn active(&self) -> impl Iterator<Item = &Arc<Pod>> {
        self.pods.iter().filter(|pod| pods::is_active(pod))
    }

    fn min_ready_seconds(&self) -> i32 {
        self.set.spec.as_ref().and_then(|spec| spec.min_ready_seconds).unwrap_or(0)
    }
}

/// Decides how many pods come and which go.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    if seen.set.metadata.deletion_timestamp.is_some() {
        return Plan::default();
    }
    let live: Vec<_> = seen.active().cloned().collect();
    match live.len().cmp(&seen.wanted()) {
        Ordering::Equal => Plan::default(),
        Ordering::Less => {
            Plan { create: (seen.wanted() - live.len()).min(BURST), ..Plan::default() }
        }
        Ordering::Greater => {
            let surplus = (live.len() - seen.wanted()).min(BURST);
            Plan { delete: least_useful(seen, live, surplus), ..Plan::default() }
        }
    }
}

/// The pods that are missed least: unassigned, pending, not ready, cheap, crowded, young.
fn least_useful(seen: &Observed<'_>, mut live: Vec<Arc<Pod>>, count: usize) -> Vec<Arc<Pod>> {
    let mut crowd: BTreeMap<&str, usize> = BTreeMap::new();
    for pod in seen.related.iter().filter(|pod| pods::is_active(pod)) {
        *crowd.entry(node(pod)).or_default() += 1;
    }
    live.sort_by_cached_key(|pod| {
        let phase = match pods::phase(pod) {
            "Pending" => 0,
            "Running" => 2,
            _ => 1,
        };
        let crowded = crowd.get(node(pod)).copied().unwrap_or(0);
        let rank = (!node(pod).is_empty(), phase, pods::is_ready(pod), cost(pod));
        let ready = age(seen.now, pods::ready_since(pod));
        let restarts = pods::restarts(pod);
        let alive = age(seen.now, born(pod));
        (rank, Reverse(crowded), ready, Reverse(restarts), alive, pods::uid(pod).to_owned())
    });
    live.truncate(count);
    live
}

/// Ages that count as one: each step is twice as long as the one before.
fn age(now: Timestamp, since: Option<Timestamp>) -> u32 {
    let nanos = since.map_or(0, |since| now.duration_since(since).as_nanos());
    u128::try_from(nanos).ok().and_then(u128::checked_ilog2).map_or(0, |steps| steps + 1)
}

fn node(pod: &Pod) -> &str {
    pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()).unwrap_or_default()
}

fn cost(pod: &Pod) -> i32 {
    let annotations = pod.metadata.annotations.as_ref();
    let cost = annotations.and_then(|all| all.get(well_known::POD_DELETION_COST));
    cost.and_then(|cost| cost.parse().ok()).unwrap_or(0)
}

fn born(pod: &Pod) -> Option<Timestamp> {
    pod.metadata.creation_timestamp.as_ref().map(|time| time.0)
}

/// The status that the set should have; `failure` is why pods could not be made or removed.
pub(super) fn status(seen: &Observed<'_>, failure: Option<(&str, &str)>) -> ReplicaSetStatus {
    let labels = seen
        .set
        .spec
        .as_ref()
        .and_then(|spec| spec.template.as_ref()?.metadata.as_ref()?.labels.clone())
        .unwrap_or_default();
    let mut counts = [0_i32; 4];
    for pod in seen.active() {
        let own = pod.metadata.labels.as_ref();
        let full =
            labels.iter().all(|(key, value)| own.and_then(|own| own.get(key)) == Some(value));
        let ready = pods::is_ready(pod);
        let available =
            pods::until_available(pod, seen.min_ready_seconds(), seen.now) == Some(Duration::ZERO);
        for (count, counts_in) in counts.iter_mut().zip([true, full, ready, available]) {
            *count += i32::from(counts_in);
        }
    }
    let terminating = seen
        .pods
        .iter()
        .filter(|pod| {
            pod.metadata.deletion_timestamp.is_some()
                && !matches!(pods::phase(pod), "Succeeded" | "Failed")
        })
        .count();
    ReplicaSetStatus {
        replicas: counts[0],
        fully_labeled_replicas: Some(counts[1]).filter(|count| *count > 0),
        ready_replicas: Some(counts[2]).filter(|count| *count > 0),
        available_replicas: Some(counts[3]).filter(|count| *count > 0),
        terminating_replicas: Some(i32::try_from(terminating).unwrap_or(i32::MAX)),
        observed_generation: seen.set.metadata.generation,
        conditions: conditions(seen, failure),
    }
}

fn conditions(
    seen: &Observed<'_>,
    failure: Option<(&str, &str)>,
) -> Option<Vec<ReplicaSetCondition>> {
    const FAILURE: &str = "ReplicaFailure";
    let before = seen.set.status.as_ref().and_then(|status| status.conditions.clone());
    let mut conditions = before.unwrap_or_default();
    let known = conditions.iter().any(|condition| condition.type_ == FAILURE);
    match failure {
        Some((reason, message)) if !known => conditions.push(ReplicaSetCondition {
            type_: FAILURE.into(),
            status: "True".into(),
            reason: Some(reason.into()),
            message: Some(message.into()),
            last_transition_time: Some(Time(seen.now)),
        }),
        None => conditions.retain(|condition| condition.type_ != FAILURE),
        Some(_) => {}
    }
    Some(conditions).filter(|conditions| !conditions.is_empty())
}

/// When the next ready pod becomes available, if one is on its way.
pub(super) fn next_available(seen: &Observed<'_>) -> Option<Duration> {
    seen.active()
        .filter_map(|pod| pods::until_available(pod, seen.min_ready_seconds(), seen.now))
        .filter(|left| !left.is_zero())
        .min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn set(replicas: usize) -> ReplicaSet {
        let object = json!({
            "metadata": {"name": "s", "uid": "s", "generation": 3},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"a": "1"}}},
        });
        serde_json::from_value(object).unwrap()
    }

    fn pod(name: &str, node: &str, ready: bool) -> Arc<Pod> {
        let object = json!({
            "metadata": {"name": name, "uid": name},
            "spec": {"nodeName": node, "containers": []},
            "status": {"phase": "Running", "conditions": [
                {"type": "Ready", "status": if ready { "True" } else { "False" }}]},
        });
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn plan(wanted: usize, pods: &[Arc<Pod>]) -> Plan {
        let set = set(wanted);
        reconcile(&Observed { set: &set, pods, related: &[], now: Timestamp::UNIX_EPOCH })
    }

    #[test]
    fn replicas_follow_spec() {
        let pods = [pod("a", "n", true), pod("b", "n", false), pod("c", "", false)];
        assert_eq!(plan(5, &pods).create, 2);
        assert_eq!(plan(3, &pods), Plan::default());
        let gone: Vec<String> =
            plan(1, &pods).delete.iter().map(|pod| pods::name(pod).to_owned()).collect();
        assert_eq!(gone, ["c", "b"]);
    }

    #[test]
    fn crowded_nodes_give_first_and_then_the_young() {
        let set = set(2);
        let now = "2026-01-01T01:00:00Z".parse().unwrap();
        let at = |name: &str, node: &str, time: &str| {
            let mut pod = (*pod(name, node, true)).clone();
            let time: Time = serde_json::from_value(json!(format!("2026-01-01T{time}Z"))).unwrap();
            let conditions = pod.status.as_mut().and_then(|status| status.conditions.as_mut());
            conditions.unwrap()[0].last_transition_time = Some(time);
            Arc::new(pod)
        };
        let gone = |pods: &[Arc<Pod>], related: &[Arc<Pod>]| {
            let plan = reconcile(&Observed { set: &set, pods, related, now });
            let names: Vec<_> = plan.delete.iter().map(|pod| pods::name(pod)).collect();
            names.join(" ")
        };
        let pods = [at("a", "m", "00:59:50"), at("b", "m", "00:10:00"), at("c", "n", "00:12:00")];
        assert_eq!(gone(&pods, &[]), "a", "the youngest");
        let elsewhere = [at("x", "n", "00:00:00"), at("y", "n", "00:00:00")];
        assert_eq!(gone(&pods, &elsewhere), "c", "the one among many of the same owner");
        let alike = [at("b", "m", "00:10:00"), at("a", "m", "00:12:00"), at("c", "m", "00:11:00")];
        assert_eq!(gone(&alike, &[]), "a", "of about one age: by uid");
    }

    #[test]
    fn status_counts_what_is_ready() {
        let set = set(2);
        let pods = [pod("a", "n", true), pod("b", "n", false)];
        let seen = Observed { set: &set, pods: &pods, related: &[], now: Timestamp::UNIX_EPOCH };
        let status = status(&seen, Some(("FailedCreate", "no")));
        assert_eq!((status.replicas, status.ready_replicas), (2, Some(1)));
        assert_eq!(status.conditions.unwrap()[0].type_, "ReplicaFailure");
    }

    proptest! {
        #[test]
        fn applying_plans_converges(wanted in 0_usize..20, live in 0_usize..40) {
            let mut pods: Vec<_> = (0..live).map(|at| pod(&at.to_string(), "n", at % 2 == 0)).collect();
            let first = plan(wanted, &pods);
            pods.retain(|pod| !first.delete.iter().any(|gone| pods::uid(gone) == pods::uid(pod)));
            pods.extend((0..first.create).map(|at| pod(&format!("new{at}"), "", false)));
            prop_assert_eq!(pods.len(), wanted);
            prop_assert_eq!(plan(wanted, &pods), Plan::default());
        }
    }
}
