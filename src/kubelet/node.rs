//! The Node object: registered once, its status kept true, its lease renewed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::{Api, ClientError, Patch, WriteOptions};
use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::api::core::v1::{
    ContainerImage, DaemonEndpoint, Node, NodeAddress, NodeCondition, NodeDaemonEndpoints,
    NodeSpec, NodeStatus, NodeSystemInfo,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta, OwnerReference, Time};
use machinery::well_known;
use runtime::image::Image;
use serde_json::{Value, json};

use crate::config::Config;
use crate::host::Host;

/// Namespace of the nodes' leases.
const LEASES: &str = "kube-node-lease";
/// How often the lease is renewed; it is held four times as long.
const RENEW: Duration = Duration::from_secs(10);
const HELD_SECONDS: i32 = 40;
/// How often the status is told although nothing has changed, as the kubelet does by default.
const REPORT: Duration = Duration::from_mins(5);
/// Images named in the status at most.
const MAX_IMAGES: usize = 50;

/// What this machine is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine {
    pub(crate) cpus: i64,
    pub(crate) memory_bytes: i64,
    disk_bytes: i64,
    id: String,
    boot_id: String,
    kernel: String,
    os_image: String,
}

impl Machine {
    /// Reads what the kernel and the distribution say.
    pub(crate) fn look(home: &std::path::Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let memory = read("/proc/meminfo");
        let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
        let kib = total.and_then(|text| text.trim().trim_end_matches(" kB").parse::<i64>().ok());
        let release = read("/etc/os-release");
        let pretty = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
        let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            cpus: i64::try_from(cpus).unwrap_or(1),
            memory_bytes: kib.unwrap_or(0) * 1024,
            disk_bytes: runtime::mounts::disk_bytes(home).unwrap_or(0),
            id: read("/etc/machine-id").trim().to_owned(),
            boot_id: read("/proc/sys/kernel/random/boot_id").trim().to_owned(),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            os_image: pretty.unwrap_or("Linux").trim_matches('"').to_owned(),
        }
    }

    fn capacity(&self, max_pods: u32) -> BTreeMap<String, Quantity> {
        let entries = [
            ("cpu", self.cpus.to_string()),
            ("memory", format!("{}Ki", self.memory_bytes / 1024)),
            ("ephemeral-storage", format!("{}Ki", self.disk_bytes / 1024)),
            ("hugepages-1Gi", "0".to_owned()),
            ("hugepages-2Mi", "0".to_owned()),
            ("pods", max_pods.to_string()),
        ];
        entries.map(|(name, amount)| (name.to_owned(), Quantity(amount))).into()
    }

    /// What pods may have of it: all but the memory and disk at which they would be evicted.
    fn allocatable(&self, max_pods: u32) -> BTreeMap<String, Quantity> {
        let mut amounts = self.capacity(max_pods);
        let memory = (self.memory_bytes / 1024 - 100 * 1024).max(0);
        amounts.insert("memory".to_owned(), Quantity(format!("{memory}Ki")));
        let disk = self.disk_bytes / 10 * 9;
        amounts.insert("ephemeral-storage".to_owned(), Quantity(disk.to_string()));
        amounts
    }
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn labels(config: &Config) -> BTreeMap<String, String> {
    let beta = |name: &str| format!("beta.kubernetes.io/{name}");
    let mut labels: BTreeMap<String, String> = [
        (well_known::HOSTNAME.to_owned(), config.node_name.clone()),
        (well_known::OS.to_owned(), "linux".to_owned()),
        (well_known::ARCH.to_owned(), architecture().to_owned()),
        (beta("os"), "linux".to_owned()),
        (beta("arch"), architecture().to_owned()),
    ]
    .into();
    labels.extend(config.labels.clone());
    labels
}

/// The object as it is when the node first comes.
fn new_node(config: &Config, status: NodeStatus) -> Node {
    Node {
        metadata: ObjectMeta {
            name: Some(config.node_name.clone()),
            labels: Some(labels(config)),
            annotations: Some(
                [("volumes.kubernetes.io/controller-managed-attach-detach", "true")]
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
            ),
            ..ObjectMeta::default()
        },
        spec: Some(NodeSpec {
            pod_cidr: Some(config.pod_cidr.to_string()),
            pod_cidrs: Some(vec![config.pod_cidr.to_string()]),
            ..NodeSpec::default()
        }),
        status: Some(status),
    }
}

