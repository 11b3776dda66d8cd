//! The scheduler's shell: pods that wait, the decision for each, and what follows from it.
//!
//! Decisions are made one after the other, each on what all earlier ones left; the writes that
//! follow go on beside the next decision.

mod claims;
mod events;
mod writes;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use client::{Client, Informers, ObjectKey, Recorder, SharedCache};
use k8s_openapi::api::{
    core::v1::{Namespace, Node, Pod},
    policy::v1::PodDisruptionBudget,
};
use lifecycle::{StopToken, Task, Tasks};
use tokio::sync::Semaphore;

use crate::{
    DEFAULT_SCHEDULER,
    cycle::{Cycle, Luck, Unschedulable},
    ledger::Ledger,
    nodes::{NodeInfo, is_choosy, priority},
    plugins::{
        self, Plugin,
        owners::Owners,
        volumes::{VolumeBinding, has_claims},
    },
    preemption::{self, Candidate, Preemption},
    queue::{Queue, Turn},
    waiting::{Heeds, Waiting},
};

/// Bindings that are written at a time; then decisions wait.
const BINDINGS: usize = 64;

/// Runs the scheduler until `stop`.
pub(crate) fn run(client: &Client, informers: &Informers, stop: &StopToken) -> Task {
    let storage = VolumeBinding::new(informers);
    let namespaces: SharedCache<Namespace> = informers.cache();
    let owners = Owners::new(informers);
    let shell = Arc::new(Shell {
        client: client.clone(),
        pods: informers.cache(),
        nodes: informers.cache(),
        budgets: informers.cache(),
        plugins: plugins::all(&storage, &owners, &namespaces),
        owners,
        namespaces,
        queue: Queue::default(),
        ledger: Mutex::default(),
        waiting: Mutex::default(),
        promised: Mutex::default(),
        changes: AtomicU64::new(0),
        start: AtomicUsize::new(0),
        storage,
        recorder: Recorder::new(client, DEFAULT_SCHEDULER, "", stop),
        tasks: Tasks::new(stop),
        bindings: Arc::new(Semaphore::new(BINDINGS)),
    });
    lifecycle::spawn("scheduler", stop, shell.work())
}

#[derive(Debug)]
struct Shell {
    client: Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    namespaces: SharedCache<Namespace>,
    budgets: SharedCache<PodDisruptionBudget>,
    queue: Queue,
    ledger: Mutex<Ledger>,
    /// Pods that fit nowhere, until something changes.
    waiting: Mutex<Waiting>,
    /// Pods that have a node while their claims have no volumes yet.
    promised: Mutex<HashMap<ObjectKey, String>>,
    /// Grows with everything that could help a pod that waits.
    changes: AtomicU64,
    /// The node that the next decision begins with.
    start: AtomicUsize,
    plugins: Vec<Box<dyn Plugin>>,
    storage: VolumeBinding,
    owners: Owners,
    recorder: Recorder,
    tasks: Tasks,
    bindings: Arc<Semaphore>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells whether a pod is ours and has no node.
fn wants_a_node(pod: &Pod) -> bool {
    let Some(spec) = &pod.spec else { return false };
    let ours = spec.scheduler_name.as_deref().unwrap_or(DEFAULT_SCHEDULER) == DEFAULT_SCHEDULER;
    let gated = spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty());
    node_of(pod).is_none() && ours && !gated && pod.metadata.deletion_timestamp.is_none()
}

/// The node of a pod that has one.
fn node_of(pod: &Pod) -> Option<&str> {
    let name = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
    name.filter(|name| !name.is_empty())
}

/// The node on which room is made for a pod, or `""`.
fn nominated_node(pod: &Pod) -> &str {
    let status = pod.status.as_ref();
    status.and_then(|status| status.nominated_node_name.as_deref()).unwrap_or_default()
}

/// Tells whether where a pod may go depends on where others are.
fn looks_at_others(pod: &Pod) -> bool {
    let constraints = pod.spec.as_ref().and_then(|spec| spec.topology_spread_constraints.as_ref());
    is_choosy(pod) || constraints.is_some_and(|all| !all.is_empty())
}

fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// What is to be done for a pod.
#[derive(Debug)]
enum Decision {
    /// It goes to this node.
    Place(Arc<NodeInfo>),
    /// It fits nowhere; others are to leave for it, or not.
    Refuse { message: String, nominated: Nominated, victims: Vec<Arc<Pod>> },
}

