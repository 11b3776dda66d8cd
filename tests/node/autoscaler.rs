//! Autoscaling on real containers: load adds pods, and its end takes them away.

use std::process::Output;

use k8s_openapi::api::{apps::v1::Deployment, autoscaling::v2::HorizontalPodAutoscaler};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::house::inside;

const BUSYBOX: &str = "localhost/busybox:1";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn said(cluster: &Cluster, args: &[&str]) -> String {
    let output: Output = cluster.run(args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Waits for a field of an object, longer than two looks of an autoscaler.
fn wait(cluster: &Cluster, object: &str, field: &str) {
    said(cluster, &["wait", object, &format!("--for=jsonpath={field}"), "--timeout=90s"]);
}

async fn deployment(cluster: &Cluster, name: &str) {
    let container = json!({
        "name": "c", "image": BUSYBOX, "command": ["sleep", "1000"],
        "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "200m"}},
    });
    let spec = json!({"terminationGracePeriodSeconds": 0, "containers": [container]});
    let labels = json!({"app": name});
    let object = json!({
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    });
    cluster.create::<Deployment>(object).await;
}

async fn autoscaler(cluster: &Cluster, name: &str, target: &str, metrics: Value) {
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": target});
    let spec = json!({"scaleTargetRef": target, "maxReplicas": 3, "metrics": metrics});
    let object = json!({"metadata": {"name": name}, "spec": spec});
    cluster.create::<HorizontalPodAutoscaler>(object).await;
}

/// `reason: message` of the events about an autoscaler.
fn events(cluster: &Cluster, name: &str) -> String {
    let about = format!("involvedObject.name={name},involvedObject.kind=HorizontalPodAutoscaler");
    let form = "jsonpath={range .items[*]}{.reason}: {.message}\n{end}";
    said(cluster, &["get", "events", "--field-selector", &about, "-o", form])
}

/// Reason and message of a condition.
fn condition(cluster: &Cluster, name: &str, kind: &str) -> String {
    let one = format!("{{.status.conditions[?(@.type==\"{kind}\")]");
    let form = format!("jsonpath={one}.status}} {one}.reason}}: {one}.message}}");
    said(cluster, &["get", "hpa", name, "-o", &form])
}

fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in:\n{text}");
}

#[tokio::test]
async fn load_adds_pods_and_its_end_takes_them() {
    if !inside("autoscaler::load_adds_pods_and_its_end_takes_them") {
        return;
    }
    let cluster = Cluster::start().await;
    deployment(&cluster, "worker").await;
    deployment(&cluster, "idle").await;
    said(&cluster, &["rollout", "status", "deployment/worker", "--timeout=60s"]);
    let working = said(&cluster, &["get", "pods", "-l", "app=worker", "-o", "name"]);
    let work = "> /load; while [ -e /load ]; do :; done";
    let mut load = cluster.run_beside(&["exec", "deployment/worker", "--", "sh", "-c", work]);
    let args = ["autoscale", "deployment", "worker", "--min=1", "--max=2", "--cpu=50%"];
    has(&said(&cluster, &args), "horizontalpodautoscaler.autoscaling/worker autoscaled");
    let calm = r#"{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":0}}}}"#;
    said(&cluster, &["patch", "hpa", "worker", "--type=merge", "-p", calm]);
    refusals_are_told_at_once(&cluster).await;

    wait(&cluster, "deployment/worker", "{.spec.replicas}=2");
    wait(&cluster, "hpa/worker", "{.status.desiredReplicas}=2");
    let why = "reason: cpu resource utilization (percentage of request) above target";
    has(&events(&cluster, "worker"), &format!("SuccessfulRescale: New size: 2; {why}"));
    let able = "True SucceededRescale: the HPA controller was able to update the target scale to 2";
    assert_eq!(condition(&cluster, "worker", "AbleToScale"), able);
    let active = condition(&cluster, "worker", "ScalingActive");
    has(
        &active,
        "True ValidMetricFound: the HPA was able to successfully calculate a replica count",
    );
    let row = said(&cluster, &["get", "hpa", "worker", "--no-headers"]);
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!((cells[1], cells[2]), ("Deployment/worker", "cpu:"), "{row}");
    let percent: u32 = cells[3].strip_suffix("%/50%").unwrap().parse().unwrap();
    assert!(percent > 55, "{row}");
    has(&said(&cluster, &["describe", "hpa", "worker"]), &format!("{percent}% ("));

    // The pod that works is the one whose load was begun; the other may not run yet.
    said(&cluster, &["exec", working.trim(), "--", "busybox", "rm", "-f", "/load"]);
    assert!(load.wait().unwrap().success());
    wait(&cluster, "deployment/worker", "{.spec.replicas}=1");
    wait(&cluster, "hpa/worker", "{.status.desiredReplicas}=1");
    let told = "SuccessfulRescale: New size: 1; reason: All metrics below target";
    has(&events(&cluster, "worker"), told);
    none_turns_it_off(&cluster);
    cluster.end();
}

/// Targets and metrics that are not there.
async fn refusals_are_told_at_once(cluster: &Cluster) {
    let cpu = json!({
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    });
    autoscaler(cluster, "lost", "nobody", json!([cpu])).await;
    said(cluster, &["wait", "hpa/lost", "--for=condition=AbleToScale=False", "--timeout=10s"]);
    let why = "deployments.apps \"nobody\" not found";
    let words = "the HPA controller was unable to get the target's current scale";
    let told = condition(cluster, "lost", "AbleToScale");
    assert_eq!(told, format!("False FailedGetScale: {words}: {why}"));

    let target = json!({"type": "AverageValue", "averageValue": "5"});
    let metrics = json!([
        {"type": "External", "external": {"metric": {"name": "queue"}, "target": target}},
        {"type": "Pods", "pods": {"metric": {"name": "hits"}, "target": target}},
    ]);
    autoscaler(cluster, "strange", "idle", metrics).await;
    said(cluster, &["wait", "hpa/strange", "--for=condition=ScalingActive=False", "--timeout=10s"]);
    let why = "unable to get external metric default/queue/nil: unable to fetch metrics from \
               external metrics API: the server could not find the requested resource (get \
               queue.external.metrics.k8s.io)";
    let words = "the HPA was unable to compute the replica count";
    let told = condition(cluster, "strange", "ScalingActive");
    assert_eq!(told, format!("False FailedGetExternalMetric: {words}: {why}"));
    said(
        cluster,
        &[
            "wait",
            "event",
            "--for=create",
            "--timeout=10s",
            "--field-selector=reason=FailedComputeMetricsReplicas",
        ],
    );
    let told = events(cluster, "strange");
    has(&told, &format!("FailedGetExternalMetric: {why}"));
    has(
        &told,
        "FailedGetPodsMetric: unable to get metric hits: unable to fetch metrics from custom",
    );
    has(&told, "no custom metrics API (custom.metrics.k8s.io) registered");
    let all = "FailedComputeMetricsReplicas: invalid metrics (2 invalid out of 2), first error is: \
               failed to get queue external metric value: failed to get queue external metric: ";
    has(&told, all);
}

/// A target without replicas stays so, whatever its autoscaler wants.
fn none_turns_it_off(cluster: &Cluster) {
    said(cluster, &["scale", "deployment/worker", "--replicas=0"]);
    // A change of the autoscaler has it look at once.
    let most = r#"{"spec":{"maxReplicas":3}}"#;
    said(cluster, &["patch", "hpa", "worker", "--type=merge", "-p", most]);
    said(cluster, &["wait", "hpa/worker", "--for=condition=ScalingActive=False", "--timeout=10s"]);
    assert_eq!(
        condition(cluster, "worker", "ScalingActive"),
        "False ScalingDisabled: scaling is disabled since the replica count of the target is zero"
    );
}
