//! Each rule of the levels baseline and restricted, in the words in which it is broken. Pure.
//! Source: `k8s.io/pod-security-admission/policy/check_*.go`.

use machinery::meta;
use serde_json::Value;

use super::standard::Violation;

/// A pod, or a template of one.
pub(super) struct Pod<'a> {
    pub(super) metadata: &'a Value,
    pub(super) spec: &'a Value,
}

impl<'a> Pod<'a> {
    fn containers(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        let spec = self.spec;
        let lists = ["/initContainers", "/containers", "/ephemeralContainers"];
        lists.into_iter().flat_map(move |list| meta::items(spec, list))
    }

    /// The names of the containers that `wrong` finds.
    fn named(&self, wrong: impl Fn(&Value) -> bool) -> Vec<String> {
        let found = self.containers().filter(|container| wrong(container));
        found.map(|container| meta::text(container, "/name").to_owned()).collect()
    }

    fn context(&self, pointer: &str) -> Option<&'a Value> {
        self.spec.get("securityContext")?.pointer(pointer)
    }

    /// The pod and the containers whose context is `wrong`, as those who set something.
    fn setters(&self, wrong: impl Fn(&Value) -> bool) -> Vec<String> {
        let own = self.spec.get("securityContext").is_some_and(&wrong);
        let of = |it: &Value| it.get("securityContext").is_some_and(&wrong);
        let containers = several("container", &self.named(of));
        own.then(|| "pod".to_owned()).into_iter().chain(containers).collect()
    }

    /// The different texts under a pointer of all contexts that `wrong` finds, sorted.
    fn values(&self, pointer: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let containers = self.containers().filter_map(|it| context(it, pointer));
        let all = self.context(pointer).into_iter().chain(containers).filter_map(Value::as_str);
        sorted(all.filter(|text| wrong(text)).map(str::to_owned))
    }

    fn is_windows(&self) -> bool {
        meta::text(self.spec, "/os/name") == "windows"
    }

    /// Whether the users inside are not those of the node.
    fn has_own_users(&self) -> bool {
        self.spec["hostUsers"] == false
    }
}

fn sorted(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = all.collect();
    all.sort();
    all.dedup();
    all
}

fn quoted(all: &[String]) -> String {
    if all.is_empty() { String::new() } else { format!("\"{}\"", all.join("\", \"")) }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `container "a"` or `containers "a", "b"`; `None` where there is none.
fn several(what: &str, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{what}{} {}", plural(names.len()), quoted(names)))
}

fn joined(parts: &[String], by: &str) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(by))
}

fn broken(reason: &'static str, detail: Option<String>) -> Option<Violation> {
    detail.map(|detail| Violation { reason, detail })
}

fn context<'a>(container: &'a Value, pointer: &str) -> Option<&'a Value> {
    container.get("securityContext")?.pointer(pointer)
}

pub(super) fn apparmor(pod: &Pod<'_>) -> Option<Violation> {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
    const TYPE: &str = "/appArmorProfile/type";
    let wrong = |kind: &str| !matches!(kind, "RuntimeDefault" | "Localhost");
    let set = |it: &Value| it.get("appArmorProfile").is_some_and(Value::is_object);
    let mut who = pod.setters(|it| set(it) && wrong(meta::text(it, TYPE)));
    let mut bad = pod.values(TYPE, wrong);
    let allowed = |value: &str| {
        value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
    };
    let notes = meta::strings(pod.metadata, "/annotations")
        .filter(|(key, value)| key.starts_with(PREFIX) && !allowed(value));
    let notes = sorted(notes.map(|(key, value)| format!("{key}={value:?}")));
    if !notes.is_empty() {
        who.push(format!("annotation{}", plural(notes.len())));
        bad.extend(notes);
    }
    let reason =
        if bad.len() == 1 { "forbidden AppArmor profile" } else { "forbidden AppArmor profiles" };
    let who = joined(&who, " and ")?;
    let detail = format!("{who} must not set AppArmor profile type to {}", quoted(&bad));
    broken(reason, Some(detail))
}

const DEFAULT_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Complaint about capabilities that are added and not `allowed`.
fn forbidden_capabilities(pod: &Pod<'_>, allowed: &[&str]) -> Option<String> {
    let added = |container: &Value| -> Vec<String> {
        let list = context(container, "/capabilities/add").and_then(Value::as_array);
        let list = list.into_iter().flatten().filter_map(Value::as_str);
        list.filter(|one| !allowed.contains(one)).map(str::to_owned).collect()
    };
    let containers = several("container", &pod.named(|it| !added(it).is_empty()))?;
    let all = sorted(pod.containers().flat_map(added));
    Some(format!(
        "{containers} must not include {} in securityContext.capabilities.add",
        quoted(&all)
    ))
}

