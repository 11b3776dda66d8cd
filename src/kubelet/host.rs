//! What every part of the kubelet works with: this node, its runtime and network, and the cluster.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use api::binding;
use client::{Api, Client, Informers, Recorder, SharedCache, WriteOptions, reference};
use k8s_openapi::api::authentication::v1::{TokenRequest as Request, TokenRequestSpec};
use k8s_openapi::api::core::v1::{
    ConfigMap, ObjectReference, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Service,
    ServiceAccount,
};
use lifecycle::StopToken;
use network::Network;
use runtime::image::Store;
use runtime::{Runtime, Sandbox};
use tokio::sync::{Semaphore, broadcast};

use crate::config::Config;
use crate::container::env::{Lookups, Place};
use crate::dns::Resolver;
use crate::pod::PodId;
use crate::volumes::VolumeError;
use crate::volumes::claims::{self, Disks};
use crate::volumes::content::{TokenRequest, referenced};

/// What runs of a pod right now, for whoever wants its streams.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) sandbox: Sandbox,
    pub(crate) runs: BTreeMap<String, LiveRun>,
}

/// A container's latest run.
#[derive(Debug, Clone)]
pub(crate) struct LiveRun {
    pub(crate) id: String,
    pub(crate) attempt: u32,
    pub(crate) running: bool,
}

/// Shared by all workers.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) config: Config,
    pub(crate) client: Client,
    pub(crate) recorder: Recorder,
    pub(crate) runtime: Runtime,
    pub(crate) images: Store,
    pub(crate) network: Network,
    #[expect(dead_code, reason = "held so that the caches go on while somebody reads them")]
    pub(crate) informers: Informers,
    pub(crate) config_maps: SharedCache<ConfigMap>,
    pub(crate) secrets: SharedCache<Secret>,
    pub(crate) services: SharedCache<Service>,
    pub(crate) claims: SharedCache<PersistentVolumeClaim>,
    pub(crate) disks: SharedCache<PersistentVolume>,
    /// Who may pull next.
    pub(crate) pulls: Semaphore,
    /// Names of objects that have changed: `namespace/name`.
    pub(crate) changes: broadcast::Sender<String>,
    pub(crate) resolver: Resolver,
    pub(crate) cpu_milli: i64,
    pub(crate) memory_bytes: i64,
    pub(crate) stop: StopToken,
    /// Pods that have a sandbox, by uid.
    pub(crate) live: Mutex<BTreeMap<String, Live>>,
}

