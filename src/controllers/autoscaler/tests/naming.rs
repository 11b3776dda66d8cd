//! What metrics are called, what their statuses say, and why they fail.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::{autoscaling::v2::MetricSpec, core::v1::Pod};
use serde_json::{Value, json};

use super::super::{
    measure::{Answer, Failed, measure},
    replicas::{Fleet, Sample, Samples, Tolerances},
};

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

fn fleet(pods: &[Arc<Pod>]) -> Fleet<'_> {
    let tolerances = Tolerances { up: 0.1, down: 0.1 };
    Fleet { pods, current: 1, observed: 1, tolerances, now: now() }
}

/// A pod that requests a thousand thousandths, and uses half.
fn half() -> (Vec<Arc<Pod>>, Answer) {
    let ready =
        json!({"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"});
    let object = json!({
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "1"}}}]},
        "status": {
            "phase": "Running", "startTime": "2026-01-01T00:00:00Z", "conditions": [ready],
        },
    });
    let sample = Sample { milli: 500, at: now(), window: SignedDuration::from_secs(15) };
    let samples = Samples::from([("p".to_owned(), sample)]);
    (vec![Arc::new(serde_json::from_value(object).unwrap())], Answer::Pods(samples))
}

/// The metric of a type (its key in documents) with a target.
fn metric(key: &str, target: &str, selector: &Value) -> MetricSpec {
    let target = match target {
        "percent" => json!({"type": "Utilization", "averageUtilization": 25}),
        "average" => json!({"type": "AverageValue", "averageValue": "250m"}),
        _ => json!({"type": "Value", "value": "250m"}),
    };
    let mut source = json!({"target": target});
    match key {
        "resource" => source["name"] = "cpu".into(),
        "containerResource" => {
            source["name"] = "cpu".into();
            source["container"] = "c".into();
        }
        _ => source["metric"] = json!({"name": "hits", "selector": selector}),
    }
    if key == "object" {
        source["describedObject"] = json!({"apiVersion": "v1", "kind": "Service", "name": "web"});
    }
    serde_json::from_value(json!({"type": key, key: source})).unwrap()
}

#[test]
fn metrics_have_names_and_statuses() {
    let (pods, samples) = half();
    let none = Value::Null;
    let some = json!({"matchLabels": {"a": "b"}});
    let cpu = "cpu resource utilization (percentage of request)";
    let part = "cpu container resource utilization (percentage of request)";
    let chosen = "external metric hits(&LabelSelector{MatchLabels:map[string]string{a: b,},\
                  MatchExpressions:[]LabelSelectorRequirement{},})";
    let both = json!({"averageUtilization": 50, "averageValue": "500m"});
    let average = json!({"averageValue": "500m"});
    let whole = json!({"value": "500m"});
    for (key, target, selector, name, current) in [
        ("resource", "percent", &none, cpu, &both),
        ("resource", "average", &none, "cpu resource", &average),
        ("containerResource", "percent", &none, part, &both),
        ("containerResource", "average", &none, "cpu resource", &average),
        ("pods", "average", &none, "pods metric hits", &average),
        ("object", "value", &none, "Service metric hits", &whole),
        ("object", "average", &none, "external metric hits(nil)", &average),
        ("external", "value", &none, "external metric hits(nil)", &whole),
        ("external", "average", &some, chosen, &average),
    ] {
        let case = format!("{key} {target}");
        let one = matches!(key, "object" | "external");
        let answer = if one { Answer::Value(500) } else { samples.clone() };
        let spec = metric(key, target, selector);
        let got = measure(&fleet(&pods), "n", &spec, Ok(answer)).unwrap();
        assert_eq!((got.replicas, got.name.as_str()), (2, name), "{case}");
        let status = serde_json::to_value(got.status).unwrap();
        assert_eq!(&status[key]["current"], current, "{case}");
        assert_eq!(status["type"].as_str().unwrap().to_lowercase(), key.to_lowercase(), "{case}");
    }
}

#[test]
fn metrics_that_fail_say_why() {
    const CPU: &str = "unable to get metrics for resource cpu: E";
    let percent = format!("failed to get cpu utilization: {CPU}");
    let average = format!("failed to get cpu usage: {CPU}");
    let (hits, on) =
        ("unable to get metric hits: E", "unable to get metric hits: E on Service n/web");
    let queue = "unable to get external metric n/hits/nil: E";
    let (resource, container) = ("FailedGetResourceMetric", "FailedGetContainerResourceMetric");
    let (object, external) = ("FailedGetObjectMetric", "FailedGetExternalMetric");
    for (key, target, reason, why, before) in [
        ("resource", "percent", resource, percent.as_str(), "cpu resource metric value"),
        ("resource", "average", resource, &average, "cpu resource metric value"),
        ("containerResource", "percent", container, &percent, "c container metric value"),
        ("pods", "average", "FailedGetPodsMetric", hits, "pods metric value"),
        ("object", "value", object, on, "object metric value"),
        ("object", "average", object, on, "object metric value: failed to get hits object metric"),
        (
            "external",
            "value",
            external,
            queue,
            "hits external metric value: failed to get external metric hits",
        ),
        (
            "external",
            "average",
            external,
            queue,
            "hits external metric value: failed to get hits external metric",
        ),
    ] {
        let spec = metric(key, target, &Value::Null);
        let got = measure(&fleet(&[]), "n", &spec, Err("E".to_owned()));
        let error = format!("failed to get {before}: {why}");
        assert_eq!(
            got.unwrap_err(),
            Failed { reason, why: why.to_owned(), error },
            "{key} {target}"
        );
    }
}
