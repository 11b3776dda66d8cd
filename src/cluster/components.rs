//! The parts of a cluster besides its API server: which there are, and their order.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use apiserver::{NodeConnector, NodeStream};
use client::{Client, Informers};
use kubelet::{Kubelet, NodeServer};
use lifecycle::{Component, Running, StopToken};
use runtime::image::{Store, registries::Registries};

use crate::{ClusterError, Home, Settings};

/// What components are given.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) client: Client,
    pub(crate) informers: Informers,
    pub(crate) settings: Settings,
    pub(crate) home: Home,
    pub(crate) id: String,
    pub(crate) authority: String,
    pub(crate) api_address: SocketAddr,
    pub(crate) nodes: Arc<LocalNodes>,
}

/// Components that run, in the order in which they started.
#[derive(Debug, Default)]
pub(crate) struct Started(Vec<(StopToken, Running)>);

impl Started {
    /// Stops them, the last one first.
    pub(crate) async fn stop(self) {
        for (stop, running) in self.0.into_iter().rev() {
            stop.cancel();
            running.ended().await;
        }
    }
}

/// Every component, each after those that it names.
fn all(surroundings: &Surroundings) -> Result<Vec<Box<dyn Component>>, ClusterError> {
    let mut all: Vec<Box<dyn Component>> = Vec::new();
    if !surroundings.settings.no_node {
        all.push(Box::new(node(surroundings)?));
    }
    Ok(all)
}

/// This machine's node.
fn node(surroundings: &Surroundings) -> Result<Kubelet, ClusterError> {
    let Surroundings { settings, home, id, informers, client, .. } = surroundings;
    let range = |flag, (address, length): (IpAddr, u8)| {
        let text = format!("{address}/{length}");
        text.parse::<network::Cidr>().map_err(|error| ClusterError::Setting {
            flag,
            value: text,
            why: error.to_string(),
        })
    };
    let pods = settings.pod_range()?;
    let cluster_cidr = range("cluster-cidr", pods)?;
    let pod_cidr = range("cluster-cidr", (pods.0, pods.1.max(24)))?;
    let name = settings.hostname_override.clone().unwrap_or_else(host_name);
    let registries = Registries::read(&home.root().join("registries.yaml"))
        .map_err(|error| ClusterError::Node(Box::new(error)))?;
    let images = Store::open(&home.root().join("images"), registries)
        .map_err(|error| ClusterError::Node(Box::new(error)))?;
    let config = kubelet::Config {
        node_name: name.clone(),
        home: home.root().to_owned(),
        program: "/proc/self/exe".into(),
        cluster_id: id.clone(),
        node_ip: kubelet::outward_address().unwrap_or_else(|| pod_cidr.first().into()),
        port: 10250,
        pod_cidr,
        cluster_cidr,
        service_cidr: Some(range("service-cluster-ip-range", settings.service_range()?)?),
        cluster_dns: match settings.dns_address()? {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        },
        cluster_domain: settings.domain().to_owned(),
        max_pods: 110,
        cgroup_root: format!("/kanoe-{id}"),
        version: "v1.36.2".into(),
        labels: std::collections::BTreeMap::new(),
    };
    let kubelet = Kubelet::new(config, client.clone(), informers.clone(), images);
    surroundings.nodes.add(&name, kubelet.server());
    Ok(kubelet)
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// Starts every component in order.
pub(crate) async fn start(
    surroundings: Surroundings,
    _stop: &StopToken,
) -> Result<Started, ClusterError> {
    let mut started = Started::default();
    for component in all(&surroundings)? {
        let name = component.name();
        let own = StopToken::new();
        match component.start(own.clone()).await {
            Ok(running) => started.0.push((own, running)),
            Err(error) => {
                started.stop().await;
                return Err(error.into());
            }
        }
        tracing::debug!(name, "component started");
    }
    Ok(started)
}

/// Where pods reach the API server; nowhere for a control plane on the loopback alone.
pub(crate) fn advertise_address(settings: &Settings, bound: IpAddr) -> Option<IpAddr> {
    (settings.no_node && !bound.is_loopback() && !bound.is_unspecified()).then_some(bound)
}

/// The nodes of this process.
#[derive(Debug, Default)]
pub(crate) struct LocalNodes {
    servers: Mutex<HashMap<String, NodeServer>>,
}

impl LocalNodes {
    fn add(&self, name: &str, server: NodeServer) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        servers.insert(name.to_owned(), server);
    }
}

impl NodeConnector for LocalNodes {
    fn connect<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Box<dyn NodeStream>>> + Send + 'a>> {
        Box::pin(async move {
            let server = {
                let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
                servers.get(name).cloned()
            };
            let missing =
                || io::Error::new(io::ErrorKind::NotFound, format!("no node {name} answers here"));
            let stream = server.ok_or_else(missing)?.connect()?;
            Ok(Box::new(stream) as Box<dyn NodeStream>)
        })
    }
}
