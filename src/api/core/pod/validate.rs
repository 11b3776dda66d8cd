//! What must hold of pods and pod templates. Source:
//! `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use super::volumes::{check_mounts, check_volumes};

const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: [&str; 4] = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// Checks a pod, or a change of one.
pub(super) fn check_pod(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    check_spec(spec, &Path::new("spec"), errors);
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, errors);
    }
}

/// Checks a template whose pods are restarted as `policies` allow.
pub(crate) fn check_template(template: &Value, at: &Path, policies: &[&str], errors: &mut Errors) {
    check_spec(&template["spec"], &at.child("spec"), errors);
    let policy = &template["spec"]["restartPolicy"];
    if RESTART_POLICIES.iter().any(|known| policy == known)
        && !policies.iter().any(|allowed| policy == allowed)
    {
        errors.not_supported(&at.child("spec").child("restartPolicy"), policy, policies);
    }
}

fn check_spec(spec: &Value, at: &Path, errors: &mut Errors) {
    let volumes = check_volumes(spec, at, errors);
    let mut seen = Vec::new();
    if meta::items(spec, "/containers").is_empty() {
        errors.required(&at.child("containers"), "");
    }
    for list in ["containers", "initContainers"] {
        let containers = spec.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, container) in containers.iter().enumerate() {
            let path = at.child(list).index(index);
            check_name(container, &path, &mut seen, errors);
            check_container(container, &path, errors);
            check_mounts(container, &path, &volumes, errors);
        }
    }
    supported(spec, at, "restartPolicy", &RESTART_POLICIES, errors);
    supported(spec, at, "dnsPolicy", &DNS_POLICIES, errors);
    if let Some(deadline) = meta::number(spec, "/activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&deadline)
    {
        let why = "must be between 1 and 2147483647, inclusive";
        errors.invalid(&at.child("activeDeadlineSeconds"), &json!(deadline), why);
    }
    if let Some(grace) = meta::number(spec, "/terminationGracePeriodSeconds")
        && grace < 0
    {
        let why = "must be greater than or equal to 0";
        errors.invalid(&at.child("terminationGracePeriodSeconds"), &json!(grace), why);
    }
    for field in ["hostname", "subdomain"] {
        let name = spec.get(field).and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() {
            for why in names::dns_label(name) {
                errors.invalid(&at.child(field), &json!(name), why);
            }
        }
    }
    for (key, value) in meta::strings(spec, "/nodeSelector") {
        for why in names::qualified_name(key) {
            errors.invalid(&at.child("nodeSelector"), &json!(key), why);
        }
        for why in names::label_value(value) {
            errors.invalid(&at.child("nodeSelector"), &json!(value), why);
        }
    }
}

fn supported(parent: &Value, at: &Path, field: &str, known: &[&str], errors: &mut Errors) {
    let value = parent.get(field).unwrap_or(&Value::Null);
    match value.as_str() {
        None | Some("") => errors.required(&at.child(field), ""),
        Some(word) if known.contains(&word) => {}
        Some(_) => errors.not_supported(&at.child(field), value, known),
    }
}

fn check_name<'a>(container: &'a Value, path: &Path, seen: &mut Vec<&'a str>, errors: &mut Errors) {
    let name = meta::text(container, "/name");
    if name.is_empty() {
        errors.required(&path.child("name"), "");
        return;
    }
    for why in names::dns_label(name) {
        errors.invalid(&path.child("name"), &json!(name), why);
    }
    if seen.contains(&name) {
        errors.duplicate(&path.child("name"), &json!(name));
    }
    seen.push(name);
}

fn check_container(container: &Value, path: &Path, errors: &mut Errors) {
    let image = meta::text(container, "/image");
    if image.is_empty() {
        errors.required(&path.child("image"), "");
    } else if image.trim() != image {
        let why = "must not have leading or trailing whitespace";
        errors.invalid(&path.child("image"), &json!(image), why);
    }
    supported(container, path, "imagePullPolicy", &PULL_POLICIES, errors);
    check_ports(container, path, errors);
    check_env(container, path, errors);
    check_resources(&container["resources"], &path.child("resources"), errors);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe_value) = container.get(probe) {
            check_probe(probe_value, &path.child(probe), probe, errors);
        }
    }
    for hook in ["postStart", "preStop"] {
        if let Some(handler) = container.get("lifecycle").and_then(|it| it.get(hook)) {
            check_handler(handler, &path.child("lifecycle").child(hook), errors);
        }
    }
}

fn check_ports(container: &Value, at: &Path, errors: &mut Errors) {
    let mut names_seen: Vec<&str> = Vec::new();
    for (index, port) in meta::items(container, "/ports").iter().enumerate() {
        let path = at.child("ports").index(index);
        let name = meta::text(port, "/name");
        if !name.is_empty() {
            for why in names::port_name(name) {
                errors.invalid(&path.child("name"), &json!(name), why);
            }
            if names_seen.contains(&name) {
                errors.duplicate(&path.child("name"), &json!(name));
            }
            names_seen.push(name);
        }
        match meta::number(port, "/containerPort") {
            None | Some(0) => errors.required(&path.child("containerPort"), ""),
            Some(number) => check_port(number, &path.child("containerPort"), errors),
        }
        if let Some(number) = meta::number(port, "/hostPort") {
            check_port(number, &path.child("hostPort"), errors);
        }
        supported(port, &path, "protocol", &PROTOCOLS, errors);
    }
}

