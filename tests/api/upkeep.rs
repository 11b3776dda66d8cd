//! What controllers keep in order: ranges of addresses, claims for devices, doubled revisions, and what
//! policies get wrong.

use support::{Cluster, alone};

use crate::server::serve;

fn apply(cluster: &Cluster, text: &str) {
    let file = cluster.folder().join("objects.yaml");
    std::fs::write(&file, text).expect("the folder is the test's own");
    cluster.ok(&format!("kubectl create -f {}", file.display()));
}

fn until(cluster: &Cluster, object: &str, path: &str, value: &str) {
    let wanted = if value.is_empty() { String::new() } else { format!("={value}") };
    cluster.ok(&format!("kubectl wait {object} --for=jsonpath={path}{wanted} --timeout=60s"));
}

const RANGE: &str = "\
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: {name: extra}
spec: {cidrs: [10.99.0.0/24]}
---
apiVersion: networking.k8s.io/v1
kind: IPAddress
metadata:
  name: 10.99.0.5
  labels: {ipaddress.kubernetes.io/managed-by: ipallocator.k8s.io, ipaddress.kubernetes.io/ip-family: IPv4}
spec: {parentRef: {resource: services, namespace: default, name: gone}}
";

#[test]
fn a_range_goes_when_its_addresses_have() {
    alone("upkeep::a_range_goes_when_its_addresses_have", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        apply(&cluster, RANGE);
        for name in ["kubernetes", "extra"] {
            let range = format!("servicecidr/{name}");
            until(&cluster, &range, "{.status.conditions[?(@.type==\"Ready\")].status}", "True");
            let held =
                cluster.ok(&format!("kubectl get {range} -o jsonpath={{.metadata.finalizers}}"));
            assert_eq!(held, "[\"networking.k8s.io/service-cidr-finalizer\"]");
        }
        cluster.ok("kubectl delete servicecidr extra --wait=false");
        until(&cluster, "servicecidr/extra", "{.status.conditions[0].reason}", "Terminating");
        let words =
            cluster.ok("kubectl get servicecidr extra -o jsonpath={.status.conditions[0].message}");
        assert!(words.starts_with("There are still IPAddresses referencing the ServiceCIDR"));
        cluster.ok("kubectl delete ipaddress 10.99.0.5");
        cluster.ok("kubectl wait --for=delete servicecidr/extra --timeout=60s");
    });
}

const CLAIMS: &str = "\
apiVersion: v1
kind: Node
metadata: {name: far}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: gpu}
spec:
  metadata: {labels: {made: by-template}}
  spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpus}}]}}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: shared, finalizers: [resource.kubernetes.io/delete-protection]}
spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpus}}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  nodeName: far
  resourceClaims:
  - {name: own, resourceClaimTemplateName: gpu}
  - {name: common, resourceClaimName: shared}
  containers: [{name: c, image: i, resources: {claims: [{name: own}, {name: common}]}}]
---
apiVersion: v1
kind: Pod
metadata: {name: lost}
spec:
  resourceClaims: [{name: own, resourceClaimTemplateName: none}]
  containers: [{name: c, image: i}]
";

/// The device that the claims have, with a taint that nobody tolerates.
const SLICE: &str = "\
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: far-d}
spec:
  driver: d.example.com
  nodeName: far
  pool: {name: p, generation: 1, resourceSliceCount: 1}
  devices: [{name: x, taints: [{key: broken, effect: NoExecute}]}]
";

#[test]
fn claims_are_made_kept_and_freed() {
    alone("upkeep::claims_are_made_kept_and_freed", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        apply(&cluster, CLAIMS);
        let get = |object: &str, path: &str| {
            cluster.ok(&format!("kubectl get {object} -o jsonpath={path}"))
        };
        until(&cluster, "pod/user", "{.status.resourceClaimStatuses[0].name}", "own");
        let claim = get("pod/user", "{.status.resourceClaimStatuses[0].resourceClaimName}");
        assert!(claim.starts_with("user-own-"), "{claim}");
        let claim = format!("resourceclaim/{claim}");
        assert_eq!(get(&claim, "{.metadata.labels.made}"), "by-template");
        assert_eq!(get(&claim, "{.metadata.ownerReferences[0].name}"), "user");
        assert_eq!(get("resourceclaims", "{.items[*].metadata.labels.made}"), "by-template");

        let results = r#"[{"request":"r","driver":"d.example.com","pool":"p","device":"x"}]"#;
        let allocation =
            format!(r#"{{"status":{{"allocation":{{"devices":{{"results":{results}}}}}}}}}"#);
        for one in [claim.as_str(), "resourceclaim/shared"] {
            let patch =
                format!("kubectl patch {one} --subresource=status --type=merge -p {allocation}");
            cluster.ok(&patch);
            until(&cluster, one, "{.status.reservedFor[0].name}", "user");
        }
        let told = "exec 3< <(exec timeout 60 kubectl get events --watch -o \
                    'jsonpath={.message}{\"\\n\"}'); grep -m1 'template \"none\"' <&3; kill $!; true";
        assert_eq!(
            cluster.shell(told).out.trim(),
            "PodResourceClaim own: resource claim template \"none\": \
             resourceclaimtemplate.resource.k8s.io \"none\" not found"
        );

        apply(&cluster, SLICE);
        let told = "{.status.conditions[?(@.type==\"DisruptionTarget\")].reason}";
        until(&cluster, "pod/user", told, "DeletionByDeviceTaintManager");
        until(&cluster, "pod/user", "{.metadata.deletionTimestamp}", "");
        cluster.ok("kubectl delete pod user --force --grace-period=0");
        cluster.ok(&format!("kubectl wait --for=delete {claim} --timeout=60s"));
        let free = "exec 3< <(exec timeout 60 kubectl get resourceclaim shared --watch -o \
                    'jsonpath={.status}{\"\\n\"}'); grep -m1 -v reservedFor <&3; kill $!; true";
        assert_eq!(cluster.shell(free).out.trim(), "{}");
    });
}

