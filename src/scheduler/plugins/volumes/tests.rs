//! Pods and nodes with volumes that do not go together.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod};
use k8s_openapi::api::storage::v1::StorageClass;
use serde_json::{Value, json};

use super::{Known, limits::NodeVolumeLimits, restrictions::VolumeRestrictions, zone::VolumeZone};
use crate::{cycle::schedule, nodes::NodeInfo, plugins::Plugin};

/// Claims are `ReadWriteOncePod` where their name says so, and are bound to volumes of their name.
#[derive(Debug, Clone, Default)]
struct World;

impl Known for World {
    fn claim(&self, _: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>> {
        let mode = if name == "lonely" { "ReadWriteOncePod" } else { "ReadWriteOnce" };
        let volume = if name.starts_with("new") { "" } else { name };
        let claim = json!({"metadata": {"name": name}, "spec": {"accessModes": [mode],
            "storageClassName": "made", "volumeName": volume}});
        Some(Arc::new(serde_json::from_value(claim).unwrap()))
    }
    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>> {
        let zone = match name {
            "" => return None,
            "two" => "z1__z2",
            _ => "z1",
        };
        let volume = json!({
            "metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": zone}},
            "spec": {"csi": {"driver": "disks", "volumeHandle": name}},
        });
        Some(Arc::new(serde_json::from_value(volume).unwrap()))
    }
    fn volumes(&self) -> Vec<Arc<PersistentVolume>> {
        Vec::new()
    }
    fn class(&self, _: &str) -> Option<Arc<StorageClass>> {
        Some(Arc::new(serde_json::from_value(json!({"provisioner": "disks"})).unwrap()))
    }
    fn limits(&self, node: &str) -> Vec<(String, usize)> {
        if node == "a" { vec![("disks".into(), 2)] } else { Vec::new() }
    }
}

fn pod(name: &str, volumes: &[Value]) -> Arc<Pod> {
    let mut all = Vec::new();
    for (at, volume) in volumes.iter().enumerate() {
        let mut volume = volume.clone();
        volume["name"] = format!("v{at}").into();
        all.push(volume);
    }
    let pod = json!({"metadata": {"name": name, "namespace": "n", "uid": name},
        "spec": {"containers": [], "volumes": all}});
    Arc::new(serde_json::from_value(pod).unwrap())
}

fn claim(name: &str) -> Value {
    json!({"persistentVolumeClaim": {"claimName": name}})
}

fn node(name: &str, labels: &Value, running: &[Arc<Pod>]) -> Arc<NodeInfo> {
    let node = json!({"metadata": {"name": name, "labels": labels}});
    let mut info = NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap()));
    for pod in running {
        info.add(pod);
    }
    Arc::new(info)
}

fn outcome(plugin: impl Plugin + 'static, pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> String {
    let plugins: Vec<Box<dyn Plugin>> = vec![Box::new(plugin)];
    match schedule(pod, nodes, &plugins, 0) {
        Ok(node) => node.name().to_owned(),
        Err(refused) => refused.message(None),
    }
}

#[test]
fn disks_and_claims_are_for_one_pod() {
    let gce = |read: bool| json!({"gcePersistentDisk": {"pdName": "d", "readOnly": read}});
    let aws = json!({"awsElasticBlockStore": {"volumeID": "d", "readOnly": true}});
    let iscsi = json!({"iscsi": {"iqn": "q", "targetPortal": "p", "lun": 0}});
    let rbd = |pool: &str| json!({"rbd": {"image": "i", "monitors": ["a", "b"], "pool": pool}});
    let taken = "0/1 nodes are available: 1 node(s) had no available disk.";
    let used = "0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same \
                name and ReadWriteOncePod access mode.";
    for (case, running, new, want) in [
        ("written by both", gce(false), gce(false), taken),
        ("read by both", gce(true), gce(true), "a"),
        ("even read", aws.clone(), aws, taken),
        ("iscsi", iscsi.clone(), iscsi, taken),
        ("rbd", rbd("rbd"), rbd("rbd"), taken),
        ("another pool", rbd("rbd"), rbd("other"), "a"),
        ("another kind", gce(false), rbd("rbd"), "a"),
        ("one pod's claim", claim("lonely"), claim("lonely"), used),
        ("a shared claim", claim("one"), claim("one"), "a"),
    ] {
        let nodes = [node("a", &json!({}), &[pod("old", &[running])])];
        let new = pod("new", &[new]);
        assert_eq!(outcome(VolumeRestrictions(World), &new, &nodes), want, "{case}");
    }
}

#[test]
fn a_claim_for_one_pod_is_used_on_no_other_node() {
    let nodes =
        [node("a", &json!({}), &[pod("old", &[claim("lonely")])]), node("b", &json!({}), &[])];
    let told = outcome(VolumeRestrictions(World), &pod("new", &[claim("lonely")]), &nodes);
    assert!(told.starts_with("0/2 nodes are available: 2 node has pod using"), "{told}");
}

#[test]
fn pods_go_to_the_zone_of_their_volumes() {
    let zone = |zone: &str| json!({"topology.kubernetes.io/zone": zone});
    let nodes = [node("a", &zone("z2"), &[]), node("b", &zone("z1"), &[])];
    assert_eq!(outcome(VolumeZone(World), &pod("p", &[claim("one")]), &nodes), "b");
    let two = pod("p", &[claim("two")]);
    assert_eq!(outcome(VolumeZone(World), &two, &nodes[..1]), "a");
    let told = outcome(VolumeZone(World), &pod("p", &[claim("one")]), &nodes[..1]);
    assert_eq!(told, "0/1 nodes are available: 1 node(s) had no available volume zone.");
    let anywhere = [node("c", &json!({}), &[])];
    assert_eq!(outcome(VolumeZone(World), &pod("p", &[claim("one")]), &anywhere), "c");
    let former = json!({"failure-domain.beta.kubernetes.io/zone": "z1"});
    let former = [node("d", &former, &[])];
    assert_eq!(outcome(VolumeZone(World), &pod("p", &[claim("one")]), &former), "d");
}

#[test]
fn drivers_attach_so_many_and_no_more() {
    let plugin = || NodeVolumeLimits(World);
    let full = "0/1 nodes are available: 1 node(s) exceed max volume count.";
    for (case, running, new, want) in [
        ("room", vec!["one"], vec!["two"], "a"),
        ("full", vec!["one", "two"], vec!["three"], full),
        ("shared", vec!["one", "two"], vec!["one"], "a"),
        ("to be made", vec!["one", "two"], vec!["new"], full),
        ("too many at once", vec![], vec!["one", "two", "three"], full),
    ] {
        let claims = |names: Vec<&str>| names.into_iter().map(claim).collect::<Vec<_>>();
        let nodes = [node("a", &json!({}), &[pod("old", &claims(running))])];
        assert_eq!(outcome(plugin(), &pod("p", &claims(new)), &nodes), want, "{case}");
    }
    let free = [node("b", &json!({}), &[])];
    assert_eq!(outcome(plugin(), &pod("p", &[claim("one")]), &free), "b");
}
