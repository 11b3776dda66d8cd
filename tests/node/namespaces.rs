//! Namespaces that are deleted: emptied, told of, and gone with the last of what held them.

use support::{Cluster, alone};

#[test]
fn a_namespace_goes_with_the_last_of_its_content() {
    alone("namespaces::a_namespace_goes_with_the_last_of_its_content", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        cluster.ok("create namespace full");
        let held = r#"{"metadata":{"finalizers":["example.com/hold"]}}"#;
        for line in [
            "kubectl run app --image=kanoe.local/bootcamp:v1 -n full",
            "kubectl wait --for=condition=Ready pod/app -n full --timeout=60s",
            "kubectl create configmap held -n full",
            &format!("kubectl patch configmap held -n full --type=merge -p '{held}'"),
            "kubectl create configmap free -n full",
            "kubectl delete namespace full --wait=false",
        ] {
            let said = cluster.shell(line);
            assert_eq!(said.code, 0, "{line}: {said:?}");
        }
        // The pod goes in its own time, and what it may rely on after it.
        let remaining = "--for=condition=NamespaceFinalizersRemaining namespace/full";
        cluster.ok(&format!("wait {remaining} --timeout=60s"));
        let path =
            "jsonpath={range .status.conditions[*]}{.type}={.status} {.message}{\"\\n\"}{end}";
        let said = cluster.shell(&format!("kubectl get namespace full -o '{path}'")).out;
        for want in [
            "NamespaceDeletionDiscoveryFailure=False All resources successfully discovered",
            "NamespaceDeletionContentFailure=False All content successfully deleted, may be waiting on finalization",
            "NamespaceContentRemaining=True Some resources are remaining: configmaps. has 1 resource instances",
            "NamespaceFinalizersRemaining=True Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
        ] {
            assert!(said.contains(want), "{want} in {said}");
        }
        assert!(cluster.run("get pods -n full").err.starts_with("No resources found"));
        let free = r#"{"metadata":{"finalizers":null}}"#;
        let freed = format!("kubectl patch configmap held -n full --type=merge -p '{free}'");
        assert_eq!(cluster.shell(&freed).code, 0);
        cluster.ok("wait --for=delete namespace/full --timeout=60s");
        cluster.delete();
    });
}