/// The status of a node that works; `before` lends the times of what has not changed.
fn status(
    config: &Config,
    machine: &Machine,
    images: &[Image],
    before: Option<&NodeStatus>,
    now: Timestamp,
) -> NodeStatus {
    let address = |type_: &str, address: String| NodeAddress { address, type_: type_.to_owned() };
    NodeStatus {
        addresses: Some(vec![
            address("InternalIP", config.node_ip.to_string()),
            address("Hostname", config.node_name.clone()),
        ]),
        allocatable: Some(machine.allocatable(config.max_pods)),
        capacity: Some(machine.capacity(config.max_pods)),
        conditions: Some(conditions(Left::look(&config.home), before, now)),
        daemon_endpoints: Some(NodeDaemonEndpoints {
            kubelet_endpoint: Some(DaemonEndpoint { port: i32::from(config.port) }),
        }),
        images: Some(images_of(images)),
        node_info: Some(NodeSystemInfo {
            architecture: architecture().to_owned(),
            boot_id: machine.boot_id.clone(),
            container_runtime_version: format!("kanoe://{}", env!("CARGO_PKG_VERSION")),
            kernel_version: machine.kernel.clone(),
            kube_proxy_version: String::new(),
            kubelet_version: config.version.clone(),
            machine_id: machine.id.clone(),
            operating_system: "linux".to_owned(),
            os_image: machine.os_image.clone(),
            system_uuid: machine.id.clone(),
            swap: None,
        }),
        ..NodeStatus::default()
    }
}

/// What the machine has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    memory_bytes: i64,
    /// Hundredths of the disk.
    disk_percent: i64,
    processes: i64,
}

impl Left {
    /// Looks at the kernel's own figures; what cannot be read counts as plenty.
    pub(crate) fn look(home: &std::path::Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let memory = read("/proc/meminfo");
        let available = memory.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
        let kib =
            available.and_then(|text| text.trim().trim_end_matches(" kB").parse::<i64>().ok());
        let most: i64 = read("/proc/sys/kernel/pid_max").trim().parse().unwrap_or(i64::MAX);
        let load = read("/proc/loadavg");
        let running = load.split([' ', '/']).nth(4).and_then(|text| text.parse::<i64>().ok());
        Self {
            memory_bytes: kib.map_or(i64::MAX, |kib| kib * 1024),
            disk_percent: runtime::mounts::disk_free_percent(home).unwrap_or(100),
            processes: most - running.unwrap_or(0),
        }
    }
}

/// Below these the kubelet calls it pressure: its own default eviction thresholds.
const LEAST_MEMORY_BYTES: i64 = 100 << 20;
const LEAST_DISK_PERCENT: i64 = 10;
const LEAST_PROCESSES: i64 = 1000;

fn conditions(left: Left, before: Option<&NodeStatus>, now: Timestamp) -> Vec<NodeCondition> {
    let known: Vec<&NodeCondition> =
        before.iter().flat_map(|status| status.conditions.iter().flatten()).collect();
    let now = Time(Timestamp::from_second(now.as_second()).unwrap_or(now));
    let pressure = |kind: &'static str, short: bool, words: [&'static str; 4]| {
        let [few, few_words, enough, enough_words] = words;
        if short { (kind, "True", few, few_words) } else { (kind, "False", enough, enough_words) }
    };
    let rows = [
        pressure(
            "MemoryPressure",
            left.memory_bytes < LEAST_MEMORY_BYTES,
            [
                "KubeletHasInsufficientMemory",
                "kubelet has insufficient memory available",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
            ],
        ),
        pressure(
            "DiskPressure",
            left.disk_percent < LEAST_DISK_PERCENT,
            [
                "KubeletHasDiskPressure",
                "kubelet has disk pressure",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure",
            ],
        ),
        pressure(
            "PIDPressure",
            left.processes < LEAST_PROCESSES,
            [
                "KubeletHasInsufficientPID",
                "kubelet has insufficient PID available",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
            ],
        ),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ];
    rows.map(|(kind, status, reason, message)| {
        let same = known.iter().find(|c| c.type_ == kind && c.status == status);
        let since = same.and_then(|condition| condition.last_transition_time.clone());
        NodeCondition {
            last_heartbeat_time: Some(now.clone()),
            last_transition_time: Some(since.unwrap_or_else(|| now.clone())),
            message: Some(message.to_owned()),
            reason: Some(reason.to_owned()),
            status: status.to_owned(),
            type_: kind.to_owned(),
        }
    })
    .into()
}

fn images_of(images: &[Image]) -> Vec<ContainerImage> {
    let mut largest: Vec<&Image> = images.iter().collect();
    largest.sort_by_key(|image| std::cmp::Reverse(image.size_bytes));
    let entry = |image: &&Image| ContainerImage {
        names: Some([image.digests.clone(), image.tags.clone()].concat()),
        size_bytes: i64::try_from(image.size_bytes).ok(),
    };
    largest.iter().take(MAX_IMAGES).map(entry).collect()
}

/// Makes the Node object, or takes over the one that is there.
pub(crate) async fn register(host: &Host, machine: &Machine) -> Result<Node, ClientError> {
    let api = Api::<Node>::all(&host.client);
    let now = lifecycle::clock::now();
    let images = host.images.list().unwrap_or_default();
    let name = &host.config.node_name;
    let Some(known) = api.find(name).await? else {
        let status = status(&host.config, machine, &images, None, now);
        let created = api.create(&new_node(&host.config, status), &Host::write_options()).await;
        return match created {
            Err(error) if error.already_exists() => api.get(name).await,
            other => other,
        };
    };
    let wanted = labels(&host.config);
    let held = known.metadata.labels.as_ref();
    if wanted.iter().any(|(key, value)| held.and_then(|held| held.get(key)) != Some(value)) {
        let patch = Patch::Merge(json!({ "metadata": { "labels": wanted } }));
        api.patch(name, &patch, &Host::write_options()).await?;
    }
    tell(host, machine, known.status.as_ref()).await
}

