//! Nodes as the scheduler sees them: what they have, and what their pods have taken.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::core::v1::{Container, Node, Pod};

use crate::resources::{Resources, estimate, requests};

/// A port of the host: address, protocol, number.
pub(crate) type HostPort = (String, String, i32);

/// A node and its load.
#[derive(Debug, Clone)]
pub(crate) struct NodeInfo {
    pub(crate) node: Arc<Node>,
    pub(crate) allocatable: Resources,
    pub(crate) requested: Resources,
    /// What the pods are taken to need when nodes are rated.
    pub(crate) estimated: Resources,
    pub(crate) ports: Vec<HostPort>,
    /// Sizes of the images that are here.
    pub(crate) images: BTreeMap<String, i64>,
    /// The pods that run here or are about to.
    pub(crate) running: Vec<Arc<Pod>>,
    /// How many of them say whom they want near or far.
    pub(crate) choosy: usize,
}

impl NodeInfo {
    /// An empty node.
    pub(crate) fn new(node: Arc<Node>) -> Self {
        let mut info = Self {
            node: Arc::default(),
            allocatable: Resources::default(),
            requested: Resources::default(),
            estimated: Resources::default(),
            ports: Vec::new(),
            images: BTreeMap::new(),
            running: Vec::new(),
            choosy: 0,
        };
        info.renew(node);
        info
    }

    /// The node has changed; its pods have not.
    pub(crate) fn renew(&mut self, node: Arc<Node>) {
        let status = node.status.as_ref();
        self.allocatable = Resources::of(status.and_then(|status| status.allocatable.as_ref()));
        let images = status.and_then(|status| status.images.as_ref());
        let sized = images.into_iter().flatten().flat_map(|image| {
            let size = image.size_bytes.unwrap_or(0);
            image.names.iter().flatten().map(move |name| (name.clone(), size))
        });
        self.images = sized.collect();
        self.node = node;
    }

    /// The node's name.
    pub(crate) fn name(&self) -> &str {
        self.node.metadata.name.as_deref().unwrap_or_default()
    }

    /// Counts a pod that runs here.
    pub(crate) fn add(&mut self, pod: &Arc<Pod>) {
        self.requested.add(&requests(pod));
        self.estimated.add(&estimate(pod));
        self.ports.extend(host_ports(pod));
        self.choosy += usize::from(is_choosy(pod));
        self.running.push(Arc::clone(pod));
    }

    /// Counts a pod no more.
    pub(crate) fn remove(&mut self, pod: &Pod) {
        let Some(place) = self.running.iter().position(|other| same(other, pod)) else { return };
        let pod = self.running.remove(place);
        self.choosy -= usize::from(is_choosy(&pod));
        self.requested.subtract(&requests(&pod));
        self.estimated.subtract(&estimate(&pod));
        if !self.ports.is_empty() {
            self.ports = self.running.iter().flat_map(|pod| host_ports(pod)).collect();
        }
    }
}

/// Tells whether both are one pod, in whatever state.
pub(crate) fn same(one: &Pod, other: &Pod) -> bool {
    let (one, other) = (&one.metadata, &other.metadata);
    one.name == other.name && one.namespace == other.namespace && one.uid == other.uid
}

/// Tells whether a pod says whom it wants near or far.
pub(crate) fn is_choosy(pod: &Pod) -> bool {
    let affinity = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref());
    affinity.is_some_and(|it| it.pod_affinity.is_some() || it.pod_anti_affinity.is_some())
}

/// How much a pod counts.
pub(crate) fn priority(pod: &Pod) -> i32 {
    pod.spec.as_ref().and_then(|spec| spec.priority).unwrap_or(0)
}

/// The ports of the host that a pod wants.
pub(crate) fn host_ports(pod: &Pod) -> Vec<HostPort> {
    let sidecar = |one: &&Container| one.restart_policy.as_deref() == Some("Always");
    let containers = pod.spec.iter().flat_map(|spec| {
        spec.containers.iter().chain(spec.init_containers.iter().flatten().filter(sidecar))
    });
    containers
        .flat_map(|container| container.ports.iter().flatten())
        .filter_map(|port| {
            let number = port.host_port.filter(|number| *number > 0)?;
            let address = port.host_ip.clone().filter(|ip| !ip.is_empty());
            let protocol = port.protocol.clone().unwrap_or_else(|| "TCP".into());
            Some((address.unwrap_or_else(|| "0.0.0.0".into()), protocol, number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn what_comes_and_goes_leaves_nothing(cpus in prop::collection::vec(0_i64..500, 1..20)) {
            let node = Arc::new(serde_json::from_value(json!({"metadata": {"name": "a"}})).unwrap());
            let mut info = NodeInfo::new(node);
            let pods: Vec<Arc<Pod>> = cpus.iter().enumerate().map(|(at, cpu)| {
                let ports = json!([{"containerPort": 1, "hostPort": 1000 + cpu}]);
                let requests = json!({"requests": {"cpu": format!("{cpu}m")}});
                let containers = json!([{"name": "c", "ports": ports, "resources": requests}]);
                let name = format!("p{at}");
                let pod = json!({"metadata": {"name": name}, "spec": {"containers": containers}});
                Arc::new(serde_json::from_value(pod).unwrap())
            }).collect();
            for pod in &pods { info.add(pod); }
            prop_assert_eq!(info.requested.get("cpu"), cpus.iter().sum::<i64>());
            pods.iter().rev().for_each(|pod| info.remove(pod));
            prop_assert_eq!(info.requested.get("cpu"), 0);
            prop_assert!(info.running.is_empty() && info.ports.is_empty());
        }
    }
}
