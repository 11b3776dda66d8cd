//! Controllers that keep sets of pods, on real containers: ReplicationController, StatefulSet and
//! DaemonSet.

use std::fs;

use support::{Cluster, alone};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kanoe");
const V1: &str = "kanoe.local/bootcamp:v1";

/// Creates what a document says.
fn create(cluster: &Cluster, document: &str) {
    let file = cluster.folder().join("document.yaml");
    fs::write(&file, document).unwrap();
    cluster.ok(&format!("apply -f {}", file.display()));
}

/// Waits until a field of an object has a value.
fn until(cluster: &Cluster, object: &str, path: &str, value: &str) {
    cluster.ok(&format!("wait --for=jsonpath={{{path}}}={value} {object} --timeout=60s"));
}

const STATEFUL: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 3
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: c, image: \"kanoe.local/bootcamp:v1\"}]
";

/// The images of the set's pods, by number.
fn images(cluster: &Cluster) -> String {
    let path = "jsonpath={.items[*].spec.containers[0].image}";
    let images = cluster.ok(&format!("get pods -l app=web --sort-by=.metadata.name -o {path}"));
    images.replace("kanoe.local/bootcamp:", "")
}

/// What the set's events say, oldest first.
fn told(cluster: &Cluster, set: &str) -> Vec<String> {
    let path = r#"jsonpath={range .items[*]}{.message}{"\n"}{end}"#;
    let fields = format!("--field-selector=involvedObject.name={set}");
    let sorted = "--sort-by=.metadata.resourceVersion";
    let command = ["get", "events", &fields, sorted, "-o", path];
    let events = support::succeed(&mut cluster.command(&command));
    events.lines().map(str::to_owned).collect()
}

#[test]
fn a_stateful_set_comes_in_order_rolls_back_and_goes_in_reverse() {
    alone("sets::a_stateful_set_comes_in_order_rolls_back_and_goes_in_reverse", || {
        let cluster = Cluster::new(PROGRAM);
        create(&cluster, STATEFUL);
        let done = cluster.ok("rollout status sts/web --timeout=120s");
        let complete = "partitioned roll out complete: 3 new pods have been updated...\n";
        assert!(done.ends_with(complete), "{done}");
        let says = |verb: &str, number: u8| {
            format!("{verb} Pod web-{number} in StatefulSet web successful")
        };
        assert_eq!(told(&cluster, "web"), [0, 1, 2].map(|at| says("create", at)));
        let revision = "get sts web -o jsonpath={.metadata.resourceVersion}";
        let before = cluster.ok(revision);
        names_and_labels(&cluster);
        assert_eq!(cluster.ok(revision), before, "a set that is settled is not written");
        partition(&cluster);
        undo(&cluster);

        cluster.ok("scale sts/web --replicas=1");
        until(&cluster, "sts/web", ".status.replicas", "1");
        let told = told(&cluster, "web");
        let (_, last) = told.split_at(told.len() - 2);
        assert_eq!(last, [says("delete", 2), says("delete", 1)]);
        cluster.ok("delete sts web");
        cluster.ok("wait --for=delete pod -l app=web --timeout=60s");
        cluster.ok("wait --for=delete controllerrevisions -l app=web --timeout=60s");
        cluster.delete();
    });
}

fn names_and_labels(cluster: &Cluster) {
    let path = "jsonpath={.metadata.labels.apps\\.kubernetes\\.io/pod-index},{.spec.hostname},{.spec.subdomain}";
    let found = support::succeed(&mut cluster.command(&["get", "pod", "web-1", "-o", path]));
    assert_eq!(found, "1,web-1,web");
    assert_eq!(cluster.ok("exec web-2 -- hostname"), "web-2\n");
    let inside =
        cluster.ok("exec web-0 -- curl -s http://web-1.web.default.svc.cluster.local:8080");
    assert!(inside.contains("web-1"), "by its own name: {inside}");
    let described = cluster.ok("describe sts web");
    for word in ["3 desired | 3 total", "3 Running", "SuccessfulCreate"] {
        assert!(described.contains(word), "{word}: {described}");
    }
    assert!(cluster.ok("get sts web").contains("3/3"));
}

fn partition(cluster: &Cluster) {
    let patch = r#"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}"#;
    support::succeed(&mut cluster.command(&["patch", "sts", "web", "-p", patch]));
    cluster.ok("set image sts/web c=kanoe.local/bootcamp:v2");
    let done = cluster.ok("rollout status sts/web --timeout=120s");
    assert!(done.contains("partitioned roll out complete: 1 new pods have been updated"), "{done}");
    assert_eq!(images(cluster), "v1 v1 v2");
    let patch = r#"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}"#;
    support::succeed(&mut cluster.command(&["patch", "sts", "web", "-p", patch]));
    cluster.ok("rollout status sts/web --timeout=120s");
    assert_eq!(images(cluster), "v2 v2 v2");
}

