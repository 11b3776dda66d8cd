//! The parts of a cluster besides its API server: which there are, and their order.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddrV4},
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use apiserver::{Connecting, NodeConnector, NodeStream};
use client::{Client, ElectionTerms, Informers};
use kubelet::{Kubelet, NodeServer};
use lifecycle::{Component, Running, StopToken};
use runtime::image::{Store, registries::Registries};

use crate::{ClusterError, Home, Settings, elected::Elected};

/// The version that the node says it is.
const KUBELET_VERSION: &str = "v1.36.2+kanoe";
/// Pods that a node takes. Source: the kubelet's `--max-pods`.
const MAX_PODS: u32 = 110;
/// The kubelet's own port, as Node objects announce it.
const KUBELET_PORT: u16 = 10_250;

/// Where the name server listens on the bridge; port 53 may be the machine's own server's.
const DNS_PORT: u16 = 10_053;

/// What components are given.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) client: Client,
    pub(crate) settings: Settings,
    pub(crate) home: Home,
    pub(crate) id: String,
    pub(crate) authority: controllers::Authority,
    /// How control planes elect who leads, where there may be several.
    pub(crate) election: Option<ElectionTerms>,
    pub(crate) nodes: Arc<LocalNodes>,
}

/// Components that run, in the order in which they started.
#[derive(Debug, Default)]
pub(crate) struct Started {
    running: Vec<(StopToken, Running)>,
    informers: Option<Informers>,
}

impl Started {
    /// Stops them, the last one first.
    pub(crate) async fn stop(self) {
        for (stop, running) in self.running.into_iter().rev() {
            stop.cancel();
            running.ended().await;
        }
        if let Some(informers) = self.informers {
            informers.stop().await;
        }
    }
}

/// Every component, each after those that it relies on.
fn all(
    around: &Surroundings,
    informers: &Informers,
) -> Result<Vec<Box<dyn Component>>, ClusterError> {
    let mut all = leaders(around, informers)?;
    if has_node(&around.settings) {
        all.push(Box::new(kubelet(around, informers)?));
        let settings = &around.settings;
        let gateway = pod_cidr(settings)?.first();
        let listen = SocketAddrV4::new(gateway, DNS_PORT);
        let IpAddr::V4(address) = settings.dns_address()? else { return Ok(all) };
        let domain = settings.domain().to_owned();
        let names = dns::Config { listen, domain, address };
        all.push(Box::new(dns::Dns::new(names, informers.clone())));
        let rules = proxy::Config {
            cluster_id: around.id.clone(),
            node_name: node_name(settings),
            dns: Some((address, listen)),
        };
        all.push(Box::new(proxy::Proxy::new(rules, informers.clone())));
    }
    Ok(all)
}

/// Those of which one in the whole cluster works: under a lease each, where there may be others.
fn leaders(
    around: &Surroundings,
    informers: &Informers,
) -> Result<Vec<Box<dyn Component>>, ClusterError> {
    let (client, authority) = (around.client.clone(), around.authority.clone());
    let controllers = move |informers: Informers| -> Box<dyn Component> {
        Box::new(controllers::Controllers::new(client.clone(), informers, authority.clone()))
    };
    let client = around.client.clone();
    let config = around.settings.schedulers()?;
    let scheduler = move |informers: Informers| -> Box<dyn Component> {
        Box::new(scheduler::Scheduler::new(client.clone(), informers, config.clone()))
    };
    let Some(terms) = &around.election else {
        return Ok(vec![controllers(informers.clone()), scheduler(informers.clone())]);
    };
    // client-go's candidates: the host's name and something that is theirs alone.
    let identity = format!("{}_{:032x}", node_name(&around.settings), rand::random::<u128>());
    let client = &around.client;
    Ok(vec![
        Box::new(Elected::new("kube-controller-manager", client, terms, &identity, controllers)),
        Box::new(Elected::new("kube-scheduler", client, terms, &identity, scheduler)),
    ])
}

fn parse_cidr(range: (IpAddr, u8)) -> Result<network::Cidr, ClusterError> {
    let text = format!("{}/{}", range.0, range.1);
    text.parse().map_err(|error: network::CidrError| ClusterError::Client(error.to_string()))
}

/// The addresses of this node's pods: the first /24 of the cluster's.
pub(crate) fn pod_cidr(settings: &Settings) -> Result<network::Cidr, ClusterError> {
    let (base, length) = settings.pod_range()?;
    parse_cidr((base, length.max(24)))
}

