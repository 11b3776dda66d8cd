//! What must hold of requests for certificates. Source:
//! `k8s.io/kubernetes/pkg/apis/certificates/validation`.

use machinery::{
    base64,
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::check;

const USAGES: [&str; 23] = [
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];
const LEAST_SECONDS: i64 = 600;

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check_request(&spec["request"], &at.child("request"), errors);
    let usages = meta::items(spec, "/usages");
    if usages.is_empty() {
        errors.required(&at.child("usages"), "");
    }
    for (index, usage) in usages.iter().enumerate() {
        let path = at.child("usages").index(index);
        if !USAGES.iter().any(|known| usage == known) {
            errors.not_supported(&path, usage, &USAGES);
        }
        if usages.iter().take(index).any(|one| one == usage) {
            errors.duplicate(&path, usage);
        }
    }
    if meta::text(spec, "/signerName") == "kubernetes.io/legacy-unknown" {
        let why = "the legacy signerName is not allowed via this API version";
        errors.invalid(&at.child("signerName"), &spec["signerName"], why);
    } else {
        check_signer(meta::text(spec, "/signerName"), &at.child("signerName"), errors);
    }
    if let Some(seconds) = meta::number(spec, "/expirationSeconds")
        && seconds < LEAST_SECONDS
    {
        let why = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.invalid(&at.child("expirationSeconds"), &json!(seconds), why);
    }
    check_conditions(change.new, &Path::new("status").child("conditions"), errors);
}

fn check_request(request: &Value, path: &Path, errors: &mut Errors) {
    let text = request.as_str().unwrap_or_default();
    let bytes = base64::decode(text).unwrap_or_default();
    let pem = String::from_utf8_lossy(&bytes);
    let begins = pem.contains("-----BEGIN CERTIFICATE REQUEST-----");
    if !begins || !pem.contains("-----END CERTIFICATE REQUEST-----") {
        errors.invalid(path, request, "PEM block type must be CERTIFICATE REQUEST");
    }
}

fn check_signer(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.required(path, "");
        return;
    }
    let shown = json!(name);
    let parts: Vec<&str> = name.split('/').collect();
    let [domain, rest] = parts.as_slice() else {
        let why = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        errors.invalid(path, &shown, why);
        return;
    };
    for why in names::dns_subdomain(domain) {
        errors.invalid(path, &shown, format!("validating domain segment: {why}"));
    }
    if domain.split('.').count() < 2 {
        errors.invalid(
            path,
            &shown,
            "should be a domain with at least two segments separated by dots",
        );
    }
    for why in names::dns_subdomain(rest) {
        errors.invalid(path, &shown, format!("validating label {rest:?}: {why}"));
    }
    if name.len() > 571 {
        errors.too_long(path, 571);
    }
}

/// Checks the words on whether a request is granted.
pub(super) fn check_conditions(object: &Value, at: &Path, errors: &mut Errors) {
    let conditions = meta::items(object, "/status/conditions");
    let mut seen: Vec<&str> = Vec::new();
    for (index, condition) in conditions.iter().enumerate() {
        let path = at.index(index);
        let kind = meta::text(condition, "/type");
        if kind.is_empty() {
            errors.required(&path.child("type"), "");
        }
        let lasting = ["Approved", "Denied", "Failed"].contains(&kind);
        match meta::text(condition, "/status") {
            "" => errors.required(&path.child("status"), ""),
            "True" => {}
            _ if lasting => check::one_of(condition, "status", &["True"], &path, errors),
            _ => check::one_of(condition, "status", &["True", "False", "Unknown"], &path, errors),
        }
        if !kind.is_empty() && seen.contains(&kind) {
            errors.duplicate(&path.child("type"), &json!(kind));
        }
        seen.push(kind);
    }
    if seen.contains(&"Approved") && seen.contains(&"Denied") {
        let index = seen.iter().rposition(|kind| matches!(*kind, "Approved" | "Denied"));
        let path = at.index(index.unwrap_or(0)).child("type");
        let why = "Approved and Denied conditions are mutually exclusive";
        errors.invalid(&path, &json!(seen[index.unwrap_or(0)]), why);
    }
}