pub(super) fn added_capabilities(pod: &Pod<'_>) -> Option<Violation> {
    broken("non-default capabilities", forbidden_capabilities(pod, &DEFAULT_CAPABILITIES))
}

pub(super) fn kept_capabilities(pod: &Pod<'_>) -> Option<Violation> {
    let drops_all = |container: &Value| {
        let list = context(container, "/capabilities/drop").and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|one| one == "ALL"))
    };
    let keeping = several("container", &pod.named(|it| !drops_all(it)));
    let keeping =
        keeping.map(|it| format!("{it} must set securityContext.capabilities.drop=[\"ALL\"]"));
    let added = forbidden_capabilities(pod, &["NET_BIND_SERVICE"]);
    let all: Vec<String> = keeping.into_iter().chain(added).collect();
    broken("unrestricted capabilities", joined(&all, "; "))
}

pub(super) fn kept_capabilities_of_linux(pod: &Pod<'_>) -> Option<Violation> {
    if pod.is_windows() { None } else { kept_capabilities(pod) }
}

pub(super) fn host_namespaces(pod: &Pod<'_>) -> Option<Violation> {
    let fields = ["hostNetwork", "hostPID", "hostIPC"];
    let set = fields.iter().filter(|field| pod.spec[**field] == true);
    let set: Vec<String> = set.map(|field| format!("{field}=true")).collect();
    broken("host namespaces", joined(&set, ", "))
}

pub(super) fn host_paths(pod: &Pod<'_>) -> Option<Violation> {
    let volumes = meta::items(pod.spec, "/volumes").iter();
    let found = volumes.filter(|volume| volume.get("hostPath").is_some_and(Value::is_object));
    let names: Vec<String> = found.map(|volume| meta::text(volume, "/name").to_owned()).collect();
    broken("hostPath volumes", several("volume", &names))
}

pub(super) fn host_ports(pod: &Pod<'_>) -> Option<Violation> {
    let ports = |container: &Value| -> Vec<String> {
        let ports = meta::items(container, "/ports").iter();
        let ports = ports.filter_map(|port| meta::number(port, "/hostPort"));
        ports.filter(|port| *port != 0).map(|port| port.to_string()).collect()
    };
    let names = pod.named(|container| !ports(container).is_empty());
    let containers = several("container", &names)?;
    let all = sorted(pod.containers().flat_map(ports));
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let detail = format!("{containers} {uses} hostPort{} {}", plural(all.len()), all.join(", "));
    broken("hostPort", Some(detail))
}

/// Where containers name hosts that somebody else asks for them.
const ASKED: [&str; 5] = [
    "/livenessProbe",
    "/readinessProbe",
    "/startupProbe",
    "/lifecycle/postStart",
    "/lifecycle/preStop",
];

pub(super) fn probed_hosts(pod: &Pod<'_>) -> Option<Violation> {
    let hosts = |container: &Value| -> Vec<String> {
        let asked = ASKED.iter().filter_map(|road| container.pointer(road));
        let hosts = asked.flat_map(|it| {
            [meta::text(it, "/httpGet/host"), meta::text(it, "/tcpSocket/host")].map(str::to_owned)
        });
        hosts.filter(|host| !host.is_empty()).collect()
    };
    let names = sorted(pod.named(|container| !hosts(container).is_empty()).into_iter());
    let containers = several("container", &names)?;
    let all = sorted(pod.containers().flat_map(hosts));
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let end = plural(all.len());
    let detail = format!("{containers} {uses} probe or lifecycle host{end} {}", quoted(&all));
    broken("probe or lifecycle host", Some(detail))
}

pub(super) fn privileged(pod: &Pod<'_>) -> Option<Violation> {
    let wrong = |it: &Value| context(it, "/privileged") == Some(&true.into());
    let containers = several("container", &pod.named(wrong))?;
    let detail = format!("{containers} must not set securityContext.privileged=true");
    broken("privileged", Some(detail))
}

