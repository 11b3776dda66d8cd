//! What one StatefulSet needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/statefulset`, `stateful_set_control.go`.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use k8s_openapi::{
    api::{
        apps::v1::StatefulSet,
        core::v1::{PersistentVolumeClaim, Pod, PodTemplateSpec},
    },
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference},
};

use super::{
    identity::{claims, in_range, new_pod, ordinal, repaired, revision_of, start, wanted},
    retention, rolling,
};
use crate::pods;

/// A revision's name and the template that it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Revision {
    pub(super) name: String,
    pub(super) template: PodTemplateSpec,
}

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) set: &'a StatefulSet,
    /// The pods that the set controls; each has a number.
    pub(super) pods: &'a [Arc<Pod>],
    /// The claims of the set's pods, by name.
    pub(super) claims: &'a BTreeMap<String, Arc<PersistentVolumeClaim>>,
    /// What pods below the partition are made of.
    pub(super) current: &'a Revision,
    /// What the template is now.
    pub(super) update: &'a Revision,
    pub(super) now: Timestamp,
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Makes a pod, the claims that it lacks first.
    Create { pod: Box<Pod>, claims: Vec<PersistentVolumeClaim> },
    /// A pod cannot be made, because a claim of it is going.
    Refuse { pod: String, why: String },
    /// Makes claims that a pending pod lacks.
    Provide { pod: String, claims: Vec<PersistentVolumeClaim> },
    /// Gives a pod its identity and its claims back.
    Repair { pod: Box<Pod>, claims: Vec<PersistentVolumeClaim> },
    /// Changes who owns a claim.
    Own { claim: Arc<PersistentVolumeClaim>, owners: Vec<OwnerReference> },
    /// Removes a pod that has ended, so that it is made anew.
    Recreate(Arc<Pod>),
    /// Removes a pod, because of its number or its revision.
    Delete(Arc<Pod>),
}

/// What shall happen, in this order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// How many pods of the current revision go for those of the new one.
    pub(super) outdated: i32,
}

/// One number of the set, and its pod, if it has one.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) ordinal: i64,
    pub(super) pod: Option<Arc<Pod>>,
}

/// Whether the next pod has to wait for this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Wait,
}

impl Observed<'_> {
    pub(super) fn is_parallel(&self) -> bool {
        let policy = self.set.spec.as_ref().and_then(|spec| spec.pod_management_policy.as_deref());
        policy == Some("Parallel")
    }

    fn min_ready_seconds(&self) -> i32 {
        self.set.spec.as_ref().and_then(|spec| spec.min_ready_seconds).unwrap_or(0)
    }

    pub(super) fn is_available(&self, pod: &Pod) -> bool {
        let left = pods::until_available(pod, self.min_ready_seconds(), self.now);
        is_running_and_ready(pod) && left == Some(Duration::ZERO)
    }

    pub(super) fn is_unavailable(&self, slot: &Slot) -> bool {
        slot.pod.as_ref().is_none_or(|pod| is_terminating(pod) || !self.is_available(pod))
    }

    fn slots(&self) -> Vec<Slot> {
        let start = start(self.set);
        let find = |at: i64| self.pods.iter().find(|pod| ordinal(self.set, pod) == Some(at));
        (start..start + wanted(self.set))
            .map(|ordinal| Slot { ordinal, pod: find(ordinal).cloned() })
            .collect()
    }

    /// The pods that the set wants no more, the last first.
    fn condemned(&self) -> Vec<Slot> {
        let numbered = |pod: &Arc<Pod>| {
            let ordinal = ordinal(self.set, pod)?;
            Some(Slot { ordinal, pod: Some(Arc::clone(pod)) })
        };
        let mut out: Vec<_> = self.pods.iter().filter_map(numbered).collect();
        out.retain(|slot| !in_range(self.set, slot.ordinal));
        out.sort_by_key(|slot| std::cmp::Reverse(slot.ordinal));
        out
    }

    /// The revision that a missing pod is made of.
    fn revision_for(&self, ordinal: i64) -> &Revision {
        let partition = rolling::partition(self.set);
        if ordinal < start(self.set) + partition { self.current } else { self.update }
    }

    /// The claims that a pod lacks, and the first that is going.
    fn missing_claims(&self, ordinal: i64) -> (Vec<PersistentVolumeClaim>, Option<String>) {
        let mut missing = Vec::new();
        for (_, mut claim) in claims(self.set, ordinal) {
            let name = claim.metadata.name.clone().unwrap_or_default();
            match self.claims.get(&name) {
                Some(known) if known.metadata.deletion_timestamp.is_some() => {
                    return (Vec::new(), Some(format!("pvc {name} is being deleted")));
                }
                Some(_) => {}
                None => {
                    let pod = ObjectMeta::default();
                    let owners = retention::owners(self.set, &pod, false, &claim);
                    claim.metadata.owner_references = owners;
                    missing.push(claim);
                }
            }
        }
        (missing, None)
    }

    /// The claims of a pod whose owners are not what the policy says.
    fn owned(&self, slot: &Slot) -> Vec<Step> {
        let Some(pod) = &slot.pod else { return Vec::new() };
        let condemned = !in_range(self.set, slot.ordinal);
        let claims = claims(self.set, slot.ordinal);
        let known = claims.iter().filter_map(|(_, claim)| {
            self.claims.get(claim.metadata.name.as_deref().unwrap_or_default())
        });
        known
            .filter_map(|claim| {
                let owners = retention::owners(self.set, &pod.metadata, condemned, claim)?;
                Some(Step::Own { claim: Arc::clone(claim), owners })
            })
            .collect()
    }
}

