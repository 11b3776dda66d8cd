//! What a service keeps of what it was given, where its writer says nothing of it, and what goes with
//! its type. Source: `patchAllocatedValues`, `normalizeClusterIPs` and `dropTypeDependentFields` of
//! Kubernetes' service registry.

use std::collections::{BTreeMap, BTreeSet};

use machinery::meta;
use serde_json::{Map, Value, json};

use super::{addresses::align, drop_same};
use crate::parts::items_mut;

/// Fills in what the writer left out and the service has; makes the one address and the list agree.
pub fn carry_over(object: &mut Value, old: Option<&Value>) {
    let nothing = Value::Null;
    let former = old.map(|old| &old["spec"]);
    let spec = meta::object_at(object, "spec");
    for (field, empty) in [("clusterIP", json!("")), ("clusterIPs", json!([]))] {
        if spec.get(field) == Some(&empty) {
            spec.remove(field);
        }
    }
    if let Some(former) = former {
        if is_addressed(former) && is_addressed(spec) {
            keep_addresses(spec, former);
        }
        if has_node_ports(former) && has_node_ports(spec) {
            keep_node_ports(spec, former);
        }
        if has_health_check(former) && has_health_check(spec) && number(spec, HEALTH) == 0 {
            let port = former.get(HEALTH).unwrap_or(&nothing).clone();
            spec.insert(HEALTH.into(), port);
        }
    }
    align(spec, former);
}

const HEALTH: &str = "healthCheckNodePort";

/// A part of an object, parsed or on its way.
trait Spec {
    fn field(&self, name: &str) -> Option<&Value>;

    fn says(&self, name: &str, value: &str) -> bool {
        self.field(name).is_some_and(|it| it == value)
    }
}

