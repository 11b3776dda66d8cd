//! What must hold of disks of the older kinds.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

/// Checks the number of a partition.
pub(super) fn check_range(source: &Value, field: &str, at: &Path, errors: &mut Errors) {
    let number = source.get(field).and_then(Value::as_i64).unwrap_or(0);
    if !(0..=255).contains(&number) {
        let least = i32::from(field == "partition");
        let why = format!("must be between {least} and 255, inclusive");
        errors.invalid(&at.child(field), &json!(number), why);
    }
}

/// Checks a disk on the network that speaks SCSI.
pub(super) fn check_iscsi(source: &Value, persistent: bool, at: &Path, errors: &mut Errors) {
    if check::required(source, "iqn", at, errors) {
        check_initiator(&source["iqn"], persistent, &at.child("iqn"), errors);
    }
    check_range(source, "lun", at, errors);
    let asks = source["chapAuthDiscovery"] == true || source["chapAuthSession"] == true;
    match source.get("secretRef") {
        None if asks => errors.required(&at.child("secretRef"), ""),
        Some(secret) if persistent => {
            check::required(secret, "name", &at.child("secretRef"), errors);
        }
        _ => {}
    }
    if let Some(name) = source.get("initiatorName") {
        check_initiator(name, persistent, &at.child("initiatorname"), errors);
    }
}

/// Checks a name of RFC 3720: `iqn.2001-04.com.example:disk`, `eui.` and `naa.` with their numbers.
fn check_initiator(name: &Value, persistent: bool, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    let numbered = |digits: usize| {
        let rest = text.get(4..).unwrap_or_default();
        rest.len() == digits && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let (known, fits) = match text.get(..3) {
        Some("iqn") => (true, is_qualified(text)),
        Some("eui") => (true, numbered(16)),
        Some("naa") => (true, numbered(32)),
        _ => (false, false),
    };
    if !known && !persistent {
        errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa");
    } else if !fits {
        errors.invalid(path, name, "must be valid format");
    }
}

/// Tells whether it is `iqn.`, a month, the domain that was someone's then, and the rest after `:`.
fn is_qualified(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("iqn.") else { return false };
    let Some((month, rest)) = rest.split_at_checked(7) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_month = month.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4 && month.len() == 2 && digits(year) && digits(month)
    });
    let Some((domain, rest)) = rest.strip_prefix('.').and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let in_domain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    let other = |letter: char| ",;*&$|".contains(letter) || letter.is_whitespace();
    is_month
        && !domain.is_empty()
        && domain.bytes().all(in_domain)
        && !rest.is_empty()
        && !rest.contains(other)
}

/// Checks a disk behind fibres.
pub(super) fn check_fibre(source: &Value, at: &Path, errors: &mut Errors) {
    let names = meta::items(source, "/targetWWNs");
    let others = meta::items(source, "/wwids");
    let path = at.child("targetWWNs");
    if names.is_empty() && others.is_empty() {
        errors.required(&path, "must specify either targetWWNs or wwids, but not both");
    }
    if names.is_empty() {
        return;
    }
    if !others.is_empty() {
        let why = "targetWWNs and wwids can not be specified simultaneously";
        errors.invalid(&path, &json!(names), why);
    }
    if source.get("lun").is_none() {
        errors.required(&at.child("lun"), "lun is required if targetWWNs is specified");
    }
    check_range(source, "lun", at, errors);
}

/// Checks a volume of Quobyte.
pub(super) fn check_quobyte(source: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST_TENANT: usize = 64;
    let pairs = "must be a host:port pair or multiple pairs separated by commas";
    let registry = meta::text(source, "/registry");
    let path = at.child("registry");
    if registry.is_empty() {
        errors.required(&path, pairs);
    } else if meta::text(source, "/tenant").len() > LONGEST_TENANT {
        let why = "must be a UUID and may not exceed a length of 64 characters";
        errors.required(&at.child("tenant"), why);
    } else {
        for pair in registry.split(',') {
            let host = pair.rsplit_once(':').map(|(host, _)| host);
            let plain = |host: &str| {
                host.starts_with('[') && host.ends_with(']') || !host.contains([':', '[', ']'])
            };
            if !host.is_some_and(plain) {
                errors.invalid(&path, &json!(registry), pairs);
            }
        }
    }
    check::required(source, "volume", at, errors);
}