/// Tells whether this process runs pods: not as an ordinary user, and not when told so.
pub(crate) fn has_node(settings: &Settings) -> bool {
    !settings.no_node && sys::process::effective_user() == 0
}

fn kubelet(around: &Surroundings, informers: &Informers) -> Result<Kubelet, ClusterError> {
    let settings = &around.settings;
    let cluster_cidr = parse_cidr(settings.pod_range()?)?;
    let pod_cidr = pod_cidr(settings)?;
    let images = images(&around.home)?;
    let program =
        std::env::current_exe().map_err(ClusterError::file(PathBuf::from("/proc/self/exe")))?;
    let config = kubelet::Config {
        node_name: node_name(settings),
        home: around.home.root().to_owned(),
        program,
        cluster_id: around.id.clone(),
        node_ip: kubelet::outward_address().unwrap_or_else(|| pod_cidr.first().into()),
        port: KUBELET_PORT,
        pod_cidr,
        cluster_cidr,
        service_cidr: Some(parse_cidr(settings.service_range()?)?),
        cluster_dns: match settings.dns_address()? {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        },
        cluster_domain: settings.domain().to_owned(),
        max_pods: MAX_PODS,
        cgroup_root: cgroup_root(&around.id),
        version: KUBELET_VERSION.into(),
        labels: std::collections::BTreeMap::new(),
    };
    let kubelet = Kubelet::new(config, around.client.clone(), informers.clone(), images);
    around.nodes.put(kubelet.server());
    Ok(kubelet)
}

/// The control group below which everything of a cluster stands.
pub(crate) fn cgroup_root(id: &str) -> String {
    format!("/kanoe-{id}")
}

/// The images of a home.
pub(crate) fn images(home: &Home) -> Result<Store, ClusterError> {
    let failed = |error: &dyn std::fmt::Display| ClusterError::Client(error.to_string());
    let registries = Registries::read(&home.registries()).map_err(|error| failed(&error))?;
    Store::open(&home.images(), registries).map_err(|error| failed(&error))
}

/// The name of the node that this process is, or would be.
pub(crate) fn node_name(settings: &Settings) -> String {
    if let Some(name) = &settings.hostname_override {
        return name.clone();
    }
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim().to_lowercase();
    let fits = machinery::names::dns_subdomain(&name).is_empty();
    if fits { name } else { "kanoe".into() }
}

/// Starts every component in order.
pub(crate) async fn start(
    surroundings: Surroundings,
    stop: &StopToken,
) -> Result<Started, ClusterError> {
    let informers = Informers::new(&surroundings.client, stop);
    let mut started = Started { running: Vec::new(), informers: Some(informers.clone()) };
    for component in all(&surroundings, &informers)? {
        let name = component.name();
        let own = StopToken::new();
        match component.start(own.clone()).await {
            Ok(running) => started.running.push((own, running)),
            Err(error) => {
                started.stop().await;
                return Err(error.into());
            }
        }
        tracing::debug!(name, "component started");
    }
    Ok(started)
}

/// Where pods reach the API server: the bridge's own address, for a cluster with a node.
pub(crate) fn advertise_address(
    settings: &Settings,
    bound: IpAddr,
) -> Result<Option<IpAddr>, ClusterError> {
    if has_node(settings) {
        let (base, _) = settings.pod_range()?;
        let IpAddr::V4(base) = base else { return Ok(None) };
        return Ok(Some(Ipv4Addr::from(u32::from(base) + 1).into()));
    }
    Ok(Some(bound).filter(|bound| !bound.is_loopback() && !bound.is_unspecified()))
}

/// The node of this process.
#[derive(Debug, Default)]
pub(crate) struct LocalNodes(OnceLock<NodeServer>);

impl LocalNodes {
    fn put(&self, server: NodeServer) {
        if self.0.set(server).is_err() {
            tracing::error!("a second node in one process");
        }
    }
}

impl NodeConnector for LocalNodes {
    fn connect<'a>(&'a self, name: &'a str) -> Connecting<'a> {
        Box::pin(async move {
            let absent =
                || io::Error::new(io::ErrorKind::NotFound, format!("node {name} does not answer"));
            let server = self.0.get().ok_or_else(absent)?;
            let stream = server.connect()?;
            Ok(Box::new(stream) as Box<dyn NodeStream>)
        })
    }
}
