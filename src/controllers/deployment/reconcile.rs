//! What one Deployment needs next. No clock, no I/O, no randomness: all facts are in `Observed`.
//! Source: `k8s.io/kubernetes/pkg/controller/deployment`.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, ReplicaSet, ReplicaSetSpec},
        core::v1::Pod,
    },
    apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta},
};
use machinery::well_known;

use super::{
    revision::{
        annotations, born, name, newest, next_revision, revision, size_annotations, template_hash,
        template_of,
    },
    rolling::{Bounds, actual, grown, proportioned, shrunk, spec_replicas},
};
use crate::{owner, pods};

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) deployment: &'a Deployment,
    /// The sets that the Deployment controls.
    pub(super) sets: &'a [Arc<ReplicaSet>],
    /// The pods of those sets.
    pub(super) pods: &'a [Arc<Pod>],
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// Makes the newest set.
    Create(Box<ReplicaSet>),
    /// Changes a set's size and annotations.
    Resize { set: Arc<ReplicaSet>, replicas: i32, annotations: BTreeMap<String, String> },
    /// Changes a set's annotations, and how long its pods have to be ready.
    Adjust {
        set: Arc<ReplicaSet>,
        annotations: BTreeMap<String, String>,
        min_ready_seconds: Option<i32>,
    },
    /// Removes a set that is older than anybody wants to go back.
    Delete(Arc<ReplicaSet>),
    /// Writes the newest revision on the Deployment.
    SetRevision(i64),
}

impl Observed<'_> {
    fn newest(&self) -> Option<&Arc<ReplicaSet>> {
        newest(self.deployment, self.sets)
    }

    fn old(&self) -> Vec<Arc<ReplicaSet>> {
        let newest = self.newest().map(|set| set.metadata.uid.clone());
        let old = self.sets.iter().filter(|set| Some(&set.metadata.uid) != newest.as_ref());
        old.cloned().collect()
    }

    fn paused(&self) -> bool {
        self.deployment.spec.as_ref().and_then(|spec| spec.paused) == Some(true)
    }

    fn recreates(&self) -> bool {
        let strategy = self.deployment.spec.as_ref().and_then(|spec| spec.strategy.as_ref());
        strategy.and_then(|strategy| strategy.type_.as_deref()) == Some("Recreate")
    }
}

/// Decides the next writes; an empty plan means that nothing is to be done until something changes.
pub(super) fn reconcile(seen: &Observed<'_>) -> Vec<Action> {
    if seen.deployment.metadata.deletion_timestamp.is_some() {
        return Vec::new();
    }
    let bounds = Bounds::of(seen.deployment);
    let mut plan = revisions(seen);
    if seen.paused() || was_scaled(seen, bounds) {
        plan.extend(scale(seen, bounds));
        if seen.paused() {
            plan.extend(clean_up(seen, bounds));
        }
        return plan;
    }
    plan.extend(if seen.recreates() { recreate(seen, bounds) } else { roll(seen, bounds) });
    plan.extend(clean_up(seen, bounds));
    plan
}

/// Keeps revision numbers right on the newest set and on the Deployment.
fn revisions(seen: &Observed<'_>) -> Vec<Action> {
    let old = seen.old();
    let mut plan = Vec::new();
    let Some(newest) = seen.newest() else { return plan };
    let wanted = next_revision(&old);
    let current = newest.metadata.annotations.as_ref();
    let full = annotations(seen.deployment, current, wanted);
    let min_ready_seconds = seen.deployment.spec.as_ref().and_then(|spec| spec.min_ready_seconds);
    let known = newest.spec.as_ref().and_then(|spec| spec.min_ready_seconds);
    if current != Some(&full) || known.unwrap_or(0) != min_ready_seconds.unwrap_or(0) {
        let set = Arc::clone(newest);
        plan.push(Action::Adjust { set, annotations: full, min_ready_seconds });
    }
    let number = wanted.max(revision(newest));
    if annotated_revision(seen.deployment) != Some(number) {
        plan.push(Action::SetRevision(number));
    }
    plan
}

fn annotated_revision(deployment: &Deployment) -> Option<i64> {
    deployment.metadata.annotations.as_ref()?.get(well_known::REVISION)?.parse().ok()
}

/// Tells whether the wanted number changed since the sets were sized.
fn was_scaled(seen: &Observed<'_>, bounds: Bounds) -> bool {
    seen.sets.iter().filter(|set| spec_replicas(set) > 0).any(|set| {
        let annotations = set.metadata.annotations.as_ref();
        let desired = annotations.and_then(|all| all.get(well_known::DESIRED_REPLICAS));
        desired.and_then(|text| text.parse::<i32>().ok()).is_some_and(|it| it != bounds.wanted)
    })
}

/// Gives the sets the sizes that a new wanted number asks for.
fn scale(seen: &Observed<'_>, bounds: Bounds) -> Vec<Action> {
    let active: Vec<_> = seen.sets.iter().filter(|set| spec_replicas(set) > 0).cloned().collect();
    let newest = seen.newest();
    let saturated = newest.is_some_and(|set| {
        spec_replicas(set) == bounds.wanted
            && super::rolling::available(set) == bounds.wanted
            && sized_for(set) == Some(bounds.wanted)
    });
    if saturated {
        let old = seen.old().into_iter().filter(|set| spec_replicas(set) > 0);
        return old.map(|set| resize(&set, 0, bounds)).collect();
    }
    match active.as_slice() {
        [] => {
            let latest = || seen.sets.iter().max_by_key(|set| (born(set), name(set).to_owned()));
            let set = newest.or_else(latest);
            set.map(|set| resize(set, bounds.wanted, bounds)).into_iter().collect()
        }
        [only] => vec![resize(only, bounds.wanted, bounds)],
        _ if seen.recreates() => Vec::new(),
        several => proportioned(bounds, several)
            .into_iter()
            .map(|(set, size)| resize(&set, size, bounds))
            .collect(),
    }
    .into_iter()
    .filter(|action| !is_idle(action))
    .collect()
}

