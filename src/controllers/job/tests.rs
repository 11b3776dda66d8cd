//! Jobs by their plans, in a world where pods end as the test says.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::{
        batch::v1::{Job, JobStatus},
        core::v1::Pod,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    backoff::Backoff,
    census::{Census, Observed, is_held},
    indexes::index_of,
    reconcile::{Deletion, Plan, reconcile},
    template::pod_for,
    tracking::{Done, settle, track},
};
use crate::{jobs, pods};

/// One Job and its pods, carried out as the shell does where nothing is refused.
struct World {
    job: Job,
    pods: BTreeMap<String, Pod>,
    backoff: Backoff,
    now: Timestamp,
    made: usize,
    told: Vec<String>,
    /// Whether the cache shows what was asked for.
    settled: bool,
}

fn world(spec: &Value) -> World {
    let mut object = json!({
        "metadata": {"name": "j", "namespace": "n", "uid": "j"},
        "spec": {
            "parallelism": 1, "backoffLimit": 6, "completionMode": "NonIndexed", "suspend": false,
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c"}]}},
        },
    });
    object["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    World {
        job: serde_json::from_value(object).unwrap(),
        pods: BTreeMap::new(),
        backoff: Backoff::default(),
        now: "2026-01-01T00:00:00Z".parse().unwrap(),
        made: 0,
        told: Vec::new(),
        settled: true,
    }
}

impl World {
    /// One pass; returns what it did in words.
    fn pass(&mut self) -> String {
        if jobs::finished(&self.job).is_some() {
            return String::new();
        }
        let job = self.job.clone();
        let pods: Vec<_> = self.pods.values().cloned().map(Arc::new).collect();
        let seen = Observed {
            job: &job,
            spec: job.spec.as_ref().unwrap(),
            pods: &pods,
            released: &HashSet::new(),
            settled: self.settled,
            backoff: self.backoff,
            now: self.now,
        };
        let census = Census::take(&seen);
        let plan = reconcile(&seen, &census);
        for index in &plan.create {
            self.create(pod_for(&seen, &census, *index));
        }
        let ready = plan.delete.iter().filter(|pod| pods::is_ready(pod)).count();
        let done = Done { created: plan.create.len(), deleted: plan.delete.len(), ready };
        for pod in &plan.delete {
            self.delete(pods::name(pod), plan.deletion == Deletion::Forgotten);
        }
        let tracked = track(&seen, &census, &plan, done);
        self.backoff = census.backoff;
        for pod in &tracked.release {
            self.release(pods::name(pod));
        }
        let (status, remarks) = settle(&seen, &tracked, &HashSet::new());
        let all = tracked.remarks.iter().chain(&remarks);
        self.told.extend(all.map(ToString::to_string));
        let words = words(&plan, job.status.as_ref() != Some(&status));
        self.job.status = Some(status);
        words
    }

    /// Passes until nothing is left to do.
    fn rest(&mut self) {
        for _ in 0..20 {
            if self.pass().is_empty() {
                return;
            }
        }
        panic!("no rest: {:?}", self.job.status);
    }

    fn create(&mut self, mut pod: Pod) {
        self.made += 1;
        let name = format!("p{:03}", self.made);
        pod.metadata.name = Some(name.clone());
        pod.metadata.namespace = Some("n".to_owned());
        pod.metadata.uid = Some(name.clone());
        pod.metadata.creation_timestamp = Some(Time(self.now));
        pod.status.get_or_insert_default().phase = Some("Pending".to_owned());
        self.pods.insert(name, pod);
    }

    fn delete(&mut self, name: &str, free: bool) {
        let Some(pod) = self.pods.get_mut(name) else { return };
        pod.metadata.deletion_timestamp = Some(Time(self.now));
        if free {
            pod.metadata.finalizers = None;
        }
        self.sweep();
    }

    fn release(&mut self, name: &str) {
        if let Some(pod) = self.pods.get_mut(name) {
            pod.metadata.finalizers = None;
        }
        self.sweep();
    }

    /// What is deleted and not held goes.
    fn sweep(&mut self) {
        self.pods.retain(|_, pod| pod.metadata.deletion_timestamp.is_none() || is_held(pod));
    }

