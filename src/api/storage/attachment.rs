//! What must hold of attachments of volumes. Source:
//! `k8s.io/kubernetes/pkg/apis/storage/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::validate::check_driver_name;
use crate::{
    check,
    core::{pod::check_node_selector, shown::shown},
};

const LONGEST_METADATA: usize = 256 * 1024;
const LONGEST_MESSAGE: usize = 1024;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    check::twice_if_changed(change, errors, |errors| {
        check_spec(&change.new["spec"], errors);
        check_outcome(&change.new["status"], errors);
    });
    let spec = &change.new["spec"];
    let Some(old) = change.old else { return check_new(spec, errors) };
    if old["spec"] != *spec {
        let shown = shown("VolumeAttachmentSpec", spec);
        errors.invalid_shown(&Path::new("spec"), &shown, "field is immutable");
    }
}

/// Checks what only the first version that is stable asks for, besides the rest.
fn check_new(spec: &Value, errors: &mut Errors) {
    check_driver_name(&spec["attacher"], &Path::new("spec.attacher"), errors);
    if let Some(name) = spec["source"].get("persistentVolumeName") {
        let path = Path::new("spec.source.persistentVolumeName");
        check::named(name, names::dns_subdomain, &path, errors);
    }
}

fn check_spec(spec: &Value, errors: &mut Errors) {
    const ONE: &str = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    let at = Path::new("spec");
    check::required(spec, "attacher", &at, errors);
    let source = &spec["source"];
    let path = at.child("source");
    match (source.get("persistentVolumeName"), source.get("inlineVolumeSpec")) {
        (None, None) => errors.required(&path, ONE),
        (Some(_), Some(_)) => errors.forbidden(&path, ONE),
        (Some(name), None) => {
            if name == "" {
                let why = "must specify non empty persistentVolumeName";
                errors.required(&path.child("persistentVolumeName"), why);
            }
        }
        (None, Some(inline)) => {
            if let Some(required) = inline.pointer("/nodeAffinity/required") {
                let path = path.child("inlineVolumeSpec").child("nodeAffinity").child("required");
                check_node_selector(required, &path, errors);
            }
        }
    }
    check::named(&spec["nodeName"], names::dns_subdomain, &at.child("nodeName"), errors);
}

/// Checks what is told of the attachment.
fn check_outcome(status: &Value, errors: &mut Errors) {
    let at = Path::new("status");
    let bytes: usize =
        meta::strings(status, "/attachmentMetadata").map(|(key, it)| key.len() + it.len()).sum();
    if bytes > LONGEST_METADATA {
        errors.too_long(&at.child("attachmentMetadata"), LONGEST_METADATA);
    }
    for field in ["attachError", "detachError"] {
        let Some(error) = status.get(field) else { continue };
        let at = at.child(field);
        if meta::text(error, "/message").len() > LONGEST_MESSAGE {
            // The limit that Kubernetes names is that of the metadata.
            errors.too_long(&at.child("message"), LONGEST_METADATA);
        }
        if let Some(code) = meta::number(error, "/errorCode").filter(|code| *code < 0) {
            let why = format!("must be between 0 and {}, inclusive", i32::MAX);
            errors.invalid(&at.child("errorCode"), &json!(code), why);
        }
    }
}
