//! On which nodes a set's pods shall be, and the pod for a node. Pure.
//! Source: `k8s.io/kubernetes/pkg/controller/daemon/util`.

use api::placement::{selects_node, tolerates};
use k8s_openapi::api::{
    apps::v1::DaemonSet,
    core::v1::{
        Affinity, Node, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod,
        PodSpec, Taint, Toleration,
    },
};
use machinery::well_known;

use crate::podcontrol::pod_of;

/// Annotation of sets that came with older versions of the API: the number of their template.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
/// Label of pods: the number of the template that they were made of.
const POD_GENERATION: &str = "pod-template-generation";
/// The field that holds a node to its name.
const NODE_NAME: &str = "metadata.name";

/// Taints that never keep a set's pods away, with their effect.
const TOLERATED: [(&str, &str); 6] = [
    (well_known::TAINT_NOT_READY, "NoExecute"),
    (well_known::TAINT_UNREACHABLE, "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    (well_known::TAINT_UNSCHEDULABLE, "NoSchedule"),
];
/// The taint that does not keep pods away which bring no network of their own.
const NETWORK_UNAVAILABLE: (&str, &str) = ("node.kubernetes.io/network-unavailable", "NoSchedule");

/// What a node is to a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A pod shall be there.
    Wanted,
    /// A pod may stay, but none is made.
    Kept,
    /// No pod may be there.
    Refused,
}

/// Decides what a node is to a set.
pub(super) fn place(set: &DaemonSet, node: &Node) -> Place {
    let name = node.metadata.name.as_deref().unwrap_or_default();
    let template = set.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
    // The template's own affinity counts, not the name that a pod's takes its place.
    let Some(template) = template else { return Place::Refused };
    let bound = template.node_name.as_deref().unwrap_or_default();
    if !bound.is_empty() && bound != name || !selects_node(template, node) {
        return Place::Refused;
    }
    let mut spec = template.clone();
    tolerate(&mut spec);
    let taints = node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
    let repels = |effects: &[&str]| {
        let mut taints = taints.into_iter().flatten();
        let forbids = |taint: &Taint| effects.contains(&taint.effect.as_str());
        taints.any(|taint| forbids(taint) && !tolerates(&spec, taint))
    };
    if !repels(&["NoSchedule", "NoExecute"]) {
        Place::Wanted
    } else if repels(&["NoExecute"]) {
        Place::Refused
    } else {
        Place::Kept
    }
}

/// The pod for a node, of the revision with a hash.
pub(super) fn pod_for(set: &DaemonSet, node: &str, hash: &str) -> Pod {
    let template = set.spec.as_ref().map(|spec| spec.template.clone()).unwrap_or_default();
    let mut pod = pod_of(set, &template);
    let labels = pod.metadata.labels.get_or_insert_default();
    labels.insert(well_known::REVISION_HASH.into(), hash.to_owned());
    if let Some(number) = generation(set) {
        labels.insert(POD_GENERATION.into(), number.to_owned());
    }
    let spec = pod.spec.get_or_insert_with(PodSpec::default);
    tolerate(spec);
    bind(spec, node);
    pod
}

/// The number that an older version of the API gave the set's template.
fn generation(set: &DaemonSet) -> Option<&str> {
    set.metadata.annotations.as_ref()?.get(TEMPLATE_GENERATION).map(String::as_str)
}

/// Tells whether a pod is of the set's template as it is now.
pub(super) fn is_updated(set: &DaemonSet, pod: &Pod, hash: &str) -> bool {
    let labels = pod.metadata.labels.as_ref();
    let label = |key: &str| labels.and_then(|all| all.get(key)).map(String::as_str);
    label(well_known::REVISION_HASH) == Some(hash)
        || generation(set).is_some_and(|number| label(POD_GENERATION) == Some(number))
}

fn tolerate(spec: &mut PodSpec) {
    let network = (spec.host_network == Some(true)).then_some(NETWORK_UNAVAILABLE);
    let all = spec.tolerations.get_or_insert_default();
    for (key, effect) in TOLERATED.into_iter().chain(network) {
        let toleration = Toleration {
            key: Some(key.into()),
            operator: Some("Exists".into()),
            effect: Some(effect.into()),
            ..Toleration::default()
        };
        let same = |one: &Toleration| {
            let value = one.value.as_deref().unwrap_or_default();
            one.key == toleration.key
                && one.operator == toleration.operator
                && one.effect == toleration.effect
                && value.is_empty()
        };
        match all.iter_mut().find(|one| same(one)) {
            Some(known) => *known = toleration,
            None => all.push(toleration),
        }
    }
}

/// Holds a pod to a node by name, in place of what else its node affinity requires.
fn bind(spec: &mut PodSpec, node: &str) {
    let affinity = spec.affinity.get_or_insert_with(Affinity::default);
    let affinity = affinity.node_affinity.get_or_insert_with(NodeAffinity::default);
    let requirement = NodeSelectorRequirement {
        key: NODE_NAME.into(),
        operator: "In".into(),
        values: Some(vec![node.to_owned()]),
    };
    let term = NodeSelectorTerm { match_expressions: None, match_fields: Some(vec![requirement]) };
    affinity.required_during_scheduling_ignored_during_execution =
        Some(NodeSelector { node_selector_terms: vec![term] });
}

/// The node that a pod is on, or is held to.
pub(super) fn node_of(pod: &Pod) -> Option<&str> {
    let spec = pod.spec.as_ref()?;
    if let Some(node) = spec.node_name.as_deref().filter(|node| !node.is_empty()) {
        return Some(node);
    }
    let affinity = spec.affinity.as_ref()?.node_affinity.as_ref()?;
    let required = affinity.required_during_scheduling_ignored_during_execution.as_ref()?;
    let fields = required.node_selector_terms.iter().flat_map(|term| &term.match_fields).flatten();
    let mut named = fields.filter(|one| one.key == NODE_NAME && one.operator == "In");
    named.find_map(|one| one.values.as_ref()?.first().map(String::as_str))
}
