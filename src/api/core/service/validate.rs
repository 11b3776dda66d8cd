//! What must hold of services. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::addresses;
use crate::{check as common, core::shown};

const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const AFFINITIES: [&str; 2] = ["ClientIP", "None"];
const POLICIES: [&str; 2] = ["Cluster", "Local"];
/// Longest stickiness, a day. Source: `core.MaxClientIPServiceAffinitySeconds`.
const MAX_AFFINITY_SECONDS: i64 = 86_400;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let service_type = meta::text(spec, "/type");
    if let Some(old) = change.old {
        addresses::check_update(&old["spec"], spec, &at, errors);
        check_update(&old["spec"], spec, &at, errors);
    }
    check_annotations(change, errors);
    if meta::items(spec, "/ports").is_empty()
        && !is_headless(spec)
        && service_type != "ExternalName"
    {
        errors.required(&at.child("ports"), "");
    }
    check_type(spec, service_type, &at, errors);
    check_ports(spec, &at, errors);
    for (key, value) in meta::strings(spec, "/selector") {
        for why in names::qualified_name(key) {
            errors.invalid(&at.child("selector"), &json!(key), why);
        }
        for why in names::label_value(value) {
            errors.invalid(&at.child("selector"), &json!(value), why);
        }
    }
    supported(spec, "sessionAffinity", &AFFINITIES, &at, errors);
    check_affinity(spec, &at.child("sessionAffinityConfig"), errors);
    let former = change.old.map(|old| &old["spec"]);
    addresses::check(spec, former, &at, errors);
    check_external(spec, former, &at, errors);
    supported(spec, "type", &TYPES, &at, errors);
    check_doubled(spec, service_type, &at, errors);
    check_balancer(spec, former, &at, errors);
    check_policies(spec, service_type, &at, errors);
}

/// Tells whether a service has no address of its own, by its own wish.
pub(super) fn is_headless(spec: &Value) -> bool {
    meta::items(spec, "/clusterIPs") == [json!("None")] || meta::text(spec, "/clusterIP") == "None"
}

fn check_affinity(spec: &Value, at: &Path, errors: &mut Errors) {
    if spec["sessionAffinity"] != "ClientIP" {
        if spec["sessionAffinity"] == "None" && spec.get("sessionAffinityConfig").is_some() {
            errors.forbidden(at, "must not be set when session affinity is None");
        }
        return;
    }
    let missing = "when session affinity type is ClientIP";
    let config = &spec["sessionAffinityConfig"];
    if config.is_null() {
        errors.required(at, missing);
    } else if config["clientIP"].is_null() {
        errors.required(&at.child("clientIP"), missing);
    } else if config["clientIP"]["timeoutSeconds"].is_null() {
        errors.required(&at.child("clientIP").child("timeoutSeconds"), missing);
    } else if let Some(seconds) = meta::number(config, "/clientIP/timeoutSeconds")
        && !(1..=MAX_AFFINITY_SECONDS).contains(&seconds)
    {
        let path = at.child("clientIP").child("timeoutSeconds");
        let why = format!("must be greater than 0 and less than {MAX_AFFINITY_SECONDS}");
        errors.invalid(&path, &json!(seconds), why);
    }
}

fn check_annotations(change: &Change<'_>, errors: &mut Errors) {
    const MODE: &str = "service.kubernetes.io/topology-mode";
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    const RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
    let object = change.new;
    let at = Path::new("metadata").child("annotations");
    let (mode, hints) = (meta::annotation(object, MODE), meta::annotation(object, HINTS));
    if let (Some(mode), Some(hints)) = (mode, hints)
        && mode != hints
    {
        let why = format!("must match annotations[{HINTS}] when both are specified");
        errors.invalid(&at.key(MODE), &json!(mode), why);
    }
    let Some(ranges) = meta::annotation(object, RANGES) else { return };
    if !meta::items(object, "/spec/loadBalancerSourceRanges").is_empty() {
        return;
    }
    if meta::text(object, "/spec/type") != "LoadBalancer" {
        errors.forbidden(&at.key(RANGES), "may only be used when `type` is 'LoadBalancer'");
    }
    if change.old.is_some_and(|old| meta::annotation(old, RANGES) == Some(ranges)) {
        return;
    }
    for range in ranges.split(',').filter(|_| !ranges.trim().is_empty()) {
        common::cidr(&json!(range.trim()), &at.key(RANGES), errors);
    }
}

fn supported(spec: &Value, field: &str, known: &[&str], at: &Path, errors: &mut Errors) {
    let value = meta::text(spec, &format!("/{field}"));
    if value.is_empty() {
        errors.required(&at.child(field), "");
    } else if !known.contains(&value) {
        errors.not_supported(&at.child(field), &json!(value), known);
    }
}

