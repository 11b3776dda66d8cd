//! Levels, the versions of their rules, and which rule holds when. Pure.
//! Source: `k8s.io/pod-security-admission/{api,policy}`.

use std::fmt;

use serde_json::Value;

use super::checks;

/// How strict a namespace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Privileged,
    Baseline,
    Restricted,
}

impl Level {
    /// The level of that name.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "privileged" => Some(Self::Privileged),
            "baseline" => Some(Self::Baseline),
            "restricted" => Some(Self::Restricted),
            _ => None,
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

/// Whose rules are meant: those of a minor version of Kubernetes, or the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Minor(u32),
    Latest,
}

impl Version {
    /// The version of that name: `latest` or `v1.x`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        if word == "latest" {
            return Some(Self::Latest);
        }
        let minor = word.strip_prefix("v1.")?;
        let plain = minor == "0" || !minor.starts_with('0');
        let digits = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
        if plain && digits { minor.parse().ok().map(Self::Minor) } else { None }
    }

    fn reaches(self, minimum: u32) -> bool {
        match self {
            Self::Minor(minor) => minor >= minimum,
            Self::Latest => true,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minor(minor) => write!(out, "v1.{minor}"),
            Self::Latest => out.write_str("latest"),
        }
    }
}

/// A level and whose rules for it are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Demand {
    pub(crate) level: Level,
    pub(crate) version: Version,
}

