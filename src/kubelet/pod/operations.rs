//! The deeds of a pod worker that take time: volumes and sandbox, image and container.
//!
//! Each runs in a task of its own and answers with what came of it; none touches the worker's state.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::core::pod::QosClass;
use client::EventKind::{Normal, Warning};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};
use network::HostPort;
use runtime::spec::{ContainerSpec, Mount, Network, ProcessView, Propagation, SandboxSpec};
use runtime::{Sandbox, image::Image};

use super::{PodId, stop};
use crate::container::{self, Recipe, env};
use crate::host::Host;
use crate::images;
use crate::volumes::content::{self, Sources, TokenRequest};
use crate::volumes::{self, VolumeError, claims::Disks};
use crate::{container::resources, dns};

/// Tokens that a pod's volumes show, with the time to renew each.
pub(crate) type Tokens = BTreeMap<TokenRequest, (String, Timestamp)>;

/// A sandbox that stands.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) sandbox: Sandbox,
    pub(crate) ip: String,
    pub(crate) tokens: Tokens,
}

/// Why a container or sandbox did not come to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) message: String,
}

/// What an attempt to start a container came to.
#[derive(Debug)]
pub(crate) struct Started {
    /// The container, if the runtime has it now.
    pub(crate) spec: Option<ContainerSpec>,
    /// Why it does not run.
    pub(crate) failure: Option<Failure>,
}

/// Sets the pod's volumes up, or brings them up to date; answers with its tokens.
pub(crate) async fn prepare_volumes(
    host: &Host,
    pod: &Pod,
    ip: &str,
    mut tokens: Tokens,
) -> Result<Tokens, (String, VolumeError)> {
    let Some(spec) = &pod.spec else { return Ok(tokens) };
    let about = Host::about(pod);
    let folder = host.pod_folder(&PodId::of(pod).uid);
    let lookups = host.lookups(pod).await;
    let refused = renew_tokens(host, pod, &mut tokens).await;
    let plain: BTreeMap<TokenRequest, String> =
        tokens.iter().map(|(wanted, (text, _))| (wanted.clone(), text.clone())).collect();
    let place = host.place(ip);
    let sources = Sources { lookups: &lookups, place: &place, tokens: &plain };
    let disks = host.disks(pod).await.map_err(|(name, error)| {
        let text = format!(
            "Unable to attach or mount volumes: unmounted volumes=[{name}], unattached volumes=[], \
             failed to process volumes=[{name}]: {}",
            error.0
        );
        host.recorder.event(&about, Warning, "FailedMount", text);
        (name, error)
    })?;
    for volume in spec.volumes.iter().flatten() {
        let disk = disks.get(&volume.name);
        let made = match disk {
            Some(disk) => disk.prepare(pod),
            None => volumes::check(volume)
                .and_then(|()| volumes::make_plain(pod, &folder, volume))
                .and_then(|()| fill(pod, volume, &folder, &sources)),
        };
        if let Err(mut error) = made {
            let shown = disk.map_or(&volume.name, |disk| &disk.name);
            if let (true, Some(refused)) = (error.0.contains("token"), &refused) {
                error.0 = format!("failed to fetch token: {refused}");
            }
            let name = volume.name.clone();
            let text = format!("MountVolume.SetUp failed for volume \"{shown}\" : {}", error.0);
            host.recorder.event(&about, Warning, "FailedMount", text);
            return Err((name, error));
        }
    }
    Ok(tokens)
}

/// Asks for the tokens that are missing or old; answers with the last refusal.
async fn renew_tokens(host: &Host, pod: &Pod, tokens: &mut Tokens) -> Option<String> {
    let now = lifecycle::clock::now();
    let mut refused = None;
    for wanted in content::tokens(pod) {
        if tokens.get(&wanted).is_some_and(|(_, renew)| *renew > now) {
            continue;
        }
        match host.token(pod, &wanted).await {
            Ok(token) => drop(tokens.insert(wanted, token)),
            Err(error) => refused = Some(error.to_string()),
        }
    }
    refused
}

fn fill(
    pod: &Pod,
    volume: &k8s_openapi::api::core::v1::Volume,
    folder: &Path,
    sources: &Sources<'_>,
) -> Result<(), VolumeError> {
    let Some(files) = content::files(pod, volume, sources)? else { return Ok(()) };
    let path = volumes::place(folder, volume, &Disks::new());
    let failed = |error: std::io::Error| VolumeError(error.to_string());
    let changed = volumes::files::write(&path, &files).map_err(failed)?;
    if changed {
        volumes::own_by_group(pod, &path).map_err(failed)?;
    }
    Ok(())
}