/// Checks a dataset of Flocker.
pub(super) fn check_flocker(source: &Value, at: &Path, errors: &mut Errors) {
    let name = meta::text(source, "/datasetName");
    match (name.is_empty(), meta::text(source, "/datasetUUID").is_empty()) {
        (true, true) => errors.required(at, "one of datasetName and datasetUUID is required"),
        (false, false) => {
            let why = "datasetName and datasetUUID can not be specified simultaneously";
            errors.invalid(at, &json!("resource"), why);
        }
        _ => {}
    }
    if name.contains('/') {
        errors.invalid(&at.child("datasetName"), &json!(name), "must not contain '/'");
    }
}

/// Checks the options of a driver on the node.
pub(super) fn check_flex(source: &Value, at: &Path, errors: &mut Errors) {
    for (key, _) in meta::strings(source, "/options") {
        let space = key.split_once('/').map_or(key, |(space, _)| space);
        let space = format!(".{}", space.to_lowercase());
        if space.ends_with(".kubernetes.io") || space.ends_with(".k8s.io") {
            let why = "kubernetes.io and k8s.io namespaces are reserved";
            errors.invalid(&at.child("options").key(key), &json!(key), why);
        }
    }
}

/// Checks a disk of Azure.
pub(super) fn check_azure(source: &Value, at: &Path, errors: &mut Errors) {
    check::one_of(source, "cachingMode", &["None", "ReadOnly", "ReadWrite"], at, errors);
    check::one_of(source, "kind", &["Dedicated", "Managed", "Shared"], at, errors);
    let Some(kind) = source.get("kind") else { return };
    let (start, form) = if kind == "Managed" {
        (
            "/subscriptions/",
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/\
             {disk-id}",
        )
    } else {
        (
            "https://",
            "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
        )
    };
    let place = meta::text(source, "/diskURI");
    if !place.starts_with(start) {
        errors.not_supported(&at.child("diskURI"), &json!(place), &[form]);
    }
}

/// Checks a volume of `StorageOS`.
pub(super) fn check_storage_os(source: &Value, at: &Path, errors: &mut Errors) {
    if check::required(source, "volumeName", at, errors) {
        let path = at.child("volumeName");
        check::named(&source["volumeName"], names::dns_label, &path, errors);
    }
    if !meta::text(source, "/volumeNamespace").is_empty() {
        let path = at.child("volumeNamespace");
        check::named(&source["volumeNamespace"], names::dns_label, &path, errors);
    }
}

/// Checks where the addresses of a Gluster are.
pub(super) fn check_gluster_namespace(source: &Value, at: &Path, errors: &mut Errors) {
    let Some(namespace) = source.get("endpointsNamespace") else { return };
    let path = at.child("endpointsNamespace");
    if namespace == "" {
        let why = "if the endpointnamespace is set, it must be a valid namespace name";
        errors.invalid(&path, namespace, why);
    } else {
        check::named(namespace, names::dns_label, &path, errors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initiators_have_names_of_three_forms() {
        let wrong = |name: &str, persistent| {
            let mut errors = Errors::default();
            check_initiator(&json!(name), persistent, &Path::new("iqn"), &mut errors);
            errors.iter().next().map(|error| error.message.clone())
        };
        for good in [
            "iqn.2015-02.example.com:test",
            "eui.0123456789ABCDEF",
            "naa.0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(wrong(good, false), None, "{good}");
        }
        for bad in ["iqn.2015-02:test", "iqn.2015-02.a b:c", "eui.0", "naa.0", "iqn.a"] {
            assert!(wrong(bad, false).is_some_and(|it| it.ends_with("valid format")), "{bad}");
        }
        assert!(wrong("x", false).is_some_and(|it| it.ends_with("iqn, eui, or naa")));
        assert!(wrong("x", true).is_some_and(|it| it.ends_with("must be valid format")));
    }
}
