//! What must hold of how containers are asked for their health, and told of their beginning and
//! end. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use crate::check;

pub(super) const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
/// What a probe may do, in the order in which Kubernetes looks.
const PROBED: &[&str] = &["exec", "httpGet", "tcpSocket", "grpc"];
/// What a hook may do.
const HOOKED: &[&str] = &["exec", "httpGet", "tcpSocket", "sleep"];

/// Checks the probes and hooks of a container that lives beside others; `grace` is how long its pod
/// may take to end.
pub(super) fn check(container: &Value, path: &Path, grace: Option<i64>, errors: &mut Errors) {
    for probe in PROBES {
        if let Some(value) = container.get(probe) {
            check_probe(value, &path.child(probe), probe, errors);
        }
    }
    let lifecycle = path.child("lifecycle");
    for hook in ["postStart", "preStop"] {
        let Some(handler) = container.get("lifecycle").and_then(|it| it.get(hook)) else {
            continue;
        };
        let path = lifecycle.child(hook);
        check_handler(handler, HOOKED, &path, errors);
        let first = HOOKED.iter().find(|name| handler.get(**name).is_some());
        if first == Some(&"sleep") {
            check_sleep(&handler["sleep"], &path.child("sleep"), grace, errors);
        }
    }
}

fn check_sleep(sleep: &Value, path: &Path, grace: Option<i64>, errors: &mut Errors) {
    let seconds = meta::number(sleep, "/seconds").unwrap_or(0);
    let Some(grace) = grace else { return };
    if seconds < 0 || seconds > grace {
        let why =
            format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        errors.invalid(path, &json!(seconds), why);
    }
}

fn check_probe(probe: &Value, path: &Path, which: &str, errors: &mut Errors) {
    check_handler(probe, PROBED, path, errors);
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        check::not_negative(probe, field, path, errors);
    }
    if let Some(grace) = meta::number(probe, "/terminationGracePeriodSeconds") {
        let path = path.child("terminationGracePeriodSeconds");
        if grace <= 0 {
            errors.invalid(&path, &json!(grace), "must be greater than 0");
        }
        if which == "readinessProbe" {
            errors.invalid(&path, &json!(grace), "must not be set for readinessProbes");
        }
    }
    if which != "readinessProbe"
        && let Some(threshold) = meta::number(probe, "/successThreshold").filter(|it| *it != 1)
    {
        errors.invalid(&path.child("successThreshold"), &json!(threshold), "must be 1");
    }
}

fn check_handler(handler: &Value, known: &[&str], path: &Path, errors: &mut Errors) {
    let given: Vec<&str> =
        known.iter().copied().filter(|name| handler.get(*name).is_some()).collect();
    let Some((first, others)) = given.split_first() else {
        return errors.required(path, "must specify a handler type");
    };
    for extra in others {
        errors.forbidden(&path.child(extra), "may not specify more than 1 handler type");
    }
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
