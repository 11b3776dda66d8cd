//! Nodes that are not: they renew their leases, and say of every pod that it runs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use client::{Api, Client, Informers, Patch, SharedCache, WriteOptions};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use k8s_openapi::api::{
    coordination::v1::Lease,
    core::v1::{Node, Pod},
};
use lifecycle::{StopToken, Task};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

/// As kubelets renew them.
const RENEWAL: Duration = Duration::from_secs(10);
const LEASES: &str = "kube-node-lease";
/// Requests at a time.
const AT_ONCE: usize = 32;

/// The nodes, and how far their pods are.
#[derive(Debug)]
pub(super) struct Fakes {
    /// Pods that have a node.
    pub(super) bound: watch::Receiver<usize>,
    /// Pods that run.
    pub(super) running: watch::Receiver<usize>,
    _tasks: [Task; 2],
    _informers: Informers,
}

fn name(number: usize) -> String {
    format!("fake-{number:05}")
}

/// A node of an ordinary size, in one of three zones.
fn node(number: usize) -> Value {
    let name = name(number);
    let amounts = json!({"cpu": "32", "memory": "256Gi", "pods": "110"});
    json!({
        "metadata": {"name": name, "labels": {
            "kubernetes.io/hostname": name, "type": "fake",
            "topology.kubernetes.io/zone": format!("zone-{}", number % 3),
        }},
        "status": {
            "capacity": amounts, "allocatable": amounts,
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
        },
    })
}

impl Fakes {
    /// Makes the nodes and keeps them until `stop`.
    pub(super) async fn start(client: &Client, nodes: usize, stop: &StopToken) -> Result<Self> {
        let api = Api::<Node>::all(client);
        let leases = Api::<Lease>::namespaced(client, LEASES);
        let options = WriteOptions::default();
        let made = stream::iter(0..nodes).map(|number| {
            let (api, leases, options) = (&api, &leases, &options);
            async move {
                let lease = json!({"metadata": {"name": name(number)}, "spec": renewal()});
                leases.create(&serde_json::from_value(lease)?, options).await?;
                api.create(&serde_json::from_value(node(number))?, options).await?;
                anyhow::Ok(())
            }
        });
        made.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let (tell_bound, bound) = watch::channel(0);
        let (tell_running, running) = watch::channel(0);
        let informers = Informers::new(client, stop);
        let pods: SharedCache<Pod> = informers.cache();
        let (queue, waiting) = mpsc::unbounded_channel();
        let count = AtomicUsize::new(0);
        pods.on_change(move |old, new| {
            let Some(new) = new.filter(|new| has_node(new)) else { return };
            if old.is_none_or(|old| !has_node(old)) {
                tell_bound.send_replace(count.fetch_add(1, Ordering::Relaxed) + 1);
                // The receiver lives as long as the run.
                drop(queue.send(Arc::clone(new)));
            }
        });
        pods.synced().await;
        let kubelet = run_pods(client.clone(), waiting, tell_running);
        let tasks = [
            lifecycle::spawn("bench/leases", stop, renew(client.clone(), nodes)),
            lifecycle::spawn("bench/kubelets", stop, kubelet),
        ];
        Ok(Self { bound, running, _tasks: tasks, _informers: informers })
    }
}

fn has_node(pod: &Pod) -> bool {
    pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some())
}

fn renewal() -> Value {
    let now = lifecycle::clock::rfc3339_micros(lifecycle::clock::now());
    json!({"holderIdentity": "bench", "leaseDurationSeconds": 40, "renewTime": now})
}

async fn renew(client: Client, nodes: usize) {
    let api = Api::<Lease>::namespaced(&client, LEASES);
    let mut ticks = tokio::time::interval(RENEWAL);
    loop {
        ticks.tick().await;
        let all = stream::iter(0..nodes).map(|number| {
            let patch = Patch::Merge(json!({"spec": renewal()}));
            let api = &api;
            async move { api.patch(&name(number), &patch, &WriteOptions::default()).await }
        });
        // A renewal that is refused is made up for by the next.
        all.buffer_unordered(AT_ONCE).for_each(|done| async { drop(done) }).await;
    }
}

/// Says of each pod that it runs.
async fn run_pods(
    client: Client,
    waiting: mpsc::UnboundedReceiver<Arc<Pod>>,
    tell: watch::Sender<usize>,
) {
    let pods = stream::unfold(waiting, |mut waiting| async move {
        waiting.recv().await.map(|pod| (pod, waiting))
    });
    let done = pods.map(|pod| {
        let client = &client;
        async move {
            let namespace = pod.metadata.namespace.clone().unwrap_or_default();
            let name = pod.metadata.name.clone().unwrap_or_default();
            let api = Api::<Pod>::namespaced(client, namespace);
            api.patch_status(&name, &Patch::Strategic(running()), &WriteOptions::default()).await
        }
    });
    let mut done = std::pin::pin!(done.buffer_unordered(AT_ONCE));
    let mut count = 0;
    while let Some(written) = done.next().await {
        match written {
            Ok(_) => count += 1,
            Err(error) => eprintln!("a pod does not run: {error}"),
        }
        tell.send_replace(count);
    }
}

fn running() -> Value {
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let condition = |kind: &str| json!({"type": kind, "status": "True", "lastTransitionTime": now});
    let kinds = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];
    json!({"status": {
        "phase": "Running", "podIP": "192.0.2.1", "podIPs": [{"ip": "192.0.2.1"}],
        "hostIP": "192.0.2.2", "startTime": now, "conditions": kinds.map(condition),
        "containerStatuses": [{
            "name": "c", "image": "i", "imageID": "i", "ready": true, "restartCount": 0,
            "started": true, "state": {"running": {"startedAt": now}},
        }],
    }})
}
