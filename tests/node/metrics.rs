//! What pods and nodes use: measured in their control groups, told by metrics.k8s.io and `top`.

use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::house::inside;

const BUSYBOX: &str = "localhost/busybox:1";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a command prints; it must succeed.
fn said(cluster: &Cluster, args: &[&str]) -> String {
    let output = cluster.run(args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn json_of(cluster: &Cluster, path: &str) -> Value {
    serde_json::from_str(&said(cluster, &["get", "--raw", path])).unwrap()
}

/// Millicores and mebibytes of a line of `top`.
fn used(line: &str) -> (u64, u64) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &str| -> u64 {
        word.trim_end_matches(char::is_alphabetic).parse().unwrap_or_else(|_| panic!("{line}"))
    };
    (number(words[1]), number(words[2]))
}

#[tokio::test]
async fn use_is_measured_and_told() {
    if !inside("metrics::use_is_measured_and_told") {
        return;
    }
    let cluster = Cluster::start().await;
    // Works for a while, says so, and goes on.
    let work = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo warm; while :; do :; done";
    let container = |name: &str, script: &str| json!({ "name": name, "image": BUSYBOX, "command": ["sh", "-c", script] });
    let spec = |containers: Vec<Value>| json!({ "terminationGracePeriodSeconds": 0, "containers": containers });
    cluster.pod("idle", spec(vec![container("c", "exec sleep 1000")])).await;
    cluster.pod("busy", spec(vec![container("a", work), container("b", "exec sleep 1000")])).await;
    cluster.until_ready("idle").await;
    cluster.until_ready("busy").await;
    // Follows the log until the work is done.
    let mut follow = cluster.run_beside(&["logs", "-f", "busy", "-c", "a"]);
    let mut line = String::new();
    BufReader::new(follow.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "warm\n");
    follow.kill().unwrap();
    follow.wait().unwrap();

    let top = said(&cluster, &["top", "pods", "--no-headers", "--sort-by=cpu"]);
    let lines: Vec<&str> = top.lines().collect();
    assert!(lines[0].starts_with("busy") && lines[1].starts_with("idle"), "{top}");
    assert!(used(lines[0]).0 > used(lines[1]).0, "{top}");
    let parts = said(&cluster, &["top", "pod", "busy", "--containers", "--no-headers"]);
    assert_eq!(parts.lines().count(), 2, "{parts}");
    let node = said(&cluster, &["top", "node", "--no-headers"]);
    let words: Vec<&str> = node.split_whitespace().collect();
    assert!(words[1].ends_with('m') && words[2].ends_with('%') && words[1] != "0m", "{node}");

    let root = "/apis/metrics.k8s.io/v1beta1";
    let busy = json_of(&cluster, &format!("{root}/namespaces/default/pods/busy"));
    assert_eq!(busy["kind"], "PodMetrics");
    let cpu = busy["containers"][0]["usage"]["cpu"].as_str().unwrap();
    assert!(cpu.ends_with('n'), "{busy}");
    let some = json_of(&cluster, &format!("{root}/pods?labelSelector=nobody%3Dhere"));
    assert_eq!((&some["kind"], &some["items"]), (&json!("PodMetricsList"), &json!([])));
    let watch = cluster.run(&["get", "--raw", &format!("{root}/pods?watch=true")]);
    assert!(text(&watch.stderr).contains("does not allow this method"), "{}", text(&watch.stderr));
    let missing = cluster.run(&["top", "pod", "none"]);
    let why = "podmetrics.metrics.k8s.io \"default/none\" not found";
    assert!(text(&missing.stderr).contains(why), "{}", text(&missing.stderr));
    let service = said(&cluster, &["get", "apiservice", "v1beta1.metrics.k8s.io", "--no-headers"]);
    assert!(service.contains("Local") && service.contains("True"), "{service}");

    let name = said(&cluster, &["get", "nodes", "-o", "name"]);
    let page = format!("/api/v1/nodes/{}/proxy/metrics/resource", name.trim().replace("node/", ""));
    let page = said(&cluster, &["get", "--raw", &page]);
    let series =
        "container_memory_working_set_bytes{container=\"c\",namespace=\"default\",pod=\"idle\"}";
    assert!(page.contains(series), "{page}");
    cluster.end();
}
