//! What must hold of a container's environment.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

/// Fields of a pod that variables may have.
const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// Fields of a pod that files may have.
const FILE_FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];
/// Further fields that have a name.
const OTHER_FIELDS: [&str; 7] = [
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.hostNetwork",
    "status.phase",
    "status.nominatedNodeName",
    "metadata.annotations",
    "metadata.labels",
];
/// What a variable may have of its container.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// Checks variables and whole sources of them.
pub(super) fn check(container: &Value, at: &Path, errors: &mut Errors) {
    for (index, variable) in meta::items(container, "/env").iter().enumerate() {
        let path = at.child("env").index(index);
        if check::required(variable, "name", &path, errors) {
            check::named(&variable["name"], names::env_name, &path.child("name"), errors);
        }
        if let Some(source) = variable.get("valueFrom") {
            check_source(variable, source, &path.child("valueFrom"), errors);
        }
    }
    for (index, source) in meta::items(container, "/envFrom").iter().enumerate() {
        check_whole(source, &at.child("envFrom").index(index), errors);
    }
}

fn check_source(variable: &Value, source: &Value, path: &Path, errors: &mut Errors) {
    let empty = json!("");
    let kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| source.get(*kind).is_some()).collect();
    for kind in &given {
        let (reference, path) = (&source[*kind], path.child(kind));
        match *kind {
            "fieldRef" => check_field(reference, &ENV_FIELDS, &path, errors),
            "resourceFieldRef" => check_resource(reference, &path, errors),
            "fileKeyRef" => {
                for field in ["volumeName", "path", "key"] {
                    check::required(reference, field, &path, errors);
                }
            }
            _ => {
                check::required(reference, "name", &path, errors);
                if check::required(reference, "key", &path, errors) {
                    check::named(&reference["key"], names::config_key, &path.child("key"), errors);
                }
            }
        }
    }
    match given.len() {
        0 => errors.invalid(
            path,
            &empty,
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, \
             `secretKeyRef` or `fileKeyRef`",
        ),
        _ if !meta::text(variable, "/value").is_empty() => {
            errors.invalid(path, &empty, "may not be specified when `value` is not empty");
        }
        1 => {}
        _ => {
            let why = "may not have more than one field specified at a time";
            errors.invalid(path, &empty, why);
        }
    }
}

/// Checks a reference from a volume's file to a field of the pod.
pub(super) fn check_file_field(reference: &Value, path: &Path, errors: &mut Errors) {
    check_field(reference, &FILE_FIELDS, path, errors);
}

fn check_field(reference: &Value, known: &[&str], path: &Path, errors: &mut Errors) {
    if !check::required(reference, "apiVersion", path, errors)
        || !check::required(reference, "fieldPath", path, errors)
    {
        return;
    }
    let field = meta::text(reference, "/fieldPath");
    let at = path.child("fieldPath");
    if let Some((map, key)) = subscript(field) {
        match map {
            "metadata.annotations" => {
                check::named(&json!(key.to_lowercase()), names::qualified_name, path, errors);
            }
            "metadata.labels" => check::named(&json!(key), names::qualified_name, path, errors),
            _ => errors.invalid(path, &json!(map), "does not support subscript"),
        }
        return;
    }
    if known.contains(&field) {
        return;
    }
    if ENV_FIELDS.contains(&field) || FILE_FIELDS.contains(&field) || OTHER_FIELDS.contains(&field)
    {
        errors.not_supported(&at, &json!(field), known);
    } else {
        let why = format!("error converting fieldPath: field label not supported: {field}");
        errors.invalid(&at, &json!(field), why);
    }
}

/// `metadata.labels` and `a` of `metadata.labels['a']`.
fn subscript(field: &str) -> Option<(&str, &str)> {
    let (map, rest) = field.split_once("['")?;
    Some((map, rest.strip_suffix("']")?))
}

/// Checks a reference to an amount that a container asks for.
pub(super) fn check_resource(reference: &Value, path: &Path, errors: &mut Errors) {
    if !check::required(reference, "resource", path, errors) {
        return;
    }
    let resource = meta::text(reference, "/resource");
    let huge =
        resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-");
    if !RESOURCES.contains(&resource) && !huge {
        errors.not_supported(&path.child("resource"), &json!(resource), &RESOURCES);
        return;
    }
    let divisor = meta::text(reference, "/divisor");
    let known: &[&str] = if resource.ends_with("cpu") {
        &["0", "1m", "1"]
    } else {
        &["0", "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
    };
    if !divisor.is_empty() && !known.contains(&divisor) {
        let what = if resource.ends_with("cpu") { "cpu" } else { "memory" };
        let sizes = if what == "cpu" {
            "only divisor's values 1m and 1 are supported with the cpu resource"
        } else {
            "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are \
             supported with the memory resource"
        };
        errors.invalid(&path.child("divisor"), &json!(divisor), sizes);
    }
}

fn check_whole(source: &Value, path: &Path, errors: &mut Errors) {
    let prefix = meta::text(source, "/prefix");
    if !prefix.is_empty() {
        check::named(&json!(prefix), names::env_name, &path.child("prefix"), errors);
    }
    let given: Vec<&str> =
        ["configMapRef", "secretRef"].into_iter().filter(|it| source.get(*it).is_some()).collect();
    for kind in &given {
        check::required(&source[*kind], "name", &path.child(kind), errors);
    }
    match given.len() {
        0 => {
            let why = "must specify one of: `configMapRef` or `secretRef`";
            errors.invalid(path, &json!(""), why);
        }
        1 => {}
        _ => {
            let why = "may not have more than one field specified at a time";
            errors.invalid(path, &json!(""), why);
        }
    }
}