/// Tells the node's status.
pub(crate) async fn tell(
    host: &Host,
    machine: &Machine,
    before: Option<&NodeStatus>,
) -> Result<Node, ClientError> {
    let images = host.images.list().unwrap_or_default();
    let now = lifecycle::clock::now();
    let status = status(&host.config, machine, &images, before, now);
    let mut fields = json!(status);
    if let Some(addresses) = fields.get_mut("addresses").and_then(Value::as_array_mut) {
        addresses.insert(0, json!({ "$patch": "replace" }));
    }
    let patch = Patch::Strategic(json!({ "status": fields }));
    let api = Api::<Node>::all(&host.client);
    api.patch_status(&host.config.node_name, &patch, &Host::write_options()).await
}

/// Renews the lease and tells the status, for as long as the kubelet runs.
pub(crate) async fn keep(host: Arc<Host>, machine: Machine, node: Node) {
    let uid = node.metadata.uid.clone().unwrap_or_default();
    let mut status = node.status;
    let mut renew = tokio::time::interval(RENEW);
    let mut report = tokio::time::interval_at(lifecycle::clock::instant() + REPORT, REPORT);
    for timer in [&mut renew, &mut report] {
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    }
    loop {
        tokio::select! {
            _ = renew.tick() => {
                if let Err(error) = hold_lease(&host, &uid).await {
                    tracing::warn!(%error, "lease not renewed");
                }
                if status.as_ref().is_some_and(|told| has_changed(&host, &machine, told)) {
                    report.reset_immediately();
                }
            }
            _ = report.tick() => match tell(&host, &machine, status.as_ref()).await {
                Ok(node) => status = node.status,
                Err(error) => tracing::warn!(%error, "node status not told"),
            },
        }
    }
}

/// Whether the status would say something new, the time apart. Asked every ten seconds, as the kubelet
/// does by default.
fn has_changed(host: &Host, machine: &Machine, told: &NodeStatus) -> bool {
    let images = host.images.list().unwrap_or_default();
    let now = status(&host.config, machine, &images, Some(told), lifecycle::clock::now());
    let words = |status: &NodeStatus| -> BTreeMap<String, String> {
        let conditions = status.conditions.iter().flatten();
        conditions.map(|condition| (condition.type_.clone(), condition.status.clone())).collect()
    };
    let known = words(told);
    let images = |status: &NodeStatus| status.images.clone().unwrap_or_default();
    words(&now).iter().any(|(kind, word)| known.get(kind) != Some(word))
        || images(told) != images(&now)
}

async fn hold_lease(host: &Host, uid: &str) -> Result<(), ClientError> {
    let api = Api::<Lease>::namespaced(&host.client, LEASES);
    let name = &host.config.node_name;
    let now = MicroTime(lifecycle::clock::now());
    let written = json!({ "spec": { "renewTime": now, "holderIdentity": name } });
    let renewed = api.patch(name, &Patch::Merge(written), &WriteOptions::default()).await;
    match renewed {
        Err(error) if error.not_found() => {}
        other => return other.map(drop),
    }
    let lease = Lease {
        metadata: ObjectMeta {
            name: Some(name.clone()),
            namespace: Some(LEASES.to_owned()),
            owner_references: Some(vec![OwnerReference {
                api_version: "v1".to_owned(),
                kind: "Node".to_owned(),
                name: name.clone(),
                uid: uid.to_owned(),
                ..OwnerReference::default()
            }]),
            ..ObjectMeta::default()
        },
        spec: Some(LeaseSpec {
            holder_identity: Some(name.clone()),
            lease_duration_seconds: Some(HELD_SECONDS),
            renew_time: Some(now),
            ..LeaseSpec::default()
        }),
    };
    api.create(&lease, &WriteOptions::default()).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressure_is_told_and_keeps_its_time() {
        let plenty = Left { memory_bytes: 1 << 30, disk_percent: 50, processes: 9000 };
        let at = |second| Timestamp::from_second(second).unwrap();
        let words = |list: &[NodeCondition]| -> String {
            let since =
                |c: &NodeCondition| c.last_transition_time.as_ref().map(|t| t.0.as_second());
            let word =
                |c: &NodeCondition| format!("{}={}@{}", c.type_, c.status, since(c).unwrap());
            list.iter().map(word).collect::<Vec<_>>().join(" ")
        };
        let first = conditions(plenty, None, at(1));
        assert_eq!(
            words(&first),
            "MemoryPressure=False@1 DiskPressure=False@1 PIDPressure=False@1 Ready=True@1"
        );
        let before = NodeStatus { conditions: Some(first), ..NodeStatus::default() };
        let full = Left { disk_percent: 3, ..plenty };
        let then = conditions(full, Some(&before), at(9));
        assert_eq!(
            words(&then),
            "MemoryPressure=False@1 DiskPressure=True@9 PIDPressure=False@1 Ready=True@1"
        );
    }
}