fn check_ports(spec: &Value, at: &Path, errors: &mut Errors) {
    let ports = meta::items(spec, "/ports");
    let mut names_seen: Vec<&str> = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let path = at.child("ports").index(index);
        let name = meta::text(port, "/name");
        if name.is_empty() {
            if ports.len() > 1 {
                errors.required(&path.child("name"), "");
            }
        } else {
            for why in names::dns_label(name) {
                errors.invalid(&path.child("name"), &json!(name), why);
            }
            if names_seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
            names_seen.push(name);
        }
        let number = meta::number(port, "/port").unwrap_or(0);
        check_number(number, &path.child("port"), errors);
        supported(port, "protocol", &PROTOCOLS, &path, errors);
        check_target(&port["targetPort"], &path.child("targetPort"), errors);
        if let Some(protocol) = port.get("appProtocol") {
            common::named(protocol, names::qualified_name, &path.child("appProtocol"), errors);
        }
    }
}

fn check_number(number: i64, path: &Path, errors: &mut Errors) {
    if !(1..=65535).contains(&number) {
        errors.invalid(path, &json!(number), "must be between 1 and 65535, inclusive");
    }
}

fn check_target(target: &Value, path: &Path, errors: &mut Errors) {
    match target {
        Value::Number(number) => check_number(number.as_i64().unwrap_or(0), path, errors),
        Value::String(name) => {
            for why in names::port_name(name) {
                errors.invalid(path, target, why);
            }
        }
        _ => {}
    }
}

fn check_type(spec: &Value, service_type: &str, at: &Path, errors: &mut Errors) {
    if matches!(service_type, "NodePort" | "LoadBalancer") && is_headless(spec) {
        let why = format!("may not be set to 'None' for {service_type} services");
        errors.invalid(&at.child("clusterIPs").index(0), &json!("None"), why);
    }
    if service_type == "ExternalName" {
        let name = meta::text(spec, "/externalName");
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() {
            errors.required(&at.child("externalName"), "");
        }
        for why in names::dns_subdomain(name).into_iter().filter(|_| !name.is_empty()) {
            errors.invalid(&at.child("externalName"), &json!(name), why);
        }
        for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if spec.get(field).is_some_and(|value| value != &json!([])) {
                errors.forbidden(&at.child(field), "may not be set for ExternalName services");
            }
        }
    }
}

/// No two ports are the same, neither here nor on nodes.
fn check_doubled(spec: &Value, service_type: &str, at: &Path, errors: &mut Errors) {
    let ports = meta::items(spec, "/ports");
    let on_nodes = |port: &Value| meta::number(port, "/nodePort").unwrap_or(0);
    let path = |index| at.child("ports").index(index);
    let used = ports.iter().enumerate().filter(|(_, port)| on_nodes(port) != 0);
    if service_type == "ClusterIP" {
        for (index, _) in used.clone() {
            let why = "may not be used when `type` is 'ClusterIP'";
            errors.forbidden(&path(index).child("nodePort"), why);
        }
    }
    let mut seen: Vec<(i64, &str)> = Vec::new();
    for (index, port) in used {
        let key = (on_nodes(port), meta::text(port, "/protocol"));
        if seen.contains(&key) {
            errors.duplicate(&path(index).child("nodePort"), &json!(key.0));
        }
        seen.push(key);
    }
    let mut seen: Vec<(i64, &str)> = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let (number, protocol) =
            (meta::number(port, "/port").unwrap_or(0), meta::text(port, "/protocol"));
        if seen.contains(&(number, protocol)) {
            // Kubernetes shows an empty port with the same number and protocol.
            let same = json!({"protocol": protocol, "port": number, "targetPort": 0});
            errors.duplicate_shown(&path(index), &shown::shown("ServicePort", &same));
        }
        seen.push((number, protocol));
    }
}

/// Tells whether others than the cluster's own come to a service.
pub(super) fn is_reached_from_outside(spec: &Value) -> bool {
    match meta::text(spec, "/type") {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => !meta::items(spec, "/externalIPs").is_empty(),
        _ => false,
    }
}

fn check_policies(spec: &Value, service_type: &str, at: &Path, errors: &mut Errors) {
    const NEAR: [&str; 3] = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    let policy = meta::text(spec, "/externalTrafficPolicy");
    if is_reached_from_outside(spec) {
        supported(spec, "externalTrafficPolicy", &POLICIES, at, errors);
    } else if !policy.is_empty() {
        let why = "may only be set for externally-accessible services";
        errors.invalid(&at.child("externalTrafficPolicy"), &json!(policy), why);
    }
    check_health_check(spec, &at.child("healthCheckNodePort"), errors);
    match spec.get("internalTrafficPolicy") {
        Some(policy) if !POLICIES.iter().any(|one| policy == one) => {
            errors.not_supported(&at.child("internalTrafficPolicy"), policy, &POLICIES);
        }
        None if matches!(service_type, "ClusterIP" | "NodePort" | "LoadBalancer") => {
            errors.required(&at.child("internalTrafficPolicy"), "");
        }
        _ => {}
    }
    common::one_of(spec, "trafficDistribution", &NEAR, at, errors);
}