const DAEMONS: &str = "\
apiVersion: v1
kind: Node
metadata: {name: far}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: d}
spec:
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec: {containers: [{name: c, image: i}]}
";

#[test]
fn of_doubled_revisions_the_newest_stays() {
    alone("upkeep::of_doubled_revisions_the_newest_stays", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        apply(&cluster, DAEMONS);
        let pods = "exec 3< <(exec timeout 60 kubectl get pods -l app=d --watch -o name); \
                    grep -m1 pod/d- <&3; kill $!; true";
        let pod = cluster.shell(pods).out.trim().to_owned();
        let hash = "controller-revision-hash";
        let first = cluster.ok("kubectl get controllerrevisions -o name").trim().to_owned();
        let double = format!(
            "kubectl get {first} -o json | sed -e 's/\"name\": \"d-[a-z0-9]*\"/\"name\": \"d-double\"/' \
             -e 's/\"{hash}\": \"[a-z0-9]*\"/\"{hash}\": \"double\"/' -e 's/\"revision\": 1/\"revision\": 7/' \
             -e '/resourceVersion/d' | kubectl create -f -"
        );
        assert_eq!(cluster.shell(&double).code, 0);
        cluster.ok(&format!("kubectl wait --for=delete {first} --timeout=60s"));
        until(&cluster, &pod, "{.metadata.labels.controller-revision-hash}", "double");
        let left = cluster.ok("kubectl get controllerrevisions -o name");
        assert_eq!(left.trim(), "controllerrevision.apps/d-double");
    });
}

const POLICY: &str = "\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: sized}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
  validations:
  - {expression: object.spec.replicas > 1}
  - {expression: object.spec.size > 1, messageExpression: \"'of ' + object.metadata.name\"}
";

#[test]
fn a_policy_says_what_it_gets_wrong() {
    alone("upkeep::a_policy_says_what_it_gets_wrong", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        apply(&cluster, POLICY);
        let policy = "validatingadmissionpolicy/sized";
        until(&cluster, policy, "{.status.observedGeneration}", "1");
        let warnings = |of: &str| {
            cluster.ok(&format!(
                "kubectl get {policy} -o jsonpath={{.status.typeChecking.expressionWarnings[*].{of}}}"
            ))
        };
        assert_eq!(warnings("fieldRef"), "spec.validations[1].expression");
        assert_eq!(
            warnings("warning"),
            "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'size'\n \
             | object.spec.size > 1\n | ...........^\n"
        );
        let right = r#"[{"op":"remove","path":"/spec/validations/1"}]"#;
        cluster.ok(&format!("kubectl patch {policy} --type=json -p {right}"));
        until(&cluster, policy, "{.status.observedGeneration}", "2");
        assert_eq!(
            cluster.ok(&format!("kubectl get {policy} -o jsonpath={{.status.typeChecking}}")),
            "{}"
        );
    });
}

const CLASSES: &str = "\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: wide}
provisioner: example.com/d
allowVolumeExpansion: true
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: narrow}
provisioner: example.com/d
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: wide}
spec: {storageClassName: wide, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: narrow}
spec: {storageClassName: narrow, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: lost}
spec: {storageClassName: wide, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: wide}
spec: {storageClassName: wide, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /none}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: narrow}
spec: {storageClassName: narrow, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /none}}
";

#[test]
fn claims_grow_where_their_class_lets_them() {
    alone("upkeep::claims_grow_where_their_class_lets_them", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        apply(&cluster, CLASSES);
        let grow = |name: &str| {
            let more = r#"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#;
            cluster.run(&format!("kubectl patch pvc {name} -p {more}"))
        };
        let early = grow("lost");
        assert!(early.err.contains("spec is immutable after creation except"), "{early:?}");
        for name in ["wide", "narrow"] {
            until(&cluster, &format!("pvc/{name}"), "{.status.phase}", "Bound");
            let said = grow(name);
            let refused = "persistentvolumeclaims \"narrow\" is forbidden: only dynamically provisioned \
                           pvc can be resized and the storageclass that provisions the pvc must support \
                           resize";
            match name {
                "wide" => assert_eq!(said.code, 0, "{said:?}"),
                _ => assert!(said.err.contains(refused), "{said:?}"),
            }
        }
    });
}
