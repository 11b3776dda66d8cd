//! The rules of the levels baseline and restricted. Pure.
//! Source: `k8s.io/pod-security-admission/policy`.

use std::fmt;

use machinery::meta;
use serde_json::Value;

/// How strict a namespace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Privileged,
    Baseline,
    Restricted,
}

impl Level {
    /// The level of that name; unknown names demand nothing.
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "baseline" => Self::Baseline,
            "restricted" => Self::Restricted,
            _ => Self::Privileged,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// A rule that a pod breaks, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.reason, self.detail)
    }
}

type Rule = (&'static str, fn(&Pod<'_>) -> Option<String>);

/// The rules of each level, in the order in which violations are told.
const BASELINE: [Rule; 10] = [
    ("non-default capabilities", added_capabilities),
    ("host namespaces", host_namespaces),
    ("hostPath volumes", host_paths),
    ("hostPort", host_ports),
    ("privileged", privileged),
    ("procMount", proc_mount),
    ("seLinuxOptions", selinux),
    ("seccompProfile", unconfined),
    ("forbidden sysctls", sysctls),
    ("hostProcess", host_process),
];
const RESTRICTED: [Rule; 14] = [
    ("allowPrivilegeEscalation != false", escalation),
    ("unrestricted capabilities", kept_capabilities),
    ("host namespaces", host_namespaces),
    ("hostPort", host_ports),
    ("privileged", privileged),
    ("procMount", proc_mount),
    ("restricted volume types", volume_types),
    ("runAsNonRoot != true", may_be_root),
    ("runAsUser=0", is_root),
    ("seLinuxOptions", selinux),
    ("seccompProfile", no_profile),
    ("forbidden sysctls", sysctls),
    ("hostProcess", host_process),
    ("appArmorProfile", apparmor),
];

/// What a pod, or a template of one, breaks of a level's rules.
pub(crate) fn violations(level: Level, pod: &Value) -> Vec<Violation> {
    let rules: &[Rule] = match level {
        Level::Privileged => return Vec::new(),
        Level::Baseline => &BASELINE,
        Level::Restricted => &RESTRICTED,
    };
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let pod = Pod { spec };
    let broken =
        rules.iter().filter_map(|(reason, rule)| Some(Violation { reason, detail: rule(&pod)? }));
    broken.collect()
}

struct Pod<'a> {
    spec: &'a Value,
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
        found.map(|container| format!("{:?}", meta::text(container, "/name"))).collect()
    }

    fn context(&self, pointer: &str) -> Option<&'a Value> {
        self.spec.get("securityContext")?.pointer(pointer)
    }
}

/// `container "a"` or `containers "a", "b"`; `None` where there is none.
fn several(what: &str, names: &[String]) -> Option<String> {
    let plural = if names.len() == 1 { "" } else { "s" };
    (!names.is_empty()).then(|| format!("{what}{plural} {}", names.join(", ")))
}

fn joined(parts: &[String], by: &str) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(by))
}

fn context<'a>(container: &'a Value, pointer: &str) -> Option<&'a Value> {
    container.get("securityContext")?.pointer(pointer)
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
    let mut all: Vec<String> = pod.containers().flat_map(added).collect();
    all.sort();
    all.dedup();
    let all: Vec<String> = all.iter().map(|one| format!("{one:?}")).collect();
    Some(format!(
        "{containers} must not include {} in securityContext.capabilities.add",
        all.join(", ")
    ))
}

fn added_capabilities(pod: &Pod<'_>) -> Option<String> {
    forbidden_capabilities(pod, &DEFAULT_CAPABILITIES)
}

fn kept_capabilities(pod: &Pod<'_>) -> Option<String> {
    let drops_all = |container: &Value| {
        let list = context(container, "/capabilities/drop").and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|one| one == "ALL"))
    };
    let keeping = several("container", &pod.named(|it| !drops_all(it)));
    let keeping =
        keeping.map(|it| format!("{it} must set securityContext.capabilities.drop=[\"ALL\"]"));
    let added = forbidden_capabilities(pod, &["NET_BIND_SERVICE"]);
    joined(&keeping.into_iter().chain(added).collect::<Vec<_>>(), "; ")
}

fn host_namespaces(pod: &Pod<'_>) -> Option<String> {
    let fields = ["hostNetwork", "hostPID", "hostIPC"];
    let set = fields.iter().filter(|field| pod.spec[**field] == true);
    joined(&set.map(|field| format!("{field}=true")).collect::<Vec<_>>(), ", ")
}