fn undo(cluster: &Cluster) {
    let history = cluster.ok("rollout history sts/web");
    assert!(history.contains("\n1 ") && history.contains("\n2 "), "{history}");
    assert_eq!(cluster.ok("rollout undo sts/web"), "statefulset.apps/web rolled back\n");
    cluster.ok("rollout status sts/web --timeout=120s");
    assert_eq!(images(cluster), "v1 v1 v1");
    let history = cluster.ok("rollout history sts/web");
    assert!(history.contains("\n2 ") && history.contains("\n3 "), "{history}");
    assert!(!history.contains("\n1 "), "the first is the third now: {history}");
}

#[test]
fn a_replication_controller_keeps_its_pods() {
    alone("sets::a_replication_controller_keeps_its_pods", || {
        let cluster = Cluster::new(PROGRAM);
        create(
            &cluster,
            &format!(
                "apiVersion: v1\nkind: Pod\n\
                 metadata: {{name: found, labels: {{app: kept}}}}\n\
                 spec: {{containers: [{{name: c, image: {V1}}}]}}\n"
            ),
        );
        create(
            &cluster,
            &format!(
                "apiVersion: v1\nkind: ReplicationController\nmetadata: {{name: kept}}\n\
                 spec:\n  replicas: 2\n  selector: {{app: kept}}\n  template:\n    \
                 metadata: {{labels: {{app: kept}}}}\n    \
                 spec: {{terminationGracePeriodSeconds: 0, containers: [{{name: c, image: {V1}}}]}}\n"
            ),
        );
        until(&cluster, "rc/kept", ".status.readyReplicas", "2");
        let owner = "jsonpath={.metadata.ownerReferences[0].kind}";
        let owner = cluster.ok(&format!("get pod found -o {owner}"));
        assert_eq!(owner, "ReplicationController", "taken in");
        let names = cluster.ok("get pods -l app=kept -o name");
        let made = names.lines().find(|name| *name != "pod/found").unwrap().to_owned();
        assert_eq!(names.lines().count(), 2, "{names}");

        cluster.ok("label pod found app=free --overwrite");
        cluster.ok("scale rc/kept --replicas=3");
        until(&cluster, "rc/kept", ".status.readyReplicas", "3");
        let owners = cluster.ok("get pod found -o jsonpath={.metadata.ownerReferences}");
        assert_eq!(owners, "", "let go");

        cluster.ok(&format!("delete {made}"));
        until(&cluster, "rc/kept", ".status.readyReplicas", "3");
        cluster.ok("scale rc/kept --replicas=1");
        until(&cluster, "rc/kept", ".status.replicas", "1");
        let described = cluster.ok("describe rc kept");
        for word in ["SuccessfulCreate", "SuccessfulDelete", "replication-controller"] {
            assert!(described.contains(word), "{word}: {described}");
        }
        cluster.ok("delete rc kept");
        cluster.ok("wait --for=delete pod -l app=kept --timeout=60s");
        cluster.ok("delete pod found --now");
        cluster.delete();
    });
}

