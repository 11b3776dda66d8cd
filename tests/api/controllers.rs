//! What controllers write leaves alone what others write at the same time.

use support::{Cluster, alone};

use crate::server::serve;

#[test]
fn a_status_takes_nothing_back() {
    alone("controllers::a_status_takes_nothing_back", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl create deployment app --image=i");
        // Each new size makes the controller write the status while a label is set.
        let both = "for i in $(seq 40); do kubectl scale deployment app --replicas=$((i % 3)) & \
                    kubectl label deployment app l$i=x & wait; done";
        assert_eq!(cluster.shell(both).code, 0);
        let labels = cluster.ok("kubectl get deployment app -o jsonpath={.metadata.labels}");
        for i in 1..=40 {
            assert!(labels.contains(&format!("\"l{i}\":")), "l{i} is lost: {labels}");
        }
    });
}

/// A node that nobody keeps, and pods on it.
const LOST: &str = "\
apiVersion: v1
kind: Node
metadata: {name: far}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: patient}
spec:
  nodeName: far
  containers: [{name: c, image: i}]
  tolerations: [{key: lost, operator: Exists, effect: NoExecute, tolerationSeconds: 1000}]
---
apiVersion: v1
kind: Pod
metadata: {name: short}
spec:
  nodeName: far
  containers: [{name: c, image: i}]
  tolerations: [{key: lost, operator: Exists, effect: NoExecute, tolerationSeconds: 1}]
---
apiVersion: v1
kind: Pod
metadata: {name: firm}
spec: {nodeName: far, containers: [{name: c, image: i}], tolerations: [{operator: Exists}]}
---
apiVersion: v1
kind: Pod
metadata: {name: weak}
spec: {nodeName: far, containers: [{name: c, image: i}]}
";

#[test]
fn pods_leave_a_node_that_drives_them_away() {
    alone("controllers::pods_leave_a_node_that_drives_them_away", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl wait --for=create serviceaccount/default --timeout=60s");
        let file = cluster.folder().join("lost.yaml");
        std::fs::write(&file, LOST).unwrap();
        cluster.ok(&format!("kubectl create -f {}", file.display()));
        cluster.ok("kubectl taint node far lost:NoExecute");
        for name in ["weak", "short"] {
            let gone = "--for=jsonpath={.metadata.deletionGracePeriodSeconds}=30 --timeout=60s";
            cluster.ok(&format!("kubectl wait {gone} pod/{name}"));
            let why = "jsonpath={range .status.conditions[*]}{.reason} {.message}{end}";
            let why = cluster.shell(&format!("kubectl get pod {name} -o '{why}'")).out;
            let words = "DeletionByTaintManager Taint manager: deleting due to NoExecute taint";
            assert_eq!(why, words);
        }
        let ends =
            "kubectl get pods -o jsonpath={.items[?(@.metadata.deletionTimestamp)].metadata.name}";
        assert_eq!(cluster.ok(ends), "short weak", "those who bear it stay");
        cluster.ok("kubectl taint node far lost:NoExecute-");
        let events = "exec 3< <(exec timeout 60 kubectl get events --watch -o \
                      'jsonpath={.reason}: {.message}{\"\\n\"}' \
                      --field-selector=involvedObject.name=patient); grep -m1 Cancel <&3; kill $!; true";
        let words = "TaintManagerEviction: Cancelling deletion of Pod default/patient";
        assert_eq!(cluster.shell(events).out.trim(), words);
    });
}

#[test]
fn a_patch_meets_a_status_and_is_not_refused() {
    alone("controllers::a_patch_meets_a_status_and_is_not_refused", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl create poddisruptionbudget gate --selector=app=a --min-available=1");
        // Each new bound makes the controller write the status while both patches are on their way.
        let both = "for i in $(seq 40); do \
                    kubectl patch pdb gate -p \"{\\\"spec\\\":{\\\"minAvailable\\\":$i}}\" & \
                    kubectl label pdb gate l$i=x & wait; done";
        let said = cluster.shell(both);
        assert!(!said.err.contains("Error"), "{said:?}");
        let labels = cluster.ok("kubectl get pdb gate -o jsonpath={.metadata.labels}");
        for i in 1..=40 {
            assert!(labels.contains(&format!("\"l{i}\":")), "l{i} is lost: {labels}");
        }
    });
}

/// A service whose endpoints somebody writes, a token's secret, and a class of attributes in use.
const BY_HAND: &str = "\
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {ports: [{port: 5432}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: db, labels: {team: x}}
subsets: [{addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2}], ports: [{port: 5432}]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
---
apiVersion: v1
kind: Secret
metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}
type: kubernetes.io/service-account-token
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttributesClass
metadata: {name: fast}
driverName: d
parameters: {speed: high}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  volumeAttributesClassName: fast
  storageClassName: none
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: Node
metadata: {name: far}
";

