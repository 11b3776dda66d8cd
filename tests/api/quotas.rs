//! Quotas tell how much of them is used, and hold.

use support::{Cluster, alone};

use crate::server::serve;

#[test]
fn quotas_tell_what_is_used() {
    alone("quotas::quotas_tell_what_is_used", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl create namespace small");
        let hard = "--hard=secrets=2,pods=1,requests.cpu=1";
        cluster.ok(&format!("kubectl create quota all -n small {hard}"));
        let used = |key: &str, amount: &str| {
            let path = format!("jsonpath={{.status.used.{key}}}={amount}");
            cluster.ok(&format!("kubectl wait quota/all -n small --for={path} --timeout=60s"));
        };
        used("secrets", "0");
        cluster.ok("kubectl create secret generic a -n small");
        cluster.ok("kubectl create secret generic b -n small");
        used("secrets", "2");
        let more = cluster.run("kubectl create secret generic c -n small");
        let refused =
            "exceeded quota: all, requested: secrets=1, used: secrets=2, limited: secrets=2";
        assert!(more.err.contains(refused), "{more:?}");
        cluster.ok("kubectl delete secret a -n small");
        used("secrets", "1");
        let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"small"},"spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"250m"}}}]}}"#;
        std::fs::write(cluster.folder().join("pod.json"), pod)
            .expect("the folder is the test's own");
        cluster.ok(&format!("kubectl create -f {}/pod.json", cluster.folder().display()));
        used("pods", "1");
        used(r"requests\.cpu", "250m");
        cluster.ok("kubectl delete pod p -n small --force");
        used("pods", "0");
    });
}

#[test]
fn a_crowd_does_not_pass_a_quota() {
    alone("quotas::a_crowd_does_not_pass_a_quota", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl create namespace small");
        cluster.ok("kubectl create quota some -n small --hard=count/configmaps=3,secrets=1");
        // The first one is the namespace's own.
        cluster.ok("kubectl wait configmap kube-root-ca.crt -n small --for=create --timeout=60s");
        let crowd = "for i in $(seq 20); do kubectl create configmap m$i -n small & done; wait";
        cluster.shell(crowd);
        let made = cluster.ok("kubectl get configmaps -n small -o name");
        assert_eq!(made.lines().count(), 3, "{made}");
    });
}
