//! What is accepted in pods and in templates of pods, and unwise.
//! Source: `pkg/api/pod/warnings.go` and `pkg/api/node/util.go` of k8s.io/kubernetes.

use std::collections::{BTreeMap, HashSet};

use machinery::{field::Path, kind::Change, meta, names, quantity::Quantity};
use serde_json::Value;

use crate::check::address_warning;

/// Labels of nodes that have newer names.
const OLD_NODE_LABELS: [(&str, &str); 8] = [
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    (
        "scheduler.alpha.kubernetes.io/preferAvoidPods",
        "deprecated since v1.22; use Taints and Tolerations instead",
    ),
    ("node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"),
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
];

/// Annotations that do nothing any more.
const DEAD_ANNOTATIONS: [(&str, &str); 3] = [
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        "non-functional in v1.16+; use the \"priorityClassName\" field instead",
    ),
    (
        "security.alpha.kubernetes.io/sysctls",
        "non-functional in v1.11+; use the \"sysctls\" field instead",
    ),
    (
        "security.alpha.kubernetes.io/unsafe-sysctls",
        "non-functional in v1.11+; use the \"sysctls\" field instead",
    ),
];

/// Kinds of volumes that are on their way out, or gone.
const OLD_VOLUMES: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const SECCOMP: &str = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
const APPARMOR_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";
const APPARMOR: &str = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
const WHOLE_BYTES: [&str; 2] = ["memory", "ephemeral-storage"];

/// What is unwise about a new pod. Changes of pods are made by programs, which nobody warns.
pub(super) fn of_pod(change: &Change<'_>) -> Vec<String> {
    if change.old.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let problems = names::dns_label(meta::name(change.new));
    if !problems.is_empty() {
        found.push(format!(
            "metadata.name: this is used in the Pod's hostname, which can result in surprising \
             behavior; a DNS label is recommended: [{}]",
            problems.join(" ")
        ));
    }
    Template::new(change.new, None).collect(&mut found);
    found
}

/// What is unwise about a workload's name, which its pods' names begin with.
pub(crate) fn of_workload_name(change: &Change<'_>) -> Vec<String> {
    let problems = names::dns_label(meta::name(change.new));
    if change.old.is_some() || problems.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising \
         behavior; a DNS label is recommended: [{}]",
        problems.join(" ")
    )]
}

/// What is unwise about the template at a dotted path, if it is new or the object has changed.
pub(crate) fn of_template(change: &Change<'_>, path: &str) -> Vec<String> {
    let generation = |object: &Value| object.pointer("/metadata/generation").cloned();
    if change.old.is_some_and(|old| generation(old) == generation(change.new)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(template) = change.new.pointer(&format!("/{}", path.replace('.', "/"))) {
        Template::new(template, Some(Path::new(path))).collect(&mut found);
    }
    found
}

/// A pod, or a template at its place.
struct Template<'a> {
    annotations: &'a Value,
    managers: &'a Value,
    spec: &'a Value,
    at: Option<Path>,
}

impl<'a> Template<'a> {
    fn new(object: &'a Value, at: Option<Path>) -> Self {
        let metadata = &object["metadata"];
        let (annotations, managers) = (&metadata["annotations"], &metadata["managedFields"]);
        Self { annotations, managers, spec: &object["spec"], at }
    }

    fn child(&self, name: &str) -> Path {
        self.at.as_ref().map_or_else(|| Path::new(name), |at| at.child(name))
    }

    fn in_spec(&self, name: &str) -> Path {
        self.child("spec").child(name)
    }

    fn annotation(&self, key: &str) -> Path {
        self.child("metadata").child("annotations").key(key)
    }

    fn has_annotation(&self, key: &str) -> bool {
        !self.annotations[key].is_null()
    }

