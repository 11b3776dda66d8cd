//! What a sandbox and a container are to be, as data, and the OCI configuration made from it.
//!
//! Pure: the same spec gives the same `config.json`. Names follow the OCI runtime specification.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where a sandbox's network comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// The host's own.
    Host,
    /// The namespace kept under this path.
    Namespace(PathBuf),
}

/// Which processes a pod's containers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProcessView {
    /// Each container its own.
    Container,
    /// All containers of the pod share one view; the pause process is number 1.
    Pod,
    /// The host's.
    Host,
}

/// One pod's sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxSpec {
    /// Names the sandbox and its folder.
    pub id: String,
    /// Host name inside; empty leaves the host's.
    pub hostname: String,
    /// Network of the pod.
    pub network: Network,
    /// Process view of the pod.
    pub processes: ProcessView,
    /// Whether the pod uses the host's IPC.
    pub host_ipc: bool,
    /// Kernel settings of the pod's own namespaces.
    pub sysctls: BTreeMap<String, String>,
    /// Control group of the pod; its containers' groups stand below it.
    pub cgroup: String,
    /// What the pod as a whole may use.
    pub resources: Resources,
    /// Control group that the shim moves itself into.
    pub shim_cgroup: String,
    /// The caller's own notes, kept for the next one to adopt the sandbox.
    pub labels: BTreeMap<String, String>,
}

/// A file or folder of the host shown inside a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// Path on the host.
    pub source: PathBuf,
    /// Path in the container.
    pub target: String,
    /// Whether writes are refused.
    pub read_only: bool,
    /// `rprivate`, `rslave` or `rshared`.
    pub propagation: Propagation,
}

/// Which system calls a container may not make.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seccomp {
    /// None is refused.
    #[default]
    Unconfined,
    /// All that ordinary programs have no need of.
    RuntimeDefault,
}

/// How later mounts cross between host and container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// Not at all.
    #[default]
    Private,
    /// From the host into the container.
    HostToContainer,
    /// Both ways.
    Bidirectional,
}

/// Who a process runs as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// User number.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Further groups.
    pub groups: Vec<u32>,
}

/// What a container may use of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// Relative processor weight, version-1 units.
    pub cpu_shares: Option<u64>,
    /// Microseconds in every 100 ms.
    pub cpu_quota_us: Option<i64>,
    /// Bytes.
    pub memory_bytes: Option<u64>,
    /// Processes and threads.
    pub pids: Option<u64>,
    /// -1000 (never) to 1000 (first).
    pub oom_score_adj: i32,
}

/// One container: its process, its view of the host, its limits.
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in CRI and OCI")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Names the container; 64 hexadecimal digits from [`crate::new_id`].
    pub id: String,
    /// Program and arguments; at least one.
    pub args: Vec<String>,
    /// `NAME=value`, in order.
    pub env: Vec<String>,
    /// Working directory.
    pub cwd: String,
    /// Who it runs as.
    pub user: User,
    /// What of the host it sees.
    pub mounts: Vec<Mount>,
    /// What it may use.
    pub resources: Resources,
    /// Capability names without `CAP_`.
    pub capabilities: Vec<String>,
    /// All devices, all paths, writable kernel settings.
    pub privileged: bool,
    /// Which system calls are refused.
    pub seccomp: Seccomp,
    /// Forbids gaining privileges by execve.
    pub no_new_privileges: bool,
    /// Whether the root file system refuses writes.
    pub read_only_root: bool,
    /// Kernel paths are shown as they are.
    pub unmasked_proc: bool,
    /// Whether the process has a terminal.
    pub terminal: bool,
    /// Whether standard input is kept open for attaching.
    pub stdin: bool,
    /// Whether standard input ends with the first client that attached.
    pub stdin_once: bool,
    /// Where its output is written, in CRI's format.
    pub log_path: PathBuf,
    /// The caller's own notes.
    pub labels: BTreeMap<String, String>,
}

/// What container and sandbox share, known once the sandbox runs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The sandbox.
    pub sandbox: &'a SandboxSpec,
    /// Number of its pause process.
    pub pause_pid: i32,
    /// Capabilities that this machine can give at all.
    pub grantable: &'a [String],
    /// The host's devices, which privileged containers get.
    pub devices: &'a [Device],
}

/// A device node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Where it is.
    pub path: PathBuf,
    /// `c` or `b`.
    pub kind: char,
    /// Number of its driver.
    pub major: u64,
    /// Number within that.
    pub minor: u64,
    /// Permission bits.
    pub mode: u32,
}

/// Capabilities of a container that asks for none, as containerd gives them.
pub const DEFAULT_CAPABILITIES: [&str; 14] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

