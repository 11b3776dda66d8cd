//! Where pods may go because of other pods.

use k8s_openapi::api::core::v1::Pod;
use serde_json::{Value, json};

use crate::cluster::{Cluster, condition};
use crate::house::inside;

fn unschedulable(pod: Option<&Pod>) -> String {
    let conditions = pod.and_then(|pod| pod.status.as_ref()?.conditions.as_ref());
    let mut conditions = conditions.into_iter().flatten();
    let told = conditions.find(|one| one.type_ == "PodScheduled" && one.status == "False");
    told.and_then(|one| one.message.clone()).unwrap_or_default()
}

#[tokio::test]
async fn pods_wait_for_room_away_from_others() {
    if !inside("placement::pods_wait_for_room_away_from_others") {
        return;
    }
    let cluster = Cluster::start().await;
    let apart = |name: &str| -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default", "labels": {"app": "lonely"}},
            "spec": {
                "terminationGracePeriodSeconds": 0,
                "containers": [{"name": "c", "image": "localhost/busybox:1", "command": ["sleep", "1000"]}],
                "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{
                    "topologyKey": "kubernetes.io/hostname",
                    "labelSelector": {"matchLabels": {"app": "lonely"}},
                }]}},
            },
        })
    };
    cluster.create::<Pod>(apart("one")).await;
    cluster.until_ready("one").await;
    cluster.create::<Pod>(apart("two")).await;
    let words = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.";
    cluster.until::<Pod>("two", |pod| unschedulable(pod).starts_with(words)).await;
    cluster.delete("one").await;
    cluster.until_ready("two").await;
    cluster.end();
}

/// A pod that sleeps, asks for a share of a processor and stays when it is asked to go.
fn stubborn(name: &str, class: &str, cpu: i64) -> Value {
    let script = "trap '' TERM; while :; do sleep 1; done";
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "priorityClassName": class, "terminationGracePeriodSeconds": 600,
            "containers": [{"name": "c", "image": "localhost/busybox:1",
                "command": ["sh", "-c", script],
                "resources": {"requests": {"cpu": format!("{cpu}m")}}}],
        },
    })
}

fn nominated(pod: Option<&Pod>) -> Option<&str> {
    pod?.status.as_ref()?.nominated_node_name.as_deref()
}

#[tokio::test]
async fn the_important_take_the_place_of_the_others() {
    if !inside("placement::the_important_take_the_place_of_the_others") {
        return;
    }
    let cluster = Cluster::start().await;
    for class in [
        &["low", "--value=1"][..],
        &["mid", "--value=5"],
        &["high", "--value=9"],
        &["polite", "--value=9", "--preemption-policy=Never"],
    ] {
        let made = cluster.run(&[&["create", "priorityclass"], class].concat());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let path = "-o=jsonpath={.items[0].metadata.name} {.items[0].status.allocatable.cpu}";
    let node = String::from_utf8(cluster.run(&["get", "nodes", path]).stdout).unwrap();
    let (node, cpu) = node.split_once(' ').unwrap();
    let cpu = cpu.parse::<i64>().unwrap() * 1000;
    cluster.create::<Pod>(stubborn("one", "mid", cpu * 4 / 10)).await;
    cluster.create::<Pod>(stubborn("two", "low", cpu * 4 / 10)).await;
    cluster.until_ready("one").await;
    cluster.until_ready("two").await;

    cluster.create::<Pod>(stubborn("polite", "polite", cpu / 2)).await;
    let words = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, \
                 preemption: not eligible due to preemptionPolicy=Never.";
    cluster.until::<Pod>("polite", |pod| unschedulable(pod) == words).await;
    cluster.delete("polite").await;

    cluster.create::<Pod>(stubborn("new", "high", cpu / 2)).await;
    let waits = cluster.until::<Pod>("new", |pod| nominated(pod) == Some(node)).await.unwrap();
    let words = "0/1 nodes are available: 1 Insufficient cpu.";
    cluster.until::<Pod>("new", |pod| unschedulable(pod) == words).await;
    let leaves = |pod: Option<&Pod>| {
        pod.is_some_and(|pod| {
            pod.metadata.deletion_timestamp.is_some() && condition(pod, "DisruptionTarget")
        })
    };
    let leaving = cluster.until::<Pod>("two", leaves).await.unwrap();
    let conditions = leaving.status.unwrap().conditions.unwrap();
    let told = conditions.iter().find(|one| one.type_ == "DisruptionTarget").unwrap();
    assert_eq!(told.reason.as_deref(), Some("PreemptionByScheduler"));
    let words = "default-scheduler: preempting to accommodate a higher priority pod";
    assert_eq!(told.message.as_deref(), Some(words));

    // A place that was made for one is not for those who count less.
    let end = ["delete", "pod", "two", "--grace-period=0", "--force"];
    cluster.create::<Pod>(stubborn("late", "mid", cpu / 2)).await;
    cluster.until::<Pod>("late", |pod| !unschedulable(pod).is_empty()).await;
    assert!(cluster.run(&end).status.success());
    cluster.until_ready("new").await;
    let stays = cluster.until::<Pod>("one", |pod| pod.is_some()).await.unwrap();
    assert_eq!(stays.metadata.deletion_timestamp, None, "nobody leaves without need");
    let uid = waits.metadata.uid.unwrap();
    let words = format!("Preempted by pod {uid} on node {node}");
    cluster.told("two", |reason, message| reason == "Preempted" && message == words).await;
    cluster.end();
}