/// Makes the sandbox: volumes, network, pause process.
pub(crate) async fn create_sandbox(
    host: Arc<Host>,
    pod: Arc<Pod>,
    qos: QosClass,
) -> Result<Made, Failure> {
    let id = PodId::of(&pod);
    let Some(spec) = &pod.spec else {
        return Err(Failure { reason: "InvalidPod".into(), message: "the pod has no spec".into() });
    };
    let on_host = spec.host_network.unwrap_or(false);
    let failed = |error: String| {
        let message = format!("Failed to create pod sandbox: {error}");
        host.recorder.event(&Host::about(&pod), Warning, "FailedCreatePodSandBox", message.clone());
        Failure { reason: "FailedCreatePodSandBox".to_owned(), message }
    };
    let (ip, network) = if on_host {
        (host.config.node_ip.to_string(), Network::Host)
    } else {
        let place =
            host.network.attach(&id.uid).await.map_err(|error| failed(error.to_string()))?;
        let ports = host_ports(spec);
        let published = host.network.publish(&id.uid, place.ip, ports).await;
        published.map_err(|error| failed(error.to_string()))?;
        (place.ip.to_string(), Network::Namespace(place.namespace))
    };
    let tokens = prepare_volumes(&host, &pod, &ip, Tokens::new())
        .await
        .map_err(|(_, error)| Failure { reason: "FailedMount".to_owned(), message: error.0 })?;
    let wanted = sandbox_spec(&host, &pod, spec, network, qos);
    let sandbox =
        host.runtime.create_sandbox(wanted).await.map_err(|error| failed(with_causes(&error)))?;
    Ok(Made { sandbox, ip, tokens })
}

/// The node's ports that a pod asks for; IPv6 addresses of the node are not served.
fn host_ports(spec: &PodSpec) -> Vec<HostPort> {
    let sidecars = spec.init_containers.iter().flatten();
    let all = sidecars.chain(&spec.containers).flat_map(|one| one.ports.iter().flatten());
    let asked = all.filter_map(|port| {
        let number = |number: i32| u16::try_from(number).ok().filter(|number| *number > 0);
        let address = port.host_ip.as_deref().filter(|ip| !matches!(*ip, "" | "0.0.0.0" | "::"));
        Some(HostPort {
            protocol: port.protocol.as_deref().unwrap_or("TCP").to_ascii_lowercase(),
            address: address.map(str::parse).transpose().ok()?,
            port: number(port.host_port?)?,
            inside: number(port.container_port)?,
        })
    });
    asked.collect()
}

fn sandbox_spec(
    host: &Host,
    pod: &Pod,
    spec: &PodSpec,
    network: Network,
    qos: QosClass,
) -> SandboxSpec {
    let id = PodId::of(pod);
    let sysctls = spec.security_context.as_ref().and_then(|context| context.sysctls.as_ref());
    let processes = if spec.host_pid.unwrap_or(false) {
        ProcessView::Host
    } else if spec.share_process_namespace.unwrap_or(false) {
        ProcessView::Pod
    } else {
        ProcessView::Container
    };
    let labels = [
        ("io.kubernetes.pod.name", id.name.clone()),
        ("io.kubernetes.pod.namespace", id.namespace.clone()),
        ("io.kubernetes.pod.uid", id.uid.clone()),
    ];
    SandboxSpec {
        hostname: if network == Network::Host {
            String::new()
        } else {
            container::hostname(pod, spec)
        },
        network,
        processes,
        host_ipc: spec.host_ipc.unwrap_or(false),
        sysctls: sysctls.into_iter().flatten().map(|s| (s.name.clone(), s.value.clone())).collect(),
        cgroup: host.pod_group(&id.uid, qos.word()),
        resources: resources::of_pod(pod),
        shim_cgroup: format!("{}/shims", host.config.cgroup_root),
        labels: labels.map(|(key, value)| (key.to_owned(), value)).into(),
        id: id.uid,
    }
}

/// An error with all that caused it, in one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        next = cause.source();
    }
    text
}

/// What starting a container needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) host: Arc<Host>,
    pub(crate) pod: Arc<Pod>,
    pub(crate) sandbox: Sandbox,
    pub(crate) ip: String,
    pub(crate) container: String,
    pub(crate) attempt: u32,
    pub(crate) qos: QosClass,
}

/// Brings a container from nothing to running.
pub(crate) async fn start_container(start: Start) -> Started {
    let none = |failure| Started { spec: None, failure: Some(failure) };
    let about = Host::about_container(&start.pod, &start.container);
    let found = start.pod.spec.as_ref().and_then(|spec| super::container(spec, &start.container));
    let Some((_, container)) = found else {
        return none(Failure {
            reason: "CreateContainerError".into(),
            message: "no such container".into(),
        });
    };
    let image = match images::ensure(&start.host, &about, &start.pod, container).await {
        Ok(image) => image,
        Err(failure) => {
            return none(Failure { reason: failure.reason.to_owned(), message: failure.message });
        }
    };
    let recorder = &start.host.recorder;
    let spec = match prepare(&start, container, image).await {
        Ok(spec) => spec,
        Err(failure) => {
            let text = format!("Error: {}", failure.message);
            recorder.event(&about, Warning, "Failed", text);
            return none(failure);
        }
    };
    recorder.event(&about, Normal, "Created", "Container created");
    if let Err(error) = start.sandbox.start_container(&spec.id).await {
        let message = start_error(&error.to_string());
        recorder.event(&about, Warning, "Failed", format!("Error: {message}"));
        let failure = Failure { reason: "RunContainerError".to_owned(), message };
        return Started { spec: Some(spec), failure: Some(failure) };
    }
    recorder.event(&about, Normal, "Started", "Container started");
    let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.post_start.as_ref());
    if let Some(hook) = hook
        && let Err(message) =
            stop::run_hook(&start.sandbox, &spec.id, hook, &start.ip, container).await
    {
        recorder.event(&about, Warning, "FailedPostStartHook", "PostStartHook failed");
        drop(start.sandbox.kill(&spec.id, 9).await);
        let failure = Failure { reason: "PostStartHookError".to_owned(), message };
        return Started { spec: Some(spec), failure: Some(failure) };
    }
    Started { spec: Some(spec), failure: None }
}

