//! The scheduler's shell: pods that wait, the decision for each, and what follows from it.
//!
//! Decisions are made one after the other, each on what all earlier ones left; the writes that
//! follow go on beside the next decision.

mod claims;
mod decide;
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
    core::v1::{Node, Pod},
    policy::v1::PodDisruptionBudget,
};
use lifecycle::{StopToken, Task, Tasks};
use tokio::{sync::Semaphore, time::Instant};

use crate::{
    DEFAULT_SCHEDULER, SchedulerConfig,
    extenders::Extenders,
    ledger::Ledger,
    nodes::{NodeInfo, is_choosy, priority},
    plugins::{
        Surroundings,
        devices::{self, Devices},
        owners::Owners,
        volumes::{VolumeBinding, has_claims},
    },
    profile::Profile,
    queue::{Queue, Turn},
    waiting::{Heeds, Waiting},
};

/// Bindings that are written at a time; then decisions wait.
const BINDINGS: usize = 64;

/// Runs the schedulers until `stop`.
pub(crate) fn run(
    client: &Client,
    informers: &Informers,
    config: &SchedulerConfig,
    extenders: Extenders,
    stop: &StopToken,
) -> Task {
    let around = Surroundings {
        storage: VolumeBinding::new(informers),
        devices: Devices::new(informers),
        owners: Owners::new(informers),
        namespaces: informers.cache(),
    };
    let desks = config.profiles.iter().map(|settings| {
        let recorder = Recorder::new(client, &settings.name, "", stop);
        Desk { profile: Profile::new(settings, config, &around), recorder }
    });
    let shell = Arc::new(Shell {
        client: client.clone(),
        pods: informers.cache(),
        nodes: informers.cache(),
        budgets: informers.cache(),
        desks: desks.collect(),
        extenders,
        around,
        queue: Queue::new(config.first_backoff, config.longest_backoff),
        ledger: Mutex::default(),
        waiting: Mutex::default(),
        promised: Mutex::default(),
        changes: AtomicU64::new(0),
        start: AtomicUsize::new(0),
        tasks: Tasks::new(stop),
        bindings: Arc::new(Semaphore::new(BINDINGS)),
    });
    lifecycle::spawn("scheduler", stop, shell.work())
}

/// One scheduler, and who tells what it does.
#[derive(Debug)]
struct Desk {
    profile: Profile,
    recorder: Recorder,
}

/// A node that was given to a pod whose claims have no volumes yet.
#[derive(Debug, Clone)]
struct Promise {
    node: String,
    until: Instant,
}

#[derive(Debug)]
struct Shell {
    client: Client,
    pods: SharedCache<Pod>,
    nodes: SharedCache<Node>,
    budgets: SharedCache<PodDisruptionBudget>,
    desks: Vec<Desk>,
    extenders: Extenders,
    around: Surroundings,
    queue: Queue,
    ledger: Mutex<Ledger>,
    /// Pods that fit nowhere, until something changes.
    waiting: Mutex<Waiting>,
    /// Pods that have a node while their claims have no volumes yet.
    promised: Mutex<HashMap<ObjectKey, Promise>>,
    /// Grows with everything that could help a pod that waits.
    changes: AtomicU64,
    /// The node that the next decision begins with.
    start: AtomicUsize,
    tasks: Tasks,
    bindings: Arc<Semaphore>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// Nobody could decide.
    Fail(String),
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
        self.around.namespaces.synced().await;
        self.budgets.synced().await;
        self.around.storage.synced().await;
        self.around.devices.synced().await;
        self.around.owners.synced().await;
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
        let Some(pod) = self.pods.find(key) else { return Ok(()) };
        let Some(desk) = self.desk_of(&pod) else { return Ok(()) };
        let assumed = lock(&self.ledger).assumed(key);
        if let Some((uid, _)) = assumed {
            let promise = lock(&self.promised).get(key).cloned();
            return match promise.filter(|_| pod.metadata.uid.as_deref() == Some(&uid)) {
                Some(promise) => self.keep_promise(key, &pod, &promise).await,
                None => Ok(()),
            };
        }
        let changes = self.changes.load(Ordering::Relaxed);
        if desk.profile.claims && self.around.devices.hold(&pod) {
            self.wait(key, &pod, changes);
            return Ok(());
        }
        let decision = Box::pin(self.decide(&pod, desk)).await?;
        if let Decision::Place(node) = &decision
            && let Err(words) = self.around.devices.reserve(&pod, &node.node)
        {
            return self.fail(key, &pod, &words).await;
        }
        match decision {
            Decision::Fail(words) => self.fail(key, &pod, &words).await,
            Decision::Place(node) if self.around.storage.is_ready(&pod) => {
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
        let heeds = Heeds {
            others: looks_at_others(pod),
            storage: has_claims(pod),
            devices: devices::has_claims(pod),
        };
        lock(&self.waiting).insert(key.clone(), priority(pod), heeds);
        if self.changes.load(Ordering::Relaxed) != changes && lock(&self.waiting).remove(key) {
            self.queue.add(key.clone(), priority(pod), Turn::Again);
        }
    }

    /// The scheduler whose business a pod is: it has no node, and nothing holds it back.
    fn desk_of(&self, pod: &Pod) -> Option<&Desk> {
        let spec = pod.spec.as_ref()?;
        let desk = self.desk(pod)?;
        let gated = spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty());
        let held = gated && desk.profile.gates;
        let free = node_of(pod).is_none() && pod.metadata.deletion_timestamp.is_none();
        (free && !held).then_some(desk)
    }

    /// The scheduler that a pod names.
    fn desk(&self, pod: &Pod) -> Option<&Desk> {
        let name = pod.spec.as_ref()?.scheduler_name.as_deref().unwrap_or(DEFAULT_SCHEDULER);
        self.desks.iter().find(|desk| desk.profile.name == name)
    }
}
