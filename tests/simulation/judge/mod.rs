//! What may never happen, judged at every write: bounds of those who own pods, order, budgets,
//! counts that only grow, and loops that never rest.
//!
//! A component may act on what was true a while ago, when its watches are late: bounds are those of
//! every version that an object had within [`LATENESS`]. Pods that end, fail or are taken away by
//! others within that time excuse what is measured by pods that are ready.

mod disks;
mod facts;
mod settled;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use machinery::meta;
use serde_json::Value;
use tokio::time::Instant;

use self::facts::{Owner, active, owner_of, pods_of, scaled};
pub(crate) use self::facts::{below, has_ended, pods};
pub(crate) use self::settled::problems;
use crate::{
    app_of,
    kubelet::is_ready,
    mirror::{Change, Objects, about},
};

/// How late a component may know something: watches that lag, break and are opened again.
const LATENESS: Duration = Duration::from_mins(1);
/// Writes of one object within [`RUSH`] that are too many.
const TOO_MANY: usize = 150;
const RUSH: Duration = Duration::from_secs(10);

/// What was seen to be wrong.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// The application that it is about.
    pub(crate) app: String,
    pub(crate) words: String,
}

/// What pods of a job came to, by uid.
#[derive(Debug, Default)]
struct Ended {
    succeeded: BTreeSet<String>,
    failed: BTreeSet<String>,
}

/// The judge.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    pub(crate) verdict: Option<Verdict>,
    /// The specs that an object had, and from when on, by uid.
    versions: BTreeMap<String, Vec<(Instant, Value)>>,
    /// When pods of an application last came to harm by others than its controllers.
    harmed: BTreeMap<String, Instant>,
    /// When ready pods of an application were last fewer for another reason than an eviction.
    shaken: BTreeMap<String, Instant>,
    /// When a pod of an application was last unready, for whatever reason.
    unready: BTreeMap<String, Instant>,
    /// When answers to creations of pods were lost.
    lost: Vec<Instant>,
    writes: BTreeMap<String, VecDeque<Instant>>,
    ended: BTreeMap<String, Ended>,
}

fn is_recent(at: Instant) -> bool {
    at.elapsed() <= LATENESS
}

impl Judge {
    fn wrong(&mut self, app: &str, words: String) {
        self.verdict.get_or_insert(Verdict { app: app.to_owned(), words });
    }

    /// Notes that somebody created a pod and may not know it.
    pub(crate) fn lost_creation(&mut self) {
        self.lost.push(lifecycle::clock::instant());
    }

    /// Notes that pods of an application come to harm, or of all (`""`).
    pub(crate) fn harm(&mut self, app: &str) {
        self.harmed.insert(app.to_owned(), lifecycle::clock::instant());
        self.shake(app);
    }

    fn shake(&mut self, app: &str) {
        self.shaken.insert(app.to_owned(), lifecycle::clock::instant());
    }

    fn is_harmed(&self, app: &str) -> bool {
        [app, ""].iter().filter_map(|app| self.harmed.get(*app)).any(|at| is_recent(*at))
    }

    /// Pods that may have been created twice because nobody heard of the first time.
    fn slack(&self) -> i64 {
        let lost = self.lost.iter().filter(|at| is_recent(**at)).count();
        i64::try_from(lost).unwrap_or(i64::MAX)
    }

    /// The specs that an object had within the last while.
    fn recent(&self, uid: &str) -> Vec<&Value> {
        let versions = self.versions.get(uid).map(Vec::as_slice).unwrap_or_default();
        let ends = versions.iter().skip(1).map(|(at, _)| Some(*at)).chain([None]);
        let all = versions.iter().zip(ends);
        all.filter(|(_, end)| end.is_none_or(is_recent)).map(|((_, spec), _)| spec).collect()
    }

    fn most(&self, uid: &str, of: impl Fn(&Value) -> i64) -> Option<i64> {
        self.recent(uid).into_iter().map(of).max()
    }

