//! Persistent volumes on real containers: made out of nothing, made by hand, and missing.

use std::{fs, path::Path};

use support::{Cluster, alone};

use crate::house::busybox_archive;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kanoe");

/// A cluster that has a shell which can write.
fn with_busybox() -> Cluster {
    let cluster = Cluster::new(PROGRAM);
    let archive = cluster.folder().join("busybox.tar");
    fs::write(&archive, busybox_archive()).unwrap();
    cluster.ok(&format!("image load {}", archive.display()));
    cluster
}

/// Creates what a document says.
fn create(cluster: &Cluster, document: &str) {
    let file = cluster.folder().join("document.yaml");
    fs::write(&file, document).unwrap();
    cluster.ok(&format!("apply -f {}", file.display()));
}

/// A field of an object.
fn field(cluster: &Cluster, object: &str, path: &str) -> String {
    cluster.ok(&format!("get {object} -o jsonpath={{{path}}}"))
}

/// Waits until a field of an object has a value.
fn until(cluster: &Cluster, object: &str, path: &str, value: &str) {
    cluster.ok(&format!("wait --for=jsonpath={{{path}}}={value} {object} --timeout=60s"));
}

/// Waits until an object's events tell of `words`.
fn heard(cluster: &Cluster, name: &str, words: &str) {
    let events = format!(
        "exec 3< <(exec timeout 60 kubectl get events --watch -o \
         'jsonpath={{.reason}}: {{.message}}{{\"\\n\"}}' \
         --field-selector=involvedObject.name={name}); grep -m1 -F '{words}' <&3; kill $!; true"
    );
    let said = cluster.shell(&events);
    assert!(said.out.contains(words), "{name}: {said:?}");
}

fn sh(cluster: &Cluster, pod: &str, line: &str) -> String {
    support::succeed(&mut cluster.command(&["exec", pod, "--", "sh", "-c", line]))
}

const STATEFUL: &str = "\
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 1
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 0
      securityContext: {fsGroup: 4242}
      containers:
      - name: c
        image: \"localhost/busybox:1\"
        command: [sh, -c, \"trap exit TERM; sleep 1000 & wait\"]
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: data, mountPath: /part, subPath: deep/part}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

#[test]
fn a_stateful_set_keeps_its_data_until_its_claim_goes() {
    alone("volumes::a_stateful_set_keeps_its_data_until_its_claim_goes", || {
        let cluster = with_busybox();
        create(&cluster, STATEFUL);
        cluster.ok("rollout status sts/db --timeout=120s");
        let claim = "pvc/data-db-0";
        until(&cluster, claim, ".status.phase", "Bound");
        let volume = field(&cluster, claim, ".spec.volumeName");
        assert_eq!(volume, format!("pvc-{}", field(&cluster, claim, ".metadata.uid")));
        pages(&cluster, &volume);

        sh(&cluster, "db-0", "echo kept > /data/file; echo part > /part/file");
        assert_eq!(
            sh(&cluster, "db-0", "busybox stat -c %g /data"),
            "4242\n",
            "the pod's group has it"
        );
        let first = field(&cluster, "pod/db-0", ".metadata.uid");
        cluster.ok("delete pod db-0");
        cluster.ok("rollout status sts/db --timeout=120s");
        cluster.ok("wait --for=create pod/db-0 --timeout=60s");
        cluster.ok("wait --for=condition=Ready pod/db-0 --timeout=60s");
        assert_ne!(field(&cluster, "pod/db-0", ".metadata.uid"), first);
        assert_eq!(sh(&cluster, "db-0", "cat /data/file /data/deep/part/file"), "kept\npart\n");
        grows(&cluster, claim, &volume);

        let path = field(&cluster, &format!("pv/{volume}"), ".spec.local.path");
        assert_eq!(fs::read_to_string(Path::new(&path).join("file")).unwrap(), "kept\n");
        cluster.ok("delete sts db");
        cluster.ok("wait --for=delete pod/db-0 --timeout=60s");
        assert!(Path::new(&path).exists(), "the claim is still there");
        cluster.ok(&format!("delete {claim}"));
        cluster.ok(&format!("wait --for=delete pv/{volume} --timeout=60s"));
        assert!(!Path::new(&path).exists(), "the data is left");
        cluster.delete();
    });
}

