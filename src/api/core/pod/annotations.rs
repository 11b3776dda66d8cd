//! What must hold of annotations that mean something to pods, and of the fields that took their
//! places. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::{affinity, sources::check_local_path, validate::Subject};

/// The mark of pods that the kubelet was given from elsewhere.
pub(super) const MIRROR: &str = "kubernetes.io/config.mirror";
/// Annotations of this start have a container's name behind it.
pub(super) const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP: &str = "container.seccomp.security.alpha.kubernetes.io/";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const TOLERATIONS: &str = "scheduler.alpha.kubernetes.io/tolerations";

/// Checks a pod's annotations.
pub(super) fn check_of_pod(pod: &Value, errors: &mut Errors) {
    let at = Path::new("spec");
    let subject = Subject { spec: &pod["spec"], at: &at, pod: Some(meta::name(pod)) };
    let path = Path::new("metadata").child("annotations");
    check(&pod["metadata"]["annotations"], &subject, &path, errors);
}

/// Checks annotations at `at`.
pub(super) fn check(annotations: &Value, subject: &Subject<'_>, at: &Path, errors: &mut Errors) {
    for (key, value) in meta::strings(annotations, "") {
        let shown = json!(value);
        match key {
            MIRROR if meta::text(subject.spec, "/nodeName").is_empty() => {
                let why = "must set spec.nodeName if mirror pod annotation is set";
                errors.invalid(&at.key(key), &shown, why);
            }
            DELETION_COST if !is_cost(value) => {
                errors.invalid(&at.key(key), &shown, "must be a 32bit integer");
            }
            TOLERATIONS if !value.is_empty() => check_tolerations(value, at, errors),
            SECCOMP_POD => check_seccomp(value, &at.child(key), errors),
            _ if key.starts_with(SECCOMP) => check_seccomp(value, &at.child(key), errors),
            _ => {}
        }
        let Some(name) = key.strip_prefix(APPARMOR) else { continue };
        if !subject.containers().any(|(one, _)| meta::text(one, "/name") == name) {
            errors.invalid(&at.key(key), &json!(name), "container not found");
        }
        let known = matches!(value, "" | "runtime/default" | "unconfined");
        if !known && !value.starts_with("localhost/") {
            let why = format!("invalid AppArmor profile name: {value:?}");
            errors.invalid(&at.key(key), &shown, why);
        }
    }
}

/// A whole number of 32 bits without a plus or zeros before it.
fn is_cost(text: &str) -> bool {
    let plain = text == "0" || text.starts_with(|first: char| matches!(first, '1'..='9' | '-'));
    plain && text.parse::<i32>().is_ok()
}

fn check_tolerations(text: &str, at: &Path, errors: &mut Errors) {
    match serde_json::from_str::<Vec<Value>>(text) {
        Ok(tolerations) => {
            let spec = json!({"tolerations": tolerations});
            affinity::check_tolerations(&spec, &at.child(TOLERATIONS), errors);
        }
        Err(error) => errors.invalid(at, &json!(TOLERATIONS), error.to_string()),
    }
}

fn check_seccomp(profile: &str, path: &Path, errors: &mut Errors) {
    if let Some(file) = profile.strip_prefix("localhost/") {
        check_local_path(file, path, errors);
    } else if !matches!(profile, "runtime/default" | "docker/default" | "unconfined") {
        errors.invalid(path, &json!(profile), "must be a valid seccomp profile");
    }
}

/// Checks that annotations and the fields in their places say the same.
pub(super) fn check_matches(annotations: &Value, subject: &Subject<'_>, errors: &mut Errors) {
    let context = &subject.spec["securityContext"];
    let given = |key: &str| annotations.get(key).and_then(Value::as_str);
    if let (Some(profile), Some(text)) = (context.get("seccompProfile"), given(SECCOMP_POD)) {
        let at = subject.at.child("securityContext").child("seccompProfile");
        check_match("seccomp", text, profile, &at, errors);
    }
    let windows = meta::text(subject.spec, "/os/name") == "windows";
    for (container, path) in subject.containers() {
        let own = &container["securityContext"];
        let name = meta::text(container, "/name");
        let at = path.child("securityContext");
        if let (Some(profile), Some(text)) =
            (own.get("seccompProfile"), given(&format!("{SECCOMP}{name}")))
        {
            check_match("seccomp", text, profile, &at.child("seccompProfile"), errors);
        }
        let profile = own.get("appArmorProfile").or_else(|| context.get("appArmorProfile"));
        if let (Some(profile), Some(text), false) =
            (profile, given(&format!("{APPARMOR}{name}")), windows)
        {
            check_match("apparmor", text, profile, &at.child("appArmorProfile"), errors);
        }
    }
}

fn check_match(what: &str, text: &str, profile: &Value, at: &Path, errors: &mut Errors) {
    let same = match meta::text(profile, "/type") {
        "Unconfined" => text == "unconfined",
        "RuntimeDefault" => {
            text == "runtime/default" || what == "seccomp" && text == "docker/default"
        }
        "Localhost" => match text.strip_prefix("localhost/") {
            Some(file) if profile["localhostProfile"] == file => true,
            Some(_) => {
                let why = format!("{what} profile in annotation and field must match");
                return errors.forbidden(&at.child("localhostProfile"), &why);
            }
            None => false,
        },
        _ => true,
    };
    if !same {
        let why = format!("{what} type in annotation and field must match");
        errors.forbidden(&at.child("type"), &why);
    }
}

/// Checks which annotations come and go.
pub(super) fn check_update(new: &Value, old: &Value, errors: &mut Errors) {
    let at = Path::new("metadata").child("annotations");
    let kept = |key: &str| key == MIRROR || key.starts_with(APPARMOR);
    let named =
        |key: &str| if key == MIRROR { "mirror pod annotation" } else { "AppArmor annotations" };
    for (key, value) in meta::strings(old, "/metadata/annotations").filter(|(key, _)| kept(key)) {
        if meta::annotation(new, key) != Some(value) {
            errors.forbidden(&at.key(key), &format!("may not remove or update {}", named(key)));
        }
    }
    for (key, _) in meta::strings(new, "/metadata/annotations").filter(|(key, _)| kept(key)) {
        if meta::annotation(old, key).is_none() {
            errors.forbidden(&at.key(key), &format!("may not add {}", named(key)));
        }
    }
    // Kubernetes looks at them again, and says twice what it finds.
    check_of_pod(new, errors);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_plain_numbers() {
        for (text, good) in
            [("0", true), ("-7", true), ("12", true), ("+1", false), ("01", false), ("", false)]
        {
            assert_eq!(is_cost(text), good, "{text}");
        }
    }
}