    /// Judges one write; `objects` are those after it.
    pub(crate) fn see(&mut self, objects: &Objects, change: &Change<'_>) {
        let Some(seen) = change.new.or(change.old) else { return };
        let app = app_of(about(seen)).to_owned();
        self.count(change.key, &app);
        if change.key.starts_with(crate::disks::ATTACHMENTS) {
            self.see_attachment(objects, change);
        }
        if meta::namespace(seen) != crate::NAMESPACE {
            return;
        }
        if let Some(new) = change.new {
            self.remember(new);
            self.generations(&app, change.key, change.old, new);
        }
        if change.key.starts_with("/registry/core/pods/") {
            self.see_pod(objects, change, seen, &app);
        } else if change.key.starts_with("/registry/apps/replicasets/") {
            self.see_set(objects, change, &app);
        } else if change.key.starts_with("/registry/batch/jobs/") {
            self.see_job(change, &app);
        }
    }

    fn count(&mut self, key: &str, app: &str) {
        let now = lifecycle::clock::instant();
        let times = self.writes.entry(key.to_owned()).or_default();
        times.push_back(now);
        while times.front().is_some_and(|at| now.duration_since(*at) > RUSH) {
            times.pop_front();
        }
        if times.len() > TOO_MANY {
            let count = times.len();
            self.wrong(app, format!("{key} is written {count} times within {RUSH:?}"));
        }
    }

    fn remember(&mut self, object: &Value) {
        let Some(spec) = object.get("spec") else { return };
        let versions = self.versions.entry(meta::uid(object).to_owned()).or_default();
        if versions.last().is_none_or(|(_, last)| last != spec) {
            versions.push((lifecycle::clock::instant(), spec.clone()));
        }
    }

    fn generations(&mut self, app: &str, key: &str, old: Option<&Value>, new: &Value) {
        let generation = |object: &Value| meta::number(object, "/metadata/generation").unwrap_or(0);
        let observed =
            |object: &Value| meta::number(object, "/status/observedGeneration").unwrap_or(0);
        if observed(new) > generation(new) {
            self.wrong(app, format!("{key} observes a generation that is not there yet"));
        }
        let Some(old) = old.filter(|old| meta::uid(old) == meta::uid(new)) else { return };
        if generation(new) < generation(old) || observed(new) < observed(old) {
            self.wrong(app, format!("{key} goes back to an older generation"));
        }
    }

    fn see_pod(&mut self, objects: &Objects, change: &Change<'_>, seen: &Value, app: &str) {
        let owner = owner_of(seen);
        if let (Some(owner), Some(new)) = (&owner, change.new) {
            self.count_end(owner, change.old, new);
        }
        let was_ready = change.old.is_some_and(|pod| is_ready(pod) && active(pod));
        let is_ready = change.new.is_some_and(|pod| is_ready(pod) && active(pod));
        if !is_ready {
            self.unready.insert(app.to_owned(), lifecycle::clock::instant());
        }
        match (change.old, change.new) {
            (None, Some(new)) if change.who == "controllers" => {
                if let Some(owner) = &owner {
                    self.made(objects, owner, new, app);
                }
            }
            (Some(old), Some(new)) if is_taken(old, new) && change.who == "controllers" => {
                self.shake(app);
                if facts::is_disrupted(new) {
                    self.harm(app);
                } else if let Some(words) =
                    owner.as_ref().and_then(|owner| self.taken(objects, owner, old))
                {
                    self.wrong(app, words);
                }
            }
            (Some(old), Some(new)) if is_taken(old, new) && facts::is_disrupted(new) => {
                // One that is not ready takes nothing from a budget; who makes room for urgent pods
                // keeps to budgets as well as that can be done.
                if was_ready && change.who != "scheduler" {
                    self.evicted(objects, app);
                }
                self.harmed.insert(app.to_owned(), lifecycle::clock::instant());
            }
            (Some(_), _) if was_ready && !is_ready => self.harm(app),
            (Some(old), None) if active(old) => self.harm(app),
            (Some(old), Some(new)) if active(old) && !active(new) => {
                let of_job = owner.as_ref().is_some_and(|owner| owner.kind == "Job");
                if !of_job || meta::is_deleting(new) {
                    self.harm(app);
                }
            }
            (Some(old), Some(new)) if old["metadata"]["labels"] != new["metadata"]["labels"] => {
                self.harm(app);
            }
            _ => {}
        }
    }