/// What our own command line shows of it.
fn pages(cluster: &Cluster, volume: &str) {
    for (command, words) in [
        ("get sc", vec!["standard (default)", "kanoe.local/hostpath", "WaitForFirstConsumer"]),
        ("get pvc", vec!["data-db-0", "Bound", volume, "1Gi", "RWO", "standard"]),
        ("get pv", vec![volume, "1Gi", "RWO", "Delete", "Bound", "default/data-db-0", "standard"]),
        (
            "describe pvc data-db-0",
            vec![
                "Status:        Bound",
                "Used By:       db-0",
                "waiting for first consumer to be created before binding",
                "Waiting for a volume to be created either by the external provisioner",
                "External provisioner is provisioning volume for claim \"default/data-db-0\"",
                "Successfully provisioned volume pvc-",
            ],
        ),
        ("describe sc standard", vec!["IsDefaultClass:        Yes", "kanoe.local/hostpath"]),
    ] {
        let out = cluster.ok(command);
        for word in words {
            assert!(out.contains(word), "{command}: {word}: {out}");
        }
    }
    let described = cluster.ok(&format!("describe pv {volume}"));
    for word in ["Claim:", "default/data-db-0", "LocalVolume", "kubernetes.io/hostname in ["] {
        assert!(described.contains(word), "{word}: {described}");
    }
}

fn grows(cluster: &Cluster, claim: &str, volume: &str) {
    let patch = r#"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#;
    support::succeed(&mut cluster.command(&["patch", claim, "-p", patch]));
    until(cluster, claim, ".status.capacity.storage", "2Gi");
    assert_eq!(field(cluster, &format!("pv/{volume}"), ".spec.capacity.storage"), "2Gi");
}

fn by_hand(path: &Path) -> String {
    format!(
        "\
apiVersion: v1
kind: PersistentVolume
metadata: {{name: manual}}
spec:
  capacity: {{storage: 2Gi}}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: manual
  hostPath: {{path: {}, type: DirectoryOrCreate}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: task}}
spec: {{storageClassName: manual, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: task}}
spec:
  terminationGracePeriodSeconds: 0
  volumes:
  - {{name: d, persistentVolumeClaim: {{claimName: task, readOnly: true}}}}
  - name: own
    ephemeral: {{volumeClaimTemplate: {{spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Mi}}}}}}}}}}
  containers:
  - name: c
    image: \"localhost/busybox:1\"
    command: [sleep, \"1000\"]
    volumeMounts: [{{name: d, mountPath: /d}}, {{name: own, mountPath: /own}}]
",
        path.display()
    )
}

#[test]
fn a_volume_made_by_hand_is_bound_and_released() {
    alone("volumes::a_volume_made_by_hand_is_bound_and_released", || {
        let cluster = with_busybox();
        let path = cluster.folder().join("by-hand");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("file"), "there\n").unwrap();
        create(&cluster, &by_hand(&path));
        cluster.ok("wait --for=condition=Ready pod/task --timeout=120s");
        assert_eq!(field(&cluster, "pvc/task", ".spec.volumeName"), "manual");
        assert_eq!(field(&cluster, "pvc/task", ".status.capacity.storage"), "2Gi");
        assert_eq!(sh(&cluster, "task", "cat /d/file"), "there\n");
        assert_eq!(sh(&cluster, "task", "(echo > /d/x) 2>/dev/null || echo refused"), "refused\n");
        sh(&cluster, "task", "echo > /own/file");
        let owner = field(&cluster, "pvc/task-own", ".metadata.ownerReferences[0].name");
        assert_eq!(owner, "task");
        let own = field(&cluster, "pvc/task-own", ".spec.volumeName");

        cluster.ok("delete pod task");
        cluster.ok(&format!("wait --for=delete pv/{own} --timeout=60s"));
        cluster.ok("delete pvc task");
        until(&cluster, "pv/manual", ".status.phase", "Released");
        assert!(path.join("file").exists(), "what was made by hand is kept");
        cluster.ok("delete pv manual");
        assert_eq!(fs::read_to_string(path.join("file")).unwrap(), "there\n");
        cluster.delete();
    });
}

const MISSING: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: waits}
spec:
  terminationGracePeriodSeconds: 0
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
  containers:
  - {name: c, image: \"kanoe.local/bootcamp:v1\", volumeMounts: [{name: d, mountPath: /d}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: lonely}
spec: {storageClassName: \"\", accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

const DATA: &str = "\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

#[test]
fn a_pod_waits_for_a_claim_that_is_missing() {
    alone("volumes::a_pod_waits_for_a_claim_that_is_missing", || {
        let cluster = Cluster::new(PROGRAM);
        create(&cluster, MISSING);
        let words = "0/1 nodes are available: persistentvolumeclaim \"data\" not found. no new \
                     claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is \
                     not helpful for scheduling.";
        heard(&cluster, "waits", words);
        assert_eq!(field(&cluster, "pod/waits", ".status.phase"), "Pending");
        let words = "no persistent volumes available for this claim and no storage class is set";
        heard(&cluster, "lonely", words);
        // What it waits for comes.
        create(&cluster, DATA);
        cluster.ok("wait --for=condition=Ready pod/waits --timeout=60s");
        cluster.ok("delete pod waits");
        cluster.ok("delete pvc --all");
        cluster.ok("wait --for=delete pv --all --timeout=60s");
        cluster.delete();
    });
}