pub(super) fn proc_mount(pod: &Pod<'_>) -> Option<Violation> {
    let mount = |it: &Value| context(it, "/procMount").and_then(Value::as_str).map(str::to_owned);
    let wrong = |mount: &String| mount != "Default";
    let names = pod.named(|it| mount(it).is_some_and(|mount| wrong(&mount)));
    let containers = several("container", &names)?;
    let all = sorted(pod.containers().filter_map(mount).filter(wrong));
    let detail = format!("{containers} must not set securityContext.procMount to {}", quoted(&all));
    broken("procMount", Some(detail))
}

pub(super) fn proc_mount_of_host_users(pod: &Pod<'_>) -> Option<Violation> {
    if pod.has_own_users() { None } else { proc_mount(pod) }
}

const SELINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

pub(super) fn selinux_0(pod: &Pod<'_>) -> Option<Violation> {
    selinux(pod, &SELINUX_TYPES[..4])
}

pub(super) fn selinux_31(pod: &Pod<'_>) -> Option<Violation> {
    selinux(pod, &SELINUX_TYPES)
}

fn selinux(pod: &Pod<'_>, types: &[&str]) -> Option<Violation> {
    let text = |it: &Value, key: &str| meta::text(it, &format!("/seLinuxOptions/{key}")).to_owned();
    let wrong_type = |kind: &str| !types.contains(&kind);
    let who = pod.setters(|it| {
        wrong_type(&text(it, "type"))
            || !text(it, "user").is_empty()
            || !text(it, "role").is_empty()
    });
    let who = joined(&who, " and ")?;
    let mut bad = Vec::new();
    let kinds = pod.values("/seLinuxOptions/type", wrong_type);
    bad.extend(several("type", &kinds));
    for key in ["user", "role"] {
        if !pod.values(&format!("/seLinuxOptions/{key}"), |it| !it.is_empty()).is_empty() {
            bad.push(format!("{key} may not be set"));
        }
    }
    let bad = bad.join("; ");
    let detail = format!("{who} set forbidden securityContext.seLinuxOptions: {bad}");
    broken("seLinuxOptions", Some(detail))
}

/// Before pods had fields for it, annotations named the profiles.
pub(super) fn seccomp_notes(pod: &Pod<'_>) -> Option<Violation> {
    const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
    let allowed = |value: &str| {
        matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/")
    };
    let of_container =
        |name: &str| format!("container.seccomp.security.alpha.kubernetes.io/{name}");
    let mut keys = vec![POD.to_owned()];
    keys.extend(pod.containers().map(|it| of_container(meta::text(it, "/name"))));
    let notes = meta::strings(pod.metadata, "/annotations")
        .filter(|(key, value)| keys.iter().any(|one| one == key) && !allowed(value));
    let notes = sorted(notes.map(|(key, value)| format!("{key}={value:?}")));
    let all = joined(&notes, ", ")?;
    broken("seccompProfile", Some(format!("forbidden annotation{} {all}", plural(notes.len()))))
}

const SECCOMP_TYPE: &str = "/seccompProfile/type";

fn is_confined(kind: &str) -> bool {
    matches!(kind, "RuntimeDefault" | "Localhost")
}

pub(super) fn unconfined(pod: &Pod<'_>) -> Option<Violation> {
    let set = |it: &Value| it.get("seccompProfile").is_some_and(Value::is_object);
    let who = pod.setters(|it| set(it) && !is_confined(meta::text(it, SECCOMP_TYPE)));
    let who = joined(&who, " and ")?;
    let kinds = quoted(&pod.values(SECCOMP_TYPE, |kind| !is_confined(kind)));
    let detail = format!("{who} must not set securityContext.seccompProfile.type to {kinds}");
    broken("seccompProfile", Some(detail))
}

pub(super) fn no_profile(pod: &Pod<'_>) -> Option<Violation> {
    if let Some(unconfined) = unconfined(pod) {
        return Some(unconfined);
    }
    if pod.context("/seccompProfile").is_some_and(Value::is_object) {
        return None;
    }
    let names = pod.named(|it| !context(it, "/seccompProfile").is_some_and(Value::is_object));
    let containers = several("pod or container", &names)?;
    let detail = format!(
        "{containers} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \
         \"Localhost\""
    );
    broken("seccompProfile", Some(detail))
}

pub(super) fn no_profile_of_linux(pod: &Pod<'_>) -> Option<Violation> {
    if pod.is_windows() { None } else { no_profile(pod) }
}

/// Sysctls that are safe, in the order in which they came to be.
const SAFE_SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
];

