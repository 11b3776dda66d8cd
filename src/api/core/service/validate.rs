//! What must hold of services. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

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
    let headless = meta::text(spec, "/clusterIP") == "None";
    if meta::items(spec, "/ports").is_empty() && !headless && service_type != "ExternalName" {
        errors.required(&at.child("ports"), "");
    }
    check_ports(spec, &at, errors);
    check_type(spec, service_type, &at, errors);
    supported(spec, "sessionAffinity", &AFFINITIES, &at, errors);
    if let Some(seconds) = meta::number(spec, "/sessionAffinityConfig/clientIP/timeoutSeconds")
        && !(1..=MAX_AFFINITY_SECONDS).contains(&seconds)
    {
        let path = at.child("sessionAffinityConfig").child("clientIP").child("timeoutSeconds");
        let why = format!("must be greater than 0 and less than {MAX_AFFINITY_SECONDS}");
        errors.invalid(&path, &json!(seconds), why);
    }
    for (key, value) in meta::strings(spec, "/selector") {
        for why in names::qualified_name(key) {
            errors.invalid(&at.child("selector"), &json!(key), why);
        }
        for why in names::label_value(value) {
            errors.invalid(&at.child("selector"), &json!(value), why);
        }
    }
    check_policies(spec, service_type, &at, errors);
    check_outside(spec, service_type, &at, errors);
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, &at, errors);
    }
}

fn supported(spec: &Value, field: &str, known: &[&str], at: &Path, errors: &mut Errors) {
    let value = spec.get(field).unwrap_or(&Value::Null);
    if !known.iter().any(|one| value == one) {
        errors.not_supported(&at.child(field), value, known);
    }
}

fn check_ports(spec: &Value, at: &Path, errors: &mut Errors) {
    let ports = meta::items(spec, "/ports");
    let mut names_seen: Vec<&str> = Vec::new();
    let mut seen: Vec<(i64, &str)> = Vec::new();
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
        let protocol = meta::text(port, "/protocol");
        if !PROTOCOLS.contains(&protocol) {
            errors.not_supported(&path.child("protocol"), &port["protocol"], &PROTOCOLS);
        }
        check_target(&port["targetPort"], &path.child("targetPort"), errors);
        if seen.contains(&(number, protocol)) {
            // Kubernetes shows an empty port with the same number and protocol.
            let same = json!({"protocol": protocol, "port": number, "targetPort": 0});
            errors.duplicate_shown(&path, &shown::shown("ServicePort", &same));
        }
        seen.push((number, protocol));
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
    if !TYPES.contains(&service_type) {
        errors.not_supported(&at.child("type"), &spec["type"], &TYPES);
    }
    let address = meta::text(spec, "/clusterIP");
    let outward = matches!(service_type, "NodePort" | "LoadBalancer");
    if outward && address == "None" {
        let why = format!("may not be set to 'None' for {service_type} services");
        errors.invalid(&at.child("clusterIPs").index(0), &json!("None"), why);
    }
    if service_type == "ExternalName" {
        let name = meta::text(spec, "/externalName").trim_end_matches('.');
        if name.is_empty() {
            errors.required(&at.child("externalName"), "");
        } else {
            for why in names::dns_subdomain(name) {
                errors.invalid(&at.child("externalName"), &json!(name), why);
            }
        }
        if !address.is_empty() {
            errors
                .forbidden(&at.child("clusterIPs"), "may not be set when `type` is 'ExternalName'");
        }
    } else if !matches!(address, "" | "None")
        && let Some(why) = common::ip_problem(address)
    {
        errors.invalid(&at.child("clusterIPs").index(0), &json!(address), why);
    }
    for (index, port) in meta::items(spec, "/ports").iter().enumerate() {
        let node = meta::number(port, "/nodePort").unwrap_or(0);
        if node != 0 && !outward {
            let path = at.child("ports").index(index).child("nodePort");
            errors.forbidden(&path, "may not be used when `type` is 'ClusterIP'");
        }
    }
}

