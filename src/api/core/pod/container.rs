//! What must hold of containers. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::{env, security};
use crate::{check, core::resources};

const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
/// What short-lived guests of a pod may not have.
const NOT_EPHEMERAL: [&str; 6] =
    ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy"];

/// Checks a container of one of a pod's lists.
pub(super) fn check(container: &Value, list: &str, path: &Path, errors: &mut Errors) {
    let image = meta::text(container, "/image");
    if image.is_empty() {
        errors.required(&path.child("image"), "");
    } else if image.trim() != image {
        let why = "must not have leading or trailing whitespace";
        errors.invalid(&path.child("image"), &json!(image), why);
    }
    check::required_one_of(container, "imagePullPolicy", &PULL_POLICIES, path, errors);
    let policies = ["FallbackToLogsOnError", "File"];
    check::required_one_of(container, "terminationMessagePolicy", &policies, path, errors);
    let policies = ["Always", "Never", "OnFailure"];
    check::one_of(container, "restartPolicy", &policies, path, errors);
    env::check(container, path, errors);
    check_resources(&container["resources"], &path.child("resources"), errors);
    if let Some(context) = container.get("securityContext") {
        security::check_container(context, &path.child("securityContext"), errors);
    }
    if list == "ephemeralContainers" {
        return;
    }
    check_ports(container, path, errors);
    let lives = list == "containers" || meta::text(container, "/restartPolicy") == "Always";
    if !lives {
        let why = "may not be set for init containers without restartPolicy=Always";
        for field in ["lifecycle"].into_iter().chain(PROBES) {
            if container.get(field).is_some() {
                errors.forbidden(&path.child(field), why);
            }
        }
        return;
    }
    for probe in PROBES {
        if let Some(value) = container.get(probe) {
            check_probe(value, &path.child(probe), probe, errors);
        }
    }
    let lifecycle = path.child("lifecycle");
    for hook in ["postStart", "preStop"] {
        if let Some(handler) = container.get("lifecycle").and_then(|it| it.get(hook)) {
            check_handler(handler, &lifecycle.child(hook), errors);
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

fn check_resources(resources: &Value, at: &Path, errors: &mut Errors) {
    let amounts = |side: &str| resources.get(side).and_then(Value::as_object).into_iter().flatten();
    let amount = |side: &str, name: &str| resources.get(side)?.get(name).and_then(check::amount);
    let mut huge = false;
    let mut ordinary = false;
    for side in ["limits", "requests"] {
        for (name, value) in amounts(side) {
            let path = at.child(side).key(name);
            resources::check_container_name(name, &path, errors);
            check::amount_not_negative(value, &path, errors);
            let part = |amount: Quantity| amount.milli_value() % 1000 != 0;
            if resources::is_whole(name) && check::amount(value).is_some_and(part) {
                errors.invalid(&path, value, "must be an integer");
            }
            huge |= resources::is_hugepages(name);
            ordinary |= matches!(name.as_str(), "cpu" | "memory");
        }
    }
    for (name, value) in amounts("requests") {
        let fixed = resources::is_hugepages(name) || resources::is_extended(name);
        let path = at.child("requests");
        let Some(limit) = amount("limits", name) else {
            if fixed {
                let why = "Limit must be set for non overcommitable resources";
                errors.required(&at.child("limits"), why);
            }
            continue;
        };
        let Some(request) = amount("requests", name) else { continue };
        if fixed && request != limit {
            let why = format!("must be equal to {name} limit of {limit}");
            errors.invalid(&path, value, why);
        } else if request > limit {
            let why = format!("must be less than or equal to {name} limit of {limit}");
            errors.invalid(&path, value, why);
        }
    }
    if huge && !ordinary {
        errors.forbidden(at, "HugePages require cpu or memory");
    }
}

fn check_probe(probe: &Value, path: &Path, which: &str, errors: &mut Errors) {
    check_handler(probe, path, errors);
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        check::not_negative(probe, field, path, errors);
    }
    let grace = meta::number(probe, "/terminationGracePeriodSeconds");
    if let Some(grace) = grace {
        let path = path.child("terminationGracePeriodSeconds");
        if which == "readinessProbe" {
            errors.invalid(&path, &json!(grace), "must not be set for readinessProbes");
        } else if grace <= 0 {
            errors.invalid(&path, &json!(grace), "must be greater than 0");
        }
    }
    if which != "readinessProbe"
        && let Some(threshold) = meta::number(probe, "/successThreshold").filter(|it| *it != 1)
    {
        errors.invalid(&path.child("successThreshold"), &json!(threshold), "must be 1");
    }
}

const HANDLERS: [&str; 5] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

fn check_handler(handler: &Value, path: &Path, errors: &mut Errors) {
    let given: Vec<&str> =
        HANDLERS.into_iter().filter(|name| handler.get(*name).is_some()).collect();
    if given.is_empty() {
        errors.required(path, "must specify a handler type");
    }
    for extra in given.iter().skip(1) {
        errors.forbidden(&path.child(extra), "may not specify more than 1 handler type");
    }
    let Some(first) = given.first() else { return };
    let (action, path) = (&handler[*first], path.child(first));
    match *first {
        "exec" if meta::items(action, "/command").is_empty() => {
            errors.required(&path.child("command"), "");
        }
        "httpGet" => check_http(action, &path, errors),
        "tcpSocket" => check::port_or_name(&action["port"], &path.child("port"), errors),
        "grpc" => check::port(&action["port"], &path.child("port"), errors),
        _ => {}
    }
}

fn check_http(action: &Value, path: &Path, errors: &mut Errors) {
    check::required(action, "path", path, errors);
    check::port_or_name(&action["port"], &path.child("port"), errors);
    check::one_of(action, "scheme", &["HTTP", "HTTPS"], path, errors);
    for header in meta::items(action, "/httpHeaders") {
        let name = meta::text(header, "/name");
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(fits) {
            let why = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. \
                       'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
            errors.invalid(&path.child("httpHeaders"), &json!(name), why);
        }
    }
}
