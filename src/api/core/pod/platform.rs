//! What a pod may not ask of the system that it says it is for, and of users of its own.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::Value;

use super::{env, validate::Subject, windows};

/// What Windows does not know of whole pods.
const NOT_OF_PODS: [&str; 4] = ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"];
/// What it does not know of a pod's context.
const NOT_OF_CONTEXTS: [&str; 11] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
];
/// What it does not know of a container's context.
const NOT_OF_CONTAINERS: [&str; 10] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

/// Checks what depends on the system, and which users a pod has.
pub(super) fn check(subject: &Subject<'_>, errors: &mut Errors) {
    windows::check_host_processes(subject, errors);
    check_users(subject, errors);
    for (container, path) in subject.containers() {
        env::check_file_volumes(container, subject.spec, &path, errors);
    }
    let Some(system) = subject.spec.get("os") else { return };
    let at = subject.at.child("os");
    match meta::text(system, "/name") {
        "" => errors.required(&at.child("name"), "cannot be empty"),
        "linux" => check_linux(subject, errors),
        "windows" => check_windows(subject, errors),
        _ => errors.not_supported(&at, &system["name"], &["linux", "windows"]),
    }
}

fn check_users(subject: &Subject<'_>, errors: &mut Errors) {
    if subject.has_host_users() {
        return;
    }
    let why = "when `hostUsers` is false";
    for (field, shown) in
        [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
    {
        if subject.spec[field] == true {
            errors.forbidden(&subject.at.child(shown), why);
        }
    }
    for (container, path) in subject.containers() {
        if !meta::items(container, "/volumeDevices").is_empty() {
            errors.forbidden(&path.child("volumeDevices"), why);
        }
    }
}

fn check_linux(subject: &Subject<'_>, errors: &mut Errors) {
    let contexts = [(subject.spec, subject.at.clone())].into_iter().chain(subject.containers());
    for (of, path) in contexts {
        if of.pointer("/securityContext/windowsOptions").is_some() {
            let path = path.child("securityContext").child("windowsOptions");
            errors.forbidden(&path, "windows options cannot be set for a linux pod");
        }
    }
}

fn check_windows(subject: &Subject<'_>, errors: &mut Errors) {
    let why = "cannot be set for a windows pod";
    let mut refuse = |of: &Value, fields: &[&str], at: &Path| {
        for field in fields {
            // The namespaces of the host are flags; that they are not shared can be said.
            let given = of.get(*field);
            let flag = matches!(*field, "hostPID" | "hostIPC");
            if given.is_some_and(|given| !flag || given == true) {
                errors.forbidden(&at.child(field), why);
            }
        }
    };
    refuse(subject.spec, &NOT_OF_PODS, subject.at);
    let context = &subject.spec["securityContext"];
    refuse(context, &NOT_OF_CONTEXTS, &subject.at.child("securityContext"));
    for (container, path) in subject.containers() {
        let context = &container["securityContext"];
        refuse(context, &NOT_OF_CONTAINERS, &path.child("securityContext"));
    }
}