    /// Tells whether the user set a field of a container's context, which may be filled in by now.
    fn was_given(&self, container: &str, field: &str) -> bool {
        let key = format!("k:{{\"name\":\"{container}\"}}");
        let managers = meta::items(self.managers, "");
        managers.iter().any(|manager| {
            ["containers", "initContainers", "ephemeralContainers"].iter().any(|list| {
                let owned = &manager["fieldsV1"]["f:spec"][format!("f:{list}")][&key];
                !owned["f:securityContext"][format!("f:{field}")].is_null()
            })
        })
    }

    fn collect(&self, found: &mut Vec<String>) {
        self.nodes(found);
        self.spread(found);
        for (key, words) in DEAD_ANNOTATIONS {
            if self.has_annotation(key) {
                found.push(format!("{}: {words}", self.annotation(key)));
            }
        }
        for (index, volume) in meta::items(self.spec, "/volumes").iter().enumerate() {
            let at = self.in_spec("volumes").index(index);
            for (kind, words) in
                OLD_VOLUMES.into_iter().filter(|(kind, _)| !volume[*kind].is_null())
            {
                let shown = if kind == "storageos" { "storageOS" } else { kind };
                found.push(format!("{}: {words}", at.child(shown)));
            }
            let at = at.child("ephemeral").child("volumeClaimTemplate").child("spec");
            of_claim_spec(&volume["ephemeral"]["volumeClaimTemplate"]["spec"], &at, found);
        }
        self.token_files(found);
        self.doubles(found);
        let overhead = self.in_spec("overhead");
        fractions(&self.spec["overhead"], &overhead, found);
        let profile = &self.spec["securityContext"]["seccompProfile"];
        if profile.is_null() && self.has_annotation(SECCOMP_POD) {
            found.push(format!("{}: {SECCOMP}", self.annotation(SECCOMP_POD)));
        }
        for (container, at) in self.containers() {
            self.container(container, &at, found);
        }
        self.ports(found);
        if meta::number(self.spec, "/terminationGracePeriodSeconds").is_some_and(|it| it < 0) {
            found.push(format!(
                "{}: must be >= 0; negative values are invalid and will be treated as 1",
                self.in_spec("terminationGracePeriodSeconds")
            ));
        }
        self.affinity_terms(found);
        for (index, server) in meta::items(self.spec, "/dnsConfig/nameservers").iter().enumerate() {
            let at = self.in_spec("dnsConfig").child("nameservers").index(index);
            found.extend(address_warning(&at, server.as_str().unwrap_or_default()));
        }
        for (index, alias) in meta::items(self.spec, "/hostAliases").iter().enumerate() {
            let at = self.in_spec("hostAliases").index(index).child("ip");
            found.extend(address_warning(&at, meta::text(alias, "/ip")));
        }
    }

    /// Files of other objects where that of a token is.
    fn token_files(&self, found: &mut Vec<String>) {
        let volumes = meta::items(self.spec, "/volumes");
        let sources = |volume| meta::items(volume, "/projected/sources");
        let tokens: HashSet<&str> = volumes
            .iter()
            .flat_map(sources)
            .filter(|source| source.get("serviceAccountToken").is_some())
            .map(|source| meta::text(source, "/serviceAccountToken/path"))
            .collect();
        for (index, volume) in volumes.iter().enumerate() {
            let at = self.in_spec("volumes").index(index).child("projected").child("sources");
            for source in sources(volume) {
                for (kind, shown) in [
                    ("configMap", "configMap"),
                    ("secret", "secrets"),
                    ("downwardAPI", "downwardAPI"),
                ] {
                    let at = at.child(shown);
                    let items = meta::items(&source[kind], "/items").iter().enumerate();
                    let files = items.map(|(index, item)| (index, meta::text(item, "/path")));
                    let doubles = files.filter(|(_, file)| tokens.contains(file));
                    found.extend(doubles.map(|(index, file)| same_file(&at.index(index), file)));
                }
            }
        }
    }