fn host_paths(pod: &Pod<'_>) -> Option<String> {
    let volumes = meta::items(pod.spec, "/volumes").iter();
    let found = volumes.filter(|volume| volume.get("hostPath").is_some());
    let names: Vec<String> =
        found.map(|volume| format!("{:?}", meta::text(volume, "/name"))).collect();
    several("volume", &names)
}

fn host_ports(pod: &Pod<'_>) -> Option<String> {
    let ports = |container: &Value| -> Vec<i64> {
        let ports = meta::items(container, "/ports").iter();
        ports.filter_map(|port| meta::number(port, "/hostPort")).filter(|it| *it != 0).collect()
    };
    let names = pod.named(|container| !ports(container).is_empty());
    let containers = several("container", &names)?;
    let mut all: Vec<i64> = pod.containers().flat_map(ports).collect();
    all.sort_unstable();
    all.dedup();
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let plural = if all.len() == 1 { "" } else { "s" };
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    Some(format!("{containers} {uses} hostPort{plural} {}", all.join(", ")))
}

fn privileged(pod: &Pod<'_>) -> Option<String> {
    let wrong = |it: &Value| context(it, "/privileged") == Some(&true.into());
    let containers = several("container", &pod.named(wrong))?;
    Some(format!("{containers} must not set securityContext.privileged=true"))
}

fn proc_mount(pod: &Pod<'_>) -> Option<String> {
    let wrong = |it: &Value| context(it, "/procMount").is_some_and(|mount| mount != "Default");
    let containers = several("container", &pod.named(wrong))?;
    Some(format!("{containers} must not set securityContext.procMount to \"Unmasked\""))
}

fn selinux(pod: &Pod<'_>) -> Option<String> {
    const TYPES: [&str; 5] =
        ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    let wrong = |options: Option<&Value>| {
        let text = |key: &str| options.map_or("", |it| meta::text(it, key));
        !TYPES.contains(&text("/type")) || !text("/user").is_empty() || !text("/role").is_empty()
    };
    let mut who = Vec::new();
    if wrong(pod.context("/seLinuxOptions")) {
        who.push("pod".to_owned());
    }
    who.extend(several("container", &pod.named(|it| wrong(context(it, "/seLinuxOptions")))));
    joined(&who, " and ").map(|who| format!("{who} set forbidden securityContext.seLinuxOptions"))
}

fn is_type(profile: Option<&Value>, wanted: &[&str]) -> bool {
    profile.and_then(Value::as_str).is_some_and(|kind| wanted.contains(&kind))
}

fn unconfined(pod: &Pod<'_>) -> Option<String> {
    let wrong = ["Unconfined"];
    let mut who = Vec::new();
    if is_type(pod.context("/seccompProfile/type"), &wrong) {
        who.push("pod".to_owned());
    }
    let containers = pod.named(|it| is_type(context(it, "/seccompProfile/type"), &wrong));
    who.extend(several("container", &containers));
    let who = joined(&who, " and ")?;
    Some(format!("{who} must not set securityContext.seccompProfile.type to \"Unconfined\""))
}

fn no_profile(pod: &Pod<'_>) -> Option<String> {
    if let Some(unconfined) = unconfined(pod) {
        return Some(unconfined);
    }
    let good = ["RuntimeDefault", "Localhost"];
    if is_type(pod.context("/seccompProfile/type"), &good) {
        return None;
    }
    let names = pod.named(|it| !is_type(context(it, "/seccompProfile/type"), &good));
    let containers = several("pod or container", &names)?;
    Some(format!(
        "{containers} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \
         \"Localhost\""
    ))
}

const SAFE_SYSCTLS: [&str; 11] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
];

fn sysctls(pod: &Pod<'_>) -> Option<String> {
    let all = pod.context("/sysctls").and_then(Value::as_array);
    let names = all.into_iter().flatten().map(|one| meta::text(one, "/name"));
    let unsafe_ones =
        names.filter(|name| !SAFE_SYSCTLS.contains(name) && *name != "net.ipv4.tcp_syncookies");
    joined(&unsafe_ones.map(str::to_owned).collect::<Vec<_>>(), ", ")
}

