//! The older form of an autoscaler: one target in its spec, everything else in annotations.
//! Source: conversion of `k8s.io/kubernetes/pkg/apis/autoscaling/v1`.

use machinery::meta;
use serde_json::{Map, Value, json};

use crate::check::{or_null, ordered};

const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";

/// Where no metric is wanted at all, the default of v2 holds.
pub(super) fn fill(object: &mut Value) {
    let other = meta::annotation(object, METRICS).is_some();
    let spec = meta::object_at(object, "spec");
    if !other {
        meta::set_default(spec, "targetCPUUtilizationPercentage", 80);
    }
    let status = meta::object_at(object, "status");
    meta::set_default(status, "currentReplicas", 0);
    meta::set_default(status, "desiredReplicas", 0);
}

/// Field names of metrics: source, here, in v2. A road leads below the source's object.
const RENAMED: [(&str, &[(&str, &str)]); 5] = [
    (
        "object",
        &[
            ("target", "describedObject"),
            ("metricName", "metric/name"),
            ("targetValue", "target/value"),
            ("selector", "metric/selector"),
            ("averageValue", "target/averageValue"),
        ],
    ),
    (
        "pods",
        &[
            ("metricName", "metric/name"),
            ("targetAverageValue", "target/averageValue"),
            ("selector", "metric/selector"),
        ],
    ),
    (
        "resource",
        &[
            ("name", "name"),
            ("targetAverageUtilization", "target/averageUtilization"),
            ("targetAverageValue", "target/averageValue"),
        ],
    ),
    (
        "containerResource",
        &[
            ("name", "name"),
            ("targetAverageUtilization", "target/averageUtilization"),
            ("targetAverageValue", "target/averageValue"),
            ("container", "container"),
        ],
    ),
    (
        "external",
        &[
            ("metricName", "metric/name"),
            ("metricSelector", "metric/selector"),
            ("targetValue", "target/value"),
            ("targetAverageValue", "target/averageValue"),
        ],
    ),
];

/// The same for what was measured.
const SEEN: [(&str, &[(&str, &str)]); 5] = [
    (
        "object",
        &[
            ("target", "describedObject"),
            ("metricName", "metric/name"),
            ("currentValue", "current/value"),
            ("selector", "metric/selector"),
            ("averageValue", "current/averageValue"),
        ],
    ),
    (
        "pods",
        &[
            ("metricName", "metric/name"),
            ("currentAverageValue", "current/averageValue"),
            ("selector", "metric/selector"),
        ],
    ),
    (
        "resource",
        &[
            ("name", "name"),
            ("currentAverageUtilization", "current/averageUtilization"),
            ("currentAverageValue", "current/averageValue"),
        ],
    ),
    (
        "containerResource",
        &[
            ("name", "name"),
            ("currentAverageUtilization", "current/averageUtilization"),
            ("currentAverageValue", "current/averageValue"),
            ("container", "container"),
        ],
    ),
    (
        "external",
        &[
            ("metricName", "metric/name"),
            ("metricSelector", "metric/selector"),
            ("currentValue", "current/value"),
            ("currentAverageValue", "current/averageValue"),
        ],
    ),
];

type Names = [(&'static str, &'static [(&'static str, &'static str)]); 5];

/// Fields that the older form always writes.
const ALWAYS: [&str; 4] = ["targetValue", "currentValue", "currentAverageValue", "metricName"];

/// Turns the older form into that of v2.
pub(super) fn to_stored(object: &mut Value) {
    let mut taken = |key: &str| -> Option<Value> {
        let annotations = meta::metadata_mut(object).get_mut("annotations")?;
        let text = meta::as_object(annotations).remove(key)?;
        serde_json::from_str(text.as_str()?).ok()
    };
    let (wanted, seen) = (taken(METRICS), taken(CURRENT));
    let (conditions, behavior) = (taken(CONDITIONS), taken(BEHAVIOR));
    let metadata = meta::metadata_mut(object);
    if metadata.get("annotations").and_then(Value::as_object).is_some_and(Map::is_empty) {
        metadata.remove("annotations");
    }
    let spec = meta::object_at(object, "spec");
    let mut metrics = Vec::new();
    if let Some(percent) = spec.remove("targetCPUUtilizationPercentage") {
        let target = json!({"type": "Utilization", "averageUtilization": percent});
        metrics.push(json!({"type": "Resource", "resource": {"name": "cpu", "target": target}}));
    }
    metrics.extend(meta::items(&wanted.unwrap_or_default(), "").iter().map(newer_wanted));
    if !metrics.is_empty() {
        spec.insert("metrics".into(), metrics.into());
    }
    if let Some(behavior) = behavior {
        spec.insert("behavior".into(), lowered(behavior));
    }
    let status = meta::object_at(object, "status");
    let mut measured = Vec::new();
    if let Some(percent) = status.remove("currentCPUUtilizationPercentage") {
        let current = json!({"averageUtilization": percent, "averageValue": "0"});
        measured.push(json!({"type": "Resource", "resource": {"name": "cpu", "current": current}}));
    }
    measured.extend(
        meta::items(&seen.unwrap_or_default(), "").iter().map(|metric| newer(metric, &SEEN)),
    );
    if !measured.is_empty() {
        status.insert("currentMetrics".into(), measured.into());
    }
    if let Some(conditions) = conditions {
        status.insert("conditions".into(), conditions);
    }
    if status.get("currentReplicas").and_then(Value::as_i64) == Some(0) {
        status.remove("currentReplicas");
    }
    meta::as_object(object).insert("apiVersion".into(), "autoscaling/v2".into());
}

