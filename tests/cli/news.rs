//! What kubectl 1.36 says otherwise than the genuine one at hand, as its sources have it.

use support::{Cluster, alone};

use crate::server::serve;

const OBJECTS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: p}}
spec:
  schedulerName: nobody
  containers: [{name: c, image: i, ports: [{name: web, containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {selector: {app: p}, trafficDistribution: PreferClose, ports: [{port: 80, appProtocol: http}]}
---
apiVersion: v1
kind: Node
metadata: {name: worker}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: slice}
spec:
  driver: gpu.example.com
  nodeName: worker
  pool: {name: worker, generation: 1, resourceSliceCount: 1}
  devices: [{name: a}, {name: b}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  replicas: 0
  selector: {matchLabels: {app: d}}
  template: {metadata: {labels: {app: d}}, spec: {containers: [{name: c, image: i}]}}
";

#[test]
fn pages_and_words_are_those_of_today() {
    alone("news::pages_and_words_are_those_of_today", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("objects.yaml");
        std::fs::write(&file, OBJECTS).expect("the folder is the test's own");
        cluster.ok(&format!("kubectl apply -f {}", file.display()));

        let uid = cluster.ok("kubectl get pod p -o jsonpath={.metadata.uid}");
        let event = format!(
            "apiVersion: v1\nkind: Event\nmetadata: {{name: p.1}}\nreason: Pulled\nmessage: there it is\n\
             type: Normal\ninvolvedObject: {{apiVersion: v1, kind: Pod, name: p, namespace: default, \
             uid: {uid}, fieldPath: 'spec.containers{{c}}'}}\n"
        );
        std::fs::write(&file, event).expect("the folder is the test's own");
        cluster.ok(&format!("kubectl create -f {}", file.display()));
        let pod = cluster.ok("kubectl describe pod p");
        assert!(pod.contains("80/TCP (web)"), "{pod}");
        assert!(pod.contains("spec.containers{c}: there it is"), "{pod}");
        let service = cluster.ok("kubectl describe svc s");
        assert!(service.contains("AppProtocol:              http\n"), "{service}");
        assert!(service.contains("Traffic Distribution:     PreferClose\n"), "{service}");
        let node = cluster.ok("kubectl describe node worker");
        assert!(node.contains("Node-Local ResourceSlices:\n"), "{node}");
        assert!(
            node.lines().any(|line| {
                line.split_whitespace().eq(["gpu.example.com", "worker", "1", "2"])
            })
        );
        assert!(!node.contains("Kube-Proxy Version"), "{node}");

        let waited = "kubectl wait pod p --for=create --for=jsonpath={.metadata.name}=p";
        assert_eq!(cluster.ok(waited), "pod/p condition met\npod/p condition met\n");
        let unmet = cluster.run(&format!("{waited} --for=condition=Ready --timeout=0"));
        assert_eq!((unmet.code, unmet.out.lines().count()), (1, 2), "{unmet:?}");

        let undone = cluster.run("kubectl rollout undo deployment d");
        assert!(undone.err.starts_with("Warning: resource deployments/d was previously managed"));
        let legacy = cluster.run("kubectl debug service/s --image=x --profile=legacy");
        assert!(legacy.err.contains("planned to be removed in v1.39"), "{legacy:?}");
        let dry = cluster.folder().join("dry.yaml");
        std::fs::write(
            &dry,
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {a: b}}\n",
        )
        .expect("the folder is the test's own");
        let line = format!(
            "kubectl apply --dry-run=client -o jsonpath={{.metadata.labels.a}} -f {}",
            dry.display()
        );
        let said = cluster.run(&line);
        assert_eq!(said.out, "b", "what it would be is shown");
        assert!(
            said.err.starts_with("Warning: resource namespaces/default is missing"),
            "{said:?}"
        );
    });
}

#[test]
fn containers_to_debug_with_are_as_the_user_says() {
    alone("news::containers_to_debug_with_are_as_the_user_says", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let folder = cluster.folder();
        let put = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).expect("the folder is the test's own");
            folder.join(name).display().to_string()
        };
        let node = put("node.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: worker}\n");
        cluster.ok(&format!("kubectl create -f {node}"));
        let part =
            put("part.yaml", "env: [{name: A, value: b}]\nresources: {limits: {cpu: 100m}}\n");
        cluster.ok(&format!("kubectl debug node/worker --image=i --attach=false --custom={part}"));
        let made = cluster.ok(
            "kubectl get pods -o jsonpath={.items[0].spec.containers[0]['name','env','resources.limits.cpu']}",
        );
        assert_eq!(made, "debugger [{\"name\":\"A\",\"value\":\"b\"}] 100m");
        let named = put("named.json", "{\"image\": \"other\"}");
        for (file, why) in [
            (
                named.as_str(),
                "error: name, command, image, lifecycle and volume devices are not modifiable",
            ),
            (
                "/nowhere",
                "error: must pass a container spec json file for custom profile: open /nowhere: no",
            ),
        ] {
            let refused =
                cluster.run(&format!("kubectl debug node/worker --image=i --custom={file}"));
            assert!(refused.code == 1 && refused.err.starts_with(why), "{refused:?}");
        }
    });
}

#[test]
fn who_completes_a_line_is_not_asked_for_a_name() {
    alone("news::who_completes_a_line_is_not_asked_for_a_name", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let config = "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n\
                      clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n";
        let file = cluster.folder().join("config");
        std::fs::write(&file, config).expect("the folder is the test's own");
        let with = |verb: &str, rest: &str| {
            let file = file.display();
            cluster.shell(&format!("kubectl {verb} --kubeconfig={file} {rest} < /dev/null"))
        };
        let asked = with("get", "pods");
        assert_eq!(
            (asked.out.as_str(), asked.err.as_str()),
            ("Please enter Username: ", "error: EOF\n")
        );
        let completed = with("__complete", "get pods ''");
        assert!(!completed.out.contains("Username"), "{completed:?}");
    });
}