fn sized_for(set: &ReplicaSet) -> Option<i32> {
    set.metadata.annotations.as_ref()?.get(well_known::DESIRED_REPLICAS)?.parse().ok()
}

fn resize(set: &Arc<ReplicaSet>, replicas: i32, bounds: Bounds) -> Action {
    let current = set.metadata.annotations.clone().unwrap_or_default();
    let annotations = size_annotations(current, bounds.wanted, bounds.max());
    Action::Resize { set: Arc::clone(set), replicas, annotations }
}

fn is_idle(action: &Action) -> bool {
    match action {
        Action::Resize { set, replicas, annotations } => {
            spec_replicas(set) == *replicas
                && set.metadata.annotations.as_ref() == Some(annotations)
        }
        _ => false,
    }
}

/// One step of a rolling update: grow the newest set, or else shrink the old ones.
fn roll(seen: &Observed<'_>, bounds: Bounds) -> Vec<Action> {
    let Some(newest) = seen.newest() else {
        return vec![create(seen, grown(bounds, 0, seen.sets), bounds)];
    };
    let size = grown(bounds, spec_replicas(newest), seen.sets);
    let growth = resize(newest, size, bounds);
    if !is_idle(&growth) {
        return vec![growth];
    }
    let old: Vec<_> = seen.old().into_iter().filter(|set| spec_replicas(set) > 0).collect();
    shrunk(bounds, newest, &old).into_iter().map(|(set, size)| resize(&set, size, bounds)).collect()
}

/// One step of a recreation: nothing new starts until everything old has ended.
fn recreate(seen: &Observed<'_>, bounds: Bounds) -> Vec<Action> {
    let old: Vec<_> = seen.old().into_iter().filter(|set| spec_replicas(set) > 0).collect();
    if !old.is_empty() {
        return old.iter().map(|set| resize(set, 0, bounds)).collect();
    }
    let newest = seen.newest();
    let still_running = seen.pods.iter().any(|pod| {
        let of_newest =
            newest.is_some_and(|set| owner::is_controlled_by(&pod.metadata, &set.metadata));
        !of_newest && !matches!(pods::phase(pod), "Succeeded" | "Failed")
    });
    if still_running {
        return Vec::new();
    }
    match newest {
        None => vec![create(seen, bounds.wanted, bounds)],
        Some(set) => {
            let growth = resize(set, bounds.wanted, bounds);
            if is_idle(&growth) { Vec::new() } else { vec![growth] }
        }
    }
}

/// The newest set, as it has to be made.
fn create(seen: &Observed<'_>, replicas: i32, bounds: Bounds) -> Action {
    let deployment = seen.deployment;
    let collisions = deployment.status.as_ref().and_then(|status| status.collision_count);
    let mut template = template_of(deployment);
    let hash = template_hash(&template, collisions.unwrap_or(0));
    let own = deployment.metadata.name.as_deref().unwrap_or_default();
    let labels = template.metadata.get_or_insert_default().labels.get_or_insert_default();
    labels.insert(well_known::POD_TEMPLATE_HASH.into(), hash.clone());
    let labels = labels.clone();
    let spec = deployment.spec.as_ref();
    let mut selector: LabelSelector = spec.map(|spec| spec.selector.clone()).unwrap_or_default();
    selector
        .match_labels
        .get_or_insert_default()
        .insert(well_known::POD_TEMPLATE_HASH.into(), hash.clone());
    let full = annotations(deployment, None, next_revision(seen.sets));
    Action::Create(Box::new(ReplicaSet {
        metadata: ObjectMeta {
            name: Some(format!("{own}-{hash}")),
            namespace: deployment.metadata.namespace.clone(),
            labels: Some(labels),
            annotations: Some(size_annotations(full, bounds.wanted, bounds.max())),
            owner_references: Some(vec![owner::controller_reference::<Deployment>(
                &deployment.metadata,
            )]),
            ..ObjectMeta::default()
        },
        spec: Some(ReplicaSetSpec {
            replicas: Some(replicas),
            min_ready_seconds: spec.and_then(|spec| spec.min_ready_seconds),
            selector,
            template: Some(template),
        }),
        status: None,
    }))
}

/// Removes the oldest sets beyond the history that is kept, once the rollout is over.
fn clean_up(seen: &Observed<'_>, bounds: Bounds) -> Vec<Action> {
    let Some(newest) = seen.newest() else { return Vec::new() };
    let complete = spec_replicas(newest) == bounds.wanted
        && super::rolling::available(newest) == bounds.wanted
        && seen.old().iter().all(|set| actual(set) == 0);
    if !complete {
        return Vec::new();
    }
    let limit = seen.deployment.spec.as_ref().and_then(|spec| spec.revision_history_limit);
    let limit = usize::try_from(limit.unwrap_or(10)).unwrap_or(usize::MAX);
    let mut idle: Vec<_> = seen
        .old()
        .into_iter()
        .filter(|set| spec_replicas(set) == 0 && set.metadata.deletion_timestamp.is_none())
        .collect();
    idle.sort_by_key(|set| (revision(set), name(set).to_owned()));
    let surplus = idle.len().saturating_sub(limit);
    idle.into_iter().take(surplus).map(Action::Delete).collect()
}
