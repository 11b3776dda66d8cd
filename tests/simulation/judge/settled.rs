//! What must be true of the cluster once users and mishaps have stopped: everything is as it is
//! wanted, and nothing is left of what is gone.

use std::collections::BTreeSet;

use machinery::meta;
use serde_json::Value;

use super::{
    Judge, Verdict, disks,
    facts::{
        active, below, has_ended, is_disrupted, ordinal, owner_of, pods, pods_of, says, sets_of,
    },
};
use crate::{app_of, kubelet::is_ready, mirror::Objects};

/// What is not as it should be in the end.
pub(crate) fn problems(objects: &Objects, judge: &Judge) -> Vec<Verdict> {
    let mut all = Vec::new();
    let mut check = |prefix: &str, of: &dyn Fn(&Value) -> Option<String>| {
        for object in below(objects, prefix) {
            if let Some(words) = of(object) {
                let name = meta::name(object);
                let app = app_of(name).to_owned();
                let kind = prefix.trim_end_matches("/sim/").rsplit('/').next().unwrap_or_default();
                all.push(Verdict { app, words: format!("{kind}/{name}: {words}") });
            }
        }
    };
    check("/registry/apps/deployments/sim/", &|one| deployment(objects, one));
    check("/registry/apps/replicasets/sim/", &|one| replica_set(objects, one));
    check("/registry/apps/statefulsets/sim/", &|one| stateful_set(objects, one));
    check("/registry/apps/daemonsets/sim/", &|one| daemon_set(objects, one));
    check("/registry/batch/jobs/sim/", &|one| job(objects, judge, one));
    check("/registry/batch/cronjobs/sim/", &|one| cron_job(objects, one));
    check("/registry/policy/poddisruptionbudgets/sim/", &|one| budget(objects, one));
    check("/registry/apps/controllerrevisions/sim/", &|one| owned(objects, one));
    check("/registry/core/resourcequotas/sim/", &|one| quota(objects, one));
    check("/registry/discovery.k8s.io/endpointslices/sim/", &|one| owned(objects, one));
    check("/registry/core/services/sim/", &|one| service(objects, one));
    check("/registry/core/pods/sim/", &|one| pod(objects, one));
    check("/registry/core/persistentvolumeclaims/sim/", &|one| disks::claim(objects, one));
    check(crate::disks::ATTACHMENTS, &|one| disks::attachment(objects, one));
    check("/registry/core/nodes/", &|one| disks::node(objects, one));
    all
}

fn number(object: &Value, pointer: &str) -> i64 {
    meta::number(object, pointer).unwrap_or(0)
}

/// The first of several numbers that is not what it should be.
fn differs(object: &Value, wanted: &[(&str, i64)]) -> Option<String> {
    let wrong = wanted.iter().find(|(pointer, value)| number(object, pointer) != *value)?;
    Some(format!("{} is {}, not {}", wrong.0, number(object, wrong.0), wrong.1))
}

fn stale(object: &Value) -> Option<String> {
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    let generation = number(object, "/metadata/generation");
    differs(object, &[("/status/observedGeneration", generation)])
}

fn count(pods: impl Iterator<Item = bool>) -> i64 {
    i64::try_from(pods.filter(|yes| *yes).count()).unwrap_or(i64::MAX)
}

/// What an object is owned by must be there.
fn owned(objects: &Objects, object: &Value) -> Option<String> {
    let owner = owner_of(object)?;
    let there = objects.values().any(|other| meta::uid(other) == owner.uid);
    (!there).then(|| format!("its owner {} {} is gone", owner.kind, owner.name))
}

fn deployment(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = stale(object) {
        return Some(words);
    }
    let sets = sets_of(objects, meta::uid(object));
    let wanted = number(object, "/spec/replicas");
    let all: i64 = sets.iter().map(|set| number(set, "/spec/replicas")).sum();
    if object["spec"]["paused"] == true {
        // It stays where it was, in the middle of things or before their beginning.
        return differs(object, &[("/status/replicas", all)]);
    }
    if all != wanted {
        return Some(format!("its sets want {all} pods, not {wanted}"));
    }
    let kept = number(object, "/spec/revisionHistoryLimit");
    let old = count(sets.iter().map(|set| number(set, "/spec/replicas") == 0));
    if old > kept + i64::from(wanted == 0) {
        return Some(format!("{old} old sets are kept, not {kept}"));
    }
    let live = sets.iter().filter(|set| number(set, "/spec/replicas") > 0);
    let image = |object: &Value| object["spec"]["template"]["spec"]["containers"].clone();
    if let Some(set) = live.into_iter().find(|set| image(set) != image(object)) {
        return Some(format!("{} of an old template is kept", meta::name(set)));
    }
    differs(
        object,
        &[
            ("/status/replicas", wanted),
            ("/status/updatedReplicas", wanted),
            ("/status/readyReplicas", wanted),
            ("/status/availableReplicas", wanted),
            ("/status/unavailableReplicas", 0),
            ("/status/terminatingReplicas", 0),
        ],
    )
}

