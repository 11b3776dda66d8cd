//! What must hold of requests for certificates. Source:
//! `k8s.io/kubernetes/pkg/apis/certificates/validation`.

use machinery::{
    base64,
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check, core::shown::difference};

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
/// The conditions that stay once they are there, and are never anything but true.
const LASTING: [&str; 3] = ["Approved", "Denied", "Failed"];
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
    check_conditions(change, &Path::new("status").child("conditions"), errors);
    check_certificate(change, errors);
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

/// Checks the name of who is to sign. Source: `ValidateSignerName`.
fn check_signer(name: &str, path: &Path, errors: &mut Errors) {
    const LONGEST_DOMAIN: usize = 253;
    const LONGEST_PATH: usize = 317;
    const LONGEST: usize = 571;
    if name.is_empty() {
        errors.required(path, "");
        return;
    }
    let parts: Vec<&str> = name.split('/').collect();
    let [domain, rest] = parts.as_slice() else {
        let why = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        errors.invalid(path, &json!(name), why);
        return;
    };
    if domain.len() > LONGEST_DOMAIN {
        errors.too_long(path, LONGEST_DOMAIN);
    }
    check_labels(domain, names::dns_label, path, errors);
    if !domain.contains('.') {
        let why = "should be a domain with at least two segments separated by dots";
        errors.invalid(path, &json!(domain), why);
    }
    check_labels(rest, names::dns_subdomain, path, errors);
    if rest.len() > LONGEST_PATH {
        errors.too_long(path, LONGEST_PATH);
    }
    if name.len() > LONGEST {
        errors.too_long(path, LONGEST);
    }
}

/// Refuses the first part between dots that is not good.
fn check_labels(text: &str, rule: check::NameRule, path: &Path, errors: &mut Errors) {
    let Some(label) = text.split('.').find(|label| !rule(label).is_empty()) else { return };
    for why in rule(label) {
        errors.invalid(path, &json!(text), format!("validating label {label:?}: {why}"));
    }
}

/// Checks the words on whether a request is granted; what was wrong before may stay so.
fn check_conditions(change: &Change<'_>, at: &Path, errors: &mut Errors) {
    let conditions = meta::items(change.new, "/status/conditions");
    let types = |object| -> Vec<&str> {
        meta::items(object, "/status/conditions").iter().map(|it| meta::text(it, "/type")).collect()
    };
    let before = change.old.map(types).unwrap_or_default();
    let unnamed = before.contains(&"");
    let both = before.contains(&"Approved") && before.contains(&"Denied");
    let twice = before.iter().enumerate().any(|(index, one)| before[..index].contains(one));
    let seen = types(change.new);
    for (index, condition) in conditions.iter().enumerate() {
        let path = at.index(index);
        let (kind, earlier) = (seen[index], &seen[..index]);
        if kind.is_empty() && !unnamed {
            errors.required(&path.child("type"), "");
        }
        let statuses: &[&str] =
            if LASTING.contains(&kind) { &["True"] } else { &["False", "True", "Unknown"] };
        check::required_one_of(condition, "status", statuses, &path, errors);
        let opposed = matches!(kind, "Approved" if earlier.contains(&"Denied"))
            || matches!(kind, "Denied" if earlier.contains(&"Approved"));
        if opposed && !both {
            let why = "Approved and Denied conditions are mutually exclusive";
            errors.invalid(at, &json!(kind), why);
        }
        if earlier.contains(&kind) && !twice {
            errors.duplicate(&path.child("type"), &json!(kind));
        }
    }
}

/// Which part of a request is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The status, which may bring the certificate.
    Status,
    /// The words on whether it is granted.
    Approval,
}

/// Checks a change of a part. Source: `validateCertificateSigningRequestUpdate`.
pub(super) fn check_part(change: &Change<'_>, part: Part, errors: &mut Errors) {
    check(change, errors);
    let Some(old) = change.old else { return };
    let at = Path::new("status").child("conditions");
    let of = |object, kind: &str| -> Vec<Value> {
        let all = meta::items(object, "/status/conditions").iter();
        all.filter(|it| it["type"] == kind).cloned().collect()
    };
    for kind in LASTING {
        let (before, now) = (of(old, kind), of(change.new, kind));
        if now.len() < before.len() {
            errors.forbidden(&at, &format!("updates may not remove a condition of type {kind:?}"));
            continue;
        }
        if part == Part::Approval || kind == "Failed" {
            continue;
        }
        if now.len() > before.len() {
            errors.forbidden(&at, &format!("updates may not add a condition of type {kind:?}"));
        } else if now != before {
            let difference = difference("Conditions", &json!(before), &json!(now));
            let why = format!("updates may not modify a condition of type {kind:?}\n{difference}");
            errors.forbidden(&at, &why);
        }
    }
    let (before, now) = (certificate(old), certificate(change.new));
    let path = Path::new("status").child("certificate");
    if before != now && part == Part::Approval {
        errors.forbidden(&path, "updates may not set certificate content");
    } else if before != now && !before.is_empty() {
        errors.forbidden(&path, "updates may not modify existing certificate content");
    }
}

fn certificate(request: &Value) -> &str {
    meta::text(request, "/status/certificate")
}

/// Refuses what is not a chain of certificates in PEM, where it is new.
fn check_certificate(change: &Change<'_>, errors: &mut Errors) {
    let text = certificate(change.new);
    if text.is_empty() || change.old.is_some_and(|old| certificate(old) == text) {
        return;
    }
    let bytes = base64::decode(text).unwrap_or_default();
    let pem = String::from_utf8_lossy(&bytes);
    let blocks = pem.split("-----BEGIN ").skip(1).filter_map(|block| block.split_once("-----"));
    let kinds: Vec<&str> = blocks.map(|(kind, _)| kind).collect();
    let why = match kinds.iter().find(|kind| **kind != "CERTIFICATE") {
        Some(kind) => format!("only CERTIFICATE PEM blocks are allowed, found {kind:?}"),
        None if kinds.is_empty() => "must contain at least one CERTIFICATE PEM block".into(),
        None => return,
    };
    let path = Path::new("status").child("certificate");
    errors.invalid(&path, &json!("<certificate data>"), why);
}
