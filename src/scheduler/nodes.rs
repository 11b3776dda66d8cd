//! Nodes as the scheduler sees them: what they have, and what their pods have taken.

use std::{collections::BTreeSet, sync::Arc};

use k8s_openapi::api::core::v1::{Node, Pod};

use crate::resources::{Resources, requests};

/// A port of the host: address, protocol, number.
pub(crate) type HostPort = (String, String, i32);

/// A node and its load.
#[derive(Debug, Clone)]
pub(crate) struct NodeInfo {
    pub(crate) node: Arc<Node>,
    pub(crate) allocatable: Resources,
    pub(crate) requested: Resources,
    pub(crate) pods: usize,
    pub(crate) ports: BTreeSet<HostPort>,
    pub(crate) images: BTreeSet<String>,
}

impl NodeInfo {
    /// An empty node.
    pub(crate) fn new(node: Arc<Node>) -> Self {
        let status = node.status.as_ref();
        let allocatable = Resources::of(status.and_then(|status| status.allocatable.as_ref()));
        let images = status.and_then(|status| status.images.as_ref());
        let names = images.into_iter().flatten().flat_map(|image| image.names.iter().flatten());
        let images = names.cloned().collect();
        Self {
            node,
            allocatable,
            requested: Resources::default(),
            pods: 0,
            ports: BTreeSet::new(),
            images,
        }
    }

    /// The node's name.
    pub(crate) fn name(&self) -> &str {
        self.node.metadata.name.as_deref().unwrap_or_default()
    }

    /// Counts a pod that runs here.
    pub(crate) fn add(&mut self, pod: &Pod) {
        self.requested.add(&requests(pod));
        self.pods += 1;
        self.ports.extend(host_ports(pod));
    }
}

/// The ports of the host that a pod wants.
pub(crate) fn host_ports(pod: &Pod) -> Vec<HostPort> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
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
