//! The page of autoscalers, by their newest version whichever was asked for.

use client::escape;
use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, shown, time},
};
use crate::report::CliError;

pub(super) async fn describe(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let newest = newest(subject).await;
    let object = newest.as_ref().unwrap_or(&subject.info.object);
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.field(0, "CreationTimestamp", time(&metadata["creationTimestamp"]));
    let target = &spec["scaleTargetRef"];
    let kind = shown(&target["kind"]);
    page.field(0, "Reference", format!("{kind}/{}", shown(&target["name"])));
    page.field(0, "Metrics", "( current / target )");
    let current = items(&status["currentMetrics"]);
    for (at, metric) in items(&spec["metrics"]).iter().enumerate() {
        page.line(1, metric_line(metric, current.get(at).unwrap_or(&Value::Null)));
    }
    let least = &spec["minReplicas"];
    page.field(0, "Min replicas", or(least, "<unset>"));
    page.text(0, "Max replicas", &spec["maxReplicas"]);
    if spec["behavior"].is_object() {
        page.line(0, "Behavior:");
        rules(page, "Scale Up", &spec["behavior"]["scaleUp"]);
        rules(page, "Scale Down", &spec["behavior"]["scaleDown"]);
    }
    let (now, wanted) = (or(&status["currentReplicas"], "0"), or(&status["desiredReplicas"], "0"));
    page.field(0, &format!("{kind} pods"), format!("{now} current / {wanted} desired"));
    let conditions = items(&status["conditions"]);
    if !conditions.is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus\tReason\tMessage");
        page.line(1, "----\t------\t------\t-------");
        for one in conditions {
            let cells = ["type", "status", "reason", "message"].map(|field| shown(&one[field]));
            page.line(1, cells.join("\t"));
        }
    }
    events::add(page, subject).await;
    Ok(())
}

/// An older version has no room for all metrics; the newest is read in its stead, where it is served.
async fn newest(subject: &Subject<'_>) -> Option<Value> {
    let info = subject.info;
    if info.place.resource.version == "v2" {
        return None;
    }
    let namespace = escape(info.namespace.as_deref().unwrap_or("default"));
    let name = escape(&shown(&info.object["metadata"]["name"]));
    let path =
        format!("/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/{name}");
    subject.cx.client().await.ok()?.get_json(&path).await.ok()
}

fn or(value: &Value, nothing: &str) -> String {
    if value.is_null() { nothing.to_owned() } else { shown(value) }
}

/// One metric: what it is, its present value and its target.
fn metric_line(metric: &Value, status: &Value) -> String {
    let of = |key: &str| (&metric[key], &status[key]["current"]);
    match metric["type"].as_str().unwrap_or_default() {
        "External" => {
            let (source, current) = of("external");
            let name = shown(&source["metric"]["name"]);
            format!("\"{name}\" {}", value_or_average(source, current))
        }
        "Pods" => {
            let (source, current) = of("pods");
            let name = shown(&source["metric"]["name"]);
            let (now, wanted) = (&current["averageValue"], &source["target"]["averageValue"]);
            format!("\"{name}\" on pods:\t{} / {}", or(now, "<unknown>"), shown(wanted))
        }
        "Object" => {
            let (source, current) = of("object");
            let about = &source["describedObject"];
            let (name, kind) = (shown(&source["metric"]["name"]), shown(&about["kind"]));
            let about = format!("{kind}/{}", shown(&about["name"]));
            format!("\"{name}\" on {about} {}", value_or_average(source, current))
        }
        "Resource" => {
            let (source, current) = of("resource");
            let what = format!("resource {} on pods", shown(&source["name"]));
            format!("{what}{}", resource(source, current))
        }
        "ContainerResource" => {
            let (source, current) = of("containerResource");
            let (name, container) = (shown(&source["name"]), shown(&source["container"]));
            let what = format!("resource {name} of container \"{container}\" on pods");
            format!("{what}{}", resource(source, current))
        }
        other => format!("<unknown metric type \"{other}\">"),
    }
}

fn value_or_average(source: &Value, current: &Value) -> String {
    let target = &source["target"];
    let (title, field) = if target["averageValue"].is_null() {
        ("value", "value")
    } else {
        ("average value", "averageValue")
    };
    let now = or(&current[field], "<unknown>");
    format!("(target {title}):\t{now} / {}", shown(&target[field]))
}

fn resource(source: &Value, current: &Value) -> String {
    let target = &source["target"];
    if !target["averageValue"].is_null() {
        let now = or(&current["averageValue"], "<unknown>");
        return format!(":\t{now} / {}", shown(&target["averageValue"]));
    }
    let percent = &current["averageUtilization"];
    let now = if percent.is_null() {
        "<unknown>".to_owned()
    } else {
        format!("{}% ({})", shown(percent), shown(&current["averageValue"]))
    };
    let wanted = &target["averageUtilization"];
    let wanted = if wanted.is_null() { "<auto>".to_owned() } else { format!("{}%", shown(wanted)) };
    // kubectl indents the second half of the line, too.
    format!("  (as a percentage of request):\t{now} / {wanted}")
}

fn rules(page: &mut Page, title: &str, rules: &Value) {
    if !rules.is_object() {
        return;
    }
    page.line(1, format!("{title}:"));
    let window = &rules["stabilizationWindowSeconds"];
    if !window.is_null() {
        page.line(2, format!("Stabilization Window: {} seconds", shown(window)));
    }
    let policies = items(&rules["policies"]);
    if policies.is_empty() {
        return;
    }
    page.line(2, format!("Select Policy: {}", or(&rules["selectPolicy"], "Max")));
    page.line(2, "Policies:");
    for policy in policies {
        let [kind, value, period] = ["type", "value", "periodSeconds"].map(|at| shown(&policy[at]));
        page.line(3, format!("- Type: {kind}\tValue: {value}\tPeriod: {period} seconds"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metrics_have_a_line_each() {
        let hits = json!({"name": "hits"});
        let about = json!({"kind": "Service", "name": "s"});
        let percent = json!({"averageUtilization": 80});
        let average = json!({"averageValue": "5"});
        let value = json!({"value": "5"});
        let used = json!({"averageUtilization": 40, "averageValue": "40m"});
        let unknown = Value::Null;
        for (kind, key, source, current, line) in [
            (
                "Resource",
                "resource",
                json!({"name": "cpu", "target": percent}),
                &used,
                "resource cpu on pods  (as a percentage of request):\t40% (40m) / 80%",
            ),
            (
                "Resource",
                "resource",
                json!({"name": "cpu", "target": average}),
                &used,
                "resource cpu on pods:\t40m / 5",
            ),
            (
                "ContainerResource",
                "containerResource",
                json!({"name": "cpu", "container": "c", "target": percent}),
                &unknown,
                "resource cpu of container \"c\" on pods  (as a percentage of request):\t<unknown> / 80%",
            ),
            (
                "Pods",
                "pods",
                json!({"metric": hits, "target": average}),
                &unknown,
                "\"hits\" on pods:\t<unknown> / 5",
            ),
            (
                "Object",
                "object",
                json!({"metric": hits, "describedObject": about, "target": value}),
                &value,
                "\"hits\" on Service/s (target value):\t5 / 5",
            ),
            (
                "External",
                "external",
                json!({"metric": hits, "target": average}),
                &average,
                "\"hits\" (target average value):\t5 / 5",
            ),
        ] {
            let metric = json!({"type": kind, key: source});
            let status = json!({key: {"current": current}});
            assert_eq!(metric_line(&metric, &status), line);
        }
    }
}
