//! Nodes that pretend: they renew their leases, run the pods that are bound to them after a while,
//! honour deletion, and let pods end, fail and lose their readiness as the seed has it. A node that
//! is down does none of this.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use client::Client;
use http::Request;
use lifecycle::{StopToken, Task};
use machinery::meta;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    disks,
    mirror::{Mirror, Objects},
};

/// As kubelets renew them.
const RENEWAL: Duration = Duration::from_secs(10);

/// What a node does with a pod next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Start,
    Ready,
    Unready,
    Succeed,
    Fail,
    Remove,
}

/// How pods fare.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Luck {
    /// Of a hundred pods that would run on, so many fail or lose their readiness.
    pub(crate) trouble: u32,
    /// Of a hundred pods of jobs, so many fail.
    pub(crate) failing: u32,
}

#[derive(Debug)]
struct State {
    random: StdRng,
    down: BTreeSet<String>,
    luck: Luck,
    /// What is to be done with pods, by uid.
    plans: BTreeMap<String, Plan>,
}

#[derive(Debug)]
struct Plan {
    key: String,
    due: Instant,
    deed: Deed,
    /// The last that was decided: decided once, until something else follows.
    done: bool,
}

/// The nodes; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Nodes {
    client: Client,
    mirror: Arc<Mirror>,
    state: Arc<Mutex<State>>,
    names: Arc<[String]>,
}

/// Sends a request and returns the code and the answer.
pub(crate) async fn ask(client: &Client, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let kind = match method {
        "PATCH" => "application/strategic-merge-patch+json",
        _ => "application/json",
    };
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).header("content-type", kind);
    let request = request.body(body).expect("the request is well-formed");
    match client.send(request).await {
        Ok(answer) => {
            let code = answer.status().as_u16();
            let bytes = answer.into_body().bytes().await.unwrap_or_default();
            (code, serde_json::from_slice(&bytes).unwrap_or_default())
        }
        Err(error) => panic!("{method} {path}: {error}"),
    }
}

fn lease_path(name: &str) -> String {
    format!("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}")
}

fn renewal() -> Value {
    let now = lifecycle::clock::rfc3339_micros(lifecycle::clock::now());
    json!({"spec": {"holderIdentity": "node", "leaseDurationSeconds": 40, "renewTime": now}})
}

/// What a node has; with few cores, pods have to make room for more urgent ones.
fn amounts(cores: u32) -> Value {
    json!({"cpu": cores.to_string(), "memory": "16Gi", "pods": "40"})
}

fn node(name: &str) -> Value {
    let amounts = amounts(4);
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}, "annotations": {
            "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
        "status": {"capacity": amounts, "allocatable": amounts, "conditions": [health()]},
    })
}

fn health() -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    json!({"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "ready",
        "lastHeartbeatTime": now, "lastTransitionTime": now})
}