fn host_process(pod: &Pod<'_>) -> Option<String> {
    let mut who = Vec::new();
    if pod.context("/windowsOptions/hostProcess") == Some(&true.into()) {
        who.push("pod".to_owned());
    }
    let wrong = |it: &Value| context(it, "/windowsOptions/hostProcess") == Some(&true.into());
    who.extend(several("container", &pod.named(wrong)));
    let who = joined(&who, " and ")?;
    Some(format!("{who} must not set securityContext.windowsOptions.hostProcess=true"))
}

fn apparmor(pod: &Pod<'_>) -> Option<String> {
    let wrong = ["Unconfined"];
    let mut who = Vec::new();
    if is_type(pod.context("/appArmorProfile/type"), &wrong) {
        who.push("pod".to_owned());
    }
    let containers = pod.named(|it| is_type(context(it, "/appArmorProfile/type"), &wrong));
    who.extend(several("container", &containers));
    let who = joined(&who, " and ")?;
    Some(format!("{who} must not set AppArmor profile type to \"Unconfined\""))
}

fn escalation(pod: &Pod<'_>) -> Option<String> {
    let wrong = |it: &Value| context(it, "/allowPrivilegeEscalation") != Some(&false.into());
    let containers = several("container", &pod.named(wrong))?;
    Some(format!("{containers} must set securityContext.allowPrivilegeEscalation=false"))
}

fn volume_types(pod: &Pod<'_>) -> Option<String> {
    const ALLOWED: [&str; 8] = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    let volumes = meta::items(pod.spec, "/volumes").iter();
    let found = volumes.filter_map(|volume| {
        let mut kinds = volume.as_object()?.keys().map(String::as_str);
        let kind = kinds.find(|kind| *kind != "name" && !ALLOWED.contains(kind))?;
        Some(format!(
            "volume {:?} uses restricted volume type {kind:?}",
            meta::text(volume, "/name")
        ))
    });
    joined(&found.collect::<Vec<_>>(), ", ")
}

fn may_be_root(pod: &Pod<'_>) -> Option<String> {
    let set = pod.context("/runAsNonRoot").and_then(Value::as_bool);
    let of = |container: &Value| context(container, "/runAsNonRoot").and_then(Value::as_bool);
    let mut wrong = Vec::new();
    if set == Some(false) {
        wrong.push("pod".to_owned());
    }
    wrong.extend(several("container", &pod.named(|it| of(it) == Some(false))));
    if let Some(who) = joined(&wrong, " and ") {
        return Some(format!("{who} must not set securityContext.runAsNonRoot=false"));
    }
    if set == Some(true) {
        return None;
    }
    let containers = several("pod or container", &pod.named(|it| of(it).is_none()))?;
    Some(format!("{containers} must set securityContext.runAsNonRoot=true"))
}

fn is_root(pod: &Pod<'_>) -> Option<String> {
    let mut who = Vec::new();
    if pod.context("/runAsUser") == Some(&0.into()) {
        who.push("pod".to_owned());
    }
    who.extend(several("container", &pod.named(|it| context(it, "/runAsUser") == Some(&0.into()))));
    joined(&who, " and ").map(|who| format!("{who} must not set runAsUser=0"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn levels_refuse_what_their_rules_name() {
        let container = |context: Value| json!({"name": "c", "securityContext": context});
        let good = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}});
        for (case, level, spec, reasons) in [
            ("nothing is asked", Level::Privileged, json!({"hostPID": true}), vec![]),
            ("plain", Level::Baseline, json!({"containers": [container(json!({}))]}), vec![]),
            (
                "privileged",
                Level::Baseline,
                json!({"containers": [container(json!({"privileged": true}))]}),
                vec!["privileged"],
            ),
            (
                "host",
                Level::Baseline,
                json!({"hostNetwork": true, "containers": [], "volumes": [{"name": "h", "hostPath": {}}]}),
                vec!["host namespaces", "hostPath volumes"],
            ),
            ("good", Level::Restricted, json!({"containers": [container(good)]}), vec![]),
            (
                "too free",
                Level::Restricted,
                json!({"containers": [container(json!({}))]}),
                vec![
                    "allowPrivilegeEscalation != false",
                    "unrestricted capabilities",
                    "runAsNonRoot != true",
                    "seccompProfile",
                ],
            ),
        ] {
            let found = violations(level, &json!({"spec": spec}));
            let found: Vec<&str> = found.iter().map(|one| one.reason).collect();
            assert_eq!(found, reasons, "{case}");
        }
    }
}
