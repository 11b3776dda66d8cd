//! What a kubelet is told about its node and cluster.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// A node's settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name of the Node object.
    pub node_name: String,
    /// The cluster's home folder; pods, images and logs stand below it.
    pub home: PathBuf,
    /// The kanoe that shims are run from.
    pub program: PathBuf,
    /// Short hexadecimal id of the cluster, from which links, tables and groups are named.
    pub cluster_id: String,
    /// The node's own address.
    pub node_ip: IpAddr,
    /// Port of the node's server, as the Node object announces it.
    pub port: u16,
    /// Addresses of this node's pods.
    pub pod_cidr: network::Cidr,
    /// Addresses of all nodes' pods.
    pub cluster_cidr: network::Cidr,
    /// Addresses of services.
    pub service_cidr: Option<network::Cidr>,
    /// Where pods ask for names; none leaves them the node's own servers.
    pub cluster_dns: Option<Ipv4Addr>,
    /// Domain of the cluster's names.
    pub cluster_domain: String,
    /// How many pods the node takes.
    pub max_pods: u32,
    /// Control group that everything of this cluster stands below, such as `/kanoe-1a2b3c4d`.
    pub cgroup_root: String,
    /// Kubernetes version that the node says it is.
    pub version: String,
    /// Labels that the Node object gets beside the usual ones.
    pub labels: std::collections::BTreeMap<String, String>,
}