/// What becomes of the node on which room is made.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Nominated {
    /// What was said stays.
    Stays,
    /// It is this one from now on; `""` is none.
    Becomes(String),
}

impl Shell {
    async fn work(self: Arc<Self>) {
        self.watch();
        self.nodes.synced().await;
        self.pods.synced().await;
        self.namespaces.synced().await;
        self.budgets.synced().await;
        self.storage.synced().await;
        self.owners.synced().await;
        loop {
            let key = self.queue.take().await;
            if let Err(error) = self.sync(&key).await {
                tracing::debug!(%key, %error, "scheduling failed, will retry");
                self.failed(&key);
            }
        }
    }

    /// Takes back what was decided, and tries again later.
    fn failed(&self, key: &ObjectKey) {
        self.forget(key);
        if let Some(pod) = self.pods.find(key) {
            self.queue.add_failed(key.clone(), priority(&pod));
        }
    }

    async fn sync(self: &Arc<Self>, key: &ObjectKey) -> client::Result<()> {
        let Some(pod) = self.pods.find(key).filter(|pod| wants_a_node(pod)) else { return Ok(()) };
        let assumed = lock(&self.ledger).assumed(key);
        if let Some((uid, _)) = assumed {
            let promise = lock(&self.promised).get(key).cloned();
            return match promise.filter(|_| pod.metadata.uid.as_deref() == Some(&uid)) {
                Some(node) => self.keep_promise(key, &pod, &node).await,
                None => Ok(()),
            };
        }
        let changes = self.changes.load(Ordering::Relaxed);
        match self.decide(&pod) {
            Decision::Place(node) if self.storage.is_ready(&pod) => {
                self.bind(pod, node.name().to_owned()).await;
                Ok(())
            }
            Decision::Place(node) => self.promise(key, &pod, &node).await,
            Decision::Refuse { message, nominated, victims } => {
                self.wait(key, &pod, changes);
                if let Nominated::Becomes(node) = &nominated {
                    lock(&self.ledger).nominate(&pod, node);
                }
                self.refuse(&pod, &message, &nominated).await?;
                self.evict(&pod, &nominated, &victims).await
            }
        }
    }

    /// Lets a pod wait for a change; one that came during the decision may have been missed by it.
    fn wait(&self, key: &ObjectKey, pod: &Pod, changes: u64) {
        let heeds = Heeds { others: looks_at_others(pod), storage: has_claims(pod) };
        lock(&self.waiting).insert(key.clone(), priority(pod), heeds);
        if self.changes.load(Ordering::Relaxed) != changes && lock(&self.waiting).remove(key) {
            self.queue.add(key.clone(), priority(pod), Turn::Again);
        }
    }

    /// The decision for one pod, on what is known now.
    fn decide(&self, pod: &Arc<Pod>) -> Decision {
        let (nodes, nominated) = {
            let ledger = lock(&self.ledger);
            (ledger.snapshot(), ledger.nominated())
        };
        let tie = rand::random::<u32>() as usize;
        let luck = Luck { tie, start: self.start.load(Ordering::Relaxed) };
        let cycle = match Cycle::begin(pod, &nodes, &nominated, &self.plugins) {
            Ok(cycle) => cycle,
            Err(refused) => return told(&refused, preemption::useless(pod, nodes.len())),
        };
        match cycle.choose(luck) {
            Ok((node, seen)) => {
                self.start.store((luck.start + seen) % nodes.len().max(1), Ordering::Relaxed);
                Decision::Place(node)
            }
            Err(refused) => {
                let preempted = preemption::preempt(&cycle, &refused, &self.budgets.list(), tie);
                told(&refused, preempted)
            }
        }
    }
}

/// What follows from a refusal and the attempt to make room.
fn told(refused: &Unschedulable, preempted: Preemption) -> Decision {
    let none = || Nominated::Becomes(String::new());
    let (message, nominated, victims) = match preempted {
        Preemption::Wait(Candidate { node, victims, .. }) => {
            (refused.message(None), Nominated::Becomes(node), victims)
        }
        Preemption::Hopeless(words) => (refused.message(Some(&words)), none(), Vec::new()),
        Preemption::NotNow(words) => (refused.message(Some(&words)), Nominated::Stays, Vec::new()),
    };
    Decision::Refuse { message, nominated, victims }
}