    /// Old labels of nodes, where nodes are chosen.
    fn nodes(&self, found: &mut Vec<String>) {
        for (label, _) in meta::strings(self.spec, "/nodeSelector") {
            if let Some(words) = old_label(label) {
                found.push(format!("{}: {words}", self.in_spec("nodeSelector").key(label)));
            }
        }
        let at = self.in_spec("affinity").child("nodeAffinity");
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        let affinity = &self.spec["affinity"]["nodeAffinity"];
        let terms = meta::items(&affinity[required], "/nodeSelectorTerms").iter().enumerate();
        for (index, term) in terms {
            let at = at.child(required).child("nodeSelectorTerms").index(index);
            node_term(term, &at, found);
        }
        let terms = meta::items(affinity, "/preferredDuringSchedulingIgnoredDuringExecution");
        for (index, term) in terms.iter().enumerate() {
            let at = at.child(preferred).index(index).child("preference");
            node_term(&term["preference"], &at, found);
        }
    }

    fn spread(&self, found: &mut Vec<String>) {
        let constraints = meta::items(self.spec, "/topologySpreadConstraints");
        for (index, constraint) in constraints.iter().enumerate() {
            let at = self.in_spec("topologySpreadConstraints").index(index);
            let key = meta::text(constraint, "/topologyKey");
            if let Some(words) = old_label(key) {
                found.push(format!("{}: {key} is {words}", at.child("topologyKey")));
            }
            null_selector(constraint, &at, found);
        }
    }

    /// Entries of lists whose keys patches merge by, twice.
    fn doubles(&self, found: &mut Vec<String>) {
        let mut seen = HashSet::new();
        for (index, alias) in meta::items(self.spec, "/hostAliases").iter().enumerate() {
            let address = meta::text(alias, "/ip");
            if !seen.insert(address) {
                let at = self.in_spec("hostAliases").index(index).child("ip");
                found.push(format!("{at}: duplicate ip {address:?}"));
            }
        }
        let mut seen = HashSet::new();
        for (index, secret) in meta::items(self.spec, "/imagePullSecrets").iter().enumerate() {
            let name = meta::text(secret, "/name");
            let at = self.in_spec("imagePullSecrets").index(index).child("name");
            if name.is_empty() {
                found.push(format!("{at}: invalid empty name {name:?}"));
            } else if !seen.insert(name) {
                found.push(format!("{at}: duplicate name {name:?}"));
            }
        }
    }

