//! Volumes out of nothing: folders of this node, for claims of classes that name us.
//!
//! What an external provisioner is to Kubernetes, at work on each node for itself: making and deleting
//! folders is the node's, and a claim says which node its pod will be on. Data goes only with a volume
//! that this node has made, that is released or deleted, and whose policy is `Delete`.

mod decide;

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::binding::{self, class_of, volume_name};
use client::EventKind::{Normal, Warning};
use client::{
    Api, Client, ClientError, DeleteOptions, Informers, ListOptions, ObjectKey, Patch, Recorder,
    SharedCache, WorkQueue, WriteOptions, reference,
};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use lifecycle::{StopToken, Task};
use serde_json::json;

use self::decide::{ForClaim, ForVolume, Here, for_claim, for_volume};

/// The provisioner that classes name.
pub(crate) const NAME: &str = "kanoe.local/hostpath";
/// Our hold on a volume whose data is to go first.
const FINALIZER: &str = "kanoe.local/hostpath";
/// The class that a fresh cluster has.
const CLASS: &str = "standard";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Gives the cluster its class, unless it has one of that name; it is the default one unless another is.
pub(crate) async fn offer_class(client: &Client) -> Result<(), ClientError> {
    let api = Api::<StorageClass>::all(client);
    let known = api.list(&ListOptions::default()).await?.items;
    if known.iter().any(|class| class.metadata.name.as_deref() == Some(CLASS)) {
        return Ok(());
    }
    let default = !known.iter().any(binding::is_default);
    let class = json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {
            "name": CLASS, "annotations": {binding::DEFAULT_CLASS: default.to_string()},
        },
        "provisioner": NAME, "reclaimPolicy": "Delete", "allowVolumeExpansion": true,
        "volumeBindingMode": "WaitForFirstConsumer",
    });
    let Ok(class) = serde_json::from_value(class) else { return Ok(()) };
    match api.create(&class, &WriteOptions::default()).await {
        Err(error) if !error.already_exists() => Err(error),
        _ => Ok(()),
    }
}

/// Serves claims until `stop`; volumes stand below `root`.
pub(crate) fn run(
    client: &Client,
    informers: &Informers,
    (node, root): (String, PathBuf),
    stop: &StopToken,
) -> Task {
    let provisioner = Arc::new(Provisioner {
        recorder: Recorder::new(client, NAME, &node, stop),
        client: client.clone(),
        claims: informers.cache(),
        volumes: informers.cache(),
        classes: informers.cache(),
        queue: WorkQueue::new(),
        node,
        root,
    });
    lifecycle::spawn("kubelet/provisioner", stop, provisioner.work())
}

/// Keys of volumes have no namespace.
#[derive(Debug)]
struct Provisioner {
    client: Client,
    claims: SharedCache<PersistentVolumeClaim>,
    volumes: SharedCache<PersistentVolume>,
    classes: SharedCache<StorageClass>,
    queue: WorkQueue<ObjectKey>,
    recorder: Recorder,
    node: String,
    root: PathBuf,
}

