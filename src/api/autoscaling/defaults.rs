//! What users leave out of an autoscaler. Source: `k8s.io/kubernetes/pkg/apis/autoscaling/v2`.

use machinery::meta;
use serde_json::{Map, Value, json};

/// Fills in an autoscaler of v2.
pub(super) fn fill(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "minReplicas", 1);
    if !spec.contains_key("metrics") {
        let target = json!({"type": "Utilization", "averageUtilization": 80});
        let metric = json!({"type": "Resource", "resource": {"name": "cpu", "target": target}});
        spec.insert("metrics".into(), json!([metric]));
    }
    if let Some(behavior) = spec.get_mut("behavior") {
        let behavior = meta::as_object(behavior);
        let percent = json!({"type": "Percent", "value": 100, "periodSeconds": 15});
        let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
        let up = fill_rules(behavior, "scaleUp", json!([pods, percent]));
        meta::set_default(up, "stabilizationWindowSeconds", 0);
        fill_rules(behavior, "scaleDown", json!([percent]));
    }
    let status = meta::object_at(object, "status");
    status.entry("currentMetrics").or_insert(Value::Null);
    meta::set_default(status, "desiredReplicas", 0);
}

fn fill_rules<'a>(
    behavior: &'a mut Map<String, Value>,
    direction: &str,
    policies: Value,
) -> &'a mut Map<String, Value> {
    let rules = meta::as_object(behavior.entry(direction).or_insert(Value::Null));
    meta::set_default(rules, "selectPolicy", "Max");
    meta::set_default(rules, "policies", policies);
    rules
}
