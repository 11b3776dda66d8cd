//! What must hold of the rights that pods and containers have.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::{sources::check_local_path, validate::Subject, windows};
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
pub(super) fn check_pod(subject: &Subject<'_>, errors: &mut Errors) {
    let spec = subject.spec;
    let at = subject.at.child("securityContext");
    if spec["shareProcessNamespace"] == true && spec["hostPID"] == true {
        let why = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(&at.child("shareProcessNamespace"), &json!(true), why);
    }
    let Some(context) = spec.get("securityContext") else { return };
    check_ids(context, &["runAsUser", "runAsGroup", "fsGroup"], &at, errors);
    for (index, group) in meta::items(context, "/supplementalGroups").iter().enumerate() {
        let path = at.child("supplementalGroups").index(index);
        check_id(group.as_i64().unwrap_or(0), &path, errors);
    }
    check_sysctls(context, spec, &at, errors);
    check::one_of(context, "fsGroupChangePolicy", &["Always", "OnRootMismatch"], &at, errors);
    check::one_of(context, "supplementalGroupsPolicy", &["Merge", "Strict"], &at, errors);
    // Mounting with the label is not on by default.
    check::one_of(context, "seLinuxChangePolicy", &["Recursive"], &at, errors);
    check_profiles(context, &at, errors);
    windows::check_options(&context["windowsOptions"], &at.child("windowsOptions"), errors);
}

fn check_sysctls(context: &Value, spec: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, sysctl) in meta::items(context, "/sysctls").iter().enumerate() {
        let path = at.child("sysctls").index(index).child("name");
        let name = meta::text(sysctl, "/name");
        if name.is_empty() {
            errors.required(&path, "");
        } else if name.len() > MAX_SYSCTL || !name.split(['.', '/']).all(is_sysctl_part) {
            let why = format!("must have at most {MAX_SYSCTL} characters and match regex {SYSCTL}");
            errors.invalid(&path, &json!(name), why);
        } else if seen.contains(&name) {
            errors.duplicate(&path, &json!(name));
        }
        if let Some(field) = shared_with_host(name).filter(|field| spec[*field] == true) {
            let why = format!("may not be specified when '{field}' is true");
            errors.invalid(&path, &json!(name), why);
        }
        seen.push(name);
    }
}

/// What a pod shares with its host when the setting is the host's own.
/// Source: `k8s.io/component-helpers/node/util/sysctl`.
fn shared_with_host(sysctl: &str) -> Option<&'static str> {
    let name = sysctl.replace('/', ".");
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if starts(&["net."]) {
        return Some("hostNetwork");
    }
    let ipc = name == "kernel.sem" || starts(&["kernel.shm", "kernel.msg", "fs.mqueue."]);
    ipc.then_some("hostIPC")
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

/// Checks a container's context; `host_users`: the pod's users are the host's.
pub(super) fn check_container(context: &Value, host_users: bool, at: &Path, errors: &mut Errors) {
    check_ids(context, &["runAsUser", "runAsGroup"], at, errors);
    check::one_of(context, "procMount", &["Default", "Unmasked"], at, errors);
    if host_users && context["procMount"] == "Unmasked" {
        let why = "`hostUsers` must be false to use `Unmasked`";
        errors.invalid(&at.child("procMount"), &context["procMount"], why);
    }
    if context["allowPrivilegeEscalation"] == false {
        let mut refuse = |what: &str| {
            let why = format!("cannot set `allowPrivilegeEscalation` to false and {what}");
            errors.invalid_shown(at, &shown::shown("SecurityContext", context), why);
        };
        if context["privileged"] == true {
            refuse("`privileged` to true");
        }
        for _ in
            meta::items(context, "/capabilities/add").iter().filter(|it| *it == "CAP_SYS_ADMIN")
        {
            refuse("`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
    check_profiles(context, at, errors);
    windows::check_options(&context["windowsOptions"], &at.child("windowsOptions"), errors);
}

const PROFILES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];

fn check_profiles(context: &Value, at: &Path, errors: &mut Errors) {
    if let Some(profile) = context.get("seccompProfile") {
        check_seccomp(profile, &at.child("seccompProfile"), errors);
    }
    if let Some(profile) = context.get("appArmorProfile") {
        check_app_armor(profile, &at.child("appArmorProfile"), errors);
    }
}

fn check_type(profile: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if meta::text(profile, "/type").is_empty() {
        let why = format!("type is required when {field} is set");
        errors.required(&at.child("type"), &why);
    } else {
        check::one_of(profile, "type", &PROFILES, at, errors);
    }
}

fn check_seccomp(profile: &Value, at: &Path, errors: &mut Errors) {
    check_type(profile, "seccompProfile", at, errors);
    let path = at.child("localhostProfile");
    let local = profile.get("localhostProfile").and_then(Value::as_str);
    match (profile["type"] == "Localhost", local) {
        (true, None) => errors.required(&path, "must be set when seccomp type is Localhost"),
        (true, Some(text)) => check_local_path(text, &path, errors),
        (false, None) => {}
        (false, Some(_)) => {
            let why = "can only be set when seccomp type is Localhost";
            errors.invalid_shown(&path, &shown::shown("Profile", profile), why);
        }
    }
}

/// Checks a profile of `AppArmor`.
pub(super) fn check_app_armor(profile: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST: usize = 4095;
    check_type(profile, "appArmorProfile", at, errors);
    let path = at.child("localhostProfile");
    let local = profile.get("localhostProfile").and_then(Value::as_str);
    let missing = "must be set when AppArmor type is Localhost";
    match (meta::text(profile, "/type"), local) {
        ("Localhost", None) => errors.required(&path, missing),
        ("Localhost", Some(text)) => {
            if text.trim() != text {
                errors.invalid(&path, &json!(text), "must not be padded with whitespace");
            } else if text.is_empty() {
                errors.required(&path, missing);
            }
            if text.len() > LONGEST {
                errors.too_long(&path, LONGEST);
            }
        }
        ("RuntimeDefault" | "Unconfined", Some(text)) => {
            let why = "can only be set when AppArmor type is Localhost";
            errors.invalid(&path, &json!(text), why);
        }
        _ => {}
    }
}
