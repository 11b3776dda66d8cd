//! Attachments of volumes: the test is the nodes' kubelets and the driver's attacher.

use support::{Cluster, alone};

use crate::server::serve;

const NODES: &str = "\
apiVersion: v1
kind: Node
metadata:
  name: near
  annotations: {volumes.kubernetes.io/controller-managed-attach-detach: \"true\"}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: v1
kind: Node
metadata:
  name: far
  annotations: {volumes.kubernetes.io/controller-managed-attach-detach: \"true\"}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: quiet.example.com}
spec: {attachRequired: false}
";

fn disk(name: &str, driver: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: PersistentVolume
metadata: {{name: {name}}}
spec:
  storageClassName: manual
  accessModes: [ReadWriteOnce]
  capacity: {{storage: 1Gi}}
  claimRef: {{namespace: default, name: {name}}}
  csi: {{driver: {driver}, volumeHandle: handle-{name}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: {name}}}
spec:
  storageClassName: manual
  volumeName: {name}
  accessModes: [ReadWriteOnce]
  resources: {{requests: {{storage: 1Gi}}}}
---
"
    )
}

fn pod(name: &str, node: &str, claim: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  nodeName: {node}
  containers: [{{name: c, image: i}}]
  volumes: [{{name: data, persistentVolumeClaim: {{claimName: {claim}}}}}]
---
"
    )
}

fn create(cluster: &Cluster, text: &str) {
    let file = cluster.folder().join("objects.yaml");
    std::fs::write(&file, text).expect("the folder is the test's own");
    cluster.ok(&format!("kubectl create -f {}", file.display()));
}

/// The attachment of a disk to a node, as soon as it is asked for.
fn attachment(cluster: &Cluster, disk: &str, node: &str) -> String {
    let sum = format!("printf %s handle-{disk}disks.example.com{node} | sha256sum | cut -d' ' -f1");
    let name = format!("volumeattachment/csi-{}", cluster.shell(&sum).out.trim());
    cluster.ok(&format!("kubectl wait --for=create {name} --timeout=60s"));
    name
}

fn set(cluster: &Cluster, object: &str, status: &str) {
    let patch = format!("kubectl patch {object} --subresource=status --type=merge");
    cluster.ok(&format!("{patch} -p {{\"status\":{status}}}"));
}

/// The next event of a pod that a pattern finds.
fn event(cluster: &Cluster, pod: &str, pattern: &str) -> String {
    let watch = format!(
        "exec 3< <(exec timeout 60 kubectl get events --watch -o \
         'jsonpath={{.source.component}} {{.type}} {{.reason}}: {{.message}}{{\"\\n\"}}' \
         --field-selector=involvedObject.name={pod}); grep -m1 '{pattern}' <&3; kill $!; true"
    );
    cluster.shell(&watch).out.trim_end_matches('\n').to_owned()
}

#[test]
fn disks_follow_their_pods() {
    alone("attachments::disks_follow_their_pods", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl wait --for=create serviceaccount/default --timeout=60s");
        let disks = disk("one", "disks.example.com") + &disk("two", "disks.example.com");
        let objects = NODES.to_owned() + "---\n" + &disks + &disk("still", "quiet.example.com");
        create(&cluster, &objects);
        for name in ["one", "two", "still"] {
            cluster.ok(&format!(
                "kubectl wait pvc/{name} --for=jsonpath={{.status.phase}}=Bound --timeout=60s"
            ));
        }
        create(&cluster, &(pod("quiet", "near", "still") + &pod("first", "near", "one")));
        let near = attachment(&cluster, "one", "near");
        let spec = cluster.ok(&format!("kubectl get {near} -o jsonpath={{.spec}}"));
        let want = r#"{"attacher":"disks.example.com","nodeName":"near","source":{"persistentVolumeName":"one"}}"#;
        assert_eq!(spec, want);

        set(&cluster, &near, r#"{"attached":true}"#);
        let said = event(&cluster, "first", "AttachVolume");
        let words = "attachdetach-controller Normal SuccessfulAttachVolume: \
                     AttachVolume.Attach succeeded for volume \"one\" ";
        assert_eq!(said, words);
        let unique = "kubernetes.io/csi/disks.example.com^handle-one";
        let shown = || cluster.ok("kubectl get node near -o jsonpath={.status.volumesAttached}");
        assert_eq!(shown(), format!(r#"[{{"devicePath":"","name":"{unique}"}}]"#));

        in_use_elsewhere(&cluster, &near, unique);
        assert_eq!(shown(), "", "taken from the node's status first");
        let far = attachment(&cluster, "one", "far");
        let error = r#"{"attached":false,"attachError":{"message":"no-such-disk"}}"#;
        set(&cluster, &far, error);
        let words = "attachdetach-controller Warning FailedAttachVolume: \
                     AttachVolume.Attach failed for volume \"one\" : no-such-disk";
        assert_eq!(event(&cluster, "second", "AttachVolume.Attach failed"), words);
        let all = cluster.ok("kubectl get volumeattachments -o jsonpath={.items[*].spec.source}");
        assert!(!all.contains("still"), "a driver that attaches nothing: {all}");
    });
}

/// A second pod wants the disk on another node, and has it when the first node lets go of it.
fn in_use_elsewhere(cluster: &Cluster, near: &str, unique: &str) {
    set(cluster, "node/near", &format!(r#"{{"volumesInUse":["{unique}"]}}"#));
    create(cluster, &pod("second", "far", "one"));
    let words = "attachdetach-controller Warning FailedAttachVolume: \
                 Multi-Attach error for volume \"one\" Volume is already used by pod(s) first";
    assert_eq!(event(cluster, "second", "Multi-Attach"), words);
    cluster.ok("kubectl delete pod first --force --grace-period=0");
    // What the node is asked for next shows that it was looked at after the pod had gone.
    create(cluster, &pod("third", "near", "two"));
    attachment(cluster, "two", "near");
    cluster.ok(&format!("kubectl get {near}"));
    set(cluster, "node/near", r#"{"volumesInUse":[]}"#);
    cluster.ok(&format!("kubectl wait --for=delete {near} --timeout=60s"));
}