impl Host {
    /// What runs of a pod.
    pub(crate) fn live(&self, uid: &str) -> Option<Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).get(uid).cloned()
    }

    /// Notes what runs of a pod, or that nothing does.
    pub(crate) fn set_live(&self, uid: &str, live: Option<Live>) {
        let mut all = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        match live {
            Some(live) => drop(all.insert(uid.to_owned(), live)),
            None => drop(all.remove(uid)),
        }
    }

    /// Where a pod's volumes and small files stand.
    pub(crate) fn pod_folder(&self, uid: &str) -> PathBuf {
        self.config.home.join("kubelet").join("pods").join(uid)
    }

    /// Where the data of persistent volumes stands that this node makes.
    pub(crate) fn volumes(&self) -> PathBuf {
        let home = &self.config.home;
        std::path::absolute(home).unwrap_or_else(|_| home.clone()).join("volumes")
    }

    /// Where a pod's logs stand.
    pub(crate) fn log_folder(&self, id: &PodId) -> PathBuf {
        let name = format!("{}_{}_{}", id.namespace, id.name, id.uid);
        self.config.home.join("logs").join("pods").join(name)
    }

    /// Where one run of a container writes its log.
    pub(crate) fn log_path(&self, id: &PodId, container: &str, attempt: u32) -> PathBuf {
        self.log_folder(id).join(container).join(format!("{attempt}.log"))
    }

    /// The control group of a pod.
    pub(crate) fn pod_group(&self, uid: &str, qos: &str) -> String {
        let class = match qos {
            "Guaranteed" => String::new(),
            other => format!("/{}", other.to_ascii_lowercase()),
        };
        format!("{}/kubepods{class}/pod{uid}", self.config.cgroup_root)
    }

    pub(crate) fn place(&self, pod_ip: &str) -> Place {
        Place {
            pod_ip: pod_ip.to_owned(),
            host_ip: self.config.node_ip.to_string(),
            node_cpu_milli: self.cpu_milli,
            node_memory_bytes: self.memory_bytes,
        }
    }

    /// A pod as events name it.
    pub(crate) fn about(pod: &Pod) -> ObjectReference {
        reference(pod)
    }

    /// A container of a pod as events name it.
    pub(crate) fn about_container(pod: &Pod, container: &str) -> ObjectReference {
        let init = pod.spec.iter().flat_map(|spec| spec.init_containers.iter().flatten());
        let list = if init.into_iter().any(|c| c.name == container) {
            "initContainers"
        } else {
            "containers"
        };
        let field_path = Some(format!("spec.{list}{{{container}}}"));
        ObjectReference { field_path, ..reference(pod) }
    }

    /// Everything that a pod refers to, as far as it exists.
    pub(crate) async fn lookups(&self, pod: &Pod) -> Lookups {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let (maps, secrets) = referenced(pod);
        let mut lookups = Lookups { services: self.services_for(pod), ..Lookups::default() };
        for name in maps {
            if let Some(map) = self.config_map(namespace, &name).await {
                lookups.config_maps.insert(name, map);
            }
        }
        for name in secrets {
            if let Some(secret) = self.secret(namespace, &name).await {
                lookups.secrets.insert(name, secret);
            }
        }
        lookups
    }

    fn services_for(&self, pod: &Pod) -> Vec<Arc<Service>> {
        let links = pod.spec.as_ref().and_then(|spec| spec.enable_service_links).unwrap_or(true);
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let mut services = if links { self.services.in_namespace(namespace) } else { Vec::new() };
        let has = |services: &[Arc<Service>], name: &str| {
            services.iter().any(|service| service.metadata.name.as_deref() == Some(name))
        };
        if !has(&services, "kubernetes") {
            services.extend(self.services.get("default", "kubernetes"));
        }
        services
    }

    /// A config map from the cache, or from the server where the cache has not heard of it yet.
    async fn config_map(&self, namespace: &str, name: &str) -> Option<Arc<ConfigMap>> {
        if let Some(found) = self.config_maps.get(namespace, name) {
            return Some(found);
        }
        let api = Api::<ConfigMap>::namespaced(&self.client, namespace);
        api.find(name).await.ok().flatten().map(Arc::new)
    }

    /// A secret, likewise.
    pub(crate) async fn secret(&self, namespace: &str, name: &str) -> Option<Arc<Secret>> {
        if let Some(found) = self.secrets.get(namespace, name) {
            return Some(found);
        }
        let api = Api::<Secret>::namespaced(&self.client, namespace);
        api.find(name).await.ok().flatten().map(Arc::new)
    }

    /// The persistent volumes that a pod has; the first that cannot be had is told with its volume.
    ///
    /// From the caches, and from the server where they have not heard of one yet.
    pub(crate) async fn disks(&self, pod: &Pod) -> Result<Disks, (String, VolumeError)> {
        let mut disks = Disks::new();
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        for volume in pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
            let Some((name, _)) = binding::claim_of(pod, volume) else { continue };
            let resolve = |claim: Option<&PersistentVolumeClaim>,
                           disk: Option<&PersistentVolume>| {
                claims::resolve(pod, volume, claim, disk)
            };
            let claim = self.claims.get(namespace, &name);
            let disk = claim.as_ref().and_then(|it| self.disks.get("", binding::volume_name(it)));
            let found = if let Ok(found) = resolve(claim.as_deref(), disk.as_deref()) {
                Ok(found)
            } else {
                let (claim, disk) = self.live_claim(namespace, &name).await;
                resolve(claim.as_ref(), disk.as_ref())
            };
            let found = found.map_err(|error| (volume.name.clone(), error))?;
            disks.insert(volume.name.clone(), found);
        }
        Ok(disks)
    }

    /// A claim and its volume as the server has them.
    async fn live_claim(
        &self,
        namespace: &str,
        name: &str,
    ) -> (Option<PersistentVolumeClaim>, Option<PersistentVolume>) {
        let api = Api::<PersistentVolumeClaim>::namespaced(&self.client, namespace);
        let claim = api.find(name).await.ok().flatten();
        let disk = match claim.as_ref().map(binding::volume_name) {
            None | Some("") => None,
            Some(name) => {
                Api::<PersistentVolume>::all(&self.client).find(name).await.ok().flatten()
            }
        };
        (claim, disk)
    }

    /// A token for the pod's service account, and when to ask for the next one.
    pub(crate) async fn token(
        &self,
        pod: &Pod,
        wanted: &TokenRequest,
    ) -> Result<(String, jiff::Timestamp), client::ClientError> {
        let id = PodId::of(pod);
        let account = pod.spec.as_ref().and_then(|spec| spec.service_account_name.clone());
        let account = account.unwrap_or_else(|| "default".to_owned());
        let bound = k8s_openapi::api::authentication::v1::BoundObjectReference {
            api_version: Some("v1".to_owned()),
            kind: Some("Pod".to_owned()),
            name: Some(id.name.clone()),
            uid: Some(id.uid.clone()),
        };
        let request = Request {
            spec: Some(TokenRequestSpec {
                audiences: wanted.audience.clone().map(|audience| vec![audience]),
                bound_object_ref: Some(bound),
                expiration_seconds: Some(wanted.expiration_seconds),
            }),
            ..Request::default()
        };
        let api = Api::<ServiceAccount>::namespaced(&self.client, id.namespace);
        let answer: Request = api.create_sub(&account, "token", &request).await?;
        let now = lifecycle::clock::now();
        let status = answer.status.unwrap_or_default();
        // The kubelet asks anew at four fifths of a token's life.
        let expires = status.expiration_timestamp.map_or(now, |time| time.0);
        let life = expires.duration_since(now);
        let renew = now.saturating_add(life / 5 * 4).unwrap_or(now);
        Ok((status.token.unwrap_or_default(), renew))
    }

    /// How writes are marked.
    pub(crate) fn write_options() -> WriteOptions {
        WriteOptions::manager("kubelet")
    }
}
