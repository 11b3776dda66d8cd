//! The driver and one folder a controller.
//!
//! A controller is a pure decision (`reconcile.rs`) in a thin shell (`mod.rs`): the shell says
//! which kinds it watches, how a change maps to a key, and how a plan becomes client calls.
//! Watching, queueing, back-off and shutdown exist once, in [`driver`].

mod accounttokens;
mod attachdetach;
mod autoscaler;
mod bootstraptokens;
mod certificates;
mod claim;
mod clusterrole;
mod cronjob;
mod daemonset;
mod deployment;
mod devicetaints;
mod disruption;
mod driver;
mod endpoints;
mod endpointslice;
mod endpointslicemirroring;
mod ephemeral;
mod expectations;
mod garbage;
mod history;
mod job;
mod jobs;
mod legacytokens;
mod namespace;
mod nodelifecycle;
mod nodettl;
mod owner;
mod podcontrol;
mod podgc;
mod pods;
mod policystatus;
mod protection;
mod remark;
mod replicaset;
mod resourceclaim;
#[cfg(test)]
mod scripted;
mod serviceaccount;
mod serviceaddresses;
mod servicecidr;
mod share;
mod statefulset;
mod tainteviction;
mod trigger;
mod ttl;
mod volumebinder;

use std::{future::Future, pin::Pin, sync::Arc};

use client::{Client, Informers};
use k8s_openapi::api::{apps::v1::ReplicaSet, core::v1::ReplicationController};
use lifecycle::{Component, ComponentError, Running, StopToken};

pub use accounttokens::{TokenMaker, TokenOrder};
pub use certificates::{Order, Signer};

/// The cluster's authority.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Its certificate, PEM, which every namespace is told.
    pub certificate: String,
    /// What it signs by.
    pub signer: Arc<dyn Signer>,
    /// Who makes tokens that stand in secrets.
    pub tokens: Arc<dyn TokenMaker>,
}

/// Every controller, as one component.
#[derive(Debug)]
pub struct Controllers {
    client: Client,
    informers: Informers,
    authority: Authority,
}

impl Controllers {
    /// Controllers that write through `client` and read `informers`' caches.
    pub fn new(client: Client, informers: Informers, authority: Authority) -> Self {
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
                driver::run(&shop, replicaset::ReplicaSets::<ReplicaSet>::new(&shop)),
                driver::run(&shop, replicaset::ReplicaSets::<ReplicationController>::new(&shop)),
                driver::run(&shop, cronjob::CronJobs::new(&shop)),
                driver::run(&shop, daemonset::DaemonSets::new(&shop)),
                driver::run(&shop, statefulset::StatefulSets::new(&shop)),
                driver::run(&shop, job::Jobs::new(&shop)),
                driver::run(&shop, job::Orphans::new(&shop)),
                driver::run(&shop, ttl::TtlAfterFinished::new(&shop)),
                driver::run(&shop, podgc::PodGc::new(&shop)),
                driver::run(&shop, disruption::Disruption::new(&shop)),
                driver::run(&shop, disruption::StaleDisruptions::new(&shop)),
                driver::run(&shop, autoscaler::Autoscalers::new(&shop)),
                driver::run(&shop, protection::Claims::new(&shop)),
                driver::run(&shop, protection::Volumes::new(&shop)),
                driver::run(&shop, volumebinder::Binder::new(&shop)),
                driver::run(&shop, ephemeral::Ephemeral::new(&shop)),
                driver::run(&shop, attachdetach::AttachDetach::new(&shop)),
                driver::run(&shop, clusterrole::Aggregation::new(&shop)),
                driver::run(&shop, endpointslice::EndpointSlices::new(&shop)),
                driver::run(&shop, endpoints::EndpointsController::new(&shop)),
                driver::run(&shop, endpointslicemirroring::Mirrors::new(&shop)),
                driver::run(&shop, nodettl::NodeTtl::new(&shop)),
                driver::run(&shop, policystatus::PolicyStatus::new(&shop)),
                driver::run(&shop, devicetaints::DeviceTaints::new(&shop)),
                driver::run(&shop, legacytokens::LegacyTokens::new(&shop)),
                driver::run(&shop, servicecidr::ServiceRanges::new(&shop)),
                driver::run(&shop, serviceaddresses::ServiceAddresses::new(&shop)),
                driver::run(&shop, resourceclaim::PodClaims::new(&shop)),
                driver::run(&shop, resourceclaim::ClaimUsers::new(&shop)),
                driver::run(&shop, bootstraptokens::TokenCleaner::new(&shop)),
                driver::run(&shop, bootstraptokens::Signatures::new(&shop)),
                driver::run(&shop, protection::Attributes::new(&shop)),
                driver::run(
                    &shop,
                    accounttokens::AccountTokens::new(
                        &shop,
                        self.authority.certificate.clone(),
                        self.authority.tokens,
                    ),
                ),
                driver::run(
                    &shop,
                    serviceaccount::Accounts::new(&shop, self.authority.certificate),
                ),
                driver::run(&shop, certificates::Certificates::new(&shop, self.authority.signer)),
                driver::run(&shop, namespace::Namespaces::new(&shop)),
                driver::run(&shop, nodelifecycle::NodeLifecycle::new(&shop)),
                driver::run(&shop, tainteviction::TaintEviction::new(&shop)),
                garbage::run(&shop),
            ];
            Ok(Running::new(tasks.into_iter().flatten().collect()))
        })
    }
}
