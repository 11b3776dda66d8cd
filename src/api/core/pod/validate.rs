//! What must hold of pods and pod templates. Source:
//! `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::{
    affinity, container, security, update,
    volumes::{check_mounts, check_volumes},
};
use crate::{check, core::resources};

const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: [&str; 4] = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];

/// Checks a pod, or a change of one.
pub(super) fn check_pod(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_spec(spec, &at, errors);
    match change.old {
        Some(old) => update::check(&old["spec"], spec, errors),
        None if !meta::items(spec, "/ephemeralContainers").is_empty() => {
            errors.forbidden(&at.child("ephemeralContainers"), "cannot be set on create");
        }
        None => {}
    }
}

/// Checks a template whose pods are restarted as `policies` allow.
pub(crate) fn check_template(template: &Value, at: &Path, policies: &[&str], errors: &mut Errors) {
    check::template_metadata(template, at, errors);
    check_spec(&template["spec"], &at.child("spec"), errors);
    if !meta::items(template, "/spec/ephemeralContainers").is_empty() {
        let path = at.child("spec").child("ephemeralContainers");
        errors.forbidden(&path, "ephemeral containers not allowed in pod template");
    }
    let policy = &template["spec"]["restartPolicy"];
    if RESTART_POLICIES.iter().any(|known| policy == known)
        && !policies.iter().any(|allowed| policy == allowed)
    {
        errors.not_supported(&at.child("spec").child("restartPolicy"), policy, policies);
    }
}

/// Checks what a pod is to be.
pub(super) fn check_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    let volumes = check_volumes(spec, at, errors);
    if meta::items(spec, "/containers").is_empty() {
        errors.required(&at.child("containers"), "");
    }
    let mut seen = Vec::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for (index, one) in meta::items(spec, &format!("/{list}")).iter().enumerate() {
            let path = at.child(list).index(index);
            check_name(one, &path, &mut seen, errors);
            container::check(one, list, &path, errors);
            check_mounts(one, &path, &volumes, errors);
            if list == "ephemeralContainers" {
                container::check_ephemeral(one, spec, &path, errors);
            }
        }
    }
    check_host_ports(spec, at, errors);
    check::required_one_of(spec, "restartPolicy", &RESTART_POLICIES, at, errors);
    check::required_one_of(spec, "dnsPolicy", &DNS_POLICIES, at, errors);
    check_dns(spec, at, errors);
    check::labels(spec, "/nodeSelector", &at.child("nodeSelector"), errors);
    check_numbers_and_names(spec, at, errors);
    check_gates(spec, at, errors);
    check_aliases(spec, at, errors);
    security::check_pod(spec, at, errors);
    affinity::check(&spec["affinity"], &at.child("affinity"), errors);
    affinity::check_spread(spec, at, errors);
    affinity::check_tolerations(spec, at, errors);
    if let Some(overhead) = spec.get("overhead") {
        check_overhead(overhead, &at.child("overhead"), errors);
    }
    check_claims(spec, at, errors);
}

/// Checks what a pod costs beyond its containers.
pub(crate) fn check_overhead(overhead: &Value, at: &Path, errors: &mut Errors) {
    for (name, value) in overhead.as_object().into_iter().flatten() {
        let path = at.child("limits").key(name);
        resources::check_container_name(name, &path, errors);
        check::amount_not_negative(value, &path, errors);
    }
}

fn check_name<'a>(container: &'a Value, path: &Path, seen: &mut Vec<&'a str>, errors: &mut Errors) {
    let name = meta::text(container, "/name");
    if name.is_empty() {
        errors.required(&path.child("name"), "");
        return;
    }
    check::named(&json!(name), names::dns_label, &path.child("name"), errors);
    if seen.contains(&name) {
        errors.duplicate(&path.child("name"), &json!(name));
    }
    seen.push(name);
}

/// Two containers cannot have one port of the node.
fn check_host_ports(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    let shared = spec["hostNetwork"] == true;
    for (index, container) in meta::items(spec, "/containers").iter().enumerate() {
        for (number, port) in meta::items(container, "/ports").iter().enumerate() {
            let path = at.child("containers").index(index).child("ports").index(number);
            let host = meta::number(port, "/hostPort").unwrap_or(0);
            if shared && host != 0 && meta::number(port, "/containerPort") != Some(host) {
                let why = "must match `hostPort` when `hostNetwork` is true";
                errors.invalid(&path.child("containerPort"), &port["containerPort"], why);
            }
            if host == 0 {
                continue;
            }
            let (protocol, ip) = (meta::text(port, "/protocol"), meta::text(port, "/hostIP"));
            let key = format!("{protocol}/{ip}/{host}");
            if seen.contains(&key) {
                errors.duplicate(&path.child("hostPort"), &json!(key));
            }
            seen.push(key);
        }
    }
}

