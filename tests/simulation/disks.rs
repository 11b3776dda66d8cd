//! A driver of disks that pretends: makes the volumes that claims ask it for, deletes those that are
//! released, and does what attachments say. Also what a kubelet does with them: says which it has in use
//! before it looks whether they are attached, and starts no pod before they are.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use client::Client;
use machinery::meta;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    judge::{below, has_ended, pods},
    kubelet::ask,
    mirror::{Mirror, Objects},
};

const DRIVER: &str = "sim.example.com";
const FINALIZER: &str = "external-attacher/sim";
const VOLUMES: &str = "/registry/core/persistentvolumes/";
pub(crate) const ATTACHMENTS: &str = "/registry/storage.k8s.io/volumeattachments/";

/// The classes of disks: made at once, or when their first pod has a node.
pub(crate) fn classes() -> [Value; 2] {
    [("early", "Immediate"), ("late", "WaitForFirstConsumer")].map(|(name, mode)| {
        json!({"metadata": {"name": name}, "provisioner": DRIVER, "volumeBindingMode": mode})
    })
}

/// Whether a key is of what the driver looks after.
pub(crate) fn concerns_driver(key: &str) -> bool {
    key.starts_with("/registry/core/persistentvolumeclaims/")
        || key.starts_with(VOLUMES)
        || key.starts_with(ATTACHMENTS)
}

/// One request, and whom it is about.
type Deed = (&'static str, String, Value);

/// The driver.
#[derive(Debug)]
pub(crate) struct Driver {
    client: Client,
    mirror: Arc<Mirror>,
    random: StdRng,
}

impl Driver {
    pub(crate) fn new(client: Client, mirror: &Arc<Mirror>, seed: u64) -> Self {
        Self { client, mirror: Arc::clone(mirror), random: StdRng::seed_from_u64(seed) }
    }

    /// Works for as long as it is let.
    pub(crate) async fn work(mut self) {
        loop {
            self.mirror.disks.notified().await;
            let wait = Duration::from_millis(self.random.random_range(0..3000));
            tokio::time::sleep(wait).await;
            let deeds = deeds(&self.mirror.state().objects);
            for (method, path, body) in deeds {
                ask(&self.client, method, &path, &body).await;
            }
        }
    }
}

/// What there is to do.
fn deeds(objects: &Objects) -> Vec<Deed> {
    let claims = below(objects, "/registry/core/persistentvolumeclaims/sim/");
    let mut all: Vec<Deed> =
        claims.filter(|claim| waits(objects, claim)).map(|claim| made_for(claim)).collect();
    for volume in below(objects, VOLUMES) {
        let named = |one: &&Value| of_volume(one, meta::name(volume));
        let attached = below(objects, ATTACHMENTS).any(|one| named(&one));
        let phase = meta::text(volume, "/status/phase");
        if phase == "Released" && !attached && !meta::is_deleting(volume) {
            let place = format!("/api/v1/persistentvolumes/{}", meta::name(volume));
            all.push(("DELETE", place, json!({})));
        }
    }
    for one in below(objects, ATTACHMENTS) {
        let place = format!("/apis/storage.k8s.io/v1/volumeattachments/{}", meta::name(one));
        let held = meta::finalizers(one).any(|name| name == FINALIZER);
        if meta::is_deleting(one) {
            let gone = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": [FINALIZER]}});
            all.extend(held.then_some(("PATCH", place, gone)));
        } else if !held {
            all.push(("PATCH", place, json!({"metadata": {"finalizers": [FINALIZER]}})));
        } else if one["status"]["attached"] != true {
            let status = json!({"status": {"attached": true}});
            all.push(("PATCH", format!("{place}/status"), status));
        }
    }
    all
}

fn of_volume(attachment: &Value, volume: &str) -> bool {
    meta::text(attachment, "/spec/source/persistentVolumeName") == volume
}

/// Whether a claim waits for a volume of the driver.
fn waits(objects: &Objects, claim: &Value) -> bool {
    let asked = meta::annotation(claim, "volume.kubernetes.io/storage-provisioner") == Some(DRIVER);
    let now = meta::text(claim, "/spec/storageClassName") == "early"
        || meta::annotation(claim, "volume.kubernetes.io/selected-node").is_some();
    let volume = format!("{VOLUMES}pvc-{}", meta::uid(claim));
    let bound = !meta::text(claim, "/spec/volumeName").is_empty();
    asked && now && !bound && !meta::is_deleting(claim) && !objects.contains_key(&volume)
}

fn made_for(claim: &Value) -> Deed {
    let uid = meta::uid(claim);
    let volume = json!({
        "metadata": {"name": format!("pvc-{uid}"),
            "annotations": {"pv.kubernetes.io/provisioned-by": DRIVER}},
        "spec": {
            "storageClassName": claim["spec"]["storageClassName"],
            "accessModes": claim["spec"]["accessModes"], "capacity": {"storage": "1Gi"},
            "persistentVolumeReclaimPolicy": "Delete",
            "csi": {"driver": DRIVER, "volumeHandle": uid},
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "uid": uid,
                "namespace": meta::namespace(claim), "name": meta::name(claim)},
        },
    });
    ("POST", "/api/v1/persistentvolumes".to_owned(), volume)
}

/// The persistent volumes of a pod.
pub(crate) fn volumes_of<'a>(objects: &'a Objects, pod: &Value) -> Vec<&'a str> {
    let claims = meta::items(pod, "/spec/volumes").iter();
    let names = claims.map(|one| meta::text(one, "/persistentVolumeClaim/claimName"));
    let found = names.filter(|name| !name.is_empty()).filter_map(|name| {
        objects.get(&format!("/registry/core/persistentvolumeclaims/sim/{name}"))
    });
    found.map(|claim| meta::text(claim, "/spec/volumeName")).collect()
}

/// What nodes call the volume of the driver.
pub(crate) fn unique(volume: &str) -> String {
    format!("kubernetes.io/csi/{DRIVER}^{}", volume.trim_start_matches("pvc-"))
}

/// Whether a node's status names all that a pod needs.
pub(crate) fn is_attached(objects: &Objects, pod: &Value) -> bool {
    let node = objects.get(&format!("/registry/core/nodes/{}", meta::text(pod, "/spec/nodeName")));
    let names = |volume: &str| {
        let list = node.map(|node| meta::items(node, "/status/volumesAttached"));
        let name = unique(volume);
        list.into_iter().flatten().any(|one| meta::text(one, "/name") == name)
    };
    volumes_of(objects, pod).into_iter().all(names)
}

/// What a node is to say that it has in use; `None` where it says so.
pub(crate) fn in_use(objects: &Objects, name: &str) -> Option<Value> {
    let node = objects.get(&format!("/registry/core/nodes/{name}"))?;
    let here =
        pods(objects).filter(|pod| meta::text(pod, "/spec/nodeName") == name && !has_ended(pod));
    let used: BTreeSet<String> =
        here.flat_map(|pod| volumes_of(objects, pod)).map(unique).collect();
    let said = meta::items(node, "/status/volumesInUse").iter();
    let said: BTreeSet<String> = said.filter_map(Value::as_str).map(str::to_owned).collect();
    let list = if used.is_empty() { Value::Null } else { json!(used) };
    (used != said).then(|| json!({"status": {"volumesInUse": list}}))
}

/// The claims that a StatefulSet makes for its pods.
pub(crate) fn template(app: &str, class: &str, mode: &str) -> Value {
    json!([{
        "metadata": {"name": app},
        "spec": {"accessModes": [mode], "storageClassName": class,
            "resources": {"requests": {"storage": "1Gi"}}},
    }])
}