fn newer_wanted(metric: &Value) -> Value {
    let mut metric = newer(metric, &RENAMED);
    for (source, _) in RENAMED {
        let Some(target) = metric.get_mut(source).and_then(|source| source.get_mut("target"))
        else {
            continue;
        };
        let target = meta::as_object(target);
        let average = target.contains_key("averageValue");
        // The older form writes a value of nothing beside an average.
        if average && target.get("value") == Some(&json!("0")) {
            target.remove("value");
        }
        let kind = if target.contains_key("averageUtilization") {
            "Utilization"
        } else if average {
            "AverageValue"
        } else {
            "Value"
        };
        target.insert("type".into(), kind.into());
    }
    metric
}

fn newer(metric: &Value, names: &Names) -> Value {
    let mut out = json!({"type": metric["type"]});
    for (source, fields) in names {
        let Some(given) = metric.get(*source) else { continue };
        let mut made = json!({});
        for (here, there) in *fields {
            let Some(value) = given.get(*here) else { continue };
            match there.split_once('/') {
                Some((object, field)) => {
                    meta::object_at(&mut made, object).insert(field.into(), value.clone());
                }
                None => {
                    meta::as_object(&mut made).insert((*there).into(), value.clone());
                }
            }
        }
        out[*source] = made;
    }
    out
}

/// Turns the form of v2 into the older one.
pub(super) fn from_stored(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    let metrics = spec.remove("metrics").unwrap_or_default();
    let behavior = spec.remove("behavior");
    let (percent, others) = split(&metrics, "target");
    if let Some(percent) = percent {
        spec.insert("targetCPUUtilizationPercentage".into(), percent);
    }
    let status = meta::object_at(object, "status");
    let measured = status.remove("currentMetrics").unwrap_or_default();
    let conditions = status.remove("conditions");
    let (percent, other_seen) = split(&measured, "current");
    if let Some(percent) = percent {
        status.insert("currentCPUUtilizationPercentage".into(), percent);
    }
    meta::set_default(status, "currentReplicas", 0);
    let older = |metrics: &[&Value], names: &Names| -> Option<String> {
        let list: Vec<String> = metrics.iter().map(|metric| older(metric, names)).collect();
        (!list.is_empty()).then(|| format!("[{}]", list.join(",")))
    };
    for (key, value) in [
        (METRICS, older(&others, &RENAMED)),
        (CURRENT, older(&other_seen, &SEEN)),
        (CONDITIONS, conditions.as_ref().and_then(conditions_text)),
        (BEHAVIOR, behavior.as_ref().map(raised)),
    ] {
        let Some(value) = value else { continue };
        let annotations = meta::metadata_mut(object).entry("annotations").or_insert(Value::Null);
        meta::as_object(annotations).insert(key.into(), value.into());
    }
    meta::as_object(object).insert("apiVersion".into(), "autoscaling/v1".into());
}

/// The percentage of CPU that v1 has a field for, and the metrics for which it has none.
fn split<'a>(metrics: &'a Value, side: &str) -> (Option<Value>, Vec<&'a Value>) {
    let mut percent = None;
    let mut others = Vec::new();
    for metric in meta::items(metrics, "") {
        let share = metric.pointer(&format!("/resource/{side}/averageUtilization"));
        match share {
            Some(share) if meta::text(metric, "/resource/name") == "cpu" => {
                percent = Some(share.clone());
            }
            _ => others.push(metric),
        }
    }
    (percent, others)
}

