//! What must hold of ingresses. Source: `k8s.io/kubernetes/pkg/apis/networking/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS \
     subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with \
     an alphanumeric character (e.g. '*.example.com', regex used for validation is \
     '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
/// What paths may not contain, since proxies read it as something else.
const NOT_IN_PATHS: [&str; 6] = ["//", "/./", "/../", "%2f", "%2F", "/.%2f"];
const NOT_AN_ADDRESS: &str = "must be a DNS name, not an IP address";
const NOT_AT_END: [&str; 2] = ["/..", "/."];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let rules = meta::items(spec, "/rules");
    let default = spec.get("defaultBackend");
    if rules.is_empty() && default.is_none() {
        let why = "either `defaultBackend` or `rules` must be specified";
        errors.invalid(&at, &Value::Null, why);
    }
    if let Some(backend) = default {
        check_backend(backend, &at.child("defaultBackend"), errors);
    }
    for (index, rule) in rules.iter().enumerate() {
        check_rule(rule, &at.child("rules").index(index), errors);
    }
    for (index, tls) in meta::items(spec, "/tls").iter().enumerate() {
        let path = at.child("tls").index(index);
        for (number, host) in meta::items(tls, "/hosts").iter().enumerate() {
            check_host(host, &path.child("hosts").index(number), errors);
        }
        let secret = meta::text(tls, "/secretName");
        if !secret.is_empty() && !change.old.is_some_and(has_bad_secret) {
            let path = path.child("secretName");
            check::named(&json!(secret), names::dns_subdomain, &path, errors);
        }
    }
    if let Some(class) = spec.get("ingressClassName") {
        check::named(class, names::dns_subdomain, &at.child("ingressClassName"), errors);
    }
    let old_class = meta::annotation(change.new, "kubernetes.io/ingress.class");
    if change.old.is_none()
        && let (Some(old_class), Some(class)) =
            (old_class, spec.get("ingressClassName").and_then(Value::as_str))
        && old_class != class
    {
        let path = Path::new("annotations").child("kubernetes.io/ingress.class");
        let why = "must match `ingressClassName` when both are specified";
        errors.invalid(&path, &json!(old_class), why);
    }
}

/// Tells whether an ingress names a secret that cannot be: older ones may.
fn has_bad_secret(ingress: &Value) -> bool {
    let secrets =
        meta::items(ingress, "/spec/tls").iter().map(|tls| meta::text(tls, "/secretName"));
    let mut secrets = secrets.filter(|name| !name.is_empty());
    secrets.any(|name| !names::dns_subdomain(name).is_empty())
}

/// Source: `ValidateIngressStatusUpdate`.
pub(super) fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status").child("loadBalancer").child("ingress");
    let points = |object| meta::items(object, "/status/loadBalancer/ingress");
    let had =
        |ip: &str| change.old.is_some_and(|old| points(old).iter().any(|point| point["ip"] == ip));
    for (index, point) in points(change.new).iter().enumerate() {
        let (ip, host) = (meta::text(point, "/ip"), meta::text(point, "/hostname"));
        if !ip.is_empty() && !had(ip) {
            check::ip(&point["ip"], &at.index(index).child("ip"), errors);
        }
        if !host.is_empty() {
            let path = at.index(index).child("hostname");
            check::named(&point["hostname"], names::dns_subdomain, &path, errors);
            if host.parse::<IpAddr>().is_ok() {
                errors.invalid(&path, &json!(host), NOT_AN_ADDRESS);
            }
        }
    }
}

fn check_host(host: &Value, path: &Path, errors: &mut Errors) {
    let text = host.as_str().unwrap_or_default();
    if text.contains('*') {
        let rest = text.strip_prefix("*.");
        if rest.is_none_or(|rest| !names::dns_subdomain(rest).is_empty()) {
            errors.invalid(path, host, WILDCARD);
        }
    } else {
        check::named(host, names::dns_subdomain, path, errors);
    }
}