    /// Counts pods of jobs that end, once each.
    fn count_end(&mut self, owner: &Owner<'_>, old: Option<&Value>, new: &Value) {
        if owner.kind != "Job" {
            return;
        }
        let phase = |pod: &Value| meta::text(pod, "/status/phase").to_owned();
        if old.is_some_and(|old| phase(old) == phase(new)) {
            return;
        }
        let ended = self.ended.entry(owner.uid.to_owned()).or_default();
        // One that was let go of when fewer were wanted is no failure.
        let counts = meta::finalizers(new).next().is_some();
        match phase(new).as_str() {
            "Succeeded" => drop(ended.succeeded.insert(meta::uid(new).to_owned())),
            "Failed" if counts => drop(ended.failed.insert(meta::uid(new).to_owned())),
            _ => {}
        }
    }

    /// A controller made a pod.
    fn made(&mut self, objects: &Objects, owner: &Owner<'_>, pod: &Value, app: &str) {
        let pods = pods_of(objects, owner.uid);
        let alive: Vec<&Value> = pods.iter().copied().filter(|pod| active(pod)).collect();
        let count = i64::try_from(alive.len()).unwrap_or(i64::MAX);
        let slack = self.slack();
        let words = match owner.kind {
            "ReplicaSet" | "ReplicationController" => {
                let most =
                    self.most(owner.uid, |spec| meta::number(spec, "/replicas").unwrap_or(1));
                let most = most.unwrap_or(0) + slack;
                (count > most && !self.is_harmed(app))
                    .then(|| format!("{} has {count} pods, at most {most} are wanted", owner.name))
            }
            "DaemonSet" => self.too_many_on_node(owner, &alive, pod),
            "StatefulSet" => self.out_of_order(owner, &pods, pod, app),
            "Job" => self.too_many_of_job(owner, &alive, pod, app),
            _ => None,
        };
        if let Some(words) = words {
            self.wrong(app, words);
        }
    }

    fn too_many_on_node(&self, owner: &Owner<'_>, alive: &[&Value], pod: &Value) -> Option<String> {
        let node = facts::node_meant(pod);
        let here = alive.iter().filter(|one| facts::node_meant(one) == node).count();
        let surge = self.most(owner.uid, |spec| {
            scaled(spec.pointer("/updateStrategy/rollingUpdate/maxSurge"), 100, true).min(1)
        });
        let most = 1 + surge.unwrap_or(0) + self.slack();
        let here = i64::try_from(here).unwrap_or(i64::MAX);
        (here > most).then(|| format!("{} has {here} pods on {node}, not {most}", owner.name))
    }

    fn out_of_order(
        &self,
        owner: &Owner<'_>,
        pods: &[&Value],
        pod: &Value,
        app: &str,
    ) -> Option<String> {
        let ordinal = facts::ordinal(pod)?;
        let start = |spec: &Value| meta::number(spec, "/ordinals/start").unwrap_or(0);
        let end = self
            .most(owner.uid, |spec| start(spec) + meta::number(spec, "/replicas").unwrap_or(1))?;
        if ordinal >= end {
            return Some(format!("{} makes {ordinal}, and ends at {end}", owner.name));
        }
        let recent = self.recent(owner.uid);
        let first = recent.iter().map(|spec| start(spec)).max()?;
        let parallel =
            recent.iter().any(|spec| meta::text(spec, "/podManagementPolicy") == "Parallel");
        if parallel || self.is_harmed(app) {
            return None;
        }
        let is_there = |wanted: i64| {
            let mut those = pods.iter().filter(|pod| facts::ordinal(pod) == Some(wanted));
            those.any(|pod| active(pod) && is_ready(pod))
        };
        let missing = (first..ordinal).find(|wanted| !is_there(*wanted))?;
        Some(format!("{} makes {ordinal} while {missing} is not ready", owner.name))
    }

