//! Admission plugins: the default ones, those that are switched on, and names that are none.

use std::{fs, process::Stdio};

use support::{Cluster, alone};

use crate::server::{serve, serve_with};

const CLASSES: &str = r#"
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: usual, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
spec: {controller: example.org/c}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: plain}
spec: {defaultBackend: {service: {name: s, port: {number: 80}}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: approver}
rules:
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests, certificatesigningrequests/approval], verbs: [get, list, update, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: approver}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: approver}
subjects: [{kind: User, name: ann}]
"#;

const SIGNERS: &str = r"
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: signers}
rules: [{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [example.org/*], verbs: [approve]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: signers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: signers}
subjects: [{kind: User, name: ann}]
";

const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: c, image: "i:1", imagePullPolicy: IfNotPresent, resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}}}
"#;

const SERVICE: &str = r"
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80}], externalIPs: [203.0.113.5]}
";

/// Writes a file of the test's own; returns its path.
fn file(cluster: &Cluster, name: &str, text: &str) -> String {
    let path = cluster.folder().join(name);
    fs::write(&path, text).unwrap_or_else(|error| panic!("{error}"));
    path.display().to_string()
}

#[test]
fn default_plugins_act() {
    alone("plugins::default_plugins_act", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok(&format!("apply -f {}", file(&cluster, "classes", CLASSES)));
        let class = cluster.ok("get ingress plain -o jsonpath={.spec.ingressClassName}");
        assert_eq!(class, "usual");

        for namespace in ["default", "kube-system", "kube-public"] {
            let said = cluster.run(&format!("delete namespace {namespace}"));
            let why = format!(
                "Error from server (Forbidden): namespaces \"{namespace}\" is forbidden: this namespace \
                 may not be deleted\n"
            );
            assert_eq!(said.err, why);
        }
        cluster.ok("create namespace passing");
        cluster.ok("delete namespace passing");

        let request = |name: &str, signer: &str, organization: &str| {
            let line = format!(
                "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null \
                 -subj /O={organization}/CN=x 2>/dev/null | base64 -w0"
            );
            let text = cluster.shell(&line).out;
            let body = format!(
                "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {{name: {name}}}\n\
                 spec: {{signerName: {signer}, request: {text}, usages: [client auth]}}\n"
            );
            cluster.run(&format!("create -f {}", file(&cluster, name, &body)))
        };
        let master = request("m", "kubernetes.io/kube-apiserver-client", "system:masters");
        let why = "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed";
        assert!(master.err.contains(why), "{master:?}");
        assert_eq!(request("c", "example.org/s", "friends").code, 0);
        let refused = cluster.run("certificate approve c --as=ann");
        let why = "user not permitted to approve requests with signerName \"example.org/s\"";
        assert!(refused.err.contains(why), "{refused:?}");
        cluster.ok(&format!("apply -f {}", file(&cluster, "signers", SIGNERS)));
        cluster.ok("certificate approve c --as=ann");
    });
}

#[test]
fn plugins_are_switched() {
    alone("plugins::plugins_are_switched", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let on = "--enable-admission-plugins=AlwaysPullImages,DenyServiceExternalIPs,ExtendedResourceToleration";
        let _server =
            serve_with(&cluster, &[on, "--disable-admission-plugins=ServiceAccount,Priority"]);
        cluster.ok(&format!("create -f {}", file(&cluster, "pod", POD)));
        let pod = cluster.ok(
            "get pod p -o jsonpath={.spec.containers[0].imagePullPolicy},{.spec.priority},{.spec.tolerations[*].key}",
        );
        let (policy, rest) = pod.split_once(',').unwrap_or_default();
        assert_eq!(policy, "Always");
        assert!(rest.starts_with(','), "no priority: {pod}");
        assert!(rest.contains("example.com/gpu"), "{pod}");
        let denied = cluster.run(&format!("create -f {}", file(&cluster, "service", SERVICE)));
        assert!(
            denied.err.contains("Use of external IPs is denied by admission control."),
            "{denied:?}"
        );
    });
}

const TIGHT: &str = r#"
apiVersion: v1
kind: Namespace
metadata:
  name: tight
  annotations:
    scheduler.alpha.kubernetes.io/node-selector: disk=fast
    scheduler.alpha.kubernetes.io/defaultTolerations: '[{"key":"a","operator":"Exists"}]'
    scheduler.alpha.kubernetes.io/tolerationsWhitelist: '[{"key":"a","operator":"Exists"},{"key":"node.kubernetes.io/memory-pressure","operator":"Exists"},{"key":"node.kubernetes.io/not-ready","operator":"Exists"},{"key":"node.kubernetes.io/unreachable","operator":"Exists"}]'
"#;

#[test]
fn namespaces_say_where_their_pods_go() {
    alone("plugins::namespaces_say_where_their_pods_go", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let on = "--enable-admission-plugins=PodNodeSelector,PodTolerationRestriction,NamespaceAutoProvision";
        let _server = serve_with(&cluster, &[on, "--disable-admission-plugins=ServiceAccount"]);
        cluster.ok(&format!("create -f {}", file(&cluster, "namespace", TIGHT)));
        cluster.ok("run a -n tight --image=i");
        let said = "get pod a -n tight -o jsonpath={.spec.nodeSelector.disk},{.spec.tolerations[?(@.key=='a')].key}";
        assert_eq!(cluster.ok(said), "fast,a");
        let run = |name: &str, spec: &str| {
            cluster.run(&format!("run {name} -n tight --image=i --overrides={{\"spec\":{spec}}}"))
        };
        let slow = run("b", "{\"nodeSelector\":{\"disk\":\"slow\"}}");
        assert!(slow.err.contains("conflicts with its namespace node label selector"), "{slow:?}");
        let other = run("c", "{\"tolerations\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}");
        assert!(other.err.contains("conflict with its namespace whitelist"), "{other:?}");
        cluster.ok("create configmap c -n nowhere");
        cluster.ok("get namespace nowhere");
    });
}

#[test]
fn owners_are_set_by_those_who_may() {
    alone("plugins::owners_are_set_by_those_who_may", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve_with(
            &cluster,
            &["--enable-admission-plugins=OwnerReferencesPermissionEnforcement"],
        );
        cluster.ok("create role editor --verb=get,create,update,patch --resource=configmaps");
        cluster.ok("create rolebinding ann --role=editor --user=ann");
        cluster.ok("create configmap owner");
        cluster.ok("create configmap owned");
        let uid = cluster.ok("get configmap owner -o jsonpath={.metadata.uid}");
        let patch = |block: &str| {
            cluster.run(&format!(
                "patch configmap owned --as=ann -p {{\"metadata\":{{\"ownerReferences\":[{{\"apiVersion\":\
                 \"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"{uid}\",\
                 \"blockOwnerDeletion\":{block}}}]}}}}"
            ))
        };
        let refused = patch("false");
        let why = "cannot set an ownerRef on a resource you can't delete";
        assert!(refused.err.contains(why), "{refused:?}");
        cluster.ok("create role deleter --verb=delete --resource=configmaps");
        cluster.ok("create rolebinding deleter --role=deleter --user=ann");
        let refused = patch("true");
        let why =
            "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't";
        assert!(refused.err.contains(why), "{refused:?}");
        assert_eq!(patch("false").code, 0);
    });
}

#[test]
fn a_new_namespace_takes_pods_at_once() {
    alone("plugins::a_new_namespace_takes_pods_at_once", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let made = cluster.shell(
            "set -e; for i in $(seq 20); do kubectl create namespace n$i; kubectl run p -n n$i \
             --image=i; done",
        );
        assert_eq!(made.code, 0, "{made:?}");
        // Whoever names an account is not kept waiting for it.
        let other = "run p2 --image=i --overrides={\"spec\":{\"serviceAccountName\":\"nobody\"}}";
        let refused = cluster.run(other);
        assert!(refused.err.contains("serviceaccount \"nobody\" not found"), "{refused:?}");
    });
}

#[test]
fn nodes_keep_to_what_is_theirs() {
    alone("plugins::nodes_keep_to_what_is_theirs", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve_with(&cluster, &["--enable-admission-plugins=NodeRestriction"]);
        let node = |name: &str| {
            let node = format!("apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\n");
            let path = file(&cluster, name, &node);
            format!("create -f {path} --as=system:node:n1 --as-group=system:nodes")
        };
        cluster.ok(&node("n1"));
        let refused = cluster.run(&node("n2"));
        let why = "node \"n1\" is not allowed to modify node \"n2\"";
        assert!(refused.err.contains(why), "{refused:?}");
        let own = "label node n1 --as=system:node:n1 --as-group=system:nodes";
        cluster.ok(&format!("{own} node.kubernetes.io/kind=small"));
        let refused = cluster.run(&format!("{own} node-restriction.kubernetes.io/a=b"));
        assert!(refused.err.contains("is not allowed to modify labels"), "{refused:?}");
        cluster.ok("label node n1 topology.kubernetes.io/zone=z1");
        cluster.ok("create serviceaccount default-of-test");
        let pod = file(&cluster, "pod", POD);
        let shell = format!(
            "until kubectl get serviceaccount default; do :; done; kubectl create -f {pod}"
        );
        assert_eq!(cluster.shell(&shell).code, 0);
        let bind = r#"{"apiVersion":"v1","kind":"Binding","metadata":{"name":"p"},"target":{"kind":"Node","name":"n1"}}"#;
        let bind = file(&cluster, "bind", bind);
        cluster.ok(&format!("create --raw /api/v1/namespaces/default/pods/p/binding -f {bind}"));
        let zone =
            cluster.ok("get pod p -o jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone}");
        assert_eq!(zone, "z1");
        cluster.ok("label node n1 a=b");
        let delete =
            cluster.run("delete pod p --as=system:node:n2 --as-group=system:nodes --wait=false");
        assert!(
            delete.err.contains("can only delete pods with spec.nodeName set to itself"),
            "{delete:?}"
        );
    });
}

/// Where the limits stand in a file of their own, named from where the configuration stands.
const PLUGINS: &str = r"
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins: [{name: EventRateLimit, path: limits.yaml}]
";

const LIMITS: &str = r"
apiVersion: eventratelimit.admission.k8s.io/v1alpha1
kind: Configuration
limits: [{type: Namespace, qps: 1, burst: 2, cacheSize: 100}]
";

#[test]
fn events_are_limited() {
    alone("plugins::events_are_limited", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        file(&cluster, "limits.yaml", LIMITS);
        let config =
            format!("--admission-control-config-file={}", file(&cluster, "config", PLUGINS));
        let on = "--enable-admission-plugins=EventRateLimit,ClusterTrustBundleAttest";
        let _server = serve_with(&cluster, &[on, &config]);
        cluster.ok("kubectl create namespace quiet");
        let events = |namespace: &str, many: usize| {
            let one = |index| {
                format!(
                    "---\napiVersion: v1\nkind: Event\nmetadata: {{name: e{index}, namespace: {namespace}}}\n\
                     involvedObject: {{kind: Pod, namespace: {namespace}, name: p}}\n"
                )
            };
            file(&cluster, "events", &(0..many).map(one).collect::<String>())
        };
        let said = cluster.run(&format!("create -f {}", events("default", 60)));
        assert!(said.out.contains("event/e0 created"), "{said:?}");
        let why = "limit reached on type Namespace for key default";
        assert!(said.err.contains(why), "{said:?}");
        cluster.ok(&format!("create -f {}", events("quiet", 1)));
    });
}

#[test]
fn an_unknown_plugin_is_refused_at_the_start() {
    alone("plugins::an_unknown_plugin_is_refused_at_the_start", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        for (flag, why) in [
            ("--enable-admission-plugins=Nonsense", "\"Nonsense\" is unknown"),
            ("--disable-admission-plugins=Nonsense", "\"Nonsense\" is unknown"),
            ("--enable-admission-plugins=ImagePolicyWebhook", "needs a configuration"),
            ("--enable-admission-plugins=EventRateLimit", "needs a configuration"),
        ] {
            let mut command = cluster.command(&["cluster", "run", "--no-node", flag]);
            let output = command.stdin(Stdio::null()).output();
            let Ok(output) = output else { panic!("{output:?}") };
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && said.contains(why), "{flag}: {said}");
        }
    });
}