fn replica_set(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = stale(object).or_else(|| owned(objects, object)) {
        return Some(words);
    }
    let wanted = number(object, "/spec/replicas");
    let pods = pods_of(objects, meta::uid(object));
    let live = count(pods.iter().map(|pod| active(pod)));
    if live != wanted {
        return Some(format!("has {live} pods, not {wanted}"));
    }
    differs(object, &[("/status/replicas", wanted), ("/status/availableReplicas", wanted)])
}

fn stateful_set(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = stale(object) {
        return Some(words);
    }
    let wanted = number(object, "/spec/replicas");
    let start = number(object, "/spec/ordinals/start");
    let pods = pods_of(objects, meta::uid(object));
    let there: BTreeSet<i64> = pods.iter().filter_map(|pod| ordinal(pod)).collect();
    let expected: BTreeSet<i64> = (start..start + wanted).collect();
    if there != expected {
        return Some(format!("has {there:?}, not {expected:?}"));
    }
    let numbers = [
        ("/status/replicas", wanted),
        ("/status/readyReplicas", wanted),
        ("/status/availableReplicas", wanted),
    ];
    if let Some(words) = differs(object, &numbers) {
        return Some(words);
    }
    let strategy = meta::text(object, "/spec/updateStrategy/type");
    let partition = number(object, "/spec/updateStrategy/rollingUpdate/partition");
    // Kubernetes counts the pods that a partition leaves alone from the first, whatever its ordinal.
    if strategy == "OnDelete" || partition > 0 {
        return None;
    }
    let [now, next] = ["/status/currentRevision", "/status/updateRevision"]
        .map(|pointer| meta::text(object, pointer));
    if now != next {
        return Some(format!("its revision is {now}, not {next}"));
    }
    let old = pods.iter().find(|pod| meta::label(pod, "controller-revision-hash") != Some(next));
    old.map(|pod| format!("{} is of an old revision", meta::name(pod)))
}

fn daemon_set(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = stale(object) {
        return Some(words);
    }
    let wanted = count(below(objects, "/registry/core/nodes/").map(|_| true));
    let pods = pods_of(objects, meta::uid(object));
    let nodes: BTreeSet<&str> = pods.iter().map(|pod| meta::text(pod, "/spec/nodeName")).collect();
    let (have, on) = (count(pods.iter().map(|_| true)), nodes.len());
    if have != wanted || i64::try_from(on).ok() != Some(wanted) {
        return Some(format!("has {have} pods on {on} nodes, not {wanted}"));
    }
    let mut numbers = vec![
        ("/status/desiredNumberScheduled", wanted),
        ("/status/currentNumberScheduled", wanted),
        ("/status/numberReady", wanted),
        ("/status/numberAvailable", wanted),
        ("/status/numberMisscheduled", 0),
    ];
    if meta::text(object, "/spec/updateStrategy/type") != "OnDelete" {
        numbers.push(("/status/updatedNumberScheduled", wanted));
    }
    differs(object, &numbers)
}

fn job(objects: &Objects, judge: &Judge, object: &Value) -> Option<String> {
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    if let Some(words) = owned(objects, object) {
        return Some(words);
    }
    let pods = pods_of(objects, meta::uid(object));
    let live = count(pods.iter().map(|pod| !has_ended(pod)));
    if live > 0 {
        return Some(format!("{live} pods are at work"));
    }
    if let Some(pod) = pods.iter().find(|pod| meta::finalizers(pod).next().is_some()) {
        return Some(format!("{} is still held", meta::name(pod)));
    }
    let uncounted = object.pointer("/status/uncountedTerminatedPods");
    if uncounted.is_some_and(|lists| lists.as_object().is_some_and(|lists| !lists.is_empty())) {
        return Some("some pods are not counted".into());
    }
    let (complete, failed) = (says(object, "Complete"), says(object, "Failed"));
    if object["spec"]["suspend"] == true && !complete && !failed {
        return (!says(object, "Suspended")).then(|| "does not say that it is suspended".into());
    }
    if !complete && !failed && number(object, "/spec/parallelism") == 0 {
        // Nobody is to work on it, and it ends only if it may not last.
        let ends = number(object, "/spec/activeDeadlineSeconds") > 0;
        return ends.then(|| "does not end in time".into());
    }
    if !complete && !failed {
        return Some("does not end".into());
    }
    if object.pointer("/spec/ttlSecondsAfterFinished").is_some_and(|ttl| !ttl.is_null()) {
        return Some("outlives its time".into());
    }
    counts(object, judge, complete)
}

