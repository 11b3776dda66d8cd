//! The parts of a cluster besides its API server: which there are, and their order.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use apiserver::{NodeConnector, NodeStream};
use client::Client;
use lifecycle::{Component, Running, StopToken};

use crate::{ClusterError, Home, Settings};

/// What components are given.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) client: Client,
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
fn all(_surroundings: &Surroundings) -> Vec<Box<dyn Component>> {
    Vec::new()
}

/// Starts every component in order.
pub(crate) async fn start(
    surroundings: Surroundings,
    _stop: &StopToken,
) -> Result<Started, ClusterError> {
    let mut started = Started::default();
    for component in all(&surroundings) {
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
pub(crate) struct LocalNodes {}

impl NodeConnector for LocalNodes {
    fn connect<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Box<dyn NodeStream>>> + Send + 'a>> {
        Box::pin(async move {
            Err(io::Error::new(io::ErrorKind::NotFound, format!("no node {name} answers here")))
        })
    }
}
