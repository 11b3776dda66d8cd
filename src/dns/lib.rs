//! Cluster DNS after the Kubernetes DNS specification (`kubernetes/dns`, version 1.1).
//!
//! [`zone`] knows the cluster's names as data, [`answer`] turns a question into an answer, and
//! [`serve`] speaks UDP and TCP. Names outside the cluster are asked of the machine's own servers.

mod answer;
mod forward;
mod serve;
mod zone;

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddrV4},
    pin::Pin,
};

use client::Informers;
use lifecycle::{Component, ComponentError, Running, StopToken};

/// The name server's name in logs.
const NAME: &str = "dns";

/// What the name server is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens; the service proxy leads the cluster's DNS address here.
    pub listen: SocketAddrV4,
    /// The cluster's domain.
    pub domain: String,
    /// The address that pods ask, which is the name `kube-dns`'s own.
    pub address: Ipv4Addr,
}

/// The name server as a component.
#[derive(Debug)]
pub struct Dns {
    config: Config,
    informers: Informers,
}

impl Dns {
    /// A name server that reads `informers`' caches.
    pub fn new(config: Config, informers: Informers) -> Self {
        Self { config, informers }
    }
}

impl Component for Dns {
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
            let zone = zone::Zone::new(&self.config.domain, &self.informers);
            let upstream = forward::Upstream::of_machine();
            let tasks = serve::start(self.config.listen, zone, upstream, &stop).await;
            Ok(Running::new(tasks.map_err(|error| ComponentError::new(NAME, error))?))
        })
    }
}