impl Provisioner {
    fn here(&self) -> Here<'_> {
        Here { node: &self.node, root: &self.root }
    }

    fn watch(&self) {
        let keys = self.queue.clone();
        self.claims.on_change(move |_, new| {
            if let Some(claim) = new {
                keys.add(ObjectKey::of(&**claim));
            }
        });
        let keys = self.queue.clone();
        self.volumes.on_change(move |_, new| {
            let Some(volume) = new else { return };
            keys.add(ObjectKey::of(&**volume));
            if let Some(claim) = binding::claim_ref(volume) {
                let (namespace, name) = (claim.namespace.clone(), claim.name.clone());
                keys.add(ObjectKey::new(namespace.unwrap_or_default(), name.unwrap_or_default()));
            }
        });
        let (keys, claims) = (self.queue.clone(), self.claims.clone());
        self.classes.on_change(move |_, new| {
            let name = new.and_then(|class| class.metadata.name.clone());
            for claim in claims.list() {
                if Some(class_of(&claim)) == name.as_deref() {
                    keys.add(ObjectKey::of(&*claim));
                }
            }
        });
    }

    async fn work(self: Arc<Self>) {
        self.claims.synced().await;
        self.volumes.synced().await;
        self.classes.synced().await;
        self.watch();
        while let Some(key) = self.queue.take().await {
            let done = if key.namespace.is_empty() {
                self.sync_volume(&key).await
            } else {
                self.sync_claim(&key).await
            };
            match done {
                Ok(()) => self.queue.forget(&key),
                Err(error) => {
                    tracing::debug!(%key, %error, "no volume yet, will retry");
                    self.queue.add_rate_limited(key.clone());
                }
            }
            self.queue.done(&key);
        }
    }

    async fn sync_claim(&self, key: &ObjectKey) -> Result<(), Failure> {
        let Some(claim) = self.claims.find(key) else { return Ok(()) };
        let class = self.classes.get("", class_of(&claim));
        let volume = self.volumes.get("", volume_name(&claim));
        let about = reference(&*claim);
        let options = WriteOptions::default();
        match for_claim(&claim, class.as_deref(), volume.as_deref(), self.here()) {
            ForClaim::Nothing => {}
            ForClaim::Refuse(words) => {
                self.recorder.event(&about, Warning, "ProvisioningFailed", words);
            }
            ForClaim::Make(volume) => self.make(&claim, &volume).await?,
            ForClaim::Grow(volume) => {
                Api::<PersistentVolume>::all(&self.client).update(&volume, &options).await?;
            }
            ForClaim::Grown(grown) => {
                let api =
                    Api::<PersistentVolumeClaim>::namespaced(&self.client, key.namespace.clone());
                api.update_status(&grown, &options).await?;
                let words = "Resize volume succeeded";
                self.recorder.event(&about, Normal, "VolumeResizeSuccessful", words);
            }
        }
        Ok(())
    }

    /// Makes the folder, then the object: a volume that can be seen can be mounted.
    async fn make(
        &self,
        claim: &PersistentVolumeClaim,
        volume: &PersistentVolume,
    ) -> Result<(), Failure> {
        let name = volume.metadata.name.as_deref().unwrap_or_default();
        if self.volumes.get("", name).is_some() {
            return Ok(());
        }
        let about = reference(claim);
        let full = ObjectKey::of(claim);
        let words = format!("External provisioner is provisioning volume for claim \"{full}\"");
        self.recorder.event(&about, Normal, "Provisioning", words);
        let folder = self.root.join(name);
        if let Err(error) = make_folder(&folder) {
            let class = class_of(claim);
            let words = format!("failed to provision volume with StorageClass {class:?}: {error}");
            self.recorder.event(&about, Warning, "ProvisioningFailed", words);
            return Err(error.into());
        }
        let api = Api::<PersistentVolume>::all(&self.client);
        match api.create(volume, &WriteOptions::default()).await {
            Ok(_) => {
                let words = format!("Successfully provisioned volume {name}");
                self.recorder.event(&about, Normal, "ProvisioningSucceeded", words);
                Ok(())
            }
            // By another node, or by us and the cache does not show it yet.
            Err(error) if error.already_exists() => {
                let known = api.find(name).await?;
                if !known.is_some_and(|known| self.here().made(&known)) {
                    drop(std::fs::remove_dir(&folder));
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn sync_volume(&self, key: &ObjectKey) -> Result<(), Failure> {
        let Some(seen) = self.volumes.find(key) else { return Ok(()) };
        if for_volume(&seen, self.here()) == ForVolume::Nothing {
            return Ok(());
        }
        // Data does not come back: the server has the last word.
        let api = Api::<PersistentVolume>::all(&self.client);
        let Some(volume) = api.find(&key.name).await? else { return Ok(()) };
        match for_volume(&volume, self.here()) {
            ForVolume::Nothing => Ok(()),
            ForVolume::Delete => {
                self.wipe(&volume).await?;
                let uid = volume.metadata.uid.clone().unwrap_or_default();
                match api.delete(&key.name, &DeleteOptions::of_uid(uid)).await {
                    Err(error) if !error.not_found() => Err(error.into()),
                    _ => Ok(()),
                }
            }
            ForVolume::Wipe => {
                self.wipe(&volume).await?;
                self.let_go(&volume).await
            }
            ForVolume::LetGo => self.let_go(&volume).await,
        }
    }

    async fn wipe(&self, volume: &PersistentVolume) -> Result<(), Failure> {
        let folder = self.root.join(volume.metadata.name.as_deref().unwrap_or_default());
        let wiped =
            tokio::task::spawn_blocking(move || runtime::mounts::remove_folder(&folder)).await?;
        if let Err(error) = &wiped {
            let words = error.to_string();
            self.recorder.event(&reference(volume), Warning, "VolumeFailedDelete", words);
        }
        Ok(wiped?)
    }

    async fn let_go(&self, volume: &PersistentVolume) -> Result<(), Failure> {
        let meta = &volume.metadata;
        let mut finalizers = meta.finalizers.clone().unwrap_or_default();
        finalizers.retain(|one| one != FINALIZER);
        let patch = Patch::Merge(json!({"metadata": {
            "finalizers": finalizers, "uid": meta.uid, "resourceVersion": meta.resource_version,
        }}));
        let name = meta.name.as_deref().unwrap_or_default();
        let api = Api::<PersistentVolume>::all(&self.client);
        match api.patch(name, &patch, &WriteOptions::default()).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Whoever the pod runs as may write, as with every provisioner of folders.
fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777))
}