    /// All containers with their places.
    fn containers(&self) -> Vec<(&'a Value, Path)> {
        let mut all = Vec::new();
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            let given = self.spec[list].as_array().into_iter().flatten().enumerate();
            all.extend(given.map(|(index, one)| (one, self.in_spec(list).index(index))));
        }
        all
    }

    fn container(&self, container: &Value, at: &Path, found: &mut Vec<String>) {
        let name = meta::text(container, "/name");
        let security = &container["securityContext"];
        for (prefix, field, words) in [
            (SECCOMP_CONTAINER, "seccompProfile", SECCOMP),
            (APPARMOR_CONTAINER, "appArmorProfile", APPARMOR),
        ] {
            let key = format!("{prefix}{name}");
            let whole = field == "appArmorProfile"
                && !self.spec["securityContext"]["appArmorProfile"].is_null();
            let given = if self.at.is_none() && field == "appArmorProfile" {
                // The field was filled in from the annotation, unless the pod's says the same.
                whole && security[field].is_null() || self.was_given(name, field)
            } else {
                whole || !security[field].is_null()
            };
            if !given && self.has_annotation(&key) {
                found.push(format!("{}: {words}", self.annotation(&key)));
            }
        }
        for part in ["limits", "requests"] {
            fractions(&container["resources"][part], &at.child("resources").child(part), found);
        }
        let mut seen = HashSet::new();
        for (index, variable) in meta::items(container, "/env").iter().enumerate() {
            let name = meta::text(variable, "/name");
            if seen.insert(name) {
                continue;
            }
            // A value that is made of the former one hides nothing.
            let reference = format!("$({name})");
            let value = meta::text(variable, "/value");
            let extends = value.contains(&reference) && value != reference;
            if !variable["valueFrom"].is_null() || !extends {
                found.push(format!(
                    "{}: hides previous definition of {name:?}, which may be dropped when using apply",
                    at.child("env").index(index)
                ));
            }
        }
    }

    /// Ports that stand in each other's way.
    fn ports(&self, found: &mut Vec<String>) {
        let mut all: BTreeMap<(i64, String), Vec<(Path, &Value)>> = BTreeMap::new();
        for (container, at) in self.containers() {
            for (index, port) in meta::items(container, "/ports").iter().enumerate() {
                let at = at.child("ports").index(index);
                found.extend(address_alone(port, &at));
                let protocol = match meta::text(port, "/protocol") {
                    "" => "TCP",
                    other => other,
                };
                let number = meta::number(port, "/containerPort").unwrap_or_default();
                let others = all.entry((number, protocol.to_owned())).or_default();
                found.extend(others.iter().filter_map(|(other, before)| {
                    let words = conflict(port, before)?;
                    Some(format!("{at}: {words} port definition with {other}"))
                }));
                others.push((at, port));
            }
        }
    }

    fn affinity_terms(&self, found: &mut Vec<String>) {
        for kind in ["podAffinity", "podAntiAffinity"] {
            let at = self.in_spec("affinity").child(kind);
            let affinity = &self.spec["affinity"][kind];
            let required = "requiredDuringSchedulingIgnoredDuringExecution";
            let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
            for (index, term) in affinity[required].as_array().into_iter().flatten().enumerate() {
                null_selector(term, &at.child(required).index(index), found);
            }
            for (index, term) in affinity[preferred].as_array().into_iter().flatten().enumerate() {
                let at = at.child(preferred).index(index).child("podAffinityTerm");
                null_selector(&term["podAffinityTerm"], &at, found);
            }
        }
    }
}

fn old_label(label: &str) -> Option<&'static str> {
    OLD_NODE_LABELS.iter().find(|(old, _)| *old == label).map(|(_, words)| *words)
}

fn node_term(term: &Value, at: &Path, found: &mut Vec<String>) {
    for (index, expression) in meta::items(term, "/matchExpressions").iter().enumerate() {
        let at = at.child("matchExpressions").index(index);
        let key = meta::text(expression, "/key");
        if let Some(words) = old_label(key) {
            found.push(format!("{}: {key} is {words}", at.child("key")));
        }
        for (index, value) in meta::items(expression, "/values").iter().enumerate() {
            let value = value.as_str().unwrap_or_default();
            found.extend(names::label_value(value).into_iter().map(|problem| {
                format!("{}: {value} is invalid, {problem}", at.child("values").index(index))
            }));
        }
    }
}

fn null_selector(of: &Value, at: &Path, found: &mut Vec<String>) {
    if of["labelSelector"].is_null() {
        let at = at.child("labelSelector");
        found.push(format!("{at}: a null labelSelector results in matching no pod"));
    }
}

/// Amounts of bytes that are no whole number.
fn fractions(amounts: &Value, at: &Path, found: &mut Vec<String>) {
    for name in WHOLE_BYTES {
        let Some(text) = amounts[name].as_str() else { continue };
        let fraction = text.parse::<Quantity>().is_ok_and(|it| it.milli_value() % 1000 != 0);
        if fraction {
            found.push(format!(
                "{}: fractional byte value {text:?} is invalid, must be an integer",
                at.key(name)
            ));
        }
    }
}

/// An address of the host without a port of it, as Go shows the port.
fn address_alone(port: &Value, at: &Path) -> Option<String> {
    let number = |field: &str| meta::number(port, &format!("/{field}")).unwrap_or_default();
    let address = meta::text(port, "/hostIP");
    (!address.is_empty() && number("hostPort") == 0).then(|| {
        format!(
            "{at}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} \
             HostIP:{address}}}",
            meta::text(port, "/name"),
            number("containerPort"),
            meta::text(port, "/protocol"),
        )
    })
}

