//! Queue, cycle and plugins: which node a pod runs on.
//!
//! The decision ([`cycle`]) is pure; the shell ([`shell`]) reads caches, binds, and tells why a pod
//! waits. A pod that fits nowhere waits until something changes that could help it, never for a
//! time alone.

mod config;
mod cycle;
mod extenders;
mod ledger;
mod nodes;
mod plugins;
mod preemption;
mod profile;
mod queue;
mod resources;
mod shell;
mod waiting;

use std::{future::Future, pin::Pin};

use client::{Client, Informers};
use lifecycle::{Component, ComponentError, Running, StopToken};

pub use config::{ConfigError, SchedulerConfig};
use extenders::Extenders;

/// The name that pods ask for.
pub const DEFAULT_SCHEDULER: &str = "default-scheduler";

/// The scheduler as a component.
#[derive(Debug)]
pub struct Scheduler {
    client: Client,
    informers: Informers,
    config: SchedulerConfig,
}

impl Scheduler {
    /// Schedulers that write through `client` and read `informers`' caches.
    pub fn new(client: Client, informers: Informers, config: SchedulerConfig) -> Self {
        Self { client, informers, config }
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
        Box::pin(async move {
            let extenders = Extenders::open(&self.config.extenders).await;
            let extenders = extenders.map_err(|source| ComponentError::new(self.name(), source))?;
            let task = shell::run(&self.client, &self.informers, &self.config, extenders, &stop);
            Ok(Running::new(vec![task]))
        })
    }
}