fn check_dns(spec: &Value, at: &Path, errors: &mut Errors) {
    const MOST_SERVERS: usize = 3;
    const MOST_SEARCHES: usize = 32;
    let path = at.child("dnsConfig");
    let Some(config) = spec.get("dnsConfig") else {
        if spec["dnsPolicy"] == "None" {
            errors.required(&path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        return;
    };
    let servers = meta::items(config, "/nameservers");
    if spec["dnsPolicy"] == "None" && servers.is_empty() {
        let why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        errors.required(&path.child("nameservers"), why);
    }
    if servers.len() > MOST_SERVERS {
        let why = format!("must not have more than {MOST_SERVERS} nameservers");
        errors.invalid(&path.child("nameservers"), &json!(servers), why);
    }
    for (index, server) in servers.iter().enumerate() {
        check::ip(server, &path.child("nameservers").index(index), errors);
    }
    let searches = meta::items(config, "/searches");
    if searches.len() > MOST_SEARCHES {
        let why = format!("must not have more than {MOST_SEARCHES} search paths");
        errors.invalid(&path.child("searches"), &json!(searches), why);
    }
    for (index, search) in searches.iter().enumerate() {
        let text = search.as_str().unwrap_or_default();
        let bare = if text == "." { "a" } else { text.strip_suffix('.').unwrap_or(text) };
        for why in names::dns_subdomain(bare) {
            errors.invalid(&path.child("searches").index(index), search, why);
        }
    }
    for (index, option) in meta::items(config, "/options").iter().enumerate() {
        if meta::text(option, "/name").is_empty() {
            errors.required(&path.child("options").index(index), "must not be empty");
        }
    }
}

fn check_numbers_and_names(spec: &Value, at: &Path, errors: &mut Errors) {
    if let Some(deadline) = meta::number(spec, "/activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&deadline)
    {
        let why = "must be between 1 and 2147483647, inclusive";
        errors.invalid(&at.child("activeDeadlineSeconds"), &json!(deadline), why);
    }
    let rules: [(&str, check::NameRule); 6] = [
        ("hostname", names::dns_label),
        ("subdomain", names::dns_label),
        ("serviceAccountName", names::dns_subdomain),
        ("nodeName", names::dns_subdomain),
        ("priorityClassName", names::dns_subdomain),
        ("runtimeClassName", names::dns_subdomain),
    ];
    for (field, rule) in rules {
        let name = spec.get(field).and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() {
            check::named(&json!(name), rule, &at.child(field), errors);
        }
    }
    check::one_of(spec, "preemptionPolicy", &["PreemptLowerPriority", "Never"], at, errors);
    if let Some(os) = spec.get("os") {
        check::required_one_of(os, "name", &["linux", "windows"], &at.child("os"), errors);
    }
}

fn check_gates(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, gate) in meta::items(spec, "/schedulingGates").iter().enumerate() {
        let path = at.child("schedulingGates").index(index);
        let name = meta::text(gate, "/name");
        check::named(&json!(name), names::qualified_name, &path, errors);
        if seen.contains(&name) {
            errors.duplicate(&path, &json!(name));
        }
        seen.push(name);
    }
    for (index, gate) in meta::items(spec, "/readinessGates").iter().enumerate() {
        let path = at.child("readinessGates").index(index).child("conditionType");
        check::named(&gate["conditionType"], names::qualified_name, &path, errors);
    }
}

fn check_aliases(spec: &Value, at: &Path, errors: &mut Errors) {
    for (index, alias) in meta::items(spec, "/hostAliases").iter().enumerate() {
        let path = at.child("hostAliases").index(index);
        check::ip(&alias["ip"], &path.child("ip"), errors);
        for host in meta::items(alias, "/hostnames") {
            check::named(host, names::dns_subdomain, &path.child("hostnames"), errors);
        }
    }
}

fn check_claims(spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, claim) in meta::items(spec, "/resourceClaims").iter().enumerate() {
        let path = at.child("resourceClaims").index(index);
        let name = meta::text(claim, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            check::named(&json!(name), names::dns_label, &path.child("name"), errors);
            if seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
            seen.push(name);
        }
        let sources: Vec<&str> = ["resourceClaimName", "resourceClaimTemplateName"]
            .into_iter()
            .filter(|field| claim.get(*field).is_some())
            .collect();
        if sources.len() != 1 {
            let why = if sources.is_empty() {
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            } else {
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            };
            errors.invalid(&path, &json!(name), why);
        }
        for field in sources {
            check::named(&claim[field], names::dns_subdomain, &path.child(field), errors);
        }
    }
}
