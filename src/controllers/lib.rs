//! The driver and one folder a controller.
//!
//! A controller is a pure decision (`reconcile.rs`) in a thin shell (`mod.rs`): the shell says
//! which kinds it watches, how a change maps to a key, and how a plan becomes client calls.
//! Watching, queueing, back-off and shutdown exist once, in [`driver`].

mod deployment;
mod driver;
mod endpoints;
mod endpointslice;
mod expectations;
mod garbage;
mod namespace;
mod nodelifecycle;
mod owner;
mod pods;
mod replicaset;
mod serviceaccount;
mod trigger;

use std::{future::Future, pin::Pin};

use client::{Client, Informers};
use lifecycle::{Component, ComponentError, Running, StopToken};

/// Every controller, as one component.
#[derive(Debug)]
pub struct Controllers {
    client: Client,
    informers: Informers,
    /// The cluster's authority, PEM, which every namespace is told.
    authority: String,
}

impl Controllers {
    /// Controllers that write through `client` and read `informers`' caches.
    pub fn new(client: Client, informers: Informers, authority: String) -> Self {
        Self { client, informers, authority }
    }
}

impl Component for Controllers {
    fn name(&self) -> &'static str {
        "controllers"
    }

    fn after(&self) -> &'static [&'static str] {
        &[]
    }

    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>> {
        Box::pin(async move {
            let shop = driver::Shop::new(&self.client, self.informers, &stop);
            let tasks = [
                driver::run(&shop, deployment::Deployments::new(&shop)),
                driver::run(&shop, replicaset::ReplicaSets::new(&shop)),
                driver::run(&shop, endpointslice::EndpointSlices::new(&shop)),
                driver::run(&shop, endpoints::EndpointsController::new(&shop)),
                driver::run(&shop, serviceaccount::Accounts::new(&shop, self.authority)),
                driver::run(&shop, namespace::Namespaces::new(&shop)),
                driver::run(&shop, nodelifecycle::NodeLifecycle::new(&shop)),
                garbage::run(&shop),
            ];
            Ok(Running::new(tasks.into_iter().flatten().collect()))
        })
    }
}
