//! Pod workers, probes, status, volumes, and the node's own server.
//!
//! The kubelet sees the cluster through `client` alone: pods bound to this node come in, statuses and
//! events go out. A pod is a state machine ([`pod::decide`], pure) in a worker of its own. Containers
//! belong to their shims: whatever ends this process, they go on, and the next kubelet adopts them.

mod config;
mod container;
mod dns;
mod host;
mod http;
mod images;
mod logs;
mod node;
mod pod;
mod probes;
mod provisioner;
mod server;
mod volumes;

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use client::{Client, Informers, ObjectKey, Recorder, SharedCache};
use k8s_openapi::Metadata;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Pod, Secret, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lifecycle::{Component, ComponentError, Running, StopToken, Task};
use network::Network;
use runtime::image::Store;
use runtime::{Runtime, Sandbox};
use tokio::sync::{Semaphore, broadcast, watch};

pub use self::config::Config;
use self::host::Host;
use self::node::Machine;
use self::pod::PodId;
use self::pod::worker::{Wanted, Worker};
pub use self::server::NodeServer;

/// Ends every pod that a cluster's home still has and takes away all that stands outside of it:
/// processes, mounts, links, rules and control groups. No kubelet may run on the home meanwhile.
///
/// Asked again, does nothing.
pub async fn erase(
    home: &Path,
    cluster_id: &str,
    cgroup_root: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let stop = StopToken::new();
    let program = Path::new("/proc/self/exe");
    let runtime = Runtime::open(&home.join("sandboxes"), program, stop.clone())?;
    for sandbox in runtime.adopt().await? {
        sandbox.remove().await?;
    }
    network::remove_all(cluster_id, &home.join("network")).await?;
    runtime.remove_group(cgroup_root).await?;
    runtime::mounts::remove_folder(&home.join("kubelet"))?;
    stop.cancel();
    Ok(())
}

/// The address under which others reach this machine: where its way out begins.
///
/// `None` where it has no way out. No packet is sent for it.
pub fn outward_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address that nobody has (RFC 5737): it takes the default route.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// The name that logs and events show.
const NAME: &str = "kubelet";

/// A node's kubelet, ready to be started.
#[derive(Debug)]
pub struct Kubelet {
    config: Config,
    client: Client,
    informers: Informers,
    images: Store,
    server: NodeServer,
}

impl Kubelet {
    /// A kubelet that speaks to the cluster through `client` and reads `informers`' caches.
    pub fn new(config: Config, client: Client, informers: Informers, images: Store) -> Self {
        Self { config, client, informers, images, server: NodeServer::default() }
    }

    /// The node's own server: logs, exec, attach and port-forward, once the kubelet is started.
    pub fn server(&self) -> NodeServer {
        self.server.clone()
    }

    async fn begin(self, stop: StopToken) -> Result<Running, ComponentError> {
        let failed =
            |error: Box<dyn std::error::Error + Send + Sync>| ComponentError::new(NAME, error);
        let host = self.host(&stop).await.map_err(failed)?;
        let machine = Machine::look(&host.config.home);
        let node = node::register(&host, &machine).await.map_err(|error| failed(error.into()))?;
        provisioner::offer_class(&self.client).await.map_err(|error| failed(error.into()))?;
        let selector = format!("spec.nodeName={}", host.config.node_name);
        let pods = self.informers.cache_where::<Pod>(&selector);
        pods.synced().await;
        let left = host.runtime.adopt().await.map_err(|error| failed(error.into()))?;

        self.server.open(&host, &pods);
        let dispatch = Arc::new(Dispatch::new(&host, &stop));
        dispatch.adopt(left, &pods);
        follow_changes(&host, &self.informers);
        dispatch.release_addresses().await;
        let heard = Arc::clone(&dispatch);
        pods.on_change(move |old, new| heard.hear(old, new));
        let keep =
            lifecycle::spawn("kubelet/node", &stop, node::keep(Arc::clone(&host), machine, node));
        let place = (host.config.node_name.clone(), host.volumes());
        let provide = provisioner::run(&self.client, &self.informers, place, &stop);
        let end = lifecycle::spawn("kubelet/workers", &StopToken::new(), async move {
            stop.cancelled().await;
            dispatch.ended().await;
        });
        Ok(Running::new(vec![keep, provide, end]))
    }

    async fn host(
        &self,
        stop: &StopToken,
    ) -> Result<Arc<Host>, Box<dyn std::error::Error + Send + Sync>> {
        let config = self.config.clone();
        let network = Network::start(network::Config {
            cluster_id: config.cluster_id.clone(),
            state: config.home.join("network"),
            pod_cidr: config.pod_cidr,
            cluster_cidr: config.cluster_cidr,
            service_cidr: config.service_cidr,
        })
        .await?;
        let runtime = Runtime::open(&config.home.join("sandboxes"), &config.program, stop.clone())?;
        let machine = Machine::look(&config.home);
        let resolver = dns::Resolver {
            cluster_dns: config.cluster_dns,
            cluster_domain: config.cluster_domain.clone(),
            host: std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default(),
        };
        Ok(Arc::new(Host {
            recorder: Recorder::new(&self.client, NAME, &config.node_name, stop),
            client: self.client.clone(),
            runtime,
            images: self.images.clone(),
            network,
            informers: self.informers.clone(),
            config_maps: self.informers.cache::<ConfigMap>(),
            secrets: self.informers.cache::<Secret>(),
            services: self.informers.cache::<Service>(),
            claims: self.informers.cache(),
            disks: self.informers.cache(),
            pulls: Semaphore::new(1),
            changes: broadcast::Sender::new(64),
            resolver,
            cpu_milli: machine.cpus * 1000,
            memory_bytes: machine.memory_bytes,
            stop: stop.clone(),
            live: Mutex::default(),
            config,
        }))
    }
}