fn check_update(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    const CLASS: &str = "loadBalancerClass";
    const PORT: &str = "healthCheckNodePort";
    let balanced = |spec: &Value| meta::text(spec, "/type") == "LoadBalancer";
    if !balanced(old) || !balanced(new) {
        return;
    }
    if old.get(CLASS) != new.get(CLASS) {
        let shown = new.get(CLASS).cloned().unwrap_or_default();
        errors.invalid(&at.child(CLASS), &shown, "may not change once set");
    }
    let local = |spec: &Value| meta::text(spec, "/externalTrafficPolicy") == "Local";
    if local(old) && local(new) && old.get(PORT) != new.get(PORT) {
        errors.forbidden(&at.child(PORT), "field is immutable");
    }
}

/// The port by which a balancer asks nodes for their part of a service.
fn check_health_check(spec: &Value, at: &Path, errors: &mut Errors) {
    let port = meta::number(spec, "/healthCheckNodePort").unwrap_or(0);
    let balanced = spec["type"] == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local";
    match (balanced, port) {
        (false, 0) => {}
        (false, _) => {
            let why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is \
                       'Local'";
            errors.invalid(at, &json!(port), why);
        }
        (true, 0) => errors.required(at, ""),
        (true, _) => check_number(port, at, errors),
    }
}

/// Checks addresses from outside; what was accepted once is.
fn check_external(spec: &Value, former: Option<&Value>, at: &Path, errors: &mut Errors) {
    let accepted = former.map_or(&[][..], |former| meta::items(former, "/externalIPs"));
    for (index, address) in meta::items(spec, "/externalIPs").iter().enumerate() {
        let path = at.child("externalIPs").index(index);
        let ip = if accepted.contains(address) {
            address.as_str().and_then(|text| text.parse().ok())
        } else {
            common::ip(address, &path, errors)
        };
        for why in ip.map(not_for_endpoints).unwrap_or_default() {
            errors.invalid(&path, address, why);
        }
    }
}

/// Checks what balancers in front are told.
fn check_balancer(spec: &Value, former: Option<&Value>, at: &Path, errors: &mut Errors) {
    const ONLY: &str = "may only be used when `type` is 'LoadBalancer'";
    let balanced = spec["type"] == "LoadBalancer";
    let ranges = meta::items(spec, "/loadBalancerSourceRanges");
    // The name of Go's field, where all others are JSON's.
    let path = at.child("LoadBalancerSourceRanges");
    if !ranges.is_empty() && !balanced {
        errors.forbidden(&path, ONLY);
    }
    let trimmed = |range: &Value| range.as_str().unwrap_or_default().trim().to_owned();
    let accepted =
        former.map_or(&[][..], |former| meta::items(former, "/loadBalancerSourceRanges"));
    for (index, range) in ranges.iter().enumerate() {
        let own = trimmed(range);
        if !accepted.iter().any(|old| trimmed(old) == own) {
            common::cidr(&json!(own), &path.index(index), errors);
        }
    }
    match (spec.get("allocateLoadBalancerNodePorts"), balanced) {
        (Some(_), false) => errors.forbidden(&at.child("allocateLoadBalancerNodePorts"), ONLY),
        // Kubernetes names it without its parent.
        (None, true) => errors.required(&Path::new("allocateLoadBalancerNodePorts"), ""),
        _ => {}
    }
    if let Some(class) = spec.get("loadBalancerClass") {
        let path = at.child("loadBalancerClass");
        if balanced {
            common::named(class, names::qualified_name, &path, errors);
        } else {
            errors.forbidden(&path, ONLY);
        }
    }
}

/// Why an address cannot be that of something that answers.
pub(crate) fn not_for_endpoints(ip: IpAddr) -> Vec<String> {
    let mut wrong = Vec::new();
    let (local, local_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(ip) => {
            (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02)
        }
    };
    if ip.is_unspecified() {
        wrong.push(format!("may not be unspecified ({ip})"));
    }
    if ip.is_loopback() {
        wrong.push("may not be in the loopback range (127.0.0.0/8, ::1/128)".to_owned());
    }
    if local {
        wrong.push("may not be in the link-local range (169.254.0.0/16, fe80::/10)".to_owned());
    }
    if local_multicast {
        wrong.push(
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)".to_owned(),
        );
    }
    wrong
}