const DAEMON: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: {disk: ssd}
      containers: [{name: c, image: \"kanoe.local/bootcamp:v1\"}]
";

#[test]
fn a_daemon_set_follows_its_nodes_and_rolls() {
    alone("sets::a_daemon_set_follows_its_nodes_and_rolls", || {
        let cluster = Cluster::new(PROGRAM);
        create(&cluster, DAEMON);
        until(&cluster, "ds/agent", ".status.observedGeneration", "1");
        assert!(cluster.run("get pods").err.starts_with("No resources found"), "no such node");
        let node = cluster.ok("get nodes -o jsonpath={.items[0].metadata.name}");
        cluster.ok(&format!("cordon {node}"));
        cluster.ok(&format!("label node {node} disk=ssd"));
        until(&cluster, "ds/agent", ".status.numberReady", "1");
        let done = cluster.ok("rollout status ds/agent --timeout=60s");
        assert_eq!(done, "daemon set \"agent\" successfully rolled out\n");

        cluster.ok("set image ds/agent c=kanoe.local/bootcamp:v2");
        cluster.ok("rollout status ds/agent --timeout=60s");
        let path = "jsonpath={.items[*].spec.containers[0].image}";
        let image = |cluster: &Cluster| cluster.ok(&format!("get pods -l app=agent -o {path}"));
        assert_eq!(image(&cluster), "kanoe.local/bootcamp:v2");
        let history = cluster.ok("rollout history ds/agent");
        assert!(history.contains("\n1 ") && history.contains("\n2 "), "{history}");
        let second = cluster.ok("rollout history ds/agent --revision=2");
        assert!(second.contains("bootcamp:v2"), "{second}");

        let surge =
            r#"{"spec":{"updateStrategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}}}"#;
        support::succeed(&mut cluster.command(&["patch", "ds", "agent", "-p", surge]));
        assert_eq!(cluster.ok("rollout undo ds/agent"), "daemonset.apps/agent rolled back\n");
        cluster.ok("rollout status ds/agent --timeout=60s");
        assert_eq!(cluster.ok("rollout restart ds/agent"), "daemonset.apps/agent restarted\n");
        cluster.ok("rollout status ds/agent --timeout=60s");
        until(&cluster, "ds/agent", ".status.numberReady", "1");
        assert_eq!(image(&cluster), "kanoe.local/bootcamp:v1");
        let described = cluster.ok("describe ds agent");
        for word in ["SuccessfulCreate", "SuccessfulDelete", "daemonset-controller"] {
            assert!(described.contains(word), "{word}: {described}");
        }

        cluster.ok(&format!("label node {node} disk-"));
        cluster.ok("wait --for=delete pod -l app=agent --timeout=60s");
        until(&cluster, "ds/agent", ".status.desiredNumberScheduled", "0");
        cluster.ok("delete ds agent");
        cluster.ok("wait --for=delete controllerrevisions -l app=agent --timeout=60s");
        cluster.delete();
    });
}

#[test]
fn a_stateful_pod_gets_its_claims() {
    alone("sets::a_stateful_pod_gets_its_claims", || {
        let cluster = Cluster::new(PROGRAM);
        let document = "\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 2
  serviceName: db
  podManagementPolicy: Parallel
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: \"kanoe.local/bootcamp:v1\"}]}
  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
";
        create(&cluster, document);
        cluster.ok("wait --for=create pod/db-0 pod/db-1 --timeout=60s");
        let path = "jsonpath={.metadata.ownerReferences[0].kind},{.metadata.labels.app}";
        for claim in ["www-db-0", "www-db-1"] {
            assert_eq!(cluster.ok(&format!("get pvc {claim} -o {path}")), "StatefulSet,db");
        }
        let volume = "jsonpath={.spec.volumes[0].persistentVolumeClaim.claimName}";
        assert_eq!(cluster.ok(&format!("get pod db-1 -o {volume}")), "www-db-1");
        let told = told(&cluster, "db");
        let word = "create Claim www-db-0 Pod db-0 in StatefulSet db success";
        assert!(told.iter().any(|line| line == word), "{told:?}");
        // The pod stays while it goes, so that its claim can be seen in between.
        let hold = |list: &str| {
            let patch = format!("{{\"metadata\":{{\"finalizers\":{list}}}}}");
            cluster.ok(&format!("patch pod db-1 --type=merge -p {patch}"));
        };
        hold("[\"kanoe.test/hold\"]");
        cluster.ok("scale sts/db --replicas=1");
        cluster.ok("wait --for=jsonpath={.metadata.ownerReferences[0].kind}=Pod pvc/www-db-1 --timeout=60s");
        hold("null");
        cluster.ok("wait --for=delete pod/db-1 pvc/www-db-1 --timeout=60s");
        let left = cluster.ok("get pod,pvc -o jsonpath={.items[*].metadata.name}");
        assert_eq!(left, "db-0 www-db-0");
        cluster.delete();
    });
}

#[test]
fn the_genuine_kubectl_reads_and_undoes_revisions() {
    let Some(kubectl) = support::genuine("1.33") else {
        eprintln!("left out: this machine has no genuine kubectl 1.33");
        return;
    };
    alone("sets::the_genuine_kubectl_reads_and_undoes_revisions", || {
        let cluster = Cluster::new(PROGRAM);
        let config = cluster.folder().join("kubeconfig");
        fs::write(&config, cluster.ok("cluster kubeconfig")).unwrap();
        let play = |line: &str| {
            let line = format!("KUBECONFIG={} {} {line}", config.display(), kubectl.display());
            let said = cluster.shell(&line);
            assert_eq!(said.code, 0, "{line}: {said:?}");
            said.out
        };
        create(&cluster, &STATEFUL.replace("replicas: 3", "replicas: 1"));
        create(&cluster, &DAEMON.replace("nodeSelector: {disk: ssd}", "nodeSelector: {}"));
        for set in ["sts/web", "ds/agent"] {
            play(&format!("rollout status {set} --timeout=60s"));
            play(&format!("set image {set} c=kanoe.local/bootcamp:v2"));
            play(&format!("rollout status {set} --timeout=60s"));
            let history = play(&format!("rollout history {set}"));
            assert!(history.contains("\n1 ") && history.contains("\n2 "), "{history}");
            let first = play(&format!("rollout history {set} --revision=1"));
            assert!(first.contains("bootcamp:v1"), "{first}");
            let undone = play(&format!("rollout undo {set}"));
            assert!(undone.ends_with(" rolled back\n"), "{undone}");
            play(&format!("rollout status {set} --timeout=60s"));
            let image = "jsonpath={.spec.template.spec.containers[0].image}";
            let image = cluster.ok(&format!("get {set} -o {image}"));
            assert_eq!(image, V1);
        }
        cluster.delete();
    });
}