impl Nodes {
    /// Makes the nodes, and runs them until `stop`.
    pub(crate) async fn start(
        client: Client,
        mirror: &Arc<Mirror>,
        seed: u64,
        count: usize,
        stop: &StopToken,
    ) -> (Self, Vec<Task>) {
        let random = StdRng::seed_from_u64(seed);
        let luck = Luck { trouble: 0, failing: 0 };
        let state = State { random, down: BTreeSet::new(), luck, plans: BTreeMap::new() };
        let nodes = Self {
            client,
            mirror: Arc::clone(mirror),
            state: Arc::new(Mutex::new(state)),
            names: (0..count).map(|number| format!("node{number}")).collect(),
        };
        for name in nodes.names.iter() {
            nodes.register(name).await;
        }
        let tasks = vec![
            lifecycle::spawn("simulation/leases", stop, nodes.clone().renew()),
            lifecycle::spawn("simulation/kubelets", stop, nodes.clone().work(stop.clone())),
        ];
        (nodes, tasks)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn fare(&self, luck: Luck) {
        let mut state = self.state();
        state.luck = luck;
        state.plans.retain(|_, plan| plan.done || !matches!(plan.deed, Deed::Fail | Deed::Unready));
        drop(state);
        self.look_at_all();
    }

    pub(crate) fn down(&self) -> Vec<String> {
        self.state().down.iter().cloned().collect()
    }

    /// Makes a node's object and lease, where they are not there.
    async fn register(&self, name: &str) {
        let mut lease = renewal();
        lease["metadata"] = json!({"name": name});
        let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        ask(&self.client, "POST", leases, &lease).await;
        ask(&self.client, "POST", "/api/v1/nodes", &node(name)).await;
    }

    /// A node falls silent.
    pub(crate) fn lose(&self, name: &str) {
        self.mirror.note("", format!("== {name} falls silent"));
        self.state().down.insert(name.to_owned());
    }

    /// A node comes back, and says that it is well.
    pub(crate) async fn regain(&self, name: &str) {
        if !self.state().down.remove(name) {
            return;
        }
        self.mirror.note("", format!("== {name} comes back"));
        self.state().plans.clear();
        self.register(name).await;
        ask(&self.client, "PATCH", &lease_path(name), &renewal()).await;
        let path = format!("/api/v1/nodes/{name}/status");
        let body = json!({"status": {"conditions": [health()]}});
        ask(&self.client, "PATCH", &path, &body).await;
        self.look_at_all();
    }

    /// A node gets so much that all pods have room.
    pub(crate) async fn grow(&self, name: &str) {
        let amounts = amounts(1000);
        let body = json!({"status": {"capacity": amounts, "allocatable": amounts}});
        ask(&self.client, "PATCH", &format!("/api/v1/nodes/{name}/status"), &body).await;
    }

    fn look_at_all(&self) {
        let mut state = self.mirror.state();
        let pods: Vec<String> = state.objects.keys().filter(|key| is_pod(key)).cloned().collect();
        state.changed.extend(pods);
        drop(state);
        self.mirror.pods.notify_one();
    }

    async fn renew(self) {
        let mut ticks = tokio::time::interval(RENEWAL);
        loop {
            ticks.tick().await;
            for name in self.names.iter() {
                if !self.state().down.contains(name) {
                    ask(&self.client, "PATCH", &lease_path(name), &renewal()).await;
                }
            }
        }
    }

    async fn work(self, stop: StopToken) {
        let deeds = lifecycle::Tasks::new(&stop);
        loop {
            let changed: Vec<(String, Option<Value>)> = {
                let mut state = self.mirror.state();
                let keys: BTreeSet<String> =
                    std::mem::take(&mut state.changed).into_iter().collect();
                let find = |objects: &Objects, key: &str| objects.get(key).cloned();
                keys.into_iter().map(|key| (key.clone(), find(&state.objects, &key))).collect()
            };
            for (key, pod) in changed {
                self.plan(&key, pod.as_ref());
            }
            self.say_what_is_used().await;
            let now = lifecycle::clock::instant();
            for (key, uid, deed) in self.due(now) {
                let nodes = self.clone();
                deeds.spawn(
                    "simulation/deed",
                    async move { nodes.carry_out(&key, &uid, deed).await },
                );
            }
            let next = self.next_due().unwrap_or(now + Duration::from_hours(1));
            tokio::select! {
                biased;
                () = self.mirror.pods.notified() => {}
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }

    /// Nodes say which volumes they have in use, before they look whether those are attached.
    async fn say_what_is_used(&self) {
        for name in self.names.iter().filter(|name| !self.state().down.contains(*name)) {
            let news = disks::in_use(&self.mirror.state().objects, name);
            if let Some(status) = news {
                ask(&self.client, "PATCH", &format!("/api/v1/nodes/{name}/status"), &status).await;
            }
        }
    }

    fn due(&self, now: Instant) -> Vec<(String, String, Deed)> {
        let mut due = Vec::new();
        for (uid, plan) in &mut self.state().plans {
            if !plan.done && plan.due <= now {
                plan.done = true;
                due.push((plan.key.clone(), uid.clone(), plan.deed));
            }
        }
        due
    }

    fn next_due(&self) -> Option<Instant> {
        let state = self.state();
        state.plans.values().filter(|plan| !plan.done).map(|plan| plan.due).min()
    }

    fn plan(&self, key: &str, pod: Option<&Value>) {
        let ready = pod.is_none_or(|pod| disks::is_attached(&self.mirror.state().objects, pod));
        let mut state = self.state();
        let state = &mut *state;
        let Some(pod) = pod else {
            state.plans.retain(|_, plan| plan.key != key);
            return;
        };
        let uid = meta::uid(pod).to_owned();
        state.plans.retain(|other, plan| plan.key != key || *other == uid);
        let next = next(pod, state).filter(|(deed, _)| *deed != Deed::Start || ready);
        let Some((deed, wait)) = next else {
            state.plans.remove(&uid);
            return;
        };
        if state.plans.get(&uid).is_some_and(|plan| plan.deed == deed) {
            return;
        }
        let due = lifecycle::clock::instant() + wait;
        state.plans.insert(uid, Plan { key: key.to_owned(), due, deed, done: false });
    }

    async fn carry_out(&self, key: &str, uid: &str, deed: Deed) {
        let pod = self.mirror.state().objects.get(key).cloned();
        let Some(pod) = pod.filter(|pod| meta::uid(pod) == uid) else { return };
        if self.state().down.contains(meta::text(&pod, "/spec/nodeName")) {
            return;
        }
        if deed == Deed::Start && !disks::is_attached(&self.mirror.state().objects, &pod) {
            // Its disk is on its way to somewhere else; it is looked at again when it comes.
            self.state().plans.remove(uid);
            return;
        }
        let path =
            format!("/api/v1/namespaces/{}/pods/{}", meta::namespace(&pod), meta::name(&pod));
        if deed == Deed::Remove {
            if !matches!(meta::text(&pod, "/status/phase"), "Succeeded" | "Failed") {
                // KEP-3329: a pod has ended before it goes.
                let body = json!({"metadata": {"uid": uid}, "status": status(&pod, Deed::Fail)});
                ask(&self.client, "PATCH", &format!("{path}/status"), &body).await;
            }
            let body = json!({"gracePeriodSeconds": 0, "preconditions": {"uid": uid}});
            ask(&self.client, "DELETE", &path, &body).await;
            return;
        }
        let body = json!({"metadata": {"uid": uid}, "status": status(&pod, deed)});
        ask(&self.client, "PATCH", &format!("{path}/status"), &body).await;
    }
}

fn is_pod(key: &str) -> bool {
    key.starts_with("/registry/core/pods/")
}

/// What is to be done with a pod, and in how long.
fn next(pod: &Value, state: &mut State) -> Option<(Deed, Duration)> {
    let node = meta::text(pod, "/spec/nodeName");
    if node.is_empty() || state.down.contains(node) {
        return None;
    }
    let random = &mut state.random;
    let mut within =
        |least: u64, most: u64| Duration::from_millis(random.random_range(least..=most));
    let phase = meta::text(pod, "/status/phase");
    let ended = matches!(phase, "Succeeded" | "Failed");
    if meta::is_deleting(pod) {
        let grace = meta::number(pod, "/metadata/deletionGracePeriodSeconds").unwrap_or(0);
        let grace = u64::try_from(grace).unwrap_or(0) * 1000;
        let most = if ended { 500 } else { 100 + grace };
        return Some((Deed::Remove, within(50, most.max(50))));
    }
    if ended {
        return None;
    }
    if phase != "Running" {
        return Some((Deed::Start, within(50, 4000)));
    }
    let ready = is_ready(pod);
    if meta::text(pod, "/spec/restartPolicy") != "Always" {
        let wait = within(500, 40_000);
        let fails = random.random_range(0..100) < state.luck.failing;
        return Some((if fails { Deed::Fail } else { Deed::Succeed }, wait));
    }
    if !ready {
        return Some((Deed::Ready, within(50, 6000)));
    }
    if random.random_range(0..100) < state.luck.trouble {
        let wait = Duration::from_millis(random.random_range(1000..60_000));
        let fails = random.random_bool(0.4);
        return Some((if fails { Deed::Fail } else { Deed::Unready }, wait));
    }
    None
}

pub(crate) fn is_ready(pod: &Value) -> bool {
    meta::items(pod, "/status/conditions").iter().any(|condition| {
        meta::text(condition, "/type") == "Ready" && meta::text(condition, "/status") == "True"
    })
}

fn status(pod: &Value, deed: Deed) -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let ready = matches!(deed, Deed::Ready);
    let word = if ready { "True" } else { "False" };
    let condition = |kind: &str| json!({"type": kind, "status": word, "lastTransitionTime": now});
    let (phase, state) = match deed {
        Deed::Succeed => ("Succeeded", json!({"terminated": {"exitCode": 0, "finishedAt": now}})),
        Deed::Fail => ("Failed", json!({"terminated": {"exitCode": 1, "finishedAt": now}})),
        _ => ("Running", json!({"running": {"startedAt": now}})),
    };
    let containers = meta::items(pod, "/spec/containers").iter().map(|container| {
        json!({
            "name": container["name"], "image": container["image"], "imageID": "i", "ready": ready,
            "restartCount": 0, "started": true, "state": state,
        })
    });
    let address = address(meta::uid(pod));
    json!({
        "phase": phase, "podIP": address, "podIPs": [{"ip": address}], "hostIP": "192.0.2.1",
        "startTime": meta::text(pod, "/metadata/creationTimestamp"),
        "conditions": [condition("Ready"), condition("ContainersReady"),
            {"type": "Initialized", "status": "True"}],
        "containerStatuses": containers.collect::<Vec<_>>(),
    })
}

/// An address that is a pod's alone, as good as certainly.
fn address(uid: &str) -> String {
    let digits: String = uid.chars().filter(char::is_ascii_hexdigit).take(6).collect();
    let number = u32::from_str_radix(&digits, 16).unwrap_or_default();
    let [_, a, b, c] = number.to_be_bytes();
    format!("10.{a}.{b}.{c}")
}
