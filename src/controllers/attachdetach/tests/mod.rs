//! Tables for single decisions.

mod histories;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{names::unique_name, reconcile::PATIENCE, *};
use crate::{
    driver,
    scripted::{First, Lists, Scene},
};

const DRIVER: &str = "d.example.com";

/// Objects by their names; claims and volumes are of one another.
#[derive(Debug, Clone, Default)]
struct Shelf {
    volumes: BTreeMap<String, Arc<PersistentVolume>>,
    claims: BTreeMap<String, Arc<PersistentVolumeClaim>>,
    attaches: Option<bool>,
}

impl Shelf {
    /// Puts a volume and its claim in.
    fn with(mut self, name: &str, modes: &Value) -> Self {
        let volume = json!({
            "metadata": {"name": name},
            "spec": {"accessModes": modes, "csi": {"driver": DRIVER, "volumeHandle": name},
                "claimRef": {"namespace": "n", "name": name, "uid": name}},
        });
        let claim = json!({
            "metadata": {"namespace": "n", "name": name, "uid": name},
            "spec": {"volumeName": name}, "status": {"phase": "Bound"},
        });
        self.volumes.insert(name.to_owned(), Arc::new(serde_json::from_value(volume).unwrap()));
        self.claims.insert(name.to_owned(), Arc::new(serde_json::from_value(claim).unwrap()));
        self
    }
}