impl Component for Kubelet {
    fn name(&self) -> &'static str {
        NAME
    }

    fn after(&self) -> &'static [&'static str] {
        &["apiserver"]
    }

    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>> {
        Box::pin((*self).begin(stop))
    }
}

/// Tells all workers when an object that volumes are made from has changed.
fn follow_changes(host: &Host, informers: &Informers) {
    fn forward<K: client::Cached + k8s_openapi::Resource + Metadata<Ty = ObjectMeta>>(
        cache: &SharedCache<K>,
        changes: broadcast::Sender<String>,
    ) {
        cache.on_change(move |old, new| {
            if let Some(object) = new.or(old) {
                let meta = object.metadata();
                let namespace = meta.namespace.as_deref().unwrap_or_default();
                let name = meta.name.as_deref().unwrap_or_default();
                // No worker listens: then nobody has such a volume.
                drop(changes.send(format!("{namespace}/{name}")));
            }
        });
    }
    forward(&informers.cache::<ConfigMap>(), host.changes.clone());
    forward(&informers.cache::<Secret>(), host.changes.clone());
    forward(&informers.cache::<PersistentVolumeClaim>(), host.changes.clone());
}

/// Who works on which pod.
struct Dispatch {
    host: Arc<Host>,
    stop: StopToken,
    workers: Mutex<HashMap<String, Entry>>,
}

struct Entry {
    key: ObjectKey,
    wanted: watch::Sender<Wanted>,
    task: Task,
}

impl Dispatch {
    fn new(host: &Arc<Host>, stop: &StopToken) -> Self {
        Self { host: Arc::clone(host), stop: stop.clone(), workers: Mutex::default() }
    }

    fn workers(&self) -> std::sync::MutexGuard<'_, HashMap<String, Entry>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over sandboxes that an earlier process left; those without a pod are ended.
    fn adopt(&self, left: Vec<Sandbox>, pods: &SharedCache<Pod>) {
        for sandbox in left {
            let uid = sandbox.spec().id.clone();
            let label = |key: &str| sandbox.spec().labels.get(key).cloned().unwrap_or_default();
            let key = ObjectKey::new(
                label("io.kubernetes.pod.namespace"),
                label("io.kubernetes.pod.name"),
            );
            let known = pods.find(&key).filter(|pod| pod.metadata.uid.as_deref() == Some(&uid));
            if let Some(pod) = known {
                self.begin(&pod, Some(sandbox));
                continue;
            }
            let metadata = ObjectMeta {
                namespace: Some(key.namespace),
                name: Some(key.name),
                uid: Some(uid.clone()),
                ..ObjectMeta::default()
            };
            let pod = Arc::new(Pod { metadata, spec: Some(orphan(&sandbox)), status: None });
            self.begin(&pod, Some(sandbox));
            self.tell(&uid, Wanted::Gone);
        }
    }

    fn begin(&self, pod: &Arc<Pod>, sandbox: Option<Sandbox>) {
        let id = PodId::of(pod);
        let wanted = watch::Sender::new(Wanted::Present(Arc::clone(pod)));
        let worker = Worker::new(&self.host, Arc::clone(pod), wanted.subscribe(), sandbox);
        let task = lifecycle::spawn("kubelet/pod", &self.stop, worker.run());
        let key = ObjectKey::new(id.namespace, id.name);
        let mut workers = self.workers();
        workers.retain(|_, entry| !entry.task.is_finished());
        workers.insert(id.uid, Entry { key, wanted, task });
    }

    fn tell(&self, uid: &str, what: Wanted) {
        if let Some(entry) = self.workers().get(uid) {
            entry.wanted.send_replace(what);
        }
    }

    /// A pod of this node has come, changed or gone.
    fn hear(&self, old: Option<&Arc<Pod>>, new: Option<&Arc<Pod>>) {
        let uid = |pod: &Arc<Pod>| pod.metadata.uid.clone().unwrap_or_default();
        let replaced = old.filter(|old| new.is_none_or(|new| uid(new) != uid(old)));
        if let Some(old) = replaced {
            self.tell(&uid(old), Wanted::Gone);
        }
        let Some(new) = new else { return };
        let working = self.workers().get(&uid(new)).is_some_and(|entry| !entry.task.is_finished());
        if working {
            self.tell(&uid(new), Wanted::Present(Arc::clone(new)));
        } else {
            self.begin(new, None);
        }
    }

    /// Gives back addresses of pods that are no more, nor have left a sandbox.
    async fn release_addresses(&self) {
        for uid in self.host.network.pods() {
            let known = self.workers().contains_key(&uid);
            if !known && let Err(error) = self.host.network.detach(&uid).await {
                tracing::warn!(uid, %error, "address not given back");
            }
        }
    }

    async fn ended(&self) {
        let entries: Vec<Entry> = self.workers().drain().map(|(_, entry)| entry).collect();
        for entry in entries {
            tracing::debug!(pod = %entry.key.name, "worker ends");
            entry.task.ended().await;
        }
    }
}

/// The least spec under which a sandbox without a pod can be ended.
fn orphan(sandbox: &Sandbox) -> k8s_openapi::api::core::v1::PodSpec {
    let names = sandbox
        .containers()
        .into_iter()
        .filter_map(|spec| spec.labels.get(pod::seen::NAME).cloned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    let containers = names.into_iter().map(|name| k8s_openapi::api::core::v1::Container {
        name,
        ..k8s_openapi::api::core::v1::Container::default()
    });
    k8s_openapi::api::core::v1::PodSpec {
        containers: containers.collect(),
        ..k8s_openapi::api::core::v1::PodSpec::default()
    }
}
