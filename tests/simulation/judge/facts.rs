//! What objects say, as the judge reads it.

use machinery::meta;
use serde_json::Value;

use crate::mirror::Objects;

/// The controller of an object.
#[derive(Debug)]
pub(crate) struct Owner<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) uid: &'a str,
}

pub(crate) fn owner_of(object: &Value) -> Option<Owner<'_>> {
    let owner = meta::controller_of(object)?;
    let text = |pointer: &str| meta::text(owner, pointer);
    Some(Owner { kind: text("/kind"), name: text("/name"), uid: text("/uid") })
}

/// The objects below a prefix.
pub(crate) fn below<'a>(
    objects: &'a Objects,
    prefix: &'a str,
) -> impl Iterator<Item = &'a Value> + 'a {
    let all = objects.range(prefix.to_owned()..);
    all.take_while(move |(key, _)| key.starts_with(prefix)).map(|(_, object)| object)
}

pub(crate) fn pods(objects: &Objects) -> impl Iterator<Item = &Value> {
    below(objects, "/registry/core/pods/sim/")
}

/// The pods that a controller has, by its uid.
pub(crate) fn pods_of<'a>(objects: &'a Objects, uid: &str) -> Vec<&'a Value> {
    pods(objects).filter(|pod| owner_of(pod).is_some_and(|owner| owner.uid == uid)).collect()
}

pub(crate) fn sets_of<'a>(objects: &'a Objects, uid: &str) -> Vec<&'a Value> {
    let sets = below(objects, "/registry/apps/replicasets/sim/");
    sets.filter(|set| owner_of(set).is_some_and(|owner| owner.uid == uid)).collect()
}

pub(crate) fn by_uid<'a>(objects: &'a Objects, prefix: &'a str, uid: &str) -> Option<&'a Value> {
    below(objects, prefix).find(|object| meta::uid(object) == uid)
}

/// Whether a pod has neither ended nor is about to.
pub(crate) fn active(pod: &Value) -> bool {
    !has_ended(pod) && !meta::is_deleting(pod)
}

pub(crate) fn has_ended(pod: &Value) -> bool {
    matches!(meta::text(pod, "/status/phase"), "Succeeded" | "Failed")
}

/// Whether a condition of an object is true.
pub(crate) fn says(object: &Value, kind: &str) -> bool {
    meta::items(object, "/status/conditions").iter().any(|condition| {
        meta::text(condition, "/type") == kind && meta::text(condition, "/status") == "True"
    })
}

/// Whether a pod goes for a reason that its controller has nothing to do with.
pub(crate) fn is_disrupted(pod: &Value) -> bool {
    says(pod, "DisruptionTarget")
}

/// The node that a pod of a DaemonSet has, or is for.
pub(crate) fn node_meant(pod: &Value) -> &str {
    let bound = meta::text(pod, "/spec/nodeName");
    if !bound.is_empty() {
        return bound;
    }
    let required = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let place = format!("{required}/nodeSelectorTerms/0/matchFields/0/values/0");
    meta::text(pod, &place)
}

/// The number of a pod of a StatefulSet.
pub(crate) fn ordinal(pod: &Value) -> Option<i64> {
    meta::name(pod).rsplit('-').next()?.parse().ok()
}

/// A number, or a share of `whole`.
pub(crate) fn scaled(value: Option<&Value>, whole: i64, up: bool) -> i64 {
    let Some(value) = value else { return 0 };
    if let Some(number) = value.as_i64() {
        return number;
    }
    let text = value.as_str().unwrap_or_default().trim_end_matches('%');
    let share = text.parse::<i64>().unwrap_or_default() * whole;
    if up { (share + 99) / 100 } else { share / 100 }
}

fn replicas(spec: &Value) -> i64 {
    meta::number(spec, "/replicas").unwrap_or(1)
}

/// How many pods a Deployment may have, by its spec.
pub(crate) fn most_pods(spec: &Value) -> i64 {
    let surge = spec.pointer("/strategy/rollingUpdate/maxSurge");
    replicas(spec) + scaled(surge, replicas(spec), true)
}

/// How many pods a Deployment must have, by its spec.
pub(crate) fn least_available(spec: &Value) -> i64 {
    if meta::text(spec, "/strategy/type") == "Recreate" {
        return 0;
    }
    let surge = scaled(spec.pointer("/strategy/rollingUpdate/maxSurge"), replicas(spec), true);
    let unavailable = spec.pointer("/strategy/rollingUpdate/maxUnavailable");
    let unavailable = scaled(unavailable, replicas(spec), false);
    // Both nothing: Kubernetes lets one be unavailable, or nothing would ever move.
    let unavailable = if surge == 0 && unavailable == 0 { 1 } else { unavailable };
    (replicas(spec) - unavailable).max(0)
}
