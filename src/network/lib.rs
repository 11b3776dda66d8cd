//! A node's pod network: a bridge, a veth pair and an address for each pod, masquerade to the outside.
//! Knows no Kubernetes.
//!
//! What is to be done is planned as data ([`plan`]) and carried out by [`kernel`]. Everything is named
//! after the cluster's id, so that [`Network::remove`] finds all of it and nothing else. Pods hold
//! host routes only: all their traffic passes the host's own rules, also between neighbours.

mod address;
mod ipam;
mod kernel;
pub mod nft;
mod plan;
mod publish;

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::address::{Cidr, CidrError};
use self::ipam::Ipam;
pub use self::nft::NftError;
use self::plan::{Names, Step};
pub use self::publish::HostPort;
use self::publish::{Ports, Published};

/// What a node's network is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Short hexadecimal id of the cluster; every name is made from it.
    pub cluster_id: String,
    /// Folder for addresses given out and for network namespaces.
    pub state: PathBuf,
    /// This node's pods' addresses; the first is the bridge's own.
    pub pod_cidr: Cidr,
    /// All nodes' pods' addresses: traffic to them is not masqueraded.
    pub cluster_cidr: Cidr,
    /// Addresses of services: routed to the bridge, so that one without rules leads nowhere.
    pub service_cidr: Option<Cidr>,
}

/// Why the network could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A step of a plan failed.
    #[error("cannot {step}: {source}")]
    Step {
        /// What was to be done.
        step: String,
        /// Why it was not.
        source: io::Error,
    },
    /// Every address of the range is given out.
    #[error("no addresses available in {range}")]
    NoAddresses {
        /// The range.
        range: Cidr,
    },
    /// The state folder cannot be used.
    #[error("cannot use {path}: {source}")]
    State {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// nft refused a rule set.
    #[error(transparent)]
    Nft(#[from] NftError),
    /// A port of the node leads to another pod already.
    #[error("port {port}/{protocol} of the node is in use by pod {by}")]
    PortTaken {
        /// The port.
        port: u16,
        /// Its protocol.
        protocol: String,
        /// The other pod.
        by: String,
    },
    /// The work was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// A pod's place in the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodNetwork {
    /// Its address.
    pub ip: Ipv4Addr,
    /// Its network namespace.
    pub namespace: PathBuf,
}

/// A node's network. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Network(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    names: Names,
    ipam: Ipam,
    /// Held while what is published changes.
    ports: tokio::sync::Mutex<Ports>,
}

impl Network {
    /// Sets the bridge, routes and rules up, or takes over what an earlier process left.
    pub async fn start(config: Config) -> Result<Self, NetworkError> {
        let namespaces = config.state.join("netns");
        let failed = |source| NetworkError::State { path: namespaces.clone(), source };
        std::fs::create_dir_all(&namespaces).map_err(failed)?;
        let ipam = Ipam::open(&config.state.join("addresses"), config.pod_cidr)?;
        let names = Names::of(&config.cluster_id);
        carry_out(None, plan::node(&config, &names)).await?;
        let ports = Ports::open(config.state.join("ports"))?;
        let mut rules = plan::rules(&config, &names);
        for published in ports.all()? {
            rules += &publish::rules(&names.table, &config.pod_cidr.to_string(), &published);
        }
        nft::apply(&rules).await?;
        let ports = tokio::sync::Mutex::new(ports);
        Ok(Self(Arc::new(Inner { config, names, ipam, ports })))
    }

    /// The bridge's own address: the pods' gateway.
    pub fn gateway(&self) -> Ipv4Addr {
        self.0.config.pod_cidr.first()
    }

    /// The bridge's name.
    pub fn bridge(&self) -> &str {
        &self.0.names.bridge
    }

    /// Gives a pod a namespace, an address and a way out. Asked again, answers the same.
    pub async fn attach(&self, pod: &str) -> Result<PodNetwork, NetworkError> {
        let ip = self.0.ipam.allocate(pod)?;
        let namespace = self.namespace(pod);
        let wired = self.wire(pod, ip, &namespace).await;
        if wired.is_err() {
            // The first error is the one to tell.
            drop(self.detach(pod).await);
        }
        wired.map(|()| PodNetwork { ip, namespace })
    }

    async fn wire(&self, pod: &str, ip: Ipv4Addr, namespace: &Path) -> Result<(), NetworkError> {
        let (host, inside) = plan::pod(&self.0.config, &self.0.names, pod, ip, namespace);
        carry_out(None, host).await?;
        carry_out(Some(namespace.to_owned()), inside).await
    }

