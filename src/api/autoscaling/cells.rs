//! An autoscaler as a row. Source: `k8s.io/kubernetes/pkg/printers/internalversion`.

use jiff::Timestamp;
use machinery::{kind::Column, meta};
use serde_json::Value;

use super::v1;
use crate::parts::{AGE, NAME, age_cell, count, name_cell, of_field};

const SPEC: &str = "v2.HorizontalPodAutoscalerSpec";
pub(super) const COLUMNS: &[Column] = &[
    NAME,
    of_field("Reference", SPEC, "scaleTargetRef"),
    of_field("Targets", SPEC, "metrics"),
    of_field("MinPods", SPEC, "minReplicas"),
    of_field("MaxPods", SPEC, "maxReplicas"),
    of_field("Replicas", "v2.HorizontalPodAutoscalerStatus", "currentReplicas"),
    AGE,
];

/// The row of an autoscaler in either version.
pub(super) fn of_any_version(object: &Value, now: Timestamp) -> Vec<Value> {
    if object["apiVersion"] == "autoscaling/v2" {
        return cells(object, now);
    }
    let mut newer = object.clone();
    v1::to_stored(&mut newer);
    cells(&newer, now)
}

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let text = |pointer: &str| meta::text(object, pointer);
    let least = meta::number(object, "/spec/minReplicas");
    vec![
        name_cell(object),
        format!("{}/{}", text("/spec/scaleTargetRef/kind"), text("/spec/scaleTargetRef/name"))
            .into(),
        targets(object).into(),
        least.map_or_else(|| "<unset>".into(), |least| least.to_string().into()),
        count(object, "/spec/maxReplicas").into(),
        count(object, "/status/currentReplicas").into(),
        age_cell(object, now),
    ]
}

fn targets(object: &Value) -> String {
    const SHOWN: usize = 2;
    let metrics = meta::items(object, "/spec/metrics");
    if metrics.is_empty() {
        return "<none>".into();
    }
    let current = meta::items(object, "/status/currentMetrics");
    let shown: Vec<String> = metrics
        .iter()
        .enumerate()
        .take(SHOWN)
        .map(|(index, metric)| target(metric, current.get(index).unwrap_or(&Value::Null)))
        .collect();
    let list = shown.join(", ");
    match metrics.len() {
        few if few <= SHOWN => list,
        many => format!("{list} + {} more...", many - SHOWN),
    }
}

fn target(metric: &Value, status: &Value) -> String {
    let key = match meta::text(metric, "/type") {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return "<unknown type>".into(),
    };
    let wanted = |field: &str| shown(metric.pointer(&format!("/{key}/target/{field}")));
    let seen = |field: &str| {
        shown(status.pointer(&format!("/{key}/current/{field}")))
            .unwrap_or_else(|| "<unknown>".into())
    };
    match key {
        "resource" | "containerResource" => {
            let name = meta::text(&metric[key], "/name");
            if let Some(value) = wanted("averageValue") {
                return format!("{name}: {}/{value}", seen("averageValue"));
            }
            let percent = |value: String| {
                if value.starts_with('<') { value } else { format!("{value}%") }
            };
            let value = wanted("averageUtilization").map_or_else(|| "<auto>".into(), percent);
            format!("{name}: {}/{value}", percent(seen("averageUtilization")))
        }
        "pods" => {
            format!("{}/{}", seen("averageValue"), wanted("averageValue").unwrap_or_default())
        }
        _ => match wanted("averageValue") {
            Some(value) => format!("{}/{value} (avg)", seen("averageValue")),
            None => format!("{}/{}", seen("value"), wanted("value").unwrap_or_default()),
        },
    }
}

fn shown(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