/// Search path of a process whose environment has none.
pub const DEFAULT_PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The OCI runtime configuration of a container.
pub fn oci_config(spec: &ContainerSpec, place: Place<'_>) -> Value {
    let mut linux = json!({
        "cgroupsPath": format!("{}/{}", place.sandbox.cgroup, spec.id),
        "namespaces": namespaces(place),
        "resources": resources(spec),
        "rootfsPropagation": root_propagation(&spec.mounts),
    });
    if !spec.privileged && !spec.unmasked_proc {
        linux["maskedPaths"] = json!(MASKED_PATHS);
        linux["readonlyPaths"] = json!(READONLY_PATHS);
    }
    if spec.seccomp == Seccomp::RuntimeDefault && !spec.privileged {
        linux["seccomp"] = crate::seccomp::default_profile(&spec.capabilities);
    }
    if spec.privileged {
        linux["devices"] = place.devices.iter().map(device).collect();
    }
    json!({
        "ociVersion": "1.0.2",
        "process": process(spec, place.grantable),
        "root": { "path": "rootfs", "readonly": spec.read_only_root },
        "mounts": mounts(spec, place.sandbox),
        "linux": linux,
    })
}

fn device(device: &Device) -> Value {
    json!({
        "path": device.path,
        "type": device.kind.to_string(),
        "major": device.major,
        "minor": device.minor,
        "fileMode": device.mode,
        "uid": 0,
        "gid": 0,
    })
}

fn process(spec: &ContainerSpec, grantable: &[String]) -> Value {
    let held = |name: &&String| grantable.contains(name);
    let capabilities: Vec<String> =
        spec.capabilities.iter().filter(held).map(|name| format!("CAP_{name}")).collect();
    let mut env = spec.env.clone();
    if !env.iter().any(|variable| variable.starts_with("PATH=")) {
        env.push(DEFAULT_PATH.to_owned());
    }
    if spec.terminal && !env.iter().any(|variable| variable.starts_with("TERM=")) {
        env.push("TERM=xterm".to_owned());
    }
    json!({
        "terminal": spec.terminal,
        "user": {
            "uid": spec.user.uid,
            "gid": spec.user.gid,
            "additionalGids": spec.user.groups,
        },
        "args": spec.args,
        "env": env,
        "cwd": if spec.cwd.is_empty() { "/" } else { &spec.cwd },
        "capabilities": {
            "bounding": capabilities,
            "effective": capabilities,
            "permitted": capabilities,
        },
        "noNewPrivileges": spec.no_new_privileges,
        "oomScoreAdj": spec.resources.oom_score_adj,
    })
}

fn namespaces(place: Place<'_>) -> Vec<Value> {
    let of_pause = |kind: &str| format!("/proc/{}/ns/{kind}", place.pause_pid);
    let mut list = vec![json!({ "type": "mount" })];
    match place.sandbox.processes {
        ProcessView::Container => list.push(json!({ "type": "pid" })),
        ProcessView::Pod => list.push(json!({ "type": "pid", "path": of_pause("pid") })),
        ProcessView::Host => {}
    }
    if let Network::Namespace(path) = &place.sandbox.network {
        list.push(json!({ "type": "network", "path": path }));
    }
    if !place.sandbox.host_ipc {
        list.push(json!({ "type": "ipc", "path": of_pause("ipc") }));
    }
    if !place.sandbox.hostname.is_empty() {
        list.push(json!({ "type": "uts", "path": of_pause("uts") }));
    }
    list
}

fn resources(spec: &ContainerSpec) -> Value {
    let asked = &spec.resources;
    let mut devices = vec![json!({ "allow": spec.privileged, "access": "rwm" })];
    if !spec.privileged {
        // runc itself adds the usual ones: null, zero, full, random, urandom, tty, console, ptmx.
        devices.push(json!({ "allow": true, "type": "c", "access": "m" }));
        devices.push(json!({ "allow": true, "type": "b", "access": "m" }));
    }
    let mut cpu = json!({});
    if let Some(shares) = asked.cpu_shares {
        cpu["shares"] = json!(shares);
    }
    if let Some(quota) = asked.cpu_quota_us {
        cpu["quota"] = json!(quota);
        cpu["period"] = json!(sys::cgroup::CPU_PERIOD_US);
    }
    let mut all = json!({ "devices": devices, "cpu": cpu });
    if let Some(bytes) = asked.memory_bytes {
        all["memory"] = json!({ "limit": bytes });
    }
    if let Some(pids) = asked.pids {
        all["pids"] = json!({ "limit": pids });
    }
    all
}