/// runc's refusal in the words of containerd, through which the kubelet hears it.
fn start_error(words: &str) -> String {
    format!(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: {words}: unknown"
    )
    .replace("containerd task", "task")
    .replace("runc run failed", "runc create failed")
}

async fn prepare(
    start: &Start,
    container: &Container,
    image: Image,
) -> Result<ContainerSpec, Failure> {
    let config = |message: String| Failure { reason: "CreateContainerConfigError".into(), message };
    let create = |message: String| Failure { reason: "CreateContainerError".into(), message };
    let Start { host, pod, .. } = start;
    let Some(pod_spec) = &pod.spec else { return Err(config("the pod has no spec".to_owned())) };
    let lookups = host.lookups(pod).await;
    let env = env::environment(pod, container, &lookups, &host.place(&start.ip))
        .map_err(|error| config(error.0))?;
    let id = PodId::of(pod);
    let folder = host.pod_folder(&id.uid);
    let disks = host.disks(pod).await.map_err(|(_, error)| config(error.0))?;
    let mut mounts = volumes::mounts::of_container(pod_spec, container, (&folder, &disks), &env)
        .map_err(|error| config(error.0))?;
    let hostname = container::hostname(pod, pod_spec);
    let small = SmallFiles { start, container, spec: pod_spec, hostname: &hostname };
    mounts.extend(small.write(&folder, &mounts).map_err(|error| create(error.to_string()))?);

    let recipe = Recipe {
        pod,
        container,
        image: &image,
        env,
        mounts,
        attempt: start.attempt,
        hostname: &hostname,
        log_path: host.log_path(&id, &container.name, start.attempt),
        grantable: host.runtime.capabilities(),
        node_memory_bytes: host.memory_bytes,
        qos: start.qos,
    };
    let (spec, user) = container::spec(recipe).map_err(|refused| config(refused.0))?;
    let made = start.sandbox.create_container(spec, image, user).await;
    made.map_err(|error| create(with_causes(&error)))
}

/// Where a container's last words are read from.
pub(crate) fn termination_file(folder: &Path, container: &str, attempt: u32) -> PathBuf {
    folder.join("containers").join(container).join(format!("termination-{attempt}"))
}

/// The files that every container gets: hosts, resolv.conf, hostname, last words.
struct SmallFiles<'a> {
    start: &'a Start,
    container: &'a Container,
    spec: &'a PodSpec,
    hostname: &'a str,
}

impl SmallFiles<'_> {
    fn write(&self, folder: &Path, taken: &[Mount]) -> std::io::Result<Vec<Mount>> {
        let Start { host, pod, ip, attempt, .. } = self.start;
        let on_host = self.spec.host_network.unwrap_or(false);
        std::fs::create_dir_all(folder)?;
        let hosts = if on_host {
            let own = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
            dns::hosts_of_node(self.spec, &own)
        } else {
            let domain = &host.resolver.cluster_domain;
            dns::hosts(pod, self.spec, self.hostname, ip, domain)
        };
        let mut mounts = Vec::new();
        let mut show = |name: &str, target: &str, text: &str| -> std::io::Result<()> {
            let source = folder.join(name);
            if std::fs::read_to_string(&source).ok().as_deref() != Some(text) {
                std::fs::write(&source, text)?;
            }
            if !taken.iter().any(|mount| mount.target == target) {
                mounts.push(mount(source, target));
            }
            Ok(())
        };
        show("etc-hosts", "/etc/hosts", &hosts)?;
        let resolv = dns::resolv_conf(pod, self.spec, &host.resolver);
        show("resolv.conf", "/etc/resolv.conf", &resolv)?;
        if !on_host {
            show("hostname", "/etc/hostname", &format!("{}\n", self.hostname))?;
        }
        let last_words = termination_file(folder, &self.container.name, *attempt);
        if let Some(parent) = last_words.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&last_words, "")?;
        let open = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
        std::fs::set_permissions(&last_words, open)?;
        let path = self.container.termination_message_path.as_deref();
        mounts.push(mount(last_words, path.unwrap_or("/dev/termination-log")));
        Ok(mounts)
    }
}

fn mount(source: PathBuf, target: &str) -> Mount {
    let target = target.to_owned();
    Mount { source, target, read_only: false, propagation: Propagation::Private }
}
