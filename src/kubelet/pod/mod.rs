//! One pod on this node: what is wanted of it, what is seen of it, and what follows.

pub(crate) mod backoff;
pub(crate) mod decide;
pub(crate) mod operations;
pub(crate) mod seen;
pub(crate) mod status;
pub(crate) mod stop;
pub(crate) mod tell;
pub(crate) mod worker;

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};

/// What every message about a pod names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PodId {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: String,
}

impl PodId {
    pub(crate) fn of(pod: &Pod) -> Self {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self {
            namespace: text(&pod.metadata.namespace),
            name: text(&pod.metadata.name),
            uid: text(&pod.metadata.uid),
        }
    }

    /// As Kubernetes writes it in events: `name_namespace(uid)`.
    pub(crate) fn full(&self) -> String {
        format!("{}_{}({})", self.name, self.namespace, self.uid)
    }
}

/// The part of a container that init containers and others share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Runs to its end before the others.
    Init,
    /// Starts before the others and goes on beside them (KEP-753).
    Sidecar,
    /// One of the pod's own.
    Main,
}

/// Every container of a pod in the order in which they start.
pub(crate) fn containers(spec: &PodSpec) -> impl Iterator<Item = (Role, &Container)> {
    let init = spec.init_containers.iter().flatten().map(|container| {
        let always = container.restart_policy.as_deref() == Some("Always");
        (if always { Role::Sidecar } else { Role::Init }, container)
    });
    init.chain(spec.containers.iter().map(|container| (Role::Main, container)))
}

/// The container of this name.
pub(crate) fn container<'a>(spec: &'a PodSpec, name: &str) -> Option<(Role, &'a Container)> {
    containers(spec).find(|(_, container)| container.name == name)
}

/// Whether the pod is in a phase that it never leaves.
pub(crate) fn is_over(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}