fn mounts(spec: &ContainerSpec, sandbox: &SandboxSpec) -> Vec<Value> {
    let kernel = if spec.privileged { "rw" } else { "ro" };
    let of = |target: &str, kind: &str, options: &[&str]| json!({ "destination": target, "type": kind, "source": kind, "options": options });
    let mut list = vec![
        of("/proc", "proc", &["nosuid", "noexec", "nodev"]),
        of("/dev", "tmpfs", &["nosuid", "strictatime", "mode=755", "size=65536k"]),
        of(
            "/dev/pts",
            "devpts",
            &["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
        ),
        of("/dev/mqueue", "mqueue", &["nosuid", "noexec", "nodev"]),
        of("/dev/shm", "tmpfs", &["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
    ];
    if sandbox.network == Network::Host {
        // A sysfs of our own needs a network namespace of our own.
        list.push(json!({ "destination": "/sys", "type": "bind", "source": "/sys",
            "options": ["rbind", "nosuid", "noexec", "nodev", kernel] }));
    } else {
        list.push(of("/sys", "sysfs", &["nosuid", "noexec", "nodev", kernel]));
        let options = ["nosuid", "noexec", "nodev", "relatime", kernel];
        list.push(of("/sys/fs/cgroup", "cgroup", &options));
    }
    list.extend(spec.mounts.iter().map(|mount| {
        let access = if mount.read_only { "ro" } else { "rw" };
        json!({ "destination": mount.target, "type": "bind", "source": mount.source,
            "options": ["rbind", propagation_option(mount.propagation), access] })
    }));
    list
}

fn propagation_option(propagation: Propagation) -> &'static str {
    match propagation {
        Propagation::Private => "rprivate",
        Propagation::HostToContainer => "rslave",
        Propagation::Bidirectional => "rshared",
    }
}

fn root_propagation(mounts: &[Mount]) -> &'static str {
    let has = |wanted| mounts.iter().any(|mount| mount.propagation == wanted);
    if has(Propagation::Bidirectional) {
        "rshared"
    } else if has(Propagation::HostToContainer) {
        "rslave"
    } else {
        "rprivate"
    }
}

/// What [`oci_config`]'s process becomes for a command run beside it.
pub fn exec_process(config: &Value, args: &[String], terminal: bool) -> Value {
    let mut process = config["process"].clone();
    process["args"] = json!(args);
    process["terminal"] = json!(terminal);
    if terminal && let Some(env) = process["env"].as_array_mut() {
        let given = |v: &Value| v.as_str().is_some_and(|text| text.starts_with("TERM="));
        if !env.iter().any(given) {
            env.push(json!("TERM=xterm"));
        }
    }
    process
}

const MASKED_PATHS: [&str; 10] = [
    "/proc/asound",
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
];

const READONLY_PATHS: [&str; 5] =
    ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox() -> SandboxSpec {
        SandboxSpec {
            id: "s".into(),
            hostname: "web".into(),
            network: Network::Namespace("/n".into()),
            processes: ProcessView::Container,
            host_ipc: false,
            sysctls: BTreeMap::new(),
            cgroup: "/kanoe/pod".into(),
            resources: Resources::default(),
            shim_cgroup: "/kanoe/shims".into(),
            labels: BTreeMap::new(),
        }
    }

    #[test]
    fn containers_join_what_their_pod_shares() {
        let kinds = |sandbox: &SandboxSpec| -> String {
            let place = Place { sandbox, pause_pid: 7, grantable: &[], devices: &[] };
            let list: Vec<String> = namespaces(place)
                .iter()
                .map(|n| match n["path"].as_str() {
                    Some(path) => format!("{}={path}", n["type"].as_str().unwrap()),
                    None => n["type"].as_str().unwrap().to_owned(),
                })
                .collect();
            list.join(" ")
        };
        let own = sandbox();
        assert_eq!(kinds(&own), "mount pid network=/n ipc=/proc/7/ns/ipc uts=/proc/7/ns/uts");
        let host = SandboxSpec {
            hostname: String::new(),
            network: Network::Host,
            processes: ProcessView::Host,
            host_ipc: true,
            ..sandbox()
        };
        assert_eq!(kinds(&host), "mount");
        let shared = SandboxSpec { processes: ProcessView::Pod, ..sandbox() };
        assert!(kinds(&shared).contains("pid=/proc/7/ns/pid"));
    }

    #[test]
    fn only_capabilities_the_machine_has_are_given() {
        let sandbox = sandbox();
        let spec = ContainerSpec {
            capabilities: vec!["CHOWN".into(), "SYS_RESOURCE".into()],
            ..ContainerSpec::default()
        };
        let grantable = ["CHOWN".to_owned()];
        let config = oci_config(
            &spec,
            Place { sandbox: &sandbox, pause_pid: 1, grantable: &grantable, devices: &[] },
        );
        assert_eq!(config["process"]["capabilities"]["bounding"], json!(["CAP_CHOWN"]));
        assert_eq!(config["linux"]["cgroupsPath"], "/kanoe/pod/");
    }

    #[test]
    fn a_privileged_container_sees_the_kernel_as_it_is() {
        let sandbox = sandbox();
        for (case, privileged, masked) in [("plain", false, true), ("privileged", true, false)] {
            let spec = ContainerSpec { privileged, ..ContainerSpec::default() };
            let fuse =
                Device { path: "/dev/fuse".into(), kind: 'c', major: 10, minor: 229, mode: 0o666 };
            let devices = [fuse];
            let place =
                Place { sandbox: &sandbox, pause_pid: 1, grantable: &[], devices: &devices };
            let config = oci_config(&spec, place);
            assert_eq!(config["linux"].get("maskedPaths").is_some(), masked, "{case}");
            assert_eq!(config["linux"]["devices"][0]["minor"] == 229, privileged, "{case}");
        }
    }
}
