//! Node: a machine that runs pods.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Node;
use machinery::{
    kind::{Change, Column, Kind, Subresource},
    meta, well_known,
};
use serde_json::{Value, json};

use super::pod::options::PROXY;
use crate::parts::{
    AGE, NAME, age_cell, drop_zero, kind as build, name_cell, of_field, or_none, text, wide,
};

pub(crate) fn kind() -> Kind {
    build::<Node>("", "v1", "Node", "nodes")
        .cluster()
        .short("no")
        .validate_status(validate::check_status)
        .status()
        .keeps_status_on_create()
        .subresource(Subresource {
            options: PROXY,
            ..Subresource::of_core("proxy", "NodeProxyOptions", Subresource::PROXY)
        })
        .defaults(defaults)
        .prepare(prepare)
        .validate(validate::check)
        .warns(warn)
        .table(COLUMNS, cells)
        .selectable("spec.unschedulable", |it| {
            it.pointer("/spec/unschedulable").and_then(Value::as_bool).unwrap_or(false).to_string()
        })
}

const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "The status of the node"),
    text("Roles", "The roles of the node"),
    AGE,
    of_field("Version", "v1.NodeSystemInfo", "kubeletVersion"),
    wide(of_field("Internal-IP", "v1.NodeStatus", "addresses")),
    wide(of_field("External-IP", "v1.NodeStatus", "addresses")),
    wide(of_field("OS-Image", "v1.NodeSystemInfo", "osImage")),
    wide(of_field("Kernel-Version", "v1.NodeSystemInfo", "kernelVersion")),
    wide(of_field("Container-Runtime", "v1.NodeSystemInfo", "containerRuntimeVersion")),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let address = |kind: &str| {
        let found = meta::items(object, "/status/addresses")
            .iter()
            .find(|address| meta::text(address, "/type") == kind);
        or_none(found.map_or("", |address| meta::text(address, "/address")))
    };
    let info = |field: &str| meta::text(object, &format!("/status/nodeInfo/{field}"));
    let unknown = |text: &str| if text.is_empty() { "<unknown>" } else { text }.into();
    vec![
        name_cell(object),
        status(object).into(),
        or_none(&roles(object)),
        age_cell(object, now),
        info("kubeletVersion").into(),
        address("InternalIP"),
        address("ExternalIP"),
        unknown(info("osImage")),
        unknown(info("kernelVersion")),
        unknown(info("containerRuntimeVersion")),
    ]
}

fn status(object: &Value) -> String {
    let ready = meta::items(object, "/status/conditions")
        .iter()
        .find(|condition| meta::text(condition, "/type") == "Ready")
        .map(|condition| meta::text(condition, "/status"));
    let mut words = vec![match ready {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }];
    if object.pointer("/spec/unschedulable") == Some(&json!(true)) {
        words.push("SchedulingDisabled");
    }
    words.join(",")
}

fn roles(object: &Value) -> String {
    let mut roles: Vec<&str> = meta::strings(object, "/metadata/labels")
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => Some(role),
            _ if key == "kubernetes.io/role" && !value.is_empty() => Some(value),
            _ => None,
        })
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles.join(",")
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    drop_zero(spec, &["unschedulable", "taints", "podCIDR", "podCIDRs", "providerID"]);
    // The one range is the first of all; where they differ, the one counts.
    let one = spec.get("podCIDR").cloned();
    let first = spec.get("podCIDRs").and_then(|all| all.get(0)).cloned();
    match (one, first) {
        (None, Some(first)) => drop(spec.insert("podCIDR".into(), first)),
        (Some(one), first) if first.as_ref() != Some(&one) => {
            spec.insert("podCIDRs".into(), json!([one]));
        }
        _ => {}
    }
    let status = meta::object_at(object, "status");
    meta::set_default(status, "daemonEndpoints", json!({"kubeletEndpoint": {"Port": 0}}));
    let info = status.entry("nodeInfo").or_insert(Value::Null);
    for field in [
        "architecture",
        "bootID",
        "containerRuntimeVersion",
        "kernelVersion",
        "kubeProxyVersion",
        "kubeletVersion",
        "machineID",
        "operatingSystem",
        "osImage",
        "systemUUID",
    ] {
        meta::set_default(meta::as_object(info), field, "");
    }
    if meta::items(object, "/status/allocatable").is_empty()
        && let Some(capacity) = object.pointer("/status/capacity").cloned()
    {
        meta::set_default(meta::object_at(object, "status"), "allocatable", capacity);
    }
}

/// New nodes are kept free of pods until they report ready (admission `TaintNodesByCondition`).
fn prepare(object: &mut Value, old: Option<&Value>) {
    if old.is_some() {
        return;
    }
    let taint = json!({"key": well_known::TAINT_NOT_READY, "effect": "NoSchedule"});
    let taints = meta::object_at(object, "spec").entry("taints").or_insert(Value::Null);
    if !taints.is_array() {
        *taints = json!([]);
    }
    let Some(taints) = taints.as_array_mut() else { return };
    if !taints.iter().any(|one| one["key"] == taint["key"] && one["effect"] == taint["effect"]) {
        taints.push(taint);
    }
}

fn warn(change: &Change<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    if change.new.pointer("/spec/configSource").is_some() {
        warnings.push("spec.configSource: the feature is removed".to_owned());
    }
    if !meta::text(change.new, "/spec/externalID").is_empty() {
        let words = "spec.externalID: this field is deprecated, and is unused by Kubernetes";
        warnings.push(words.to_owned());
    }
    warnings
}