/// What is unwise about what a claim wishes for.
pub(crate) fn of_claim_spec(spec: &Value, at: &Path, found: &mut Vec<String>) {
    for side in ["requests", "limits"] {
        let amount = spec["resources"][side]["storage"].as_str();
        let parsed = amount.and_then(|text| text.parse::<Quantity>().ok());
        if let Some(amount) = parsed.filter(|amount| amount.milli_value() % 1000 != 0) {
            found.push(format!(
                "{}: fractional byte value \"{amount}\" is invalid, must be an integer",
                at.child("resources").child(side).key("storage")
            ));
        }
    }
}

/// Old labels in the terms of a selector of nodes.
pub(crate) fn of_node_selector(selector: &Value, at: &Path, found: &mut Vec<String>) {
    for (index, term) in meta::items(selector, "/nodeSelectorTerms").iter().enumerate() {
        node_term(term, &at.child("nodeSelectorTerms").index(index), found);
    }
}

/// What is said of an old label of nodes.
pub(crate) fn of_node_label(label: &str) -> Option<&'static str> {
    old_label(label)
}

fn same_file(at: &Path, file: &str) -> String {
    format!("{at}: has duplicated path with ServiceAccountToken {file:?}")
}

fn conflict(port: &Value, before: &Value) -> Option<&'static str> {
    let address = |of: &'_ Value| meta::text(of, "/hostIP").to_owned();
    let host = |of: &Value| meta::number(of, "/hostPort").unwrap_or_default();
    let (own, other) = (address(port), address(before));
    if own == other && host(port) == host(before) {
        Some("duplicate")
    } else if host(port) == 0 || host(before) == 0 {
        Some("overlapping")
    } else if host(port) == host(before) && own.is_empty() != other.is_empty() {
        Some("dangerously ambiguous")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn warned(spec: &Value) -> Vec<String> {
        let pod = json!({"metadata": {"name": "a"}, "spec": spec});
        of_pod(&Change { new: &pod, old: None })
    }

    #[test]
    fn a_variable_made_of_its_former_self_hides_nothing() {
        let env = |value: &str| {
            json!({"containers": [{"name": "c", "env": [
                {"name": "A", "value": "1"}, {"name": "A", "value": value},
            ]}]})
        };
        assert_eq!(warned(&env("$(A)2")), Vec::<String>::new());
        for hides in ["2", "$(A)", ""] {
            assert_eq!(warned(&env(hides)).len(), 1, "{hides}");
        }
    }

    #[test]
    fn ports_of_all_containers_are_compared() {
        let spec = json!({
            "initContainers": [{"name": "i", "ports": [{"containerPort": 1, "hostPort": 5}]}],
            "containers": [{"name": "c", "ports": [
                {"containerPort": 1, "protocol": "TCP"},
                {"containerPort": 1, "protocol": "UDP"},
                {"containerPort": 1, "hostPort": 5, "hostIP": "10.0.0.1"},
            ]}],
        });
        let at = "spec.containers[0].ports";
        assert_eq!(
            warned(&spec),
            [
                format!(
                    "{at}[0]: overlapping port definition with spec.initContainers[0].ports[0]"
                ),
                format!(
                    "{at}[2]: dangerously ambiguous port definition with \
                     spec.initContainers[0].ports[0]"
                ),
                format!("{at}[2]: overlapping port definition with {at}[0]"),
            ]
        );
    }

    #[test]
    fn templates_speak_of_their_own_place_and_only_when_they_change() {
        let object = json!({
            "metadata": {"name": "d", "generation": 2},
            "spec": {"template": {"spec": {"nodeSelector": {"beta.kubernetes.io/os": "x"}}}},
        });
        let new = of_template(&Change { new: &object, old: None }, "spec.template");
        assert_eq!(
            new,
            [
                "spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \
              \"kubernetes.io/os\" instead"
            ]
        );
        let same = of_template(&Change { new: &object, old: Some(&object) }, "spec.template");
        assert_eq!(same, Vec::<String>::new());
    }
}