impl Demand {
    /// The newest rules of a level.
    pub(crate) const fn latest(level: Level) -> Self {
        Self { level, version: Version::Latest }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.level.word(), self.version)
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

/// What a rule looks at: the metadata and the spec of a pod or of a template of one.
pub(super) type Rule = fn(&checks::Pod<'_>) -> Option<Violation>;

/// A rule through the versions.
struct Check {
    id: &'static str,
    level: Level,
    /// The rule from a minor version on, the oldest first.
    versions: &'static [(u32, Rule)],
    /// The rule of the level below that this one says better.
    instead_of: &'static str,
}

const fn baseline(id: &'static str, versions: &'static [(u32, Rule)]) -> Check {
    Check { id, level: Level::Baseline, versions, instead_of: "" }
}

const fn restricted(
    id: &'static str,
    versions: &'static [(u32, Rule)],
    instead_of: &'static str,
) -> Check {
    Check { id, level: Level::Restricted, versions, instead_of }
}

/// Every rule, in the order in which violations are told: by level, then by name.
const CHECKS: [Check; 19] = [
    baseline("appArmorProfile", &[(0, checks::apparmor)]),
    baseline("capabilities_baseline", &[(0, checks::added_capabilities)]),
    baseline("hostNamespaces", &[(0, checks::host_namespaces)]),
    baseline("hostPathVolumes", &[(0, checks::host_paths)]),
    baseline("hostPorts", &[(0, checks::host_ports)]),
    baseline("hostProbesAndHostLifecycle", &[(34, checks::probed_hosts)]),
    baseline("privileged", &[(0, checks::privileged)]),
    baseline("procMount", &[(0, checks::proc_mount), (35, checks::proc_mount_of_host_users)]),
    baseline("seLinuxOptions", &[(0, checks::selinux_0), (31, checks::selinux_31)]),
    baseline("seccompProfile_baseline", &[(0, checks::seccomp_notes), (19, checks::unconfined)]),
    baseline(
        "sysctls",
        &[
            (0, checks::sysctls_0),
            (27, checks::sysctls_27),
            (29, checks::sysctls_29),
            (32, checks::sysctls_32),
        ],
    ),
    baseline("windowsHostProcess", &[(0, checks::host_process)]),
    restricted(
        "allowPrivilegeEscalation",
        &[(8, checks::escalation), (25, checks::escalation_of_linux)],
        "",
    ),
    restricted(
        "capabilities_restricted",
        &[(22, checks::kept_capabilities), (25, checks::kept_capabilities_of_linux)],
        "capabilities_baseline",
    ),
    restricted("procMount_restricted", &[(35, checks::proc_mount)], "procMount"),
    restricted("restrictedVolumes", &[(0, checks::volume_types)], "hostPathVolumes"),
    restricted("runAsNonRoot", &[(0, checks::may_be_root), (35, checks::may_be_host_root)], ""),
    restricted("runAsUser", &[(23, checks::is_root), (35, checks::is_host_root)], ""),
    restricted(
        "seccompProfile_restricted",
        &[(19, checks::no_profile), (25, checks::no_profile_of_linux)],
        "seccompProfile_baseline",
    ),
];

impl Check {
    fn at(&self, version: Version) -> Option<Rule> {
        let held = self.versions.iter().rev().find(|(minimum, _)| version.reaches(*minimum));
        held.map(|(_, rule)| *rule)
    }

    fn is_said_better(&self, version: Version) -> bool {
        CHECKS.iter().any(|other| other.instead_of == self.id && other.at(version).is_some())
    }
}

/// What a pod, or a template of one, breaks of the rules that are demanded.
pub(crate) fn violations(demand: Demand, pod: &Value) -> Vec<Violation> {
    let Demand { level, version } = demand;
    let Some(spec) = pod.get("spec").filter(|_| level != Level::Privileged) else {
        return Vec::new();
    };
    let pod = checks::Pod { metadata: &pod["metadata"], spec };
    CHECKS
        .iter()
        .filter(|check| check.level <= level)
        .filter(|check| level == Level::Baseline || !check.is_said_better(version))
        .filter_map(|check| check.at(version)?(&pod))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(demand: &str, spec: &Value) -> String {
        let (level, version) = demand.split_once(':').unwrap();
        let demand = Demand {
            level: Level::parse(level).unwrap(),
            version: Version::parse(version).unwrap(),
        };
        let notes = spec.get("notes").cloned().unwrap_or_default();
        let pod = json!({"metadata": {"annotations": notes}, "spec": spec});
        let found: Vec<String> = violations(demand, &pod).iter().map(ToString::to_string).collect();
        found.join(", ")
    }

    fn one(context: &Value) -> Value {
        json!({"containers": [{"name": "c", "securityContext": context}]})
    }

    #[test]
    fn levels_refuse_what_their_rules_name() {
        let good = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}});
        for (demand, spec, want) in [
            ("privileged:latest", json!({"hostPID": true}), ""),
            ("baseline:latest", one(&json!({})), ""),
            ("restricted:latest", one(&good), ""),
            (
                "baseline:latest",
                json!({"hostNetwork": true, "volumes": [{"name": "h", "hostPath": {}}]}),
                "host namespaces (hostNetwork=true), hostPath volumes (volume \"h\")",
            ),
            (
                "restricted:latest",
                one(&json!({"privileged": true})),
                "privileged (container \"c\" must not set securityContext.privileged=true), \
                 allowPrivilegeEscalation != false (container \"c\" must set \
                 securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \
                 \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod \
                 or container \"c\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or \
                 container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \
                 \"Localhost\")",
            ),
            (
                "baseline:latest",
                one(&json!({"appArmorProfile": {"type": "Unconfined"}})),
                "forbidden AppArmor profile (container \"c\" must not set AppArmor profile type to \
                 \"Unconfined\")",
            ),
            (
                "baseline:latest",
                json!({"notes": {"container.apparmor.security.beta.kubernetes.io/c": "unconfined"},
                    "securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
                "forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to \
                 \"Unconfined\", \"container.apparmor.security.beta.kubernetes.io/c=\"unconfined\"\")",
            ),
        ] {
            assert_eq!(told(demand, &spec), want, "{demand} {spec}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_in_words() {
        for (demand, spec, want) in [
            (
                "baseline:latest",
                one(&json!({"seLinuxOptions": {"type": "spc_t", "user": "u", "role": "r"}})),
                "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: type \
                 \"spc_t\"; user may not be set; role may not be set)",
            ),
            (
                "baseline:latest",
                json!({"containers": [{"name": "c", "livenessProbe": {"httpGet": {"host": "b"}},
                    "lifecycle": {"preStop": {"tcpSocket": {"host": "a"}}}}]}),
                "probe or lifecycle host (container \"c\" uses probe or lifecycle hosts \"a\", \"b\")",
            ),
            (
                "restricted:v1.0",
                json!({"volumes": [{"name": "a", "nfs": {}}, {"name": "b", "hostPath": {}},
                    {"name": "c", "image": {}}], "containers": []}),
                "restricted volume types (volumes \"a\", \"b\" use restricted volume types \
                 \"hostPath\", \"nfs\")",
            ),
            (
                "baseline:latest",
                json!({"containers": [{"name": "c", "ports": [{"hostPort": 9}, {"hostPort": 10}]}]}),
                "hostPort (container \"c\" uses hostPorts 10, 9)",
            ),
        ] {
            assert_eq!(told(demand, &spec), want, "{demand} {spec}");
        }
    }

    #[test]
    fn versions_have_rules_of_their_own() {
        let unmasked = one(&json!({"procMount": "Unmasked"}));
        let mut inside = unmasked.clone();
        inside["hostUsers"] = false.into();
        let root =
            json!({"hostUsers": false, "containers": [], "securityContext": {"runAsUser": 0}});
        let old = json!({"notes": {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}});
        let windows = json!({"os": {"name": "windows"}, "containers": [{"name": "c"}],
            "securityContext": {"runAsNonRoot": true}});
        let sysctl =
            json!({"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_keepalive_time"}]}});
        for (demand, spec, want) in [
            ("baseline:v1.34", &inside, "procMount"),
            ("baseline:v1.35", &inside, ""),
            ("baseline:latest", &unmasked, "procMount"),
            ("restricted:v1.22", &root, ""),
            ("restricted:v1.34", &root, "runAsUser=0"),
            ("restricted:v1.35", &root, ""),
            ("baseline:v1.18", &old, "seccompProfile"),
            ("baseline:v1.19", &old, ""),
            ("restricted:v1.24", &windows, "allowPrivilegeEscalation != false"),
            ("restricted:v1.25", &windows, ""),
            ("baseline:v1.28", &sysctl, "forbidden sysctls"),
            ("baseline:v1.99", &sysctl, ""),
        ] {
            let told = told(demand, spec);
            let fits = if want.is_empty() { told.is_empty() } else { told.starts_with(want) };
            assert!(fits, "{demand} {spec}: {told}");
        }
        // What the level above says better is said once.
        let twice = told("restricted:latest", &inside).matches("procMount (").count();
        assert_eq!(twice, 1);
        for (word, want) in
            [("v1.0", true), ("v1.07", false), ("v2.0", false), ("1.2", false), ("", false)]
        {
            assert_eq!(Version::parse(word).is_some(), want, "{word}");
        }
    }
}
