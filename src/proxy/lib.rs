//! Services to rule plans, and the backends that carry them out.
//!
//! [`plan`] turns one Service and its slices into what traffic should do, as data; a backend turns
//! the difference between two plans into one atomic transaction. The cost of a change is that of the
//! Service that changed. Source: Kubernetes documentation, "Virtual IPs and Service Proxies".

mod backends;
mod plan;
mod shell;

use std::{future::Future, net::Ipv4Addr, pin::Pin};

use client::Informers;
use lifecycle::{Component, ComponentError, Running, StopToken};

pub use backends::nftables::table_name;

/// The proxy's name in logs.
const NAME: &str = "proxy";

/// What the proxy is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The cluster's id, after which the table is named.
    pub cluster_id: String,
    /// The node's name: endpoints of local policies are those on it.
    pub node_name: String,
    /// The address of the cluster's own name server, and where it listens.
    pub dns: Option<(Ipv4Addr, std::net::SocketAddrV4)>,
}

/// The service proxy as a component.
#[derive(Debug)]
pub struct Proxy {
    config: Config,
    informers: Informers,
}

impl Proxy {
    /// A proxy that reads `informers`' caches.
    pub fn new(config: Config, informers: Informers) -> Self {
        Self { config, informers }
    }
}

impl Component for Proxy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn after(&self) -> &'static [&'static str] {
        &["kubelet"]
    }

    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>> {
        Box::pin(async move {
            let task = shell::start(self.config, &self.informers, &stop).await;
            Ok(Running::new(vec![task.map_err(|error| ComponentError::new(NAME, error))?]))
        })
    }
}
