//! Queue, cycle and plugins: which node a pod runs on.
//!
//! The decision ([`cycle`]) is pure; the shell ([`shell`]) reads caches, binds, and tells why a pod
//! waits. A pod that fits nowhere waits until something changes that could help it, never for a
//! time alone.

mod cycle;
mod ledger;
mod nodes;
mod plugins;
mod preemption;
mod queue;
mod resources;
mod shell;
mod waiting;

use std::{future::Future, pin::Pin};

use client::{Client, Informers};
use lifecycle::{Component, ComponentError, Running, StopToken};

/// The name that pods ask for.
pub const DEFAULT_SCHEDULER: &str = "default-scheduler";

/// The scheduler as a component.
#[derive(Debug)]
pub struct Scheduler {
    client: Client,
    informers: Informers,
}

impl Scheduler {
    /// A scheduler that writes through `client` and reads `informers`' caches.
    pub fn new(client: Client, informers: Informers) -> Self {
        Self { client, informers }
    }
}

impl Component for Scheduler {
    fn name(&self) -> &'static str {
        "scheduler"
    }

    fn after(&self) -> &'static [&'static str] {
        &[]
    }

    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>> {
        Box::pin(
            async move { Ok(Running::new(vec![shell::run(&self.client, &self.informers, &stop)])) },
        )
    }
}