fn check_rule(rule: &Value, at: &Path, errors: &mut Errors) {
    let host = meta::text(rule, "/host");
    if !host.is_empty() {
        let path = at.child("host");
        if host.parse::<IpAddr>().is_ok() {
            errors.invalid(&path, &json!(host), NOT_AN_ADDRESS);
        }
        check_host(&json!(host), &path, errors);
    }
    let Some(http) = rule.get("http") else { return };
    let at = at.child("http").child("paths");
    let paths = meta::items(http, "/paths");
    if paths.is_empty() {
        errors.required(&at, "");
    }
    for (index, path) in paths.iter().enumerate() {
        check_path(path, &at.index(index), errors);
    }
}

fn check_path(path: &Value, at: &Path, errors: &mut Errors) {
    let text = meta::text(path, "/path");
    let here = at.child("path");
    if meta::text(path, "/pathType").is_empty() {
        errors.required(&at.child("pathType"), "pathType must be specified");
        return;
    }
    match meta::text(path, "/pathType") {
        "Exact" | "Prefix" => {
            if !text.starts_with('/') {
                errors.invalid(&here, &json!(text), "must be an absolute path");
            }
            if !text.is_empty() {
                for part in NOT_IN_PATHS.iter().filter(|part| text.contains(**part)) {
                    errors.invalid(&here, &json!(text), format!("must not contain '{part}'"));
                }
                for end in NOT_AT_END.iter().filter(|end| text.ends_with(**end)) {
                    errors.invalid(&here, &json!(text), format!("cannot end with '{end}'"));
                }
            }
        }
        "ImplementationSpecific" => {
            if !text.is_empty() && !text.starts_with('/') {
                errors.invalid(&here, &json!(text), "must be an absolute path");
            }
        }
        _ => {
            let known = ["Exact", "ImplementationSpecific", "Prefix"];
            errors.not_supported(&at.child("pathType"), &path["pathType"], &known);
        }
    }
    check_backend(&path["backend"], &at.child("backend"), errors);
}

fn check_backend(backend: &Value, at: &Path, errors: &mut Errors) {
    let service = backend.get("service");
    let resource = backend.get("resource");
    match (service, resource) {
        (Some(_), Some(_)) => {
            errors.invalid(at, &json!(""), "cannot set both resource and service backends");
        }
        (None, None) => {
            errors.invalid(at, &json!(""), "resource or service backend is required");
        }
        (None, Some(resource)) => check_reference(resource, &at.child("resource"), errors),
        (Some(service), None) => check_service(service, at, errors),
    }
}

/// Checks a reference to an object of any kind. Source: `validateIngressTypedLocalObjectReference`.
pub(crate) fn check_reference(reference: &Value, at: &Path, errors: &mut Errors) {
    if let Some(group) = reference.get("apiGroup") {
        check::named(group, names::dns_subdomain, &at.child("apiGroup"), errors);
    }
    for (field, words) in [("kind", "kind is required"), ("name", "name is required")] {
        if meta::text(reference, &format!("/{field}")).is_empty() {
            errors.required(&at.child(field), words);
        } else {
            check::named(&reference[field], names::path_segment, &at.child(field), errors);
        }
    }
}

fn check_service(service: &Value, at: &Path, errors: &mut Errors) {
    let inside = at.child("service");
    if check::required(service, "name", &inside, errors) {
        check::named(&service["name"], names::dns_label, &inside.child("name"), errors);
    }
    let name = meta::text(service, "/port/name");
    let number = meta::number(service, "/port/number").unwrap_or(0);
    let port = inside.child("port");
    match (name.is_empty(), number) {
        (true, 0) => errors.required(at, "port name or number is required"),
        (false, 0) => {
            check::named(&json!(name), names::port_name, &port.child("name"), errors);
        }
        (true, number) => check::port(&json!(number), &port.child("number"), errors),
        (false, _) => errors.invalid(at, &json!(""), "cannot set both port name & port number"),
    }
}