pub(super) fn is_running_and_ready(pod: &Pod) -> bool {
    pods::phase(pod) == "Running" && pods::is_ready(pod)
}

pub(super) fn is_terminating(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// Decides the next writes; an empty plan means that nothing is to be done until something changes.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let mut plan = Plan::default();
    if seen.set.metadata.deletion_timestamp.is_some() {
        return plan;
    }
    let (slots, condemned) = (seen.slots(), seen.condemned());
    for slot in &slots {
        if keep(seen, slot, &mut plan.steps) == Flow::Wait && !seen.is_parallel() {
            return plan;
        }
    }
    for slot in &condemned {
        plan.steps.extend(seen.owned(slot));
    }
    let unhealthy = slots.iter().chain(condemned.iter().rev());
    let unhealthy = unhealthy.filter(|slot| seen.is_unavailable(slot)).map(|slot| slot.ordinal);
    let first_unhealthy = unhealthy.into_iter().next();
    for slot in &condemned {
        let Some(pod) = &slot.pod else { continue };
        let waits = is_terminating(pod)
            || !seen.is_parallel()
                && !seen.is_available(pod)
                && first_unhealthy != Some(slot.ordinal);
        if !waits {
            plan.steps.push(Step::Delete(Arc::clone(pod)));
        }
        if !seen.is_parallel() {
            return plan;
        }
    }
    for pod in rolling::outdated(seen, &slots) {
        plan.outdated += i32::from(revision_of(&pod) == seen.current.name);
        plan.steps.push(Step::Delete(pod));
    }
    plan
}

/// Sees to one pod that the set wants.
fn keep(seen: &Observed<'_>, slot: &Slot, steps: &mut Vec<Step>) -> Flow {
    let (missing, going) = seen.missing_claims(slot.ordinal);
    let Some(pod) = &slot.pod else {
        make(seen, slot.ordinal, (missing, going), steps);
        return Flow::Wait;
    };
    if matches!(pods::phase(pod), "Failed" | "Succeeded") {
        if !is_terminating(pod) {
            steps.push(Step::Recreate(Arc::clone(pod)));
        }
        return Flow::Wait;
    }
    if pods::phase(pod) == "Pending" && !missing.is_empty() {
        let pod = pods::name(pod).to_owned();
        steps.push(Step::Provide { pod, claims: missing.clone() });
    }
    if !seen.is_parallel() && (is_terminating(pod) || !seen.is_available(pod)) {
        return Flow::Wait;
    }
    if let Some(fixed) = repaired(seen.set, slot.ordinal, pod) {
        let claims = if pods::phase(pod) == "Pending" { Vec::new() } else { missing };
        steps.push(Step::Repair { pod: Box::new(fixed), claims });
    }
    steps.extend(seen.owned(slot));
    Flow::Next
}

/// Makes the pod of a number, unless a claim of it is in the way.
fn make(
    seen: &Observed<'_>,
    ordinal: i64,
    (claims, going): (Vec<PersistentVolumeClaim>, Option<String>),
    steps: &mut Vec<Step>,
) {
    let pod = new_pod(seen.set, ordinal, seen.revision_for(ordinal));
    let stale = super::identity::claims(seen.set, ordinal).into_iter().any(|(_, claim)| {
        let known = seen.claims.get(claim.metadata.name.as_deref().unwrap_or_default());
        known.is_some_and(|known| retention::is_stale(seen.set, ordinal, known))
    });
    match going {
        _ if stale => {}
        Some(why) => steps.push(Step::Refuse { pod: pods::name(&pod).to_owned(), why }),
        None => steps.push(Step::Create { pod: Box::new(pod), claims }),
    }
}

/// When the next ready pod becomes available, if one is on its way.
pub(super) fn next_available(seen: &Observed<'_>) -> Option<Duration> {
    let left = |pod: &Arc<Pod>| pods::until_available(pod, seen.min_ready_seconds(), seen.now);
    seen.pods.iter().filter_map(left).filter(|left| !left.is_zero()).min()
}