fn sysctls(pod: &Pod<'_>, safe: &[&str]) -> Option<Violation> {
    let all = pod.context("/sysctls").and_then(Value::as_array);
    let names = all.into_iter().flatten().map(|one| meta::text(one, "/name"));
    let wrong: Vec<String> = names.filter(|name| !safe.contains(name)).map(str::to_owned).collect();
    broken("forbidden sysctls", joined(&wrong, ", "))
}

pub(super) fn sysctls_0(pod: &Pod<'_>) -> Option<Violation> {
    sysctls(pod, &SAFE_SYSCTLS[..5])
}

pub(super) fn sysctls_27(pod: &Pod<'_>) -> Option<Violation> {
    sysctls(pod, &SAFE_SYSCTLS[..6])
}

pub(super) fn sysctls_29(pod: &Pod<'_>) -> Option<Violation> {
    sysctls(pod, &SAFE_SYSCTLS[..10])
}

pub(super) fn sysctls_32(pod: &Pod<'_>) -> Option<Violation> {
    sysctls(pod, &SAFE_SYSCTLS)
}

pub(super) fn host_process(pod: &Pod<'_>) -> Option<Violation> {
    let who = pod.setters(|it| it.pointer("/windowsOptions/hostProcess") == Some(&true.into()));
    let who = joined(&who, " and ")?;
    let detail = format!("{who} must not set securityContext.windowsOptions.hostProcess=true");
    broken("hostProcess", Some(detail))
}

pub(super) fn escalation(pod: &Pod<'_>) -> Option<Violation> {
    let wrong = |it: &Value| context(it, "/allowPrivilegeEscalation") != Some(&false.into());
    let containers = several("container", &pod.named(wrong))?;
    let detail = format!("{containers} must set securityContext.allowPrivilegeEscalation=false");
    broken("allowPrivilegeEscalation != false", Some(detail))
}

pub(super) fn escalation_of_linux(pod: &Pod<'_>) -> Option<Violation> {
    if pod.is_windows() { None } else { escalation(pod) }
}

pub(super) fn volume_types(pod: &Pod<'_>) -> Option<Violation> {
    const ALLOWED: [&str; 9] = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    let volumes = meta::items(pod.spec, "/volumes").iter();
    let sources = |volume: &'_ Value| -> Vec<String> {
        let fields = volume.as_object().into_iter().flatten();
        fields.filter(|(_, value)| value.is_object()).map(|(key, _)| key.clone()).collect()
    };
    let wrong: Vec<(String, String)> = volumes
        .map(|volume| (meta::text(volume, "/name").to_owned(), sources(volume)))
        .filter(|(_, sources)| !sources.iter().any(|one| ALLOWED.contains(&one.as_str())))
        .map(|(name, sources)| (name, sources.into_iter().next().unwrap_or("unknown".into())))
        .collect();
    let names: Vec<String> = wrong.iter().map(|(name, _)| name.clone()).collect();
    let volumes = several("volume", &names)?;
    let kinds = sorted(wrong.into_iter().map(|(_, kind)| kind));
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let kinds = several("restricted volume type", &kinds)?;
    broken("restricted volume types", Some(format!("{volumes} {uses} {kinds}")))
}

pub(super) fn may_be_root(pod: &Pod<'_>) -> Option<Violation> {
    const REASON: &str = "runAsNonRoot != true";
    let of = |container: &Value| context(container, "/runAsNonRoot").and_then(Value::as_bool);
    let wrong = pod.setters(|it| it["runAsNonRoot"] == false);
    if let Some(who) = joined(&wrong, " and ") {
        let detail = format!("{who} must not set securityContext.runAsNonRoot=false");
        return broken(REASON, Some(detail));
    }
    if pod.context("/runAsNonRoot") == Some(&true.into()) {
        return None;
    }
    let containers = several("pod or container", &pod.named(|it| of(it).is_none()))?;
    broken(REASON, Some(format!("{containers} must set securityContext.runAsNonRoot=true")))
}

pub(super) fn may_be_host_root(pod: &Pod<'_>) -> Option<Violation> {
    if pod.has_own_users() { None } else { may_be_root(pod) }
}

pub(super) fn is_root(pod: &Pod<'_>) -> Option<Violation> {
    let who = joined(&pod.setters(|it| it["runAsUser"] == 0), " and ")?;
    broken("runAsUser=0", Some(format!("{who} must not set runAsUser=0")))
}

pub(super) fn is_host_root(pod: &Pod<'_>) -> Option<Violation> {
    if pod.has_own_users() { None } else { is_root(pod) }
}
