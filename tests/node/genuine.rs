//! The genuine kubectl against our server: what it says of ours is what it says of Kubernetes.

use std::path::{Path, PathBuf};

use support::{Cluster, alone};

/// Versions that the walkthrough is played with: one sends JSON, the other protobuf.
const VERSIONS: [&str; 2] = ["1.30", "1.33"];

#[test]
fn the_genuine_kubectl_plays_the_walkthrough() {
    let found: Vec<PathBuf> = VERSIONS.into_iter().filter_map(support::genuine).collect();
    if found.len() < VERSIONS.len() {
        eprintln!("left out: of the genuine kubectl {VERSIONS:?} this machine has {found:?}");
    }
    if found.is_empty() {
        return;
    }
    alone("genuine::the_genuine_kubectl_plays_the_walkthrough", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        for kubectl in &found {
            walk(&cluster, kubectl);
        }
        cluster.delete();
    });
}

fn walk(cluster: &Cluster, kubectl: &Path) {
    let config = cluster.folder().join("kubeconfig");
    std::fs::write(&config, cluster.ok("cluster kubeconfig")).unwrap();
    let play = |line: &str| {
        let line = format!("KUBECONFIG={} {} {line}", config.display(), kubectl.display());
        let said = cluster.shell(&line);
        assert_eq!(said.code, 0, "{line}: {said:?}\n{}", cluster.log());
        said.out
    };
    play("create deployment app --image=kanoe.local/bootcamp:v1");
    play("rollout status deployment/app --timeout=60s");
    assert!(play("get pods").contains("1/1     Running"));
    assert!(play("describe deployment app").contains("Scaled up replica set"));
    assert!(play("logs deployment/app").contains("App Started"));
    assert!(play("exec deploy/app -- env").contains("VERSION=1"));
    assert!(play("expose deployment/app --port=8080").contains("exposed"));
    play("scale deployment/app --replicas=3");
    play("set image deployment/app bootcamp=kanoe.local/bootcamp:v2");
    play("rollout status deployment/app --timeout=60s");
    assert!(play("rollout history deployment/app").contains('2'));
    play("rollout undo deployment/app");
    play("label deployment app tier=front");
    assert!(play("get deployments -l tier=front -o name").contains("deployment.apps/app"));
    assert!(play("auth can-i create pods").contains("yes"));
    assert!(play("api-resources").contains("deployments"));
    play("create namespace other");
    play("delete namespace other --timeout=60s");
    play("delete deployment,service app --timeout=60s");
}