fn check_port(number: i64, path: &Path, errors: &mut Errors) {
    if !(1..=65535).contains(&number) {
        errors.invalid(path, &json!(number), "must be between 1 and 65535, inclusive");
    }
}

fn check_env(container: &Value, at: &Path, errors: &mut Errors) {
    for (index, variable) in meta::items(container, "/env").iter().enumerate() {
        let path = at.child("env").index(index);
        let name = meta::text(variable, "/name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            for why in names::env_name(name) {
                errors.invalid(&path.child("name"), &json!(name), why);
            }
        }
        let Some(source) = variable.get("valueFrom").and_then(Value::as_object) else { continue };
        let path = path.child("valueFrom");
        if !meta::text(variable, "/value").is_empty() {
            errors.invalid(&path, &json!(""), "may not be specified when `value` is not empty");
        }
        match source.len() {
            0 => errors.invalid(
                &path,
                &json!(""),
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
                 `secretKeyRef` or `fileKeyRef`",
            ),
            1 => {}
            _ => errors.invalid(
                &path,
                &json!(""),
                "may not have more than one field specified at a time",
            ),
        }
    }
}

fn check_resources(resources: &Value, at: &Path, errors: &mut Errors) {
    let amount = |side: &str, name: &str| -> Option<Quantity> {
        resources.get(side)?.get(name)?.as_str()?.parse().ok()
    };
    for side in ["limits", "requests"] {
        for (name, value) in resources.get(side).and_then(Value::as_object).into_iter().flatten() {
            let path = at.child(side).key(name);
            let text = value.as_str().unwrap_or_default();
            let standard = matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage")
                || name.starts_with("hugepages-");
            if !standard && !name.contains('/') {
                errors.invalid(
                    &path,
                    &json!(name),
                    "must be a standard resource type or fully qualified",
                );
                errors.invalid(&path, &json!(name), "must be a standard resource for containers");
            }
            if text.parse::<Quantity>().is_ok_and(Quantity::is_negative) {
                errors.invalid(&path, &json!(text), "must be greater than or equal to 0");
            }
        }
    }
    for (name, value) in resources.get("requests").and_then(Value::as_object).into_iter().flatten()
    {
        let (Some(request), Some(limit)) = (amount("requests", name), amount("limits", name))
        else {
            continue;
        };
        if request > limit {
            let why = format!("must be less than or equal to {name} limit of {limit}");
            errors.invalid(&at.child("requests"), value, why);
        }
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
        if let Some(value) = probe.get(field).and_then(Value::as_i64)
            && value < 0
        {
            errors.invalid(&path.child(field), &json!(value), "must be greater than or equal to 0");
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
    if let Some(exec) = handler.get("exec")
        && meta::items(exec, "/command").is_empty()
    {
        errors.required(&path.child("exec").child("command"), "");
    }
    for kind in ["httpGet", "tcpSocket"] {
        let Some(number) = handler.get(kind).and_then(|it| it.get("port")).and_then(Value::as_i64)
        else {
            continue;
        };
        check_port(number, &path.child(kind).child("port"), errors);
    }
}

/// Running pods may change their images, deadline, grace period after a negative one, and gain
/// tolerations; nothing else.
fn check_update(old: &Value, new: &Value, errors: &mut Errors) {
    let mut munged = new.clone();
    for list in ["containers", "initContainers"] {
        let before = old.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let after = crate::parts::items_mut(meta::as_object(&mut munged), list);
        if before.len() != after.len() {
            errors.forbidden(
                &Path::new("spec").child(list),
                "pod updates may not add or remove containers",
            );
            return;
        }
        for (container, before) in after.iter_mut().zip(before) {
            container["image"] = before["image"].clone();
        }
    }
    for field in
        ["activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "schedulingGates"]
    {
        match old.get(field) {
            Some(value) => munged[field] = value.clone(),
            None => drop(meta::as_object(&mut munged).remove(field)),
        }
    }
    // The scheduler's binding is the one way to set the node's name; affinity of gated pods may
    // only be narrowed, which is not offered yet.
    if munged != *old {
        let words = "pod updates may not change fields other than \
             `spec.containers[*].image`,`spec.initContainers[*].image`,\
             `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
             tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was \
             previously negative)";
        errors.forbidden(&Path::new("spec"), words);
    }
    let kept = meta::items(new, "/tolerations");
    if meta::items(old, "/tolerations").iter().any(|one| !kept.contains(one)) {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        errors.forbidden(&Path::new("spec").child("tolerations"), why);
    }
}