    fn too_many_of_job(
        &self,
        owner: &Owner<'_>,
        alive: &[&Value],
        pod: &Value,
        app: &str,
    ) -> Option<String> {
        let recent = self.recent(owner.uid);
        if !recent.is_empty() && recent.iter().all(|spec| spec["suspend"] == true) {
            return Some(format!("{} is suspended, and a pod is made", owner.name));
        }
        let most = self.most(owner.uid, |spec| meta::number(spec, "/parallelism").unwrap_or(1))?;
        let (count, slack) = (i64::try_from(alive.len()).ok()?, self.slack());
        if count > most + slack && !self.is_harmed(app) {
            return Some(format!("{} has {count} pods at work, not {most}", owner.name));
        }
        let completions = self
            .most(owner.uid, |spec| meta::number(spec, "/completions").unwrap_or(i64::MAX / 2))?;
        let succeeded = self.ended.get(owner.uid).map_or(0, |ended| ended.succeeded.len());
        let succeeded = i64::try_from(succeeded).ok()?;
        if let Some(index) = meta::annotation(pod, "batch.kubernetes.io/job-completion-index") {
            let alike = alive.iter().filter(|one| {
                meta::annotation(one, "batch.kubernetes.io/job-completion-index") == Some(index)
            });
            let alike = i64::try_from(alike.count()).ok()?;
            return (alike > 1 + slack && !self.is_harmed(app))
                .then(|| format!("{} has {alike} pods of index {index}", owner.name));
        }
        (count + succeeded > completions + slack && !self.is_harmed(app))
            .then(|| format!("{}: {count} at work, {succeeded} done, of {completions}", owner.name))
    }

    /// A controller takes a pod away.
    fn taken(&self, objects: &Objects, owner: &Owner<'_>, old: &Value) -> Option<String> {
        let app = app_of(meta::name(old));
        match owner.kind {
            "StatefulSet" => self.two_at_a_time(objects, owner, old, app),
            "ReplicaSet" if is_ready(old) && active(old) => self.too_few(objects, owner, app),
            _ => None,
        }
    }

    fn two_at_a_time(
        &self,
        objects: &Objects,
        owner: &Owner<'_>,
        pod: &Value,
        app: &str,
    ) -> Option<String> {
        let set = facts::by_uid(objects, "/registry/apps/statefulsets/", owner.uid)?;
        if meta::is_deleting(set) || self.is_harmed(app) {
            return None;
        }
        let recent = self.recent(owner.uid);
        if recent.iter().any(|spec| meta::text(spec, "/podManagementPolicy") == "Parallel") {
            return None;
        }
        let pods = pods_of(objects, owner.uid);
        let other =
            pods.iter().find(|one| meta::is_deleting(one) && meta::uid(one) != meta::uid(pod))?;
        let (name, going) = (meta::name(pod), meta::name(other));
        Some(format!("{} takes {name} away while {going} is going", owner.name))
    }

    fn too_few(&self, objects: &Objects, owner: &Owner<'_>, app: &str) -> Option<String> {
        let set = facts::by_uid(objects, "/registry/apps/replicasets/", owner.uid)?;
        let above = owner_of(set).filter(|above| above.kind == "Deployment")?;
        let deployment = facts::by_uid(objects, "/registry/apps/deployments/", above.uid)?;
        if meta::is_deleting(deployment) || meta::is_deleting(set) {
            return None;
        }
        let least = self.recent(above.uid).into_iter().map(facts::least_available).min()?;
        let available = facts::sets_of(objects, above.uid)
            .iter()
            .flat_map(|set| pods_of(objects, meta::uid(set)))
            .filter(|pod| active(pod) && is_ready(pod))
            .count();
        let available = i64::try_from(available).ok()?;
        let excused = self.is_harmed(app) || self.below(app);
        (available < least && !excused)
            .then(|| format!("{} has {available} ready pods, not {least}", above.name))
    }