impl Spec for Value {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl Spec for Map<String, Value> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

fn number(spec: &impl Spec, name: &str) -> i64 {
    spec.field(name).and_then(Value::as_i64).unwrap_or(0)
}

fn is_addressed(spec: &impl Spec) -> bool {
    !spec.says("type", "ExternalName")
}

fn has_node_ports(spec: &impl Spec) -> bool {
    spec.says("type", "NodePort") || spec.says("type", "LoadBalancer")
}

fn has_health_check(spec: &impl Spec) -> bool {
    spec.says("type", "LoadBalancer") && spec.says("externalTrafficPolicy", "Local")
}

fn node_ports(spec: &impl Spec) -> BTreeSet<i64> {
    let ports = spec.field("ports").and_then(Value::as_array);
    let numbers = ports.into_iter().flatten().filter_map(|port| meta::number(port, "/nodePort"));
    numbers.filter(|it| *it != 0).collect()
}

fn keep_addresses(spec: &mut Map<String, Value>, former: &Value) {
    if !spec.contains_key("clusterIP")
        && let Some(address) = former.get("clusterIP")
    {
        spec.insert("clusterIP".into(), address.clone());
    }
    if !spec.contains_key("clusterIPs")
        && spec.get("clusterIP") == former.get("clusterIP")
        && let Some(list) = former.get("clusterIPs")
    {
        spec.insert("clusterIPs".into(), list.clone());
    }
}

/// Ports are known again by their names; what another port has now is not given twice.
fn keep_node_ports(spec: &mut Map<String, Value>, former: &Value) {
    let mut used: BTreeSet<i64> =
        node_ports(former).intersection(&node_ports(spec)).copied().collect();
    let named: BTreeMap<String, i64> = meta::items(former, "/ports")
        .iter()
        .map(|port| {
            let number = meta::number(port, "/nodePort").unwrap_or(0);
            (meta::text(port, "/name").to_owned(), number)
        })
        .collect();
    for port in items_mut(spec, "ports") {
        if meta::number(port, "/nodePort").unwrap_or(0) != 0 {
            continue;
        }
        let before = named.get(meta::text(port, "/name")).copied().unwrap_or(0);
        if before != 0 && used.insert(before) {
            meta::as_object(port).insert("nodePort".into(), before.into());
        }
    }
}

/// What belongs to the former type goes with it, unless the writer gave something new.
pub fn drop_of_type(object: &mut Value, old: &Value) {
    let former = &old["spec"];
    let spec = meta::object_at(object, "spec");
    if is_addressed(former) && !is_addressed(spec) {
        let kept = |field: &str| spec.get(field) == former.get(field);
        if kept("clusterIP") && kept("clusterIPs") {
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
        }
        for field in ["ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
            drop_same(spec, former, field);
        }
    }
    let subset = node_ports(spec).is_subset(&node_ports(former));
    if has_node_ports(former) && !has_node_ports(spec) && subset {
        for port in items_mut(spec, "ports") {
            meta::as_object(port).remove("nodePort");
        }
    }
    if has_health_check(former) && !has_health_check(spec) {
        drop_same(spec, former, HEALTH);
    }
    if former.says("type", "LoadBalancer") && !spec.says("type", "LoadBalancer") {
        for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            drop_same(spec, former, field);
        }
    }
    let outward = |spec: &dyn Fn(&str) -> Option<Value>| {
        let external = spec("externalIPs").and_then(|it| it.as_array().map(|it| !it.is_empty()));
        match spec("type").as_ref().and_then(Value::as_str) {
            Some("NodePort" | "LoadBalancer") => true,
            Some("ClusterIP") => external == Some(true),
            _ => false,
        }
    };
    let (was, is) =
        (outward(&|name| former.get(name).cloned()), outward(&|name| spec.get(name).cloned()));
    if was && !is {
        drop_same(spec, former, "externalTrafficPolicy");
    }
    if !spec.says("type", "LoadBalancer") && object.get("status").is_some() {
        meta::object_at(object, "status").insert("loadBalancer".into(), json!({}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(spec: &Value) -> Value {
        json!({"spec": spec})
    }

    #[test]
    fn who_says_nothing_keeps_what_was_given() {
        let old = service(&json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local",
            "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "healthCheckNodePort": 30009,
            "ports": [{"name": "a", "port": 1, "nodePort": 30001},
                {"name": "b", "port": 2, "nodePort": 30002}]}));
        let mut new = service(&json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local",
            "clusterIP": "", "ports": [{"name": "b", "port": 5},
                {"name": "c", "port": 6, "nodePort": 30001}, {"name": "a", "port": 7}]}));
        carry_over(&mut new, Some(&old));
        let spec = &new["spec"];
        assert_eq!(spec["clusterIPs"], json!(["10.0.0.1"]));
        assert_eq!(spec["healthCheckNodePort"], 30009);
        let ports: Vec<i64> = meta::items(spec, "/ports")
            .iter()
            .map(|it| it["nodePort"].as_i64().unwrap_or(0))
            .collect();
        assert_eq!(ports, [30002, 30001, 0], "what a named port takes is not given twice");
    }

    #[test]
    fn what_belongs_to_a_type_goes_with_it() {
        let old = service(&json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local",
            "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ipFamilies": ["IPv4"],
            "healthCheckNodePort": 30009, "allocateLoadBalancerNodePorts": true,
            "ports": [{"port": 1, "nodePort": 30001}]}));
        for (kind, left) in [
            ("ExternalName", json!({"type": "ExternalName", "ports": [{"port": 1}]})),
            (
                "ClusterIP",
                json!({"type": "ClusterIP", "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"],
                    "ipFamilies": ["IPv4"], "ports": [{"port": 1}]}),
            ),
        ] {
            let mut new = old.clone();
            new["spec"]["type"] = kind.into();
            drop_of_type(&mut new, &old);
            assert_eq!(new["spec"], left, "{kind}");
        }
        let mut changed = old.clone();
        changed["spec"]["type"] = "ClusterIP".into();
        changed["spec"]["ports"][0]["nodePort"] = 30005.into();
        drop_of_type(&mut changed, &old);
        assert_eq!(changed["spec"]["ports"][0]["nodePort"], 30005, "refused by validation");
    }
}