impl Storage for Shelf {
    fn claim(&self, _: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>> {
        self.claims.get(name).cloned()
    }

    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>> {
        self.volumes.get(name).cloned()
    }

    fn driver(&self, name: &str) -> Option<Arc<CSIDriver>> {
        let object =
            json!({"metadata": {"name": name}, "spec": {"attachRequired": self.attaches?}});
        Some(Arc::new(serde_json::from_value(object).unwrap()))
    }
}

fn pod(name: &str, node: &str, claim: &str, more: &Value) -> Arc<Pod> {
    let mut object = json!({
        "metadata": {"namespace": "n", "name": name, "uid": name},
        "spec": {"nodeName": node, "containers": [],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    Arc::new(serde_json::from_value(object).unwrap())
}

fn node(name: &str, more: &Value) -> Node {
    let mut object = json!({
        "metadata": {"name": name, "annotations": {
            "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    serde_json::from_value(object).unwrap()
}

fn attachment(node: &str, volume: &str, status: &Value) -> Arc<VolumeAttachment> {
    let name = names::attachment_name(DRIVER, volume, node);
    let object = json!({
        "metadata": {"name": name, "uid": name},
        "spec": {"attacher": DRIVER, "nodeName": node, "source": {"persistentVolumeName": volume}},
        "status": status,
    });
    Arc::new(serde_json::from_value(object).unwrap())
}

/// A plan in words: the status, what is let go, what is asked for, what is said.
fn told(plan: &Plan) -> String {
    let mut words = Vec::new();
    if let Some(list) = &plan.attached {
        let names = list.iter().map(|one| one.name.rsplit('^').next().unwrap_or_default());
        words.push(format!("show [{}]", names.collect::<Vec<_>>().join(" ")));
    }
    words.extend(plan.detach.iter().map(|it| if it.force { "force" } else { "detach" }.to_owned()));
    words.extend(plan.attach.iter().map(|it| {
        let volume = it.object.spec.source.persistent_volume_name.as_deref();
        format!("attach {}", volume.unwrap_or_default())
    }));
    let said = plan.remarks.iter().chain(&plan.successes);
    words.extend(said.map(|(pod, remark)| format!("{}: {remark}", crate::pods::name(pod))));
    if plan.look_again.is_some() {
        words.push("later".to_owned());
    }
    words.join(", ")
}

/// The plan for node `n`, after so long of nobody wanting what it has.
fn plan_after(
    waited: Duration,
    node: Option<&Node>,
    wanted: &BTreeMap<String, Wanted>,
    attachments: &[Arc<VolumeAttachment>],
    storage: &Shelf,
) -> Plan {
    let held = held(attachments.to_vec(), |name| storage.volume(name));
    let (now, elsewhere) = (Instant::now(), BTreeMap::new());
    let plan = |memory: &Memory, now| {
        let elsewhere = &elsewhere;
        reconcile(&Observed { node_name: "n", node, wanted, held: &held, elsewhere, memory, now })
    };
    let first = plan(&Memory::default(), now);
    if waited.is_zero() { first } else { plan(&first.memory, now + waited) }
}

#[test]
fn pods_want_what_their_claims_are_bound_to() {
    let storage = Shelf::default().with("v", &json!(["ReadWriteOnce"]));
    let unbound = json!({"metadata": {"name": "u"}, "spec": {"volumeName": "v"},
        "status": {"phase": "Pending"}});
    let mut pending = storage.clone();
    pending.claims.insert("v".to_owned(), Arc::new(serde_json::from_value(unbound).unwrap()));
    let quiet = Shelf { attaches: Some(false), ..storage.clone() };
    let loud = Shelf { attaches: Some(true), ..storage.clone() };
    let ended = json!({"status": {"phase": "Succeeded"}});
    let deleted = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    let running = json!({"state": {"running": {}}});
    let ending = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"},
        "status": {"containerStatuses": [{"name": "c", "image": "", "imageID": "", "ready": true,
            "restartCount": 0, "state": running["state"]}]}});
    let none = json!({});
    let keep = json!({"metadata": {"annotations": {
        "volumes.kubernetes.io/keep-terminated-pod-volumes": "true"}}});
    for (case, storage, claim, pod_is, node_is, want) in [
        ("plain", &storage, "v", &none, &none, 1),
        ("a driver that attaches", &loud, "v", &none, &none, 1),
        ("a driver that does not", &quiet, "v", &none, &none, 0),
        ("no claim", &storage, "w", &none, &none, 0),
        ("a claim that waits", &pending, "v", &none, &none, 0),
        ("ended", &storage, "v", &ended, &none, 0),
        ("ended, but kept", &storage, "v", &ended, &keep, 1),
        ("gone but for its name", &storage, "v", &deleted, &none, 0),
        ("still running", &storage, "v", &ending, &none, 1),
    ] {
        let pods = [pod("p", "n", claim, pod_is)];
        let found = wanted("n", Some(&node("n", node_is)), &pods, storage);
        assert_eq!(found.len(), want, "{case}");
    }
}

#[test]
fn volumes_come_and_go_with_their_pods() {
    let storage = Shelf::default().with("v", &json!(["ReadWriteOnce"]));
    let unique = unique_name(DRIVER, "v");
    let none = json!({});
    let shown = json!({"status": {"volumesAttached": [{"name": unique, "devicePath": ""}]}});
    let using = json!({"status": {"volumesInUse": [unique]}});
    let mut unwell = json!({"status": {"conditions": [], "volumesInUse": [unique]}});
    let (asked, attached) = (json!({"attached": false}), json!({"attached": true}));
    let failed = json!({"attached": false, "attachError": {"message": "no such disk"}});
    let second = Duration::from_secs(1);
    let failure =
        "p: FailedAttachVolume: AttachVolume.Attach failed for volume \"v\" : no such disk";
    let success =
        "show [v], p: SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"v\" ";
    let unmanaged = json!({"metadata": {"annotations": null}});
    let check =
        |case: &str, node_is: &Value, pods: usize, has: Option<&Value>, waited, want: &str| {
            let node = node("n", node_is);
            let pods: Vec<_> = (0..pods).map(|_| pod("p", "n", "v", &json!({}))).collect();
            let wanted = wanted("n", Some(&node), &pods, &storage);
            let has: Vec<_> = has.map(|status| attachment("n", "v", status)).into_iter().collect();
            let plan = plan_after(waited, Some(&node), &wanted, &has, &storage);
            assert_eq!(told(&plan), want, "{case}");
        };
    let zero = Duration::ZERO;
    check("wanted", &none, 1, None, zero, "attach v");
    check("a node that attaches itself", &unmanaged, 1, None, zero, "");
    check("asked for", &none, 1, Some(&asked), zero, "");
    check("failed", &none, 1, Some(&failed), zero, failure);
    check("failed, and it was said", &none, 1, Some(&failed), second, "");
    check("attached", &none, 1, Some(&attached), zero, success);
    check("attached and shown", &shown, 1, Some(&attached), zero, "");
    check("lost", &shown, 1, None, zero, "show [], attach v");
    check("wanted no more", &shown, 0, Some(&attached), zero, "show [], detach");
    check("wanted no more, but in use", &using, 0, Some(&attached), PATIENCE, "show [v]");
    check("not well", &unwell, 0, Some(&attached), second, "show [v], later");
    check("not well for long", &unwell, 0, Some(&attached), PATIENCE, "force");
    unwell["spec"] = json!({"taints": [{"key": "node.kubernetes.io/out-of-service",
        "effect": "NoExecute"}]});
    check("out of service", &unwell, 0, Some(&attached), zero, "force");
}

#[test]
fn a_node_that_is_gone_has_nothing() {
    let storage = Shelf::default().with("v", &json!(["ReadWriteOnce"]));
    let has = [attachment("n", "v", &json!({"attached": true}))];
    let plan = plan_after(Duration::ZERO, None, &BTreeMap::new(), &has, &storage);
    assert_eq!(told(&plan), "force");
    let pods = [pod("p", "n", "v", &json!({}))];
    let still = wanted("n", None, &pods, &storage);
    assert_eq!(told(&plan_after(Duration::ZERO, None, &still, &has, &storage)), "");
}

#[test]
fn what_others_made_stays() {
    let storage = Shelf::default().with("v", &json!(["ReadWriteOnce"]));
    let mut theirs = (*attachment("n", "v", &json!({"attached": true}))).clone();
    theirs.metadata.name = Some("by-hand".to_owned());
    let mut lost = (*attachment("n", "gone", &json!({"attached": true}))).clone();
    let found = |one: &VolumeAttachment| {
        held(vec![Arc::new(one.clone())], |name| storage.volume(name)).len()
    };
    assert_eq!(found(&theirs), 0, "another name");
    assert_eq!(found(&lost), 1, "its volume is gone");
    lost.spec.source.persistent_volume_name = None;
    assert_eq!(found(&lost), 0, "written in a pod");
}

#[test]
fn pods_are_told_who_has_their_volume() {
    let storage = Shelf::default().with("v", &json!(["ReadWriteOncePod"]));
    let node = node("n", &json!({}));
    let wanted = wanted("n", Some(&node), &[pod("p", "n", "v", &json!({}))], &storage);
    let none = json!({});
    let far = json!({"metadata": {"namespace": "m"}});
    let near = |name| pod(name, "m", "v", &none);
    for (case, attached, pods, want) in [
        ("asked for only", false, vec![near("a")], ""),
        (
            "nobody",
            true,
            vec![],
            "Volume is already exclusively attached to one node and can't be attached to another",
        ),
        ("two", true, vec![near("a"), near("b")], "Volume is already used by pod(s) a, b"),
        (
            "another's",
            true,
            vec![pod("a", "m", "v", &far)],
            "Volume is already used by 1 pod(s) in different namespaces",
        ),
        (
            "both",
            true,
            vec![near("a"), pod("b", "m", "v", &far)],
            "Volume is already used by pod(s) a and 1 pod(s) in different namespaces",
        ),
    ] {
        let elsewhere =
            BTreeMap::from([(unique_name(DRIVER, "v"), vec![Elsewhere { attached, pods }])]);
        let plan = |memory: &Memory| {
            let (wanted, elsewhere, now) = (&wanted, &elsewhere, Instant::now());
            let node = Some(&node);
            reconcile(&Observed { node_name: "n", node, wanted, held: &[], elsewhere, memory, now })
        };
        let first = plan(&Memory::default());
        let prefix = "p: FailedAttachVolume: Multi-Attach error for volume \"v\" ";
        let want = if want.is_empty() { String::new() } else { format!("{prefix}{want}") };
        assert_eq!(told(&first), want, "{case}");
        assert_eq!(told(&plan(&first.memory)), "", "{case}: said once");
    }
}

/// An attachment that nobody needs, at a node that no list shows.
fn left_behind(path: &str) -> Value {
    match path {
        "/apis/storage.k8s.io/v1/volumeattachments" => {
            let mut attachment = (*attachment("n", "v", &json!({"attached": true}))).clone();
            attachment.metadata.resource_version = Some("1".to_owned());
            json!([attachment])
        }
        "/api/v1/nodes/n" => Value::Null,
        _ => json!([]),
    }
}

/// The same, where the node has just come.
fn not_seen_yet(path: &str) -> Value {
    if path == "/api/v1/nodes/n" { json!([]) } else { left_behind(path) }
}

#[tokio::test(start_paused = true)]
async fn that_a_node_is_gone_is_the_servers_word() {
    let name = names::attachment_name(DRIVER, "v", "n");
    let deletion = format!("DELETE /apis/storage.k8s.io/v1/volumeattachments/{name}");
    for (lists, want) in [(left_behind as Lists, Some(deletion)), (not_seen_yet, None)] {
        let mut scene = Scene::new(lists, First::Succeeds);
        let _tasks = driver::run(&scene.shop, AttachDetach::new(&scene.shop));
        assert_eq!(scene.maybe_next().await, want);
    }
}