    /// Whether the application was not whole a while ago: then who is counted as ready is a
    /// question of when it was looked at.
    fn below(&self, app: &str) -> bool {
        self.unready.get(app).is_some_and(|at| is_recent(*at))
    }

    /// A ReplicaSet changed: all of one Deployment may not grow beyond its bound.
    fn see_set(&mut self, objects: &Objects, change: &Change<'_>, app: &str) {
        let Some(new) = change.new.filter(|_| change.who == "controllers") else { return };
        let replicas = |set: &Value| meta::number(set, "/spec/replicas").unwrap_or(1);
        if change.old.map_or(0, replicas) >= replicas(new) {
            return;
        }
        let Some(above) = owner_of(new).filter(|above| above.kind == "Deployment") else { return };
        let sets = facts::sets_of(objects, above.uid);
        let all: i64 = sets.iter().map(|set| replicas(set)).sum();
        let most = self.most(above.uid, facts::most_pods).unwrap_or(0);
        if all > most {
            let words = format!("the sets of {} want {all} pods, at most {most}", above.name);
            self.wrong(app, words);
        }
    }

    /// A job's counts only grow, and it ends once.
    fn see_job(&mut self, change: &Change<'_>, app: &str) {
        let (Some(old), Some(new)) = (change.old, change.new) else { return };
        if meta::uid(old) != meta::uid(new) {
            return;
        }
        for count in ["/status/succeeded", "/status/failed"] {
            let (before, now) = (meta::number(old, count), meta::number(new, count));
            if now.unwrap_or(0) < before.unwrap_or(0) {
                self.wrong(app, format!("{count} of {} shrinks to {now:?}", meta::name(new)));
            }
        }
        let (complete, failed) = (facts::says(new, "Complete"), facts::says(new, "Failed"));
        if complete && failed {
            self.wrong(app, format!("{} has both succeeded and failed", meta::name(new)));
        }
        if facts::says(old, "Complete") && !complete || facts::says(old, "Failed") && !failed {
            self.wrong(app, format!("{} takes its end back", meta::name(new)));
        }
    }

    /// What pods of a job came to: so many succeeded, so many failed.
    pub(crate) fn ends(&self, job: &str) -> (usize, usize) {
        self.ended.get(job).map_or((0, 0), |ended| (ended.succeeded.len(), ended.failed.len()))
    }

    /// Judges an eviction that was allowed; `objects` are those after it.
    fn evicted(&mut self, objects: &Objects, app: &str) {
        let budget = objects.get(&format!("/registry/policy/poddisruptionbudgets/sim/{app}"));
        let Some(budget) = budget else { return };
        let recent = self.recent(meta::uid(budget));
        let least = recent.into_iter().filter_map(|spec| meta::number(spec, "/minAvailable")).min();
        let Some(least) = least else { return };
        let healthy = objects
            .range("/registry/core/pods/sim/".to_owned()..)
            .take_while(|(key, _)| key.starts_with("/registry/core/pods/sim/"));
        let healthy = healthy.filter(|(_, pod)| {
            meta::label(pod, "app") == Some(app) && active(pod) && is_ready(pod)
        });
        let healthy = i64::try_from(healthy.count()).unwrap_or(i64::MAX);
        let shaken = [app, ""].into_iter().filter_map(|app| self.shaken.get(app));
        if healthy < least && !shaken.copied().any(is_recent) {
            self.wrong(app, format!("an eviction leaves {healthy} of {app}, not {least}"));
        }
    }
}

fn is_taken(old: &Value, new: &Value) -> bool {
    !meta::is_deleting(old) && meta::is_deleting(new)
}
