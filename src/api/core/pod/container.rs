//! What must hold of containers. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use super::{
    env,
    probes::{self, PROBES},
    requirements, security,
    validate::Subject,
};
use crate::check;

const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];
const RESTART_POLICIES: [&str; 3] = ["Always", "Never", "OnFailure"];
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
/// What short-lived guests of a pod may not have.
const NOT_EPHEMERAL: [&str; 8] = [
    "ports",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
];

/// Checks a container of one of a pod's lists.
pub(super) fn check(
    container: &Value,
    list: &str,
    path: &Path,
    subject: &Subject<'_>,
    errors: &mut Errors,
) {
    check::required(container, "image", path, errors);
    let policies = ["File", "FallbackToLogsOnError"];
    check::required_one_of(container, "terminationMessagePolicy", &policies, path, errors);
    check_ports(container, path, errors);
    env::check(container, path, errors);
    check_pull_policy(container, "imagePullPolicy", path, errors);
    let resources = &container["resources"];
    requirements::check_container(resources, subject, &path.child("resources"), errors);
    check_resize(container, path, subject, errors);
    if let Some(context) = container.get("securityContext") {
        let at = path.child("securityContext");
        security::check_container(context, subject.has_host_users(), &at, errors);
    }
    let is_sidecar = meta::text(container, "/restartPolicy") == "Always";
    match list {
        "ephemeralContainers" => {}
        "initContainers" if !is_sidecar => {
            check_restarts(container, path, errors);
            check_before_others(container, path, errors);
        }
        _ => {
            check_restarts(container, path, errors);
            let grace = meta::number(subject.spec, "/terminationGracePeriodSeconds");
            probes::check(container, path, grace, errors);
        }
    }
}

/// Checks when an image is pulled.
pub(super) fn check_pull_policy(parent: &Value, field: &str, at: &Path, errors: &mut Errors) {
    check::required_one_of(parent, field, &PULL_POLICIES, at, errors);
}

/// What runs before others has no life that could be looked at.
fn check_before_others(container: &Value, path: &Path, errors: &mut Errors) {
    let why = "may not be set for init containers without restartPolicy=Always";
    for field in ["lifecycle"].into_iter().chain(PROBES) {
        if container.get(field).is_some() {
            errors.forbidden(&path.child(field), why);
        }
    }
    for (index, policy) in meta::items(container, "/resizePolicy").iter().enumerate() {
        if policy["restartPolicy"] == "RestartContainer" {
            let why = "must not be set to 'RestartContainer' for non-sidecar initContainers";
            let path = path.child("resizePolicy").index(index).child("restartPolicy");
            errors.invalid(&path, &policy["restartPolicy"], why);
        }
    }
}

/// Checks when a container is started again.
fn check_restarts(container: &Value, at: &Path, errors: &mut Errors) {
    const MOST_RULES: usize = 20;
    const MOST_CODES: usize = 255;
    let rules = meta::items(container, "/restartPolicyRules");
    if container.get("restartPolicy").is_none() && !rules.is_empty() {
        let why = "must specify restartPolicy when restart rules are used";
        errors.required(&at.child("restartPolicy"), why);
    }
    check::one_of(container, "restartPolicy", &RESTART_POLICIES, at, errors);
    let path = at.child("restartPolicyRules");
    if rules.len() > MOST_RULES {
        errors.too_many(&path, rules.len(), MOST_RULES);
    }
    for (index, rule) in rules.iter().enumerate() {
        let path = path.index(index);
        let actions = ["Restart", "RestartAllContainers"];
        check::supported(rule, "action", &actions, &path, errors);
        let path = path.child("exitCodes");
        let Some(codes) = rule.get("exitCodes") else {
            errors.required(&path, "must be specified");
            continue;
        };
        check::supported(codes, "operator", &["In", "NotIn"], &path, errors);
        let values = meta::items(codes, "/values").len();
        if values > MOST_CODES {
            errors.too_many(&path.child("values"), values, MOST_CODES);
        }
    }
}

/// Checks what becomes of a container whose amounts change.
fn check_resize(container: &Value, at: &Path, subject: &Subject<'_>, errors: &mut Errors) {
    let path = at.child("resizePolicy");
    let mut seen: Vec<&str> = Vec::new();
    for (index, policy) in meta::items(container, "/resizePolicy").iter().enumerate() {
        let resource = meta::text(policy, "/resourceName");
        if seen.contains(&resource) {
            errors.duplicate(&path.index(index), &json!(resource));
        }
        seen.push(resource);
        let known: [(&str, &[&str]); 2] = [
            ("resourceName", &["cpu", "memory"]),
            ("restartPolicy", &["NotRequired", "RestartContainer"]),
        ];
        for (field, known) in known {
            let word = meta::text(policy, &format!("/{field}"));
            if word.is_empty() {
                errors.required(&path, "");
            } else if !known.contains(&word) {
                errors.not_supported(&path, &json!(word), known);
            }
        }
        let never = subject.spec["restartPolicy"] == "Never";
        if never && policy["restartPolicy"] != "NotRequired" {
            let why = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            errors.invalid(&path, &json!(meta::text(policy, "/restartPolicy")), why);
        }
    }
}

/// Checks what only short-lived guests must keep.
pub(super) fn check_ephemeral(container: &Value, spec: &Value, path: &Path, errors: &mut Errors) {
    let why = "cannot be set for an Ephemeral Container";
    for field in NOT_EPHEMERAL {
        if container.get(field).is_some() {
            errors.forbidden(&path.child(field), why);
        }
    }
    let resources = container.get("resources").and_then(Value::as_object);
    if resources.is_some_and(|resources| !resources.is_empty()) {
        errors.forbidden(&path.child("resources"), why);
    }
    for (index, mount) in meta::items(container, "/volumeMounts").iter().enumerate() {
        for field in ["subPath", "subPathExpr"] {
            if !meta::text(mount, &format!("/{field}")).is_empty() {
                let path = path.child("volumeMounts").index(index).child(field);
                errors.forbidden(&path, why);
            }
        }
    }
    let target = meta::text(container, "/targetContainerName");
    let known = ["containers", "initContainers"].iter().any(|list| {
        let all = meta::items(spec, &format!("/{list}"));
        all.iter().any(|one| meta::text(one, "/name") == target)
    });
    if !target.is_empty() && !known {
        errors.not_found(&path.child("targetContainerName"), &json!(target));
    }
}

fn check_ports(container: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, port) in meta::items(container, "/ports").iter().enumerate() {
        let path = at.child("ports").index(index);
        let name = meta::text(port, "/name");
        if !name.is_empty() {
            let wrong = names::port_name(name);
            if wrong.is_empty() && seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
            for why in wrong {
                errors.invalid(&path.child("name"), &json!(name), why);
            }
            seen.push(name);
        }
        match meta::number(port, "/containerPort") {
            None | Some(0) => errors.required(&path.child("containerPort"), ""),
            Some(_) => check::port(&port["containerPort"], &path.child("containerPort"), errors),
        }
        if meta::number(port, "/hostPort").is_some_and(|port| port != 0) {
            check::port(&port["hostPort"], &path.child("hostPort"), errors);
        }
        check::required_one_of(port, "protocol", &PROTOCOLS, &path, errors);
    }
}