fn older(metric: &Value, names: &Names) -> String {
    let mut fields = vec![("type", Some(metric["type"].to_string()))];
    for (source, renamed) in names {
        let Some(given) = metric.get(*source) else { continue };
        let inner: Vec<(&str, Option<String>)> = renamed
            .iter()
            .map(|(here, there)| {
                let value = given.pointer(&format!("/{there}"));
                (*here, written(here, value, source))
            })
            .collect();
        fields.push((source, Some(ordered(&inner))));
    }
    ordered(&fields)
}

fn written(field: &str, value: Option<&Value>, source: &str) -> Option<String> {
    match value {
        Some(reference) if field == "target" => {
            let text = |key: &str| reference.get(key).map(Value::to_string);
            Some(ordered(&[
                ("kind", text("kind")),
                ("name", text("name")),
                ("apiVersion", text("apiVersion")),
            ]))
        }
        Some(value) => Some(value.to_string()),
        None if ALWAYS.contains(&field) && !(source == "external" && field == "targetValue") => {
            Some("\"0\"".into())
        }
        None => None,
    }
}

fn conditions_text(conditions: &Value) -> Option<String> {
    const ORDER: [&str; 5] = ["type", "status", "lastTransitionTime", "reason", "message"];
    let list: Vec<String> = meta::items(conditions, "")
        .iter()
        .map(|condition| {
            let fields: Vec<(&str, Option<String>)> = ORDER
                .iter()
                .map(|field| {
                    let always = (*field == "lastTransitionTime").then(|| "null".to_owned());
                    (*field, condition.get(*field).map(Value::to_string).or(always))
                })
                .collect();
            ordered(&fields)
        })
        .collect();
    (!list.is_empty()).then(|| format!("[{}]", list.join(",")))
}

/// Behaviour is written with the names of Go's fields.
const RAISED: [(&str, &str); 9] = [
    ("scaleUp", "ScaleUp"),
    ("scaleDown", "ScaleDown"),
    ("stabilizationWindowSeconds", "StabilizationWindowSeconds"),
    ("selectPolicy", "SelectPolicy"),
    ("policies", "Policies"),
    ("tolerance", "Tolerance"),
    ("type", "Type"),
    ("value", "Value"),
    ("periodSeconds", "PeriodSeconds"),
];

fn raised(behavior: &Value) -> String {
    let policy = |policy: &Value| {
        ordered(&[
            ("Type", or_null(policy.get("type"))),
            ("Value", or_null(policy.get("value"))),
            ("PeriodSeconds", or_null(policy.get("periodSeconds"))),
        ])
    };
    let rules = |direction: &str| {
        let Some(rules) = behavior.get(direction) else { return Some("null".to_owned()) };
        let policies: Vec<String> = meta::items(rules, "/policies").iter().map(policy).collect();
        Some(ordered(&[
            ("StabilizationWindowSeconds", or_null(rules.get("stabilizationWindowSeconds"))),
            ("SelectPolicy", or_null(rules.get("selectPolicy"))),
            ("Policies", Some(format!("[{}]", policies.join(",")))),
            ("Tolerance", or_null(rules.get("tolerance"))),
        ]))
    };
    ordered(&[("ScaleUp", rules("scaleUp")), ("ScaleDown", rules("scaleDown"))])
}

fn lowered(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| {
                let name = RAISED.iter().find(|(_, raised)| *raised == key);
                (name.map_or(key, |(name, _)| (*name).to_owned()), lowered(value))
            })
            .collect::<Map<String, Value>>()
            .into(),
        Value::Array(items) => items.into_iter().map(lowered).collect::<Vec<_>>().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_v1_has_no_field_for_goes_through_annotations() {
        let stored = json!({
            "apiVersion": "autoscaling/v2", "metadata": {"name": "a"},
            "spec": {"maxReplicas": 3, "metrics": [
                {"type": "Resource", "resource": {"name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": 60}}},
                {"type": "Pods", "pods": {"metric": {"name": "m"},
                    "target": {"type": "AverageValue", "averageValue": "1k"}}}],
                "behavior": {"scaleDown": {"selectPolicy": "Max",
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 15}]}}},
            "status": {"currentMetrics": null, "desiredReplicas": 0},
        });
        let mut older = stored.clone();
        from_stored(&mut older);
        assert_eq!(older["spec"], json!({"maxReplicas": 3, "targetCPUUtilizationPercentage": 60}));
        assert_eq!(
            meta::annotation(&older, METRICS),
            Some(r#"[{"type":"Pods","pods":{"metricName":"m","targetAverageValue":"1k"}}]"#)
        );
        to_stored(&mut older);
        assert_eq!(older["spec"], stored["spec"]);
        assert_eq!(older["metadata"], stored["metadata"]);
    }
}
