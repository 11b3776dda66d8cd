//! Describe pages: one file a kind, and a page for kinds that have none of their own.

mod autoscaler;
mod certificate;
mod cluster;
mod config;
mod events;
mod generic;
mod network;
mod node;
mod page;
mod pod;
mod rbac;
mod selector;
mod service;
mod storage;
pub(crate) mod template;
mod volumes;
mod workloads;

pub(crate) use events::age_of;
use page::Page;
pub(crate) use rbac::rows_of;
pub(crate) use selector::selector_text;
pub(crate) use template::{probe_text, template_text};

use crate::{context::Context, report::CliError, resolve::Info};

/// What a page needs beside the object.
pub(crate) struct Subject<'s> {
    pub(crate) cx: &'s Context,
    pub(crate) info: &'s Info,
    pub(crate) events: bool,
}

/// The page of one object.
pub(crate) async fn text(subject: &Subject<'_>) -> Result<String, CliError> {
    let mut page = Page::default();
    let resource = &subject.info.place.resource;
    match (resource.group.as_str(), resource.kind.as_str()) {
        ("", "Pod") => pod::describe(&mut page, subject).await?,
        ("", "Node") => node::describe(&mut page, subject).await?,
        ("", "Namespace") => cluster::namespace(&mut page, subject).await?,
        ("", "ResourceQuota") => cluster::quota(&mut page, subject),
        ("", "LimitRange") => cluster::limits(&mut page, subject),
        ("", "Service") => service::describe(&mut page, subject).await?,
        ("", "Endpoints") => service::endpoints(&mut page, subject).await?,
        ("", "ConfigMap") => config::config_map(&mut page, subject).await?,
        ("", "Secret") => config::secret(&mut page, subject),
        ("", "ServiceAccount") => config::service_account(&mut page, subject).await?,
        ("", "PersistentVolumeClaim") => storage::claim(&mut page, subject).await?,
        ("", "PersistentVolume") => storage::volume(&mut page, subject).await?,
        ("apps", "Deployment") => workloads::deployment(&mut page, subject).await?,
        ("apps", "ReplicaSet") | ("", "ReplicationController") => {
            workloads::replica_set(&mut page, subject).await?;
        }
        ("apps", "StatefulSet") => workloads::stateful_set(&mut page, subject).await?,
        ("apps", "DaemonSet") => workloads::daemon_set(&mut page, subject).await?,
        ("batch", "Job") => workloads::job(&mut page, subject).await?,
        ("autoscaling", "HorizontalPodAutoscaler") => {
            autoscaler::describe(&mut page, subject).await?;
        }
        ("batch", "CronJob") => workloads::cron_job(&mut page, subject).await?,
        ("discovery.k8s.io", "EndpointSlice") => service::slice(&mut page, subject).await?,
        ("networking.k8s.io", "Ingress") => network::ingress(&mut page, subject).await?,
        ("networking.k8s.io", "IngressClass") => network::ingress_class(&mut page, subject).await?,
        ("networking.k8s.io", "NetworkPolicy") => network::policy(&mut page, subject),
        ("storage.k8s.io", "StorageClass") => storage::class(&mut page, subject).await?,
        ("scheduling.k8s.io", "PriorityClass") => {
            cluster::priority_class(&mut page, subject).await?;
        }
        ("certificates.k8s.io", "CertificateSigningRequest") => {
            certificate::request(&mut page, subject).await?;
        }
        ("policy", "PodDisruptionBudget") => cluster::disruption_budget(&mut page, subject).await?,
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => rbac::role(&mut page, subject),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            rbac::binding(&mut page, subject);
        }
        _ => generic::describe(&mut page, subject).await?,
    }
    Ok(page.finish())
}