#[test]
fn what_is_made_by_hand_is_completed() {
    alone("controllers::what_is_made_by_hand_is_completed", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("by-hand.yaml");
        std::fs::write(&file, BY_HAND).unwrap();
        cluster.ok(&format!("kubectl create -f {}", file.display()));
        mirrors(&cluster);
        tokens(&cluster);

        bootstrap(&cluster);
        let told = "--for=jsonpath={.metadata.annotations.node\\.alpha\\.kubernetes\\.io/ttl}=0";
        cluster.ok(&format!("kubectl wait {told} node/far --timeout=60s"));
        let held = "--for=jsonpath={.metadata.finalizers[0]}=kubernetes.io/vac-protection";
        cluster.ok(&format!("kubectl wait {held} vac/fast --timeout=60s"));
        cluster.ok("kubectl delete vac fast --wait=false");
        cluster.ok("kubectl get vac fast");
        cluster.ok("kubectl delete pvc data");
        cluster.ok("kubectl wait --for=delete vac/fast --timeout=60s");
    });
}

/// A token signs the cluster's facts until it is over, and goes then.
fn bootstrap(cluster: &Cluster) {
    let token = "kubectl create secret generic bootstrap-token-abcdef -n kube-system \
                 --type=bootstrap.kubernetes.io/token --from-literal=token-id=abcdef \
                 --from-literal=token-secret=0123456789abcdef \
                 --from-literal=usage-bootstrap-signing=true";
    cluster.ok("kubectl create configmap cluster-info -n kube-public --from-literal=kubeconfig=x");
    cluster.ok(token);
    let at = "-n kube-public cm/cluster-info --timeout=60s";
    cluster.ok(&format!("kubectl wait --for=jsonpath={{.data.jws-kubeconfig-abcdef}} {at}"));
    let token = "-n kube-system secret/bootstrap-token-abcdef";
    let over = r#"{"stringData":{"expiration":"2020-01-01T00:00:00Z"}}"#;
    cluster.ok(&format!("kubectl patch {token} -p {over}"));
    cluster.ok(&format!("kubectl wait --for=delete {token} --timeout=60s"));
    let keys = "exec 3< <(exec timeout 60 kubectl get cm cluster-info -n kube-public --watch -o \
                'jsonpath={.data}{\"\\n\"}'); grep -m1 -x '{\"kubeconfig\":\"x\"}' <&3; kill $!; true";
    assert_eq!(cluster.shell(keys).out.trim(), "{\"kubeconfig\":\"x\"}");
}

fn mirrors(cluster: &Cluster) {
    let label = "-l kubernetes.io/service-name=db";
    let of = |path: &str| format!("kubectl get endpointslices {label} -o jsonpath={path}");
    let until = |path: &str| {
        cluster.ok(&format!("kubectl wait --for={path} endpointslices {label} --timeout=60s"));
    };
    cluster.ok("kubectl wait --for=create endpoints/db --timeout=60s");
    let waits = "exec 3< <(exec timeout 60 kubectl get endpointslices --watch -o name); \
                 grep -m1 /db- <&3; kill $!; true";
    assert!(cluster.shell(waits).out.contains("/db-"));
    assert_eq!(cluster.ok(&of("{.items[*].endpoints[*].addresses[0]}")), "192.0.2.1 192.0.2.2");
    assert_eq!(cluster.ok(&of("{.items[*].metadata.labels.team}")), "x");
    let fewer = r#"kubectl patch endpoints db --type=merge -p
        {"subsets":[{"addresses":[{"ip":"192.0.2.3"}],"ports":[{"port":1}]}]}"#;
    cluster.ok(fewer);
    let moved = "exec 3< <(exec timeout 60 kubectl get endpointslices --watch -o \
                 'jsonpath={.endpoints[0].addresses[0]}{\"\\n\"}'); grep -m1 192.0.2.3 <&3; kill $!; true";
    assert_eq!(cluster.shell(moved).out.trim(), "192.0.2.3");
    cluster.ok("kubectl delete endpoints db");
    until("delete");
}

fn tokens(cluster: &Cluster) {
    cluster.ok("kubectl wait --for=jsonpath={.data.token} secret/robot --timeout=60s");
    let token = "kubectl get secret robot -o jsonpath={.data.token} | base64 -d";
    let token = cluster.shell(token).out;
    let name = cluster.ok("kubectl get secret robot -o jsonpath={.data.namespace}");
    assert_eq!(name, "ZGVmYXVsdA==");
    let who = format!(
        "kubectl --server=https://127.0.0.1:16443 --insecure-skip-tls-verify --token={token} \
         auth whoami -o jsonpath={{.status.userInfo.username}}"
    );
    assert_eq!(cluster.ok(&who), "system:serviceaccount:default:robot");
    let used = "kubectl get secret robot -o \
                jsonpath={.metadata.labels.kubernetes\\.io/legacy-token-last-used}";
    let since = "kubectl get configmap -n kube-system -o jsonpath={.data.since} \
                 kube-apiserver-legacy-service-account-token-tracking";
    assert_eq!(cluster.ok(used), cluster.ok(since), "both are today");
    cluster.ok("kubectl delete serviceaccount robot");
    cluster.ok("kubectl wait --for=delete secret/robot --timeout=60s");
    let said = cluster.run(&who);
    assert_ne!(said.code, 0, "a token ends with its account: {said:?}");
}