    /// Lets the nth running pod end with a code.
    fn end(&mut self, nth: usize, code: i32) {
        let now = self.now.to_string();
        let mut live = self.pods.values_mut().filter(|pod| pods::is_active(pod));
        let Some(pod) = live.nth(nth) else { return };
        let status = json!({
            "phase": if code == 0 { "Succeeded" } else { "Failed" },
            "containerStatuses": [{
                "name": "c", "image": "", "imageID": "", "ready": false, "restartCount": 0,
                "state": {"terminated": {"exitCode": code, "finishedAt": now}},
            }],
        });
        pod.status = Some(serde_json::from_value(status).unwrap());
    }

    fn wait(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    fn active(&self) -> usize {
        self.pods.values().filter(|pod| pods::is_active(pod)).count()
    }

    fn status(&self) -> JobStatus {
        self.job.status.clone().unwrap_or_default()
    }

    /// Conditions that are true, with their reasons.
    fn conditions(&self) -> Vec<String> {
        let all = self.status().conditions.unwrap_or_default();
        let truly = all.into_iter().filter(|one| one.status == "True");
        truly.map(|one| format!("{} {}", one.type_, one.reason.unwrap_or_default())).collect()
    }

    fn spec(&mut self, change: &Value) {
        let mut object = json!(self.job);
        object["spec"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.job = serde_json::from_value(object).unwrap();
    }
}

fn words(plan: &Plan, news: bool) -> String {
    let mut words = Vec::new();
    if !plan.create.is_empty() {
        words.push(format!("create {}", plan.create.len()));
    }
    if !plan.delete.is_empty() {
        words.push(format!("delete {}", plan.delete.len()));
    }
    if news {
        words.push("status".to_owned());
    }
    words.join(", ")
}

#[test]
fn a_job_completes() {
    let mut world = world(&json!({"completions": 3, "parallelism": 2}));
    assert_eq!(world.pass(), "create 2, status");
    assert_eq!(world.pass(), "");
    world.end(0, 0);
    assert_eq!(world.pass(), "create 1, status");
    assert_eq!(world.status().succeeded, Some(1));
    world.end(0, 0);
    world.end(0, 0);
    world.rest();
    let status = world.status();
    assert_eq!((status.succeeded, status.active, status.failed), (Some(3), None, None));
    assert_eq!((status.ready, status.terminating), (Some(0), Some(0)));
    let want = ["SuccessCriteriaMet CompletionsReached", "Complete CompletionsReached"];
    assert_eq!(world.conditions(), want);
    assert!(status.completion_time.is_some() && status.start_time.is_some());
    assert_eq!(world.told, ["Completed: Job completed"]);
    assert!(world.pods.values().all(|pod| !is_held(pod)));
}

#[test]
fn failures_wait_and_reach_the_limit() {
    let mut world = world(&json!({"completions": 1, "backoffLimit": 2}));
    for (failures, wait) in [(1, 10), (2, 20)] {
        world.rest();
        world.end(0, 1);
        world.rest();
        assert_eq!((world.status().failed, world.active()), (Some(failures), 0));
        world.wait(wait - 1);
        assert_eq!(world.pass(), "", "too early");
        world.wait(1);
        assert_eq!(world.pass(), "create 1, status");
    }
    world.end(0, 1);
    world.rest();
    let want = ["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"];
    assert_eq!(world.conditions(), want);
    assert_eq!(world.status().failed, Some(3));
    let told = ["BackoffLimitExceeded: Job has reached the specified backoff limit"];
    assert_eq!(world.told, told);
}

#[test]
fn indexes_succeed_one_by_one() {
    let spec = json!({"completions": 4, "parallelism": 3, "completionMode": "Indexed"});
    let mut world = world(&spec);
    world.pass();
    let indexes: Vec<_> = world.pods.values().filter_map(index_of).collect();
    assert_eq!(indexes, [0, 1, 2]);
    let pod = json!(world.pods["p002"]);
    assert_eq!(pod["metadata"]["generateName"], "j-1-");
    assert_eq!(pod["metadata"]["labels"]["batch.kubernetes.io/job-completion-index"], "1");
    assert_eq!(pod["spec"]["hostname"], "j-1");
    assert_eq!(pod["spec"]["containers"][0]["env"][0]["name"], "JOB_COMPLETION_INDEX");
    world.end(2, 0);
    world.end(0, 0);
    world.rest();
    assert_eq!(world.status().completed_indexes.as_deref(), Some("0,2"));
    world.end(0, 0);
    world.end(0, 0);
    world.rest();
    assert_eq!(world.status().completed_indexes.as_deref(), Some("0-3"));
    assert_eq!(world.status().succeeded, Some(4));
    assert!(jobs::finished(&world.job).is_some());
}

#[test]
fn indexes_fail_by_themselves() {
    let mut world = world(&json!({
        "completions": 2, "parallelism": 2, "completionMode": "Indexed", "backoffLimit": i32::MAX,
        "backoffLimitPerIndex": 1,
    }));
    world.pass();
    world.end(0, 1);
    world.rest();
    assert_eq!(world.status().failed_indexes.as_deref(), Some(""));
    world.wait(10);
    assert_eq!(world.pass(), "create 1, status");
    let again = &world.pods["p003"];
    assert_eq!(
        again.metadata.annotations.as_ref().unwrap()["batch.kubernetes.io/job-index-failure-count"],
        "1"
    );
    world.rest();
    world.end(1, 1);
    world.rest();
    assert_eq!(world.status().failed_indexes.as_deref(), Some("0"));
    world.end(0, 0);
    world.rest();
    assert_eq!(world.conditions(), ["FailureTarget FailedIndexes", "Failed FailedIndexes"]);
    assert_eq!(world.status().completed_indexes.as_deref(), Some("1"));
}

#[test]
fn policies_decide() {
    let codes = |action: &str| {
        let codes = json!({"operator": "In", "values": [42]});
        json!({"rules": [{"action": action, "onExitCodes": codes}]})
    };
    for (action, conditions, failed) in [
        ("FailJob", vec!["FailureTarget PodFailurePolicy", "Failed PodFailurePolicy"], Some(1)),
        ("Ignore", vec![], None),
        (
            "Count",
            vec!["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"],
            Some(1),
        ),
    ] {
        let spec = json!({
            "completions": 1, "backoffLimit": 0, "podFailurePolicy": codes(action),
            "podReplacementPolicy": "Failed",
        });
        let mut world = world(&spec);
        world.pass();
        world.end(0, 42);
        world.rest();
        assert_eq!(world.conditions(), conditions, "{action}");
        assert_eq!(world.status().failed, failed, "{action}");
    }
    let mut world = world(&json!({
        "completions": 3, "parallelism": 3, "completionMode": "Indexed",
        "successPolicy": {"rules": [{"succeededIndexes": "1-2", "succeededCount": 1}]},
    }));
    world.pass();
    world.end(2, 0);
    world.rest();
    assert_eq!(world.conditions(), ["SuccessCriteriaMet SuccessPolicy", "Complete SuccessPolicy"]);
    assert_eq!(world.active(), 0);
}

#[test]
fn a_start_changes_in_one_write_with_the_word_that_the_job_is_awake() {
    let mut world = world(&json!({"completions": 2, "parallelism": 1}));
    world.rest();
    let first = world.status().start_time;
    world.spec(&json!({"suspend": true}));
    world.rest();
    assert_eq!(world.status().start_time, first);
    world.spec(&json!({"suspend": false}));
    world.wait(30);
    world.settled = false;
    world.pass();
    assert_eq!(world.conditions(), ["Suspended JobSuspended"]);
    assert_eq!(world.status().start_time, first, "the server takes no other here");
    world.settled = true;
    world.rest();
    assert_eq!((world.conditions().len(), world.status().start_time), (0, Some(Time(world.now))));
}

#[test]
fn a_job_sleeps_wakes_and_runs_out_of_time() {
    let mut world = world(&json!({"completions": 2, "parallelism": 2, "suspend": true,
        "activeDeadlineSeconds": 60}));
    world.rest();
    assert_eq!(world.active(), 0);
    assert_eq!(world.status().start_time, None);
    assert_eq!(world.conditions(), ["Suspended JobSuspended"]);
    world.spec(&json!({"suspend": false}));
    world.wait(100);
    world.rest();
    assert_eq!((world.active(), world.conditions().len()), (2, 0));
    world.spec(&json!({"suspend": true}));
    world.rest();
    assert_eq!((world.active(), world.status().failed), (0, None), "nobody counts them");
    world.spec(&json!({"suspend": false}));
    world.wait(100);
    world.rest();
    world.wait(60);
    world.rest();
    assert_eq!(world.conditions(), ["FailureTarget DeadlineExceeded", "Failed DeadlineExceeded"]);
    let words = ["Suspended", "Resumed", "Suspended", "Resumed", "DeadlineExceeded"];
    let told: Vec<_> = world.told.iter().filter_map(|one| one.split(':').next()).collect();
    assert_eq!(told, words);
}

#[test]
fn only_failed_pods_are_replaced_where_asked() {
    for (policy, active) in [("TerminatingOrFailed", 1), ("Failed", 0)] {
        let mut world = world(&json!({"completions": 1, "podReplacementPolicy": policy}));
        world.pass();
        let pod = world.pods.get_mut("p001").unwrap();
        pod.metadata.deletion_timestamp = Some(Time(world.now));
        world.pass();
        world.wait(10);
        world.rest();
        assert_eq!(world.active(), active, "{policy}");
        let gone = !world.pods.contains_key("p001");
        assert_eq!(gone, active == 1, "{policy}: a deleted pod is counted at once or at its end");
    }
}

fn specs() -> impl Strategy<Value = Value> {
    let counts = (0_i32..5, 1_i32..7, 0_i32..4);
    (counts, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |((parallelism, completions, limit), indexed, per_index, failed_only)| {
            let mode = if indexed { "Indexed" } else { "NonIndexed" };
            let policy = if failed_only { "Failed" } else { "TerminatingOrFailed" };
            let mut spec = json!({
                "parallelism": parallelism, "completions": completions, "backoffLimit": limit,
                "completionMode": mode, "podReplacementPolicy": policy,
            });
            if indexed && per_index {
                spec["backoffLimit"] = i32::MAX.into();
                spec["backoffLimitPerIndex"] = limit.into();
            }
            spec
        },
    )
}

proptest! {
    /// Whatever pods do: never more of them than asked for, each end counted once, and once all
    /// that is left succeeds, the Job ends and rests.
    #[test]
    fn jobs_converge(
        spec in specs(),
        events in proptest::collection::vec((0_u8..5, 0_usize..4, 0_i64..30), 0..40),
    ) {
        let parallelism = usize::try_from(spec["parallelism"].as_i64().unwrap()).unwrap();
        let completions = spec["completions"].as_i64().unwrap();
        let mut world = world(&spec);
        let (mut successes, mut failures) = (0, 0);
        for (event, nth, seconds) in events {
            let before = world.active();
            match event {
                0 => world.end(nth, 0),
                1 => world.end(nth, 1),
                2 => {
                    let live = world.pods.values().filter(|pod| pods::is_active(pod));
                    let name = live.map(|pod| pods::name(pod).to_owned()).nth(nth);
                    if let Some(name) = name {
                        world.delete(&name, false);
                    }
                }
                3 => world.spec(&json!({"suspend": nth == 0})),
                _ => world.wait(seconds),
            }
            let ended = before - world.active();
            if event == 0 { successes += ended } else { failures += ended }
            world.pass();
            prop_assert!(world.active() <= parallelism);
            let status = world.status();
            let succeeded = usize::try_from(status.succeeded.unwrap_or(0)).unwrap();
            let failed = usize::try_from(status.failed.unwrap_or(0)).unwrap();
            prop_assert!(succeeded <= successes && i64::from(status.succeeded.unwrap_or(0)) <= completions);
            // The end of the Job itself counts what still ran as failed.
            prop_assert!(failed <= failures || jobs::finished(&world.job).is_some() || !world.conditions().is_empty());
        }
        // Kubelets end what is being deleted; everything else succeeds in the end.
        world.spec(&json!({"suspend": false, "parallelism": parallelism.max(1)}));
        for _ in 0..60 {
            let going = |pod: &&mut Pod| pod.metadata.deletion_timestamp.is_some();
            for pod in world.pods.values_mut().filter(going) {
                pod.status.get_or_insert_default().phase = Some("Failed".to_owned());
            }
            world.wait(700);
            world.pass();
            while world.active() > 0 {
                world.end(0, 0);
            }
        }
        let end = jobs::finished(&world.job);
        prop_assert!(end.is_some(), "{:?}", world.job.status);
        if end.is_some_and(|end| end.type_ == "Complete") {
            prop_assert_eq!(i64::from(world.status().succeeded.unwrap_or(0)), completions);
        }
        prop_assert_eq!(world.active(), 0);
    }
}
