//! What services are given when they are written: addresses in the cluster, ports on nodes.
//!
//! It is given after admission and before validation, as Kubernetes has it; what a write that did not
//! happen was given goes back. Source: `k8s.io/kubernetes/pkg/registry/core/service/storage`.

mod addresses;
mod claims;
mod ports;
mod range;

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use api::core::service;
use machinery::{field::Errors, kind::Kind, meta, status::Status};
use serde_json::Value;

pub use claims::follow_services;
pub(crate) use ports::Ports;

use crate::server::Inner;

/// What one write was given.
#[derive(Debug, Default)]
#[must_use = "what was given is kept or goes back"]
pub(crate) struct Allocation {
    addresses: BTreeSet<IpAddr>,
    ports: Option<ports::Given>,
    /// The ports that the store knows of.
    claimed: BTreeSet<u16>,
}

impl Allocation {
    /// The write has happened.
    pub(crate) fn keep(self) {
        if let Some(ports) = self.ports {
            ports.keep();
        }
    }
}

fn is_service(kind: &Kind) -> bool {
    kind.group.is_empty() && kind.plural == "services"
}

fn invalid(service: &Value, errors: &Errors) -> Status {
    let kind = machinery::status::Resource { group: "", name: "Service" };
    Status::invalid(kind, meta::name(service), errors)
}

/// Gives a service what it needs, so that no server gives it to another one; other kinds get nothing.
///
/// Errors: 422 for what is taken, outside the ranges, or not of the cluster's families; 500 where
/// nothing is left.
pub(crate) async fn give(
    server: &Arc<Inner>,
    kind: &Kind,
    object: &mut Value,
    old: Option<&Value>,
    dry_run: bool,
) -> Result<Allocation, Status> {
    let mut allocation = Allocation::default();
    if !is_service(kind) {
        return Ok(allocation);
    }
    service::carry_over(object, old);
    let families = server.config.service_families();
    service::settle_families(object, old, &families).map_err(|errors| invalid(object, &errors))?;
    match give_all(server, object, old, dry_run, &mut allocation).await {
        Ok(()) => {
            if let Some(old) = old {
                service::drop_of_type(object, old);
            }
            Ok(allocation)
        }
        Err(status) => {
            give_back(server, allocation, object).await;
            Err(status)
        }
    }
}

async fn give_all(
    server: &Arc<Inner>,
    object: &mut Value,
    old: Option<&Value>,
    dry_run: bool,
    allocation: &mut Allocation,
) -> Result<(), Status> {
    addresses::give(server, object, old, dry_run, &mut allocation.addresses).await?;
    let registry = &server.registry;
    let mut taken = BTreeSet::new();
    loop {
        let mut attempt = object.clone();
        let mut given = registry.ports.nothing(&taken, dry_run);
        given.give(&mut attempt, old)?;
        let held = given.held();
        allocation.ports = Some(given);
        let shared = server.config.shared_store && !dry_run;
        let lost = if shared {
            registry.claim_all(&held, &attempt, &mut allocation.claimed).await?
        } else {
            None
        };
        let Some(lost) = lost else {
            *object = attempt;
            return Ok(());
        };
        taken.insert(lost);
        registry.unclaim(std::mem::take(&mut allocation.claimed), &attempt).await;
    }
}

/// Gives back what a write that did not happen was given.
pub(crate) async fn give_back(server: &Arc<Inner>, allocation: Allocation, service: &Value) {
    let Allocation { addresses, ports, claimed } = allocation;
    drop(ports);
    addresses::release(server, &addresses, service).await;
    server.registry.unclaim(claimed, service).await;
}

/// Settles what a write was given that failed with `status`: where nobody knows whether it happened,
/// addresses and claims stay, and are found when they are old.
pub(crate) async fn settle(
    server: &Arc<Inner>,
    allocation: Allocation,
    service: &Value,
    status: &Status,
) {
    if status.code < 500 {
        give_back(server, allocation, service).await;
    }
}

/// Takes back what a service had, and has no longer as `new`, or where there is none.
pub(crate) async fn release(server: &Arc<Inner>, kind: &Kind, old: &Value, new: Option<&Value>) {
    if !is_service(kind) {
        return;
    }
    let kept = new.map(ports::of_service).unwrap_or_default();
    let freed: BTreeSet<u16> = ports::of_service(old).difference(&kept).copied().collect();
    server.registry.ports.forget(&freed);
    if server.config.shared_store {
        server.registry.unclaim(freed, old).await;
    }
    let kept = new.map(addresses::of_service).unwrap_or_default();
    let freed: BTreeSet<IpAddr> = addresses::of_service(old).difference(&kept).copied().collect();
    addresses::release(server, &freed, old).await;
}

/// Learns what the stored services have.
pub(crate) async fn load(server: &Arc<Inner>) -> Result<(), Status> {
    let services = server.registry.objects("", "services", "").await?;
    for service in &services {
        server.registry.ports.learn(service);
    }
    addresses::repair(server, &services).await
}