fn check_policies(spec: &Value, service_type: &str, at: &Path, errors: &mut Errors) {
    let external = spec.get("externalTrafficPolicy");
    if let Some(policy) = external {
        if service_type == "ClusterIP" && meta::items(spec, "/externalIPs").is_empty() {
            errors.invalid(
                &at.child("externalTrafficPolicy"),
                policy,
                "may only be set for externally-accessible services",
            );
        } else if !POLICIES.iter().any(|one| policy == one) {
            errors.not_supported(&at.child("externalTrafficPolicy"), policy, &POLICIES);
        }
    }
    if let Some(policy) = spec.get("internalTrafficPolicy")
        && !POLICIES.iter().any(|one| policy == one)
    {
        errors.not_supported(&at.child("internalTrafficPolicy"), policy, &POLICIES);
    }
}

fn check_update(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let external = |spec: &Value| meta::text(spec, "/type") == "ExternalName";
    if external(old) || external(new) {
        return;
    }
    let before = meta::text(old, "/clusterIP");
    let address = meta::text(new, "/clusterIP");
    if !before.is_empty() && before != address {
        let why = "may not change once set";
        errors.invalid(&at.child("clusterIPs").index(0), &new["clusterIPs"], why);
    }
}

/// Checks addresses from outside and who may come to them.
fn check_outside(spec: &Value, service_type: &str, at: &Path, errors: &mut Errors) {
    let ranges = meta::items(spec, "/loadBalancerSourceRanges");
    // The name of Go's field, where all others are JSON's.
    let path = at.child("LoadBalancerSourceRanges");
    if !ranges.is_empty() && service_type != "LoadBalancer" {
        errors.forbidden(&path, "may only be used when `type` is 'LoadBalancer'");
    }
    for (index, range) in ranges.iter().enumerate() {
        let shown = json!(range.as_str().unwrap_or_default().trim());
        common::cidr(&shown, &path.index(index), errors);
    }
    for (index, address) in meta::items(spec, "/externalIPs").iter().enumerate() {
        let path = at.child("externalIPs").index(index);
        let Some(ip) = common::ip(address, &path, errors) else { continue };
        for why in not_for_endpoints(ip) {
            errors.invalid(&path, address, why);
        }
    }
    if let Some(class) = spec.get("loadBalancerClass") {
        let path = at.child("loadBalancerClass");
        if service_type == "LoadBalancer" {
            common::named(class, names::qualified_name, &path, errors);
        } else {
            errors.forbidden(&path, "may only be used when `type` is 'LoadBalancer'");
        }
    }
    let families = ["SingleStack", "PreferDualStack", "RequireDualStack"];
    common::one_of(spec, "ipFamilyPolicy", &families, at, errors);
    let port = meta::number(spec, "/healthCheckNodePort").unwrap_or(0);
    let local = spec["externalTrafficPolicy"] == "Local";
    if port != 0 && !(service_type == "LoadBalancer" && local) {
        let why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is \
                   'Local'";
        errors.invalid(&at.child("healthCheckNodePort"), &json!(port), why);
    }
    for (index, port) in meta::items(spec, "/ports").iter().enumerate() {
        if let Some(protocol) = port.get("appProtocol") {
            let path = at.child("ports").index(index).child("appProtocol");
            common::named(protocol, names::qualified_name, &path, errors);
        }
    }
}

/// Why an address cannot be that of something that answers.
pub(crate) fn not_for_endpoints(ip: IpAddr) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let (local, local_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(ip) => {
            (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02)
        }
    };
    if ip.is_unspecified() {
        wrong.push("may not be unspecified (0.0.0.0 or ::)");
    }
    if ip.is_loopback() {
        wrong.push("may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    if local {
        wrong.push("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if local_multicast {
        wrong.push("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
    wrong
}