    /// What a pod was given before; `None` if nothing.
    pub fn find(&self, pod: &str) -> Option<PodNetwork> {
        let ip = self.0.ipam.find(pod)?;
        let namespace = self.namespace(pod);
        namespace.exists().then_some(PodNetwork { ip, namespace })
    }

    /// Opens ports of the node that lead to ports of a pod. Asked again, does nothing.
    ///
    /// Errors: `PortTaken` when one of them leads to another pod.
    pub async fn publish(
        &self,
        pod: &str,
        ip: Ipv4Addr,
        ports: Vec<HostPort>,
    ) -> Result<(), NetworkError> {
        let wanted = Published { pod: pod.to_owned(), ip, ports };
        let kept = self.0.ports.lock().await;
        let all = kept.all()?;
        if wanted.ports.is_empty() || all.contains(&wanted) {
            return Ok(());
        }
        if let Some((port, by)) = publish::taken(&wanted, &all) {
            let protocol = port.protocol.clone();
            return Err(NetworkError::PortTaken { port: port.port, protocol, by: by.to_owned() });
        }
        let (table, pods) = (&self.0.names.table, self.0.config.pod_cidr.to_string());
        nft::apply(&publish::rules(table, &pods, &wanted)).await?;
        kept.write(&wanted)
    }

    async fn unpublish(&self, pod: &str) -> Result<(), NetworkError> {
        let kept = self.0.ports.lock().await;
        if let Some(published) = kept.all()?.into_iter().find(|published| published.pod == pod) {
            nft::apply(&publish::removal(&self.0.names.table, &published)).await?;
        }
        kept.remove(pod)
    }

    /// Takes a pod's published ports, namespace, veth pair and address away. Asked again, does nothing.
    pub async fn detach(&self, pod: &str) -> Result<(), NetworkError> {
        self.unpublish(pod).await?;
        let veth = self.0.names.veth(pod);
        carry_out(None, vec![Step::RemoveNamespace(self.namespace(pod)), Step::RemoveLink(veth)])
            .await?;
        self.0.ipam.release(pod)
    }

    fn namespace(&self, pod: &str) -> PathBuf {
        self.0.config.state.join("netns").join(pod)
    }

    /// Connects to a port of a pod's own loopback.
    pub async fn connect(&self, pod: &str, port: u16) -> io::Result<tokio::net::TcpStream> {
        let namespace = self.namespace(pod);
        let dial = move || {
            sys::namespace::in_network(&namespace, move || {
                let stream = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
                stream.set_nonblocking(true)?;
                Ok(stream)
            })
        };
        let stream = tokio::task::spawn_blocking(dial).await.map_err(io::Error::other)??;
        tokio::net::TcpStream::from_std(stream)
    }

    /// Pods that hold an address, for finding those that are no more.
    pub fn pods(&self) -> Vec<String> {
        self.0.ipam.owners()
    }

    /// Takes the whole network away: nothing of it is left, its folder included.
    pub async fn remove(self) -> Result<(), NetworkError> {
        for pod in self.pods() {
            self.detach(&pod).await?;
        }
        remove_all(&self.0.config.cluster_id, &self.0.config.state).await
    }
}

/// Takes everything of a cluster's network away, also what no running process knows of.
pub async fn remove_all(cluster_id: &str, state: &Path) -> Result<(), NetworkError> {
    let names = Names::of(cluster_id);
    nft::remove_table("ip", &names.table).await?;
    let namespaces = state.join("netns");
    let mut steps = vec![Step::RemoveLinks(names.veth_prefix.clone())];
    for entry in std::fs::read_dir(&namespaces).into_iter().flatten().flatten() {
        steps.push(Step::RemoveNamespace(entry.path()));
    }
    steps.push(Step::RemoveLink(names.bridge));
    carry_out(None, steps).await?;
    match std::fs::remove_dir_all(state) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(NetworkError::State { path: state.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Does the steps in order, in the namespace at this path or in our own.
async fn carry_out(namespace: Option<PathBuf>, steps: Vec<Step>) -> Result<(), NetworkError> {
    let work = move || -> Result<(), NetworkError> {
        match namespace {
            None => kernel::carry_out(&steps),
            Some(path) => {
                let done = sys::namespace::in_network(&path, move || Ok(kernel::carry_out(&steps)));
                done.map_err(|source| NetworkError::State { path, source })?
            }
        }
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| NetworkError::Interrupted)?
}
