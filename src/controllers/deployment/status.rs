//! The status of a Deployment: counts, and the conditions Available, Progressing and
//! `ReplicaFailure`. Source: `k8s.io/kubernetes/pkg/controller/deployment/progress.go`.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::apps::v1::{Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet},
    apimachinery::pkg::apis::meta::v1::Time,
};

use super::{
    revision::name,
    rolling::{Bounds, actual, available},
};

/// What the status rests on.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) deployment: &'a Deployment,
    pub(super) newest: Option<&'a Arc<ReplicaSet>>,
    pub(super) all: &'a [Arc<ReplicaSet>],
    /// What this pass has just done to the rollout, for the condition Progressing.
    pub(super) deed: Option<Deed>,
    pub(super) now: Timestamp,
}

/// A step of the rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// The newest set was made.
    Created(String),
    /// The newest set was there already.
    Found(String),
}

/// The status that the Deployment should have.
pub(super) fn status(facts: &Facts<'_>) -> DeploymentStatus {
    let sum = |count: fn(&ReplicaSet) -> i32| facts.all.iter().map(|set| count(set)).sum::<i32>();
    let ready = |set: &ReplicaSet| {
        set.status.as_ref().and_then(|status| status.ready_replicas).unwrap_or(0)
    };
    let terminating = |set: &ReplicaSet| {
        set.status.as_ref().and_then(|status| status.terminating_replicas).unwrap_or(0)
    };
    let specified: i32 = facts.all.iter().map(|set| super::rolling::spec_replicas(set)).sum();
    let count = |number: i32| Some(number).filter(|number| *number != 0);
    let total_available = sum(available);
    let before = facts.deployment.status.clone().unwrap_or_default();
    let mut status = DeploymentStatus {
        observed_generation: facts.deployment.metadata.generation,
        replicas: count(sum(actual)),
        updated_replicas: count(facts.newest.map_or(0, |set| actual(set))),
        ready_replicas: count(sum(ready)),
        available_replicas: count(total_available),
        unavailable_replicas: count((specified - total_available).max(0)),
        terminating_replicas: Some(sum(terminating)),
        collision_count: before.collision_count,
        conditions: before.conditions.clone(),
    };
    let mut conditions = status.conditions.take().unwrap_or_default();
    set_condition(&mut conditions, available_condition(facts, total_available));
    set_failure(&mut conditions, facts);
    set_progress(&mut conditions, facts, &before, &status);
    status.conditions = Some(conditions);
    status
}

/// The status of a Deployment whose newest set could not be made.
pub(super) fn refused(deployment: &Deployment, words: &str, now: Timestamp) -> DeploymentStatus {
    let mut status = deployment.status.clone().unwrap_or_default();
    if progress_deadline(deployment).is_some() {
        let new = condition("Progressing", "False", "ReplicaSetCreateError", words.to_owned(), now);
        set_condition(status.conditions.get_or_insert_default(), new);
    }
    status
}

fn condition(
    kind: &str,
    status: &str,
    reason: &str,
    message: String,
    now: Timestamp,
) -> DeploymentCondition {
    DeploymentCondition {
        type_: kind.into(),
        status: status.into(),
        reason: Some(reason.into()),
        message: Some(message),
        last_transition_time: Some(Time(now)),
        last_update_time: Some(Time(now)),
    }
}

/// Puts a condition in the place of its predecessor; unchanged ones keep their times.
fn set_condition(conditions: &mut Vec<DeploymentCondition>, mut new: DeploymentCondition) {
    if let Some(old) = conditions.iter().find(|one| one.type_ == new.type_) {
        if old.status == new.status && old.reason == new.reason && old.message == new.message {
            return;
        }
        if old.status == new.status {
            new.last_transition_time.clone_from(&old.last_transition_time);
        }
    }
    conditions.retain(|one| one.type_ != new.type_);
    conditions.push(new);
}

fn available_condition(facts: &Facts<'_>, available: i32) -> DeploymentCondition {
    let enough = available >= Bounds::of(facts.deployment).min_available();
    let (status, reason, words) = if enough {
        ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    } else {
        ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    };
    condition("Available", status, reason, words.into(), facts.now)
}

fn set_failure(conditions: &mut Vec<DeploymentCondition>, facts: &Facts<'_>) {
    let failure = facts
        .newest
        .into_iter()
        .chain(facts.all)
        .filter_map(|set| set.status.as_ref()?.conditions.as_ref())
        .flatten()
        .find(|one| one.type_ == "ReplicaFailure");
    match failure {
        None => conditions.retain(|one| one.type_ != "ReplicaFailure"),
        Some(failure) => {
            let reason = failure.reason.clone().unwrap_or_default();
            let message = failure.message.clone().unwrap_or_default();
            let new = condition("ReplicaFailure", &failure.status, &reason, message, facts.now);
            set_condition(conditions, new);
        }
    }
}

fn progress_deadline(deployment: &Deployment) -> Option<SignedDuration> {
    let seconds = deployment.spec.as_ref()?.progress_deadline_seconds?;
    (seconds != i32::MAX).then(|| SignedDuration::from_secs(seconds.into()))
}

fn progressing(conditions: &[DeploymentCondition]) -> Option<&DeploymentCondition> {
    conditions.iter().find(|one| one.type_ == "Progressing")
}

