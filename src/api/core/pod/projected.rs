//! What must hold of the files of volumes that come from objects.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::{
    env,
    sources::{check_file_path, check_mode},
};
use crate::check;

/// Checks which keys of an object become which files.
pub(super) fn check_keys(source: &Value, at: &Path, errors: &mut Errors) {
    for (index, item) in meta::items(source, "/items").iter().enumerate() {
        let path = at.child("items").index(index);
        check::required(item, "key", &path, errors);
        check::required(item, "path", &path, errors);
        check_file_path(meta::text(item, "/path"), &path.child("path"), errors);
        check_mode(item, "mode", &path, errors);
    }
}

/// Checks which fields of the pod become which files. Kubernetes does not say which file is wrong.
pub(super) fn check_files(source: &Value, at: &Path, errors: &mut Errors) {
    for item in meta::items(source, "/items") {
        check::required(item, "path", at, errors);
        check_file_path(meta::text(item, "/path"), &at.child("path"), errors);
        match (item.get("fieldRef"), item.get("resourceFieldRef")) {
            (None, None) => {
                errors.required(at, "one of fieldRef and resourceFieldRef is required");
            }
            (Some(field), other) => {
                env::check_file_field(field, &at.child("fieldRef"), errors);
                if other.is_some() {
                    let why = "fieldRef and resourceFieldRef can not be specified simultaneously";
                    errors.invalid(at, &json!("resource"), why);
                }
            }
            (None, Some(resource)) => {
                env::check_resource(resource, true, &at.child("resourceFieldRef"), errors);
            }
        }
        check_mode(item, "mode", at, errors);
    }
}

/// Checks a volume of files from several objects.
pub(super) fn check(source: &Value, at: &Path, errors: &mut Errors) {
    check_mode(source, "defaultMode", at, errors);
    let mut files: Vec<&str> = Vec::new();
    for (index, one) in meta::items(source, "/sources").iter().enumerate() {
        let path = at.child("sources").index(index);
        for kind in ["secret", "configMap", "downwardAPI"] {
            let Some(part) = one.get(kind) else { continue };
            let path = path.child(kind);
            if kind == "downwardAPI" {
                check_files(part, &path, errors);
            } else {
                check::required(part, "name", &path, errors);
                check_keys(part, &path, errors);
            }
            for item in meta::items(part, "/items") {
                let file = meta::text(item, "/path");
                let shown = if kind == "downwardAPI" { file } else { meta::text(part, "/name") };
                check_double(file, shown, &mut files, (at, errors));
            }
        }
        if let Some(token) = one.get("serviceAccountToken") {
            check_token(token, &path.child("serviceAccountToken"), at, errors);
        }
        if one.as_object().is_some_and(|kinds| kinds.len() > 1) {
            errors.forbidden(&path, "may not specify more than 1 volume type per source");
        }
    }
}

fn check_double<'a>(
    file: &'a str,
    shown: &str,
    files: &mut Vec<&'a str>,
    (at, errors): (&Path, &mut Errors),
) {
    if file.is_empty() {
        return;
    }
    if files.contains(&file) {
        errors.invalid(at, &json!(shown), "conflicting duplicate paths");
    } else {
        files.push(file);
    }
}

fn check_token(token: &Value, path: &Path, volume: &Path, errors: &mut Errors) {
    const LEAST_SECONDS: i64 = 600;
    const MOST_SECONDS: i64 = 1 << 32;
    let seconds = meta::number(token, "/expirationSeconds").unwrap_or(0);
    let at = path.child("expirationSeconds");
    if seconds < LEAST_SECONDS {
        let why = "may not specify a duration less than 10 minutes";
        errors.invalid(&at, &json!(seconds), why);
    }
    if seconds > MOST_SECONDS {
        let why = "may not specify a duration larger than 2^32 seconds";
        errors.invalid(&at, &json!(seconds), why);
    }
    // Kubernetes tells of the path as if it were the volume's.
    if check::required(token, "path", volume, errors) {
        check_file_path(meta::text(token, "/path"), &volume.child("path"), errors);
    }
}
