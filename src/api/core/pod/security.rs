//! What must hold of the rights that pods and containers have.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use crate::{check, core::shown};

const IDS: &str = "must be between 0 and 2147483647, inclusive";
const SYSCTL: &str = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const MAX_SYSCTL: usize = 253;

fn check_ids(context: &Value, fields: &[&str], at: &Path, errors: &mut Errors) {
    for field in fields {
        if let Some(id) = context.get(*field).and_then(Value::as_i64) {
            check_id(id, &at.child(field), errors);
        }
    }
}

fn check_id(id: i64, path: &Path, errors: &mut Errors) {
    if !(0..=i64::from(i32::MAX)).contains(&id) {
        errors.invalid(path, &json!(id), IDS);
    }
}

/// Checks a pod's own context.
pub(super) fn check_pod(spec: &Value, at: &Path, errors: &mut Errors) {
    let Some(context) = spec.get("securityContext") else { return };
    let at = at.child("securityContext");
    check_ids(context, &["runAsUser", "runAsGroup", "fsGroup"], &at, errors);
    for (index, group) in meta::items(context, "/supplementalGroups").iter().enumerate() {
        let path = at.child("supplementalGroups").index(index);
        check_id(group.as_i64().unwrap_or(0), &path, errors);
    }
    check_sysctls(context, &at, errors);
    check::one_of(context, "fsGroupChangePolicy", &["Always", "OnRootMismatch"], &at, errors);
    check::one_of(context, "supplementalGroupsPolicy", &["Merge", "Strict"], &at, errors);
    check_profiles(context, &at, errors);
}

fn check_sysctls(context: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for (index, sysctl) in meta::items(context, "/sysctls").iter().enumerate() {
        let path = at.child("sysctls").index(index).child("name");
        let name = meta::text(sysctl, "/name");
        if name.is_empty() {
            errors.required(&path, "");
        } else if name.len() > MAX_SYSCTL || !name.split(['.', '/']).all(is_sysctl_part) {
            let why = format!("must have at most {MAX_SYSCTL} characters and match regex {SYSCTL}");
            errors.invalid(&path, &json!(name), why);
        } else if seen.contains(&name.replace('/', ".")) {
            errors.duplicate(&path, &json!(name));
        }
        seen.push(name.replace('/', "."));
    }
}

fn is_sysctl_part(part: &str) -> bool {
    let end = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let bytes = part.as_bytes();
    let fits =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(byte);
    end(bytes.first()) && end(bytes.last()) && bytes.iter().all(fits)
}

/// Checks a container's context.
pub(super) fn check_container(context: &Value, at: &Path, errors: &mut Errors) {
    check_ids(context, &["runAsUser", "runAsGroup"], at, errors);
    check::one_of(context, "procMount", &["Default", "Unmasked"], at, errors);
    if context["allowPrivilegeEscalation"] == false {
        let mut refuse = |what: &str| {
            let why = format!("cannot set `allowPrivilegeEscalation` to false and {what}");
            errors.invalid_shown(at, &shown::shown("SecurityContext", context), why);
        };
        if context["privileged"] == true {
            refuse("`privileged` to true");
        }
        let added = meta::items(context, "/capabilities/add");
        if added.iter().any(|one| matches!(one.as_str(), Some("CAP_SYS_ADMIN" | "SYS_ADMIN"))) {
            refuse("`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
    check_profiles(context, at, errors);
}

fn check_profiles(context: &Value, at: &Path, errors: &mut Errors) {
    for (field, word) in [("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")] {
        let Some(profile) = context.get(field) else { continue };
        let at = at.child(field);
        let kind = meta::text(profile, "/type");
        if kind.is_empty() {
            let why = format!("type is required when {field} is set");
            errors.required(&at.child("type"), &why);
        } else {
            let known = ["Localhost", "RuntimeDefault", "Unconfined"];
            check::one_of(profile, "type", &known, &at, errors);
        }
        let path = at.child("localhostProfile");
        let local = profile.get("localhostProfile").and_then(Value::as_str);
        match (kind, local) {
            ("Localhost", None) => {
                errors.required(&path, &format!("must be set when {word} type is Localhost"));
            }
            ("Localhost", Some(text)) if field == "seccompProfile" => {
                super::volumes::check_local_path(text, &path, errors);
            }
            ("Localhost", _) | (_, None) => {}
            (_, Some(text)) => {
                let why = format!("can only be set when {word} type is Localhost");
                errors.invalid(&path, &json!(text), why);
            }
        }
    }
}