fn set_progress(
    conditions: &mut Vec<DeploymentCondition>,
    facts: &Facts<'_>,
    before: &DeploymentStatus,
    status: &DeploymentStatus,
) {
    if progress_deadline(facts.deployment).is_none() {
        conditions.retain(|one| one.type_ != "Progressing");
        return;
    }
    let current = progressing(conditions).cloned();
    let reason = current.as_ref().and_then(|one| one.reason.clone()).unwrap_or_default();
    if let Some(pause) = pause_condition(facts, &reason) {
        return set_condition(conditions, pause);
    }
    if is_paused(facts) {
        // Nothing is rolled out, so that nothing progresses and no deadline passes.
        return;
    }
    let settled = status.replicas == status.updated_replicas && reason == "NewReplicaSetAvailable";
    if settled && is_complete(facts.deployment, status) && facts.deed.is_none() {
        return;
    }
    let subject = match (facts.newest, &facts.deed) {
        (Some(set), _) => format!("ReplicaSet {:?}", name(set)),
        (None, Some(Deed::Created(set) | Deed::Found(set))) => format!("ReplicaSet {set:?}"),
        (None, None) => {
            let own = facts.deployment.metadata.name.as_deref().unwrap_or_default();
            format!("Deployment {own:?}")
        }
    };
    let new = if is_complete(facts.deployment, status) {
        let words = format!("{subject} has successfully progressed.");
        Some(condition("Progressing", "True", "NewReplicaSetAvailable", words, facts.now))
    } else if let Some(Deed::Created(set)) = &facts.deed {
        let words = format!("Created new replica set {set:?}");
        Some(condition("Progressing", "True", "NewReplicaSetCreated", words, facts.now))
    } else if has_moved(before, status) {
        let words = format!("{subject} is progressing.");
        Some(condition("Progressing", "True", "ReplicaSetUpdated", words, facts.now))
    } else if let Some(Deed::Found(set)) = &facts.deed
        && current.is_none()
    {
        let words = format!("Found new replica set {set:?}");
        Some(condition("Progressing", "True", "FoundNewReplicaSet", words, facts.now))
    } else if is_overdue(facts, current.as_ref()) {
        let words = format!("{subject} has timed out progressing.");
        Some(condition("Progressing", "False", "ProgressDeadlineExceeded", words, facts.now))
    } else {
        None
    };
    if let Some(mut new) = new {
        // Each step forward renews the deadline, though nothing else of the condition changes.
        if new.reason.as_deref() == Some("ReplicaSetUpdated")
            && let Some(old) = current.filter(|old| old.status == new.status)
        {
            new.last_transition_time = old.last_transition_time;
            conditions.retain(|one| one.type_ != new.type_);
            conditions.push(new);
            return;
        }
        set_condition(conditions, new);
    }
}

fn is_paused(facts: &Facts<'_>) -> bool {
    facts.deployment.spec.as_ref().and_then(|spec| spec.paused) == Some(true)
}

fn pause_condition(facts: &Facts<'_>, reason: &str) -> Option<DeploymentCondition> {
    let (word, words) = match (is_paused(facts), reason) {
        (true, "DeploymentPaused" | "ProgressDeadlineExceeded") => return None,
        (true, _) => ("DeploymentPaused", "Deployment is paused"),
        (false, "DeploymentPaused") => ("DeploymentResumed", "Deployment is resumed"),
        (false, _) => return None,
    };
    Some(condition("Progressing", "Unknown", word, words.into(), facts.now))
}

/// Tells whether every pod is new and available.
fn is_complete(deployment: &Deployment, status: &DeploymentStatus) -> bool {
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
    let count = |number: Option<i32>| number.unwrap_or(0);
    count(status.updated_replicas) == wanted
        && count(status.replicas) == wanted
        && count(status.available_replicas) == wanted
}

fn has_moved(before: &DeploymentStatus, now: &DeploymentStatus) -> bool {
    let count = |number: Option<i32>| number.unwrap_or(0);
    let old = |status: &DeploymentStatus| count(status.replicas) - count(status.updated_replicas);
    count(now.updated_replicas) > count(before.updated_replicas)
        || old(now) < old(before)
        || count(now.ready_replicas) > count(before.ready_replicas)
        || count(now.available_replicas) > count(before.available_replicas)
}

fn is_overdue(facts: &Facts<'_>, current: Option<&DeploymentCondition>) -> bool {
    let Some(current) = current else { return false };
    match current.reason.as_deref() {
        Some("NewReplicaSetAvailable") => return false,
        Some("ProgressDeadlineExceeded") => return true,
        _ => {}
    }
    let (Some(deadline), Some(since)) =
        (progress_deadline(facts.deployment), current.last_update_time.as_ref())
    else {
        return false;
    };
    facts.now.duration_since(since.0) >= deadline
}

/// When the rollout becomes overdue, if it can.
pub(super) fn time_left(
    deployment: &Deployment,
    status: &DeploymentStatus,
    now: Timestamp,
) -> Option<Duration> {
    let current = progressing(status.conditions.as_deref()?)?;
    let running = !matches!(
        current.reason.as_deref(),
        Some("NewReplicaSetAvailable" | "ProgressDeadlineExceeded" | "DeploymentPaused")
    );
    if !running || is_complete(deployment, status) {
        return None;
    }
    let since = current.last_update_time.as_ref()?.0;
    let left = progress_deadline(deployment)? - now.duration_since(since);
    // A second more, so that the deadline has surely passed when the timer ends.
    Some(left.max(SignedDuration::ZERO).unsigned_abs() + Duration::from_secs(1))
}
