//! What must hold of a container's environment.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`, `pkg/apis/core/pods`.

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
const OTHER_FIELDS: [&str; 3] = ["spec.restartPolicy", "spec.schedulerName", "status.phase"];
/// What a variable may have of its container.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];
const HUGE: [&str; 2] = ["limits.hugepages-", "requests.hugepages-"];
/// The units in which amounts of bytes are told.
const UNITS: [&str; 13] =
    ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

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
    let path = at.child("envFrom");
    for (index, source) in meta::items(container, "/envFrom").iter().enumerate() {
        check_whole(source, index, &path, errors);
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
            "resourceFieldRef" => check_resource(reference, false, &path, errors),
            "fileKeyRef" => check_file_key(reference, &path, errors),
            _ => {
                let name = json!(meta::text(reference, "/name"));
                check::named(&name, names::dns_subdomain, &path.child("name"), errors);
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

fn check_file_key(reference: &Value, path: &Path, errors: &mut Errors) {
    if check::required(reference, "key", path, errors) {
        check::named(&reference["key"], names::env_name, &path.child("key"), errors);
    }
    if check::required(reference, "volumeName", path, errors) {
        let at = path.child("volumeName");
        check::named(&reference["volumeName"], names::dns_label, &at, errors);
    }
    if check::required(reference, "path", path, errors) {
        super::sources::no_way_up(meta::text(reference, "/path"), &path.child("path"), errors);
    }
}

/// Checks that variables read from files have these in a volume of the pod's own.
pub(super) fn check_file_volumes(container: &Value, spec: &Value, at: &Path, errors: &mut Errors) {
    for (index, variable) in meta::items(container, "/env").iter().enumerate() {
        let Some(reference) = variable.pointer("/valueFrom/fileKeyRef") else { continue };
        let name = meta::text(reference, "/volumeName");
        let path = at.child("env").index(index).child("valueFrom").child("fileKeyRef");
        let path = path.child("volumeName");
        let volumes = meta::items(spec, "/volumes").iter();
        match volumes.rev().find(|volume| meta::text(volume, "/name") == name) {
            None => errors.not_found(&path, &json!(name)),
            Some(volume) if volume.get("emptyDir").is_none() => {
                let why = "referenced volume must be of type emptyDir";
                errors.invalid(&path, &json!(name), why);
            }
            Some(_) => {}
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
    let mut refuse = |what: String| {
        let why = format!("error converting fieldPath: {what}");
        errors.invalid(&at, &json!(field), why);
    };
    let version = meta::text(reference, "/apiVersion");
    if version != "v1" {
        return refuse(format!("unsupported pod version: {version}"));
    }
    if let Some((map, key)) = subscript(field) {
        match map {
            "metadata.annotations" => {
                check::named(&json!(key.to_lowercase()), names::qualified_name, path, errors);
            }
            "metadata.labels" => check::named(&json!(key), names::qualified_name, path, errors),
            _ => refuse(format!("field label does not support subscript: {field}")),
        }
        return;
    }
    // The old name of a node's.
    let field = if field == "spec.host" { "spec.nodeName" } else { field };
    if known.contains(&field) {
        return;
    }
    if ENV_FIELDS.contains(&field) || FILE_FIELDS.contains(&field) || OTHER_FIELDS.contains(&field)
    {
        errors.not_supported(&at, &json!(field), known);
    } else {
        refuse(format!("field label not supported: {field}"));
    }
}

/// `metadata.labels` and `a` of `metadata.labels['a']`.
fn subscript(field: &str) -> Option<(&str, &str)> {
    let (map, rest) = field.strip_suffix("']")?.split_once("['")?;
    (!map.is_empty()).then_some((map, rest))
}

/// Checks a reference to an amount that a container asks for; a volume must say which container.
pub(super) fn check_resource(reference: &Value, of_volume: bool, path: &Path, errors: &mut Errors) {
    let resource = meta::text(reference, "/resource");
    let huge = HUGE.iter().any(|prefix| resource.starts_with(prefix));
    if of_volume && meta::text(reference, "/containerName").is_empty() {
        errors.required(&path.child("containerName"), "");
    } else if resource.is_empty() {
        errors.required(&path.child("resource"), "");
    } else if !RESOURCES.contains(&resource) && !huge {
        errors.not_supported(&path.child("resource"), &json!(resource), &RESOURCES);
    }
    let Some(divisor) = reference.get("divisor").and_then(check::amount) else { return };
    let what = match resource {
        "limits.cpu" | "requests.cpu" => "cpu",
        "limits.memory" | "requests.memory" => "memory",
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => "local ephemeral storage",
        _ if huge => "hugepages",
        _ => return,
    };
    let known: &[&str] = if what == "cpu" { &["1m", "1"] } else { &UNITS };
    if divisor.is_zero() || known.contains(&divisor.to_string().as_str()) {
        return;
    }
    let list = if what == "cpu" { "1m and 1".to_owned() } else { UNITS.join(", ") };
    let why = format!("only divisor's values {list} are supported with the {what} resource");
    errors.invalid(&path.child("divisor"), &json!(resource), why);
}

fn check_whole(source: &Value, index: usize, at: &Path, errors: &mut Errors) {
    let path = at.index(index);
    let prefix = meta::text(source, "/prefix");
    if !prefix.is_empty() {
        check::named(&json!(prefix), names::env_name, &path.child("prefix"), errors);
    }
    let given: Vec<&str> =
        ["configMapRef", "secretRef"].into_iter().filter(|it| source.get(*it).is_some()).collect();
    for kind in &given {
        let (reference, path) = (&source[*kind], path.child(kind));
        if check::required(reference, "name", &path, errors) {
            let rule = names::dns_subdomain_prefix;
            check::named(&reference["name"], rule, &path.child("name"), errors);
        }
    }
    // Kubernetes tells it of the whole list.
    match given.len() {
        0 => {
            let why = "must specify one of: `configMapRef` or `secretRef`";
            errors.invalid(at, &json!(""), why);
        }
        1 => {}
        _ => {
            let why = "may not have more than one field specified at a time";
            errors.invalid(at, &json!(""), why);
        }
    }
}