/// A job's counts are those of the pods that ended.
fn counts(object: &Value, judge: &Judge, complete: bool) -> Option<String> {
    let (succeeded, failed) = judge.ends(meta::uid(object));
    let [said, said_failed] =
        ["/status/succeeded", "/status/failed"].map(|pointer| number(object, pointer));
    let (succeeded, failed) = (i64::try_from(succeeded).ok()?, i64::try_from(failed).ok()?);
    if said > succeeded {
        return Some(format!("counts {said} successes, there were {succeeded}"));
    }
    if said_failed < failed && meta::text(object, "/spec/completionMode") != "Indexed" {
        return Some(format!("counts {said_failed} failures, there were {failed}"));
    }
    let completions = number(object, "/spec/completions");
    if complete && completions > 0 && said < completions {
        return Some(format!("is complete with {said} of {completions}"));
    }
    None
}

fn cron_job(objects: &Objects, object: &Value) -> Option<String> {
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    let jobs: Vec<&Value> = below(objects, "/registry/batch/jobs/sim/")
        .filter(|job| owner_of(job).is_some_and(|owner| owner.uid == meta::uid(object)))
        .collect();
    if !meta::items(object, "/status/active").is_empty() {
        return Some("has active jobs".into());
    }
    for (condition, limit) in [
        ("Complete", "/spec/successfulJobsHistoryLimit"),
        ("Failed", "/spec/failedJobsHistoryLimit"),
    ] {
        let (kept, limit) =
            (count(jobs.iter().map(|job| says(job, condition))), number(object, limit));
        if kept > limit {
            return Some(format!("keeps {kept} jobs ({condition}), not {limit}"));
        }
    }
    None
}

fn budget(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = stale(object) {
        return Some(words);
    }
    let app = meta::text(object, "/spec/selector/matchLabels/app");
    let ours = pods(objects).filter(|pod| meta::label(pod, "app") == Some(app));
    let healthy = count(ours.map(|pod| active(pod) && is_ready(pod)));
    let budget = [("/status/currentHealthy", healthy)];
    differs(object, &budget).or_else(|| {
        let least = meta::number(object, "/spec/minAvailable")?;
        let allowed = (healthy - least).max(0);
        differs(
            object,
            &[("/status/desiredHealthy", least), ("/status/disruptionsAllowed", allowed)],
        )
    })
}

fn quota(objects: &Objects, object: &Value) -> Option<String> {
    let used = meta::text(object, "/status/used/pods").parse::<i64>().ok();
    let there = count(pods(objects).map(|pod| !has_ended(pod)));
    (used != Some(there)).then(|| format!("counts {used:?} pods, there are {there}"))
}

/// The addresses behind a service are those of its pods that are ready.
fn service(objects: &Objects, object: &Value) -> Option<String> {
    let app = meta::text(object, "/spec/selector/app");
    let wanted: BTreeSet<&str> = pods(objects)
        .filter(|pod| meta::label(pod, "app") == Some(app) && active(pod) && is_ready(pod))
        .map(|pod| meta::text(pod, "/status/podIP"))
        .collect();
    let slices = below(objects, "/registry/discovery.k8s.io/endpointslices/sim/");
    let ours = slices.filter(|slice| {
        meta::label(slice, "kubernetes.io/service-name") == Some(meta::name(object))
    });
    let told: BTreeSet<&str> = ours
        .flat_map(|slice| meta::items(slice, "/endpoints"))
        .filter(|endpoint| endpoint["conditions"]["ready"] == true)
        .flat_map(|endpoint| meta::items(endpoint, "/addresses"))
        .filter_map(Value::as_str)
        .collect();
    (wanted != told).then(|| format!("leads to {told:?}, not {wanted:?}"))
}

fn pod(objects: &Objects, object: &Value) -> Option<String> {
    if let Some(words) = owned(objects, object) {
        return Some(words);
    }
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    if has_ended(object) {
        return None;
    }
    if is_disrupted(object) {
        // Who said so did not take it away; that is taken back after two minutes.
        return Some("is said to go".into());
    }
    if meta::text(object, "/spec/nodeName").is_empty() {
        return Some("has no node".into());
    }
    (!is_ready(object)).then(|| "is not ready".into())
}
